"""What is said after a run: results in a few rows, always with how many replicates and compared with what."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from narco_door.base.errors import UserError
from narco_door.results import QUANTITIES, Results, by_year, headline, load_results
from narco_door.results.intervals import intervals
from narco_door.show.formats import averted, fixed
from narco_door.show.sheets import Head, Sheet

_COLUMNS = 5


_ROWS = {
    "members": "members of cartels",
    "entries": "entries a week",
    "member_deaths": "members killed a year",
    "member_arrests": "members arrested a year",
    "prison": "former members in prison",
    "cartels": "cartels",
    "homicides": "homicides per 100,000",
    "school": "% of youths at school",
    "formal": "% in a formal job",
    "idle": "% at the street corner",
}
"""The quantities of the table of a run, and their words."""


def series_sheets(results: Results) -> list[Sheet]:
    """Return a table for each scenario: the headline series in a few years, means over replicates."""
    nation = results.nation()
    return [_series(nation, scenario) for scenario in nation.scenarios]


def _series(results: Results, scenario: str) -> Sheet:
    frames = {name: by_year(results, QUANTITIES[name]).filter(pl.col("scenario") == scenario) for name in _ROWS}
    years = _few(sorted(frames["members"]["year"].unique().to_list()))
    rows = [[words, *_cells(frames[name], years, QUANTITIES[name].digits)] for name, words in _ROWS.items()]
    count = frames["members"]["replicate"].n_unique()
    note = (
        f"mean of {count} replicates ± half of its 90 % Student t interval"
        if count > 1
        else "one replicate: no interval"
    )
    return Sheet(scenario, (Head("", whole=True), *(Head(str(year), right=True) for year in years)), rows, note)


def _few(years: Sequence[int]) -> list[int]:
    """Choose a few years, the first and the last among them, evenly apart."""
    if len(years) <= _COLUMNS:
        return list(years)
    step = (len(years) - 1) / (_COLUMNS - 1)
    return [years[round(step * column)] for column in range(_COLUMNS)]


def _cells(frame: pl.DataFrame, years: Sequence[int], digits: int) -> list[str]:
    found = {row["year"]: row for row in intervals(frame, by=["year"]).iter_rows(named=True)}
    return [_cell(found[year]["mean"], found[year]["p95"], digits) for year in years]


def _cell(mean: float, high: float | None, digits: int) -> str:
    return fixed(mean, digits) + ("" if high is None else f"\n± {fixed(high - mean, digits)}")


def headline_sheets(results: Results, *, since: str | None = None) -> list[Sheet]:
    """Return a table for each scenario: what it averts and costs, compared with the reference, as from `headline`."""
    found = headline(results, since=since)
    return [
        _headline(rows, results)
        for (_,), rows in found.partition_by("scenario", as_dict=True, maintain_order=True).items()
    ]


def _headline(rows: pl.DataFrame, results: Results) -> Sheet:
    first = rows.row(0, named=True)
    title = f"{first['scenario']} compared with {first['compared_with']}"
    if first["since"] is None:
        return Sheet(title, (Head(""),), [["no record of any place ever differs"]])
    sets = results.manifest.get("sets", 0)
    told = rows.filter(~pl.col("measure").str.starts_with("cost per ")) if sets else rows  # a ratio has no such ends
    body = [
        [
            _measure(row),
            _amount(row["mean"]),
            _between(row),
            *([_worlds(row)] if sets else []),
            _averted_in(row),
            _amount(row["of"]),
        ]
        for row in told.iter_rows(named=True)
    ]
    numbers = (
        "mean",
        "its 90 % interval",
        *(["9 of 10 worlds"] if sets else []),
        "averted in",
        f"in {first['compared_with']}",
    )
    heads = (Head("", whole=True), *(Head(each, right=True) for each in numbers))
    note = (
        f"from {first['since']:%Y-%m} to {results.manifest['to']}, {_pairs(first['replicates'])} under the "
        f"same luck{_what_moves(rows, sets)}; averted is reference minus scenario, so a minus sign means more of it; "
        "US$ of 2010; homicides and members' deaths are one finding: the war's homicides are so many for each member "
        "killed (others_killed)"
    )
    return Sheet(title, heads, body, note)


def _pairs(number: int) -> str:
    """Count pairs of worlds in words."""
    return "one pair of worlds" if number == 1 else f"{number} pairs of worlds"


def _what_moves(rows: pl.DataFrame, sets: int) -> str:
    """Say what is between the ends: luck alone, or the numbers that history allows as well."""
    if not sets:
        return (
            " and with the fitted numbers: intervals, Student's t of the mean difference and Fieller's for a cost per "
            "averted, hold luck alone (--sets 16: also what history allows of the numbers)"
        )
    if sets == 1:
        return " and with the first set of numbers that history allows; one world tells no interval"
    share = rows.filter(pl.col("measure") == "homicides averted")["luck_share"].item()
    luck = "" if share is None else f"; of the scatter of homicides averted {share:.0%} is luck"
    return (
        f" and with the same of {sets} sets of numbers that history allows: luck and numbers together{luck}; the mean "
        "is over all these worlds, its interval Student's t"
    )


def _worlds(row: dict[str, Any]) -> str:
    """Write between what nine of ten worlds lie."""
    return f"{_amount(row['world_p05'])} to {_amount(row['world_p95'])}"


def _averted_in(row: dict[str, Any]) -> str:
    """Write in how many worlds anything is averted."""
    return "" if row["averted_in"] is None else f"{row['averted_in'] * row['replicates']:.0f} of {row['replicates']}"


def _measure(row: dict[str, Any]) -> str:
    """Name what is averted, and money with its unit."""
    return f"{row['measure']}, {row['unit'].partition(' per ')[0]}" if "US$" in row["unit"] else str(row["measure"])


def _amount(value: float | None) -> str:
    return "" if value is None else averted(value)


def _between(row: dict[str, Any]) -> str:
    """Write the 90 % interval, or why there is none."""
    if row["p05"] is None or row["mean"] is None:
        return str(row["note"])
    return f"{_amount(row['p05'])} to {_amount(row['p95'])}"


def spreadsheet(results: Results, *, since: str | None = None) -> pl.DataFrame:
    """Return the table that is printed, in full: every year, and numbers as they are.

    Returns
    -------
    polars.DataFrame
        Of a comparison as from `headline`; otherwise scenario, quantity, year, and mean, interval and replicates as
        from `intervals`.
    """
    if results.reference:
        return headline(results, since=since)
    nation = results.nation()
    years = [
        intervals(by_year(nation, QUANTITIES[name]), by=["scenario", "year"]).select(
            "scenario", pl.lit(words).alias("quantity"), pl.exclude("scenario")
        )
        for name, words in _ROWS.items()
    ]
    return pl.concat(years)


def failure_lines(results: Results) -> list[str]:
    """Return a sentence for each replicate that failed."""
    return [
        f"{failed['scenario']}, replicate {failed['replicate']} failed: {failed['error']}"
        for failed in results.failures
    ]


def what_is_kept(name: str, out: Path) -> str:
    """Say, after a run was stopped, what is finished and where it can be read."""
    folders = sorted(out.glob(f"{name}-*"), key=lambda folder: folder.stat().st_mtime)
    if not folders:
        return "stopped before anything was finished"
    try:
        finished = len(load_results(folders[-1]).finished)
    except UserError:
        finished = 0
    if not finished:
        return f"stopped before a replicate was finished; the same command begins again in {folders[-1]}"
    return (
        f"stopped; {finished} finished replicates are kept and can be read in {folders[-1]}; "
        "the same command goes on from there"
    )
