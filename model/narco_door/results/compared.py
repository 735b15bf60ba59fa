"""Compared with what: differences under the same luck, and the headline of an experiment."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence

import numpy as np
import polars as pl

from narco_door.base.errors import UserError
from narco_door.base.months import as_date, month_number
from narco_door.base.nation import NATION
from narco_door.results.intervals import alike, fieller, intervals, with_clear
from narco_door.results.measures import AVERTED, Averted
from narco_door.results.tables import KEYS, Results, expect_names


def difference(
    results: Results, *, scenario: str, record: str, reference: str | None = None, place: str = NATION
) -> pl.DataFrame:
    """How far a scenario is from its reference under the same luck, month by month.

    Parameters
    ----------
    results
        With both scenarios.
    scenario, reference
        The difference is scenario minus reference; the reference is by default the one of the experiment.
    record, place
        What to compare.

    Returns
    -------
    polars.DataFrame
        month, mean, p05, p25, p75, p95, replicates, of, clear: the mean over pairs of replicates, with the ends of its
        90 % (p05, p95) and 50 % (p25, p75) Student t intervals, which are null with one pair; the mean of the reference
        itself; and whether the difference is `clear`, null with one pair.
    """
    base = reference_of(results, reference)
    expect_names([scenario], results.scenarios, "scenario")
    return gaps(results.select(record, place=place), scenario, base, by=["month"])


def reference_of(results: Results, named: str | None = None) -> str:
    """Name the scenario to compare with: the one given, else the experiment's own."""
    base = named or results.reference
    if base is None:
        raise UserError(f"compared with what? Name a reference; these results hold {', '.join(results.scenarios)}")
    expect_names([base], results.scenarios, "scenario")
    return base


def gaps(rows: pl.DataFrame, scenario: str, reference: str, *, by: Sequence[str]) -> pl.DataFrame:
    """Scenario minus reference under the same luck, for each group.

    Parameters
    ----------
    rows
        scenario, replicate, value and the columns of `by`.
    scenario, reference
        Names of scenarios in `rows`.
    by
        The columns that name a group; groups come out sorted by them.

    Returns
    -------
    polars.DataFrame
        As from `difference`, with the columns of `by` in the place of month.
    """
    pairs = _pairs(rows, scenario, reference, on=by).sort(*by, "replicate")
    bands = intervals(pairs, by=by)
    of = intervals(pairs, by=by, value="base")["mean"].alias("of")
    return with_clear(bands.with_columns(of))


def _pairs(rows: pl.DataFrame, scenario: str, reference: str, *, on: Sequence[str]) -> pl.DataFrame:
    """Scenario minus reference for each replicate that both finished; `base` is the reference's own value."""
    columns = ["replicate", *on]
    theirs = rows.filter(pl.col("scenario") == reference).select(*columns, pl.col("value").alias("base"))
    ours = rows.filter(pl.col("scenario") == scenario).select(*columns, "value")
    both = ours.join(theirs, on=columns, how="inner", maintain_order="left")
    if both.is_empty():
        raise UserError(f"no replicate was finished by both {scenario} and {reference}; nothing can be paired")
    return both.with_columns(pl.col("value") - pl.col("base"))


COST = "extra cost"
_SPENT = ("spent_", "leaked_")
_ALIKE = "the same in every pair: no interval"
_ENDS = {"p05": 0.9, "p25": 0.5, "p75": 0.5, "p95": 0.9}
_ROW = {
    "scenario": pl.String,
    "compared_with": pl.String,
    "since": pl.Date,
    "measure": pl.String,
    "unit": pl.String,
    "mean": pl.Float64,
    "p05": pl.Float64,
    "p25": pl.Float64,
    "p75": pl.Float64,
    "p95": pl.Float64,
    "of": pl.Float64,
    "world_p05": pl.Float64,
    "world_p95": pl.Float64,
    "averted_in": pl.Float64,
    "luck_share": pl.Float64,
    "replicates": pl.Int64,
    "note": pl.String,
}


