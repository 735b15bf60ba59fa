"""From a TOML file to a frozen `Scenario`: find it, climb to what it extends, lay one file over the other.

Every key is read or is an error; an error says where, what was expected and which name is near.
"""

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, Final
from warnings import warn

from narco_door.base.errors import UserError
from narco_door.base.months import month_text
from narco_door.scenario.finding import claim_scenarios, find, list_scenarios, name_of, read_file, scenarios_folder
from narco_door.scenario.idle import Idle
from narco_door.scenario.layers import Layer, build
from narco_door.scenario.options import read_sets
from narco_door.scenario.plan import Comparison, Order, Run, Scenario
from narco_door.scenario.reading import Origin, check, parse
from narco_door.scenario.schema import comparison_file, scenario_file

__all__ = [
    "Comparison",
    "Idle",
    "Order",
    "Run",
    "Scenario",
    "claim_scenarios",
    "list_scenarios",
    "load_comparison",
    "load_one",
    "load_parent",
    "load_scenario",
    "load_single",
    "scenario_from_toml",
    "scenarios_folder",
]


_MOST_ANCESTORS: Final = 32


def load_scenario(name_or_path: str | Path, *, sets: Sequence[str] = ()) -> Scenario | Comparison:
    """Read a scenario or a comparison.

    Parameters
    ----------
    name_or_path
        A name from `list_scenarios`, or the path of a TOML file. A name of which another file lies here is an error:
        a file is given by its path, like ``./doors_first.toml``.
    sets
        Changes laid over the file (over every arm of a comparison), each like ``run.seed=3``,
        ``parameters.NAME=0.3``, ``switches.NAME=false``, ``add.LEVER@2011-04..2026-12=500`` or
        ``set.LEVER@2011-04..2026-12=500``.

    Raises
    ------
    UserError
        If anything in the file, in what it extends or in the changes is not understood.

    Warns
    -----
    Idle
        If anything in them changes nothing.
    """
    loaded = _load(find(str(name_or_path)), sets)
    for scenario in (loaded,) if isinstance(loaded, Scenario) else loaded.scenarios:
        for sentence in scenario.idle:
            warn(sentence, Idle, stacklevel=2)
    return loaded


def _load(path: Path, sets: Sequence[str]) -> Scenario | Comparison:
    document, origin = _open(path)
    if "compare" in document:
        return _comparison(path, document, origin, sets)
    return build([*_lineage(path, document, origin, ()), *_option_layer(sets)])


def load_one(name_or_path: str | Path, *, sets: Sequence[str] = ()) -> Scenario:
    """Read a scenario as `load_single` does, but a name means narco-door's own, whatever files lie here."""
    return _scenario(name_or_path, _load(find(str(name_or_path), folder=None), sets))


def load_single(name_or_path: str | Path, *, sets: Sequence[str] = ()) -> Scenario:
    """Read a scenario as `load_scenario` does; a comparison is an error."""
    return _scenario(name_or_path, load_scenario(name_or_path, sets=sets))


def _scenario(name: str | Path, loaded: Scenario | Comparison) -> Scenario:
    if isinstance(loaded, Comparison):
        raise UserError(f'"{name}" is a comparison; expected a scenario')
    return loaded


def load_comparison(arms: Sequence[str], *, reference: str, sets: Sequence[str] = ()) -> Comparison:
    """Set scenarios beside each other, each by name or path; the reference may be among the arms.

    Raises
    ------
    UserError
        As `load_scenario`; also if nothing is left to compare, or if one is a comparison itself.
    """
    others = [load_single(arm, sets=sets) for arm in dict.fromkeys(arms) if arm != reference]
    base = load_single(reference, sets=sets)
    if not others:
        raise UserError(f'nothing to compare with "{reference}"; expected at least one other scenario')
    name = f"{'-'.join(arm.name for arm in others)}-vs-{base.name}"
    title = f"{', '.join(arm.title for arm in others)}, compared with {base.title}"
    return Comparison(name, title, f"Compared with {base.name}, what changes?", tuple(others), base)


def scenario_from_toml(text: str, *, name: str = "scenario", sets: Sequence[str] = ()) -> Scenario:
    """Read a scenario from a text, as `load_scenario` does from a file; it may extend scenarios by name."""
    document, origin = parse(text, name)
    layer = Layer(name, check(scenario_file(), document, origin), origin, None)
    return build([*_climb(layer, ()), *_option_layer(sets)])


