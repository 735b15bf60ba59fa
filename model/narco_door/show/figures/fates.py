"""The series of doors: who stands in each room, and what became of everyone who ever entered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from narco_door.results import Results
from narco_door.results.measures import ROOMS
from narco_door.show.figures import views
from narco_door.show.figures.paper import INK, SOFT, EndLabel, Layout, end_labels, head, plain, sheet
from narco_door.show.formats import count, few
from narco_door.show.words import ENGLISH, Language, arm_name, month_name, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# From the bottom of a bar to its top.
FATES: Final = {"dead": "#b8401b", "jailed": "#e69f00", "left": "#009e73", "inside": "#d9d9d9"}
ROOM_COLOUR: Final = "#8c3b1f"


def ladder(results: Results, *, language: Language = ENGLISH) -> Figure:
    """People in each room, and the fates of all who entered by year of entry; a row for each scenario.

    Parameters
    ----------
    results
        One scenario or several.
    language
        Of every word on the figure.
    """
    names, fates = views.arms(results), fates_by_year(results)
    rooms = {name: _rooms(results, name) for name in names}
    layout = Layout(rows=len(names), columns=2, height=1.75, left=1.1, right=1.35, gap_x=0.55, gap_y=0.7)
    notes = [say("ladder_note", language, end=month_name(views.last_month(results), language, long=True))]
    if len(names) > 1:
        notes.append(say("ladder_luck", language))
    figure, axes = sheet(
        layout,
        title=_title(results, names, language),
        subtitle=views.subtitle(results, language, *notes, bands=False),
        language=language,
    )
    _resize(axes, narrow=2.0, layout=layout)
    most = max(n for mine in rooms.values() for n in mine.values())
    for row, name in enumerate(names):
        left, right = axes[2 * row : 2 * row + 2]
        head(left, arm_name(name, language), say("unit_rooms", language), shift=-72)
        _pyramid(left, rooms[name], language, most=most)
        if row == 0:
            head(right, say("head_fates", language), say("unit_fates", language))
        _fates(right, fates.filter(pl.col("scenario") == name), language)
    return figure


def _resize(axes: list[Axes], *, narrow: float, layout: Layout) -> None:
    """Make the panels on the left narrow and give the room to those on the right."""
    spare = (layout.panel - narrow) / layout.width
    for left, right in zip(axes[::2], axes[1::2], strict=True):
        box, other = left.get_position(), right.get_position()
        left.set_position((box.x0, box.y0, narrow / layout.width, box.height))
        right.set_position((other.x0 - spare, other.y0, other.width + spare, other.height))


def _rooms(results: Results, name: str) -> dict[str, float]:
    """People in each room in the last month, mean over replicates."""
    rows = results.select(list(ROOMS.values())).filter(
        pl.col("scenario") == name, pl.col("month") == views.last_month(results)
    )
    means = dict(rows.group_by(pl.col("record").cast(pl.String)).agg(pl.col("value").mean()).iter_rows())
    return {room: means[record] for room, record in ROOMS.items()}


def _pyramid(axes: Axes, people: dict[str, float], language: Language, *, most: float) -> None:
    """The ladder from below: each room as broad as the number of people in it."""
    rungs = range(len(people))
    values = list(people.values())
    axes.barh(rungs, values, left=[-v / 2 for v in values], height=0.72, color=ROOM_COLOUR, gid="rooms")
    for rung, value in zip(rungs, values, strict=True):
        axes.annotate(
            count(value),
            (value / 2, rung),
            (4, 0),
            textcoords="offset points",
            va="center",
            fontsize=8.8,
            color=INK,
        )
    plain(axes)
    axes.set_xlim(-0.52 * most, 0.94 * most)
    axes.set_ylim(-0.55, len(people) - 0.45)
    axes.set_yticks(list(rungs), [say(room, language) for room in people], color=INK, fontsize=8.8)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)


def fates_by_year(results: Results) -> pl.DataFrame:
    """Of all who entered in a year, the share with each fate.

    Returns
    -------
    polars.DataFrame
        scenario, year, fate, share (0-1). Those who were inside before the first month are left out: who had
        died by then cannot be counted.
    """
    first = views.first_month(results)
    careers = results.careers.filter(pl.col("entry_month") >= first).with_columns(pl.col("scenario").cast(pl.String))
    sums = careers.group_by("scenario", pl.col("entry_month").dt.year().alias("year"), "fate").agg(
        pl.col("weight").sum()
    )
    share = pl.col("weight") / pl.col("weight").sum().over("scenario", "year")
    return sums.select("scenario", "year", "fate", share.alias("share")).sort("scenario", "year", "fate")


def _fates(axes: Axes, mine: pl.DataFrame, language: Language) -> None:
    """A bar for each year of entry, with the share that ended dead or jailed written over it."""
    years = sorted(mine["year"].unique())
    found = {(year, fate): share for year, fate, share in mine.select("year", "fate", "share").iter_rows()}
    plain(axes)
    axes.set_ylim(0, 114)  # room for the numbers: over the bars they straddle no border
    axes.set_xlim(min(years, default=0) - 0.6, max(years, default=1) + 0.6)
    base = [0.0] * len(years)
    labels = []
    for k, (fate, colour) in enumerate(FATES.items()):
        values = [100 * found.get((year, fate), 0.0) for year in years]
        axes.bar(years, values, bottom=base, width=0.86, color=colour, gid=fate)
        base = [b + v for b, v in zip(base, values, strict=True)]
        words = SOFT if fate == "inside" else colour
        labels.append(EndLabel(say(fate, language), 14 + 22 * k, words))
    for year in years:
        lost = 100 * (found.get((year, "dead"), 0.0) + found.get((year, "jailed"), 0.0))
        axes.text(year, 102, f"{lost:.0f}", ha="center", va="bottom", fontsize=8.4, weight="bold", color=INK)
    step = 1 if len(years) <= 12 else 2
    axes.set_xticks(years[::step])
    axes.set_yticks([0, 50, 100])
    if years:
        end_labels(axes, labels, last=max(years) + 0.5, tie=False)


def _title(results: Results, names: list[str], language: Language) -> str:
    """How many entered in the first scenario, and what share ended dead or jailed there and in the others."""
    entered = results.careers.filter(pl.col("entry_month") >= views.first_month(results))
    lost = pl.col("weight").filter(pl.col("fate").is_in(["dead", "jailed"])).sum()
    rows = entered.group_by(pl.col("scenario").cast(pl.String)).agg(
        pl.col("weight").sum() / pl.col("replicate").n_unique(),
        (100 * lost / pl.col("weight").sum()).alias("lost"),
    )
    found = {name: (people, share) for name, people, share in rows.iter_rows()}
    nobody = (0.0, float("nan"))
    people, share = found.get(names[0], nobody)
    others = [f"{arm_name(name, language)} {few(found.get(name, nobody)[1])} %" for name in names[1:]]
    told = say(
        "title_ladder",
        language,
        n=count(people),
        share=few(share),
        end=month_name(views.last_month(results), language, long=True),
        arm=arm_name(names[0], language),
    )
    return "; ".join([told, *([", ".join(others)] if others else [])])
