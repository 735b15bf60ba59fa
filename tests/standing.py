"""Youths of one kind at a crossroads, by the hundred thousand: what each does and reports."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from narco_door.base.ages import BANDS
from narco_door.base.doors import CARTEL, FORMAL, IDLE, INFORMAL, SCHOOL, names
from narco_door.base.draws import GOLDEN, Draws, mix
from narco_door.street.choice import make_rule
from narco_door.street.crossroads import CHOSEN, Rule, Street, corner, crossroads
from worlds import plan

N = 200_000
KEY = Draws(11).key("a test at the crossroads")
NINE_YEARS = 18  # half-years: the schooling at which chances and pay are the reference
WOMAN, MAN = 0, 1


@njit
def _stand(key, n, door, stage_end, age, man, schooling, deprivation, moral, record, street, rule, out):  # type: ignore[no-untyped-def]
    for i in range(n):
        person = np.uint64(i) * GOLDEN
        bits = mix(key + person)
        out[i] = crossroads(
            person, bits, door, stage_end, age, man, schooling, deprivation, moral, record, corner(street, 0), rule
        )


RULE = make_rule(plan().parameters, plan(off=["young_sought"]).switches)._replace(
    like_home=np.array([1.5, 0.4]), offers_by_sex=np.array([0.3, 1.0]), like_under15=2.0, like_staying=1.7,
    like_returning=0.6, like_informal_minor=0.5, record_penalty=0.4, mentor_resist=0.5, mentor_belief=0.2,
    chance_formal=np.linspace(0.5, 1.92, 256), poor_line=128.0, barrier=np.linspace(1.0, 0.1, 256),
    barrier_half=np.linspace(1.0, 0.5, 256), learn_formal=np.full(256, 1.2), learn_informal=np.full(256, 0.9),
    resist=np.linspace(3.0, 0.2, 256), offers_stage_end=1.0, like_school=np.ones(2), like_home_minor=1.0, plain=np.zeros(0, np.int64),  # the drawing's own doors alone
)  # fmt: skip
OPEN = {
    "width_school": 1.0, "width_formal": 1.0, "width_informal": 1.0, "width_narco": 1.0,
    "belief_school": 1.0, "belief_formal": 1.0, "belief_informal": 1.0,
    "like_school": 2.0, "like_formal": 1.3, "like_informal": 1.1, "like_narco": 0.7, "force": 0.0,
    "scholarships": 0.0, "transfers": 0.0, "mentors": 0.0, "apprentices": 0.0, "outreach": 0.0, "call_school": 1.0, "call_formal": 1.0,
}  # fmt: skip


_DOORS = {"school": SCHOOL, "formal": FORMAL, "informal": INFORMAL, "narco": CARTEL}


def street_of(seen: dict[str, float]) -> Street:
    """The street of one place from plain names: `width_school` is the width of that door."""
    doors = {what: np.ones((1, len(names()))) for what in ("width", "belief", "like", "call")}
    rest = {}
    for name, value in seen.items():
        what, _, door = name.partition("_")
        if door in _DOORS:
            doors[what][0, _DOORS[door]] = value
        else:
            rest[name] = np.array([value])
    lean = np.full((1, len(BANDS), 2, len(names())), rest.pop("lean", 1.0))
    return Street(**doors, **rest, lean=lean)


def stand(
    *, door: int = IDLE, stage_end: bool = False, age: float = 20, man: int = MAN, schooling: int = NINE_YEARS,
    deprivation: int = 60, moral: int = 90, record: int = 0, rule: Rule = RULE, n: int = N, **street: float,
) -> NDArray[np.int64]:  # fmt: skip
    """What `n` youths of one kind do and report, int64[n]; who they are and their luck never changes."""
    out = np.zeros(n, np.int64)
    seen = street_of({**OPEN, **street})
    _stand(KEY, n, door, stage_end, round(age * 12), man, schooling, deprivation, moral, record, seen, rule, out)
    return out


def chosen(**who: Any) -> NDArray[np.int64]:
    """The door that each takes."""
    return stand(**who) & CHOSEN
