"""The rule for one youth at a crossroads, and the compiled walk along the roll.

`crossroads` is written for one person and reads like the metaphor: look at each door, try those believed in, keep
those that let you in, walk through the one liked best.  numba compiles it; with NUMBA_DISABLE_JIT=1 the same code
runs in a debugger.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from narco_door.arrays import F8
from narco_door.draws import GOLDEN, high, low, mix, salt, unit
from narco_door.roll import (
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

# what a crossroads reports, packed in bits above the chosen door
TRIED_SCHOOL, TRIED_FORMAL, TRIED_INFORMAL, SAW_NARCO = 8, 16, 32, 64
IN_SCHOOL, IN_FORMAL, IN_INFORMAL, WAS_FORCED = 128, 256, 512, 1024

BANDS = ("12_14", "15_17", "18_24", "25_29")
FLOWS = (
    "crossroads", "crossroads_m", "tried_school", "tried_formal", "tried_informal",
    "in_school", "in_formal", "in_informal", "offers",
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
    """The same for all places: tables over a person's bytes and a few numbers (see data/parameters.toml)."""

    barrier: F8  # [256] exp(-cost barrier of school) by deprivation
    barrier_half: F8  # [256] the same for a family that receives transfers
    resist: F8  # [256] exp(-moral cost) by rank
    learn_formal: F8  # [256] what schooling adds to formal pay, exponentiated
    learn_informal: F8  # [256]
    chance_formal: F8  # [256] what schooling does to the chance of being hired, relative to nine years
    like_home: F8  # [2] women, men
    offers_by_sex: F8  # [2]
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
def crossroads(person, bits, door, stage_end, age, man, schooling, deprivation, moral, record, p, street, rule):
    """Which door one youth walks through this month, with what was tried on the way packed above it.

    Each door has luck of its own, so that to open or close one changes nobody who would not have taken it.
    """
    heard = 0
    # the corner and the home are open to all: one race between the two
    draw = mix(bits + _AT_REST)
    like = 1.0 + rule.like_home[man]
    time = _effort(draw)
    best = HOME if high(draw) * like < rule.like_home[man] else IDLE
    mentor = door >= INFORMAL and _held(person, _MENTOR, street.mentors[p])
    lift = rule.mentor_belief if mentor else 0.0

    if age < 300:  # school: up to the 25th birthday; a pupil in mid-stage and a child under 15 have their seat
        draw = mix(bits + _AT_SCHOOL)
        stays = door == SCHOOL
        seated = age < 180 or (stays and not stage_end)
        belief = 1.0 if seated else min(street.belief_school[p] + lift, 1.0)
        if high(draw) < belief:
            if not seated:
                heard |= TRIED_SCHOOL
            if seated or high(draw) < belief * street.width_school[p]:
                if not seated:
                    heard |= IN_SCHOOL
                this = street.like_school[p] * (rule.like_staying if stays else rule.like_returning)
                if age < 180:
                    this *= rule.like_under15
                poor = deprivation >= rule.poor_line
                if not (poor and 180 <= age < 264 and _held(person, _QUEUE, street.scholarships[p])):
                    got = poor and age < 216 and _held(person, _CASH, street.transfers[p])
                    this *= rule.barrier_half[deprivation] if got else rule.barrier[deprivation]
                effort = _effort(draw)
                if effort * like < time * this:
                    best, time, like = SCHOOL, effort, this

    if age >= 192:  # a formal job: from the 16th birthday
        draw = mix(bits + _AT_FORMAL)
        belief = min(street.belief_formal[p] + lift, 1.0)
        if high(draw) < belief:
            heard |= TRIED_FORMAL
            chance = belief * street.width_formal[p] * rule.chance_formal[schooling]
            if high(draw) < (chance * rule.record_penalty if record else chance):
                heard |= IN_FORMAL
                this = street.like_formal[p] * rule.learn_formal[schooling]
                effort = _effort(draw)
                if effort * like < time * this:
                    best, time, like = FORMAL, effort, this

    if age >= 168:  # informal work: from the 14th
        draw = mix(bits + _AT_INFORMAL)
        belief = street.belief_informal[p]
        if high(draw) < belief:
            heard |= TRIED_INFORMAL
            if high(draw) < belief * street.width_informal[p]:
                heard |= IN_INFORMAL
                this = street.like_informal[p] * rule.learn_informal[schooling]
                if age < 216:
                    this *= rule.like_informal_minor
                effort = _effort(draw)
                if effort * like < time * this:
                    best, time, like = INFORMAL, effort, this

    draw = mix(bits + _AT_NARCO)
    if high(draw) < street.width_narco[p] * rule.offers_by_sex[man]:
        heard |= SAW_NARCO
        this = street.like_narco[p] * rule.resist[moral]
        if mentor:
            this *= rule.mentor_resist
        if _effort(draw) * like < time * this:
            best = CARTEL
    elif high(draw) > 1.0 - street.force[p] * rule.offers_by_sex[man]:
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


