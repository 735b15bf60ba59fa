"""Trials: ours beside theirs, as a table and as a picture in each language."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from narco_door.questions.trials import Trial, trials
from narco_door.show.figures.dots import dots
from narco_door.show.figures.paper import save
from narco_door.show.formats import NOTHING, between, number
from narco_door.show.sheets import Cell, Head, Sheet, markdown
from narco_door.show.words import ENGLISH, LANGUAGES, Language, say, translated

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def trials_sheet(found: pl.DataFrame, *, language: Language = ENGLISH) -> Sheet:
    """One row for each trial and comparison, that of the study first.

    Parameters
    ----------
    found
        As from `narco_door.questions.trials.sit`.
    """
    heads = (
        Head(say("trials_head_trial", language)),
        Head(say("trials_head_unit", language)),
        Head(say("trials_head_compared", language), whole=True),
        Head(say("trials_head_theirs", language), right=True),
        Head(say("trials_head_ours", language), right=True),
        Head(say("trials_head_control", language), right=True),
        Head(say("trials_head_within", language), whole=True),
    )
    ordered = found.sort(
        pl.col("trial").replace_strict({name: k for k, name in enumerate(trials())}),
        pl.col("within").is_null(),
        maintain_order=True,
    )
    rows = [_row(row, language) for row in ordered.iter_rows(named=True)]
    return Sheet(say("trials_table", language), heads, rows, _note(found, language))


def designs_sheet(asked: Mapping[str, Trial], *, language: Language = ENGLISH) -> Sheet:
    """What each trial was, what it found and how the model sits it."""
    heads = tuple(Head(say(f"trials_head_{key}", language)) for key in ("trial", "study", "theirs", "mapped"))
    rows = [
        [
            f"{name}  {translated(trial.name, language)}",
            trial.study,
            f"{_interval(trial.theirs, trial.low, trial.high, language)} {translated(trial.unit, language)}\n"
            f"({translated(trial.interval, language)})",
            translated(trial.mapped, language),
        ]
        for name, trial in asked.items()
    ]
    return Sheet(say("trials_designs", language), heads, rows)


def _row(row: dict[str, Any], language: Language) -> list[Cell]:
    trial, own = trials()[row["trial"]], row["within"] is not None
    verdict = say("trials_yes" if row["within"] else "trials_no", language) if own else ""
    theirs = _interval(row["theirs"], row["low"], row["high"], language) if own else ""
    return [
        f"{row['trial']}  {translated(trial.name, language)}",
        translated(trial.unit, language),
        say(f"trials_{row['compared']}", language),
        theirs,
        _interval(row["mean"], row["p05"], row["p95"], language),
        number(row["control"], 3),
        verdict,
    ]


def _interval(mean: float | None, low: float | None, high: float | None, language: Language) -> str:
    if mean is None or low is None or high is None:
        ends = NOTHING if low is None or high is None else f"({between(low, high, to=say('trials_to', language))})"
        return ends if mean is None else number(mean, 3)
    return say("trials_interval", language, mean=number(mean, 3), low=number(low, 3), high=number(high, 3))


def _note(found: pl.DataFrame, language: Language) -> str:
    told = found.filter(pl.col("within").is_not_null())
    n = int(found["replicates"].max() or 0)  # type: ignore[arg-type]
    return say("trials_note", language, k=int(told["within"].sum()), of=len(told), n=n)


def trials_figure(found: pl.DataFrame, *, language: Language = ENGLISH) -> Figure:
    """Theirs and ours on one scale, in hundredths of the interval that the study has."""
    told = found.filter(pl.col("within").is_not_null())
    rows: list[dict[str, object]] = []
    panel = say("trials_panel", language)
    for row in told.iter_rows(named=True):
        name = f"{row['trial']}  {translated(trials()[row['trial']].name, language)}"
        half = (row["high"] - row["low"]) / 200
        middle = (row["high"] + row["low"]) / 2

        def at(value: float | None, middle: float = middle, half: float = half) -> float | None:
            return None if value is None else (value - middle) / half

        for series, ends in (
            (say("trials_head_theirs", language), ("theirs", "low", "high")),
            (say("trials_head_ours", language), ("mean", "p05", "p95")),
        ):
            mean, low, high = (at(row[end]) for end in ends)
            rows.append({"panel": panel, "row": name, "series": series, "mean": mean, "low": low, "high": high})
    title = say("trials_title", language, k=int(told["within"].sum()), of=len(told))
    return dots(
        pl.DataFrame(rows), title=title, subtitle=say("trials_subtitle", language), left=3.4, language=language,
        units={panel: say("trials_scale", language)},
    )  # fmt: skip


def write_trials(found: pl.DataFrame, folder: Path) -> list[Path]:
    """Write trials.csv, and the table and the picture in every language."""
    folder.mkdir(parents=True, exist_ok=True)
    written = [folder / "trials.csv"]
    found.write_csv(written[0], float_precision=4)
    for language in LANGUAGES:
        tail = "" if language == ENGLISH else f"_{language}"
        table = folder / f"trials{tail}.md"
        table.write_text(markdown(trials_sheet(found, language=language)) + "\n", encoding="utf-8")
        picture = folder / f"trials{tail}.png"
        written += [table, save(trials_figure(found, language=language), picture, title="trials", about="")]
    return written
