"""The model's forecast of the homicides that were never fitted, and those of others, side by side.

The others are given the record up to the last year that may be fitted. What came after is there to score with.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from narco_door.base.arrays import F8
from narco_door.base.nation import NATION
from narco_door.country.places import load_places
from narco_door.questions.ledger import naive, published
from narco_door.questions.ledger.record import FITTED, Observed, nation, states
from narco_door.results import QUANTITIES, Results
from narco_door.results.rates import by_year

MODEL, EQUATIONS = "model", "equations"
NAIVE: Final[Mapping[str, Callable[[F8, int], F8]]] = {
    "kept": naive.kept,
    "kept_with_spread": naive.kept_with_spread,
    "line": naive.line,
}
"""Forecasts without a model, by name."""


@dataclass(frozen=True)
class Forecasts:
    """Forecasts of the same years beside what was counted.

    Attributes
    ----------
    of
        "nation" (a single place) or "states".
    record
        All that was counted.
    members
        By the name of the forecast, float64[member, year, place], of the years that are never fitted.
    runs
        What the runs say of every year that they live, float64[replicate, place] by year.
    places
        Codes.
    """

    of: str
    record: Observed
    members: Mapping[str, F8]
    runs: Mapping[int, F8]
    places: Sequence[str]


def forecasts(results: Results, *, scenario: str = "baseline", country: str = "mexico") -> tuple[Forecasts, Forecasts]:
    """All forecasts of the nation, then of its states.

    Parameters
    ----------
    results, scenario
        Runs that live every year that was counted.
    country
        Whose record.
    """
    whole, parts = nation(country), states(country)
    last = int(whole.years[-1])
    of_nation = without_model(whole.between(*FITTED), until=last) | {EQUATIONS: _equations(whole, last, country)}
    of_states = without_model(parts, until=last, names=("kept", "kept_with_spread"))
    codes = load_places(country).code
    return (
        _beside("nation", whole, lived(results, [NATION], until=last, scenario=scenario), of_nation, [NATION]),
        _beside("states", parts, lived(results, codes, until=last, scenario=scenario), of_states, codes),
    )


def without_model(record: Observed, *, until: int, names: Sequence[str] = tuple(NAIVE)) -> dict[str, F8]:
    """Forecasts by name of every year after the last that may be fitted; they see no year after it."""
    past = record.between(int(record.years[0]), FITTED[1])
    return {name: NAIVE[name](past.rates, until - FITTED[1]) for name in names}


def _equations(record: Observed, last: int, country: str) -> F8:
    places = load_places(country)
    people = places.mid_year_people.sum(axis=0)[FITTED[1] - places.first_year : last + 1 - places.first_year]
    rate = float(record.between(FITTED[1], FITTED[1]).rates[0, 0])
    return published.homicide_rates(rate, people)[:, :, None]


def lived(results: Results, places: Sequence[str], *, until: int, scenario: str = "baseline") -> dict[int, F8]:
    """The runs' homicides per 100,000 people up to a year: by year, float64[replicate, place]."""
    alone = places[0] if len(places) == 1 else None
    found = by_year(results, QUANTITIES["homicides"], place=alone)
    place = pl.lit(alone) if alone else pl.col("place").cast(pl.String)
    mine = found.with_columns(pl.col("scenario").cast(pl.String), place=place).filter(
        pl.col("scenario") == scenario, pl.col("place").is_in(list(places)), pl.col("year") <= until
    )
    ordered = mine.sort("year", "replicate", "place")
    return {
        year: part["value"].to_numpy().reshape(-1, len(places))
        for (year,), part in ordered.group_by("year", maintain_order=True)
    }


def _beside(
    of: str, record: Observed, runs: Mapping[int, F8], others: Mapping[str, F8], places: Sequence[str]
) -> Forecasts:
    """The model beside the others, in the years that were counted."""
    late = record.later.years
    members = {name: each[:, late - FITTED[1] - 1] for name, each in others.items()}
    model = np.stack([runs[year] for year in late.tolist()], axis=1)
    return Forecasts(of, record.between(min(runs), max(runs)), {MODEL: model, **members}, runs, places)
