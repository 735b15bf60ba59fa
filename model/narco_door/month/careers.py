"""Those inside climb, are arrested, die or leave; prison terms end; then the new walk in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from narco_door.base.ages import ADULT
from narco_door.base.arrays import F8, I8
from narco_door.base.doors import PRISON, names, outside
from narco_door.base.remembered import Laws
from narco_door.inside.careers import ROOMS, Fates, Hazards, count
from narco_door.month.beat import Result, beat
from narco_door.month.choose import Walked
from narco_door.month.disburse import Paid
from narco_door.month.rooms import Meant, room
from narco_door.month.world import World, police, residents
from narco_door.state import army


@dataclass(frozen=True)
class Lived(Result):
    """What befell those inside.

    Attributes
    ----------
    deaths : int64[place]
        Members killed, in agents.
    """

    deaths: I8


@beat(reads="cartels careers roll hearsay corruption_and_fear", writes="cartels careers roll hearsay")
def careers(world: World, law: Laws, paid: Paid, walked: Walked) -> Lived:
    """Those inside climb, are arrested, die, leave; prison terms end; then the new walk in."""
    members = world.cartels.held.sum(axis=0)
    fates = world.careers.live(
        world.month, _hazards(world, law, paid, members), rounding=world.cartels.rounding, draws=world.draws,
        vacancy_chain=world.switches["vacancy_chain"], minors=law["juvenile_ratio"],
    )  # fmt: skip
    _enter(world, walked, fates)
    count_members(world)
    world.cartels.raise_pay()
    _hear(world, fates, members)
    return Lived(_notes(world, walked, fates), deaths=fates.deaths)


def _enter(world: World, walked: Walked, fates: Fates) -> None:
    """Cartels with vacancies take those who walked in, and those who were recruited in prison."""
    rows = np.concatenate([walked.rows, fates.recalled])
    if not rows.size:
        return
    place, _, _, name = world.roll.whereabouts(rows)
    cartel = world.cartels.hire(place, world.draws.uniforms("hire", world.month, name))
    world.careers.enter(
        rows, cartel, month=world.month,
        from_door=np.concatenate([walked.from_door, np.full(fates.recalled.size, PRISON)]),
        forced=np.concatenate([walked.forced, np.zeros(fates.recalled.size, bool)]),
    )  # fmt: skip


def count_members(world: World) -> None:
    """Count who is inside."""
    cartels = world.cartels
    cartels.held = world.careers.held(len(cartels.cartels)) * float(world.weight)


def _hear(world: World, fates: Fates, members: F8) -> None:
    """What youths come to believe of the inside: promotions and risk a year of the members whom their place
    remembers, seen and counted with the same lag, so that few members are neither safer nor surer to rise.
    """
    seen = np.array([fates.promotions, fates.deaths + fates.arrests, members / world.weight])
    hearsay = world.hearsay
    hearsay.remembered += (seen - hearsay.remembered) / world.numbers["belief_months"]
    rises, mishaps, known = hearsay.remembered
    np.divide(12.0 * rises, known, out=hearsay.promise, where=known > 0.0)
    np.divide(12.0 * mishaps, known, out=hearsay.risk, where=known > 0.0)


def _hazards(world: World, law: Laws, paid: Paid, members: F8) -> Hazards:
    """What threatens members this month, by cartel and place."""
    n = world.numbers
    deadlier = float(law["us_guns"] ** n["gun_lethality"])
    slots = paid.at_work["exit_reintegration"] / 12.0
    return Hazards(
        war=world.cartels.war_hazard(law["truce"]) * deadlier,
        strife=world.cartels.strife_hazard() * deadlier,
        let_go=world.cartels.redundant()[1],
        arrest=_arrest(world, law, paid, members),
        leaving=n["leaving_hazard"] + np.minimum(slots / np.maximum(members, float(world.weight)), n["exit_most"]),
        leaving_early=n["leaving_early"],
        early_months=int(n["early_months"]),
        death_by_room=np.array([n[f"death_{room}"] for room in ROOMS]),
        arrest_by_room=np.array([n[f"arrest_{room}"] for room in ROOMS]),
    )


def _arrest(world: World, law: Laws, paid: Paid, members: F8) -> F8:
    """Monthly hazard of arrest, float64[place]: honest police, soldiers and courts over a crowd of members."""
    n, places, base = world.numbers, world.places, police(world)
    crowd = np.maximum(members, float(world.weight)) / (n["members_per_officer"] * base)
    arrest = n["arrest_hazard"] * (paid.officers / base) ** n["arrest_by_officers"] * crowd ** -n["arrest_crowding"]
    by_soldiers = n["arrest_hazard"] * army.arrests(
        paid.soldiers * army.strength(law["army_pay"], n), officers=paid.officers, base=base,
        honest=1.0 - float(places.corruption.mean()), numbers=n,
    )  # fmt: skip
    by_soldiers = by_soldiers * crowd ** -n["arrest_crowding"]
    clean = (1.0 - world.corruption_and_fear.corruption) / (1.0 - places.corruption.mean())
    courts = 1.0 + n["courts_arrest"] * (paid.at_work["courts"] / (residents(world) / 1e5))
    hazard: F8 = np.minimum((arrest * clean + by_soldiers) * courts, n["arrest_most"])
    return hazard


def _notes(world: World, walked: Walked, fates: Fates) -> Mapping[str, F8]:
    p, w = len(world.places), float(world.weight)
    recalled = world.roll.whereabouts(fates.recalled)
    place = np.concatenate([walked.place, recalled[0]])
    birth = np.concatenate([world.roll.whereabouts(walked.rows)[1], recalled[1]])
    n = world.numbers
    return {
        "new_entries": count(place, p) * w,
        "new_entries_minor": count(place[world.month - birth < ADULT], p) * w,
        "new_entries_forced": count(walked.place[walked.forced], p) * w,
        "new_entries_from_prison": count(recalled[0], p) * w,
        **{
            f"new_entries_from_{names()[door]}": count(walked.place[walked.from_door == door], p) * w
            for door in outside()
        },
        "new_promotions": fates.promotions * w,
        "new_member_deaths": fates.deaths * w,
        "new_deaths_in_war": fates.by_enemies * w,
        "new_deaths_in_strife": (fates.deaths - fates.by_enemies) * w,
        "new_member_arrests": fates.arrests * w,
        "new_member_leavers": fates.leavers * w,
        "new_releases": fates.releases * w,
        "belief_narco": world.hearsay.promise.copy(),
        "pay_narco": n["first_room_pay"] * n["youth_pay_ratio"] * world.places.pay * world.cartels.pay,
    }


# --- how many units can be of use ---


@room("exit_reintegration")
def _wish_to_leave(world: World, meant: Meant) -> F8:
    return world.cartels.held.sum(axis=0) * world.numbers["exit_most"] * 12.0


@room("policing")
def _more_officers(world: World, meant: Meant) -> F8:
    return police(world) * world.numbers["officers_most"]


@room("army")
def _soldiers(world: World, meant: Meant) -> F8:
    return police(world) * world.numbers["soldiers_most"]
