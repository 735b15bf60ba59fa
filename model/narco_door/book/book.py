"""The book in which every record is written down each month, for the nation and its places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from narco_door.base.arrays import F8
from narco_door.base.declared import records
from narco_door.base.months import as_date
from narco_door.base.nation import NATION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

RECORDS = tuple(records().values())


def _coded(words: list[str]) -> pl.Series:
    """Words as a column of codes."""
    return pl.Series(words, dtype=pl.Enum(words))


@dataclass(frozen=True)
class Event:
    """Something that happened to a cartel."""

    kind: str  # capture, killing, death, ousting, succession, split, entry, exit, war, truce, absorption;
    # on record also escape, extradition, alliance, missed
    cartel: str
    place: int
    persons: int


class Book:
    """The records of one run, float64[month, place or nation, record]; the nation is column 0."""

    def __init__(self, codes: Sequence[str], *, start: int, months: int) -> None:
        self.codes, self.start, self.written = tuple(codes), start, 0
        self.index = {record.name: k for k, record in enumerate(RECORDS)}
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
        page[1:, [self.index[name] for name in values]] = np.array(list(values.values())).T
        page[0] = page[1:].sum(axis=0)
        for k, weight in self._levels:
            mass = page[1:, weight]
            total = mass.sum()
            page[0, k] = (page[1:, k] * mass).sum() / total if total > 0 else page[1:, k].mean()
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
