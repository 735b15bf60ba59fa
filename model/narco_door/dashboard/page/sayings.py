"""The first screen: sentences that may be quoted, each with what it is compared with and what its doubt holds."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any, Final

import solara

from narco_door.dashboard.measures import signs
from narco_door.dashboard.page.session import Run
from narco_door.dashboard.page.texts import group, html
from narco_door.dashboard.page.told import Told
from narco_door.dashboard.state import State
from narco_door.results import AVERTED
from narco_door.results.intervals import clear
from narco_door.show.formats import count, money
from narco_door.show.words import Language, say

SAID: Final = {
    "homicides": "homicides averted",
    "entries": "entries averted",
    "deaths": "member deaths averted",
    "prison": "prison-years averted",
}
_RECORDS: Final = {measure.name: measure.record for measure in AVERTED}


@solara.component
def Sayings(state: State, run: Run, told: Told | None) -> None:
    """Four sentences on people and one on money; those of a former plan say whose they are."""
    language = state.language
    if run.plan is not None and run.plan.same:
        html("p", escape(say("same_worlds", language)), "nd-sayings", "nd-same")
        return
    words = (
        f"<p class='nd-told'>{escape(say('sayings_wait', language))}</p>" if told is None else sayings(told, language)
    )
    html("section", words, "nd-sayings", *(["nd-stale"] if told is not None and told.stale else []))


@solara.component
def ResultBar(state: State, told: Told | None) -> None:
    """The first sentence once more, always in view on a phone while a lever is moved; readers have heard it above."""
    if told is None or (told.picture.plan.same and not told.stale):
        return
    big, _ = saying("homicides", told, state.language)
    words = f"<strong>{escape(big)}</strong> {escape(told.compared(state.language))}"
    with group("div", "nd-bar", *(["nd-stale"] if told.stale else []), aria_hidden="true"):
        html("span", words)


def sayings(told: Told, language: Language) -> str:
    """All that is said of a picture, as HTML."""
    former = f"<p class='nd-former'>{escape(say('sayings_former', language))}</p>" if told.stale else ""
    items = "".join(_item(card, told, language) for card in SAID)
    return (
        f"{former}<h2>{escape(_sentence_case(told.compared(language)))}</h2><ul>{items}</ul>"
        f"<p class='nd-soft'>{escape(_cost(told, language))} {escape(told.doubt(language))}</p>"
    )


def _item(card: str, told: Told, language: Language) -> str:
    big, small = saying(card, told, language)
    row = told.rows[SAID[card]]
    surely = told.sure and clear(row["p05"], row["p95"], of=row["of"])
    kind = ("good" if row["mean"] > 0 else "bad") if surely else "unclear"
    return f"<li class='nd-saying nd-{kind}'><strong>{escape(big)}</strong> <span>{escape(small)}</span></li>"


def saying(card: str, told: Told, language: Language) -> tuple[str, str]:
    """The two halves of a sentence: what differs, and compared with what, in how many runs."""
    row, what = told.rows[SAID[card]], say(f"many_{card}", language)
    tail = say("with_reference", language, reference=told.reference(language))
    if not told.sure:
        return _about(row["mean"], what, language), f"{tail}."
    if row["p05"] is None:
        return say("saying_same", language, what=what), f"{tail}."
    agree = _signs(row, _RECORDS[SAID[card]], told, language)
    if clear(row["p05"], row["p95"], of=row["of"]):
        return _clear(row, what, language), f"{tail}. {agree}"
    return say("saying_unclear", language, what=what), f"{tail}: {_either(row, language)}. {agree}"


def _signs(row: Mapping[str, Any], record: str, told: Told, language: Language) -> str:
    """In how many pairs of runs it goes the way of the mean."""
    less, more = signs(told.picture, record, told.place, told.picture.plan.lived_before)
    way, k = ("fewer", less) if row["mean"] >= 0 else ("more", more)
    counted = "worlds" if told.picture.run.sets else "signs"
    return say(f"saying_{counted}_{way}", language, k=k, n=len(told.picture.policy))


def _about(averted: float, what: str, language: Language) -> str:
    key = "saying_about_fewer" if averted >= 0 else "saying_about_more"
    return say(key, language, n=count(abs(averted)), what=what)


def _clear(row: Mapping[str, Any], what: str, language: Language) -> str:
    low, high = sorted((abs(row["p05"]), abs(row["p95"])))
    key = "saying_fewer" if row["mean"] > 0 else "saying_more"
    return say(key, language, low=count(low), high=count(high), what=what)


def _either(row: Mapping[str, Any], language: Language) -> str:
    """From so many more to so many fewer; less is averted than nothing where there are more."""
    return say("saying_either", language, more=count(max(-row["p05"], 0.0)), fewer=count(max(row["p95"], 0.0)))


def _cost(told: Told, language: Language) -> str:
    """What the plan costs more or less: money is always that of the whole country."""
    mean = told.cost["mean"]
    key = "saying_cost_more" if mean >= 0 else "saying_cost_less"
    return say(key, language, n=money(abs(mean)), a_year=money(abs(mean) / told.years))


def _sentence_case(words: str) -> str:
    return words[:1].upper() + words[1:]
