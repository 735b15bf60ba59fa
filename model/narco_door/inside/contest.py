"""The contest for the rents of a place: who wants how many members there.

Groups that fight over the same rents each choose their force, as in the contest of Tullock (1980), in which some are
more effective than others; all of them together stand in its Nash equilibrium, which has a closed form.  A group at
peace needs only those who produce for it.
"""

from __future__ import annotations

import numpy as np

from narco_door.base.arrays import F8, Mask
from narco_door.base.compiling import njit


def shares(cost: F8) -> F8:
    """Share of the prize of each place that each claimant holds when nobody would rather have another force.

    With n claimants who stay in, it is ``1 - (n - 1) cost / sum(cost)``; of those who could take part, the dearest
    stay out for whom that is negative.  A claimant alone holds all.

    Parameters
    ----------
    cost : float64[cartel, place]
        Cost of a unit of force, relative to each other; infinite where a cartel takes no part.

    Returns
    -------
    float64[cartel, place]
        They add up to 1 wherever anybody takes part.
    """
    out = np.zeros(cost.shape)
    _shares(cost, np.sort(cost, axis=0), out)
    return out


def armed(prize: F8, share: F8, wage: F8) -> F8:
    """Members whom each claimant has in that equilibrium, [cartel, place].

    Each spends ``prize * share * (1 - share)``: n equal ones ``prize (n - 1) / n**2``, and one alone nothing.

    Parameters
    ----------
    prize, wage : float64[place]
        US$ a month, of the place and of a member.
    """
    return prize * share * (1.0 - share) / wage


@njit(cache=True)
def _shares(cost, ranked, out):  # type: ignore[no-untyped-def]
    for place in range(cost.shape[1]):
        force, whole = _per_prize(ranked[:, place]), 0.0
        for k in range(cost.shape[0]):
            if cost[k, place] < np.inf:
                out[k, place] = max(1.0 - cost[k, place] * force, 0.0)
                whole += out[k, place]
        for k in range(cost.shape[0]):
            out[k, place] /= whole if whole > 0.0 else 1.0


@njit
def _per_prize(ranked):  # type: ignore[no-untyped-def]
    """Whole force of a place for each unit of its prize, given the costs of its claimants from low to high.

    It is 0 where fewer than two take part; infinite costs count for nothing.
    """
    n, paid, total = 0, 0.0, 0.0
    for k in range(ranked.size):
        total += ranked[k]
        if ranked[k] * k < total:
            n, paid = n + 1, paid + ranked[k]
    return (n - 1.0) / paid if n > 1 else 0.0


def wanted(rents: F8, wage: F8, cost: F8, fighting: Mask, *, produce: float, contested: float) -> F8:
    """Members that each cartel wants in each place: those who produce, and those who fight for the rest.

    Parameters
    ----------
    rents, wage : float64[place]
        US$ a month, of the place and of a member.
    cost : float64[cartel, place]
        As in `shares`; infinite where a cartel makes no claim.
    fighting : bool[cartel, place]
        Who is at war there: they contest what they would hold together, and nobody else's.
    produce : float
        Share of the rents that goes to production.
    contested : float
        Share of the rents that those at war fight over.
    """
    claim = shares(cost)
    prize = contested * rents * (claim * fighting).sum(axis=0)
    return produce * rents * claim / wage + armed(prize, shares(np.where(fighting, cost, np.inf)), wage)
