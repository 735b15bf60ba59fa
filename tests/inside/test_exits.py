"""The way out: paid for month by month, in persons, at every scale; closed forms of its price and of relapse."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from narco_door.base.draws import Draws
from narco_door.base.remembered import Numbers
from narco_door.inside.careers import MemberTable
from narco_door.inside.exits import LEVER, Exits, Month, daring, units, uptake
from narco_door.month.model import NarcoDoor
from worlds import lived, plan, unlike

PLACES = 3
MEMBERS = np.array([1000.0, 4000.0, 0.0])
NUMBERS = plan().parameters.plain()
SAFE = {"relapse_accompanied": 0.0, "relapse_alone": 0.0}


def programme(**numbers: float) -> Exits:
    """A programme of three places, with nobody on the roll."""
    roll = SimpleNamespace(door=np.zeros(0, np.uint8))
    return Exits(roll, places=PLACES, numbers=Numbers({**NUMBERS, **numbers}))  # type: ignore[arg-type]


def month(exits: Exits, paid: float, *, t: int = 0) -> Month:
    """Live a month on so many units in each place, or as many as are of use."""
    asking = exits.asking(MEMBERS, np.full(PLACES, exits.numbers["uptake"]))
    return exits.live(t, asking, MemberTable(), paid=np.minimum(paid, exits.wanted(asking)), draws=Draws(1))


def test_the_units_of_the_whole_way_cost_its_price() -> None:
    by_month = units(Numbers(NUMBERS))
    assert by_month.size == 72
    assert by_month.sum() / 12 * 3300 == pytest.approx(NUMBERS["exit_price"])
    assert by_month[0] / by_month[-1] == pytest.approx(NUMBERS["exit_entry"])


def test_everyone_accompanied_is_paid_for_and_everything_paid_accompanies() -> None:
    exits = programme()
    for t in range(100):
        asking = exits.asking(MEMBERS, np.full(PLACES, NUMBERS["uptake"]))
        paid = np.minimum(np.array([30.0, 7.0, 5.0]), exits.wanted(asking))
        kept = (exits.persons.sum(axis=0) * exits.units).sum(axis=1)
        total = exits.persons.sum(axis=(0, 2))
        out = exits.live(t, asking, MemberTable(), paid=paid, draws=Draws(1))
        cover = np.minimum(1.0, np.divide(paid, kept, out=np.ones(PLACES), where=kept > 0))
        new = out.accompanied - cover * total
        assert np.allclose(cover * kept + new * exits.units[0], paid, atol=1e-9)  # to the person
        assert (new >= -1e-9).all()
    assert exits.persons[:, :2].min() >= 0
    assert exits.persons[:, 2].sum() == 0  # nobody inside, nobody to take out
    assert exits.persons[0, 0].sum() > exits.persons[1, 0].sum() > 0  # some would have left anyway


def test_with_money_for_all_who_ask_each_cohort_finishes_after_its_years() -> None:
    exits = programme(**SAFE, exit_years=2.0)
    asking = exits.asking(MEMBERS, np.full(PLACES, NUMBERS["uptake"]))
    finished = [month(exits, 1e9, t=t).finished for t in range(30)]
    assert not np.any(finished[:23])
    assert np.allclose(finished[24:], asking.induced + asking.anyway)
    assert np.allclose(exits.persons.sum(axis=(0, 2)), 23 * (asking.induced + asking.anyway))


def test_who_is_alone_relapses_at_his_own_hazard_and_serves_no_time() -> None:
    exits = programme(relapse_alone=0.1, relapse_accompanied=0.0, exit_deadweight=1.0)
    month(exits, 1e9)
    first = exits.persons.copy()
    asking = exits.asking(MEMBERS, np.zeros(PLACES))
    for t in range(1, 11):
        exits.live(t, asking, MemberTable(), paid=np.zeros(PLACES), draws=Draws(1))
    assert np.allclose(exits.persons[0], first[0] * np.exp(-1.0))
    assert np.allclose(exits.persons[1], first[1])  # who would have left anyway stays out anyway


def test_uptake_is_its_number_at_the_first_month_and_moves_the_right_way() -> None:
    n = Numbers(NUMBERS)
    usual: dict[str, Any] = {"risk": np.array([n["risk_first"]]), "pay": np.ones(1), "felt": np.zeros(1)}
    assert uptake(n, **usual) == pytest.approx(n["uptake"])
    assert uptake(n, **{**usual, "risk": usual["risk"] + 0.1}) > n["uptake"]
    assert uptake(n, **{**usual, "pay": np.array([2.0])}) < n["uptake"]
    assert uptake(n, **{**usual, "felt": np.array([0.3])}) < n["uptake"]
    assert uptake(n, **{**usual, "risk": usual["risk"] + 9.0}) == n["uptake_most"]
    assert daring(np.zeros(1), n) == pytest.approx(1 - 0.58 * 0.5)


MONEY = f"add.{LEVER}@2007-01..2026-12=300"


def test_money_that_nobody_can_use_goes_back_and_the_rest_is_paid_for_persons() -> None:
    records = lived(plan(MONEY, until="2009-12", persons=500)).records
    promised, unspent = (records.nation(f"{word}_{LEVER}") for word in ("promised", "unspent"))
    spent = records.nation(f"spent_{LEVER}")
    assert unspent[-1] > 0.5 * promised[-1]  # far more than there are takers
    rate = spent[12:] / records.nation("n_accompanied")[12:] * 12  # US$ a person and year
    dear = NUMBERS["exit_price"] * NUMBERS["exit_entry"] / (NUMBERS["exit_entry"] + NUMBERS["exit_years"] - 1)
    assert (rate < dear * 1.001).all()
    assert (rate > dear / NUMBERS["exit_entry"]).all()
    assert (np.diff(rate) < 0).all()  # more and more are past the entry year


def test_as_many_leave_with_it_at_every_scale() -> None:
    """Agents leave by chance, the accounts are of persons: they agree on average."""
    coarse, fine = (lived(plan(MONEY, until="2011-12", persons=persons)) for persons in (500, 250))
    for model in (coarse, fine):
        kept = model.world.exits.persons[0].sum()
        agents = len(model.world.exits.table) * model.world.weight
        assert abs(agents - kept) < 4 * np.sqrt(kept * model.world.weight)
    shares = [np.divide(*(m.records.nation(r).sum() for r in ("n_accompanied", "n_members"))) for m in (coarse, fine)]
    assert shares[0] == pytest.approx(shares[1], rel=0.1)


def test_when_the_money_ends_participants_relapse() -> None:
    ends = "add.exit_reintegration@2007-01..2008-12=300"
    soon = {"relapse_alone": 0.5, "uptake": 0.013, "uptake_by_risk": 0.0}
    model = NarcoDoor(plan(ends, until="2010-12", persons=500, numbers=soon)).run()
    relapses, inside = model.records.nation("new_relapses"), model.records.nation("n_accompanied")
    assert relapses[36:].sum() > 5 * relapses[:24].sum()
    assert inside[-1] < 0.1 * inside.max()  # money comes with a lag of half a year
    assert (model.records.nation("new_entries") >= relapses - 1e-9)[:24].all()


def test_off_is_a_programme_that_nobody_asks_for() -> None:
    nobody = lived(plan(MONEY, until="2007-12", numbers={"uptake": 0.0, "exit_deadweight": 0.0}))
    assert unlike(nobody, lived(plan(MONEY, until="2007-12", off=["exits"]))) == []
    assert not nobody.records.nation(f"spent_{LEVER}").any()
