"""The last month of which a scenario's files speak: who lets the run go on must say what is paid then.

A file says its phases up to the last month of its own run. In a longer run they would end there without a word, and
the state would stop paying.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from narco_door.base.months import FOREVER, end_number, month_number
from narco_door.scenario.conditions import Statute
from narco_door.scenario.orders import Order

type Standing = Mapping[tuple[str, str], int]
"""What stands to the last month of its file's run: (money, earmark or law; name) to the month after."""


def standing(before: Standing, form: Any, end: int, *, options: bool) -> Standing:
    """Return what stands once a layer is laid over: not what it says more of, and what it says to its run's end.

    Parameters
    ----------
    form
        The checked file, or the options, whose months are those that they were given.
    end
        The month after the last of the layer's run.
    """
    if form.resolved is not None:
        through = form.resolved.through
        return {} if through is None else dict.fromkeys(_written_out(form), end_number(through))
    after = dict(before)
    for phase in form.phase:
        for what in _decided(phase):
            _say(after, phase, what, end, options=options)
    return after


def says_more(before: Standing, phase: Any, what: tuple[str, str], end: int, *, options: bool) -> bool:
    """Whether a phase says what comes after something that stood: without it a longer run would lack a word."""
    after = dict(before)
    _say(after, phase, what, end, options=options)
    return what in before and after.get(what) != before[what]


def _say(stands: dict[tuple[str, str], int], phase: Any, what: tuple[str, str], end: int, *, options: bool) -> None:
    start, until = month_number(phase.start), end_number(phase.to)
    if until == end and not options:
        stands[what] = end
    elif start <= stands.get(what, -1) < until and _instead(phase, what):
        del stands[what]


def _written_out(form: Any) -> list[tuple[str, str]]:
    money = [("earmark" if order.share else "money", order.lever) for order in form.order]
    return [*money, *(("law", statute.law) for statute in form.law)]


def _decided(phase: Any) -> list[tuple[str, str]]:
    tables = (("money", phase.set), ("money", phase.add), ("earmark", phase.earmark), ("law", phase.law))
    return [(kind, name) for kind, table in tables for name in table.model_dump(exclude_none=True)]


def _instead(phase: Any, what: tuple[str, str]) -> bool:
    """Whether a phase says all that is decided in its months, not only how much more is paid."""
    kind, name = what
    return kind != "money" or getattr(phase.set, name) is not None


def spoken_of(stands: Standing, orders: Sequence[Order], statutes: Sequence[Statute]) -> int:
    """Return the month after the last of which the files speak: where the first of what stands would end."""
    decided: tuple[Order | Statute, ...] = (*orders, *statutes)
    return min((one.end for one in decided if _stands(one, stands)), default=FOREVER)


def gone_on[Dated: (Order, Statute)](found: Sequence[Dated], stands: Standing) -> list[Dated]:
    """Return orders or laws of which those that stand go on as long as any run."""
    return [replace(one, end=FOREVER) if _stands(one, stands) else one for one in found]


def _stands(one: Order | Statute, stands: Standing) -> bool:
    kind = "law" if isinstance(one, Statute) else "earmark" if one.share else "money"
    return stands.get((kind, one.law if isinstance(one, Statute) else one.lever)) == one.end
