"""War and peace between groups: a state of each pair in each place, with memory.

A war begins when a rival is in disorder, when somebody enters, when rents rise, when groups part, or because the two
fight elsewhere; it ends when the stronger takes over the weaker, when the two agree, or when they are exhausted.
Only those at war fight and arm against each other.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import NDArray

from narco_door.base.arrays import F8, I8, Mask, Names
from narco_door.base.columns import Column, Table
from narco_door.base.draws import Draws
from narco_door.base.remembered import Numbers

FOREVER = 2**40


class Wars(Table):
    """Wars that are fought, each between two cartels in a place."""

    a: Annotated[NDArray[np.int64], Column("war", unit="cartel", meaning="the older of the two")]
    b: Annotated[NDArray[np.int64], Column("war", unit="cartel", meaning="the younger")]
    place: Annotated[NDArray[np.int64], Column("war", unit="place", meaning="where")]
    since: Annotated[NDArray[np.int64], Column("war", unit="month", meaning="in which it began")]


class Pacts(Table):
    """Pairs of cartels that keep the peace everywhere."""

    a: Annotated[NDArray[np.int64], Column("pact", unit="cartel", meaning="the older of the two")]
    b: Annotated[NDArray[np.int64], Column("pact", unit="cartel", meaning="the younger")]
    until: Annotated[NDArray[np.int64], Column("pact", unit="month", meaning="up to which it binds, that one excluded")]


class Pairs(NamedTuple):
    """Pairs of cartels that claim the same place, int64[pair] each, the older one first."""

    a: I8
    b: I8
    place: I8


class Endings(NamedTuple):
    """Which wars end this month and how, bool[war] each; at most one of them is true."""

    absorbed: Mask
    agreed: Mask
    exhausted: Mask


def pairs(present: Mask) -> Pairs:
    """All pairs of cartels that claim the same place, in the order of the places."""
    place, row = np.nonzero(present.T)
    claim = np.arange(row.size)
    later = np.searchsorted(place, place, side="right") - claim - 1  # claims on the same place after this one
    one = np.repeat(claim, later)
    other = one + 1 + np.arange(one.size) - np.repeat(np.cumsum(later) - later, later)
    return Pairs(row[one], row[other], place[one])


def pair_names(keys: Names, a: I8, b: I8) -> Names:
    """A name for each pair of cartels, the same whoever is named first, uint64[pair]."""
    with np.errstate(over="ignore"):
        return keys[a] + keys[b]


def names_at(keys: Names, among: Pairs) -> Names:
    """A name for each pair in its place, uint64[pair]."""
    with np.errstate(over="ignore"):
        return pair_names(keys, among.a, among.b) + among.place.astype(np.uint64)


def enemies(wars: Wars, held: F8) -> F8:
    """Members of all cartels with which each is at war in each place, [cartel, place]."""
    out = np.zeros_like(held)
    np.add.at(out, (wars.a, wars.place), held[wars.b, wars.place])
    np.add.at(out, (wars.b, wars.place), held[wars.a, wars.place])
    return out


def fighting(wars: Wars, shape: tuple[int, ...]) -> Mask:
    """Who is at war where, bool[cartel, place]."""
    out = np.zeros(shape, bool)
    out[wars.a, wars.place] = True
    out[wars.b, wars.place] = True
    return out


def rivalry(wars: Wars, held: F8) -> F8:
    """Enemies' share of the members of both sides, [cartel, place]: 0 at peace, a half among equals."""
    against = enemies(wars, held)
    both = held + against
    share: F8 = np.divide(against, both, out=np.zeros_like(held), where=both > 0)
    return share


def at_peace(among: Pairs, wars: Wars, pacts: Pacts, *, places: int) -> Mask:
    """Which pairs could go to war: neither at war in the place nor bound by a pact, bool[pair]."""
    many = len(_marked(wars, among))
    fought = np.zeros((many, many, places), bool)
    fought[wars.a, wars.b, wars.place] = True
    free: Mask = ~(fought[among.a, among.b, among.place] | _marked(pacts, among)[among.a, among.b])
    return free


def _marked(table: Wars | Pacts, among: Pairs) -> Mask:
    """Which two cartels a table names, bool[older, younger]; large enough for all pairs."""
    many = 1 + max((int(column.max()) for column in (among.b, table.b) if column.size), default=0)
    marked = np.zeros((many, many), bool)
    marked[table.a, table.b] = True
    return marked


def beginning(among: Pairs, wars: Wars, *, disorder: F8, entered: Mask, jump: F8, deterred: F8, numbers: Numbers) -> F8:
    """Monthly hazard that each pair goes to war in its place, float64[pair].

    Parameters
    ----------
    disorder : float64[cartel]
        1 less cohesion: a rival in disorder is attacked, and an heir must show himself.
    entered : bool[cartel, place]
        Who came this month.
    jump : float64[place]
        By how much rents lie above those of the last year, as a logarithm; 0 where they do not.
    deterred : float64[cartel]
        What the state's aim at those who fight takes from the readiness to, as an exponent.
    """
    n, (a, b, place) = numbers, among
    elsewhere = _marked(wars, among)[a, b]
    hazard: F8 = (
        n["war_begin"]
        + n["war_disorder"] * np.maximum(disorder[a], disorder[b])
        + n["war_entry"] * (entered[a, place] | entered[b, place])
        + n["war_rents"] * jump[place]
        + n["war_spread"] * elsewhere
    )
    hazard = hazard * np.exp(-np.maximum(deterred[a], deterred[b]))
    return hazard


def endings(wars: Wars, posts: F8, *, month: int, deterred: F8, keys: Names, draws: Draws, numbers: Numbers) -> Endings:
    """Which wars end this month: the stronger absorbs, both agree, or both are exhausted.

    A weaker group is absorbed the faster the smaller its share of the two; two that agree do so everywhere at once.
    How strong a group is in a place its posts say, float64[cartel, place]: they do not hang on how many people an
    agent stands for.
    """
    n, among = numbers, Pairs(wars.a, wars.b, wars.place)
    one, other = posts[wars.a, wars.place], posts[wars.b, wars.place]
    both = one + other
    lead = np.divide(np.abs(one - other), both, out=np.ones_like(both), where=both > 0)
    absorb = n["absorb_rate"] * lead
    tire = np.exp(np.maximum(deterred[wars.a], deterred[wars.b])) / n["war_months"]
    luck = draws.uniforms("war ends", month, names_at(keys, among))
    ends = luck < 1.0 - np.exp(-(absorb + tire))
    absorbed = ends & (luck * (absorb + tire) < absorb * (1.0 - np.exp(-(absorb + tire))))
    agree = draws.uniforms("truce", month, pair_names(keys, wars.a, wars.b)) < n["pact_rate"]
    return Endings(absorbed & ~agree, agree, ends & ~absorbed & ~agree)
