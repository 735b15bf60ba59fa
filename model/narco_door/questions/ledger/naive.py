"""Forecasts without a model, to be no worse than: what was last is kept, or the past goes on as a straight line.

Each gets the past alone and gives members, float64[member, year, place], which are never below zero.
"""

from __future__ import annotations

import numpy as np

from narco_door.base.arrays import F8
from narco_door.results.intervals import student_t

_SLICES = 99
"""Members of a forecast that is known by its quantiles."""


def kept(past: F8, ahead: int) -> F8:
    """The last year for ever: one member.

    Parameters
    ----------
    past
        float64[year, place], year after year.
    ahead
        How many years to forecast.
    """
    return np.repeat(past[-1][None, None], ahead, axis=1)


def kept_with_spread(past: F8, ahead: int) -> F8:
    """The last year, and up and down from it each yearly change of the past, after h years sqrt(h) times as much.

    That is a random walk without drift whose steps are those that were seen. The states of a member change together,
    as they did in the year that it is taken from. Arguments as in `kept`.
    """
    steps = np.diff(past, axis=0)
    steps = np.concatenate([np.zeros_like(steps[:1]), steps, -steps])
    years = np.sqrt(np.arange(1.0, ahead + 1.0))[:, None]
    found: F8 = np.maximum(past[-1] + steps[:, None] * years, 0.0)
    return found


def line(past: F8, ahead: int) -> F8:
    """A straight line through the past by least squares, with its prediction interval (Student's t) as quantiles.

    Arguments as in `kept`.
    """
    n = len(past)
    year = np.arange(n) - (n - 1) / 2.0
    slope, level = year @ past / (year @ year), past.mean(axis=0)
    left = past - level - np.outer(year, slope)
    error = np.sqrt((left**2).sum(axis=0) / (n - 2))
    later = np.arange(n, n + ahead)[:, None] - (n - 1) / 2.0
    wide = error * np.sqrt(1.0 + 1.0 / n + later**2 / (year @ year))
    t = np.array([student_t((k + 0.5) / _SLICES, n - 2) for k in range(_SLICES)])
    found: F8 = np.maximum(level + slope * later + t[:, None, None] * wide, 0.0)
    return found
