"""What a user of Mesa expects of a model, and of the youths beside its agents."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import mesa
import numpy as np
import polars as pl
import pytest

from narco_door.base.doors import names as door_names
from narco_door.base.errors import UserError
from narco_door.country.places import load_places
from narco_door.inside.cartels import Cartel
from narco_door.month.model import HEADLINE, NarcoDoor
from narco_door.month.order import order
from narco_door.state.government import Government
from worlds import lived, plan, unlike, window_rows


@pytest.fixture
def model() -> NarcoDoor:
    """A year of the baseline, not yet begun."""
    return NarcoDoor(plan(until="2007-12"))


@pytest.fixture(scope="module")
def old() -> NarcoDoor:
    """Twenty years in which cartels were founded and dissolved."""
    return lived(plan(until="2026-12", persons=4000))


# the model ----------------------------------------------------------------------------------------------------------


def test_it_is_a_mesa_model(model: NarcoDoor) -> None:
    assert isinstance(model, mesa.Model)
    assert isinstance(model.world.government, mesa.Agent)
    assert isinstance(model.world.government, Government)
    assert model.world.government in model.agents
    founders = model.agents_by_type[Cartel]
    assert len(founders) == len(load_places().cartels)
    assert {cartel.name for cartel in founders} == {founder.name for founder in load_places().cartels}
    assert all(isinstance(cartel, mesa.Agent) and cartel.model is model for cartel in founders)
    assert len({agent.unique_id for agent in model.agents}) == len(model.agents)


def test_a_step_is_a_month(model: NarcoDoor) -> None:
    start = model.month
    for k in range(1, 4):
        model.step()
        assert (model.steps, model.time, model.month) == (k, k, start + k)
        assert model.running


def test_run_until_and_run_for(model: NarcoDoor) -> None:
    model.run_until(6)
    assert (model.steps, model.time) == (6, 6.0)
    model.run_for(2)
    assert model.steps == 8
    assert model.month == model.world.start + 8
    assert unlike(model.run(), lived(plan(until="2007-12"))) == []


def test_run_model_stops_at_the_horizon(model: NarcoDoor) -> None:
    model.run_model()
    assert not model.running
    assert model.steps == model.world.months == 12
    assert unlike(model, lived(plan(until="2007-12"))) == []
    model.run_model()  # nothing is left to run
    model.run()
    assert model.steps == 12


@pytest.mark.parametrize("beyond", [lambda model: model.run_until(13), lambda model: model.run().step()])
def test_no_month_comes_after_the_last(model: NarcoDoor, beyond: Callable[[NarcoDoor], None]) -> None:
    with pytest.raises(UserError, match="2007-12"):
        beyond(model)
    assert model.month == model.world.start + 12
    assert unlike(model, lived(plan(until="2007-12"))) == []


def test_progress_is_told_month_by_month(model: NarcoDoor) -> None:
    told: list[tuple[int, int]] = []
    assert model.run(progress=lambda done, total: told.append((done, total))) is model
    assert told == [(k, 12) for k in range(1, 13)]


def test_the_data_collector_has_the_headlines(model: NarcoDoor) -> None:
    model.run_model()
    frame = model.datacollector.get_model_vars_dataframe()
    assert list(frame.columns) == list(HEADLINE)
    assert len(frame) == 12
    for name in HEADLINE:
        assert (frame[name].to_numpy() == model.records.nation(name)).all()


def test_mesas_own_chance_plays_no_part(model: NarcoDoor) -> None:
    model.random.seed(99)
    model.rng = np.random.default_rng(99)
    assert unlike(model.run(), lived(plan(until="2007-12"))) == []
    assert model.rng.bit_generator.state == np.random.default_rng(99).bit_generator.state


def test_the_time_of_every_beat_is_kept(model: NarcoDoor) -> None:
    model.step()
    assert all(seconds > 0.0 for seconds in model.world.seconds.values())
    assert list(model.world.seconds) == [beat.name for beat in order()]


# cartels ------------------------------------------------------------------------------------------------------------


def test_agents_are_the_government_and_the_living_cartels(old: NarcoDoor) -> None:
    world = old.world.cartels
    assert len(world.cartels) > len(load_places().cartels), "no cartel ever split"
    assert not world.alive.all(), "no cartel was ever dissolved"
    assert set(old.agents) == {old.world.government, *world.living()}
    assert set(old.agents_by_type[Cartel]) == set(world.living())


def test_a_cartel_can_be_read(old: NarcoDoor) -> None:
    cartels = old.agents_by_type[Cartel]
    assert sum(cartel.members for cartel in cartels) == old.records.nation("n_members")[-1]
    largest = max(cartels, key=lambda cartel: cartel.members)
    assert largest.seat in largest.places
    assert 0.0 <= largest.cohesion <= 1.0
    assert largest.leaders >= 1


# the youths ---------------------------------------------------------------------------------------------------------


def test_select_finds_those_who_fit(model: NarcoDoor) -> None:
    model.step()
    rows = model.youth.rows()
    assert (rows == window_rows(model, model.month)).all()
    place, birth, man, _ = model.world.roll.whereabouts(rows)
    age, door = model.month - birth, model.world.roll.door[rows]
    chosen = model.youth.select(door="informal", place="14", sex="m", age=(15, 18))
    mask = (door == door_names().index("informal")) & (place == 13) & (man == 1) & (age >= 180) & (age < 216)
    assert mask.any()
    assert (chosen == rows[mask]).all()
    assert (model.youth.select() == rows).all()
    with pytest.raises(ValueError, match=r"no door 'shcool'.*school"):
        model.youth.select(door="shcool")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"door": "moon"}, "no door 'moon'; expected one of school"),
        ({"place": "99"}, "no place '99'; expected one of 01"),
        ({"sex": "male"}, "no sex 'male'; expected one of f, m"),
        ({"age": (30, 12)}, "age: expected from and up to"),
    ],
)
def test_select_says_what_it_does_not_know(model: NarcoDoor, asked: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        model.youth.select(**asked)


def test_only_rows_of_the_roll_are_persons(model: NarcoDoor) -> None:
    with pytest.raises(IndexError, match="no row -1"):
        model.youth.person(-1)


def test_only_one_scenario_makes_a_world() -> None:
    with pytest.raises(UserError, match="expected one scenario, got 'baseline'"):
        NarcoDoor("baseline")  # type: ignore[arg-type]


def test_count_is_in_persons(model: NarcoDoor) -> None:
    model.step()
    assert model.youth.count(sex="f") + model.youth.count(sex="m") == model.youth.count() == len(model.youth)
    assert model.youth.count(age=(12, 13)) == model.youth.select(age=(12, 13)).size * model.world.weight
    assert sum(model.youth.count(door=door) for door in door_names()) == model.youth.count()
    assert f"{len(model.youth):,}" in repr(model.youth)


def test_groupby_place_counts_every_door(model: NarcoDoor) -> None:
    model.step()
    table = model.youth.groupby_place()
    assert table["place"].to_list() == list(model.world.places.code)
    assert table.select(pl.sum_horizontal(door_names())).sum().item() == model.youth.count()
    for door in door_names():
        assert table[door].sum() == model.youth.count(door=door)
    assert table.filter(pl.col("place") == "09")["idle"].item() == model.youth.count(place="09", door="idle")


def test_a_row_reads_as_a_person(model: NarcoDoor) -> None:
    model.step()
    row = int(model.youth.select(door="cartel", sex="m")[0])
    person = model.youth.person(row)
    assert (person.row, person.sex, person.door, person.persons) == (row, "m", "cartel", model.world.weight)
    assert person.room in ("lookout", "gunman", "chief", "boss")
    assert 12 <= person.age < 30
    assert f"{person.room} of a cartel" in str(person)
    pupil = model.youth.person(int(model.youth.select(door="school", sex="f")[0]))
    assert pupil.room is None
    assert str(pupil).startswith("A woman of")
    assert "school" in str(pupil)


def test_a_finished_run_can_still_be_looked_at(old: NarcoDoor) -> None:
    assert old.youth.count() == len(old.youth)
    alive = old.youth.count() - old.youth.count(door="dead")
    assert alive == old.records.nation("n_youth")[-1]
    assert old.youth.groupby_place().height == 32
    assert old.youth.select(age=(12, 13)).size > 0


# two at a time ------------------------------------------------------------------------------------------------------


def test_two_models_share_nothing() -> None:
    one = NarcoDoor(plan(until="2007-12"))
    other = NarcoDoor(plan("add.policing@2007-01..2026-12=5000", until="2007-12", off=["fear"]), seed=9)
    while one.running:
        one.step()
        other.step()
    assert unlike(one, lived(plan(until="2007-12"))) == []
    assert one.agents is not other.agents
    assert not set(one.agents) & set(other.agents)
    for name in ("door", "schooling", "deprivation", "moral", "flags"):
        assert not np.shares_memory(getattr(one.world.roll, name), getattr(other.world.roll, name))


def test_a_run_leaves_the_tables_as_they_were(old: NarcoDoor) -> None:
    assert not np.shares_memory(old.world.corruption_and_fear.corruption, old.world.places.corruption)
    assert not np.shares_memory(old.world.corruption_and_fear.deprivation, old.world.places.deprivation)
    with pytest.raises(ValueError, match="read-only"):
        old.world.places.corruption[0] = 1.0


def test_seed_and_replicate_choose_the_luck() -> None:
    scenario = plan(until="2007-02")
    keys = {(seed, k): NarcoDoor(scenario, seed=seed, replicate=k).world.draws.seed for seed in (1, 2) for k in (0, 1)}
    assert len(set(keys.values())) == 4
    assert NarcoDoor(scenario).world.draws.seed == keys[scenario.run.seed, 0]
