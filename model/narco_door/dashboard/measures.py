"""What the page draws of a picture: quantities of `results.measures`, read from the books of runs that may go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from narco_door.base.arrays import F8
from narco_door.base.doors import named, tried
from narco_door.base.nation import NATION
from narco_door.dashboard.work import Picture, Track
from narco_door.results import DOORS, QUANTITIES, Quantity
from narco_door.results.intervals import Band, band, clear
from narco_door.results.measures import Read, account, all_months, mapped, share_of_youths

if TYPE_CHECKING:
    from narco_door.book.book import Book

LINES: Final = tuple(
    QUANTITIES[name] for name in ("entries", "members", "homicides", "cartels", "prison", *named(tried()), "idle")
)


@dataclass(frozen=True)
class Lines:
    """One chart: both worlds, and the difference of pairs, month by month."""

    measure: Quantity
    policy: Band | None
    reference: Band | None
    gap: Band | None


def reader(track: Track, place: str) -> Read:
    """Read the records of one place as far as they were written: float64[month]."""
    book: Book = track.book
    if place == NATION:
        return lambda record: book.nation(record)[: track.months]
    column = book.codes.index(place)
    return lambda record: book.by_place(record)[: track.months, column]


def read_all(tracks: Sequence[Track], place: str, months: int) -> Read:
    """Read the records of one place in all replicates, up to a month that all have lived: float64[replicate, month]."""
    reads = [reader(track, place) for track in tracks]
    known = min([months, *(track.months for track in tracks)])
    return lambda record: np.array([read(record)[:known] for read in reads])


def lines(picture: Picture, place: str) -> list[Lines]:
    """Every chart of a picture in one place."""
    policy, reference = ([reader(track, place) for track in tracks] for tracks in (picture.policy, picture.reference))
    return [_lines(quantity, policy, reference) for quantity in LINES]


def _lines(quantity: Quantity, policy: Sequence[Read], reference: Sequence[Read]) -> Lines:
    mine, theirs = ([quantity.drawn(read) for read in reads] for reads in (policy, reference))
    gaps = [a - b[: a.size] for a, b in zip(mine, theirs, strict=False)]
    return Lines(quantity, band(mine), band(theirs), band(gaps))


# --- the map ---


@dataclass(frozen=True)
class Tile:
    """One state: its value, the reference's, and whether their difference is clear (None: nobody can tell)."""

    value: float
    reference: float
    clear: bool | None


def tiles(picture: Picture, record: str, months: int) -> dict[str, Tile]:
    """A record by state, at the end of the first so many months; see `mapped`."""
    quantity = mapped(record)
    mine, theirs = (
        [_by_state(track, quantity, months) for track in tracks] for tracks in (picture.policy, picture.reference)
    )
    policy, reference, gap = band(mine), band(theirs), band([a - b for a, b in zip(mine, theirs, strict=False)])
    if policy is None or reference is None or gap is None:
        return {}
    ends = [gap.ends.get(end, np.full(gap.mean.size, np.nan)) for end in ("p05", "p95")]
    return {
        code: Tile(float(value), float(of), clear(float(low), float(high), of=float(of)) if gap.sure else None)
        for code, value, of, low, high in zip(
            picture.policy[0].book.codes, policy.mean, reference.mean, *ends, strict=True
        )
    }


def _by_state(track: Track, quantity: Quantity, months: int) -> F8:
    """A quantity at the end of a month, float64[state]."""
    months = min(months, track.months)
    at: F8 = quantity.of(lambda record: track.book.by_place(record)[:months].T)[:, -1]
    return at


# --- a million young people ---


def of_a_million(tracks: Sequence[Track], place: str, months: int) -> dict[str, float]:
    """Where a million living youths are at the end of the first so many months; mean over replicates."""
    read = read_all(tracks, place, months)
    return {door: float(1e4 * share_of_youths(door).of(read)[:, -1].mean()) for door in DOORS}


def killed(tracks: Sequence[Track], place: str, months: int, since: int) -> float:
    """Members killed from one month to the end of another, mean over replicates."""
    return float(read_all(tracks, place, months)("new_member_deaths")[:, since:].sum(axis=1).mean())


def signs(picture: Picture, record: str, place: str, since: int) -> tuple[int, int]:
    """In how many pairs of runs the policy has fewer of a record than the reference, and in how many more."""
    mine, theirs = (
        read_all(tracks, place, picture.months)(record)[:, since:].sum(axis=1)
        for tracks in (picture.policy, picture.reference)
    )
    return int((mine < theirs).sum()), int((mine > theirs).sum())


# --- money ---


def accounts(tracks: Sequence[Track], levers: Sequence[str], since: int, months: int) -> dict[str, dict[str, float]]:
    """US$ m a year by lever and part (see `account`), from one month to the end of another; mean over replicates."""
    read = read_all(tracks, NATION, months)
    return {
        lever: {
            part: float(quantity.of(lambda record: read(record)[:, since:], all_months).mean())
            for part, quantity in account(lever).items()
        }
        for lever in levers
    }
