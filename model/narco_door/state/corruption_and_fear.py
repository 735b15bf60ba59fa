"""Corruption, fear and inequality, which feed each other and spread from month to month like a weed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np

from narco_door.base.arrays import F8
from narco_door.base.columns import Column

if TYPE_CHECKING:
    from collections.abc import Mapping

    from narco_door.base.remembered import Numbers


class CorruptionAndFear:
    """Corruption of the police, fear and mean deprivation of each place."""

    corruption: Annotated[F8, Column("place", unit="0-1", meaning="share of police officers who are corrupt")]
    fear: Annotated[F8, Column("place", unit="0-1", meaning="fear of violence")]
    fear_first: Annotated[F8, Column("place", unit="0-1", meaning="fear in the first month")]
    deprivation: Annotated[
        F8, Column("place", unit="0-1", meaning="mean deprivation of the families of the next twelve-year-olds")
    ]
    deprivation_first: Annotated[F8, Column("place", unit="0-1", meaning="the same in the first month")]
    idle_first: Annotated[
        F8 | None, Column("place", unit="0-1", meaning="share of youths at the corner in the first month")
    ]
    removal: Annotated[
        F8,
        Column(
            "place",
            unit="per month",
            meaning="ordinary removal of corrupt officers; holds corruption still in the first month",
        ),
    ]

    def __init__(
        self,
        *,
        corruption: F8,
        deprivation: F8,
        homicide_rate: F8,
        numbers: Numbers,
        switches: Mapping[str, bool],
    ) -> None:
        self.numbers, self.switches = numbers, switches
        self.corruption, self.deprivation = corruption.copy(), deprivation.copy()
        self.deprivation_first = deprivation.copy()
        self.fear = self._frightened(homicide_rate)
        self.fear_first = self.fear.copy()
        self.idle_first = None
        self.removal = np.zeros_like(corruption)

    def _frightened(self, homicide_rate: F8) -> F8:
        return 1.0 - np.exp(-homicide_rate / self.numbers["fear_scale"])

    def temptation(self, *, rents: F8, officers: F8, pay: F8 | float) -> F8:
        """Monthly rate at which honest officers turn: bribe on offer against pay (Becker and Stigler 1974)."""
        bribe = self.numbers["bribe_share"] * rents / np.maximum(officers, 1.0)
        return self.numbers["corruption_rate"] * bribe / (bribe + pay)

    def hold_still(self, temptation: F8) -> None:
        """Set ordinary removal so that corruption stays where the table has it, as long as this is the temptation."""
        self.removal = temptation * (1.0 - self.corruption) / self.corruption

    def spread(self, *, temptation: F8, cleaning: F8, homicide_rate: F8, idle_share: F8, calm: F8) -> None:
        """One month.

        Parameters
        ----------
        temptation, cleaning : float64[place]
            Monthly rates at which the honest turn and the corrupt are removed beyond the ordinary.
        homicide_rate : float64[place]
            Homicides per 100,000 residents, a year, smoothed over a year: fear is concave in it, so that a month in
            which one agent's death stands for hundreds would frighten less than the same deaths one by one.
        idle_share : float64[place]
            Share of youths at the street corner.
        calm : float64[place]
            0-1, how much public space and transport take away from fear.
        """
        n = self.numbers
        if self.idle_first is None:
            self.idle_first = idle_share.copy()
        if self.switches["corruption"]:
            change = temptation * (1.0 - self.corruption) - (self.removal + cleaning) * self.corruption
            self.corruption = np.clip(self.corruption + change, 0.001, 0.999)
        target = self._frightened(homicide_rate) * (1.0 - calm)
        self.fear = self.fear + (target - self.fear) / n["fear_months"]
        if self.switches["inequality"]:
            pressure = n["deprivation_by_fear"] * (self.fear - self.fear_first) + n["deprivation_by_idleness"] * (
                idle_share - self.idle_first
            )
            target = np.clip(self.deprivation_first + pressure, n["deprivation_least"], n["deprivation_most"])
            self.deprivation = self.deprivation + (target - self.deprivation) / n["deprivation_months"]

    def felt(self) -> F8:
        """Fear beyond that of the first month, as far as it keeps people at home; 0 where switched off."""
        if not self.switches["fear"]:
            return np.zeros_like(self.fear)
        return self.fear - self.fear_first
