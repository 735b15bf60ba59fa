"""The visitor's own doubt: sliders of assumptions stand where the tables stand, move within bounds, and are told."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import ipyvue
import pytest
import solara

from narco_door.country.facts import parameters
from narco_door.dashboard.address import read, write
from narco_door.dashboard.changes import changes
from narco_door.dashboard.doubts import DOUBTS, STEPS, doubted, held, step_of, usual, value_at
from narco_door.dashboard.page.doubt import DoubtPanel
from narco_door.dashboard.policy import opening, plan, settled
from narco_door.dashboard.state import State, clamp


@pytest.mark.parametrize("name", DOUBTS)
def test_a_slider_reaches_both_bounds_and_comes_back_to_the_tables_exactly(name: str) -> None:
    known = parameters()[name]
    assert (value_at(name, 0), value_at(name, STEPS)) == (known.low, known.high)
    assert value_at(name, round(step_of(name, usual(name)))) == usual(name)
    moved = doubted(State(), name, 0 if usual(name) != known.low else STEPS)
    assert dict(moved.numbers)[name] != usual(name)
    assert doubted(moved, name, round(step_of(name, usual(name)))).numbers == ()


@pytest.mark.parametrize("name", DOUBTS)
def test_values_rise_along_the_slider(name: str) -> None:
    values = [value_at(name, step) for step in range(STEPS + 1)]
    assert values == sorted(values)
    assert len(set(values)) > STEPS / 2


def test_a_doubt_holds_in_both_worlds_is_told_and_stays_in_the_link() -> None:
    state = settled(clamp(doubted(doubted(opening(State()), "exit_price", 0), "capacity_loss", STEPS)))
    asked = plan(state)
    for world in (asked.policy, asked.reference):
        assert {name: world.parameters.plain()[name] for name, _ in state.numbers} == dict(state.numbers)
    assert {each.name for each in changes(asked)} == {"exit_price", "capacity_loss"}
    assert settled(read(write(state))) == state
    assert held(state, "exit_price") == parameters()["exit_price"].low


def sent(state: State, data: object) -> State:
    told = [state]
    _, context = solara.render(DoubtPanel(state, told.append), handle_error=False)
    (widget,) = [each for each in context.find(ipyvue.VueTemplate).widgets if hasattr(each, "vue_put")]
    rows: list[dict[str, Any]] = json.loads(widget.sheet)["all"]
    assert [row["name"] for row in rows] == list(DOUBTS)
    widget.vue_put(data)
    context.close()
    return told[-1]


def test_what_a_browser_sends_is_taken_within_bounds_or_left() -> None:
    state = opening(State())
    assert sent(state, {"name": "refill_half_life", "step": 1e6}).numbers == (("refill_half_life", 24.0),)
    for forged in ({"name": "nobody", "step": 5}, {"name": "exit_price", "step": "x"}, None, [1], {"name": ["a"]}):
        assert sent(state, forged) == state
    doubtful = replace(state, numbers=(("myopia", 0.5),))
    assert dict(sent(doubtful, {"name": "exit_price", "step": 0}).numbers) == {"myopia": 0.5, "exit_price": 3300}
