"""What goes in: columns of the tables of places and their sources, organisations, places, scenarios."""

from __future__ import annotations

import tomllib

from narco_door.country.folder import countries, country_folder
from narco_door.scenario import Comparison, list_scenarios, load_one, load_scenario
from narco_door.scenario.schema import place_names
from narco_door.show.sheets import Cell, Code, Grade, Head, Row, Sheet, Source, joined


def inputs() -> Sheet:
    """Every column of the tables of places, with its source."""
    heads = (
        Head("country"), Head("column", whole=True), Head("meaning", under=True), Head("unit"),
        Head("year", under=True), Head("grade"), Head("source"),
    )  # fmt: skip
    rows: list[Row] = []
    for country in countries():
        book = country_folder(country) / "sources.toml"
        tables = tomllib.loads(book.read_text(encoding="utf-8")) if book.is_file() else {}
        rows += [
            (
                country, Code(f"{name}.{column}"), about["meaning"], about["unit"], str(about["year"]),
                Grade(about["grade"]), Source(about["source"]),
            )
            for name, columns in tables.items()
            for column, about in columns.items()
        ]  # fmt: skip
    return Sheet("Input tables", heads, rows, grouped=True)


def founders() -> Sheet:
    """The organisations of the first month."""
    from narco_door.country.places import load_places

    known = load_places()
    heads = (
        Head("organisation", whole=True), Head("seat"), Head("places", right=True),
        Head("share of members", right=True), Head("dominant"),
    )  # fmt: skip
    rows = [
        (c.name, known.name[c.seat], len(c.places), f"{c.size_share:.2f}", "yes" if c.dominant else "")
        for c in known.cartels
    ]
    return Sheet("Organisations of the first month", heads, rows)


def events() -> Sheet:
    """What befell cartels on record, as the baseline tells it."""
    from narco_door.show import plans

    return plans.events(load_one("baseline"), None)


def places() -> Sheet:
    """The places of each table and their codes."""
    heads = (Head("table"), Head("code", whole=True), Head("name"))
    rows = [(table, code, name) for table in countries() for code, name in place_names(table).items()]
    note = ("an allocation names them by code: ", Code("allocation = { 12 = 0.6, 16 = 0.4 }"))
    return Sheet("Places", heads, rows, note, grouped=True)


def scenarios() -> Sheet:
    """The scenarios and comparisons that come with the model, with the question that each asks."""
    heads = (
        Head("name", whole=True), Head("kind", under=True), Head("question"), Head("argued by", under=True),
        Head("stands on, or compares"),
    )  # fmt: skip
    rows: list[Row] = []
    for name, path in list_scenarios().items():
        plan = load_scenario(path)
        if isinstance(plan, Comparison):
            arms = joined(", ", [Code(arm.name) for arm in plan.arms])
            stands: Cell = (arms, "; reference ", Code(plan.reference.name))
            rows.append((Code(name), "comparison", plan.question, "", stands))
        else:
            stands = joined(" > ", [Code(parent) for parent in plan.lineage[:-1]])
            rows.append((Code(name), "scenario", plan.question, plan.argued_by, stands))
    note = (Code("narco-door show NAME"), " says more; ", Code("narco-door new NAME"), " begins another")
    return Sheet("Scenarios", heads, rows, note)
