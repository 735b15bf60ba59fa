"""The hiring of minors: the less they are punished relative to adults, the more of the offers go to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from narco_door.base.arrays import F8

if TYPE_CHECKING:
    from collections.abc import Mapping


def preference(law: Mapping[str, float], numbers: Mapping[str, float]) -> float:
    """Offers to a minor relative to an adult; 1 at the sanctions of 2007 (elasticity after Levitt 1998)."""
    return float(law["juvenile_ratio"] ** -numbers["minors_elasticity"])


def dilution(preferred: float, share: F8) -> F8:
    """Offers to an adult relative to before, so that offers in all stay the same.

    Parameters
    ----------
    preferred : float
        Offers to a minor relative to an adult.
    share : float64[place]
        Minors among those who look at the narco door.
    """
    return 1.0 / (1.0 + share * (preferred - 1.0))
