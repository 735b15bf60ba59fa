"""Figures show the numbers of the results, in both languages, and nothing on them touches or is cut off."""

from __future__ import annotations

import datetime
import functools
import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from legible import assert_legible, written
from narco_door.base.doors import named, tried
from narco_door.base.errors import UserError
from narco_door.results import Results, difference, door_shares, homicide_rate
from narco_door.results.intervals import clear
from narco_door.runs.pool import WorkerPool
from narco_door.show import figures, formats
from narco_door.show.figures import views
from narco_door.show.figures.accounts import accounts
from narco_door.show.figures.paper import balanced, readable, spread
from narco_door.show.picture import DoorNumbers, doors_drawing
from narco_door.show.picture.pen import Label, flat
from narco_door.show.words import Language, arm_name, say
from synthetic import ARMS, START, made_up

PARTING = 14
DRAW: dict[str, Callable[..., Figure]] = {
    name: functools.cache(getattr(figures, name)) for name in figures.__all__ if name != "write_all"
}


@pytest.fixture(scope="module")
def arms() -> Results:
    """Four arms, three replicates, three years."""
    return made_up(replicates=3, months=36, parting=PARTING)


@pytest.fixture(scope="module")
def alone() -> Results:
    """One scenario, one replicate, and so no reference and no interval."""
    return made_up(("doors_first",), replicates=1, months=24)


def line(axes: Axes, name: str) -> np.ndarray:
    """Upright values of the line drawn for a scenario or record."""
    (found,) = [drawn for drawn in axes.lines if drawn.get_gid() == name]
    return np.asarray(found.get_ydata(), float)


def texts(figure: Figure) -> list[str]:
    """What is written on a figure."""
    return [t.get_text() for t in written(figure)]


def heading(figure: Figure) -> str:
    """Title and subtitle on one line."""
    return " ".join(t.get_text() for t in figure.texts[:2]).replace("\n", " ").replace("\u00a0", " ")


def means(results: Results, record: str, scenario: str) -> np.ndarray:
    """Month by month, the mean of a record over the replicates, worked out apart from the figures."""
    rows = results.select(record).filter(pl.col("scenario") == scenario).sort("month", "replicate")
    return rows["value"].to_numpy().reshape(-1, len(results.replicates)).mean(axis=1)


def replaced(results: Results, scenario: str, record: str, value: pl.Expr) -> Results:
    """Results in which one record of one scenario is something else, in every place."""
    here = (pl.col("scenario") == scenario) & (pl.col("record") == record)
    series = results.series.with_columns(pl.when(here).then(value).otherwise(pl.col("value")).alias("value"))
    return replace(results, series=series)


# --- what is drawn is what was found ---


@pytest.mark.parametrize("arm", ARMS)
def test_comparison_draws_stocks_and_flows(arms: Results, arm: str) -> None:
    """Members and prisoners in thousands; entries a week, over the last twelve months or as many as there are."""
    axes = figures.comparison(arms).axes
    assert np.allclose(line(axes[0], arm), means(arms, "n_members", arm) / 1000)
    assert np.allclose(line(axes[-1], arm), means(arms, "n_prison", arm) / 1000)
    monthly = means(arms, "new_entries", arm) * 12 * 7 / 365.25
    year = [monthly[max(k - 11, 0) : k + 1].mean() for k in range(monthly.size)]
    assert np.allclose(line(axes[1], arm), year)
    assert axes[1].lines[0].get_xdata()[0] == pytest.approx(START.year)


def test_comparison_draws_rates_and_shares(arms: Results) -> None:
    """Homicides per 100,000 a year, and youths behind each door in per cent."""
    axes = figures.comparison(arms).axes
    years = homicide_rate(arms).filter(pl.col("scenario") == "mixed").sort("year", "replicate")
    assert line(axes[2], "mixed")[11::12] == pytest.approx(years["value"].to_numpy().reshape(-1, 3).mean(axis=1))
    shares = door_shares(arms).filter(pl.col("scenario") == "mixed")
    for k, door in enumerate((*named(tried()), "home", "idle")):
        rows = shares.filter(pl.col("door") == door).sort("month", "replicate")
        expected = 100 * rows["value"].to_numpy().reshape(-1, 3).mean(axis=1)
        assert np.allclose(line(axes[3 + k], "mixed"), expected)


