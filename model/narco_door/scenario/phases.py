"""What one file's phases say: checked against each other, then laid over what older files say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from narco_door.base.declared import laws, levers
from narco_door.base.errors import UserError
from narco_door.base.months import end_number, month_number, month_text
from narco_door.base.toml_lines import KeyPath
from narco_door.scenario.checking import check_condition, check_earmarks, check_places
from narco_door.scenario.conditions import Statute, Trigger
from narco_door.scenario.full_text import frozen
from narco_door.scenario.orders import Order, Run, Shares
from narco_door.scenario.reading import Origin

_VERBS = {"money": "pay", "earmark": "earmark taxes for", "law": "set the law"}


@dataclass(frozen=True)
class Layer:
    """One checked file, or the ``--set`` options, to be laid over what it extends."""

    name: str
    form: Any
    origin: Origin
    folder: Path | None

    def error(self, key: KeyPath, problem: str) -> UserError:
        """Return the error that says where the problem is and what it is."""
        return self.origin.error(key, problem)


# checked -----------------------------------------------------------------------------------------------------------


def check_phases(layer: Layer, run: Run) -> None:
    """Refuse what no field alone can show: no money and no law, months that never come, overlaps, unknown places."""
    if "phase" in layer.form.model_fields_set and not layer.form.phase and not layer.origin.options:
        problem = '"phase" is empty: it takes away nothing of what the scenario stands on, and adds nothing'
        raise layer.error(("phase",), f"{problem}; expected [[phase]], or to leave it out")
    spans: list[tuple[tuple[str, str], int, int, int]] = []
    for number, phase in enumerate(layer.form.phase):
        touched = _touched(layer, number)
        if not touched and not layer.origin.options:
            raise layer.error(
                ("phase", number),
                f'"{phase.name}" gives no money and sets no law: expected [phase.set], [phase.add], [phase.law] '
                "or [phase.earmark]",
            )
        start, end = month_number(phase.start), end_number(phase.to)
        if end <= start:
            problem = f'"{phase.name}" ends ({phase.to}) before it begins ({phase.start})'
            raise layer.error(("phase", number, "to"), problem)
        if start >= run.end:
            problem = f'"{phase.name}" begins ({phase.start}) after the run has ended ({month_text(run.end - 1)})'
            raise layer.error(("phase", number, "from"), f'{problem}; expected an earlier month, or a later [run] "to"')
        if end <= run.start and any(kind != "law" for kind, _ in touched):  # a law of the past may be told, and is over
            problem = f'"{phase.name}" ends ({phase.to}) before the run begins ({month_text(run.start)})'
            raise layer.error(("phase", number, "to"), f'{problem}; expected a later month, or an earlier [run] "from"')
        _check_shares(layer, number, run.places)
        if phase.when is not None:
            check_condition(phase.when, run.places, ("phase", number, "when"), layer.origin)
        for what in touched:
            for other, before, since, until in spans:
                if other == what and since < end and start < until:
                    raise _overlap(layer, what, before, number)
        spans += [(what, number, start, end) for what in touched]


def _touched(layer: Layer, number: int) -> list[tuple[str, str]]:
    """Return what a phase decides: kind (money, earmark, law) and name."""
    phase = layer.form.phase[number]
    exactly, more = money_of(phase.set), money_of(phase.add)
    for lever in exactly:
        if lever in more:
            raise layer.error(
                ("phase", number, "add", lever),
                f'"{lever}" is both in [phase.set] and in [phase.add] of "{phase.name}"',
            )
    return [
        *(("money", lever) for lever in (*exactly, *more)),
        *(("earmark", lever) for lever in money_of(phase.earmark)),
        *(("law", law) for law in laws_of(phase.law)),
    ]


def _overlap(layer: Layer, what: tuple[str, str], before: int, number: int) -> UserError:
    kind, name = what
    first, second = layer.form.phase[before], layer.form.phase[number]
    section = ("set" if name in money_of(second.set) else "add") if kind == "money" else kind
    return layer.error(
        ("phase", number, section, name),
        f'two phases {_VERBS[kind]} "{name}" in the same months: "{first.name}" ({first.start} to {first.to}) '
        f'and "{second.name}" ({second.start} to {second.to}); expected phases that do not overlap',
    )


def _check_shares(layer: Layer, number: int, table: str) -> None:
    """Refuse shares of unknown places, and what a phase says of money that it does not pay."""
    phase = layer.form.phase[number]
    paid = {*money_of(phase.set), *money_of(phase.add), *money_of(phase.earmark)}
    for key in ("channel", "allocation"):
        if not paid and key in phase.model_fields_set:
            problem = f'"{phase.name}" pays for nothing, so nothing reads its "{key}"'
            raise layer.error(
                ("phase", number, key), f"{problem}; expected [phase.set], [phase.add] or [phase.earmark]"
            )
    shares: dict[KeyPath, Any] = {("phase", number, "allocation"): phase.allocation}
    for lever, allocation in phase.allocations.model_dump(exclude_none=True).items():
        where: KeyPath = ("phase", number, "allocations", lever)
        if lever not in paid:
            raise layer.error(where, f'"{phase.name}" shares money of "{lever}" but gives it none')
        shares[where] = allocation
    for where, allocation in shares.items():
        check_places(allocation, table, where, layer.origin)


def money_of(table: Any) -> dict[str, float]:
    """Return the levers that a table of a phase names, in the order of the levers."""
    return {lever: float(value) for lever in levers() if (value := getattr(table, lever)) is not None}


def laws_of(table: Any) -> dict[str, float]:
    """Return the laws that a table of a phase names, in their order."""
    return {law: float(value) for law in laws() if (value := getattr(table, law)) is not None}


# laid over ---------------------------------------------------------------------------------------------------------


def lay_orders(orders: list[Order], layer: Layer) -> list[Order]:
    """Apply a layer's phases: ``set`` and ``earmark`` cut what older layers say for their lever in their months."""
    fresh: list[Order] = []
    for phase in layer.form.phase:
        start, end, when = span_of(phase)
        exactly, more, parts = money_of(phase.set), money_of(phase.add), money_of(phase.earmark)
        for lever in exactly:
            orders = [part for order in orders for part in _cut(order, lever, start, end, when=when)]
        for lever in parts:
            orders = [part for o in orders for part in (_cut(o, lever, start, end, when=when) if o.share else (o,))]
        for lever, money in (exactly | more).items():
            if money > 0:
                fresh.append(Order(lever, phase.channel, start, end, money, shared_by(phase, lever), phase.name, when))
        for lever, share in parts.items():
            if share > 0:
                shared = shared_by(phase, lever)
                fresh.append(Order(lever, phase.channel, start, end, 0.0, shared, phase.name, when, share=share))
    number = next((k for k, phase in enumerate(layer.form.phase) if money_of(phase.earmark)), 0)
    check_earmarks([*orders, *fresh], ("phase", number, "earmark"), layer.origin)
    return orders + fresh


