"""The rule for one youth at a crossroads, and the compiled walk along the roll.

`crossroads` is written for one person and reads like the metaphor: look at each door, try those believed in, keep
those that let you in, walk through the one liked best.  numba compiles it; with NUMBA_DISABLE_JIT=1 the same code
runs in a debugger.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from narco_door.base.arrays import F8
from narco_door.base.compiling import njit
from narco_door.base.draws import GOLDEN, high, low, mix, salt, unit
from narco_door.country.roll import (
    CARTEL,
    FORMAL,
    HOME,
    IDLE,
    INFORMAL,
    RECORD,
    SCHOOL,
)

# draws of one crossroads, one odd constant each; the luck of the person and month is mixed with it
_AT_REST, _AT_SCHOOL, _AT_FORMAL, _AT_INFORMAL, _AT_NARCO, _QUEUE, _MENTOR, _CASH = (salt(k) for k in range(1, 9))
_ALWAYS = 2.0**32  # a call that everybody hears
_S32 = np.uint64(32)
_NONE, _ONE, _EIGHT, _BYTE = (np.uint64(k) for k in (0, 1, 8, 255))

# what a crossroads reports, packed in bits above the chosen door
TRIED_SCHOOL, TRIED_FORMAL, TRIED_INFORMAL, SAW_NARCO = 8, 16, 32, 64
IN_SCHOOL, IN_FORMAL, IN_INFORMAL, WAS_FORCED = 128, 256, 512, 1024

BANDS = ("12_14", "15_17", "18_24", "25_29")
FLOWS = (
    "crossroads", "crossroads_m", "tried_school", "tried_formal", "tried_informal",
    "in_school", "in_formal", "in_informal", "offers", "crossroads_m_minor",
)  # fmt: skip


class Street(NamedTuple):
    """What a youth sees from the crossroads of a place this month; every field is float64[place]."""

    width_school: F8
    width_formal: F8
    width_informal: F8
    width_narco: F8
    belief_school: F8
    belief_formal: F8
    belief_informal: F8
    like_school: F8  # exp of the utility that all youths of the place share, for each door
    like_formal: F8
    like_informal: F8
    like_narco: F8
    force: F8  # chance at a crossroads to be taken by force
    scholarships: F8  # chance that a poor pupil holds one
    transfers: F8  # chance that a poor family of a pupil receives them
    mentors: F8  # chance that a youth at a crossroads has a mentor
    call_school: F8  # multipliers of the hazard to be called to a crossroads
    call_formal: F8


class Rule(NamedTuple):
    """The same for all places: tables over a person's bytes and a few numbers (see street/choice.toml)."""

    barrier: F8  # [256] exp(-cost barrier of school) by deprivation
    barrier_half: F8  # [256] the same for a family that receives transfers
    resist: F8  # [256] exp(-moral cost) by rank
    learn_formal: F8  # [256] what schooling adds to formal pay, exponentiated
    learn_informal: F8  # [256]
    chance_formal: F8  # [256] what schooling does to the chance of being hired, relative to nine years
    like_home: F8  # [2] women, men
    offers_by_sex: F8  # [2]
    offers_minor: float  # offers to those under 18 relative to adults
    keep_formal: F8  # [256] what a family with transfers keeps of the liking for a formal job
    like_under15: float
    like_staying: float
    like_returning: float
    like_informal_minor: float
    record_penalty: float
    mentor_resist: float
    mentor_belief: float
    poor_line: float
    call_dropout: F8  # [4] by age band
    call_dropout_poor: F8  # [4] extra at deprivation 1
    call_formal: float
    call_informal: float
    call_home: float
    call_idle: float


@njit(inline="always")
def _held(bits, salt, share):
    """Whether a person's fixed place in a queue is within `share` of it."""
    return share > 0.0 and unit(mix(mix(bits) + salt)) < share


@njit(inline="always")
def _effort(bits):
    """Exponential waiting time: divided by the liking of a door, the shortest wins, which is a logit over likings."""
    return -np.log(low(bits))


@njit(inline="always")
def corner(street, p):
    """The street as it is seen in one place: the same fields, as plain numbers."""
    return Street(
        street.width_school[p], street.width_formal[p], street.width_informal[p], street.width_narco[p],
        street.belief_school[p], street.belief_formal[p], street.belief_informal[p],
        street.like_school[p], street.like_formal[p], street.like_informal[p], street.like_narco[p],
        street.force[p], street.scholarships[p], street.transfers[p], street.mentors[p],
        street.call_school[p], street.call_formal[p],
    )  # fmt: skip


