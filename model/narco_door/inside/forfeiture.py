"""Forfeiture: seized cash is made good in product, which is sold locally; seized cars are replaced by stolen ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from narco_door.base.arrays import F8

if TYPE_CHECKING:
    from collections.abc import Mapping


class Seized(NamedTuple):
    """A month of forfeiture; each float64[place]."""

    cash: F8  # US$ seized
    product: F8  # US$ of product paid in its stead
    sold: F8  # US$ of that product at street value
    net: F8  # US$ that contestable rents change
    cars: F8  # cars seized, and as many stolen


def seize(members: F8, cost: F8, law: Mapping[str, float], numbers: Mapping[str, float]) -> Seized:
    """One month of forfeiture.

    Parameters
    ----------
    members : float64[place]
        Members of cartels.
    cost : float64[place]
        What one costs, US$ a month.
    """
    cash = law["forfeiture_cash"] * members * cost
    product = numbers["paid_in_product"] * cash
    sold = numbers["product_markup"] * product
    cars = law["forfeiture_cars"] * numbers["cars_per_member"] * members
    return Seized(cash, product, sold, numbers["retail_rents"] * sold - cash, cars)
