"""The market in the US: what cartels earn from exports, what a legal trade takes, what goes on locally."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from narco_door.base.arrays import F8

if TYPE_CHECKING:
    from collections.abc import Mapping

    from narco_door.country.places import Places


def trend(rate: float, months: int) -> float:
    """Growth by a constant yearly rate since the first month."""
    return float((1.0 + rate) ** (months / 12.0))


def price(squeeze: float, elasticity: float) -> float:
    """US price relative to the old one when the share `squeeze` of supply is kept away.

    Buyers take ``price ** -elasticity`` of the old quantity, so the price rises until they want what is left.
    """
    return float((1.0 - squeeze) ** (-1.0 / elasticity))


def revenue(squeeze: float, elasticity: float) -> float:
    """What buyers spend relative to before, ``(1 - squeeze) ** (1 - 1 / elasticity)``: scarcity raises it where
    the elasticity is below 1.
    """
    return float((1.0 - squeeze) ** (1.0 - 1.0 / elasticity))


def exports(corridor: F8, numbers: Mapping[str, float], law: Mapping[str, float], *, months: int, kept: float) -> F8:
    """Export rents of each corridor, US$ a month.

    Parameters
    ----------
    corridor : float64[place]
        Share of the nation's that arises there.
    months : int
        Since the first month: demand grows by a constant yearly rate.
    kept : float
        Rents that can be kept relative to the first month (technology and laundering).
    """
    exports = numbers["export_rents"] * 1e6
    total = exports * corridor * trend(numbers["demand_growth"], months)
    squeezed = revenue(law["supply_squeeze"], numbers["demand_elasticity"])
    return total * law["us_demand"] * squeezed * kept


def rents(exported: F8, rackets: F8 | None, numbers: Mapping[str, float], *, transfers: F8, extortion: bool) -> F8:
    """Contestable rents of each place, US$ a month.

    Parameters
    ----------
    exported : float64[place]
        Export rents that arise there.
    rackets : float64[place], optional
        What `local` gives; None if there are no local rackets, and then nothing is extorted either.
    transfers : float64[place]
        US$ of cash transfers paid in the place this month; a share is extorted.
    extortion : bool
        Whether rackets take from transfers.
    """
    if rackets is None:
        return exported
    total = exported + rackets
    return total + numbers["transfer_extortion_rate"] * transfers if extortion else total


def local(places: Places, numbers: Mapping[str, float], population: F8) -> F8:
    """Rents of extortion and retail drugs, by residents and their pay, US$ a month."""
    weight = places.pay / np.average(places.pay, weights=population)
    rackets: F8 = numbers["racket_rate"] * population * weight
    return rackets
