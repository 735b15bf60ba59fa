"""Paired worlds: under one seed a policy changes nothing before its date, nor anybody who could not see it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from narco_door.base.doors import CARTEL, SCHOOL, outside
from narco_door.base.months import month_number
from narco_door.book.book import RECORDS
from narco_door.month.model import NarcoDoor
from narco_door.scenario import Scenario, load_one
from narco_door.scenario.idle import Idle
from narco_door.scenario.parting import parting
from worlds import LEVERS, STORM, about_people, changed_records, lived, pages, plan, unlike, whole_state, window_rows

UNTIL = "2010-12"
STARTS, MONTHS_BEFORE = "2009-01", 24
LAST_MONTHS = "2026-12"
# what a large programme costs, US$ m a year; slow levers need more to bite within two years
BIG = dict.fromkeys(LEVERS, 1000) | {"public_transport": 4000, "public_space": 4000, "courts": 4000}


def policy(lever: str) -> Scenario:
    """A stormy world, in which little money is soon seen, with much more for one lever."""
    return plan(f"add.{lever}@{STARTS}..{LAST_MONTHS}={BIG[lever]}", until=UNTIL, numbers=STORM)


@pytest.fixture(scope="module")
def without_it() -> NarcoDoor:
    """The stormy world without the policy."""
    return lived(plan(until=UNTIL, numbers=STORM))


def everybody(one: NarcoDoor, other: NarcoDoor) -> None:
    """Fail unless the rows of two rolls are the same persons."""
    rows = np.arange(one.world.roll.door.size)
    assert (one.world.roll.whereabouts(rows)[3] == other.world.roll.whereabouts(rows)[3]).all()


def test_a_run_repeats_itself(reference: NarcoDoor) -> None:
    assert unlike(reference, NarcoDoor(plan(until=UNTIL)).run()) == []


def test_another_seed_and_another_replicate_are_other_worlds(reference: NarcoDoor) -> None:
    for other in (lived(plan(until=UNTIL), seed=2), lived(plan(until=UNTIL), replicate=1)):
        assert {"n_school", "n_formal", "new_entries", "new_homicides"} <= changed_records(reference, other)


def test_no_money_is_no_policy(reference: NarcoDoor) -> None:
    sets = [f"add.{lever}@2008-03..{LAST_MONTHS}=0" for lever in LEVERS]
    with pytest.warns(Idle, match="changes nothing"):
        nothing = plan(*sets, until=UNTIL)
    assert unlike(reference, lived(nothing)) == []


def test_no_money_shared_in_another_way_is_no_policy(reference: NarcoDoor) -> None:
    scenario = plan(until=UNTIL)
    nothing = tuple(
        replace(scenario.orders[0], lever=lever, channel=channel, musd_year=0.0, allocation=(("14", 1.0),))
        for lever in LEVERS
        for channel in ("domestic", "aid")
    )
    assert unlike(reference, lived(replace(scenario, orders=(*scenario.orders, *nothing)))) == []


@pytest.mark.parametrize("lever", LEVERS)
def test_a_policy_changes_nothing_before_its_month(lever: str, without_it: NarcoDoor) -> None:
    other = lived(policy(lever))
    assert changed_records(without_it, other, months=slice(0, MONTHS_BEFORE)) == set()
    first = changed_records(without_it, other, months=slice(MONTHS_BEFORE, MONTHS_BEFORE + 1))
    assert f"promised_{lever}" in first
    assert {name for name in first if name.startswith("promised_")} == {f"promised_{lever}"}
    mine, theirs = (model.records.events() for model in (without_it, other))
    when = mine["month"].dt.year() < 2009
    assert mine.filter(when).equals(theirs.filter(theirs["month"].dt.year() < 2009))


@pytest.mark.parametrize("lever", LEVERS)
def test_every_lever_moves_more_than_money(lever: str, without_it: NarcoDoor) -> None:
    assert about_people(changed_records(without_it, lived(policy(lever)))) != set()


def test_persons_are_the_same_in_every_scenario(without_it: NarcoDoor) -> None:
    other = lived(policy("scholarships"))
    everybody(without_it, other)
    first = window_rows(without_it, without_it.world.start)  # those of the first month were dealt before any policy
    for column in ("deprivation", "moral"):
        assert (getattr(without_it.world.roll, column)[first] == getattr(other.world.roll, column)[first]).all()
    assert (without_it.world.roll.moral == other.world.roll.moral).all()


@pytest.mark.parametrize("until", ["2007-01", "2008-06", "2009-12"])
def test_a_longer_run_starts_with_the_shorter(until: str, reference: NarcoDoor) -> None:
    short = lived(plan(until=until))
    months = short.world.months
    assert np.array_equal(pages(short), pages(reference)[:months])
    events = reference.records.events()
    assert short.records.events().equals(events.filter(events["month"] <= short.records.series()["month"].max()))


def test_a_longer_run_starts_with_the_same_people() -> None:
    short, long = NarcoDoor(plan(until="2007-06")), NarcoDoor(plan(until="2012-12"))
    for _ in range(5):
        short.step()
        long.step()
    mine, theirs = window_rows(short, short.month), window_rows(long, long.month)
    for column in ("door", "schooling", "deprivation", "moral", "flags"):
        assert (getattr(short.world.roll, column)[mine] == getattr(long.world.roll, column)[theirs]).all()
    assert (short.world.roll.whereabouts(mine)[3] == long.world.roll.whereabouts(theirs)[3]).all()
    assert (short.world.careers.table["name"] == long.world.careers.table["name"]).all()


# one place alone ----------------------------------------------------------------------------------------------------

PLACE = "14"
SEEN_BY = ("scholarships", "cash_transfers", "mentoring", "school_places", "apprenticeships", "outreach")


def month_by_month(lever: str) -> tuple[NarcoDoor, NarcoDoor]:
    """Twin worlds on the eve of the first month in which money for one place changes anybody's door.

    The money itself starts a few months before, since some levers act on a width that is seen a month later.
    """
    scenario = plan(until="2007-12", persons=1000, numbers=STORM, off=["transfer_extortion"])
    money = replace(
        scenario.orders[0], lever=lever, channel="domestic", start=scenario.run.start + 2, end=scenario.run.end,
        musd_year=3000.0, allocation=((PLACE, 1.0),), phase="one place",
    )  # fmt: skip
    orders = [order for order in scenario.orders if order.lever != lever]  # else its money would move there too
    without = NarcoDoor(replace(scenario, orders=tuple(orders)))
    given = NarcoDoor(replace(scenario, orders=(*orders, money)))
    return without, given


@pytest.mark.parametrize("lever", SEEN_BY)
def test_money_in_one_place_changes_nobody_elsewhere_in_the_month_it_bites(lever: str) -> None:
    without, given = month_by_month(lever)
    before = without.world.roll.door.copy()
    while without.running and (without.world.roll.door == given.world.roll.door).all():
        assert changed_records(without, given) <= {f"{word}_{lever}" for word in ("promised", "spent", "leaked", "unspent")} | {
            "width_narco", "width_school", "width_formal", "belief_school", "belief_formal", "new_offers", "new_offers_minor"
        }  # fmt: skip
        before = without.world.roll.door.copy()
        without.step()
        given.step()
    moved = np.flatnonzero(without.world.roll.door != given.world.roll.door)
    assert moved.size, "the money never bit"
    place, birth, _, _ = without.world.roll.whereabouts(moved)
    assert {without.world.places.code[p] for p in place.tolist()} == {PLACE}
    age = without.month - 1 - birth
    old, new = without.world.roll.door[moved], given.world.roll.door[moved]
    assert np.isin(before[moved], outside()).all()
    if lever in ("scholarships", "cash_transfers"):  # only the poor of school age, and only towards school
        assert (new == SCHOOL).all()
        assert (age < (25 if lever == "scholarships" else 18) * 12).all()
        assert (without.world.roll.deprivation[moved] >= without.world.rule.poor_line).all()
    if lever == "outreach":  # only those who would have gone inside
        assert (old == CARTEL).all()


def test_two_scenarios_write_down_the_same_things(without_it: NarcoDoor) -> None:
    mine, theirs = whole_state(without_it), whole_state(lived(policy("policing")))
    assert mine.keys() == theirs.keys()
    assert mine["records"].shape == theirs["records"].shape == (48, 33, len(RECORDS))


@pytest.mark.parametrize("place", ["baseline", "doors_first", "mixed"])
def test_a_branch_is_the_world_that_was_lived_from_the_start(place: str) -> None:
    """What the page shows first: a world that left the path without new money when the money began."""
    theirs = load_one("no_new_money").replace(persons_per_agent=2000, until="2012-12")
    mine = load_one(place).replace(persons_per_agent=2000, until="2012-12")
    stem = NarcoDoor(theirs, replicate=1)
    while stem.month < month_number("2011-04"):
        stem.step()
    branch = stem.branch(mine).run()
    straight = NarcoDoor(mine, replicate=1).run()
    assert branch.records.series().equals(straight.records.series())
    assert branch.records.events().equals(straight.records.events())
    assert branch.careers_frame().equals(straight.careers_frame())
    assert stem.run().records.series().equals(NarcoDoor(theirs, replicate=1).run().records.series())


def test_a_world_with_threads_branches_too() -> None:
    scenario = plan(until="2007-06")
    stem = NarcoDoor(scenario, threads=2)
    stem.step()
    branch = stem.branch(scenario).run()
    assert branch.records.series().equals(stem.run().records.series())


def test_worlds_that_were_not_one_cannot_branch() -> None:
    stem = NarcoDoor(load_one("no_new_money").replace(persons_per_agent=2000, until="2012-12"))
    while stem.month < month_number("2011-05"):
        stem.step()
    with pytest.raises(ValueError, match="differ before 2011-05"):
        stem.branch(load_one("doors_first").replace(persons_per_agent=2000, until="2012-12"))
    other = load_one("no_new_money", sets=["switches.contest=false"]).replace(persons_per_agent=2000, until="2012-12")
    with pytest.raises(ValueError, match="more than orders"):
        stem.branch(other)


def test_an_order_given_twice_parts_two_scenarios() -> None:
    once = load_one("no_new_money")
    order = max(once.orders, key=lambda each: each.start)
    assert parting(once, once) == once.run.end
    assert parting(once, replace(once, orders=(*once.orders, order))) == max(order.start, once.run.start)
