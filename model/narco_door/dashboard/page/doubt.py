"""The visitor's own doubt: a few assumptions that carry the answer, each with its source, its grade and a slider."""

from __future__ import annotations

import json
from typing import Any

import solara

from narco_door.country.facts import parameters
from narco_door.dashboard.doubts import DOUBTS, doubted, held, step_of, usual
from narco_door.dashboard.page.controls import field, number, word
from narco_door.dashboard.page.parts import Doubt
from narco_door.dashboard.page.session import Change
from narco_door.dashboard.state import State
from narco_door.show.formats import number as plain
from narco_door.show.words import Language, say, translated


@solara.component
def DoubtPanel(state: State, change: Change) -> None:
    """The sliders; what is moved holds in both worlds and is told in the red banner."""
    language = state.language

    def put(sent: Any) -> None:
        name, step = word(field(sent, "name")), number(field(sent, "step"))
        if name in DOUBTS and step is not None:
            change(doubted(state, name, step))

    words = {key: say(f"doubt_{key}", language) for key in ("head", "lead")}
    sheet = {"words": words, "all": [_row(name, state, language) for name in DOUBTS]}
    Doubt(sheet=json.dumps(sheet), event_put=put)


def _row(name: str, state: State, language: Language) -> dict[str, object]:
    known, value = parameters()[name], held(state, name)
    unit = translated(known.unit, language)
    grade = translated(known.grade, language)
    return {
        "name": name,
        "meaning": translated(known.meaning, language),
        "step": step_of(name, value),
        "usual": step_of(name, usual(name)),
        "told": f"{plain(value)} {unit}",
        "foot": say("doubt_usual", language, n=plain(usual(name)), grade=grade),
        "source": translated(known.source, language),
    }
