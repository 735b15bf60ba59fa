"""The rule for one youth at a crossroads, and the compiled walk along the roll.

`crossroads` is written for one person and reads like the metaphor: look at each door, try those believed in, keep
those that let you in, walk through the one liked best.  numba compiles it; with NUMBA_DISABLE_JIT=1 the same code
runs in a debugger.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from narco_door.base.ages import (
    ADULT,
    COMPULSORY_UNTIL,
    FORMAL_FROM,
    INFORMAL_FROM,
    SCHOLARSHIPS,
    TRANSFERS,
)
from narco_door.base.arrays import F8, I8
from narco_door.base.compiling import WITHOUT_REFERENCES, njit
from narco_door.base.doors import CARTEL, FORMAL, HOME, IDLE, INFORMAL, SCHOOL
from narco_door.base.draws import GOLDEN, high, low, mix, salt, unit
from narco_door.country.roll import BAND_OF, RECORD

# draws of one crossroads, one odd constant each; the luck of the person and month is mixed with it
_AT_REST, _AT_SCHOOL, _AT_FORMAL, _AT_INFORMAL, _AT_NARCO, _QUEUE, _MENTOR, _CASH = (salt(k) for k in range(1, 9))
_AT_PLAIN = np.array([salt(100 + k) for k in range(16)])  # doors that ask for nothing but an age, by number
ALWAYS = 2.0**32  # a call that everybody hears
_S32 = np.uint64(32)

# What a crossroads reports in one number: the chosen door in the lowest four bits, then how the narco door was met;
# from bit 8 on a bit for each door that was tried, from bit 24 on one for each that let in.
CHOSEN, SAW_NARCO, WAS_FORCED = 15, 16, 32
_TRIED, _LET_IN = 8, 24

FLOWS = ("crossroads", "crossroads_m", "offers", "sought", "sought_minor", "ends", "offers_minor")
"""What a walk counts of each place besides who tried which door: youths and men at a crossroads, offers; men weighed
by how much recruiters look for them, in thousandths, and the boys among them; pupils whose stage ends; offers to
minors."""
PARTS = 1000  # in how many parts a man at a crossroads is weighed


def tried(door: int) -> int:
    """The bit of a report that says that a door was tried."""
    return 1 << (_TRIED + door)


def let_in(door: int) -> int:
    """The bit of a report that says that a door let in."""
    return 1 << (_LET_IN + door)


class Street(NamedTuple):
    """What a youth sees from the crossroads of a place this month; doors by number, in one place without its axis."""

    width: F8  # [place, door] chance that who tries is let in; of the narco door, that an offer comes
    belief: F8  # [place, door] what youths take that chance for
    like: F8  # [place, door] exp of the utility that all youths of the place share
    call: F8  # [place, door] multiplier of the hazard to be called to a crossroads
    force: F8  # [place] chance at a crossroads to be taken by force
    scholarships: F8  # [place] chance that a poor pupil holds one
    transfers: F8  # [place] chance that a poor family of a pupil receives them
    mentors: F8  # [place] chance that a youth at a crossroads has a mentor
    apprentices: F8  # [place] share of the formal jobs that are apprenticeships
    outreach: F8  # [place] offers that outreach prevents, over those that are left
    lean: F8  # [place, band, sex, door] how much likelier than by lottery these three reach a youth


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
    call: F8  # [door] hazard to be called to a crossroads, pupils' apart
    plain: I8  # numbers of the doors that ask for nothing but an age
    ages: I8  # [door, 2] ages at which each can be tried, from and up to
    like_school: F8  # [2] women, men
    like_home_minor: float  # relative to adults
    offers_by_age: F8  # [month of age] relative to an adult whom recruiters do not look for in particular
    offers_stage_end: float  # the same of a pupil whose stage ends
    stages: I8  # ages at which stages of school end
    stage_months: int  # over how many months of age from then on pupils' ends are spread, by rank of resistance
    school_until: int  # age from which nobody enters school


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
    """The street as it is seen in one place: the same fields without the axis of places."""
    return Street(
        street.width[p], street.belief[p], street.like[p], street.call[p],
        street.force[p], street.scholarships[p], street.transfers[p], street.mentors[p],
        street.apprentices[p], street.outreach[p], street.lean[p],
    )  # fmt: skip


@njit(inline="always")
def crossroads(person, bits, door, stage_end, age, man, schooling, deprivation, moral, record, here, rule):
    """Which door one youth walks through this month, with what was tried on the way packed above it.

    Each door has luck of its own, so that to open or close one changes nobody who would not have taken it.
    """
    heard = 0
    # the corner and the home are open to all: one race between the two
    draw = mix(bits + _AT_REST)
    home = rule.like_home[man] * (rule.like_home_minor if age < ADULT else 1.0)
    like = 1.0 + home
    time = _effort(draw)
    best = HOME if high(draw) * like < home else IDLE
    lean = here.lean[BAND_OF[age], man, door]
    mentor = INFORMAL <= door <= IDLE and _held(person, _MENTOR, here.mentors * lean)
    lift = rule.mentor_belief if mentor else 0.0

    if age < rule.school_until:  # a pupil in mid-stage and a child under 15 have their seat
        draw = mix(bits + _AT_SCHOOL)
        stays = door == SCHOOL
        seated = age < COMPULSORY_UNTIL or (stays and not stage_end)
        belief = 1.0 if seated else min(here.belief[SCHOOL] + lift, 1.0)
        if high(draw) < belief:
            if not seated:
                heard |= 1 << (_TRIED + SCHOOL)
            if seated or high(draw) < belief * here.width[SCHOOL]:
                if not seated:
                    heard |= 1 << (_LET_IN + SCHOOL)
                this = here.like[SCHOOL] * rule.like_school[man]
                this *= rule.like_staying if stays else rule.like_returning
                if age < COMPULSORY_UNTIL:
                    this *= rule.like_under15
                poor = deprivation >= rule.poor_line
                in_age = SCHOLARSHIPS[0] <= age < SCHOLARSHIPS[1]
                if not (poor and in_age and _held(person, _QUEUE, here.scholarships)):
                    got = poor and age < TRANSFERS[1] and _held(person, _CASH, here.transfers)
                    this *= rule.barrier_half[deprivation] if got else rule.barrier[deprivation]
                effort = _effort(draw)
                if effort * like < time * this:
                    best, time, like = SCHOOL, effort, this

    if age >= FORMAL_FROM:
        draw = mix(bits + _AT_FORMAL)
        belief = min(here.belief[FORMAL] + lift, 1.0)
        if high(draw) < belief:
            heard |= 1 << (_TRIED + FORMAL)
            chance = belief * here.width[FORMAL] * rule.chance_formal[schooling]
            chance *= 1.0 + here.apprentices * (lean - 1.0)
            if high(draw) < (chance * rule.record_penalty if record else chance):
                heard |= 1 << (_LET_IN + FORMAL)
                this = here.like[FORMAL] * rule.learn_formal[schooling]
                if deprivation >= rule.poor_line and _held(person, _CASH, here.transfers):
                    this *= rule.keep_formal[schooling]
                effort = _effort(draw)
                if effort * like < time * this:
                    best, time, like = FORMAL, effort, this

    if age >= INFORMAL_FROM:
        draw = mix(bits + _AT_INFORMAL)
        belief = here.belief[INFORMAL]
        if high(draw) < belief:
            heard |= 1 << (_TRIED + INFORMAL)
            if high(draw) < belief * here.width[INFORMAL]:
                heard |= 1 << (_LET_IN + INFORMAL)
                this = here.like[INFORMAL] * rule.learn_informal[schooling]
                if age < ADULT:
                    this *= rule.like_informal_minor
                effort = _effort(draw)
                if effort * like < time * this:
                    best, time, like = INFORMAL, effort, this

    for plain in rule.plain:  # doors that ask for nothing but an age
        if rule.ages[plain, 0] <= age < rule.ages[plain, 1]:
            draw = mix(bits + _AT_PLAIN[plain])
            belief = here.belief[plain]
            if high(draw) < belief:
                heard |= 1 << (_TRIED + plain)
                if high(draw) < belief * here.width[plain]:
                    heard |= 1 << (_LET_IN + plain)
                    this, effort = here.like[plain], _effort(draw)
                    if effort * like < time * this:
                        best, time, like = plain, effort, this

    draw = mix(bits + _AT_NARCO)
    offers = rule.offers_by_sex[man] * rule.offers_by_age[age] * (1.0 - here.outreach * (lean - 1.0))
    if stage_end:
        offers *= rule.offers_stage_end
    if age < ADULT:
        offers *= rule.offers_minor
    if high(draw) < here.width[CARTEL] * offers:
        heard |= SAW_NARCO
        this = here.like[CARTEL] * rule.resist[moral]
        if mentor:
            this *= rule.mentor_resist
        if _effort(draw) * like < time * this:
            best = CARTEL
    elif high(draw) > 1.0 - here.force * offers:
        best = CARTEL
        heard |= WAS_FORCED
    return best | heard


@njit(inline="always")
def stage_month(age, rule):
    """The month of a stage's end in which pupils of this age are, counted from 0; -1 in mid-stage."""
    for end in rule.stages:
        if end <= age < end + rule.stage_months:
            return age - end
    return -1


