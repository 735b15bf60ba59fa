"""Statistical verdicts: how far from chance a result is, in standard normal units.

Every test that draws states how often it would fail for a right model if its seeds were drawn anew; with the
seeds fixed in the tests it either fails always or never.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from narco_door.results.intervals import student_t


def beyond(level: float) -> float:
    """The normal score that chance exceeds with this probability."""
    return NormalDist().inv_cdf(1.0 - level)


def chi_square_score(observed: NDArray[Any], expected: NDArray[Any]) -> float:
    """Pearson's statistic of counts against expected counts, as a normal score (Wilson and Hilferty 1931).

    Cells in which nothing is expected must be empty, else the score is infinite; expected counts should be 10
    or more elsewhere.
    """
    observed, expected = np.ravel(observed).astype(float), np.ravel(expected).astype(float)
    empty = expected == 0
    if observed[empty].any():
        return math.inf
    observed, expected = observed[~empty], expected[~empty]
    assert expected.min() >= 10, "too few draws for a chi-square test"
    freedom = expected.size - 1
    statistic = float(((observed - expected) ** 2 / expected).sum())
    centre, spread = 1.0 - 2.0 / (9.0 * freedom), math.sqrt(2.0 / (9.0 * freedom))
    return float(((statistic / freedom) ** (1.0 / 3.0) - centre) / spread)


def welch(one: Sequence[float], other: Sequence[float]) -> tuple[float, int]:
    """Welch's t of two samples, and its degrees of freedom rounded down."""
    a, b = np.asarray(one), np.asarray(other)
    va, vb = a.var(ddof=1) / a.size, b.var(ddof=1) / b.size
    freedom = (va + vb) ** 2 / (va**2 / (a.size - 1) + vb**2 / (b.size - 1))
    return float((a.mean() - b.mean()) / math.sqrt(va + vb)), int(freedom)


def same_mean(one: Sequence[float], other: Sequence[float], *, level: float) -> bool:
    """Whether two samples may have one mean: a two-sided Welch test at this level does not reject it."""
    t, freedom = welch(one, other)
    return abs(t) <= student_t(1.0 - level / 2.0, max(freedom, 1))
