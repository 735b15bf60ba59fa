"""What makes a function a beat of the month: it says what it reads and writes of the world, and is timed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate

from narco_door.base.arrays import F8
from narco_door.month.world import World

CONSTANT = frozenset(
    {"plan", "numbers", "switches", "draws", "places", "society", "rule", "start", "months", "weight", "pool"}
    | {"month", "seconds"}
)
"""Of the world, what no beat changes: not named among what a beat reads."""


@dataclass(frozen=True)
class Beat:
    """A line of the month.

    Attributes
    ----------
    name, summary
        The function, and what it says it does.
    takes
        Results of earlier beats of the same month.
    reads, writes
        State of the world, by its fields; what it reads besides its own `CONSTANT` ones.
    """

    name: str
    summary: str
    takes: tuple[str, ...]
    reads: tuple[str, ...]
    writes: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    """What a beat hands on to those that follow.

    Attributes
    ----------
    notes
        Records of the month that it settles, float64[place] by name.
    """

    notes: Mapping[str, F8]


BEATS: dict[str, Beat] = {}
"""By name, in the order in which they were read; the order of the month is that of `NarcoDoor.step`."""


def beat[**Given, Answer](
    *, reads: str, writes: str
) -> Callable[[Callable[Concatenate[World, Given], Answer]], Callable[Concatenate[World, Given], Answer]]:
    """Declare a beat: names of the world's fields that it reads and changes, apart by spaces; a test traces both."""

    def declared(do: Callable[Concatenate[World, Given], Answer]) -> Callable[Concatenate[World, Given], Answer]:
        name = do.__name__
        takes = tuple(given for given in do.__code__.co_varnames[1 : do.__code__.co_argcount])
        summary = (do.__doc__ or "").strip().splitlines()[0]
        BEATS[name] = Beat(name, summary, takes, tuple(reads.split()), tuple(writes.split()))

        @wraps(do)
        def timed(world: World, /, *given: Given.args, **named: Given.kwargs) -> Answer:
            began = time.perf_counter()
            answer = do(world, *given, **named)
            world.seconds[name] = world.seconds.get(name, 0.0) + time.perf_counter() - began
            return answer

        return timed

    return declared