def test_the_dashed_line_stands_where_arms_part(arms: Results, alone: Results) -> None:
    """The first month after the common past, in every panel; none where there is one arm."""
    month = START.year + (PARTING + 1) / 12  # effects begin in the month after the parting
    for axes in figures.comparison(arms).axes:
        (dashed,) = [drawn for drawn in axes.lines if drawn.get_gid() == "parting"]
        assert dashed.get_xdata()[0] == pytest.approx(month)
    assert not [d for a in figures.comparison(alone).axes for d in a.lines if d.get_gid() == "parting"]


@pytest.mark.parametrize("arm", ARMS[1:])
def test_differences_are_those_of_results(arms: Results, arm: str) -> None:
    """Lines and bands are the paired differences and their t intervals."""
    axes = figures.differences(arms).axes[0]
    expected = difference(arms, scenario=arm, record="n_members")
    assert np.allclose(line(axes, arm), expected["mean"] / 1000)
    edges = [np.asarray(p.vertices) for band in axes.collections for p in band.get_paths()]
    for name in ("p05", "p25", "p75", "p95"):
        end = expected[name][-1] / 1000
        assert any(np.isclose(edge[:, 1], end).any() for edge in edges), name


def test_one_replicate_has_no_band(alone: Results) -> None:
    """Nothing is shaded, and the subtitle says why."""
    figure = figures.comparison(alone)
    assert not [c for a in figure.axes for c in a.collections if c.get_alpha() is not None]
    assert any("One run only" in text for text in texts(figure))


def test_door_widths_are_per_cent(arms: Results) -> None:
    """The panel of the third arm's formal door shows its width and the belief in it."""
    axes = figures.door_widths(arms).axes[1 * len(ARMS) + 2]
    assert np.allclose(line(axes, "width_formal"), 100 * means(arms, "width_formal", ARMS[2]))
    assert np.allclose(line(axes, "belief_formal"), 100 * means(arms, "belief_formal", ARMS[2]))


def test_money_balances(arms: Results) -> None:
    """Spent, leaked and unspent add up to what was promised; bars are as long as that."""
    table = accounts(arms.nation())
    promised = [n for n in arms.series["record"].unique().cast(pl.String) if n.startswith("promised_")]
    start = views.parting(arms)
    since = arms.select(promised).filter(pl.col("month") >= start)
    for k, arm in enumerate(ARMS):
        mine = since.filter(pl.col("scenario") == arm)
        years = mine["month"].n_unique() / 12
        total = mine["value"].sum() / len(arms.replicates) / years / 1e6
        assert table.filter(pl.col("scenario") == arm)["value"].sum() == pytest.approx(total)
        assert sum(p.get_width() for p in figures.money(arms).axes[k].patches) == pytest.approx(total)


def test_money_where_there_is_none(alone: Results) -> None:
    """A world without a budget says so."""
    poor = alone.series.filter(~pl.col("record").cast(pl.String).str.contains("^(spent|leaked|unspent)_"))
    nothing = alone.series.filter(pl.col("record") == "spent_courts").with_columns(value=pl.lit(0.0))
    assert "No lever gets any money here" in texts(figures.money(replace(alone, series=pl.concat([poor, nothing]))))


def test_fates_are_shares_of_those_who_entered(arms: Results) -> None:
    """Bars are full, and the number on each is the share of that year's entrants who ended dead or jailed."""
    axes = figures.ladder(arms).axes[1]
    bars = {fate: [p for p in axes.patches if p.get_gid() == fate] for fate in ("dead", "jailed", "left", "inside")}
    tops = [sum(bars[fate][k].get_height() for fate in bars) for k in range(3)]
    assert np.allclose(tops, 100)
    mine = arms.careers.filter(pl.col("scenario") == ARMS[0], pl.col("entry_month").dt.year() == START.year)
    lost = mine.filter(pl.col("fate").is_in(["dead", "jailed"]))["weight"].sum() / mine["weight"].sum()
    assert bars["dead"][0].get_height() + bars["jailed"][0].get_height() == pytest.approx(100 * lost)
    assert f"{100 * lost:.0f}" in [t.get_text() for t in axes.texts]


