"""A young person seen from behind, lit by the doors in front."""

from __future__ import annotations

from narco_door.show.formats import few
from narco_door.show.picture.numbers import DoorNumbers
from narco_door.show.picture.palette import Palette
from narco_door.show.picture.pen import Gradient, Group, Label, Point, Shape, moved, pen, polygon
from narco_door.show.words import Language, say

BODY = {
    "legs": "M -24 -122 L 24 -122 L 21 -10 L 4 -10 L 0 -98 L -4 -10 L -21 -10 Z",
    "left_shoe": "M -25 -3 Q -25 -14 -14 -14 L -4 -13 L -3 0 L -23 0 Q -25 0 -25 -3 Z",
    "right_shoe": "M 25 -3 Q 25 -14 14 -14 L 4 -13 L 3 0 L 23 0 Q 25 0 25 -3 Z",
    "left_arm": "M -31 -196 Q -43 -188 -43 -168 L -44 -124 Q -44 -116 -38 -116 Q -33 -116 -32 -123 L -27 -160 Z",
    "right_arm": "M 31 -196 Q 43 -188 43 -168 L 44 -124 Q 44 -116 38 -116 Q 33 -116 32 -123 L 27 -160 Z",
    "left_hand": "M -44 -121 Q -46 -106 -38 -105 Q -32 -106 -32 -121 Z",
    "right_hand": "M 44 -121 Q 46 -106 38 -105 Q 32 -106 32 -121 Z",
    "torso": "M -10 -203 Q -33 -200 -36 -184 L -29 -112 Q 0 -104 29 -112"
    " L 36 -184 Q 33 -200 10 -203 Q 0 -199 -10 -203 Z",
    "neck": "M -7 -216 L 7 -216 L 9 -198 Q 0 -194 -9 -198 Z",
    "left_ear": "M -17 -232 Q -22 -233 -20 -225 Q -19 -220 -16 -221 Z",
    "right_ear": "M 17 -232 Q 22 -233 20 -225 Q 19 -220 16 -221 Z",
    "hair": "M -17 -222 Q -21 -254 0 -255 Q 21 -254 17 -222 Q 15 -211 8 -210 Q 0 -207 -8 -210 Q -15 -211 -17 -222 Z",
}
CLOTHES = {
    "legs": "#34466b",
    "left_shoe": "#eeeae2",
    "right_shoe": "#eeeae2",
    "left_arm": "#b3432f",
    "right_arm": "#b3432f",
    "left_hand": "#9c6644",
    "right_hand": "#9c6644",
    "torso": "#c8503a",
    "neck": "#8f5c3c",
    "left_ear": "#9c6644",
    "right_ear": "#9c6644",
    "hair": "#241812",
}
BAG = (
    ("M -20 -188 Q 0 -198 20 -188 L 23 -136 Q 0 -128 -23 -136 Z", "#24405a"),
    ("M -17 -160 Q 0 -166 17 -160 L 18 -139 Q 0 -134 -18 -139 Z", "#31557a"),
    ("M -7 -192 Q 0 -201 7 -192 Q 0 -196 -7 -192 Z", "#16293b"),
    ("M -18 -172 Q 0 -178 18 -172 L 18 -170 Q 0 -176 -18 -170 Z", "#16293b"),
)
STANDS: Point = (402.0, 652.0)


def youth(numbers: DoorNumbers, language: Language, palette: Palette) -> list[Group]:
    """Seen from behind, lit from the front, with what is left of 100 youths beside: those behind no door."""
    shadow = Gradient((0, 0), (0, 62), ((0, "#000000", 0.42), (1, "#000000", 0)))
    shapes: list[Shape | Label] = [Shape(polygon((-25, -3), (25, -3), (44, 62), (-44, 62)), shadow)]
    shapes += [Shape(pen(d), stroke=palette.light, width=2.6, opacity=0.6) for d in BODY.values()]
    shapes += [Shape(pen(BODY[part]), CLOTHES[part]) for part in BODY]
    shapes += [Shape(pen(d), colour) for d, colour in BAG]
    person = moved(Group("youth", tuple(shapes)), *STANDS, scale=0.98)
    x, y = STANDS[0] + 62, STANDS[1] - 60
    caption = (
        Label((x, y), say("outside", language, n=few(100 * numbers.behind["idle"])), 17, palette.ink, bold=True),
        Label((x, y + 19), say("outside_more", language), 14, palette.soft),
    )
    title = f"{caption[0].text} {caption[1].text}"
    return [person, Group("idle", caption, title)]
