"""Each switch turns one mechanism off: the run is, bit for bit, that of the model without it, and it matters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from narco_door.base.declared import switches
from narco_door.base.doors import FORMAL
from narco_door.country.facts import parameters
from narco_door.inside import contest
from narco_door.month import balance, choose
from narco_door.month.model import NarcoDoor
from narco_door.street.doors import Doors
from worlds import STORM, SWITCHES, SYSTEMS, about_people, changed_records, lived, pages, plan, unlike

UNTIL = "2009-06"
TRANSFERS = "add.cash_transfers@2007-01..2026-12=2000"  # so that there is something to extort
# a mechanism is off where the numbers that carry it are 0
WITHOUT: dict[str, Mapping[str, float]] = {
    name: dict.fromkeys(switch.carried_by.split(), 0.0)
    for name, switch in switches().items()
    if switch.carried_by and not switch.dormant
}
OTHERWISE = (
    "perception", "contest", "corruption", "vacancy_chain", "balanced_start", "school_seats", "school_year",
    "war_and_peace", "history", "rent_sources",
)  # fmt: skip
"""No number carries these; each has its test below, or in test_balance.py, test_wars.py, test_history.py, test_sources.py."""
AT_ONCE = {"balanced_start", "school_year", "perception", "contest", "war_and_peace"}
"""What makes the balance in which the first month begins."""


def world(off: str = "", numbers: Mapping[str, float] | None = None) -> NarcoDoor:
    """The baseline with cash transfers, perhaps without a mechanism."""
    return lived(plan(TRANSFERS, until=UNTIL, numbers=numbers, off=[off] if off else []))


def stormy(off: str = "", numbers: Mapping[str, float] | None = None) -> NarcoDoor:
    """The same where things happen often."""
    return lived(plan(TRANSFERS, until=UNTIL, numbers={**STORM, **(numbers or {})}, off=[off] if off else []))


def test_every_switch_is_tested() -> None:
    assert sorted([*WITHOUT, *OTHERWISE, *SYSTEMS]) == sorted(SWITCHES)  # the last in test_systems_neutral.py


@pytest.mark.parametrize("switch", [*WITHOUT, *OTHERWISE])
def test_every_mechanism_matters(switch: str) -> None:
    finer = {"until": "2011-12", "persons": 1000}  # so that of every mechanism a few rows' worth is seen
    on, off = (lived(plan(TRANSFERS, off=which, **finer)) for which in ([], [switch]))  # type: ignore[arg-type]
    assert about_people(changed_records(on, off)) != set()


@pytest.mark.parametrize("switch", WITHOUT)
def test_off_is_the_model_without_the_mechanism(switch: str) -> None:
    assert unlike(world(off=switch), world(numbers=WITHOUT[switch])) == []
    assert unlike(stormy(off=switch), stormy(numbers=WITHOUT[switch])) == []


def test_what_carries_a_mechanism_that_is_off_is_not_read() -> None:
    """So a scenario that sets it is told that this changes nothing."""
    off = [name for name, switch in switches().items() if switch.carried_by]
    known = parameters()
    carriers = (known[name] for switch in off for name in switches()[switch].carried_by.split())
    moved = {p.name: (p.value + (p.high if p.value < p.high else p.low)) / 2 for p in carriers}
    before, after = (
        lived(
            plan(TRANSFERS, "add.exit_reintegration@2007-01..2026-12=2000", until="2008-06", off=off, numbers=numbers)
        )
        for numbers in ({}, moved)
    )
    assert len(moved) > 15
    assert unlike(before, after) == []


# what no number carries ---------------------------------------------------------------------------------------------


def test_without_perception_everyone_tries_every_door(monkeypatch: pytest.MonkeyPatch) -> None:
    off = world(off="perception")
    assert (off.world.doors.believed() == 1.0).all()
    reports, walk = list[Any](), choose.walk_the_roll

    def heard(*given: Any) -> Any:
        answer = walk(*given)
        reports.append(answer[1])
        return answer

    monkeypatch.setattr(choose, "walk_the_roll", heard)
    for without in ((), ("perception",)):
        NarcoDoor(plan(until="2007-01", off=("balanced_start", *without))).step()  # from one start
    some, more = (report[:, 0, FORMAL] for report in reports)
    assert (more >= some).all()  # under the same luck
    assert more.sum() > 1.5 * some.sum()
    monkeypatch.setattr(Doors, "believed", lambda self: np.ones_like(self.belief))
    balance.kept.cache_clear()  # nothing kept of what is patched, before and after
    every = NarcoDoor(plan(TRANSFERS, until=UNTIL)).run()
    balance.kept.cache_clear()
    assert unlike(off, every) == []


def test_without_the_contest_there_is_only_labour_to_want(monkeypatch: pytest.MonkeyPatch) -> None:
    off = stormy(off="contest")
    monkeypatch.setattr(contest, "armed", lambda prize, share, wage: np.zeros_like(share))
    without = NarcoDoor(plan(TRANSFERS, until=UNTIL, numbers={**STORM, "death_contest": 0.0})).run()
    assert unlike(off, without) == []


def test_without_the_contest_and_strife_nobody_inside_is_killed() -> None:
    calm = stormy(off="contest", numbers={"death_strife": 0.0})
    assert not calm.records.nation("new_member_deaths").any()
    assert calm.records.nation("n_members").sum() > 0


def test_corruption_that_cannot_move_stays() -> None:
    for off in (world(off="corruption"), stormy(off="corruption")):
        corruption = off.records.by_place("corruption")
        assert (corruption == off.world.places.corruption).all()
    moved = world().records.by_place("corruption")
    assert (moved[-1] != moved[0]).all()


def test_without_the_chain_nobody_rises() -> None:
    off = stormy(off="vacancy_chain")
    assert not off.records.nation("new_promotions").any()
    table = off.world.careers.table
    assert not table["room"][table["entered"] >= off.world.start].any()
    assert stormy().records.nation("new_promotions").sum() > 0


# what a switch leaves alone -----------------------------------------------------------------------------------------


def test_no_switch_changes_the_world_before_the_first_month() -> None:
    there = NarcoDoor(plan(until="2007-01"))
    for switch in set(SWITCHES) - AT_ONCE:
        other = NarcoDoor(plan(until="2007-01", off=[switch]))
        assert (there.world.roll.door == other.world.roll.door).all()
        assert (there.world.cartels.held == other.world.cartels.held).all()
        assert (there.world.corruption_and_fear.fear == other.world.corruption_and_fear.fear).all()


def test_all_switches_off_still_runs() -> None:
    model = lived(plan(TRANSFERS, until=UNTIL, off=SWITCHES))
    assert np.isfinite(pages(model)).all()
    assert model.world.switches.unread() == frozenset()
