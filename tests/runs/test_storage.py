"""Nothing is lost: a run stopped at any step, killed, doubled, on a full disk, or damaged afterwards."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from polars.exceptions import PanicException
from test_experiments import FAULTS, little_world, scenario, small, sums

from narco_door.base.errors import UserError
from narco_door.results import durable, load_results, store
from narco_door.results.durable import alone
from narco_door.results.store import Frames
from narco_door.runs import experiment, inputs, outcomes, scratch

WANTED = scenario("base", replicates=2)
KILLS = int(os.environ.get("NARCO_DOOR_KILLS", "5"))
"""How many random kills: as many as you have minutes for."""


class KilledError(BaseException):
    """What no code of ours catches."""


class _Killer:
    """Kills at the n-th change of the file system under a folder: nothing later comes to pass, tidying up neither."""

    def __init__(self) -> None:
        self.home, self.left, self.writes = "", 0, {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "open"}
        sys.addaudithook(self)

    def __call__(self, event: str, args: tuple[object, ...]) -> None:
        if not self.home or event not in self.writes or not str(args[0]).startswith(self.home):
            return
        if event == "open" and not set("wax+") & set(str(args[1] or "")):
            return
        self.left -= 1
        if self.left < 0:
            raise KilledError

    @contextlib.contextmanager
    def within(self, home: Path, steps: int) -> Iterator[None]:
        self.home, self.left = str(home), steps
        try:
            yield
        finally:
            self.home = ""


@pytest.fixture(scope="module")
def killer() -> _Killer:
    return _Killer()  # a hook can never be removed


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An uninterrupted run; to be copied."""
    folder = small(WANTED, out=tmp_path_factory.mktemp("whole")).folder
    assert folder is not None
    return folder


@pytest.fixture
def copy(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / whole.name))


def in_place(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != durable.LOCK)


PLACE = ["careers.parquet", "events.parquet", "manifest.json", "series.parquet"]


def test_a_run_that_is_stopped_at_any_step_is_ended_by_the_next(
    tmp_path: Path, whole: Path, killer: _Killer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every change of the file system in turn is the one before which it is killed."""
    about = json.loads((whole / "manifest.json").read_text())
    known = {name: about[name] for name in about.keys() - {"tables", "hash", "seconds", "failures"}}
    monkeypatch.setattr(inputs, "manifest_of", lambda **_: known)  # which takes as long as all the rest
    for steps in range(0, 1000, 4 if KILLS < 50 else 1):
        out = tmp_path / f"{steps}"
        with contextlib.suppress(KilledError), killer.within(out, steps):
            small(WANTED, out=out)
            break
        folder = out / whole.name
        if (folder / "manifest.json").exists():
            with contextlib.suppress(UserError):  # nothing may have been finished; it is never half
                assert load_results(folder).series.height in (126, 252)
        small(WANTED, out=out)
        assert sums(folder) == sums(whole), steps
        assert in_place(folder) == PLACE, steps
        manifest = json.loads((folder / "manifest.json").read_text())
        assert set(manifest["seconds"]) == {"base-0", "base-1"}, steps
        shutil.rmtree(out)
    assert 40 < steps < 200


def test_tables_that_wait_for_their_names_are_read(copy: Path, whole: Path) -> None:
    """The manifest is replaced before the tables: who reads in between finds those that it tells of."""
    for table in Frames._fields:
        (copy / f"{table}.parquet").rename(store._pending(copy, table, sums(copy)[f"{table}.parquet"]))
        (copy / f"{table}.parquet").write_bytes(b"older")
        assert load_results(copy).series.equals(load_results(whole).series)
    small(WANTED, out=copy.parent)
    assert sums(copy) == sums(whole)


SCRIPT = """
import sys
sys.path[:0] = [sys.argv[1], sys.argv[1] + "/.."]
from test_experiments import little_world, scenario
from narco_door.runs.experiment import run
if __name__ == "__main__":
    print("began", flush=True)
    run(scenario("base", replicates=6), workers=2, out=sys.argv[2], simulate=little_world)
"""


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc and /dev/shm")
def test_killed_again_and_again_nothing_is_lost_and_nothing_stays_behind(tmp_path: Path) -> None:
    """At random moments, the process alone or all that it began; workers and their server go within five seconds."""
    script, luck = tmp_path / "script.py", random.Random(KILLS)
    script.write_text(SCRIPT)
    whole = sums(small(scenario("base", replicates=6), out=tmp_path / "whole").folder)
    temporary, shared = tmp_path / "tmp", set(os.listdir("/dev/shm"))
    temporary.mkdir()
    for k in range(KILLS):
        out = tmp_path / f"out{k // 4}"
        process = _begin(script, out, temporary)
        time.sleep(luck.uniform(0, 2.5))
        kill = luck.choice([os.kill, os.killpg])
        with contextlib.suppress(ProcessLookupError):
            kill(process.pid, signal.SIGKILL)
        process.wait()
        assert process.stdout is not None
        assert process.stderr is not None
        deadline = time.monotonic() + 5
        while (orphans := _of_session(process.pid)) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not orphans, f"kill {k}"
        process.stdout.close()
        process.stderr.close()
        if k % 4 == 3 or k == KILLS - 1:
            end = _begin(script, out, temporary)
            said = end.communicate(timeout=120)[1]
            assert end.returncode == 0, said
            (folder,) = out.iterdir()
            assert sums(folder) == whole, f"kill {k}"
            assert in_place(folder) == PLACE
            assert not list(temporary.iterdir())
            assert not [name for name in set(os.listdir("/dev/shm")) - shared if _left_by_none_that_lives(name)]


def _left_by_none_that_lives(semaphore: str) -> bool:
    """Whether it is one of ours whose folder is gone: what else runs on this machine has its folder elsewhere."""
    folder = semaphore.removeprefix("sem.").rpartition("-")[0]
    return scratch.PREFIX in semaphore and not (Path(tempfile.gettempdir()) / folder).exists()


def _begin(script: Path, out: Path, temporary: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, FAULTS: "slow 0.02", "TMPDIR": str(temporary)}
    process = subprocess.Popen(
        [sys.executable, str(script), str(Path(__file__).parent), str(out)],
        env=environment,
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "began\n"
    return process


def _of_session(leader: int) -> list[str]:
    """Processes, but for those that have ended, of the session that this one began."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            state, _, _, session = (process / "stat").read_text().rpartition(")")[2].split()[:4]
            if state != "Z" and int(session) == leader:
                found.append((process / "cmdline").read_text().replace("\0", " "))
    return found


