"""Trials in the model: what is not given does nothing, lives walk as on the roll, what is told is what was found."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from narco_door.base.doors import CARTEL, FORMAL, SCHOOL, outside
from narco_door.base.errors import UserError
from narco_door.inside import cartels
from narco_door.month.model import NarcoDoor
from narco_door.questions.trials import Trial, examining, sit, trials, trials_named
from narco_door.questions.trials.lives import Help, Lives, help_of, live
from narco_door.questions.trials.reading import Given
from narco_door.runs.options import RunOptions
from narco_door.show.trials import designs_sheet, trials_sheet, write_trials
from worlds import STORM, plan

NOTHING = help_of(Given(), 0)


@pytest.fixture(scope="module")
def country() -> NarcoDoor:
    """A country after a year."""
    model = NarcoDoor(plan(until="2008-12", persons=2000))
    for _ in range(12):
        model.step()
    return model


@pytest.fixture(scope="module")
def found() -> pl.DataFrame:
    """Two quick trials, and one that gives nothing."""
    d10 = trials()["D10"]
    short = d10.model_copy(update={"months": 6, "offered": Given(job=[0, 6])})
    idle = d10.model_copy(update={"months": 6, "offered": Given()})
    asked: Mapping[str, Trial] = {"D10": short, "D12": idle}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(examining, "LIVES", 4000)
        patch.setattr(examining, "BEGINS", 2007 * 12 + 2)
        return sit(asked, RunOptions(replicates=2, persons_per_agent=4000, workers=1))


def test_lives_that_are_given_nothing_walk_as_the_roll_does(country: NarcoDoor) -> None:
    rows = np.concatenate(
        [country.youth.select(door=door) for door in ("school", "formal", "informal", "home", "idle")]
    )
    drawn = np.random.default_rng(1).choice(rows, 60_000)
    lives = Lives.of(country, drawn)
    until = country.month + 12
    alive = country.month + 12 - lives.birth < 360
    before = np.bincount(lives.door, minlength=8) / drawn.size
    while country.month < until:
        country.step()
        live(lives, country, trial="test", given=NOTHING)
    there = np.bincount(country.world.roll.door[drawn][alive], minlength=8) / alive.sum()
    here = np.bincount(lives.door[alive], minlength=8) / alive.sum()
    for door in outside():
        assert here[door] == pytest.approx(there[door], abs=0.02)
    assert abs(here - before).max() > 0.01  # a year is not nothing
    assert here[CARTEL] == pytest.approx(there[CARTEL], abs=0.002)
    grown = country.world.roll.schooling[drawn][alive].mean()
    assert lives.schooling[alive].mean() == pytest.approx(grown, abs=0.1)


def test_a_trial_outlives_the_rows_of_cartels_that_are_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cartels, "MANY_GONE", 1)
    model = NarcoDoor(plan("add.kingpin_operations@2007-02..2009-12=2000", until="2012-12", numbers=STORM))
    lives = Lives.of(model, model.youth.select(door="idle")[:100])
    rows = []
    while model.running:
        model.step()
        live(lives, model, trial="test", given=NOTHING)
        assert model.lived.threatened.shape == model.lived.hazards.war.shape
        rows.append(len(model.lived.threatened))
    assert min(np.diff(rows)) < 0


def test_what_is_given_begins_and_ends_as_it_says() -> None:
    given = Given(job=[2, 5], mentor=[0, 3])
    months = [help_of(given, k) for k in range(7)]
    assert [h.job for h in months] == [False, False, True, True, True, False, False]
    assert [h.job_begins for h in months] == [False, False, True, False, False, False, False]
    assert [h.job_ends for h in months] == [False, False, False, False, False, True, False]
    assert [h.mentor for h in months] == [True] * 3 + [False] * 4
    back = help_of(Given(job=[0, 2], returns=True), 2)
    assert back == Help(*[False] * 5)


def test_who_has_a_job_is_in_it_and_a_pupil_keeps_his_seat(country: NarcoDoor) -> None:
    lives = Lives.of(country, country.youth.select(age=(16, 20)))
    outside_school = ~np.isin(lives.door, (SCHOOL, CARTEL)) & np.isin(lives.door, outside())
    pupils = lives.door == SCHOOL
    live(lives, country, trial="test", given=help_of(Given(job=[0, 3]), 0))
    assert (lives.door[outside_school] == FORMAL).all()
    assert (lives.door[pupils] == SCHOOL).all()


def test_a_trial_that_gives_nothing_finds_exactly_nothing(found: pl.DataFrame) -> None:
    idle = found.filter(pl.col("trial") == "D12")
    assert idle["mean"].to_list() == [0.0, 0.0]
    assert found.filter(pl.col("trial") == "D10")["mean"].min() > 5  # type: ignore[operator]


def test_only_the_comparison_of_the_study_is_judged(found: pl.DataFrame) -> None:
    judged = found.filter(pl.col("within").is_not_null())
    assert judged.select("trial", "compared").rows() == [("D10", "treated"), ("D12", "treated")]


def test_each_trial_is_a_whole_sentence_and_its_interval_holds_its_effect() -> None:
    assert list(trials()) == ["D5", "D6", "D7", "D8", "D10", "D12", "D13", "N6"]
    for trial in trials().values():
        assert trial.low < trial.high
        assert max(*trial.offered.job, *trial.offered.mentor, *trial.offered.transfers) <= trial.months


def test_a_trial_that_there_is_not_gets_one_message() -> None:
    with pytest.raises(UserError, match=r'no trial "D55".*did you mean "D5"'):
        trials_named(["D55"])


def test_tables_and_pictures_say_the_same_in_both_languages(found: pl.DataFrame, tmp_path: Path) -> None:
    written = {path.name for path in write_trials(found, tmp_path)}
    assert written == {"trials.csv", "trials.md", "trials.png", "trials_es.md", "trials_es.png"}
    sheets = [trials_sheet(found, language=language) for language in ("en", "es")]
    assert [len(sheet.rows) for sheet in sheets] == [4, 4]
    assert sheets[0].rows[0][4] == str(sheets[1].rows[0][4]).replace(" a ", " to ")
    assert len(designs_sheet(trials(), language="es").rows) == 8
