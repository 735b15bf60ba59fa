"""The doors in balance: where youths stand if all that is known of the first month had always been so.

A cohort of every place lives from its twelfth birthday to its thirtieth by the rule of the walk itself, again and
again, until what youths believe of the doors is what they find, and as many of those at work hold a formal job as the
table of places says. Everyone on the roll of the first month then stands where somebody of the same place, sex and
age, and of like need, came to stand.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from narco_door.base.ages import BANDS, COMPULSORY_UNTIL, FIRST_AGE, LAST_AGE
from narco_door.base.arrays import F8, Bytes
from narco_door.base.compiling import njit
from narco_door.base.doors import FORMAL, INFORMAL, SCHOOL, doors
from narco_door.base.draws import GOLDEN, Draws, mix, unit
from narco_door.base.remembered import Numbers, Switches
from narco_door.base.search import rank
from narco_door.country.arrivals import settle, society
from narco_door.country.places import Places
from narco_door.country.roll import Roll
from narco_door.street.choice import make_rule, make_street
from narco_door.street.crossroads import ALWAYS, FLOWS, Rule, Street, empty_entrants, stage_month, walk
from narco_door.street.doors import Doors, First, guess

MONTHS = LAST_AGE - FIRST_AGE
ROUNDS, FEW, MANY = 6, 40, 200
"""How often a cohort lives to find the balance; of how many of each place and sex, and of how many in the end."""
ALIKE = 24
"""From how many of nearly the same need a youth's standing is drawn, at least."""
TRIES = 20
_DRAWS = Draws(0)  # the same lives whatever the luck of a run: the balance is no chance


class Lives(NamedTuple):
    """A cohort of every place, from 12 to 29.

    Attributes
    ----------
    door, schooling : uint8[month of age since 12, person]
        As the month begins, and as the last one ends; persons by place, men before women.
    deprivation, moral : uint8[person]
    flows : float64[place, flow]
        What a walk counts of a place, in persons a month, if all its ages lived as the cohort did.
    reports : float64[place, tried or let in, door]
        The same of the doors.
    """

    door: Bytes
    schooling: Bytes
    deprivation: Bytes
    moral: Bytes
    flows: F8
    reports: F8


class Balance(NamedTuple):
    """The doors of the first month in balance, and the lives that lead there.

    Attributes
    ----------
    pupils_end, formal_end : float64[place]
        Pupils from 15 on and those in a formal job at the end of a month, over those at its beginning: the same people
        are a month older.
    """

    first: First
    lives: Lives
    rule: Rule
    pupils_end: F8
    formal_end: F8

    def flow(self, name: str) -> F8:
        """What a walk counts of this name, float64[place] in persons a month."""
        persons: F8 = self.lives.flows[:, FLOWS.index(name)]
        return persons


def balance(places: Places, numbers: Numbers, switches: Switches, start: int) -> Balance:
    """Find the balance of the doors of `places` in the month `start`; kept, since it has nothing to do with luck."""
    found, read = kept(places, Numbers(numbers), Switches(switches), start)
    numbers.remember(read[0])
    switches.remember(read[1])
    return found


@lru_cache(maxsize=2)
def kept(
    places: Places, numbers: Numbers, switches: Switches, start: int
) -> tuple[Balance, tuple[frozenset[str], frozenset[str]]]:
    """The balance, and which numbers and switches were asked for it."""
    found = _find(places, numbers, switches, start)
    return found, (numbers.read(), switches.read())


def _find(places: Places, numbers: Numbers, switches: Switches, start: int) -> Balance:
    persons = _by_age(places, start)
    rule, first = make_rule(numbers, switches), guess(places, numbers)
    for size in [*[FEW] * ROUNDS, MANY, MANY]:
        lives = _live(places, numbers, rule, _street(places, numbers, switches, first), persons, size)
        first = _found(first, lives)
        if size == FEW:
            _widen_formal(first, _too_few_formal(places, lives, persons))
    upper = np.where(np.arange(MONTHS) >= COMPULSORY_UNTIL - FIRST_AGE, persons, 0.0)
    grown = (_behind(lives, door, ages) for door, ages in ((SCHOOL, upper), (FORMAL, persons)))
    return Balance(first, lives, rule, *(after / np.maximum(before, 1e-9) for before, after in grown))


def _by_age(places: Places, start: int) -> F8:
    """Persons by month of age since 12 in the first month, float64[place, month]."""
    births = np.arange(start - FIRST_AGE, start - LAST_AGE, -1) // 12 - places.first_birth_year
    persons: F8 = places.cohorts.sum(axis=1)[:, births] / 12.0
    return persons


def _street(places: Places, numbers: Numbers, switches: Switches, first: First) -> Street:
    """What is seen from the crossroads with nothing paid, nobody afraid and the narco door shut."""
    none = np.zeros(len(places))
    seen = Doors(numbers=numbers, switches=switches, first=first, formal=none, pupils=none, of_age=none)
    paid = dict.fromkeys(("scholarships", "cash_transfers", "mentoring", "apprenticeships"), none)
    return make_street(
        places, seen, width_narco=none, force=none, like_narco=none + 1.0, coverage=paid, prevented=none,
        lean=np.ones((len(places), len(BANDS), 2, len(doors()))), felt=none,
    )  # fmt: skip


def _cohort(places: int, size: int) -> Roll:
    """A roll of one cohort born in month 0, of as many men as women."""
    first = np.arange(places)[:, None] * 2 * size + np.array([0, 2 * size])
    blank = [np.zeros(2 * size * places, np.uint8) for _ in range(5)]
    return Roll(
        first_birth=0, door=blank[0], schooling=blank[1], deprivation=blank[2], moral=blank[3], flags=blank[4],
        tally=np.zeros((places, 1, 2, len(doors())), np.int32), first=first, women=first[:, :1] + size,
        base=np.arange(places, dtype=np.uint64)[:, None] << np.uint64(44), persons_per_agent=1,
    )  # fmt: skip


