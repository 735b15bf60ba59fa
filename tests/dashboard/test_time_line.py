"""The time line of history: who governed, what befell cartels; any of it can be taken out, and it is said."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from conftest import DONE, Server, visit
from narco_door.base.months import month_number
from narco_door.dashboard.address import read, write
from narco_door.dashboard.changes import changes
from narco_door.dashboard.happening import APART, event_words, events, lanes, terms
from narco_door.dashboard.page.history import sheet
from narco_door.dashboard.page.texts import plan_words
from narco_door.dashboard.policy import MINE, plan, preset, preset_of, settled, uploaded
from narco_door.dashboard.state import State, choices, clamp
from narco_door.scenario import load_one, scenario_from_toml
from narco_door.show.words import LANGUAGES, Language

FIRST, LAST = State().first, State().last
GUZMAN = "2014-02:Sinaloa"
TAKEN = settled(clamp(replace(State(), without=frozenset({GUZMAN}))))


def test_presidencies_follow_each_other_without_a_gap() -> None:
    found = terms(FIRST, LAST)
    assert (found[0].start, found[-1].end) == (FIRST, LAST + 1)
    assert [term.start for term in found[1:]] == [term.end for term in found[:-1]]
    assert [term.name for term in terms(month_number("2013-01"), month_number("2018-11"))] == ["Enrique Peña Nieto"]


def test_every_event_is_on_the_axis_and_no_mark_covers_another() -> None:
    drawn = sheet(State(), GUZMAN)["events"]
    assert isinstance(drawn, list)
    assert {each["name"] for each in drawn} == {event.name for event in choices().path.happening}
    assert [each["name"] for each in drawn if each["chosen"]] == [GUZMAN]
    months = [event.month for event in events(FIRST, LAST)]
    rows = lanes(months)
    for row in set(rows):
        mine = [month for month, other in zip(months, rows, strict=True) if other == row]
        assert all(b - a >= APART for a, b in pairwise(mine))


def test_a_shorter_run_has_only_its_own_events() -> None:
    short = replace(State(), first=month_number("2012-01"), last=month_number("2014-12"))
    drawn = sheet(short, "")["events"]
    assert isinstance(drawn, list)
    assert all(0 <= each["left"] < 100 for each in drawn)
    assert clamp(replace(short, without=frozenset({"2010-02:Gulf", GUZMAN, "no"}))).without == {GUZMAN}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_event_can_be_told(language: Language) -> None:
    for event in choices().path.events:
        said = event_words(event, language)
        assert event.cartel in said
        assert "  " not in said
        assert not event.who or event.who in said


def test_what_is_taken_out_is_the_policys_world_alone_and_counts_from_then() -> None:
    asked = plan(TAKEN)
    assert asked.policy.without_events == (GUZMAN,)
    assert asked.reference.without_events == ()
    assert asked.since == month_number("2014-02")
    assert asked.policy.name == MINE
    assert preset_of(TAKEN) == ""
    assert changes(asked) == ()
    assert asked.policy.digest == load_one("baseline", sets=[f"without_event={GUZMAN}"]).digest


@pytest.mark.parametrize("event", [event.name for event in choices().path.events])
def test_any_event_can_be_taken_out_and_kept_in_a_file_and_an_address(event: str) -> None:
    state = settled(clamp(replace(preset("doors_first", State()), without=frozenset({event}))))
    asked = plan(state)
    assert event not in {each.name for each in asked.policy.happening}
    assert scenario_from_toml(asked.text).digest == asked.policy.digest
    assert settled(read(write(state))) == state


def test_an_event_can_be_taken_out_of_an_upload() -> None:
    text = 'title = "t"\nquestion = "q"\nextends = "merida_2007"\nwithout_events = ["2010-02:Gulf"]\n'
    state = settled(replace(uploaded(text, "m.toml", State()), without=frozenset({GUZMAN, "2010-02:Gulf"})))
    assert plan(state).policy.without_events == ("2010-02:Gulf", GUZMAN)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_plan_is_named_by_what_did_not_happen(language: Language) -> None:
    (event,) = [each for each in choices().path.events if each.name == GUZMAN]
    assert event_words(event, language) in plan_words(TAKEN, language)
    two = replace(TAKEN, without=TAKEN.without | {"2010-02:Gulf"})
    assert " 2 " in plan_words(two, language)


def test_a_plan_that_is_chosen_puts_history_back() -> None:
    assert preset("doors_first", TAKEN).without == frozenset()


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_a_capture_is_taken_out_by_click_and_put_back_by_keyboard(page: Page, server: Server) -> None:
    visit(page, server, "lang=en&from=2007-01&to=2009-12&runs=2&scale=200")
    page.locator("[data-event='2008-10:Tijuana']").click()
    expect(page.locator(".nd-history .nd-source")).to_be_visible()
    page.get_by_role("button", name="See what it did").click()
    page.wait_for_url(re.compile("without=2008-10"))
    page.wait_for_selector(DONE)
    head = page.locator(".nd-sayings h2")
    expect(head).to_contain_text("History without the capture of Eduardo Arellano Félix (Tijuana, Oct 2008)")
    expect(page.locator("[data-event='2008-10:Tijuana']")).to_have_class(re.compile("nd-out"))
    page.get_by_role("button", name="Put it back").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "without" not in url)
    expect(page.locator(".nd-mark.nd-out")).to_have_count(0)
