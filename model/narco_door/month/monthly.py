"""Where the beats of a month call the systems: what each does now, noted for the records."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from narco_door.base.arrays import F8
from narco_door.inside import border, forfeiture, market, predation
from narco_door.inside.careers import Fates
from narco_door.state import army
from narco_door.state import police as purge
from narco_door.street import formality, minors

if TYPE_CHECKING:
    from narco_door.month.model import NarcoDoor
    from narco_door.street.crossroads import Rule


def legislate(m: NarcoDoor) -> None:
    """The laws of the month; a phase whose condition was met begins."""
    m.lawbook.watch(m.month, m.records)
    m.law = m.lawbook.in_force(m.month)
    m.underworld.truce = m.law["truce"]
    m.notes = {}


# money -------------------------------------------------------------------------------------------------------------


def rents(m: NarcoDoor) -> F8:
    """Contestable rents of each place after everything that moves, takes or adds to them; taxes are raised."""
    population = m.places.population(m.month)
    exported, legal = _exported(m)
    rackets = market.local(m.places, m.numbers, population)
    total = market.rents(
        exported, rackets if m.switches["local_rackets"] else None, m.numbers,
        transfers=m.government.spent[m.government.index["cash_transfers"]] / 100.0,
        extortion=m.switches["transfer_extortion"],
    )  # fmt: skip
    taken = _taken(m, rackets, legal)
    seized = forfeiture.seize(
        m.underworld.held.sum(axis=0), m.numbers["member_cost"] * m.underworld.pay, m.law, m.numbers
    )
    m.notes |= {
        "rents_legal": legal, "rents_taken": taken, "new_cash_seized": seized.cash,
        "new_product_paid": seized.product, "new_local_sales": seized.sold, "new_cars_stolen": seized.cars,
    }  # fmt: skip
    _tax(m, legal, population)
    return np.maximum(total + taken + seized.net, 0.0)


def ordinary_rents(m: NarcoDoor) -> F8:
    """Rents of each place in the first month under the laws of 2007, with no lever at work."""
    exported = market.exports(m.places, m.numbers, m.lawbook.status_quo, months=0, kept=1.0)
    rackets = market.local(m.places, m.numbers, m.places.population(m.start)) if m.switches["local_rackets"] else None
    return market.rents(exported, rackets, m.numbers, transfers=np.zeros(len(m.places)), extortion=False)


def _exported(m: NarcoDoor) -> tuple[F8, F8]:
    """Export rents where they arise after displacement, and what a legal trade takes of them."""
    grown = m.numbers["laundering_growth"] * m.switches["technology"]
    kept = market.trend(grown, m.month - m.start)
    whole = market.exports(m.places, m.numbers, m.law, months=m.month - m.start, kept=kept)
    legal = whole * m.law["legal_share"]
    inspectors = m.government.at_work("border") + m.numbers["soldier_presses"] * soldiers(m)
    share = border.pressure(inspectors * m.switches["displacement"], m.places.corridor_share, m.numbers)
    moved = border.move(
        whole - legal, share, near=m.places.neighbours, corridor=m.places.corridor_share, numbers=m.numbers
    )
    price = market.price(m.law["supply_squeeze"], m.numbers["demand_elasticity"])
    m.notes["us_price"] = np.full(len(m.places), price)
    m.notes |= {"rents_moved_out": moved.out, "rents_moved_in": moved.into, "rents_moved_abroad": moved.abroad}
    return whole - legal - moved.out + moved.into, legal


def _taken(m: NarcoDoor, rackets: F8, legal: F8) -> F8:
    """What cartels take from the population beyond ordinary rackets."""
    small = predation.small_share(m.underworld.held, m.numbers["small_group"])
    m.notes["small_groups"] = small
    if m.small_first is None:
        m.small_first = small
    allowed = m.switches["diversification"] and m.switches["local_rackets"]
    return predation.predation(small - m.small_first, rackets, legal, m.numbers) * allowed


def _tax(m: NarcoDoor, legal: F8, population: F8) -> None:
    """Raise the taxes of the month; what is earmarked waits for next month's disbursement."""
    payers = population * m.places.pay
    excise = m.law["excise"] * m.numbers["legal_value"] * legal
    tax = m.law["security_tax"] * 1e6 / 12.0 * payers / payers.sum()
    raised = float((excise + tax).sum())
    cents = round(raised * 100)
    given = m.government.collect(m.month, cents, begun=m.lawbook.begun) / cents if cents else 0.0
    m.notes |= {"new_excise": excise, "new_security_tax": tax, "new_earmarked": (excise + tax) * given}


