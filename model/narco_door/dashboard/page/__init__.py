"""The page that a visitor opens: the doors, the comparison, the evidence, and the money beside them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import Any

import solara
import solara.lab

from narco_door.dashboard.address import is_odd
from narco_door.dashboard.page.banner import Banner
from narco_door.dashboard.page.comparison import ComparisonView
from narco_door.dashboard.page.controls import MoneyPanel, SettingsPanel
from narco_door.dashboard.page.debate import DebateView
from narco_door.dashboard.page.doors import DoorsView
from narco_door.dashboard.page.doubt import DoubtPanel
from narco_door.dashboard.page.evidence import EvidenceView
from narco_door.dashboard.page.first import FirstControls
from narco_door.dashboard.page.headline import Cards, Status
from narco_door.dashboard.page.parts import Tabs, Top
from narco_door.dashboard.page.sayings import ResultBar, Sayings
from narco_door.dashboard.page.session import Change, lost_file, use_choice, use_run
from narco_door.dashboard.page.share import Share
from narco_door.dashboard.page.texts import group, html, page_title, use_dark
from narco_door.dashboard.page.told import use_told
from narco_door.dashboard.state import VIEWS, State
from narco_door.show.words import LANGUAGES, say

_LOG = logging.getLogger(__name__)
_TOP = ("title", "question", "skip", "to_dark", "to_light", "to_dark_label", "to_light_label")


@solara.component
def Layout(children: Sequence[solara.Element[Any]] = ()) -> None:
    """The page as it is: no bar, no drawer around it."""
    solara.v.Html(tag="div", class_="nd-layout", children=list(children))


@solara.component
def Page() -> None:
    """The dashboard of one visitor; what goes wrong in it is told to whoever serves it, not to the visitor."""
    problem, _ = solara.use_exception()
    if problem is None:
        Visit().key("visit")
    else:
        Broken(problem).key("broken")  # a part of its own: it has fewer hooks than the one that failed


@solara.component
def Broken(problem: BaseException) -> None:
    """The page after a fault of its own."""
    solara.use_memo(lambda: _LOG.error("the page failed", exc_info=problem), [problem])
    html("p", " ".join(f"<span lang='{each}'>{say('broken', each)}</span>" for each in LANGUAGES), "nd-error")


@solara.component
def Visit() -> None:
    """One visit: a choice, the work for it, and three ways to look at what comes of it."""
    state, change = use_choice()
    run = use_run(state)
    told = use_told(run, state)
    narrow, set_narrow = solara.use_state(False)
    page_title(say("title", state.language))
    with group("div", "nd-page"):
        TopBar(state, change, set_narrow)
        with group("div", "nd-columns"):
            with group("main", "nd-main", id="nd-view", tabindex="-1"):
                LostFile(state)
                Banner(state, change, run)
                Sayings(state, run, told)
                Status(state, run)
                FirstControls(state, change)
                ViewTabs(state, change)
                with group("div", "nd-view", id="nd-panel", role="tabpanel", aria_labelledby=f"nd-tab-{state.view}"):
                    if state.view == "doors":
                        DoorsView(state, change, run, narrow)
                    elif state.view == "comparison":
                        Cards(state, told)
                        ComparisonView(state, change, run)
                    elif state.view == "debate":
                        DebateView(state, change)
                    else:
                        EvidenceView(state, run)
            with group("aside", "nd-aside", aria_label=say("money_head", state.language)):
                MoneyPanel(state, change)
                DoubtPanel(state, change)
                SettingsPanel(state, change)
        Share(state, change, run)
        ResultBar(state, told)
        html("footer", say("model_note", state.language), "nd-foot")


@solara.component
def LostFile(state: State) -> None:
    """Says that the address, or a file in it, was refused; gone with the next choice, which is another address."""
    search = solara.use_router().search
    lost = solara.use_memo(lambda: lost_file(search), [search])
    if lost or is_odd(search or ""):
        html("p", escape(say("link_bad" if lost else "link_odd", state.language)), "nd-error")


@solara.component
def TopBar(state: State, change: Change, set_narrow: Any) -> None:
    """Title, language, colours."""
    language = state.language
    other = LANGUAGES[(LANGUAGES.index(language) + 1) % len(LANGUAGES)]
    dark = use_dark()

    def shade(sent: Any) -> None:
        solara.lab.theme.dark = bool(sent)

    Top(
        words={
            **{key: say(key, language) for key in _TOP},
            "code": language,
            "other_code": other,
            "other_language": say("language", other),
            "change_language": say("change_language", other),
        },
        dark=dark,
        event_language=lambda _: change(replace(state, language=other)),
        event_theme=shade,
        event_narrow=lambda sent: set_narrow(bool(sent)),
    )


@solara.component
def ViewTabs(state: State, change: Change) -> None:
    """The three depths of the page."""
    Tabs(
        label=say("views", state.language),
        items=[{"id": view, "label": say(f"view_{view}", state.language)} for view in VIEWS],
        value=state.view,
        event_choose=lambda view: change(replace(state, view=str(view))),
    )
