"""Rents by source: shares of a whole, on lines between the years of a table; off is the share that never moves."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from narco_door.base.errors import UserError
from narco_door.base.months import month_number
from narco_door.country.folder import RENTS, country_folder
from narco_door.country.places import load_places
from narco_door.country.tables import SOURCES
from narco_door.inside.sources import corridor
from narco_door.month.founding import found
from narco_door.month.model import NarcoDoor
from worlds import plan, unlike

MEXICO = load_places()
JUNE, JULY = "-06", "-07"


def by_source(text: str) -> np.ndarray:
    """Mexico's shares in a month."""
    return corridor(MEXICO, month_number(text), by_source=True)


@pytest.mark.parametrize("month", ["2007-01", "2011-04", "2014-01", "2018-12", "2026-12"])
def test_shares_are_shares_of_a_whole(month: str) -> None:
    shares = by_source(month)
    assert shares.sum() == pytest.approx(1.0)
    assert (shares > 0).all()


def test_between_two_years_of_the_table_lies_their_mean() -> None:
    def middle(year: int) -> np.ndarray:
        return (by_source(f"{year}{JUNE}") + by_source(f"{year}{JULY}")) / 2

    row = MEXICO.rent_years.tolist().index(2010)
    assert middle(2010) == pytest.approx(MEXICO.rent_places @ MEXICO.rent_sizes[row], abs=2e-4)
    assert middle(2011) == pytest.approx((middle(2010) + middle(2012)) / 2, abs=4e-4)
    assert by_source("2026-12") == pytest.approx(by_source("2022-12"))


def test_off_or_without_tables_the_share_never_moves() -> None:
    medellin = load_places("medellin")
    for month in (month_number("2008-01"), month_number("2019-01")):
        assert corridor(MEXICO, month, by_source=False) is MEXICO.corridor_share
        assert corridor(medellin, month, by_source=True) is medellin.corridor_share


def test_off_is_the_world_without_the_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    short = {"until": "2007-06"}
    off, on = (NarcoDoor(plan(**short, off=which)).run() for which in (["rent_sources"], []))  # type: ignore[arg-type]
    bare = replace(MEXICO, rent_years=np.zeros(0), rent_sizes=np.zeros(0), rent_places=np.zeros(0))
    monkeypatch.setitem(found.__globals__, "_places", lambda *_: bare)
    assert unlike(NarcoDoor(plan(**short)).run(), off) == []  # type: ignore[arg-type]
    assert unlike(on, off) != []


def test_the_sources_are_where_the_reports_say() -> None:
    first = {
        source: MEXICO.name[k] for source, k in zip(SOURCES, MEXICO.rent_places.argmax(axis=0).tolist(), strict=True)
    }
    assert first["poppy"] == "Guerrero"
    assert first["fuel"] == "Guanajuato"
    assert first["meth"] == "Michoacán"
    early = MEXICO.rent_sizes[MEXICO.rent_years < 2014]
    assert not early[:, SOURCES.index("synthetic")].any()


@pytest.mark.parametrize(
    ("table", "old", "new", "words"),
    [
        (RENTS[0], "02,0.32", "02,0.42", "crossings must sum to 1; it sums to 1.1"),
        (RENTS[0], "02,0.32", "03,0.32", "each place once"),
        (RENTS[0], "02,0.32", "02,much", "rent_sources.csv:3: crossings is 'much'; expected a number from 0 to 1"),
        (RENTS[1], "2010,0.35", "2010,0.45", "rent_years.csv:3: the sources of a year must sum to 1"),
        (RENTS[1], "2010,0.35", "2006,0.35", "rent_years.csv:3: years must rise"),
    ],
)
def test_what_is_wrong_in_the_tables_is_told(table: str, old: str, new: str, words: str, tmp_path: Path) -> None:
    home = tmp_path / "copy"
    shutil.copytree(country_folder("mexico"), home)
    text = (home / table).read_text()
    assert old in text
    (home / table).write_text(text.replace(old, new))
    with pytest.raises(UserError) as told:
        load_places(str(home))
    assert words in str(told.value)