def test_ladder_shows_people_in_rooms(arms: Results) -> None:
    """The lowest rung is as broad as there are lookouts in the last month."""
    rungs = [p for p in figures.ladder(arms).axes[0].patches if p.get_gid() == "rooms"]
    people = [means(arms, r, ARMS[0])[-1] for r in ("n_lookouts", "n_gunmen", "n_chiefs", "n_bosses", "n_cartels")]
    assert np.allclose([p.get_width() for p in rungs], people)


def tile(axes: Axes, code: str) -> str:
    """The value written on a tile."""
    k = [p.get_gid() for p in axes.patches].index(code)
    return [t.get_text() for t in axes.texts][2 + 2 * k]  # the first is the panel's head


def test_tiles_show_rates_of_states(arms: Results) -> None:
    """Homicides per 100,000 in Chihuahua in the first and last year, and the difference an arm makes."""
    axes = figures.tile_map(arms).axes

    def rate(arm: str, year: int) -> float:
        rows = homicide_rate(arms, place="08").filter(pl.col("year") == year, pl.col("scenario") == arm)
        return float(rows["value"].mean())  # type: ignore[arg-type]

    assert tile(axes[0], "08") == f"{rate(ARMS[0], 2007):.1f}"
    assert tile(axes[1], "08") == f"{rate(ARMS[0], 2009):.1f}"
    gap = rate("kingpins_first", 2009) - rate(ARMS[0], 2009)
    assert tile(axes[2], "08") == formats.tile(gap, plus=True)
    assert len(axes[0].patches) == 32


def test_tiles_of_one_year_share_a_scale(alone: Results) -> None:
    """One scenario: before and after only; the state with most homicides is the darkest."""
    axes = figures.tile_map(alone).axes
    assert len(axes) == 2
    shade = {float(tile(a, p.get_gid())): sum(p.get_facecolor()[:3]) for a in axes for p in a.patches}
    assert shade[max(shade)] == min(shade.values())


def test_tiles_need_a_table_with_tiles(alone: Results) -> None:
    """A place that is not on the map is an error that says what was expected."""
    nowhere = replace(alone, manifest={**alone.manifest, "places": "nowhere"})
    with pytest.raises(UserError, match="tile_row"):
        figures.tile_map(nowhere)


@pytest.mark.parametrize(
    ("record", "per", "times"),
    [
        ("n_members", "n_youth", 1e3),
        ("corruption", None, 1),
        ("n_cartels", None, 1),
        ("new_entries", "population", 12e5),
    ],
)
def test_levels_and_stocks_have_maps_too(arms: Results, record: str, per: str | None, times: float) -> None:
    """Any record can be mapped: stocks for 1,000 youths, flows for 100,000 people and year, levels as they are."""
    axes = figures.tile_map(arms, record=record, before=2008, after=2009).axes
    here = arms.series.filter(pl.col("place") == "08", pl.col("scenario") == ARMS[0])
    for year, drawn in zip((2008, 2009), axes[:2], strict=True):
        now = here.filter(pl.col("month").dt.year() == year)

        def means(name: str, now: pl.DataFrame = now) -> np.ndarray:
            """One a replicate."""
            mine = now.filter(pl.col("record") == name).group_by("replicate").agg(pl.col("value").mean())
            return mine.sort("replicate")["value"].to_numpy()

        value = float((times * means(record) / (means(per) if per else 1.0)).mean())
        assert tile(drawn, "08") == formats.tile(value)


