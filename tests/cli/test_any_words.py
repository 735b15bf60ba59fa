"""Whatever words follow `narco-door`, it does what they say or answers with one message; no traceback, never for long."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest
import uvicorn
from typer.testing import CliRunner

import mutations
from narco_door.base.errors import LONGEST_MESSAGE, UserError
from narco_door.cli import app
from narco_door.dashboard import serve
from narco_door.month.model import NarcoDoor
from narco_door.runs.options import RunOptions

LINES = int(os.environ.get("NARCO_DOOR_LINES", "60"))
"""How many command lines are tried; 600 take some minutes."""
SECONDS = 8
"""Of the processor for one, without the program's start; a quiet machine needs less than 2."""
SAID = (
    "run baseline --replicates 2 --seed 3 --until 2008-12 --persons-per-agent 2000 --no-figures --out here",
    "run doors_first mixed --set run.seed=3 --set add.mentoring@2011-04..2026-12=50 --workers 2 --language es",
    "run kingpins_vs_doors --since 2011-04 --csv table.csv --without-event 2010-02:Gulf",
    "compare doors_first mixed --reference baseline --name mine --replicates 1",
    "compare kingpins_first baseline --ablate exits,history --set switches.exits=true",
    "show doors_first --set law.minimum_age@2011-04..2026-12=18",
    "show merida_doors --toml --without-event 2010-02:Gulf",
    "new my_policy --extends doors_first --out here",
    "new-country atlantis --out here",
    "explain levers",
    "explain order --seed 3",
    "claims 3 6 --list",
    "claims 6 --ablate named --replicates 1",
    "sensitivity no_new_money doors_first --on homicides --sets 16 --replicates 32 --until 2012-12 --csv table.csv",
    "validate --replicates 1 --csv targets.csv --persons-per-agent 400",
    "trials --list --language en",
    "scenarios",
    "dashboard --port 8765 --host 127.0.0.1 --public --host-name example.org --no-browser",
    "--help",
)
WORDS = (
    "", "-", "--", "-x", "--nothing", "--set", "--help", "~nobody/x", "/dev/null/x", "../..", ".", "*", "x" * 3_000, "é" * 300,
    "a\nb", "\x1b[31m", "\udcff", "0", "-1", "9" * 5_000, "1e9", "nan", "2007-13", "1011-04", "２００７-01", "true", "99999999999999999999",
    "--seed=9223372036854775808", "--replicates=1000001", "--port=0", "run.seed=" + "[" * 900, "baseline", "no_such", "a.toml",
)  # fmt: skip


def words(number: int) -> list[str]:
    """A command line with one to three things wrong; the same number gives the same."""
    luck = random.Random(number)
    line = luck.choice(SAID).split()
    for _ in range(luck.choice([1, 1, 2, 3])):
        at = luck.randrange(len(line) + 1)
        cut = luck.choice([0, 0, 1, 1, 2])
        new = luck.choice(WORDS) if luck.random() < 0.7 else mutations.option(luck.randrange(10**6))
        line[at : at + cut] = luck.choice([[new], [new], [], ["--set", new], [luck.choice(luck.choice(SAID).split())]])
    return line


@pytest.fixture
def _nothing_is_lived(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise UserError("no world here")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(NarcoDoor, "__init__", refuse)
    monkeypatch.setattr(uvicorn, "run", refuse)
    monkeypatch.setattr(serve, "warm_up", lambda: None)
    monkeypatch.setattr(RunOptions, "cores", 1)


def test_a_word_that_no_message_can_repeat_is_refused() -> None:
    answer = CliRunner().invoke(app, ["run", "x" * 3_000])
    assert answer.exit_code == 2
    assert answer.stderr.strip().endswith("x has 3,000 letters; expected 1,000 at most")
    assert len(answer.stderr) < 300


@pytest.mark.filterwarnings("ignore:websockets.legacy:DeprecationWarning")  # solara's own import, when a page is begun
@pytest.mark.filterwarnings("default::narco_door.scenario.idle.Idle")  # is told, as on any command line
@pytest.mark.usefixtures("_nothing_is_lived")
def test_any_words_are_obeyed_or_answered_with_one_message() -> None:
    codes = set()
    for number in range(LINES):
        line, began = words(number), time.process_time()
        answer = CliRunner().invoke(app, line)
        about = f"{number}: {' '.join(line)[:300]!a}"
        assert time.process_time() - began < SECONDS, about
        assert answer.exception is None or isinstance(answer.exception, SystemExit), about
        assert "Traceback" not in answer.output, about
        assert "a fault of narco-door" not in answer.output, about
        assert "\x1b" not in answer.output, about
        if answer.exit_code:
            assert len(answer.stderr) <= LONGEST_MESSAGE, about
            assert answer.stderr.strip(), about
        codes.add(answer.exit_code)
    assert codes >= {0, 2}
