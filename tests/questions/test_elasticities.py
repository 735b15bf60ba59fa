"""Elasticities: more rents, more members; who is offered more is not offered more than what is vacant; none, nothing."""

from __future__ import annotations

from math import exp, log

import polars as pl
import pytest

from narco_door.questions.elasticities import CAUSES, OUTCOMES, elasticities
from narco_door.questions.elasticities import YEARS as CALENDAR
from narco_door.runs.options import RunOptions
from narco_door.scenario import load_one
from narco_door.show.measured import elasticities_sheet

YEARS = (2014, 2015)


@pytest.fixture(scope="module")
def found() -> pl.DataFrame:
    causes = {name: CAUSES[name] for name in ("rents", "acceptance", "offers")}
    nothing = {"nothing": lambda numbers, times: {"moral_cost": numbers["moral_cost"]}}
    return elasticities(
        RunOptions(replicates=1, persons_per_agent=1000, workers=1), causes=causes | nothing, years=YEARS
    )


def of(found: pl.DataFrame, cause: str, outcome: str) -> float:
    row = found.filter((pl.col("cause") == cause) & (pl.col("outcome") == outcome))
    return float(row["mean"][0])


def test_demand_and_supply_have_their_signs_and_limits(found: pl.DataFrame) -> None:
    assert 0 < of(found, "rents", "members") < 1.5
    assert of(found, "rents", "entries") > 0
    for supply in ("acceptance", "offers"):
        assert 0 < of(found, supply, "members") < 1
        assert 0 < of(found, supply, "entries") < 1.5


def test_what_does_not_change_changes_nothing(found: pl.DataFrame) -> None:
    assert found.filter(pl.col("cause") == "nothing")["mean"].abs().max() == 0.0


def test_a_cause_is_so_many_times_as_much() -> None:
    numbers = load_one("baseline").parameters.plain()
    grown = CAUSES["rents"](numbers, 1.1)["demand_growth"] - numbers["demand_growth"]
    middle = sum(CALENDAR) / 2 + 0.5 - load_one("baseline").run.start / 12
    assert exp(grown * middle) == pytest.approx(1.1)
    legal = CAUSES["legal_pay"](numbers, 1.1)
    for door in ("value_formal", "value_informal"):
        assert legal[door] - numbers[door] == pytest.approx(numbers["income_weight"] * log(1.1))
    assert CAUSES["acceptance"](numbers, 1.1)["moral_cost"] < numbers["moral_cost"]
    assert CAUSES["offers"](numbers, 1.1)["accepted_first"] < numbers["accepted_first"]


def test_the_table_says_the_same_in_both_languages(found: pl.DataFrame) -> None:
    told = found.filter(pl.col("cause") != "nothing")
    english, spanish = (elasticities_sheet(told, years=YEARS, language=language) for language in ("en", "es"))
    assert len(english.heads) == len(OUTCOMES) + 1
    assert [row[1:] for row in english.rows] == [row[1:] for row in spanish.rows]
    assert english.rows[0][0] != spanish.rows[0][0]
