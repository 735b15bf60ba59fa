"""Cartels move next door and give up places; wars begin and end; the members of those who lose go elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from narco_door.base.arrays import F8, I8, Mask
from narco_door.book.book import Event
from narco_door.inside import wars as war
from narco_door.inside.careers import count
from narco_door.inside.wars import Pairs
from narco_door.month.beat import Result, beat
from narco_door.month.careers import Lived, count_members
from narco_door.month.recruit import Offers
from narco_door.month.strike import Blows, happened
from narco_door.month.world import World


class Scattered(NamedTuple):
    """Those who left and were jailed this month, to whom those whom a lost war scatters are added, float64[place]."""

    leavers: F8
    arrests: F8


@dataclass(frozen=True)
class Moves(Result):
    """What cartels did to each other this month, in the order in which it happened."""

    events: Sequence[Event]


@beat(reads="cartels careers", writes="cartels careers roll")
def contend(world: World, offers: Offers, lived: Lived, blows: Blows) -> Moves:
    """Cartels move next door and give up places; wars begin and end, and the losers' members go elsewhere."""
    cartels, month = world.cartels, world.month
    entered = cartels.enter(month, rents=offers.rents, draws=world.draws)
    cartels.pacts.keep(cartels.pacts.until > month)
    scattered = Scattered(*(lived.notes[f"new_member_{how}"].copy() for how in ("leavers", "arrests")))
    if world.switches["war_and_peace"]:
        _end_wars(world, scattered)
        _begin_wars(world, offers.rents, entered)
    _change_sides(world)
    _go_over(world, cartels.give_up(month, world.draws))
    _scatter(world, cartels.dissolve())
    _forget(world)
    events = cartels.drain_events()
    fought = count(cartels.wars.place, len(world.places)).astype(float)
    return Moves(
        {"n_wars": fought, "new_wars": happened(world, [*blows.events, *events], "war"),
         "new_absorptions": happened(world, events, "absorption"),
         "new_member_leavers": scattered.leavers, "new_member_arrests": scattered.arrests},
        events=events,
    )  # fmt: skip


def _deterred(world: World) -> F8:
    """What the state's aim at those who fight takes from the readiness to, float64[cartel]: only the part of the
    hazard of being taken that keeping the peace would spare them.
    """
    n = world.numbers
    spared = 1.0 - 1.0 / n["target_fighting"]
    deterred: F8 = n["deterrence"] * 12.0 * world.cartels.pursued * spared
    return deterred


def _begin_wars(world: World, rents: F8, entered: Mask) -> None:
    cartels, month = world.cartels, world.month
    strong = entered | (cartels.posts >= world.numbers["war_min_size"])  # who enters comes with what he has elsewhere
    among = war.pairs(cartels.present & cartels.alive[:, None] & strong)
    free = war.at_peace(among, cartels.wars, cartels.pacts, places=len(world.places))
    among = Pairs(*(column[free] for column in among))
    usual = np.maximum(cartels.usual_rents, 1.0)
    hazard = war.beginning(
        among, cartels.wars, disorder=1.0 - cartels.cohesion, entered=entered,
        jump=np.maximum(np.log(np.maximum(rents, 1.0) / usual), 0.0), deterred=_deterred(world), numbers=world.numbers,
    )  # fmt: skip
    luck = world.draws.uniforms("war begins", month, war.names_at(cartels.keys(), among))
    a, b, place = (column[luck < 1.0 - np.exp(-hazard)] for column in among)
    cartels.wars.append(a=a, b=b, place=place, since=np.full(a.size, month))
    for row, where in zip(b, place, strict=True):
        size = round(float(cartels.held[row, where]))
        cartels.events.append(Event("war", cartels.cartels[row].name, int(where), size))


