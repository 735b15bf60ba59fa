"""Rents: what cartels fight over, from US demand and from the places they stand in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from narco_door.arrays import F8

if TYPE_CHECKING:
    from collections.abc import Mapping

    from narco_door.places import Places


def demand_index(month: int, start: int, numbers: Mapping[str, float]) -> float:
    """US demand relative to the first month of the run: a constant yearly trend."""
    return float((1.0 + numbers["demand_growth"]) ** ((month - start) / 12.0))


def rents(
    places: Places, numbers: Mapping[str, float], *, population: F8, demand: float, transfers: F8,
    rackets: bool, extortion: bool,
) -> F8:  # fmt: skip
    """Contestable rents of each place, US$ a month.

    Parameters
    ----------
    population : float64[place]
        Residents; rackets and retail drugs earn in proportion to residents and their pay.
    demand : float
        US demand relative to the start; it scales export rents.
    transfers : float64[place]
        US$ of cash transfers paid in the place this month; a share is extorted.
    rackets, extortion : bool
        Whether local rackets exist, and whether they take from transfers.
    """
    total = numbers["export_rents"] * 1e6 * places.corridor_share * demand
    if rackets:
        weight = places.pay / np.average(places.pay, weights=population)
        total = total + numbers["racket_rate"] * population * weight
        if extortion:
            total = total + numbers["transfer_extortion_rate"] * transfers
    return total
