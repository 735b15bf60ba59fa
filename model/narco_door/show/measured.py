"""What is measured by paired worlds, as tables in each language: elasticities, and what follows a leader's removal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from narco_door.questions.elasticities import CAUSES, OUTCOMES, STEP, YEARS
from narco_door.questions.removals import PUBLISHED, TOWN, TOWN_GROUPS
from narco_door.show.formats import NOTHING, fixed
from narco_door.show.sheets import Cell, Head, Sheet
from narco_door.show.words import ENGLISH, Language, say

if TYPE_CHECKING:
    import polars as pl


def elasticities_sheet(
    found: pl.DataFrame, *, years: tuple[int, int] = YEARS, language: Language = ENGLISH
) -> Sheet:  # fmt: skip
    """One row for each cause, one column for each outcome.

    Parameters
    ----------
    found, years
        As from and to `narco_door.questions.elasticities.elasticities`.
    """
    cells = {(row["cause"], row["outcome"]): _told(row, 2, language) for row in found.iter_rows(named=True)}
    heads = [Head(say(f"elasticities_of_{outcome}", language), right=True) for outcome in OUTCOMES]
    rows: list[list[Cell]] = [
        [say(f"elasticities_to_{cause}", language), *(cells.get((cause, outcome), NOTHING) for outcome in OUTCOMES)]
        for cause in CAUSES if cause in found["cause"]
    ]  # fmt: skip
    note = say(
        "elasticities_note", language, n=_lucks(found), since=years[0], until=years[1], step=f"{100 * (STEP - 1):.0f}"
    )  # fmt: skip
    return Sheet(say("elasticities_table", language), (Head(say("elasticities_head", language)), *heads), rows, note)


def removals_sheet(found: pl.DataFrame, *, falls: int, language: Language = ENGLISH) -> Sheet:
    """One row for each measure, ours beside what a study found and the range that is wanted.

    Parameters
    ----------
    found
        As from `narco_door.questions.removals.removals`.
    falls
        Over how many removals, in all lucks.
    """
    rows: list[list[Cell]] = []
    for row in found.iter_rows(named=True):
        study = PUBLISHED.get(row["measure"])
        theirs: list[Cell] = [NOTHING, NOTHING, "", ""]
        if study is not None:
            within = "removals_yes" if study.low <= row["mean"] <= study.high else "removals_no"
            wanted = say("measured_range", language, low=fixed(study.low, 0), high=fixed(study.high, 0))
            theirs = [fixed(study.value, 1), wanted, say(within, language), study.study]
        rows.append([say(f"removals_{row['measure']}", language), _told(row, 1, language), *theirs])
    names = ("measure", "ours", "theirs", "wanted", "within", "study")
    numbers = ("ours", "theirs", "wanted")
    heads = tuple(
        Head(say(f"removals_head_{name}", language), right=name in numbers, whole=name == "within") for name in names
    )
    assumed = {"town": fixed(100 * TOWN, 0), "groups": fixed(100 * TOWN_GROUPS, 0)}
    note = say("removals_note", language, n=_lucks(found), falls=falls, **assumed)
    return Sheet(say("removals_table", language), heads, rows, note)


def _lucks(found: pl.DataFrame) -> int:
    return max(found["replicates"].to_list(), default=0)


def _told(row: dict[str, Any], decimals: int, language: Language) -> str:
    """A mean and, below it, its interval."""
    mean = fixed(row["mean"], decimals)
    if row["p05"] is None:
        return mean
    return (
        f"{mean}\n{say('measured_range', language, low=fixed(row['p05'], decimals), high=fixed(row['p95'], decimals))}"
    )
