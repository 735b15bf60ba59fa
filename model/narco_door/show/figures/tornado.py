"""A tornado: what an outcome is where one number is low and where it is high, the numbers that move it most on top."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from narco_door.show.figures.paper import FAINT, FOOT, INK, REFERENCE, SOFT, Layout, head, inches, plain, sheet
from narco_door.show.figures.shown import ACROSS
from narco_door.show.formats import signed
from narco_door.show.words import ENGLISH, Language

if TYPE_CHECKING:
    import polars as pl
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LOW, HIGH = ("#56b4e9", "#d6edfa"), ("#d55e00", "#f6d5bd")  # told from chance, and not
_ROW: Final = 0.5  # inches
_LEFT, _RIGHT = 4.0, 1.75
_BESIDE: Final = (0.62, 1.55)  # inches right of the panel at which the columns end


def tornado(
    frame: pl.DataFrame,
    *,
    mean: float,
    title: str,
    subtitle: str,
    panel: tuple[str, str],
    beside: Sequence[str],
    key: tuple[str, str, str],
    language: Language = ENGLISH,
) -> Figure:
    """Draw a bar for each row, from where its number is low to where it is high.

    Parameters
    ----------
    frame
        A row for each bar, from above: name, about (a line below it), at_low, at_high, the ends of
        the latter's interval (at_high_p05, at_high_p95), told (whether it is more than chance) and beside (texts at the
        right).
    mean
        The outcome where every number is at its mean.
    title, subtitle
        What is seen, and how it was made.
    panel
        What lies across, and its unit.
    beside
        Heads of the columns at the right.
    key
        Words for a number that is low, for one that is high, and for what cannot be told from chance.
    language
        Of the foot.
    """
    layout = Layout(1, 1, _ROW * len(frame), left=_LEFT, right=_RIGHT, bottom=0.75)
    figure, (axes,) = sheet(layout, title=title, subtitle=subtitle, language=language)
    head(axes, *panel)
    _frame(axes, len(frame), mean)
    for k, row in enumerate(frame.iter_rows(named=True)):
        _bar(axes, k + 0.5, row, mean)
        _words(axes, k + 0.5, row)
    for place, words in zip(_BESIDE, beside, strict=True):
        _at_right(axes, 0.0, place, words, up=7, colour=SOFT)
    _key(figure, key)
    return figure


def _frame(axes: Axes, rows: int, mean: float) -> None:
    plain(axes)
    axes.set_ylim(rows, 0)
    axes.set_yticks([])
    axes.margins(x=0.06)
    axes.hlines(range(1, rows), 0, 1, color=FAINT, linewidth=0.7, transform=axes.get_yaxis_transform())
    axes.axvline(0, color=INK, linewidth=1.2, zorder=1)
    axes.axvline(mean, color=REFERENCE, linewidth=1.0, linestyle=(0, (2.2, 1.6)), zorder=4, gid="mean")
    axes.tick_params(axis="x", length=3, color=SOFT)
    axes.xaxis.set_major_formatter(lambda tick, _: signed(tick, 0 if abs(tick) >= 1 or tick == 0 else 1))
    axes.locator_params(axis="x", nbins=5)


def _bar(axes: Axes, y: float, row: dict[str, Any], mean: float) -> None:
    for end, paint in (("at_low", LOW), ("at_high", HIGH)):
        axes.barh(y, row[end] - mean, 0.52, mean, color=paint[not row["told"]], zorder=2)
    ends = [row["at_high_p05"], row["at_high"], row["at_high_p95"]]
    ink = INK if row["told"] else SOFT
    axes.plot(ends, [y] * 3, color=ink, linewidth=1.0, zorder=3, gid=f"{ACROSS}{row['name']}")
    axes.plot(row["at_high"], y, "|", color=ink, markersize=7, zorder=3)


def _words(axes: Axes, y: float, row: dict[str, Any]) -> None:
    across = axes.get_yaxis_transform()
    below = textwrap.shorten(row["about"], 62, placeholder=" …")
    for text, up, size, colour, weight in (
        (row["name"], 6.5, 9.2, INK, "bold" if row["told"] else "normal"), (below, -6.5, 7.6, SOFT, "normal"),
    ):  # fmt: skip
        axes.annotate(
            text, (0, y), (-8, up), xycoords=across, textcoords="offset points", ha="right", va="center",
            fontsize=size, color=colour, weight=weight, annotation_clip=False,
        )  # fmt: skip
    for place, words in zip(_BESIDE, row["beside"], strict=True):
        _at_right(axes, y, place, words, up=0, colour=INK if row["told"] else SOFT)


def _at_right(axes: Axes, y: float, place: float, words: str, *, up: float, colour: str) -> None:
    axes.annotate(
        words, (1 + place / inches(axes)[0], y), (0, up), xycoords=axes.get_yaxis_transform(),
        textcoords="offset points", ha="right", va="bottom" if up else "center", fontsize=8.8, color=colour,
        annotation_clip=False,
    )  # fmt: skip


def _key(figure: Figure, words: Sequence[str]) -> None:
    from matplotlib.legend_handler import HandlerTuple
    from matplotlib.patches import Patch

    pale: tuple[Any, ...] = (Patch(color=LOW[1]), Patch(color=HIGH[1]))
    marks: list[Any] = [Patch(color=LOW[0]), Patch(color=HIGH[0]), pale]
    foot = (0.5, FOOT / figure.get_figheight())
    figure.legend(marks, words, loc="lower center", bbox_to_anchor=foot, ncols=3, frameon=False, fontsize=8.8,
                  handler_map={tuple: HandlerTuple(ndivide=None, pad=0)})  # fmt: skip
