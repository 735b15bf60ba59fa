"""The time line of history: who governed, what befell cartels; any of it can be taken out of the visitor's world."""

from __future__ import annotations

import json
from dataclasses import replace
from html import escape
from typing import Any

import solara

from narco_door.dashboard.happening import event_words, events, lanes, terms
from narco_door.dashboard.page.parts import Act, Pick, Strip
from narco_door.dashboard.page.session import Change
from narco_door.dashboard.page.texts import group, html
from narco_door.dashboard.state import PATH, State
from narco_door.show.words import Language, marked, say


@solara.component
def TimeLine(state: State, change: Change) -> None:
    """Presidencies and events of the months that are lived, and what can be done with the one that is chosen."""
    language = state.language
    chosen, choose = solara.use_state("")
    told = {event.name: event for event in events(state.first, state.last)}

    def pick(name: Any) -> None:
        if name in told:
            choose(str(name))

    with group("section", "nd-history", aria_label=say("history_head", language)):
        html("h2", escape(say("history_head", language)))
        Strip(sheet=json.dumps(sheet(state, chosen)), event_pick=pick)
        Pick(
            label=say("history_pick", language),
            items=[{"id": "", "label": "–"}, *_items(state, language)],
            value=chosen if chosen in told else "",
            event_choose=pick,
        )
        if chosen in told:
            html("p", marked(told[chosen].source, language), "nd-soft", "nd-source")
            Doing(state, change, chosen)


def _items(state: State, language: Language) -> list[dict[str, str]]:
    found = [(event.name, event_words(event, language)) for event in events(state.first, state.last)]
    out = say("history_is_out", language)
    return [
        {"id": name, "label": f"{words[:1].upper()}{words[1:]}{f' – {out}' if name in state.without else ''}"}
        for name, words in found
    ]


@solara.component
def Doing(state: State, change: Change, name: str) -> None:
    """Take the chosen event out of the visitor's world, put it back, or see what it did."""
    language, out = state.language, name in state.without
    other = replace(state, without=state.without ^ {name})
    alone = replace(state, base=PATH, file="", money=(), reference=State().reference, without=frozenset({name}))
    with group("div", "nd-doing"):
        Act(label=say("history_back" if out else "history_out", language), event_act=lambda _: change(other))
        Act(label=say("history_alone", language), event_act=lambda _: change(alone))


def sheet(state: State, chosen: str) -> dict[str, object]:
    """Everything that the strip draws: spans and marks in percent of the months that are lived."""
    months = state.last - state.first + 1
    found = events(state.first, state.last)
    rows = lanes([event.month for event in found])

    def share(month: int) -> float:
        return round(100 * (month - state.first) / months, 3)

    return {
        "terms": [
            {"name": term.name, "short": term.short, "left": share(term.start),
             "width": round(share(term.end) - share(term.start), 3)}
            for term in terms(state.first, state.last)
        ],
        "lanes": max(rows, default=0) + 1,
        "events": [
            {"name": event.name, "label": event_words(event, state.language), "kind": event.kind, "row": row,
             "left": share(event.month), "out": event.name in state.without, "chosen": event.name == chosen}
            for event, row in zip(found, rows, strict=True)
        ],
    }  # fmt: skip
