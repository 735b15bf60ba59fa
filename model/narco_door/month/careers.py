"""Those inside climb, are arrested, die or leave; prison terms end; then the new walk in."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from narco_door.base.ages import ADULT
from narco_door.base.arrays import F8, I8
from narco_door.base.doors import PRISON, names, outside
from narco_door.base.remembered import Laws
from narco_door.inside.careers import ROOMS, Fates, Hazards, count
from narco_door.inside.exits import LEVER, Asking, Month, uptake
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
    hazards : Hazards
        What threatened members.
    threatened : float64[cartel, place]
        The members whom it threatened, by the rows of the hazards: later in the month rows are added and dropped.
    """

    deaths: I8
    hazards: Hazards
    threatened: F8


@beat(reads="cartels careers exits roll hearsay corruption_and_fear", writes="cartels careers exits roll hearsay")
def careers(world: World, law: Laws, paid: Paid, walked: Walked) -> Lived:
    """Those inside climb, are arrested, die, leave; prison terms end; then the new walk in."""
    threatened = world.cartels.held.copy()
    members = threatened.sum(axis=0)
    hazards, out = _hazards(world, law, paid, members), _accompany(world, paid, members)
    entrants = _entrants(world, walked, out)
    fates = world.careers.live(
        world.month, hazards, rounding=world.cartels.rounding, draws=world.draws,
        vacancy_chain=world.switches["vacancy_chain"], minors=law["juvenile_ratio"],
    )  # fmt: skip
    _enter(world, entrants, fates)
    count_members(world)
    world.cartels.raise_pay()
    _hear(world, fates, members)
    notes = _notes(world, entrants, fates, leavers=out.left) | _programme(world, out)
    return Lived(notes, deaths=fates.deaths, hazards=hazards, threatened=threatened)


def _accompany(world: World, paid: Paid, members: F8) -> Month:
    """The exit programme accompanies as many as are paid for; members among them leave."""
    out = world.exits.live(
        world.month, asking(world, members), world.careers.table, paid=paid.at_work[LEVER], draws=world.draws
    )
    world.careers.discharge(out.left, month=world.month)
    return out


def asking(world: World, members: F8) -> Asking:
    """Who asks for a place in the exit programme this month."""
    hazard = uptake(
        world.numbers, risk=world.hearsay.risk, pay=world.cartels.pay, felt=world.corruption_and_fear.felt()
    )
    return world.exits.asking(members, hazard)


def _entrants(world: World, walked: Walked, out: Month) -> Walked:
    """Those who walked in, and those whom a cartel gets back from the exit programme."""
    place = world.roll.whereabouts(out.relapsed)[0]
    return replace(
        walked, rows=np.concatenate([walked.rows, out.relapsed]), place=np.concatenate([walked.place, place]),
        from_door=np.concatenate([walked.from_door, world.roll.door[out.relapsed].astype(np.int64)]),
        forced=np.concatenate([walked.forced, np.zeros(place.size, bool)]),
    )  # fmt: skip


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
    return Hazards(
        war=world.cartels.war_hazard(law["truce"]) * deadlier,
        strife=world.cartels.strife_hazard() * deadlier,
        let_go=world.cartels.redundant()[1],
        arrest=_arrest(world, law, paid, members),
        leaving=np.full(members.size, n["leaving_hazard"]),
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


def _programme(world: World, out: Month) -> dict[str, F8]:
    """Records of the exit programme."""

    def persons(*rows: I8) -> F8:
        return count(world.roll.whereabouts(np.concatenate(rows))[0], len(world.places)) * float(world.weight)

    return {
        "n_accompanied": out.accompanied, "new_exits": persons(out.left), "new_exits_anyway": out.anyway,
        "new_exits_finished": out.finished, "new_relapses": persons(out.relapsed, out.back),
    }  # fmt: skip


def _notes(world: World, walked: Walked, fates: Fates, *, leavers: I8) -> dict[str, F8]:
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
        "new_member_leavers": (fates.leavers + count(world.roll.whereabouts(leavers)[0], p)) * w,
        "new_releases": fates.releases * w,
        "belief_narco": world.hearsay.promise.copy(),
        "pay_narco": n["first_room_pay"] * n["youth_pay_ratio"] * world.places.pay * world.cartels.pay,
    }


# --- how many units can be of use ---


@room(LEVER)
def _way_out(world: World, meant: Meant) -> F8:
    if not world.switches["exits"]:
        return np.zeros(len(world.places))
    return world.exits.wanted(asking(world, world.cartels.held.sum(axis=0)))


@room("policing")
def _more_officers(world: World, meant: Meant) -> F8:
    return police(world) * world.numbers["officers_most"]


@room("army")
def _soldiers(world: World, meant: Meant) -> F8:
    return police(world) * world.numbers["soldiers_most"]