@njit(inline="always")
def crossroads(person, bits, door, stage_end, age, man, schooling, deprivation, moral, record, here, rule):
    """Which door one youth walks through this month, with what was tried on the way packed above it.

    Each door has luck of its own, so that to open or close one changes nobody who would not have taken it.
    """
    heard = 0
    # the corner and the home are open to all: one race between the two
    draw = mix(bits + _AT_REST)
    like = 1.0 + rule.like_home[man]
    time = _effort(draw)
    best = HOME if high(draw) * like < rule.like_home[man] else IDLE
    mentor = door >= INFORMAL and _held(person, _MENTOR, here.mentors)
    lift = rule.mentor_belief if mentor else 0.0

    if age < 300:  # school: up to the 25th birthday; a pupil in mid-stage and a child under 15 have their seat
        draw = mix(bits + _AT_SCHOOL)
        stays = door == SCHOOL
        seated = age < 180 or (stays and not stage_end)
        belief = 1.0 if seated else min(here.belief_school + lift, 1.0)
        if high(draw) < belief:
            if not seated:
                heard |= TRIED_SCHOOL
            if seated or high(draw) < belief * here.width_school:
                if not seated:
                    heard |= IN_SCHOOL
                this = here.like_school * (rule.like_staying if stays else rule.like_returning)
                if age < 180:
                    this *= rule.like_under15
                poor = deprivation >= rule.poor_line
                if not (poor and 180 <= age < 264 and _held(person, _QUEUE, here.scholarships)):
                    got = poor and age < 216 and _held(person, _CASH, here.transfers)
                    this *= rule.barrier_half[deprivation] if got else rule.barrier[deprivation]
                effort = _effort(draw)
                if effort * like < time * this:
                    best, time, like = SCHOOL, effort, this

    if age >= 192:  # a formal job: from the 16th birthday
        draw = mix(bits + _AT_FORMAL)
        belief = min(here.belief_formal + lift, 1.0)
        if high(draw) < belief:
            heard |= TRIED_FORMAL
            chance = belief * here.width_formal * rule.chance_formal[schooling]
            if high(draw) < (chance * rule.record_penalty if record else chance):
                heard |= IN_FORMAL
                this = here.like_formal * rule.learn_formal[schooling]
                if deprivation >= rule.poor_line and _held(person, _CASH, here.transfers):
                    this *= rule.keep_formal[schooling]
                effort = _effort(draw)
                if effort * like < time * this:
                    best, time, like = FORMAL, effort, this

    if age >= 168:  # informal work: from the 14th
        draw = mix(bits + _AT_INFORMAL)
        belief = here.belief_informal
        if high(draw) < belief:
            heard |= TRIED_INFORMAL
            if high(draw) < belief * here.width_informal:
                heard |= IN_INFORMAL
                this = here.like_informal * rule.learn_informal[schooling]
                if age < 216:
                    this *= rule.like_informal_minor
                effort = _effort(draw)
                if effort * like < time * this:
                    best, time, like = INFORMAL, effort, this

    draw = mix(bits + _AT_NARCO)
    offers = rule.offers_by_sex[man]
    if age < 216:
        offers *= rule.offers_minor
    if high(draw) < here.width_narco * offers:
        heard |= SAW_NARCO
        this = here.like_narco * rule.resist[moral]
        if mentor:
            this *= rule.mentor_resist
        if _effort(draw) * like < time * this:
            best = CARTEL
    elif high(draw) > 1.0 - here.force * offers:
        best = CARTEL
        heard |= WAS_FORCED
    return best | heard


@njit(inline="always")
def _band(age):
    return 0 if age < 180 else 1 if age < 216 else 2 if age < 300 else 3


@njit(inline="always")
def _stage_ends(age):
    """Lower secondary, upper secondary and a first degree end at 15, 18 and 22."""
    return age == 180 or age == 216 or age == 264 or age == 300


@njit(inline="always")
def _flush(counts, p, band, everybody, men):
    """Add eight counters of a byte, one for each door, to the counts."""
    for d in range(8):
        shift = np.uint64(8 * d)
        of_men = np.int64((men >> shift) & _BYTE)
        counts[p, band, 1, d] += of_men
        counts[p, band, 0, d] += np.int64((everybody >> shift) & _BYTE) - of_men


@njit(inline="always")
def _note(flow, said, man):
    """Count what a crossroads reports; without branches, since luck cannot be foreseen."""
    flow[0] += 1
    flow[1] += man
    for k in range(3):
        flow[2 + k] += (said >> (3 + k)) & 1
        flow[5 + k] += (said >> (7 + k)) & 1
    flow[8] += (said >> 6) & 1


