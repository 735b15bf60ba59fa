"""What happened, on one axis: presidencies, and what befell cartels on record, any of which can be taken out."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from narco_door.base.months import as_date, month_number
from narco_door.dashboard.state import choices
from narco_door.show.words import Language, month_name, say

if TYPE_CHECKING:
    from narco_door.scenario.orders import DatedEvent

APART: Final = 10  # months that two marks of one lane lie apart at least: so far that a finger can tell them


@dataclass(frozen=True)
class Term:
    """A presidency; absolute months, the end not included."""

    name: str
    short: str
    start: int
    end: int


def terms(first: int, last: int) -> list[Term]:
    """The presidencies within some months, the last included, each as far as it lies within them."""
    begun = [term for term in _presidencies() if term.start <= last]
    ends = [*(term.start for term in begun[1:]), last + 1]
    found = [replace(t, start=max(t.start, first), end=min(end, last + 1)) for t, end in zip(begun, ends, strict=True)]
    return [term for term in found if term.start < term.end]


@cache
def _presidencies() -> tuple[Term, ...]:
    text = (Path(__file__).parent / "presidencies.toml").read_text(encoding="utf-8")
    read = tomllib.loads(text)["presidency"]
    return tuple(Term(each["name"], each["short"], month_number(each["from"]), 0) for each in read)


def events(first: int, last: int) -> list[DatedEvent]:
    """What befell cartels on the common path within some months, in their order."""
    return sorted((e for e in choices().path.events if first <= e.month <= last), key=lambda e: (e.month, e.cartel))


def lanes(months: Sequence[int]) -> list[int]:
    """In which row each mark of a sorted axis stands, so that none covers another."""
    free: list[int] = []
    rows = []
    for month in months:
        row = next((i for i, until in enumerate(free) if until <= month), len(free))
        free[row : row + 1] = [month + APART]
        rows.append(row)
    return rows


def event_words(event: DatedEvent, language: Language) -> str:
    """An event within a sentence, as in `the capture of Joaquín Guzmán (Sinaloa, Feb 2014)`."""
    what = say(f"event_{event.kind}", language, who=event.who, cartel=event.cartel, new=event.new, other=event.partner)
    return f"{what} ({event.cartel}, {month_name(as_date(event.month), language)})"


def without_words(names: Iterable[str], language: Language) -> str:
    """What is taken out, within a sentence: one event by its words, several by their number."""
    taken = [event for event in choices().path.events if event.name in set(names)]
    return event_words(taken[0], language) if len(taken) == 1 else say("events_many", language, n=len(taken))
