"""The evidence: what the model must not be used for, how it stands against the record, what is assumed."""

from __future__ import annotations

from collections import Counter
from html import escape

import polars as pl
import solara

from narco_door.country.facts import parameters
from narco_door.dashboard.page.session import Run, use_run
from narco_door.dashboard.page.sheets import table
from narco_door.dashboard.page.texts import group, html
from narco_door.dashboard.state import State
from narco_door.dashboard.tables import validated
from narco_door.show.catalogue import CATALOGUE, evidence
from narco_door.show.formats import number
from narco_door.show.sheets import Sheet, plain
from narco_door.show.words import Language, marked, say

GRADES = ("measured", "reported", "calibrated", "assumed")
LIMITS = ("forecast", "person", "operations", "budget", "states", "elsewhere")


@solara.component
def EvidenceView(state: State, run: Run) -> None:
    """The third depth of the page."""
    language = state.language
    html("section", _limits(language), "nd-card", "nd-limits")
    Validation(state)
    for name, content in solara.use_memo(lambda: tables(language), [language]).items():
        html("section", content, "nd-card", name)


def tables(language: Language) -> dict[str, str]:
    """What is assumed, what money buys and which mechanisms there are, by the class of its section."""
    return {
        "nd-numbers": _numbers(language),
        "nd-prices": _listed("levers", "prices_head", language),
        "nd-mechanisms": _listed("switches", "mechanisms_head", language),
    }


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
    verdicts = solara.use_memo(lambda: validated(picture) if ready and picture is not None else None, [picture, ready])
    with group("section", "nd-card", "nd-validation"):
        html("h2", escape(say("validation_head", language)))
        scale = number(state.persons_per_agent)
        html("p", escape(say("validation_lead", language, n=state.replicates, scale=scale)), "nd-soft")
        if verdicts is None:
            html("p", escape(say("validation_wait", language)), "nd-told")
        else:
            html("div", _validation(verdicts, language))


def _validation(verdicts: pl.DataFrame, language: Language) -> str:
    blind = verdicts.filter(pl.col("role") != "fit")
    score = say(
        "validation_score",
        language,
        held=verdicts["holds"].sum(),
        all=len(verdicts),
        held_blind=blind["holds"].sum(),
        all_blind=len(blind),
    )
    shown = table(evidence.validation(verdicts), say("validation_head", language), language)
    return f"<p>{escape(score)}</p>{shown}"


def _numbers(language: Language) -> str:
    known = parameters()
    grades = Counter(p.grade for p in known.values())
    counts = {grade: grades.get(grade, 0) for grade in GRADES}  # type: ignore[call-overload]
    bar = "".join(
        f"<i class='nd-grade-{grade}' style='width:{100 * n / len(known):.2f}%'></i>" for grade, n in counts.items()
    )
    keys = "".join(
        f"<span class='nd-key nd-grade-{grade}'>{marked(grade, language)} {n}</span>" for grade, n in counts.items()
    )
    lead = say("grades_lead", language, all=len(known), **counts)
    groups = "".join(_group(plain(group), part, language) for group, part in CATALOGUE["parameters"]().groups())
    return (
        f"<h2>{escape(say('grades_head', language))}</h2><p>{escape(lead)}</p>"
        f"<div class='nd-grades' aria-hidden='true'>{bar}</div><div class='nd-legend'>{keys}</div>{groups}"
    )


def _group(group: str, part: Sheet, language: Language) -> str:
    head = say(f"group_{group}", language)
    summary = f"{escape(head)} <span class='nd-soft'>({len(part.rows)})</span>"
    return f"<details><summary>{summary}</summary>{table(part, head, language)}</details>"


def _listed(name: str, head: str, language: Language) -> str:
    """A table of the catalogue under a heading of the page."""
    said = say(head, language)
    return f"<h2>{escape(said)}</h2>{table(CATALOGUE[name](), said, language)}"
