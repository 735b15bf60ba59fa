"""The cartels of the first month: who they are, whom they fight and how many posts balance it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from narco_door.base.arrays import F8
from narco_door.country.places import Places

ROUNDS = 20
"""Of who wants how many posts given who has how many: the last one moves less than a person."""

if TYPE_CHECKING:
    from collections.abc import Callable

    from narco_door.inside.cartels import Underworld


def founders(world: Underworld, places: Places, *, key_of: Callable[[int], int]) -> None:
    """The organisations of the first month, each in the states it held, and the wars between them."""
    for number, founder in enumerate(places.cartels):
        present = np.zeros(world.n_places, bool)
        present[list(founder.places)] = True
        world.found(name=founder.name, key=key_of(number), present=present)
    if places.wars:
        a, b, place = (np.array(column) for column in zip(*places.wars, strict=True))
        world.wars.append(a=a, b=b, place=place, since=np.full(a.size, -1))


def settle_founders(world: Underworld, rents: F8, *, start: int, truce: float) -> None:
    """Give the cartels of the first month their posts, so that it is in balance.

    How many members a place has follows from the sizes in the table, over a cartel's places by export rents and
    people; how they are shared among its cartels follows from the contest.  What is left over makes `need`: rents of
    the first month feed those who are there, be they much or little; only what becomes of rents later moves posts.

    Parameters
    ----------
    rents : float64[place]
        US$ a month.
    """
    n, places = world.numbers, world.places
    people = places.population(start)
    size = np.zeros(world.n_places)
    for founder in places.cartels:
        held = list(founder.places)
        share = np.sqrt(places.corridor_share[held] * people[held])
        size[held] += founder.size_share * share / share.sum()
    posts = n["members_first"] / (1.0 - n["vacancy_first"])
    for _ in range(ROUNDS):  # who is larger pays less for force, so wants more
        wants = world.wants(rents, truce=truce)
        here = wants.sum(axis=0)
        world.posts = posts * size * np.divide(wants, here, out=np.zeros_like(wants), where=here > 0)
    world.need = np.divide(posts * size, here, out=np.ones_like(here), where=here > 0)
    world.usual_vacancy = np.full(world.n_places, n["vacancy_first"])
    world.usual_rents = rents.copy()
