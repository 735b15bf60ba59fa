"""What everybody moves first: one slider between kingpins and doors, and what it is compared with."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import solara

from narco_door.dashboard.axis import TENTHS, put, tenths_of
from narco_door.dashboard.page.controls import number
from narco_door.dashboard.page.parts import Axis, Pick
from narco_door.dashboard.page.session import Change
from narco_door.dashboard.page.texts import group, plan_words, scenario_label
from narco_door.dashboard.policy import presets
from narco_door.dashboard.state import State
from narco_door.show.words import say


@solara.component
def FirstControls(state: State, change: Change) -> None:
    """The slider and the reference."""
    language = state.language

    def moved(sent: Any) -> None:
        tenths = number(sent)
        if tenths is not None:
            change(put(state, tenths))

    tenths = tenths_of(state)
    with group("div", "nd-card", "nd-first"):
        Axis(
            label=say("axis_label", language),
            low=say("axis_kingpins", language),
            high=say("axis_doors", language),
            said=[plan_words(put(state, each), language) for each in range(TENTHS + 1)],
            value=-1 if tenths is None else tenths,
            elsewhere=say("axis_elsewhere", language),
            event_put=moved,
        )
        Pick(
            label=say("settings_reference", language),
            items=[{"id": name, "label": scenario_label(name, language)} for name in presets()],
            value=state.reference,
            event_choose=lambda name: change(replace(state, reference=str(name))),
        )
