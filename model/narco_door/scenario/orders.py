"""What a scenario is made of: its run, its orders of money, its dated events. Frozen."""

from dataclasses import dataclass

from narco_door.base.months import month_text
from narco_door.scenario.conditions import Trigger

type Shares = str | tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Order:
    """Money promised to one lever over one span of months.

    Attributes
    ----------
    start, end
        Absolute months; the end is not included.
    musd_year
        Millions of constant 2010 US$ a year.
    allocation
        A rule (``need``, ``population``, ``violence``) or shares by place that sum to 1.
    phase
        The name of the phase of the file that ordered it.
    when
        The condition that it waits for, if its phase has one.
    unless
        Conditions that end it: phases that replace it once they begin.
    share
        The share of what taxes raise that goes here; such an order promises no fixed sum.
    """

    lever: str
    channel: str
    start: int
    end: int
    musd_year: float
    allocation: Shares
    phase: str
    when: Trigger | None = None
    unless: tuple[Trigger, ...] = ()
    share: float = 0.0


@dataclass(frozen=True)
class Run:
    """When, where and how many; absolute months, the end not included."""

    start: int
    end: int
    seed: int
    replicates: int
    persons_per_agent: int
    places: str
    sets: int = 0  # of the posterior; 0: the fitted numbers alone

    @property
    def months(self) -> int:
        """How many months are lived."""
        return self.end - self.start


@dataclass(frozen=True)
class DatedEvent:
    """Something that befell a cartel in a month.

    Attributes
    ----------
    month
        Absolute.
    kind
        One of `schema.EventKind`.
    place
        Code of the place in which a leader fell, or fled or was sent from.
    new, places
        Of a split: the group that arises, and the codes of the places that it takes.
    partner
        Of a truce or an alliance: the other cartel.
    """

    month: int
    kind: str
    cartel: str
    place: str
    who: str
    new: str
    places: tuple[str, ...]
    partner: str
    source: str

    @property
    def name(self) -> str:
        """Month and cartel, which no two events of a scenario share."""
        return f"{month_text(self.month)}:{self.cartel}"
