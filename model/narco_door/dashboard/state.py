"""What a visitor has chosen: everything that the page shows follows from this and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final

from narco_door.base.declared import levers, switches
from narco_door.base.doors import named, tried
from narco_door.base.errors import UserError
from narco_door.base.months import month_number
from narco_door.base.nation import NATION
from narco_door.country.facts import parameters
from narco_door.country.places import load_places
from narco_door.scenario import Scenario, list_scenarios, load_one, load_scenario
from narco_door.scenario.schema import MOST_MONEY
from narco_door.show.words import ENGLISH, LANGUAGES, Language

VIEWS: Final = ("doors", "comparison", "debate", "evidence")
SCALES: Final = (50, 100, 200)
REPLICATES: Final = (2, 4, 8, 16)
STEP: Final = 5.0  # US$ m a year
MOST: Final = min(5000.0, MOST_MONEY)  # half of what Mexico's federation spends on public security in a year
MOST_SEED: Final = 2**31 - 1
PATH: Final = "baseline"
MAPPED: Final = (
    "new_homicides", "new_entries", "n_members", "new_member_deaths", "n_prison",
    *(f"n_{door}" for door in named(tried())), "n_idle", "width_narco", "corruption", "fear", "deprivation",
)  # fmt: skip


@dataclass(frozen=True)
class State:
    """Everything a visitor has chosen.

    Attributes
    ----------
    base, file
        The scenario that the money is laid over: one that comes with narco-door, or the text of a file.
    reference
        The scenario that the policy is compared with.
    money
        US$ m a year more than the base pays, or less, by lever; only what is not 0.
    total
        US$ m a year that may be given away.
    keep
        Whether the total must add up; otherwise it follows the levers.
    locked
        Levers that no other lever may move.
    start
        First month of the money.
    first, last
        First and last month of the run.
    off, numbers
        Mechanisms that are off and parameters that differ from the tables: in both worlds.
    fitted
        Whether every run has the fitted numbers, instead of a set each of those that history allows.
    without
        Events of history that do not happen in the policy's world.
    month
        The month that is looked at; None is the last one.
    place
        Code of the place that is looked at.
    gap
        Whether lines and map show the difference from the reference.
    claim
        Number of the sentence of the debate that is open; 0 is none.
    """

    language: Language = ENGLISH
    view: str = "doors"
    base: str = PATH
    file: str = ""
    reference: str = "no_new_money"
    money: tuple[tuple[str, float], ...] = ()
    total: float = 1000.0
    keep: bool = True
    locked: frozenset[str] = frozenset()
    start: int = month_number("2011-04")
    first: int = month_number("2007-01")
    last: int = month_number("2026-12")
    off: frozenset[str] = frozenset()
    numbers: tuple[tuple[str, float], ...] = ()
    fitted: bool = False
    seed: int = 1
    replicates: int = 4
    persons_per_agent: int = 100
    without: frozenset[str] = frozenset()
    month: int | None = None
    place: str = NATION
    record: str = MAPPED[0]
    gap: bool = False
    claim: int = 0

    def given(self, lever: str) -> float:
        """US$ m a year that a lever gets more than in the base."""
        return dict(self.money).get(lever, 0.0)

    def with_money(self, money: Mapping[str, float]) -> State:
        """The same choice with other money; levers that get nothing are left out."""
        return replace(self, money=tuple((name, float(money[name])) for name in levers() if money.get(name)))

    @property
    def shown(self) -> int:
        """The month that is looked at."""
        return self.last if self.month is None else min(max(self.month, self.first), self.last)


@dataclass(frozen=True)
class Bounds:
    """What a visitor may ask of the machine; a public server gives less."""

    replicates: tuple[int, ...] = REPLICATES
    scales: tuple[int, ...] = SCALES


@dataclass(frozen=True)
class Choices:
    """The scenarios that the page offers, read once."""

    bases: tuple[str, ...]
    path: Scenario = field(repr=False)


@cache
def choices() -> Choices:
    """Every scenario that comes with narco-door and can be set beside the common path."""
    path = load_one(PATH)
    return Choices(tuple(name for name in list_scenarios() if _beside(name, path)), path)


def _beside(name: str, path: Scenario) -> bool:
    """Whether it is a scenario of the same places and first month; one with a fault is not offered."""
    try:
        each = load_scenario(list_scenarios()[name])
    except UserError:
        return False
    return isinstance(each, Scenario) and (each.run.places, each.run.start) == (path.run.places, path.run.start)


def clamp(state: State, bounds: Bounds | None = None) -> State:
    """The nearest choice that is allowed: what comes over the socket or in an address is never trusted."""
    bounds = bounds or Bounds()
    known, path, path_events = choices(), choices().path.run, choices().path.events
    first = _between(state.first, path.start, path.end - 24)
    last = _between(state.last, first + 11, path.end - 1)
    money = {name: _money(amount) for name, amount in state.money if name in levers()}
    table = parameters()
    numbers = {
        n: _between(float(v), table[n].low, table[n].high) for n, v in state.numbers if n in table and float(v) == v
    }
    return replace(
        state,
        language=state.language if state.language in LANGUAGES else ENGLISH,
        view=state.view if state.view in VIEWS else VIEWS[0],
        base=state.base if state.base in known.bases else PATH,
        reference=state.reference if state.reference in known.bases else "no_new_money",
        total=_between(_money(state.total), 0.0, MOST),
        locked=state.locked.intersection(levers()),
        first=first,
        last=last,
        start=_between(state.start, first, last),
        off=state.off.intersection(switches()),
        numbers=tuple(sorted(numbers.items())),
        without=state.without & {event.name for event in path_events if event.month >= first},
        seed=_between(state.seed, 0, MOST_SEED),
        replicates=_nearest(state.replicates, bounds.replicates),
        persons_per_agent=_nearest(state.persons_per_agent, bounds.scales),
        month=None if state.month is None else _between(state.month, first, last),
        place=state.place if state.place in load_places().code else NATION,
        claim=_between(state.claim, 0, MOST_SEED),
        record=state.record if state.record in MAPPED else MAPPED[0],
    ).with_money(money)


def _money(amount: float) -> float:
    """Money in whole steps; what is no number is nothing."""
    known = amount == amount and abs(amount) <= MOST_MONEY
    return min(max(STEP * round(amount / STEP), -MOST), MOST) if known else 0.0


def _between[Number: (int, float)](value: Number, low: Number, high: Number) -> Number:
    return min(max(value, low), high)


def _nearest(value: int, allowed: tuple[int, ...]) -> int:
    return min(allowed, key=lambda each: abs(each - value))
