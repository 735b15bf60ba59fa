"""The red banner: the model itself was changed, and what is shown is not what narco-door says."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import solara

from narco_door.dashboard.changes import told
from narco_door.dashboard.page.parts import Act
from narco_door.dashboard.page.session import Change, Run
from narco_door.dashboard.page.texts import group, html
from narco_door.dashboard.state import State
from narco_door.show.words import say


@solara.component
def Banner(state: State, change: Change, run: Run) -> None:
    """What was changed, and a button to put it back; nothing while the model is as it comes."""
    language = state.language
    said = told(run.plan, language) if run.plan is not None else []
    if not said:
        return
    items = "".join(f"<li>{escape(each[:1].upper() + each[1:])}</li>" for each in said)
    with group("section", "nd-banner", role="region", aria_label=say("changed_head", language)):
        html("div", f"<strong>{escape(say('changed_head', language))}</strong><ul>{items}</ul>")
        if state.off or state.numbers:
            back = replace(state, off=frozenset(), numbers=())
            Act(label=say("changed_back", language), event_act=lambda _: change(back))
