"""The comparison: lines with bands, a map of the states, what became of the money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from html import escape
from typing import Any

import solara

from narco_door.base.declared import levers
from narco_door.base.nation import NATION
from narco_door.country.places import load_places
from narco_door.dashboard import charts, maps
from narco_door.dashboard.measures import Lines, accounts, lines, tiles
from narco_door.dashboard.page.controls import number
from narco_door.dashboard.page.doors import TimeBar
from narco_door.dashboard.page.history import TimeLine
from narco_door.dashboard.page.parts import Drawing, Pick, Segments
from narco_door.dashboard.page.session import Change, Run
from narco_door.dashboard.page.texts import (
    group,
    html,
    month_text_of,
    place_label,
    policy_label,
    scenario_label,
)
from narco_door.dashboard.page.told import use_owner
from narco_door.dashboard.state import MAPPED, State, choices
from narco_door.dashboard.work import Picture
from narco_door.results.intervals import Band
from narco_door.results.measures import mapped
from narco_door.show.formats import fixed, money, signed
from narco_door.show.words import Language, about, kin, say, translated


@solara.component
def ComparisonView(state: State, change: Change, run: Run) -> None:
    """The second depth of the page."""
    picture, owner = run.picture.value, use_owner(run, state)
    with group("section", "nd-card", "nd-lines", aria_label=say("lines_head", state.language)):
        Choosers(state, change)
        TimeBar(state, change)
        html("div", _legend(owner, picture), "nd-legend")
        LineCharts(state, change, picture)
        TimeLine(state, change)
    with group("section", "nd-card", "nd-map", aria_label=say("map_label", state.language)):
        TileMap(state, change, picture)
    html("section", _accounts(state, picture), "nd-card", "nd-accounts")


@solara.component
def Choosers(state: State, change: Change) -> None:
    """Which place, and whether both worlds are shown or what lies between them."""
    language, places = state.language, load_places()
    html("h2", escape(say("lines_head", language)))
    with group("div", "nd-choosers"):
        names = sorted(zip(places.name, places.code, strict=True))
        Pick(
            label=say("place_label", language),
            items=[
                {"id": NATION, "label": place_label(NATION, language)},
                *({"id": code, "label": name} for name, code in names),
            ],
            value=state.place,
            event_choose=lambda code: change(replace(state, place=str(code))),
        )
        Segments(
            label=say("levels_label", language),
            name="gap",
            items=[{"id": word, "label": say(word, language)} for word in ("levels", "gap")],
            value="gap" if state.gap else "levels",
            event_choose=lambda word: change(replace(state, gap=word == "gap")),
        )


def _legend(state: State, picture: Picture | None) -> str:
    language = state.language
    mine = say("this_policy", language, name=policy_label(state))
    theirs = say("the_reference", language, name=scenario_label(state.reference, language))
    sure = picture is not None and len(picture.policy) > 1
    keys = (
        f"<span class='nd-key nd-policy'>{escape(mine)}</span><span class='nd-key nd-reference'>{escape(theirs)}</span>"
    )
    note = say("bands" if sure else "no_bands", language)
    return (
        f"{keys}<span class='nd-soft'>{escape(note)} {escape(say('events_marked', language))} "
        f"{escape(say('click_month', language))}</span>"
    )


@solara.component
def LineCharts(state: State, change: Change, picture: Picture | None) -> None:
    """Eight charts; a click on one moves the month."""
    drawn = solara.use_memo(lambda: [] if picture is None else lines(picture, state.place), [picture, state.place])
    first, months = state.first, state.last - state.first + 1

    def look(sent: Any) -> None:
        month = number(sent)
        if month is not None:
            change(replace(state, month=first + int(month)))

    told = tuple(event.month for event in choices().path.happening)
    frame = charts.Frame(first, months, state.shown, state.start, told)
    with group("div", "nd-grid-charts"):
        for chart in drawn:
            svg = charts.chart(chart, frame, gap=state.gap, label=_told(chart, state))
            with group("figure", "nd-figure"):
                html("figcaption", _caption(chart, state))
                Drawing(svg=svg, glide=False, event_month=look)


def _caption(chart: Lines, state: State) -> str:
    language, name = state.language, chart.measure.name
    values = "".join(
        f"<span class='nd-value nd-{world}'>{told}</span>" for world, told in _values(chart, state).items() if told
    )
    return (
        f"<strong>{escape(about(f'line_{name}', name, language))}</strong>{values}"
        f"<span class='nd-unit'>{escape(say(f'line_unit_{kin(name)}', language))}</span>"
    )


def _values(chart: Lines, state: State) -> dict[str, str]:
    """What both worlds have in the month that is looked at, or what lies between them."""
    month, digits = state.shown - state.first, chart.measure.drawn_digits
    if state.gap:
        gap = _at(chart.gap, month)
        return {"policy": "" if gap is None else signed(gap, digits)}
    found = {"policy": _at(chart.policy, month), "reference": _at(chart.reference, month)}
    return {world: "" if value is None else fixed(value, digits) for world, value in found.items()}


def _at(band: Band | None, month: int) -> float | None:
    if band is None or not 0 <= month < band.mean.size or band.mean[month] != band.mean[month]:
        return None
    return float(band.mean[month])


def _told(chart: Lines, state: State) -> str:
    """A chart in words."""
    name, values = chart.measure.name, _values(chart, state)
    fields = {
        "what": about(f"line_{name}", name, state.language),
        "unit": say(f"line_unit_{kin(name)}", state.language),
        "month": month_text_of(state.shown, state.language, long=True),
    }
    if state.gap:
        return say("chart_gap_told", state.language, **fields, gap=values["policy"] or "–")
    told = {world: value or "–" for world, value in values.items()}
    return say("chart_told", state.language, **fields, **told)


def _called(record: str, language: Language) -> str:
    """What a record that can be mapped is called."""
    return about(f"record_{record}", record.removeprefix("n_"), language)


@solara.component
def TileMap(state: State, change: Change, picture: Picture | None) -> None:
    """One record by state; choosing a state looks at it alone."""
    language, months = state.language, state.shown - state.first + 1
    found = solara.use_memo(
        lambda: {} if picture is None else tiles(picture, state.record, months), [picture, state.record, months]
    )

    def pick(code: Any) -> None:
        change(replace(state, place=NATION if code == state.place else str(code)))

    html("h2", escape(say("map_head", language, month=month_text_of(state.shown, language, long=True))))
    Pick(
        label=say("map_label", language),
        items=[{"id": record, "label": _called(record, language)} for record in MAPPED],
        value=state.record,
        event_choose=lambda record: change(replace(state, record=str(record))),
    )
    label = say("map_told", language, what=_called(state.record, language))
    svg = maps.tile_svg(load_places(), found, gap=state.gap, chosen=state.place, label=label, ident="nd-tiles")
    with group("div", "nd-map-box"):
        Drawing(svg=svg, event_pick=pick)
    html("div", _key(state, picture), "nd-map-key")


def _key(state: State, picture: Picture | None) -> str:
    language = state.language
    unit = say(f"map_{mapped(state.record).name}", language)
    if state.gap:
        sure = picture is not None and len(picture.policy) > 1
        unit = say("map_gap" if sure else "map_gap_one", language, unit=unit)
    boxes = "".join(f"<i style='background:{colour}'></i>" for colour in maps.swatches(gap=state.gap))
    return (
        f"<p><span>{escape(say('less', language))}</span><span class='nd-swatches' aria-hidden='true'>{boxes}</span>"
        f"<span>{escape(say('more', language))}</span></p><p class='nd-soft'>{escape(unit)}. "
        f"{escape(say('map_pick', language))}</p>"
    )


def _accounts(state: State, picture: Picture | None) -> str:
    language = state.language
    head = f"<h2>{escape(say('accounts_head', language))}</h2>"
    if picture is None or not picture.policy or not picture.reference or picture.months <= picture.plan.lived_before:
        return head
    since, months = picture.plan.lived_before, state.shown - state.first + 1
    since = min(since, months - 1)
    mine, theirs = (accounts(tracks, list(levers()), since, months) for tracks in (picture.policy, picture.reference))
    paid = [name for name in levers() if mine[name]["promised"] or theirs[name]["promised"]]
    most = max((max(mine[n]["promised"], theirs[n]["promised"]) for n in paid), default=1.0)
    rows = "".join(_account(name, mine[name], theirs[name]["promised"], most, state) for name in paid)
    unit = say(
        "accounts_unit",
        language,
        since=month_text_of(state.first + since, language),
        end=month_text_of(state.shown, language),
    )
    words = ("spent", "leaked", "unspent", "reference")
    keys = "".join(f"<span class='nd-key nd-{word}'>{escape(say(f'part_{word}', language))}</span>" for word in words)
    body = f"<ul>{rows}</ul>" if rows else f"<p>{escape(say('accounts_none', language))}</p>"
    return f"{head}<p class='nd-soft'>{escape(unit)}</p><div class='nd-legend'>{keys}</div>{body}"


def _account(name: str, account: Mapping[str, float], reference: float, most: float, state: State) -> str:
    lever = levers()[name]
    label = translated(lever.label, state.language)
    parts = {part: max(account[part], 0.0) for part in ("spent", "leaked", "unspent")}
    told = say(
        "account_told",
        state.language,
        lever=label,
        reference=money(reference),
        **{word: money(amount) for word, amount in parts.items()},
    )
    bars = "".join(f"<i class='nd-{word}' style='width:{100 * part / most:.2f}%'></i>" for word, part in parts.items())
    mark = f"<b style='left:{100 * reference / most:.2f}%'></b>" if reference else ""
    return (
        f"<li><span class='nd-account-name' aria-hidden='true'>{escape(label)}</span>"
        f"<span class='nd-hidden'>{escape(told)}</span>"
        f"<span class='nd-account-bar' aria-hidden='true'>{bars}{mark}</span>"
        f"<span class='nd-account-n' aria-hidden='true'>{money(account['promised'])}</span></li>"
    )
