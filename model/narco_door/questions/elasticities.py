"""Per cent more of entries, members and deaths for one per cent more of rents, pay, acceptance and so on.

Paired worlds: under the same luck one thing is a tenth more in one world and a tenth less in the other, from the first
month on; rents grow into it.  How a model of recruitment answers to demand and to supply says in a few numbers what its
policies can do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import log
from typing import TYPE_CHECKING, Final

import polars as pl

from narco_door.country.facts import parameters
from narco_door.results import QUANTITIES, Results
from narco_door.results.intervals import intervals
from narco_door.results.measures import Quantity, all_months
from narco_door.results.rates import of_runs
from narco_door.scenario import Comparison, Scenario, load_one

if TYPE_CHECKING:
    from narco_door.runs.options import RunOptions

type Change = Callable[[Mapping[str, float], float], dict[str, float]]
"""Parameters, and so many times as much of a cause -> the parameters that make it so."""

STEP: Final = 1.1
"""Times as much in one world, and divided by it in the other."""
YEARS: Final = (2010, 2019)
"""First and last year over which outcomes are counted."""
GROWING: Final = 8.0
"""Years from the first month of the baseline to the middle of them."""


def _times(*names: str) -> Change:
    """All of these together, as far as their bounds allow."""

    def change(numbers: Mapping[str, float], times: float) -> dict[str, float]:
        return {name: times * numbers[name] for name in names}

    return change


def _grown(numbers: Mapping[str, float], times: float) -> dict[str, float]:
    """Export rents that have grown to so many times as much by the middle of `YEARS`.

    What they are in the first month feeds those who are there then (`members_first`), be it much or little.
    """
    return {"demand_growth": numbers["demand_growth"] + log(times) / GROWING}


def _legal_pay(numbers: Mapping[str, float], times: float) -> dict[str, float]:
    """What pay so many times as high is worth: its logarithm at the weight of income."""
    worth = numbers["income_weight"] * log(times)
    return {name: numbers[name] + worth for name in ("value_formal", "value_informal")}


CAUSES: Final[Mapping[str, Change]] = {
    "rents": _grown,
    "first_room_pay": _times("first_room_pay"),
    "legal_pay": _legal_pay,
    # who accepts is rare, so that odds so many times as high are as many times more who do
    "acceptance": lambda numbers, times: {"moral_cost": numbers["moral_cost"] - log(times)},
    "school_width": _times("width_school_first"),
    "offers": lambda numbers, times: {"accepted_first": numbers["accepted_first"] / times},
}
"""By name: what is a tenth more and a tenth less."""

OUTCOMES: Final[Mapping[str, Quantity]] = {
    **{name: QUANTITIES[name] for name in ("entries", "members", "member_deaths")},
    "homicides": Quantity("homicides", ("new_homicides",)),
    "pupils": Quantity("pupils", ("n_school_15_17",)),
}
"""By name: what follows, counted over `YEARS`."""


def elasticities(
    options: RunOptions, *, causes: Mapping[str, Change] = CAUSES, years: tuple[int, int] = YEARS
) -> pl.DataFrame:
    """Run paired worlds of the baseline and say what follows from each cause.

    Parameters
    ----------
    options
        Replicates, seed, scale, cores, where the runs are kept; the last month is that of `years`.
    causes
        Some of `CAUSES`.
    years
        First and last year over which outcomes are counted.

    Returns
    -------
    polars.DataFrame
        cause, outcome, mean, p05, p25, p75, p95 (null with one replicate), replicates: per cent of the outcome for
        one per cent of the cause.
    """
    from narco_door.runs.experiment import run

    options = replace(options, until=f"{years[1]}-12")
    base = load_one("baseline")
    steps = {cause: _steps(cause, causes[cause], base) for cause in causes}
    arms = [
        _world(base, f"{cause}_{way}", numbers) for cause, both in steps.items() for way, (_, numbers) in both.items()
    ]
    results = run(Comparison("elasticities", "Elasticities", "", tuple(arms), base), options)
    rises = {cause: log(both["more"][0] / both["less"][0]) for cause, both in steps.items()}
    return intervals(_by_luck(results, rises, years), by=["cause", "outcome"])


def _steps(cause: str, change: Change, base: Scenario) -> dict[str, tuple[float, dict[str, float]]]:
    """So many times as much of a cause, and its parameters, in the world with more and the one with less."""
    numbers, known = base.parameters.plain(), parameters()

    def allowed(times: float) -> bool:
        return all(known[name].low <= value <= known[name].high for name, value in change(numbers, times).items())

    found = {}
    for way, whole in (("more", STEP), ("less", 1.0 / STEP)):
        times = whole
        while not allowed(times):  # near a bound, a smaller step
            times **= 0.5
        found[way] = times, change(numbers, times)
    return found


def _world(base: Scenario, name: str, numbers: Mapping[str, float]) -> Scenario:
    return replace(base.with_numbers(numbers), name=name)


def _by_luck(results: Results, rises: Mapping[str, float], years: tuple[int, int]) -> pl.DataFrame:
    """The elasticity of every outcome to every cause under each luck: cause, outcome, replicate, value."""
    within = results.nation()
    within = within.having(series=within.series.filter(pl.col("month").dt.year().is_between(*years)))
    rows = []
    for outcome, quantity in OUTCOMES.items():
        found = of_runs(within, quantity, over=all_months).select("scenario", "replicate", "value")
        value = {(str(scenario), replicate): number for scenario, replicate, number in found.iter_rows()}
        for cause, rise in rises.items():
            for replicate in results.replicates:
                more, less = (value.get((f"{cause}_{way}", replicate), 0.0) for way in ("more", "less"))
                if more > 0 and less > 0:  # both worlds were lived, and there was something to count
                    rows.append((cause, outcome, replicate, log(more / less) / rise))
    cause_kind = pl.Enum(list(rises))
    columns = {"cause": cause_kind, "outcome": pl.String(), "replicate": pl.Int32(), "value": pl.Float64()}
    frame = pl.DataFrame(rows, schema=columns, orient="row")
    return frame.sort("cause", maintain_order=True).cast({"cause": pl.String})
