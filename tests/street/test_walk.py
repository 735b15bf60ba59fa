"""The walk along the roll: who is called to a crossroads, and that the walk hands the rule what it needs.

LEVEL is the chance that one statistical verdict here fails for a right walk and a seed drawn anew; there are 5.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.object_youth import ObjectWorld
from narco_door import load_scenario
from narco_door.base.doors import FORMAL, HOME, IDLE, INFORMAL, SCHOOL, names, outside
from narco_door.country.roll import RECORD
from narco_door.month import choose
from narco_door.month.model import NarcoDoor
from verdicts import beyond, chi_square_score
from worlds import plan, up_to_the_walk, window_rows

LEVEL = 1e-6
LIMIT = beyond(LEVEL)


def deaf_world(**calls: Any) -> NarcoDoor:
    """A world in which only those named, and pupils whose stage ends, are called to a crossroads."""
    model = NarcoDoor(plan(until="2007-03", persons=2000))
    call = np.array([calls.get(f"call_{door}", 0.0) for door in names()])
    model.world.rule = model.world.rule._replace(call_dropout=np.zeros(4), call_dropout_poor=np.zeros(4), call=call)
    return model


def ending(model: NarcoDoor, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whose stage of school ends this month, if they are pupils: by age and rank, within a year of three birthdays."""
    age, month = model.month - model.world.roll.whereabouts(rows)[1], model.world.roll.moral[rows] % 12
    return np.isin(age - month, (180, 216, 264))


def test_only_pupils_at_a_stage_end_are_called_where_nothing_else_calls() -> None:
    model = deaf_world()
    rows = window_rows(model, model.month)
    before = model.world.roll.door[rows].copy()
    ends = ending(model, rows) & (before == SCHOOL)
    assert ends.any()
    model.step()
    assert model.records.nation("new_crossroads")[-1] == ends.sum() * model.world.weight
    at_rest = np.isin(before, outside())
    moved = model.world.roll.door[rows] != before
    assert not (moved & at_rest & ~ends).any()
    assert (moved & ends).any()


@pytest.mark.parametrize(
    ("call", "door"), [("call_formal", FORMAL), ("call_informal", INFORMAL), ("call_home", HOME), ("call_idle", IDLE)]
)
def test_a_call_is_heard_by_those_behind_its_door(call: str, door: int) -> None:
    model = deaf_world(**{call: 0.25})
    rows = window_rows(model, model.month)
    ends = ending(model, rows)
    before = model.world.roll.door[rows].copy()
    pupils = int(((before == SCHOOL) & ends).sum())
    listeners = int((before == door).sum())
    model.step()
    called = model.records.nation("new_crossroads")[-1] / model.world.weight - pupils
    assert chi_square_score(np.array([called, listeners - called]), np.array([0.25, 0.75]) * listeners) < LIMIT
    moved = model.world.roll.door[rows] != before
    assert set(np.unique(before[moved & np.isin(before, outside())]).tolist()) <= {door, SCHOOL}


@pytest.mark.parametrize("mark", [0, RECORD])
def test_the_walk_reads_who_has_a_record(mark: int) -> None:
    model = deaf_world(call_idle=1.0, call_informal=1.0)
    model.world.rule = model.world.rule._replace(record_penalty=0.0)
    model.world.roll.flags[:] |= np.uint8(mark)
    before = model.world.roll.door.copy()
    model.step()
    hired = (model.world.roll.door == FORMAL) & (before != FORMAL)
    assert hired.any() == (mark == 0)


def test_fear_calls_pupils_in_proportion() -> None:
    model = NarcoDoor(plan(until="2007-03", persons=500))
    model.world.rule = model.world.rule._replace(
        call_dropout=np.full(4, 0.1), call_dropout_poor=np.full(4, 0.2),
        call=np.zeros(len(names())),
    )  # fmt: skip
    rows = window_rows(model, model.month)
    ends = ending(model, rows)
    pupils = rows[(model.world.roll.door[rows] == SCHOOL)]
    stage = ends[(model.world.roll.door[rows] == SCHOOL)]
    hazard = np.where(stage, 1.0, 0.1 + 0.2 * model.world.roll.deprivation[pupils] / 255.0)
    model.step()
    called = model.records.nation("new_crossroads")[-1] / model.world.weight
    spread = np.sqrt((hazard * (1.0 - hazard)).sum())
    assert abs(called - hazard.sum()) / spread < LIMIT


def test_youths_as_objects_walk_through_the_same_doors() -> None:
    """The rule written a second time, in plain Python for one Mesa agent: same luck, same doors, same counts."""
    sets = [f"add.{lever}@2007-01..2008-12=500" for lever in ("scholarships", "mentoring", "cash_transfers")]
    model = NarcoDoor(load_scenario("baseline", sets=sets).replace(until="2008-12", persons_per_agent=1000))
    for _ in range(14):
        model.step()
    street, rule = up_to_the_walk(model)
    objects = ObjectWorld(model, street, rule)
    assert min(street.scholarships.max(), street.mentors.max(), street.transfers.max()) > 0
    objects.step()
    flows, reports, _ = choose.walk_the_roll(model.world, street, rule)
    assert [youth.door for youth in objects.youths] == model.world.roll.door[objects.rows].tolist()
    assert [youth.schooling for youth in objects.youths] == model.world.roll.schooling[objects.rows].tolist()
    assert objects.counts == model.world.counts.tolist()
    assert objects.flows == [
        [*f[:2], *r[0][:3], *r[1][:3], *f[2:]] for f, r in zip(flows.tolist(), reports.tolist(), strict=True)
    ]
