"""The recipes of CONTRIBUTING.md, carried out as they stand there on a copy of the repository."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from worlds import fingerprint, lived, plan

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
COPIED = ("model", "scenarios", "tests", "pyproject.toml", "CONTRIBUTING.md")
LIMITS = {
    "A lever": 3, "A mechanism with its switch": 3, "A door": 4, "A figure": 3, "A country": 1, "A parameter": 3,
}  # fmt: skip
PART = re.compile(
    r"(?:^\*\*(?P<file>\S+)\*\*, (?P<how>a new file|at the end|after|instead of)(?: `(?P<line>[^\n]+)`)?:\n\n)?"
    r"^```(?P<kind>\w+)\n(?P<text>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)
LIGHTS = "add.street_lights@2007-03..2026-12"
# in the copy: a run in a few words, and what of two runs differs
LOOK = """
import json
from worlds import changed_records, fingerprint, lived, plan
def world(*sets, off=(), **numbers):
    return lived(plan(*sets, until="2008-12", off=off, numbers=numbers))
def last(model, record):
    return model.records.by_place(record)[-1]
"""


@dataclass(frozen=True)
class Part:
    """One block of a recipe: commands, or text and the place where it goes."""

    file: str
    how: str
    line: str
    kind: str
    text: str


def parts(recipe: str) -> list[Part]:
    """The blocks below a heading, in order."""
    section = re.split(r"^#+ ", TEXT.split(f"\n### {recipe}\n")[1], maxsplit=1, flags=re.MULTILINE)[0]
    found = [Part(**{key: value or "" for key, value in m.groupdict().items()}) for m in PART.finditer(section)]
    assert len(found) == section.count("\n```") / 2, "a block does not say where it goes"
    return [Part(part.file.replace("\\", ""), *list(vars(part).values())[1:]) for part in found]


class Copy:
    """A copy of the repository to change."""

    def __init__(self, home: Path, compiled: Path) -> None:
        self.home = home
        path = os.pathsep.join([str(home / "model"), str(home / "tests")])
        self.world = {**os.environ, "PYTHONPATH": path, "NUMBA_CACHE_DIR": str(compiled), "COLUMNS": "400"}
        self.files = self._files()

    def _files(self) -> dict[str, bytes]:
        """Every file by its path, but what is compiled, drawn or written by `narco-door documents`."""
        found = (path for path in self.home.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        told = {path.relative_to(self.home).as_posix(): path for path in found}
        return {
            name: path.read_bytes()
            for name, path in told.items()
            if not name.startswith(("results", ".")) and path.suffix != ".md"
        }

    def changed(self) -> set[str]:
        """Files that are new or not what they were."""
        now = self._files()
        return {name for name in now if now[name] != self.files.get(name)}

    def do(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run Python in the copy."""
        return subprocess.run(
            [sys.executable, *words], cwd=self.home, env=self.world, capture_output=True, text=True, check=False
        )

    def told(self, *words: str) -> str:
        """What Python says, if all is well."""
        done = self.do(*words)
        assert done.returncode == 0, f"{shlex.join(words)}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def look(self, code: str) -> object:
        """The value that code leaves in `seen`."""
        return json.loads(self.told("-c", f"{LOOK}\n{code}\nprint(json.dumps(seen))").splitlines()[-1])

    def tests(self, *asked: str) -> subprocess.CompletedProcess[str]:
        """Run tests of the copy."""
        return self.do("-m", "pytest", "-n", "0", "-x", *asked)

    def put(self, part: Part) -> None:
        """Put the text of a block where it goes."""
        file = self.home / part.file
        if part.how == "a new file":
            assert not file.exists()
            file.write_text(part.text, encoding="utf-8")
            return
        before = file.read_text(encoding="utf-8")
        if part.how == "at the end":
            gap = "\n\n" if file.suffix == ".py" else "\n"
            file.write_text(f"{before.rstrip()}\n{gap}{part.text}", encoding="utf-8")
            return
        lines = before.splitlines(keepends=True)
        (at,) = [k for k, line in enumerate(lines) if line.strip() == part.line]
        lines[at] = part.text if part.how == "instead of" else lines[at] + part.text
        file.write_text("".join(lines), encoding="utf-8")

    def command(self, line: str) -> None:
        """Run one line of a block of commands."""
        words = shlex.split(line.removeprefix("uv run "), comments=True)
        given = ["-m", "narco_door", *words[1:]] if words[0] == "narco-door" else words[1:]
        self.told(*given)

    def follow(self, recipe: Sequence[Part]) -> None:
        """Do what a recipe says."""
        for part in recipe:
            if part.file:
                self.put(part)
            else:
                for line in part.text.splitlines():
                    self.command(line)


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all copies keep what is compiled; they stand at the same path, one after the other."""
    return tmp_path_factory.mktemp("compiled")


@pytest.fixture
def copy(compiled: Path) -> Copy:
    """A fresh copy."""
    home = compiled.with_name("repository")
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, home / name, ignore=shutil.ignore_patterns("__pycache__", "_build"))
        else:
            shutil.copy2(ROOT / name, home / name)
    return Copy(home, compiled)


def unchanged_bytes(copy: Copy) -> bool:
    """Whether a run of the copy is, to the bit, one of the model as it stands here."""
    return copy.look("seen = fingerprint(world())") == fingerprint(lived(plan(until="2008-12")))


def unchanged_records(copy: Copy) -> bool:
    """The same of the records that are here, where the copy has others besides."""
    there = copy.look("seen = {name: world().records.by_place(name).tobytes().hex() for name in ('fear', 'n_members')}")
    here = lived(plan(until="2008-12")).records
    return there == {name: here.by_place(name).tobytes().hex() for name in ("fear", "n_members")}


def sound(copy: Copy) -> None:
    """Everything declared is whole, read, told and translated; the code is in style."""
    documents = ("no_table_is_out_of_date", "every_parameter_lever_and_switch_is_in_the_prose_of_the_odd")
    told = (f"tests/show/test_documents.py::test_{one}" for one in documents)
    whole = copy.tests("tests/base/test_declared.py", "tests/show/test_words.py", *told)
    assert whole.returncode == 0, whole.stdout
    for check in (["check"], ["format", "--check"]):
        styled = copy.do("-m", "ruff", *check, "model/narco_door", "--no-cache")
        assert styled.returncode == 0, styled.stdout + styled.stderr


def on_page(table: str) -> str:
    """Code that has a table as the page shows it in Spanish."""
    return (
        "from narco_door.dashboard.page.sheets import table\nfrom narco_door.show.catalogue import CATALOGUE\n"
        f"seen = table(CATALOGUE['{table}'](), '{table}', 'es')"
    )


def lever(copy: Copy) -> None:
    """It takes money, gives back what is of no use, and calms."""
    assert unchanged_records(copy)
    levers = copy.told("-m", "narco_door", "explain", "levers")
    assert "street_lights" in levers
    assert "Street lights" in levers
    page = str(copy.look(on_page("levers")))
    assert "Alumbrado público" in page
    assert "Street lights" not in page
    seen = copy.look(
        f"few, many, none = world('{LIGHTS}=400'), world('{LIGHTS}=100000'), world()\n"
        "total = lambda model, word: float(model.records.nation(f'{word}_street_lights').sum())\n"
        "seen = {'spent': total(few, 'spent'), 'back': total(few, 'unspent'), 'too much': total(many, 'unspent'),\n"
        "    'calmer': bool((last(few, 'fear') < last(none, 'fear')).all()),\n"
        "    'still': sorted(changed_records(few, none, months=slice(0, 2))), 'never': total(none, 'spent'),\n"
        "    'most': float(many.world.government.at_work('street_lights').sum()),\n"
        "    'people': float(many.world.places.population(many.month - 1).sum())}"
    )
    assert isinstance(seen, dict)
    assert seen["spent"] > 1e8
    assert seen["calmer"]
    assert seen["still"] == []
    assert seen["never"] == 0
    assert seen["too much"] > 1e10 > seen["back"]
    assert seen["most"] == pytest.approx(seen["people"] / 10, rel=0.001)
    lives = copy.tests("tests/month/test_paired.py", "tests/state/test_laws_money.py", "-k", "street_lights")
    assert lives.returncode == 0, lives.stdout
    assert "6 passed" in lives.stdout


def mechanism(copy: Copy) -> None:
    """On, it moves fear; off, it is absent; as it comes, nobody's results change."""
    assert unchanged_bytes(copy)
    assert "Fear from next door" in copy.told("-m", "narco_door", "explain", "switches")
    page = str(copy.look(on_page("switches")))
    assert "Miedo que llega de al lado" in page
    assert "Fear from next door" not in page
    seen = copy.look(
        "none, off = world(), world(off=['fear_next_door'], heard_next_door=1.0)\n"
        "quiet, on = (world(off=['contest'], heard_next_door=heard) for heard in (0.0, 1.0))  # no war goes another way\n"
        "seen = {'off': fingerprint(off) == fingerprint(none), 'on': bool((last(on, 'fear') > last(quiet, 'fear')).all())}"
    )
    assert seen == {"off": True, "on": True}
    lives = copy.tests("tests/month/test_systems_neutral.py", "-k", "fear_next_door or every_system_is_moved")
    assert lives.returncode == 0, lives.stdout
    assert "3 passed" in lives.stdout
    tested = copy.tests("tests/month/test_switches.py::test_every_switch_is_tested")
    assert tested.returncode == 0, tested.stdout


