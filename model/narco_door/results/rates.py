"""Rates and years: quantities of `measures` as tables, derived from the records and never stored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import polars as pl

from narco_door.base.arrays import F8
from narco_door.base.declared import records as declared_records
from narco_door.base.nation import NATION
from narco_door.results.measures import (
    DOORS,
    QUANTITIES,
    Over,
    Quantity,
    Read,
    all_months,
    each_month,
    is_flow,
    share_of_youths,
)
from narco_door.results.tables import KEYS, Results


def of_runs(
    results: Results,
    quantity: Quantity,
    *,
    place: str | None = NATION,
    by: Sequence[pl.Expr] = (),
    over: Over | None = None,
) -> pl.DataFrame:
    """One quantity in every run.

    Parameters
    ----------
    results, place
        As in `Results.select`.
    quantity
        What to count.
    by
        What else to part the months by, such as calendar years.
    over
        Which months are taken together, by default as the quantity itself says; see `Quantity.of`.

    Returns
    -------
    polars.DataFrame
        scenario, replicate, place if every place was asked for, the columns of `by`, month, value. Where `over` makes
        one number of all months, the column months, how many they are, is in the place of month.
    """
    runs = wide(results, quantity.read, place=place, by=by)
    keys = runs.columns[: runs.columns.index("month")]
    found = []
    for part in runs.partition_by("months", maintain_order=True):  # equally long: one array
        value = quantity.of(reader(part), over)
        if value.ndim == 1:
            found.append(part.select(*keys, "months", pl.Series("value", value)))
        else:
            rows = part.select(keys)[np.repeat(np.arange(len(part)), value.shape[1])]
            found.append(
                rows.with_columns(pl.concat(list(part["month"])).alias("month"), pl.Series("value", value.ravel()))
            )
    return pl.concat(found).sort(keys, maintain_order=True)


def wide(
    results: Results, records: Sequence[str], *, place: str | None = NATION, by: Sequence[pl.Expr] = ()
) -> pl.DataFrame:
    """A row for each run (and place, and group of `by`): lists of the month and of each record, and how many months."""
    rows = results.select(records, place=place).with_columns(*by)
    keys = [name for name in rows.columns if name not in ("month", "record", "value")]
    record = pl.col("record").cast(pl.String)
    columns = [pl.col("value").filter(record == name).alias(name) for name in records]
    month = pl.col("month").filter(record == records[0])
    runs = rows.sort(*keys, "month", maintain_order=True).group_by(*keys, maintain_order=True).agg(month, *columns)
    return runs.with_columns(months=pl.col("month").list.len().cast(pl.Int32))


def reader(runs: pl.DataFrame) -> Read:
    """Read rows of `wide` that are equally long: a record's name -> float64[row, month]."""
    months = runs["months"][0]

    def read(record: str) -> F8:
        values: F8 = runs[record].list.to_array(months).to_numpy()
        return values

    return read


def through_time(
    results: Results, quantity: Quantity, *, place: str | None = NATION, over: Over | None = None
) -> pl.DataFrame:
    """One quantity month by month.

    Parameters
    ----------
    results, quantity, place, over
        As in `of_runs`; `over` must leave as many months as there are.

    Returns
    -------
    polars.DataFrame
        scenario, replicate, place if every place was asked for, month, value.
    """
    return of_runs(results, quantity, place=place, over=over)


def by_year(results: Results, quantity: Quantity, *, place: str | None = NATION) -> pl.DataFrame:
    """One quantity over each calendar year, or as much of it as there is.

    Parameters
    ----------
    results, quantity, place
        As in `of_runs`.

    Returns
    -------
    polars.DataFrame
        scenario, replicate, place if every place was asked for, year, months (fewer than 12 in a year that is cut),
        value.
    """
    year = pl.col("month").dt.year().alias("year")
    return of_runs(results, quantity, place=place, by=[year], over=all_months)


def yearly(results: Results, records: str | Sequence[str], *, place: str = NATION) -> pl.DataFrame:
    """Calendar years: totals of flows, means of stocks and levels.

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
    flows = [name for name in rows["record"].unique().cast(pl.String) if is_flow(name)]
    total = pl.col("record").cast(pl.String).is_in(flows).first()
    years = rows.group_by(*keys, pl.col("month").dt.year().alias("year"), maintain_order=True).agg(
        pl.when(total).then(pl.col("value").sum()).otherwise(pl.col("value").mean()).alias("value"),
        pl.len().cast(pl.Int32).alias("months"),
    )
    return years.sort(*keys, "year")


def rate(
    results: Results,
    record: str,
    *,
    per: str = "population",
    times: float = 100_000,
    place: str = NATION,
    by: Literal["month", "year"] = "year",
) -> pl.DataFrame:
    """One record over another; flows are made yearly above and below the line alike.

    A flow over a stock is a rate a year, a flow over a flow (or a stock over a stock) a share, and a stock over a flow
    how many years of the flow it holds.

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
        scenario, replicate, month or year, value (NaN where there is nothing below the line), unit in words.
    """
    quantity = Quantity("rate", (record,), (per,), times=times)
    found = (
        by_year(results, quantity, place=place)
        if by == "year"
        else through_time(results, quantity, place=place, over=each_month)
    )
    return found.select(*KEYS, by, "value", pl.lit(rate_unit(record, per, times)).alias("unit"))


def rate_unit(record: str, per: str, times: float) -> str:
    """The unit of a record over another, such as "persons a year per 100,000 persons"; a share of like is per cent."""
    (above, below), flows = (_unit(name) for name in (record, per)), (is_flow(record), is_flow(per))
    many = "" if times == 1 else f"{times:,g} "
    if above == below and flows[0] == flows[1]:
        return {1.0: "share", 100.0: "%"}.get(times, f"per {times:,g}")
    if above == below and flows[1]:
        return "years" if times == 1 else f"years times {times:,g}"
    a_year = [" a year" if flow and flows[0] != flows[1] else "" for flow in flows]
    return f"{above}{a_year[0]} per {many}{below}{a_year[1]}"


def _unit(record: str) -> str:
    known = declared_records().get(record)
    return known.unit.removesuffix(" a month") if known else record


def homicide_rate(results: Results, *, place: str = NATION, by: Literal["month", "year"] = "year") -> pl.DataFrame:
    """Homicides per 100,000 people and year; see `rate`."""
    homicides = QUANTITIES["homicides"]
    return rate(results, *homicides.records, per=homicides.per[0], times=homicides.times, place=place, by=by)


def door_shares(results: Results, *, place: str = NATION) -> pl.DataFrame:
    """Where the living youths are, month by month.

    Returns
    -------
    polars.DataFrame
        scenario, replicate, month, door (as in `DOORS`), value: shares that sum to 1.
    """
    kind = pl.Enum(list(DOORS))
    shares = [
        through_time(results, share_of_youths(door), place=place).select(
            *KEYS, "month", pl.lit(door, dtype=kind).alias("door"), pl.col("value") / 100
        )
        for door in DOORS
    ]
    return pl.concat(shares)
