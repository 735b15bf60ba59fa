"""From a TOML file to a frozen `Scenario`: find it, climb to what it extends, lay one file over the other.

Every key is read or is an error; an error says where, what was expected and which name is near.
"""

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from narco_door.base.errors import UserError, nearest
from narco_door.base.months import month_text
from narco_door.scenario.layers import Layer, build
from narco_door.scenario.options import read_sets
from narco_door.scenario.plan import Comparison, Order, Run, Scenario
from narco_door.scenario.reading import Origin, check, parse
from narco_door.scenario.schema import A_NAME, ComparisonFile, is_name, scenario_file

__all__ = [
    "Comparison",
    "Order",
    "Run",
    "Scenario",
    "claim_scenarios",
    "list_scenarios",
    "load_comparison",
    "load_one",
    "load_parent",
    "load_scenario",
    "scenario_from_toml",
    "scenarios_folder",
]


_CLAIMS = "claims/"


def scenarios_folder() -> Path:
    """Return the folder of the scenarios: beside the repository's model, or inside the installed package."""
    package = Path(__file__).parent.parent
    beside = package.parent.parent / "scenarios"
    return beside if (beside / "baseline.toml").is_file() else package / "scenarios"


def list_scenarios() -> dict[str, Path]:
    """Return the scenarios and comparisons that come with narco-door: name to file."""
    return {path.stem: path for path in sorted(scenarios_folder().glob("*.toml"))}


def claim_scenarios() -> dict[str, Path]:
    """Return the scenarios that only the claims of the seminar compare: `claims/NAME` to file."""
    return {f"{_CLAIMS}{path.stem}": path for path in sorted((scenarios_folder() / "claims").glob("*.toml"))}


def load_scenario(name_or_path: str | Path, *, sets: Sequence[str] = ()) -> Scenario | Comparison:
    """Read a scenario or a comparison.

    Parameters
    ----------
    name_or_path
        A name from `list_scenarios`, or the path of a TOML file.
    sets
        Changes laid over the file (over every arm of a comparison), each like ``run.seed=3``,
        ``parameters.NAME=0.3``, ``switches.NAME=false``, ``add.LEVER@2011-04..2026-12=500`` or
        ``set.LEVER@2011-04..2026-12=500``.

    Raises
    ------
    UserError
        If anything in the file, in what it extends or in the changes is not understood.
    """
    path = _find(str(name_or_path))
    document, origin = parse(_read(path), _label(path))
    if "compare" in document:
        return _comparison(path, document, origin, sets)
    return build([*_lineage(path, document, origin, ()), *_option_layer(sets)])


def load_one(name_or_path: str | Path, *, sets: Sequence[str] = ()) -> Scenario:
    """Read a scenario as `load_scenario` does; a comparison is an error."""
    loaded = load_scenario(name_or_path, sets=sets)
    if isinstance(loaded, Comparison):
        raise UserError(f'"{name_or_path}" is a comparison; expected a scenario')
    return loaded


def load_comparison(arms: Sequence[str], *, reference: str, sets: Sequence[str] = ()) -> Comparison:
    """Set scenarios beside each other, each by name or path; the reference may be among the arms.

    Raises
    ------
    UserError
        As `load_scenario`; also if nothing is left to compare, or if one is a comparison itself.
    """
    others = [load_one(arm, sets=sets) for arm in dict.fromkeys(arms) if arm != reference]
    base = load_one(reference, sets=sets)
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
    path = _find(str(name_or_path))
    document, origin = parse(_read(path), _label(path))
    above = _lineage(path, document, origin, ())[:-1]
    return build(above) if above else None


