"""The one kind of error that a user can cause, how long it may be, and the hint that most of them end with."""

import difflib
from collections.abc import Iterable

LONGEST_MESSAGE = 2_000
"""Letters of a message; what does not fit is counted."""
_LONGEST_LINE = 500
_ROOM_FOR_COUNT = 50
_LONGEST_NAME = 100  # nobody mistypes more


class UserError(Exception):
    """Something in the user's input is wrong; the message says what, where and what was expected.

    The command line prints the message alone and exits with code 2. Whatever the input holds, the message has no more
    than `LONGEST_MESSAGE` letters and none that steers a terminal.
    """

    def __init__(self, message: str) -> None:
        lines = [shortened(line, _LONGEST_LINE) for line in printable(message).split("\n")]
        super().__init__(shortened("\n".join(lines), LONGEST_MESSAGE))


def printable(text: str) -> str:
    """Return a text in which every letter that is not to be seen, but a line end, is written as an escape."""
    if text.isprintable():
        return text
    return "".join(c if c == "\n" or c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def shortened(text: str, most: int) -> str:
    """Return a text of at most so many letters (50 or more): the middle of a longer one is only counted."""
    if len(text) <= most:
        return text
    tail = most // 3
    head = most - tail - _ROOM_FOR_COUNT
    return f"{text[:head]} … {len(text) - head - tail:,} letters more … {text[-tail:]}"


def listed(sentences: Iterable[str], of: int) -> str:
    """Return sentences in lines of their own, as many as a message holds, and how many of all are left out.

    They are taken one by one, so that those which nobody will read are never made.
    """
    taken: list[str] = []
    room = LONGEST_MESSAGE - _ROOM_FOR_COUNT
    for sentence in sentences:
        line = shortened(printable(sentence), _LONGEST_LINE)
        room -= len(line) + 1
        if room < 0:
            break
        taken.append(line)
    left = of - len(taken)
    return "\n".join([*taken, *([f"and {left:,} more"] if left else [])])


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a half-sentence with the known name most like this one, or nothing if none is near."""
    if len(name) > _LONGEST_NAME:
        return ""
    found = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f'; did you mean "{found[0]}"?' if found else ""
