"""Which tables ``narco-door explain`` and ``narco-door show`` print."""

import time
from collections.abc import Sequence
from dataclasses import replace

from narco_door.base.errors import UserError, nearest
from narco_door.base.months import month_text
from narco_door.cli.looking import MEASURED
from narco_door.runs.options import RunOptions
from narco_door.scenario import load_one, load_parent, load_scenario
from narco_door.scenario.plan import Scenario
from narco_door.show import plans
from narco_door.show.catalogue import CATALOGUE
from narco_door.show.catalogue.model import beats_of_a_month
from narco_door.show.sheets import Head, Sheet
from narco_door.show.words import ENGLISH

SUBJECTS = (*CATALOGUE, "schema", *MEASURED)


def refuse_what_is_not_used(subject: str, options: RunOptions, *, timed: bool, language: str) -> None:
    """Refuse an option that a subject has no use for.

    Raises
    ------
    UserError
        It is given; names it.
    """
    if timed and subject != "order":
        raise UserError(f'--time is for the order of a month; "{subject}" has nothing to time')
    if subject in MEASURED:
        return
    given = [
        name
        for name in ("replicates", "sets", "seed", "persons_per_agent", "workers")
        if getattr(options, name) is not None
    ]
    if language != ENGLISH:
        given.append("language")
    if given and subject in SUBJECTS:
        told = ", ".join(f"--{name.replace('_', '-')}" for name in given)
        raise UserError(f'{told}: "{subject}" is not run; expected one of {", ".join(MEASURED)} with it')


def sheet_of(subject: str, *, timed: bool = False) -> Sheet:
    """Return the table that explains one subject.

    Parameters
    ----------
    subject
        One of the catalogue.
    timed
        For the order: live a few months and add the milliseconds of each beat.

    Raises
    ------
    UserError
        If there is nothing of that name to explain.
    """
    if subject not in CATALOGUE:
        hint = nearest(subject, SUBJECTS) or f"; expected one of {', '.join(SUBJECTS)}"
        raise UserError(f'nothing to explain about "{subject}"{hint}')
    return _timed(CATALOGUE[subject]()) if timed and subject == "order" else CATALOGUE[subject]()


def _timed(order: Sheet, months: int = 24, persons_per_agent: int = 100) -> Sheet:
    """Add the time of each beat in one short run after the machine has warmed up."""
    from narco_door.month.model import NarcoDoor

    scenario = load_one("baseline")
    until = month_text(scenario.run.start + months - 1)
    NarcoDoor(scenario.replace(persons_per_agent=1000, until=until)).step()
    model = NarcoDoor(scenario.replace(persons_per_agent=persons_per_agent, until=until))
    began = time.perf_counter()
    model.run()
    whole = (time.perf_counter() - began) / months * 1000
    cells = [f"{seconds / months * 1000:.1f}" for seconds in (model.world.seconds[b.name] for b in beats_of_a_month())]
    note = f"mean of {months} months at 1:{persons_per_agent}, one thread; a whole month takes {whole:.1f} ms"
    return replace(order.beside(Head("ms a month", right=True), cells), note=note)


def about(name: str, *, sets: Sequence[str] = ()) -> list[tuple[str, list[Sheet]]]:
    """Return what there is to say about a scenario or a comparison: words, and tables to follow them."""
    loaded = load_scenario(name, sets=sets)
    if isinstance(loaded, Scenario):
        return [_scenario(loaded, load_parent(name))]
    reference = loaded.reference
    words = f"{loaded.title}\n{loaded.question}\nCompared with: {reference.name}, {reference.title}"
    sheets = []
    for arm in loaded.arms:
        laws = plans.statutes(arm, reference, title=f"{arm.name}: laws")
        sheets += [plans.money(arm, reference, title=f"{arm.name}: {arm.title}"), *([laws] if laws.rows else [])]
    return [(words, sheets)]


def _scenario(scenario: Scenario, parent: Scenario | None) -> tuple[str, list[Sheet]]:
    run = scenario.run
    words = [
        scenario.title,
        scenario.question,
        f"Argued by: {scenario.argued_by}" if scenario.argued_by else "",
        f"Stands on: {' > '.join(scenario.lineage)}",
        (
            f"Run: {month_text(run.start)} to {month_text(run.end - 1)}, {run.replicates} replicates from "
            f"seed {run.seed}, 1 agent for {run.persons_per_agent} persons, places of {run.places}"
        ),
        f"Digest: {scenario.digest}",
        *(f"Source: {source}" for source in scenario.sources),
    ]
    added = [make(scenario, parent) for make in (plans.phases, plans.statutes, plans.events, plans.differences)]
    sheets = [plans.money(scenario, parent), *(sheet for sheet in added if sheet.rows)]
    return "\n".join(word for word in words if word), sheets
