"""What is the model for a run's hash, tried on a copy of the tree: what is changed there, and what is run again."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import narco_door
from narco_door.runs.provenance import MODEL_ROOMS

PACKAGE = Path(narco_door.__file__).parent
SCENARIOS = PACKAGE.parents[1] / "scenarios"
RUN = """
import datetime, json, sys
from pathlib import Path
import narco_door
import polars as pl
from narco_door.results.store import Frames
from narco_door.runs.experiment import run

def lived(scenario, *, replicate, threads, progress):
    LIVED.append(replicate)
    month = datetime.date(2007, 1, 1)
    row = {"month": month, "place": "00", "record": "n_members", "value": 1.0}
    return Frames(pl.DataFrame([row]), pl.DataFrame({"month": [month]}), pl.DataFrame({"person": [1]}))

LIVED = []
found = run("baseline", replicates=2, workers=1, out=sys.argv[1], simulate=lived)
assert Path(narco_door.__file__).is_relative_to(sys.argv[2]), narco_door.__file__
print(json.dumps([found.folder.name, LIVED]))
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package and its scenarios, of which a run is stored."""
    home = tmp_path_factory.mktemp("tree")
    shutil.copytree(PACKAGE, home / "model" / "narco_door", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(SCENARIOS, home / "scenarios")
    folder, lived = run_again(home)
    assert lived == [0, 1]
    (home / "folder").write_text(folder, encoding="utf-8")
    return home


def run_again(home: Path) -> tuple[str, list[int]]:
    """Run the baseline from the copy; return the folder's name and the replicates that had to be lived."""
    environment = os.environ | {"PYTHONPATH": str(home / "model"), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", RUN, str(home / "results"), str(home)]
    done = subprocess.run(command, env=environment, cwd=home, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    folder, lived = json.loads(done.stdout)
    return folder, lived


def test_a_word_a_figure_and_the_page_may_change_under_a_stored_run(tree: Path) -> None:
    package = tree / "model" / "narco_door"
    claims = package / "data" / "claims.toml"
    text = claims.read_text(encoding="utf-8")
    claims.write_text(text.replace("are hired again next door", "find work again"), encoding="utf-8")
    assert claims.read_text(encoding="utf-8") != text
    told = [*package.rglob("show/figures/*.py"), *package.glob("dashboard/**/*.*"), *package.glob("show/**/words*")]
    others = [file for file in package.rglob("*.csv") if "medellin" in file.relative_to(package).as_posix()]
    rooms = [
        *package.glob("runs/*.py"),
        *package.glob("results/*.py"),
        *package.glob("cli/*.py"),
        *package.glob("questions/**/*.py"),
    ]
    assert min(map(len, (told, others, rooms))) > 3
    for file in [*told, *others, *rooms]:
        with file.open("ab") as end:
            end.write(b"\n")
    assert run_again(tree) == ((tree / "folder").read_text(encoding="utf-8"), [])


@pytest.mark.parametrize("room", [*MODEL_ROOMS, "data"])
def test_a_beat_or_a_table_of_its_places_may_not(tree: Path, room: str) -> None:
    package = tree / "model" / "narco_door"
    code = sorted((package / room).rglob("*.py"))
    tables = [file for file in package.rglob("*youth.csv") if "mexico" in file.relative_to(package).as_posix()]
    changed = (code or tables)[-1]
    before = changed.read_bytes()
    changed.write_bytes(before + b"\n" if code else before.rstrip()[:-1] + b"9\n")
    try:
        folder, lived = run_again(tree)
    finally:
        changed.write_bytes(before)
    assert folder != (tree / "folder").read_text(encoding="utf-8")
    assert lived == [0, 1]
