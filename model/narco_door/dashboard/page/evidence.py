"""The evidence: what the model must not be used for, how it stands against the record, what is assumed."""

from __future__ import annotations

from collections import Counter
from html import escape
from typing import Any

import polars as pl
import solara

from narco_door.base.parameters import Parameter, levers, parameters, switches
from narco_door.dashboard.page.session import Run, use_run
from narco_door.dashboard.page.texts import group, html
from narco_door.dashboard.state import State
from narco_door.dashboard.tables import validated
from narco_door.show.formats import between, measured, number
from narco_door.show.words import Language, marked, say

GRADES = ("measured", "reported", "calibrated", "assumed")
LIMITS = ("forecast", "person", "operations", "budget", "states", "elsewhere")


@solara.component
def EvidenceView(state: State, run: Run) -> None:
    """The third depth of the page."""
    language = state.language
    html("section", _limits(language), "nd-card", "nd-limits")
    Validation(state)
    html("section", solara.use_memo(lambda: _numbers(language), [language]), "nd-card", "nd-numbers")
    html("section", solara.use_memo(lambda: _prices(language), [language]), "nd-card", "nd-prices")
    html("section", solara.use_memo(lambda: _mechanisms(language), [language]), "nd-card", "nd-mechanisms")


def _limits(language: Language) -> str:
    items = "".join(
        f"<li><strong>{escape(say(f'limit_{each}', language))}</strong> "
        f"{escape(say(f'limit_{each}_why', language))}</li>"
        for each in LIMITS
    )
    return f"<h2>{escape(say('not_for_head', language))}</h2><ul>{items}</ul>"


@solara.component
def Validation(state: State) -> None:
    """The common path against the targets, run like everything else."""
    language = state.language
    common = State(seed=state.seed, replicates=state.replicates, persons_per_agent=state.persons_per_agent)
    picture = use_run(common).picture.value
    ready = picture is not None and picture.refined and picture.complete
    table = solara.use_memo(lambda: validated(picture) if ready and picture is not None else None, [picture, ready])
    with group("section", "nd-card", "nd-validation"):
        html("h2", escape(say("validation_head", language)))
        scale = number(state.persons_per_agent)
        html("p", escape(say("validation_lead", language, n=state.replicates, scale=scale)), "nd-soft")
        if table is None:
            html("p", escape(say("validation_wait", language)), "nd-told")
        else:
            html("div", _validation(table, language))


def _validation(table: pl.DataFrame, language: Language) -> str:
    rows = table.to_dicts()
    blind = [row for row in rows if row["role"] != "fit"]
    score = say(
        "validation_score",
        language,
        held=sum(row["holds"] for row in rows),
        all=len(rows),
        held_blind=sum(row["holds"] for row in blind),
        all_blind=len(blind),
    )
    heads = ("target", "years", "wanted", "range", "got", "holds", "role", "source")
    body = "".join(_verdict(row, language) for row in rows)
    table_ = _scroll(say("validation_head", language), _table(heads, body, language))
    return f"<p>{escape(score)}</p>{table_}"


def _verdict(row: dict[str, Any], language: Language) -> str:
    holds = "yes" if row["holds"] else "no"
    cells = (
        f"{marked(str(row['target']), language)}<small>{marked(str(row['unit']), language)}</small>",
        escape(str(row["years"])),
        number(row["wanted"]),
        between(row["low"], row["high"], to="–"),
        measured(row["got"], row["spread"]),
        f"<span class='nd-verdict-{holds}'>{escape(say(holds, language))}</span>",
        escape(say(f"role_{row['role']}", language)),
        _source(str(row["study"]), language),
    )
    return _row(cells)


def _numbers(language: Language) -> str:
    table = parameters()
    grades = Counter(p.grade for p in table.values())
    counts = {grade: grades.get(grade, 0) for grade in GRADES}  # type: ignore[call-overload]
    bar = "".join(
        f"<i class='nd-grade-{grade}' style='width:{100 * n / len(table):.2f}%'></i>" for grade, n in counts.items()
    )
    keys = "".join(
        f"<span class='nd-key nd-grade-{grade}'>{escape(say(f'grade_{grade}', language))} {n}</span>"
        for grade, n in counts.items()
    )
    lead = say("grades_lead", language, all=len(table), **counts)
    groups = "".join(_group(name, language) for name in dict.fromkeys(p.group for p in table.values()))
    return (
        f"<h2>{escape(say('grades_head', language))}</h2><p>{escape(lead)}</p>"
        f"<div class='nd-grades' aria-hidden='true'>{bar}</div><div class='nd-legend'>{keys}</div>{groups}"
    )


def _group(name: str, language: Language) -> str:
    mine = [p for p in parameters().values() if p.group == name]
    head = say(f"group_{name}", language)
    heads = ("number", "value", "grade", "source")
    body = "".join(_parameter(p, language) for p in mine)
    return (
        f"<details><summary>{escape(head)} <span class='nd-soft'>({len(mine)})</span></summary>"
        f"{_scroll(head, _table(heads, body, language))}</details>"
    )


def _parameter(p: Parameter, language: Language) -> str:
    return _row(
        (
            f"{marked(p.meaning, language)}<small><code>{escape(p.name)}</code></small>",
            f"{number(p.value, unit=p.unit)}"
            f"<small>{between(p.low, p.high, unit=p.unit, to='–')} {marked(p.unit, language)}</small>",
            _grade(p.grade, language),
            _source(p.source, language),
        )
    )


def _grade(grade: str, language: Language) -> str:
    return f"<span class='nd-key nd-grade-{grade}'>{escape(say(f'grade_{grade}', language))}</span>"


def _source(source: str, language: Language) -> str:
    """A source; titles of publications stay in their own language."""
    return f"<small class='nd-source'>{marked(source, language)}</small>"


def _prices(language: Language) -> str:
    rows = []
    for lever in levers().values():
        rows.append(
            _row(
                (
                    f"{marked(lever.label, language)}<small>{marked(lever.meaning, language)}</small>",
                    f"{number(lever.unit_cost)}<small>{between(lever.low, lever.high, to='–')}</small>",
                    marked(lever.buys, language),
                    _grade(lever.grade, language),
                    _source(lever.source, language),
                )
            )
        )
    heads, head = ("lever", "price", "buys", "grade", "source"), say("prices_head", language)
    table = _table(heads, "".join(rows), language)
    return f"<h2>{escape(head)}</h2>{_scroll(head, table)}"


def _scroll(name: str, table: str) -> str:
    """A table that may be wider than the screen, and can be moved by keyboard."""
    return f"<div class='nd-scroll' tabindex='0' role='region' aria-label='{escape(name, quote=True)}'>{table}</div>"


def _mechanisms(language: Language) -> str:
    items = "".join(
        f"<dt>{marked(s.label, language)}</dt><dd>{marked(s.meaning, language)}</dd>" for s in switches().values()
    )
    return f"<h2>{escape(say('mechanisms_head', language))}</h2><dl>{items}</dl>"


def _table(heads: tuple[str, ...], body: str, language: Language) -> str:
    top = "".join(f"<th scope='col'>{escape(say(f'col_{head}', language))}</th>" for head in heads)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def _row(cells: tuple[str, ...]) -> str:
    first, *others = cells
    return f"<tr><th scope='row'>{first}</th>{''.join(f'<td>{cell}</td>' for cell in others)}</tr>"
