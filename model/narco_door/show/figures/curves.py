"""Lines over any number: months since something happened, money spent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from narco_door.show.figures.paper import (
    ARM_COLOURS,
    REFERENCE,
    SOFT,
    EndLabel,
    Layout,
    band,
    end_labels,
    head,
    inches,
    plain,
    sheet,
    value_axis,
    wrapped,
)
from narco_door.show.formats import fixed, signed

if TYPE_CHECKING:
    import polars as pl
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def curves(
    frame: pl.DataFrame,
    *,
    title: str,
    subtitle: str,
    across: str,
    units: Mapping[str, str] | None = None,
    columns: int = 3,
    mark: float | None = None,
    room: float = 0.9,
    height: float = 1.9,
    dots: bool = False,
) -> Figure:
    """Draw a line with its bands for every `line` of every `panel`.

    Parameters
    ----------
    frame
        panel, line, x, mean, p05, p25, p75, p95; panels and lines in the order in which they come.
    title, subtitle
        What is seen, and how it was made.
    across
        What x is, under the lowest panels.
    units
        Unit of the upright axis of each panel.
    columns
        Panels in a row.
    mark
        An x at which an upright line is drawn.
    room
        Inches on the right of a panel for the names of its lines.
    dots
        Mark every x with a dot.
    """
    panels = frame["panel"].unique(maintain_order=True).to_list()
    lines = frame["line"].unique(maintain_order=True).to_list()
    paint = dict(zip(lines, ARM_COLOURS * 3, strict=False))
    rows = -(-len(panels) // columns)
    layout = Layout(rows=rows, columns=columns, height=height, gap_x=0.5, gap_y=0.75, bottom=0.62)
    figure, axes = sheet(layout, title=title, subtitle=subtitle)
    for spare in axes[len(panels) :]:
        spare.set_axis_off()
    for place, (panel, name) in enumerate(zip(axes, panels, strict=False)):
        head(panel, name, (units or {}).get(name, ""))
        mine = frame.filter(frame["panel"] == name)
        _panel(panel, mine, paint, named=len(lines) > 1, room=room, mark=mark, dots=dots)
        if place + columns >= len(panels):
            panel.set_xlabel(across, fontsize=8.8, color=SOFT, loc="left")
    return figure


def _panel(
    axes: Axes,
    mine: pl.DataFrame,
    paint: Mapping[str, str],
    *,
    named: bool,
    room: float,
    mark: float | None,
    dots: bool,
) -> None:
    names = mine["line"].unique(maintain_order=True).to_list()
    frames = {name: mine.filter(mine["line"] == name) for name in names}
    first, last = float(mine["x"].min()), float(mine["x"].max())  # type: ignore[arg-type]
    _across(axes, first, last, room=room)
    value_axis(axes, list(frames.values()), zero=False, last=last, plus=True)
    axes.plot([first, last], [0, 0], color=REFERENCE, linewidth=1.1, zorder=1, gid="zero")
    if mark is not None:
        axes.axvline(mark, color=SOFT, linewidth=0.9, linestyle=(0, (3, 3)), zorder=1, gid="parting")
    labels = []
    for name, part in frames.items():
        x, mean = part["x"].to_list(), part["mean"].to_list()
        band(axes, x, part, paint[name], name=name)
        if dots:
            axes.plot(x, mean, "o", color=paint[name], markersize=3)
        size = abs(mean[-1])
        value = signed(mean[-1], 0 if size >= 10 else 1)
        labels.append(EndLabel(wrapped(f"{name} {value}" if named else value, 15), mean[-1], paint[name]))
    end_labels(axes, labels, last=last)


def _across(axes: Axes, first: float, last: float, *, room: float) -> None:
    """A plain axis of numbers, with room on the right for the names of lines."""
    from matplotlib.ticker import MaxNLocator

    plain(axes)
    wide = inches(axes)[0]
    axes.set_xlim(first, first + (last - first) * wide / max(wide - room, 0.3 * wide))
    most = max(int((wide - room) / 0.38), 2)  # a number takes 0.38 inches
    places = MaxNLocator(most, steps=[1, 2, 2.5, 3, 5, 6, 10]).tick_values(first, last)
    shown = [float(tick) for tick in places if first <= tick <= last]
    axes.set_xticks(shown, [fixed(tick, 0) for tick in shown])
    axes.spines["bottom"].set_bounds(first, last)
    axes.tick_params(axis="x", length=3, color=SOFT)
