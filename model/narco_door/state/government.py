"""The government: promised money becomes slots, officers and operations, with lag and leakage, to the cent.

Accounts are integers (cents), so that money in = spent + leaked + left holds exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import mesa
import numpy as np

from narco_door.base.arrays import F8, I8
from narco_door.base.columns import Column
from narco_door.base.declared import Lever, levers

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from narco_door.scenario import Order
    from narco_door.scenario.conditions import Trigger

CENTS = 100


@dataclass(frozen=True)
class Keys:
    """Weights by which a month's money is shared between places, each float64[place]."""

    need: F8
    population: F8
    violence: F8


def apportion(cents: int, weights: F8) -> I8:
    """Whole cents by place in proportion to weights; the sum is exactly `cents`."""
    total = weights.sum()
    shares = weights / total if total > 0 else np.full(weights.size, 1.0 / weights.size)
    edges = np.zeros(weights.size + 1, np.int64)
    edges[1:] = np.floor(np.cumsum(shares) * cents + 0.5)
    edges[-1] = cents
    return edges[1:] - edges[:-1]


def monthly_cents(musd_year: float, month: int) -> int:
    """What a promise of US$ m a year comes to in a month; twelve months add up to the year."""
    year = round(musd_year * 1e8)
    k = month % 12
    return year * (k + 1) // 12 - year * k // 12


def in_force(order: Order, month: int, begun: Container[Trigger]) -> bool:
    """Whether an order stands in a month, given the conditions that were met."""
    waits = order.when is not None and order.when not in begun
    return order.start <= month < order.end and not waits and not any(t in begun for t in order.unless)


