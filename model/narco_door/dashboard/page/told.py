"""What can be told of the newest finished picture: its rows, under the name of the plan that they were made for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import solara

from narco_door.base.nation import NATION
from narco_door.dashboard.page.session import Run
from narco_door.dashboard.page.texts import month_text_of, place_label, plan_words, short_words
from narco_door.dashboard.policy import preset
from narco_door.dashboard.state import State
from narco_door.dashboard.tables import headline_rows
from narco_door.dashboard.work import Picture
from narco_door.results import COST
from narco_door.show.words import Language, say

type Rows = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Told:
    """Rows of the headline by measure, and whose they are.

    Attributes
    ----------
    state
        The choice that the picture was made for.
    place
        Where people are counted; money is always that of the whole country.
    stale
        Whether another plan has been chosen since.
    """

    picture: Picture
    state: State
    place: str
    rows: Rows
    cost: Mapping[str, Any]
    stale: bool = False

    @property
    def sure(self) -> bool:
        """Whether there are several pairs, and so intervals."""
        return len(self.picture.policy) > 1

    def doubt(self, language: Language) -> str:
        """What the ranges hold, or that there are none yet."""
        if not self.sure:
            return say("first_look", language)
        key = "sayings_sets" if self.picture.run.sets else "sayings_luck"
        return say(key, language, n=len(self.picture.policy))

    @property
    def years(self) -> float:
        """Years that are counted."""
        return (self.picture.plan.policy.run.end - self.picture.plan.since) / 12

    def compared(self, language: Language) -> str:
        """What is compared with what, where and when."""
        plan = self.picture.plan
        return say(
            "compared",
            language,
            policy=plan_words(self.state, language),
            reference=", ".join((plan_words(preset(self.state.reference, State()), language), *self._where(language))),
            since=month_text_of(plan.since, language, long=True),
            end=month_text_of(plan.policy.run.end - 1, language, long=True),
        )

    def reference(self, language: Language) -> str:
        """What it is compared with, and where if not in the whole country."""
        return ", ".join((short_words(self.state.reference, language), *self._where(language)))

    def _where(self, language: Language) -> tuple[str, ...]:
        return () if self.place == NATION else (place_label(self.place, language),)


def use_owner(run: Run, state: State) -> State:
    """The choice that the newest picture was made for, in the visitor's present language."""
    kept = solara.use_ref(state)
    picture = run.picture.value
    if picture is None or picture.plan == run.plan:
        kept.current = state
    return replace(kept.current, language=state.language)


_NOTHING: tuple[Picture, State] | None = None


def use_told(run: Run, state: State) -> Told | None:
    """The newest picture whose months are all lived; a picture of another plan than the chosen one keeps its name."""
    kept = solara.use_ref(_NOTHING)
    picture = run.picture.value
    fresh = picture is not None and picture.plan == run.plan and picture.policy
    if picture is not None and fresh and picture.months == picture.plan.policy.run.months:
        kept.current = (picture, state)
    shown, of = kept.current or (None, state)
    found = solara.use_memo(lambda: None if shown is None else told_of(shown, of, state.place), [shown, state.place])
    return None if found is None else replace(found, stale=found.picture.plan != run.plan)


def told_of(picture: Picture, state: State, place: str) -> Told:
    """What can be told of a finished picture in one place."""
    rows = _rows(picture, place)
    nation = rows if place == NATION else _rows(picture, NATION)
    return Told(picture, state, place, rows, nation[COST])


def _rows(picture: Picture, place: str) -> Rows:
    return {row["measure"]: row for row in headline_rows(picture, place)}
