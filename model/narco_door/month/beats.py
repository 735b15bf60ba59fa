"""The beats of a month, each a function of the model: what it reads is the month as it began."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from narco_door.base.arrays import F8, I8, Mask
from narco_door.country.arrivals import poor_share
from narco_door.country.roll import CARTEL, FORMAL, HOME, IDLE, INFORMAL, PRISON
from narco_door.inside.careers import Fates, Hazards, count
from narco_door.inside.cartels import Cartel, Event
from narco_door.month import monthly
from narco_door.state.government import Keys
from narco_door.street.choice import make_street, narco_liking
from narco_door.street.crossroads import FLOWS, Rule, Street, walk

if TYPE_CHECKING:
    from narco_door.month.model import NarcoDoor

_FLOW = {name: k for k, name in enumerate(FLOWS)}


class Entrants(NamedTuple):
    """Those who walked through the narco door this month."""

    rows: I8
    place: I8
    from_door: I8
    forced: Mask


def disburse(m: NarcoDoor) -> None:
    """The laws of the month come into force; promised money becomes slots, officers and operations."""
    monthly.legislate(m)
    youths = m.behind_all()
    m.poor = _poor(m)
    keys = Keys(need=youths * m.weed.deprivation, population=m.places.population(m.month), violence=m.violence)
    m.government.disburse(
        m.month, keys, corruption=m.weed.corruption * monthly.watchful(m), room=_room(m), begun=m.lawbook.begun
    )


def _poor(m: NarcoDoor) -> dict[str, F8]:
    """Poor youths at the ages for which a programme is meant, by place."""
    living = m.roll.living(m.month)  # oldest first: column k is 359 - k months old
    share = poor_share(m.weed.deprivation, spread=m.numbers["deprivation_sd"], line=m.numbers["poor_line"])
    ages = {"scholarships": (15, 22), "cash_transfers": (12, 18)}
    return {
        lever: living[:, 360 - 12 * high : 360 - 12 * low].sum(axis=1) * m.weight * share
        for lever, (low, high) in ages.items()
    }


def _school_age(m: NarcoDoor) -> F8:
    return m.counts[:, 1, :, :5].sum(axis=(1, 2)) * float(m.weight)


def _room(m: NarcoDoor) -> dict[str, F8]:
    """How many units of each lever can be of use in a place this month."""
    n, population = m.numbers, m.places.population(m.month)
    outside = m.behind(INFORMAL) + m.behind(HOME) + m.behind(IDLE)
    officers = police(m, with_lever=False)
    everywhere = np.full(len(m.places), np.inf)
    return {
        "scholarships": m.poor["scholarships"],
        "school_places": (1.0 - m.doors.school_first) * _school_age(m),
        "apprenticeships": outside * 0.5,
        "cash_transfers": m.poor["cash_transfers"],
        "public_transport": everywhere,
        "public_space": everywhere,
        "mentoring": outside,
        "outreach": m.behind_all() / n["outreach_reach"] * 3.0,
        "exit_reintegration": m.underworld.held.sum(axis=0) * n["exit_most"] * 12.0,
        "kingpin_operations": everywhere,
        "policing": officers * 3.0,
        "police_pay": officers,
        "courts": population / 1e5 * n["prosecutors_most"],
        "army": officers * 3.0,
        "border": m.places.corridor_share * n["border_scale"] * 10.0,
    }


def police(m: NarcoDoor, *, with_lever: bool = True) -> F8:
    """Officers of each place, with those whom policing pays or without, float64[place]."""
    base = m.places.police_per_1000 * m.places.population(m.month) / 1000.0
    return base + m.government.at_work("policing") if with_lever else base


def _served(m: NarcoDoor) -> F8:
    riders = m.government.at_work("public_transport") * m.numbers["residents_per_km"]
    return 1.0 - np.exp(-riders / m.places.population(m.month))


def open_doors(m: NarcoDoor) -> None:
    """How wide each legitimate door stands this month."""
    felt = m.weed.felt()
    m.doors.open_school(seats=m.government.at_work("school_places"), school_age=_school_age(m), felt=felt)
    growth = float((1.0 + m.numbers["job_growth"]) ** ((m.month - m.start) / 12.0))
    m.doors.open_formal(
        formal=m.behind(FORMAL), growth=growth, apprentices=m.government.at_work("apprenticeships"),
        served=_served(m), felt=felt,
    )  # fmt: skip


def recruit(m: NarcoDoor) -> None:
    """Rents, rivalry and losses give each cartel its vacancies: how wide the narco door is."""
    n, world = m.numbers, m.underworld
    world.want(monthly.rents(m), labour=monthly.labour(m))
    wanted = world.vacancies.sum(axis=0)
    workers = m.government.at_work("outreach") * monthly.backing(m)
    reached = 1.0 - np.exp(-workers * n["outreach_reach"] / np.maximum(m.behind_all(), 1.0))
    offers = wanted * (1.0 - n["outreach_most"] * reached)
    lookers = np.maximum(m.lookers, m.weight)
    m.width_narco = 1.0 - np.exp(-n["offers_per_vacancy"] * offers / lookers)
    force = 1.0 - np.exp(-n["forced_per_vacancy"] * offers / lookers)
    m.force = force if m.switches["forced_recruitment"] else np.zeros_like(force)


def choose(m: NarcoDoor) -> Entrants:
    """Every youth at a crossroads looks at the doors and walks through one, or stays at the corner."""
    young_men = m.counts[:, :, 1, :6].sum(axis=(1, 2)) * float(m.weight)
    liking = narco_liking(
        m.numbers, m.switches, pay=m.numbers["first_room_pay"] * m.underworld.pay, promise=m.promise, risk=m.risk,
        peers=m.underworld.held.sum(axis=0) / np.maximum(young_men, 1.0),
    )  # fmt: skip
    outside = m.behind(INFORMAL) + m.behind(HOME) + m.behind(IDLE)
    at_work = m.government.at_work
    coverage = {
        "scholarships": _share(at_work("scholarships"), m.poor["scholarships"]),
        "cash_transfers": _share(at_work("cash_transfers"), m.poor["cash_transfers"]),
        "mentoring": _share(at_work("mentoring"), outside),
    }
    diluted = monthly.adults_dilution(m)
    street = make_street(
        m.places, m.numbers, m.doors, width_narco=m.width_narco * diluted, force=m.force * diluted,
        like_narco=liking, coverage=coverage, felt=m.weed.felt(),
    )  # fmt: skip
    _walk(m, street, monthly.rule_of_the_month(m))
    tried = {door: _flows(m, f"tried_{door}") for door in m.doors.belief}
    m.doors.believe(tried, {door: _flows(m, f"in_{door}") for door in tried})
    m.lookers = 0.5 * m.lookers + 0.5 * _flows(m, "crossroads_m")
    m.minors_looking = 0.5 * m.minors_looking + 0.5 * _flows(m, "crossroads_m_minor")
    return _entrants(m)


def _share(units: F8, of: F8) -> F8:
    return np.clip(units / np.maximum(of, 1.0), 0.0, 1.0)


def _flows(m: NarcoDoor, name: str) -> F8:
    return m.flows[:, _FLOW[name]] * float(m.weight)


def _walk(m: NarcoDoor, street: Street, rule: Rule) -> None:
    """The walk along the roll, in as many pieces as there are threads; pieces are whole places."""
    roll = m.roll
    rows, notes, numbers = m.entrants

    def piece(lo: int, hi: int) -> None:
        walk(
            lo, hi, m.month, m.draws.key("crossroads", m.month), m.draws.key("queue"), roll.window(m.month),
            roll.first, roll.women,
            roll.base, roll.first_birth, roll.door, roll.schooling, roll.deprivation, roll.moral, roll.flags,
            street, rule, m.counts, m.flows, rows, notes, numbers,
        )  # fmt: skip

    if m.pool is None:
        piece(0, len(m.places))
    else:
        list(m.pool.map(lambda p: piece(p, p + 1), range(len(m.places))))
    if (numbers > rows.shape[1]).any():
        raise RuntimeError(f"more than {rows.shape[1]} entries in one place and month: raise `entrant_room`")


def _entrants(m: NarcoDoor) -> Entrants:
    rows, notes, numbers = m.entrants
    taken = np.arange(rows.shape[1])[None, :] < numbers[:, None]
    note = notes[taken]
    place = np.repeat(np.arange(len(m.places)), numbers)
    return Entrants(rows[taken], place, (note & 7).astype(np.int64), (note & 8) > 0)


def careers(m: NarcoDoor, entrants: Entrants) -> Fates:
    """Those inside climb, are arrested, die, leave; prison terms end; then the new walk in."""
    members = m.underworld.held.sum(axis=0)
    fates = m.careers.live(
        m.month, _hazards(m, members), rounding=m.underworld.rounding, draws=m.draws,
        vacancy_chain=m.switches["vacancy_chain"], minors=m.law["juvenile_ratio"],
    )  # fmt: skip
    rows = np.concatenate([entrants.rows, fates.recalled])
    if rows.size:
        place, _, _, name = m.roll.whereabouts(rows)
        cartel = m.underworld.hire(place, m.draws.uniforms("hire", m.month, name))
        m.careers.enter(
            rows, cartel, month=m.month,
            from_door=np.concatenate([entrants.from_door, np.full(fates.recalled.size, PRISON)]),
            forced=np.concatenate([entrants.forced, np.zeros(fates.recalled.size, bool)]),
        )  # fmt: skip
    _count(m)
    m.underworld.raise_pay()
    _learn(m, fates, members)
    return fates


def _learn(m: NarcoDoor, fates: Fates, members: F8) -> None:
    """What youths come to believe of the inside: promotions and risk a year of the members whom their place
    remembers, seen and counted with the same lag, so that few members are neither safer nor surer to rise.
    """
    seen = np.array([fates.promotions, fates.deaths + fates.arrests, members / m.weight])
    m.remembered += (seen - m.remembered) / m.numbers["belief_months"]
    rises, mishaps, known = m.remembered
    np.divide(12.0 * rises, known, out=m.promise, where=known > 0.0)
    np.divide(12.0 * mishaps, known, out=m.risk, where=known > 0.0)


def _hazards(m: NarcoDoor, members: F8) -> Hazards:
    n = m.numbers
    base, officers = police(m, with_lever=False), police(m)
    courts = m.government.at_work("courts") / (m.places.population(m.month) / 1e5)
    crowd = np.maximum(members, float(m.weight)) / (n["members_per_officer"] * base)
    arrest = n["arrest_hazard"] * (officers / base) ** n["arrest_by_officers"] * crowd ** -n["arrest_crowding"]
    by_soldiers = n["arrest_hazard"] * monthly.arrests_by_soldiers(m, officers=officers, base=base)
    by_soldiers = by_soldiers * crowd ** -n["arrest_crowding"]
    clean = (1.0 - m.weed.corruption) / (1.0 - m.places.corruption.mean())
    slots = m.government.at_work("exit_reintegration") / 12.0
    return Hazards(
        death=m.underworld.death_hazard() * monthly.lethality(m),
        arrest=np.minimum((arrest * clean + by_soldiers) * (1.0 + n["courts_arrest"] * courts), n["arrest_most"]),
        leaving=n["leaving_hazard"] + np.minimum(slots / np.maximum(members, float(m.weight)), n["exit_most"]),
        leaving_early=n["leaving_early"],
        early_months=int(n["early_months"]),
        death_by_room=np.array([n["death_lookout"], n["death_gunman"], n["death_chief"], n["death_boss"]]),
        arrest_by_room=np.array([n["arrest_lookout"], n["arrest_gunman"], n["arrest_chief"], n["arrest_boss"]]),
    )


def strike(m: NarcoDoor) -> None:
    """Operations against leaders; succession and splits; cartels heal, move next door, give up places and men."""
    world = m.underworld
    world.heal()
    operations = float(m.government.at_work("kingpin_operations").sum())
    if operations > 0:
        for cartel in _captured(m, operations):
            _decapitate(m, cartel)
    _go_over(m, world.move(m.month, draws=m.draws))


def _captured(m: NarcoDoor, operations: float) -> list[Cartel]:
    """Leaders taken this month: effort goes to the larger cartels, corruption at the seat warns them."""
    n, world = m.numbers, m.underworld
    rows = np.flatnonzero(world.alive & world.held.any(axis=1))
    if not rows.size:
        return []
    living = [world.cartels[row] for row in rows]
    weight = world.held[rows].sum(axis=1) ** n["target_size"]
    effort = operations * weight / weight.sum() * n["operation_success"]
    hazard = 1.0 - np.exp(-effort * (1.0 - m.weed.corruption[world.seats()[rows]]))
    luck = m.draws.uniforms("capture", m.month, np.array([c.key for c in living], np.uint64))
    return [c for c, taken in zip(living, luck < hazard, strict=True) if taken]


def _decapitate(m: NarcoDoor, cartel: Cartel) -> None:
    world, table, seat = m.underworld, m.careers.table, cartel.seat
    mine = (table["cartel"] == cartel.row) & ~table["jailed"]
    bosses = float((table["room"][mine] == 3).sum())
    posts = max(m.careers.pyramid[3] * mine.sum(), 1e-9)
    pieces = world.fall(cartel, month=m.month, draws=m.draws, bench=bosses / posts)
    for k in range(pieces):
        mine = np.flatnonzero((table["cartel"] == cartel.row) & ~table["jailed"])
        takes, share = world.sides(cartel, k, seat=seat, month=m.month, draws=m.draws, sharers=pieces - k + 1)
        place, luck = table["place"][mine], m.draws.uniforms(f"side {k}", m.month, table["name"][mine])
        odd = m.draws.uniform(f"odd one {k}", m.month, cartel.key)
        goes = mine[dealt(place, luck, share, odd)]
        if 0 < goes.size < mine.size:  # a rival without followers, or that takes all, is no rival
            rival = world.break_away(cartel, k, month=m.month)
            table["cartel"][goes] = rival.row
            moved = count(table["place"][goes], len(m.places)) * float(m.weight)
            world.divide(cartel, rival, moved, takes=takes, share=share, seat=seat)
    if world.events[-1].kind != "split":
        world.events.append(Event("succession", cartel.name, cartel.seat, round(cartel.members)))


def dealt(place: I8, luck: F8, share: F8, odd: float) -> Mask:
    """Who of the members of each place goes, so many as the share says and no more than one agent off in all:
    the size of a piece must not hang on the luck of the few agents that stand for a small cartel.

    Parameters
    ----------
    place : int64[member]
    luck : float64[member]
        The lowest go first.
    share : float64[place]
    odd : float
        A draw in [0, 1) that decides which place gives the agents that the shares leave over.
    """
    order = np.lexsort((luck, place))
    number = count(place, share.size)
    go = np.diff(np.floor(np.cumsum(number * share) + odd), prepend=0.0)
    rank = np.arange(place.size) - np.repeat(np.cumsum(number) - number, number)
    goes = np.zeros(place.size, bool)
    goes[order] = rank < np.repeat(go, number)
    return goes


def _go_over(m: NarcoDoor, left: Mask) -> None:
    """Members whose cartel gave up their place go over to another there."""
    world, table = m.underworld, m.careers.table
    if not left.any():
        return
    world.abandon(left)
    who = np.flatnonzero(left[table["cartel"], table["place"]] & ~table["jailed"])
    luck = m.draws.uniforms("go over", m.month, table["name"][who])
    table["cartel"][who] = world.hire(table["place"][who], luck)
    _count(m)


def _count(m: NarcoDoor) -> None:
    """Count who is inside; who came filled a vacancy."""
    world = m.underworld
    held = m.careers.held(len(world.cartels)) * float(m.weight)
    world.vacancies = np.maximum(world.vacancies - np.maximum(held - world.held, 0.0), 0.0)
    world.held = held


def spread(m: NarcoDoor, fates: Fates) -> None:
    """Violence, fear, corruption and inequality move."""
    n, population = m.numbers, m.places.population(m.month)
    ordinary = n["ordinary_share"] * m.places.ordinary_homicide_rate * population / 12e5
    m.homicides = ordinary + monthly.killed(m, fates)
    m.violence = m.violence + (m.homicides - m.violence) / 12.0
    base = police(m, with_lever=False)
    raised = _share(m.government.at_work("police_pay"), base)
    tempted = m.weed.temptation(
        rents=m.underworld.rents, officers=base, pay=n["officer_pay"] * (1.0 + n["police_pay_rise"] * raised)
    )
    courts = m.government.at_work("courts") / (population / 1e5)
    space = m.government.at_work("public_space") * n["residents_per_m2"] / population
    calm = n["space_calms"] * (1.0 - np.exp(-space)) + n["transport_calms"] * _served(m)
    youths = np.maximum(m.behind_all(), 1.0)
    m.weed.spread(
        temptation=tempted, cleaning=n["vetting_cleans"] * raised + n["courts_clean"] * courts,
        homicide_rate=m.violence * 12e5 / population, idle_share=m.behind(IDLE) / youths, calm=np.clip(calm, 0.0, 1.0),
    )  # fmt: skip
    monthly.clean_up(m, base)


def record(m: NarcoDoor, entrants: Entrants, fates: Fates) -> None:
    """Write the month down."""
    from narco_door.month.writing import nation, values

    m.records.write(m.month, values(m, entrants, fates), nation=nation(m), events=m.underworld.drain_events())
    m.datacollector.collect(m)


__all__ = ["CARTEL", "Entrants"]