def lay_laws(statutes: list[Statute], layer: Layer) -> list[Statute]:
    """Add a layer's laws; of two for the same month the later one holds."""
    fresh = []
    for phase in layer.form.phase:
        start, end, when = span_of(phase)
        fresh += [Statute(law, start, end, value, phase.name, when) for law, value in laws_of(phase.law).items()]
    return statutes + fresh


def span_of(phase: Any) -> tuple[int, int, Trigger | None]:
    """Return the months of a phase, the end not included, and the condition that it waits for."""
    start, end = month_number(phase.start), end_number(phase.to)
    when = phase.when
    if when is None:
        return start, end, None
    return start, end, Trigger(phase.name, when.record, when.place, when.months, when.above, when.below, start)


def shared_by(phase: Any, lever: str) -> Shares:
    """Return how a phase shares the money of a lever over places."""
    own = getattr(phase.allocations, lever)
    return frozen(phase.allocation if own is None else own)


def _cut(order: Order, lever: str, start: int, end: int, *, when: Trigger | None) -> Iterable[Order]:
    """Return what is left of an order outside the span, if it is for this lever.

    What replaces it may wait for a condition; then the order stands within the span until that is met.
    """
    if order.lever != lever or order.end <= start or end <= order.start:
        return (order,)
    parts = [
        replace(order, end=min(order.end, start)),
        replace(order, start=max(order.start, end)),
    ]
    if when is not None:
        inside = replace(order, start=max(order.start, start), end=min(order.end, end))
        parts.insert(1, replace(inside, unless=(*order.unless, when)))
    return [part for part in parts if part.start < part.end]


def clipped[Dated: (Order, Statute)](found: Iterable[Dated], start: int) -> Iterator[Dated]:
    """Drop the months before the run; the end stays, so that a shorter run is the same scenario."""
    for one in found:
        if one.end > start:
            yield replace(one, start=max(one.start, start))
