"""The colours of the picture by day and by night, and its measures."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Final

from narco_door.base.doors import named, plain, tried

# Okabe and Ito's colours, which colour-blind readers can tell apart.
_OTHERS: Final = ("#cc79a7", "#56b4e9", "#8c6d1f", "#7b61a8", "#2f7f86", "#a05a48", "#5f7d2e")  # of plain doors
DOOR_COLOURS: Final = {
    "home": "#7f7f7f",
    "school": "#0072b2",
    "formal": "#009e73",
    "informal": "#e69f00",
    "narco": "#d55e00",
    **dict(zip(named(plain()), _OTHERS, strict=False)),
}
LEGITIMATE: Final = named(tried())
OPENED: Final = (*LEGITIMATE, "narco")

FLOOR: Final = 452.0  # where the wall meets the ground
EACH: Final = 156.0  # from the middle of one door to that of the next
MORE: Final = EACH * len(plain())  # how much wider the street is than that of the drawing's own doors
STREET: Final = (720.0 + MORE, 700.0)  # width and height of the street
ROOM: Final = (500.0, 700.0)


@dataclass(frozen=True)
class Palette:
    """Colours of everything that is not a door."""

    sky: str
    wall: str
    wall_low: str
    dado: str
    dado_low: str
    ground: str
    ground_near: str
    seam: str
    ink: str
    soft: str
    frame: str
    frame_edge: str
    light: str
    glow: float
    text_shade: float  # how far a door's colour is darkened (below 1) or lightened to be read on the wall


DAY: Final = Palette(
    sky="#fdf8ee",
    wall="#faf3e5",
    wall_low="#efe2cb",
    dado="#d9b99a",
    dado_low="#c9a482",
    ground="#cfc3b1",
    ground_near="#b7a993",
    seam="#8f8069",
    ink="#241f1b",
    soft="#574d43",
    frame="#fffdf8",
    frame_edge="#a8957b",
    light="#ffd56a",
    glow=0.95,
    text_shade=0.8,
)
NIGHT: Final = Palette(
    sky="#191d26",
    wall="#232936",
    wall_low="#1d222d",
    dado="#3a2f30",
    dado_low="#2d2527",
    ground="#171a20",
    ground_near="#0d0f13",
    seam="#454b57",
    ink="#f4efe6",
    soft="#b9b4aa",
    frame="#434b59",
    frame_edge="#12151b",
    light="#ffcf66",
    glow=0.9,
    text_shade=1.4,
)


def share(value: float) -> float:
    """A number between 0 and 1, whatever is handed in (nothing known counts as 0)."""
    return min(1.0, max(0.0, value)) if value == value else 0.0


def doorway(width: float, *, narrowest: float = 22.0, widest: float = 100.0) -> float:
    """Width in pixels of a doorway through which this share (0-1) of those who try are let in.

    The scale is a square root, so that a narco door of one in a hundred can still be seen to widen.
    """
    return narrowest + (widest - narrowest) * sqrt(share(width))


def arrow_width(rate: float) -> float:
    """Width in pixels of an arrow along which this many of 1,000 people go in a month."""
    return 1.5 + min(14.0, 2.2 * max(0.0, rate if rate == rate else 0.0))
