"""The documents say what the code says: tables are fresh, names exist, examples run."""

from __future__ import annotations

import ast
import os
import re
import shlex
import textwrap
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
import typer
from typer.testing import CliRunner, Result

import narco_door
from narco_door import NarcoDoor, compare, load_scenario
from narco_door.base.compiling import CACHE, MEMORY
from narco_door.base.declared import KINDS, laws, levers, switches
from narco_door.base.errors import UserError
from narco_door.base.tables import DATA
from narco_door.book.book import RECORDS
from narco_door.cli import app
from narco_door.cli.documenting import TABLES
from narco_door.country.facts import parameters
from narco_door.country.folder import countries
from narco_door.month.order import order
from narco_door.scenario import list_scenarios, load_one, scenario_from_toml
from narco_door.scenario.schema import CompareTable, RunTable, WhenTable, scenario_file
from narco_door.show import documents
from narco_door.show.entities import VARIABLES

ROOT = documents.HOME.parent
PACKAGE = Path(narco_door.__file__).parent
DOCUMENTS = documents.paths()
ELEMENTS = (
    "Purpose and patterns", "Entities, state variables and scales", "Process overview and scheduling",
    "Design concepts", "Initialization", "Input data", "Submodels",
)  # fmt: skip
CONCEPTS = (
    "Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction", "Sensing", "Interaction",
    "Stochasticity", "Collectives", "Observation",
)  # fmt: skip
# words in code type that are nobody's name: values, files of a run, columns of its tables, keys of a file
WORDS = {
    "00", "domestic", "aid", "need", "population", "violence", "code", "entry_month", "month", "if", "-year",
    "compare", "phase", "NARCO_DOOR_TRACEBACK", "manifest.json", "series.parquet", "events.parquet",
    "careers.parquet", "concurrent.futures", "replicates", "out", "workers", "executor", "youth", "records",
    "results/", "results/NAME-HASH/", "results/validate/", "figures/", "shards/",
}  # fmt: skip
TOOLS = (
    "python model/calibration/calibrate.py", "sphinx-build", "pytest", "ruff", "mypy",
)  # fmt: skip


def by_name(path: Path) -> str:
    return path.relative_to(documents.HOME).as_posix()


# tables ------------------------------------------------------------------------------------------------------------


def test_no_table_is_out_of_date() -> None:
    assert not [path.name for path in documents.stale(TABLES)], "run: uv run narco-door documents"


def test_every_table_that_is_made_is_used() -> None:
    used = {name for path in DOCUMENTS for name in re.findall(r"<!-- generated: ([\w-]+) -->", path.read_text())}
    assert used == set(TABLES)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<!-- generated: parameters -->\n\nrow\n", "no end"),
        ("<!-- end -->\n", "no end"),
        ("<!-- generated: levers -->\n<!-- generated: order -->\n<!-- end -->\n", "no end"),
        ("<!-- generated: prices -->\n<!-- end -->\n", 'no table "prices"'),
    ],
)
def test_a_region_that_cannot_be_filled_is_told(text: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        documents.renewed(text, TABLES, where="page.md")


def test_a_region_is_filled_and_nothing_else_is_touched() -> None:
    text = "Before.\n<!-- generated: switches -->\nwhat was here\n<!-- end -->\nAfter.\n"
    once = documents.renewed(text, TABLES)
    assert once.startswith("Before.\n<!-- generated: switches -->\n\n| name |")
    assert once.endswith("<!-- end -->\nAfter.\n")
    assert "what was here" not in once
    assert documents.renewed(once, TABLES) == once


def test_checking_tells_and_rewriting_mends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "PAGE.md"
    page.write_text("<!-- generated: levers -->\n<!-- end -->\n")
    monkeypatch.setattr(documents, "HOME", tmp_path)

    def narco_door(*words: str) -> Result:
        return CliRunner().invoke(app, ["documents", *words])

    told = narco_door("--check")
    assert told.exit_code == 1
    assert "PAGE.md is out of date" in told.stderr
    assert narco_door().exit_code == 0
    assert narco_door("--check").exit_code == 0
    assert all(f"`{lever}`" in page.read_text() for lever in levers())
    page.unlink()
    told = narco_door("--check")
    assert told.exit_code == 2
    assert "come with the repository" in told.stderr


# names -------------------------------------------------------------------------------------------------------------


def names_of_module(path: Path) -> Iterator[str]:
    """Every name that a module defines, as `module.name`, `module.Class.member` and `module.member`."""
    home = path.parent.name if path.stem == "__init__" else path.stem
    yield home
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        for name in defined(node):
            yield f"{home}.{name}"
            if isinstance(node, ast.ClassDef):
                for member in members(node):
                    yield f"{home}.{member}"
                    yield f"{home}.{name}.{member}"


def defined(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.ImportFrom):
        return [alias.asname or alias.name for alias in node.names]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)]


