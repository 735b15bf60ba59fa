"""Leaders fall, to the state and without it; heirs take over, or cartels come apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from narco_door.base.arrays import F8, I8, Mask
from narco_door.base.draws import child_key
from narco_door.book.book import Event
from narco_door.inside import leaders
from narco_door.inside.careers import BOSS, count
from narco_door.inside.cartels import Cartel
from narco_door.month.beat import Result, beat
from narco_door.month.disburse import Paid
from narco_door.month.rooms import anywhere, room
from narco_door.month.world import World


@dataclass(frozen=True)
class Blows(Result):
    """What befell cartels this month, in the order in which it happened."""

    events: Sequence[Event]


@beat(reads="cartels careers corruption_and_fear", writes="cartels careers")
def strike(world: World, paid: Paid) -> Blows:
    """Leaders fall, to the state and without it; heirs take over, or cartels come apart."""
    cartels = world.cartels
    cartels.heal()
    operations = float(paid.at_work["kingpin_operations"].sum())
    cartels.pursued = _pursued(world, operations)
    fallen = {event.cartel for event in cartels.events if event.kind in leaders.BY_THE_STATE}  # this month, on record
    for cartel, kind, place in [*_taken(world), *_lost(world)]:
        if cartel.name not in fallen:  # nobody falls twice in a month
            succeed(world, cartel, kind=kind, place=place)
            fallen.add(cartel.name)
    for cartel in _parting(world):
        part(world, cartel, leaders.pieces(cartels, cartel, 1.0, month=world.month, draws=world.draws))
    events = cartels.drain_events()
    return Blows(
        {
            "new_captures": happened(world, events, *leaders.BY_THE_STATE),
            "new_splits": happened(world, events, "split"),
            "new_leaders_lost": happened(world, events, "death", "ousting"),
        },
        events=events,
    )  # fmt: skip


def happened(world: World, events: Sequence[Event], *kinds: str) -> F8:
    """How many events of some kinds there were, float64[place]."""
    return count(np.array([e.place for e in events if e.kind in kinds], np.int64), len(world.places)).astype(float)


def _pursued(world: World, operations: float) -> F8:
    """Monthly hazard of each leader to be taken: effort goes to the larger cartels and to those at war; corruption at
    the seat warns him.
    """
    n, cartels = world.numbers, world.cartels
    size = cartels.posts.sum(axis=1)
    rows = np.flatnonzero(cartels.alive & (size > 0))
    hazard = np.zeros(size.size)
    if operations > 0 and rows.size:
        at_war = (cartels.posts * cartels.at_war()).sum(axis=1)[rows] / size[rows]
        weight = size[rows] ** n["target_size"] * (1.0 + (n["target_fighting"] - 1.0) * at_war)
        effort = operations * weight / weight.sum() * n["operation_success"]
        hazard[rows] = effort * (1.0 - world.corruption_and_fear.corruption[cartels.seats()[rows]])
    return hazard


def _taken(world: World) -> Iterator[tuple[Cartel, str, int]]:
    """Leaders whom the state takes this month: killed or captured, at home or in another of their places."""
    n, cartels = world.numbers, world.cartels
    rows = np.flatnonzero(cartels.pursued > 0)
    keys = cartels.keys()[rows]
    luck = world.draws.uniforms("capture", world.month, keys)
    killed = world.draws.uniforms("killed", world.month, keys) < n["killing_share"]
    away = world.draws.uniforms("taken away from home", world.month, keys)
    for k in np.flatnonzero(luck < 1.0 - np.exp(-cartels.pursued[rows])):
        cartel = cartels.cartels[rows[k]]
        place, others = cartel.seat, cartel.places[cartel.places != cartel.seat]
        if others.size and away[k] < n["taken_away"]:
            place = int(others[int(away[k] / n["taken_away"] * others.size)])
        yield cartel, "killing" if killed[k] else "capture", place


def _lost(world: World) -> Iterator[tuple[Cartel, str, int]]:
    """Leaders whom cartels lose without the state."""
    cartels = world.cartels
    rows = np.flatnonzero(cartels.alive)
    death, ousting = (hazard[rows] for hazard in leaders.hazards(cartels, cartels.at_war()))
    luck = world.draws.uniforms("leader lost", world.month, cartels.keys()[rows])
    for k in np.flatnonzero(luck < 1.0 - np.exp(-(death + ousting))):
        cartel = cartels.cartels[rows[k]]
        kind = "death" if luck[k] < 1.0 - np.exp(-death[k]) else "ousting"
        yield cartel, kind, cartel.seat


def succeed(world: World, cartel: Cartel, *, kind: str, place: int) -> None:
    """The leader falls: an heir takes over, or rivals break away with their territory and their men."""
    cartels, table = world.cartels, world.careers.table
    mine = inside(world, cartel)
    bosses = float((table["room"][mine] == BOSS).sum())
    posts = max(world.careers.pyramid[BOSS] * mine.size, 1e-9)
    strength = leaders.fall(cartels, cartel, kind=kind, place=place)
    chance = strength * leaders.split_chance(cartels, cartel, bench=bosses / posts)
    number = leaders.pieces(cartels, cartel, chance, month=world.month, draws=world.draws)
    if not part(world, cartel, number):
        cartels.events.append(Event("succession", cartel.name, cartel.seat, round(cartel.members)))


def _parting(world: World) -> Iterator[Cartel]:
    """Cartels that break over money or ground, although nobody fell."""
    n, cartels = world.numbers, world.cartels
    size = cartels.posts.sum(axis=1)
    rows = np.flatnonzero(cartels.alive & (size >= n["split_min_size"]))
    hazard = n["split_unprovoked"] * size[rows] / (size[rows] + n["split_half_size"])
    luck = world.draws.uniforms("parting", world.month, cartels.keys()[rows])
    yield from (cartels.cartels[row] for row in rows[luck < hazard])


def part(world: World, cartel: Cartel, number: int) -> bool:
    """Let some pieces break away from a cartel; whether any did."""
    seat = cartel.seat
    broke_away = [break_away(world, cartel, k, seat=seat, sharers=number - k + 1) for k in range(number)]
    return any(broke_away)


def break_away(world: World, cartel: Cartel, piece: int, *, seat: int, sharers: int) -> bool:
    """Part a piece from a cartel; False if it would have nothing, or everything.

    What there is to part is posts: where few agents stand for many people, one side may have members later.
    """
    key = child_key(cartel.key, world.month, piece + 1)
    takes, share = leaders.sides(
        world.cartels, key, seat=seat, draws=world.draws, month=world.month, sharers=sharers
    )  # fmt: skip
    posts = world.cartels.posts[cartel.row]
    if not 0.0 < posts[takes] @ share[takes] < posts.sum():
        return False
    goes = leavers(world, cartel, piece, inside(world, cartel), share)
    rival = split_off(world, cartel, piece, goes, takes=takes, share=share)
    leaders.go_to_war(world.cartels, cartel, rival, month=world.month, draws=world.draws)
    return True


def inside(world: World, cartel: Cartel) -> I8:
    """Rows of the table of a cartel's members."""
    table = world.careers.table
    return np.flatnonzero((table["cartel"] == cartel.row) & ~table["jailed"])


