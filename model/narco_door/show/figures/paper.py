"""The sheet that figures are drawn on: colours, heading, panels, bands, labels that do not touch."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from narco_door.show import formats
from narco_door.show.picture.pen import shade
from narco_door.show.words import ENGLISH, Language, say

if TYPE_CHECKING:
    import polars as pl
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, SOFT, FAINT, ALARM = "#1f1f1f", "#5b5b5b", "#dcdcdc", "#b00020"
# Okabe and Ito's colours, without the yellow that cannot be read on white; the reference is grey.
REFERENCE: Final = "#4d4d4d"
ARM_COLOURS: Final = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")
DPI = 144
FOOT = 0.26  # inches at the foot of a page that says what it shows is a model
POINTS = 72.0


@dataclass(frozen=True)
class Layout:
    """Inches of a sheet of panels in rows and columns."""

    rows: int
    columns: int
    height: float
    width: float = 10.0
    left: float = 0.6
    right: float = 0.15
    gap_x: float = 0.55
    gap_y: float = 0.8
    bottom: float = 0.4
    top: float = 0.62  # between the heading and the first panels

    @property
    def panel(self) -> float:
        """Width of one panel."""
        return (self.width - self.left - self.right - (self.columns - 1) * self.gap_x) / self.columns


def sheet(layout: Layout, *, title: str, subtitle: str, language: Language = ENGLISH) -> tuple[Figure, list[Axes]]:
    """A page with its heading, its footer and empty panels, row by row."""
    from matplotlib.figure import Figure

    title_lines = balanced(title, int(layout.width * 7.9))
    small_lines = balanced(subtitle, int(layout.width * 12.6))
    head = 0.22 + 0.265 * len(title_lines) + 0.185 * len(small_lines) + layout.top
    tall = head + layout.rows * layout.height + (layout.rows - 1) * layout.gap_y + layout.bottom + FOOT
    figure = Figure(figsize=(layout.width, tall), facecolor="white")
    _heading(figure, title_lines, small_lines)
    footer(figure, language)
    axes = []
    for row in range(layout.rows):
        for column in range(layout.columns):
            x = layout.left + column * (layout.panel + layout.gap_x)
            y = tall - head - row * (layout.height + layout.gap_y) - layout.height
            box = (x / layout.width, y / tall, layout.panel / layout.width, layout.height / tall)
            axes.append(figure.add_axes(box))
    return figure, axes


def _heading(figure: Figure, title: Sequence[str], subtitle: Sequence[str]) -> None:
    """Title and subtitle, from the top of the page down."""
    width, tall = figure.get_size_inches()
    left, y = 0.15 / width, tall - 0.17
    figure.text(left, y / tall, "\n".join(title), fontsize=14, weight="bold", color=INK, va="top", linespacing=1.25)
    y -= 0.265 * len(title) + 0.05
    figure.text(left, y / tall, "\n".join(subtitle), fontsize=9.5, color=SOFT, va="top", linespacing=1.35)


def footer(figure: Figure, language: Language, *source: str) -> None:
    """Say at the foot of a page that it shows a model, and what is not said elsewhere of where it comes from."""
    width, tall = figure.get_size_inches()
    words = " ".join([say("of_a_model", language), *source])
    figure.text(1 - 0.15 / width, 0.08 / tall, words, fontsize=8, color=SOFT, ha="right", va="bottom", gid="footer")


def warn(figure: Figure, words: str) -> None:
    """Say in red, at the very top of a page, what whoever sees only the page must know; nothing if there are no words.

    The page grows by what the words need.
    """
    if not words:
        return
    width, tall = figure.get_size_inches()
    lines = balanced(words, int(width * 13.5))
    grown = tall + 0.08 + 0.16 * len(lines)
    figure.set_size_inches(width, grown)
    _move_down(figure, tall / grown)
    said = "\n".join(lines)
    figure.text(0.15 / width, 1 - 0.06 / grown, said, fontsize=9, color=ALARM, va="top", weight="bold", gid="warning")


def _move_down(figure: Figure, scale: float) -> None:
    """Keep everything of a page where it is, seen from its foot."""
    for axes in figure.axes:
        box = axes.get_position()
        axes.set_position((box.x0, box.y0 * scale, box.width, box.height * scale))
    for text in figure.texts:
        x, y = text.get_position()
        text.set_position((x, y * scale))


def head(axes: Axes, title: str, unit: str = "", *, shift: float = 0.0, colour: str = INK) -> None:
    """Name of a panel and the unit of its upright axis, above the panel."""
    above(axes, title, shift, 20 if unit else 7, size=10.5, bold=True, colour=colour)
    if unit:
        above(axes, unit, shift, 7, size=8.8, colour=SOFT)


def above(
    axes: Axes, text: str, right: float, up: float, *, size: float, colour: str = INK, bold: bool = False
) -> None:
    """Text so many points right of and up from the upper left corner of a panel."""
    axes.annotate(
        text,
        (0, 1),
        (right, up),
        xycoords="axes fraction",
        textcoords="offset points",
        annotation_clip=False,
        fontsize=size,
        weight="bold" if bold else "normal",
        color=colour,
    )


def inches(axes: Axes) -> tuple[float, float]:
    """Width and height of a panel."""
    figure, box = axes.get_figure(root=True), axes.get_position()
    wide, tall = figure.get_size_inches() if figure is not None else (1.0, 1.0)
    return box.width * wide, box.height * tall


def plain(axes: Axes) -> None:
    """Take away every line that says nothing."""
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(SOFT)
    axes.tick_params(length=0, labelsize=8.8, labelcolor=SOFT, pad=3)


def time_axis(axes: Axes, first: float, last: float, *, room: float) -> None:
    """Years along the bottom, with `room` inches on the right for the labels of lines."""
    plain(axes)
    wide = inches(axes)[0]
    span = max(last - first, 1 / 12)
    axes.set_xlim(first, first + span * wide / max(wide - room, 0.3 * wide))
    most = max((wide - room) / 0.42, 1)  # a year takes 0.42 inches
    step = next(s for s in (1, 2, 5, 10, 20, 50) if span / s <= most or s == 50)
    years = range(int(first), int(last) + 1)
    axes.set_xticks([year for year in years if year % step == 0 and year >= first - 1e-6])
    axes.spines["bottom"].set_bounds(first, last)
    axes.tick_params(axis="x", length=3, color=SOFT)


def value_axis(axes: Axes, frames: Sequence[pl.DataFrame], *, zero: bool, last: float, plus: bool = False) -> None:
    """Limits that hold the means, and the bands unless few replicates make them huge."""
    means = [v for f in frames for v in f["mean"].to_list() if v == v]
    low, high = min(means), max(means)
    slack = max(high - low, 0.02 * abs(high), 1e-9)
    ends = [v for f in frames for name in ("p05", "p95") for v in f[name].drop_nulls().to_list() if v == v]
    low = max(min([low, *ends]), low - slack)
    high = min(max([high, *ends]), high + slack)
    margin = 0.06 * max(high - low, slack)
    bottom = 0.0 if zero and min(means) >= 0 else low - margin
    axes.set_ylim(bottom, high + margin)
    ticks(axes, last=last, plus=plus)


def ticks(axes: Axes, *, last: float, count: int = 4, plus: bool = False) -> None:
    """A few round ticks on the upright axis, with faint lines that end where the data end."""
    from matplotlib.ticker import FixedLocator, MaxNLocator

    low, high = axes.get_ylim()
    places: list[float] = []
    for most in range(count, count + 5):  # round steps can leave too few: then ask for more
        found = MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
        places = [float(t) for t in found if low <= t <= high]
        if len(places) > 2:
            break
    axes.yaxis.set_major_locator(FixedLocator(places))
    axes.set_yticklabels(formats.ticks(places, plus=plus))
    axes.hlines(places, axes.get_xlim()[0], last, color=FAINT, linewidth=0.7, zorder=0)


def band(axes: Axes, x: Sequence[float], frame: pl.DataFrame, colour: str, *, name: str, dashed: bool = False) -> None:
    """The mean as a line, its 50 and 90 % intervals as two shades."""
    for low, high, alpha in (("p05", "p95", 0.13), ("p25", "p75", 0.24)):
        if frame[low].null_count() < frame.height:
            axes.fill_between(x, frame[low].to_numpy(), frame[high].to_numpy(), color=colour, alpha=alpha, linewidth=0)
    style = (0, (2.2, 1.6)) if dashed else "solid"
    mean = frame["mean"].to_numpy()
    axes.plot(x, mean, color=colour, linewidth=1.9, linestyle=style, solid_capstyle="butt", gid=name)


@dataclass(frozen=True)
class EndLabel:
    """What is written beside the last point of a line."""

    text: str
    y: float
    colour: str

    @property
    def lines(self) -> int:
        """How many lines of text it has."""
        return self.text.count("\n") + 1


def end_labels(axes: Axes, labels: Sequence[EndLabel], *, last: float, size: float = 8.8, tie: bool = True) -> None:
    """Write labels right of the lines' ends, moved apart where they would touch, each tied to its line."""
    low, high = axes.get_ylim()
    unit = (high - low) / (inches(axes)[1] * POINTS)
    heights = [(1.22 * size * label.lines + 2) * unit for label in labels]
    places = spread([label.y for label in labels], heights, low=low, high=high)
    left, right = axes.get_xlim()
    wide = inches(axes)[0] * POINTS / (right - left)
    for label, y in zip(labels, places, strict=True):
        if tie:
            ends = ([last + 1.5 / wide, last + 8.5 / wide], [label.y, y])
            axes.plot(*ends, color=label.colour, linewidth=0.8, clip_on=False, zorder=3, gid="tie")
        axes.text(
            last + (11 if tie else 4) / wide,
            y,
            label.text,
            fontsize=size,
            color=readable(label.colour),
            va="center",
            linespacing=1.1,
        )


