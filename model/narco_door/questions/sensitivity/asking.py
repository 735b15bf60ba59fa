"""Which numbers carry what an arm averts, and where the answer turns: what `narco-door sensitivity` asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from narco_door.base.errors import UserError, nearest
from narco_door.country.posterior import posterior
from narco_door.questions.sensitivity.carriers import Carriers
from narco_door.questions.sensitivity.points import Points
from narco_door.questions.sensitivity.turning import Turning, turning
from narco_door.results import AVERTED, Results
from narco_door.results.compared import averted_pairs, worlds
from narco_door.results.intervals import ROUNDING
from narco_door.results.measures import Averted
from narco_door.scenario import Comparison, Scenario

ENDS: Final = (0.05, 0.95)
"""Where a number is low and high: between these quantiles lie nine of ten sets."""


@dataclass(frozen=True)
class Sensitivity:
    """What carries a difference.

    Attributes
    ----------
    scenario, reference
        The difference is between these two.
    measure
        What is averted.
    points : Points
    numbers : polars.DataFrame
        A row for each number that varies, by the share that it explains: scenario, compared_with, measure, rank,
        rank_p05, rank_p95, number, low, high (its own ends, `ENDS`), at_low, at_high (what is averted there, the other
        numbers that carry it being at their means), effect, effect_p05, effect_p95 (at_high minus at_low), share (of
        the variance between sets), chance, carries.
    explained
        Share of the variance of sets that were left out; see `Carriers`.
    luck_share
        Part of the variance of all worlds that is luck; None where a set has one luck.
    turning : Turning
    """

    scenario: str
    reference: str
    measure: Averted
    points: Points
    numbers: pl.DataFrame
    explained: float
    luck_share: float | None
    turning: Turning

    @property
    def carriers(self) -> list[str]:
        """The numbers that carry it beyond chance."""
        names: list[str] = self.numbers.filter("carries")["number"].to_list()
        return names


def measure_named(name: str) -> Averted:
    """Return what may be averted by its name.

    Raises
    ------
    UserError
        There is nothing of that name.
    """
    known = {measure.name: measure for measure in AVERTED}
    if name not in known:
        hint = nearest(name, known) or f"; expected one of {', '.join(known)}"
        raise UserError(f'--on: nothing is counted as "{name}"{hint}')
    return known[name]


def all_sets_of(asked: Comparison) -> int:
    """How many sets are lived if nobody says: those of the scenarios, or all of the country's."""
    run = asked.reference.run
    return run.sets or len(posterior(run.places))


def sensitivity(results: Results, arm: Scenario, reference: Scenario, measure: Averted) -> Sensitivity:
    """Say which numbers carry what an arm averts.

    Parameters
    ----------
    results
        Of worlds that were dealt over sets, with both.
    arm, reference
        As they were run.

    Raises
    ------
    UserError
        What is averted is the same in every set.
    """
    pairs = averted_pairs(results.nation(), measure, arm.name, reference.name)  # before they part there is nothing
    some = pl.col("value").abs() > ROUNDING * pl.col("base").abs()
    pairs = pairs.with_columns(value=pl.when(some).then("value").otherwise(0.0))
    points = Points.of((reference, arm), pairs)
    if np.ptp(points.averted) <= 0.0:
        raise UserError(
            f'{measure.name}: "{arm.name}" differs from "{reference.name}" by {points.averted[0]:g} in each of '
            f"{len(points.averted)} sets; expected arms whose difference varies"
        )
    found = Carriers.of(points.places, points.averted)
    about = {"scenario": arm.name, "compared_with": reference.name, "measure": measure.name}
    return Sensitivity(
        arm.name, reference.name, measure, points, _table(points, found, about), found.explained,
        worlds(pairs, arm.run.sets)["luck_share"],
        turning(points.names, points.values, points.places, points.averted, points.worlds),
    )  # fmt: skip


def _table(points: Points, found: Carriers, about: dict[str, str]) -> pl.DataFrame:
    low, high = np.quantile(points.places, ENDS, axis=0)
    middle, mean = points.places.mean(axis=0), points.averted.mean()
    ends = np.quantile(points.values, ENDS, axis=0)
    effects = found.slopes * (high - low)
    columns = {
        "rank": found.rank, "rank_p05": found.ranks[0], "rank_p95": found.ranks[1], "number": points.names,
        "low": ends[0], "high": ends[1],
        "at_low": mean + found.slope * (low - middle), "at_high": mean + found.slope * (high - middle),
        "effect": found.slope * (high - low), "effect_p05": effects[0], "effect_p95": effects[1],
        "share": found.share, "chance": found.chance,
        "carries": np.isin(np.arange(len(points.names)), found.taken),
    }  # fmt: skip
    told = {name: pl.lit(words) for name, words in about.items()}
    return pl.DataFrame(columns).sort("rank").select(**told, **{name: pl.col(name) for name in columns})