def test_two_at_once_live_each_replicate_once(
    tmp_path: Path, whole: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived = []

    def counted(*given: object, **named: object) -> Frames:
        lived.append(named["replicate"])
        return little_world(*given, **named)  # type: ignore[no-any-return, no-untyped-call]

    def go(_: int) -> Path | None:
        return experiment.run(WANTED, workers=1, out=tmp_path, simulate=counted).folder  # type: ignore[arg-type]

    monkeypatch.setenv(FAULTS, "slow 0.05")
    with ThreadPoolExecutor(3) as threads:
        folders = set(threads.map(go, range(3)))
    assert sorted(lived) == [0, 1]
    assert [sums(folder) for folder in folders] == [sums(whole)]
    assert "another run is at work in" in caplog.text


def test_a_complete_folder_is_read_while_another_has_it_and_where_nothing_can_be_written(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError

    with alone(copy):
        monkeypatch.setattr(outcomes, "alone", refuse)
        assert small(WANTED, out=copy.parent).replicates == [0, 1]


@pytest.mark.parametrize("short", [errno.ENOSPC, errno.EFBIG, errno.EMFILE, errno.EROFS, errno.EDQUOT])
def test_what_is_short_is_said_with_the_place_and_the_same_session_goes_on(
    tmp_path: Path, whole: Path, monkeypatch: pytest.MonkeyPatch, short: int
) -> None:
    def fail(file: Path, content: bytes) -> None:
        file.write_bytes(content[:9])
        raise OSError(short, os.strerror(short), str(file))

    small(WANTED, out=tmp_path, replicates=1)
    with monkeypatch.context() as full:
        full.setattr(store, "write_synced", fail)
        with pytest.raises(UserError, match=rf"{whole.name}: \w.*(space|large|files|read-only)"):
            small(WANTED, out=tmp_path)
    small(WANTED, out=tmp_path)
    assert sums(tmp_path / whole.name) == sums(whole)
    assert in_place(tmp_path / whole.name) == PLACE


@pytest.mark.skipif(os.name == "nt", reason="other limits")
def test_a_name_that_is_too_long_is_said_before_a_month(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"n\.\.\.n.*the name is too long for this file system"):
        small(scenario("n" * 250), out=tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("table", Frames._fields)
def test_no_bit_of_a_table_changes_in_silence_and_the_remedy_works(copy: Path, whole: Path, table: str) -> None:
    file, luck = copy / f"{table}.parquet", random.Random(table)
    before = file.read_bytes()
    for _ in range(30):
        spoilt = bytearray(before)
        spoilt[luck.randrange(len(before))] ^= 1 << luck.randrange(8)
        file.write_bytes(spoilt)
        with pytest.raises(UserError, match="has changed since it was written"):
            load_results(copy)
    with pytest.raises(UserError) as told:
        small(WANTED, out=copy.parent)
    carry_out(str(told.value))
    small(WANTED, out=copy.parent)
    assert sums(copy) == sums(whole)


def carry_out(advice: str) -> None:
    """Do what a message says."""
    told = re.search(r"Remove (.*) and run again\.$", advice)
    assert told, advice
    assert "\n" not in advice
    Path(told[1]).unlink()


@pytest.mark.parametrize("table", Frames._fields)
def test_a_table_that_is_gone_is_told_and_made_anew(copy: Path, whole: Path, table: str) -> None:
    (copy / f"{table}.parquet").unlink()
    with pytest.raises(UserError, match=rf"{table}\.parquet: is missing; run the same command again"):
        load_results(copy)
    small(WANTED, out=copy.parent)
    assert sums(copy) == sums(whole)


WRONG: dict[str, Callable[[dict[str, object]], object]] = {
    "scenarios": lambda manifest: manifest.update(scenarios={"base": 1}),
    "scenarios.0.name": lambda manifest: manifest.update(scenarios=[{"name": 3}]),
    "seed": lambda manifest: manifest.update(seed="7"),
    "replicates": lambda manifest: manifest.update(replicates=None),
    "persons_per_agent": lambda manifest: manifest.pop("persons_per_agent"),
    "seconds": lambda manifest: manifest.update(seconds=[1]),
    "failures.0.replicate": lambda manifest: manifest.update(failures=[{"scenario": "base", "error": "?"}]),
    "tables": lambda manifest: manifest.update(tables=9),
    "tables.series": lambda manifest: manifest.update(tables={"series": "../../secret"}),
}


@pytest.mark.parametrize("field", WRONG)
def test_a_field_of_the_manifest_that_is_wrong_is_one_message_whose_remedy_works(
    copy: Path, whole: Path, field: str
) -> None:
    manifest = json.loads((copy / "manifest.json").read_text())
    WRONG[field](manifest)
    (copy / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(UserError, match=rf"manifest\.json: {re.escape(field)}"):
        load_results(copy)
    with pytest.raises(UserError) as told:
        small(WANTED, out=copy.parent)
    carry_out(str(told.value))
    with pytest.raises(UserError, match=r"no manifest\.json; run the same command again"):
        load_results(copy)
    assert small(WANTED, out=copy.parent).manifest["persons_per_agent"]
    assert sums(copy) == sums(whole)


def test_a_folder_of_a_version_without_checksums_opens_and_gets_them(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = json.loads((copy / "manifest.json").read_text())
    kept = manifest.pop("tables")
    (copy / "manifest.json").write_text(json.dumps(manifest))
    assert load_results(copy).replicates == [0, 1]
    monkeypatch.setenv(FAULTS, "error base-0 base-1")
    assert small(WANTED, out=copy.parent).manifest["tables"] == kept


def test_folders_of_processes_that_are_gone_are_swept_and_no_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scratch, "_home", lambda: tmp_path)
    left, used = tmp_path / f"{scratch.PREFIX}left", tmp_path / f"{scratch.PREFIX}used"
    for folder in (left, used):
        folder.mkdir()
        (folder / "held").touch()
    with scratch.FileLock(used / "held"):
        scratch.sweep()
    assert [path.name for path in tmp_path.iterdir()] == [used.name]


def test_a_library_that_panics_for_want_of_threads_fails_one_replicate_in_words(tmp_path: Path) -> None:
    def panics(asked: object, *, replicate: int, **named: object) -> Frames:
        if replicate == 1:
            raise PanicException("could not spawn threads")
        return little_world(asked, replicate=replicate, **named)  # type: ignore[no-any-return, no-untyped-call]

    found = experiment.run(WANTED, workers=1, out=tmp_path, simulate=panics)  # type: ignore[arg-type]
    (failure,) = found.failures
    assert failure["error"] == "memory or threads are short (ulimit -v, -u): could not spawn threads"
