"""Taxes: what the legal trade and the public pay for security."""

from __future__ import annotations

from narco_door.base.remembered import Laws
from narco_door.month.beat import Result, beat
from narco_door.month.recruit import Offers
from narco_door.month.world import World, residents


@beat(reads="government lawbook", writes="government")
def tax(world: World, law: Laws, offers: Offers) -> Result:
    """Taxes are raised; what is earmarked waits for next month's money, the rest is the treasury's."""
    payers = residents(world) * world.places.pay
    excise = law["excise"] * world.numbers["legal_value"] * offers.legal
    security = law["security_tax"] * 1e6 / 12.0 * payers / payers.sum()
    cents = round(float((excise + security).sum()) * 100)
    given = world.government.collect(world.month, cents, begun=world.lawbook.begun) / cents if cents else 0.0
    return Result({"new_excise": excise, "new_security_tax": security, "new_earmarked": (excise + security) * given})