def _find(
    name: str,
    *,
    origin: Origin | None = None,
    key: tuple[str, ...] = (),
    folder: Path | None = None,
) -> Path:
    """Return the file of a scenario given by name or path; an unknown name is an error with a near one."""
    known = list_scenarios()
    if name in known:
        return known[name]
    if name.startswith(_CLAIMS):
        known = claim_scenarios()
        if name in known:
            return known[name]
    is_path = name.endswith(".toml") or "/" in name or "\\" in name
    path = (folder or Path()) / name
    if is_path and path.is_file():
        return path
    inside = {key.removeprefix(_CLAIMS): key for key in claim_scenarios()}
    if name in inside:
        raise UserError(f'there is no scenario "{name}"; did you mean "{inside[name]}"?')
    hint = nearest(Path(name).stem, known) or f"; known are {', '.join(known)}"
    if (Path() / f"{name}.toml").is_file():
        hint = f'; did you mean the file "{name}.toml"?'
    problem = f'there is no file "{path}"{hint}' if is_path else f'there is no scenario "{name}"{hint}'
    raise origin.error(key, problem) if origin is not None else UserError(problem)


def _read(path: Path) -> str:
    if not is_name(path.stem):
        raise UserError(f'{_label(path)}: "{path.stem}" is not a name for a scenario; expected {A_NAME}')
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as problem:
        raise UserError(f"{_label(path)}:1: not a UTF-8 text ({problem.reason})") from None
    except OSError as problem:
        raise UserError(f"{_label(path)}: cannot be read ({problem.strerror})") from None


def _label(path: Path) -> str:
    """Name a file as the user would: from where he stands, if it lies below."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _lineage(path: Path, document: dict[str, Any], origin: Origin, below: tuple[Path, ...]) -> list[Layer]:
    """Return the layers from the oldest ancestor down to this file."""
    layer = Layer(path.stem, check(scenario_file(), document, origin), origin, path.parent)
    return _climb(layer, (*below, path.resolve()))


def _climb(layer: Layer, below: tuple[Path, ...]) -> list[Layer]:
    parent = layer.form.extends
    if parent is None:
        return [layer]
    path = _find(parent, origin=layer.origin, key=("extends",), folder=layer.folder)
    if path.resolve() in below:
        loop = [*below[below.index(path.resolve()) :], path]
        raise layer.origin.error(("extends",), f"extends itself: {' > '.join(step.stem for step in loop)}")
    document, origin = parse(_read(path), _label(path))
    if "compare" in document:
        raise layer.origin.error(("extends",), f'"{parent}" is a comparison; only a scenario can be extended')
    return [*_lineage(path, document, origin, below), layer]


def _option_layer(sets: Sequence[str]) -> list[Layer]:
    if not sets:
        return []
    document, origin = read_sets(sets)
    return [Layer("", check(scenario_file(), document, origin), origin, None)]


def _comparison(path: Path, document: dict[str, Any], origin: Origin, sets: Sequence[str]) -> Comparison:
    """Read the arms and the reference, lay the comparison's ``[run]`` and the options over each."""
    form = check(ComparisonFile, document, origin)
    names = form.compare.arms
    for number, name in enumerate(names):
        if name == form.compare.reference:
            raise origin.error(("compare", "arms"), f'"{name}" is the reference; it cannot be an arm too')
        if name in names[:number]:
            raise origin.error(("compare", "arms"), f'"{name}" is named twice')
    common = {"title": form.title, "question": form.question, "run": document.get("run", {})}
    above = [Layer("", check(scenario_file(), common, origin), origin, None), *_option_layer(sets)]
    reference = build([*_arm(form.compare.reference, path, origin, "reference"), *above])
    arms = tuple(build([*_arm(name, path, origin, "arms"), *above]) for name in names)
    for arm in arms:
        if difference := _unlike(arm.run, reference.run):
            raise origin.error(
                ("compare", "arms"),
                f'"{arm.name}" and "{reference.name}" {difference}; give it for all in [run]',
            )
    return Comparison(path.stem, form.title, form.question, arms, reference)


def _arm(name: str, path: Path, origin: Origin, key: str) -> list[Layer]:
    file = _find(name, origin=origin, key=("compare", key), folder=path.parent)
    document, where = parse(_read(file), _label(file))
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
