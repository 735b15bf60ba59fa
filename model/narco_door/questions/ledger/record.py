"""Homicides that were counted, of the nation and of its states, as rates."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import Final

import numpy as np

from narco_door.base.arrays import F8, I8
from narco_door.country.folder import country_folder
from narco_door.country.places import load_places
from narco_door.questions.targets import targets

FITTED: Final = (2007, 2012)
"""First and last year whose homicides may be fitted."""


@dataclass(frozen=True)
class Observed:
    """Homicides per 100,000 people and year.

    Attributes
    ----------
    years
        int64[year], in their order; some may be missing.
    rates
        float64[year, place].
    """

    years: I8
    rates: F8

    def between(self, first: int, last: int) -> Observed:
        """The years from the first to the last, both included."""
        asked = (first <= self.years) & (self.years <= last)
        return Observed(self.years[asked], self.rates[asked])

    @property
    def later(self) -> Observed:
        """The years that are never fitted."""
        return self.between(FITTED[1] + 1, int(self.years[-1]))


def nation(country: str = "mexico") -> Observed:
    """The nation's rates (one place), as the targets have them."""
    told = sorted((t.years[0], t.value) for t in targets(country) if t.statistic == "homicide_rate")
    return Observed(np.array([year for year, _ in told]), np.array([[rate] for _, rate in told]))


def states(country: str = "mexico") -> Observed:
    """The states' rates, in the order of their codes, in the years that the tables hold.

    To 2012 they are registered deaths (INEGI), afterwards victims in prosecutors' files (SESNSP), of whom there are up
    to a tenth fewer.
    """
    places = load_places(country)
    counts = {**_counted(country, "homicides.csv"), **_counted(country, "homicides_by_year.csv")}
    years = np.array(sorted(counts))
    killed = np.array([[counts[year][code] for code in places.code] for year in years.tolist()], float)
    return Observed(years, 1e5 * killed / places.mid_year_people[:, years - places.first_year].T)


def _counted(country: str, table: str) -> dict[int, dict[str, int]]:
    """Homicides by year and place; a column is named by the year, or by who counted and the year."""
    text = (country_folder(country) / table).read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    return {int(name[-4:]): {row["code"]: int(row[name]) for row in rows} for name in rows[0] if name != "code"}
