"""What history says, and the same statistics of a run: the table that `narco-door validate` prints."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from narco_door.base.arrays import F8
from narco_door.base.errors import UserError
from narco_door.country.folder import country_folder
from narco_door.results.measures import QUANTITIES, Quantity, all_months


@dataclass(frozen=True)
class Target:
    """A figure from history with its bounds; see data/mexico/targets.toml for what role and statistic mean."""

    key: str
    name: str
    value: float
    low: float
    high: float
    unit: str
    years: tuple[int, int]
    role: str
    statistic: str
    study: str


@cache
def targets(country: str = "mexico") -> tuple[Target, ...]:
    """All targets of a country in the order of its file; a country is never held against another's.

    Raises
    ------
    UserError
        If the country has none.
    """
    file = country_folder(country) / "targets.toml"
    if not file.is_file():
        raise UserError(f'there is nothing to hold "{country}" against: {file} is missing')
    text = file.read_text(encoding="utf-8")
    return tuple(Target(key, **{**entry, "years": tuple(entry["years"])}) for key, entry in tomllib.loads(text).items())


@dataclass(frozen=True)
class History:
    """One run as the statistics read it.

    Attributes
    ----------
    nation : callable
        Record name -> float64[month] of the nation.
    homicides : float64[month, place]
    captures : sequence of (month since start, place)
    start : int
        First month of the run, absolute.
    dominant : int
        Cartels marked dominant in the first month.
    """

    nation: Callable[[str], F8]
    homicides: F8
    captures: Sequence[tuple[int, int]]
    start: int
    dominant: int

    def span(self, years: tuple[int, int]) -> slice:
        """Months of the years, both included."""
        return slice(years[0] * 12 - self.start, (years[1] + 1) * 12 - self.start)

    def over(self, quantity: Quantity, years: tuple[int, int]) -> float:
        """A quantity of the nation over the months of the years."""
        return float(quantity.of(lambda record: self.nation(record)[self.span(years)], all_months))


def capture_effect(history: History, years: tuple[int, int]) -> float:
    """Relative change of a place's homicides over the 12 months after a leader fell there, less that of places where
    nobody fell within a year; mean over captures (the event study of Lindo and Padilla-Romo 2018).
    """
    months, places = history.homicides.shape
    span = history.span(years)
    hit = np.zeros((months, places), bool)
    for month, place in history.captures:
        hit[month, place] = True
    effects = []
    for month, place in history.captures:
        if not (max(span.start, 12) <= month < min(span.stop, months - 12)):
            continue
        before, after = (
            history.homicides[month - 12 : month].sum(0),
            history.homicides[month + 1 : month + 13].sum(0),
        )
        quiet = ~hit[month - 12 : month + 13].any(axis=0)
        if quiet.any():
            effects.append(after[place] / before[place] - after[quiet].sum() / before[quiet].sum())
    return float(np.mean(effects)) if effects else float("nan")


def _offers_to_boys(history: History, years: tuple[int, int]) -> float:
    """Offers to minors in a year over the boys of 12-17, who are half of that age."""
    span = history.span(years)
    offers, youths = (
        history.nation("new_offers_minor"),
        history.nation("n_youth_12_14") + history.nation("n_youth_15_17"),
    )
    return float(12.0 * offers[span].mean() / (youths[span].mean() / 2.0))


def _share(*part: str, of: Sequence[str]) -> Quantity:
    return Quantity("share", part, tuple(of))


STATISTICS: dict[str, Quantity | Callable[[History, tuple[int, int]], float]] = {
    "members_january": lambda h, y: float(QUANTITIES["members"].of(h.nation)[h.span(y)][0]),
    "entries_per_week": QUANTITIES["entries"],
    "member_deaths_per_year": QUANTITIES["member_deaths"],
    "member_arrests_per_year": QUANTITIES["member_arrests"],
    "dominant_cartels": lambda h, y: float(h.dominant),
    "cartels": QUANTITIES["cartels"],
    "share_largest": lambda h, y: float(h.nation("share_largest")[h.span(y)].mean()),
    "share_five_largest": lambda h, y: float(h.nation("share_five_largest")[h.span(y)].mean()),
    "homicide_rate": QUANTITIES["homicides"],
    "attendance_12_14": _share("n_school_12_14", of=["n_youth_12_14"]),
    "attendance_15_17": _share("n_school_15_17", of=["n_youth_15_17"]),
    "attendance_18_24": _share("n_school_18_24", of=["n_youth_18_24"]),
    "neet_men_18_24": _share("n_neet_m_18_24", of=["n_youth_m_18_24"]),
    "neet_women_18_24": _share("n_neet_f_18_24", of=["n_youth_f_18_24"]),
    "neet_18_24": _share("n_neet_f_18_24", "n_neet_m_18_24", of=["n_youth_f_18_24", "n_youth_m_18_24"]),
    "offers_to_boys": _offers_to_boys,
    "informal_share": _share("n_informal", of=["n_informal", "n_formal"]),
    "capture_effect": capture_effect,
}
"""By name: a quantity over the months of a target's years, or what makes a number of a run and the years."""


def measure(history: History, target: Target) -> float:
    """The statistic of a target in one run; NaN where the run is too short."""
    span = history.span(target.years)
    if span.start < 0 or span.stop > len(history.homicides):
        return float("nan")
    statistic = STATISTICS[target.statistic]
    return (
        history.over(statistic, target.years) if isinstance(statistic, Quantity) else statistic(history, target.years)
    )
