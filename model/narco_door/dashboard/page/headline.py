"""The numbers of a plan as cards, always compared with what; and how far the work is."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import solara

from narco_door.dashboard.page.parts import Progress as ProgressBar
from narco_door.dashboard.page.session import Run
from narco_door.dashboard.page.texts import html, month_text_of
from narco_door.dashboard.page.told import Told
from narco_door.dashboard.state import State
from narco_door.dashboard.work import PREVIEW, Picture, Progress
from narco_door.results.intervals import clear
from narco_door.show.formats import count, money, number
from narco_door.show.words import Language, say

CARDS = {
    "entries": ("entries averted", "entry"),
    "homicides": ("homicides averted", "homicide"),
    "deaths": ("member deaths averted", "member death"),
    "prison": ("prison-years averted", "prison-year"),
}
_REASONS = {"the 90 %": "each_unclear", "none averted": "each_none", "costs no more": "each_free"}


@solara.component
def Cards(state: State, told: Told | None) -> None:
    """The five numbers of a plan, each with its interval, its reference and what each one averted costs."""
    if told is not None:
        html("section", _cards(told, state.language), "nd-headline", *(["nd-stale"] if told.stale else []))


def _cards(told: Told, language: Language) -> str:
    head = say("numbers_head", language, compared=told.compared(language))
    cards = "".join(_card(card, told.rows, language, sure=told.sure) for card in CARDS) + _cost(told, language)
    since = month_text_of(told.picture.plan.since, language, long=True)
    note = f"{told.doubt(language)} {say('counted', language, since=since)}"
    return f"<h2>{escape(head)}</h2><ul class='nd-cards'>{cards}</ul><p class='nd-soft'>{escape(note)}</p>"


def _card(card: str, rows: Mapping[str, Mapping[str, Any]], language: Language, *, sure: bool) -> str:
    measure, each = CARDS[card]
    row, what = rows[measure], escape(say(f"card_{card}", language))
    surely = sure and clear(row["p05"], row["p95"], of=row["of"])
    big = _amount(row["mean"], language) if surely or not sure else say("no_clear", language)
    kind = ("good" if row["mean"] > 0 else "bad") if surely else "unclear"
    small = [_range(row, language)] if sure else []
    small.append(say("of_reference", language, n=count(row["of"])))
    if sure:
        small.append(_each(rows.get(f"cost per {each} averted"), language))
    lines = "".join(f"<small>{escape(line)}</small>" for line in small if line)
    return f"<li class='nd-card-n nd-{kind}'><strong>{escape(big)}</strong><span>{what}</span>{lines}</li>"


def _amount(averted: float, language: Language) -> str:
    return say("fewer_of" if averted >= 0 else "more_of", language, n=count(abs(averted)))


def _range(row: Mapping[str, Any], language: Language) -> str:
    if row["p05"] is None:
        return ""
    low, high = (_amount(row[end], language) for end in ("p05", "p95"))
    return say("range_of", language, low=low, high=high)


def _each(row: Mapping[str, Any] | None, language: Language) -> str:
    """What each one averted costs, or why that cannot be said."""
    if row is None:
        return ""
    if row["mean"] is not None:
        return say("each_cost", language, n=count(row["mean"]))
    return next((say(key, language) for words, key in _REASONS.items() if str(row["note"]).startswith(words)), "")


def _cost(told: Told, language: Language) -> str:
    row, what = told.cost, escape(say("card_cost", language))
    a_year = say("cost_a_year", language, n=money(row["mean"] / told.years))
    return (
        f"<li class='nd-card-n nd-cost'><strong>{money(row['mean'])}</strong><span>{what}</span>"
        f"<small>{escape(a_year)}</small></li>"
    )


@solara.component
def Status(state: State, run: Run) -> None:
    """How far the work is, with a button to stop it."""
    progress = run.progress.value
    language = state.language
    if progress.stage == "failed":
        heading, more = say("failed", language), say("failed_more", language)
        words = f"<strong>{escape(heading)}.</strong> {escape(more)}: <code lang='en'>{escape(progress.words)}</code>"
        html("div", words, "nd-error")
        return
    working = progress.stage in ("waiting", "preview", "refining")
    button = say("go_on", language) if run.stopped else say("stop", language) if working else ""
    ProgressBar(
        words=_status(progress, state, run.picture.value),
        stage=progress.stage,
        share=progress.share if working else 1.0,
        button=button,
        event_press=lambda _: run.halt(not run.stopped),
    )


def _status(progress: Progress, state: State, picture: Picture | None) -> str:
    language = state.language
    scale = number(state.persons_per_agent)
    match progress.stage:
        case "waiting":
            return say("waiting", language, n=progress.ahead) if progress.ahead else say("starting", language)
        case "preview":
            return say("preview", language, scale=number(max(PREVIEW, state.persons_per_agent)))
        case "refining":
            done = len(picture.policy) if picture is not None and picture.refined else 0
            return say("refining", language, done=done, all=state.replicates)
        case "stopped":
            return say("stopped", language)
    return say("finished", language, all=state.replicates, scale=scale)
