"""What the lines, the map and the bars show: how each comes from the book of records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from narco_door.base.arrays import F8
from narco_door.dashboard.state import NATION
from narco_door.dashboard.work import Picture, Track
from narco_door.results.intervals import LEVELS, student_t

if TYPE_CHECKING:
    from narco_door.book.book import Book

YEAR: Final = 12
WEEKS_A_MONTH: Final = 365.25 / 7 / 12

Read = Callable[[str], F8]
"""A record's name -> float64[month] of one place in one replicate."""


@dataclass(frozen=True)
class Measure:
    """One line chart.

    Attributes
    ----------
    name
        Its words are `line_<name>` and `unit_<name>`.
    value
        From the records of a place to one number a month.
    digits
        Decimals in text.
    """

    name: str
    value: Callable[[Read], F8]
    digits: int = 0


def _over(top: str, bottom: str, times: float) -> Callable[[Read], F8]:
    def value(read: Read) -> F8:
        below = read(bottom)
        out: F8 = np.divide(times * read(top), below, out=np.full_like(below, np.nan), where=below > 0)
        return out

    return value


def last_year(flow: F8) -> F8:
    """Mean over the twelve months that end in each month; over fewer at the beginning."""
    total = np.cumsum(np.concatenate([[0.0], flow]))
    ends = np.arange(1, flow.size + 1)
    starts = np.maximum(ends - YEAR, 0)
    out: F8 = (total[ends] - total[starts]) / (ends - starts)
    return out


LINES: Final = (
    Measure("entries", lambda read: last_year(read("new_entries")) / WEEKS_A_MONTH),
    Measure("members", lambda read: read("n_members") / 1000, 1),
    Measure(
        "homicides", lambda read: 1e5 * YEAR * last_year(read("new_homicides")) / np.maximum(read("population"), 1), 1
    ),
    Measure("cartels", lambda read: read("n_cartels")),
    Measure("prison", lambda read: read("n_youth_prison") / 1000, 1),
    Measure("school", _over("n_school", "n_youth", 100), 1),
    Measure("formal", _over("n_formal", "n_youth", 100), 1),
    Measure("informal", _over("n_informal", "n_youth", 100), 1),
    Measure("idle", _over("n_idle", "n_youth", 100), 1),
)  # fmt: skip


@dataclass(frozen=True)
class Band:
    """A mean over replicates month by month, and the ends of its intervals; no ends with one replicate."""

    mean: F8
    ends: dict[str, F8]

    @property
    def sure(self) -> bool:
        """Whether there are intervals."""
        return bool(self.ends)


@dataclass(frozen=True)
class Lines:
    """One chart: both worlds, and the difference of pairs, month by month."""

    measure: Measure
    policy: Band | None
    reference: Band | None
    gap: Band | None


def reader(track: Track, place: str) -> Read:
    """Read the records of one place as far as they were written."""
    book: Book = track.book
    if place == NATION:
        return lambda record: book.nation(record)[: track.months]
    column = book.codes.index(place)
    return lambda record: book.by_place(record)[: track.months, column]


def lines(picture: Picture, place: str) -> list[Lines]:
    """Every chart of a picture in one place."""
    worlds = {world: [reader(track, place) for track in getattr(picture, world)] for world in ("policy", "reference")}
    return [_lines(measure, worlds["policy"], worlds["reference"]) for measure in LINES]


def _lines(measure: Measure, policy: Sequence[Read], reference: Sequence[Read]) -> Lines:
    mine, theirs = ([measure.value(read) for read in reads] for reads in (policy, reference))
    gaps = [a - b[: a.size] for a, b in zip(mine, theirs, strict=False)]
    return Lines(measure, band(mine), band(theirs), band(gaps))


def band(runs: Sequence[F8]) -> Band | None:
    """The mean of replicates with its intervals; None without any."""
    if not runs:
        return None
    months = min(run.size for run in runs)
    values = np.array([run[:months] for run in runs])
    mean, n = values.mean(axis=0), len(runs)
    if n == 1:
        return Band(mean, {})
    error = values.std(axis=0, ddof=1) / np.sqrt(n)
    return Band(mean, {name: mean + student_t(p, n - 1) * error for name, p in LEVELS.items()})


# --- the map ---


@dataclass(frozen=True)
class Tile:
    """One state: its value, the reference's, and whether their difference is clear (None: nobody can tell)."""

    value: float
    reference: float
    clear: bool | None


def tiles(picture: Picture, record: str, months: int) -> dict[str, Tile]:
    """A record by state, at the end of the first so many months (flows: over the twelve months before)."""
    mine, theirs = (
        np.array([_by_state(track, record, months) for track in tracks])
        for tracks in (picture.policy, picture.reference)
    )
    if not mine.size or not theirs.size:
        return {}
    gap = mine - theirs
    n, mean = len(gap), gap.mean(axis=0)
    reach = student_t(0.95, n - 1) * gap.std(axis=0, ddof=1) / np.sqrt(n) if n > 1 else None
    codes = picture.policy[0].book.codes
    return {
        code: Tile(
            float(mine[:, i].mean()),
            float(theirs[:, i].mean()),
            None if reach is None else bool(abs(mean[i]) > reach[i]),
        )
        for i, code in enumerate(codes)
    }


def _by_state(track: Track, record: str, months: int) -> F8:
    """Flows per 100,000 people a year, stocks of people per 1,000 youths, levels as they are; float64[state]."""
    book, at = track.book, min(months, track.months) - 1
    if record.startswith("new_"):
        flow = book.by_place(record)[max(at + 1 - YEAR, 0) : at + 1].mean(axis=0)
        out: F8 = 1e5 * YEAR * flow / book.by_place("population")[at]
        return out
    value: F8 = book.by_place(record)[at]
    return value * 1000 / book.by_place("n_youth")[at] if record.startswith("n_") else value


# --- a million young people ---

FATES: Final = {
    "school": "n_school",
    "formal": "n_formal",
    "informal": "n_informal",
    "home": "n_home",
    "idle": "n_idle",
    "narco": "n_youth_inside",
    "prison": "n_youth_prison",
}


def of_a_million(tracks: Sequence[Track], place: str, months: int) -> dict[str, float]:
    """Where a million living youths are at the end of the first so many months; mean over replicates."""
    reads = [reader(track, place) for track in tracks]
    at = min([months, *(track.months for track in tracks)]) - 1
    return {
        fate: float(np.mean([1e6 * read(record)[at] / read("n_youth")[at] for read in reads]))
        for fate, record in FATES.items()
    }


def killed(tracks: Sequence[Track], place: str, months: int, since: int) -> float:
    """Members killed from one month to the end of another, mean over replicates."""
    return float(np.mean([reader(track, place)("new_member_deaths")[since:months].sum() for track in tracks]))


# --- money ---


@dataclass(frozen=True)
class Account:
    """US$ m a year of one lever, mean over the months looked at and the replicates."""

    promised: float
    spent: float
    leaked: float

    @property
    def unspent(self) -> float:
        """Promised, and neither spent nor leaked in these months."""
        return max(self.promised - self.spent - self.leaked, 0.0)


def accounts(tracks: Sequence[Track], levers: Sequence[str], since: int, months: int) -> dict[str, Account]:
    """The nation's money by lever, from one month to the end of another."""

    def mean(record: str) -> float:
        return float(
            np.mean([YEAR * t.book.nation(record)[since : min(months, t.months)].mean() / 1e6 for t in tracks])
        )

    return {lever: Account(*(mean(f"{word}_{lever}") for word in ("promised", "spent", "leaked"))) for lever in levers}
