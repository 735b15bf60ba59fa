"""The one slider that everybody moves first: how much of the money opens doors, how much hunts kingpins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Final

from narco_door.base.declared import levers
from narco_door.dashboard.budget import in_steps
from narco_door.dashboard.policy import DOORS, KINGPINS, preset
from narco_door.dashboard.state import PATH, State

TENTHS: Final = 10  # steps of the slider, each of them whole steps of every lever when the total is that of the ends


@cache
def ends() -> tuple[Mapping[str, float], Mapping[str, float]]:
    """What each lever gets at both ends: all against kingpins, all for doors."""
    return dict(preset(KINGPINS, State()).money), dict(preset(DOORS, State()).money)


def share_of(state: State) -> float | None:
    """Share of the added money that opens doors or narrows the narco door; None if nothing is added."""
    added = {name: amount for name, amount in state.money if amount > 0}
    whole = sum(added.values())
    doors = sum(amount for name, amount in added.items() if levers()[name].family != "state")
    return doors / whole if whole else None


def put(state: State, tenths: float) -> State:
    """Give the whole total away between both ends, over the common path."""
    doors = min(max(round(tenths), 0), TENTHS)
    total = state.total or State().total
    plain = replace(state, base=PATH, file="", total=total)
    return plain.with_money(_mixed(doors, total))


def tenths_of(state: State) -> int | None:
    """Where on the slider a choice stands, letter for letter; None if it stands elsewhere."""
    share = share_of(state)
    if share is None or state.base != PATH or state.file:
        return None
    tenths = round(TENTHS * share)
    return tenths if state.with_money(_mixed(tenths, _given(state))).money == state.money else None


def _given(state: State) -> float:
    return sum(amount for _, amount in state.money)


def _mixed(doors: int, total: float) -> dict[str, float]:
    kingpins_end, doors_end = ends()
    weights = {name: (TENTHS - doors) * amount for name, amount in kingpins_end.items()}
    for name, amount in doors_end.items():
        weights[name] = weights.get(name, 0.0) + doors * amount
    return in_steps({name: weight for name, weight in weights.items() if weight}, total)