@njit(cache=True, nogil=True)
def walk(
    lo, hi, month, key, queue, window, first, women, base, first_birth, door, schooling, deprivation, moral, flags,
    street, rule, counts, flows, entrants, entrant_notes, n_entrants,
):  # fmt: skip
    """Let every youth of the places [lo, hi) live one month; integers out, so the order cannot matter.

    counts[place, band, sex, door] and flows[place, k] are overwritten; those who walk through the narco door are
    listed in entrants[place] with the door they came from and whether by force.
    """
    poorer = np.zeros(8, np.uint64)
    call = np.zeros(8, np.uint64)
    for p in range(lo, hi):
        n_new = 0
        counts[p] = 0
        flows[p] = 0
        for k in range(window[0], window[1]):
            age = month - first_birth - k
            band = _band(age)
            ends = _stage_ends(age)
            dropout = rule.call_dropout[band] * street.call_school[p]
            call[SCHOOL] = np.uint64(_ALWAYS if ends else _ALWAYS * dropout)
            call[FORMAL] = np.uint64(_ALWAYS * rule.call_formal * street.call_formal[p])
            call[INFORMAL] = np.uint64(_ALWAYS * rule.call_informal)
            call[HOME] = np.uint64(_ALWAYS * rule.call_home)
            call[IDLE] = np.uint64(_ALWAYS * rule.call_idle)
            steeper = 0.0 if ends else _ALWAYS * rule.call_dropout_poor[band] * street.call_school[p] / 255.0
            poorer[SCHOOL] = np.uint64(steeper)
            for man in range(2):
                if man == 1:
                    i0, i1 = first[p, k], women[p, k]
                else:
                    i0, i1 = women[p, k], first[p, k + 1]
                person = (base[p, k] + np.uint64(i0 - first[p, k])) * GOLDEN
                if age % 6 == 0:
                    for i in range(i0, i1):
                        schooling[i] += np.uint8(door[i] == SCHOOL)
                while i0 < i1:
                    stop = min(i0 + 255, i1)
                    packed = np.uint64(0)  # eight counters of a byte, one for each door
                    for i in range(i0, stop):
                        d = door[i]
                        bits = mix(key + person)
                        if (bits >> _S32) < call[d] + poorer[d] * np.uint64(deprivation[i]):
                            said = crossroads(
                                queue + person, bits, d, ends, age, man, schooling[i], deprivation[i], moral[i],
                                flags[i] & RECORD, p, street, rule,
                            )  # fmt: skip
                            d = np.uint8(said & 7)
                            _note(flows, p, said, man)
                            if d == CARTEL:
                                if n_new < entrants.shape[1]:
                                    entrants[p, n_new] = i
                                    entrant_notes[p, n_new] = door[i] | (8 if said & WAS_FORCED else 0)
                                n_new += 1
                            door[i] = d
                        packed += np.uint64(1) << (np.uint64(d) * np.uint64(8))
                        person += GOLDEN
                    for d in range(8):
                        counts[p, band, man, d] += np.int64((packed >> np.uint64(8 * d)) & np.uint64(255))
                    i0 = stop
        n_entrants[p] = n_new


@njit(inline="always")
def _note(flows, p, said, man):
    flows[p, 0] += 1
    flows[p, 1] += man
    for k in range(3):
        if said & (TRIED_SCHOOL << k):
            flows[p, 2 + k] += 1
        if said & (IN_SCHOOL << k):
            flows[p, 5 + k] += 1
    if said & SAW_NARCO:
        flows[p, 8] += 1


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
