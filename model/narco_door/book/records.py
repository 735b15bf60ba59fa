"""What is written down each month: every record's name, unit, kind and meaning, and the book they are kept in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from narco_door.base.arrays import F8
from narco_door.base.nation import NATION
from narco_door.base.parameters import levers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from narco_door.inside.cartels import Event


@dataclass(frozen=True)
class Record:
    """One column of the book.

    Attributes
    ----------
    kind : str
        "stock" (adds over places), "flow" (adds over places and months) or "level" (a mean over places).
    weight : str
        For levels: the stock that weighs the national mean.
    """

    name: str
    unit: str
    kind: str
    meaning: str
    weight: str = ""


def _stock(name: str, meaning: str, unit: str = "persons") -> Record:
    return Record(name, unit, "stock", meaning)


def _flow(name: str, meaning: str, unit: str = "persons a month") -> Record:
    return Record(name, unit, "flow", meaning)


def _level(name: str, meaning: str, unit: str = "0-1", weight: str = "n_youth") -> Record:
    return Record(name, unit, "level", meaning, weight)


def _money() -> list[Record]:
    out = []
    for name in levers():
        out += [
            _flow(f"promised_{name}", f"promised for {name}; the nation only", "US$ a month"),
            _flow(f"spent_{name}", f"spent on {name}", "US$ a month"),
            _flow(f"leaked_{name}", f"leaked on the way to {name}", "US$ a month"),
            _stock(
                f"unspent_{name}",
                f"promised for {name}, not used: of no use to anyone in a place; in the nation, also not yet paid",
                "US$",
            ),
        ]
    return out


def _systems() -> list[Record]:
    """What the mechanisms of `systems` write down."""
    dollars = "US$ a month"
    return [
        _level("us_price", "price in the US, relative to no squeeze on supply", "ratio", "population"),
        _flow("rents_legal", "export rents that cartels lose to a legal trade", dollars),
        _flow("rents_moved_out", "export rents that pressure on the corridor moves elsewhere", dollars),
        _flow("rents_moved_in", "export rents that arrive from other corridors", dollars),
        _flow("rents_moved_abroad", "of those that leave the place, what leaves the country", dollars),
        _flow("rents_taken", "rents taken from the population beyond ordinary rackets", dollars),
        _level("small_groups", "how far members stand in small groups", "0-1", "n_members"),
        _flow("new_cash_seized", "cash of cartels that is seized", dollars),
        _flow("new_product_paid", "product paid in its stead, at its worth as pay", dollars),
        _flow("new_local_sales", "of this product, what is consumed locally, at street value", dollars),
        _flow("new_cars_stolen", "cars stolen in the stead of seized ones", "cars a month"),
        _flow("new_excise", "excise on the legal trade", dollars),
        _flow("new_security_tax", "public-security tax", dollars),
        _flow("new_earmarked", "of both taxes, what goes to levers; the rest goes to the treasury", dollars),
        _stock("n_soldiers", "soldiers on duty, beyond those of the baseline"),
        _flow("new_killed_by_soldiers", "bystanders killed by soldiers, among the homicides"),
        _flow("new_homicides_abroad", "homicides abroad that follow the rents moved there; not among the homicides"),
        _flow("new_police_fired", "corrupt officers fired"),
        _flow("new_police_left_for", "of these hired by a force next door"),
        _flow("new_police_joined", "of these joined a cartel; they have no row and take no post"),
        _flow("new_police_out", "of these neither"),
        _flow("new_police_hired", "fired officers hired here by this force"),
        _flow("new_police_off_street", "officers hired off the street for posts of the fired"),
        _stock("n_begun", "phases with a condition that have begun; the nation only", "phases"),
    ]


_BANDS = ("12_14", "15_17", "18_24")
_SEXES = (("f", "women"), ("m", "men"))
_FROM = ("school", "formal", "informal", "home", "idle", "prison")
RECORDS: tuple[Record, ...] = (
    _stock("population", "residents of all ages"),
    _stock("n_youth", "persons of 12-29 on the roll, the dead not counted"),
    _stock("n_school", "youths at school"),
    _stock("n_formal", "youths in a formal job"),
    _stock("n_informal", "youths in informal work"),
    _stock("n_home", "youths in unpaid care of a home"),
    _stock("n_idle", "youths at the street corner"),
    _stock("n_youth_inside", "youths of 12-29 in a cartel"),
    _stock("n_youth_prison", "youths of 12-29 in prison"),
    *(_stock(f"n_youth_{band}", f"youths of {band.replace('_', '-')}") for band in _BANDS),
    *(_stock(f"n_school_{band}", f"of these at school, {band.replace('_', '-')}") for band in _BANDS),
    *(_stock(f"n_youth_{sex}_18_24", f"{word} of 18-24") for sex, word in _SEXES),
    *(_stock(f"n_neet_{sex}_18_24", f"{word} of 18-24 neither at school nor at work") for sex, word in _SEXES),
    _stock("n_members", "members of cartels, of any age"),
    _stock("n_members_minor", "members under 18"),
    _stock("n_lookouts", "members in the first room (lookouts)"),
    _stock("n_gunmen", "members in the second room (gunmen and dealers)"),
    _stock("n_chiefs", "members in the third room (cell chiefs)"),
    _stock("n_bosses", "members in the fourth room (plaza bosses)"),
    _stock("n_prison", "former members in prison"),
    _stock("n_vacancies", "members that cartels want and do not have"),
    _stock("n_cartels", "cartels that claim the place; for the nation, cartels with members", "cartels"),
    _level("effective_cartels", "inverse Herfindahl index of all members over cartels", "cartels", "n_members"),
    _flow("new_crossroads", "youths who stood at a crossroads"),
    _flow("new_offers", "youths who saw the narco door open"),
    _flow("new_entries", "entries through the narco door"),
    _flow("new_entries_minor", "of these under 18"),
    _flow("new_entries_forced", "of these by force"),
    *(_flow(f"new_entries_from_{door}", f"of these from {door}") for door in _FROM),
    _flow("new_promotions", "members who rose a room"),
    _flow("new_member_deaths", "members killed"),
    _flow("new_member_arrests", "members arrested"),
    _flow("new_member_leavers", "members who left"),
    _flow("new_releases", "former members released from prison"),
    _flow("new_captures", "leaders captured", "leaders a month"),
    _flow("new_splits", "rivals that break away from a cartel", "cartels a month"),
    _flow("new_homicides", "homicides of all kinds"),
    _level("width_school", "chance that someone who tries is let into school after 15"),
    _level("width_formal", "chance that someone who tries gets a formal job, whatever their schooling"),
    _level("width_informal", "chance that someone who tries finds informal work"),
    _level("width_narco", "chance that a young man at a crossroads gets an offer"),
    _level("belief_school", "believed width of the school door"),
    _level("belief_formal", "believed width of the formal door"),
    _level("belief_informal", "believed width of the informal door"),
    _level("belief_narco", "believed promotions of a member", "per year", "n_youth"),
    _level("corruption", "share of police officers who are corrupt", "0-1", "population"),
    _level("fear", "fear of violence", "0-1", "population"),
    _level("deprivation", "mean deprivation into which the twelve-year-olds of the month come"),
    _flow("rents", "rents that cartels contest", "US$ a month"),
    _level("pay_narco", "pay of the first room", "US$ a month", "n_youth"),
    *_money(),
    *_systems(),
)  # fmt: skip
HEADLINE = (
    "n_members", "new_entries", "new_homicides", "n_school", "n_formal", "n_informal",
    "n_home", "n_idle", "n_prison", "n_cartels",
)  # fmt: skip


def as_date(month: int) -> dt.date:
    """First day of an absolute month."""
    return dt.date(month // 12, month % 12 + 1, 1)


def _coded(words: list[str]) -> pl.Series:
    """Words as a column of codes."""
    return pl.Series(words, dtype=pl.Enum(words))


class Book:
    """The records of one run, float64[month, place or nation, record]; the nation is column 0."""

    def __init__(self, codes: Sequence[str], *, start: int, months: int) -> None:
        self.codes, self.start, self.written = tuple(codes), start, 0
        self.index = {record.name: k for k, record in enumerate(RECORDS)}
        if len(self.index) != len(RECORDS):
            raise ValueError("two records share a name")
        self._pages = np.zeros((months, len(codes) + 1, len(RECORDS)))
        self._levels = [(k, self.index[r.weight]) for k, r in enumerate(RECORDS) if r.kind == "level"]
        self._events: list[tuple[int, Event]] = []

    def write(
        self,
        month: int,
        values: Mapping[str, NDArray[Any]],
        *,
        nation: Mapping[str, float],
        events: Sequence[Event],
    ) -> None:
        """Write a month down: each record by place, or for the nation only."""
        page = self._pages[month - self.start]
        missing = self.index.keys() - values.keys() - nation.keys()
        if missing:
            raise ValueError(f"not written down: {sorted(missing)}")
        for name, column in values.items():
            page[1:, self.index[name]] = column
        page[0] = page[1:].sum(axis=0)
        for k, weight in self._levels:
            mass = page[1:, weight]
            page[0, k] = (page[1:, k] * mass).sum() / mass.sum() if mass.sum() > 0 else page[1:, k].mean()
        for name, value in nation.items():
            page[0, self.index[name]] = value
        self._events += [(month, event) for event in events]
        self.written = month - self.start + 1

    def column(self, name: str) -> F8:
        """A record by month and nation or place, float64[month, 1 + place]."""
        return self._pages[: self.written, :, self.index[name]]

    def nation(self, name: str) -> F8:
        """A record of the nation over the months written so far."""
        return self._pages[: self.written, 0, self.index[name]]

    def by_place(self, name: str) -> F8:
        """A record by month and place, float64[month, place]."""
        return self._pages[: self.written, 1:, self.index[name]]

    def series(self) -> pl.DataFrame:
        """Long form: month, place ("00" is the nation), record, value; ordered by record, place, month, as stored."""
        months = np.array([as_date(self.start + k) for k in range(self.written)], "datetime64[D]")
        places = [NATION, *self.codes]
        per_record, per_place = len(places) * self.written, self.written
        place = np.tile(np.repeat(np.arange(len(places)), per_place), len(RECORDS))
        record = np.repeat(np.arange(len(RECORDS)), per_record)
        return pl.DataFrame(
            {
                "month": pl.Series(np.tile(months, len(RECORDS) * len(places))),
                "place": _coded(places).gather(place),
                "record": _coded([each.name for each in RECORDS]).gather(record),
                "value": self._pages[: self.written].transpose(2, 1, 0).ravel(),
            }
        )

    def events(self) -> pl.DataFrame:
        """What befell cartels: month, kind, cartel, place, persons."""
        return pl.DataFrame(
            {
                "month": [as_date(month) for month, _ in self._events],
                "kind": [event.kind for _, event in self._events],
                "cartel": [event.cartel for _, event in self._events],
                "place": [self.codes[event.place] for _, event in self._events],
                "persons": [event.persons for _, event in self._events],
            },
            schema={
                "month": pl.Date,
                "kind": pl.String,
                "cartel": pl.String,
                "place": pl.String,
                "persons": pl.Int64,
            },
        )
