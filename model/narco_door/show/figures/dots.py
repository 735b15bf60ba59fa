"""Means with their intervals as dots and bars, rows side by side in panels: tables that can be seen."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from narco_door.show.figures.paper import (
    ARM_COLOURS,
    FAINT,
    FOOT,
    INK,
    REFERENCE,
    SOFT,
    Layout,
    head,
    plain,
    readable,
    sheet,
)
from narco_door.show.figures.shown import ACROSS
from narco_door.show.formats import signed
from narco_door.show.words import ENGLISH, Language

if TYPE_CHECKING:
    import polars as pl
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LINE = 0.2  # inches for each series of a row


def dots(
    frame: pl.DataFrame,
    *,
    title: str,
    subtitle: str,
    units: Mapping[str, str] | None = None,
    left: float = 2.3,
    decimals: int = 0,
    colours: Mapping[str, str] | None = None,
    language: Language = ENGLISH,
) -> Figure:
    """Draw a dot with its interval for every `series` of every `row` in every `panel`.

    Parameters
    ----------
    frame
        panel, row, series, mean, low, high; ends of intervals may be null. Each in the order in which it comes.
    title, subtitle
        What is seen, and how it was made.
    units
        Unit of each panel.
    left
        Inches for the names of rows.
    decimals
        Of the number written beside each dot.
    colours
        Of the series, where they have their own, as from `views.colours`.
    language
        Of the foot.
    """
    panels, rows, series = (frame[name].unique(maintain_order=True).to_list() for name in ("panel", "row", "series"))
    paint = {name: (colours or {}).get(name, spare) for name, spare in zip(series, ARM_COLOURS, strict=False)}
    step = _LINE * len(series) + 0.14
    bottom = 0.75 if len(series) > 1 else 0.5
    layout = Layout(1, len(panels), step * len(rows), left=left, right=0.55, gap_x=0.75, bottom=bottom)
    figure, axes = sheet(layout, title=title, subtitle=subtitle, language=language)
    for panel, name in zip(axes, panels, strict=True):
        head(panel, name, (units or {}).get(name, ""))
        _frame(panel, len(rows), step)
        for cell in frame.filter(frame["panel"] == name).iter_rows(named=True):
            y = step * rows.index(cell["row"]) + 0.07 + _LINE * (series.index(cell["series"]) + 0.5)
            _dot(panel, y, cell, paint[cell["series"]], decimals)
    _names(axes[0], rows, step, left)
    if len(series) > 1:
        _key(figure, paint)
    return figure


def _frame(axes: Axes, rows: int, step: float) -> None:
    plain(axes)
    axes.set_ylim(step * rows, 0)
    axes.set_yticks([])
    axes.margins(x=0.12)
    axes.axvline(0, color=REFERENCE, linewidth=1.1, zorder=1)
    axes.hlines([step * row for row in range(1, rows)], 0, 1, color=FAINT, linewidth=0.7,
                transform=axes.get_yaxis_transform())  # fmt: skip
    axes.tick_params(axis="x", length=3, color=SOFT)
    axes.xaxis.set_major_formatter(lambda tick, _: signed(tick, 0 if abs(tick) >= 1 or tick == 0 else 1))
    axes.locator_params(axis="x", nbins=4)


def _dot(axes: Axes, y: float, cell: dict[str, Any], colour: str, decimals: int) -> None:
    if cell["mean"] is None:
        return
    ends = [cell["mean"]] if cell["low"] is None else [cell["low"], cell["mean"], cell["high"]]
    name = f"{ACROSS}{cell['row']}: {cell['series']}"
    axes.plot(ends, [y] * len(ends), color=colour, linewidth=2.2, solid_capstyle="butt", zorder=3, gid=name)
    axes.plot(cell["mean"], y, "o", color=colour, markersize=4.6, zorder=4)
    axes.annotate(
        signed(cell["mean"], decimals), (ends[-1], y), (5, 0), textcoords="offset points", va="center",
        fontsize=8, color=readable(colour), annotation_clip=False, zorder=5,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.4, "alpha": 0.85},
    )  # fmt: skip


def _names(axes: Axes, rows: list[str], step: float, left: float) -> None:
    for k, row in enumerate(rows):
        axes.annotate(
            "\n".join(textwrap.wrap(row, int(left * 12))), (0, step * (k + 0.5)), (-8, 0), va="center", ha="right",
            xycoords=axes.get_yaxis_transform(), textcoords="offset points", fontsize=9, color=INK,
            annotation_clip=False,
        )  # fmt: skip


def _key(figure: Figure, paint: Mapping[str, str]) -> None:
    from matplotlib.lines import Line2D

    marks = [Line2D([], [], marker="o", linewidth=2.2, color=colour, markersize=4.6) for colour in paint.values()]
    foot = (0.5, FOOT / figure.get_figheight())
    figure.legend(marks, list(paint), loc="lower center", bbox_to_anchor=foot, ncols=len(paint), frameon=False,
                  fontsize=8.8)  # fmt: skip