def spread(wanted: Sequence[float], heights: Sequence[float], *, low: float, high: float) -> list[float]:
    """Centres as near to the wanted ones as they can be without two labels touching.

    Labels that touch are pooled and centred on the mean of their wishes; all stay between low and high if
    they fit there.
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    pools: list[tuple[list[int], float, float]] = []  # members from below, start, height
    for i in order:
        members, start, tall = [i], wanted[i] - heights[i] / 2, heights[i]
        while pools and pools[-1][1] + pools[-1][2] > start:
            others, _, other_tall = pools.pop()
            members, tall = others + members, tall + other_tall
            start = _start(members, wanted, heights)
        pools.append((members, start, tall))
        start = min(max(start, low), max(high - tall, low))
        pools[-1] = (members, start, tall)
    found, floor = [0.0] * len(wanted), low
    total = sum(heights)
    for members, start, tall in pools:
        at = max(min(start, high - total), floor) if total <= high - low else max(start, floor)
        for i in members:
            found[i], at = at + heights[i] / 2, at + heights[i]
        floor, total = at, total - tall
    return found


def _start(members: Sequence[int], wanted: Sequence[float], heights: Sequence[float]) -> float:
    below, wishes = 0.0, 0.0
    for i in members:
        wishes += wanted[i] - heights[i] / 2 - below
        below += heights[i]
    return wishes / len(members)


def readable(colour: str) -> str:
    """A colour as text on white: the light ones darkened."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    light = 0.299 * red + 0.587 * green + 0.114 * blue
    return shade(colour, min(1.0, 0.42 / light)) if light > 0.42 else colour


def balanced(text: str, width: int) -> list[str]:
    """Text in as few lines as fit this many characters, all of about the same length; no sign leaves its number."""
    text = text.replace(" %", "\u00a0%").replace("US$ ", "US$\u00a0")
    fewest = textwrap.wrap(text, width)
    narrow = next(w for w in range(width // 3, width + 1) if len(textwrap.wrap(text, w)) <= len(fewest))
    return textwrap.wrap(text, narrow)


def wrapped(text: str, width: int) -> str:
    """Text in lines of at most this many characters."""
    return "\n".join(textwrap.wrap(text, width)) or text


def save(figure: Figure, path: Path, *, title: str, about: str) -> Path:
    """Write a PNG whose bytes depend on what it shows alone: no time of writing, no version of a library."""
    figure.savefig(
        path,
        format="png",
        dpi=DPI,
        facecolor="white",
        pil_kwargs={"compress_level": 3},  # half the time for a tenth more bytes
        metadata={"Software": None, "Title": title, "Description": about},
    )
    return path
