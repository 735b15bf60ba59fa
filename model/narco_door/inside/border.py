"""Pressure on a corridor moves its rents: next door, to other corridors, and abroad (Dell 2015)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from narco_door.base.arrays import F8

if TYPE_CHECKING:
    from collections.abc import Mapping


class Moved(NamedTuple):
    """Rents on the move, US$ a month: ``out.sum() == into.sum() + abroad.sum()``."""

    out: F8  # [place] that leave the place
    into: F8  # [place] that arrive in it
    abroad: F8  # [place] of those that leave, what leaves the country


def pressure(inspectors: F8, corridor: F8, numbers: Mapping[str, float]) -> F8:
    """Share of a place's export rents that inspectors move elsewhere; 0 without any.

    Parameters
    ----------
    corridor : float64[place]
        Share of the nation's export rents: a large corridor needs more inspectors.
    """
    per = inspectors / np.maximum(numbers["border_scale"] * corridor, 1e-9)
    moved: F8 = numbers["border_most"] * (1.0 - np.exp(-per))
    return moved


def move(rents: F8, share: F8, *, near: NDArray[np.bool_], corridor: F8, numbers: Mapping[str, float]) -> Moved:
    """Move a share of each place's rents to its neighbours, to the corridors beyond, and abroad.

    What would go to neighbours or to other corridors where there are none goes abroad.
    """
    out = rents * share
    next_door, beyond = numbers["border_near"] * out, numbers["border_far"] * out
    if not out.any():
        return Moved(out, out, out)
    far = ~near & ~np.eye(len(rents), dtype=bool)
    to_near, to_far = (_shares(where, corridor) for where in (near, far))
    abroad = out - next_door * to_near.any(axis=1) - beyond * to_far.any(axis=1)
    into = (next_door[:, None] * to_near + beyond[:, None] * to_far).sum(axis=0)
    return Moved(out, into, abroad)


def _shares(where: NDArray[np.bool_], corridor: F8) -> F8:
    """Shares in which the rents of a row go to the places of its columns, by their corridors."""
    weight = where * corridor[None, :]
    total = weight.sum(axis=1, keepdims=True)
    shares: F8 = np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)
    return shares
