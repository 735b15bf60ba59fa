"""The sets of numbers that history leaves, of the same weight each: a row a set, a column a number."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache

from narco_door.base.errors import UserError, nearest
from narco_door.country.facts import parameters
from narco_door.country.folder import POSTERIOR, Stamp, country_folder, stamp

MOST_SETS = 64
SETS = 16
"""Over which pairs of runs are dealt where nobody says otherwise: the first so many of the country's."""


def numbers_of(country: str, sets: int, replicate: int) -> Mapping[str, float]:
    """Return the numbers with which a replicate lives, if the first so many sets are dealt out in turn.

    Raises
    ------
    UserError
        If the country has no posterior, fewer sets, or one with a number that is unknown or out of its bounds.
    """
    known = posterior(country)
    if sets > len(known):
        raise UserError(f'the posterior of "{country}" has {len(known)} sets; expected --sets {len(known)} at most')
    return known[replicate % sets]


def sets_for(country: str, replicates: int | None) -> int:
    """Return over how many sets replicates, if they are counted, are dealt where nobody says otherwise.

    They are 0 if the country has no posterior.
    """
    return min(SETS, SETS if replicates is None else replicates) if has_posterior(country) else 0


def has_posterior(country: str) -> bool:
    """Return whether a country has sets of its own."""
    return (country_folder(country) / POSTERIOR).is_file()


def posterior(country: str) -> tuple[Mapping[str, float], ...]:
    """Return the sets of a country; nobody borrows another's.

    Raises
    ------
    UserError
        As `numbers_of`.
    """
    return _read(country, stamp(country))


@cache
def _read(country: str, _: Stamp) -> tuple[Mapping[str, float], ...]:
    file, known = country_folder(country) / POSTERIOR, parameters(country)
    if not has_posterior(country):
        raise UserError(f'"{country}" has no posterior ({file.name} is missing); expected --sets best')
    found = []
    with file.open(encoding="utf-8", newline="") as text:
        for line, row in enumerate(csv.DictReader(text), 2):
            row.pop("set")
            for name, value in row.items():
                if name not in known:
                    raise UserError(f"{file}:1: no number {name!r}{nearest(name, known)}")
                if not known[name].low <= float(value) <= known[name].high:
                    raise UserError(f"{file}:{line}: {name} = {value} is out of its bounds")
            found.append({name: float(value) for name, value in row.items()})
    return tuple(found)