def load_parent(name_or_path: str | Path) -> Scenario | None:
    """Return the scenario that this one extends, or None if it stands alone."""
    path = find(str(name_or_path), folder=None)
    document, origin = _open(path)
    above = _lineage(path, document, origin, ())[:-1]
    return build(above) if above else None


def _open(path: Path) -> tuple[dict[str, Any], Origin]:
    """Read the file of a scenario."""
    return parse(read_file(path, _label(path)), _label(path))


def _label(path: Path) -> str:
    """Name a file as the user would: from where he stands, if it lies below."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except (ValueError, OSError):  # it does not, or he stands in a folder that is gone
        return str(path)


def _lineage(path: Path, document: dict[str, Any], origin: Origin, below: tuple[Path, ...]) -> list[Layer]:
    """Return the layers from the oldest ancestor down to this file."""
    layer = Layer(name_of(path), check(scenario_file(), document, origin), origin, path.parent)
    return _climb(layer, (*below, path.resolve()))


def _climb(layer: Layer, below: tuple[Path, ...]) -> list[Layer]:
    parent = layer.form.extends
    if parent is None:
        return [layer]
    if len(below) > _MOST_ANCESTORS:
        raise layer.origin.error(("extends",), f"stands on more than {_MOST_ANCESTORS} scenarios, one upon the other")
    path = find(parent, origin=layer.origin, key=("extends",), folder=layer.folder)
    if path.resolve() in below:
        loop = [*below[below.index(path.resolve()) :], path]
        raise layer.origin.error(("extends",), f"extends itself: {' > '.join(step.stem for step in loop)}")
    document, origin = _open(path)
    if "compare" in document:
        raise layer.origin.error(("extends",), f'"{parent}" is a comparison; only a scenario can be extended')
    return [*_lineage(path, document, origin, below), layer]


def _option_layer(sets: Sequence[str]) -> list[Layer]:
    if not sets:
        return []
    document, origin = read_sets(sets)
    return [Layer("", check(scenario_file(), document, origin), origin, None)]


_FOR_ALL: Final[tuple[str, ...]] = ("title", "question", "run", "parameters", "switches")


def _comparison(path: Path, document: dict[str, Any], origin: Origin, sets: Sequence[str]) -> Comparison:
    """Read the arms and the reference, lay the comparison's ``[run]``, its numbers and the options over each."""
    form: Any = check(comparison_file(), document, origin)
    names = form.compare.arms
    for number, name in enumerate(names):
        if name == form.compare.reference:
            raise origin.error(("compare", "arms"), f'"{name}" is the reference; it cannot be an arm too')
        if name in names[:number]:
            raise origin.error(("compare", "arms"), f'"{name}" is named twice')
    common = {name: document[name] for name in _FOR_ALL if name in document}
    above = [Layer("", check(scenario_file(), common, origin), origin, None), *_option_layer(sets)]
    reference = build([*_arm(form.compare.reference, path, origin, "reference"), *above])
    arms = tuple(build([*_arm(name, path, origin, "arms"), *above]) for name in names)
    for arm in arms:
        if difference := _unlike(arm.run, reference.run):
            raise origin.error(
                ("compare", "arms"),
                f'"{arm.name}" and "{reference.name}" {difference}; give it for all in [run]',
            )
    return Comparison(name_of(path), form.title, form.question, arms, reference)


def _arm(name: str, path: Path, origin: Origin, key: str) -> list[Layer]:
    file = find(name, origin=origin, key=("compare", key), folder=path.parent)
    document, where = _open(file)
    if "compare" in document:
        raise origin.error(("compare", key), f'"{name}" is a comparison itself; expected a scenario')
    return _lineage(file, document, where, ())


def _unlike(one: Run, other: Run) -> str:
    """Say in which field two runs differ, or nothing."""
    for field in fields(Run):
        mine, theirs = getattr(one, field.name), getattr(other, field.name)
        if mine != theirs:
            if field.name in ("start", "end"):
                mine, theirs = month_text(mine), month_text(theirs)
            return f'differ in "{field.name}" ({mine} and {theirs})'
    return ""
