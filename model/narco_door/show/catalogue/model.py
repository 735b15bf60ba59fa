"""What is in the model: entities, the order of a month, decisions, parameters, levers, laws, switches, records."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from narco_door.base import declared as tables
from narco_door.base.months import month_text
from narco_door.base.tables import DATA
from narco_door.country import facts
from narco_door.month.beat import Beat
from narco_door.scenario import load_one
from narco_door.show.sheets import Cell, Code, Grade, Head, Number, Range, Row, Sheet, Source, joined

PACKAGE = DATA.parent
FAMILIES = {"opens": "opens the other doors", "narrows": "narrows the narco door", "state": "state against cartels"}

NAME = Head("name", whole=True)
LABEL = Head("label", under=True)
GRADE = Head("grade", under=True)
TEXTS = (Head("meaning"), Head("source", under=True))


def scales() -> Sheet:
    """Months, places and people of a run, as the baseline sets them."""
    from narco_door.country.places import load_places

    run = load_one("baseline").run
    places = load_places(run.places)
    rows: list[Row] = [
        ("step", "a month"),
        ("months", f"{run.months}: {month_text(run.start)} to {month_text(run.end - 1)}"),
        (
            "places",
            (f"{len(places)} of the table ", Code(run.places), f", from {places.name[0]} to {places.name[-1]}"),
        ),
        ("people", "everyone who is 12-29 in some month of the run"),
        ("persons an agent", (f"{run.persons_per_agent}, set by ", Code("persons_per_agent"), "; 1 is allowed")),
        ("replicates", (f"{run.replicates}, set by ", Code("replicates"))),
        ("money", "US$ of 2010"),
    ]
    return Sheet("Scales", (Head("scale", whole=True), Head("of a run")), rows)


def entities() -> Sheet:
    """Every state variable with its axes, unit and meaning."""
    from narco_door.show.entities import VARIABLES

    heads = (Head("entity", whole=True), Head("variable", whole=True), Head("for each"), Head("unit"), Head("meaning"))
    rows = [(v.entity, Code(v.where), v.axes, v.unit, v.meaning) for v in VARIABLES]
    return Sheet("State variables", heads, rows)


def order() -> Sheet:
    """The beats of a month."""
    heads = (
        Head("", right=True), Head("beat", whole=True), Head("what happens"), Head("takes"), Head("reads"),
        Head("writes"),
    )  # fmt: skip
    rows: list[Row] = [
        (k, Code(beat.name), beat.summary, ", ".join(beat.takes), ", ".join(beat.reads), ", ".join(beat.writes))
        for k, beat in enumerate(beats_of_a_month(), 1)
    ]
    return Sheet("The order of a month", heads, rows)


def beats_of_a_month() -> list[Beat]:
    """The beats in the order in which a month calls them."""
    from narco_door.month.order import order as in_order

    return in_order()


def decisions() -> Sheet:
    """Every named decision that chance takes part in, and the function that asks."""
    found: set[tuple[str, str]] = set()
    for path in sorted(PACKAGE.rglob("*.py")):
        module = ast.parse(path.read_text(encoding="utf-8"))
        owners: list[ast.Module | ast.ClassDef] = [
            module,
            *(node for node in module.body if isinstance(node, ast.ClassDef)),
        ]
        for function in (node for owner in owners for node in owner.body if isinstance(node, ast.FunctionDef)):
            found |= {(name, f"{path.stem}.{function.name}") for name in _asked(function)}
    heads = (Head("decision", whole=True), Head("asked by"))
    return Sheet("Decisions", heads, [(name, Code(where)) for name, where in sorted(found)])


def _asked(function: ast.FunctionDef) -> Iterator[str]:
    """Name every decision that a function draws for."""
    for call in ast.walk(function):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute) or not call.args:
            continue
        drawn = call.func.attr in ("key", "uniform", "uniforms") and ast.unparse(call.func.value).endswith("draws")
        if drawn or call.func.attr == "_luck":
            first = call.args[0]
            if isinstance(first, ast.Constant):
                yield str(first.value)
            elif isinstance(first, ast.JoinedStr):
                yield ast.unparse(first)[2:-1]


def parameters() -> Sheet:
    """Every parameter, by group."""
    heads = (
        Head("group"), NAME, Head("meaning", under=True), Head("value", right=True), Head("unit", under=True),
        Head("bounds", under=True), Head("grade"), Head("kind", under=True), Head("prior"),
        Head("its ends", under=True), Head("why these", under=True), Head("source"),
    )  # fmt: skip
    rows: list[Row] = [
        (
            p.room, Code(p.name), p.meaning, Number(p.value, unit=p.unit), p.unit, Range(p.low, p.high, unit=p.unit),
            Grade(p.grade), p.kind, p.prior, Range(p.prior_low, p.prior_high, unit=p.unit) if p.prior else "",
            p.prior_source, Source(p.source),
        )
        for p in facts.parameters().values()
    ]  # fmt: skip
    note = ("set one with ", Code("[parameters]"), " in a file, or with ", Code("--set parameters.NAME=VALUE"))
    return Sheet("Parameters", heads, rows, note, grouped=True)


def levers() -> Sheet:
    """Every lever with what it buys at which price."""
    heads = (
        NAME, LABEL, Head("unit cost, US$ of 2010", right=True), Head("bounds", under=True), GRADE, Head("buys one of"),
        Head("family", under=True), Head("lag, months", right=True), *TEXTS,
    )  # fmt: skip
    rows: list[Row] = [
        (
            Code(v.name), v.label, v.unit_cost, Range(v.low, v.high), Grade(v.grade), v.buys, FAMILIES[v.family],
            v.lag_months, v.meaning, Source(v.source),
        )
        for v in tables.levers().values()
    ]  # fmt: skip
    note = ("spend with ", Code("[phase.set]"), " or ", Code("[phase.add]"), ", in US$ m of 2010 a year")
    return Sheet("Levers", heads, rows, note)


def effects() -> Sheet:
    """What each lever does in the model, and whatever else says it beside its number."""
    heads = (NAME, Head("what it does here"), Head("at most"))
    kinds = (tables.levers(), tables.laws(), tables.switches(), facts.parameters())
    told = [entry for kind in kinds for entry in kind.values() if entry.does]
    rows = [(Code(v.name), _with_code(v.does), _with_code(getattr(v, "at_most", ""))) for v in told]
    return Sheet("Effects", heads, rows, ("a unit of a lever is what ", Code("narco-door explain levers"), " says"))


def _with_code(text: str) -> Cell:
    """A text in which names of the code stand between backquotes."""
    parts = [Code(part) if k % 2 else part for k, part in enumerate(text.split("`")) if part]
    return joined("", parts)


def laws() -> Sheet:
    """Every law with its status quo and the switch that it works through."""
    heads = (
        NAME, LABEL, Head("status quo", right=True), Head("unit", under=True), Head("bounds", under=True), GRADE,
        Head("switch", whole=True), *TEXTS,
    )  # fmt: skip
    rows: list[Row] = [
        (
            Code(v.name), v.label, v.value, v.unit, Range(v.low, v.high), Grade(v.grade), Code(v.mechanism), v.meaning,
            Source(v.source),
        )
        for v in tables.laws().values()
    ]  # fmt: skip
    note = (
        "set one with ", Code("[phase.law]"), " in a file, or with ", Code("--set law.NAME@2011-04..2026-12=VALUE"),
        "; it costs nothing",
    )  # fmt: skip
    return Sheet("Laws", heads, rows, note)


def switches() -> Sheet:
    """Every mechanism that can be switched off."""
    heads = (NAME, LABEL, Head("meaning"))
    rows = [(Code(s.name), s.label, s.meaning) for s in tables.switches().values()]
    note = ("all are on; turn one off with ", Code("--set switches.NAME=false"))
    return Sheet("Switches", heads, rows, note)


def records() -> Sheet:
    """Every record; those of money once for all levers."""
    heads = (
        Head("record", whole=True), Head("kind"), Head("unit", under=True), Head("meaning"),
        Head("national mean weighed by"),
    )  # fmt: skip
    some = next(iter(tables.levers()))
    rows: list[Row] = []
    for r in tables.records().values():
        if r.lever == some:
            each = (f"{r.says.replace(some, 'a lever')}; one record for each lever, like ", Code(r.name))
            rows.append((Code(r.name.removesuffix(some)), r.kind, r.unit, each, ""))
        elif not r.lever:
            rows.append((Code(r.name), r.kind, r.unit, r.says, Code(r.weight) if r.weight else ""))
    return Sheet("Records", heads, rows, ("by month and place; place ", Code("00"), " is the nation"))
