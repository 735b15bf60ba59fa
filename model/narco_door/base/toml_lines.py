"""On which line of a TOML text each key stands; the standard reader does not say.

The walk knows just enough of TOML to skip over values (quotes, brackets, remarks). Whether the text is
valid TOML is left to ``tomllib``; whether a key is given twice is answered here, with both lines.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from narco_door.base.toml_words import Word, words_of

type KeyPath = tuple[str | int, ...]


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
        return self._rows[line - 1].strip() if 0 < line <= len(self._rows) else ""

    @cached_property
    def _rows(self) -> list[str]:
        return self.text.split("\n")

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
    for words in _statements(text):
        line, brackets = words[0].line, _brackets(words)
        if brackets == 2:
            table = _next_in_list(_place(_keys(words[2:]), counts), counts)
            lines.add(table[:-1], line, once=False)
            lines.add(table, line)
        elif brackets:
            table = _place(_keys(words[1:]), counts)
            lines.add(table, line)
        else:
            _add_key(lines, table, _keys(words), line)
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


def _brackets(words: list[Word]) -> int:
    """Return how many square brackets a statement begins with, two at most; those of ``[[`` have no space between."""
    if words[0].text != "[":
        return 0
    return 2 if len(words) > 1 and words[1].text == "[" and words[1].start == words[0].start + 1 else 1


def _keys(words: list[Word]) -> tuple[str, ...]:
    """Read the key that words begin with, dotted or not, bare or quoted."""
    keys: list[str] = []
    for number, word in enumerate(words):
        if number % 2 == 0 and word.kind in ("bare", "text"):
            keys.append(word.text[1:-1] if word.kind == "text" else word.text)
        elif number % 2 == 0 or word.text != ".":
            break
    return tuple(keys)


def _statements(text: str) -> Iterator[list[Word]]:
    """Yield the words of each statement: up to the first line end outside quotes and brackets."""
    words: list[Word] = []
    depth = 0
    for word in words_of(text):
        if word.kind != "end":
            words.append(word)
            depth += (word.kind == "open") - (word.kind == "close")
        elif words and (depth <= 0 or words[0].text == "["):
            yield words
            words, depth = [], 0
    if words:
        yield words
