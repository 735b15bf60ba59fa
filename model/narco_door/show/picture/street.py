"""The street: a wall with a row of doors, the light that falls out of them, and a young person in front."""

from __future__ import annotations

from math import cos, radians, sin

from narco_door.base.doors import named, plain
from narco_door.show.formats import few
from narco_door.show.picture.numbers import DoorNumbers
from narco_door.show.picture.palette import (
    DOOR_COLOURS,
    EACH,
    FLOOR,
    MORE,
    OPENED,
    STREET,
    Palette,
    doorway,
    share,
)
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
from narco_door.show.picture.youth import youth
from narco_door.show.words import Language, door_name, say

WIDTH, HEIGHT = STREET
EYE: Point = (395.0, 180.0)  # the vanishing point
DISTANCE = 640.0  # of the eye from the wall, in the wall's pixels
PLACE_OF = {
    "home": 60.0,
    "school": 181.0,
    "formal": 317.0,
    "informal": 473.0,
    **{door: 630.0 + EACH * k for k, door in enumerate(named(plain()))},
    "narco": 630.0 + MORE,
}
TALL = 206.0  # height of a door


def seen(x: float, y: float, z: float) -> Point:
    """Where a point of the wall's plane (x, y), pulled z towards the eye, is seen on the paper."""
    scale = DISTANCE / (DISTANCE - z)
    return EYE[0] + (x - EYE[0]) * scale, EYE[1] + (y - EYE[1]) * scale


def ajar(door: str, numbers: DoorNumbers) -> float:
    """How far a door stands open (0-1); the narco door stands wide open to whoever is asked in."""
    return 1.0 if door == "narco" else share(numbers.opening[door])


def swing(open_to: float) -> float:
    """The angle (degrees) of a leaf that stands open by so much (0-1)."""
    return 5 + 75 * share(open_to)


def street_scene(numbers: DoorNumbers, language: Language, palette: Palette, other: DoorNumbers | None) -> list[Group]:
    """The whole street, back to front."""
    lit = [_light(door, numbers, palette) for door in OPENED]
    doors = [_door(door, numbers, language, palette, other) for door in OPENED]
    return [
        _wall(palette),
        _home(numbers, language, palette),
        *lit,
        *doors,
        *youth(numbers, language, palette),
    ]


def _wall(palette: Palette) -> Group:
    """Plaster, a painted band along the bottom as on Mexican streets, and paving that runs to the horizon."""
    wall = Gradient((0, 0), (0, FLOOR), ((0, palette.wall, 1), (1, palette.wall_low, 1)))
    dado = Gradient((0, FLOOR - 74), (0, FLOOR), ((0, palette.dado, 1), (1, palette.dado_low, 1)))
    ground = Gradient((0, FLOOR), (0, HEIGHT), ((0, palette.ground, 1), (1, palette.ground_near, 1)))
    shapes = [
        Shape(rectangle(0, 0, WIDTH, FLOOR), wall),
        Shape(rectangle(0, FLOOR - 74, WIDTH, 74), dado, opacity=0.55),
        Shape(rectangle(0, FLOOR - 76, WIDTH, 2.5), palette.dado_low, opacity=0.8),
        Shape(rectangle(0, FLOOR, WIDTH, HEIGHT - FLOOR), ground),
    ]
    for depth in (34, 92, 172, 262):
        y = seen(0, FLOOR, depth)[1]
        shapes.append(Shape(polygon((0, y), (WIDTH, y), closed=False), stroke=palette.seam, opacity=0.22))
    for x in range(-600, 1400 + round(MORE), 132):
        line = polygon(seen(x, FLOOR, 0), seen(x, FLOOR, 330), closed=False)
        shapes.append(Shape(_clipped(line), stroke=palette.seam, opacity=0.2))
    shapes.append(Shape(rectangle(0, FLOOR - 1, WIDTH, 2), palette.seam, opacity=0.5))
    return Group("street", tuple(shapes))


def _clipped(line: tuple[tuple[str, tuple[Point, ...]], ...]) -> tuple[tuple[str, tuple[Point, ...]], ...]:
    """Cut a line of paving at the edges of the paper."""
    (x0, y0), (x1, y1) = line[0][1][0], line[1][1][0]
    low, high = 0.0, 1.0
    for start, change in ((x0, x1 - x0), (WIDTH - x0, x0 - x1), (HEIGHT - y0, y0 - y1)):
        if change == 0:
            continue
        at = -start / change
        low, high = (max(low, at), high) if change > 0 else (low, min(high, at))
    if low >= high:
        return polygon((0, HEIGHT), (0, HEIGHT), closed=False)

    def point(t: float) -> Point:
        return x0 + t * (x1 - x0), y0 + t * (y1 - y0)

    return polygon(point(low), point(high), closed=False)


