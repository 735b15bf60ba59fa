"""The laws in force month by month, and the phases that have begun because their condition was met."""

from __future__ import annotations

from typing import TYPE_CHECKING

from narco_door.base.declared import laws
from narco_door.base.nation import NATION
from narco_door.base.remembered import Laws
from narco_door.scenario.conditions import RATE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from narco_door.book.book import Book
    from narco_door.scenario import Scenario
    from narco_door.scenario.conditions import Trigger


class Lawbook:
    """What is decided and costs nothing.

    Attributes
    ----------
    begun : dict of Trigger to month
        Conditions that were met, and when; a phase that began does not stop before its end.
    """

    def __init__(self, scenario: Scenario, switches: Mapping[str, bool]) -> None:
        self.statutes, self.waiting = scenario.statutes, list(scenario.triggers)
        self.begun: dict[Trigger, int] = {}
        self._standing = {law.name: law.value for law in laws().values()}
        self._off = {law.name for law in laws().values() if not switches[law.mechanism]}

    @property
    def status_quo(self) -> Laws:
        """Every law as it was in 2007."""
        return Laws(dict(self._standing))

    def follow(self, scenario: Scenario) -> None:
        """Go on under another scenario's conditions; what has begun has begun."""
        self.statutes = scenario.statutes
        self.waiting = [trigger for trigger in scenario.triggers if trigger not in self.begun]

    def watch(self, month: int, book: Book) -> None:
        """Meet the conditions that the records of the months before `month` fulfil."""
        if not book.written:
            return
        met = [t for t in self.waiting if t.start <= month and t.crossed(watched(t, book))]
        self.begun |= dict.fromkeys(met, month)
        self.waiting = [trigger for trigger in self.waiting if trigger not in self.begun]

    def in_force(self, month: int) -> Laws:
        """Every law's value; a law whose mechanism is switched off stays at the status quo."""
        values = dict(self._standing)
        for statute in self.statutes:
            begun = statute.when is None or statute.when in self.begun
            if begun and statute.start <= month < statute.end and statute.law not in self._off:
                values[statute.law] = statute.value
        return Laws(values)


def watched(trigger: Trigger, book: Book) -> float:
    """Mean of what a condition watches over the last months that it asks for, or as many as were lived."""
    place = 0 if trigger.place == NATION else 1 + book.codes.index(trigger.place)
    last = slice(max(book.written - trigger.months, 0), book.written)

    def mean(record: str) -> float:
        return float(book.column(record)[last, place].mean())

    if trigger.record == RATE:
        return mean("new_homicides") * 12e5 / mean("population")
    return mean(trigger.record)
