"""All that there is in a run, as typed state; what happens to it stands in the beats."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from narco_door.base import doors as known
from narco_door.base.arrays import F8, I8
from narco_door.base.draws import Draws
from narco_door.base.parameters import Numbers, Switches
from narco_door.book.records import Book
from narco_door.country.arrivals import Society
from narco_door.country.places import Places
from narco_door.country.roll import Roll
from narco_door.inside.careers import Careers
from narco_door.inside.cartels import Underworld
from narco_door.scenario import Scenario
from narco_door.state.corruption_and_fear import CorruptionAndFear
from narco_door.state.government import Government
from narco_door.state.laws import Lawbook
from narco_door.street.crossroads import Rule
from narco_door.street.doors import Doors


@dataclass
class Hearsay:
    """What youths know of the inside: members whom their place remembers, and what befell them.

    Attributes
    ----------
    promise, risk : float64[place]
        Believed promotions, and deaths and arrests, of a member in a year.
    remembered : float64[3, place]
        Promotions, deaths and arrests, and members, as remembered.
    """

    promise: F8
    risk: F8
    remembered: F8


@dataclass
class Search:
    """Who looked at the narco door lately.

    Attributes
    ----------
    men, boys : float64[place]
        Men at a crossroads in a month, and those under 18 among them, smoothed.
    """

    men: F8
    boys: F8


@dataclass
class World:
    """A country's youth, its cartels and its state, as they stand in a month.

    Attributes
    ----------
    start, months, month
        First month of the run, how many are lived, and the one that is being lived.
    weight
        Persons for whom an agent stands.
    rule, society
        Tables of the crossroads under the laws of the first month; shares among which newcomers are dealt.
    counts : int64[place, band of age, sex, door]
        Youths behind each door at the end of the last walk, in agents.
    violence : float64[place]
        Homicides a month, smoothed over a year.
    small_first : float64[place]
        How far members stood in small groups before the first month.
    seconds
        Time spent in each beat.
    """

    plan: Scenario
    numbers: Numbers
    switches: Switches
    draws: Draws
    places: Places
    society: Society
    rule: Rule
    start: int
    months: int
    weight: int
    pool: ThreadPoolExecutor | None

    month: int
    roll: Roll
    counts: I8
    doors: Doors
    search: Search
    hearsay: Hearsay
    cartels: Underworld
    careers: Careers
    small_first: F8
    government: Government
    lawbook: Lawbook
    corruption_and_fear: CorruptionAndFear
    violence: F8
    records: Book
    seconds: dict[str, float] = field(default_factory=dict)


def behind(world: World, doors: Sequence[int]) -> F8:
    """Persons of 12-29 behind any of these doors at the end of the last walk, float64[place]."""
    persons: F8 = world.counts[..., list(doors)].sum(axis=(1, 2, 3)) * float(world.weight)
    return persons


def youths(world: World) -> F8:
    """Persons of 12-29 who are neither in a cartel nor in prison, float64[place]."""
    return behind(world, known.outside())


def residents(world: World) -> F8:
    """People of all ages, float64[place]."""
    return world.places.population(world.month)


def police(world: World) -> F8:
    """Officers of each place without those whom a lever pays, float64[place]."""
    return world.places.police_per_1000 * residents(world) / 1000.0


def share(units: F8, of: F8) -> F8:
    """Units over those whom they are for, 0-1."""
    return np.clip(units / np.maximum(of, 1.0), 0.0, 1.0)
