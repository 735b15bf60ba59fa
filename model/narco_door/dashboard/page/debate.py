"""The statement checker: search a sentence of the debate, and read what the model says to it, with the run behind."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import Any

import solara

from narco_door.dashboard.page.controls import number
from narco_door.dashboard.page.parts import Statements
from narco_door.dashboard.page.session import Change
from narco_door.dashboard.policy import preset, presets
from narco_door.dashboard.state import PATH, State
from narco_door.dashboard.statements import VERDICTS, Statement, Tried, statements
from narco_door.show.words import Language, say, translated

_SAID = ("debate_search", "debate_none", "debate_turns", "debate_firm", "debate_run", "debate_here", "debate_luck")


@solara.component
def DebateView(state: State, change: Change) -> None:
    """Every sentence, one of them open; the open one stands in the address."""

    def choose(sent: Any) -> None:
        asked = number(sent)
        change(replace(state, claim=0 if asked is None or int(asked) == state.claim else int(asked)))

    def here(sent: Any) -> None:
        found = [t for t in _tried(state.claim) if t.scenario == sent and on_page(t)]
        if found:
            change(_seen(found[0], state))

    Statements(sheet=sheet(state.language), shown=state.claim, event_choose=choose, event_here=here)


def _tried(claim: int) -> tuple[Tried, ...]:
    return statements()[claim].tried if claim in statements() else ()


def on_page(tried: Tried) -> bool:
    """Whether both scenarios of a comparison are plans of the page."""
    known = {*presets(), PATH}
    return tried.scenario in known and tried.compared_with in known


def _seen(tried: Tried, state: State) -> State:
    return replace(preset(tried.scenario, state), reference=tried.compared_with, view="doors")


@cache
def sheet(language: Language) -> str:
    """All that the browser needs to search and show every sentence, as JSON."""
    found = statements().values()
    counts = {verdict.replace(" ", "_"): sum(s.verdict == verdict for s in found) for verdict in VERDICTS}
    return json.dumps(
        {
            "words": {key: say(key, language) for key in _SAID},
            "head": say("claims_title", language, n=len(found), **counts),
            "all": [_statement(each, language) for each in found],
        }
    )


def _statement(statement: Statement, language: Language) -> dict[str, object]:
    verdict = statement.verdict.replace(" ", "_")
    return {
        "number": statement.number,
        "who": statement.who,
        "says": translated(statement.says, language),
        "verdict": verdict,
        "word": say(f"verdict_{verdict}", language),
        "tried": [
            {
                "told": tried.told(language),
                "beside": say("tried_beside", language) if tried.beside else "",
                "scenario": tried.scenario if on_page(tried) else "",
            }
            for tried in statement.tried
        ],
        "turns": statement.turned_by(language),
        "command": f"narco-door claims {statement.number}",
    }
