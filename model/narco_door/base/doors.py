"""The doors: which there are, and the sets in which the model speaks of them.

A door is a number in the roll's column.  The first eight are the drawing's own; further legitimate doors that ask
for nothing but an age (the plain ones) are declared here, below the drawing's own, and need three parameters in
``street/plain.toml``: ``value_NAME`` (utility), ``width_NAME`` (chance that who tries is let in) and ``call_NAME``
(monthly hazard of standing at a crossroads again).  Records, pictures and tables follow.

A module of your own declares one with `declare`, and its parameters with `declared.add`, before anything else of the
model is read; where a run starts processes of its own, at the top of the script, which each of them reads anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from narco_door.base.ages import FIRST_AGE, LAST_AGE

type Kind = Literal["tried", "open", "narco", "shut"]

MOST = 15
"""Doors that fit into the four bits by which a crossroads tells its choice; one number is left free."""


@dataclass(frozen=True)
class Door:
    """A door that people can stand behind.

    Attributes
    ----------
    kind
        ``tried``: legitimate, with a width; ``open``: home and the corner, from which nobody is turned away;
        ``narco``: the cartel; ``shut``: prison and death, which nobody chooses.
    ages
        Months of age, from and up to, in which it can be tried.
    """

    name: str
    kind: Kind
    ages: tuple[int, int] = (FIRST_AGE, LAST_AGE)


_DOORS = [
    Door("school", "tried"),
    Door("formal", "tried"),
    Door("informal", "tried"),
    Door("home", "open"),
    Door("idle", "open"),
    Door("cartel", "narco"),
    Door("prison", "shut"),
    Door("dead", "shut"),
]
SCHOOL, FORMAL, INFORMAL, HOME, IDLE, CARTEL, PRISON, DEAD = range(len(_DOORS))
_DOORS += []  # plain doors: nothing else of the code has to know of them


def declare(door: Door) -> int:
    """Add a legitimate door that asks for nothing but an age; return its number.

    Raises
    ------
    ValueError
        There is one of this name, it is not one that is tried, or there is no number left.
    """
    if door.kind != "tried" or door.name in (each.name for each in _DOORS) or len(_DOORS) >= MOST:
        raise ValueError(f"{door}: expected a new door that is tried, one of {MOST} at most")
    _DOORS.append(door)
    return len(_DOORS) - 1


def doors() -> tuple[Door, ...]:
    """All doors, by number."""
    return tuple(_DOORS)


def names() -> tuple[str, ...]:
    """Their names, by number."""
    return tuple(door.name for door in _DOORS)


def _of(*kinds: Kind) -> list[int]:
    return [number for number, door in enumerate(_DOORS) if door.kind in kinds]


def tried() -> list[int]:
    """Legitimate doors with a width."""
    return _of("tried")


def plain() -> list[int]:
    """Of these, the ones that ask for nothing but an age and have no paragraph of their own at the crossroads."""
    return [number for number in tried() if number > DEAD]


def outside() -> list[int]:
    """Everywhere but inside a cartel, in prison or dead: legitimate doors, home and the corner."""
    return _of("tried", "open")


def free() -> list[int]:
    """Outside and in cartels."""
    return _of("tried", "open", "narco")


def alive() -> list[int]:
    """All but the dead."""
    return [number for number in range(len(_DOORS)) if number != DEAD]


def named(numbers: Iterable[int]) -> tuple[str, ...]:
    """The names of doors of these numbers."""
    return tuple(_DOORS[number].name for number in numbers)


PRECARIOUS = [INFORMAL, HOME, IDLE]
"""Neither at school nor in a formal job: whom mentors and apprenticeships are for."""
NEET = [HOME, IDLE]
"""Neither at school nor at work."""
