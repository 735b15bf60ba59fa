"""Referral: no more are reached than are paid for, they are of the kind from which recruits come, and 0 is a lottery."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narco_door.base.doors import FORMAL, IDLE, INFORMAL, PRECARIOUS, SCHOOL, names
from narco_door.street.crossroads import SAW_NARCO
from narco_door.street.referral import entry_rates, leaning
from standing import stand
from worlds import lived, plan

SHAPE = (2, 4, 2, len(names()))
PEOPLE = np.random.default_rng(5).integers(0, 400, SHAPE)
RATES = np.random.default_rng(6).random(SHAPE[1:]) ** 4
REACH = {"referral_reach": 3.0}


@settings(max_examples=60, deadline=None)
@given(referral=st.floats(0, 1), coverage=st.floats(0, 1), reach=st.floats(1, 10))
def test_nobody_more_is_reached_than_is_paid_for(referral: float, coverage: float, reach: float) -> None:
    lean = leaning(
        RATES, PEOPLE, np.full(2, coverage), law={"referral": referral}, numbers={"referral_reach": reach}
    )  # fmt: skip
    reached = (PEOPLE * lean * coverage)[..., PRECARIOUS].sum(axis=(1, 2, 3))
    assert reached == pytest.approx(coverage * PEOPLE[..., PRECARIOUS].sum(axis=(1, 2, 3)))
    assert (lean * coverage).max() <= 1 + 1e-9
    assert (lean >= 0).all()
    assert (lean[..., [SCHOOL, FORMAL]] == 1).all()


def test_no_referral_is_a_lottery_and_more_of_it_leans_further() -> None:
    def at_risk(referral: float) -> float:
        lean = leaning(RATES, PEOPLE, np.full(2, 0.1), law={"referral": referral}, numbers=REACH)
        kind = PEOPLE * RATES
        return float((kind * lean)[..., PRECARIOUS].sum() / kind[..., PRECARIOUS].sum())

    assert (leaning(RATES, PEOPLE, np.full(2, 0.1), law={"referral": 0.0}, numbers=REACH) == 1).all()
    assert 1 < at_risk(0.3) < at_risk(1.0) < 3 * 1.5


def test_entry_rates_count_who_walked_in() -> None:
    cell = np.ravel_multi_index(([1, 1, 2], [1, 1, 0], [IDLE, IDLE, INFORMAL]), SHAPE[1:])
    rates = entry_rates(cell, PEOPLE)
    assert rates[1, 1, IDLE] == 2 / PEOPLE[:, 1, 1, IDLE].sum()
    assert rates[2, 0, INFORMAL] == 1 / PEOPLE[:, 2, 0, INFORMAL].sum()
    assert np.count_nonzero(rates) == 2


def test_as_many_places_are_paid_for_whoever_gets_them() -> None:
    money = "add.mentoring@2007-01..2026-12=500"
    sent = lived(plan(money, "law.referral@2007-01..2026-12=1", until="2008-06", persons=1000))
    lottery = lived(plan(money, until="2008-06", persons=1000))
    spent = [each.records.nation("spent_mentoring") for each in (sent, lottery)]
    assert spent[0] == pytest.approx(spent[1], rel=0.02)


@pytest.mark.parametrize("lean", [0.0, 1.0, 2.0, 3.0])
def test_outreach_prevents_the_offers_of_those_whom_it_is_sent_to(lean: float) -> None:
    prevented, width = 0.2, 0.3  # by lottery; the width is what is left of the offers then
    seen = stand(width_narco=width, outreach=prevented / (1 - prevented), lean=lean) & SAW_NARCO
    assert (seen > 0).mean() == pytest.approx(width * (1 - prevented * lean) / (1 - prevented), abs=0.01)


def test_the_same_workers_keep_more_from_the_door_when_they_are_sent() -> None:
    def entries(*laws: str) -> float:
        worlds = [
            lived(plan("add.outreach@2007-01..2026-12=800", *laws, until="2012-12", persons=400), seed=seed)
            for seed in (1, 2, 3)
        ]
        return sum(float(world.records.nation("new_entries").sum()) for world in worlds)

    assert entries("law.referral@2007-01..2026-12=1") < entries()