def headline(
    results: Results, *, since: datetime.date | str | None = None, reference: str | None = None
) -> pl.DataFrame:
    """What each scenario averts and what it costs more than the reference, from a month to the end.

    Parameters
    ----------
    results
        Of an experiment with at least two scenarios.
    since
        First month to count, a date or "2011-04". By default, for each scenario, the first month in which any
        record of any place differs from the reference.
    reference
        By default the one of the experiment.

    Returns
    -------
    polars.DataFrame
        A row for each scenario and measure: scenario, compared_with, since, measure, unit, mean, p05, p25,
        p75, p95, of (the reference's own total), world_p05, world_p95, averted_in, luck_share, replicates (pairs) and
        note. Averted means reference minus scenario. The interval is of the mean; world_p05 and world_p95 are the ends
        between which nine of ten pairs lie, averted_in the share of pairs in which it is greater than 0, and
        luck_share the part of their variance that is luck and not the set of numbers: null unless each set of the
        posterior had several lucks. Costs are constant 2010 US$, leakage included: the extra cost in millions, the
        cost of each averted in dollars. Intervals are Student's t over pairs of replicates, Fieller's for costs of
        each.
        There is no cost of each (null, and the note says why) when the 90 % interval of what is averted holds
        0, or when nothing is averted, or nothing more is spent. There is no interval either where every pair gave
        the same number: it would have no width, as if the model were certain.
    """
    base = reference_of(results, reference)
    arms = first_differences(results, reference=base) if since is None else _all_since(results, base, _month(since))
    nation = results.nation()
    rows = [row for arm, start in arms.items() for row in _arm(nation, arm, base, start)]
    return pl.DataFrame(rows, schema=_ROW)


def _all_since(results: Results, base: str, month: datetime.date) -> dict[str, datetime.date | None]:
    return dict.fromkeys((arm for arm in results.scenarios if arm != base), month)


def _arm(results: Results, arm: str, base: str, start: datetime.date | None) -> list[dict[str, object]]:
    about = {"scenario": arm, "compared_with": base, "since": start}
    costs = _pairs(_cost(results, start), arm, base, on=[])
    rows, ratios = [], []
    for measure in AVERTED:
        averted = averted_pairs(results, measure, arm, base, since=start)
        rows.append(_row(measure.name, measure.unit, averted) | worlds(averted, int(results.manifest.get("sets", 0))))
        ratios.append(_cost_of_each(measure, costs, averted))
    spent = _row(COST, "US$ m", costs) | worlds(costs, 0) | {"averted_in": None}
    return [about | row for row in (*rows, spent, *ratios)]


def _month(text: datetime.date | str) -> datetime.date:
    try:
        return text.replace(day=1) if isinstance(text, datetime.date) else as_date(month_number(text))
    except ValueError as problem:
        raise UserError(f"since: {problem}") from None


def first_difference(results: Results, *, scenario: str, reference: str) -> datetime.date | None:
    """Find the first month in which any record of any place differs under the same luck, if one does."""
    return first_differences(results, reference=reference).get(scenario)


def first_differences(results: Results, *, reference: str) -> dict[str, datetime.date | None]:
    """Find the same for every other scenario; what lies after the months found so far is not read again."""
    found: dict[str, datetime.date | None] = dict.fromkeys(name for name in results.scenarios if name != reference)
    for replicate in results.replicates if found else ():
        known = [month for month in found.values() if month is not None]
        runs = results.lived(replicate, before=max(known) if len(known) == len(found) else None)
        theirs = runs.pop(reference, None)
        if theirs is None:
            continue
        for name, ours in runs.items():
            months = (found[name], _parting(ours, theirs))
            found[name] = min((month for month in months if month is not None), default=None)
    return found


def _parting(ours: pl.DataFrame, theirs: pl.DataFrame) -> datetime.date | None:
    """The first month in which two runs under the same luck differ."""
    keys = ["month", "place", "record"]
    if ours.select(keys).equals(theirs.select(keys)):  # as stored
        both = ours.with_columns(theirs["value"].alias("base"))
    else:
        both = ours.join(theirs.select(*keys, pl.col("value").alias("base")), on=keys)
    first: datetime.date | None = both.filter(pl.col("value").ne_missing(pl.col("base")))["month"].min()  # type: ignore[assignment]
    return first


def averted_pairs(
    results: Results, measure: Averted, scenario: str, reference: str, *, since: datetime.date | None = None
) -> pl.DataFrame:
    """What a scenario averts from a month on, pair by pair under the same luck: replicate, value, and the reference's
    own `base`.
    """
    return _pairs(totals(results, measure, since), scenario, reference, on=[]).with_columns(-pl.col("value"))


