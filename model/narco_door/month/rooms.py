"""How many units of a lever can be of use in a place: said beside the beat in which the lever acts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from narco_door.base.arrays import F8
from narco_door.base.declared import levers
from narco_door.base.errors import UserError
from narco_door.month.world import World


@dataclass(frozen=True)
class Meant:
    """For whom programmes are meant this month.

    Attributes
    ----------
    poor : mapping of lever to float64[place]
        Poor youths of the ages for which a programme is meant.
    school_age : float64[place]
        Youths of 15-17, of whom each needs a seat.
    """

    poor: Mapping[str, F8]
    school_age: F8


type Room = Callable[[World, Meant], F8]

_ROOMS: dict[str, Room] = {}


def room(lever: str) -> Callable[[Room], Room]:
    """Declare what follows as the room of a lever: units of use in each place this month, float64[place]."""

    def declared(units: Room) -> Room:
        _ROOMS[lever] = units
        return units

    return declared


def anywhere(world: World, meant: Meant) -> F8:
    """No limit: what a unit adds saturates by itself, or it is at work in the whole country."""
    return np.full(len(world.places), np.inf)


def rooms(world: World, meant: Meant) -> dict[str, F8]:
    """How many units of each lever can be of use in a place this month.

    Raises
    ------
    UserError
        If no beat says it of a lever: without a limit, money would seem to be spent and do nothing.
    """
    for lever in levers():
        if lever not in _ROOMS:
            raise UserError(f'the lever {lever} has no room; expected @room("{lever}") beside the beat where it acts')
    return {lever: _ROOMS[lever](world, meant) for lever in levers()}
