"""Fajardo's drawing, made from a run's numbers: a young person before a row of doors."""

from __future__ import annotations

import textwrap
from typing import Final

from narco_door.base.nation import NATION
from narco_door.show.formats import count
from narco_door.show.picture.inner_room import inner_room
from narco_door.show.picture.numbers import DoorNumbers
from narco_door.show.picture.palette import DAY, FLOOR, NIGHT, ROOM, STREET, Palette
from narco_door.show.picture.pen import Group, Label, Shape, moved, pen, svg
from narco_door.show.picture.street import PLACE_OF, street_scene
from narco_door.show.words import ENGLISH, Language, arm_name, month_name, say

__all__ = ["DoorNumbers", "doors_drawing", "doors_size", "doors_svg", "doors_title"]

WIDE: Final = (STREET[0] + ROOM[0], STREET[1])
_LINE: Final = 88  # letters of a small line over the street
TALL: Final = (STREET[0], STREET[1] + ROOM[1] * STREET[0] / ROOM[0])


def doors_svg(
    numbers: DoorNumbers,
    *,
    language: Language = ENGLISH,
    dark: bool = False,
    ident: str = "doors",
    compared: DoorNumbers | None = None,
    stacked: bool = False,
    warning: str = "",
) -> str:
    """Draw the doors as one SVG element.

    Parameters
    ----------
    numbers
        What to draw. The number of elements never depends on it: a page can glide from one to the next.
    language, dark
        Of every word; by night or by day.
    ident
        Prefix of every id; two drawings on one page need different ones.
    compared
        Another month or scenario whose doorways are drawn dashed.
    stacked
        Put the inner room below the street (for a phone).
    warning
        What whoever sees only the picture must know; in red at its top.
    """
    groups = doors_drawing(
        numbers, language=language, dark=dark, compared=compared, stacked=stacked, warning=warning
    )  # fmt: skip
    desc = ". ".join(group.title for group in groups if group.title)
    return svg(groups, doors_size(stacked=stacked), title=doors_title(numbers, language), desc=desc, ident=ident)


def doors_size(*, stacked: bool = False) -> tuple[float, float]:
    """Width and height of the drawing."""
    return TALL if stacked else WIDE


def doors_title(numbers: DoorNumbers, language: Language) -> str:
    """The sentence over the drawing."""
    return say("picture_title", language, entries=count(numbers.entries))


def doors_drawing(
    numbers: DoorNumbers,
    *,
    language: Language = ENGLISH,
    dark: bool = False,
    compared: DoorNumbers | None = None,
    stacked: bool = False,
    warning: str = "",
) -> list[Group]:
    """The drawing as plain shapes, back to front, for whoever can draw shapes."""
    palette = NIGHT if dark else DAY
    shift, scale = ((0.0, STREET[1]), STREET[0] / ROOM[0]) if stacked else ((STREET[0], 0.0), 1.0)
    inner = [moved(group, *shift, scale=scale) for group in inner_room(numbers, language)]
    head = _head(numbers, language, palette)
    key = _key(language, palette, compared)
    return [
        *street_scene(numbers, language, palette, compared),
        *inner,
        head,
        key,
        _threshold(numbers, language, palette, stacked=stacked),
        *([_warning(warning, dark=dark)] if warning else []),
    ]


def _warning(words: str, *, dark: bool) -> Group:
    """The words over the head of the drawing, as many as one line holds."""
    shown = textwrap.shorten(words, _LINE, placeholder=" …")
    return Group("warning", (Label((28, 17), shown, 12, "#ff8a7a" if dark else "#b00020", bold=True),), words)


def _head(numbers: DoorNumbers, language: Language, palette: Palette) -> Group:
    when = "" if numbers.month is None else month_name(numbers.month, language, long=True)
    where = numbers.place_name or (say("nation", language) if numbers.place == NATION else numbers.place)
    what = ", ".join(part for part in (arm_name(numbers.scenario, language), where, when) if part)
    runs = say("replicate" if numbers.replicates == 1 else "replicates", language, n=numbers.replicates)
    subtitle = f"{what}. {runs}"
    return Group(
        "head",
        (
            Label((28, 42), doors_title(numbers, language), 23, palette.ink, bold=True),
            Label((28, 66), subtitle, 14.5, palette.soft),
        ),
    )


def _key(language: Language, palette: Palette, compared: DoorNumbers | None) -> Group:
    """How to read the drawing, on the ground at the left and right of the young person."""
    labels = [
        Label((28, y + 19 * i), line, 14, palette.ink)
        for key, y in (("key_width", 608), ("key_open", 655))
        for i, line in enumerate(say(key, language).split("|"))
    ]
    if compared is not None:
        when = "" if compared.month is None else month_name(compared.month, language)
        told = say("key_ghost", language, other=f"{arm_name(compared.scenario, language)}, {when}").split("|")
        labels += [Label((464, 655 + 19 * i), line, 14, palette.ink) for i, line in enumerate(told)]
    return Group("key", tuple(labels))


def _threshold(numbers: DoorNumbers, language: Language, palette: Palette, *, stacked: bool) -> Group:
    """Footsteps from the narco door into the room behind it."""
    x = PLACE_OF["narco"]
    end = f"{x} 560 {x + 66} 580 {x + 66} 694" if stacked else f"{x + 60} 540 {x + 122} 534 {x + 144} 476"
    path, right = pen(f"M {x - 8} {FLOOR + 12} C {end}"), x + (6 if stacked else 76)
    words = say("a_week", language, n=count(numbers.entries))
    label = Label((right, 548), words, 15, palette.ink, "end", bold=True)
    return Group("threshold", (Shape(path, stroke=palette.ink, width=4, dash=(0.1, 9)), label))
