"""The legitimate doors: how wide each stands this month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from narco_door.base.arrays import F8
from narco_door.base.doors import FORMAL, PRECARIOUS
from narco_door.month.beat import Result, beat
from narco_door.month.disburse import Paid
from narco_door.month.rooms import Meant, anywhere, room
from narco_door.month.world import World, behind, residents


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
    world.doors.open_school(seats=paid.at_work["school_places"], school_age=paid.school_age, felt=felt)
    world.doors.open_formal(
        formal=behind(world, [FORMAL]), growth=float((1.0 + n["job_growth"]) ** ((world.month - world.start) / 12.0)),
        apprentices=paid.at_work["apprenticeships"], served=served, felt=felt,
    )  # fmt: skip
    return Opened({}, felt=felt, served=served)


# --- how many units can be of use ---


room("public_transport")(anywhere)


@room("school_places")
def _missing_seats(world: World, meant: Meant) -> F8:
    return (1.0 - world.doors.school_first) * meant.school_age


@room("apprenticeships")
def _without_formal_work(world: World, meant: Meant) -> F8:
    return behind(world, PRECARIOUS) * world.numbers["apprenticeships_most"]
