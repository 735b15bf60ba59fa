"""The first screen: sentences with their reference and their doubt, one slider, one month from which all is counted."""

from __future__ import annotations

import threading
from dataclasses import replace
from html import unescape

import pytest
from playwright.sync_api import Page, expect

from conftest import SMALL, Server, visit
from narco_door.base.months import month_number
from narco_door.dashboard import axis
from narco_door.dashboard.address import read, write
from narco_door.dashboard.budget import move
from narco_door.dashboard.library import Library
from narco_door.dashboard.page.controls import Drag
from narco_door.dashboard.page.sayings import SAID, saying, sayings
from narco_door.dashboard.page.session import opened
from narco_door.dashboard.page.told import Told, told_of
from narco_door.dashboard.policy import held, plan, preset, settled
from narco_door.dashboard.reproduce import command_line, python
from narco_door.dashboard.run_queue import RunQueue
from narco_door.dashboard.state import State, clamp
from narco_door.dashboard.work import Picture, Work
from narco_door.month.model import NarcoDoor
from narco_door.show.words import LANGUAGES, Language, words

ASKED = settled(
    clamp(
        replace(
            preset("kingpins_first", State()),
            start=month_number("2007-07"), last=month_number("2009-12"), replicates=2, persons_per_agent=200,
        )
    )
)  # fmt: skip


@pytest.fixture(scope="module")
def pictures() -> list[Picture]:
    shown: list[Picture] = []
    Work(plan(ASKED), Library(RunQueue(2)), show=shown.append, tell=lambda _: None, cancel=threading.Event()).run()
    return shown


@pytest.fixture(scope="module")
def told(pictures: list[Picture]) -> Told:
    return told_of(pictures[-1], ASKED, "00")


def with_row(told: Told, card: str, **row: object) -> Told:
    """The same with other numbers in one row."""
    name = SAID[card]
    return replace(told, rows={**told.rows, name: {**told.rows[name], **row}})


# --- sentences ---


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_says_compared_with_what_and_how_many_runs_agree(told: Told, language: Language) -> None:
    for card in SAID:
        _, small = saying(card, told, language)
        assert told.reference(language) in small, card
        assert f" {len(told.picture.policy)} " in small, card
    page = unescape(sayings(told, language))
    assert told.compared(language)[1:] in page
    assert words(language).phrases["sayings_sets"].format(n=2) in page
    assert words(language).phrases["sayings_luck"].format(n=2) not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_the_fitted_numbers_are_asked_for_the_ranges_are_said_to_hold_luck_alone(language: Language) -> None:
    asked, shown = replace(ASKED, fitted=True), list[Picture]()
    Work(plan(asked), Library(RunQueue(2)), show=shown.append, tell=lambda _: None, cancel=threading.Event()).run()
    luck_alone = told_of(shown[-1], asked, "00")
    assert words(language).phrases["sayings_luck"].format(n=2) in unescape(sayings(luck_alone, language))
    assert "--sets best" in command_line(asked, plan(asked))
    _, small = saying("homicides", luck_alone, language)
    assert {"en": "differ by luck alone", "es": "solo difieren en el azar"}[language] in small


def test_each_pair_lives_with_its_own_set_of_numbers_and_the_first_look_with_the_fitted_ones(
    pictures: list[Picture],
) -> None:
    asked = plan(ASKED)
    first = next(p for p in pictures if p.policy and not p.refined and p.policy[0].life)
    for lives, scenarios in (
        (first.policy, [asked.policy]),
        (pictures[-1].policy, [asked.policy.in_set(k) for k in range(2)]),
        (pictures[-1].reference, [asked.reference.in_set(k) for k in range(2)]),
    ):
        for replicate, (track, scenario) in enumerate(zip(lives, scenarios, strict=True)):
            alone = NarcoDoor(scenario, replicate=replicate).run().records.series()
            assert track.life is not None
            assert track.life.frames.series.equals(alone)
    assert asked.policy.in_set(0).parameters != asked.policy.in_set(1).parameters


def test_a_number_that_a_visitor_moves_holds_in_every_set() -> None:
    asked = plan(replace(ASKED, numbers=(("capture_disorder", 0.3),)))
    lived = {asked.policy.in_set(k).parameters["capture_disorder"] for k in range(2)}
    assert lived == {0.3}


def test_an_address_says_whether_only_the_fitted_numbers_are_asked_for() -> None:
    asked = replace(ASKED, fitted=True)
    assert "numbers=fitted" in write(asked)
    assert read(write(asked)) == asked
    assert "numbers" not in write(ASKED)
    assert not read("numbers=anything").fitted


def test_nothing_claims_to_be_sure() -> None:
    for language in LANGUAGES:
        said = " ".join(words(language).phrases.values())
        assert "90 % sure" not in said
        assert "90 % de seguridad" not in said


@pytest.mark.parametrize(
    ("p05", "p95", "big", "small"),
    [
        (2000.0, 61000.0, "People killed: 2,000 to 61,000 fewer", "Fewer in"),
        (-61000.0, -2000.0, "People killed: 2,000 to 61,000 more", "More in"),
        (-69800.0, 58600.0, "People killed: no clear difference", ": from 69,800 more to 58,600 fewer."),
        (None, None, "People killed: no difference", "compared with"),
    ],
)
def test_a_sentence_tells_a_sign_only_where_the_interval_leaves_out_nothing(
    told: Told, p05: float | None, p95: float | None, big: str, small: str
) -> None:
    mean = 0.0 if p05 is None or p95 is None else (p05 + p95) / 2
    said = saying("homicides", with_row(told, "homicides", p05=p05, p95=p95, mean=mean, of=495_000.0), "en")
    assert said[0] == big
    assert small in said[1]