def leavers(world: World, cartel: Cartel, piece: int, mine: I8, share: F8) -> I8:
    """Which rows of the table, of those of its members, go with a piece: `share` of those of each place."""
    table = world.careers.table
    luck = world.draws.uniforms(f"side {piece}", world.month, table["name"][mine])
    odd = world.draws.uniform(f"odd one {piece}", world.month, cartel.key)
    goes: I8 = mine[dealt(table["place"][mine], luck, share, odd)]
    return goes


def split_off(
    world: World, cartel: Cartel, piece: int, goes: I8, *, takes: Mask, share: F8, name: str = ""
) -> Cartel:  # fmt: skip
    """Make a rival of those who go, with the places that it takes; under its own name if it has one."""
    cartels, table = world.cartels, world.careers.table
    rival = leaders.break_away(cartels, cartel, piece, month=world.month, name=name)
    table["cartel"][goes] = rival.row
    moved = count(table["place"][goes], len(world.places)) * float(world.weight)
    leaders.divide(cartels, cartel, rival, moved, takes=takes, share=share)
    return rival


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
    edges = np.zeros(number.size + 1)
    edges[1:] = np.floor(np.cumsum(number * share) + odd)
    go = edges[1:] - edges[:-1]
    rank = np.arange(place.size) - np.repeat(np.cumsum(number) - number, number)
    goes = np.zeros(place.size, bool)
    goes[order] = rank < np.repeat(go, number)
    return goes


# --- how many units can be of use ---


room("kingpin_operations")(anywhere)
