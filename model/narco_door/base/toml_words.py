"""The words of a TOML text, and the bounds that a text keeps before anything is built from it.

A reader of TOML keeps every table around a key and calls itself for every bracket: a few kilobytes of dots or brackets
cost gigabytes or end in a traceback. What is within these bounds cannot.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

MOST_LETTERS: Final = 256 * 1024
"""Of a text; the longest scenario that comes with narco-door has 9,000."""
MOST_DEPTH: Final = 16
"""Brackets within brackets."""
MOST_PARTS: Final = 8
"""Of a dotted key."""
LONGEST_WORD: Final = 100
"""Letters of a key without quotes, digits of a number."""
LONGEST_KEY: Final = 200
"""Letters of a key in quotes."""

_WORD = re.compile(
    r'''(?P<end>\n)
      | (?P<space>[^\S\n]+)
      | (?P<remark>\#[^\n]*)
      | (?P<text>"""(?:[^\\]|\\.)*?(?:"""|\Z) | \'\'\'.*?(?:\'\'\'|\Z) | "[^"\\\n]*(?:\\.[^"\\\n]*)*"? | '[^'\n]*'?)
      | (?P<open>[\[{])
      | (?P<close>[\]}])
      | (?P<mark>[.=,])
      | (?P<bare>[^\s"'\[\]{}.=,\#]+)''',
    re.VERBOSE | re.DOTALL,
)


class Word(NamedTuple):
    """A piece of a TOML text: its kind (a group of the pattern above), where it starts, on which line, what it says."""

    kind: str
    start: int
    line: int
    text: str


class Excess(ValueError):
    """A text is beyond a bound, told with its line."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(problem)
        self.line = line


def words_of(text: str) -> Iterator[Word]:
    """Yield the words of a text but spaces and remarks, valid TOML or not."""
    line = 1
    for found in _WORD.finditer(text):
        kind, said = found.lastgroup or "", found.group()
        if kind not in ("space", "remark"):
            yield Word(kind, found.start(), line, said)
        line += said.count("\n")


def refuse_excess(text: str) -> None:
    """Check that a text keeps the bounds.

    Raises
    ------
    Excess
        At the first that it does not keep.
    """
    if len(text) > MOST_LETTERS:
        raise Excess(1, f"the text has {len(text):,} letters; expected {MOST_LETTERS:,} at most")
    depth, parts, before = 0, 0, Word("end", 0, 1, "\n")
    for word in words_of(text):
        depth = max(depth + (word.kind == "open") - (word.kind == "close"), 0)
        if depth > MOST_DEPTH:
            raise Excess(word.line, f"brackets stand within brackets {depth} deep; expected {MOST_DEPTH} at most")
        if word.kind == "bare" and len(word.text) > LONGEST_WORD:
            long = f"a key or number has {len(word.text):,} letters"
            raise Excess(word.line, f"{long}; expected {LONGEST_WORD} at most, or a text in quotes")
        if before.kind == "text" and word.text in (".", "=") and len(before.text) > LONGEST_KEY + 2:
            raise Excess(word.line, f"a key has {len(before.text) - 2:,} letters; expected {LONGEST_KEY} at most")
        if word.kind in ("bare", "text"):
            parts = parts + 1 if before.text == "." else 1
            if parts > MOST_PARTS:
                raise Excess(word.line, f"a key has more than {MOST_PARTS} parts between dots")
        before = word