# --- one door ---


def door_box(door: str, width: float) -> tuple[float, float, float, float]:
    """Left, top, width and height of a doorway."""
    wide = doorway(width)
    return PLACE_OF[door] - wide / 2, FLOOR - TALL, wide, TALL


def _leaf(door: str, numbers: DoorNumbers, corners: tuple[float, float, float, float]) -> list[Point]:
    """Corners (u0, v0, u1, v1) of a part of the leaf, swung towards the street; u grows away from the hinge.

    The hinge is on the side that is farther from the eye, so that no leaf hides its own doorway.
    """
    x, y, wide, tall = door_box(door, numbers.width[door])
    turn = radians(swing(ajar(door, numbers)))
    hinge, way = (x, 1) if PLACE_OF[door] < EYE[0] else (x + wide, -1)
    u0, v0, u1, v1 = corners
    return [
        seen(hinge + way * wide * u * cos(turn), y + tall * v, wide * u * sin(turn))
        for u, v in ((u0, v0), (u1, v0), (u1, v1), (u0, v1))
    ]


def _light(door: str, numbers: DoorNumbers, palette: Palette) -> Group:
    """Light on the ground; the wider the gap beside the leaf, the more of it."""
    x, _, wide, _ = door_box(door, numbers.width[door])
    open_to = ajar(door, numbers)
    shut = wide * cos(radians(swing(open_to)))
    left, right = (x + shut, x + wide) if PLACE_OF[door] < EYE[0] else (x, x + wide - shut)
    colour = "#b3261e" if door == "narco" else palette.light
    reach = 90 + 190 * open_to
    far_left, far_right = seen(left - 30 * open_to, FLOOR, reach), seen(right + 30 * open_to, FLOOR, reach)
    near = palette.glow * (0.35 + 0.6 * open_to)
    fade = Gradient((0, FLOOR), (0, far_left[1]), ((0, colour, near), (0.5, colour, 0.32 * open_to), (1, colour, 0)))
    return Group(f"light-{door}", (Shape(polygon((left, FLOOR), (right, FLOOR), far_right, far_left), fade),))


def _door(door: str, numbers: DoorNumbers, language: Language, palette: Palette, other: DoorNumbers | None) -> Group:
    x, y, wide, tall = door_box(door, numbers.width[door])
    frame = rectangle(x - 10, y - 10, wide + 20, tall + 10, radius=2)
    shapes: list[Shape | Label] = [
        Shape(frame, palette.frame, palette.frame_edge, 1.2),
        Shape(rectangle(x, y, wide, tall), _inside(door, palette)),
        *_panels(door, numbers),
        *_ruler(door, numbers, palette, other),
        *_sign(door, numbers, language, palette),
    ]
    return Group(f"door-{door}", tuple(shapes), sentence(door, numbers, language))


def _panels(door: str, numbers: DoorNumbers) -> list[Shape | Label]:
    """The leaf itself: wood, two panels, a knob."""
    colour = "#a3341c" if door == "narco" else DOOR_COLOURS[door]

    def part(*corners: float) -> list[Point]:
        u0, v0, u1, v1 = corners
        return _leaf(door, numbers, (u0, v0, u1, v1))

    shapes: list[Shape | Label] = [Shape(polygon(*part(0, 0, 1, 1)), colour, shade(colour, 0.55), 1)]
    for v0, v1 in ((0.06, 0.42), (0.5, 0.93)):
        shapes.append(Shape(polygon(*part(0.15, v0, 0.85, v1)), shade(colour, 0.78)))
        shapes.append(Shape(polygon(*part(0.2, v0 + 0.018, 0.8, v1 - 0.018)), shade(colour, 1.12)))
    knob = part(0.91, 0.46, 0.91, 0.46)[0]
    return [*shapes, Shape(ellipse(knob, 3.6, 3.6), "#f6e3b0", "#8a7440", 0.8)]


def _inside(door: str, palette: Palette) -> Gradient:
    top, bottom = (0.0, FLOOR - TALL), (0.0, FLOOR)
    if door == "narco":
        return Gradient(top, bottom, ((0, "#1c0709", 1), (0.6, "#4d0f12", 1), (1, "#8f1f1a", 1)))
    return Gradient(top, bottom, ((0, "#fff6d8", 1), (1, palette.light, 1)))


