"""The choice of a visitor as an address that can be sent to somebody, and back again."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from narco_door.base.declared import levers
from narco_door.base.months import month_number, month_text
from narco_door.country.facts import parameters
from narco_door.dashboard.state import Bounds, State, clamp

LONGEST_FILE: Final = 64 * 1024  # of an uploaded scenario, in bytes
LONGEST_ADDRESS: Final = 7000  # what servers and messengers still carry, in characters
LONGEST_QUERY: Final = 2 * LONGEST_ADDRESS  # that is read: a messenger may write a letter in three
_ODD: Final = ValueError, KeyError, OverflowError, binascii.Error, zlib.error, UnicodeError

_READERS: Final[Mapping[str, tuple[str, Callable[[str], Any]]]] = {
    "lang": ("language", str),
    "view": ("view", str),
    "base": ("base", str),
    "vs": ("reference", str),
    "total": ("total", float),
    "keep": ("keep", lambda text: text != "no"),
    "lock": ("locked", lambda text: frozenset(text.split(","))),
    "from": ("start", month_number),
    "first": ("first", month_number),
    "to": ("last", month_number),
    "off": ("off", lambda text: frozenset(text.split(","))),
    "without": ("without", lambda text: frozenset(text.split(","))),
    "numbers": ("fitted", lambda text: text == "fitted"),
    "seed": ("seed", int),
    "runs": ("replicates", int),
    "scale": ("persons_per_agent", int),
    "month": ("month", month_number),
    "place": ("place", str),
    "map": ("record", str),
    "claim": ("claim", int),
    "gap": ("gap", lambda text: text == "yes"),
    "file": ("file", lambda text: unpacked(text)),
}


def write(state: State) -> str:
    """The query of an address: only what differs from the page as it opens, in one order."""
    plain = State()
    words: dict[str, str] = {}
    for key, (name, _) in _READERS.items():
        value = getattr(state, name)
        bare = key == "base" and not state.money  # says that no money is given, not that nobody chose yet
        if key == "lang" or bare or value != getattr(plain, name):
            words[key] = _text(key, value)
    for name, amount in (*state.money, *state.numbers):
        words[name] = f"{amount!r}".removesuffix(".0")
    text = urlencode(words, safe=",-")
    if len(text) > LONGEST_ADDRESS:
        words.pop("file", None)
    return urlencode(words, safe=",-")


def holds_file(state: State) -> bool:
    """Whether the address of a choice can carry the file that it stands on."""
    return not state.file or "file=" in write(state)


def read(query: str, *, bounds: Bounds | None = None) -> State:
    """The choice of an address: every value clamped, whatever is not known or not understood left out."""
    words = _words(query)
    state = State()
    for key, (name, reader) in _READERS.items():
        if key in words:
            try:
                state = replace(state, **{name: reader(words[key])})
            except _ODD:
                continue
    state = replace(state, money=_amounts(words, levers()), numbers=_amounts(words, parameters()))
    return clamp(state, bounds)


def says_policy(query: str) -> bool:
    """Whether an address says what the policy is, even if it is to do nothing."""
    return bool(_words(query).keys() & {"base", "file", *levers()})


def says_reference(query: str) -> bool:
    """Whether an address says what the policy is compared with."""
    return "vs" in _words(query)


def names_file(query: str) -> bool:
    """Whether an address says that it carries a file."""
    return "file" in _words(query)


def is_odd(query: str) -> bool:
    """Whether an address is longer than any that the page writes, and is not read."""
    return len(query) > LONGEST_QUERY


def _words(query: str) -> dict[str, str]:
    return {} if is_odd(query) else dict(parse_qsl(query.lstrip("?")))


def _amounts(words: Mapping[str, str], known: Iterable[str]) -> tuple[tuple[str, float], ...]:
    found = []
    for name in known:
        try:
            found.append((name, float(words[name])))
        except _ODD:
            continue
    return tuple(found)


def _text(key: str, value: Any) -> str:
    if key in ("from", "first", "to", "month"):
        return month_text(value)
    if key == "numbers":
        return "fitted" if value else "sets"
    if key in ("keep", "gap"):
        return "yes" if value else "no"
    if key == "file":
        return packed(value)
    return ",".join(sorted(value)) if isinstance(value, frozenset) else f"{value:g}" if key == "total" else str(value)


def packed(text: str) -> str:
    """A text made short enough for an address."""
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")


def unpacked(text: str) -> str:
    """The text again; more than a scenario may be long, and what no address can carry, is an error."""
    if len(text) > LONGEST_ADDRESS:
        raise ValueError("too long")
    squeezed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    opener = zlib.decompressobj()
    plain = opener.decompress(squeezed, LONGEST_FILE)
    if opener.unconsumed_tail:
        raise ValueError("too long")
    return plain.decode()