def door(copy: Copy) -> None:
    """People stand behind it, are counted there and drawn; the rule in plain Python says the same of everybody."""
    seen = copy.look(
        "from narco_door.base import doors\n"
        "model = world()\nnames = ('n_military', 'width_military', 'belief_military', 'new_entries_from_military')\n"
        "seen = {name: float(model.records.nation(name)[-1]) for name in names}\n"
        "seen['behind'] = int(model.world.counts[..., doors.names().index('military')].sum()) * model.world.weight"
    )
    assert isinstance(seen, dict)
    assert seen["n_military"] == seen["behind"] > 10_000
    assert seen["width_military"] == pytest.approx(0.4)
    lives = copy.tests("tests/street/test_walk.py", "tests/month/test_laws_people.py", "tests/show/test_picture.py")
    assert lives.returncode == 0, lives.stdout


def figure(copy: Copy) -> None:
    """It is drawn into a file by its name, and looks well."""
    (drawn,) = copy.home.glob("results/*/figures/fear.png")
    assert drawn.stat().st_size > 10_000
    lines = copy.look(
        "from narco_door.show.figures import fear\nfrom narco_door.show.figures.shown import drawn\n"
        "from synthetic import ARMS, made_up\nresults = made_up(replicates=2, months=24)\n"
        "seen = [[row.name, row.last] for row in drawn(fear(results))]"
    )
    assert len(lines) == 4  # type: ignore[arg-type]
    looks = copy.tests("tests/show/test_figures.py", "-k", "fear or write_all")
    assert looks.returncode == 0, looks.stdout


