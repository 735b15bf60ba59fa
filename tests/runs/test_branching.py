"""Scenarios that share their past live it once, and nobody can tell from what they write down."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from narco_door import compare, run
from narco_door.month.model import NarcoDoor
from narco_door.runs import branching
from narco_door.runs.branching import Branching
from narco_door.scenario import Scenario, load_one, scenario_from_toml

SCALE = {"replicates": 2, "seed": 3, "persons_per_agent": 2000, "until": "2012-06", "workers": 1}
ARMS = ["kingpins_first", "doors_first"]


@pytest.fixture
def founded(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The names of the scenarios whose first month was lived."""
    names: list[str] = []
    whole = NarcoDoor.__init__

    def counting(self: NarcoDoor, scenario: Any, **more: Any) -> None:
        names.append(scenario.name)
        whole(self, scenario, **more)

    monkeypatch.setattr(NarcoDoor, "__init__", counting)
    return names


def test_a_comparison_is_the_scenarios_lived_one_by_one(founded: list[str]) -> None:
    together = compare(ARMS, reference="no_new_money", **SCALE)
    assert founded == ["no_new_money"] * 2  # once for each luck
    for name in ["no_new_money", *ARMS]:
        alone = run(name, **SCALE)
        for table in ("series", "events", "careers"):
            ours = getattr(together, table).filter(pl.col("scenario") == name)
            assert ours.drop("scenario").equals(getattr(alone, table).drop("scenario")), table
    assert len(branching._HERE.branching) == 0


def test_threads_of_an_executor_branch_for_themselves(founded: list[str]) -> None:
    """They live several lucks at a time, and what one keeps is let go of when it turns to another."""
    with ThreadPoolExecutor(2) as threads:
        together = compare(ARMS, reference="no_new_money", executor=threads, **SCALE)
    assert set(founded) <= {"no_new_money", *ARMS}
    alone = run(ARMS[0], **SCALE)
    mine = together.series.filter(pl.col("scenario") == ARMS[0]).drop("scenario")
    assert mine.equals(alone.series.drop("scenario"))


def test_a_branching_that_threads_share_takes_the_nearest_world_of_the_same_luck(founded: list[str]) -> None:
    reference, arm = (
        load_one(name).replace(persons_per_agent=4000, until="2011-06") for name in ("no_new_money", ARMS[0])
    )
    shared, start = Branching(2), reference.run.start
    ready = lambda *_: None  # noqa: E731
    shared.live(shared.world(reference, 0), {start + 12, start + 40, start + 51}, ready)
    assert len(shared) == 2, "the oldest has gone"
    assert shared.world(arm, 0).month == start + 51
    assert shared.world(arm, 1).month == start
    assert shared.world(arm.replace(seed=9), 0).month == start
    shared.live(shared.world(reference, 0), {start + 40}, ready)
    assert len(shared) == 2, "the same world is kept once"
    assert founded == ["no_new_money", ARMS[0], ARMS[0]]


def test_worlds_of_another_mechanism_or_luck_share_nothing(founded: list[str]) -> None:
    other = load_one("doors_first", sets=["switches.splits=false"])
    compare([other], reference="no_new_money", **SCALE)
    assert founded == ["no_new_money", "doors_first"] * 2


def test_scenarios_that_part_in_two_months_branch_from_each(founded: list[str]) -> None:
    early, late = (
        replace(load_one("no_new_money", sets=[f"add.policing@{since}..2026-12=500"]), name=name)
        for name, since in (("early", "2008-01"), ("late", "2010-01"))
    )
    together = compare([early, late], reference="no_new_money", **SCALE)
    assert founded == ["no_new_money"] * 2
    alone = run(late, **SCALE)
    assert (
        together.select("n_members")
        .filter(pl.col("scenario") == "late")["value"]
        .equals(alone.select("n_members")["value"])
    )


def conditional(name: str, law: str, lever: str) -> Scenario:
    """A law that waits for what is true at once, and money from 2009 on."""
    return scenario_from_toml(
        f"""
        title = "A test"
        question = "Does it work?"
        argued_by = "nobody"
        extends = "no_new_money"
        [[phase]]
        name = "{law}"
        from = "2007-06"
        to = "2011-12"
        source = "made up"
        law.us_demand = 0.5
        [phase.when]
        record = "n_members"
        below = 1000000
        months = 1
        [[phase]]
        name = "money"
        from = "2009-01"
        to = "2011-12"
        source = "made up"
        channel = "domestic"
        allocation = "need"
        add.{lever} = 500
        """,
        name=name,
    )


def test_who_watches_for_something_else_has_another_past() -> None:
    """A condition may be met long before the money parts."""
    one, other = conditional("one", "one law", "outreach"), conditional("other", "another law", "policing")
    together = compare([other], reference=one, **SCALE)
    alone = run(other, **SCALE)
    assert together.series.filter(pl.col("scenario") == "other").drop("scenario").equals(alone.series.drop("scenario"))
