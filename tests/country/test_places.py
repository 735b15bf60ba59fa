"""The tables of places: whole, consistent, sourced, and strict about mistakes."""

import hashlib
import subprocess
import sys
import tomllib
from dataclasses import fields

import numpy as np
import pytest

from narco_door.base.errors import UserError
from narco_door.country.facts import parameters
from narco_door.country.folder import country_folder
from narco_door.country.places import MEASURES, Places, load_places

GRADES = {"measured", "reported", "modelled", "assumed"}
VIOLENCE = {"ordinary_homicide_rate", "corridor_share"}


@pytest.fixture
def mexico() -> Places:
    return load_places("mexico")


def month(year: int, calendar_month: int) -> int:
    return year * 12 + calendar_month - 1


def sources(country: str) -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads((country_folder(country) / "sources.toml").read_text(encoding="utf-8"))


HASHES = {"mexico": "3221e05cf6d20e09", "medellin": "18f55c199d75bde9"}


@pytest.mark.parametrize("country", HASHES)
def test_the_arrays_are_those_that_the_model_was_fitted_to(country: str) -> None:
    """A change of the reader changes nothing; a change of the tables is a decision, and this number with it."""
    places = load_places(country)
    found = hashlib.sha256()
    for field in fields(places):
        value = getattr(places, field.name)
        found.update(value.tobytes() if isinstance(value, np.ndarray) else repr(value).encode())
    assert found.hexdigest()[:16] == HASHES[country]


def test_mexico_has_its_states_in_order(mexico: Places) -> None:
    assert mexico.code == tuple(f"{i:02d}" for i in range(1, 33))
    assert mexico.name[8] == "Ciudad de México"
    assert len(mexico) == 32
    assert len(set(zip(mexico.tile_row.tolist(), mexico.tile_col.tolist(), strict=True))) == 32


def test_shares_sum_to_one_and_no_corridor_is_shut(mexico: Places) -> None:
    assert mexico.corridor_share.sum() == pytest.approx(1)
    assert mexico.corridor_share.min() > 0
    assert sum(c.size_share for c in mexico.cartels) == pytest.approx(1)


def test_national_means_are_those_that_the_sources_state(mexico: Places) -> None:
    youth = mexico.cohorts[:, :, 1981 - 1977 : 1996 - 1977].sum(axis=(1, 2))
    people = mexico.population(month(2010, 7))
    assert np.average(mexico.informality, weights=youth) == pytest.approx(0.59, abs=0.005)
    assert np.average(mexico.impunity, weights=people) == pytest.approx(0.89, abs=0.005)
    assert np.average(mexico.corruption, weights=people) == pytest.approx(0.23, abs=0.002)
    assert np.average(mexico.ordinary_homicide_rate, weights=people) == pytest.approx(8.8, abs=0.2)


@pytest.mark.parametrize(("year", "people"), [(2007, 109_538_665), (2010, 114_756_059), (2024, 132_274_416)])
def test_the_nation_counts_as_many_as_conapo(mexico: Places, year: int, people: int) -> None:
    assert mexico.mid_year_people[:, year - mexico.first_year].sum() == people
    around = mexico.population(month(year, 6)) + mexico.population(month(year, 7))  # their middle is mid-year
    assert around.sum() / 2 == pytest.approx(people, rel=1e-4)


def test_population_lies_on_a_line_between_mid_years(mexico: Places) -> None:
    steps = np.diff([mexico.population(m) for m in range(month(2011, 7), month(2012, 6))], axis=0)
    assert np.allclose(steps, steps[0])


def test_population_outside_the_table_is_an_error(mexico: Places) -> None:
    assert mexico.population(month(2000, 7)).shape == mexico.population(month(2050, 6)).shape == (32,)
    for outside in (month(2000, 6), month(2050, 7)):
        with pytest.raises(UserError, match="2000-07 to 2050-06"):
            mexico.population(outside)


def test_youth_on_new_year_2007_are_those_of_conapo(mexico: Places) -> None:
    born_1977_to_1994 = mexico.cohorts[:, :, : 1995 - mexico.first_birth_year].sum()
    assert mexico.first_birth_year == 1977
    assert born_1977_to_1994 == pytest.approx(36_406_841, abs=100)  # mean of mid-2006 and mid-2007, rounded by group


