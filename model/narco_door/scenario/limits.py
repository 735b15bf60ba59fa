"""How far a run may go: what its tables reach, what its files speak of, and counts within their bounds."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from narco_door.base.errors import UserError
from narco_door.base.months import month_number, month_text
from narco_door.scenario.conditions import Statute
from narco_door.scenario.orders import Order, Run
from narco_door.scenario.reading import title_of
from narco_door.scenario.schema import RunTable


def within_reach(run: Run) -> None:
    """Check that the tables know everybody who is 12-29 in a run, and how many people there are.

    Raises
    ------
    ValueError
        They do not; says which months the table reaches.
    """
    from narco_door.base.ages import FIRST_AGE, LAST_AGE
    from narco_door.country.places import load_places

    table = load_places(run.places)
    youths = table.first_birth_year * 12 + LAST_AGE - 1, table.last_birth_year * 12 + 11 + FIRST_AGE
    for of_whom, (first, last) in (("youths", youths), ("people", table.months_of_people)):
        if run.start < first or run.end - 1 > last:
            span = f"{month_text(run.start)} to {month_text(run.end - 1)}"
            reach = f"{month_text(first)} to {month_text(last)}"
            raise ValueError(f'the table of {of_whom} "{run.places}" reaches from {reach}; got {span}')


def enough_replicates(run: Run) -> None:
    """Check that each set has a replicate.

    Raises
    ------
    ValueError
        There are fewer replicates than sets.
    """
    if run.replicates < run.sets:
        raise ValueError(f"{run.sets} sets want as many replicates at least; got {run.replicates}")


def within_words(run: Run, horizon: int, decided: Iterable[Order | Statute]) -> None:
    """Check that the files of a scenario say what is paid, and which law holds, to the end of its run.

    Parameters
    ----------
    horizon
        The month after the last of which they speak.
    decided
        What they promise and enact.

    Raises
    ------
    ValueError
        They do not; names the phases that would end without a word.
    """
    last, to = month_text(horizon - 1), month_text(run.end - 1)
    if run.end > horizon:
        names = list(dict.fromkeys(f'"{one.phase}"' for one in decided if one.end == horizon))
        more = [f"{len(names) - 3} more"] if len(names) > 3 else []
        raise ValueError(
            f"the files say what is paid to {last} and the run goes on to {to}: {', '.join([*names[:3], *more])} would "
            f'end without a word; expected {last} at most, or [run] after = "same" or "nothing" (--set run.after=same)'
        )


def bounded(counts: Mapping[str, int | None]) -> dict[str, Any]:
    """Return the counts that are given; their bounds are those of a file's ``[run]``."""
    try:
        return RunTable.model_validate(counts).model_dump(exclude_none=True)
    except ValidationError as problem:
        wrong = problem.errors()[0]
    name = str(wrong["loc"][0])
    raise UserError(f"{name} is {title_of(RunTable.model_fields[name])}; got {wrong['input']!r}")


def last_month(text: str, start: int) -> int:
    """Return the absolute month that is meant by the last month of a run.

    Raises
    ------
    UserError
        If it is none, or lies before the first.
    """
    try:
        month = month_number(text)
    except ValueError as problem:
        raise UserError(f"until: {problem}") from None
    if month < start:
        raise UserError(f"until: {text} lies before the first month of the run, {month_text(start)}")
    return month
