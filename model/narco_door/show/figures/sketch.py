"""Fajardo's drawing by matplotlib: the same shapes that the SVG is written from."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from narco_door.results import Results
from narco_door.show.figures import views
from narco_door.show.figures.paper import FOOT, footer
from narco_door.show.picture import DoorNumbers, doors_drawing, doors_size
from narco_door.show.picture.pen import Gradient, Group, Label, Shape, flat
from narco_door.show.words import ENGLISH, Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.path import Path

PIXELS = 100.0  # of the drawing to an inch
POINT = 72 / PIXELS
_CODES = {"M": (1,), "L": (2,), "Q": (3, 3), "C": (4, 4, 4), "Z": (79,)}
_ANCHORS = {"start": "left", "middle": "center", "end": "right"}


def doors(
    results: Results,
    scenario: str | None = None,
    month: datetime.date | int | None = None,
    *,
    language: Language = ENGLISH,
    dark: bool = False,
) -> Figure:
    """The row of doors that a young person sees, drawn from the numbers of one scenario in one month.

    Parameters
    ----------
    results
        One scenario or several.
    scenario
        By default the first that is not the reference.
    month
        By default the last. Dashed are the doors of the reference in the same month; without another scenario
        to compare with, the doors a year after the start, when the model has settled, or at the end of a
        shorter run.
    language, dark
        Of every word; by night or by day.
    """
    names = views.arms(results)
    reference = results.reference if len(names) > 1 else None
    chosen = scenario or names[-1 if reference is None else 1]
    numbers = DoorNumbers.from_results(results, chosen, month)
    if reference is not None and reference != chosen:
        other = DoorNumbers.from_results(results, reference, numbers.month)
    else:
        other = DoorNumbers.from_results(results, chosen, _settled(results))
    drawing = doors_drawing(numbers, language=language, dark=dark, compared=other)
    return draw(drawing, doors_size(), language=language, source=views.source(results, language))


def _settled(results: Results) -> datetime.date:
    """Twelve months after the start, or the last month of a shorter run."""
    first = views.first_month(results)
    return min(first.replace(year=first.year + 1), views.last_month(results))


def draw(
    groups: Iterable[Group], size: tuple[float, float], *, language: Language = ENGLISH, source: Iterable[str] = ()
) -> Figure:
    """Draw shapes and labels at 100 pixels to the inch, over a footer.

    Parameters
    ----------
    groups, size
        The drawing, and its width and height in pixels.
    language, source
        Of the footer; sentences on scale and results to put there.
    """
    from matplotlib.figure import Figure

    tall = size[1] / PIXELS + FOOT
    figure = Figure(figsize=(size[0] / PIXELS, tall), facecolor="white")
    footer(figure, language, *source)
    axes = figure.add_axes((0, FOOT / tall, 1, 1 - FOOT / tall))
    axes.set_axis_off()
    for order, item in enumerate(flat(groups)):
        if isinstance(item, Label):
            _label(axes, item, order)
        else:
            _shape(axes, item, order)
    axes.set_xlim(0, size[0])
    axes.set_ylim(size[1], 0)
    axes.set_aspect("auto")
    return figure


def _path(shape: Shape) -> Path:
    from matplotlib.path import Path

    points, codes, start = [], [], (0.0, 0.0)
    for letter, given in shape.path:
        start = given[0] if letter == "M" else start
        points += list(given) or [start]
        codes += list(_CODES[letter])
    return Path(np.array(points), np.array(codes, np.uint8))


def _shape(axes: Axes, shape: Shape, order: int) -> None:
    from matplotlib.patches import PathPatch

    fill = shape.fill if isinstance(shape.fill, str) else "none"
    dash = {"linestyle": (0, tuple(d / max(shape.width, 0.1) for d in shape.dash))} if shape.dash else {}
    patch = PathPatch(
        _path(shape),
        facecolor=fill,
        edgecolor=shape.stroke or "none",
        linewidth=shape.width * POINT if shape.stroke else 0,
        alpha=shape.opacity,
        capstyle="round",
        joinstyle="round",
        zorder=order,
        **dash,
    )
    axes.add_patch(patch)
    if isinstance(shape.fill, Gradient):
        _fade(axes, shape, shape.fill, order)


def _fade(axes: Axes, shape: Shape, gradient: Gradient, order: int) -> None:
    """A gradient is a small picture behind a stencil."""
    from matplotlib.patches import PathPatch

    path = _path(shape)
    (x0, y0), (x1, y1) = path.get_extents().get_points()
    image = axes.imshow(
        _colours(gradient, (x0, y0, x1, y1)),
        extent=(x0, x1, y1, y0),
        origin="upper",
        interpolation="bilinear",
        alpha=shape.opacity,
        zorder=order,
        aspect="auto",
    )
    stencil = PathPatch(path, facecolor="none", edgecolor="none", transform=axes.transData)
    image.set_clip_path(stencil)


def _colours(gradient: Gradient, box: tuple[float, float, float, float]) -> NDArray[np.float64]:
    """Colour and opacity over a box, float64[row, column, 4]."""
    from matplotlib.colors import to_rgba

    x0, y0, x1, y1 = box
    (ax, ay), (bx, by) = gradient.start, gradient.end
    columns = 2 if ax == bx else 48
    x = x0 + (np.arange(columns) + 0.5) / columns * (x1 - x0)
    y = y0 + (np.arange(64) + 0.5) / 64 * (y1 - y0)
    along = ((x[None, :] - ax) * (bx - ax) + (y[:, None] - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)
    stops = np.array([(offset, *to_rgba(colour, opacity)) for offset, colour, opacity in gradient.stops])
    return np.stack([np.interp(along, stops[:, 0], stops[:, k]) for k in range(1, 5)], axis=-1)


def _label(axes: Axes, label: Label, order: int) -> None:
    axes.text(
        *label.at,
        label.text,
        fontsize=label.size * POINT,
        color=label.colour,
        weight="bold" if label.bold else "normal",
        ha=_ANCHORS[label.anchor],
        va="baseline",
        zorder=order,
        parse_math=False,
    )
