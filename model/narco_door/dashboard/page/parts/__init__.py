"""The parts of the page that run in the browser; each sends plain values back, which nobody trusts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import solara

type Words = Mapping[str, str]
type Items = Sequence[Mapping[str, Any]]
type Event = Callable[[Any], None] | None


@solara.component_vue("top.vue")
def Top(
    words: Words,
    dark: bool = False,
    event_language: Event = None,
    event_theme: Event = None,
    event_narrow: Event = None,
) -> None:
    """The name of the page, its question, language and colours."""


@solara.component_vue("tabs.vue")
def Tabs(label: str, items: Items, value: str, event_choose: Event = None) -> None:
    """The views of the page."""


@solara.component_vue("money.vue")
def Money(
    sheet: str,
    event_preset: Event = None,
    event_total: Event = None,
    event_hold: Event = None,
    event_lock: Event = None,
    event_move: Event = None,
) -> None:
    """The levers as a budget; the sheet is JSON, which is not searched for parts of the page at every drawing."""


@solara.component_vue("settings.vue")
def Settings(sheet: str, event_set: Event = None) -> None:
    """The reference, the luck, the horizon and the mechanisms; the sheet is JSON."""


@solara.component_vue("clock.vue")
def Clock(
    words: Words,
    first: int,
    months: Sequence[str],
    shown: int,
    start: int,
    event_show: Event = None,
    event_from: Event = None,
) -> None:
    """The month that is looked at, playing, and the month in which the money begins."""


@solara.component_vue("drawing.vue")
def Drawing(svg: str, glide: bool = True, event_pick: Event = None, event_month: Event = None) -> None:
    """A picture that glides from one SVG text to the next."""


@solara.component_vue("pick.vue")
def Pick(label: str, items: Items, value: str, event_choose: Event = None) -> None:
    """One of several, in a list."""


@solara.component_vue("segments.vue")
def Segments(label: str, name: str, items: Items, value: str, event_choose: Event = None) -> None:
    """One of a few, side by side."""


@solara.component_vue("upload.vue")
def Upload(label: str, button: str, most: int, event_opened: Event = None) -> None:
    """A file of the visitor, as text; a file that is too long is not read."""


@solara.component_vue("code.vue")
def Code(name: str, label: str, text: str, copy_word: str, copied: str, url: bool = False) -> None:
    """Text to be copied."""


@solara.component_vue("files.vue")
def Files(
    label: str,
    items: Items,
    answer: Mapping[str, str] | None = None,
    event_want: Event = None,
    event_got: Event = None,
) -> None:
    """Buttons that make files."""


@solara.component_vue("progress.vue")
def Progress(words: str, stage: str, share: float, button: str = "", event_press: Event = None) -> None:
    """How far the work is."""


@solara.component_vue("axis.vue")
def Axis(
    label: str,
    low: str,
    high: str,
    said: Sequence[str],
    value: int,
    elsewhere: str,
    event_put: Event = None,
) -> None:
    """One slider between two ends; a value below 0 stands elsewhere."""


@solara.component_vue("act.vue")
def Act(label: str, event_act: Event = None) -> None:
    """One button."""


@solara.component_vue("strip.vue")
def Strip(sheet: str, event_pick: Event = None) -> None:
    """Spans and marks along the years; the sheet is JSON."""


@solara.component_vue("statements.vue")
def Statements(sheet: str, shown: int, event_choose: Event = None, event_here: Event = None) -> None:
    """Sentences that can be searched, one of them open; the sheet is JSON."""


@solara.component_vue("doubt.vue")
def Doubt(sheet: str, event_put: Event = None) -> None:
    """Assumptions as sliders, a tick where the tables stand; the sheet is JSON."""
