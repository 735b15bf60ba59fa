"""The plain doors: legitimate ones that ask for nothing but an age, with three numbers each in the table beside.

Their records are written out for each from that table too; which doors there are stands in `base.doors`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from narco_door.base.doors import names

if TYPE_CHECKING:
    from narco_door.base.remembered import Numbers


def value(numbers: Numbers, door: int) -> float:
    """What it is worth, the corner being 0."""
    return numbers[f"value_{names()[door]}"]


def width(numbers: Numbers, door: int) -> float:
    """The chance that someone who tries is let in; the same in all places."""
    return numbers[f"width_{names()[door]}"]


def call(numbers: Numbers, door: int) -> float:
    """The monthly hazard with which those behind it come to a crossroads again."""
    return numbers[f"call_{names()[door]}"]
