"""The tables of the documents, written from the code, so that no document can go stale.

`uv run python -m narco_door.show.documents` rewrites what stands between `<!-- generated: NAME -->` and
`<!-- end -->` in
the documents beside the package and in the guide; with `--check` it only says which are out of date.
"""

from __future__ import annotations

import ast
import csv
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from narco_door.base.declared import laws, levers, records, switches
from narco_door.base.errors import UserError
from narco_door.base.months import month_text
from narco_door.country.facts import parameters
from narco_door.country.folder import countries, country_folder
from narco_door.country.places import load_places
from narco_door.month import beats
from narco_door.month.model import BEATS
from narco_door.questions.targets import targets
from narco_door.scenario import Comparison, list_scenarios, load_one, load_scenario
from narco_door.show.entities import VARIABLES

HOME = Path(__file__).parents[2]
_REGION = re.compile(r"(<!-- generated: (?P<name>[\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_FAMILIES = {"opens": "opens the other doors", "narrows": "narrows the narco door", "state": "state against cartels"}
_ROLES = {
    "fit": "parameters may be adjusted to it",
    "check": "looked at, never adjusted to",
    "validation": "looked at last",
}


def paths() -> list[Path]:
    """The documents: those beside the package, then the pages of the site that are written by hand."""
    pages = (
        path for path in sorted((HOME / "docs").rglob("*.md")) if path.parent.name in ("docs", "guide", "reference")
    )
    found = [*sorted(HOME.glob("*.md")), *pages]
    if not found:
        raise UserError(f"no document in {HOME}; the documents come with the repository, not with the package")
    return found


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; what Markdown would read otherwise within a cell, a bar or a dollar sign, is escaped."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(_cell(cell) for cell in line)} |\n" for line in lines)


def _cell(value: object) -> str:
    if isinstance(value, int | float):
        return number(value)
    return " ".join(str(value).replace("|", "\\|").replace("$", "\\$").split())


def number(value: float) -> str:
    """A number to read: thousands apart, four figures that count."""
    return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:.4g}"


def _code(name: str) -> str:
    return f"`{name}`"


# what is in the model ----------------------------------------------------------------------------------------------


def scales() -> str:
    """Months, places and people of a run, as the baseline sets them."""
    run = load_one("baseline").run
    places = load_places(run.places)
    return table(
        ("scale", "of a run"),
        (
            ("step", "a month"),
            ("months", f"{run.months}: {month_text(run.start)} to {month_text(run.end - 1)}"),
            ("places", f"{len(places)} of the table `{run.places}`, from {places.name[0]} to {places.name[-1]}"),
            ("people", "everyone who is 12-29 in some month of the run"),
            ("persons an agent", f"{run.persons_per_agent}, set by `persons_per_agent`; 1 is allowed"),
            ("replicates", f"{run.replicates}, set by `replicates`"),
            ("money", "US$ of 2010"),
        ),
    )


def entities() -> str:
    """Every state variable with its axes, unit and meaning."""
    return table(
        ("entity", "variable", "for each", "unit", "meaning"),
        ((v.entity, _code(v.where), v.axes, v.unit, v.meaning) for v in VARIABLES),
    )


def order() -> str:
    """The beats of a month."""
    rows = []
    for k, beat in enumerate(BEATS, start=1):
        does = (getattr(beats, beat.name).__doc__ or "").strip().splitlines()[0]
        rows.append((k, _code(f"beats.{beat.name}"), does, beat.reads, beat.writes))
    return table(("", "beat", "what happens", "reads", "writes"), rows)


def decisions() -> str:
    """Every named decision that chance takes part in, and the function that asks."""
    found: list[tuple[str, str]] = []
    for path in sorted(Path(__file__).parent.parent.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        owners: list[ast.Module | ast.ClassDef] = [
            tree,
            *(node for node in tree.body if isinstance(node, ast.ClassDef)),
        ]
        for function in (node for owner in owners for node in owner.body if isinstance(node, ast.FunctionDef)):
            found += [(name, f"{path.stem}.{function.name}") for name in _asked(function)]
    return table(("decision", "asked by"), ((name, _code(where)) for name, where in sorted(set(found))))


def _asked(function: ast.FunctionDef) -> Iterable[str]:
    for call in ast.walk(function):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute) or not call.args:
            continue
        drawn = call.func.attr in ("key", "uniform", "uniforms") and ast.unparse(call.func.value).endswith("draws")
        if drawn or call.func.attr == "_luck":
            first = call.args[0]
            if isinstance(first, ast.Constant | ast.JoinedStr):
                yield first.value if isinstance(first, ast.Constant) else ast.unparse(first)[2:-1]  # type: ignore[misc]


