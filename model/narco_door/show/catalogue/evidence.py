"""How far to trust it: targets, grades of the numbers, what the calibration reached, the model against the record."""

from __future__ import annotations

import tomllib
from collections import Counter
from typing import TYPE_CHECKING, Final, get_args

from narco_door.base import declared as tables
from narco_door.base.declared import Grade
from narco_door.base.tables import DATA
from narco_door.country import facts
from narco_door.questions.targets import targets as all_targets
from narco_door.show.sheets import Cell, Code, Head, Measured, Range, Row, Sheet, Source, Verdict, joined

if TYPE_CHECKING:
    import polars as pl

KEPT = DATA.parents[1] / "calibration"  # beside the package in the repository; an installed package has none
ROLES: Final = {
    "fit": "parameters may be adjusted to it",
    "check": "looked at, never adjusted to",
    "validation": "looked at last",
}
TARGET = (
    Head("target"), Head("unit", under=True), Head("years", whole=True), Head("wanted", right=True), Head("range"),
)  # fmt: skip
FOUND = (Head("got", right=True), Head("within"))
ROLE = Head("role")


def targets() -> Sheet:
    """Every figure from history that a run is held against."""
    rows: list[Row] = [
        (t.name, t.unit, _years(*t.years), t.value, Range(t.low, t.high), t.role, Source(t.study))
        for t in all_targets()
    ]
    note = "; ".join(f"{role}: {meaning}" for role, meaning in ROLES.items())
    return Sheet("Targets", (*TARGET, ROLE, Head("source")), rows, note)


def _years(first: int, last: int) -> str:
    return f"{first}" if first == last else f"{first}-{last}"


def validation(verdicts: pl.DataFrame | None = None, *, replicates: int | None = None) -> Sheet:
    """The baseline against the record: what was wanted, what came out, whether it lies within the range.

    Parameters
    ----------
    verdicts
        As from `narco_door.questions.validation.validate`; by default those that are kept with the calibration.
    replicates
        How many stand behind them, if that is known.
    """
    import polars as pl

    title, kept = "The baseline against the record", KEPT / "validation.csv"
    heads: tuple[Head, ...] = (*TARGET, *FOUND, ROLE, Head("source", brief=False))
    if verdicts is None:
        if not kept.is_file():
            return Sheet(title, heads, (), "no validation run has been written down; narco-door validate makes one")
        verdicts = pl.read_csv(kept, schema_overrides={"years": pl.String})
    rows: list[Row] = [
        (
            row["target"], row["unit"], row["years"], row["wanted"], Range(row["low"], row["high"]),
            Measured(row["got"], row["spread"]), Verdict(row["holds"]), row["role"], Source(row["study"]),
        )
        for row in verdicts.iter_rows(named=True)
    ]  # fmt: skip
    held = Counter(verdicts.filter("holds")["role"])
    asked = Counter(verdicts["role"])
    note = "within their range: " + ", ".join(f"{held[role]} of {asked[role]} ({role})" for role in ROLES)
    means = f"; mean of {replicates} replicates ± standard deviation" if replicates else ""
    return Sheet(title, heads, rows, note + means)


def grades() -> Sheet:
    """How many numbers of each group are measured, reported, calibrated and assumed."""
    words = get_args(Grade.__value__)
    counts: dict[str, Counter[str]] = {}
    for p in facts.parameters().values():
        counts.setdefault(p.room, Counter())[p.grade] += 1
    counts["levers (prices)"] = Counter(lever.grade for lever in tables.levers().values())
    counts["all"] = sum(counts.values(), Counter())
    heads = (Head("group", whole=True), *(Head(word, right=True) for word in (*words, "all")))
    rows: list[Row] = [(group, *(count[word] for word in words), count.total()) for group, count in counts.items()]
    return Sheet("What is known, and what is assumed", heads, rows)


def calibration() -> Sheet:
    """What the calibration reached, as it wrote it down."""
    title, path = "What the calibration reached", KEPT / "result.toml"
    heads = (Head("stage"), *TARGET, *FOUND)
    if not path.is_file():
        return Sheet(title, heads, (), "no calibration has been written down")
    wanted = {t.key: t for t in all_targets()}
    rows: list[Row] = []
    stages: list[Cell] = []
    for stage, found in tomllib.loads(path.read_text(encoding="utf-8")).items():
        for key, got in found["got"].items():
            t = wanted[key]
            within = Verdict(t.low <= got <= t.high)
            rows.append((stage, t.name, t.unit, _years(*t.years), t.value, Range(t.low, t.high), got, within))
        fitted = joined(", ", [Code(name) for name in found["values"]])
        stages.append((f"{stage}: {found['trials']} trials, loss ", found["loss"], "; fitted: ", fitted))
    return Sheet(title, heads, rows, joined(". ", stages), grouped=True)
