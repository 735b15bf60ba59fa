"""The dark room behind the narco door: doors up a stair, and what waits under it."""

from __future__ import annotations

from collections.abc import Mapping
from math import cos, radians, sin

from narco_door.results.measures import EXITS, ROOMS
from narco_door.show.formats import count, few
from narco_door.show.picture.numbers import DoorNumbers
from narco_door.show.picture.palette import FLOOR, ROOM, arrow_width, doorway
from narco_door.show.picture.pen import (
    Gradient,
    Group,
    Label,
    Point,
    Shape,
    ellipse,
    pen,
    polygon,
    rectangle,
    shade,
)
from narco_door.show.words import Language, say

WIDTH, HEIGHT = ROOM
STEP, RISE = 93.0, 56.0
FIRST = (22.0, FLOOR)  # left end and height of the lowest landing
LEAVES = {"lookout": "#7d3a2c", "gunman": "#8a3a24", "chief": "#7a2d33", "boss": "#642a45", "capo": "#8c6d1f"}
TEXT, FAINT, LAMP = "#f8e9e2", "#d9b5aa", "#f0b45a"
PALE, BLOOD, FREE = "#cfc8c4", "#e0483f", "#8fc9a8"


def landing(index: int) -> Point:
    """Left end and height of a landing; landing 0 is the lookouts'."""
    return FIRST[0] + STEP * index, FIRST[1] - RISE * index


def inner_room(numbers: DoorNumbers, language: Language) -> list[Group]:
    """The whole room, back to front."""
    rooms = [_room(i, room, numbers, language) for i, room in enumerate(ROOMS)]
    return [_dark(language), _stairs(), *rooms, _exits(numbers, language)]


def _dark(language: Language) -> Group:
    night = Gradient((0, HEIGHT), (WIDTH, 60), ((0, "#4a161b", 1), (0.45, "#2a1015", 1), (1, "#0f0a0d", 1)))
    return Group(
        "inner",
        (
            Shape(rectangle(0, 0, WIDTH, HEIGHT), night),
            Label((26, 42), say("behind", language), 19, TEXT, bold=True),
            Label((26, 64), say("behind_more", language), 14, FAINT),
        ),
    )


def _stairs() -> Group:
    """Steps that rise to the right, each a little darker."""
    shapes = []
    for index in range(len(ROOMS)):
        x, y = landing(index)
        stone = Gradient((0, y), (0, y + 230), ((0, shade("#6a2a2c", 1 - 0.11 * index), 1), (1, "#1c0c10", 1)))
        right = WIDTH if index == len(ROOMS) - 1 else x + STEP
        left = 0 if index == 0 else x
        shapes.append(Shape(rectangle(left, y, right - left, HEIGHT - y), stone))
        edge = polygon((left, y), (right, y), closed=False)
        shapes.append(Shape(edge, stroke="#d98d7f", width=1.6, opacity=0.55))
        if index:
            shapes.append(Shape(polygon((x, y), (x, y + RISE), closed=False), stroke="#000000", opacity=0.35))
    return Group("stairs", tuple(shapes))


def room_door(people: float, rooms: Mapping[str, float]) -> float:
    """Width in pixels of an inner door: as wide as its room is full, beside the fullest room."""
    fullest = max((n for n in rooms.values() if n == n), default=0.0)
    return doorway(people / fullest if fullest > 0 else 0.0, narrowest=13, widest=54)


def _room(index: int, room: str, numbers: DoorNumbers, language: Language) -> Group:
    left, floor = landing(index)
    x, tall = left + STEP / 2, 118.0 - 7 * index
    people = numbers.rooms[room]
    wide = room_door(people, numbers.rooms)
    y, colour = floor - tall, LEAVES[room]
    turn, reach = radians(48), 0.34
    tip, drop = wide * cos(turn), wide * sin(turn) * reach * 0.5
    leaf = (
        (x - wide / 2, y),
        (x - wide / 2 + tip, y + drop * 0.4),
        (x - wide / 2 + tip, floor + drop),
        (x - wide / 2, floor),
    )
    glow = Gradient((0, y), (0, floor), ((0, LAMP, 0.55), (1, "#ffd98a", 0.95)))
    pool = Gradient((0, floor), (0, floor + 26), ((0, LAMP, 0.45), (1, LAMP, 0)))
    spill = polygon(
        (x - wide / 2, floor),
        (x + wide / 2, floor),
        (x + wide * 0.75, floor + 26),
        (x - wide * 0.6, floor + 26),
    )
    items: tuple[Shape | Label, ...] = (
        Shape(rectangle(x - wide / 2 - 4, y - 4, wide + 8, tall + 4, radius=1.5), "#1d0d10", "#b0636a", 0.9),
        Shape(rectangle(x - wide / 2, y, wide, tall), glow),
        Shape(spill, pool),
        Shape(polygon(*leaf), colour, shade(colour, 0.5), 0.8),
        Label((x, y - 29), say(room, language), 14, TEXT, "middle", bold=True),
        Label((x, y - 12), count(people), 15, "#ffd98a", "middle"),
    )
    title = say("desc_room", language, room=say(room, language), n=count(people))
    return Group(f"room-{room}", items, title)