def parameter_table() -> str:
    """Every parameter, a table for each group."""
    groups: dict[str, list[Sequence[object]]] = {}
    for p in parameters().values():
        bounds = f"{number(p.low)} to {number(p.high)}"
        row = (_code(p.name), p.value, p.unit, bounds, p.meaning, p.grade, p.kind, p.source)
        groups.setdefault(p.group, []).append(row)
    heads = ("name", "value", "unit", "bounds", "meaning", "grade", "kind", "source")
    return "\n".join(f"**{group}**\n\n{table(heads, rows)}" for group, rows in groups.items())


def lever_table() -> str:
    """Every lever with what it buys at which price."""
    return table(
        ("name", "family", "buys", "unit cost, US$", "bounds", "lag, months", "meaning", "grade", "source"),
        (
            (
                _code(v.name), _FAMILIES[v.family], v.buys, v.unit_cost, f"{number(v.low)} to {number(v.high)}",
                v.lag_months, v.meaning, v.grade, v.source,
            )
            for v in levers().values()
        ),
    )  # fmt: skip


def law_table() -> str:
    """Every law with its status quo and the switch that it works through."""
    return table(
        ("name", "status quo", "unit", "bounds", "switch", "meaning", "grade", "source"),
        (
            (
                _code(v.name), v.value, v.unit, f"{number(v.low)} to {number(v.high)}", _code(v.mechanism), v.meaning,
                v.grade, v.source,
            )
            for v in laws().values()
        ),
    )  # fmt: skip


def switch_table() -> str:
    """Every mechanism that can be switched off."""
    return table(("name", "meaning"), ((_code(s.name), s.meaning) for s in switches().values()))


def record_table() -> str:
    """Every record; those of money once for all levers."""
    rows = [
        (_code(r.name), r.kind, r.unit, r.says, r.weight and _code(r.weight)) for r in records().values() if not r.lever
    ]
    some = next(iter(levers()))
    for r in (r for r in records().values() if r.lever == some):
        each = f"{r.says.replace(some, 'a lever')}; one record for each lever, like `{r.name}`"
        rows.append((_code(r.name.removesuffix(some)), r.kind, r.unit, each, ""))
    return table(("record", "kind", "unit", "meaning", "national mean weighed by"), rows)


# what goes in ------------------------------------------------------------------------------------------------------


def input_table() -> str:
    """Every column of the tables of places, with its source."""
    books = {country: country_folder(country) / "sources.toml" for country in countries()}
    rows = [
        (country, _code(f"{name}.{column}"), *(about[k] for k in ("unit", "year", "meaning", "grade", "source")))
        for country, book in books.items()
        if book.is_file()
        for name, columns in tomllib.loads(book.read_text(encoding="utf-8")).items()
        for column, about in columns.items()
    ]
    return table(("country", "column", "unit", "year", "meaning", "grade", "source"), rows)


def founder_table() -> str:
    """The organisations of the first month."""
    places = load_places()
    rows = (
        (c.name, places.name[c.seat], len(c.places), f"{c.size_share:.2f}", "yes" if c.dominant else "")
        for c in places.cartels
    )
    return table(("organisation", "seat", "places", "share of members", "dominant"), rows)


def scenario_table() -> str:
    """The scenarios and comparisons that come with the model."""
    rows = []
    for name in list_scenarios():
        plan = load_scenario(name)
        if isinstance(plan, Comparison):
            arms = ", ".join(_code(arm.name) for arm in plan.arms)
            rows.append((_code(name), plan.question, "", f"{arms}; reference {_code(plan.reference.name)}"))
        else:
            rows.append((_code(name), plan.question, plan.argued_by, " > ".join(map(_code, plan.lineage[:-1]))))
    return table(("name", "question", "argued by", "stands on, or compares"), rows)


# how far to trust it -----------------------------------------------------------------------------------------------


def target_table() -> str:
    """Every figure from history that a run is held against."""
    rows = (
        (t.name, _years(*t.years), t.value, f"{number(t.low)} to {number(t.high)}", t.unit, t.role, t.study)
        for t in targets()
    )
    words = "; ".join(f"*{role}*: {meaning}" for role, meaning in _ROLES.items())
    heads = ("target", "years", "value", "range", "unit", "role", "study")
    return f"{table(heads, rows)}\n{words}.\n"


def _years(first: int, last: int) -> str:
    return f"{first}" if first == last else f"{first}-{last}"


def grade_table() -> str:
    """How many numbers of each group are measured, reported, calibrated and assumed."""
    grades = ("measured", "reported", "calibrated", "assumed")
    groups = {p.room: Counter[str]() for p in parameters().values()} | {"levers (prices)": Counter[str]()}
    for p in parameters().values():
        groups[p.room][p.grade] += 1
    for v in levers().values():
        groups["levers (prices)"][v.grade] += 1
    groups["all"] = sum(groups.values(), Counter[str]())
    rows = ((group, *(count[g] for g in grades), count.total()) for group, count in groups.items())
    return table(("room", *grades, "all"), rows)