def country(copy: Copy) -> None:
    """It lives its year with what was put into its table."""
    members = copy.look(
        "from narco_door.results import load_results\nfrom pathlib import Path\n"
        "(home,) = Path('results').iterdir()\n"
        "seen = load_results(home).nation().select('n_members').sort('month')['value'].to_list()"
    )
    assert isinstance(members, list)
    assert len(members) == 12
    assert members[0] == pytest.approx(500, rel=0.1)


def parameter(copy: Copy) -> None:
    """It is explained and translated; 0 changes nothing, more makes more homicides."""
    assert unchanged_bytes(copy)
    assert "ordinary_growth" in copy.told("-m", "narco_door", "explain", "parameters")
    assert "que no son de los cárteles" in str(copy.look(on_page("parameters")))
    grown = "seen = bool((last(world(ordinary_growth=0.1), 'new_homicides') > last(world(), 'new_homicides')).all())"
    assert copy.look(grown)


WORKS: dict[str, Callable[[Copy], None]] = {
    "A lever": lever, "A mechanism with its switch": mechanism, "A door": door, "A figure": figure, "A country": country,
    "A parameter": parameter,
}  # fmt: skip


def test_every_recipe_is_carried_out() -> None:
    assert re.findall(r"^### (.+)$", TEXT, flags=re.MULTILINE) == list(WORKS) == list(LIMITS)


