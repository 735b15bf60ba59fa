"""What is said after a run: results in a few rows, always with how many replicates and compared with what."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from narco_door.base.errors import UserError
from narco_door.results import Results, headline, load_results, rate, yearly
from narco_door.results.intervals import intervals
from narco_door.show.formats import averted, fixed
from narco_door.show.sheets import Head, Sheet

_COLUMNS = 5
_WEEKS = 365.25 / 7


@dataclass(frozen=True)
class _Line:
    """One row of the table of a run: its words and how a year's value comes from the records."""

    words: str
    value: Callable[[Results], pl.DataFrame]
    digits: int = 0


def _mean(record: str) -> Callable[[Results], pl.DataFrame]:
    return lambda results: yearly(results, record)


def _per_year(record: str, *, times: float = 1.0) -> Callable[[Results], pl.DataFrame]:
    """Give a flow per year, also for a year that is cut short."""
    value = pl.col("value") * 12 / pl.col("months") * times
    return lambda results: yearly(results, record).with_columns(value)


def _share(record: str, per: str, *, times: float) -> Callable[[Results], pl.DataFrame]:
    return lambda results: rate(results, record, per=per, times=times)


_LINES = (
    _Line("members of cartels", _mean("n_members")),
    _Line("entries a week", _per_year("new_entries", times=1 / _WEEKS)),
    _Line("members killed a year", _per_year("new_member_deaths")),
    _Line("members arrested a year", _per_year("new_member_arrests")),
    _Line("former members in prison", _mean("n_prison")),
    _Line("cartels", _mean("n_cartels")),
    _Line("homicides per 100,000", _share("new_homicides", "population", times=100_000), digits=1),
    _Line("% of youths at school", _share("n_school", "n_youth", times=100), digits=1),
    _Line("% in a formal job", _share("n_formal", "n_youth", times=100), digits=1),
    _Line("% at the street corner", _share("n_idle", "n_youth", times=100), digits=1),
)


def series_sheets(results: Results) -> list[Sheet]:
    """Return a table for each scenario: the headline series in a few years, means over replicates."""
    nation = results.nation()
    return [_series(nation, scenario) for scenario in nation.scenarios]


def _series(results: Results, scenario: str) -> Sheet:
    frames = [line.value(results).filter(pl.col("scenario") == scenario) for line in _LINES]
    years = _few(sorted(frames[0]["year"].unique().to_list()))
    rows = [[line.words, *_cells(frame, years, line.digits)] for line, frame in zip(_LINES, frames, strict=True)]
    count = frames[0]["replicate"].n_unique()
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


def headline_sheets(results: Results) -> list[Sheet]:
    """Return a table for each scenario: what it averts and costs, compared with the reference."""
    found = headline(results)
    return [
        _headline(rows, results)
        for (_,), rows in found.partition_by("scenario", as_dict=True, maintain_order=True).items()
    ]


def _headline(rows: pl.DataFrame, results: Results) -> Sheet:
    first = rows.row(0, named=True)
    title = f"{first['scenario']} compared with {first['compared_with']}"
    if first["since"] is None:
        return Sheet(title, (Head(""),), [["no record of any place ever differs"]])
    body = [
        [_measure(row), _amount(row["mean"]), _between(row), _amount(row["of"])] for row in rows.iter_rows(named=True)
    ]
    numbers = ("mean", "90 % interval", f"in {first['compared_with']}")
    heads = (Head("", whole=True), *(Head(each, right=True) for each in numbers))
    note = (
        f"from {first['since']:%Y-%m} to {results.manifest['to']}, {first['replicates']} pairs of replicates "
        "under the same luck; averted is reference minus scenario, so a minus sign means more of it; "
        "intervals are Student's t of the mean difference, Fieller's for a cost per averted; US$ of 2010; homicides "
        "and members' deaths are one finding: the war's homicides are so many for each member killed (others_killed)"
    )
    return Sheet(title, heads, body, note)


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