def members(node: ast.ClassDef) -> set[str]:
    own = {name for part in node.body for name in defined(part)}
    kept = {
        part.attr
        for part in ast.walk(node)
        if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id == "self"
    }
    return own | kept


@cache
def names_of_tests() -> frozenset[str]:
    found = set()
    for path in (ROOT / "tests").rglob("*.py"):
        found.add(path.name)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    return frozenset(name for name in found if name.startswith("test_") or name.endswith(".py"))


@cache
def known() -> frozenset[str]:
    """Every name that a document may set in code type."""
    found = {name for path in PACKAGE.rglob("*.py") for name in names_of_module(path)}
    found |= {*parameters(), *levers(), *laws(), *switches(), *list_scenarios(), *(r.name for r in RECORDS)}
    found |= {f"{prefix}_" for prefix in ("n", "new", "promised", "spent", "leaked", "unspent", "width", "belief")}
    found |= {*narco_door.__all__, *(f"narco_door.{word}" for word in (*narco_door.__all__, "__all__"))}
    found |= {v.where for v in VARIABLES} | {beat.name for beat in order()} | WORDS
    found |= set(countries())
    for file in DATA.glob("*/sources.toml"):
        sources = tomllib.loads(file.read_text(encoding="utf-8"))
        found |= {f"{name}.{column}" for name, columns in sources.items() for column in columns} | set(sources)
    return frozenset(found | keys_of_files() | names_of_tests() | {path.name for path in DATA.glob("*/*")})


@cache
def keys_of_files() -> frozenset[str]:
    """Every key of a scenario or comparison file, and the words of the command line."""
    form = scenario_file().model_fields
    phase = form["phase"].annotation.__args__[0].model_fields
    tables = (RunTable, CompareTable, WhenTable)
    found = set(form) | {name for table in tables for name in table.model_fields} | set(phase) | {"from"}
    for command in commands().values():
        for parameter in command.params:
            found |= {*parameter.opts, str(parameter.metavar or parameter.name.upper()), "A B...", "NAME..."}
    return frozenset(found)


