"""The legitimate doors: how wide each stands in each place, and what youths believe of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

import numpy as np

from narco_door.base import doors as known
from narco_door.base.arrays import F8
from narco_door.base.columns import Column
from narco_door.base.doors import FORMAL, INFORMAL, SCHOOL
from narco_door.street import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from narco_door.base.remembered import Numbers
    from narco_door.country.places import Places


class First(NamedTuple):
    """What of the doors is known before the first month.

    Attributes
    ----------
    width, belief : float64[place, door]
    seekers, tried, ends : float64[place]
        Persons a month who try for a formal job, who try for a place at school, and pupils whose stage ends.
    """

    width: F8
    belief: F8
    seekers: F8
    tried: F8
    ends: F8


def guess(places: Places, numbers: Numbers) -> First:
    """The doors as the parameters guess them: nobody has tried yet, and all is believed as it is."""
    n, nobody = numbers, np.zeros(len(places))
    ratio = places.attendance_15_17 / np.average(places.attendance_15_17)
    width = np.zeros((len(places), len(known.doors())))
    width[:, SCHOOL] = np.clip(n["width_school_first"] * ratio, 0.0, 1.0)
    width[:, FORMAL], width[:, INFORMAL] = n["width_formal_first"], n["width_informal"]
    for door in known.plain():
        width[:, door] = plain.width(n, door)
    return First(width, width.copy(), seekers=nobody, tried=nobody, ends=nobody)


class Doors:
    """How wide the doors that are tried stand, and what youths believe of it."""

    width: Annotated[
        F8,
        Column(
            "place, door",
            unit="0-1",
            meaning="chance that someone who tries is let in: into \
school over 15, into a formal job with nine years of school",
        ),
    ]
    belief: Annotated[F8, Column("place, door", unit="0-1", meaning="believed width")]
    school_first: Annotated[F8, Column("place", unit="0-1", meaning="width of the school door in the first month")]
    seats_first: Annotated[F8, Column("place", unit="seats", meaning="school places after 15 in the first month")]
    of_age_first: Annotated[F8, Column("place", unit="persons", meaning="persons of 15-24 in the first month")]
    jobs_first: Annotated[F8, Column("place", unit="jobs", meaning="formal jobs for youths in the first month")]
    jobs: Annotated[F8, Column("place", unit="jobs", meaning="formal jobs for youths")]
    openings: Annotated[F8, Column("place", unit="jobs", meaning="of these, not held")]
    seekers: Annotated[
        F8, Column("place", unit="persons a month", meaning="those who tried for a formal job, smoothed")
    ]
    tried: Annotated[
        F8, Column("place", unit="persons a month", meaning="those who tried for a place at school, smoothed")
    ]
    ends: Annotated[F8, Column("place", unit="persons a month", meaning="pupils whose stage of school ended, smoothed")]

    def __init__(
        self, *, numbers: Numbers, switches: Mapping[str, bool], first: First, formal: F8, pupils: F8, of_age: F8
    ) -> None:
        self.numbers, self.switches = numbers, switches
        self.width, self.belief = first.width.copy(), first.belief.copy()
        self.seekers, self.tried, self.ends = first.seekers, first.tried, first.ends
        self.school_first = first.width[:, SCHOOL].copy()
        counted = first.seekers > 0
        hired = first.width[:, FORMAL] * first.seekers
        self.jobs_first = np.where(counted, formal + hired, formal * (1.0 + numbers["call_formal"]))
        self.of_age_first = np.maximum(of_age, 1.0)
        self.seats_first = pupils + self.school_first * first.tried - first.ends
        self.jobs, self.openings = self.jobs_first.copy(), np.zeros(len(formal))

    def open_school(self, *, seats: F8, school_age: F8, felt: F8) -> None:
        """The school door where places are not counted: seats over those of upper secondary age widen it.

        Fear keeps families from sending their children.
        """
        added = seats / np.maximum(school_age, 1.0)
        self.width[:, SCHOOL] = np.clip((self.school_first + added) * self._fright(felt, "fear_school"), 0.0, 1.0)

    def seat(self, *, seats: F8, pupils: F8, felt: F8) -> None:
        """The school door where places are counted: those not held, over those who try for one.

        Pupils whose stage ends give theirs back and try again, so that a place more makes at most one pupil more.

        Parameters
        ----------
        seats, pupils : float64[place]
            Places after 15 this month, and who held one at the end of the last.
        """
        free = np.maximum(seats - pupils + self.ends, 0.0) * self._fright(felt, "fear_school")
        fresh = np.clip(free / np.maximum(self.tried, 1.0), 0.0, 1.0)
        self.width[:, SCHOOL] = np.where(self.tried > 0, fresh, self.width[:, SCHOOL])

    def open_formal(self, *, formal: F8, growth: float, apprentices: F8, served: F8, felt: F8) -> None:
        """Openings over seekers: job stock less jobs held, against those who tried lately."""
        n = self.numbers
        stock = self.jobs_first * growth * self._fright(felt, "fear_jobs")
        stock = stock * (1.0 + n["transport_jobs"] * served) + apprentices
        self.jobs, self.openings = stock, np.maximum(stock - formal, 0.0)
        fresh = np.clip(self.openings / np.maximum(self.seekers, 1.0), 0.0, 1.0)
        tried, kept = self.seekers > 0, n["hiring_memory"]
        self.width[:, FORMAL] = np.where(
            tried, kept * self.width[:, FORMAL] + (1.0 - kept) * fresh, self.width[:, FORMAL]
        )

    def _fright(self, felt: F8, name: str) -> F8:
        fright: F8 = np.clip(1.0 - self.numbers[name] * felt, 0.0, self.numbers["calm_opens_most"])
        return fright

    def believe(self, tried: F8, let_in: F8, *, ends: F8) -> None:
        """Belief follows the success of those who tried, with a lag; nobody trying, it drifts to the true width.

        Parameters
        ----------
        tried, let_in : float64[place, door]
            Persons in the month.
        ends : float64[place]
            Pupils whose stage of school ended.
        """
        months = self.numbers["belief_months"]
        seen = np.where(tried > 0, let_in / np.maximum(tried, 1.0), self.width)
        self.belief = self.belief + (np.clip(seen, 0.0, 1.0) - self.belief) / months
        smooth, formal = self.numbers["seeker_months"], tried[:, FORMAL]
        self.seekers = self.seekers + (formal - self.seekers) / smooth if self.seekers.any() else formal
        first = not self.tried.any()
        if first:
            self.tried, self.ends = tried[:, SCHOOL], ends
            self.seats_first = self.seats_first + self.school_first * self.tried - ends
        else:
            self.tried = self.tried + (tried[:, SCHOOL] - self.tried) / smooth
            self.ends = self.ends + (ends - self.ends) / smooth

    def believed(self) -> F8:
        """What youths act on, [place, door]: believed widths, or 1 (try every door) where perception is off."""
        return self.belief if self.switches["perception"] else np.ones_like(self.belief)
