"""Cartels look for recruits: rents, rivalry and losses make vacancies, and vacancies open the narco door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from narco_door.base.arrays import F8
from narco_door.base.remembered import Laws
from narco_door.inside import border, forfeiture, market, predation, sources
from narco_door.month.beat import Result, beat
from narco_door.month.disburse import Paid
from narco_door.month.rooms import Meant, room
from narco_door.month.world import World, residents, youths


@dataclass(frozen=True)
class Offers(Result):
    """How wide the narco door is, and the rents behind it.

    Attributes
    ----------
    width, force : float64[place]
        Chance at a crossroads that an adult man gets an offer, or is taken by force.
    reached : float64[place]
        Share of the youths by whom outreach workers stand.
    rents : float64[place]
        US$ that cartels contest this month.
    legal, taken, abroad : float64[place]
        US$ lost to a legal trade, taken from the population beyond ordinary rackets, moved out of the country.
    """

    width: F8
    force: F8
    reached: F8
    rents: F8
    legal: F8
    taken: F8
    abroad: F8


@beat(reads="cartels counts search small_first", writes="cartels")
def recruit(world: World, law: Laws, paid: Paid) -> Offers:
    """Rents, rivalry and losses give each cartel its vacancies: how wide the narco door is."""
    n = world.numbers
    rents, legal, taken, moved, notes = _rents(world, law, paid)
    labour = 1.0 / market.trend(n["technology_growth"] * world.switches["technology"], world.month - world.start)
    world.cartels.adjust(rents, labour=labour, truce=law["truce"])
    backing = 1.0 + n["involved_outreach"] * law["involvement"]  # neighbours stand behind an outreach worker
    workers = paid.at_work["outreach"] * backing
    reached = 1.0 - np.exp(-workers * n["outreach_reach"] / np.maximum(youths(world), 1.0))
    offers = world.cartels.vacancies.sum(axis=0) * (1.0 - n["outreach_most"] * reached)
    lookers = np.maximum(world.search.men, world.weight)
    width = 1.0 - np.exp(-offers_per_vacancy(n) * offers / lookers)
    force = 1.0 - np.exp(-n["forced_per_vacancy"] * offers / lookers)
    return Offers(
        notes=notes | {"width_narco": width, "rents": rents},
        width=width, force=force if world.switches["forced_recruitment"] else np.zeros_like(force),
        reached=reached, rents=rents, legal=legal, taken=taken, abroad=moved.abroad,
    )  # fmt: skip


def offers_per_vacancy(numbers: Mapping[str, float]) -> float:
    """Offers that a vacancy makes in a month: enough to fill half of those of the first month in their time."""
    return float(np.log(2.0) / (numbers["refill_half_life"] * numbers["accepted_first"]))


def _rents(world: World, law: Laws, paid: Paid) -> tuple[F8, F8, F8, border.Moved, dict[str, F8]]:
    """Contestable rents of each place after everything that moves, takes or adds to them: the rents, what a legal
    trade takes, what is taken from the population, what moves, and the records of all that.
    """
    n, switches, places, held = world.numbers, world.switches, world.places, world.cartels.held
    exported, legal, moved = _exported(world, law, paid)
    rackets = market.local(places, n, residents(world))
    total = market.rents(
        exported, rackets if switches["local_rackets"] else None, n,
        transfers=paid.transfers, extortion=switches["transfer_extortion"],
    )  # fmt: skip
    small = predation.small_share(held, n["small_group"])
    allowed = switches["diversification"] and switches["local_rackets"]
    taken = predation.predation(small - world.small_first, rackets, legal, n) * allowed
    seized = forfeiture.seize(held.sum(axis=0), n["member_cost"] * world.cartels.pay, law, n)
    notes = {
        "us_price": np.full(len(places), market.price(law["supply_squeeze"], n["demand_elasticity"])),
        "rents_legal": legal, "rents_taken": taken, "small_groups": small,
        "rents_moved_out": moved.out, "rents_moved_in": moved.into, "rents_moved_abroad": moved.abroad,
        "new_cash_seized": seized.cash, "new_product_paid": seized.product, "new_local_sales": seized.sold,
        "new_cars_stolen": seized.cars,
    }  # fmt: skip
    return np.maximum(total + taken + seized.net, 0.0), legal, taken, moved, notes


def _exported(world: World, law: Laws, paid: Paid) -> tuple[F8, F8, border.Moved]:
    """Export rents where they arise after displacement, what a legal trade takes of them, and what moves."""
    n, since = world.numbers, world.month - world.start
    corridor = sources.corridor(world.places, world.month, by_source=world.switches["rent_sources"])
    kept = market.trend(n["laundering_growth"] * world.switches["technology"], since)
    whole = market.exports(corridor, n, law, months=since, kept=kept)
    legal = whole * law["legal_share"]
    inspectors = paid.at_work["border"] + n["soldier_presses"] * paid.soldiers
    share = border.pressure(inspectors * world.switches["displacement"], corridor, n)
    moved = border.move(whole - legal, share, near=world.places.neighbours, corridor=corridor, numbers=n)
    return whole - legal - moved.out + moved.into, legal, moved


# --- how many units can be of use ---


@room("outreach")
def _workers(world: World, meant: Meant) -> F8:
    return youths(world) / world.numbers["outreach_reach"] * world.numbers["outreach_full"]


@room("border")
def _inspectors(world: World, meant: Meant) -> F8:
    n = world.numbers
    corridor = sources.corridor(world.places, world.month, by_source=world.switches["rent_sources"])
    return corridor * n["border_scale"] * n["inspectors_most"]
