"""The doors: the drawing, its clock, and what becomes of a million young people."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from html import escape
from typing import Any

import solara

from narco_door.dashboard.changes import warning
from narco_door.dashboard.measures import killed as killed_since
from narco_door.dashboard.measures import of_a_million
from narco_door.dashboard.page.controls import number
from narco_door.dashboard.page.history import TimeLine
from narco_door.dashboard.page.parts import Clock, Drawing
from narco_door.dashboard.page.session import Change, Run
from narco_door.dashboard.page.texts import group, html, month_text_of, policy_label, scenario_label, use_dark
from narco_door.dashboard.page.told import use_owner
from narco_door.dashboard.state import State
from narco_door.dashboard.tables import door_numbers
from narco_door.dashboard.work import Picture
from narco_door.show.formats import count, signed
from narco_door.show.picture import doors_svg
from narco_door.show.words import Language, about, say


@dataclass(frozen=True)
class Look:
    """A picture, how many of its months are over at the month that is looked at, and the choice it was made for."""

    picture: Picture
    months: int
    owner: State


def use_look(run: Run, state: State) -> Look | None:
    """The newest picture in which the month looked at can be seen.

    While a run goes on and the last month is looked at, the look follows the run; before the policy begins
    nothing can differ, so the former picture stays.
    """
    kept, owner = solara.use_ref(_NOWHERE), use_owner(run, state)
    picture = run.picture.value
    if picture is not None and picture.policy and picture.reference:
        run_of = picture.plan.policy.run
        wanted = min(state.shown, run_of.end - 1) - run_of.start + 1
        known = picture.months
        follows = state.month is None and known > picture.plan.apart
        if known >= wanted or follows or kept.current is None:
            kept.current = Look(picture, min(wanted, known), owner)
    return kept.current


_NOWHERE: Look | None = None


@solara.component
def DoorsView(state: State, change: Change, run: Run, narrow: bool) -> None:
    """The first depth of the page."""
    look = use_look(run, state)
    with group("section", "nd-card", "nd-doors", aria_label=say("doors_head", state.language)):
        TheDoors(state, look, narrow)
        TimeBar(state, change)
        TimeLine(state, change)
    if look is not None:
        html("section", _million(look, state), "nd-card", "nd-million")


@solara.component
def TheDoors(state: State, look: Look | None, narrow: bool) -> None:
    """Fajardo's drawing, alive; where it is narrow, with the inner room below the street."""
    dark = use_dark()
    svg = solara.use_memo(
        lambda: _drawing(look, state, dark=dark, stacked=narrow),
        [look, dark, narrow, state.language, state.place],
    )
    Drawing(svg=svg)


def _drawing(look: Look | None, state: State, *, dark: bool, stacked: bool) -> str:
    if look is None:
        return ""
    policy, reference = (
        door_numbers(look.picture, world, state.place, look.months) for world in ("policy", "reference")
    )
    if policy is None:
        return ""
    owner = replace(look.owner, language=state.language)
    named = scenario_label(owner.reference, state.language)
    return doors_svg(
        replace(policy, scenario=policy_label(owner)),
        language=state.language,
        dark=dark,
        compared=reference and replace(reference, scenario=named),
        stacked=stacked,
        warning=warning(look.picture.plan, state.language),
    )


@solara.component
def TimeBar(state: State, change: Change) -> None:
    """The month that is looked at, and the month in which the money begins, on one axis."""
    language = state.language

    def show(sent: Any) -> None:
        month = number(sent)
        if month is not None:
            absolute = state.first + int(month)
            change(replace(state, month=None if absolute >= state.last else absolute))

    def begin(sent: Any) -> None:
        month = number(sent)
        if month is not None:
            change(replace(state, start=state.first + int(month)))

    Clock(
        words={key: say(key, language) for key in ("time_label", "start_label", "play", "pause")},
        first=state.first,
        months=_month_names(state.first, state.last, language),
        shown=state.shown - state.first,
        start=state.start - state.first,
        event_show=show,
        event_from=begin,
    )


@cache
def _month_names(first: int, last: int, language: Language) -> tuple[str, ...]:
    return tuple(month_text_of(month, language, long=True) for month in range(first, last + 1))


def _million(look: Look, state: State) -> str:
    language, picture, months = state.language, look.picture, look.months
    mine = of_a_million(picture.policy, state.place, months)
    theirs = of_a_million(picture.reference, state.place, months)
    month = month_text_of(state.first + months - 1, language, long=True)
    rows = "".join(_fate(fate, mine[fate], theirs[fate], language, max(mine.values())) for fate in mine)
    head = say("million_head", language, month=month)
    return (
        f"<h2>{escape(head)}</h2><ul>{rows}</ul><p class='nd-soft'>{escape(say('million_note', language))}"
        f"{escape(_killed(look, state))}</p>"
    )


def _fate(fate: str, mine: float, theirs: float, language: Language, most: float) -> str:
    gap, word = mine - theirs, about(f"fate_{fate}", fate, language)
    told = say("million_gap", language, gap=signed(gap))
    wide, mark = 100 * mine / most, 100 * theirs / most
    return (
        f"<li class='nd-fate nd-fate-{fate}'><span class='nd-fate-n'>{count(mine)}</span>"
        f"<span class='nd-fate-word'>{escape(word)}</span>"
        f"<span class='nd-fate-bar' aria-hidden='true'><i style='width:{wide:.2f}%'></i>"
        f"<b style='left:{mark:.2f}%'></b></span><span class='nd-fate-gap'>{escape(told)}</span></li>"
    )


def _killed(look: Look, state: State) -> str:
    since = look.picture.plan.lived_before
    if look.months <= since:
        return ""
    mine, theirs = (
        killed_since(tracks, state.place, look.months, since)
        for tracks in (look.picture.policy, look.picture.reference)
    )
    day = month_text_of(look.picture.plan.since, state.language, long=True)
    return " " + say("killed", state.language, since=day, n=count(mine), gap=signed(mine - theirs))
