"""Variants of demography: larger or smaller cohorts from a birth year on, everybody else being the same person."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from narco_door.country.places import Places


def grown(places: Places, *, ratio: float, since: int) -> Places:
    """The same places with cohorts `ratio` times as large from the birth year `since` on, residents adjusted.

    Residents change by the persons of the table's cohorts that were born by then; that some of them die is left out.
    """
    first = max(since - places.first_birth_year, 0)
    if ratio == 1.0 or first >= places.cohorts.shape[2]:
        return places
    cohorts = places.cohorts.copy()
    cohorts[:, :, first:] = np.rint(cohorts[:, :, first:] * ratio)
    more = (cohorts - places.cohorts).sum(axis=1)
    years = np.arange(places.mid_year_people.shape[1]) + places.first_year
    births = np.arange(more.shape[1]) + places.first_birth_year
    lived = np.clip(years[None, :] - births[:, None] + 0.5, 0.0, 1.0)  # half of a year's cohort by its middle
    people = np.maximum(places.mid_year_people + np.rint((more[:, :, None] * lived).sum(axis=1)).astype(np.int64), 1)
    for array in (cohorts, people):
        array.setflags(write=False)
    return replace(places, cohorts=cohorts, mid_year_people=people)
