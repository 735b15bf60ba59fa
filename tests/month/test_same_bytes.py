"""The same scenario and seed give the same bytes: for any number of threads, in any order, in any process."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest

from narco_door.base import compiling
from narco_door.month import balance
from narco_door.month.model import NarcoDoor
from narco_door.scenario import Scenario
from worlds import EVERY_LEVER, STORM, fingerprint, lived, plan, unlike

UNTIL = "2007-12"
TINY = {"persons": 20_000, "until": "2007-03"}
BALANCE = (balance.ROUNDS, balance.FEW, balance.MANY)
BRIEF = (1, 4, 8)
"""How often and of how many a cohort lives to find the balance where nothing is compiled and all takes a hundred times as long."""
SAY = (
    "from worlds import EVERY_LEVER, STORM, fingerprint, plan\n"
    "from narco_door.month import balance\n"
    "balance.ROUNDS, balance.FEW, balance.MANY = {balance}\n"
    "from narco_door.month.model import NarcoDoor\n"
    "model = NarcoDoor(plan(*EVERY_LEVER, until={until!r}, persons={persons}, numbers=STORM)).run()\n"
    "print(fingerprint(model), fingerprint(model, integers=True))\n"
)


def scenario(*, until: str = UNTIL, persons: int = 1000) -> Scenario:
    """The storm, so that everything that draws has drawn."""
    return plan(*EVERY_LEVER, until=until, persons=persons, numbers=STORM)


def elsewhere(*, until: str, persons: int, compiled: bool = True) -> subprocess.Popen[str]:
    """The same run in a process of its own, which prints its fingerprints."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), *sys.path])}
    environment["PYTHONHASHSEED"] = "random"
    if not compiled:
        environment["NUMBA_DISABLE_JIT"] = "1"
    code = SAY.format(until=until, persons=persons, balance=BALANCE if compiled else BRIEF)
    return subprocess.Popen(
        [sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.fixture(scope="module", autouse=True)
def processes() -> Iterator[dict[str, subprocess.Popen[str]]]:
    """Two other processes with the same run, and one without the compiler; they run while the rest is tested."""
    started = {
        "one": elsewhere(until=UNTIL, persons=1000),
        "plain": elsewhere(until="2007-03", persons=20_000, compiled=False),
    }
    yield started
    for process in started.values():
        with process:  # nobody may have listened
            process.kill()


def told(process: subprocess.Popen[str]) -> list[str]:
    """What a process printed."""
    out, problems = process.communicate(timeout=120)
    assert process.returncode == 0, problems
    return out.split()


@pytest.mark.parametrize("threads", [2, 8])
def test_any_number_of_threads(threads: int) -> None:
    assert unlike(lived(scenario()), lived(scenario(), threads=threads)) == []


class Shuffled:
    """Stands in for the pool of threads: does the pieces one by one, in an order of its own."""

    def __init__(self, seed: int) -> None:
        self.order = np.random.default_rng(seed)

    def map(self, piece: Callable[[int], None], places: Iterable[int]) -> list[None]:
        """Do all pieces in a new order each month."""
        for place in self.order.permutation(list(places)):
            piece(int(place))
        return []


@pytest.mark.parametrize("seed", [1, 2])
def test_any_order_of_places(seed: int) -> None:
    model = NarcoDoor(scenario())
    model.world.pool = Shuffled(seed)  # type: ignore[assignment]
    assert unlike(lived(scenario()), model.run()) == []


def test_step_by_step_or_at_once() -> None:
    model = NarcoDoor(scenario())
    for _ in range(5):
        model.step()
    model.records.series()
    model.careers_frame()
    model.youth.count(door="school")  # to look changes nothing
    assert unlike(lived(scenario()), model.run()) == []


def test_two_processes(processes: dict[str, subprocess.Popen[str]]) -> None:
    assert told(processes["one"])[0] == fingerprint(lived(scenario()))


def test_without_the_compiler(processes: dict[str, subprocess.Popen[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in zip(("ROUNDS", "FEW", "MANY"), BRIEF, strict=True):
        monkeypatch.setattr(balance, name, value)
    balance.kept.cache_clear()
    here = NarcoDoor(scenario(until="2007-03", persons=20_000)).run()
    balance.kept.cache_clear()
    assert told(processes["plain"])[1] == fingerprint(here, integers=True)


def test_compiled_code_is_kept_by_all_of_its_sources() -> None:
    """Else a change in one of them would leave old code behind, and old numbers under a new name."""
    home = Path(compiling.__file__).parents[1]
    compiled = {
        file.relative_to(home).with_suffix("").as_posix()
        for file in home.rglob("*.py")
        if "from narco_door.base.compiling import" in file.read_text("utf-8")
    }
    taken_in = {name for stem in compiled for name in _own_imports(home / f"{stem}.py")}
    plain = {
        "base/arrays",
        "base/columns",
        "base/remembered",
        "country/places",
    }  # nothing compiled takes a number
    assert (compiled | taken_in) - plain == set(compiling._SOURCES)


def _own_imports(file: Path) -> list[str]:
    found = re.findall(r"^from narco_door\.([\w.]+)", file.read_text("utf-8"), re.MULTILINE)
    return [name.replace(".", "/") for name in found]
