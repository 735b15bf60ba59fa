"""Cartels turn on the population: extortion, kidnapping and trafficking by small groups and after a lost market."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from narco_door.base.arrays import F8

if TYPE_CHECKING:
    from collections.abc import Mapping


def small_share(held: F8, half: float) -> F8:
    """How far the members of each place stand in small groups, 0-1.

    Parameters
    ----------
    held : float64[cartel, place]
        Members.
    half : float
        Members in all at which a group counts as half small.
    """
    smallness = half / (held.sum(axis=1) + half)
    total = held.sum(axis=0)
    inside = (smallness[:, None] * held).sum(axis=0)  # no product of matrices: its last bit is not the same everywhere
    return np.where(total > 0, inside / np.maximum(total, 1.0), 0.0)


def predation(risen: F8, rackets: F8, lost: F8, numbers: Mapping[str, float]) -> F8:
    """What is taken from the population beyond the rackets of the first month, US$ a month.

    Parameters
    ----------
    risen : float64[place]
        Small share beyond that of the first month.
    rackets : float64[place]
        Rents of ordinary rackets, US$ a month.
    lost : float64[place]
        Rents lost to a legal trade, US$ a month.
    """
    return numbers["diversification"] * np.maximum(risen, 0.0) * rackets + numbers["legal_turn"] * lost


def contact(taken: F8, rents: F8, numbers: Mapping[str, float]) -> F8:
    """Bystanders for each member killed, relative to before: more the more rents are taken from the population."""
    return 1.0 + numbers["contact_harm"] * taken / np.maximum(rents, 1.0)
