"""From the results of two scenarios to the number of a test, pair by pair of replicates."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence

import polars as pl

from narco_door.base.declared import records
from narco_door.base.errors import UserError
from narco_door.base.months import YEAR, month_number
from narco_door.questions.claims.reading import CAREERS, ClaimTest, Span
from narco_door.questions.claims.verdicts import Finding
from narco_door.results import Results
from narco_door.results.intervals import intervals
from narco_door.results.measures import is_flow
from narco_door.results.tables import expect_names

BY_PLACE = ("population", "new_homicides", "new_entries", "n_members", "fear", "corruption", "rents")
"""Records that are kept by place, too; of the others only the nation's."""

_FEW = 0.5  # added to counts under a logarithm, so that a place with none has one


def measure(test: ClaimTest, results: Mapping[str, Results]) -> Finding:
    """Measure a test.

    Parameters
    ----------
    results
        By name of scenario, at least those that the test names.

    Raises
    ------
    UserError
        If there is no such record, place or month in the results.
    """
    if test.unit == "rate_ratio":
        return _ratio(test, results)
    ours = _values(test, results[test.scenario], test.span)
    if test.reference is not None:
        theirs = _values(test, results[test.reference], test.span)
    elif test.before is not None:
        theirs = _values(test, results[test.scenario], test.before)
    else:
        theirs = dict.fromkeys(ours, float(test.threshold or 0.0))
    return _finding(test, ours, theirs)


def _ratio(test: ClaimTest, results: Mapping[str, Results]) -> Finding:
    ours = _log_ratios(test, results[test.scenario])
    theirs = dict.fromkeys(ours, 0.0) if test.reference is None else _log_ratios(test, results[test.reference])
    return _finding(test, ours, theirs)


def _finding(test: ClaimTest, ours: Mapping[int, float], theirs: Mapping[int, float]) -> Finding:
    both = sorted(ours.keys() & theirs.keys())
    if not both:
        raise UserError(f"no replicate was finished by both {' and '.join(test.scenarios)}; nothing can be paired")
    base = math.fsum(theirs[i] for i in both) / len(both)
    times = _times(test, base)
    rows = pl.DataFrame({"value": [times * (ours[i] - theirs[i]) for i in both]})
    found = intervals(rows, by=[]).row(0, named=True)
    return Finding(test, found["mean"], found["p05"], found["p95"], base, found["replicates"])


def _times(test: ClaimTest, base: float) -> float:
    if test.unit == "percent":
        return 100 / base if base else math.nan
    return YEAR if is_flow(test.record) and test.unit == "own" else 1.0


def _values(test: ClaimTest, results: Results, span: Span) -> dict[int, float]:
    """Mean of the months of a span, by replicate."""
    if test.record.startswith("careers."):
        return _career_share(test, results, span)
    return _mean(results, test.record, test.places, span)


def _mean(results: Results, record: str, places: Sequence[str], span: Span) -> dict[int, float]:
    expect_names([record], results.records, "record")
    expect_names(places, results.places, "place")
    rows = _during(results.series.filter(pl.col("place").is_in(list(places))), "month", span)
    value = rows.filter(pl.col("record") == record)
    if value.is_empty():
        raise UserError(f"{record} of {', '.join(places)} has no month within {span}")
    if records()[record].kind == "level" and len(places) > 1:
        people = rows.filter(pl.col("record") == "population").select("replicate", "month", "place", people="value")
        value = value.join(people, on=["replicate", "month", "place"], maintain_order="left")
        weighted = (pl.col("value") * pl.col("people")).sum() / pl.col("people").sum()
        monthly = value.group_by("replicate", "month").agg(weighted.alias("value"))
    else:
        monthly = value.group_by("replicate", "month").agg(pl.col("value").sum())
    means = monthly.group_by("replicate").agg(pl.col("value").mean()).sort("replicate")
    return dict(means.select("replicate", "value").iter_rows())


def _career_share(test: ClaimTest, results: Results, span: Span) -> dict[int, float]:
    """Share of those who entered within the span to whom it happened by the end of the run."""
    expect_names([test.record.partition(".")[2]], CAREERS, "statistic of careers")
    entered = _during(results.careers, "entry_month", span)
    if entered.is_empty():
        raise UserError(f"nobody entered a cartel within {span}")
    badly = pl.col("fate").is_in(["dead", "jailed"]) | (pl.col("jail_terms") > 0)
    share = (badly * pl.col("weight")).sum() / pl.col("weight").sum()
    found = entered.group_by("replicate").agg(share.alias("value")).sort("replicate")
    return dict(found.select("replicate", "value").iter_rows())


def _log_ratios(test: ClaimTest, results: Results) -> dict[int, float]:
    """Log of (treated after / treated before) / (control after / control before), of rates per resident."""
    assert test.before is not None
    logs = [
        (sign, _log_rate(results, test.record, places, span))
        for sign, places, span in (
            (1, test.places, test.span),
            (-1, test.places, test.before),
            (-1, test.control, test.span),
            (1, test.control, test.before),
        )
    ]
    return {i: math.fsum(sign * rate[i] for sign, rate in logs) for i in logs[0][1]}


def _log_rate(results: Results, record: str, places: Sequence[str], span: Span) -> dict[int, float]:
    months = month_number(span.to) - month_number(span.start) + 1
    counts, people = (_mean(results, name, places, span) for name in (record, "population"))
    return {i: math.log((counts[i] * months + _FEW) / (people[i] * months)) for i in counts}


def _during(frame: pl.DataFrame, column: str, span: Span) -> pl.DataFrame:
    first, last = (datetime.date.fromisoformat(f"{month}-01") for month in (span.start, span.to))
    return frame.filter(pl.col(column).is_between(first, last))
