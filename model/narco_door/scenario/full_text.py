"""A scenario written out in full: every number of it in one text, and the way back."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import tomlkit

from narco_door.base.declared import laws, levers
from narco_door.base.errors import nearest
from narco_door.base.months import FOREVER, end_number, last_text, month_number, month_text
from narco_door.base.toml_lines import KeyPath
from narco_door.scenario.checking import check_condition, check_earmarks, check_places
from narco_door.scenario.conditions import Statute, Trigger
from narco_door.scenario.orders import DatedEvent, Order, Shares
from narco_door.scenario.plan import Scenario
from narco_door.scenario.reading import Origin


def full_text(scenario: Scenario) -> str:
    """Write a scenario as a text that stands alone and reads back to an equal one."""
    document = tomlkit.document()
    document.add(tomlkit.comment("Written out in full by narco-door: every number that the run used."))
    for name, value in (_header(scenario) | _tables(scenario)).items():
        document.add(name, tomlkit.item(value))
    for name, tables in (
        ("order", [_order_table(order) for order in scenario.orders]),
        ("law", [_statute_table(statute) for statute in scenario.statutes]),
        ("event", [_event_table(event) for event in scenario.events]),
    ):
        if tables:
            listed = tomlkit.aot()
            for table in tables:
                listed.append(tomlkit.item(table))
            document.add(name, listed)
    return tomlkit.dumps(document)


def _header(scenario: Scenario) -> dict[str, object]:
    return {
        "title": scenario.title,
        "question": scenario.question,
        "argued_by": scenario.argued_by,
        "sources": list(scenario.sources),
        **({"without_events": list(scenario.without_events)} if scenario.without_events else {}),
    }


def _tables(scenario: Scenario) -> dict[str, object]:
    run = scenario.run
    return {
        "resolved": {
            "name": scenario.name,
            "lineage": list(scenario.lineage),
            **({"through": last_text(scenario.horizon)} if scenario.horizon < FOREVER else {}),
        },
        "run": {
            "from": month_text(run.start),
            "to": month_text(run.end - 1),
            "seed": run.seed,
            "replicates": run.replicates,
            **({"sets": run.sets} if run.sets else {}),
            "persons_per_agent": run.persons_per_agent,
            "places": run.places,
        },
        "parameters": dict(scenario.parameters.plain()),
        "switches": dict(scenario.switches.plain()),
    }


def _order_table(order: Order) -> dict[str, object]:
    shares = order.allocation
    return {
        "lever": order.lever,
        "channel": order.channel,
        "from": month_text(order.start),
        "to": last_text(order.end),
        "musd_year": order.musd_year,
        "allocation": shares if isinstance(shares, str) else dict(shares),
        "phase": order.phase,
        **({"share": order.share} if order.share else {}),
        **({"when": _condition(order.when)} if order.when else {}),
        **({"unless": [_condition(trigger) for trigger in order.unless]} if order.unless else {}),
    }


def _statute_table(statute: Statute) -> dict[str, object]:
    return {
        "law": statute.law,
        "from": month_text(statute.start),
        "to": last_text(statute.end),
        "value": statute.value,
        "phase": statute.phase,
        **({"when": _condition(statute.when)} if statute.when else {}),
    }


def _event_table(event: DatedEvent) -> dict[str, object]:
    said = asdict(event) | {"month": month_text(event.month), "places": list(event.places), "with": event.partner}
    del said["partner"]
    return {name: value for name, value in said.items() if value}


def _condition(trigger: Trigger) -> dict[str, object]:
    side = {"above": trigger.above} if trigger.above is not None else {"below": trigger.below}
    return {
        "phase": trigger.phase,
        "record": trigger.record,
        "place": trigger.place,
        "months": trigger.months,
        **side,
        "from": month_text(trigger.start),
    }


# the way back ------------------------------------------------------------------------------------------------------


def read_orders(form: Any, origin: Origin, places: str) -> list[Order]:
    """Read the ``[[order]]`` tables of a scenario that was written out in full.

    Raises
    ------
    UserError
        If it is not marked as written out, stands on another or has phases, or says what no phase may say.
    """
    if "order" in form.model_fields_set and form.resolved is None:
        raise origin.error(("order",), "[[order]] stands only in written-out scenarios; expected [[phase]]")
    if form.extends is not None or form.phase:
        key = "extends" if form.extends is not None else "phase"
        raise origin.error((key,), f'a written-out scenario stands alone; "{key}" has no place in it')
    orders = [_order(table, ("order", number), origin, places) for number, table in enumerate(form.order)]
    shared = next((number for number, order in enumerate(orders) if order.share), 0)
    check_earmarks(orders, ("order", shared, "share"), origin)
    return orders


def read_statutes(form: Any, origin: Origin, places: str) -> list[Statute]:
    """Read the ``[[law]]`` tables of a scenario that was written out in full; strict like `read_orders`."""
    if "law" in form.model_fields_set and form.resolved is None:
        raise origin.error(("law",), "[[law]] stands only in written-out scenarios; expected [phase.law]")
    return [_statute(table, ("law", number), origin, places) for number, table in enumerate(form.law)]


def _order(table: Any, key: KeyPath, origin: Origin, places: str) -> Order:
    _expect_known(table.lever, levers(), (*key, "lever"), origin)
    start, end = _span(table, (*key, "to"), origin)
    check_places(table.allocation, places, (*key, "allocation"), origin)
    unless = (_read(other, (*key, "unless", k), origin, places) for k, other in enumerate(table.unless))
    return Order(
        table.lever, table.channel, start, end, table.musd_year, frozen(table.allocation), table.phase,
        _waited(table, key, origin, places), tuple(unless), table.share,
    )  # fmt: skip


def _statute(table: Any, key: KeyPath, origin: Origin, places: str) -> Statute:
    _expect_known(table.law, laws(), (*key, "law"), origin)
    start, end = _span(table, (*key, "to"), origin)
    law = laws()[table.law]
    if not law.low <= table.value <= law.high:
        raise origin.error(
            (*key, "value"),
            f'"{law.name}" = {table.value:g} is out of bounds; expected {law.low:g} to {law.high:g} ({law.unit})',
        )
    return Statute(table.law, start, end, table.value, table.phase, _waited(table, key, origin, places))


def _expect_known(name: str, known: Iterable[str], key: KeyPath, origin: Origin) -> None:
    if name not in known:
        raise origin.error(key, f'unknown {key[-1]} "{name}"{nearest(name, known)}')


def _span(table: Any, key: KeyPath, origin: Origin) -> tuple[int, int]:
    start, end = month_number(table.start), end_number(table.to)
    if end <= start:
        raise origin.error(key, f"ends ({table.to}) before it begins ({table.start})")
    return start, end


def _waited(table: Any, key: KeyPath, origin: Origin, places: str) -> Trigger | None:
    return None if table.when is None else _read(table.when, (*key, "when"), origin, places)


def _read(table: Any, key: KeyPath, origin: Origin, places: str) -> Trigger:
    check_condition(table, places, key, origin)
    return Trigger(
        table.phase, table.record, table.place, table.months, table.above, table.below, month_number(table.start)
    )


def frozen(allocation: str | Mapping[str, float]) -> Shares:
    """Return shares by place as they stand in an order."""
    return allocation if isinstance(allocation, str) else tuple(sorted(allocation.items()))
