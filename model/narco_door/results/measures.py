"""Each quantity that is drawn, tabled or held against history, defined once: from records to numbers.

Figures, page, picture, command line, targets and `rate` differ in how they draw a number, not in what they count. What
was decided for all of them:

Months
    A stock (people inside) is what there is at the end of a month. A flow (homicides) is counted over the twelve months
    that end in it, so that no season is left in, and in the first eleven months over as many as there are, as the
    condition of a phase does; in December that is the calendar year.
Ratios
    What stands above and below the line is taken over the same months, and then divided.
Time
    Flows above *and* below the line are made yearly (or weekly), so that a flow over a flow is a share.
Prison
    Former members in prison, of any age: `n_prison`. Those of 12-29 (`n_youth_prison`) are only where youths stand,
    beside the doors, and never called prisoners.
Entries and recruits
    An entry is a walk through the narco door (`new_entries`): who comes again is counted again. A recruit is a person
    who ever entered, counted once, in the month of the first entry: a row of the careers.
Replicates
    Every replicate has a number of its own; means and intervals are of these.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from narco_door.base.arrays import F8
from narco_door.base.declared import records
from narco_door.base.doors import alive, named, outside
from narco_door.base.months import WEEK, YEAR

type Read = Callable[[str], F8]
"""A record's name -> float64[..., month]."""
type Over = Callable[[F8], F8]
"""From months to what is told of them: float64[..., month] -> float64[...] or float64[..., period]."""


def is_flow(record: str) -> bool:
    """Whether a record counts what happened in a month, and not what there is at its end."""
    known = records().get(record)
    return known is not None and known.kind == "flow"


def each_month(values: F8) -> F8:
    """The months as they are."""
    return values


def all_months(values: F8) -> F8:
    """The mean of all months."""
    mean: F8 = values.mean(axis=-1)
    return mean


def last_year(values: F8) -> F8:
    """The mean of the twelve months that end in each month, or of as many as there are."""
    none = np.zeros((*values.shape[:-1], YEAR - 1))
    years = np.lib.stride_tricks.sliding_window_view(np.concatenate([none, values], axis=-1), YEAR, axis=-1)
    mean: F8 = years.sum(axis=-1) / np.minimum(np.arange(1, values.shape[-1] + 1), YEAR)
    return mean


@dataclass(frozen=True)
class Quantity:
    """What is counted, of whom and over which time.

    Attributes
    ----------
    name
        Under which figures and page find its words.
    records, less, per
        Added up above the line, taken off there, and added up below the line; without `per` there is no line.
    times
        100 for per cent, 100,000 for homicides.
    months
        A flow is told as so many months of it: `YEAR`, `WEEK` or 1.
    digits
        Decimals in text.
    axis
        How many make one on the axis of a chart: 1,000 where it is marked in thousands.
    zero
        Whether the axis of a chart begins at 0.
    """

    name: str
    records: tuple[str, ...]
    per: tuple[str, ...] = ()
    less: tuple[str, ...] = ()
    times: float = 1.0
    months: float = YEAR
    digits: int = 0
    axis: float = 1.0
    zero: bool = True

    @property
    def read(self) -> tuple[str, ...]:
        """Every record that it is made of, once."""
        return tuple(dict.fromkeys((*self.records, *self.less, *self.per)))

    @property
    def is_flow(self) -> bool:
        """Whether it counts what happens, and is therefore told of a year."""
        return any(map(is_flow, self.read))

    def of(self, read: Read, over: Over | None = None) -> F8:
        """The number, from the records of one place in one run.

        Parameters
        ----------
        read
            Gives a record, float64[..., month].
        over
            Which months are taken together; by default `last_year` for what counts a flow, else `each_month`.

        Returns
        -------
        float64[..., month], or whatever `over` makes of the months
            NaN where there is nothing below the line.
        """
        over = over or (last_year if self.is_flow else each_month)
        above = self.times * (self._sum(self.records, read, over) - self._sum(self.less, read, over))
        if not self.per:
            return above
        below = self._sum(self.per, read, over)
        ratio: F8 = np.divide(above, below, out=np.full(np.shape(below), np.nan), where=below > 0)
        return ratio

    def drawn(self, read: Read) -> F8:
        """The same month by month, as the axis of a chart is marked."""
        return self.of(read) / self.axis

    @property
    def drawn_digits(self) -> int:
        """Decimals in text of what is drawn."""
        return self.digits + (self.axis > 1)

    def _sum(self, records: Sequence[str], read: Read, over: Over) -> F8:
        terms = [over(read(name)) * (self.months if is_flow(name) else 1.0) for name in records]
        return np.asarray(sum(terms, 0.0))


