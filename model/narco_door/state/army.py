"""Soldiers beside the police: they cannot be bought locally, their pay makes them last, and they harm bystanders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from narco_door.base.arrays import F8
from narco_door.base.declared import laws, levers

if TYPE_CHECKING:
    from collections.abc import Mapping


def soldiers(bought: F8, pay: float) -> F8:
    """Soldiers on duty: the money for one buys fewer when each is paid more.

    Parameters
    ----------
    bought : float64[place]
        Soldiers at the pay of the status quo.
    pay : float
        US$ a month.
    """
    dearer = 1.0 + 12.0 * (pay - laws()["army_pay"].value) / levers()["army"].unit_cost
    return bought / dearer


def strength(pay: float, numbers: Mapping[str, float]) -> float:
    """Work of a soldier relative to one at the pay of the status quo, who deserts sooner."""
    return float((pay / laws()["army_pay"].value) ** numbers["soldier_strength"])


def arrests(work: F8, *, officers: F8, base: F8, honest: float, numbers: Mapping[str, float]) -> F8:
    """What soldiers add to the effort of arresting, relative to the police of the first month.

    As the police do, with the same falling returns, but as a force in which nobody is bought.

    Parameters
    ----------
    work : float64[place]
        Soldiers times their strength.
    officers, base : float64[place]
        Police there are, and those that stood without the lever.
    honest : float
        Share of honest officers in the mean place of the first month.
    """
    power = numbers["arrest_by_officers"]
    officers_like = officers + numbers["soldier_arrests"] * work
    return ((officers_like / base) ** power - (officers / base) ** power) / honest


def harm(number: F8, numbers: Mapping[str, float]) -> F8:
    """Bystanders whom soldiers kill in a month."""
    return numbers["soldier_harm"] / 1000.0 * number
