"""The contest for the rents of a place: who wants how many members there.

Groups that fight over the same rents each choose their force, as in the contest of Tullock (1980) with unequal
costs; all of them together stand in its Nash equilibrium, which has a closed form.  A group at peace needs only
those who produce for it.
"""

from __future__ import annotations

import numpy as np

from narco_door.base.arrays import F8, Mask


def forces(prize: F8, cost: F8) -> F8:
    """Force of each claimant of each place when nobody would rather have another one.

    With n claimants who stay in, the whole force is ``X = prize (n - 1) / sum(cost)`` and a claimant's
    ``X (1 - cost X / prize)``; of those who could take part, the dearest stay out for whom that is negative.
    Equal costs give ``prize (n - 1) / (n**2 cost)`` each, and a claimant alone needs nobody.

    Parameters
    ----------
    prize : float64[place]
        US$ a month.
    cost : float64[cartel, place]
        US$ a month for a member; infinite where a cartel takes no part.

    Returns
    -------
    float64[cartel, place]
        Members.
    """
    whole = prize * _per_prize(cost)
    margin = 1.0 - np.where(np.isfinite(cost), cost, 0.0) * _per_prize(cost)
    return np.where(np.isfinite(cost), whole * np.maximum(margin, 0.0), 0.0)


def shares(cost: F8) -> F8:
    """Share of the rents of each place that each claimant would hold in the contest, [cartel, place].

    They add up to 1 wherever anybody claims the place; a claimant alone has all.
    """
    part = np.isfinite(cost)
    share = np.where(part, np.maximum(1.0 - np.where(part, cost, 0.0) * _per_prize(cost), 0.0), 0.0)
    total = share.sum(axis=0)
    return np.divide(share, total, out=np.zeros_like(share), where=total > 0)


def _per_prize(cost: F8) -> F8:
    """Whole force in a place for each US$ of the prize, float64[place]: 0 where fewer than two take part."""
    ranked = np.sort(cost, axis=0)
    number = np.arange(1, cost.shape[0] + 1)[:, None]
    part = np.isfinite(ranked)
    summed = np.cumsum(np.where(part, ranked, 0.0), axis=0)
    stays = part & (np.where(part, ranked, 0.0) * (number - 1) < summed)
    n = stays.sum(axis=0)
    paid = np.where(stays, ranked, 0.0).sum(axis=0)
    return np.divide(n - 1.0, paid, out=np.zeros(cost.shape[1]), where=n > 1)


def wanted(rents: F8, cost: F8, fighting: Mask, *, produce: float, contested: float) -> F8:
    """Members that each cartel wants in each place: those who produce, and those who fight for the rest.

    Parameters
    ----------
    rents : float64[place]
        US$ a month.
    cost : float64[cartel, place]
        US$ a month for a member; infinite where a cartel makes no claim.
    fighting : bool[cartel, place]
        Who is at war there: they contest what they would hold together, and nobody else's.
    produce : float
        Share of the rents that goes to production.
    contested : float
        Share of the rents that those at war fight over.
    """
    share = shares(cost)
    makers = np.where(share > 0, produce * rents * share / np.where(share > 0, cost, 1.0), 0.0)
    prize = contested * rents * (share * fighting).sum(axis=0)
    return makers + forces(prize, np.where(fighting, cost, np.inf))
