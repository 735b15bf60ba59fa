"""Whom recruiters look for, where a stage of school ends, and what changes by itself from year to year."""

from __future__ import annotations

import numpy as np
import pytest

from narco_door.base.ages import ADULT, LAST_AGE
from narco_door.base.doors import SCHOOL
from narco_door.street import minors, trends
from narco_door.street.choice import make_rule
from narco_door.street.crossroads import SAW_NARCO, stage_month
from standing import RULE, stand
from worlds import lived, plan

ON = plan().switches


def test_offers_fall_by_a_step_around_the_eighteenth_birthday() -> None:
    offers = minors.sought({"sought_young": 4.0, "sought_years": 1.0}, ON)
    assert offers[ADULT] == pytest.approx(3.0)  # half way between 1 + 4 and 1
    assert offers[12 * 12] == pytest.approx(5.0, abs=0.02)
    assert offers[-1] == pytest.approx(1.0, abs=0.01)
    assert (np.diff(offers) < 0).all()
    assert (minors.sought({"sought_young": 4.0, "sought_years": 1.0}, plan(off=["young_sought"]).switches) == 1).all()


def test_the_rule_gives_each_age_its_offers_and_fewer_at_a_stage_end() -> None:
    rule = RULE._replace(offers_by_age=np.linspace(4.0, 1.0, LAST_AGE), offers_stage_end=0.25)
    for age, end in ((15, False), (15, True), (25, False)):
        seen = stand(age=age, door=SCHOOL, stage_end=end, rule=rule, width_narco=0.1, n=50_000) & SAW_NARCO > 0
        expected = 0.1 * rule.offers_by_age[age * 12] * (0.25 if end else 1.0)
        assert seen.mean() == pytest.approx(expected, abs=0.01)


def test_to_look_for_the_young_makes_no_more_offers() -> None:
    """Offers are as many for the same vacancies, and go to younger men."""
    many = {"vacancy_first": 0.3, "refill_half_life": 1.0, "accepted_first": np.log(2.0)}  # an offer a month each
    numbers = {**many, "forced_per_vacancy": 0.0}
    runs = [lived(plan(until="2007-06", persons=100, numbers=numbers, off=off)) for off in ((), ("young_sought",))]
    offers, to_minors, vacant = (
        np.array([run.records.nation(name)[1:].sum() for run in runs])
        for name in ("new_offers", "new_offers_minor", "n_vacancies")
    )
    each = offers / vacant
    assert each[0] == pytest.approx(each[1], rel=0.05)
    assert to_minors[0] > 1.5 * to_minors[1]


def test_a_stage_ends_for_each_rank_in_one_month_of_the_year_that_follows() -> None:
    rule = make_rule(plan().parameters, ON)
    months = [stage_month(age, rule) for age in range(LAST_AGE)]
    for end in (15, 18, 22):
        assert months[end * 12 : end * 12 + 12] == list(range(12))
    assert sum(month >= 0 for month in months) == 36
    old = make_rule(plan().parameters, plan(off=["school_year"]).switches)
    ends = [age for age in range(LAST_AGE) if stage_month(age, old) >= 0]
    assert ends == [15 * 12, 18 * 12, 22 * 12, 25 * 12]


def test_trends_are_straight_lines_of_utility() -> None:
    numbers = {"school_trend": 0.05, "work_trend": 0.03, "home_women_trend": -0.02, "seats_trend": 0.01}
    later = trends.grown(RULE, numbers, ON, years=10.0)
    assert later.like_school == pytest.approx(RULE.like_school * np.exp(0.5))
    assert later.learn_formal / later.learn_informal == pytest.approx(RULE.learn_formal / RULE.learn_informal)
    assert later.learn_informal == pytest.approx(RULE.learn_informal * np.exp(0.3))
    assert later.like_home == pytest.approx(RULE.like_home * [np.exp(-0.2), 1.0])
    assert trends.work(numbers, ON, years=10.0) == pytest.approx(np.exp(0.3))
    assert trends.seats(numbers, ON, years=10.0) == pytest.approx(1.01**10)
    assert trends.grown(RULE, numbers, plan(off=["trends"]).switches, years=10.0) is RULE
