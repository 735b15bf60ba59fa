"""What is told of a scenario that is right and yet says something in vain."""

from collections.abc import Sequence
from typing import NamedTuple


class Remark(NamedTuple):
    """A sentence, with its place, on what changes nothing.

    Attributes
    ----------
    for_all
        It is on an option or on a comparison's own file, which are laid over every arm alike.
    """

    sentence: str
    for_all: bool


def told_of_all(remarks: Sequence[Sequence[Remark]]) -> tuple[str, ...]:
    """Return, each once, the sentences on several scenarios: what is laid over all is idle where it is so in all."""
    found = (one for each in remarks for one in each if not one.for_all or all(one in other for other in remarks))
    return tuple(dict.fromkeys(one.sentence for one in found))
