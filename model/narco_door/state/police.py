"""A purge of the police: fired officers are hired next door, join a cartel or are out; others come off the street."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from narco_door.base.arrays import F8

if TYPE_CHECKING:
    from collections.abc import Mapping


class Purged(NamedTuple):
    """Officers of a month, float64[place]: ``fired = left_for + joined + out``, ``left_for.sum() == hired.sum()``."""

    fired: F8
    left_for: F8  # of these, hired by a force next door
    joined: F8  # joined a cartel
    out: F8  # neither
    hired: F8  # fired next door and hired here
    off_street: F8  # hired off the street for posts still empty
    corruption: F8  # share of corrupt officers afterwards


def purge(
    corruption: F8, officers: F8, *, near: NDArray[np.bool_], law: Mapping[str, float], numbers: Mapping[str, float]
) -> Purged:
    """Fire a share of the corrupt officers of every place and fill their posts; forces keep their size.

    Those hired next door bring their corruption along.  Where more of them come than posts are empty they replace
    officers who leave in the ordinary course, corrupt or not.
    """
    fired = law["purge"] * corruption * officers
    beside = _beside(near, officers)
    left_for = fired * numbers["rehired_share"] * (1.0 - law["police_register"]) * beside.any(axis=1)
    joined = (fired - left_for) * numbers["fired_join"]
    hired = (left_for[:, None] * beside).sum(axis=0)
    off_street = np.maximum(fired - hired, 0.0)
    surplus = np.maximum(hired - fired, 0.0)
    corrupt = corruption * officers - fired
    change = hired + numbers["street_corruption"] * off_street - surplus * corrupt / np.maximum(officers, 1e-9)
    after = corruption + (change - fired) / np.maximum(officers, 1e-9)
    return Purged(fired, left_for, joined, fired - left_for - joined, hired, off_street, np.clip(after, 0.001, 0.999))


def _beside(near: NDArray[np.bool_], officers: F8) -> F8:
    """Shares in which the fired of a row are hired by the forces of its columns, by their size."""
    weight = near * officers[None, :]
    total = weight.sum(axis=1, keepdims=True)
    shares: F8 = np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)
    return shares
