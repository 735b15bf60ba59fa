"""Ablation: the same comparison without each mechanism, under the same luck, and what goes with it."""

from __future__ import annotations

import datetime
import functools
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from narco_door.base.declared import switches
from narco_door.base.errors import UserError
from narco_door.cli import app
from narco_door.country.facts import parameters
from narco_door.questions.ablation import NOTHING, Variation, ablate, at_bounds, switches_named, without
from narco_door.results.store import Frames
from narco_door.runs import experiment as experiments
from narco_door.runs.experiment import run
from narco_door.scenario import Comparison, load_comparison, load_one, load_scenario

MONTHS = [datetime.date(2011, month, 1) for month in range(1, 13)]
RECORDS = ("new_entries", "n_members", "new_homicides", "new_member_deaths", "n_prison", "spent_policing")


def little_world(scenario, *, replicate, threads, progress):  # type: ignore[no-untyped-def]
    """Doors avert a tenth, half of it by way of fear; without peers they do harm; entries take nothing else."""
    gain = 0.0
    if scenario.name == "doors_first":
        gain = 0.1 if scenario.switches["fear"] else 0.05
        gain = gain if scenario.switches["peers"] else -0.1
    rows = [
        (month, place, record, (100.0 + replicate) * (1 - gain * (month.month > 3)) * (1 + k))
        for month in MONTHS
        for place in ("00", "01")
        for k, record in enumerate(RECORDS)
    ]
    progress(1, 1)
    series = pl.DataFrame(rows, schema=["month", "place", "record", "value"], orient="row")
    return Frames(series, pl.DataFrame(schema={"month": pl.Date}), pl.DataFrame(schema={"entry_month": pl.Date}))


def doors() -> Any:
    return load_comparison(["doors_first"], reference="no_new_money")


def test_a_variation_changes_one_thing_and_keeps_the_name() -> None:
    base = load_one("baseline")
    (off,) = without(["fear"])
    assert off.of(base).switches["fear"] is False
    assert off.of(base).name == base.name
    assert {k for k, v in off.of(base).switches.plain().items() if not v} == {"fear"}
    assert off.changes(base)
    assert not off.changes(off.of(base))
    low, high = at_bounds(["myopia"])
    assert (low.name, high.name) == ("myopia at 0", "myopia at 1")
    assert low.of(base).parameters["myopia"] == parameters()["myopia"].low
    assert low.of(base).switches == base.switches


def test_switches_are_named_with_commas_or_all() -> None:
    assert switches_named("all") == list(switches())
    assert switches_named(" fear, splits,fear ") == ["fear", "splits"]
    with pytest.raises(UserError, match='"fera" is not a switch; did you mean "fear"'):
        switches_named("fera")
    with pytest.raises(UserError, match="nothing to ablate"):
        switches_named(" , ")


def test_the_share_that_a_mechanism_carries() -> None:
    found = ablate(
        doors(), without(["fear", "peers", "splits"]),
        run=functools.partial(run, replicates=3, workers=1, simulate=little_world),
    )  # fmt: skip
    entries = found.filter(pl.col("measure") == "entries averted")
    assert entries["ablated"].to_list() == [NOTHING, "without fear", "without peers", "without splits"]
    assert entries["carried"].to_list() == [None, pytest.approx(0.5), pytest.approx(2.0), pytest.approx(0.0)]
    assert entries["mean"][0] == pytest.approx(101 * 0.1 * 9)
    assert set(found["scenario"].cast(pl.String)) == {"doors_first"}


def test_arms_keep_their_order() -> None:
    asked = load_scenario("kingpins_vs_doors")
    assert isinstance(asked, Comparison)
    names = [arm.name for arm in asked.arms]
    found = ablate(
        asked, without(["fear", "peers"]),
        run=functools.partial(run, replicates=2, workers=1, simulate=little_world),
    )  # fmt: skip
    order = (
        found.select("ablated", pl.col("scenario").cast(pl.String)).unique(maintain_order=True)["scenario"].to_list()
    )
    assert order == names * 3


def test_a_difference_that_is_not_clear_has_no_shares() -> None:
    found = ablate(
        doors(), without(["fear"]), run=functools.partial(run, replicates=1, workers=1, simulate=little_world)
    )
    assert found["carried"].null_count() == found.height


def test_what_is_off_already_is_not_tried_again() -> None:
    off = load_comparison(["doors_first"], reference="no_new_money", sets=["switches.fear=false"])
    lived = functools.partial(run, replicates=2, workers=1, simulate=little_world)
    assert set(ablate(off, without(["fear", "splits"]), run=lived)["ablated"]) == {NOTHING, "without splits"}


def test_any_variation_will_do() -> None:
    both = Variation("without fear and peers", off=("fear", "peers"), numbers=(("myopia", 0.0),))
    lived = functools.partial(run, replicates=2, workers=1, simulate=little_world)
    assert both.name in set(ablate(doors(), [both], run=lived)["ablated"])


def test_compare_prints_what_carries_the_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(experiments, "run", functools.partial(run, simulate=little_world))
    words = ["compare", "no_new_money", "doors_first", "--ablate", "fear,splits", "--replicates", "3", "--workers", "1"]
    answer = CliRunner().invoke(app, [*words, "--out", str(tmp_path)])
    assert answer.exit_code == 0, answer.output
    assert "what carries the difference" in answer.output
    assert "50 % gone" in answer.output
    (file,) = tmp_path.glob("doors_first-vs-no_new_money-*/ablations-fear+splits-n3.csv")
    written = pl.read_csv(file)
    assert written["ablated"].n_unique() == 3
    assert {*written["seed"], *written["persons_per_agent"]} == {1, 100}
    before = file.read_bytes()
    for other in (("--seed", "2"), ("--persons-per-agent", "200"), ("--replicates", "2")):
        assert CliRunner().invoke(app, [*words, "--out", str(tmp_path), *other]).exit_code == 0
    assert len(list(tmp_path.glob("*/ablations-*.csv"))) == 4
    assert file.read_bytes() == before


def test_a_wrong_switch_is_one_message() -> None:
    answer = CliRunner().invoke(app, ["compare", "no_new_money", "doors_first", "--ablate", "fera"])
    assert answer.exit_code == 2
    assert 'did you mean "fear"' in answer.stderr
