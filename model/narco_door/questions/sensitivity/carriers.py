"""Numbers that carry an outcome over sets: one after another, each as far as chance alone would not have done.

There are about as many numbers as sets, so that no regression on all of them says anything.  Instead the number that
goes with the outcome most is taken, then the one that goes most with what is left, and so on, as long as the largest of
all that are left is larger than in 95 of 100 permutations of what is left (Freedman and Lane 1983, J. Business & Econ.
Statistics 1; the largest of many: Westfall and Young 1993).  Numbers that history ties together, of which only one
matters, do not all seem to matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from narco_door.base.arrays import F8, I8

PERMUTATIONS = 999
RESAMPLES = 500
LEVEL = 0.05
"""How often chance alone may take a number."""
SETS_EACH = 8
"""At least so many sets for each number that is taken."""
FOLDS = 10
_NOTHING = 1e-9  # a number that others say in full has nothing of its own


@dataclass(frozen=True)
class Carriers:
    """What each number does, those that are taken held fast.

    Attributes
    ----------
    taken : list of int
        Which carry the outcome, in the order in which they were found.
    chance : float64[number]
        How often chance alone makes the largest of the numbers not yet taken as large as this one.
    share : float64[number]
        Of the outcome's variance between sets, what it explains beyond the others that are taken.
    slope : float64[number]
        What the outcome gains from one end of the prior to the other.
    slopes : float64[2, number]
        Ends of its 90 % interval, from resampling sets.
    rank, ranks : int64[number], int64[2, number]
        By share, from 1; and where nine of ten resamples have it.
    explained : float
        Share of the variance of sets that were left out when numbers were chosen and fitted; below 0: worse than the
        mean.
    """

    taken: list[int]
    chance: F8
    share: F8
    slope: F8
    slopes: F8
    rank: I8
    ranks: I8
    explained: float

    @classmethod
    def of(cls, x: F8, y: F8, *, seed: int = 1) -> Carriers:
        """Find them.

        Parameters
        ----------
        x : float64[set, number]
            Each number varies.
        y : float64[set]
        seed
            Of permutations and resamples.
        """
        taken, chance = chosen(x, y, seed=seed)
        share, slope = _each(x, y, taken)
        draws = np.random.default_rng(seed).integers(len(y), size=(RESAMPLES, len(y)))
        again = np.array([_each(x[draw], y[draw], taken) for draw in draws])
        orders = np.array([_ranks(shares) for shares in again[:, 0]])
        slopes, ranks = (np.quantile(each, [0.05, 0.95], axis=0) for each in (again[:, 1], orders))
        ranks = np.rint(ranks).astype(np.int64)
        return cls(taken, chance, share, slope, slopes, _ranks(share), ranks, _explained(x, y))


def chosen(x: F8, y: F8, *, seed: int = 1) -> tuple[list[int], F8]:
    """Take numbers one after another: which, and the chance of each, see `Carriers`."""
    taken, chance = list[int](), np.ones(x.shape[1])
    while True:
        rest, left = _beyond(x, taken, x), _beyond(x, taken, y[:, None])
        reach = np.abs(_unit(rest).T @ _unit(left))[:, 0]
        luck = np.random.default_rng(seed).permuted(np.repeat(left, PERMUTATIONS, axis=1), axis=0)
        largest = np.abs(_unit(rest).T @ _unit(_beyond(x, taken, luck))).max(axis=0)
        now = (1 + (largest >= reach[:, None] - _NOTHING).sum(axis=1)) / (1 + PERMUTATIONS)
        chance = np.where(np.isin(np.arange(len(now)), taken), chance, now)
        best = int(reach.argmax())
        if now[best] > LEVEL or len(taken) >= len(y) // SETS_EACH:
            return taken, chance
        taken.append(best)


def _beyond(x: F8, given: Sequence[int], columns: F8) -> F8:
    """What is left of columns once a mean and some numbers are taken away, float64[set, column]."""
    basis, _ = np.linalg.qr(np.column_stack([np.ones(len(x)), x[:, list(given)]]))
    left: F8 = columns - basis @ (basis.T @ columns)
    return left


def _unit(columns: F8) -> F8:
    """Columns of length 1; one in which nothing is left stays nothing."""
    length = np.linalg.norm(columns, axis=0)
    some = length > _NOTHING * (1.0 + np.abs(columns).max())
    return np.divide(columns, length, out=np.zeros_like(columns), where=some)


def _each(x: F8, y: F8, taken: Sequence[int]) -> tuple[F8, F8]:
    """Share and slope of each number beyond the others that are taken."""
    share, slope = _alone(x, y, taken, x)
    for k in taken:
        others = [other for other in taken if other != k]
        share[k], slope[k] = (found[0] for found in _alone(x, y, others, x[:, [k]]))
    return share, slope


def _alone(x: F8, y: F8, given: Sequence[int], columns: F8) -> tuple[F8, F8]:
    rest, whole = _beyond(x, given, columns), np.sum((y - y.mean()) ** 2)
    with_y, own = rest.T @ y, np.sum(rest**2, axis=0)
    slope = np.divide(with_y, own, out=np.zeros_like(own), where=own > _NOTHING)
    return (slope * with_y / whole if whole > 0 else np.zeros_like(own)), slope


def _ranks(share: F8) -> I8:
    return np.argsort(np.argsort(-share, kind="stable"), kind="stable") + 1


def _explained(x: F8, y: F8) -> float:
    """How well numbers that were chosen and fitted without some sets foretell these."""
    guess, fold = np.empty_like(y), np.random.default_rng(0).permutation(len(y)) % FOLDS
    for out in (fold == k for k in range(FOLDS)):
        taken, _ = chosen(x[~out], y[~out])
        design = np.column_stack([np.ones(len(x)), x[:, taken]])
        guess[out] = design[out] @ np.linalg.lstsq(design[~out], y[~out])[0]
    return float(1.0 - np.sum((y - guess) ** 2) / np.sum((y - y.mean()) ** 2))
