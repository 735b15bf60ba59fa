"""Proper scores of forecasts that are given as members, and how well a set of members is spread.

They are closed sums of a line or two each (Gneiting and Raftery 2007, Journal of the American Statistical Association
102:359-378), so that the command needs no library for them.
"""

from __future__ import annotations

import numpy as np

from narco_door.base.arrays import F8, Mask


def crps(members: F8, truth: F8) -> F8:
    """Continuous ranked probability score, float64[...]: 0 is perfect, of one member it is the absolute error.

    Parameters
    ----------
    members
        float64[member, ...], of the same weight each.
    truth
        float64[...], in the same unit, which is that of the score.
    """
    near = np.abs(members - truth).mean(axis=0)
    apart = np.abs(members[:, None] - members[None]).mean(axis=(0, 1))
    score: F8 = near - apart / 2.0
    return score


def energy(members: F8, truth: F8) -> F8:
    """The same of a whole vector of places: distances are those of vectors, so that places must go together.

    Parameters
    ----------
    members
        float64[member, ..., place].
    truth
        float64[..., place].

    Returns
    -------
    float64[...]
        Of one place it is `crps`.
    """
    near = np.linalg.norm(members - truth, axis=-1).mean(axis=0)
    apart = np.linalg.norm(members[:, None] - members[None], axis=-1).mean(axis=(0, 1))
    score: F8 = near - apart / 2.0
    return score


def covered(members: F8, truth: F8, level: float) -> Mask:
    """Whether the truth lies in the middle interval of this level, bool[...]; as in `crps`."""
    low, high = np.quantile(members, [(1.0 - level) / 2.0, (1.0 + level) / 2.0], axis=0)
    inside: Mask = (low <= truth) & (truth <= high)
    return inside


def ranks(members: F8, truth: F8, lots: F8) -> F8:
    """Where the truth stands among the members, between 0 and 1, float64[...].

    If it is a draw like any of them these are uniform, whatever the number of members and however many are equal.

    Parameters
    ----------
    members, truth
        As in `crps`.
    lots
        Uniform numbers, float64[...], which decide among equals and within the rank.
    """
    below, equal = (members < truth).sum(axis=0), (members == truth).sum(axis=0)
    found: F8 = (below + lots * (equal + 1.0)) / (len(members) + 1.0)
    return found
