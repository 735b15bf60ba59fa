"""One run, one number: page, figures, picture, command line, targets and library tell the same of the same results."""

from __future__ import annotations

import threading

import numpy as np
import polars as pl
import pytest

from narco_door.base.months import month_number
from narco_door.cli.outcomes import headline_sheets, series_sheets
from narco_door.dashboard import measures
from narco_door.dashboard.library import Library
from narco_door.dashboard.policy import plan, settled
from narco_door.dashboard.run_queue import RunQueue
from narco_door.dashboard.state import State, clamp
from narco_door.dashboard.tables import door_numbers, headline_rows, whole
from narco_door.dashboard.work import Picture, Work
from narco_door.questions.targets import STATISTICS, History
from narco_door.results import (
    AVERTED,
    QUANTITIES,
    Quantity,
    Results,
    by_year,
    door_shares,
    headline,
    homicide_rate,
    through_time,
    yearly,
)
from narco_door.results.measures import account, each_month
from narco_door.show.figures import comparison, ladder, tile_map, views
from narco_door.show.figures.accounts import accounts
from narco_door.show.figures.through_time import CHARTED
from narco_door.show.picture import DoorNumbers

MONTHS = 24
ASKED = State(
    money=(("scholarships", 300.0), ("kingpin_operations", -100.0)),
    total=1000.0, start=month_number("2007-07"), last=month_number("2008-12"), replicates=2, persons_per_agent=200,
)  # fmt: skip


@pytest.fixture(scope="module")
def picture() -> Picture:
    shown: list[Picture] = []
    asked = plan(settled(clamp(ASKED)))
    Work(asked, Library(RunQueue(2)), show=shown.append, tell=lambda _: None, cancel=threading.Event()).run()
    return shown[-1]


@pytest.fixture(scope="module")
def results(picture: Picture) -> Results:
    return whole(picture)


def names(picture: Picture) -> dict[str, str]:
    return {"policy": picture.plan.policy.name, "reference": picture.plan.reference.name}


def last(rows: pl.DataFrame, scenario: str) -> float:
    """The mean over the replicates in the last month or year."""
    period = "month" if "month" in rows.columns else "year"
    mine = rows.filter(pl.col("scenario") == scenario)
    return float(mine.filter(pl.col(period) == pl.col(period).max())["value"].mean())  # type: ignore[arg-type]


@pytest.mark.parametrize("place", ["00", "08"])
def test_the_lines_of_the_page_are_those_of_the_figures(picture: Picture, results: Results, place: str) -> None:
    here = Results(
        results.series.filter(pl.col("place") == place).with_columns(pl.lit("00").alias("place")),
        results.events, results.careers, results.manifest,
    )  # fmt: skip
    for lines in measures.lines(picture, place):
        drawn = views.lines(here, lines.measure)
        for world, name in names(picture).items():
            mine = getattr(lines, world)
            assert np.allclose(mine.mean, drawn[name]["mean"], rtol=1e-12), lines.measure.name
            assert np.allclose(mine.ends["p95"], drawn[name]["p95"], rtol=1e-9), lines.measure.name
        (gaps,) = views.gaps(here, views.values(here, lines.measure)).values()
        assert lines.gap is not None
        assert np.allclose(lines.gap.mean, gaps["mean"], atol=1e-9), lines.measure.name


def test_the_figure_is_handed_what_is_declared(results: Results) -> None:
    """Every panel, in its order: the lines that matplotlib was given end where the quantities do."""
    for axes, name in zip(comparison(results).axes, CHARTED, strict=True):
        drawn = {line.get_gid(): line.get_ydata()[-1] for line in axes.lines}
        quantity = QUANTITIES[name]
        for scenario in results.scenarios:
            assert drawn[scenario] * quantity.axis == pytest.approx(last(through_time(results, quantity), scenario))


def test_december_of_a_flow_is_the_calendar_year_of_the_tables(picture: Picture, results: Results) -> None:
    """Of the page, the figures, the picture, `rate`, `yearly`, the command line and the targets."""
    found = {lines.measure.name: lines for lines in measures.lines(picture, "00")}
    sheets = {sheet.title: {row[0]: row[-1] for row in sheet.rows} for sheet in series_sheets(results)}
    for world, name in names(picture).items():
        homicides = last(homicide_rate(results), name)
        entries = last(yearly(results, "new_entries"), name) * 7 / 365.25
        assert getattr(found["homicides"], world).mean[-1] == pytest.approx(homicides)
        assert getattr(found["entries"], world).mean[-1] == pytest.approx(entries)
        assert last(by_year(results, QUANTITIES["entries"]), name) == pytest.approx(entries)
        assert DoorNumbers.from_results(results, name).entries == pytest.approx(entries)
        assert sheets[name]["homicides per 100,000"].startswith(f"{homicides:,.1f}")
        assert sheets[name]["entries a week"].startswith(f"{entries:,.0f}")
        nation = [run.book.nation for run in getattr(picture, world)]
        runs = [History(read, np.zeros((MONTHS, 1)), [], month_number("2007-01"), 0) for read in nation]
        for statistic, expected in (("homicide_rate", homicides), ("entries_per_week", entries)):
            quantity = STATISTICS[statistic]
            assert isinstance(quantity, Quantity)
            assert np.mean([run.over(quantity, (2008, 2008)) for run in runs]) == pytest.approx(expected)


