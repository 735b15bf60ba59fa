"""One scenario file laid over another, the oldest first, until one frozen `Scenario` is left."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from narco_door.errors import UserError
from narco_door.months import month_number, month_text
from narco_door.parameters import Numbers, Switches, levers, nearest, parameters, switches
from narco_door.scenario.plan import Order, Run, Scenario, Shares
from narco_door.scenario.reading import Origin
from narco_door.scenario.schema import RunTable, place_codes, places
from narco_door.toml_lines import KeyPath

_DEFAULT_RUN = Run(
    start=month_number("2007-01"),
    end=month_number("2026-12") + 1,
    seed=1,
    replicates=4,
    persons_per_agent=100,
    places="mexico",
)


@dataclass(frozen=True)
class Layer:
    """One checked file, or the ``--set`` options, to be laid over what it extends."""

    name: str
    form: Any
    origin: Origin
    folder: Path | None


def build(layers: Sequence[Layer]) -> Scenario:
    """Lay the layers over each other, the oldest first."""
    last = next(layer for layer in reversed(layers) if layer.name)
    run, orders = _DEFAULT_RUN, list[Order]()
    numbers = {name: parameter.value for name, parameter in parameters().items()}
    mechanisms = dict.fromkeys(switches(), True)
    for layer in layers:
        run = _over(run, layer.form.run, layer.origin)
        numbers |= layer.form.parameters.model_dump(exclude_none=True)
        mechanisms |= layer.form.switches.model_dump(exclude_none=True)
        _check_phases(layer, run.places)
        orders = _flatten(orders, layer)
    resolved = last.form.resolved
    lineage = tuple(resolved.lineage) if resolved else tuple(layer.name for layer in layers if layer.name)
    return Scenario(
        name=resolved.name if resolved else last.name,
        title=last.form.title,
        question=last.form.question,
        argued_by=last.form.argued_by,
        sources=tuple(last.form.sources),
        lineage=lineage,
        run=run,
        orders=tuple(_clip(orders, run)),
        parameters=Numbers({name: float(value) for name, value in numbers.items()}),
        switches=Switches(mechanisms),
    )


def _over(run: Run, table: RunTable, origin: Origin) -> Run:
    """Lay a ``[run]`` table over a run."""
    given = table.model_dump(exclude_none=True)
    if "to" in given:
        given["end"] = month_number(given.pop("to")) + 1
    if "start" in given:
        given["start"] = month_number(given["start"])
    changed = replace(run, **given)
    if changed.end <= changed.start:
        key = "to" if table.to is not None else "from"
        span = f"{month_text(changed.start)} to {month_text(changed.end - 1)}"
        raise origin.error(("run", key), f"the run ends before it begins: {span}")
    if changed.places not in places():
        hint = nearest(changed.places, places())
        raise origin.error(
            ("run", "places"),
            f'no table of places "{changed.places}"{hint}; expected one of {", ".join(places())}',
        )
    return changed


def _check_phases(layer: Layer, table: str) -> None:
    """Refuse what no field alone can show: no money, months in the wrong order, overlaps, unknown places."""
    spans: list[tuple[str, int, int, int]] = []
    for number, phase in enumerate(layer.form.phase):
        touched = _touched(layer, number)
        if not touched and not layer.origin.options:
            raise layer.origin.error(
                ("phase", number),
                f'"{phase.name}" gives no money: expected [phase.set] or [phase.add]',
            )
        start, end = month_number(phase.start), month_number(phase.to) + 1
        if end <= start:
            problem = f'"{phase.name}" ends ({phase.to}) before it begins ({phase.start})'
            raise layer.origin.error(("phase", number, "to"), problem)
        _check_shares(layer, number, table)
        for lever in touched:
            for other, before, since, until in spans:
                if other == lever and since < end and start < until:
                    raise _overlap(layer, lever, before, number)
        spans += [(lever, number, start, end) for lever in touched]


def _touched(layer: Layer, number: int) -> list[str]:
    phase = layer.form.phase[number]
    exactly, more = _money(phase.set), _money(phase.add)
    for lever in exactly:
        if lever in more:
            raise layer.origin.error(
                ("phase", number, "add", lever),
                f'"{lever}" is both in [phase.set] and in [phase.add] of "{phase.name}"',
            )
    return [*exactly, *more]


def _overlap(layer: Layer, lever: str, before: int, number: int) -> UserError:
    first, second = layer.form.phase[before], layer.form.phase[number]
    section = "set" if lever in _money(second.set) else "add"
    return layer.origin.error(
        ("phase", number, section, lever),
        f'two phases pay "{lever}" in the same months: "{first.name}" ({first.start} to {first.to}) '
        f'and "{second.name}" ({second.start} to {second.to}); expected phases that do not overlap',
    )


def _check_shares(layer: Layer, number: int, table: str) -> None:
    """Refuse shares of unknown places, and shares of a lever that the phase does not pay."""
    phase, codes = layer.form.phase[number], place_codes(table)
    paid = {*_money(phase.set), *_money(phase.add)}
    shares: dict[KeyPath, Any] = {("phase", number, "allocation"): phase.allocation}
    for lever, allocation in phase.allocations.model_dump(exclude_none=True).items():
        key: KeyPath = ("phase", number, "allocations", lever)
        if lever not in paid:
            raise layer.origin.error(key, f'"{phase.name}" shares money of "{lever}" but gives it none')
        shares[key] = allocation
    for where, allocation in shares.items():
        for place in allocation if isinstance(allocation, dict) else ():
            if place not in codes:
                hint = _near_code(place, codes)
                raise layer.origin.error(where, f'no place "{place}" in the table "{table}"{hint}')


def _near_code(place: str, codes: Sequence[str]) -> str:
    padded = place.zfill(len(codes[0]))
    return f'; did you mean "{padded}"?' if padded in codes else f"; expected a code from {codes[0]} to {codes[-1]}"


def _money(table: Any) -> dict[str, float]:
    """Return the levers that a ``[phase.set]`` or ``[phase.add]`` names, in the order of the levers."""
    return {lever: float(value) for lever in levers() if (value := getattr(table, lever)) is not None}


def _flatten(orders: list[Order], layer: Layer) -> list[Order]:
    """Apply a layer's phases: ``set`` cuts what older layers say for its lever in its months."""
    if layer.form.order or layer.form.resolved:
        return _written_out(layer)
    fresh: list[Order] = []
    for phase in layer.form.phase:
        start, end = month_number(phase.start), month_number(phase.to) + 1
        exactly, more = _money(phase.set), _money(phase.add)
        for lever in exactly:
            orders = [part for order in orders for part in _cut(order, lever, start, end)]
        for lever, money in (exactly | more).items():
            shares = getattr(phase.allocations, lever)
            allocation = _frozen(phase.allocation if shares is None else shares)
            if money > 0:
                fresh.append(Order(lever, phase.channel, start, end, money, allocation, phase.name))
    return orders + fresh


