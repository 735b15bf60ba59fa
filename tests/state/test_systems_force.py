"""Soldiers, guns, purges, minors, cohorts, cut-offs: closed forms, limits; officers and offers are only moved."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narco_door.base.declared import levers
from narco_door.base.doors import FORMAL, INFORMAL
from narco_door.base.remembered import Laws
from narco_door.country.births import grown
from narco_door.country.places import load_places
from narco_door.country.roll import Roll, build_roll
from narco_door.inside.careers import Hazards, prison_terms
from narco_door.month import careers
from narco_door.month.decree import decree
from narco_door.month.disburse import Paid, disburse
from narco_door.month.model import NarcoDoor
from narco_door.month.recruit import recruit
from narco_door.state import army
from narco_door.state import police as purge
from narco_door.street import formality, minors
from narco_door.street.choice import make_rule
from standing import OPEN, RULE, chosen, stand
from worlds import STORM, lived, plan

PARAMETERS = plan().parameters
NUMBERS = PARAMETERS.plain()
MEXICO = load_places()
SPAN = "2007-03..2026-12"
LIGHT = f"law.juvenile_ratio@{SPAN}=0.1"
ALWAYS = settings(max_examples=60, deadline=None)
SHARES = st.lists(st.floats(0.01, 0.99), min_size=32, max_size=32).map(np.array)
OFFICERS = MEXICO.police_per_1000 * MEXICO.population(24084) / 1000.0


def world(*sets: str, until: str = "2008-12", **numbers: float) -> NarcoDoor:
    return lived(plan(*sets, until=until, numbers=numbers))


def hazards(model: NarcoDoor, law: Laws, paid: Paid) -> Hazards:
    """What threatens members this month."""
    return careers._hazards(model.world, law, paid, model.world.cartels.held.sum(axis=0))


# the army -----------------------------------------------------------------------------------------------------------


def test_soldiers_count_as_officers_of_a_force_that_nobody_buys() -> None:
    base, bought = np.full(3, 1000.0), np.array([0.0, 500.0, 1000.0])
    numbers = {"arrest_by_officers": 0.5, "soldier_arrests": 0.5}
    effort = army.arrests(bought, officers=base, base=base, honest=0.8, numbers=numbers)
    assert effort == pytest.approx((np.sqrt([1.0, 1.25, 1.5]) - 1.0) / 0.8)


def test_where_every_officer_is_bought_only_soldiers_arrest() -> None:
    model = NarcoDoor(plan(f"add.army@{SPAN}=3000", until="2007-12"))
    for _ in range(6):
        model.step()
    model.world.corruption_and_fear.corruption[:] = 1.0
    law = decree(model.world)
    paid = disburse(model.world, law)
    assert (hazards(model, law, paid).arrest[paid.soldiers > 0] > 0).all()
    assert not hazards(model, law, replace(paid, soldiers=np.zeros(32))).arrest.any()


def test_pay_makes_soldiers_dearer_and_stronger() -> None:
    cost = levers()["army"].unit_cost
    assert army.soldiers(np.array([1000.0]), 365.0)[0] == 1000.0
    assert army.soldiers(np.array([1000.0]), 365.0 + cost / 12.0)[0] == pytest.approx(500.0)
    assert army.strength(365.0, NUMBERS) == 1.0
    assert army.strength(730.0, {"soldier_strength": 0.3}) == pytest.approx(2.0**0.3)


def test_bystanders_die_in_proportion_to_soldiers() -> None:
    model = world(f"add.army@{SPAN}=1000", soldier_harm=0.5)
    soldiers = model.records.by_place("n_soldiers")
    assert soldiers[-1].sum() == pytest.approx(1e9 / levers()["army"].unit_cost, rel=0.1)
    assert model.records.by_place("new_killed_by_soldiers") == pytest.approx(soldiers * 0.5e-3)


# guns ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("guns", [0.25, 1.0, 2.0])
def test_guns_scale_the_hazard_of_death_by_their_elasticity(guns: float) -> None:
    sets = [f"law.us_guns@2007-01..2026-12={guns}"] if guns != 1.0 else []
    model = NarcoDoor(plan(*sets, until="2007-06", numbers={"gun_lethality": 0.5}))
    model.step()
    law = decree(model.world)
    seen, cartels = hazards(model, law, disburse(model.world, law)), model.world.cartels
    assert seen.war == pytest.approx(cartels.war_hazard() * guns**0.5)
    assert seen.strife == pytest.approx(cartels.strife_hazard() * guns**0.5)


# purges -------------------------------------------------------------------------------------------------------------


def clean(corruption: np.ndarray, *, rate: float, register: float = 0.0, **numbers: float) -> purge.Purged:
    law = {"purge": rate, "police_register": register}
    return purge.purge(corruption, OFFICERS, near=MEXICO.neighbours, law=law, numbers={**NUMBERS, **numbers})


@ALWAYS
@given(corruption=SHARES, rate=st.floats(0.0, 1.0), register=st.floats(0.0, 1.0), rehired=st.floats(0.0, 1.0))
def test_the_fired_are_hired_again_or_out(corruption: np.ndarray, rate: float, register: float, rehired: float) -> None:
    done = clean(corruption, rate=rate, register=register, rehired_share=rehired)
    assert done.fired == pytest.approx(rate * corruption * OFFICERS)
    assert done.left_for + done.joined + done.out == pytest.approx(done.fired)
    assert done.left_for.sum() == pytest.approx(done.hired.sum())
    assert done.hired.sum() == pytest.approx(rehired * (1.0 - register) * done.fired.sum())
    assert (done.hired + done.off_street >= done.fired - 1e-6).all()  # no post stays empty
    assert min(part.min() for part in done) >= 0.0


def test_without_a_register_and_if_all_are_hired_again_a_purge_moves_corruption_about() -> None:
    corruption = np.full(2, 0.4)
    near = np.array([[False, True], [True, False]])
    law = {"purge": 0.5, "police_register": 0.0}
    numbers = {**NUMBERS, "rehired_share": 1.0}
    done = purge.purge(corruption, np.full(2, 100.0), near=near, law=law, numbers=numbers)
    assert done.corruption == pytest.approx(corruption)
    assert done.off_street.sum() == 0.0


@pytest.mark.parametrize("street", [0.0, 0.3, 0.6])
def test_with_a_register_only_those_off_the_street_are_corrupt(street: float) -> None:
    corruption = np.full(32, 0.4)
    done = clean(corruption, rate=0.5, register=1.0, street_corruption=street)
    assert done.corruption == pytest.approx(0.2 + 0.2 * street)
    assert done.hired.sum() == 0.0
    assert done.off_street == pytest.approx(done.fired)


def test_one_place_that_purges_alone_sends_its_officers_next_door() -> None:
    corruption = np.full(32, 0.001)
    corruption[8] = 0.5  # Mexico City
    done = clean(corruption, rate=1.0, rehired_share=0.6, street_corruption=0.0)
    beside = np.flatnonzero(MEXICO.neighbours[8])
    assert done.corruption[8] < 0.01
    assert (done.corruption[beside] > 0.001).all()
    far = np.setdiff1d(np.arange(32), [*beside, 8])
    assert done.corruption[far].max() == pytest.approx(0.001, abs=1e-3)


def test_the_book_of_a_purge_adds_up() -> None:
    model = world(f"law.purge@{SPAN}=0.2", f"law.police_register@{SPAN}=0.5")
    fired, left, joined, out, hired = (
        model.records.nation(f"new_police_{way}") for way in ("fired", "left_for", "joined", "out", "hired")
    )
    assert fired[2:].min() > 0
    assert fired == pytest.approx(left + joined + out)
    assert left == pytest.approx(hired)
    assert (model.records.nation("corruption")[3:] < world().records.nation("corruption")[3:]).all()


# minors -------------------------------------------------------------------------------------------------------------


@ALWAYS
@given(ratio=st.floats(0.1, 3.0), share=st.floats(0.0, 1.0), elasticity=st.floats(0.0, 1.0))
def test_offers_in_all_stay_the_same(ratio: float, share: float, elasticity: float) -> None:
    preferred = minors.preference({"juvenile_ratio": ratio}, {"minors_elasticity": elasticity})
    adults = minors.dilution(preferred, np.array([share]))[0]
    assert share * preferred * adults + (1.0 - share) * adults == pytest.approx(1.0)
    assert (preferred > 1.0) == (ratio < 1.0 and elasticity > 0.0 and preferred != 1.0)


def test_half_the_sanctions_make_the_offers_of_the_evidence() -> None:
    assert minors.preference({"juvenile_ratio": 0.5}, NUMBERS) == pytest.approx(2.0**0.27)


def test_the_rule_gives_minors_their_share_of_offers() -> None:
    seen: dict[str, Any] = {"width_narco": 0.2, "rule": RULE._replace(offers_minor=2.0), "n": 50_000}
    boys = stand_saw(age=17, **seen)
    men = stand_saw(age=18, **seen)
    assert men == pytest.approx(0.2, abs=0.01)
    assert boys == pytest.approx(0.4, abs=0.01)


def stand_saw(**who: Any) -> float:
    """Share of youths who see the narco door open."""
    from narco_door.street.crossroads import SAW_NARCO

    return float((stand(**who) & SAW_NARCO > 0).mean())


def test_terms_of_minors_follow_the_law_and_those_of_adults_do_not() -> None:
    draw = np.linspace(0.0, 0.999, 500)
    for age, most in ((13, 0), (15, 36), (17, 60)):
        whole, half = (prison_terms(np.full(500, age * 12), draw, PARAMETERS, minors=m) for m in (1.0, 0.5))
        assert whole.max() == most
        assert half.max() == most / 2
    adult = np.full(500, 20 * 12)
    assert (prison_terms(adult, draw, PARAMETERS) == prison_terms(adult, draw, PARAMETERS, minors=0.2)).all()


def test_lighter_sanctions_bring_more_minors_and_not_more_offers() -> None:
    rare = {**STORM, "accepted_first": 1.7, "forced_per_vacancy": 0.0}  # so that no chance of an offer reaches 1
    runs = [lived(plan(*sets, until="2008-06", persons=100, numbers=rare)) for sets in ([LIGHT], [])]
    minors_of, all_of = (
        [run.records.nation(name)[2:].sum() for run in runs] for name in ("new_entries_minor", "new_entries")
    )
    assert minors_of[0] / all_of[0] > 1.2 * minors_of[1] / all_of[1]
    offers = [run.records.nation("new_offers")[2:].sum() for run in runs]
    assert offers[0] == pytest.approx(offers[1], rel=0.05)  # some 1900 agents


# a cut-off of transfers ---------------------------------------------------------------------------------------------


def test_at_a_full_cut_off_a_formal_job_is_worth_informal_work() -> None:
    rule = make_rule(PARAMETERS, plan().switches)
    for value in (NUMBERS["value_formal"], NUMBERS["value_informal"] - 1.0):  # who gains nothing by it loses nothing
        numbers = {**NUMBERS, "value_formal": value}
        like = np.exp(value), np.exp(NUMBERS["value_informal"])
        gain = like[0] * rule.learn_formal / (like[1] * rule.learn_informal)
        for cut in (0.0, 0.3, 1.0):
            kept = formality.kept(rule, {"formality_cutoff": cut}, numbers)
            assert kept == pytest.approx(np.minimum(gain**-cut, 1.0))
    assert (formality.kept(rule, {"formality_cutoff": 0.0}, NUMBERS) == 1.0).all()


@pytest.mark.parametrize(("deprivation", "transfers", "loses"), [(200, 1.0, True), (60, 1.0, False), (200, 0.0, False)])
def test_only_poor_families_with_transfers_lose(deprivation: int, transfers: float, *, loses: bool) -> None:
    about: dict[str, Any] = {"deprivation": deprivation, "transfers": transfers, "n": 20_000, "age": 20}
    cut = RULE._replace(keep_formal=np.full(256, 0.25))
    before, after = (np.bincount(chosen(rule=rule, **about), minlength=8) for rule in (RULE, cut))
    assert (after[FORMAL] < 0.9 * before[FORMAL]) == loses
    assert (after[INFORMAL] > before[INFORMAL]) == loses
    assert set(OPEN) >= {"transfers"}


# cohorts ------------------------------------------------------------------------------------------------------------


def men_of(roll: Roll) -> np.ndarray:
    """Men of each cell."""
    return roll.women - roll.first[:, :-1]


def women_of(roll: Roll) -> np.ndarray:
    """Women of each cell."""
    return roll.first[:, 1:] - roll.women


@pytest.mark.parametrize("ratio", [0.5, 0.9, 1.3, 2.0])
def test_other_cohorts_leave_everybody_else_the_same_person(ratio: float) -> None:
    changed = grown(MEXICO, ratio=ratio, since=1996)
    span = {"start": 2007 * 12, "end": 2012 * 12, "persons_per_agent": 500}
    core, other = build_roll(MEXICO, **span), build_roll(changed, **span, named=MEXICO)
    names = [set(roll.whereabouts(np.arange(roll.door.size))[3].tolist()) for roll in (core, other)]
    assert len(names[1]) == other.door.size  # no two persons share a name
    men, women = ([of(roll) for roll in (core, other)] for of in (men_of, women_of))
    assert len(names[0] & names[1]) == np.minimum(*men).sum() + np.minimum(*women).sum()
    _, birth, man, name = core.whereabouts(np.arange(core.door.size))
    sexes = dict(zip(name.tolist(), man.tolist(), strict=True))
    _, births, sex_of, theirs = other.whereabouts(np.arange(other.door.size))
    assert all(sexes[who] == sex for who, sex in zip(theirs.tolist(), sex_of.tolist(), strict=True) if who in sexes)
    assert (births < 1996 * 12).sum() == (birth < 1996 * 12).sum()
    late = [(b >= 1996 * 12).sum() for b in (births, birth)]
    assert late[0] == pytest.approx(ratio * late[1], rel=0.02)


def test_residents_follow_the_cohorts() -> None:
    assert grown(MEXICO, ratio=1.0, since=1995) is MEXICO
    changed = grown(MEXICO, ratio=1.2, since=2001)
    born = MEXICO.cohorts[:, :, 2001 - MEXICO.first_birth_year : 2010 - MEXICO.first_birth_year].sum(axis=(1, 2))
    half = MEXICO.cohorts[:, :, 2010 - MEXICO.first_birth_year].sum(axis=1) / 2
    year = 2010 - MEXICO.first_year
    more = changed.mid_year_people[:, year] - MEXICO.mid_year_people[:, year]
    assert more == pytest.approx(0.2 * (born + half), abs=20)
    assert (changed.mid_year_people[:, 0] == MEXICO.mid_year_people[:, 0]).all()


def test_a_world_of_larger_cohorts_is_the_same_until_they_come() -> None:
    larger = lived(plan(until="2009-12", numbers={"cohort_ratio": 1.5, "cohort_since": 1997.0}))
    core = lived(plan(until="2009-12"))
    young, pupils = ([run.records.nation(of) for run in (larger, core)] for of in ("n_youth_12_14", "n_school_12_14"))
    assert (young[0][:24] == young[1][:24]).all()
    # the children are residents before they are twelve, and rackets live on residents: a pupil or two goes inside
    assert np.abs(pupils[0][:24] - pupils[1][:24]).max() <= 2000 * 2
    for larger_by, as_before in (young, pupils):
        assert larger_by[-1] > 1.1 * as_before[-1]
    old = larger.records.by_place("n_youth_18_24") - core.records.by_place("n_youth_18_24")
    assert np.abs(old[:24]).max() <= 2000 * 3  # the old differ only by who went inside and died


# involvement --------------------------------------------------------------------------------------------------------


def test_involved_neighbours_watch_over_money() -> None:
    sets = (f"add.outreach@{SPAN}=200", f"law.involvement@{SPAN}=1")
    watched, core = world(*sets, involved_money=0.5), world(sets[0])
    leaked, before = (m.records.nation("leaked_outreach")[-1] for m in (watched, core))
    assert leaked == pytest.approx(0.5 * before, rel=0.02)


def test_involved_neighbours_lengthen_the_reach_of_outreach() -> None:
    def offers(involvement: float, workers: float) -> Any:
        sets = [f"law.involvement@2007-01..2007-02={involvement}"] if involvement else []
        model = NarcoDoor(plan(*sets, until="2007-02", numbers={"involved_outreach": 0.4}))
        law = decree(model.world)
        paid = disburse(model.world, law)
        paid = replace(paid, at_work={**paid.at_work, "outreach": np.full(32, workers)})
        return recruit(model.world, law, paid).width

    assert offers(0.5, 100.0) == pytest.approx(offers(0.0, 120.0))
    assert (offers(0.5, 100.0) <= offers(0.0, 100.0)).all()
    assert offers(0.5, 100.0).sum() < offers(0.0, 100.0).sum()
