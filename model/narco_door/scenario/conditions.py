"""What a phase may hold besides money: laws over a span of months, and a condition that it waits for."""

from dataclasses import dataclass
from typing import Final

from narco_door.base.nation import NATION

RATE = "homicide_rate"
"""A condition's name for homicides per 100,000 residents a year, which is no record of its own."""
TAXES: Final = ("excise", "security_tax")
"""The laws that raise what phases may earmark."""


@dataclass(frozen=True)
class Trigger:
    """The condition that a phase waits for.

    Attributes
    ----------
    phase
        The phase that waits.
    record, place
        What is watched and where; the mean of the last `months` months, or of as many as were lived.
    above, below
        The threshold; one of them is None.
    start
        Absolute month from which it is watched: the first month of the phase.
    """

    phase: str
    record: str
    place: str
    months: int
    above: float | None
    below: float | None
    start: int

    def crossed(self, value: float) -> bool:
        """Whether a value is beyond the threshold."""
        return value > self.above if self.above is not None else self.below is not None and value < self.below

    def __str__(self) -> str:
        side = f"above {self.above:g}" if self.above is not None else f"below {self.below:g}"
        where = "" if self.place == NATION else f" of {self.place}"
        span = "a year" if self.months == 12 else f"{self.months} months"
        return f"once {self.record}{where} is {side} (mean of {span})"


@dataclass(frozen=True)
class Statute:
    """A law that is set to a value over a span of months; the end is not included.

    Attributes
    ----------
    when
        The condition that it waits for, if its phase has one.
    """

    law: str
    start: int
    end: int
    value: float
    phase: str
    when: Trigger | None = None
