"""Replicates are dealt over sets of numbers, the same in every arm; what a scenario moves itself stays where it put it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from narco_door.base.errors import UserError
from narco_door.base.remembered import Numbers
from narco_door.country.facts import parameters
from narco_door.country.posterior import numbers_of, posterior
from narco_door.results import headline
from narco_door.results.compared import worlds
from narco_door.runs.experiment import compare, run
from narco_door.runs.inputs import Experiment
from narco_door.runs.options import RunOptions
from narco_door.scenario import load_one, load_scenario, scenario_from_toml

SHORT = {"persons_per_agent": 4000, "until": "2007-06", "workers": 1}


def test_every_set_is_a_number_within_its_prior_for_each_that_has_one() -> None:
    sets, known = posterior("mexico"), parameters("mexico")
    uncertain = {name for name, one in known.items() if one.prior}
    assert len(sets) == 64
    for values in sets:
        assert values.keys() == uncertain
        for name, value in values.items():
            low, high = known[name].prior_low, known[name].prior_high
            assert low * (1 - 1e-3) <= value <= high * (1 + 1e-3), name


def test_the_first_sets_are_those_of_every_larger_number_and_each_has_its_turn() -> None:
    few = [numbers_of("mexico", 2, k) for k in range(5)]
    assert few[0] == few[2] == few[4] == posterior("mexico")[0]
    assert few[1] == few[3] == posterior("mexico")[1]
    assert numbers_of("mexico", 64, 1) == few[1]


def test_a_replicate_lives_with_the_numbers_of_its_set() -> None:
    scenario = load_one("baseline").replace(sets=2, replicates=4)
    values = posterior("mexico")[1]
    own = scenario.in_set(3).parameters.plain()
    assert {name: own[name] for name in values} == dict(values)
    assert load_one("baseline").in_set(3) == load_one("baseline")
    plain = run("baseline", replicates=2, **SHORT)
    dealt = run("baseline", sets=2, replicates=4, **SHORT)
    alone = replace(load_one("baseline"), parameters=Numbers(own))
    assert len(dealt.replicates) == 4
    theirs = run(replace(alone, name="alone"), replicates=4, **SHORT).series.filter(pl.col("replicate") == 3)
    ours = dealt.series.filter(pl.col("replicate") == 3)
    assert ours["value"].equals(theirs["value"])
    assert not ours["value"].equals(plain.series.filter(pl.col("replicate") == 1)["value"])


def test_what_a_scenario_moves_stays_where_it_put_it() -> None:
    moved = load_scenario("baseline", sets=["parameters.capacity_loss=0.4", "run.sets=2"])
    assert moved.in_set(0).parameters.plain()["capacity_loss"] == 0.4
    assert moved.in_set(0).parameters.plain()["exit_price"] == posterior("mexico")[0]["exit_price"]


def test_sets_are_other_inputs_and_written_down() -> None:
    one, two = (
        Experiment.of(load_one("baseline"), RunOptions(sets=sets, replicates=4)) for sets in (0, 2)
    )  # fmt: skip
    assert one.hash != two.hash
    assert two.manifest["sets"] == 2
    again = scenario_from_toml(two.manifest["scenarios"][0]["toml"])
    assert again.run.sets == 2
    assert again.in_set(1).digest == two.scenarios[0].in_set(1).digest


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"sets": 65}, "sets is a whole number from 0 to 64; got 65"),
        ({"sets": 8, "replicates": 4}, "8 sets want as many replicates at least; got 4"),
    ],
)
def test_what_cannot_be_dealt_is_refused(asked: dict[str, int], said: str) -> None:
    with pytest.raises(UserError, match=said):
        run("baseline", RunOptions(**asked))


def test_a_country_without_a_posterior_says_so_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(UserError, match='"medellin" has no posterior'):
        run("medellin_2003", sets=2, out=tmp_path)
    assert not list(tmp_path.iterdir())


def test_arms_share_their_set_and_the_table_tells_how_worlds_scatter() -> None:
    results = compare(["kingpins_first"], reference="no_new_money", sets=2, replicates=4, until="2012-12",
                      persons_per_agent=4000, workers=1)  # fmt: skip
    row = headline(results).row(0, named=True)
    assert row["world_p05"] <= row["mean"] <= row["world_p95"]
    assert row["averted_in"] in (0.0, 0.25, 0.5, 0.75, 1.0)
    before = results.series.filter(pl.col("month") < pl.date(2011, 1, 1))
    ours, theirs = (before.filter(pl.col("scenario") == name)["value"] for name in results.scenarios)
    assert ours.equals(theirs)  # the same luck and the same numbers until money differs


def _pairs(values: list[float]) -> pl.DataFrame:
    return pl.DataFrame({"replicate": range(len(values)), "value": values})


def test_the_split_of_luck_and_numbers_in_closed_form() -> None:
    """Sets 0 and 1 in turn: worlds of a set alike are numbers alone; sets alike are luck alone."""
    assert worlds(_pairs([1.0, 5.0, 1.0, 5.0]), 2)["luck_share"] == 0.0
    both = worlds(_pairs([-1.0, -1.0, 1.0, 1.0]), 2)
    assert both["luck_share"] == 1.0
    assert both["averted_in"] == 0.5
    assert both["world_p95"] == 1.0
    assert worlds(_pairs([1.0, 5.0]), 2)["luck_share"] is None  # one luck a set: nobody can tell
    assert set(worlds(_pairs([1.0]), 4).values()) == {None}  # the first of four pairs, as a page shows it
    rng = np.random.default_rng(1)
    numbers, luck = rng.normal(0, 3, 400), rng.normal(0, 4, 1600)
    share = worlds(_pairs([*(np.tile(numbers, 4) + luck)]), 400)["luck_share"]
    assert share == pytest.approx(16 / 25, abs=0.05)


def test_fewer_replicates_than_sets_take_as_many_of_the_sets() -> None:
    asked = load_scenario("kingpins_vs_doors")
    arms = (*asked.arms, asked.reference)
    assert {(arm.run.sets, arm.run.replicates) for arm in arms} == {(16, 16)}
    given = (RunOptions(), RunOptions(replicates=3), RunOptions(replicates=40), RunOptions(sets=0), RunOptions(sets=64))
    found = [each.of(asked.reference).run for each in given]
    assert [(run.sets, run.replicates) for run in found] == [(16, 16), (3, 3), (16, 40), (0, 16), (64, 64)]
