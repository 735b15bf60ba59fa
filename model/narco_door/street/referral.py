"""Whom programmes reach: by lottery, or sent by schools and street workers who see where recruits come from.

Nobody is scored.  What a referral goes by can be seen in the street: age band, sex and the door behind which somebody
stands, and how many of his like walked in lately.  Resistance to crime, which nobody can see, plays no part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from narco_door.base.arrays import F8, I8
from narco_door.base.doors import PRECARIOUS

if TYPE_CHECKING:
    from collections.abc import Mapping


def entry_rates(cell: I8, people: I8) -> F8:
    """Entries per person, float64[band, sex, door], of the whole country.

    Parameters
    ----------
    cell : int64[entry]
        Band, sex and door of those who walked in lately, as an index into the flat array.
    people : int64[place, band, sex, door]
    """
    entries = np.bincount(cell, minlength=people[0].size).reshape(people.shape[1:])
    rates: F8 = entries / np.maximum(people.sum(axis=0), 1)
    return rates


def leaning(rates: F8, people: I8, coverage: F8, *, law: Mapping[str, float], numbers: Mapping[str, float]) -> F8:
    """How much likelier than by lottery a programme reaches a youth, float64[place, band, sex, door].

    Over those outside school and formal work its mean is 1 in every place, so that nobody more is reached than is paid
    for; it is 1 elsewhere.

    Parameters
    ----------
    rates : float64[band, sex, door]
        Entries per person.
    coverage : float64[place]
        Share of those outside school and formal work whom a programme reaches.
    """
    lean = np.ones(people.shape)
    at_risk = people[..., PRECARIOUS].astype(np.float64)

    def mean(of: F8) -> F8:
        total: F8 = (at_risk * of).sum(axis=(1, 2, 3), keepdims=True)
        return total / np.maximum(at_risk.sum(axis=(1, 2, 3), keepdims=True), 1.0)

    rate = np.broadcast_to(rates[..., PRECARIOUS], at_risk.shape)
    usual = mean(rate)
    tilt = np.divide(rate, usual, out=np.ones_like(rate), where=usual > 0)
    tilt = np.minimum(tilt, numbers["referral_reach"])
    tilt = tilt / np.maximum(mean(tilt), 1e-12)
    room = (1.0 / np.maximum(coverage, 1e-12) - 1.0) / np.maximum(tilt.max(axis=(1, 2, 3)) - 1.0, 1e-12)
    degree = law["referral"] * np.clip(room, 0.0, 1.0)  # nobody is reached twice
    lean[..., PRECARIOUS] = 1.0 + degree[:, None, None, None] * (tilt - 1.0)
    return lean