def _live(places: Places, numbers: Numbers, rule: Rule, street: Street, persons: F8, size: int) -> Lives:
    """Let a cohort of every place live from 12 to 29 behind the doors as they stand."""
    p, roll, weight = len(places), _cohort(len(places), size), persons / (2.0 * size)
    settle(
        roll, FIRST_AGE, places.deprivation, soc=society(places, numbers), draws=_DRAWS,
        spread=numbers["deprivation_sd"], all_ages=False,
    )  # fmt: skip
    flows, reports = np.zeros((p, len(FLOWS)), np.int64), np.zeros((p, 2, len(doors())), np.int64)
    lives = Lives(
        np.empty((MONTHS + 1, roll.door.size), np.uint8), np.empty((MONTHS + 1, roll.door.size), np.uint8),
        roll.deprivation, roll.moral, np.zeros(flows.shape), np.zeros(reports.shape),
    )  # fmt: skip
    calls = (ALWAYS * rule.call * street.call).astype(np.uint64)
    for k in range(MONTHS):
        lives.door[k], lives.schooling[k] = roll.door, roll.schooling
        walk(
            0, p, FIRST_AGE + k, _DRAWS.key("crossroads", k), _DRAWS.key("queue"), (0, 1), roll.first, roll.women,
            roll.base, 0, roll.door, roll.schooling, roll.deprivation, roll.moral, roll.flags, roll.tally, street,
            rule, calls, flows, reports, *empty_entrants(p, 1),
        )  # fmt: skip
        lives.flows[:] += flows * weight[:, k, None]
        lives.reports[:] += reports * weight[:, k, None, None]
    lives.door[-1], lives.schooling[-1] = roll.door, roll.schooling
    return lives


def _found(first: First, lives: Lives) -> First:
    """The doors as those who lived so found them: belief is what came of trying."""
    tried, let_in = lives.reports[:, 0], lives.reports[:, 1]
    belief = np.where(tried > 0, let_in / np.maximum(tried, 1e-9), first.width)
    return First(
        first.width.copy(), belief, seekers=tried[:, FORMAL], tried=tried[:, SCHOOL],
        ends=lives.flows[:, FLOWS.index("ends")],
    )  # fmt: skip


def _widen_formal(first: First, factor: F8) -> None:
    """Widen the formal door, and what is believed of it with it."""
    for doors_ in (first.width, first.belief):
        doors_[:, FORMAL] = np.clip(doors_[:, FORMAL] * factor, 0.005, 1.0)


def _behind(lives: Lives, door: int, persons: F8) -> F8:
    """Persons behind a door as a month begins and as it ends, float64[2, place]."""
    by_place = lives.door.reshape(MONTHS + 1, len(persons), -1)
    share = (by_place == door).mean(axis=2)
    stock: F8 = np.stack([(share[:-1].T * persons).sum(axis=1), (share[1:].T * persons).sum(axis=1)])
    return stock


def _too_few_formal(places: Places, lives: Lives, persons: F8) -> F8:
    """By what to widen the formal door, float64[place]: the root of formal jobs for each informal one by the table over
    those found, since belief follows width and both let in.
    """
    formal, informal = (_behind(lives, door, persons)[0] for door in (FORMAL, INFORMAL))
    wanted = (1.0 - places.informality) / np.maximum(places.informality, 1e-9)
    factor: F8 = np.sqrt(np.clip(wanted * informal / np.maximum(formal, 1e-9), 0.1, 10.0))
    return factor


def stand(roll: Roll, start: int, still: Balance, *, draws: Draws) -> None:
    """Let everyone on the roll of the first month stand where one of these lives did at that age."""
    lives = still.lives
    size = lives.deprivation.size // (roll.first.shape[0] * 2)
    need = lives.deprivation.reshape(-1, 2, size)  # [place, men then women, person]
    order = need.argsort(axis=2, kind="stable")
    _stand(
        *roll.window(start), start - roll.first_birth, draws.key("standing"), roll.first, roll.women, roll.base,
        np.take_along_axis(need, order, axis=2), order, size, lives.door, lives.schooling, lives.moral,
        roll.deprivation, roll.moral, roll.door, roll.schooling, roll.tally, still.rule,
    )  # fmt: skip


@njit(cache=True, nogil=True)
def _stand(
    lo, hi, now, key, first, women, base, need, order, size, door_at, schooling_at, moral_of, deprivation, moral, door,
    schooling, tally, rule,
):  # fmt: skip
    for p in range(first.shape[0]):
        for k in range(lo, hi):
            month = now - k - FIRST_AGE
            stage = stage_month(now - k, rule)
            tally[p, k] = 0
            for i in range(first[p, k], first[p, k + 1]):
                woman = 0 if i < women[p, k] else 1
                near = need[p, woman]
                a = rank(near, deprivation[i], False)
                b = rank(near, deprivation[i], True)
                bits, past = (
                    key + (base[p, k] + np.uint64(i - first[p, k])) * GOLDEN,
                    moral[i] % rule.stage_months < stage,
                )
                for _ in range(TRIES):
                    bits = mix(bits)
                    like = (a + b) / 2 + (unit(bits) - 0.5) * max(b - a, ALIKE)
                    j = order[p, woman, min(max(int(like), 0), size - 1)] + (2 * p + woman) * size
                    if stage < 0 or (moral_of[j] % rule.stage_months < stage) == past:
                        break  # in the year in which a stage ends it has for both, or for neither
                door[i], schooling[i] = door_at[month, j], schooling_at[month, j]
                tally[p, k, 1 - woman, door[i]] += 1
