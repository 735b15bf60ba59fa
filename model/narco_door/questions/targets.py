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

WEEKS = 365.25 / 7


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

    def per_year(self, record: str, years: tuple[int, int]) -> float:
        """Yearly total of a flow, mean over the years."""
        return float(self.nation(record)[self.span(years)].mean() * 12)

    def mean(self, record: str, years: tuple[int, int]) -> float:
        """Mean of a stock over the months of the years."""
        return float(self.nation(record)[self.span(years)].mean())

    def ratio(self, part: Sequence[str], whole: Sequence[str], years: tuple[int, int]) -> float:
        """Sum of some stocks over the sum of others, mean over the months."""
        span = self.span(years)
        top, bottom = (np.sum([self.nation(r)[span] for r in records], axis=0) for records in (part, whole))
        return float((top / bottom).mean())


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


STATISTICS: dict[str, Callable[[History, tuple[int, int]], float]] = {
    "members_january": lambda h, y: float(h.nation("n_members")[h.span(y)][0]),
    "entries_per_week": lambda h, y: h.per_year("new_entries", y) / WEEKS,
    "member_deaths_per_year": lambda h, y: h.per_year("new_member_deaths", y),
    "member_arrests_per_year": lambda h, y: h.per_year("new_member_arrests", y),
    "dominant_cartels": lambda h, y: float(h.dominant),
    "cartels": lambda h, y: h.mean("n_cartels", y),
    "homicide_rate": lambda h, y: 1e5 * h.per_year("new_homicides", y) / h.mean("population", y),
    "attendance_12_14": lambda h, y: h.ratio(["n_school_12_14"], ["n_youth_12_14"], y),
    "attendance_15_17": lambda h, y: h.ratio(["n_school_15_17"], ["n_youth_15_17"], y),
    "attendance_18_24": lambda h, y: h.ratio(["n_school_18_24"], ["n_youth_18_24"], y),
    "neet_men_18_24": lambda h, y: h.ratio(["n_neet_m_18_24"], ["n_youth_m_18_24"], y),
    "neet_women_18_24": lambda h, y: h.ratio(["n_neet_f_18_24"], ["n_youth_f_18_24"], y),
    "informal_share": lambda h, y: h.ratio(["n_informal"], ["n_informal", "n_formal"], y),
    "capture_effect": capture_effect,
}  # fmt: skip


def measure(history: History, target: Target) -> float:
    """The statistic of a target in one run; NaN where the run is too short."""
    span = history.span(target.years)
    if span.start < 0 or span.stop > len(history.homicides):
        return float("nan")
    return STATISTICS[target.statistic](history, target.years)
