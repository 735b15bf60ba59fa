"""The files that a scenario stands on, read one after the other, and the options that are laid over them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from narco_door.scenario.finding import find, name_of, read_file
from narco_door.scenario.options import read_sets
from narco_door.scenario.phases import Layer
from narco_door.scenario.reading import Origin, check, parse
from narco_door.scenario.schema import scenario_file

_MOST_ANCESTORS: Final = 32


def open_file(path: Path) -> tuple[dict[str, Any], Origin]:
    """Read the file of a scenario."""
    return parse(read_file(path, _label(path)), _label(path))


def _label(path: Path) -> str:
    """Name a file as the user would: from where he stands, if it lies below."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except (ValueError, OSError):  # it does not, or he stands in a folder that is gone
        return str(path)


def lineage(path: Path, document: dict[str, Any], origin: Origin, below: tuple[Path, ...]) -> list[Layer]:
    """Return the layers from the oldest ancestor down to this file."""
    layer = Layer(name_of(path), check(scenario_file(), document, origin), origin, path.parent)
    return climb(layer, (*below, path.resolve()))


def climb(layer: Layer, below: tuple[Path, ...]) -> list[Layer]:
    """Return the layers from the oldest ancestor of one down to itself.

    Parameters
    ----------
    below
        The files that were read on the way here.
    """
    parent = layer.form.extends
    if parent is None:
        return [layer]
    if len(below) > _MOST_ANCESTORS:
        raise layer.origin.error(("extends",), f"stands on more than {_MOST_ANCESTORS} scenarios, one upon the other")
    path = find(parent, origin=layer.origin, key=("extends",), folder=layer.folder)
    if path.resolve() in below:
        loop = [*below[below.index(path.resolve()) :], path]
        raise layer.origin.error(("extends",), f"extends itself: {' > '.join(step.stem for step in loop)}")
    document, origin = open_file(path)
    if "compare" in document:
        raise layer.origin.error(("extends",), f'"{parent}" is a comparison; only a scenario can be extended')
    return [*lineage(path, document, origin, below), layer]


def option_layer(sets: Sequence[str]) -> list[Layer]:
    """Return the layer of the options, if there are any."""
    if not sets:
        return []
    document, origin = read_sets(sets)
    return [Layer("", check(scenario_file(), document, origin), origin, None)]