def calibration_table() -> str:
    """What the calibration reached, as it wrote it down."""
    path = HOME / "calibration" / "result.toml"
    if not path.is_file():
        return "No calibration has been written down in `model/calibration`.\n"
    wanted = {t.key: t for t in targets()}
    parts = []
    for stage, found in tomllib.loads(path.read_text(encoding="utf-8")).items():
        rows = [_reached(wanted[key].name, got, wanted[key].value, wanted[key].low, wanted[key].high)
                for key, got in found["got"].items()]  # fmt: skip
        fitted = ", ".join(_code(name) for name in found["values"])
        parts.append(
            f"Stage *{stage}*: {found['trials']} trials, loss {number(found['loss'])}; fitted: {fitted}.\n\n"
            + table(("target", "wanted", "range", "got", "within"), rows)
        )
    return "\n".join(parts)


def _reached(name: str, got: float, wanted: float, low: float, high: float) -> Sequence[object]:
    return (name, wanted, f"{number(low)} to {number(high)}", got, "yes" if low <= got <= high else "**no**")


def validation_table() -> str:
    """The baseline against the record, from the file that is kept with the calibration."""
    path = HOME / "calibration" / "validation.csv"
    if not path.is_file():
        return "No validation run has been written down in `model/calibration` yet.\n"
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    rows = [_verdict(line) for line in lines]
    held = Counter((line["role"], line["holds"].lower() == "true") for line in lines)
    said = "; ".join(
        f"*{role}*: {held[role, True]} of {held[role, True] + held[role, False]} within" for role in _ROLES
    )
    return f"{table(('target', 'years', 'wanted', 'range', 'got', 'within', 'role'), rows)}\n{said}.\n"


def _verdict(line: dict[str, Any]) -> Sequence[object]:
    got, spread = float(line["got"]), line.get("spread")
    value = number(got) + (f" ± {number(float(spread))}" if spread else "")
    within = "yes" if line["holds"].lower() == "true" else "**no**"
    bounds = f"{number(float(line['low']))} to {number(float(line['high']))}"
    return (line["target"], line["years"], float(line["wanted"]), bounds, value, within, line["role"])


def command_table() -> str:
    """Every command of `narco-door` with its options."""
    import typer

    from narco_door.cli import app

    commands: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    rows = []
    for name, command in commands.items():
        given = [p for p in command.params if p.name != "help"]
        words = [p.opts[0] if p.opts[0].startswith("-") else p.metavar or p.name.upper() for p in given]
        options = " ".join(_code(word) for word in words)
        rows.append((_code(f"narco-door {name}"), (command.help or "").splitlines()[0], options))
    return table(("command", "what it does", "takes"), rows)


MAKERS: dict[str, Callable[[], str]] = {
    "scales": scales, "entities": entities, "order": order, "decisions": decisions, "parameters": parameter_table,
    "levers": lever_table, "laws": law_table, "switches": switch_table, "records": record_table, "inputs": input_table,
    "founders": founder_table, "scenarios": scenario_table, "targets": target_table, "grades": grade_table,
    "calibration": calibration_table, "validation": validation_table, "commands": command_table,
}  # fmt: skip


def renewed(text: str, *, where: str = "") -> str:
    """The text with every generated region as the code has it now.

    Raises
    ------
    UserError
        If a region has no end or asks for a table that is not made here.
    """
    opened = re.findall(r"<!-- generated: ([\w-]+) -->", text)
    closed = [match["name"] for match in _REGION.finditer(text)]
    if opened != closed or text.count("<!-- end -->") != len(opened):
        raise UserError(f"{where}: a generated region has no end; expected <!-- end --> after each")
    for name in opened:
        if name not in MAKERS:
            raise UserError(f'{where}: no table "{name}"; expected one of {", ".join(MAKERS)}')
    return _REGION.sub(lambda match: f"{match[1]}\n{MAKERS[match['name']]()}\n{match[3]}", text)


def stale() -> dict[Path, str]:
    """Each document that is out of date, with the text that it should have."""
    found = {path: path.read_text(encoding="utf-8") for path in paths()}
    fresh = {path: renewed(text, where=path.name) for path, text in found.items()}
    return {path: text for path, text in fresh.items() if text != found[path]}


def main(words: Sequence[str]) -> int:
    """Rewrite the documents, or with `--check` say which are out of date; 1 if any was, when checking."""
    if list(words) not in ([], ["--check"]):
        raise UserError(f"expected --check or nothing; got {' '.join(words)}")
    old = stale()
    for path, text in old.items():
        if words:
            sys.stderr.write(f"{path.relative_to(HOME)} is out of date; run: python -m narco_door.show.documents\n")
        else:
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"{path.relative_to(HOME)} is rewritten\n")
    return 1 if old and words else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except UserError as error:
        sys.exit(f"narco-door: {error}")
