"""The different sets of numbers that were lived, where they lie in their priors, and what their worlds averted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from narco_door.base.arrays import F8, I8
from narco_door.base.errors import UserError
from narco_door.country.posterior import numbers_of
from narco_door.questions.posterior.priors import Priors
from narco_door.scenario import Scenario

FEWEST = 16
"""Different sets, below which no number can be told from another."""


@dataclass(frozen=True)
class Points:
    """Different sets, in an order that does not depend on the one in which they were dealt.

    Attributes
    ----------
    names : tuple of str
        The numbers that vary.
    values, places : float64[set, number]
        In their own units, and as quantiles of their priors.
    averted : float64[set]
        Mean over the worlds of the set.
    worlds : int64[set]
        How many these are.
    """

    names: tuple[str, ...]
    values: F8
    places: F8
    averted: F8
    worlds: I8

    @classmethod
    def of(cls, arms: Sequence[Scenario], averted: pl.DataFrame) -> Points:
        """Gather the worlds by the numbers that they were lived with; a set may have been dealt more than once.

        Parameters
        ----------
        arms
            The scenarios that are compared, as they were run.
        averted
            replicate and value, as from `narco_door.results.compared.averted_pairs`.
        """
        run, priors = arms[0].run, Priors(arms[0].run.places)
        rows = [numbers_of(run.places, run.sets, replicate) for replicate in averted["replicate"]]
        values = np.array([[row[name] for name in priors.names] for row in rows])
        found = np.unique(values, axis=0, return_index=True, return_inverse=True, return_counts=True)
        _, first, which, worlds = found
        mean = np.bincount(which, averted["value"].to_numpy()) / worlds
        free = _varying(priors.names, arms)
        cube = np.array([priors.cube(rows[k]) for k in first])
        return cls(tuple(priors.names[k] for k in free), values[first][:, free], cube[:, free], mean, worlds)


def _varying(names: Sequence[str], arms: Sequence[Scenario]) -> list[int]:
    """Which numbers are not the same in all worlds of an arm; a scenario may hold one where it was put."""
    lived = [[arm.in_set(k).parameters.plain() for k in range(arm.run.sets)] for arm in arms]
    return [k for k, name in enumerate(names) if any(len({each[name] for each in worlds}) > 1 for worlds in lived)]


def expect_enough(country: str, sets: int) -> None:
    """See, before anything is run, that numbers vary and that there are enough sets to tell them apart.

    Raises
    ------
    UserError
        There are too few.
    """
    if sets == 0:
        raise UserError(f"--sets best: all worlds have the same numbers, none varies; expected {FEWEST} sets at least")
    different = len({tuple(numbers_of(country, sets, k).values()) for k in range(sets)})
    if different < FEWEST:
        said = f"--sets {sets}: {different} different sets tell no numbers apart"
        raise UserError(f"{said}; expected {FEWEST} at least")
