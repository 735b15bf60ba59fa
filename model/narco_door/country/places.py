"""The table of places: people, schools, jobs, neighbours and the cartels of the first month."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from narco_door.base.errors import UserError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SEXES = ("f", "m")
WHOLE = {"tile_row": (1, 99), "tile_col": (1, 99)}
# The model divides by corruption, by what is left of it and by the police: none of them is nothing.
MEASURES = {
    "deprivation": (0.0, 1.0),
    "attendance_12_14": (0.0, 1.0),
    "attendance_15_17": (0.0, 1.0),
    "attendance_18_24": (0.0, 1.0),
    "informality": (0.0, 1.0),
    "schooling_years": (0.0, 25.0),
    "pay": (1.0, 10_000.0),
    "ordinary_homicide_rate": (0.0, 1_000.0),
    "corridor_share": (0.0, 1.0),
    "impunity": (0.0, 1.0),
    "corruption": (0.001, 0.999),
    "police_per_1000": (0.001, 100.0),
    "urban_share": (0.0, 1.0),
}
PLACE_COLUMNS = ("code", "name", "abbr", *WHOLE, *MEASURES)
CARTEL_COLUMNS = ("cartel", "seat", "dominant", "places", "size_share", "source")
PERSONS = (0, 10**9)


@dataclass(frozen=True)
class Founder:
    """A cartel of the first month: name, main place, territory, and size relative to the others."""

    name: str
    seat: int
    dominant: bool
    places: tuple[int, ...]
    size_share: float


@dataclass(frozen=True, eq=False)
class Places:
    """All that is known of the P places before a run, in the order of their codes; arrays are read-only.

    Attributes
    ----------
    deprivation, attendance_12_14, attendance_15_17, attendance_18_24, informality, urban_share : [P] shares
    schooling_years : [P] years
    pay : [P] mean labour income, US$ of 2010 a month
    ordinary_homicide_rate : [P] per 100,000 people a year
    corridor_share : [P] where export rents arise, sums to 1
    impunity, corruption : [P] shares
    police_per_1000 : [P] officers
    neighbours : [P, P] bool, symmetric, False on the diagonal
    cohorts : [P, 2, B] persons by sex (0 women, 1 men) and birth year, from `first_birth_year` on
    mid_year_people : [P, Y] persons of all ages at the middle of each year, from `first_year` on
    cartels : the cartels of the first month

    Sources: data/sources.toml, column by column.
    """

    world: str
    code: tuple[str, ...]
    name: tuple[str, ...]
    abbr: tuple[str, ...]
    tile_row: Ints
    tile_col: Ints
    deprivation: Floats
    attendance_12_14: Floats
    attendance_15_17: Floats
    attendance_18_24: Floats
    informality: Floats
    schooling_years: Floats
    pay: Floats
    ordinary_homicide_rate: Floats
    corridor_share: Floats
    impunity: Floats
    corruption: Floats
    police_per_1000: Floats
    urban_share: Floats
    neighbours: NDArray[np.bool_]
    cohorts: Ints
    first_birth_year: int
    mid_year_people: Ints
    first_year: int
    cartels: tuple[Founder, ...]

    def __len__(self) -> int:
        """Return the number of places."""
        return len(self.code)

    @property
    def last_birth_year(self) -> int:
        """The youngest cohort in the table."""
        return self.first_birth_year + int(self.cohorts.shape[2]) - 1

    @property
    def months_of_people(self) -> tuple[int, int]:
        """The first and the last month of which `population` is known."""
        return self.first_year * 12 + 6, (self.first_year + self.mid_year_people.shape[1] - 1) * 12 + 5

    def population(self, month: int) -> Floats:
        """Return the people of all ages in the middle of a month, on a line between mid-years.

        Parameters
        ----------
        month : absolute month, year * 12 + month - 1

        Returns
        -------
        [P] persons

        Raises
        ------
        UserError
            If the month lies outside the years of the table.
        """
        years = month / 12 + 1 / 24 - self.first_year - 0.5  # since the first mid-year
        last = self.mid_year_people.shape[1] - 1
        if not 0 <= years <= last:
            asked = f"{month // 12}-{month % 12 + 1:02d}"
            span = f"{self.first_year}-07 to {self.first_year + last}-06"
            raise UserError(f"{self.world} has no population for {asked}; the table covers {span}")
        before = min(int(years), last - 1)
        share = years - before
        here, there = self.mid_year_people[:, before], self.mid_year_people[:, before + 1]
        people: Floats = here + share * (there - here)
        return people


class _Row(NamedTuple):
    """One line of a table that knows where it stands."""

    where: str
    cells: dict[str, str]

    def text(self, column: str) -> str:
        if not self.cells[column].strip():
            raise UserError(f"{self.where}: {column} is empty")
        return self.cells[column]

    def number(self, column: str, low: float, high: float) -> float:
        try:
            value = float(self.cells[column])
        except ValueError:
            value = np.nan
        if not low <= value <= high:
            expected = f"expected a number from {low:g} to {high:g}"
            raise UserError(f"{self.where}: {column} is '{self.cells[column]}'; {expected}")
        return value

    def whole(self, column: str, low: int, high: int) -> int:
        value = self.number(column, low, high)
        if value != int(value):
            raise UserError(f"{self.where}: {column} is '{self.cells[column]}'; expected a whole number")
        return int(value)

    def one_of(self, column: str, known: Sequence[str]) -> int:
        """Position of the cell among the known words."""
        return _position(self.text(column), known, f"{self.where}: {column}")


def load_places(world: str = "mexico", *, folder: Path | None = None) -> Places:
    """Read the tables of a world; the same world is read once.

    Parameters
    ----------
    world : first part of the tables' names, as in `mexico.csv`
    folder : where the tables are, the package's own data unless given

    Raises
    ------
    UserError
        If there is no such world, or a cell is missing, repeated, unknown or out of bounds.
    """
    return _load(world, folder or Path(str(files("narco_door") / "data")))


@cache
def _load(world: str, folder: Path) -> Places:
    cartel_table = _cartel_table(world, folder)
    rows = _rows(folder / f"{world}.csv", PLACE_COLUMNS)
    _must(bool(rows), f"{world}.csv has no places")
    codes = tuple(row.text("code") for row in rows)
    _must(codes == tuple(sorted(set(codes))), f"{world}.csv: codes must differ and stand in rising order")
    whole = {c: _frozen(np.array([r.whole(c, *b) for r in rows], dtype=np.int64)) for c, b in WHOLE.items()}
    measures = {c: _frozen(np.array([r.number(c, *b) for r in rows])) for c, b in MEASURES.items()}
    _must_sum_to_one(measures["corridor_share"], f"{world}.csv: corridor_share")
    cohorts, first_birth_year = _cohorts(folder / f"{world}_youth.csv", codes)
    people, first_year = _people(folder / f"{world}_population.csv", codes)
    return Places(
        world=world,
        code=codes,
        name=tuple(row.text("name") for row in rows),
        abbr=tuple(row.text("abbr") for row in rows),
        tile_row=whole["tile_row"],
        tile_col=whole["tile_col"],
        **measures,
        neighbours=_neighbours(folder / f"{world}_neighbours.csv", codes),
        cohorts=cohorts,
        first_birth_year=first_birth_year,
        mid_year_people=people,
        first_year=first_year,
        cartels=_cartels(cartel_table, codes),
    )


def _cartel_table(world: str, folder: Path) -> Path:
    """Find the table of founding cartels, whose name tells which world it is and of which year."""
    tables = sorted(folder.glob("*_cartels_*.csv"))
    worlds = sorted({table.name.split("_cartels_")[0] for table in tables})
    _position(world, worlds, "places")
    mine = [table for table in tables if table.name.startswith(f"{world}_cartels_")]
    _must(len(mine) == 1, f"{world} has {len(mine)} tables of cartels; expected one")
    return mine[0]


def _rows(table: Path, columns: Sequence[str]) -> list[_Row]:
    try:
        text = table.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UserError(f"{table.name} is missing; expected a table with columns {', '.join(columns)}") from None
    lines = csv.reader(text.splitlines())
    header = next(lines, [])
    _must(tuple(header) == tuple(columns), f"{table.name}:1: expected the columns {','.join(columns)}")
    rows = []
    for cells in lines:
        where = f"{table.name}:{lines.line_num}"
        _must(len(cells) == len(columns), f"{where}: expected {len(columns)} cells, got {len(cells)}")
        rows.append(_Row(where, dict(zip(columns, cells, strict=True))))
    return rows


def _cohorts(table: Path, codes: Sequence[str]) -> tuple[Ints, int]:
    rows = _rows(table, ("code", "sex", "birth_year", "persons"))
    years = [row.whole("birth_year", 1800, 2200) for row in rows]
    first = min(years, default=0)
    persons = np.full((len(codes), len(SEXES), max(years, default=0) - first + 1), -1, dtype=np.int64)
    for row, year in zip(rows, years, strict=True):
        cell = row.one_of("code", codes), row.one_of("sex", SEXES), year - first
        _fill(persons, cell, row, row.whole("persons", *PERSONS))
    _must_be_full(persons, table.name)
    return _frozen(persons), first


def _people(table: Path, codes: Sequence[str]) -> tuple[Ints, int]:
    rows = _rows(table, ("code", "year", "population"))
    years = [row.whole("year", 1800, 2200) for row in rows]
    first = min(years, default=0)
    people = np.full((len(codes), max(years, default=0) - first + 1), -1, dtype=np.int64)
    for row, year in zip(rows, years, strict=True):
        _fill(people, (row.one_of("code", codes), year - first), row, row.whole("population", *PERSONS))
    _must_be_full(people, table.name)
    _must(people.shape[1] > 1, f"{table.name}: expected two years or more")
    return _frozen(people), first


def _neighbours(table: Path, codes: Sequence[str]) -> NDArray[np.bool_]:
    touch = np.zeros((len(codes), len(codes)), dtype=np.bool_)
    for row in _rows(table, ("a_code", "b_code")):
        a, b = row.one_of("a_code", codes), row.one_of("b_code", codes)
        _must(a != b, f"{row.where}: a place is not its own neighbour")
        _must(not touch[a, b], f"{row.where}: the pair stands in the table already")
        touch[a, b] = touch[b, a] = True
    return _frozen(touch)


def _cartels(table: Path, codes: Sequence[str]) -> tuple[Founder, ...]:
    rows = _rows(table, CARTEL_COLUMNS)
    founders = tuple(_founder(row, codes) for row in rows)
    _must(len({f.name for f in founders}) == len(founders), f"{table.name}: a cartel stands in the table twice")
    _must_sum_to_one(np.array([f.size_share for f in founders]), f"{table.name}: size_share")
    return founders


def _founder(row: _Row, codes: Sequence[str]) -> Founder:
    row.text("source")
    held = tuple(_position(c, codes, f"{row.where}: places") for c in row.text("places").split(";"))
    seat = row.one_of("seat", codes)
    _must(held == tuple(sorted(set(held))), f"{row.where}: places must differ and stand in rising order")
    _must(seat in held, f"{row.where}: the seat {codes[seat]} is not among the places")
    dominant = bool(row.whole("dominant", 0, 1))
    return Founder(row.text("cartel"), seat, dominant, held, row.number("size_share", 0.0, 1.0))


def _fill(table: Ints, cell: tuple[int, ...], row: _Row, value: int) -> None:
    _must(table[cell] < 0, f"{row.where}: the same row stands in the table already")
    table[cell] = value


def _must_be_full(table: Ints, name: str) -> None:
    missing = int((table < 0).sum())
    _must(missing == 0, f"{name}: {missing} rows are missing; every place needs every year")


def _must_sum_to_one(shares: Floats, what: str) -> None:
    total = float(shares.sum())
    _must(abs(total - 1) < 1e-6, f"{what} must sum to 1; it sums to {total:.6f}")


def _must(holds: bool, message: str) -> None:
    if not holds:
        raise UserError(message)


def _position(word: str, known: Sequence[str], where: str) -> int:
    if word in known:
        return known.index(word)
    near = get_close_matches(word, known, n=1)
    hint = f"did you mean '{near[0]}'?" if near else f"expected one of {', '.join(known)}"
    raise UserError(f"{where}: '{word}' is unknown; {hint}")


def _frozen[Array: NDArray[np.generic]](array: Array) -> Array:
    array.setflags(write=False)
    return array
