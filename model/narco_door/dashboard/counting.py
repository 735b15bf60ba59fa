"""From which month everything is counted: on the page, in its command, its Python and its files."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from narco_door.scenario import Order, Scenario
from narco_door.scenario.parting import parting


def counted_from(policy: Scenario, reference: Scenario) -> int:
    """The first month in which two scenarios pay or tell of different things; the last of the run if none does.

    An order that is cut in two pays the same until the cut, so this may lie after the month from which both are lived
    apart.
    """
    last, apart = policy.run.end - 1, parting(policy, reference)
    if policy.triggers != reference.triggers:
        return min(apart, last)
    otherwise = parting(replace(policy, orders=()), replace(reference, orders=()))
    months = range(apart, min(otherwise, last))
    return next((month for month in months if _paid(policy, month) != _paid(reference, month)), min(otherwise, last))


def _paid(scenario: Scenario, month: int) -> Counter[Order]:
    """The orders that pay in a month, whatever they are called and however long they last."""
    return Counter(
        replace(order, start=0, end=0, phase="") for order in scenario.orders if order.start <= month < order.end
    )
