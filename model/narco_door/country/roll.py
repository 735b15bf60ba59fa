"""The roll: every person who will be 12-29 at some time of the run, as columns.

Rows are sorted by place, then by birth month, men before women.  So arrays never grow, a row *is* a person in
every scenario, the living youths of a place are one contiguous window that slides by a cohort a month, and
nobody's age, place or sex is stored.  A person takes five bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist
from typing import Annotated

import numpy as np

from narco_door.base.ages import BAND_ENDS, FIRST_AGE, LAST_AGE
from narco_door.base.arrays import F8, I8, Bytes, Counts, Names
from narco_door.base.columns import Column
from narco_door.base.compiling import njit
from narco_door.base.doors import SCHOOL, doors
from narco_door.base.search import rank
from narco_door.country.places import Places

RECORD, CAREER = 1, 2  # flags: has a criminal record; has walked through the narco door before
QUANTILE_Z = np.array([NormalDist().inv_cdf((q + 0.5) / 256) for q in range(256)])
BAND_OF = np.searchsorted(BAND_ENDS, np.arange(LAST_AGE), side="right")
"""Band of each month of age."""


@dataclass(frozen=True)
class Roll:
    """The youths' columns and the index by place and cohort.

    Attributes
    ----------
    first_birth : int
        Birth month (year * 12 + month - 1) of cohort 0.
    persons_per_agent : int
        How many people a row stands for.
    """

    first_birth: int
    door: Annotated[Bytes, Column("person", unit="number of a door", meaning="the one that the person stands behind")]
    schooling: Annotated[Bytes, Column("person", unit="half-years", meaning="time at school since the sixth birthday")]
    deprivation: Annotated[
        Bytes, Column("person", unit="0-1 in 256 steps", meaning="need of the family; fixed on the twelfth birthday")
    ]
    moral: Annotated[
        Bytes, Column("person", unit="rank in 256 steps", meaning="resistance to crime against others'; fixed for life")
    ]
    flags: Annotated[
        Bytes, Column("person", unit="bits", meaning="has a criminal record; has walked through the narco door before")
    ]
    tally: Annotated[
        Counts, Column("place, cohort, sex, door", unit="agents", meaning="rows of each cohort behind each door")
    ]
    first: Annotated[
        I8, Column("place, cohort + 1", unit="row", meaning="first row of each birth month, and the end of the last")
    ]
    women: Annotated[
        I8, Column("place, cohort", unit="row", meaning="first woman of each birth month: men stand before women")
    ]
    base: Annotated[
        Names, Column("place, cohort", unit="name", meaning="of the first person for keyed draws; the k-th is base + k")
    ]
    persons_per_agent: int

    @property
    def bytes_per_person(self) -> float:
        """Memory of the columns for each person on the roll."""
        columns = (self.door, self.schooling, self.deprivation, self.moral, self.flags)
        return sum(column.nbytes for column in columns) / self.door.size

    @cached_property
    def _cells(self) -> I8:
        """First rows of all birth months, place by place; they never change."""
        return self.first[:, :-1].ravel()

    def window(self, month: int) -> tuple[int, int]:
        """The cohorts [a, b) that are 12-29 years old in `month`."""
        return month - LAST_AGE + 1 - self.first_birth, month - FIRST_AGE + 1 - self.first_birth

    def living(self, month: int) -> I8:
        """How many rows of each place and age (oldest first) are 12-29 in `month`, int64[place, 216]."""
        a, b = self.window(month)
        return self.first[:, a + 1 : b + 1] - self.first[:, a:b]

    def by_band(self, month: int) -> I8:
        """Rows by place, band of age, sex and door in `month`, int64[place, band, sex, door]."""
        youngest = month - self.first_birth + 1  # the cohort after the one that is born this month
        bands: I8 = _by_band(self.tally, youngest - np.array((FIRST_AGE, *BAND_ENDS)))
        return bands

    def move(self, rows: I8, door: int) -> None:
        """Let rows walk to another door; a row may stand in `rows` once."""
        _move(rows, door, self.door, self.tally, self._cells, self.women)

    def whereabouts(self, rows: I8) -> tuple[I8, I8, I8, Names]:
        """Place, birth month, sex (1 = man) and draw name of rows, each of the shape of `rows`."""
        place, birth, man = (np.empty(rows.size, np.int64) for _ in range(3))
        name = np.empty(rows.size, np.uint64)
        _whereabouts(rows, self._cells, self.women, self.base, self.first_birth, (place, birth, man, name))
        return place, birth, man, name


@njit
def _cell(row, cells, cohorts):  # type: ignore[no-untyped-def]
    """Place and cohort of a row."""
    found = rank(cells, row, True) - 1
    return found // cohorts, found % cohorts


@njit(cache=True)
def _whereabouts(rows, cells, women, base, first_birth, out):  # type: ignore[no-untyped-def]
    cohorts = women.shape[1]
    for j in range(rows.size):
        place, cohort = _cell(rows[j], cells, cohorts)
        out[0][j], out[1][j] = place, cohort + first_birth
        out[2][j] = rows[j] < women[place, cohort]
        out[3][j] = base[place, cohort] + np.uint64(rows[j] - cells[place * cohorts + cohort])


@njit(cache=True)
def _move(rows, door, doors, tally, cells, women):  # type: ignore[no-untyped-def]
    for row in rows:
        place, cohort = _cell(row, cells, women.shape[1])
        man = np.int64(row < women[place, cohort])
        tally[place, cohort, man, doors[row]] -= 1
        tally[place, cohort, man, door] += 1
        doors[row] = door


@njit(cache=True)
def _by_band(tally, ends):  # type: ignore[no-untyped-def]
    """Sums of the tally over the cohorts from each end to the one before, [place, band, sex, door]."""
    places, _, sexes, kinds = tally.shape
    out = np.zeros((places, ends.size - 1, sexes, kinds), np.int64)
    for p in range(places):
        for k in range(ends.size - 1):
            for cohort in range(ends[k + 1], ends[k]):
                for sex in range(sexes):
                    for door in range(kinds):
                        out[p, k, sex, door] += tally[p, cohort, sex, door]
    return out


def _spread(persons: I8, start: int, end: int, first_year: int) -> F8:
    """Persons by birth month [place, sex, month] from persons by birth year, evenly within the year."""
    years = np.arange(start, end) // 12 - first_year
    if years[0] < 0 or years[-1] >= persons.shape[2]:
        known = f"{first_year}-{first_year + persons.shape[2] - 1}"
        raise ValueError(f"the youth table knows birth years {known}; the run needs {start // 12}-{(end - 1) // 12}")
    return persons[:, :, years] / 12.0


def _rows(places: Places, first_birth: int, births: int, persons_per_agent: int) -> I8:
    """Rows by place, sex (0 women, 1 men) and birth month."""
    people = _spread(places.cohorts, first_birth, first_birth + births, places.first_birth_year)
    # cumulate from the far past of the table, so that a longer horizon leaves earlier cells as they were
    edges = np.floor(np.cumsum(people / persons_per_agent, axis=2) + 0.5)
    return np.diff(edges, axis=2, prepend=0.0).astype(np.int64)


def build_roll(places: Places, *, start: int, end: int, persons_per_agent: int, named: Places | None = None) -> Roll:
    """Write the roll for the months [start, end).

    Parameters
    ----------
    places : Places
        With `cohorts[place, sex (0 women, 1 men), birth year]` in persons.
    start, end : int
        First month of the run and the month after the last.
    persons_per_agent : int
        People for each row.
    named : Places, optional
        The places by whose cohorts persons are named, if those of `places` are larger or smaller: whoever is in
        both is the same person, women come or go at the end of their names and men at the beginning of theirs.

    Notes
    -----
    Cohorts are rounded to whole rows by cumulating along birth months, so no place or sex gains or loses more
    than one row over the whole run.  Names of persons depend on place, birth month and order alone.
    """
    first_birth = start - LAST_AGE + 1
    births = end - FIRST_AGE - first_birth
    rows = _rows(places, first_birth, births, persons_per_agent)
    cells = rows.sum(axis=1)
    n_places = cells.shape[0]
    first = np.zeros((n_places, births + 1), np.int64)
    first[:, 1:] = np.cumsum(cells, axis=1)
    first += np.concatenate([[0], np.cumsum(cells.sum(axis=1))[:-1]])[:, None]
    birth = np.arange(first_birth, first_birth + births, dtype=np.uint64)
    base = (np.arange(n_places, dtype=np.uint64)[:, None] << np.uint64(44)) | (birth[None, :] << np.uint64(24))
    if named is not None:  # names below the first are free: no cohort of a place has 2**23 rows
        base += (_rows(named, first_birth, births, persons_per_agent)[:, 1] - rows[:, 1]).astype(np.uint64)
    total = int(first[-1, -1])
    return Roll(
        first_birth=first_birth,
        first=first,
        women=first[:, :-1] + rows[:, 1],
        base=base,
        door=np.full(total, SCHOOL, np.uint8),
        schooling=np.zeros(total, np.uint8),
        deprivation=np.zeros(total, np.uint8),
        moral=np.zeros(total, np.uint8),
        flags=np.zeros(total, np.uint8),
        tally=np.zeros((n_places, births, 2, len(doors())), np.int32),
        persons_per_agent=persons_per_agent,
    )
