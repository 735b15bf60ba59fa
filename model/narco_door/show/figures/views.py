"""What figures read from results: means with their bands, names, colours, the month of parting."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import polars as pl

from narco_door.base.months import YEAR
from narco_door.results import Quantity, Results, through_time
from narco_door.results.compared import first_differences
from narco_door.results.compared import gaps as paired
from narco_door.results.intervals import intervals
from narco_door.show.figures.paper import ARM_COLOURS, REFERENCE
from narco_door.show.formats import number
from narco_door.show.words import Language, arm_name, say

if TYPE_CHECKING:
    from collections.abc import Sequence


def arms(results: Results) -> list[str]:
    """Scenarios, the reference first."""
    names = results.scenarios
    first = results.reference
    return [first, *(n for n in names if n != first)] if first in names else names


def colours(results: Results) -> dict[str, str]:
    """A colour for each scenario; the reference, or an only scenario, has its own."""
    names = arms(results)
    if len(names) == 1:
        return {names[0]: ARM_COLOURS[0]}
    others = [n for n in names if n != results.reference]
    painted = {name: ARM_COLOURS[i % len(ARM_COLOURS)] for i, name in enumerate(others)}
    return {name: painted.get(name, REFERENCE) for name in names}


def values(results: Results, quantity: Quantity) -> pl.DataFrame:
    """One quantity by scenario, replicate and month, as the axis of a chart is marked."""
    return through_time(results, quantity).with_columns(pl.col("value") / quantity.axis)


def lines(results: Results, quantity: Quantity) -> dict[str, pl.DataFrame]:
    """The mean of each scenario with the bands of its replicates, month by month."""
    bands = intervals(values(results, quantity), by=["scenario", "month"]).sort("month")
    return {name: bands.filter(pl.col("scenario") == name) for name in arms(results)}


def gaps(results: Results, rows: pl.DataFrame, *, by: Sequence[str] = ("month",)) -> dict[str, pl.DataFrame]:
    """Each scenario minus the reference under the same luck, in the order of `arms`; see `compared.gaps`."""
    first, *others = arms(results)
    return {name: paired(rows, name, first, by=by) for name in others}


def years(months: pl.Series) -> list[float]:
    """Months as fractions of years, to draw along an axis."""
    return (months.dt.year() + (months.dt.month() - 1) / YEAR).to_list()


def span(results: Results) -> tuple[float, float]:
    """The first and the last month as fractions of years."""
    first, last = years(pl.Series([first_month(results), last_month(results)]))
    return first, last


def parting(results: Results) -> datetime.date | None:
    """The first month in which a scenario differs from the first one under the same luck; None if none ever does."""
    found = first_differences(results, reference=arms(results)[0])
    return min((month for month in found.values() if month is not None), default=None)


def last_month(results: Results) -> datetime.date:
    """The month in which the results end."""
    month: datetime.date = results.series["month"].max()  # type: ignore[assignment]
    return month


def first_month(results: Results) -> datetime.date:
    """The month in which the results begin."""
    month: datetime.date = results.series["month"].min()  # type: ignore[assignment]
    return month


def replicates(results: Results) -> int:
    """How many replicates every scenario has."""
    return min(sum(1 for name, _ in results.finished if name == scenario) for scenario in results.scenarios)


def subtitle(results: Results, language: Language, *parts: str, bands: bool = True) -> str:
    """Compared with what, how many runs, what the bands are (if drawn), at what scale, which results."""
    n = replicates(results)
    told, several = [], len(results.scenarios) > 1
    if results.reference is not None and several and bands:
        told.append(say("compared_with", language, reference=arm_name(results.reference, language)))
    alone = "one_run_alone" if n == 1 else "runs_alone" if several else "replicates"
    sets = results.manifest.get("sets", 0)
    told.append(
        say(
            alone if not bands else "one_run" if n == 1 else "runs_of_sets" if sets else "runs",
            language,
            n=n,
            sets=sets,
        )
    )
    return " ".join([*told, *parts, *source(results, language)])


def source(results: Results, language: Language) -> list[str]:
    """At what scale, and which results, where they are known."""
    told = []
    scale = results.manifest.get("persons_per_agent")
    if scale:
        told.append(say("scale_one" if scale == 1 else "scale", language, n=number(scale)))
    if results.manifest.get("hash"):
        told.append(say("results", language, hash=results.manifest["hash"]))
    return told
