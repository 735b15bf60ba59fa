"""One person's months, door by door, in one world or in several."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

from narco_door.base.doors import named
from narco_door.base.doors import plain as plain_doors
from narco_door.show.figures.paper import FOOT, INK, SOFT, Layout, head, plain, readable, sheet
from narco_door.show.picture.palette import DOOR_COLOURS
from narco_door.show.words import ENGLISH, door_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS: Final = {
    "school": DOOR_COLOURS["school"],
    "formal": DOOR_COLOURS["formal"],
    "informal": DOOR_COLOURS["informal"],
    **{door: DOOR_COLOURS[door] for door in named(plain_doors())},
    "home": "#bdbdbd",
    "idle": "#ededed",
    "cartel": DOOR_COLOURS["narco"],
    "prison": "#6b4a8a",
    "dead": "#1f1f1f",
}
WORDS: Final = {
    "school": "school", "formal": "formal job", "informal": "informal work", "home": "home", "idle": "the corner",
    "cartel": "cartel", "prison": "prison", "dead": "dead",
    **{door: door_name(door, ENGLISH).lower() for door in named(plain_doors())},
}  # fmt: skip
_WIDE = 8.8  # points for a letter and a half


def lives(
    worlds: Mapping[str, Sequence[str]], *, start: datetime.date, title: str, subtitle: str, birth: datetime.date
) -> Figure:
    """Draw a strip of months for each world, coloured by the door behind which the person stands.

    Parameters
    ----------
    worlds
        The door of each month, by the name of the world.
    start
        The first month.
    title, subtitle
        What is seen, and how it was made.
    birth
        The month of birth, to tell ages.
    """
    layout = Layout(rows=len(worlds), columns=1, height=0.46, gap_y=0.42, bottom=0.85, top=0.55)
    figure, axes = sheet(layout, title=title, subtitle=subtitle)
    first = start.year + (start.month - 1) / 12
    born = birth.year + (birth.month - 1) / 12
    for panel, (world, doors) in zip(axes, worlds.items(), strict=True):
        head(panel, world)
        _strip(panel, doors, first)
    _ages(axes[-1], first, first + len(next(iter(worlds.values()))) / 12, born)
    _key(figure, [door for door in COLOURS if any(door in doors for doors in worlds.values())])
    return figure


def _strip(axes: Axes, doors: Sequence[str], first: float) -> None:
    plain(axes)
    axes.set_yticks([])
    axes.set_ylim(0, 1)
    axes.set_xlim(first, first + len(doors) / 12)
    points = axes.get_window_extent().width * 72 / axes.get_figure(root=True).dpi / len(doors)  # type: ignore[union-attr]
    month = 0
    for door, group in groupby(doors):
        months = len(list(group))
        left = first + month / 12
        axes.barh(0.5, months / 12, 1, left, color=COLOURS[door], edgecolor="white", linewidth=0.6)
        if months * points > len(WORDS[door]) * 6:
            dark = readable(COLOURS[door]) == COLOURS[door] and door not in ("home", "idle")
            axes.text(left + months / 24, 0.5, WORDS[door], ha="center", va="center", fontsize=8.6,
                      color="white" if dark else INK)  # fmt: skip
        month += months
    axes.set_xticks([])


def _ages(axes: Axes, first: float, last: float, born: float) -> None:
    years = [year for year in range(round(first), int(last)) if year % 2 == round(first) % 2]
    axes.set_xticks(years, [f"{year}\naged {year - born:.0f}" for year in years])
    axes.tick_params(axis="x", length=3, color=SOFT)


def _key(figure: Figure, doors: Sequence[str]) -> None:
    from matplotlib.patches import Patch

    marks = [Patch(facecolor=COLOURS[door], edgecolor=SOFT, linewidth=0.4) for door in doors]
    foot = (0, FOOT / figure.get_figheight())
    figure.legend(marks, [WORDS[door] for door in doors], loc="lower left", bbox_to_anchor=foot, ncols=len(doors),
                  frameon=False, fontsize=8.8, handlelength=1.1, columnspacing=1.3)  # fmt: skip