@cache
def commands() -> dict[str, Any]:
    return dict(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def said_in_code(text: str) -> list[str]:
    prose = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.findall(r"(?<!`)`([^`\n]+)`(?!`)", prose)


@cache
def made_up() -> frozenset[str]:
    """Parameters that the guide adds as examples."""
    tables = (re.findall(r"^\[\w+\.(\w+)\]$", path.read_text(encoding="utf-8"), re.MULTILINE) for path in DOCUMENTS)
    return frozenset(name for found in tables for name in found)


def is_there(said: str) -> bool:
    """Whether what stands in code type is something that exists."""
    if said in known() or said in {CACHE, MEMORY}:
        return True
    if said.startswith(("narco-door ", "uv run ", "python3 -m pip")):
        return is_command(said)
    if said.startswith("--"):
        return all(word in keys_of_files() for word in said.split() if word.startswith("--"))
    if said.startswith("[") and said.endswith("]"):  # a table of a scenario file
        return all(part in keys_of_files() | {*KINDS, "NAME"} for part in said.strip("[]").split("."))
    if said.startswith('numbers["'):
        return said.removeprefix('numbers["').removesuffix('"]') in {*parameters(), *made_up()}
    if " = " in said:  # a line of a scenario file
        return set(tomllib.loads(said)) <= known()
    if re.search(r"NAME|YEAR", said):  # a pattern of file names: one like it is there
        like = re.sub("NAME|YEAR", "*", said)
        return any(DATA.glob(like))
    return any((home / said).exists() for home in (ROOT, documents.HOME, PACKAGE)) and "/" in said


def is_command(line: str) -> bool:
    words = [word for word in shlex.split(line, comments=True) if word not in ("uv", "run")] or ["uv"]
    if words[:2] == ["python3", "-m"]:
        return words[2:4] == ["pip", "install"]
    if words[0] != "narco-door":
        named = all((ROOT / word).exists() for word in words if word.endswith(".py"))
        return named and line.startswith(tuple(f"uv run {tool}" for tool in TOOLS))
    if "run" in line.split("narco-door")[1].split()[:1]:
        words.insert(1, "run")
    if len(words) == 1 or words[1].startswith("-"):
        return set(words[1:]) <= {"--help", "-h"}
    command = commands().get(words[1])
    options = {option for parameter in command.params for option in parameter.opts} if command else set()
    return command is not None and all(word in {*options, "--help"} for word in words[2:] if word.startswith("--"))


OF_THE_MODEL = [path for path in DOCUMENTS if path.name != "DEPLOY.md"]  # that page names servers and their settings


@pytest.mark.parametrize("path", OF_THE_MODEL, ids=by_name)
def test_every_name_in_code_type_exists(path: Path) -> None:
    missing = sorted({said for said in said_in_code(path.read_text(encoding="utf-8")) if not is_there(said)})
    assert not missing, f"{by_name(path)} names what does not exist: {missing}"


@pytest.mark.parametrize(
    "said",
    [
        "offers_per_vacancies", "beats.recruits", "test_nothing_at_all", "n_ghosts", "model/no.md", "[phases.set]",
        "narco-door runn baseline", "narco-door run baseline --sett x=1", "--sett",
        "narco-door --hepl", "uv run pytest tests/no.py", 'numbers["ghosts"]', 'plaices = "mexico"', "results/ghosts/",
    ],
)  # fmt: skip
def test_a_name_that_does_not_exist_is_seen(said: str) -> None:
    assert not is_there(said)


def test_every_parameter_lever_and_switch_is_in_the_prose_of_the_odd() -> None:
    text = (documents.HOME / "ODD.md").read_text(encoding="utf-8")
    tables = r"<!-- generated: (?!effects ).*?<!-- end -->"  # that of effects is prose, beside what it tells of
    prose = set(said_in_code(re.sub(tables, "", text, flags=re.DOTALL)))
    missing = {*parameters(), *levers(), *laws(), *switches()} - prose
    assert not missing, f"what does the model do with {sorted(missing)}?"


def test_links_between_documents_lead_somewhere() -> None:
    links = [
        (path, link)
        for path in DOCUMENTS
        for link in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
        if not link.startswith("http")
    ]
    assert len(links) > 10
    assert [f"{by_name(path)} points to {link}" for path, link in links if not (path.parent / link).exists()] == []


def test_the_odd_has_its_elements_and_concepts_in_order() -> None:
    text = (documents.HOME / "ODD.md").read_text(encoding="utf-8")
    numbered = re.findall(r"^## \d\. (.+)$", text, flags=re.MULTILINE)
    assert tuple(numbered) == ELEMENTS
    design = text.split("## 4. Design concepts")[1].split("## 5.")[0]
    assert tuple(re.findall(r"^### (.+)$", design, flags=re.MULTILINE)) == CONCEPTS


# entities ----------------------------------------------------------------------------------------------------------


def at(model: NarcoDoor, where: str) -> Any:
    found: Any = model
    for step in where.split("."):
        found = getattr(found, step) if hasattr(found, step) else found[step]
    return found


def axes_of(model: NarcoDoor) -> dict[str, int]:
    lengths = {
        "person": model.world.roll.door.size, "member": len(model.world.careers.table), "career": len(model.world.careers.log),
        "place": len(model.world.places), "cartel": len(model.world.cartels.cartels), "war": len(model.world.cartels.wars),
        "pact": len(model.world.cartels.pacts), "room": 4, "band": 4, "sex": 2, "door": 8,
        "memory": 3, "lever": len(levers()), "order": len(model.world.government.orders),
        "cohort": model.world.roll.women.shape[1], "cohort + 1": model.world.roll.first.shape[1],
    }  # fmt: skip
    assert lengths["cohort + 1"] == lengths["cohort"] + 1
    return lengths


@pytest.mark.parametrize("variable", VARIABLES, ids=lambda v: v.where)
def test_every_variable_is_where_and_as_long_as_it_says(variable: Any, reference: NarcoDoor) -> None:
    lengths = axes_of(reference)
    assert at(reference.world, variable.where).shape == tuple(lengths[axis] for axis in variable.axes.split(", "))


def test_no_variable_of_the_model_is_left_out(reference: NarcoDoor) -> None:
    listed = {v.where for v in VARIABLES}
    tables = ("careers.table", "careers.log", "cartels.wars", "cartels.pacts")
    there = {f"{table}.{column}" for table in tables for column in at(reference.world, table).names}
    for home in ("", "roll.", "cartels.", "doors.", "search.", "hearsay.", "corruption_and_fear.", "government."):
        owner = at(reference.world, home.rstrip(".")) if home else reference.world
        there |= {f"{home}{name}" for name, value in vars(owner).items() if isinstance(value, np.ndarray)}
    # prices and the way from orders to levers come from files and never change, nor does the index of the roll
    still = {"government.unit_cents", "government.months_per_unit", "government.lever_of", "roll._cells"}
    assert there - listed <= still


# examples ----------------------------------------------------------------------------------------------------------


def blocks(page: str, language: str) -> list[str]:
    text = (documents.HOME / "docs" / "guide" / page).read_text(encoding="utf-8")
    return [textwrap.dedent(block) for block in re.findall(rf"```{language}\n(.*?)```", text, flags=re.DOTALL)]


def test_the_scenarios_of_the_guide_are_read(tmp_path: Path) -> None:
    scenario, untaken, comparison = blocks("scenario_files.md", "toml")
    assert len(scenario_from_toml(untaken).happening) == len(load_one("baseline").happening) - 1
    assert scenario_from_toml(scenario).spending()["mentoring"][2020] == pytest.approx(200)
    file = tmp_path / "pair.toml"
    file.write_text(comparison)
    assert [arm.name for arm in load_scenario(file).arms] == ["doors_first", "kingpins_first"]


def test_the_commands_of_the_guide_are_commands() -> None:
    pages = sorted((documents.HOME / "docs" / "guide").glob("*.md"))
    lines = [line for page in pages for block in blocks(page.name, "sh") for line in block.splitlines() if line.strip()]
    assert len(lines) > 10
    assert not [line for line in lines if not is_command(line)]


def test_the_options_of_the_guide_are_read() -> None:
    lines = [
        line
        for page in ("scenario_files.md", "first_steps.md")
        for block in blocks(page, "sh")
        for line in block.splitlines()
    ]
    examples = [shlex.split(line, comments=True) for line in lines if "--set " in line]
    assert len(examples) > 3
    for words in examples:
        sets = [words[k + 1] for k, word in enumerate(words) if word == "--set"]
        load_scenario(words[words.index("narco-door") + 2], sets=sets)


def test_the_python_of_the_guide_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    world: dict[str, Any] = {}
    for block in blocks("from_python.md", "python"):
        exec(compile(block.replace('until="2012-12"', 'until="2008-12"'), "from_python.md", "exec"), world)
    assert world["other"].records.events().filter(narco_door_kind("entry")).is_empty()
    assert not os.listdir(tmp_path)
    kept = compare(["doors_first"], reference="no_new_money", replicates=2, persons_per_agent=2000, until="2011-06",
                   workers=1, out=tmp_path)  # fmt: skip
    for block in blocks("results_files.md", "python"):
        exec(compile(block, "results_files.md", "exec"), {"folder": kept.folder})
    (queries,) = blocks("results_files.md", "sql")
    assert kept.folder is not None
    means, nation = by_duckdb(queries.replace("results/NAME-HASH", str(kept.folder)))
    members = kept.select("n_members")
    assert len(means) == 2 * members["month"].n_unique()
    assert sum(mean for _, _, mean in means) == pytest.approx(members["value"].sum() / 2)
    assert nation == [(kept.nation().series.height,)]
    assert Path("series.csv").read_text().count("\n") == nation[0][0] + 1


def by_duckdb(queries: str) -> list[list[tuple[Any, ...]]]:
    """What each query answers; a copy answers how many rows it wrote."""
    with duckdb.connect() as connection:
        return [connection.execute(query).fetchall() for query in queries.split(";") if query.strip()]


def narco_door_kind(kind: str) -> Any:
    import polars as pl

    return pl.col("kind") == kind