def test_doors_say_what_the_svg_says(arms: Results) -> None:
    """The drawing by matplotlib holds every label of the shapes that the SVG is written from."""
    numbers = DoorNumbers.from_results(arms, "kingpins_first")
    other = DoorNumbers.from_results(arms, ARMS[0])
    drawn = doors_drawing(numbers, compared=other)
    footer, *labels = texts(figures.doors(arms))[-1:] + texts(figures.doors(arms))[:-1]
    assert labels == [i.text for i in flat(drawn) if isinstance(i, Label) and i.text]
    assert all(words in footer for words in ("a model", "100 people", arms.manifest["hash"]))


def test_dashed_doors_of_one_scenario_are_those_of_a_settled_model(alone: Results) -> None:
    """A year after the start; the last month of a run that is shorter."""
    assert any("Jan 2008" in text for text in texts(figures.doors(alone)))
    short = replace(alone, series=alone.series.filter(pl.col("month") <= datetime.date(2007, 6, 1)))
    assert any("Jun 2007" in text for text in texts(figures.doors(short)))


# --- what is said is no more than what was found ---


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", ["comparison", "differences", "tile_map"])
def test_one_run_tells_no_difference(name: str, language: Language) -> None:
    """Without an interval the title claims nothing, and no tile of a difference has a colour."""
    figure = DRAW[name](made_up(ARMS[:2], replicates=1, months=36), language=language)
    assert say("gap_one_run", language) in heading(figure)
    assert arm_name(ARMS[1], language) not in heading(figure)
    if name == "tile_map":
        assert {p.get_facecolor() for p in figure.axes[2].patches} == {(0.93, 0.93, 0.93, 1)}


def test_what_is_clear() -> None:
    """An interval of some width that leaves out 0 by more than rounding."""
    ends = [(None, None), (2.0, 2.0), (-1.0, 1.0), (0.0, 1.0), (1e-15, 3e-15), (0.5, 1.0), (-2.0, -1.0)]
    assert [clear(low, high, of=1.0) for low, high in ends] == [None] + [False] * 4 + [True] * 2
    assert clear(1.0, 2.0, of=1e12) is False  # a billionth of what is compared is rounding


def test_pairs_that_are_all_alike_are_not_clear(arms: Results) -> None:
    """The same number of homicides more in every pair is an interval of no width."""
    even = replaced(arms, ARMS[0], "new_homicides", pl.lit(100.0))
    even = replaced(even, "mixed", "new_homicides", pl.lit(110.0))
    assert "Mixed: no clear difference" in heading(figures.differences(even))


def test_tiles_and_title_count_alike(arms: Results) -> None:
    """More means more on the tiles: what differs by rounding alone is not counted."""
    still = replaced(arms, ARMS[0], "new_homicides", pl.lit(100.0))
    still = replaced(still, ARMS[0], "population", pl.lit(1e6))
    year = pl.col("month").dt.year()
    rounding = 100.0 + 1e-12 * (year - START.year)
    for value in (rounding, pl.when((year == 2009) & (pl.col("place") == "08")).then(150.0).otherwise(rounding)):
        figure = figures.tile_map(replaced(still, ARMS[0], "new_homicides", value))
        before, after = figure.axes[:2]
        codes = [p.get_gid() for p in before.patches]
        seen = sum(float(tile(after, code)) > float(tile(before, code)) for code in codes)
        assert f"in {seen} of 32 states" in heading(figure)
    assert seen == 1


def test_luck_is_told(arms: Results) -> None:
    """How many of the 90 % intervals on a map are clear by it, and whose it is where there are several scenarios."""
    assert "of 32, about 3 look clear by luck" in heading(figures.tile_map(arms))
    assert "de 32, cerca de 3 parecen claros" in heading(figures.tile_map(arms, language="es"))
    assert "same luck" in views.subtitle(arms, "en", bands=False)
    alone = views.subtitle(made_up(("baseline",), replicates=3, months=24), "en", bands=False)
    assert alone.startswith("Mean of 3 runs. ")


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", DRAW)
def test_every_figure_says_that_it_is_of_a_model(name: str, language: Language, arms: Results) -> None:
    """Once, at its foot."""
    told = [t for t in written(DRAW[name](arms, language=language)) if say("of_a_model", language) in t.get_text()]
    assert [t.get_gid() for t in told] == ["footer"]