def labour(m: NarcoDoor) -> float:
    """Members needed for the same rents, relative to the first month: fewer as technology grows."""
    return 1.0 / market.trend(m.numbers["technology_growth"] * m.switches["technology"], m.month - m.start)


def watchful(m: NarcoDoor) -> float:
    """What leaks relative to before: involved elites and neighbours watch over public money."""
    return 1.0 - m.numbers["involved_money"] * m.law["involvement"]


def backing(m: NarcoDoor) -> float:
    """Reach of an outreach worker relative to before: neighbours stand behind him."""
    return 1.0 + m.numbers["involved_outreach"] * m.law["involvement"]


# people ------------------------------------------------------------------------------------------------------------


def rule_of_the_month(m: NarcoDoor) -> Rule:
    """The rule at the crossroads under the laws in force."""
    return m.rule._replace(
        keep_formal=formality.kept(m.rule, m.law, m.numbers), offers_minor=minors.preference(m.law, m.numbers)
    )


def adults_dilution(m: NarcoDoor) -> F8:
    """Offers to adults relative to before, so that minors get theirs from the same number of offers."""
    share = m.minors_looking / np.maximum(m.lookers, float(m.weight))
    return minors.dilution(minors.preference(m.law, m.numbers), np.clip(share, 0.0, 1.0))


# force -------------------------------------------------------------------------------------------------------------


def soldiers(m: NarcoDoor) -> F8:
    """Soldiers on duty in each place."""
    return army.soldiers(m.government.at_work("army"), m.law["army_pay"]) * m.switches["army"]


def arrests_by_soldiers(m: NarcoDoor, *, officers: F8, base: F8) -> F8:
    """What soldiers add to the effort of arresting."""
    work = soldiers(m) * army.strength(m.law["army_pay"], m.numbers)
    honest = 1.0 - float(m.places.corruption.mean())
    return army.arrests(work, officers=officers, base=base, honest=honest, numbers=m.numbers)


def lethality(m: NarcoDoor) -> float:
    """Deaths in fights relative to those with the guns of 2007."""
    return float(m.law["us_guns"] ** m.numbers["gun_lethality"])


def killed(m: NarcoDoor, fates: Fates) -> F8:
    """Homicides of the month by cartels and soldiers; those that moved abroad with the rents are noted."""
    contact = predation.contact(m.notes["rents_taken"], m.underworld.rents, m.numbers)
    by_cartels = fates.deaths * float(m.weight) * (1.0 + m.numbers["others_killed"] * contact)
    on_duty = soldiers(m)
    harmed = army.harm(on_duty, m.numbers)
    per_dollar = by_cartels.sum() / max(float(m.underworld.rents.sum()), 1.0)
    abroad = m.numbers["abroad_violence"] * per_dollar * m.notes["rents_moved_abroad"]
    m.notes |= {"n_soldiers": on_duty, "new_killed_by_soldiers": harmed, "new_homicides_abroad": abroad}
    return by_cartels + harmed


def clean_up(m: NarcoDoor, officers: F8) -> None:
    """Fire corrupt officers, if the law says so and corruption can move at all."""
    law = m.law if m.switches["corruption"] else {**m.law, "purge": 0.0}
    done = purge.purge(m.weed.corruption, officers, near=m.places.neighbours, law=law, numbers=m.numbers)
    if done.fired.any():
        m.weed.corruption = done.corruption
    m.notes |= {
        "new_police_fired": done.fired, "new_police_left_for": done.left_for, "new_police_joined": done.joined,
        "new_police_out": done.out, "new_police_hired": done.hired, "new_police_off_street": done.off_street,
    }  # fmt: skip
