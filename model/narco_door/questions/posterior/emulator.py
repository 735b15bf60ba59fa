"""What a world would say of history, guessed from the worlds that were asked: a regression for each target.

Of the numbers' places in the unit cube and their squares, and of the products of those that matter most; its residuals
hold luck and what the curve misses.  All in units of the logarithm where a target is greater than 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from narco_door.base.arrays import F8
from narco_door.questions.targets import Target

CROSSED = 14
"""How many of the numbers that matter most meet each other in products."""


def scaled(target: Target, said: F8) -> F8:
    """What is said of a target in the units in which it is guessed and weighed."""
    return np.log(np.maximum(said, 1e-6)) if target.low > 0 and target.statistic != "capture_effect" else said


@dataclass(frozen=True)
class Emulator:
    """A Bayesian ridge regression for one target (MacKay 1992, Neural Computation 4)."""

    target: Target
    crossed: tuple[int, ...]
    ridge: Any

    @classmethod
    def of(cls, target: Target, cube: F8, said: F8) -> Emulator:
        """Fit to what worlds said.

        Parameters
        ----------
        cube : float64[world, number]
        said : float64[world]
        """
        from sklearn.linear_model import BayesianRidge

        y = scaled(target, said)
        held = np.isfinite(y)
        first = BayesianRidge().fit(_features(cube[held], ()), y[held])
        weight = np.abs(first.coef_[: cube.shape[1]])
        crossed = tuple(int(k) for k in np.sort(np.argsort(-weight)[:CROSSED]))
        return cls(target, crossed, BayesianRidge().fit(_features(cube[held], crossed), y[held]))

    def guess(self, cube: F8) -> tuple[F8, F8]:
        """Mean of what a world of each point says, and the standard deviation of a single one."""
        x = _features(cube, self.crossed)
        if not np.all(np.isfinite(x)):
            raise ValueError("a point of the unit cube is a number in each direction")
        mean, spread = self.ridge.predict(x, return_std=True)
        return mean, spread


def _features(cube: F8, crossed: Sequence[int]) -> F8:
    x = 2.0 * cube - 1.0
    first, second = np.array([*combinations(crossed, 2)], np.int64).reshape(-1, 2).T
    return np.concatenate([x, x**2, x[:, first] * x[:, second]], axis=1)


def covered(emulator: Emulator, cube: F8, said: F8) -> float:
    """Share of worlds that were not fitted to which lie in the guess's 95 % interval."""
    mean, spread = emulator.guess(cube)
    y = scaled(emulator.target, said)
    return float(np.mean(np.abs(y - mean)[np.isfinite(y)] <= 1.96 * spread[np.isfinite(y)]))
