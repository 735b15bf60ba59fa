"""What befell cartels on record: leaders fall in their month, named groups break away; luck does the rest."""

from __future__ import annotations

import numpy as np

from narco_door.book.book import Event
from narco_door.inside import leaders
from narco_door.inside.cartels import Cartel
from narco_door.inside.wars import FOREVER
from narco_door.month.beat import beat
from narco_door.month.strike import inside, leavers, split_off, succeed
from narco_door.month.world import World
from narco_door.scenario.orders import DatedEvent

RECORDED = 1000
"""Number of the piece that breaks away on record: no piece that luck breaks off has it."""


@beat(reads="cartels careers", writes="cartels careers")
def history(world: World) -> None:
    """What is on record of this month befalls the cartels; what finds its cartel gone is missed, and told."""
    if world.switches["history"]:
        for event in world.plan.happening:
            if event.month == world.month:
                _befall(world, event)


def _befall(world: World, event: DatedEvent) -> None:
    """Let one event happen."""
    cartel, partner = _living(world, event.cartel), _living(world, event.partner)
    if cartel is None or (event.partner and partner is None):
        gone = event.cartel if cartel is None else event.partner
        world.cartels.events.append(Event("missed", gone, _place(world, event), 0))
        return
    match event.kind:
        case "capture" | "killing":
            succeed(world, cartel, kind=event.kind, place=_place(world, event))
        case "split":
            _split(world, cartel, event)
        case "truce" | "alliance" if partner is not None:
            _make_peace(world, event, cartel, partner)
        case "war" if partner is not None:
            _make_war(world, event, cartel, partner)
        case "escape":
            world.cartels.cohesion[cartel.row] = 1.0  # whole again under the old leader
            _tell(world, event, cartel)
        case _:  # who is extradited had fallen before
            _tell(world, event, cartel)


def _living(world: World, name: str) -> Cartel | None:
    """The cartel of this name, if it still exists."""
    return next((cartel for cartel in world.cartels.living() if cartel.name == name), None)


def _place(world: World, event: DatedEvent) -> int:
    """Where it happened; for want of a place in the first that is named, or in the first of all."""
    code = event.place or next(iter(event.places), world.places.code[0])
    return world.places.code.index(code)


def _tell(world: World, event: DatedEvent, cartel: Cartel) -> None:
    place = _place(world, event) if event.place else cartel.seat
    world.cartels.events.append(Event(event.kind, cartel.name, place, round(cartel.members)))


def _split(world: World, cartel: Cartel, event: DatedEvent) -> None:
    """A named group breaks away: at the old cartel's seat half go with it, in its other places nearly all; it claims
    those, too, in which the old one has nobody.
    """
    takes = np.isin(np.array(world.places.code), event.places)
    share = np.where(takes, 1.0 - world.numbers["split_mixing"], 0.0)
    seat = cartel.seat
    share[seat] = 0.5 * takes[seat]
    goes = leavers(world, cartel, RECORDED, inside(world, cartel), share)
    rival = split_off(world, cartel, RECORDED, goes, takes=takes, share=share, name=event.new)
    world.cartels.present[rival.row] = takes
    leaders.go_to_war(world.cartels, cartel, rival, month=world.month, draws=world.draws)


def _make_war(world: World, event: DatedEvent, cartel: Cartel, partner: Cartel) -> None:
    """Two cartels fight over places from now on; whoever of them was not there comes, and a pact is void.

    Where there is neither war nor peace, with `war_and_peace` off, it befalls nobody.
    """
    if not world.switches["war_and_peace"]:
        return
    where = np.flatnonzero(np.isin(np.array(world.places.code), event.places))
    world.cartels.present[np.ix_([cartel.row, partner.row], where)] = True
    world.cartels.make_war(cartel, partner, where, month=world.month)


def _make_peace(world: World, event: DatedEvent, cartel: Cartel, partner: Cartel) -> None:
    """A truce binds for the months of a pact, an alliance until a leader of one of the two falls."""
    until = world.month + int(world.numbers["pact_months"]) if event.kind == "truce" else FOREVER
    world.cartels.make_peace(cartel, partner, until=until)
    _tell(world, event, cartel)
