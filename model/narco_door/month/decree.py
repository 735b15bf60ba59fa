"""The laws of the month."""

from __future__ import annotations

from narco_door.base.remembered import Laws
from narco_door.month.beat import beat
from narco_door.month.world import World


@beat(reads="lawbook records", writes="lawbook")
def decree(world: World) -> Laws:
    """The laws of the month come into force; a phase whose condition was met begins."""
    world.lawbook.watch(world.month, world.records)
    return world.lawbook.in_force(world.month)
