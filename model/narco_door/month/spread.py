"""Violence, fear, corruption and inequality move."""

from __future__ import annotations

import numpy as np

from narco_door.base.arrays import F8
from narco_door.base.doors import IDLE
from narco_door.base.remembered import Laws
from narco_door.inside import predation
from narco_door.month.beat import Result, beat
from narco_door.month.careers import Lived
from narco_door.month.disburse import Paid
from narco_door.month.open_doors import Opened
from narco_door.month.recruit import Offers
from narco_door.month.rooms import Meant, anywhere, room
from narco_door.month.world import World, behind, police, residents, share, youths
from narco_door.state import army
from narco_door.state.police import purge


@beat(reads="corruption_and_fear violence counts", writes="corruption_and_fear violence")
def spread(world: World, law: Laws, paid: Paid, opened: Opened, offers: Offers, lived: Lived) -> Result:
    """Violence, fear, corruption and inequality move."""
    notes = _killed(world, paid, offers, lived)
    world.violence = world.violence + (notes["new_homicides"] - world.violence) / world.numbers["violence_months"]
    _infect(world, paid, opened, offers)
    notes |= _purge(world, law)
    climate = world.corruption_and_fear
    return Result(notes | {"corruption": climate.corruption, "fear": climate.fear, "deprivation": climate.deprivation})


def _killed(world: World, paid: Paid, offers: Offers, lived: Lived) -> dict[str, F8]:
    """Homicides of the month: ordinary ones, those of cartels, those of soldiers; and those that moved abroad."""
    n = world.numbers
    ordinary = n["ordinary_share"] * world.places.ordinary_homicide_rate * residents(world) / 12e5
    contact = predation.contact(offers.taken, offers.rents, n)
    by_cartels = lived.deaths * float(world.weight) * (1.0 + n["others_killed"] * contact)
    harmed = army.harm(paid.soldiers, n)
    per_dollar = by_cartels.sum() / max(float(offers.rents.sum()), 1.0)
    return {
        "new_homicides": ordinary + (by_cartels + harmed),
        "n_soldiers": paid.soldiers,
        "new_killed_by_soldiers": harmed,
        "new_homicides_abroad": n["abroad_violence"] * per_dollar * offers.abroad,
    }


def _infect(world: World, paid: Paid, opened: Opened, offers: Offers) -> None:
    """Bribes, violence and idleness push corruption, fear and deprivation; pay, courts and works hold them back."""
    n, people, base, climate = world.numbers, residents(world), police(world), world.corruption_and_fear
    raised = share(paid.at_work["police_pay"], base)
    tempted = climate.temptation(
        rents=offers.rents, officers=base, pay=n["officer_pay"] * (1.0 + n["police_pay_rise"] * raised)
    )
    courts = paid.at_work["courts"] / (people / 1e5)
    space = paid.at_work["public_space"] * n["residents_per_m2"] / people
    calm = n["space_calms"] * (1.0 - np.exp(-space)) + n["transport_calms"] * opened.served
    climate.spread(
        temptation=tempted, cleaning=n["vetting_cleans"] * raised + n["courts_clean"] * courts,
        homicide_rate=world.violence * 12e5 / people, idle_share=behind(world, [IDLE]) / np.maximum(youths(world), 1.0),
        calm=np.clip(calm, 0.0, 1.0),
    )  # fmt: skip


def _purge(world: World, law: Laws) -> dict[str, F8]:
    """Fire corrupt officers, if the law says so and corruption can move at all."""
    climate = world.corruption_and_fear
    allowed = law if world.switches["corruption"] else {**law, "purge": 0.0}
    done = purge(climate.corruption, police(world), near=world.places.neighbours, law=allowed, numbers=world.numbers)
    if done.fired.any():
        climate.corruption = done.corruption
    return {
        "new_police_fired": done.fired, "new_police_left_for": done.left_for, "new_police_joined": done.joined,
        "new_police_out": done.out, "new_police_hired": done.hired, "new_police_off_street": done.off_street,
    }  # fmt: skip


# --- how many units can be of use ---


room("public_space")(anywhere)


@room("police_pay")
def _officers(world: World, meant: Meant) -> F8:
    return police(world)


@room("courts")
def _prosecutors(world: World, meant: Meant) -> F8:
    return residents(world) / 1e5 * world.numbers["prosecutors_most"]
