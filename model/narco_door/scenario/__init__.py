"""From a TOML file to a frozen `Scenario`: find it, climb to what it extends, lay one file over the other.

Every key is read or is an error; an error says where, what was expected and which name is near.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final
from warnings import warn

from narco_door.base.errors import UserError
from narco_door.scenario.comparing import read_comparison, twins_of
from narco_door.scenario.finding import claim_scenarios, find, list_scenarios, scenarios_folder
from narco_door.scenario.idle import Idle
from narco_door.scenario.layers import Layer, build
from narco_door.scenario.lineage import climb, lineage, open_file, option_layer
from narco_door.scenario.orders import Order, Run
from narco_door.scenario.plan import Comparison, Scenario
from narco_door.scenario.reading import check, parse
from narco_door.scenario.schema import scenario_file

__all__ = [
    "Comparison",
    "Idle",
    "Order",
    "Run",
    "Scenario",
    "claim_scenarios",
    "idle_sentences",
    "list_scenarios",
    "load_comparison",
    "load_one",
    "load_parent",
    "load_scenario",
    "load_single",
    "scenario_from_toml",
    "scenarios_folder",
]

_MOST_TOLD: Final = 20


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
    return _told(_load(find(str(name_or_path)), sets))


def _told[Loaded: Scenario | Comparison](loaded: Loaded) -> Loaded:
    """Warn of what changes nothing."""
    for sentence in idle_sentences(loaded):
        warn(sentence, Idle, stacklevel=3)
    return loaded


def idle_sentences(loaded: Scenario | Comparison) -> tuple[str, ...]:
    """What a file and its options say that changes nothing, as it is told: what nobody will read is counted."""
    said = loaded.idle
    left = [f"and {len(said) - _MOST_TOLD:,} more that change nothing"] if len(said) > _MOST_TOLD else []
    return tuple(str(Idle(sentence)) for sentence in (*said[:_MOST_TOLD], *left))


def _load(path: Path, sets: Sequence[str]) -> Scenario | Comparison:
    document, origin = open_file(path)
    if "compare" in document:
        return read_comparison(path, document, origin, sets)
    return build([*lineage(path, document, origin, ()), *option_layer(sets)])


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

    Warns
    -----
    Idle
        If anything in a file, or in the changes in every scenario, changes nothing, or a scenario is another's twin.
    """
    *others, base = (
        _scenario(arm, _load(find(arm), sets)) for arm in (*dict.fromkeys(a for a in arms if a != reference), reference)
    )
    if not others:
        raise UserError(f'nothing to compare with "{reference}"; expected at least one other scenario')
    name = f"{'-'.join(arm.name for arm in others)}-vs-{base.name}"
    title = f"{', '.join(arm.title for arm in others)}, compared with {base.title}"
    question = f"Compared with {base.name}, what changes?"
    twice = (f'"{arm}" is named twice; the second changes nothing' for k, arm in enumerate(arms) if arm in arms[:k])
    twins = (*dict.fromkeys(twice), *twins_of((base, *others)))
    return _told(Comparison(name, title, question, tuple(others), base, twins))


def scenario_from_toml(text: str, *, name: str = "scenario", sets: Sequence[str] = ()) -> Scenario:
    """Read a scenario from a text, as `load_scenario` does from a file; it may extend scenarios by name."""
    document, origin = parse(text, name)
    layer = Layer(name, check(scenario_file(), document, origin), origin, None)
    return build([*climb(layer, ()), *option_layer(sets)])


def load_parent(name_or_path: str | Path) -> Scenario | None:
    """Return the scenario that this one extends, or None if it stands alone."""
    path = find(str(name_or_path), folder=None)
    document, origin = open_file(path)
    above = lineage(path, document, origin, ())[:-1]
    return build(above) if above else None
