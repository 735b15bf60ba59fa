"""Money: what was promised becomes slots, officers and operations, with lag and leakage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from narco_door.base import doors as known
from narco_door.base.ages import LAST_AGE, SCHOLARSHIPS, TRANSFERS
from narco_door.base.arrays import F8
from narco_door.base.doors import PRECARIOUS
from narco_door.base.remembered import Laws
from narco_door.country.arrivals import poor_share
from narco_door.month.beat import Result, beat
from narco_door.month.rooms import Meant, room, rooms
from narco_door.month.world import World, behind, police, residents, youths
from narco_door.state import army
from narco_door.state.government import CENTS, Keys


@dataclass(frozen=True)
class Paid(Result):
    """What the state has at work this month.

    Attributes
    ----------
    at_work : mapping of lever to float64[place]
        Units: slots, officers, operations; of lasting works all that stand.
    poor : mapping of lever to float64[place]
        Poor youths of the ages for which a programme is meant.
    school_age : float64[place]
        Youths of 15-17, of whom each needs a seat.
    officers, soldiers : float64[place]
        Police, those whom a lever pays among them; soldiers on duty.
    transfers : float64[place]
        US$ of cash transfers.
    """

    at_work: Mapping[str, F8]
    poor: Mapping[str, F8]
    school_age: F8
    officers: F8
    soldiers: F8
    transfers: F8


@beat(
    reads="government lawbook counts doors cartels exits hearsay corruption_and_fear violence roll",
    writes="government",
)
def disburse(world: World, law: Laws) -> Paid:
    """Promised money becomes slots, officers and operations."""
    government, climate = world.government, world.corruption_and_fear
    meant = Meant(poor=_poor(world), school_age=_school_age(world))
    keys = Keys(need=youths(world) * climate.deprivation, population=residents(world), violence=world.violence)
    watchful = 1.0 - world.numbers["involved_money"] * law["involvement"]  # neighbours watch over public money
    government.disburse(
        world.month, keys, corruption=climate.corruption * watchful, room=rooms(world, meant),
        begun=world.lawbook.begun,
    )  # fmt: skip
    at_work = {lever.name: government.at_work(lever.name).copy() for lever in government.levers}
    return Paid(
        notes=_accounts(world), at_work=at_work, poor=meant.poor, school_age=meant.school_age,
        officers=police(world) + at_work["policing"],
        soldiers=army.soldiers(at_work["army"], law["army_pay"]) * world.switches["army"],
        transfers=government.spent[government.index["cash_transfers"]] / 100.0,
    )  # fmt: skip


def _poor(world: World) -> dict[str, F8]:
    """Poor youths at the ages for which a programme is meant, by place."""
    n, deprivation = world.numbers, world.corruption_and_fear.deprivation
    share = poor_share(deprivation, spread=n["deprivation_sd"], line=n["poor_line"])
    living = world.roll.living(world.month)  # oldest first: column k is one month short of the last age less k
    ages = {"scholarships": SCHOLARSHIPS, "cash_transfers": TRANSFERS}
    return {
        lever: living[:, LAST_AGE - high : LAST_AGE - low].sum(axis=1) * world.weight * share
        for lever, (low, high) in ages.items()
    }


def _school_age(world: World) -> F8:
    """Youths of 15-17 outside cartels and prison, by place."""
    return world.counts[:, 1][..., known.outside()].sum(axis=(1, 2)) * float(world.weight)


def _accounts(world: World) -> dict[str, F8]:
    """US$ by lever and place; what is promised is known for the nation only."""
    government, nothing = world.government, np.zeros(len(world.places))
    spent, leaked, unspent = (cents / CENTS for cents in (government.spent, government.leaked, government.returned))
    notes: dict[str, F8] = {}
    for k, lever in enumerate(government.levers):
        notes[f"spent_{lever.name}"] = spent[k]
        notes[f"leaked_{lever.name}"] = leaked[k]
        notes[f"unspent_{lever.name}"] = unspent[k]
        notes[f"promised_{lever.name}"] = nothing
    return notes


# --- how many units can be of use ---


@room("scholarships")
def _poor_of_15_to_21(world: World, meant: Meant) -> F8:
    return meant.poor["scholarships"]


@room("cash_transfers")
def _poor_of_12_to_17(world: World, meant: Meant) -> F8:
    return meant.poor["cash_transfers"]


@room("mentoring")
def _without_school_or_formal_work(world: World, meant: Meant) -> F8:
    return behind(world, PRECARIOUS)