def _cut(order: Order, lever: str, start: int, end: int) -> Iterable[Order]:
    """Return what is left of an order outside the span, if it is for this lever."""
    if order.lever != lever or order.end <= start or end <= order.start:
        return (order,)
    parts = (
        replace(order, end=min(order.end, start)),
        replace(order, start=max(order.start, end)),
    )
    return (part for part in parts if part.start < part.end)


def _frozen(allocation: str | dict[str, float]) -> Shares:
    return allocation if isinstance(allocation, str) else tuple(sorted(allocation.items()))


def _clip(orders: Iterable[Order], run: Run) -> Iterable[Order]:
    """Drop the months before the run; the end stays, so that a shorter run is the same scenario."""
    for order in orders:
        if order.end > run.start:
            yield replace(order, start=max(order.start, run.start))


def _written_out(layer: Layer) -> list[Order]:
    """Read the ``[[order]]`` tables of a scenario that was written out in full."""
    form, origin = layer.form, layer.origin
    if form.resolved is None:
        raise origin.error(
            ("order",),
            "[[order]] stands only in written-out scenarios; expected [[phase]]",
        )
    if form.extends is not None or form.phase:
        key = "extends" if form.extends is not None else "phase"
        raise origin.error((key,), f'a written-out scenario stands alone; "{key}" has no place in it')
    found = []
    for number, table in enumerate(form.order):
        if table.lever not in levers():
            raise origin.error(
                ("order", number, "lever"),
                f'unknown lever "{table.lever}"{nearest(table.lever, levers())}',
            )
        start, end = month_number(table.start), month_number(table.to) + 1
        if end <= start:
            raise origin.error(
                ("order", number, "to"),
                f"ends ({table.to}) before it begins ({table.start})",
            )
        found.append(
            Order(
                table.lever,
                table.channel,
                start,
                end,
                table.musd_year,
                _frozen(table.allocation),
                table.phase,
            )
        )
    return found
