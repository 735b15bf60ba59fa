"""The ``--set`` options: changes on the command line, read by the same rules as a file."""

import re
import tomllib
from collections.abc import Sequence
from typing import Any

from narco_door.base.errors import UserError, nearest
from narco_door.base.toml_lines import KeyPath, Lines
from narco_door.base.toml_words import Excess, refuse_excess
from narco_door.scenario.reading import Origin

WITHOUT = "without_event"
_DATED = ("set", "add", "law", "earmark")
_SECTIONS = ("run", "parameters", "switches", *_DATED)
_LONGEST = 1_000
_SPAN = re.compile(r"(?P<lever>[^@]+)@(?P<first>.+?)\.\.(?P<last>.+)")
_FORMS = (
    "run.seed=3, parameters.NAME=0.3, switches.NAME=false, add.LEVER@2011-04..2026-12=500, "
    "set.LEVER@2011-04..2026-12=500, law.NAME@2011-04..2026-12=0.5 or earmark.LEVER@2011-04..2026-12=0.5"
)


def read_sets(sets: Sequence[str]) -> tuple[dict[str, Any], Origin]:
    """Turn options into the document of a scenario file; its lines are the options themselves.

    Raises
    ------
    UserError
        If an option does not have one of the forms, or sets the same thing as another.
    """
    document: dict[str, Any] = {"title": "changes", "question": "changes", "phase": []}
    lines = Lines("\n".join(map(_as_typed, sets)))
    for number, option in enumerate(sets, start=1):
        path = _place(document, option)
        for length in range(1, len(path) + 1):
            lines.add(path[:length], number, once=length == len(path))
    if lines.repeats:
        again = lines.repeats[0]
        raise UserError(
            f"in {lines.show(again.again)}: this is set twice; the first is {_bare(lines.show(again.first))}"
        )
    return document, Origin("--set", lines, options=True)


def _as_typed(option: str) -> str:
    """The option as it stands on the command line; an event that is taken out has one of its own."""
    key, equals, name = option.partition("=")
    return f"--without-event {name}" if equals and key == WITHOUT else f"--set {option}"


def _bare(typed: str) -> str:
    return typed.removeprefix("--set ")


def _place(document: dict[str, Any], option: str) -> KeyPath:
    """Put one option into the document; return where."""
    _refuse_odd(option)
    key, equals, text = option.partition("=")
    if equals and key == WITHOUT:
        document.setdefault("without_events", []).append(text)
        return ("without_events", text)
    section, dot, name = key.strip().partition(".")
    if not (equals and dot and name and text.strip()):
        raise UserError(f"in --set {option}: expected one of {_FORMS}")
    if section not in _SECTIONS:
        hint = nearest(section, _SECTIONS)
        raise UserError(f'in --set {option}: unknown section "{section}"{hint}; expected one of {_FORMS}')
    if section in _DATED:
        return _place_phase(document, option, section, name, _value(text))
    document.setdefault(section, {})[name] = _value(text)
    return (section, name)


def _refuse_odd(option: str) -> None:
    """Refuse what no key and value need: it would be dropped in silence, or take the reader beyond its bounds."""
    if len(option) > _LONGEST:
        raise UserError(f"in --set {option}: {len(option):,} letters; expected {_LONGEST:,} at most")
    if not option.isprintable():
        raise UserError(f"in --set {option!r}: expected one line of letters that can be seen")
    try:
        refuse_excess(option)
    except Excess as problem:
        raise UserError(f"in --set {option}: {problem}") from None


def _place_phase(document: dict[str, Any], option: str, section: str, name: str, value: Any) -> KeyPath:
    span = _SPAN.fullmatch(name)
    if span is None:
        like = "NAME@2011-04..2026-12=0.5" if section == "law" else "LEVER@2011-04..2026-12=500"
        raise UserError(f"in --set {option}: expected months, like {section}.{like}")
    lever = span["lever"].strip()
    phase = {
        "name": f"--set {option}",
        "from": span["first"].strip(),
        "to": span["last"].strip(),
        "source": "the command line",
        section: {lever: value},
    }
    document["phase"].append(phase)
    return ("phase", len(document["phase"]) - 1, section, lever)


def _value(text: str) -> Any:
    """Read a value as TOML does; what is not TOML is taken as a text without quotes, like 2015-12."""
    try:
        return tomllib.loads(f"value = {text.strip()}")["value"]
    except tomllib.TOMLDecodeError:
        return text.strip()