def test_a_first_look_says_that_it_is_one_pair(pictures: list[Picture]) -> None:
    first = told_of(next(p for p in pictures if p.policy and p.months == p.plan.policy.run.months), ASKED, "00")
    assert not first.sure
    assert words("en").phrases["first_look"] in sayings(first, "en")
    assert "90 %" not in sayings(first, "en")


def test_sentences_of_a_former_plan_keep_its_name_and_say_so(told: Told) -> None:
    former = sayings(replace(told, stale=True), "en")
    assert "US$ 1,000 m a year against kingpins instead of nothing new" in former
    assert words("en").phrases["sayings_former"] in former
    assert words("en").phrases["sayings_former"] not in sayings(told, "en")


def test_a_chosen_state_is_counted_and_named(told: Told) -> None:
    here = told_of(told.picture, ASKED, "08")
    assert "Chihuahua" in saying("homicides", here, "en")[1]
    assert 0 < here.rows[SAID["homicides"]]["of"] < told.rows[SAID["homicides"]]["of"]
    assert here.cost == told.cost


def test_states_add_up_to_the_nation(told: Told) -> None:
    codes = told.picture.policy[0].book.codes
    for name in SAID.values():
        parts = sum(told_of(told.picture, ASKED, code).rows[name]["mean"] for code in codes)
        assert parts == pytest.approx(told.rows[name]["mean"], abs=1e-6)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_on_a_phone_the_first_sentence_stays_in_view_while_a_lever_is_moved(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    visit(page, server, f"lang=es&{SMALL}&outreach=300")
    page.locator(".nd-more > summary").click()
    page.locator("#nd-courts").focus()
    first = page.locator(".nd-saying strong").first
    expect(first).not_to_be_in_viewport()
    bar = page.locator(".nd-bar")
    expect(bar).to_be_in_viewport()
    expect(bar).to_contain_text(first.inner_text())
    page.set_viewport_size({"width": 1400, "height": 900})
    expect(bar).to_be_hidden()


# --- the slider ---


def test_the_ends_of_the_slider_are_the_two_plans() -> None:
    for tenths, name in ((0, "kingpins_first"), (10, "doors_first")):
        there = clamp(axis.put(State(), tenths))
        assert there.money == preset(name, State()).money
        assert axis.tenths_of(there) == tenths


@pytest.mark.parametrize("total", [0.0, 5.0, 305.0, 1000.0, 5000.0])
def test_the_slider_gives_the_total_away_and_stands_where_it_was_put(total: float) -> None:
    for tenths in range(11):
        there = settled(clamp(axis.put(State(total=total), tenths)))
        assert sum(dict(there.money).values()) == (total or 1000)
        if total >= 1000 or tenths in (0, 10):
            assert axis.tenths_of(there) == tenths


def test_another_plan_stands_nowhere_on_the_slider() -> None:
    assert axis.tenths_of(preset("mixed", State())) is None
    assert axis.tenths_of(preset("merida_2007", State())) is None
    assert axis.tenths_of(replace(axis.put(State(), 5), file="x")) is None
    assert axis.tenths_of(State()) is None


def test_a_lever_dragged_out_and_back_gives_back_what_it_took() -> None:
    state = preset("doors_first", State())
    drag, now = Drag("", State(), ()), state
    for amount in (400, 900, 250):
        before = drag.before("scholarships", now)
        now = move(before, "scholarships", amount, held(now))
        drag = Drag("scholarships", before, now.money)
    assert now.money == state.money
    elsewhere = move(now, "outreach", 200, held(now))
    assert drag.before("scholarships", elsewhere) == elsewhere
    assert drag.before("outreach", now) == now


# --- what an address opens ---


def test_an_address_without_a_policy_opens_on_the_question_unless_it_names_a_reference() -> None:
    assert opened("?lang=es", "en").reference == "kingpins_first"
    assert opened("?vs=no_new_money", "en").reference == "no_new_money"
    old = opened("?lang=en&scholarships=125&courts=150", "en")  # as the page wrote it before it opened on the question
    assert (old.reference, dict(old.money)) == ("no_new_money", {"scholarships": 125, "courts": 150})


# --- one month from which all is counted ---


@pytest.mark.parametrize(
    ("choice", "since"),
    [
        (preset("doors_first", State()), "2011-04"),
        (preset("merida_2007", State()), "2008-07"),  # not where the money slider stands
        (replace(State(), money=(("kingpin_operations", -100.0),), start=month_number("2009-03")), "2009-03"),
        (replace(State(), money=(("courts", 50.0),), start=month_number("2026-12")), "2026-12"),
        (replace(preset("doors_first", State()), reference="merida_2007"), "2008-07"),
    ],
)
def test_all_is_counted_from_where_the_worlds_part(choice: State, since: str) -> None:
    state = settled(clamp(choice))
    asked = plan(state)
    assert asked.since == month_number(since)
    assert f"--since {since}" in command_line(state, asked)
    assert f'since="{since}"' in python(state, asked)
