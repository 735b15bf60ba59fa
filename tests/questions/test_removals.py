"""Removals: the twin lives the same luck but for the one leader, and what is compared are sums and not ratios."""

from __future__ import annotations

import datetime

import numpy as np
import polars as pl
import pytest

from narco_door.base.draws import Draws
from narco_door.inside.leaders import BY_THE_STATE
from narco_door.month.model import NarcoDoor
from narco_door.questions.removals import MEASURES, After, Fall, Luck, Removal, Sparing, found, removals
from narco_door.runs.options import RunOptions
from narco_door.show.measured import removals_sheet
from worlds import plan

SPAN = (2007 * 12 + 1, 2007 * 12 + 6)


@pytest.fixture(scope="module")
def asked() -> tuple[pl.DataFrame, pl.DataFrame]:
    return removals(RunOptions(replicates=1, persons_per_agent=2000, workers=1), span=SPAN)


def test_who_is_spared_is_not_found_and_nobody_elses_luck_changes() -> None:
    luck, who = Draws(5), np.arange(9, dtype=np.uint64)
    sparing = Sparing(luck, range(3, 4), np.array([4, 7], np.uint64))
    before, after = luck.uniforms("capture", 3, who), sparing.uniforms("capture", 3, who)
    assert (after[[4, 7]] == 1.0).all()
    assert (np.delete(after, [4, 7]) == np.delete(before, [4, 7])).all()
    for decision, month in (("capture", 4), ("split 0", 3)):
        assert (sparing.uniforms(decision, month, who) == luck.uniforms(decision, month, who)).all()
    assert (Sparing(luck, range(3, 4)).uniforms("capture", 3, who) == 1.0).all()


def test_the_state_takes_nobody_while_all_are_spared() -> None:
    model = NarcoDoor(plan(until="2007-12", off=("history",)))
    model.world.draws = Sparing(model.world.draws, range(2007 * 12 + 6, 2008 * 12))
    taken = model.run().records.events().filter(pl.col("kind").is_in(BY_THE_STATE))
    assert taken.height
    assert taken["month"].max() < datetime.date(2007, 7, 1)  # type: ignore[operator]


def test_each_removal_of_the_months_has_a_twin(asked: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    measures, each = asked
    assert each.height
    assert each["month"].is_between(datetime.date(2007, 2, 1), datetime.date(2007, 6, 1)).all()
    assert (each["here_6_taken"] <= each["here_12_taken"]).all()
    gap = (each["nation_taken"] - each["nation_spared"]).mean()
    assert measures.filter(pl.col("measure") == "alone")["mean"][0] == pytest.approx(gap)


def test_a_rise_is_of_sums_and_no_mean_of_ratios() -> None:
    fall = Fall(0, "A", "capture", "01", 100)
    small = Removal(fall, After(20, 20, 1000, 2), After(10, 10, 990, 1))
    large = Removal(fall, After(100, 200, 1090, 3), After(110, 290, 1090, 3))
    told = dict(found([Luck([small, large], 5000.0, 4000.0)]).select("measure", "mean").iter_rows())
    assert told == pytest.approx(
        {
            "nation": 500, "alone": 5, "here_deaths": -40, "here_6": 0,
            "here_12": 100 * (220 / 300 - 1), "groups": 25, "town_6": 0,
            "town_12": 1000 * (220 / 300 - 1), "town_groups": 62.5,
        }
    )  # fmt: skip


def test_a_luck_in_which_nobody_falls_says_nothing() -> None:
    assert found([Luck([], 10.0, 10.0)]).is_empty()


def test_the_table_says_the_same_in_both_languages(asked: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    sheets = [removals_sheet(asked[0], falls=len(asked[1]), language=language) for language in ("en", "es")]
    assert [row[1] for row in sheets[0].rows] == [row[1] for row in sheets[1].rows]
    assert len(sheets[0].rows) == len(MEASURES)
