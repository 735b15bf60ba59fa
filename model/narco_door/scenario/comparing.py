"""Scenarios set beside each other by a file, which may say of their run and of the model what holds for all."""

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

from narco_door.base.months import month_text
from narco_door.scenario.finding import find, name_of
from narco_door.scenario.layers import Layer, build
from narco_door.scenario.lineage import lineage, open_file, option_layer
from narco_door.scenario.orders import Run
from narco_door.scenario.plan import Comparison, Scenario
from narco_door.scenario.reading import Origin, check
from narco_door.scenario.schema import comparison_file, scenario_file

_FOR_ALL: Final[tuple[str, ...]] = ("title", "question", "run", "parameters", "switches")


def read_comparison(path: Path, document: dict[str, Any], origin: Origin, sets: Sequence[str]) -> Comparison:
    """Read the arms and the reference, lay the comparison's ``[run]``, its numbers and the options over each."""
    form: Any = check(comparison_file(), document, origin)
    names = form.compare.arms
    for number, name in enumerate(names):
        if name == form.compare.reference:
            raise origin.error(("compare", "arms"), f'"{name}" is the reference; it cannot be an arm too')
        if name in names[:number]:
            raise origin.error(("compare", "arms"), f'"{name}" is named twice')
    common = {name: document[name] for name in _FOR_ALL if name in document}
    above = [Layer("", check(scenario_file(), common, origin), origin, None), *option_layer(sets)]
    reference = build([*_arm(form.compare.reference, path, origin, "reference"), *above])
    arms = tuple(build([*_arm(name, path, origin, "arms"), *above]) for name in names)
    for arm in arms:
        if difference := _unlike(arm.run, reference.run):
            raise origin.error(
                ("compare", "arms"),
                f'"{arm.name}" and "{reference.name}" {difference}; give it for all in [run]',
            )
    twins = twins_of((reference, *arms), at=f"{origin.at(('compare', 'arms'))}: ")
    return Comparison(name_of(path), form.title, form.question, arms, reference, twins)


def twins_of(scenarios: Sequence[Scenario], *, at: str = "") -> tuple[str, ...]:
    """Return a sentence for each scenario that says the same as one before it: the two cannot differ."""
    first: dict[str, str] = {}
    pairs = ((one.name, first.setdefault(one.digest, one.name)) for one in scenarios)
    same = "differs from it in nothing but the name, so the two cannot part"
    return tuple(f'{at}"{name}" stands beside "{other}" and {same}' for name, other in pairs if other != name)


def _arm(name: str, path: Path, origin: Origin, key: str) -> list[Layer]:
    file = find(name, origin=origin, key=("compare", key), folder=path.parent)
    document, where = open_file(file)
    if "compare" in document:
        raise origin.error(("compare", key), f'"{name}" is a comparison itself; expected a scenario')
    return lineage(file, document, where, ())


def _unlike(one: Run, other: Run) -> str:
    """Say in which field two runs differ, or nothing."""
    for field in fields(Run):
        mine, theirs = getattr(one, field.name), getattr(other, field.name)
        if mine != theirs:
            if field.name in ("start", "end"):
                mine, theirs = month_text(mine), month_text(theirs)
            return f'differ in "{field.name}" ({mine} and {theirs})'
    return ""
