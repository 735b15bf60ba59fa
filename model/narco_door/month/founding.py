"""The world before the first month: who is inside and in prison, what the police are like, who stands where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from narco_door.base.arrays import I8
from narco_door.country.roll import SCHOOL, Roll
from narco_door.month import monthly
from narco_door.month.beats import police
from narco_door.street.crossroads import tally

if TYPE_CHECKING:
    from narco_door.month.model import NarcoDoor


def settle_police(m: NarcoDoor) -> None:
    """Corruption stands still as long as rents and pay are what they were before any policy."""
    tempted = m.weed.temptation(
        rents=monthly.ordinary_rents(m), officers=police(m, with_lever=False), pay=m.numbers["officer_pay"]
    )
    m.weed.hold_still(tempted)


def found_members(m: NarcoDoor) -> None:
    """Members and prisoners of the first month: young men outside school, in a race in which those who resist
    crime least come first; the first to arrive are inside, the next in prison.
    """
    jailed_share = m.numbers["prisoners_first"] / m.numbers["members_first"]
    for place, k in enumerate(_founding_numbers(m)):
        rows = _candidates(m, place)
        luck = m.draws.uniforms("founding member", 0, m.roll.whereabouts(rows)[3])
        race = rows[np.argsort(-np.log1p(-luck) / m.rule.resist[m.roll.moral[rows]], kind="stable")]
        inside, behind_bars = int(k.sum()), round(k.sum() * (1.0 + jailed_share))
        _found(m, race[:behind_bars], k)
        m.careers.imprison(race[inside:behind_bars], month=m.start, draws=m.draws)
    m.underworld.held = m.careers.held(len(m.underworld.cartels)) * float(m.weight)


def _found(m: NarcoDoor, rows: I8, k: I8) -> None:
    """Let founding members in, dealt to cartels in proportion to k and to rooms by the pyramid."""
    name = m.roll.whereabouts(rows)[3]
    side = m.draws.uniforms("founding side", 0, name) * k.sum()
    rank = m.draws.uniforms("founding room", 0, name)
    m.careers.enter(
        rows, np.searchsorted(np.cumsum(k), side, side="right"), month=m.start - 120,
        from_door=m.roll.door[rows].astype(np.int64), forced=np.zeros(rows.size, bool),
        room=np.searchsorted(np.cumsum(m.careers.pyramid)[:-1], rank, side="right"),
    )  # fmt: skip


def _founding_numbers(m: NarcoDoor) -> I8:
    """Agents by place and cartel: a cartel's share of the members, over its places by corridor share."""
    total = m.numbers["members_first"]
    persons = np.zeros((len(m.places.cartels), len(m.places)))
    for row, founder in enumerate(m.places.cartels):
        held = list(founder.places)
        weight = np.sqrt(m.places.corridor_share[held] * m.places.population(m.start)[held])
        persons[row, held] = total * founder.size_share * weight / weight.sum()
    edges = np.floor(np.cumsum(persons.ravel()) / m.weight + 0.5).astype(np.int64)
    return np.diff(edges, prepend=0).reshape(persons.shape).T


def _candidates(m: NarcoDoor, place: int) -> I8:
    a, b = m.roll.window(m.start)
    youngest = m.start - 192 + 1 - m.roll.first_birth  # from the 16th birthday
    rows = np.concatenate(
        [np.arange(m.roll.first[place, k], m.roll.women[place, k]) for k in range(a, min(b, youngest))]
    )
    candidates: I8 = rows[m.roll.door[rows] != SCHOOL]
    return candidates


def census(m: NarcoDoor) -> None:
    """Count the doors before the first month, by the walk's own bands."""
    tally(m.month, m.roll.window(m.month), m.roll.first, m.roll.women, m.roll.first_birth, m.roll.door, m.counts)


def entrant_room(roll: Roll) -> int:
    """Entries of a place and month that the buffers can hold: one in twenty of the youths of the largest place."""
    return max(256, int((roll.first[:, -1] - roll.first[:, 0]).max()) // 20)
