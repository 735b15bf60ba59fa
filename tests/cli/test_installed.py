"""What is installed from the wheel is the whole package, runs outside the repository, and gives the same bytes."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tarfile
import time
import urllib.request
import zipfile
from importlib.metadata import distributions
from pathlib import Path

import polars as pl
import pytest

import narco_door

pytestmark = pytest.mark.long

ROOT = Path(narco_door.__file__).parents[2]
UV = os.environ.get("UV") or shutil.which("uv") or "uv"
BIN = "Scripts" if os.name == "nt" else "bin"
RUN = [
    "run",
    "kingpins_vs_doors",
    "--persons-per-agent",
    "2000",
    "--until",
    "2012-12",
    "--replicates",
    "2",
    "--no-figures",
]


def told(*command: str | Path, folder: Path = ROOT) -> str:
    """What a command prints, without a trace of the environment that the tests run in."""
    ours = ("PYTHONPATH", "VIRTUAL_ENV", "NUMBA_CACHE_DIR")
    env = {name: value for name, value in os.environ.items() if name not in ours}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source distribution, and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("built")
    told(UV, "build", "--quiet", "--out-dir", folder)
    return folder


@pytest.fixture(scope="module")
def python(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a fresh environment with the wheel and, beside it, the releases that the tests run with."""
    folder = tmp_path_factory.mktemp("fresh")
    (wheel,) = built.glob("*.whl")
    beside = folder / "constraints.txt"
    beside.write_text(
        "".join(f"{each.name}=={each.version}\n" for each in distributions() if each.name != "narco-door")
    )
    told(UV, "venv", "--quiet", "--python", sys.executable, folder / "venv")
    found = folder / "venv" / BIN / "python"
    told(UV, "pip", "install", "--quiet", "--python", found, "--constraints", beside, wheel)
    return found


def tracked() -> set[str]:
    """The files of the package, its scenarios and what its claims came to, as they are to lie in the wheel."""
    names = told("git", "ls-files", "model/narco_door", "scenarios", "notebooks/claims").splitlines()
    lies = {"model/": "", "scenarios/": "narco_door/scenarios/", "notebooks/": "narco_door/kept/"}
    return {at + name.removeprefix(top) for name in names for top, at in lies.items() if name.startswith(top)}


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="asks git which files there are")
def test_every_tracked_file_of_the_package_is_in_the_wheel_and_no_other(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if name.startswith("narco_door/")}
    assert len(held) > 100
    assert held == tracked()


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="asks git which files there are")
def test_every_tracked_file_is_in_the_source_distribution(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    assert set(told("git", "ls-files").splitlines()) - held == set()


def test_the_installed_package_answers_as_a_module(python: Path, tmp_path: Path) -> None:
    assert "narco-door [OPTIONS] COMMAND" in told(python, "-m", "narco_door", "--help", folder=tmp_path)


def test_an_installed_run_gives_the_bytes_of_the_checkout(python: Path, tmp_path: Path) -> None:
    tables = {}
    for who, interpreter in (("installed", python), ("checkout", Path(sys.executable))):
        folder = tmp_path / who
        folder.mkdir()
        told(interpreter, "-m", "narco_door", *RUN, folder=folder)
        files = sorted((folder / "results").rglob("*.parquet"))
        tables[who] = {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}
    assert len(tables["installed"]) == 3
    assert tables["installed"] == tables["checkout"]


def test_the_lowest_versions_that_are_declared_give_the_same_numbers(
    built: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Not the same bytes: another release writes its own."""
    folder = tmp_path_factory.mktemp("lowest")
    told(UV, "venv", "--quiet", "--python", sys.executable, folder / "venv")
    python, (wheel,) = folder / "venv" / BIN / "python", built.glob("*.whl")
    lowest = ("--quiet", "--python", python, "--resolution", "lowest-direct")
    told(UV, "pip", "compile", *lowest, "--output-file", folder / "lowest.txt", ROOT / "pyproject.toml")
    assert "polars==1.34" in (folder / "lowest.txt").read_text()
    told(UV, "pip", "install", "--quiet", "--python", python, "--requirement", folder / "lowest.txt", wheel)
    told(UV, "pip", "check", "--python", python)
    tables = {}
    for who, interpreter in (("lowest", python), ("ours", Path(sys.executable))):
        (folder / who).mkdir()
        told(interpreter, "-m", "narco_door", *RUN, folder=folder / who)
        tables[who] = {file.name: pl.read_parquet(file) for file in (folder / who / "results").rglob("*.parquet")}
    assert len(tables["lowest"]) == 3
    for name, table in tables["lowest"].items():
        assert table.equals(tables["ours"][name]), name


def test_the_source_distribution_is_installed_by_plain_pip(built: Path, tmp_path: Path) -> None:
    told(UV, "venv", "--quiet", "--seed", "--python", sys.executable, tmp_path / "venv")
    python, (sdist,) = tmp_path / "venv" / BIN / "python", built.glob("*.tar.gz")
    told(python, "-m", "pip", "install", "--quiet", "--no-deps", sdist, folder=tmp_path)
    found = told(python, "-m", "pip", "show", "--files", "narco-door", folder=tmp_path).partition("Files:")[2].split()
    assert tracked() - {name.replace(os.sep, "/") for name in found} == set()


def test_what_is_installed_fits_together(python: Path) -> None:
    told(UV, "pip", "check", "--python", python)


STEPS = [
    line.split(maxsplit=1) for line in (ROOT / "Containerfile").read_text().splitlines() if line[:1] not in ("#", "")
]


def step(word: str) -> list[str]:
    """What is said after a word of the container's recipe, each time."""
    return [rest for each, rest in STEPS if each == word]


def test_the_container_is_made_by_known_steps_and_runs_as_nobody() -> None:
    assert {word for word, _ in STEPS} == {"FROM", "COPY", "RUN", "USER", "EXPOSE", "ENTRYPOINT"}
    assert step("FROM") == ["docker.io/library/python:3.13-slim"]
    assert [word for word, _ in STEPS][-3:] == ["USER", "EXPOSE", "ENTRYPOINT"]
    assert step("USER") == ["65534:65534"]
    installed = f"python -m pip install --no-cache-dir --root-user-action=ignore {step('COPY')[0].split()[-1]}"
    assert step("RUN")[0] == installed


def test_the_steps_of_the_container_run_in_a_fresh_environment_and_the_page_answers(
    python: Path, tmp_path: Path
) -> None:
    (warm,) = (line for line in step("RUN") if line.startswith("python -m narco_door"))
    told(python, *warm.split()[1:], folder=tmp_path)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    (begun,) = step("ENTRYPOINT")
    assert json.loads(begun)[-1] == step("EXPOSE")[0]
    words = [port if word == step("EXPOSE")[0] else word for word in json.loads(begun)]
    words = [word.replace("0.0.0.0", "127.0.0.1") for word in words[1:]]
    page = subprocess.Popen([python, *words, "--host-name", "127.0.0.1"], cwd=tmp_path, stdout=subprocess.DEVNULL)
    try:
        assert b"narco-door" in answer(f"http://127.0.0.1:{port}/", page)
    finally:
        page.terminate()
        page.wait(60)


def answer(url: str, page: subprocess.Popen[bytes]) -> bytes:
    """What the page says once it is there."""
    while page.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=10) as told:
                return bytes(told.read())
        except OSError:
            time.sleep(0.2)
    raise AssertionError("it ended before it answered")
