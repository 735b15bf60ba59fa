"""Rates and years: derived from the records, never stored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import polars as pl

from narco_door.results.tables import KEYS, NATION, Results

DOORS = {
    "school": "n_school",
    "formal": "n_formal",
    "informal": "n_informal",
    "home": "n_home",
    "idle": "n_idle",
    "cartel": "n_youth_inside",
    "prison": "n_youth_prison",
}
"""The doors behind which the living youths of 12-29 are, each with its record."""

_FLOWS = ("new_", "spent_", "leaked_", "promised_", "rents")


def yearly(results: Results, records: str | Sequence[str], *, place: str = NATION) -> pl.DataFrame:
    """Calendar years: totals of flows (new_, money spent), means of stocks and levels.

    Parameters
    ----------
    results, records, place
        As in `Results.select`.

    Returns
    -------
    polars.DataFrame
        scenario, replicate, record, year, value, months (fewer than 12 in a year that is cut).
    """
    rows = results.select(records, place=place)
    keys = [*KEYS, "record"]
    years = rows.group_by(*keys, pl.col("month").dt.year().alias("year"), maintain_order=True).agg(
        pl.when(_flows().first()).then(pl.col("value").sum()).otherwise(pl.col("value").mean()).alias("value"),
        pl.len().cast(pl.Int32).alias("months"),
    )
    return years.sort(*keys, "year")


def _flows() -> pl.Expr:
    """Whether a record counts what happened in the month, and not what there is at its end."""
    name = pl.col("record").cast(pl.String)
    return pl.any_horizontal(*(name.str.starts_with(prefix) for prefix in _FLOWS))


def rate(
    results: Results,
    record: str,
    *,
    per: str = "population",
    times: float = 100_000,
    place: str = NATION,
    by: Literal["month", "year"] = "year",
) -> pl.DataFrame:
    """One record as a rate of another; flows are per year.

    Parameters
    ----------
    results, place
        As in `Results.select`.
    record, per
        Above and below the line.
    times
        100,000 for a homicide rate, 1 for a share.
    by
        "month" (first day) or "year"; a year is the mean of its months above and below the line.

    Returns
    -------
    polars.DataFrame
        scenario, replicate, month or year, value.
    """
    rows = results.select([record, per], place=place)
    period = pl.col("month") if by == "month" else pl.col("month").dt.year().alias("year")
    annual = pl.col("value") * pl.when(_flows()).then(12.0).otherwise(1.0)
    above = annual.filter(pl.col("record") == record).mean()
    below = pl.col("value").filter(pl.col("record") == per).mean()
    return rows.group_by(*KEYS, period, maintain_order=True).agg((times * above / below).alias("value")).sort(*KEYS, by)


def homicide_rate(results: Results, *, place: str = NATION, by: Literal["month", "year"] = "year") -> pl.DataFrame:
    """Homicides per 100,000 people and year; see `rate`."""
    return rate(results, "new_homicides", place=place, by=by)


def door_shares(results: Results, *, place: str = NATION) -> pl.DataFrame:
    """Where the living youths are, month by month.

    Returns
    -------
    polars.DataFrame
        scenario, replicate, month, door (as in `DOORS`), value: shares that sum to 1.
    """
    rows = results.select(list(DOORS.values()), place=place)
    doors = pl.Series(list(DOORS), dtype=pl.Enum(list(DOORS)))
    door = pl.col("record").cast(pl.String).replace_strict(list(DOORS.values()), doors).alias("door")
    share = pl.col("value") / pl.col("value").sum().over(*KEYS, "month")
    return rows.select(*KEYS, "month", door, share.alias("value"))
