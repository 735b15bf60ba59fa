"""The hiring of minors: the less they are punished relative to adults, the more of the offers go to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from narco_door.base.ages import ADULT, LAST_AGE, YEAR
from narco_door.base.arrays import F8

if TYPE_CHECKING:
    from collections.abc import Mapping


def preference(law: Mapping[str, float], numbers: Mapping[str, float]) -> float:
    """Offers to a minor relative to an adult; 1 at the sanctions of 2007 (elasticity after Levitt 1998)."""
    return float(law["juvenile_ratio"] ** -numbers["minors_elasticity"])


def sought(numbers: Mapping[str, float], switches: Mapping[str, bool]) -> F8:
    """Offers by month of age relative to those to an older adult, float64[LAST_AGE]: recruiters look for the young.

    A logistic step down around the 18th birthday, from ``1 + sought_young`` to 1.
    """
    if not switches["young_sought"]:
        return np.ones(LAST_AGE)
    beyond = (np.arange(LAST_AGE) - ADULT) / (numbers["sought_years"] * YEAR)
    offers: F8 = 1.0 + numbers["sought_young"] / (1.0 + np.exp(beyond))
    return offers


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
