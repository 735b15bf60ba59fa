"""What of the model itself was changed: numbers and mechanisms that are not those of the tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from narco_door.base.declared import switches
from narco_door.country.facts import parameters
from narco_door.dashboard.state import choices
from narco_door.show.formats import number
from narco_door.show.words import Language, say, translated

if TYPE_CHECKING:
    from narco_door.dashboard.policy import Plan
    from narco_door.scenario import Scenario

MOST_TOLD = 6


@dataclass(frozen=True)
class Changed:
    """A number, or whether a mechanism is on, that differs from the tables."""

    name: str
    value: float | bool

    def told(self, language: Language) -> str:
        """What was changed, in words."""
        if isinstance(self.value, bool):
            what = translated(switches()[self.name].label, language)
            return say("changed_on" if self.value else "changed_off", language, what=what)
        known, usual = parameters()[self.name], choices().path.parameters.plain()[self.name]
        what = translated(known.meaning, language)
        return say("changed_number", language, what=what, name=self.name, n=number(self.value), usual=number(usual))


def changes(plan: Plan) -> tuple[Changed, ...]:
    """Everything that either world has otherwise than the tables; empty if the model is as it comes."""
    return tuple(dict.fromkeys(changed for world in (plan.policy, plan.reference) for changed in _of(world)))


def _of(world: Scenario) -> list[Changed]:
    path = choices().path
    usual, tables = path.parameters.plain(), path.switches.plain()
    numbers = [Changed(name, float(value)) for name, value in world.parameters.plain().items() if value != usual[name]]
    return numbers + [Changed(name, on) for name, on in world.switches.plain().items() if on != tables[name]]


def told(plan: Plan, language: Language) -> list[str]:
    """Each change in words: the first few, and how many more there are; nothing if there is none."""
    said = [changed.told(language) for changed in changes(plan)]
    more = [say("changed_others", language, n=len(said) - MOST_TOLD)] if len(said) > MOST_TOLD else []
    return [*said[:MOST_TOLD], *more]


def warning(plan: Plan, language: Language) -> str:
    """One sentence for pages and files: that the model was changed, and how; empty if it was not."""
    said = told(plan, language)
    return f"{say('changed_head', language)} {'; '.join(said)}." if said else ""
