"""What is believed of the uncertain numbers before history is looked at, as the unit cube."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from narco_door.base.arrays import F8
from narco_door.base.declared import Parameter
from narco_door.country.facts import parameters

DIGITS = 4
"""To how many digits a value is kept."""


class Priors:
    """The numbers that have a prior, in the order of their tables.

    Parameters
    ----------
    country
        Whose facts are among them.
    """

    def __init__(self, country: str = "mexico") -> None:
        self.each: Sequence[Parameter] = [one for one in parameters(country).values() if one.prior]
        self.names = [one.name for one in self.each]
        self._wide = np.array([one.prior == "loguniform" for one in self.each])
        ends = np.array([[one.prior_low, one.prior_high] for one in self.each])
        self._low, self._high = (self._scaled(column) for column in ends.T)

    def values(self, cube: F8) -> dict[str, float]:
        """The numbers at a point of the unit cube, float64[number]: their quantiles."""
        scaled = self._low + cube * (self._high - self._low)
        values = np.where(self._wide, np.exp(np.minimum(scaled, 700.0)), scaled)
        return {name: float(f"{value:.{DIGITS}g}") for name, value in zip(self.names, values, strict=True)}

    def cube(self, values: Mapping[str, float]) -> F8:
        """Where numbers lie in the unit cube."""
        given = np.array([values[name] for name in self.names])
        place: F8 = (self._scaled(given) - self._low) / (self._high - self._low)
        return np.clip(place, 0.0, 1.0)

    def fitted(self) -> F8:
        """Where the tables stand."""
        return self.cube({one.name: one.value for one in self.each})

    def _scaled(self, values: F8) -> F8:
        return np.where(self._wide, np.log(np.where(self._wide, values, 1.0)), values)
