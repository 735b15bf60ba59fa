"""All that there is in a run, as typed state; what happens to it stands in the beats."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Annotated

import numpy as np

from narco_door.base import doors as known
from narco_door.base.ages import BANDS
from narco_door.base.arrays import F8, I8
from narco_door.base.columns import Column
from narco_door.base.draws import Draws
from narco_door.base.remembered import Numbers, Switches
from narco_door.book.book import Book
from narco_door.country.arrivals import Society
from narco_door.country.places import Places
from narco_door.country.roll import Roll
from narco_door.inside.careers import Careers
from narco_door.inside.cartels import Underworld
from narco_door.inside.exits import Exits
from narco_door.scenario import Scenario
from narco_door.state.corruption_and_fear import CorruptionAndFear
from narco_door.state.government import Government
from narco_door.state.laws import Lawbook
from narco_door.street.crossroads import Rule
from narco_door.street.doors import Doors


@dataclass
class Hearsay:
    """What youths know of the inside: members whom their place remembers, and what befell them."""

    promise: Annotated[F8, Column("place", unit="per year", meaning="promotions a member may hope for, as believed")]
    risk: Annotated[F8, Column("place", unit="per year", meaning="deaths and arrests of a member, as believed")]
    remembered: Annotated[
        F8,
        Column("memory, place", unit="agents a month; agents", meaning="promotions, mishaps and members as remembered"),
    ]


@dataclass
class Search:
    """Who looked at the narco door lately."""

    men: Annotated[F8, Column("place", unit="persons a month", meaning="men at a crossroads, smoothed")]
    sought: Annotated[
        F8, Column("place", unit="persons a month", meaning="the same weighed by how recruiters look for their age")
    ]
    boys: Annotated[F8, Column("place", unit="persons a month", meaning="of these under 18")]


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
    counts: Annotated[
        I8, Column("place, band, sex, door", unit="agents", meaning="youths by age band, sex and door at the last walk")
    ]
    doors: Doors
    search: Search
    hearsay: Hearsay
    cartels: Underworld
    careers: Careers
    exits: Exits
    small_first: Annotated[
        F8, Column("place", unit="0-1", meaning="how far members stood in small groups before the first month")
    ]
    government: Government
    lawbook: Lawbook
    corruption_and_fear: CorruptionAndFear
    violence: Annotated[
        F8,
        Column(
            "place",
            unit="persons a month",
            meaning="homicides, smoothed over a year; what frightens and what steers money",
        ),
    ]
    records: Book
    seconds: dict[str, float] = field(default_factory=dict)


def behind(world: World, doors: Sequence[int]) -> F8:
    """Persons of 12-29 behind any of these doors at the end of the last walk, float64[place]."""
    persons: F8 = world.counts[..., list(doors)].sum(axis=(1, 2, 3)) * float(world.weight)
    return persons


def upper_school(counts: I8, weight: int) -> tuple[F8, F8]:
    """Pupils from 15 on, and all of the ages at which most of them study, 15-24, dead or alive; float64[place]."""
    upper = counts[:, BANDS.index("15_17") :].sum(axis=2) * float(weight)  # [place, band, door]
    return upper[..., known.SCHOOL].sum(axis=1), upper[:, :2].sum(axis=(1, 2))


def youths(world: World) -> F8:
    """Persons of 12-29 who are neither in a cartel nor in prison, float64[place]."""
    return behind(world, known.outside())


def residents(world: World) -> F8:
    """People of all ages, float64[place]."""
    return _people(world.places, world.month)


@lru_cache(maxsize=8)  # asked a dozen times a month
def _people(places: Places, month: int) -> F8:
    people = places.population(month)
    people.flags.writeable = False
    return people


def police(world: World) -> F8:
    """Officers of each place without those whom a lever pays, float64[place]."""
    return world.places.police_per_1000 * residents(world) / 1000.0


def share(units: F8, of: F8) -> F8:
    """Units over those whom they are for, 0-1."""
    return np.clip(units / np.maximum(of, 1.0), 0.0, 1.0)