def test_young_men_are_from_their_16th_birthday_to_the_day_before_the_30th(mexico: Places) -> None:
    men = mexico.cohorts[:, 1].sum(axis=0)
    born = {year: men[year - mexico.first_birth_year] for year in range(1977, 1992)}
    expected = sum(born.values()) - born[1977] / 12 - 11 * born[1991] / 12  # February 1977 to January 1991
    assert mexico.young_men(month(2007, 1)) == pytest.approx(expected)


@pytest.mark.parametrize(("year", "youth"), [(2007, 36_630_930), (2012, 39_002_852), (2020, 40_295_626)])
def test_later_youth_are_near_conapo_though_migration_is_left_out(mexico: Places, year: int, youth: int) -> None:
    cohort = {b: mexico.cohorts[:, :, b - 1977].sum() for b in range(1977, mexico.last_birth_year + 1)}
    edges = (cohort.get(year - 30, cohort[1977]) + cohort[year - 12]) / 2
    assert sum(cohort[b] for b in range(year - 29, year - 12)) + edges == pytest.approx(youth, rel=0.03)


def test_cohorts_reach_beyond_the_default_run(mexico: Places) -> None:
    assert mexico.last_birth_year == 2036
    assert mexico.cohorts.min() > 0


def test_neighbours_are_symmetric_and_connected(mexico: Places) -> None:
    touch = mexico.neighbours
    assert (touch == touch.T).all()
    assert not touch.diagonal().any()
    assert touch.sum() == 2 * 69
    reached = np.linalg.matrix_power(touch.astype(np.int64) + np.eye(32, dtype=np.int64), 12) > 0
    assert reached.all()


def test_four_dominant_cartels_and_contest_only_where_a_source_says_so(mexico: Places) -> None:
    held = [mexico.code[p] for cartel in mexico.cartels for p in cartel.places]
    assert sum(c.dominant for c in mexico.cartels) == 4
    assert {p for p in held if held.count(p) > 1} == {"12", "16", "19", "28"}
    without = [mexico.corridor_share[i] for i, code in enumerate(mexico.code) if code not in held]
    assert max(without) < 0.02


def test_arrays_are_read_only_and_the_world_is_read_once(mexico: Places) -> None:
    assert load_places() is mexico
    for column in (*MEASURES, "neighbours", "cohorts", "mid_year_people"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(mexico, column)[...] = 0


@pytest.mark.parametrize("country", ["mexico", "medellin"])
def test_every_column_has_a_source_and_a_grade(country: str) -> None:
    known = sources(country)
    tables = {path.stem: path for path in country_folder(country).glob("*.csv")}
    numbers = tables.pop("posterior", None)  # found, not compiled; what a number of it is, its own table says
    assert numbers is None or set(numbers.read_text().splitlines()[0].split(",")[1:]) <= set(parameters(country))
    assert set(known) == set(tables)
    for table, path in tables.items():
        assert list(known[table]) == path.read_text(encoding="utf-8").splitlines()[0].split(","), table
        for column, entry in known[table].items():
            assert set(entry) == {"meaning", "unit", "year", "source", "address", "grade"}, (table, column)
            assert entry["grade"] in GRADES, (table, column)
            assert all(entry[k] for k in ("meaning", "unit", "year", "source")), (table, column)


def test_no_violence_after_2012_enters() -> None:
    for column in VIOLENCE:
        assert int(sources("mexico")["places"][column]["year"][-4:]) <= 2012
    assert not any("homicid" in c or "death" in c for c in MEASURES if c not in VIOLENCE)


def test_targets_are_whole_and_later_homicides_are_never_fitted() -> None:
    targets = tomllib.loads((country_folder("mexico") / "targets.toml").read_text(encoding="utf-8"))
    keys = {"name", "value", "low", "high", "unit", "years", "role", "statistic", "study"}
    for name, target in targets.items():
        assert set(target) == keys, name
        assert target["low"] <= target["value"] <= target["high"], name
        assert target["years"] == sorted(target["years"]), name
        late = target["statistic"] == "homicide_rate" and target["years"][1] > 2012
        assert (target["role"] == "validation") == late, name
        assert target["role"] in {"fit", "check", "validation"}, name


def test_the_module_is_light() -> None:
    heavy = "{'numba', 'mesa', 'polars', 'matplotlib'}"
    code = f"import sys, narco_door.country.places; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
