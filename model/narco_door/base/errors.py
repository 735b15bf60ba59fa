"""The one kind of error that a user can cause, and the hint that most of them end with."""

import difflib
from collections.abc import Iterable


class UserError(Exception):
    """Something in the user's input is wrong; the message says what, where and what was expected.

    The command line prints the message alone and exits with code 2.
    """


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a half-sentence with the known name most like this one, or nothing if none is near."""
    found = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f'; did you mean "{found[0]}"?' if found else ""
