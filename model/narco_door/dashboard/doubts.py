"""Assumptions that carry the answer, as sliders: where a value stands between its bounds, and back."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

from narco_door.country.facts import parameters
from narco_door.dashboard.state import State, choices

DOUBTS: Final = ("exit_price", "refill_half_life", "forced_per_vacancy", "capture_disorder", "capacity_loss")
STEPS: Final = 100
_WIDE: Final = 8.0  # a number whose bounds lie so many times apart moves by factors


def usual(name: str) -> float:
    """The value of the tables."""
    return float(choices().path.parameters.plain()[name])


def held(state: State, name: str) -> float:
    """The value of a choice."""
    return dict(state.numbers).get(name, usual(name))


def step_of(name: str, value: float) -> float:
    """Where a value stands on its slider, from 0 to `STEPS`."""
    low, high = _ends(name)
    return STEPS * (_scaled(name, value) - low) / (high - low)


def value_at(name: str, step: float) -> float:
    """The value at a step, in three figures; the step nearest to the tables' value is that value."""
    if abs(step - step_of(name, usual(name))) <= 0.5:
        return usual(name)
    known, (low, high) = parameters()[name], _ends(name)
    there = low + (high - low) * min(max(step, 0.0), STEPS) / STEPS
    plain = float(f"{math.exp(there) if _by_factors(name) else there:.3g}")
    return min(max(plain, known.low), known.high)


def doubted(state: State, name: str, step: float) -> State:
    """The same choice with another value in both worlds; that of the tables is no change."""
    value = value_at(name, step)
    others = tuple((n, v) for n, v in state.numbers if n != name)
    return replace(state, numbers=others if value == usual(name) else tuple(sorted((*others, (name, value)))))


def _by_factors(name: str) -> bool:
    known = parameters()[name]
    return known.low > 0 and known.high / known.low >= _WIDE


def _scaled(name: str, value: float) -> float:
    return math.log(value) if _by_factors(name) else value


def _ends(name: str) -> tuple[float, float]:
    known = parameters()[name]
    return _scaled(name, known.low), _scaled(name, known.high)
