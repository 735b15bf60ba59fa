"""Leaders: how they fall, with or without the state, what their fall does to a cartel, and how it comes apart.

A fall works through two channels, each with a strength that may be 0.  *Disorder*: cohesion drops, pacts are void, the
cartel may break.  *Capacity*: of a leader whom the state takes, the cartel can collect less of its rents for a while.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from narco_door.base.arrays import F8, Mask
from narco_door.base.draws import Draws, child_key
from narco_door.book.book import Event

if TYPE_CHECKING:
    from narco_door.inside.cartels import Cartel, Underworld

BY_THE_STATE = ("capture", "killing")


def disorder(world: Underworld, kind: str) -> float:
    """How much disorder a kind of fall brings, relative to a leader's death of old age."""
    if kind not in BY_THE_STATE:
        return 1.0
    n = world.numbers
    strength = n["capture_disorder"] * world.switches["disorder"]
    return strength * n["killing_disorder"] if kind == "killing" else strength


def fall(world: Underworld, cartel: Cartel, *, kind: str, place: int) -> float:
    """A leader falls; returns the strength of the disorder that follows.

    Parameters
    ----------
    kind : str
        ``capture`` and ``killing`` are the state's; ``death`` and ``ousting`` happen without it.
    place : int
        Where it happens; the home of the cartel may be elsewhere.
    """
    n, row = world.numbers, cartel.row
    world.events.append(Event(kind, cartel.name, place, round(cartel.members)))
    cartel.leaders += 1
    strength = disorder(world, kind)
    world.cohesion[row] *= max(1.0 - strength * (1.0 - n["cohesion_after"]), 0.0)
    if strength > 0.0:
        world.pacts.keep((world.pacts.a != row) & (world.pacts.b != row))
    world.fell_at[row] = place if kind in BY_THE_STATE else -1
    if kind in BY_THE_STATE:
        world.capacity[row] *= 1.0 - n["capacity_loss"] * world.switches["capacity"]
    return strength


def hazards(world: Underworld, at_war: Mask) -> tuple[F8, F8]:
    """Monthly hazards of a leader to die, at war or in bed, and to be ousted by his own, float64[cartel] each."""
    n, size = world.numbers, np.maximum(world.posts.sum(axis=1), 1.0)
    share = (world.posts * at_war).sum(axis=1) / size
    return n["leader_death"] + n["leader_killed"] * share, n["leader_ousted"] * (1.0 - world.cohesion)


def split_chance(world: Underworld, cartel: Cartel, *, bench: float) -> float:
    """Chance that a cartel breaks when its leader falls: large ones do, a full second rank holds them together.

    Parameters
    ----------
    bench : float
        Plaza bosses over the posts for them.
    """
    n, size = world.numbers, cartel.size
    return n["split_chance"] * size / (size + n["split_half_size"]) * (1.0 - n["bench_effect"] * min(bench, 1.0))


def pieces(world: Underworld, cartel: Cartel, chance: float, *, month: int, draws: Draws) -> int:
    """How many rivals break away: none with the chance of an heir, then one more as long as luck has it."""
    n = world.numbers
    most = min(int(cartel.size / n["split_min_size"]), int(n["split_most"])) if world.switches["splits"] else 0
    number = 0
    while number < most and draws.uniform(f"split {number}", month, cartel.key) < chance:
        number, chance = number + 1, n["split_again"]
    return number


def break_away(world: Underworld, cartel: Cartel, piece: int, *, month: int, name: str = "") -> Cartel:
    """Found the rival that a piece of a cartel becomes, as yet without members; `name` if history knows it."""
    cartel.splits += 1
    key = child_key(cartel.key, month, piece + 1)
    luck = Draws(key).uniform("cost", 0, 0) + Draws(key).uniform("cost", 1, 0) - 1.0  # a triangle, sd 0.41
    return world.found(
        name=name or f"{cartel.name}.{cartel.splits}", key=key, present=np.zeros(world.n_places, bool),
        cohesion=world.numbers["cohesion_after"],
        cost=world.cost[cartel.row] * float(np.exp(world.numbers["cost_spread"] * luck / 0.41)),
    )  # fmt: skip


def sides(world: Underworld, piece_key: int, *, seat: int, draws: Draws, month: int, sharers: int) -> tuple[Mask, F8]:
    """How a piece parts a cartel's territory, `sharers` pieces being left to deal out.

    Returns
    -------
    takes : bool[place]
        Where the piece claims the place: on its own where luck has it, beside the old cartel at the seat and where
        the place is disputed.
    share : float64[place]
        Share of the members of each place who go with it: an even one at the seat, most or few where the place is
        disputed, elsewhere all or none.
    """
    n, who = world.numbers, np.full(world.n_places, piece_key, np.uint64)
    with np.errstate(over="ignore"):
        who += np.arange(world.n_places, dtype=np.uint64)
    wins = draws.uniforms("territory", month, who) < 1.0 / sharers
    disputed = draws.uniforms("disputed", month, who) < n["split_disputed"]
    share = np.where(wins, 1.0, 0.0)
    share[disputed] = np.where(wins, 1.0 - n["split_mixing"], n["split_mixing"])[disputed]
    disputed[seat], share[seat] = True, 1.0 / sharers
    return wins | disputed, share


def divide(world: Underworld, cartel: Cartel, rival: Cartel, moved: F8, *, takes: Mask, share: F8) -> None:
    """Move claims, members and posts to the rival; the sums of the latter two stay the same."""
    given = np.where(takes, world.posts[cartel.row] * share, 0.0)
    for table, part in ((world.held, moved), (world.posts, given)):
        table[cartel.row] -= part
        table[rival.row] += part
    whole = world.present[cartel.row].copy()
    world.present[rival.row] = takes & whole
    world.present[cartel.row] = whole & ~(takes & (share == 1.0))
    _inherit_wars(world, cartel, rival)
    world.events.append(Event("split", rival.name, rival.seat, round(float(moved.sum()))))


def _inherit_wars(world: Underworld, cartel: Cartel, rival: Cartel) -> None:
    """Wars in places that the old cartel gave to the rival are the rival's."""
    wars = world.wars
    given = ~world.present[cartel.row, wars.place] & ((wars.a == cartel.row) | (wars.b == cartel.row))
    wars.a[given] = np.where(wars.a == cartel.row, wars.b, wars.a)[given]
    wars.b[given] = rival.row


def go_to_war(world: Underworld, cartel: Cartel, rival: Cartel, *, month: int, draws: Draws) -> None:
    """Those who part fight over what both claim, each place with the chance of `war_split`."""
    places = np.flatnonzero(world.present[cartel.row] & world.present[rival.row])
    with np.errstate(over="ignore"):
        who = np.uint64(rival.key) + places.astype(np.uint64)
    fought = draws.uniforms("war of those who part", month, who) < world.numbers["war_split"]
    world.make_war(cartel, rival, places[fought], month=month)
