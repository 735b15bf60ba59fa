"""The places of a country before a run: people, schools, jobs, neighbours and the cartels of the first month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from narco_door.base.errors import UserError
from narco_door.base.nation import NATION
from narco_door.country.folder import RENTS, WARS, Stamp, country_folder, stamp, table_of
from narco_door.country.tables import (
    SOURCES,
    FounderRow,
    NeighbourRow,
    PlaceRow,
    PopulationRow,
    RentPlaceRow,
    RentYearRow,
    Table,
    WarRow,
    YouthRow,
    read_table,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SEXES = get_args(YouthRow.model_fields["sex"].annotation)
PLACE_COLUMNS = tuple(PlaceRow.model_fields)
MEASURES = tuple(name for name, field in PlaceRow.model_fields.items() if field.annotation is float)


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
    rent_places : [P, S] share of each source of rents that a place has, in the order of `tables.SOURCES`
    rent_sizes, rent_years : [Y, S], [Y] share of the nation's rents that each source has, and when; none without tables
    impunity, corruption : [P] shares
    police_per_1000 : [P] officers
    neighbours : [P, P] bool, symmetric, False on the diagonal
    cohorts : [P, 2, B] persons by sex (0 women, 1 men) and birth year, from `first_birth_year` on
    mid_year_people : [P, Y] persons of all ages at the middle of each year, from `first_year` on
    cartels : the cartels of the first month
    wars : their wars, each as the numbers of two cartels, the first in the table first, and of a place

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
    wars: tuple[tuple[int, int, int], ...]
    rent_places: Floats
    rent_sizes: Floats
    rent_years: Floats

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

    def young_men(self, month: int) -> float:
        """Return the men of 16-29 in a month, all places together, by the table of cohorts."""
        births = np.arange(month - 360 + 1, month - 192 + 1) // 12 - self.first_birth_year
        return float(self.cohorts[:, SEXES.index("m"), births].sum() / 12)


def load_places(country: str = "mexico") -> Places:
    """Read the tables of a country; they are read again only after one of its files has changed.

    Parameters
    ----------
    country
        A name from `countries`, or the path of a folder of tables.

    Raises
    ------
    UserError
        If there is no such country, or a cell is missing, repeated, unknown or out of bounds.
    """
    return _load(country, stamp(country))


@cache
def _load(country: str, _: Stamp) -> Places:
    table = read_table(table_of(country, "places.csv"), PlaceRow)
    codes = tuple(row.code for row in table.rows)
    if NATION in codes:
        raise table.error(codes.index(NATION), f"code is '{NATION}', which stands for the nation; expected another")
    if codes != tuple(sorted(set(codes))):
        raise table.error(None, "codes must differ and stand in rising order")
    columns = {name: [getattr(row, name) for row in table.rows] for name in PLACE_COLUMNS}
    _must_sum_to_one(table, "corridor_share")
    cohorts, first_birth_year = _cohorts(country, codes)
    people, first_year = _people(country, codes)
    return Places(
        world=country,
        code=codes,
        name=tuple(columns["name"]),
        abbr=tuple(columns["abbr"]),
        tile_row=_frozen(np.array(columns["tile_row"], dtype=np.int64)),
        tile_col=_frozen(np.array(columns["tile_col"], dtype=np.int64)),
        **{name: _frozen(np.array(columns[name], dtype=np.float64)) for name in MEASURES},
        neighbours=_neighbours(country, codes),
        cohorts=cohorts,
        first_birth_year=first_birth_year,
        mid_year_people=people,
        first_year=first_year,
        cartels=(founders := _founders(country, codes)),
        wars=_wars(country, codes, founders),
        **_rents(country, codes),
    )


def _cohorts(country: str, codes: Sequence[str]) -> tuple[Ints, int]:
    table = read_table(table_of(country, "youth.csv"), YouthRow)
    cells = [
        (table.position(k, "code", codes), SEXES.index(row.sex), row.birth_year) for k, row in enumerate(table.rows)
    ]
    persons, first = _filled(table, cells, [row.persons for row in table.rows], (len(codes), len(SEXES)))
    nobody = [code for code, some in zip(codes, persons.any(axis=(1, 2)), strict=True) if not some]
    if nobody:
        raise table.error(None, f"nobody lives in the place '{nobody[0]}'; expected some persons, or no such place")
    return persons, first


def _people(country: str, codes: Sequence[str]) -> tuple[Ints, int]:
    table = read_table(table_of(country, "population.csv"), PopulationRow)
    cells = [(table.position(k, "code", codes), row.year) for k, row in enumerate(table.rows)]
    people, first = _filled(table, cells, [row.population for row in table.rows], (len(codes),))
    if people.shape[1] < 2:
        raise table.error(None, "expected two years or more")
    return people, first


def _filled(
    table: Table[Any], cells: Sequence[tuple[int, ...]], values: Sequence[int], shape: tuple[int, ...]
) -> tuple[Ints, int]:
    """Lay values into an array whose last axis is the year; every place needs every year, once."""
    years = [cell[-1] for cell in cells]
    first = min(years)
    whole = np.full((*shape, max(years) - first + 1), -1, dtype=np.int64)
    for k, value in enumerate(values):
        at = (*cells[k][:-1], years[k] - first)
        if whole[at] >= 0:
            raise table.error(k, "the same row stands in the table already")
        whole[at] = value
    if missing := int((whole < 0).sum()):
        raise table.error(None, f"{missing} rows are missing; every place needs every year")
    return _frozen(whole), first


def _neighbours(country: str, codes: Sequence[str]) -> NDArray[np.bool_]:
    table = read_table(table_of(country, "neighbours.csv"), NeighbourRow)
    touch = np.zeros((len(codes), len(codes)), dtype=np.bool_)
    for k in range(len(table.rows)):
        a, b = table.position(k, "a_code", codes), table.position(k, "b_code", codes)
        if a == b:
            raise table.error(k, "a place is not its own neighbour")
        if touch[a, b]:
            raise table.error(k, "the pair stands in the table already")
        touch[a, b] = touch[b, a] = True
    return _frozen(touch)


def _founders(country: str, codes: Sequence[str]) -> tuple[Founder, ...]:
    table = read_table(table_of(country, "founders.csv"), FounderRow)
    names = [row.cartel for row in table.rows]
    founders = []
    for k, row in enumerate(table.rows):
        if row.cartel in names[:k]:
            raise table.error(k, f"the cartel '{row.cartel}' stands in the table twice")
        held = tuple(table.position(k, "places", codes, code) for code in row.places.split(";"))
        seat = table.position(k, "seat", codes)
        if held != tuple(sorted(set(held))):
            raise table.error(k, "places must differ and stand in rising order")
        if seat not in held:
            raise table.error(k, f"the seat {row.seat} is not among the places")
        founders.append(Founder(row.cartel, seat, bool(row.dominant), held, row.size_share))
    _must_sum_to_one(table, "size_share")
    return tuple(founders)


def _wars(country: str, codes: Sequence[str], founders: Sequence[Founder]) -> tuple[tuple[int, int, int], ...]:
    """Wars of the first month; a country without a table of them begins at peace."""
    path = country_folder(country) / WARS
    if not path.is_file():
        return ()
    table, names, found = read_table(path, WarRow), [founder.name for founder in founders], []
    for k in range(len(table.rows)):
        a, b = sorted((table.position(k, "cartel", names), table.position(k, "enemy", names)))
        place = table.position(k, "place", codes)
        for row in {a, b}:
            if place not in founders[row].places:
                raise table.error(k, f"{names[row]} does not hold the place '{codes[place]}'; expected one of its own")
        if a == b or (a, b, place) in found:
            raise table.error(k, "a cartel is at war with another, once in a place; got itself, or the same row again")
        found.append((a, b, place))
    return tuple(found)


def _rents(country: str, codes: Sequence[str]) -> dict[str, Floats]:
    """Read the sources of rents, by place and by year, if the country has both tables."""
    names = ("rent_places", "rent_sizes", "rent_years")
    paths = [country_folder(country) / name for name in RENTS]
    if not any(path.is_file() for path in paths):
        return {name: _frozen(np.zeros(0)) for name in names}
    by_place, by_year = read_table(paths[0], RentPlaceRow), read_table(paths[1], RentYearRow)
    if [row.code for row in by_place.rows] != list(codes):  # type: ignore[attr-defined]
        raise by_place.error(None, "expected each place once, in the order of places.csv")
    for source in SOURCES:
        _must_sum_to_one(by_place, source)
    sizes = np.array([[getattr(row, source) for source in SOURCES] for row in by_year.rows])
    years = np.array([row.year for row in by_year.rows], dtype=np.float64)  # type: ignore[attr-defined]
    for k, total in enumerate(sizes.sum(axis=1)):
        if abs(total - 1) >= 1e-6:
            raise by_year.error(k, f"the sources of a year must sum to 1; these sum to {total:.6f}")
        if k and years[k] <= years[k - 1]:
            raise by_year.error(k, "years must rise")
    places = np.array([[getattr(row, source) for source in SOURCES] for row in by_place.rows])
    return dict(zip(names, map(_frozen, (places, sizes, years)), strict=True))


def _must_sum_to_one(table: Table[Any], column: str) -> None:
    total = float(np.sum([getattr(row, column) for row in table.rows]))
    if abs(total - 1) >= 1e-6:
        raise table.error(None, f"{column} must sum to 1; it sums to {total:.6f}")


def _frozen[Array: NDArray[np.generic]](array: Array) -> Array:
    array.setflags(write=False)
    return array