class Government(mesa.Agent):  # type: ignore[misc]
    """Money in, services out."""

    spent: Annotated[I8, Column("lever, place", unit="cents", meaning="spent this month")]
    leaked: Annotated[I8, Column("lever, place", unit="cents", meaning="leaked this month")]
    service: Annotated[
        F8, Column("lever, place", unit="units of the lever", meaning="what this month's money has at work")
    ]
    stock: Annotated[F8, Column("lever, place", unit="km, square metres", meaning="lasting works that stand")]
    returned: Annotated[
        I8, Column("lever, place", unit="cents", meaning="disbursed and of no use to anyone; given back")
    ]
    pipeline: Annotated[I8, Column("order", unit="cents", meaning="promised and not yet disbursed")]
    waiting: Annotated[
        I8,
        Column("order", unit="cents", meaning="earmarked from the taxes of this month, to be promised in the next"),
    ]
    promised: Annotated[I8, Column("lever", unit="cents", meaning="promised this month")]
    cum_promised: Annotated[I8, Column("lever", unit="cents", meaning="promised since the first month")]

    def __init__(
        self,
        model: mesa.Model,
        orders: tuple[Order, ...],
        *,
        numbers: Mapping[str, float],
        places: int,
        codes: tuple[str, ...],
    ) -> None:
        super().__init__(model)
        self.numbers, self.codes = numbers, codes
        self.levers: tuple[Lever, ...] = tuple(levers().values())
        self.index = {lever.name: k for k, lever in enumerate(self.levers)}
        n = len(self.levers)
        self.unit_cents = np.array([lever.unit_cost * CENTS for lever in self.levers])
        self.months_per_unit = np.array([lever.months_per_unit for lever in self.levers])
        self._take(orders)
        self.promised = np.zeros(n, np.int64)
        self.returned = np.zeros((n, places), np.int64)
        self.spent, self.leaked = np.zeros((n, places), np.int64), np.zeros((n, places), np.int64)
        self.service, self.stock = np.zeros((n, places)), np.zeros((n, places))
        self.cum_promised = np.zeros(n, np.int64)

    def _take(self, orders: tuple[Order, ...]) -> None:
        """Begin with these orders, and nothing promised."""
        self.orders = orders
        self.lever_of = np.array([self.index[order.lever] for order in orders], np.int64)
        self.lag = [
            self.numbers["aid_lag_months"] if order.channel == "aid" else self.levers[k].lag_months
            for order, k in zip(orders, self.lever_of, strict=True)
        ]
        self.pipeline, self.waiting = np.zeros(len(orders), np.int64), np.zeros(len(orders), np.int64)

    def follow(self, orders: tuple[Order, ...]) -> None:
        """Go on under other orders; what was promised under those that stay is still on its way.

        Raises
        ------
        ValueError
            Money is on its way under an order that is not among them.
        """
        owed = {order: (self.pipeline[k], self.waiting[k]) for k, order in enumerate(self.orders)}
        lost = [order.lever for order, cents in owed.items() if any(cents) and order not in orders]
        if lost:
            raise ValueError(f"money is on its way under orders that would be gone: {', '.join(lost)}")
        self._take(orders)
        for k, order in enumerate(orders):
            self.pipeline[k], self.waiting[k] = owed.get(order, (0, 0))

    def disburse(
        self, month: int, keys: Keys, *, corruption: F8, room: Mapping[str, F8], begun: Container[Trigger] = ()
    ) -> None:
        """One month of money.

        Parameters
        ----------
        keys : Keys
            How money is shared between places.
        corruption : float64[place]
            The share that leaks is `leakage` times this.
        room : mapping of lever to float64[place]
            How many units can be of use this month; what would buy more is returned.
        begun : conditions
            Those that were met: orders that wait for one of them are in force, those that it replaces are not.
        """
        self._promise(month, begun)
        self.spent[:], self.leaked[:] = 0, 0
        for k in np.flatnonzero(self.pipeline):
            cents = int(self.pipeline[k] / max(self.lag[k], 1.0)) or int(self.pipeline[k])  # the last cents at once
            self.pipeline[k] -= cents
            by_place = apportion(cents, self._weights(self.orders[k].allocation, keys))
            leak = np.floor(by_place * np.minimum(self.numbers["leakage"] * corruption, 1.0)).astype(np.int64)
            self.leaked[self.lever_of[k]] += leak
            self.spent[self.lever_of[k]] += by_place - leak
        self._buy(room)

    def _promise(self, month: int, begun: Container[Trigger]) -> None:
        self.promised[:] = 0
        for k, order in enumerate(self.orders):
            if in_force(order, month, begun):
                cents = monthly_cents(order.musd_year, month)
                self.pipeline[k] += cents
                self.promised[self.lever_of[k]] += cents
        if self.waiting.any():
            self.pipeline += self.waiting
            np.add.at(self.promised, self.lever_of, self.waiting)
            self.waiting[:] = 0
        self.cum_promised += self.promised

    def collect(self, month: int, cents: int, *, begun: Container[Trigger]) -> int:
        """Put aside what this month's taxes owe to levers; return it in cents, the rest being the treasury's."""
        for k, order in enumerate(self.orders):
            if order.share and in_force(order, month, begun):
                self.waiting[k] = int(cents * order.share)
        return int(self.waiting.sum())

    def _weights(self, allocation: str | tuple[tuple[str, float], ...], keys: Keys) -> F8:
        if isinstance(allocation, str):
            weights: F8 = getattr(keys, allocation)
            return weights
        shares = dict(allocation)
        return np.array([shares.get(code, 0.0) for code in self.codes])

    def _buy(self, room: Mapping[str, F8]) -> None:
        """Units at work this month, at most as many as can be of use; the rest of the money is returned."""
        per_unit = (self.unit_cents / self.months_per_unit)[:, None]
        most = np.floor(np.maximum([room[lever.name] for lever in self.levers], 0.0) * per_unit)
        extra = np.maximum(self.spent - np.minimum(most, 9e17).astype(np.int64), 0)
        self.returned += extra
        self.spent -= extra
        self.service = self.spent / per_unit
        lasting = [lever.lasting for lever in self.levers]
        self.stock[lasting] = self.stock[lasting] * (1.0 - self.numbers["works_decay"]) + self.service[lasting]

    def at_work(self, lever: str) -> F8:
        """Units of a lever at work this month by place (for lasting works, all that stand)."""
        k = self.index[lever]
        table = self.stock if self.levers[k].lasting else self.service
        row: F8 = table[k]
        return row

    def left(self) -> I8:
        """Cents promised and neither spent nor leaked, by lever."""
        left = self.returned.sum(axis=1)
        np.add.at(left, self.lever_of, self.pipeline)
        return left
