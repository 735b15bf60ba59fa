"""The rule for one youth at a crossroads, against its closed form.

Each door has its own race against time, so the rule is a logit over the doors that are believed in and let in.
LEVEL is the chance that one chi-square verdict fails for a right rule and a key drawn anew; there are about 20.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from math import prod
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from narco_door.base.doors import CARTEL, FORMAL, HOME, IDLE, INFORMAL, SCHOOL
from narco_door.street.choice import narco_liking
from narco_door.street.crossroads import (
    SAW_NARCO,
    WAS_FORCED,
    let_in,
    tried,
)  # fmt: skip
from standing import MAN, NINE_YEARS, OPEN, RULE, WOMAN, N, chosen, stand
from verdicts import beyond, chi_square_score
from worlds import plan

LEVEL = 1e-6
LIMIT = beyond(LEVEL)
ALL_AT_REST = {SCHOOL, FORMAL, INFORMAL, HOME, IDLE}


def logit(likes: Mapping[int, float], chances: Mapping[int, float]) -> NDArray[np.float64]:
    """Closed form: shares of the doors if each is open with its chance, a logit over those that are."""
    shares = np.zeros(8)
    uncertain = [door for door in likes if chances.get(door, 1.0) < 1.0]
    for opened in product((False, True), repeat=len(uncertain)):
        shut = {door for door, is_open in zip(uncertain, opened, strict=True) if not is_open}
        weight = prod(1.0 - chances[door] if door in shut else chances[door] for door in uncertain)
        total = sum(like for door, like in likes.items() if door not in shut)
        for door, like in likes.items():
            shares[door] += 0.0 if door in shut else weight * like / total
    return shares


def fits(choices: NDArray[np.int64], likes: Mapping[int, float], chances: Mapping[int, float] | None = None) -> bool:
    """Whether the choices follow the closed form."""
    expected = logit(likes, chances or {}) * choices.size
    return chi_square_score(np.bincount(choices, minlength=8), expected) < LIMIT


BASE_LIKES = {
    IDLE: 1.0, HOME: RULE.like_home[MAN], SCHOOL: 2.0 * RULE.like_returning * RULE.barrier[60],
    FORMAL: 1.3 * 1.2, INFORMAL: 1.1 * 0.9, CARTEL: 0.7 * RULE.resist[90],
}  # fmt: skip
REFERENCE_CHANCE = float(RULE.chance_formal[NINE_YEARS])


# the closed form ----------------------------------------------------------------------------------------------------


def test_all_doors_open_is_a_logit() -> None:
    rule = RULE._replace(chance_formal=np.ones(256))
    assert fits(chosen(rule=rule), BASE_LIKES)


def test_doors_ajar_are_a_logit_over_those_that_open() -> None:
    ajar: dict[str, Any] = {
        "width_school": 0.5,
        "belief_school": 0.6,
        "width_formal": 0.3,
        "width_informal": 0.7,
        "width_narco": 0.2,
    }
    chances = {SCHOOL: 0.3, FORMAL: 0.3 * REFERENCE_CHANCE, INFORMAL: 0.7, CARTEL: 0.2}
    assert fits(chosen(**ajar), BASE_LIKES, chances)


def test_a_woman_gets_fewer_offers_and_has_a_home() -> None:
    likes = {**BASE_LIKES, HOME: RULE.like_home[WOMAN]}
    rule = RULE._replace(chance_formal=np.ones(256))
    assert fits(chosen(man=WOMAN, rule=rule), likes, {CARTEL: 0.3})


def test_a_minor_likes_informal_work_less() -> None:
    likes = {**BASE_LIKES, INFORMAL: BASE_LIKES[INFORMAL] * RULE.like_informal_minor}
    assert fits(chosen(age=17), likes, {FORMAL: REFERENCE_CHANCE})


def test_a_child_of_14_at_school_has_a_seat_and_likes_it() -> None:
    likes = {**BASE_LIKES, SCHOOL: 2.0 * RULE.like_staying * RULE.like_under15 * RULE.barrier[60]}
    likes[INFORMAL] *= RULE.like_informal_minor
    del likes[FORMAL]
    assert fits(chosen(age=14, door=SCHOOL, width_school=0.0, belief_school=0.0), likes)


def test_a_pupil_at_a_stage_end_must_be_let_in_again() -> None:
    likes = {**BASE_LIKES, SCHOOL: 2.0 * RULE.like_staying * RULE.barrier[60]}
    chances = {SCHOOL: 0.4, FORMAL: REFERENCE_CHANCE}
    assert fits(chosen(age=18, door=SCHOOL, stage_end=True, width_school=0.4), likes, chances)


@pytest.mark.parametrize(("deprivation", "holds"), [(127, False), (128, True), (255, True)])
def test_a_scholarship_takes_the_barrier_from_the_poor_alone(deprivation: int, holds: bool) -> None:
    barrier = 1.0 if holds else RULE.barrier[deprivation]
    likes = {**BASE_LIKES, SCHOOL: 2.0 * RULE.like_returning * barrier}
    choices = chosen(deprivation=deprivation, scholarships=1.0)
    assert fits(choices, likes, {FORMAL: REFERENCE_CHANCE})


@pytest.mark.parametrize(("deprivation", "age", "holds"), [(127, 16, False), (200, 16, True), (200, 18, False)])
def test_a_transfer_takes_part_of_the_barrier_from_poor_minors(deprivation: int, age: int, holds: bool) -> None:
    barrier = RULE.barrier_half[deprivation] if holds else RULE.barrier[deprivation]
    likes = {**BASE_LIKES, SCHOOL: 2.0 * RULE.like_returning * barrier}
    if age < 18:
        likes[INFORMAL] *= RULE.like_informal_minor
    choices = chosen(deprivation=deprivation, age=age, transfers=1.0)
    assert fits(choices, likes, {FORMAL: REFERENCE_CHANCE})


@pytest.mark.parametrize("age", [13, 23])
def test_nobody_holds_a_scholarship_that_is_not_paid_for(age: int) -> None:
    without, given = chosen(age=age, deprivation=200), chosen(age=age, deprivation=200, scholarships=1.0)
    assert (without == given).all()


def test_to_keep_a_seat_is_not_to_try_the_door() -> None:
    for pupil in ({"age": 13}, {"age": 17, "door": SCHOOL}):
        assert not (stand(width_school=0.1, belief_school=0.5, **pupil) & tried(SCHOOL)).any()  # type: ignore[arg-type]


def test_programmes_reach_the_share_of_youths_that_they_cover() -> None:
    likes = {**BASE_LIKES, SCHOOL: 2.0 * RULE.like_returning * RULE.barrier[200]}
    free = {**likes, SCHOOL: 2.0 * RULE.like_returning}
    chances = {FORMAL: REFERENCE_CHANCE}
    expected = 0.3 * logit(free, chances) + 0.7 * logit(likes, chances)
    counts = np.bincount(chosen(deprivation=200, scholarships=0.3), minlength=8)
    assert chi_square_score(counts, expected * N) < LIMIT


def test_a_mentor_raises_resistance_and_belief() -> None:
    likes = {**BASE_LIKES, CARTEL: BASE_LIKES[CARTEL] * RULE.mentor_resist}
    chances = {SCHOOL: 0.5 + RULE.mentor_belief, FORMAL: (0.2 + RULE.mentor_belief) * REFERENCE_CHANCE}
    assert fits(chosen(mentors=1.0, belief_school=0.5, belief_formal=0.2), likes, chances)


@pytest.mark.parametrize("schooling", [0, NINE_YEARS, 30])
def test_schooling_and_a_record_change_the_chance_of_a_job(schooling: int) -> None:
    chance = 0.5 * float(RULE.chance_formal[schooling])
    assert fits(chosen(schooling=schooling, width_formal=0.5), BASE_LIKES, {FORMAL: chance})
    penalty = RULE.record_penalty
    assert fits(chosen(schooling=schooling, width_formal=0.5, record=1), BASE_LIKES, {FORMAL: chance * penalty})


def test_force_takes_its_share_of_those_without_an_offer() -> None:
    said = stand(width_narco=0.3, force=0.05)
    forced = said & WAS_FORCED > 0
    saw = said & SAW_NARCO > 0
    assert not (forced & saw).any()
    assert (said[forced] & 7 == CARTEL).all()
    shares = np.array([0.3, 0.05, 0.65]) * N
    assert chi_square_score(np.array([saw.sum(), forced.sum(), N - (saw | forced).sum()]), shares) < LIMIT
    fewer = stand(width_narco=0.3, force=0.05, man=WOMAN) & WAS_FORCED > 0
    assert chi_square_score(np.array([fewer.sum(), N - fewer.sum()]), np.array([0.015, 0.985]) * N) < LIMIT


def test_what_was_tried_is_told() -> None:
    ajar: dict[str, Any] = {
        "belief_school": 0.4,
        "width_school": 0.5,
        "belief_formal": 0.3,
        "width_formal": 0.2,
        "belief_informal": 0.6,
    }
    said = stand(**ajar)
    told = {
        tried(SCHOOL): 0.4,
        let_in(SCHOOL): 0.2,
        tried(FORMAL): 0.3,
        let_in(FORMAL): 0.06 * REFERENCE_CHANCE,
        tried(INFORMAL): 0.6,
    }
    for bit, chance in told.items():
        yes = int((said & bit > 0).sum())
        assert abs(chi_square_score(np.array([yes, N - yes]), np.array([chance, 1 - chance]) * N)) < LIMIT
    for door in (SCHOOL, FORMAL, INFORMAL):
        assert (said[said & 7 == door] & let_in(door) > 0).all()
        assert (said[said & let_in(door) > 0] & tried(door) > 0).all()


# how much the narco door is liked ------------------------------------------------------------------------------------


def liking(*off: str, pay: float = 1.0, promise: float = 0.0, risk: float = 0.0, peers: float = 0.0) -> float:
    """The liking of the narco door with plain numbers."""
    given = {
        "value_narco": 0.3, "moral_cost": 2.0, "income_weight": 1.5, "promise_weight": 0.8, "risk_weight": 10.0,
        "myopia": 0.7, "peer_weight": 20.0,
    }  # fmt: skip
    scenario = plan(numbers=given, off=off)
    seen = [np.array([value]) for value in (pay, promise, risk, peers)]
    return float(
        narco_liking(scenario.parameters, scenario.switches, pay=seen[0], promise=seen[1], risk=seen[2], peers=seen[3])[
            0
        ]
    )


def test_the_liking_of_the_narco_door_has_its_closed_form() -> None:
    least = np.exp(0.3 - 2.0)
    assert liking() == pytest.approx(least)
    assert liking(pay=1.6) == pytest.approx(least * 1.6**1.5)
    assert liking(promise=0.5) == pytest.approx(least * np.exp(0.4))
    assert liking(risk=0.1) == pytest.approx(least * np.exp(-0.3))  # three tenths of the risk are seen
    assert liking("myopia", risk=0.1) == pytest.approx(least * np.exp(-1.0))
    assert liking(peers=0.02) == pytest.approx(least * np.exp(0.4))
    assert liking("peers", peers=0.02) == pytest.approx(least)


# doors that are shut ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("man", [WOMAN, MAN])
@pytest.mark.parametrize("age", [12, 15, 17, 22, 29])
@pytest.mark.parametrize(
    ("door", "shut"),
    [
        (SCHOOL, {"width_school": 0.0}), (SCHOOL, {"belief_school": 0.0}),
        (FORMAL, {"width_formal": 0.0}), (FORMAL, {"belief_formal": 0.0}),
        (INFORMAL, {"width_informal": 0.0}), (INFORMAL, {"belief_informal": 0.0}),
        (CARTEL, {"width_narco": 0.0}),
    ],
)  # fmt: skip
def test_a_shut_door_is_never_taken(door: int, shut: dict[str, float], age: int, man: int) -> None:
    liked = {"like_school": 50.0, "like_formal": 50.0, "like_informal": 50.0, "like_narco": 50.0}
    choices = chosen(age=age, man=man, **liked, **shut)
    if door == SCHOOL and age < 15:
        assert (choices == SCHOOL).any()  # a child has a seat, whatever the place offers
    else:
        assert not (choices == door).any()


def test_all_doors_shut_leaves_the_home_and_the_corner() -> None:
    shut = {f"width_{door}": 0.0 for door in ("school", "formal", "informal", "narco")}
    assert fits(chosen(**shut), {IDLE: 1.0, HOME: RULE.like_home[MAN]})
    assert fits(chosen(man=WOMAN, **shut), {IDLE: 1.0, HOME: RULE.like_home[WOMAN]})


@pytest.mark.parametrize(
    ("age", "possible"),
    [
        (12, {SCHOOL, HOME, IDLE, CARTEL}),
        (14 - 1 / 12, {SCHOOL, HOME, IDLE, CARTEL}),
        (14, {SCHOOL, INFORMAL, HOME, IDLE, CARTEL}),
        (16 - 1 / 12, {SCHOOL, INFORMAL, HOME, IDLE, CARTEL}),
        (16, ALL_AT_REST | {CARTEL}),
        (25 - 1 / 12, ALL_AT_REST | {CARTEL}),
        (25, ALL_AT_REST | {CARTEL}),
        (30 - 1 / 12, ALL_AT_REST | {CARTEL}),
    ],
)
def test_which_doors_an_age_can_see(age: float, possible: set[int]) -> None:
    for door in (SCHOOL, IDLE):
        assert set(np.unique(chosen(age=age, door=door)).tolist()) == possible


def test_without_school_years_nobody_studies_from_25_on() -> None:
    old = RULE._replace(school_until=25 * 12)
    for age, studies in ((25 - 1 / 12, True), (25, False)):
        assert bool((chosen(age=age, door=SCHOOL, rule=old) == SCHOOL).any()) == studies


def test_a_pupil_in_mid_stage_keeps_the_seat() -> None:
    blocked = {"width_school": 0.0, "belief_school": 0.0, "like_school": 1e9}
    assert (chosen(age=17, door=SCHOOL, **blocked) == SCHOOL).all()
    assert not (chosen(age=18, door=SCHOOL, stage_end=True, **blocked) == SCHOOL).any()
    assert not (chosen(age=17, door=IDLE, **blocked) == SCHOOL).any()


# one door alone -----------------------------------------------------------------------------------------------------

NARROWER = [
    (SCHOOL, "width_school"), (SCHOOL, "belief_school"), (FORMAL, "width_formal"), (FORMAL, "belief_formal"),
    (INFORMAL, "width_informal"), (INFORMAL, "belief_informal"), (CARTEL, "width_narco"), (CARTEL, "force"),
    (SCHOOL, "like_school"), (FORMAL, "like_formal"), (INFORMAL, "like_informal"), (CARTEL, "like_narco"),
]  # fmt: skip
HALF_OPEN = {name: 0.8 for name in OPEN if name.startswith(("width", "belief"))} | {"force": 0.1}


@pytest.mark.parametrize(("door", "what"), NARROWER)
def test_to_narrow_a_door_changes_only_those_who_would_have_taken_it(door: int, what: str) -> None:
    wide = {**OPEN, **HALF_OPEN}
    before, after = chosen(**wide), chosen(**{**wide, what: wide[what] / 2})
    moved = before != after
    assert moved.any()
    assert (before[moved] == door).all()
    assert not (after[moved] == door).any()
    assert (before == door).sum() - (after == door).sum() == moved.sum()


@pytest.mark.parametrize(("door", "what"), NARROWER)
def test_to_close_a_door_moves_exactly_those_who_took_it(door: int, what: str) -> None:
    wide = {**OPEN, **HALF_OPEN, "width_narco": 0.0 if what == "force" else 0.8, "force": 0.1 * (what == "force")}
    before, after = chosen(**wide), chosen(**{**wide, what: 0.0})
    assert ((before != after) == (before == door)).all()


def test_a_programme_moves_youths_only_towards_school() -> None:
    for programme in ("scholarships", "transfers"):
        before = chosen(age=17, deprivation=200)
        some = chosen(age=17, deprivation=200, **{programme: 0.3})
        more = chosen(age=17, deprivation=200, **{programme: 0.9})
        assert (some[some != before] == SCHOOL).all()
        assert (more[more != some] == SCHOOL).all()
        assert (more == SCHOOL).sum() > (some == SCHOOL).sum() > (before == SCHOOL).sum()


@pytest.mark.parametrize(
    ("let_in", "tried", "door"), [(let_in(SCHOOL), tried(SCHOOL), "school"), (let_in(FORMAL), tried(FORMAL), "formal")]
)
def test_a_mentor_makes_no_door_wider_than_it_is(let_in: int, tried: int, door: str) -> None:
    rule = RULE._replace(chance_formal=np.ones(256))
    half: dict[str, Any] = {f"belief_{door}": 1.0, f"width_{door}": 0.5}
    said = stand(rule=rule, mentors=1.0, **half)
    assert (said & tried > 0).all()
    through = int((said & let_in > 0).sum())
    assert abs(chi_square_score(np.array([through, N - through]), np.array([N / 2, N / 2]))) < LIMIT


def test_who_holds_one_programme_says_nothing_of_who_holds_another() -> None:
    def barred(**street: float) -> NDArray[np.bool_]:
        """Who takes school only because of the programme: holders, since nothing else draws them there."""
        rule = RULE._replace(barrier=np.full(256, 1e-12), barrier_half=np.ones(256))
        return np.asarray(chosen(age=17, deprivation=200, rule=rule, like_school=1e6, **street) == SCHOOL)

    scholars, families = barred(scholarships=0.5), barred(transfers=0.5)
    table = np.histogram2d(scholars, families, bins=2)[0]
    assert chi_square_score(table, np.full((2, 2), N / 4)) < LIMIT
    for lag in range(1, 6):  # nor of a neighbour on the roll
        table = np.histogram2d(scholars[lag:], families[:-lag], bins=2)[0]
        assert chi_square_score(table, np.full((2, 2), (N - lag) / 4)) < LIMIT
        table = np.histogram2d(scholars[:-lag], families[lag:], bins=2)[0]
        assert chi_square_score(table, np.full((2, 2), (N - lag) / 4)) < LIMIT
