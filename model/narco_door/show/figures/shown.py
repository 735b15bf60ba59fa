"""Figures and tables in a notebook: small pictures, and the numbers that are drawn on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from narco_door.results.intervals import ROUNDING
from narco_door.show.figures.paper import DPI
from narco_door.show.formats import fixed

if TYPE_CHECKING:
    import polars as pl
    from IPython.display import Image, Markdown
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ACROSS: Final = "across "
_NO_DATA: Final = ("tie", "zero", "parting")  # lines that help to read and show no number


class Drawn(NamedTuple):
    """One line or cloud of a figure in five numbers."""

    panel: int
    name: str
    points: int
    first: float
    last: float
    mean: float


def small_png(figure: Figure, *, dpi: int = DPI, colours: int = 256) -> bytes:
    """Write a figure as a PNG with a palette: a quarter of the bytes of one in full colour."""
    from PIL import Image as Pixels

    full, small = BytesIO(), BytesIO()
    figure.savefig(full, format="png", dpi=dpi, facecolor="white")
    pixels = Pixels.open(full).convert("RGB")
    pixels.quantize(colours, method=Pixels.Quantize.FASTOCTREE, dither=Pixels.Dither.NONE).save(
        small, format="png", optimize=True
    )
    return small.getvalue()


def drawn(figure: Figure) -> list[Drawn]:
    """Every line and cloud that shows numbers, panel by panel.

    A line is known by its gid; `first`, `last` and `mean` are of its upright values. A gid that begins with `ACROSS`
    is that of a dot with the ends of its interval, which lie across: low, high and the dot itself. Of a cloud of points
    they are the means across, upright and of both.
    """
    return [row for number, axes in enumerate(figure.axes, start=1) for row in _of_panel(number, axes)]


def _of_panel(number: int, axes: Axes) -> Iterator[Drawn]:
    for line in axes.lines:
        name = line.get_gid() or ""
        if name.startswith(ACROSS):
            x = np.asarray(line.get_xdata(), float)
            yield Drawn(number, name.removeprefix(ACROSS), int(x.size), x[0], x[-1], x[x.size // 2])
        elif name and name not in _NO_DATA:
            y = np.asarray(line.get_ydata(), float)
            yield Drawn(number, name, int(y.size), y[0], y[-1], float(np.nanmean(y)))
    for cloud in axes.collections:
        called, places = cloud.get_gid(), np.asarray(cloud.get_offsets(), float)
        if called and places.size:
            across, up = places.mean(axis=0)
            yield Drawn(number, called, len(places), float(across), float(up), float(places.mean()))


class Album:
    """The figures of a notebook: each is shown as a small picture, and what it shows is remembered as numbers."""

    def __init__(self) -> None:
        self._rows: list[tuple[str, ...]] = []

    def show(self, name: str, figure: Figure, *, dpi: int = 96) -> Image:
        """Return a figure as a picture for a notebook, and remember its lines."""
        from IPython.display import Image

        self._rows += [
            (name, str(row.panel), row.name, str(row.points), *map(_short, row[3:])) for row in drawn(figure)
        ]
        return Image(small_png(figure, dpi=dpi), alt=name)  # type: ignore[no-untyped-call]

    def note(self, name: str, numbers: Mapping[str, float]) -> None:
        """Remember numbers of a figure that has no lines."""
        self._rows += [(name, "", key, "1", *[_short(value)] * 3) for key, value in numbers.items()]

    def numbers(self) -> Markdown:
        """Return the table of everything shown; the tests compare a fresh run with it."""
        return _markdown(("figure", "panel", "line", "points", "first", "last", "mean"), self._rows)


def table(frame: pl.DataFrame, *, decimals: int = 0) -> Markdown:
    """Return a frame as a table for a notebook: numbers with commas for thousands, nothing where there is nothing."""
    rows = [tuple(_cell(value, decimals) for value in row) for row in frame.iter_rows()]
    return _markdown(tuple(frame.columns), rows)


def _cell(value: object, decimals: int) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return fixed(value, decimals)
    return fixed(value, 0) if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _markdown(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Markdown:
    from IPython.display import Markdown

    lines = [heads, ["---"] * len(heads), *rows]
    cells = ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines]
    return Markdown("\n".join(cells))  # type: ignore[no-untyped-call]


def _short(value: float) -> str:
    """Five figures; what differs from 0 by rounding alone is 0, on any machine."""
    return f"{0.0 if abs(value) < ROUNDING else value:.5g}"
