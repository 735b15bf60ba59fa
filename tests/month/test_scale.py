"""A row for 100 people and a row for 200 tell the same rates within sampling error, early and late in twenty years.

The verdict is Welch's t test of two sets of replicates under seeds of their own, two-sided; LEVEL is the chance
that the whole file fails for a model that does not depend on its scale, shared out over rates and years (Bonferroni).
"""

from __future__ import annotations

import numpy as np
import pytest

from narco_door.month.model import NarcoDoor
from verdicts import same_mean
from worlds import lived, plan

LEVEL = 0.05
REPLICATES = 8
YEARS = {"second year": (12, 24), "last five years": (180, 240)}
RATES = {
    "attendance of 12-14": ("n_school_12_14", "n_youth_12_14"),
    "attendance of 15-17": ("n_school_15_17", "n_youth_15_17"),
    "attendance of 18-24": ("n_school_18_24", "n_youth_18_24"),
    "formal share": ("n_formal", "n_youth"),
    "informal share": ("n_informal", "n_youth"),
    "women at home or at the corner": ("n_neet_f_18_24", "n_youth_f_18_24"),
    "men at home or at the corner": ("n_neet_m_18_24", "n_youth_m_18_24"),
    "crossroads": ("new_crossroads", "n_youth"),
    "offers": ("new_offers", "n_youth"),
    "entries": ("new_entries", "n_youth"),
    "members": ("n_members", "population"),
    "minors inside": ("n_members_minor", "n_members"),
    "arrests": ("new_member_arrests", "n_members"),
    "deaths": ("new_member_deaths", "n_members"),
    "homicides": ("new_homicides", "population"),
}


def replicates(persons: int, *, seed: int) -> list[NarcoDoor]:
    """The baseline at a scale."""
    scenario = plan(until="2026-12", persons=persons)
    return [lived(scenario, seed=seed, replicate=k) for k in range(REPLICATES)]


def rate(model: NarcoDoor, above: str, below: str, *, months: tuple[int, int]) -> float:
    """A ratio of two records over some months."""
    top, bottom = (model.records.nation(name)[slice(*months)] for name in (above, below))
    return float(top.sum() / bottom.sum())


@pytest.mark.long
@pytest.mark.parametrize("years", YEARS)
@pytest.mark.parametrize("name", RATES)
def test_rates_do_not_depend_on_the_scale(name: str, years: str) -> None:
    fine = [rate(model, *RATES[name], months=YEARS[years]) for model in replicates(100, seed=1)]
    coarse = [rate(model, *RATES[name], months=YEARS[years]) for model in replicates(200, seed=2)]
    assert np.isfinite([*fine, *coarse]).all()
    level = LEVEL / len(RATES) / len(YEARS)
    assert same_mean(fine, coarse, level=level), f"{name}, {years}: {fine} against {coarse}"


@pytest.mark.long
def test_the_verdict_can_fail() -> None:
    """A model whose cartels let nobody go is told from this one by its members."""
    fine = [
        rate(model, "n_members", "population", months=YEARS["last five years"]) for model in replicates(100, seed=1)
    ]
    slow = plan(until="2026-12", persons=200, numbers={"let_go_rate": 0.0})
    other = [rate(lived(slow, seed=2, replicate=k), "n_members", "population", months=YEARS["last five years"])
             for k in range(REPLICATES)]  # fmt: skip
    assert not same_mean(fine, other, level=LEVEL / len(RATES) / len(YEARS))


def test_the_roll_has_the_persons_of_the_table_at_any_scale() -> None:
    for persons in (500, 1000, 2000, 4000):
        model = NarcoDoor(plan(until="2007-06", persons=persons))
        first, last = model.world.roll.first_birth, model.world.roll.first_birth + model.world.roll.first.shape[1] - 1
        years = np.arange(first, last) // 12 - model.world.places.first_birth_year
        people = (model.world.places.cohorts[:, :, years] / 12.0).sum(axis=(1, 2))
        rows = model.world.roll.first[:, -1] - model.world.roll.first[:, 0]
        assert (np.abs(rows * persons - people) <= persons).all()  # half a row of each sex
