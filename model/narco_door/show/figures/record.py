"""The model against the record of homicides: year by year for the nation, in two spans for the states."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Final

import polars as pl

from narco_door.base.months import YEAR, month_number
from narco_door.country.folder import country_folder
from narco_door.inside.leaders import BY_THE_STATE
from narco_door.results import QUANTITIES, Quantity, Results, homicide_rate
from narco_door.results.measures import all_months
from narco_door.results.rates import of_runs
from narco_door.show.figures.paper import (
    ARM_COLOURS,
    FAINT,
    INK,
    SOFT,
    EndLabel,
    Layout,
    end_labels,
    head,
    plain,
    sheet,
    ticks,
    time_axis,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

RUN_COLOUR, RECORD_COLOUR = ARM_COLOURS[0], "#b8401b"
SPANS: Final[Mapping[str, tuple[str, ...]]] = {
    "2010-12": ("inegi_2010", "inegi_2011", "inegi_2012"),
    "2018-22": ("sesnsp_2018", "sesnsp_2019", "sesnsp_2020", "sesnsp_2022"),
}
"""The spans for which counts by state are at hand, with the columns of `data/mexico/homicides.csv`."""


# --- the nation ---


def history(
    results: Results, record: pl.DataFrame, *, scenario: str, fitted: tuple[int, int], title: str, subtitle: str
) -> Figure:
    """Draw the homicide rate of every replicate, their mean, the record, and the months in which something befell a
    cartel on record.

    Parameters
    ----------
    results, scenario
        The runs.
    record
        year, value, low, high: what happened, and how far off counts as met.
    fitted
        First and last year to which the model was fitted; they are shaded.
    title, subtitle
        What is seen, and how it was made.
    """
    runs = homicide_rate(results).filter(pl.col("scenario") == scenario)
    mean = runs.group_by("year", maintain_order=True).agg(pl.col("value").mean()).sort("year")
    figure, (axes,) = sheet(Layout(rows=1, columns=1, height=3.1), title=title, subtitle=subtitle)
    head(axes, "Homicides", "per 100,000 people a year")
    first, last = mean["year"][0], mean["year"][-1]
    time_axis(axes, first, last, room=1.5)
    axes.set_ylim(0, max([*runs["value"].to_list(), *record["value"].to_list()]) * 1.08)
    ticks(axes, last=last)
    axes.axvspan(fitted[0] - 0.5, fitted[1] + 0.5, color=FAINT, alpha=0.5, linewidth=0, zorder=0)
    axes.text(fitted[1] + 0.4, 0.6, "fitted", color=SOFT, fontsize=8.8, ha="right")
    axes.text(fitted[1] + 0.6, 0.6, "not fitted", color=SOFT, fontsize=8.8)
    for _, run in runs.group_by("replicate", maintain_order=True):
        axes.plot(run["year"], run["value"], color=RUN_COLOUR, linewidth=0.7, alpha=0.45)
    axes.plot(mean["year"], mean["value"], color=RUN_COLOUR, linewidth=2.4, gid="model")
    axes.vlines(record["year"], record["low"], record["high"], color=RECORD_COLOUR, linewidth=1, alpha=0.5)
    axes.plot(record["year"], record["value"], "o", color=RECORD_COLOUR, markersize=4.6, gid="record")
    _events(axes, results, scenario)
    replicates = runs["replicate"].n_unique()
    model = EndLabel(f"model, mean of\n{replicates} runs (thin: each)", mean["value"][-1], RUN_COLOUR)
    marks = EndLabel("record (bar: counts\nas met)", record["value"][-1], RECORD_COLOUR)
    end_labels(axes, [model, marks], last=last)
    return figure


def _events(axes: Axes, results: Results, scenario: str) -> None:
    """A mark along the top for each recorded event: short where a leader fell, long where a group broke away."""
    told = [each for arm in results.manifest["scenarios"] if arm["name"] == scenario for each in arm.get("events", ())]
    first, last = axes.spines["bottom"].get_bounds() or axes.get_xlim()
    for split in (False, True):
        kinds = ("split",) if split else BY_THE_STATE  # an escape, a pact or an extradition is neither
        months = [month_number(each["name"][:7]) for each in told if each["kind"] in kinds]
        years = [(month + 0.5) / YEAR - 0.5 for month in months]  # a year's mean stands at its number
        years = [year for year in years if first <= year <= last]
        axes.vlines(years, 0.94 if split else 0.97, 1, transform=axes.get_xaxis_transform(), color=INK, linewidth=1,
                    gid="splits" if split else "falls")  # fmt: skip
    if told:
        words = "short marks: a leader fell\nlong: a group broke away"
        axes.annotate(words, (0, 0.93), (3, 0), xycoords="axes fraction", textcoords="offset points", fontsize=7.8,
                      color=SOFT, va="top")  # fmt: skip


# --- the states ---


def by_state(results: Results, *, scenario: str) -> pl.DataFrame:
    """Compare rates by state with the record in each span of `SPANS`.

    Returns
    -------
    polars.DataFrame
        span, place, abbr, record, model (mean over replicates), low, high (least and most of the replicates):
        homicides per 100,000 people a year.
    """
    homes = {row["code"]: row for row in _table("places.csv")}
    counts = {row["code"]: row for row in _table("homicides.csv")}
    rows = []
    for span, columns in SPANS.items():
        chosen = (pl.col("scenario") == scenario) & pl.col("month").dt.year().is_in(
            [int(name[-4:]) for name in columns]
        )
        spanned = results.having(series=results.series.filter(chosen))
        rates, people = (
            of_runs(spanned, quantity, place=None, over=all_months).with_columns(pl.col("place").cast(pl.String))
            for quantity in (QUANTITIES["homicides"], Quantity("people", ("population",)))
        )
        for code, count in counts.items():
            here = pl.col("place") == code
            model, residents = rates.filter(here)["value"], people.filter(here)["value"].mean()
            killed = sum(int(count[column]) for column in columns) / len(columns)
            rows.append({
                "span": span, "place": code, "abbr": homes[code]["abbr"], "record": 1e5 * killed / residents,  # type: ignore[operator]
                "model": model.mean(), "low": model.min(), "high": model.max(),
            })  # fmt: skip
    return pl.DataFrame(rows)


def _table(name: str) -> list[dict[str, str]]:
    text = (country_folder("mexico") / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def states(frame: pl.DataFrame, *, title: str, subtitle: str) -> Figure:
    """Draw one point a state and span, record across and model upright, on logarithmic axes.

    Parameters
    ----------
    frame
        As from `by_state`.
    title, subtitle
        What is seen, and how it was made.
    """
    spans = frame["span"].unique(maintain_order=True).to_list()
    layout = Layout(rows=1, columns=len(spans), height=3.9, bottom=0.6, gap_x=0.8)
    figure, axes = sheet(layout, title=title, subtitle=subtitle)
    rates: list[float] = [*frame["record"].to_list(), *frame["model"].to_list()]
    low, high = max(min(rates) * 0.8, 0.5), max(rates) * 1.3
    for panel, span in zip(axes, spans, strict=True):
        mine = frame.filter(pl.col("span") == span)
        rank = mine.select(pl.corr("record", "model", method="spearman")).item()
        head(panel, span, f"model, homicides per 100,000 people a year; rank correlation {rank:.2f}")
        _cloud(panel, mine, low, high)
    return figure


def _cloud(axes: Axes, mine: pl.DataFrame, low: float, high: float) -> None:
    plain(axes)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(low, high)
    axes.set_ylim(low, high)
    places = [tick for tick in (1, 3, 10, 30, 100, 300) if low <= tick <= high]
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_ticks(places, [str(tick) for tick in places])
        axis.set_ticks([], minor=True)
    axes.plot([low, high], [low, high], color=SOFT, linewidth=0.9, linestyle=(0, (3, 3)), gid="zero")
    axes.vlines(mine["record"], mine["low"].clip(low), mine["high"], color=RUN_COLOUR, linewidth=1, alpha=0.35)
    axes.scatter(mine["record"], mine["model"], s=14, color=RUN_COLOUR, zorder=3, gid="states")
    axes.set_xlabel("record, homicides per 100,000 people a year", fontsize=8.8, color=SOFT)
    off = mine.with_columns((pl.col("model") / pl.col("record")).log().abs().alias("off"))
    for row in off.sort("off", descending=True).head(12).iter_rows(named=True):
        axes.annotate(row["abbr"], (row["record"], row["model"]), (4, 2), textcoords="offset points", fontsize=7.8,
                      color=INK)  # fmt: skip
