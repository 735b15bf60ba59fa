"""A TOML text with the lines of its keys, or one message: not TOML, a key twice, beyond the bounds."""

import re
import tomllib
from typing import Any

from narco_door.base.errors import UserError
from narco_door.base.toml_lines import Lines, find_lines
from narco_door.base.toml_words import Excess, refuse_excess

_AT = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_VALUES = 'a number (250), a text in quotes ("2011-04"), true, false, or a list'


def read_toml(text: str, label: str) -> tuple[dict[str, Any], Lines]:
    """Read a TOML text.

    Parameters
    ----------
    label
        What the user calls it, such as the name of its file.

    Raises
    ------
    UserError
        If it is beyond a bound, is not TOML, or gives a key twice (both lines are named).
    """
    try:
        refuse_excess(text)
    except Excess as problem:
        raise UserError(f"{label}:{problem.line}: {problem}") from None
    lines = find_lines(text)
    try:
        return tomllib.loads(text), lines
    except tomllib.TOMLDecodeError as problem:
        if lines.repeats and "Cannot" in str(problem):
            repeat = lines.repeats[0]
            name = ".".join(part for part in repeat.path if isinstance(part, str))
            raise UserError(
                f'{label}:{repeat.again}: "{name}" is given twice; the first is in line {repeat.first}'
            ) from None
        raise UserError(_not_toml(str(problem), lines, label)) from None


def _not_toml(problem: str, lines: Lines, label: str) -> str:
    found = _AT.search(problem)
    line = int(found[1]) if found and found[1] else lines.text.count("\n") + 1
    said = problem[: found.start()] if found else problem
    shown = lines.show(line)
    return (
        f"{label}:{line}: not valid TOML: {said[:1].lower()}{said[1:]}"
        + (f"; the line says `{shown}`" if shown else "")
        + f"; a value is {_VALUES}"
    )
