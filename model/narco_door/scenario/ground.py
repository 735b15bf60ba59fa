"""What the layers of a scenario come to, one laid over the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from narco_door.scenario.conditions import Statute
from narco_door.scenario.history import Chronicle
from narco_door.scenario.horizon import Standing
from narco_door.scenario.orders import Order, Run
from narco_door.scenario.phases import Layer


@dataclass(frozen=True)
class Ground:
    """What the layers so far come to: what the next one stands on.

    Attributes
    ----------
    stands
        What stands to the last month of its file's run.
    after
        What ``[run] after`` says of the months beyond.
    """

    run: Run
    mechanisms: Mapping[str, bool]
    orders: tuple[Order, ...] = ()
    statutes: tuple[Statute, ...] = ()
    stands: Standing = field(default_factory=dict)
    history: Chronicle = field(default_factory=Chronicle)
    after: str | None = None


@dataclass(frozen=True)
class Laid:
    """A layer where it lies.

    What it says is idle only if that is so where it stands and also under all that is laid over it: the file of a
    parent may speak of what a child makes of it.

    Attributes
    ----------
    below
        What it stands on.
    alone
        That is no other layer.
    grounds
        What it comes to, and then each layer over it.
    numbers
        Every parameter below it, at it and at each layer over it.
    """

    layer: Layer
    below: Ground
    alone: bool
    grounds: Sequence[Ground]
    numbers: Sequence[Mapping[str, float | bool]]

    @property
    def form(self) -> Any:
        """What it says."""
        return self.layer.form

    @cached_property
    def off(self) -> frozenset[str]:
        """The mechanisms that are off and are not turned on again."""
        return frozenset.intersection(*(_off(ground) for ground in self.grounds))

    @cached_property
    def first(self) -> int:
        """The first month that may be lived."""
        return min(ground.run.start for ground in self.grounds)

    @cached_property
    def last(self) -> int:
        """The last one."""
        return max(ground.run.end for ground in self.grounds) - 1


def _off(ground: Ground) -> frozenset[str]:
    return frozenset(name for name, on in ground.mechanisms.items() if not on)
