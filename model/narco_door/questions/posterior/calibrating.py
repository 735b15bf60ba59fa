"""The whole way from priors to sets: what `narco-door calibrate` does."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from narco_door.base.arrays import F8
from narco_door.base.errors import UserError
from narco_door.country.posterior import MOST_SETS
from narco_door.questions.posterior.likelihood import Scale
from narco_door.questions.posterior.priors import Priors
from narco_door.questions.posterior.sets import dealt, effective, tail, weights
from narco_door.questions.posterior.waves import Wave, waves
from narco_door.questions.posterior.worlds import Journal, fitted
from narco_door.questions.targets import Target
from narco_door.runs.options import RunOptions

COARSE, FINE = 400, 100
"""Persons per agent of the waves, and of the worlds that the coarse ones are corrected by."""
LUCKS = {COARSE: 24, FINE: 12}
"""Worlds with the fitted numbers at each of these scales."""
SIZES = (300, 200, 200, 256, 300, 400)
"""Points of each wave."""


@dataclass(frozen=True)
class Posterior:
    """What history leaves.

    Attributes
    ----------
    sets : list of dict
        The numbers of each, of the same weight.
    waves : list of Wave
    scale : Scale
    targets : list of Target
    effective, tail : float
        Of the last wave's importance weights: see `sets`.
    """

    sets: list[dict[str, float]]
    waves: list[Wave]
    scale: Scale
    targets: list[Target]
    effective: float
    tail: float

    def write(self, file: Path) -> None:
        """Write the sets, a row each."""
        with file.open("w", encoding="utf-8", newline="") as text:
            rows = csv.writer(text, lineterminator="\n")
            rows.writerow(["set", *self.sets[0]])
            rows.writerows([number, *values.values()] for number, values in enumerate(self.sets, 1))


def calibrate(
    options: RunOptions,
    folder: Path,
    *,
    sizes: Sequence[int] = SIZES,
    tell: Callable[[int, Wave], None] = lambda number, wave: None,
) -> Posterior:
    """Go through the waves and deal the sets; worlds that were lived before are read back.

    Parameters
    ----------
    options
        Workers, executor and progress.
    folder
        Where the journals are kept.
    sizes
        Points of each wave; at least two waves.
    tell
        Told of each wave that is done.

    Raises
    ------
    UserError
        There are fewer than two waves.
    """
    if len(sizes) < 2:
        raise UserError(f"waves: expected the points of two at least, like 300,200; got {len(sizes)}")
    priors, wanted, progress = Priors(), fitted(), options.progress or (lambda done, total: None)
    journals = {scale: Journal(folder, scale) for scale in LUCKS}

    def ask(cube: F8, number: int) -> F8:
        lucks = range(10_000 * (number + 1), 10_000 * (number + 1) + len(cube))
        return journals[COARSE].ask([priors.values(point) for point in cube], lucks, options, progress)

    best = priors.values(priors.fitted())
    told = {scale: journals[scale].ask([best] * n, range(1, n + 1), options, progress) for scale, n in LUCKS.items()}
    scale = Scale.of(wanted, told[COARSE], told[FINE])
    found, before, after = waves(ask, priors, wanted, scale, sizes, tell)
    last = found[-1].cube
    weight = weights(before.log(last), after.log(last))
    sets = [priors.values(last[k]) for k in dealt(weight, MOST_SETS, seed=1)]
    return Posterior(sets, found, scale, wanted, effective(weight), tail(weight))
