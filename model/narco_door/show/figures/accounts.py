"""Where the money goes: spent, leaked and left, by lever."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Final

import polars as pl

from narco_door.base.declared import levers
from narco_door.results import Results
from narco_door.results.measures import account, all_months
from narco_door.results.rates import of_runs
from narco_door.show import formats
from narco_door.show.figures import views
from narco_door.show.figures.paper import INK, SOFT, Layout, above, head, plain, sheet
from narco_door.show.words import ENGLISH, Language, arm_name, say, translated

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PARTS: Final = {"spent": "#0072b2", "leaked": "#d55e00", "unspent": "#b5b5b5"}


def money(results: Results, *, language: Language = ENGLISH) -> Figure:
    """US$ m a year by lever: spent, leaked and left unspent; a panel for each scenario.

    The years are those since the scenarios part, or the whole run if they never do.
    """
    results = results.nation()
    names, table = views.arms(results), accounts(results)
    levers = _in_order(table)
    if not levers:
        layout = Layout(rows=1, columns=1, height=0.2)
        figure, axes = sheet(
            layout,
            title=say("no_money", language),
            subtitle=views.subtitle(results, language, bands=False),
            language=language,
        )
        axes[0].set_axis_off()
        return figure
    layout = Layout(
        rows=1,
        columns=len(names),
        height=0.31 * len(levers),
        left=1.95,
        gap_x=0.3,
        right=0.3,
        bottom=0.15,
        top=0.95,
    )
    note = say("money_note", language, start=_start(results).year, end=views.last_month(results).year)
    figure, axes = sheet(
        layout,
        title=_title(table, results, language),
        subtitle=views.subtitle(results, language, note, bands=False),
        language=language,
    )
    most = float(table.group_by("scenario", "lever").agg(pl.col("value").clip(0).sum())["value"].max())  # type: ignore[arg-type]
    for panel, name in zip(axes, names, strict=True):
        mine = table.filter(pl.col("scenario") == name)
        total = formats.money(float(mine["value"].sum()))
        head(panel, arm_name(name, language), say("musd", language, n=total))
        _bars(panel, mine, levers, most=most, wide=layout.panel)
    axes[0].set_yticklabels([lever_name(lever, language) for lever in levers], color=INK, fontsize=9)
    _key(axes[0], language)
    return figure


def accounts(results: Results) -> pl.DataFrame:
    """scenario, lever, part (spent, leaked, unspent), value in US$ m a year: means over replicates."""
    held = set(results.series["record"].unique().cast(pl.String))
    known = [name for name in levers() if all(part.read[0] in held for part in account(name).values())]
    since = results.having(series=results.series.filter(pl.col("month") >= _start(results)))
    parts = [
        of_runs(since, account(lever)[part], over=all_months).with_columns(lever=pl.lit(lever), part=pl.lit(part))
        for lever in known
        for part in PARTS
    ]
    if not parts:
        return pl.DataFrame(schema={"scenario": pl.String, "lever": pl.String, "part": pl.String, "value": pl.Float64})
    means = pl.concat(parts).group_by("scenario", "lever", "part").agg(pl.col("value").mean())
    return means.sort("scenario", "lever", "part")


def _start(results: Results) -> datetime.date:
    return views.parting(results) or views.first_month(results)


def _in_order(table: pl.DataFrame) -> list[str]:
    """Levers that get any money, the dearest first."""
    sums = table.group_by("lever").agg(pl.col("value").abs().sum())
    return sums.filter(pl.col("value") > 0.005).sort(["value", "lever"], descending=[True, False])["lever"].to_list()


def lever_name(lever: str, language: Language) -> str:
    """A lever's label in a language, from the table of levers; an unknown one by its own name."""
    known = levers().get(lever)
    return lever.replace("_", " ").capitalize() if known is None else translated(known.label, language)


def _bars(axes: Axes, mine: pl.DataFrame, levers: list[str], *, most: float, wide: float) -> None:
    """One stacked bar for each lever, with its sum behind it."""
    found = {(lever, part): value for lever, part, value in mine.select("lever", "part", "value").iter_rows()}
    rows = range(len(levers))
    ends = [0.0] * len(levers)
    for part, colour in PARTS.items():
        values = [found.get((lever, part), 0.0) for lever in levers]
        left = [end if value >= 0 else 0.0 for end, value in zip(ends, values, strict=True)]
        axes.barh(rows, values, left=left, height=0.66, color=colour, gid=part)
        ends = [end + max(value, 0.0) for end, value in zip(ends, values, strict=True)]
    for row, lever in enumerate(levers):
        total = sum(found.get((lever, part), 0.0) for part in PARTS)
        axes.annotate(
            formats.money(total),
            (ends[row], row),
            (4, 0),
            textcoords="offset points",
            va="center",
            fontsize=8.8,
            color=INK if total else SOFT,
        )
    plain(axes)
    axes.set_xlim(0, most * wide / max(wide - 0.55, 0.3 * wide))
    axes.set_ylim(len(levers) - 0.4, -0.6)
    axes.set_yticks(list(rows), [""] * len(levers))
    axes.spines["bottom"].set_visible(False)
    axes.spines["left"].set_visible(True)
    axes.spines["left"].set_color(SOFT)
    axes.set_xticks([])


def _key(axes: Axes, language: Language) -> None:
    """The three words in the colours of their bars, over the names of the levers."""
    for row, (part, colour) in enumerate(PARTS.items()):
        above(axes, "■", -132, 38 - 13 * row, size=9, colour=colour)
        above(axes, say(f"part_{part}", language), -120, 38 - 13 * row, size=9)


def _title(table: pl.DataFrame, results: Results, language: Language) -> str:
    """What became of the money of the scenario that moves the most of it."""
    sums = table.group_by("scenario").agg(pl.col("value").sum()).sort(["value", "scenario"], descending=[True, False])
    name = sums["scenario"][0]
    parts = dict(table.filter(pl.col("scenario") == name).group_by("part").agg(pl.col("value").sum()).iter_rows())
    total = sum(parts.values())
    share = {f"{part}_share": f"{100 * parts.get(part, 0.0) / total:.0f}" for part in PARTS}
    return say("title_money", language, arm=arm_name(str(name), language), total=formats.money(total), **share)
