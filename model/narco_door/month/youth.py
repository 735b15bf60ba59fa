"""The youths as a Mesa user would want them: select, count, group by place, and one row read as a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from narco_door.base import doors as known
from narco_door.base.ages import LAST_AGE
from narco_door.base.arrays import I8
from narco_door.base.months import as_date
from narco_door.country.roll import RECORD
from narco_door.inside.careers import FATES, ROOMS
from narco_door.month.world import World


@dataclass(frozen=True)
class Person:
    """One row of the roll, read aloud."""

    row: int
    place: str
    sex: str
    age: float
    door: str
    schooling_years: float
    deprivation: float
    resists_more_than: float  # share of youths with less resistance to crime
    has_record: bool
    room: str | None
    persons: int

    def __str__(self) -> str:
        who = "man" if self.sex == "m" else "woman"
        inside = f", {self.room} of a cartel" if self.room else ""
        record = ", with a criminal record" if self.has_record else ""
        return (
            f"A {who} of {self.age:.1f} in {self.place}, at the door: {self.door}{inside}; "
            f"{self.schooling_years:g} years of school{record}."
        )


class Youth:
    """The people of 12-29 on the roll, beside Mesa's agents: columns, not objects."""

    def __init__(self, world: World) -> None:
        self._world = world

    @property
    def _month(self) -> int:
        """The month about to be lived; after the last, the last, for the roll ends there."""
        return min(self._world.month, self._world.start + self._world.months - 1)

    def rows(self) -> I8:
        """Rows of everyone of 12-29 this month (the dead of that age included), in roll order."""
        a, b = self._world.roll.window(self._month)
        first = self._world.roll.first
        return np.concatenate([np.arange(first[p, a], first[p, b]) for p in range(first.shape[0])])

    def select(
        self, *, door: str | None = None, place: str | None = None, sex: str | None = None,
        age: tuple[float, float] | None = None,
    ) -> I8:  # fmt: skip
        """Rows that fit all conditions.

        Parameters
        ----------
        door : str, optional
            One of `narco_door.base.doors.names()`: school, formal, informal, home, idle, cartel, prison, dead.
        place : str, optional
            Code of a place, like "14".
        sex : {"f", "m"}, optional
        age : (float, float), optional
            From, and up to but not including, in years.

        Raises
        ------
        ValueError
            There is no such door, place or sex, or the ages are in the wrong order.
        """
        rows = self.rows()
        roll = self._world.roll
        if door is not None:
            rows = rows[roll.door[rows] == _number_of(door, known.names(), "door")]
        where, birth, man, _ = roll.whereabouts(rows)
        keep = np.ones(rows.size, bool)
        if place is not None:
            keep &= where == _number_of(place, self._world.places.code, "place")
        if sex is not None:
            keep &= man == _number_of(sex, ("f", "m"), "sex")
        if age is not None:
            if age[0] > age[1]:
                raise ValueError(f"age: expected from and up to, such as (15, 18), got {age}")
            months = self._month - birth
            keep &= (months >= age[0] * 12) & (months < age[1] * 12)
        return rows[keep]

    def count(self, **conditions: object) -> int:
        """How many persons fit the conditions of `select`."""
        return int(self.select(**conditions).size) * self._world.weight  # type: ignore[arg-type]

    def groupby_place(self) -> pl.DataFrame:
        """Persons behind each door by place, one row a place."""
        rows = self.rows()
        place = self._world.roll.whereabouts(rows)[0]
        names, places = known.names(), len(self._world.places)
        cell = np.bincount(place * len(names) + self._world.roll.door[rows], minlength=len(names) * places)
        table = cell.reshape(places, len(names)) * self._world.weight
        columns = {"place": list(self._world.places.code), "name": list(self._world.places.name)}
        return pl.DataFrame({**columns, **{door: table[:, k] for k, door in enumerate(names)}})

    def person(self, row: int) -> Person:
        """One row of the roll as a readable person.

        Raises
        ------
        IndexError
            The roll has no such row.
        """
        world, roll = self._world, self._world.roll
        if not 0 <= row < roll.door.size:
            raise IndexError(f"no row {row} on the roll; expected 0 to {roll.door.size - 1}")
        place, birth, man, _ = (int(x[0]) for x in roll.whereabouts(np.array([row])))
        inside = np.flatnonzero((world.careers.table["row"] == row) & ~world.careers.table["jailed"])
        return Person(
            row=row, place=world.places.name[place], sex="m" if man else "f", age=(world.month - birth) / 12,
            door=known.names()[roll.door[row]], schooling_years=roll.schooling[row] / 2,
            deprivation=roll.deprivation[row] / 255,
            resists_more_than=roll.moral[row] / 256, has_record=bool(roll.flags[row] & RECORD),
            room=ROOMS[world.careers.table["room"][inside[0]]] if inside.size else None, persons=world.weight,
        )  # fmt: skip

    def __len__(self) -> int:
        living = self._world.roll.living(self._month)
        return int(living.sum()) * self._world.weight

    def __repr__(self) -> str:
        return f"<Youth: {len(self):,} persons of 12-{LAST_AGE // 12 - 1}>"


def _number_of(word: str, known: Sequence[str], what: str) -> int:
    if word not in known:
        raise ValueError(f"no {what} {word!r}; expected one of {', '.join(known)}")
    return known.index(word)


def careers_frame(world: World) -> pl.DataFrame:
    """Everyone who ever entered a cartel, one row each; the members of the first month have no entry month."""
    log = world.careers.log
    founding = log["entered"] < world.start
    name = world.roll.whereabouts(log["row"])[3]
    codes, doors = np.array(world.places.code), np.array(known.names())
    ended = log["fate_month"]
    return pl.DataFrame(
        {
            "person": pl.Series(name, dtype=pl.UInt64),
            "place": codes[log["place"]],
            "sex": np.array(["f", "m"])[log["man"]],
            "entry_month": pl.Series(
                [None if old else as_date(int(t)) for t, old in zip(log["entered"], founding, strict=True)],
                dtype=pl.Date,
            ),
            "entry_age": pl.Series(np.where(founding, np.nan, (log["entered"] - log["birth"]) / 12.0)).fill_nan(None),
            "from_door": doors[log["from_door"]],
            "forced": log["forced"],
            "highest_room": np.array(ROOMS)[log["room"]],
            "fate": np.array(FATES)[log["fate"]],
            "fate_month": pl.Series([None if t < 0 else as_date(int(t)) for t in ended], dtype=pl.Date),
            "jail_terms": log["terms"],
            "weight": np.full(len(log), world.weight, np.int64),
        }
    )