def _end_wars(world: World, scattered: Scattered) -> None:
    cartels, n, month = world.cartels, world.numbers, world.month
    if not len(cartels.wars):
        return
    ends = war.endings(
        cartels.wars, cartels.posts, month=month, deterred=_deterred(world), keys=cartels.keys(), draws=world.draws,
        numbers=n,
    )  # fmt: skip
    a, b, place = cartels.wars.a, cartels.wars.b, cartels.wars.place
    agreed = sorted(set(zip(a[ends.agreed], b[ends.agreed], strict=True)))
    lost = list(zip(a[ends.absorbed], b[ends.absorbed], place[ends.absorbed], strict=True))
    cartels.wars.keep(~(ends.agreed | ends.exhausted))
    for one, other in agreed:
        first, second = cartels.cartels[one], cartels.cartels[other]
        cartels.make_peace(first, second, until=month + int(n["pact_months"]))
        cartels.events.append(Event("truce", second.name, second.seat, round(second.members)))
    for one, other, where in lost:
        _absorb(world, scattered, rivals=(int(one), int(other)), place=int(where))


def _absorb(world: World, scattered: Scattered, *, rivals: tuple[int, int], place: int) -> None:
    """The stronger of two takes over the weaker's place: its claim and posts; members go over, leave or are jailed."""
    one, other = rivals
    cartels, table, n = world.cartels, world.careers.table, world.numbers
    if not (cartels.present[one, place] and cartels.present[other, place]):
        return  # one of the two has lost the place this month already
    winner, loser = (one, other) if cartels.posts[one, place] >= cartels.posts[other, place] else (other, one)
    who = np.flatnonzero((table["cartel"] == loser) & (table["place"] == place) & ~table["jailed"])
    size = float(cartels.held[loser, place])
    cartels.posts[winner, place] += cartels.posts[loser, place]
    left = np.zeros_like(cartels.present)
    left[loser, place] = True
    cartels.present[loser, place] = False
    cartels.abandon(left)
    cartels.events.append(Event("absorption", cartels.cartels[loser].name, place, round(size)))
    luck = world.draws.uniforms("absorbed", world.month, table["name"][who])
    table["cartel"][who] = winner
    away = luck >= n["absorbed_join"]
    jailed = away & (luck >= 1.0 - n["absorbed_jailed"])
    scattered.leavers[place] += float((away & ~jailed).sum() * world.weight)
    scattered.arrests[place] += float(jailed.sum() * world.weight)
    world.careers.put_away(who[away & ~jailed], who[jailed], month=world.month, draws=world.draws)
    count_members(world)


def _change_sides(world: World) -> None:
    """Members without a post go over to a cartel of their place that has one."""
    cartels, table, month = world.cartels, world.careers.table, world.month
    hazard = cartels.redundant()[0]
    if hazard.any():
        who = np.flatnonzero((hazard[table["cartel"], table["place"]] > 0) & ~table["jailed"])
        luck = world.draws.uniforms("change sides", month, table["name"][who])
        _join_another(world, who[luck < hazard[table["cartel"][who], table["place"][who]]])


def _go_over(world: World, left: Mask) -> None:
    """Members whose cartel gave up their place go over to another there."""
    cartels, table = world.cartels, world.careers.table
    if not left.any():
        return
    cartels.abandon(left)
    _join_another(world, np.flatnonzero(left[table["cartel"], table["place"]] & ~table["jailed"]))


def _scatter(world: World, gone: Mask) -> None:
    """Those whom a cartel that is no more leaves behind go over to another of their place."""
    table = world.careers.table
    if gone.any():
        world.cartels.abandon(np.repeat(gone[:, None], len(world.places), axis=1))
        _join_another(world, np.flatnonzero(gone[table["cartel"]] & ~table["jailed"]))


def _forget(world: World) -> None:
    """Those who bear a cartel's name bear it on in its new row."""
    table = world.careers.table
    rows = world.cartels.forget(table["cartel"])
    if rows is not None:
        table["cartel"][:] = rows[table["cartel"]]


def _join_another(world: World, who: I8) -> None:
    table = world.careers.table
    if not who.size:
        return
    luck = world.draws.uniforms("go over", world.month, table["name"][who])
    table["cartel"][who] = world.cartels.hire(table["place"][who], luck)
    count_members(world)
