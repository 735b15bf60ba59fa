"""Where rents arise, month by month: at crossings and ports, in fields and laboratories, along pipelines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from narco_door.base.arrays import F8

if TYPE_CHECKING:
    from narco_door.country.places import Places


def corridor(places: Places, month: int, *, by_source: bool) -> F8:
    """Share of the nation's rents that arises in each place, float64[place]; sums to 1.

    Parameters
    ----------
    month : absolute month
    by_source : bool
        Whether each source has its places and its years; else, and where the country has no table of sources, the
        share is the one of `Places.corridor_share` in every month.
    """
    if not by_source or not places.rent_years.size:
        return places.corridor_share
    year = (month + 0.5) / 12.0 - 0.5  # a row of the table stands at the middle of its year
    of_sources = np.array([np.interp(year, places.rent_years, column) for column in places.rent_sizes.T])
    shares: F8 = places.rent_places @ of_sources
    return shares
