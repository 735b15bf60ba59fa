"""What figures read from results: means with their bands, names, colours, the month of parting."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from narco_door.results import NATION, Results, door_shares, rate
from narco_door.results.intervals import intervals
from narco_door.show.figures.paper import ARM_COLOURS, REFERENCE
from narco_door.show.formats import number
from narco_door.show.words import Language, arm_name, say

if TYPE_CHECKING:
    from collections.abc import Sequence

YEAR = 12
NOISE = 1e-9  # differences below it are rounding
WEEKS_A_MONTH = 365.25 / 7 / 12
_KEYS = ("scenario", "replicate")


@dataclass(frozen=True)
class Measure:
    """Something to draw through time; `per` divides, `smooth` averages over the last `window` months."""

    name: str
    record: str
    per: float = 1.0
    smooth: bool = False
    zero: bool = True


MEASURES: Mapping[str, Measure] = {
    m.name: m
    for m in (
        Measure("members", "n_members", 1000),
        Measure("entries", "new_entries", WEEKS_A_MONTH, smooth=True),
        Measure("homicides", "homicide_rate", smooth=True),
        Measure("school", "share_school", 0.01, zero=False),
        Measure("formal", "share_formal", 0.01, zero=False),
        Measure("informal", "share_informal", 0.01, zero=False),
        Measure("home", "share_home", 0.01, zero=False),
        Measure("idle", "share_idle", 0.01, zero=False),
        Measure("prison", "n_prison", 1000),
    )
}


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


def values(results: Results, measure: Measure) -> pl.DataFrame:
    """One measure by scenario, replicate and month."""
    if measure.record == "homicide_rate":
        rows = rate(results, "new_homicides", by="month")
    elif measure.record.startswith("share_"):
        rows = door_shares(results).filter(pl.col("door") == measure.record.removeprefix("share_"))
    else:
        rows = results.select(measure.record)
    rows = rows.select(*_KEYS, "month", (pl.col("value") / measure.per).alias("value")).sort(*_KEYS, "month")
    if not measure.smooth:
        return rows
    # A year of two months would be two months times six: there is no value before the window is full.
    full = pl.col("value").rolling_mean(window(results)).over(*_KEYS)
    return rows.with_columns(full.alias("value")).drop_nulls("value")


def window(results: Results) -> int:
    """Months over which flows are averaged: a year, or a shorter run as a whole."""
    return min(YEAR, results.series["month"].n_unique())


def lines(results: Results, measure: Measure) -> dict[str, pl.DataFrame]:
    """The mean of each scenario with the bands of its replicates, month by month."""
    return by_scenario(values(results, measure), arms(results))


def by_scenario(rows: pl.DataFrame, names: Sequence[str]) -> dict[str, pl.DataFrame]:
    """Means and intervals of long rows, one frame for each scenario."""
    bands = intervals(rows, by=["scenario", "month"]).sort("month")
    return {name: bands.filter(pl.col("scenario") == name) for name in names}


def gaps(results: Results, measure: Measure) -> dict[str, pl.DataFrame]:
    """Each scenario minus the reference under the same luck, with the bands of the pairs."""
    rows = values(results, measure)
    base = rows.filter(pl.col("scenario") == results.reference).select("replicate", "month", base="value")
    pairs = rows.join(base, on=["replicate", "month"], how="inner", maintain_order="left")
    pairs = pairs.with_columns(pl.col("value") - pl.col("base"))
    return by_scenario(pairs, [name for name in arms(results) if name != results.reference])


def clear(band: Mapping[str, Any]) -> bool:
    """Whether the 90 % interval of a difference leaves out 0.

    One run has no interval, and runs that agree to the last digit have none of any width: neither is clear.
    """
    low, high = band["p05"], band["p95"]
    if low is None:
        return False
    return bool(high - low > NOISE and (low > NOISE or high < -NOISE))


def years(months: pl.Series) -> list[float]:
    """Months as fractions of years, to draw along an axis."""
    return (months.dt.year() + (months.dt.month() - 1) / YEAR).to_list()


def span(results: Results) -> tuple[float, float]:
    """The first and the last month as fractions of years."""
    first, last = years(pl.Series([first_month(results), last_month(results)]))
    return first, last


def parting(results: Results) -> datetime.date | None:
    """The first month in which scenarios differ under the same luck; None if they never do."""
    if len(results.scenarios) < 2:
        return None
    rows = results.series.filter(pl.col("place") == NATION)
    spans = rows.group_by("month", "record", "replicate").agg(
        (pl.col("value").max() - pl.col("value").min()).alias("span")
    )
    apart: datetime.date | None = spans.filter(pl.col("span") > 0)["month"].min()  # type: ignore[assignment]
    return apart


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
    told.append(say(alone if not bands else "one_run" if n == 1 else "runs", language, n=n))
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
