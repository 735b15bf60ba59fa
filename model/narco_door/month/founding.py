"""The world before the first month: who is inside and in prison, what the police are like, who stands where."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import mesa
import numpy as np

from narco_door.base.ages import FORMAL_FROM
from narco_door.base.arrays import F8, I8
from narco_door.base.doors import FORMAL, SCHOOL, outside
from narco_door.base.draws import Draws, child_key, replicate_seed
from narco_door.base.remembered import Numbers, Switches
from narco_door.book.book import Book
from narco_door.country.arrivals import settle, society
from narco_door.country.births import grown
from narco_door.country.places import Places, load_places
from narco_door.country.roll import Roll, build_roll
from narco_door.inside import market, predation, sources
from narco_door.inside.careers import Careers
from narco_door.inside.cartels import Underworld
from narco_door.inside.exits import Exits
from narco_door.inside.founders import founders, settle_founders
from narco_door.month.balance import Balance, balance, stand
from narco_door.month.world import Hearsay, Search, World, upper_school
from narco_door.scenario import Scenario
from narco_door.state.corruption_and_fear import CorruptionAndFear
from narco_door.state.government import Government
from narco_door.state.laws import Lawbook
from narco_door.street.choice import make_rule
from narco_door.street.crossroads import PARTS
from narco_door.street.doors import Doors, guess


def found(scenario: Scenario, *, seed: int, replicate: int, threads: int, model: mesa.Model) -> World:
    """Make the world of the first month; `model` is whose agents the government and the cartels are."""
    run, n, switches = scenario.run, scenario.parameters, scenario.switches
    draws, start, weight = Draws(replicate_seed(seed, replicate)), run.start, run.persons_per_agent
    places = _places(run.places, n, switches)
    roll = build_roll(
        places, start=start, end=run.end, persons_per_agent=weight, named=load_places(places.world)
    )  # fmt: skip
    homicide_rate = n["ordinary_share"] * places.ordinary_homicide_rate
    climate = CorruptionAndFear(
        corruption=places.corruption, deprivation=places.deprivation, homicide_rate=homicide_rate,
        numbers=n, switches=switches,
    )  # fmt: skip
    shares = society(places, n)
    settle(
        roll, start, climate.deprivation, soc=shares, draws=draws, spread=n["deprivation_sd"], all_ages=True
    )  # fmt: skip
    rule, lawbook = make_rule(n, switches), Lawbook(scenario, switches)
    still = balance(places, n, switches, start) if switches["balanced_start"] else None
    if still:
        stand(roll, start, still, draws=draws)
    cartels, careers = (
        Underworld(model, places, numbers=n, switches=switches, agent=weight),
        Careers(roll, places=len(places), numbers=n),
    )
    founders(cartels, places, key_of=lambda number: child_key(draws.seed, 0, number))
    government = Government(model, scenario.orders, numbers=n, places=len(places), codes=places.code)
    rents = _ordinary_rents(places, n, switches, lawbook, start)
    settle_founders(cartels, rents, start=start, truce=lawbook.status_quo["truce"])
    _found_members(places, careers, cartels, resist=rule.resist, start=start, draws=draws)
    officers = places.police_per_1000 * places.population(start) / 1000.0
    climate.hold_still(climate.temptation(rents=rents, officers=officers, pay=n["officer_pay"]))
    counts = roll.by_band(start)
    behind = counts * float(weight)
    return World(
        plan=scenario, numbers=n, switches=switches, draws=draws, places=places, society=shares, rule=rule, start=start,
        months=run.months, weight=weight, pool=ThreadPoolExecutor(threads) if threads > 1 else None,
        month=start, roll=roll, counts=counts,
        doors=_doors(places, n, switches, counts, weight, still=still),
        search=_searched(still) if still else _search(counts, behind, n),
        hearsay=_hearsay(cartels.held.sum(axis=0) / weight, n),
        cartels=cartels, careers=careers, exits=Exits(roll, places=len(places), numbers=n),
        small_first=predation.small_share(cartels.held, n["small_group"]),
        government=government, lawbook=lawbook, corruption_and_fear=climate,
        violence=homicide_rate * places.population(start) / 12e5,
        records=Book(places.code, start=start, months=run.months),
    )  # fmt: skip


def arrive(world: World) -> None:
    """The twelve-year-olds of the month come onto the roll."""
    settle(
        world.roll, world.month, world.corruption_and_fear.deprivation, soc=world.society, draws=world.draws,
        spread=world.numbers["deprivation_sd"], all_ages=False,
    )  # fmt: skip


def _places(table: str, numbers: Numbers, switches: Switches) -> Places:
    """The table of places, with the cohorts that the scenario asks for."""
    ratio, since = numbers["cohort_ratio"], int(numbers["cohort_since"])
    return grown(load_places(table), ratio=ratio if switches["demography"] else 1.0, since=since)


def _doors(
    places: Places, numbers: Numbers, switches: Switches, counts: I8, weight: int, *, still: Balance | None
) -> Doors:
    """The doors of the first month, with as many jobs and places at school as are held or stand open."""
    formal = counts[..., FORMAL].sum(axis=(1, 2)) * float(weight)
    pupils, of_age = upper_school(counts, weight)
    if still:
        formal, pupils = formal * still.formal_end, pupils * still.pupils_end
    return Doors(
        numbers=numbers, switches=switches, first=still.first if still else guess(places, numbers),
        formal=formal, pupils=pupils, of_age=of_age,
    )  # fmt: skip


def _searched(still: Balance) -> Search:
    """Who looks at the narco door in balance."""
    sought, boys = (still.flow(name) / PARTS for name in ("sought", "sought_minor"))
    return Search(men=still.flow("crossroads_m"), sought=sought, boys=boys)


def _search(counts: I8, behind: F8, numbers: Numbers) -> Search:
    """Who looks at the narco door, as if the first month had passed often."""
    looking = behind[..., outside()].sum(axis=(1, 2, 3)) * numbers["lookers_first"]
    by_band = counts[:, :, 1][..., outside()].sum(axis=2)  # men, [place, band]
    boys = by_band[:, :2].sum(axis=1) / np.maximum(by_band.sum(axis=1), 1)
    return Search(men=looking, sought=looking.copy(), boys=looking * boys)


def _hearsay(members: F8, numbers: Numbers) -> Hearsay:
    promise, risk = (np.full(members.size, numbers[name]) for name in ("promise_first", "risk_first"))
    return Hearsay(promise, risk, np.array([promise * members / 12.0, risk * members / 12.0, members]))


def _ordinary_rents(places: Places, numbers: Numbers, switches: Switches, lawbook: Lawbook, start: int) -> F8:
    """Rents of each place in the first month under its laws, with no lever at work."""
    corridor = sources.corridor(places, start, by_source=switches["rent_sources"])
    exported = market.exports(corridor, numbers, lawbook.status_quo, months=0, kept=1.0)
    rackets = market.local(places, numbers, places.population(start)) if switches["local_rackets"] else None
    return market.rents(exported, rackets, numbers, transfers=np.zeros(len(places)), extortion=False)


def _found_members(
    places: Places, careers: Careers, cartels: Underworld, *, resist: F8, start: int, draws: Draws
) -> None:
    """Members and prisoners of the first month: young men outside school, in a race in which those who resist
    crime least come first; the first to arrive are inside, the next in prison.
    """
    roll, numbers = careers.roll, careers.numbers
    jailed_share = numbers["prisoners_first"] / numbers["members_first"]
    for place, k in enumerate(_founding_numbers(cartels, roll.persons_per_agent)):
        rows = _candidates(roll, place, start)
        luck = draws.uniforms("founding member", 0, roll.whereabouts(rows)[3])
        race = rows[np.argsort(-np.log1p(-luck) / resist[roll.moral[rows]], kind="stable")]
        inside, behind_bars = int(k.sum()), round(k.sum() * (1.0 + jailed_share))
        for rows in (race[:inside], race[inside:behind_bars]):
            _let_in(careers, rows, k, start=start, draws=draws)
        careers.imprison(race[inside:behind_bars], month=start, draws=draws)
    cartels.held = careers.held(len(cartels.cartels)) * float(roll.persons_per_agent)


def _let_in(careers: Careers, rows: I8, k: I8, *, start: int, draws: Draws) -> None:
    """Let founding members in: dealt to cartels as nearly as can be in proportion to k, and to rooms by the pyramid."""
    name = careers.roll.whereabouts(rows)[3]
    in_line = draws.uniforms("founding side", 0, name).argsort().argsort()
    side = (in_line + 0.5) / max(rows.size, 1) * k.sum()
    rank = draws.uniforms("founding room", 0, name)
    careers.enter(
        rows, np.searchsorted(np.cumsum(k), side, side="right"), month=start - int(careers.numbers["founding_months"]),
        from_door=careers.roll.door[rows].astype(np.int64), forced=np.zeros(rows.size, bool),
        room=np.searchsorted(np.cumsum(careers.pyramid)[:-1], rank, side="right"),
    )  # fmt: skip


def _founding_numbers(cartels: Underworld, weight: int) -> I8:
    """Agents by place and cartel: whoever fills the posts of the first month."""
    persons = (cartels.posts - cartels.usual_vacancy * cartels.posts).T
    edges = np.floor(np.cumsum(persons.T.ravel()) / weight + 0.5).astype(np.int64)
    return np.diff(edges, prepend=0).reshape(persons.T.shape).T


def _candidates(roll: Roll, place: int, start: int) -> I8:
    """Rows of the men of a place from the 16th birthday on who are not at school."""
    a, b = roll.window(start)
    youngest = start - FORMAL_FROM + 1 - roll.first_birth
    rows = np.concatenate([np.arange(roll.first[place, k], roll.women[place, k]) for k in range(a, min(b, youngest))])
    candidates: I8 = rows[roll.door[rows] != SCHOOL]
    return candidates
