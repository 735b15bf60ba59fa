"""The contest for the rents of a place: who wants how many members there.

Groups that fight over the same rents each choose their force, as in the contest of Tullock (1980), in which some are
more effective than others; all of them together stand in its Nash equilibrium, which has a closed form.  A group at
peace needs only those who produce for it.
"""

from __future__ import annotations

import numpy as np

from narco_door.base.arrays import F8, Mask


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
    part = np.isfinite(cost)
    share = np.where(part, np.maximum(1.0 - np.where(part, cost, 0.0) * _per_prize(cost), 0.0), 0.0)
    total = share.sum(axis=0)
    part_of: F8 = np.divide(share, total, out=np.zeros_like(share), where=total > 0)
    return part_of


def armed(prize: F8, share: F8, wage: F8) -> F8:
    """Members whom each claimant has in that equilibrium, [cartel, place].

    Each spends ``prize * share * (1 - share)``: n equal ones ``prize (n - 1) / n**2``, and one alone nothing.

    Parameters
    ----------
    prize, wage : float64[place]
        US$ a month, of the place and of a member.
    """
    return prize * share * (1.0 - share) / wage


def _per_prize(cost: F8) -> F8:
    """Whole force of each place for each unit of its prize, float64[place]: 0 where fewer than two take part."""
    ranked = np.sort(cost, axis=0)
    number = np.arange(1, cost.shape[0] + 1)[:, None]
    part = np.isfinite(ranked)
    ranked = np.where(part, ranked, 0.0)
    stays = part & (ranked * (number - 1) < np.cumsum(ranked, axis=0))
    n = stays.sum(axis=0)
    paid = np.where(stays, ranked, 0.0).sum(axis=0)
    whole: F8 = np.divide(n - 1.0, paid, out=np.zeros(cost.shape[1]), where=n > 1)
    return whole


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
