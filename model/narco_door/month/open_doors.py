"""The legitimate doors: how wide each stands this month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from narco_door.base.arrays import F8
from narco_door.base.doors import FORMAL, PRECARIOUS
from narco_door.month.beat import Result, beat
from narco_door.month.disburse import Paid
from narco_door.month.rooms import Meant, anywhere, room
from narco_door.month.world import World, behind, residents, upper_school
from narco_door.street import trends


@dataclass(frozen=True)
class Opened(Result):
    """How wide the legitimate doors stand.

    Attributes
    ----------
    felt : float64[place]
        Fear beyond that of the first month, as far as it keeps people at home.
    served : float64[place]
        Share of residents whom public transport built by a lever serves.
    """

    felt: F8
    served: F8


@beat(reads="doors counts corruption_and_fear", writes="doors")
def open_doors(world: World, paid: Paid) -> Opened:
    """How wide each legitimate door stands this month."""
    n, felt = world.numbers, world.corruption_and_fear.felt()
    riders = paid.at_work["public_transport"] * n["residents_per_km"]
    served = 1.0 - np.exp(-riders / residents(world))
    if world.month > world.start or not world.switches["balanced_start"]:  # in balance the first widths are known
        _open_school(world, paid, felt)
        world.doors.open_formal(
            formal=behind(world, [FORMAL]), served=served, felt=felt, apprentices=paid.at_work["apprenticeships"],
            growth=float((1.0 + n["job_growth"]) ** ((world.month - world.start) / 12.0)),
        )  # fmt: skip
    return Opened({}, felt=felt, served=served)


def _open_school(world: World, paid: Paid, felt: F8) -> None:
    """Places at school grow with those of 15-24, with the years, and by what is paid for."""
    doors, more = world.doors, paid.at_work["school_places"]
    if not world.switches["school_seats"]:
        doors.open_school(seats=more, school_age=paid.school_age, felt=felt)
        return
    pupils, of_age = upper_school(world.counts, world.weight)
    years = (world.month - world.start) / 12.0
    grown = of_age / world.doors.of_age_first * trends.seats(world.numbers, world.switches, years=years)
    doors.seat(seats=doors.seats_first * grown + more, pupils=pupils, felt=felt)


# --- how many units can be of use ---


room("public_transport")(anywhere)


@room("school_places")
def _missing_seats(world: World, meant: Meant) -> F8:
    return (1.0 - world.doors.school_first) * meant.school_age


@room("apprenticeships")
def _without_formal_work(world: World, meant: Meant) -> F8:
    return behind(world, PRECARIOUS) * world.numbers["apprenticeships_most"]
