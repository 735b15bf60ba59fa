"""The evidence: what the model must not be used for, how it stands against the record, what is assumed."""

from __future__ import annotations

from collections import Counter
from html import escape

import polars as pl
import solara

from narco_door.base.declared import Parameter, levers, switches
from narco_door.country.facts import parameters
from narco_door.dashboard.page.session import Run, use_run
from narco_door.dashboard.page.texts import group, html
from narco_door.dashboard.phrases import limits, marked, tell
from narco_door.dashboard.state import State
from narco_door.dashboard.tables import validated
from narco_door.show.words import LANGUAGES, Language

GRADES = ("measured", "reported", "calibrated", "assumed")


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
    items = "".join(f"<li><strong>{escape(head)}</strong> {escape(more)}</li>" for head, more in limits(language))
    return f"<h2>{escape(tell('not_for_head', language))}</h2><ul>{items}</ul>"


@solara.component
def Validation(state: State) -> None:
    """The common path against the targets, run like everything else."""
    language = state.language
    common = State(seed=state.seed, replicates=state.replicates, persons_per_agent=state.persons_per_agent)
    picture = use_run(common).picture.value
    ready = picture is not None and picture.refined and picture.complete
    table = solara.use_memo(lambda: validated(picture) if ready and picture is not None else None, [picture, ready])
    with group("section", "nd-card", "nd-validation"):
        html("h2", escape(tell("validation_head", language)))
        scale = f"{state.persons_per_agent:,}"
        html("p", escape(tell("validation_lead", language, n=state.replicates, scale=scale)), "nd-soft")
        if table is None:
            html("p", escape(tell("validation_wait", language)), "nd-told")
        else:
            html("div", _validation(table, language))


def _validation(table: pl.DataFrame, language: Language) -> str:
    rows = table.to_dicts()
    blind = [row for row in rows if row["role"] != "fit"]
    score = tell(
        "validation_score",
        language,
        held=sum(row["holds"] for row in rows),
        all=len(rows),
        held_blind=sum(row["holds"] for row in blind),
        all_blind=len(blind),
    )
    heads = ("target", "years", "wanted", "range", "got", "holds", "role", "source")
    body = "".join(_verdict(row, language) for row in rows)
    table_ = _scroll(tell("validation_head", language), _table(heads, body, language))
    return f"<p>{escape(score)}</p>{table_}"


def _verdict(row: dict[str, object], language: Language) -> str:
    holds = "yes" if row["holds"] else "no"
    spread = "" if row["spread"] is None else f" ± {_figure(f'{row["spread"]:.2g}')}"
    cells = (
        f"{marked(str(row['target']), language)}<small>{marked(str(row['unit']), language)}</small>",
        escape(str(row["years"])),
        _figure(row["wanted"]),
        f"{_figure(row['low'])}–{_figure(row['high'])}",
        f"{_figure(row['got'])}{spread}",
        f"<span class='nd-verdict-{holds}'>{escape(tell(holds, language))}</span>",
        escape(tell(f"role_{row['role']}", language)),
        _source(str(row["study"]), language),
    )
    return _row(cells)


def _figure(value: object) -> str:
    number = float(str(value))
    if number != number:
        return "–"
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.3g}"


def _numbers(language: Language) -> str:
    table = parameters()
    grades = Counter(p.grade for p in table.values())
    counts = {grade: grades.get(grade, 0) for grade in GRADES}  # type: ignore[call-overload]
    bar = "".join(
        f"<i class='nd-grade-{grade}' style='width:{100 * n / len(table):.2f}%'></i>" for grade, n in counts.items()
    )
    keys = "".join(
        f"<span class='nd-key nd-grade-{grade}'>{escape(tell(f'grade_{grade}', language))} {n}</span>"
        for grade, n in counts.items()
    )
    lead = tell("grades_lead", language, all=len(table), **counts)
    groups = "".join(_group(name, language) for name in dict.fromkeys(p.room for p in table.values()))
    return (
        f"<h2>{escape(tell('grades_head', language))}</h2><p>{escape(lead)}</p>"
        f"<div class='nd-grades' aria-hidden='true'>{bar}</div><div class='nd-legend'>{keys}</div>{groups}"
    )


def _group(name: str, language: Language) -> str:
    mine = [p for p in parameters().values() if p.room == name]
    head = tell(f"group_{name}", language)
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
            f"{p.value:,g}<small>{p.low:,g}–{p.high:,g} {marked(p.unit, language)}</small>",
            _grade(p.grade, language),
            _source(p.source, language),
        )
    )


def _grade(grade: str, language: Language) -> str:
    return f"<span class='nd-key nd-grade-{grade}'>{escape(tell(f'grade_{grade}', language))}</span>"


def _source(source: str, language: Language) -> str:
    """A source; titles of publications stay in their own language."""
    return f"<small class='nd-source'>{marked(source, language)}</small>"


def _prices(language: Language) -> str:
    rows = []
    for lever in levers().values():
        label = (lever.label, lever.etiqueta)[LANGUAGES.index(language)]
        rows.append(
            _row(
                (
                    f"{escape(label)}<small>{marked(lever.meaning, language)}</small>",
                    f"{lever.unit_cost:,g}<small>{lever.low:,g}–{lever.high:,g}</small>",
                    marked(lever.buys, language),
                    _grade(lever.grade, language),
                    _source(lever.source, language),
                )
            )
        )
    heads, head = ("lever", "price", "buys", "grade", "source"), tell("prices_head", language)
    table = _table(heads, "".join(rows), language)
    return f"<h2>{escape(head)}</h2>{_scroll(head, table)}"


def _scroll(name: str, table: str) -> str:
    """A table that may be wider than the screen, and can be moved by keyboard."""
    return f"<div class='nd-scroll' tabindex='0' role='region' aria-label='{escape(name, quote=True)}'>{table}</div>"


def _mechanisms(language: Language) -> str:
    items = "".join(
        f"<dt>{escape((s.label, s.etiqueta)[LANGUAGES.index(language)])}</dt><dd>{marked(s.meaning, language)}</dd>"
        for s in switches().values()
    )
    return f"<h2>{escape(tell('mechanisms_head', language))}</h2><dl>{items}</dl>"


def _table(heads: tuple[str, ...], body: str, language: Language) -> str:
    top = "".join(f"<th scope='col'>{escape(tell(f'col_{head}', language))}</th>" for head in heads)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def _row(cells: tuple[str, ...]) -> str:
    first, *others = cells
    return f"<tr><th scope='row'>{first}</th>{''.join(f'<td>{cell}</td>' for cell in others)}</tr>"
