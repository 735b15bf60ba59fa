"""The month is the order that it says, in that order alone; and a beat touches what it says."""

from __future__ import annotations

import ast
import hashlib
import inspect
import textwrap
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from functools import wraps
from types import FunctionType
from typing import Any

import numpy as np
import pytest

import narco_door.month.model as month
from narco_door.month.beat import BEATS, CONSTANT, Beat
from narco_door.month.model import NarcoDoor
from narco_door.month.order import order
from narco_door.month.world import World
from narco_door.scenario.conditions import Statute, Trigger
from narco_door.scenario.orders import DatedEvent, Order
from worlds import EVERY_LEVER, STORM, fingerprint, lived, plan

NAMES = [beat.name for beat in order()]
STATE = {field.name for field in fields(World)} - CONSTANT
MARCH = 2007 * 12 + 2
MANY = Trigger("many", "n_members", "00", months=1, above=0.0, below=None, start=MARCH)
RESTLESS = {
    "corruption_rate": 0.9,
    "bribe_share": 1.0,
    "absorb_rate": 0.5,
    "absorbed_join": 0.2,
    "absorbed_jailed": 0.4,
}
_storm = plan(*EVERY_LEVER, until="2008-03", numbers=STORM | RESTLESS)
EVENTFUL = replace(
    _storm,
    orders=(
        *_storm.orders,
        Order("mentoring", "budget", MARCH, MARCH + 120, 0.0, "need", "many", when=MANY, share=0.5),
    ),
    statutes=(*_storm.statutes, Statute("security_tax", MARCH, MARCH + 120, 5.0, "many", when=MANY)),
    events=(
        DatedEvent(MARCH, "capture", "Sinaloa", "25", "", "", (), "", "s"),
        DatedEvent(MARCH, "split", "Gulf", "", "", "Zetas", ("19", "28", "30"), "", "s"),
    ),
)
"""Members come and go by the thousand, wars are lost and the losers scattered, corruption swings, every lever has money, a condition is met, a tax is raised,
a leader falls and a group breaks away on record."""


def test_the_order_that_is_told_is_the_one_that_is_lived() -> None:
    world = lived(plan(until="2007-02")).world
    assert list(world.seconds) == NAMES
    assert set(NAMES) == set(BEATS)


@pytest.mark.parametrize("first", range(len(NAMES) - 1), ids=lambda k: f"{NAMES[k]}-{NAMES[k + 1]}")
def test_two_beats_that_change_places_are_seen_unless_neither_touches_what_the_other_does(
    first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = fingerprint(lived(EVENTFUL))
    monkeypatch.setattr(NarcoDoor, "step", swapped(first))
    model = NarcoDoor(EVENTFUL, seed=1)
    try:
        model.run()
    except UnboundLocalError:  # it asks for what is not there yet
        return
    assert (fingerprint(model) == right) == apart(BEATS[NAMES[first]], BEATS[NAMES[first + 1]])


def apart(one: Beat, other: Beat) -> bool:
    """Whether neither of two beats reads or changes what the other changes."""
    return not {*one.writes} & {*other.reads, *other.writes} and not {*other.writes} & {*one.reads, *one.writes}


def swapped(first: int) -> Callable[[NarcoDoor], None]:
    """`NarcoDoor.step` with a beat and the next one in each other's place."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(NarcoDoor.step)))
    step = tree.body[0]
    assert isinstance(step, ast.FunctionDef)
    lines = [k for k, line in enumerate(step.body) if any(f"{name}(" in ast.unparse(line) for name in BEATS)]
    a, b = lines[first], lines[first + 1]
    step.body[a], step.body[b] = step.body[b], step.body[a]
    space: dict[str, Any] = {}
    exec(compile(tree, "<swapped>", "exec"), vars(month), space)
    return space["step"]  # type: ignore[no-any-return]


def test_a_swap_is_a_swap() -> None:
    assert isinstance(swapped(0), FunctionType)
    text = inspect.getsource(NarcoDoor.step)
    assert [text.index(f"{name}(") for name in NAMES] == sorted(text.index(f"{name}(") for name in NAMES)


def test_a_beat_touches_what_it_declares(monkeypatch: pytest.MonkeyPatch) -> None:
    read, changed = traced(monkeypatch)
    assert {name: sorted(read[name]) for name in NAMES} == {name: sorted({*BEATS[name].reads}) for name in NAMES}
    assert {name: sorted(changed[name]) for name in NAMES} == {name: sorted(BEATS[name].writes) for name in NAMES}


def traced(monkeypatch: pytest.MonkeyPatch) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Fields of the world that each beat asked for, and those whose content changed in it, over an eventful year."""
    read, changed = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    asked: set[str] = set()

    def noted(world: World, name: str) -> Any:
        asked.add(name)
        return object.__getattribute__(world, name)

    def watched(name: str) -> Callable[..., Any]:
        do = vars(month)[name]

        @wraps(do)
        def beat(world: World, *given: Any) -> Any:
            before = contents(world)
            asked.clear()
            answer = do(world, *given)
            read[name] |= asked & STATE
            after = contents(world)
            changed[name] |= {field for field in STATE if before[field] != after[field]}
            return answer

        return beat

    monkeypatch.setattr(World, "__getattribute__", noted)
    for name in NAMES:
        monkeypatch.setattr(month, name, watched(name))
    NarcoDoor(EVENTFUL, seed=1).run()
    return read, changed


def contents(world: World) -> dict[str, bytes]:
    """A hash of what each field holds; a field that is part of another counts once, as itself."""
    own = {field.name: getattr(world, field.name) for field in fields(World)}
    stop = {id(value) for value in (world, world.government.model, *own.values()) if not isinstance(value, int | None)}
    return {name: digest(own[name], stop - {id(own[name])}) for name in STATE}


def digest(value: Any, stop: set[int]) -> bytes:
    """A hash of an object, down to its numbers, that ends where one of `stop` begins."""
    out = hashlib.blake2b()
    for part in parts(value, stop, {}):
        out.update(part)
    return out.digest()


def parts(value: Any, stop: set[int], seen: dict[int, Any]) -> Iterator[bytes]:
    """All numbers and words of an object, in order."""
    if id(value) in stop:
        return
    if isinstance(value, np.ndarray) and value.dtype != object:
        yield np.ascontiguousarray(value).tobytes()
    elif value is None or isinstance(value, str | bytes | int | float | np.generic | slice | type):
        yield repr(value).encode()
    elif id(value) not in seen:
        seen[id(value)] = value  # kept, so that no other object is given its number
        for part in inside(value):
            yield from parts(part, stop, seen)


def inside(value: Any) -> list[Any]:
    """What an object is made of."""
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    if isinstance(value, list | tuple | np.ndarray):
        return list(value)
    if isinstance(value, set | frozenset):
        return sorted(value, key=repr)
    slots = [getattr(value, slot, None) for kind in type(value).__mro__ for slot in getattr(kind, "__slots__", ())]
    return slots + inside(getattr(value, "__dict__", {}))
