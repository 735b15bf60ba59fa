"""Lines through time: the comparison, the differences, and how wide the doors are."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import TYPE_CHECKING

import polars as pl

from narco_door.base.months import YEAR
from narco_door.results import AVERTED, QUANTITIES, Results
from narco_door.results.compared import totals
from narco_door.results.intervals import intervals
from narco_door.show.figures import views
from narco_door.show.figures.paper import (
    REFERENCE,
    SOFT,
    EndLabel,
    Layout,
    above,
    band,
    end_labels,
    head,
    readable,
    sheet,
    time_axis,
    value_axis,
    wrapped,
)
from narco_door.show.formats import count, few, fixed, signed
from narco_door.show.picture.palette import DOOR_COLOURS, LEGITIMATE, OPENED
from narco_door.show.words import ENGLISH, Language, about, arm_name, door_name, has, kin, month_name, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CHARTED = ("members", "entries", "homicides", *LEGITIMATE, "home", "idle", "prison")
LABEL_ROOM = 1.02  # inches beside a panel for the names of its lines
LABEL_WIDTH = 14  # characters


def comparison(results: Results, *, language: Language = ENGLISH) -> Figure:
    """Members, entries, homicides, youths behind each door and prisoners, one line a scenario.

    Parameters
    ----------
    results
        One scenario or several.
    language
        Of every word on the figure.
    """
    results = results.nation()
    names, paint = views.arms(results), views.colours(results)
    drawn = {key: views.lines(results, QUANTITIES[key]) for key in CHARTED}
    title = _comparison_title(results, drawn["members"], language)
    layout = Layout(rows=ceil(len(CHARTED) / 3), columns=3, height=1.85, gap_x=0.42)
    subtitle = views.subtitle(results, language, _window(results, language))
    figure, axes = _panels(layout, len(CHARTED), title=title, subtitle=subtitle, language=language)
    for panel, key in zip(axes, CHARTED, strict=True):
        head(panel, about(f"head_{key}", key, language), say(f"unit_{kin(key)}", language))
        frames = {name: drawn[key][name] for name in names}
        labels = _panel(panel, frames, paint, language, span=views.span(results), zero=QUANTITIES[key].zero)
        end_labels(panel, labels, last=views.span(results)[1])
    _mark_parting(axes, results, language, top=False)
    return figure


def _panels(layout: Layout, wanted: int, *, title: str, subtitle: str, language: Language) -> tuple[Figure, list[Axes]]:
    """A sheet with as many panels as are wanted: those left over in the last row are taken off."""
    figure, axes = sheet(layout, title=title, subtitle=subtitle, language=language)
    for spare in axes[wanted:]:
        spare.remove()
    return figure, axes[:wanted]


def _window(results: Results, language: Language) -> str:
    return say("yearly", language, n=min(YEAR, results.series["month"].n_unique()))


def _panel(
    axes: Axes,
    frames: Mapping[str, pl.DataFrame],
    paint: Mapping[str, str],
    language: Language,
    *,
    span: tuple[float, float],
    zero: bool,
    plus: bool = False,
) -> list[EndLabel]:
    """One measure: a line and its bands for each scenario; returns the names to write where they end."""
    time_axis(axes, *span, room=LABEL_ROOM)
    value_axis(axes, list(frames.values()), zero=zero, last=span[1], plus=plus)
    ends = {name: frame["mean"][-1] for name, frame in frames.items()}
    decimals = 1 if max(abs(end) for end in ends.values()) < 100 else 0
    labels = []
    for name, frame in frames.items():
        band(axes, views.years(frame["month"]), frame, paint[name], name=name)
        value = (signed if plus else fixed)(ends[name], decimals)
        text = value if len(frames) == 1 and not plus else f"{arm_name(name, language)} {value}"
        labels.append(EndLabel(wrapped(text, LABEL_WIDTH), ends[name], paint[name]))
    return labels


def _comparison_title(results: Results, drawn: Mapping[str, pl.DataFrame], language: Language) -> str:
    end = month_name(views.last_month(results), language, long=True)
    base, members = results.reference, QUANTITIES["members"]
    if base is None or len(drawn) == 1:
        name = next(iter(drawn))
        means = drawn[name]["mean"] * members.axis
        start = month_name(drawn[name]["month"][0], language, long=True)
        now, then = count(means[-1]), count(means[0])
        return say("title_members_alone", language, now=now, then=then, end=end, start=start)
    told = _gaps(views.gaps(results, views.values(results, members)), language, times=members.axis)
    return say("title_members", language, end=end, reference=arm_name(base, language), arms=told)


def _gaps(frames: Mapping[str, pl.DataFrame], language: Language, *, times: float = 1.0) -> str:
    """How far each scenario ends from the reference, in words; one run has nothing to tell it by."""
    if all(frame["p05"][-1] is None for frame in frames.values()):
        return say("gap_one_run", language)
    return "; ".join(_gap(name, frame, language, times=times) for name, frame in frames.items())


def _gap(name: str, frame: pl.DataFrame, language: Language, *, times: float) -> str:
    """How far one scenario ends from the reference, or that it is not clear."""
    end = frame.row(-1, named=True)
    arm = arm_name(name, language)
    if not end["clear"]:
        return say("gap_unclear", language, arm=arm)
    return say("gap_more" if end["mean"] > 0 else "gap_fewer", language, arm=arm, n=count(abs(times * end["mean"])))


def _mark_parting(axes: list[Axes], results: Results, language: Language, *, top: bool) -> None:
    """A dashed line in every panel at the month in which the scenarios part; its name in the first."""
    month = views.parting(results)
    if month is None:
        return
    x = month.year + (month.month - 1) / YEAR
    for panel in axes:
        panel.axvline(x, color=SOFT, linewidth=0.9, linestyle=(0, (3, 3)), zorder=1, gid="parting")
    first, last = axes[0].spines["bottom"].get_bounds() or axes[0].get_xlim()
    right = last - x > x - first  # the side with more room
    axes[0].annotate(
        say("they_part", language, month=month_name(month, language)).replace(", ", "\n"),
        (x, float(top)),
        (4 if right else -4, -2 if top else 4),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
        fontsize=8.2,
        color=SOFT,
        va="top" if top else "bottom",
        ha="left" if right else "right",
        linespacing=1.15,
    )


# --- differences ---


def differences(results: Results, *, language: Language = ENGLISH) -> Figure:
    """Each scenario minus the reference under the same luck: members, entries and homicides.

    With one scenario there is nothing to compare, and the figure says so.
    """
    results = results.nation()
    if results.reference is None or len(results.scenarios) < 2:
        return _nothing(results, say("nothing_to_compare", language), language)
    keys = ("members", "entries", "homicides")
    drawn = {key: views.gaps(results, views.values(results, QUANTITIES[key])) for key in keys}
    homicides = next(each for each in AVERTED if each.each == "homicide")
    whole = views.gaps(results, totals(results, homicides), by=())
    reference = arm_name(results.reference, language)
    title = say("title_differences", language, reference=reference, arms=_gaps(whole, language))
    layout = Layout(rows=1, columns=3, height=2.9, gap_x=0.5)
    subtitle = views.subtitle(results, language, say("pairs", language), _window(results, language))
    figure, axes = sheet(layout, title=title, subtitle=subtitle, language=language)
    paint, span = views.colours(results), views.span(results)
    for panel, key in zip(axes, keys, strict=True):
        head(panel, say(f"head_{key}", language), say("unit_gap", language, unit=say(f"unit_{key}", language)))
        labels = _panel(panel, drawn[key], paint, language, span=span, zero=False, plus=True)
        panel.plot(span, [0, 0], color=REFERENCE, linewidth=1.3, zorder=2, gid="zero")
        labels.append(EndLabel(wrapped(reference, LABEL_WIDTH), 0.0, REFERENCE))
        end_labels(panel, labels, last=span[1])
    _mark_parting(axes, results, language, top=True)
    return figure


def _nothing(results: Results, words: str, language: Language) -> Figure:
    """A page that says why it is empty."""
    layout, subtitle = Layout(rows=1, columns=1, height=0.2), views.subtitle(results, language)
    figure, axes = sheet(layout, title=words, subtitle=subtitle, language=language)
    axes[0].set_axis_off()
    return figure


# --- the widths of the doors ---


def door_widths(results: Results, *, language: Language = ENGLISH) -> Figure:
    """How wide each door is and how wide young people think it is; a column of panels for each scenario."""
    results = results.nation()
    names = views.arms(results)
    drawn = {name: _widths(results, name) for name in names}
    formal = drawn[names[0]]
    title = say(
        "title_widths",
        language,
        real=few(formal["width_formal"]["mean"][-1]),
        seen=few(formal["belief_formal"]["mean"][-1]),
        end=month_name(views.last_month(results), language, long=True),
        arm=arm_name(names[0], language),
    )
    layout = _widths_layout(len(names))
    subtitle = views.subtitle(results, language, say("widths_note", language))
    figure, axes = _panels(layout, len(OPENED) * len(names), title=title, subtitle=subtitle, language=language)
    for row, door in enumerate(OPENED):
        for column, name in enumerate(names):
            panel = axes[row * len(names) + column]
            last = column == len(names) - 1
            _width_panel(panel, door, list(drawn.values()), drawn[name], language, named=last or len(names) == 1)
            _width_head(panel, door, name, language, first=column == 0, top=row == 0, alone=len(names) == 1)
    return figure


def _width_head(axes: Axes, door: str, name: str, language: Language, *, first: bool, top: bool, alone: bool) -> None:
    """The door's name at the left of its row, the scenario's over its column."""
    if first:
        colour = readable(DOOR_COLOURS[door])
        head(axes, door_name(door, language), _width_unit(door, language), colour=colour)
    if top and not alone:
        above(axes, arm_name(name, language), 0, 42, size=11, bold=True)


def _width_unit(door: str, language: Language) -> str:
    """Of whom a width is a share."""
    own = f"unit_width_{door}"
    return say(own if has(own) else "unit_width_legitimate", language)


def _widths_layout(arms: int) -> Layout:
    if arms == 1:
        return Layout(rows=ceil(len(OPENED) / 2), columns=2, height=1.9, gap_x=1.0, right=0.75)
    return Layout(rows=len(OPENED), columns=arms, height=1.35, gap_x=0.35, gap_y=0.72, right=0.55, top=0.9)


def _widths(results: Results, name: str) -> dict[str, pl.DataFrame]:
    """Widths and beliefs of one scenario, in per cent."""
    records = [*(f"width_{door}" for door in OPENED), *(f"belief_{door}" for door in LEGITIMATE)]
    rows = results.select(records).filter(pl.col("scenario") == name).with_columns(pl.col("value") * 100)
    bands = intervals(rows, by=["record", "month"]).sort("month")
    return {record: bands.filter(pl.col("record") == record) for record in records}


def _width_panel(
    axes: Axes,
    door: str,
    all_arms: list[dict[str, pl.DataFrame]],
    mine: dict[str, pl.DataFrame],
    language: Language,
    *,
    named: bool,
) -> None:
    """One door in one scenario: what it is (solid) and what it is thought to be (dashed)."""
    keys = [f"width_{door}", *([f"belief_{door}"] if door in LEGITIMATE else [])]
    x = views.years(mine[keys[0]]["month"])
    time_axis(axes, x[0], x[-1], room=0.42)
    shared = [arm[key] for arm in all_arms for key in keys]
    value_axis(axes, shared, zero=True, last=x[-1])
    labels = []
    for key in keys:
        seen = key.startswith("belief")
        band(axes, x, mine[key], DOOR_COLOURS[door], name=key, dashed=seen)
        end = mine[key]["mean"][-1]
        word = say("thought" if seen else "real", language)
        text = f"{few(end)} {word}" if named and door in LEGITIMATE else few(end)
        labels.append(EndLabel(text, end, DOOR_COLOURS[door]))
    end_labels(axes, labels, last=x[-1])
