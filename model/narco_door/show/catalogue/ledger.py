"""The ledger as sentences and tables: what is worse than a forecast without a model comes first."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from narco_door.country.places import load_places
from narco_door.questions import ledger as ledgers
from narco_door.questions.ledger import Ledger, worse_places, worse_years
from narco_door.show import formats
from narco_door.show.catalogue.evidence import KEPT
from narco_door.show.sheets import Cell, Head, Row, Sheet, Source
from narco_door.show.words import ENGLISH, Language, say, translated

ROLES: Final = ("fit", "check", "validation")


def verdict(ledger: Ledger, *, language: Language = ENGLISH) -> list[str]:
    """What is worse than the best forecast without a model, a sentence each; or that nothing is."""
    table = ledgers.skill(ledger.scores)
    named = [
        f"{say(f'ledger_{row["of"]}_{row["score"]}', language)} ({_pair(row['model'], row['best'])})"
        for row in table.filter(pl.col("skill") < 0).iter_rows(named=True)
    ]
    told = [say("ledger_worse", language, what="; ".join(named)) if named else say("ledger_none_worse", language)]
    if years := worse_years(ledger.scores):
        told.append(say("ledger_worse_years", language, years=formats.spans(years)))
    if codes := worse_places(ledger.states):
        places = load_places()
        names = ", ".join(name for code, name in zip(places.code, places.name, strict=True) if code in codes)
        told.append(say("ledger_worse_states", language, n=len(codes), of=len(ledger.states), names=names))
    return told


def _pair(ours: float, theirs: float) -> str:
    return f"{formats.fixed(ours, 2)} / {formats.fixed(theirs, 2)}"


def skill(found: Ledger | None = None, *, language: Language = ENGLISH) -> Sheet:
    """The model against the best forecast without a model, the worst first.

    Parameters
    ----------
    found
        By default the ledger that is kept with the calibration.
    language
        Of every word in it.
    """
    heads = (
        Head(say("ledger_head_what", language)),
        *(Head(say(f"ledger_head_{key}", language), right=True) for key in ("model", "best")),
        Head(say("ledger_head_which", language)),
        *(Head(say(f"ledger_head_{key}", language), right=True) for key in ("skill", "equations")),
    )
    asked = found or Ledger.read(KEPT)
    if asked is None:
        return Sheet(say("ledger_skill", language), heads, (), say("ledger_none_kept", language))
    rows: list[Row] = [
        (
            say(f"ledger_{row['of']}_{row['score']}", language),
            *(formats.fixed(row[key], 2) for key in ("model", "best")),
            say(f"forecast_{row['which']}", language),
            formats.signed(row["skill"], 2),
            formats.NOTHING if row["equations"] is None else formats.fixed(row["equations"], 2),
        )
        for row in ledgers.skill(asked.scores).iter_rows(named=True)
    ]
    return Sheet(say("ledger_skill", language), heads, rows, say("ledger_skill_note", language))


def ledger(found: Ledger | None = None, *, language: Language = ENGLISH) -> Sheet:
    """What the runs say of every target beside the record: fitted, checked, not fitted; as in `skill`."""
    heads = (
        Head(""),
        Head(say("ledger_head_target", language)),
        Head(say("ledger_head_unit", language), under=True),
        Head(say("ledger_head_years", language), whole=True),
        *(Head(say(f"ledger_head_{key}", language), right=True) for key in ("record", "median")),
        Head(say("ledger_head_range", language), whole=True),
        Head(say("ledger_head_inside", language)),
        Head(say("ledger_head_source", language), brief=False),
    )
    asked = found or Ledger.read(KEPT)
    if asked is None:
        return Sheet(say("ledger_title", language), heads, (), say("ledger_none_kept", language), grouped=True)
    roles = {role: asked.targets.filter(pl.col("role") == role) for role in ROLES}
    rows: list[Row] = [
        (say(f"ledger_{role}", language), *_target(row, language))
        for role, mine in roles.items()
        for row in mine.iter_rows(named=True)
    ]
    inside = {role: mine.filter(pl.col("wanted").is_between("p05", "p95")).height for role, mine in roles.items()}
    shares = ", ".join(say(f"ledger_inside_{r}", language, k=inside[r], of=mine.height) for r, mine in roles.items())
    return Sheet(say("ledger_title", language), heads, rows, say("ledger_note", language, shares=shares), grouped=True)


def _target(row: dict[str, Any], language: Language) -> list[Cell]:
    low, middle, high = (None if row[key] is None else formats.number(row[key], 3) for key in ("p05", "median", "p95"))
    one_run = low is None
    return [
        translated(row["target"], language),
        translated(row["unit"], language),
        row["years"],
        row["wanted"],
        formats.number(row["got"], 3) if middle is None else middle,
        formats.NOTHING if one_run else say("ledger_from_to", language, low=low, high=high),
        formats.NOTHING if one_run else say("yes" if row["p05"] <= row["wanted"] <= row["p95"] else "no", language),
        Source(row["study"]),
    ]


def scores(found: Ledger | None = None, *, language: Language = ENGLISH) -> Sheet:
    """Every forecast's mean scores and how much of the record lies in its intervals; as in `skill`."""
    numbers = ("crps", "energy", "error", "within_50", "within_90")
    heads = (
        Head(""),
        Head(say("ledger_head_forecast", language), whole=True),
        Head("CRPS", right=True),
        *(Head(say(f"ledger_head_{key}", language), right=True) for key in numbers[1:]),
    )
    asked = found or Ledger.read(KEPT)
    if asked is None:
        return Sheet(say("ledger_scores", language), heads, (), say("ledger_none_kept", language), grouped=True)
    means = asked.scores.group_by("of", "forecast", maintain_order=True).agg(
        *(pl.col(key).mean() for key in numbers), pl.col("year")
    )
    rows: list[Row] = [
        (
            say(f"ledger_of_{row['of']}", language, years=formats.spans(sorted(row["year"]))),
            say(f"forecast_{row['forecast']}", language),
            *(formats.fixed(row[key], 2) for key in numbers[:3]),
            *(formats.percent(row[key]) for key in numbers[3:]),
        )
        for row in means.iter_rows(named=True)
    ]
    return Sheet(say("ledger_scores", language), heads, rows, say("ledger_scores_note", language), grouped=True)