@njit(inline="always")
def _note(flow, report, said, sought, minor, ends, man, plain):
    """Count what a crossroads reports; without branches, since luck cannot be foreseen."""
    flow[0] += 1
    flow[1] += man
    flow[2] += (said >> 4) & 1
    flow[3] += sought
    flow[4] += sought * minor
    flow[5] += ends
    flow[6] += ((said >> 4) & 1) * minor
    for d in range(3):  # school, formal, informal: a number known beforehand is compiled without a loop
        report[0, d] += (said >> (_TRIED + d)) & 1
        report[1, d] += (said >> (_LET_IN + d)) & 1
    for d in plain:
        report[0, d] += (said >> (_TRIED + d)) & 1
        report[1, d] += (said >> (_LET_IN + d)) & 1


@njit(cache=True, nogil=True, **WITHOUT_REFERENCES)  # counted at every crossroads, they took a third of its time
def walk(
    lo, hi, month, key, queue, window, first, women, base, first_birth, door, schooling, deprivation, moral, flags,
    tally, street, rule, calls, flows, reports, entrants, entrant_notes, n_entrants,
):  # fmt: skip
    """Let every youth of the places [lo, hi) live one month; integers out, so the order cannot matter.

    `door` and `tally` move on.  flows[place, k] and reports[place, tried or let in, door] are overwritten; those who
    walk through the narco door are listed in entrants[place] with the door they came from and whether by force.
    Who draws less than calls[place, door], of 2**32, comes to a crossroads; that of pupils is told here, by age.
    Nothing is allocated: memory is the caller's.
    """
    for p in range(lo, hi):
        n_new = 0
        flows[p], reports[p] = 0, 0
        flow, report = flows[p], reports[p]
        here, call = corner(street, p), calls[p]
        for k in range(window[0], window[1]):
            age = month - first_birth - k
            stage, band, minor = stage_month(age, rule), BAND_OF[age], np.int64(age < ADULT)
            sought = np.int64(np.rint(PARTS * rule.offers_by_age[age]))
            sought_end = np.int64(np.rint(PARTS * rule.offers_by_age[age] * rule.offers_stage_end))
            dropout = ALWAYS * rule.call_dropout[band] * here.call[SCHOOL]
            steeper = ALWAYS * rule.call_dropout_poor[band] * here.call[SCHOOL] / 255.0
            call[SCHOOL] = np.uint64(dropout + 255.0 * steeper)  # of the poorest; the others are looked at again
            leave, leave_poorer = np.uint64(dropout), np.uint64(steeper)
            i, end, woman = np.uint64(first[p, k]), np.uint64(first[p, k + 1]), np.uint64(women[p, k])
            if age % 6 == 0:
                for j in range(i, end):
                    schooling[j] += np.uint8(door[j] == SCHOOL)
            person = key + base[p, k] * GOLDEN
            for j in range(i, end):
                d = door[j]
                bits = mix(person)
                draw = bits >> _S32
                ends = stage >= 0 and d == SCHOOL and moral[j] % rule.stage_months == stage
                if ends or (
                    draw < call[d] and (d != SCHOOL or draw < leave + leave_poorer * np.uint64(deprivation[j]))
                ):
                    man = int(j < woman)
                    said = crossroads(
                        queue + (person - key), bits, d, ends, age, man, schooling[j], deprivation[j], moral[j],
                        flags[j] & RECORD, here, rule,
                    )  # fmt: skip
                    weighed = man * (sought_end if ends else sought)
                    _note(flow, report, said, weighed, minor, np.int64(ends), man, rule.plain)
                    best = np.uint8(said & CHOSEN)
                    if best == CARTEL:
                        if n_new < entrants.shape[1]:
                            entrants[p, n_new] = j
                            entrant_notes[p, n_new] = d | (said & WAS_FORCED)
                        n_new += 1
                    tally[p, k, man, d] -= 1
                    tally[p, k, man, best] += 1
                    door[j] = best
                person += GOLDEN
        n_entrants[p] = n_new


def empty_entrants(places: int, capacity: int) -> tuple[NDArray[Any], ...]:
    """Room for the month's entrants of each place: rows, notes, numbers."""
    return (
        np.zeros((places, capacity), np.int64),
        np.zeros((places, capacity), np.uint8),
        np.zeros(places, np.int64),
    )