def test_a_run_of_half_a_year_is_drawn_too() -> None:
    """Flows are averaged over what there is, and the figure says over how many months."""
    short = made_up(ARMS[:2], replicates=2, months=6, parting=2)
    assert "over the last 6 months" in heading(figures.comparison(short))
    expected = difference(short, scenario=ARMS[1], record="n_members")
    assert np.allclose(line(figures.differences(short).axes[0], ARMS[1]), expected["mean"] / 1000)


# --- how it looks ---


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("which", ["arms", "alone"])
@pytest.mark.parametrize("name", DRAW)
def test_no_text_is_cut_or_covered(name: str, which: str, language: str, request: pytest.FixtureRequest) -> None:
    """Every word lies on the page, and no two pieces of text touch."""
    assert_legible(DRAW[name](request.getfixturevalue(which), language=language))


@pytest.mark.parametrize("which", ["arms", "alone"])
@pytest.mark.parametrize("name", DRAW)
def test_languages_share_no_words(name: str, which: str, request: pytest.FixtureRequest) -> None:
    """Whatever has letters differs between English and Spanish, the short names of states apart."""
    results = request.getfixturevalue(which)
    english, spanish = (set(texts(DRAW[name](results, language=language))) for language in ("en", "es"))
    shared = {text for text in english & spanish if any(c.isalpha() for c in text)}
    assert all(name == "tile_map" and text.isupper() and len(text) <= 4 for text in shared), shared


@given(st.lists(st.floats(0, 100), min_size=1, max_size=8), st.floats(1, 30))
def test_spread_labels_do_not_touch(wanted: list[float], height: float) -> None:
    """Labels keep their order and their distance, and stay on the panel when there is room."""
    places = spread(wanted, [height] * len(wanted), low=0, high=100)
    ordered = [places[i] for i in sorted(range(len(wanted)), key=lambda i: wanted[i])]
    assert all(b - a >= height - 1e-6 for a, b in itertools.pairwise(ordered))
    if height * len(wanted) <= 100:
        assert min(ordered) >= height / 2 - 1e-6
        assert max(ordered) <= 100 - height / 2 + 1e-6


def test_labels_that_do_not_touch_stay_where_they_are() -> None:
    """Nothing is moved without need."""
    assert spread([80, 10, 45], [5, 5, 5], low=0, high=100) == [80, 10, 45]


def test_small_tools() -> None:
    """Colours that can be read, lines of about the same length."""
    assert readable("#0072b2") == "#0072b2" != readable("#e69f00")
    lines = balanced("one two three four five six seven eight nine ten eleven", 50)
    assert len(lines) == 2
    assert all("100\u00a0%" in "".join(balanced("it is 100 % of it all", width)) for width in range(9, 22))
    assert abs(len(lines[0]) - len(lines[1])) < 12


# --- files ---


def test_write_all_writes_the_same_bytes_in_any_process(arms: Results, tmp_path: Path) -> None:
    """Every figure is a file; its bytes depend on the results alone, whose hash it names."""
    first = figures.write_all(arms, tmp_path / "a")
    with WorkerPool(2) as pool:
        second = figures.write_all(arms, tmp_path / "b", executor=pool)
    assert {path.stem for path in first} == set(DRAW)
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in second]
    with Image.open(first[1]) as picture:
        assert arms.manifest["hash"] in picture.info["Description"]
        assert picture.width >= 1400


def test_write_all_leaves_out_what_cannot_be_drawn(alone: Results, tmp_path: Path) -> None:
    """Without a reference there are no differences; without tiles, no map."""
    nowhere = replace(alone, manifest={**alone.manifest, "places": "nowhere"})
    drawn = figures.write_all(nowhere, tmp_path, language="es")
    assert set(DRAW) - {path.stem for path in drawn} == {"differences", "tile_map"}


def test_unknown_scenarios_are_named_by_their_files() -> None:
    """A user's own scenario needs no translation."""
    assert arm_name("my_own-idea", "es") == "My own idea"
