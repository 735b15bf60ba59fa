"""The series of doors behind the narco door: rooms, the vacancy chain, arrest, death, leaving, prison.

Members and prisoners (half a percent of the roll) live in a short table of their own that points to rows of the
roll.  One draw a month decides a member's fate among competing hazards; promotion is a second draw against
vacancies above over candidates below, the chance of rising in a vacancy chain (White 1970).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from narco_door.base.ages import ADULT, LIABLE_FROM, OLDER_MINOR
from narco_door.base.arrays import F8, I8, Mask
from narco_door.base.columns import Column, Table
from narco_door.base.compiling import njit
from narco_door.base.doors import CARTEL, DEAD, IDLE, PRISON
from narco_door.base.draws import GOLDEN, Draws, mix, unit
from narco_door.base.remembered import Numbers
from narco_door.country.roll import CAREER, RECORD, Roll

ROOMS = ("lookout", "gunman", "chief", "boss")
BOSS = len(ROOMS) - 1
FATES = ("inside", "dead", "jailed", "left")
INSIDE, KILLED, JAILED, LEFT = range(4)
_STAYS, _DIES, _ARRESTED, _LEAVES = range(4)


class MemberTable(Table):
    """Members and former members in prison."""

    row: Annotated[NDArray[np.int64], Column("member", unit="row", meaning="whose row of the roll")]
    name: Annotated[NDArray[np.uint64], Column("member", unit="name", meaning="the person's name for keyed draws")]
    cartel: Annotated[NDArray[np.int64], Column("member", unit="cartel", meaning="which cartel")]
    place: Annotated[NDArray[np.int64], Column("member", unit="place", meaning="where")]
    birth: Annotated[NDArray[np.int64], Column("member", unit="month", meaning="month of birth")]
    entered: Annotated[NDArray[np.int64], Column("member", unit="month", meaning="month of the last entry")]
    room: Annotated[NDArray[np.int64], Column("member", unit="0-3", meaning="lookout, gunman, chief or boss")]
    jailed: Annotated[NDArray[np.bool_], Column("member", unit="yes, no", meaning="whether in prison")]
    until: Annotated[NDArray[np.int64], Column("member", unit="month", meaning="month of release")]
    log: Annotated[NDArray[np.int64], Column("member", unit="row", meaning="row of the career")]


class CareerLog(Table):
    """The careers of all who ever entered."""

    row: Annotated[NDArray[np.int64], Column("career", unit="row", meaning="whose row of the roll")]
    place: Annotated[NDArray[np.int64], Column("career", unit="place", meaning="where")]
    man: Annotated[NDArray[np.int64], Column("career", unit="yes, no", meaning="sex")]
    birth: Annotated[NDArray[np.int64], Column("career", unit="month", meaning="month of birth")]
    entered: Annotated[NDArray[np.int64], Column("career", unit="month", meaning="month of the first entry")]
    from_door: Annotated[
        NDArray[np.int64], Column("career", unit="number of a door", meaning="the one that was left for it")
    ]
    forced: Annotated[NDArray[np.bool_], Column("career", unit="yes, no", meaning="whether taken by force")]
    room: Annotated[NDArray[np.int64], Column("career", unit="0-3", meaning="highest room reached")]
    fate: Annotated[NDArray[np.int64], Column("career", unit="0-3", meaning="inside, dead, jailed or left")]
    fate_month: Annotated[NDArray[np.int64], Column("career", unit="month", meaning="month of that; -1 while inside")]
    terms: Annotated[NDArray[np.int64], Column("career", unit="times", meaning="prison terms begun")]


class Hazards(NamedTuple):
    """Monthly hazards of a member, by cartel and place or by place, and factors by room."""

    war: F8  # death by enemies, [cartel, place]
    strife: F8  # death by one's own, [cartel, place]
    let_go: F8  # [cartel, place]
    arrest: F8  # [place]
    leaving: F8  # [place]
    leaving_early: float
    early_months: int
    death_by_room: F8
    arrest_by_room: F8


@njit
def fate(draw, death, arrest, leaving):
    """What befalls one member this month: competing hazards, one draw."""
    total = death + arrest + leaving
    happens = 1.0 - np.exp(-total)
    if draw >= happens:
        return _STAYS
    share = draw / happens * total
    if share < death:
        return _DIES
    return _ARRESTED if share < death + arrest else _LEAVES


@njit(cache=True)
def _fates(key, month, name, cartel, place, room, entered, jailed, h, out):
    for j in range(name.size):
        out[j] = _STAYS
        if jailed[j]:
            continue
        leaving = h.leaving[place[j]] + h.let_go[cartel[j], place[j]]
        if month - entered[j] < h.early_months:
            leaving += h.leaving_early
        death = (h.war[cartel[j], place[j]] + h.strife[cartel[j], place[j]]) * h.death_by_room[room[j]]
        arrest = h.arrest[place[j]] * h.arrest_by_room[room[j]]
        out[j] = fate(unit(mix(key + name[j] * GOLDEN)), death, arrest, leaving)


@njit(cache=True)
def _rise(key, name, cartel, room, jailed, chance, out):
    for j in range(name.size):
        out[j] = not jailed[j] and room[j] < BOSS and unit(mix(key + name[j] * GOLDEN)) < chance[cartel[j], room[j]]


@dataclass(frozen=True)
class Fates:
    """What happened behind the narco door in a month, in agents by place."""

    deaths: I8
    by_enemies: I8  # of these
    arrests: I8
    leavers: I8
    releases: I8
    promotions: I8
    recalled: I8  # rows of the roll who were recruited in prison and rejoin on release


def prison_terms(age: I8, draw: F8, numbers: Numbers, *, minors: float = 1.0) -> I8:
    """Months to serve by age at arrest: none under 14, up to 3 and 5 years for minors, adults by an exponential.

    Parameters
    ----------
    minors : float
        Terms of minors relative to those of 2007.
    """
    adult = -np.log1p(-draw) * numbers["adult_term_years"] * 12
    adult = np.clip(adult, numbers["adult_term_min_months"], numbers["adult_term_max_years"] * 12)
    longest = np.where(age < OLDER_MINOR, numbers["younger_minor_term_months"], numbers["older_minor_term_months"])
    term = np.where(age < LIABLE_FROM, 0, np.where(age < ADULT, draw * longest * minors, adult))
    return np.ceil(term).astype(np.int64)


def count(place: NDArray[Any], places: int) -> I8:
    """Rows by place."""
    return np.bincount(place.astype(np.int64), minlength=places)


class Careers:
    """Everyone behind the narco door, and the log of all who ever walked through it."""

    def __init__(self, roll: Roll, *, places: int, numbers: Numbers) -> None:
        self.roll, self.places, self.numbers = roll, places, numbers
        self.table, self.log = MemberTable(), CareerLog()
        shares = np.array([numbers[f"share_{room}"] for room in ROOMS])
        self.pyramid = shares / shares.sum()

    def held(self, cartels: int) -> I8:
        """Agents inside by cartel and place, int64[cartel, place]."""
        inside = ~self.table["jailed"]
        cell = self.table["cartel"][inside] * self.places + self.table["place"][inside]
        return np.bincount(cell, minlength=cartels * self.places).reshape(cartels, self.places)

    def by_room(self, cartels: int) -> I8:
        """Agents inside by cartel and room, int64[cartel, 4]."""
        inside = ~self.table["jailed"]
        cell = self.table["cartel"][inside] * len(ROOMS) + self.table["room"][inside]
        return np.bincount(cell, minlength=cartels * len(ROOMS)).reshape(cartels, len(ROOMS))

    def enter(self, rows: I8, cartel: I8, *, month: int, from_door: I8, forced: Mask, room: I8 | None = None) -> None:
        """Let rows of the roll into the first room (or `room`, for the members of the first month)."""
        place, birth, man, name = self.roll.whereabouts(rows)
        room = np.zeros(rows.size, np.int64) if room is None else room
        again = (self.roll.flags[rows] & CAREER) > 0
        log = np.empty(rows.size, np.int64)
        log[~again] = self.log.append(
            row=rows[~again], place=place[~again], man=man[~again], birth=birth[~again],
            entered=np.full((~again).sum(), month), from_door=from_door[~again], forced=forced[~again],
            room=room[~again], fate=np.zeros((~again).sum()), fate_month=np.full((~again).sum(), -1),
            terms=np.zeros((~again).sum()),
        )  # fmt: skip
        if again.any():
            log[again] = self._find(rows[again])
            self.log["fate"][log[again]] = INSIDE
            self.log["fate_month"][log[again]] = -1
        self.roll.flags[rows] |= CAREER
        self.roll.move(rows, CARTEL)
        self.table.append(
            row=rows, name=name, cartel=cartel, place=place, birth=birth, entered=np.full(rows.size, month),
            room=room, jailed=np.zeros(rows.size, bool), until=np.zeros(rows.size), log=log,
        )  # fmt: skip

    def imprison(self, rows: I8, *, month: int, draws: Draws) -> None:
        """Put members who have just been founded behind bars, somewhere within their terms."""
        mine = np.flatnonzero(np.isin(self.table["row"], rows))
        age = month - self.table["birth"][mine]
        draw = draws.uniforms("founding term", 0, self.table["name"][mine])
        left = prison_terms(age, draw, self.numbers)
        self._jail(mine, month=month, until=month + left)

    def _jail(self, who: I8, *, month: int, until: I8) -> None:
        table = self.table
        self.roll.flags[table["row"][who]] |= RECORD
        self.roll.move(table["row"][who], PRISON)
        table["jailed"][who] = True
        table["until"][who] = until
        log = table["log"][who]
        self.log["fate"][log] = JAILED
        self.log["fate_month"][log] = month
        self.log["terms"][log] += 1

    def _find(self, rows: I8) -> I8:
        logged = self.log["row"]
        order = np.argsort(logged, kind="stable")
        return order[np.searchsorted(logged, rows, sorter=order)]

    def live(
        self, month: int, hazards: Hazards, *, rounding: F8, draws: Draws, vacancy_chain: bool, minors: float = 1.0
    ) -> Fates:
        """One month inside: fates, prison and release, promotion; `minors` as in `prison_terms`."""
        table = self.table
        out = np.zeros(len(table), np.int8)
        _fates(
            draws.key("fate", month), month, table["name"], table["cartel"], table["place"], table["room"],
            table["entered"], table["jailed"], hazards, out,
        )  # fmt: skip
        died, arrested, left = out == _DIES, out == _ARRESTED, out == _LEAVES
        freed = table["jailed"] & (table["until"] <= month)
        terms = prison_terms(
            month - table["birth"][arrested],
            draws.uniforms("term", month, table["name"][arrested]),
            self.numbers,
            minors=minors,
        )
        place = table["place"]
        recalled = self._recalled(freed, month, draws)
        self._close(died, KILLED, DEAD, month)
        self._close(left, LEFT, IDLE, month)
        self.roll.move(table["row"][freed], IDLE)
        self._jail(np.flatnonzero(arrested), month=month, until=month + terms)
        promoted = self._promote(month, ~(died | left), rounding=rounding, draws=draws, on=vacancy_chain)
        fates = Fates(
            deaths=count(place[died], self.places), by_enemies=self._by_enemies(died, month, hazards, draws),
            arrests=count(place[arrested], self.places),
            leavers=count(place[left], self.places), releases=count(place[freed], self.places),
            promotions=promoted, recalled=recalled,
        )  # fmt: skip
        table.keep(~(died | left | freed))
        return fates

    def _by_enemies(self, died: Mask, month: int, hazards: Hazards, draws: Draws) -> I8:
        """How many of the dead fell to enemies, by place: in proportion to the two hazards of each."""
        table, at = self.table, (self.table["cartel"][died], self.table["place"][died])
        war, strife = hazards.war[at], hazards.strife[at]
        luck = draws.uniforms("by whom", month, table["name"][died])
        return count(at[1][luck * (war + strife) < war], self.places)

    def put_away(self, left: I8, jailed: I8, *, month: int, draws: Draws) -> None:
        """Let members of some rows of the table leave, and others go to prison; the latter's rows stay."""
        table = self.table
        terms = prison_terms(
            month - table["birth"][jailed], draws.uniforms("term", month, table["name"][jailed]), self.numbers
        )
        self._jail(jailed, month=month, until=month + terms)
        self.discharge(table["row"][left], month=month)

    def discharge(self, rows: I8, *, month: int) -> None:
        """Let members of these rows of the roll go, each by another's decision and not by his own luck."""
        if not rows.size:
            return
        out = np.isin(self.table["row"], rows)
        self._close(out, LEFT, IDLE, month)
        self.table.keep(~out)

    def _close(self, mask: Mask, how: int, door: int, month: int) -> None:
        log = self.table["log"][mask]
        self.log["fate"][log] = how
        self.log["fate_month"][log] = month
        self.roll.move(self.table["row"][mask], door)

    def _recalled(self, freed: Mask, month: int, draws: Draws) -> I8:
        table = self.table
        draw = draws.uniforms("offer in prison", month, table["name"][freed])
        return table["row"][freed][draw < self.numbers["offer_in_prison"]]

    def _promote(self, month: int, alive: Mask, *, rounding: F8, draws: Draws, on: bool) -> I8:
        """Fill rooms from the room below: chance to rise = vacancies above / candidates below."""
        table = self.table
        free = alive & ~table["jailed"]
        cell = table["cartel"][free] * len(ROOMS) + table["room"][free]
        by_room = np.bincount(cell, minlength=rounding.size).reshape(rounding.shape)
        if not on or not len(table):
            return np.zeros(self.places, np.int64)
        # random rounding that stays with a cartel and room keeps small cartels' pyramids unbiased
        posts = np.floor(by_room.sum(axis=1, keepdims=True) * self.pyramid[None, :] + rounding)
        above = posts[:, 1:] - by_room[:, 1:]
        chance = np.clip(above / np.maximum(by_room[:, :BOSS], 1), 0.0, 1.0)
        out = np.zeros(len(table), np.bool_)
        _rise(draws.key("rise", month), table["name"], table["cartel"], table["room"], ~free, chance, out)
        table["room"][out] += 1
        log = table["log"][out]
        self.log["room"][log] = np.maximum(self.log["room"][log], table["room"][out])
        return count(table["place"][out], self.places)
