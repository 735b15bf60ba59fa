"""Operations against leaders; succession and splits; cartels heal, move next door, give up places and men."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from narco_door.base.arrays import F8, I8, Mask
from narco_door.book.book import Event
from narco_door.inside.careers import BOSS, count
from narco_door.inside.cartels import Cartel
from narco_door.month.beat import Result, beat
from narco_door.month.careers import count_members
from narco_door.month.disburse import Paid
from narco_door.month.recruit import Offers
from narco_door.month.rooms import anywhere, room
from narco_door.month.world import World


@dataclass(frozen=True)
class Blows(Result):
    """What befell cartels this month, in the order in which it happened."""

    events: Sequence[Event]


@beat(reads="cartels careers corruption_and_fear", writes="cartels careers")
def strike(world: World, paid: Paid, offers: Offers) -> Blows:
    """Operations against leaders; succession and splits; cartels heal, move next door, give up places and men."""
    cartels = world.cartels
    cartels.heal()
    operations = float(paid.at_work["kingpin_operations"].sum())
    if operations > 0:
        for cartel in _captured(world, operations):
            decapitate(world, cartel)
    _go_over(world, cartels.move(world.month, rents=offers.rents, draws=world.draws))
    events = cartels.drain_events()
    at = {
        kind: count(np.array([e.place for e in events if e.kind == kind], np.int64), len(world.places)).astype(float)
        for kind in ("capture", "split")
    }
    return Blows({"new_captures": at["capture"], "new_splits": at["split"]}, events=events)


def _captured(world: World, operations: float) -> list[Cartel]:
    """Leaders taken this month: effort goes to the larger cartels, corruption at the seat warns them."""
    n, cartels = world.numbers, world.cartels
    rows = np.flatnonzero(cartels.alive & cartels.held.any(axis=1))
    if not rows.size:
        return []
    living = [cartels.cartels[row] for row in rows]
    weight = cartels.held[rows].sum(axis=1) ** n["target_size"]
    effort = operations * weight / weight.sum() * n["operation_success"]
    hazard = 1.0 - np.exp(-effort * (1.0 - world.corruption_and_fear.corruption[cartels.seats()[rows]]))
    luck = world.draws.uniforms("capture", world.month, np.array([c.key for c in living], np.uint64))
    fallen = {event.cartel for event in cartels.events if event.kind == "capture"}  # this month, on record
    return [c for c, taken in zip(living, luck < hazard, strict=True) if taken and c.name not in fallen]


def decapitate(world: World, cartel: Cartel, *, place: int | None = None) -> None:
    """The leader falls, in a place or at the seat: an heir takes over, or rivals break away with their territory and
    their men.
    """
    cartels, table, seat = world.cartels, world.careers.table, cartel.seat
    mine = (table["cartel"] == cartel.row) & ~table["jailed"]
    bosses = float((table["room"][mine] == BOSS).sum())
    posts = max(world.careers.pyramid[BOSS] * mine.sum(), 1e-9)
    pieces = cartels.fall(cartel, month=world.month, draws=world.draws, bench=bosses / posts, place=place)
    broke_away = [_break_away(world, cartel, k, seat=seat, sharers=pieces - k + 1) for k in range(pieces)]
    if not any(broke_away):
        cartels.events.append(Event("succession", cartel.name, cartel.seat, round(cartel.members)))


def _break_away(world: World, cartel: Cartel, piece: int, *, seat: int, sharers: int) -> bool:
    """Part a piece from a cartel; False if it would have nobody, or everybody."""
    takes, share = world.cartels.sides(
        cartel, piece, seat=seat, month=world.month, draws=world.draws, sharers=sharers
    )  # fmt: skip
    goes = leavers(world, cartel, piece, share)
    if not 0 < goes.size < _inside(world, cartel).size:
        return False
    part(world, cartel, piece, goes, takes=takes, share=share, seat=seat)
    return True


def _inside(world: World, cartel: Cartel) -> I8:
    """Rows of the table of a cartel's members."""
    table = world.careers.table
    return np.flatnonzero((table["cartel"] == cartel.row) & ~table["jailed"])


def leavers(world: World, cartel: Cartel, piece: int, share: F8) -> I8:
    """Rows of the table of the members who go with a piece, `share` of those of each place."""
    table, mine = world.careers.table, _inside(world, cartel)
    luck = world.draws.uniforms(f"side {piece}", world.month, table["name"][mine])
    odd = world.draws.uniform(f"odd one {piece}", world.month, cartel.key)
    goes: I8 = mine[dealt(table["place"][mine], luck, share, odd)]
    return goes


def part(
    world: World, cartel: Cartel, piece: int, goes: I8, *, takes: Mask, share: F8, seat: int, name: str = ""
) -> Cartel:  # fmt: skip
    """Make a rival of those who go, with the places that it takes; under its own name if it has one."""
    cartels, table = world.cartels, world.careers.table
    rival = cartels.break_away(cartel, piece, month=world.month, name=name)
    table["cartel"][goes] = rival.row
    moved = count(table["place"][goes], len(world.places)) * float(world.weight)
    cartels.divide(cartel, rival, moved, takes=takes, share=share, seat=seat)
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
    go = np.diff(np.floor(np.cumsum(number * share) + odd), prepend=0.0)
    rank = np.arange(place.size) - np.repeat(np.cumsum(number) - number, number)
    goes = np.zeros(place.size, bool)
    goes[order] = rank < np.repeat(go, number)
    return goes


def _go_over(world: World, left: Mask) -> None:
    """Members whose cartel gave up their place go over to another there."""
    cartels, table = world.cartels, world.careers.table
    if not left.any():
        return
    cartels.abandon(left)
    who = np.flatnonzero(left[table["cartel"], table["place"]] & ~table["jailed"])
    luck = world.draws.uniforms("go over", world.month, table["name"][who])
    table["cartel"][who] = cartels.hire(table["place"][who], luck)
    count_members(world)


# --- how many units can be of use ---


room("kingpin_operations")(anywhere)
