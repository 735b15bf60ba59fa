"""Medellín, 2003 to 2015: another table and other dates for the same code; works, a truce, and their twin."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest

from narco_door.base.months import month_number
from narco_door.country.facts import parameters
from narco_door.country.folder import lender
from narco_door.country.places import load_places
from narco_door.month.model import NarcoDoor
from narco_door.questions.claims import claims_named, examine
from narco_door.scenario import Comparison, Idle, load_one, load_scenario
from worlds import plan, unlike

TREATED = {"public_transport": {"01", "02", "07", "13"}, "public_space": {"01", "02", "07", "08", "13", "16"}}
PERSONS = 20


@cache
def city(name: str, until: str = "2015-12", replicate: int = 0) -> NarcoDoor:
    scenario = load_one(name).replace(persons_per_agent=PERSONS, until=until)
    return NarcoDoor(scenario, replicate=replicate).run()


def rate(model: NarcoDoor, first: str, last: str) -> float:
    """Homicides per 100,000 residents and year."""
    months = slice(month_number(first) - model.world.start, month_number(last) - model.world.start + 1)
    book = model.records
    return float(book.nation("new_homicides")[months].mean() * 12e5 / book.nation("population")[months].mean())


# the tables


def test_sixteen_comunas_that_touch() -> None:
    medellin = load_places("medellin")
    assert medellin.code == tuple(f"{k:02d}" for k in range(1, 17))
    assert medellin.corridor_share.sum() == pytest.approx(1)
    touch = medellin.neighbours.astype(np.int64) + np.eye(16, dtype=np.int64)
    assert (np.linalg.matrix_power(touch, 8) > 0).all()
    assert len(set(zip(medellin.tile_row.tolist(), medellin.tile_col.tolist(), strict=True))) == 16


def test_people_are_those_of_the_sources() -> None:
    medellin = load_places("medellin")
    assert medellin.mid_year_people[:, 2012 - medellin.first_year].sum() == pytest.approx(2_361_134, abs=10)
    born = {year: medellin.cohorts[:, :, year - medellin.first_birth_year].sum() for year in (2000, 1980)}
    assert 12 * born[2000] == pytest.approx(386_466 * 2_361_134 / 2_393_011, rel=1e-3)  # those of 5-16 in 2011
    assert born[1980] == pytest.approx(0.0169 * medellin.mid_year_people[:, 2003 - medellin.first_year].sum(), rel=1e-2)


def test_poor_comunas_are_poor_and_rich_ones_rich() -> None:
    medellin = load_places("medellin")
    by = dict(zip(medellin.name, medellin.deprivation, strict=True))
    assert by["Popular"] == max(by.values())
    assert by["El Poblado"] == min(by.values())
    assert np.corrcoef(medellin.deprivation, medellin.pay)[0, 1] < -0.9


def test_there_is_a_razon_for_each_comuna_and_every_place_is_contested_or_held() -> None:
    medellin = load_places("medellin")
    assert len(medellin.cartels) == 17
    assert {cartel.seat for cartel in medellin.cartels} == set(range(16))
    assert [cartel.name for cartel in medellin.cartels if cartel.dominant] == ["Oficina"]


# the scenarios


def test_the_twin_differs_in_the_works_alone() -> None:
    with_works, without = load_one("medellin_2003"), load_one("medellin_without")
    assert with_works.run == without.run
    assert with_works.statutes == without.statutes
    assert not without.orders
    assert {order.lever for order in with_works.orders} == set(TREATED)
    assert with_works.parameters == without.parameters
    assert isinstance(load_scenario("medellin"), Comparison)


def test_works_stand_where_they_were_built() -> None:
    model = city("medellin_2003")
    for lever, places in TREATED.items():
        stands = {
            code
            for code, units in zip(model.world.places.code, model.world.government.at_work(lever), strict=True)
            if units
        }
        assert stands == places
    assert not city("medellin_without").world.government.at_work("public_transport").any()


def test_the_same_luck_until_something_is_built() -> None:
    first = [
        city(name, until="2003-01").records.nation("new_entries") for name in ("medellin_2003", "medellin_without")
    ]
    assert first[0].tolist() == first[1].tolist()


# the truce


def test_a_monopoly_is_peaceful_and_its_end_is_not() -> None:
    model = city("medellin_without")
    war, peace, after = (
        rate(model, *span) for span in (("2003-01", "2003-10"), ("2004-01", "2008-05"), ("2009-01", "2012-12"))
    )
    assert peace < 0.8 * war
    assert peace < 0.8 * after
    assert rate(model, "2014-01", "2015-12") < after


def test_without_the_truce_there_is_no_peace() -> None:
    truce, war = city("medellin_2003"), city("medellin_war")
    assert rate(war, "2004-01", "2008-05") > 1.5 * rate(truce, "2004-01", "2008-05")
    months = slice(12, 60)
    assert war.records.nation("new_entries")[months].sum() > truce.records.nation("new_entries")[months].sum()


def test_a_truce_at_the_status_quo_changes_nothing() -> None:
    short = {"until": "2007-12"}
    with pytest.warns(Idle, match="this changes nothing"):
        law = plan("law.truce@2007-01..2007-12=0", **short)
    assert unlike(NarcoDoor(plan(**short)).run(), NarcoDoor(law).run()) == []
    off = plan("law.truce@2007-01..2007-12=0.8", **short, off=["truce"])
    assert unlike(NarcoDoor(plan(**short)).run(), NarcoDoor(off).run()) == []


def test_a_whole_truce_is_a_world_without_contest() -> None:
    peace = NarcoDoor(plan("law.truce@2007-01..2007-12=1", until="2007-12")).run()
    calm = NarcoDoor(plan(until="2007-12"))  # founded with a contest, as the other was
    calm.world.cartels.switches = {**calm.world.cartels.switches, "contest": False}
    assert unlike(peace, calm.run()) == []


def test_medellin_says_what_it_borrows_and_has_an_underworld_of_its_own() -> None:
    mexico, medellin = parameters("mexico"), parameters("medellin")
    assert lender("medellin") == "mexico"
    own = {name for name, fact in medellin.items() if fact != mexico[name]}
    assert own == {"members_first", "prisoners_first", "export_rents"}
    world = NarcoDoor(load_one("medellin_2003").replace(until="2003-01", persons_per_agent=PERSONS))
    assert world.world.cartels.held.sum() == pytest.approx(medellin["members_first"].value, rel=0.01)


# the claim


def test_the_claim_of_the_works_is_put_to_it_beside_the_published_study() -> None:
    # in a city of some thousand agents inside, a war more or less moves the ratio of two lucks tenfold
    (found,) = examine(claims_named([22]), replicates=4, persons_per_agent=500, workers=1)
    ratios = {
        f.test.scenario: math.exp(f.mean) for f in found.findings if f.test.unit == "rate_ratio" and f.test.beside
    }
    assert set(ratios) == {"medellin_2003", "medellin_without", "medellin_war"}
    assert all(0.1 < ratio < 10 for ratio in ratios.values())
    assert "0.33 (0.18 to 0.61)" in found.claim.assumes