def _ruler(door: str, numbers: DoorNumbers, palette: Palette, other: DoorNumbers | None) -> list[Shape | Label]:
    """A measure over the lintel; dashed under it, the same door in the world it is compared with."""
    x, y, wide, _ = door_box(door, numbers.width[door])
    level = y - 19
    marks: list[Shape | Label] = [_measure(x, x + wide, level, palette.soft)]
    if other is not None:
        ghost_x, _, ghost, _ = door_box(door, other.width[door])
        marks.append(_measure(ghost_x, ghost_x + ghost, level - 7, palette.soft, dash=(3.0, 3.5)))
        sides = polygon((ghost_x, FLOOR), (ghost_x, y), (ghost_x + ghost, y), (ghost_x + ghost, FLOOR), closed=False)
        marks.append(Shape(sides, stroke=palette.ink, width=1.6, opacity=0.75, dash=(2.0, 5.0)))
    return marks


def _measure(x0: float, x1: float, y: float, colour: str, *, dash: tuple[float, ...] = ()) -> Shape:
    path = pen(f"M {x0} {y - 4} L {x0} {y + 4} M {x0} {y} L {x1} {y} M {x1} {y - 4} L {x1} {y + 4}")
    return Shape(path, stroke=colour, width=1.3, dash=dash)


def _sign(door: str, numbers: DoorNumbers, language: Language, palette: Palette) -> list[Shape | Label]:
    """What is written over a door."""
    x = PLACE_OF[door]
    colour = shade(DOOR_COLOURS[door], palette.text_shade)
    lets_in, they_think = ("gets_offer", "goes_in") if door == "narco" else ("lets_in", "they_think")
    return [
        Label((x, 108), door_name(door, language), 15.5, palette.ink, "middle", bold=True),
        Label((x, 139), few(100 * numbers.behind[door]), 27, colour, "middle", bold=True),
        Label((x, 156), say("share_caption", language), 13, palette.soft, "middle"),
        Label((x, 181), say(lets_in, language, n=few(100 * numbers.width[door])), 14, palette.ink, "middle"),
        Label((x, 199), say(they_think, language, n=few(100 * _thought(door, numbers))), 14, palette.soft, "middle"),
    ]


def _thought(door: str, numbers: DoorNumbers) -> float:
    """What the second line over a door tells: who is thought to get in, or who goes in when asked."""
    return numbers.accepted if door == "narco" else numbers.opening[door]


def sentence(door: str, numbers: DoorNumbers, language: Language) -> str:
    """One door in words, for those who hear the picture."""
    return say(
        "desc_narco" if door == "narco" else "desc_door",
        language,
        door=door_name(door, language),
        width=few(100 * numbers.width[door]),
        opening=few(100 * _thought(door, numbers)),
        share=few(100 * numbers.behind[door]),
    )


def _home(numbers: DoorNumbers, language: Language, palette: Palette) -> Group:
    """Home: a small arch without a leaf, open to everyone."""
    x, half, tall, top = PLACE_OF["home"], 23.0, 138.0, FLOOR - 138.0
    arch = f"M {x - half} {FLOOR} L {x - half} {top + half} Q {x - half} {top} {x} {top} "
    arch += f"Q {x + half} {top} {x + half} {top + half} L {x + half} {FLOOR} Z"
    beam = polygon((x - half, FLOOR), (x + half, FLOOR), seen(x + half + 8, FLOOR, 110), seen(x - half, FLOOR, 110))
    fade = Gradient((0, FLOOR), (0, seen(0, FLOOR, 110)[1]), ((0, palette.light, 0.5), (1, palette.light, 0)))
    inside = Gradient((0, top), (0, FLOOR), ((0, "#fff6d8", 1), (1, palette.light, 1)))
    frame = rectangle(x - half - 8, top - 10, 2 * half + 16, tall + 10, radius=6)
    items: tuple[Shape | Label, ...] = (
        Shape(beam, fade),
        Shape(frame, palette.frame, palette.frame_edge, 1.2),
        Shape(pen(arch), inside),
        Label((x, 108), say("home", language), 15.5, palette.ink, "middle", bold=True),
        Label((x, 139), few(100 * numbers.behind["home"]), 27, palette.soft, "middle", bold=True),
        Label((x, 156), say("share_caption", language), 13, palette.soft, "middle"),
        Label((x, 181), say("unpaid", language), 14, palette.soft, "middle"),
    )
    title = say("desc_home", language, share=few(100 * numbers.behind["home"]))
    return Group("door-home", items, title)