def test_the_picture_of_the_page_is_that_of_the_library(picture: Picture, results: Results) -> None:
    for world, name in names(picture).items():
        mine, theirs = door_numbers(picture, world, "00", MONTHS), DoorNumbers.from_results(results, name)
        assert mine is not None
        assert (mine.month, mine.replicates, mine.place_name) == (theirs.month, theirs.replicates, theirs.place_name)
        for part in ("width", "opening", "behind", "rooms", "exits"):
            assert getattr(mine, part) == pytest.approx(getattr(theirs, part)), part
        assert mine.accepted == pytest.approx(theirs.accepted)


def test_shares_of_youths_are_the_same_wherever_they_are_told(picture: Picture, results: Results) -> None:
    shares = door_shares(results)
    for world, name in names(picture).items():
        fates = measures.of_a_million(getattr(picture, world), "00", MONTHS)
        behind = DoorNumbers.from_results(results, name).behind
        lines = {each.measure.name: getattr(each, world) for each in measures.lines(picture, "00")}
        for door, of_a_million in fates.items():
            share = last(shares.filter(pl.col("door") == door), name)
            assert of_a_million == pytest.approx(1e6 * share), door
            if door in lines and door != "prison":
                assert lines[door].mean[-1] == pytest.approx(100 * share), door
            if door != "prison":
                assert behind["narco" if door == "cartel" else door] == pytest.approx(share), door
        assert sum(fates.values()) == pytest.approx(1e6)


def test_prison_is_one_record_in_charts_tables_and_headline(picture: Picture, results: Results) -> None:
    (line,) = [lines for lines in measures.lines(picture, "00") if lines.measure.name == "prison"]
    rows = headline(results, since="2007-07")
    of = rows.filter(pl.col("measure") == "prison-years averted")["of"].item()
    assert line.reference is not None
    assert of == pytest.approx(1000 * line.reference.mean[6:].sum() / 12)
    assert line.reference.mean[-1] == pytest.approx(
        last(results.select("n_prison"), names(picture)["reference"]) / 1000
    )


def test_the_headline_of_the_page_is_that_of_the_command_line(picture: Picture, results: Results) -> None:
    mine = {row["measure"]: row for row in headline_rows(picture, month_number("2007-07"))}
    for row in headline(results, since="2007-07").iter_rows(named=True):
        kept = {key: mine[row["measure"]][key] for key in ("mean", "p05", "p95", "of", "unit", "note")}
        assert kept == {key: row[key] for key in kept}
    (sheet,) = headline_sheets(results)
    told = {row[0]: row[-1] for row in sheet.rows}
    found = {row["measure"]: row["of"] for row in headline(results).iter_rows(named=True)}
    for averted in AVERTED:
        assert told[averted.name] == f"{found[averted.name]:,.0f}"


def test_money_is_accounted_alike(picture: Picture, results: Results) -> None:
    """Of the page and of the figure; and what is left over is what the record of unspent money grew by."""
    start = views.parting(results.nation())
    assert start is not None
    since = start.year * 12 + start.month - 1 - month_number("2007-01")
    table = accounts(results.nation())
    levers: list[str] = table["lever"].unique().to_list()
    for world, name in names(picture).items():
        page = measures.accounts(getattr(picture, world), levers, since, MONTHS)
        for lever, part, value in table.filter(pl.col("scenario") == name).select("lever", "part", "value").iter_rows():
            assert page[lever][part] == pytest.approx(value, abs=1e-9), (lever, part)
        for track in getattr(picture, world):
            for lever in levers:
                read = track.book.nation
                left = account(lever)["unspent"].of(read, each_month) * 1e6 / 12
                assert np.diff(read(f"unspent_{lever}")) == pytest.approx(left[1:], abs=0.01), lever


def test_the_map_of_the_page_is_that_of_the_figures(picture: Picture, results: Results) -> None:
    """In December a flow of the last twelve months is that of the calendar year; so is what is clear."""
    tiles = measures.tiles(picture, "new_homicides", MONTHS)
    figure = tile_map(results)
    gap = figure.axes[2]
    coloured = {patch.get_gid() for patch in gap.patches if patch.get_facecolor()[:3] != (0.93, 0.93, 0.93)}
    assert coloured == {code for code, tile in tiles.items() if tile.clear}
    for code in ("08", "25"):
        rates = homicide_rate(results, place=code)
        assert tiles[code].reference == pytest.approx(last(rates, names(picture)["reference"]))
        assert tiles[code].value == pytest.approx(last(rates, names(picture)["policy"]))


def test_the_rooms_of_the_ladder_are_those_of_the_picture(picture: Picture, results: Results) -> None:
    figure = ladder(results)
    widths = [bar.get_width() for bar in figure.axes[0].patches if bar.get_gid() == "rooms"]
    assert widths == pytest.approx(list(DoorNumbers.from_results(results, names(picture)["reference"]).rooms.values()))
