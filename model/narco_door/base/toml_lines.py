"""On which line of a TOML text each key stands; the standard reader does not say.

The walk knows just enough of TOML to skip over values (quotes, brackets, comments). Whether the text is
valid TOML is left to ``tomllib``; whether a key is given twice is answered here, with both lines.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

type KeyPath = tuple[str | int, ...]

_KEY_PART = re.compile(r"""\s*(?:"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)'|([A-Za-z0-9_-]+))\s*""")
_QUOTES = ('"""', "'''", '"', "'")


@dataclass(frozen=True)
class Repeat:
    """A key or table that is given a second time."""

    path: KeyPath
    first: int
    again: int


@dataclass
class Lines:
    """Where the keys of one TOML text stand (lines are counted from 1)."""

    text: str
    found: dict[KeyPath, int] = field(default_factory=dict)
    repeats: list[Repeat] = field(default_factory=list)

    def of(self, path: KeyPath) -> int | None:
        """Return the line of a key, or of the nearest table around it, or None for the whole text."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.found:
                return self.found[path[:length]]
        return None

    def show(self, line: int) -> str:
        """Return the words on a line, without the spaces around them."""
        rows = self.text.splitlines()
        return rows[line - 1].strip() if 0 < line <= len(rows) else ""

    def add(self, path: KeyPath, line: int, *, once: bool = True) -> None:
        """Note a key; a second sighting is a repeat, unless the key may be seen many times."""
        if path not in self.found:
            self.found[path] = line
        elif once:
            self.repeats.append(Repeat(path, self.found[path], line))


def find_lines(text: str) -> Lines:
    """Walk through a TOML text and note the line of every table and key outside inline tables."""
    lines = Lines(text)
    table: KeyPath = ()
    counts: dict[KeyPath, int] = {}
    for position in _statements(text):
        line = text.count("\n", 0, position) + 1
        if text.startswith("[[", position):
            table = _next_in_list(_place(_keys(text, position + 2), counts), counts)
            lines.add(table[:-1], line, once=False)
            lines.add(table, line)
        elif text[position] == "[":
            table = _place(_keys(text, position + 1), counts)
            lines.add(table, line)
        else:
            _add_key(lines, table, _keys(text, position), line)
    return lines


def _add_key(lines: Lines, table: KeyPath, keys: tuple[str, ...], line: int) -> None:
    """Note a key, and the tables that a dotted key opens on its way."""
    for length in range(1, len(keys)):
        lines.add(table + keys[:length], line, once=False)
    lines.add(table + keys, line)


def _place(keys: tuple[str, ...], counts: dict[KeyPath, int]) -> KeyPath:
    """Return the full path of a header: a list of tables on the way means its latest entry."""
    path: KeyPath = ()
    for number, key in enumerate(keys):
        path = (*path, key)
        if path in counts and number < len(keys) - 1:
            path = (*path, counts[path])
    return path


def _next_in_list(path: KeyPath, counts: dict[KeyPath, int]) -> KeyPath:
    counts[path] = counts.get(path, -1) + 1
    return (*path, counts[path])


def _keys(text: str, position: int) -> tuple[str, ...]:
    """Read a key, dotted or not, bare or quoted."""
    keys: list[str] = []
    while found := _KEY_PART.match(text, position):
        keys.append(next(part for part in found.groups() if part is not None))
        position = found.end()
        if not text.startswith(".", position):
            break
        position += 1
    return tuple(keys)


def _statements(text: str) -> Iterator[int]:
    """Yield where each statement starts."""
    position = 0
    while position < len(text):
        if text[position] in " \t\r\n":
            position += 1
        elif text[position] == "#":
            position = _end_of_line(text, position)
        else:
            yield position
            position = _end_of_statement(text, position)


def _end_of_line(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end


def _end_of_statement(text: str, position: int) -> int:
    """Return where the statement ends: the first line end outside quotes and brackets."""
    header = text[position] == "["
    depth = 0
    while position < len(text):
        letter = text[position]
        if letter in "\"'":
            position = _end_of_quote(text, position)
            continue
        if letter == "#":
            position = _end_of_line(text, position)
            continue
        if letter == "\n" and (header or depth <= 0):
            return position
        depth += (letter in "[{") - (letter in "]}")
        position += 1
    return position


def _end_of_quote(text: str, position: int) -> int:
    """Return the place after the text in quotes that starts here; an unclosed one ends with its line."""
    quote = next(mark for mark in _QUOTES if text.startswith(mark, position))
    at = position + len(quote)
    while at < len(text):
        if text[at] == "\\" and quote[0] == '"':
            at += 2
        elif text.startswith(quote, at):
            return at + len(quote)
        elif text[at] == "\n" and len(quote) == 1:
            return at
        else:
            at += 1
    return len(text)