# --- what waits under the stair ---

WAITING = {"prison": (290.0, 578.0), "death": (424.0, 578.0), "left": (72.0, 578.0)}
ROUTES = {
    "prison": ((162.0, 428.0), (166.0, 520.0), (190.0, 575.0), (253.0, 578.0)),
    "death": ((255.0, 372.0), (280.0, 470.0), (414.0, 430.0), (424.0, 537.0)),
    "left": ((68.0, 486.0), (66.0, 500.0), (69.0, 515.0), (71.0, 553.0)),
}
COLOURS = {"prison": PALE, "death": BLOOD, "left": FREE}


def _exits(numbers: DoorNumbers, language: Language) -> Group:
    items: list[Shape | Label] = [
        *_cell(*WAITING["prison"]),
        *_grave(*WAITING["death"]),
        *_way_out(*WAITING["left"]),
    ]
    for exit_ in EXITS:
        items += _arrow(ROUTES[exit_], arrow_width(numbers.exits[exit_]), COLOURS[exit_])
        x, y = WAITING[exit_]
        word = "get_out" if exit_ == "left" else exit_
        items.append(Label((x, y + 56), say(word, language), 14, TEXT, "middle"))
        items.append(Label((x, y + 80), few(numbers.exits[exit_]), 21, COLOURS[exit_], "middle", bold=True))
    items.append(Label((26, HEIGHT - 14), say("each_month", language), 14, FAINT))
    told = [
        say(
            "desc_exit",
            language,
            exit=say("get_out" if e == "left" else e, language),
            n=few(numbers.exits[e]),
        )
        for e in EXITS
    ]
    return Group("exits", tuple(items), "; ".join(told))


def _arrow(route: tuple[Point, ...], width: float, colour: str) -> list[Shape | Label]:
    """A curved arrow whose body is as wide as the flow; the head grows with it."""
    (x2, y2), (x3, y3) = route[2], route[3]
    length = ((x3 - x2) ** 2 + (y3 - y2) ** 2) ** 0.5
    ux, uy = (x3 - x2) / length, (y3 - y2) / length
    half, long = 5 + width * 0.8, 9 + width * 0.9
    neck = (x3 - ux * long, y3 - uy * long)
    body = (("M", route[:1]), ("C", (*route[1:3], neck)))
    head = polygon((x3, y3), (neck[0] - uy * half, neck[1] + ux * half), (neck[0] + uy * half, neck[1] - ux * half))
    return [Shape(body, stroke=colour, width=width, opacity=0.92), Shape(head, colour)]


def _cell(x: float, y: float) -> list[Shape | Label]:
    bars = " ".join(f"M {x - 24 + 12 * i} {y - 34} L {x - 24 + 12 * i} {y + 34}" for i in range(5))
    return [
        Shape(rectangle(x - 34, y - 38, 68, 76, radius=3), "#08070a", "#8e8a88", 2),
        Shape(pen(f"{bars} M {x - 32} {y - 12} L {x + 32} {y - 12}"), stroke="#a9a5a2", width=3.2),
    ]


def _grave(x: float, y: float) -> list[Shape | Label]:
    top, left, right = y - 38, x - 26, x + 26
    stone = f"M {left} {y + 36} L {left} {y - 12} Q {left} {top} {x} {top} "
    stone += f"Q {right} {top} {right} {y - 12} L {right} {y + 36} Z"
    return [
        Shape(ellipse((x, y + 37), 42, 6), "#0b0608", opacity=0.7),
        Shape(pen(stone), "#7d7672", "#b8b2ad", 1.4),
        Shape(
            pen(f"M {x} {y - 24} L {x} {y + 12} M {x - 12} {y - 12} L {x + 12} {y - 12}"),
            stroke="#2a2626",
            width=4,
        ),
    ]


def _way_out(x: float, y: float) -> list[Shape | Label]:
    light = Gradient((0, y - 30), (0, y + 36), ((0, "#f4fff6", 0.85), (1, FREE, 0.7)))
    return [Shape(rectangle(x - 15, y - 22, 30, 58), light, "#b0636a", 1.2)]