@njit(cache=True, nogil=True)
def walk(
    lo, hi, month, key, queue, window, first, women, base, first_birth, door, schooling, deprivation, moral, flags,
    street, rule, counts, flows, entrants, entrant_notes, n_entrants,
):  # fmt: skip
    """Let every youth of the places [lo, hi) live one month; integers out, so the order cannot matter.

    counts[place, band, sex, door] and flows[place, k] are overwritten; those who walk through the narco door are
    listed in entrants[place] with the door they came from and whether by force.
    """
    call = np.zeros(8, np.uint64)  # who draws less than this comes to a crossroads, by door
    flow = np.zeros(10, np.int64)
    for p in range(lo, hi):
        n_new = 0
        counts[p] = 0
        flow[:] = 0
        here = corner(street, p)
        call[FORMAL] = np.uint64(_ALWAYS * rule.call_formal * here.call_formal)
        call[INFORMAL] = np.uint64(_ALWAYS * rule.call_informal)
        call[HOME] = np.uint64(_ALWAYS * rule.call_home)
        call[IDLE] = np.uint64(_ALWAYS * rule.call_idle)
        band, everybody, men, filled = 3, _NONE, _NONE, _NONE
        for k in range(window[0], window[1]):
            age = month - first_birth - k
            ends = _stage_ends(age)
            if _band(age) != band:
                _flush(counts, p, band, everybody, men)
                everybody, men, filled = _NONE, _NONE, _NONE
                band = _band(age)
                if band == 1:  # from here on, minors
                    flow[9] = -flow[1]
            dropout = _ALWAYS if ends else _ALWAYS * rule.call_dropout[band] * here.call_school
            steeper = 0.0 if ends else _ALWAYS * rule.call_dropout_poor[band] * here.call_school / 255.0
            call[SCHOOL] = np.uint64(dropout + 255.0 * steeper)  # of the poorest; the others are looked at again
            leave, leave_poorer = np.uint64(dropout), np.uint64(steeper)
            i, end, woman = np.uint64(first[p, k]), np.uint64(first[p, k + 1]), np.uint64(women[p, k])
            if age % 6 == 0:
                for j in range(i, end):
                    schooling[j] += np.uint8(door[j] == SCHOOL)
            person = key + base[p, k] * GOLDEN
            while i < end:
                if filled == _BYTE:
                    _flush(counts, p, band, everybody, men)
                    everybody, men, filled = _NONE, _NONE, _NONE
                stop = min(i + _BYTE - filled, end)
                filled += stop - i
                for j in range(i, stop):
                    d = door[j]
                    bits = mix(person)
                    draw = bits >> _S32
                    if draw < call[d] and (d != SCHOOL or draw < leave + leave_poorer * np.uint64(deprivation[j])):
                        man = np.int64(j < woman)
                        said = crossroads(
                            queue + (person - key), bits, d, ends, age, man, schooling[j], deprivation[j], moral[j],
                            flags[j] & RECORD, here, rule,
                        )  # fmt: skip
                        _note(flow, said, man)
                        if said & 7 == CARTEL:
                            if n_new < entrants.shape[1]:
                                entrants[p, n_new] = j
                                entrant_notes[p, n_new] = d | (8 if said & WAS_FORCED else 0)
                            n_new += 1
                        d = np.uint8(said & 7)
                        door[j] = d
                    one = _ONE << (np.uint64(d) * _EIGHT)
                    everybody += one
                    men += one if j < woman else _NONE
                    person += GOLDEN
                i = stop
        _flush(counts, p, band, everybody, men)
        flow[9] += flow[1]
        for f in range(flow.size):  # number by number: a row copied whole takes numba two seconds more to compile
            flows[p, f] = flow[f]
        n_entrants[p] = n_new


def empty_entrants(places: int, capacity: int) -> tuple[NDArray[Any], ...]:
    """Room for the month's entrants of each place: rows, notes, numbers."""
    return (
        np.zeros((places, capacity), np.int64),
        np.zeros((places, capacity), np.uint8),
        np.zeros(places, np.int64),
    )


@njit(cache=True, nogil=True)
def tally(month, window, first, women, first_birth, door, counts):
    """Count youths by place, age band, sex and door: counts[place, band, sex, door] is overwritten."""
    counts[:] = 0
    for p in range(first.shape[0]):
        for k in range(window[0], window[1]):
            band = _band(month - first_birth - k)
            for i in range(first[p, k], first[p, k + 1]):
                counts[p, band, 1 if i < women[p, k] else 0, door[i]] += 1