@pytest.mark.long
@pytest.mark.parametrize("name", WORKS)
def test_a_recipe_works_within_its_files(name: str, copy: Copy) -> None:
    recipe = parts(name)
    copy.follow(recipe)
    changed = copy.changed()
    touched = {file.split("/")[0].removesuffix(".toml") for file in changed} if name == "A country" else changed
    assert len(touched) <= LIMITS[name], changed
    if name != "A country":
        assert changed == {part.file for part in recipe if part.file}, "more was changed than the recipe says"
    WORKS[name](copy)


@pytest.mark.long
def test_all_of_them_together_are_sound(copy: Copy) -> None:
    for name in WORKS:
        for part in parts(name):
            if part.file and name != "A country":
                copy.put(part)
    copy.told("-m", "narco_door.show.words")
    copy.told("-m", "narco_door", "documents")
    sound(copy)


# what is forgotten is told -------------------------------------------------------------------------------------------


def without(recipe: str, forgotten: str) -> list[Part]:
    """The texts of a recipe less those that hold some words; no commands."""
    kept = [part for part in parts(recipe) if part.file and forgotten not in part.text and forgotten not in part.file]
    assert len(kept) < sum(bool(part.file) for part in parts(recipe))
    return kept


def test_recipes_without_their_spanish_fail(copy: Copy) -> None:
    for recipe in WORKS:
        copy.follow(without(recipe, "es.po") if recipe != "A country" else [])
    words = copy.tests(
        "tests/show/test_words.py", "-k", "texts_of_the_tables or phrase_that_code_asks_for", "--maxfail=2", "-vvv"
    )
    assert words.returncode == 1
    assert "add them to show/locale/es.po" in words.stdout
    for forgotten in ("Street lights", "Fear from next door", "look around", "growth a year", "title_fear"):
        assert forgotten in words.stdout, forgotten


@pytest.mark.parametrize("field", ["source", "unit_cost", "at_most", "does", "grade"])
def test_a_lever_without_a_field_fails(field: str, copy: Copy) -> None:
    copy.follow(parts("A lever")[:1])
    table = copy.home / parts("A lever")[0].file
    head, tail = table.read_text(encoding="utf-8").split("[lever.street_lights]\n")
    table.write_text(f"{head}[lever.street_lights]\n" + re.sub(rf"^{field} = .*\n", "", tail, count=1, flags=re.M))
    done = copy.do("-m", "narco_door", "explain", "levers")
    assert done.returncode == 2
    assert f'[lever.street_lights] the field "{field}" is missing' in " ".join(done.stderr.split())


def test_what_nothing_reads_fails(copy: Copy) -> None:
    for recipe in ("A mechanism with its switch", "A parameter"):
        copy.follow([part for part in parts(recipe) if part.kind == "toml"])
    read = copy.tests("tests/base/test_declared.py", "-k", "is_read_in_its_room", "--maxfail=9", "-vvv")
    assert read.returncode == 1
    for unread in ("fear_next_door", "heard_next_door", "ordinary_growth"):
        assert unread in read.stdout, unread


@pytest.mark.long
def test_a_lever_without_a_room_fails(copy: Copy) -> None:
    copy.follow(without("A lever", "@room"))
    done = copy.do("-c", f"{LOOK}\nworld()")
    assert 'the lever street_lights has no room; expected @room("street_lights")' in done.stderr