def totals(results: Results, measure: Averted, start: datetime.date | None = None) -> pl.DataFrame:
    """What may be averted, added up in every run from a month on: scenario, replicate, value."""
    return _sums(results.select(measure.record), start, measure.months)


def _cost(results: Results, start: datetime.date | None) -> pl.DataFrame:
    """Millions spent on all levers together, what leaked included."""
    names = [name for name in results.records if name.startswith(_SPENT)]
    if not names:
        raise UserError("these results hold no spending (spent_..., leaked_...); the headline needs it")
    return _sums(results.select(names), start, 1e6)


def _sums(rows: pl.DataFrame, start: datetime.date | None, divide: float) -> pl.DataFrame:
    """Totals by replicate from a month on; without a month nothing differs and any month will do."""
    counted = pl.col("value").filter(pl.lit(value=True) if start is None else pl.col("month") >= start)
    return rows.group_by(*KEYS, maintain_order=True).agg((counted.sum() / divide).alias("value"))


def _row(measure: str, unit: str, pairs: pl.DataFrame) -> dict[str, object]:
    found, of = intervals(pairs, by=[]).row(0, named=True), pairs["base"].mean()
    note = "one replicate: no interval" if found["replicates"] == 1 else ""
    if _same(pairs):
        found, note = found | dict.fromkeys(_ENDS), _ALIKE
    return {"measure": measure, "unit": unit, **found, "of": of, "note": note}


def worlds(pairs: pl.DataFrame, sets: int) -> dict[str, float | None]:
    """How single pairs of worlds scatter around their mean: see `headline`.

    Parameters
    ----------
    pairs
        replicate and value.
    sets
        Over how many sets of the posterior the replicates were dealt.
    """
    values = pairs["value"]
    several = len(values) > 1
    return {
        "world_p05": values.quantile(0.05, "linear") if several else None,
        "world_p95": values.quantile(0.95, "linear") if several else None,
        "averted_in": float((values > 0).mean()) if several else None,  # type: ignore[arg-type]
        "luck_share": _luck_share(pairs, sets) if sets > 1 else None,
    }


def _luck_share(pairs: pl.DataFrame, sets: int) -> float | None:
    """Mean variance within sets over the variance of all; none where a set has a single luck."""
    of_sets = pairs.group_by(pl.col("replicate") % sets).agg(pl.col("value").var().alias("within"))
    within = of_sets["within"].to_numpy()
    if len(within) < sets or np.isnan(within).any():
        return None
    whole = np.var(pairs["value"].to_numpy(), ddof=1)
    return None if whole == 0 else min(float(within.mean() / whole), 1.0)


def _same(pairs: pl.DataFrame) -> bool:
    """Whether several pairs all gave the same."""
    values: list[float] = pairs["value"].to_list()
    return len(values) > 1 and alike(min(values), max(values), of=math.fsum(pairs["base"]) / len(values))


def _cost_of_each(measure: Averted, costs: pl.DataFrame, averted: pl.DataFrame) -> dict[str, object]:
    """US$ for each one averted: the ratio of the two means."""
    both = costs.select("replicate", cost="value").join(averted.select("replicate", "value"), on="replicate")
    spent, fewer = [1e6 * cost for cost in both["cost"]], both["value"].to_list()
    row: dict[str, object] = {
        "measure": f"cost per {measure.each} averted",
        "unit": f"US$ per {measure.each}",
        "replicates": len(fewer),
        "note": _no_cost(spent, fewer, same=_same(averted)),
    }
    if row["note"]:
        return row
    ends = {name: fieller(spent, fewer, level=level) for name, level in _ENDS.items()}
    sides = {name: pair and pair[name in ("p75", "p95")] for name, pair in ends.items()}
    note = "one replicate: no interval" if len(fewer) == 1 else ""
    return row | sides | {"mean": math.fsum(spent) / math.fsum(fewer), "note": note}


def _no_cost(spent: Sequence[float], fewer: Sequence[float], *, same: bool) -> str:
    """Why no cost of each can be given; empty if it can."""
    if len(fewer) > 1 and not same and fieller(spent, fewer, level=0.9) is None:
        return "the 90 % interval of what is averted holds 0"
    if math.fsum(fewer) <= 0:
        return "none averted: no fewer than in the reference"
    if same:
        return _ALIKE
    if math.fsum(spent) <= 0:
        return "costs no more than the reference"
    return ""
