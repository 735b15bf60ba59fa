"""The legitimate doors: how wide each stands in each place, and what youths believe of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

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
    jobs_first: Annotated[F8, Column("place", unit="jobs", meaning="formal jobs for youths in the first month")]
    jobs: Annotated[F8, Column("place", unit="jobs", meaning="formal jobs for youths")]
    openings: Annotated[F8, Column("place", unit="jobs", meaning="of these, not held")]
    seekers: Annotated[
        F8, Column("place", unit="persons a month", meaning="those who tried for a formal job, smoothed")
    ]

    def __init__(self, places: Places, *, numbers: Numbers, switches: Mapping[str, bool], formal: F8) -> None:
        n = self.numbers = numbers
        self.places, self.switches = places, switches
        self.jobs_first = formal * (1.0 + n["call_formal"])
        ratio = places.attendance_15_17 / np.average(places.attendance_15_17)
        self.school_first = np.clip(n["width_school_first"] * ratio, 0.0, 1.0)
        self.width = np.zeros((len(places), len(known.doors())))
        self.width[:, SCHOOL], self.width[:, FORMAL] = self.school_first, n["width_formal_first"]
        self.width[:, INFORMAL] = n["width_informal"]
        for door in known.plain():
            self.width[:, door] = plain.width(n, door)
        self.belief = self.width.copy()
        self.seekers = np.zeros(len(places))
        self.jobs, self.openings = self.jobs_first.copy(), np.zeros(len(places))

    def open_school(self, *, seats: F8, school_age: F8, felt: F8) -> None:
        """Seats over those of upper secondary age; fear keeps families from sending them."""
        added = seats / np.maximum(school_age, 1.0)
        self.width[:, SCHOOL] = np.clip((self.school_first + added) * self._fright(felt, "fear_school"), 0.0, 1.0)

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

    def believe(self, tried: F8, let_in: F8) -> None:
        """Belief follows the success of those who tried, with a lag; nobody trying, it drifts to the true width.

        Parameters
        ----------
        tried, let_in : float64[place, door]
            Persons in the month.
        """
        months = self.numbers["belief_months"]
        seen = np.where(tried > 0, let_in / np.maximum(tried, 1.0), self.width)
        self.belief = self.belief + (np.clip(seen, 0.0, 1.0) - self.belief) / months
        smooth, formal = self.numbers["seeker_months"], tried[:, FORMAL]
        self.seekers = self.seekers + (formal - self.seekers) / smooth if self.seekers.any() else formal

    def believed(self) -> F8:
        """What youths act on, [place, door]: believed widths, or 1 (try every door) where perception is off."""
        return self.belief if self.switches["perception"] else np.ones_like(self.belief)
