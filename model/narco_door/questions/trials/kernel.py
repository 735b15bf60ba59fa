"""One compiled month of the lives of a trial."""

from __future__ import annotations

import numpy as np

from narco_door.base.ages import FORMAL_FROM, LAST_AGE
from narco_door.base.compiling import njit
from narco_door.base.doors import CARTEL, DEAD, FORMAL, IDLE, PRISON, SCHOOL
from narco_door.base.draws import GOLDEN, mix, unit
from narco_door.country.roll import BAND_OF, RECORD
from narco_door.inside.careers import fate
from narco_door.street.crossroads import CHOSEN, Street, crossroads, stage_month


@njit(inline="always")
def _corner(street, p, given):
    """The street of a place as somebody sees it who is given something."""
    transfers = street.transfers[p] if not given.transfers else np.float64(1.0)
    mentors = street.mentors[p] if not given.mentor else np.float64(1.0)
    return Street(
        street.width[p], street.belief[p], street.like[p], street.call[p], street.force[p], street.scholarships[p],
        transfers, mentors,  # type: ignore[arg-type]
        street.apprentices[p], street.outreach[p], street.lean[p],
    )  # fmt: skip


@njit(cache=True)
def live_a_month(
    month, key, queue, fates, place, birth, man, deprivation, moral, door, schooling, flags, since, entries,
    street, rule, hazards, given,
):  # fmt: skip
    """One month of every life: at the doors as on the roll, inside in the first room."""
    for j in range(place.size):
        d, age, p = door[j], month - birth[j], place[j]
        luck = np.uint64(j) * GOLDEN
        if d in (DEAD, PRISON) or age >= LAST_AGE:
            continue
        if d == CARTEL:
            leaving = hazards.leaving[p] + (hazards.leaving_early if month - since[j] < hazards.early_months else 0.0)
            leaving += hazards.let_go[0, p]
            death = (hazards.war[0, p] + hazards.strife[0, p]) * hazards.death_by_room[0]
            befalls = fate(unit(mix(fates + luck)), death, hazards.arrest[p] * hazards.arrest_by_room[0], leaving)
            if befalls == 1:
                door[j] = DEAD
            elif befalls == 2:
                door[j] = PRISON
                flags[j] |= np.uint8(RECORD)
            elif befalls == 3:
                door[j] = IDLE
            continue
        if age % 6 == 0 and d == SCHOOL:
            schooling[j] += np.uint8(1)
        if given.job and (d == SCHOOL or age >= FORMAL_FROM):
            if given.job_begins and d != SCHOOL:
                door[j] = FORMAL
            continue
        stage = stage_month(age, rule)
        ends = stage >= 0 and d == SCHOOL and moral[j] % rule.stage_months == stage
        called = rule.call[d] * street.call[p, d]
        if d == SCHOOL:
            band = BAND_OF[age]
            called = rule.call_dropout[band] + rule.call_dropout_poor[band] * deprivation[j] / 255.0
            called *= street.call[p, SCHOOL]
        bits = mix(key + luck)
        asked = (bits >> np.uint64(32)) * 2.0**-32 < called
        if not (asked or ends or (given.job_ends and d == FORMAL)):
            continue
        said = crossroads(
            queue + luck, bits, d, ends, age, man[j], schooling[j], deprivation[j], moral[j], flags[j] & RECORD,
            _corner(street, p, given), rule,
        )  # fmt: skip
        door[j] = np.uint8(said & CHOSEN)
        if door[j] == CARTEL:
            since[j] = month
            entries[j] += 1
