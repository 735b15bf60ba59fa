"""The legitimate doors: how wide each stands in each place, and what youths believe of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from narco_door.base.arrays import F8

if TYPE_CHECKING:
    from collections.abc import Mapping

    from narco_door.base.remembered import Numbers
    from narco_door.country.places import Places

LEGITIMATE = ("school", "formal", "informal")


class Doors:
    """Width and believed width of school, formal and informal work, each float64[place]."""

    def __init__(self, places: Places, *, numbers: Numbers, switches: Mapping[str, bool], formal: F8) -> None:
        n = self.numbers = numbers
        self.places, self.switches = places, switches
        self.jobs_first = formal * (1.0 + n["call_formal"])
        ratio = places.attendance_15_17 / np.average(places.attendance_15_17)
        self.school_first = np.clip(n["width_school_first"] * ratio, 0.0, 1.0)
        self.width = {
            "school": self.school_first.copy(),
            "formal": np.full(len(places), n["width_formal_first"]),
            "informal": np.full(len(places), n["width_informal"]),
        }
        self.belief = {door: width.copy() for door, width in self.width.items()}
        self.seekers: F8 = np.zeros(len(places))
        self.jobs, self.openings = self.jobs_first.copy(), np.zeros(len(places))

    def open_school(self, *, seats: F8, school_age: F8, felt: F8) -> None:
        """Seats over those of upper secondary age; fear keeps families from sending them."""
        added = seats / np.maximum(school_age, 1.0)
        self.width["school"] = np.clip((self.school_first + added) * self._fright(felt, "fear_school"), 0.0, 1.0)

    def open_formal(self, *, formal: F8, growth: float, apprentices: F8, served: F8, felt: F8) -> None:
        """Openings over seekers: job stock less jobs held, against those who tried lately."""
        n = self.numbers
        stock = self.jobs_first * growth * self._fright(felt, "fear_jobs")
        stock = stock * (1.0 + n["transport_jobs"] * served) + apprentices
        self.jobs, self.openings = stock, np.maximum(stock - formal, 0.0)
        fresh = np.clip(self.openings / np.maximum(self.seekers, 1.0), 0.0, 1.0)
        tried = self.seekers > 0
        self.width["formal"] = np.where(tried, 0.5 * self.width["formal"] + 0.5 * fresh, self.width["formal"])

    def _fright(self, felt: F8, name: str) -> F8:
        fright: F8 = np.clip(1.0 - self.numbers[name] * felt, 0.0, 1.5)
        return fright

    def believe(self, tried: Mapping[str, F8], let_in: Mapping[str, F8]) -> None:
        """Belief follows the success of those who tried, with a lag; nobody trying, it drifts to the true width."""
        months = self.numbers["belief_months"]
        for door in LEGITIMATE:
            seen = np.where(tried[door] > 0, let_in[door] / np.maximum(tried[door], 1.0), self.width[door])
            self.belief[door] = self.belief[door] + (np.clip(seen, 0.0, 1.0) - self.belief[door]) / months
        smooth = self.numbers["seeker_months"]
        self.seekers = (
            self.seekers + (tried["formal"] - self.seekers) / smooth if self.seekers.any() else tried["formal"]
        )

    def believed(self, door: str) -> F8:
        """What youths act on: the believed width, or 1 (try every door) where perception is switched off."""
        return self.belief[door] if self.switches["perception"] else np.ones(len(self.places))
