"""The statement checker tells what was found for every claim, in both languages, and what turns it."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

from conftest import DONE, SMALL, Server, visit
from narco_door.dashboard.address import read, write
from narco_door.dashboard.page.debate import on_page, sheet
from narco_door.dashboard.state import State, clamp
from narco_door.dashboard.statements import VERDICTS, folder, statements
from narco_door.questions.claims import claims
from narco_door.questions.claims.report import NOTHING
from narco_door.show.words import LANGUAGES, Language, words


def test_every_claim_has_its_verdict_and_its_runs() -> None:
    assert set(statements()) == set(claims())
    for number, said in statements().items():
        assert said.verdict in VERDICTS
        assert [t.row["measure"] for t in said.tried] == [t.measure for t in claims()[number].test]
        assert not all(tried.beside for tried in said.tried)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_counts_are_those_of_the_sentences(language: Language) -> None:
    told = json.loads(sheet(language))
    counts = [sum(each["verdict"] == v.replace(" ", "_") for each in told["all"]) for v in VERDICTS]
    assert sum(counts) == len(told["all"]) == int(re.findall(r"\d+", told["head"])[0])
    assert sorted(map(int, re.findall(r"\d+", told["head"])[1:])) == sorted(counts)


def test_what_turns_a_verdict_is_told_in_words_and_nothing_is_dropped() -> None:
    lines = (folder() / "ablations.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    assert lines
    for said in statements().values():
        tried = said.flips not in ("", NOTHING)
        assert len(said.turned_by("en")) == (len(said.flips.split(";")) if tried else 0)
    assert "“Hiring of minors” is switched off: against" in statements()[16].turned_by("en")
    assert statements()[5].flips == NOTHING


def test_an_open_sentence_is_in_the_address_and_a_wild_one_opens_nothing() -> None:
    asked = clamp(State(view="debate", claim=5))
    assert read(write(asked)) == asked
    assert clamp(State(claim=-7)).claim == 0
    assert "claim" not in write(State())


def test_only_runs_of_plans_that_the_page_has_can_be_seen_on_it() -> None:
    shown = {(t.scenario, t.compared_with) for s in statements().values() for t in s.tried if on_page(t)}
    assert ("doors_first", "no_new_money") in shown
    assert all(not scenario.startswith("claims/") for scenario, _ in shown)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_a_sentence_is_searched_opened_and_its_run_seen(page: Page, server: Server) -> None:
    visit(page, server, f"lang=es&view=debate&{SMALL}")
    page.get_by_label(words("es").phrases["debate_search"]).fill("violencia capos")
    rows = page.locator(".nd-statement")
    expect(rows).to_have_count(1)
    rows.get_by_role("button").first.press("Enter")
    expect(page.locator(".nd-why")).to_contain_text("narco-door claims 5")
    page.wait_for_url(re.compile("claim=5"))
    page.get_by_label(words("es").phrases["debate_search"]).fill("zzz")
    expect(page.get_by_text(words("es").phrases["debate_none"])).to_be_visible()
    visit(page, server, f"lang=en&view=debate&claim=23&{SMALL}")
    page.get_by_role("button", name="See this run on the page").first.click()
    page.wait_for_url(re.compile("scholarships=250"))
    page.wait_for_selector(DONE)
    expect(page.locator(".nd-sayings h2, .nd-same")).to_be_visible()
