"""Small words that several parts of the page say alike."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import solara
import solara.lab

from narco_door.base.months import as_date
from narco_door.base.nation import NATION
from narco_door.country.places import load_places
from narco_door.dashboard.axis import tenths_of
from narco_door.dashboard.happening import without_words
from narco_door.dashboard.policy import DOORS, KINGPINS, preset, preset_of
from narco_door.dashboard.state import PATH, State
from narco_door.scenario import load_one
from narco_door.show.formats import money
from narco_door.show.words import Language, arm_name, has, month_name, say, translated


def html(tag: str, content: str, *classes: str) -> None:
    """Words as an element of the page; what comes from outside must have been escaped."""
    solara.HTML(tag=tag, unsafe_innerHTML=content, classes=list(classes))  # type: ignore[no-untyped-call]


def page_title(title: str) -> None:
    """The words on the browser's tab."""
    solara.Title(title)  # type: ignore[no-untyped-call]


def use_dark() -> bool:
    """Whether the visitor sees the page in dark colours."""
    return bool(solara.lab.use_dark_effective())  # type: ignore[no-untyped-call]


def group(tag: str, *classes: str, **attributes: str) -> solara.Element[Any]:
    """An element of the page to put others into, with attributes such as `id` and `aria_label`."""
    named = {name.replace("_", "-"): value for name, value in attributes.items()}
    return solara.v.Html(tag=tag, class_=" ".join(classes), attributes=named)


def policy_label(state: State) -> str:
    """What the visitor's policy is called on the page."""
    if state.file:
        return say("preset_file", state.language)
    name = preset_of(state)
    return scenario_label(name, state.language) if name else say("preset_own", state.language)


def plan_words(state: State, language: Language) -> str:
    """The visitor's policy within a sentence: its money, and what of history did not happen."""
    if not state.without:
        return _money_words(state, language)
    paid = state.money or state.base != PATH or state.file
    plan = _money_words(state, language) if paid else say("words_history", language)
    return say("words_without", language, plan=plan, what=without_words(state.without, language))


def _money_words(state: State, language: Language) -> str:
    """Between kingpins and doors by the money, else by name."""
    doors = tenths_of(state)
    if not state.money and state.base == PATH and not state.file:
        return say("words_nothing", language)
    if doors is None:
        named = replace(state, language=language, without=frozenset())
        return say("words_plan", language, name=policy_label(named))
    fields = {"n": money(sum(amount for _, amount in state.money)), "doors": 10 * doors, "kingpins": 100 - 10 * doors}
    key = {0: "words_kingpins", 10: "words_doors"}.get(doors, "words_between")
    return say(key, language, **fields)


def short_words(name: str, language: Language) -> str:
    """What a policy is compared with, in a few words within a sentence."""
    known = {State().reference: "nothing", DOORS: "doors", KINGPINS: "kingpins"}.get(name)
    return say(f"short_{known}", language) if known else plan_words(preset(name, State()), language)


def scenario_label(name: str, language: Language) -> str:
    """What a scenario that comes with narco-door is called on the page."""
    return arm_name(name, language) if has(f"arm_{name}") else translated(load_one(name).title, language)


def month_text_of(month: int, language: Language, *, long: bool = False) -> str:
    """The name of an absolute month."""
    return month_name(as_date(month), language, long=long)


def place_label(place: str, language: Language) -> str:
    """The name of a state, or of the whole country."""
    places = load_places()
    return say("nation", language) if place == NATION else places.name[places.code.index(place)]
