"""The way out: a programme accompanies those who leave a cartel, for an entry year and the years after it.

Its accounts are kept in persons, not in agents, so that they hold at every scale: whoever is accompanied is paid for,
month by month.  Where the money falls short a share of the participants is alone, and who is alone relapses more often.
Some would have left anyway: they take a place and change nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

import numpy as np
from numpy.typing import NDArray

from narco_door.base.arrays import F8, I8
from narco_door.base.columns import Column, Table
from narco_door.base.declared import levers
from narco_door.base.doors import outside
from narco_door.country.roll import Roll

if TYPE_CHECKING:
    from narco_door.base.draws import Draws
    from narco_door.base.remembered import Numbers
    from narco_door.inside.careers import MemberTable

LEVER = "exit_reintegration"


class ExitTable(Table):
    """Former members whom the programme took out and who have neither finished nor gone back."""

    row: Annotated[NDArray[np.int64], Column("participant", unit="row", meaning="whose row of the roll")]
    name: Annotated[NDArray[np.uint64], Column("participant", unit="name", meaning="the name for keyed draws")]
    place: Annotated[NDArray[np.int64], Column("participant", unit="place", meaning="where")]
    served: Annotated[NDArray[np.int64], Column("participant", unit="months", meaning="for how long accompanied")]


class Asking(NamedTuple):
    """Who asks for a place in the programme this month, each float64[place]."""

    chance: F8  # of a member to ask
    induced: F8  # persons who leave only with it
    anyway: F8  # persons who leave in any case


class Month(NamedTuple):
    """What a month of the programme comes to: persons by place, and rows of the roll."""

    accompanied: F8
    anyway: F8  # taken in, of those who leave in any case
    finished: F8
    left: I8  # members who leave with it
    relapsed: I8  # participants whom a cartel gets back
    back: I8  # participants who walked in again at a crossroads


def uptake(numbers: Numbers, *, risk: F8, pay: F8, felt: F8) -> F8:
    """Monthly hazard that a member asks for a way out, where one is offered.

    Parameters
    ----------
    risk : float64[place]
        Death and arrest per member and year, as believed.
    pay : float64[place]
        Pay of the first room, relative to that of the first month.
    felt : float64[place]
        Fear beyond that of the first month: the more of it, the more of those who leave are threatened.
    """
    n = numbers
    wish = np.exp(n["uptake_by_risk"] * (risk - n["risk_first"])) * pay ** -n["uptake_by_pay"]
    safe = daring(felt, n) / daring(np.zeros(1), n)
    hazard: F8 = np.minimum(n["uptake"] * wish * safe, n["uptake_most"] if n["uptake"] > 0 else 0.0)
    return hazard


def daring(felt: F8, numbers: Numbers) -> F8:
    """Share of those who wish to leave that dares to, given that leavers are threatened."""
    threatened = np.clip(numbers["threatened"] * (1.0 + felt), 0.0, 1.0)
    share: F8 = 1.0 - threatened * (1.0 - numbers["threatened_dare"])
    return share


def units(numbers: Numbers) -> F8:
    """Units of the lever that a person takes by months served: the entry year is dearer, all come to `exit_price`."""
    n = numbers
    months = np.arange(round(12 * n["exit_years"]))
    weight = np.where(months < 12, n["exit_entry"], 1.0)
    shares: F8 = weight / weight.sum() * 12.0 * n["exit_price"] / levers()[LEVER].unit_cost
    return shares


class Exits:
    """The programme's accounts and the former members whom it took out."""

    persons: Annotated[
        F8,
        Column(
            "would leave anyway, place, months served", unit="persons", meaning="participants of the exit programme"
        ),
    ]

    def __init__(self, roll: Roll, *, places: int, numbers: Numbers) -> None:
        self.roll, self.numbers, self.table = roll, numbers, ExitTable()
        self.units = units(numbers)
        self.persons = np.zeros((2, places, self.units.size))

    def asking(self, members: F8, hazard: F8) -> Asking:
        """Who asks, where there are so many members and this is their monthly hazard to ask."""
        chance = 1.0 - np.exp(-hazard)
        leave = 1.0 - np.exp(-self.numbers["leaving_hazard"])
        return Asking(chance, members * chance, members * leave * self.numbers["exit_deadweight"])

    def wanted(self, asking: Asking) -> F8:
        """Units of use this month, float64[place]: for all participants and all who ask."""
        units: F8 = self._kept() + self.units[0] * (asking.induced + asking.anyway)
        return units

    def _kept(self) -> F8:
        units: F8 = (self.persons.sum(axis=0) * self.units).sum(axis=1)
        return units

    def live(self, month: int, asking: Asking, members: MemberTable, *, paid: F8, draws: Draws) -> Month:
        """One month of the programme: participants come first, then those who ask.

        Parameters
        ----------
        paid : float64[place]
            Units at work.
        """
        kept = self._kept()
        cover = np.divide(paid, kept, out=np.ones_like(kept), where=kept > paid)
        wish = self.units[0] * (asking.induced + asking.anyway)
        open_to = np.clip(np.divide(paid - kept, wish, out=np.zeros_like(kept), where=wish > 0), 0.0, 1.0)
        known = len(self.table)
        relapsed, back = self._fall_back(month, cover, draws)
        left = self._leave(month, asking.chance * open_to, members, draws)
        accompanied, finished = self._serve(cover, open_to * np.array([asking.induced, asking.anyway]))
        self.persons[0] *= 1.0 - back.size / max(known, 1)
        return Month(accompanied, open_to * asking.anyway, finished, left, relapsed, back)

    def _leave(self, month: int, chance: F8, members: MemberTable, draws: Draws) -> I8:
        """Rows of the members who leave with the programme; they are participants from now on."""
        if not chance.any():
            return np.zeros(0, np.int64)
        leaves = draws.uniforms("leave with the programme", month, members["name"]) < chance[members["place"]]
        leaves &= ~members["jailed"]
        row: I8 = members["row"][leaves]
        self.table.append(
            row=row, name=members["name"][leaves], place=members["place"][leaves], served=np.ones(row.size)
        )
        return row

    def _fall_back(self, month: int, cover: F8, draws: Draws) -> tuple[I8, I8]:
        """Rows of the participants whom a cartel gets back, and of those who walked in; the others serve on."""
        table, n = self.table, self.numbers
        with_them = draws.uniforms("place in the programme", 0, table["name"]) < cover[table["place"]]
        hazard = np.where(with_them, n["relapse_accompanied"], n["relapse_alone"])
        back = ~np.isin(self.roll.door[table["row"]], outside())
        relapsed = ~back & (draws.uniforms("relapse", month, table["name"]) < 1.0 - np.exp(-hazard))
        rows = table["row"][relapsed], table["row"][back]
        table["served"][with_them] += 1
        table.keep(~(back | relapsed) & (table["served"] < self.units.size))
        return rows

    def _serve(self, cover: F8, new: F8) -> tuple[F8, F8]:
        """Persons accompanied this month and those who finish; new[would leave anyway, place] come in."""
        n, share = self.numbers, cover[:, None]
        stays = np.exp(-np.array([n["relapse_accompanied"], 0.0]))[:, None, None]
        waits = np.exp(-np.array([n["relapse_alone"], 0.0]))[:, None, None]
        served = share * self.persons
        accompanied: F8 = new.sum(axis=0) + served.sum(axis=(0, 2))
        served *= stays
        self.persons *= (1.0 - share) * waits
        self.persons[:, :, 1:] += served[:, :, :-1]
        self.persons[:, :, 1] += new
        return accompanied, served[:, :, -1].sum(axis=0)
