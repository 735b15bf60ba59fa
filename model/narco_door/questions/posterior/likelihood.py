"""How likely history is where a world is guessed to say this: heavy tails, so that one target cannot rule alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from narco_door.base.arrays import F8
from narco_door.questions.posterior.emulator import Emulator, scaled
from narco_door.questions.targets import Target

FREEDOM = 5.0
"""Degrees of freedom of Student's t."""
RANGE_SD = 1.645
"""The range of a target is where history lies in nine cases of ten."""


@dataclass(frozen=True)
class Scale:
    """How much more coarse worlds say than fine ones, by target, and how surely that is known; in a target's units."""

    bias: F8
    error: F8

    @classmethod
    def of(cls, wanted: Sequence[Target], coarse: F8, fine: F8) -> Scale:
        """From worlds of the same numbers at two scales, float64[world, target] each."""
        ours, theirs = (
            np.column_stack([scaled(target, said[:, k]) for k, target in enumerate(wanted)]) for said in (coarse, fine)
        )
        spread = ours.var(axis=0, ddof=1) / len(ours) + theirs.var(axis=0, ddof=1) / len(theirs)
        return cls(ours.mean(axis=0) - theirs.mean(axis=0), np.sqrt(spread))


@dataclass(frozen=True)
class Likelihood:
    """History's word on any point of the unit cube.

    Attributes
    ----------
    observed : float64[target], optional
        In a target's units; by default what history says. Another for a test of the inference itself.
    """

    emulators: Sequence[Emulator]
    scale: Scale
    observed: F8 | None = None

    def log(self, cube: F8) -> F8:
        """Logarithm of the likelihood of each point, up to a constant, float64[point]."""
        total = np.zeros(len(cube))
        for k, emulator in enumerate(self.emulators):
            mean, spread = emulator.guess(cube)
            width = np.hypot(spread, self._tolerance(k))
            distance = (mean - self.scale.bias[k] - self._record(k)) / width
            total -= (FREEDOM + 1.0) / 2.0 * np.log1p(distance**2 / FREEDOM) + np.log(width)
        return total

    def _record(self, k: int) -> float:
        if self.observed is not None:
            return float(self.observed[k])
        target = self.emulators[k].target
        return float(scaled(target, np.array([target.low, target.high])).mean())

    def _tolerance(self, k: int) -> float:
        target = self.emulators[k].target
        low, high = scaled(target, np.array([target.low, target.high]))
        return float(np.hypot((high - low) / 2.0 / RANGE_SD, self.scale.error[k]))
