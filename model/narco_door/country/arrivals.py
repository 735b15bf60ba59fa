"""How people come onto the roll: the youths of the first month, and the twelve-year-olds of every later one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from narco_door.base.ages import FIRST_AGE, FORMAL_FROM, INFORMAL_FROM, YEAR
from narco_door.base.arrays import F8
from narco_door.base.compiling import njit
from narco_door.base.doors import FORMAL, HOME, IDLE, INFORMAL, SCHOOL
from narco_door.base.draws import GOLDEN, Draws, mix, salt, unit
from narco_door.base.remembered import Numbers
from narco_door.country.places import Places
from narco_door.country.roll import QUANTILE_Z, Roll

# Share of each single year of age at school relative to its band's mean (12-14, 15-17, 18-24), an assumed smooth
# profile through the Census 2010 band means; beyond 24 a share of the 18-24 mean.
PROFILE = np.array(
    [
        1.055,
        1.01,
        0.935,
        1.15,
        1.0,
        0.85,
        1.75,
        1.45,
        1.2,
        0.95,
        0.7,
        0.53,
        0.42,
        0.25,
        0.18,
        0.12,
        0.08,
        0.06,
    ]
)
_DOOR, _WORK, _HOME_OR_IDLE, _LEFT, _MORAL, _POOR = (salt(k) for k in range(21, 27))


class Society(NamedTuple):
    """Shares among which the youths of the first month are dealt."""

    attendance: F8  # [place, age year]
    tilt: float  # how much less the poor attend, per unit of deprivation
    neet: F8  # [2] share of those not at school who neither study nor work: women, men
    home: F8  # [2] share of these who care for a home rather than stand at the corner
    informality: F8  # [place] share of the employed


def society(places: Places, numbers: Numbers) -> Society:
    """The shares of 2007 from the tables of places and the parameters."""
    bands = np.stack([places.attendance_12_14, places.attendance_15_17, places.attendance_18_24], axis=1)
    band_of = np.array([0] * 3 + [1] * 3 + [2] * 12)
    return Society(
        attendance=np.minimum(bands[:, band_of] * PROFILE, numbers["attendance_most"]),
        tilt=numbers["attendance_tilt"],
        neet=np.array([numbers["neet_women_first"], numbers["neet_men_first"]]),
        home=np.array([numbers["home_women_first"], numbers["home_men_first"]]),
        informality=places.informality,
    )


@njit(cache=True, nogil=True)
def _settle(lo, hi, key, first, women, base, first_birth, month, mean, spread, soc, z, columns, tally):
    door, schooling, deprivation, moral = columns
    for p in range(first.shape[0]):
        for k in range(lo, hi):
            age = month - first_birth - k
            year = (age - FIRST_AGE) // YEAR
            tally[p, k] = 0
            for i in range(first[p, k], first[p, k + 1]):
                man = 1 if i < women[p, k] else 0
                bits = mix(key + (base[p, k] + np.uint64(i - first[p, k])) * GOLDEN)
                need = mean[p] + spread * z[int(256 * unit(mix(bits + _POOR)))]
                need = min(max(need, 0.0), 1.0)
                deprivation[i] = np.uint8(255 * need)
                moral[i] = np.uint8(256 * unit(mix(bits + _MORAL)))
                attends = soc.attendance[p, year] * (1.0 + soc.tilt * (mean[p] - need))
                years_in = (age + 5) // 6 - 13  # half-years since the sixth birthday; this month's walk adds its own
                if unit(mix(bits + _DOOR)) < attends:
                    door[i] = SCHOOL
                    tally[p, k, man, SCHOOL] += 1
                    schooling[i] = years_in
                    continue
                left = 12 + int(unit(mix(bits + _LEFT)) * (min(years_in, 24) - 11))
                schooling[i] = left
                if age < INFORMAL_FROM or unit(mix(bits + _WORK)) < soc.neet[man]:
                    door[i] = HOME if unit(mix(bits + _HOME_OR_IDLE)) < soc.home[man] else IDLE
                elif age >= FORMAL_FROM and unit(mix(bits + _HOME_OR_IDLE)) >= soc.informality[p]:
                    door[i] = FORMAL
                else:
                    door[i] = INFORMAL
                tally[p, k, man, door[i]] += 1


def settle(
    roll: Roll, month: int, deprivation: F8, *, soc: Society, draws: Draws, spread: float, all_ages: bool
) -> None:
    """Give the twelve-year-olds of `month` (or everyone alive in it) their place in life.

    Parameters
    ----------
    deprivation : float64[place]
        Mean deprivation of the families of the place; a person's own is drawn around it.
    spread : float
        Standard deviation of deprivation within a place.
    """
    lo, hi = roll.window(month)
    if not all_ages:
        lo = hi - 1
    columns = (roll.door, roll.schooling, roll.deprivation, roll.moral)
    _settle(
        lo, hi, draws.key("settle"), roll.first, roll.women, roll.base, roll.first_birth, month,
        deprivation.copy(), spread, soc, QUANTILE_Z, columns, roll.tally,
    )  # fmt: skip


def poor_share(mean: F8, *, spread: float, line: float) -> F8:
    """Share of a cohort above the poverty line, by the same 256 ranks that `settle` deals from."""
    return (np.clip(mean[:, None] + spread * QUANTILE_Z[None, :], 0, 1) >= line).mean(axis=1)