# --- where people are: one record each ---

_OWN: Final = {"cartel": "n_youth_inside", "prison": "n_youth_prison"}
DOORS: Final = {door: _OWN.get(door, f"n_{door}") for door in named(alive())}
"""Behind which door the living youths of 12-29 stand."""
ROOMS: Final = {
    "lookout": "n_lookouts",
    "gunman": "n_gunmen",
    "chief": "n_chiefs",
    "boss": "n_bosses",
    "capo": "n_cartels",
}
"""In which room the members stand, of any age; a cartel has one capo."""
EXITS: Final = {"prison": "new_member_arrests", "death": "new_member_deaths", "left": "new_member_leavers"}
"""By which way a month's members go."""


def share_of_youths(door: str) -> Quantity:
    """Youths behind a door, in per cent of all of 12-29."""
    return Quantity(door, (DOORS[door],), ("n_youth",), times=100, digits=1, zero=door == "idle")


_DECLARED: Final = (
    Quantity("members", ("n_members",), axis=1000),
    Quantity("entries", ("new_entries",), months=WEEK),
    Quantity("homicides", ("new_homicides",), ("population",), times=100_000, digits=1),
    Quantity("cartels", ("n_cartels",)),
    Quantity("prison", ("n_prison",), axis=1000),
    Quantity("member_deaths", ("new_member_deaths",)),
    Quantity("member_arrests", ("new_member_arrests",)),
    *(share_of_youths(door) for door in named(outside())),
)
QUANTITIES: Final[Mapping[str, Quantity]] = {quantity.name: quantity for quantity in _DECLARED}
"""What is drawn and tabled, by name."""


def mapped(record: str) -> Quantity:
    """A record as maps show it: a flow per 100,000 people and year, people per 1,000 of 12-29, all else as it is."""
    if is_flow(record):
        return Quantity("flow", (record,), ("population",), times=100_000)
    known = records().get(record)
    if known is not None and (known.kind, known.unit) == ("stock", "persons"):
        return Quantity("stock", (record,), ("n_youth",), times=1000)
    return Quantity("level", (record,))


# --- what is averted ---


@dataclass(frozen=True)
class Averted:
    """Something that a policy may avert: a record added up over the months.

    Attributes
    ----------
    each
        What one of them is called.
    """

    name: str
    each: str
    unit: str
    record: str

    @property
    def months(self) -> float:
        """By what the sum of the months is divided: a flow adds up, a stock makes person-years."""
        return 1.0 if is_flow(self.record) else YEAR


AVERTED: Final = (
    Averted("entries averted", "entry", "entries", "new_entries"),
    Averted("member-years averted", "member-year", "person-years", "n_members"),
    Averted("homicides averted", "homicide", "persons", "new_homicides"),
    Averted("member deaths averted", "member death", "persons", "new_member_deaths"),
    Averted("prison-years averted", "prison-year", "person-years", "n_prison"),
)
"""What the headline counts."""


# --- money ---


def account(lever: str) -> dict[str, Quantity]:
    """US$ m a year of the nation for a lever: what was promised in some months, and what became of it in them.

    Unspent is what was promised and neither spent nor leaked in these months, given back or not yet paid; below 0 where
    more was paid than promised.
    """
    promised, *gone = (f"{part}_{lever}" for part in ("promised", "spent", "leaked"))
    records = {"promised": (promised,), "spent": (gone[0],), "leaked": (gone[1],), "unspent": (promised,)}
    return {
        part: Quantity(part, names, less=tuple(gone) if part == "unspent" else (), times=1e-6)
        for part, names in records.items()
    }
