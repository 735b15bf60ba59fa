"""Experiments: same inputs, same folder and same bytes; a killed run goes on; a failed replicate is told."""

import datetime
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import fields
from multiprocessing import get_context
from pathlib import Path

import polars as pl
import pytest

from narco_door.base.errors import UserError
from narco_door.results import difference, durable, headline, load_results
from narco_door.results.store import Frames
from narco_door.runs.experiment import compare, run
from narco_door.runs.options import RunKeywords, RunOptions
from narco_door.runs.pool import WorkerPool
from narco_door.scenario import Comparison, scenario_from_toml

FAULTS = "NARCO_DOOR_TEST_FAULTS"
PLACES = ["00", "01", "02"]
RECORDS = [
    "n_prison",
    "new_entries",
    "new_homicides",
    "new_member_deaths",
    "spent_scholarships",
    "leaked_scholarships",
    "n_members",
]


def scenario(name, *, money=0, to="2007-06", replicates=3):
    phase = f"""
        [[phase]]
        name = "money"
        from = "2007-03"
        to = "2007-12"
        channel = "domestic"
        allocation = "need"
        source = "made up"
        set.scholarships = {money}
        """
    return scenario_from_toml(
        f"""
        title = "A test"
        question = "Does it work?"
        argued_by = "nobody"
        [run]
        from = "2007-01"
        to = "{to}"
        seed = 7
        replicates = {replicates}
        {phase if money else ""}
        """,
        name=name,
    )


def little_world(scenario, *, replicate, threads, progress):
    """A model of a few numbers, each a hash of what a real one depends on; faults come by the environment."""
    fault = os.environ.get(FAULTS, "").split()
    if f"{scenario.name}-{replicate}" in fault:
        raise {"stop": KeyboardInterrupt, "error": ValueError}[fault[0]]("the roll is empty")
    rows, seed = [], scenario.run.seed
    months = scenario.run.end - scenario.run.start
    for i in range(months):
        time.sleep(float(fault[1]) if fault[:1] == ["slow"] else 0)
        if fault[:1] == ["die"] and dies(fault, replicate):
            os._exit(1)
        month = datetime.date(2007 + i // 12, i % 12 + 1, 1)
        money = sum(order.musd_year for order in scenario.orders if order.start <= scenario.run.start + i)
        for place in PLACES:
            for k, record in enumerate(RECORDS):
                luck = hashlib.sha256(f"{seed} {replicate} {i} {place} {k}".encode()).digest()[0]
                value = money * 1e6 / 12 if "scholarships" in record else max(luck - money / 10, 0)
                rows.append((month, place, record, float(value)))
        progress(i + 1, months)
    series = pl.DataFrame(rows, schema=["month", "place", "record", "value"], orient="row")
    split = {"month": month, "kind": "split", "cartel": f"c{seed}", "place": "01", "persons": 9}
    careers = [{"person": seed, "forced": True}, {"person": replicate, "forced": False}]
    return Frames(series, pl.DataFrame([split]), pl.DataFrame(careers))


def dies(fault, replicate):
    """Whether a worker dies of this replicate: of the second always, of the second once, or of each."""
    if fault[1:2] == ["all"]:
        (Path(fault[2]) / f"{time.monotonic_ns()}").touch()
        return True
    if replicate != 1 or (fault[1:] and Path(fault[2]).exists()):
        return False
    if fault[1:]:
        Path(fault[2]).touch()
    return True


def small(what, **options):
    return run(what, simulate=little_world, **{"workers": 1, **options})


def duel():
    return Comparison("duel", "A duel", "Which?", (scenario("doors", money=60),), scenario("base"))


def sums(folder):
    return {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in sorted(folder.glob("*.parquet"))}


@pytest.fixture
def faults(monkeypatch):
    return lambda text: monkeypatch.setenv(FAULTS, text)


def test_a_run_in_memory_writes_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = small(scenario("base"), replicates=2)
    assert found.folder is None
    assert found.series.columns == ["scenario", "replicate", "month", "place", "record", "value"]
    assert found.series.height == 2 * 6 * len(PLACES) * len(RECORDS)
    assert (found.scenarios, found.reference, found.replicates) == (["base"], None, [0, 1])
    assert not list(tmp_path.iterdir())


def test_same_inputs_same_folder_and_nothing_is_run_again(tmp_path, faults):
    first = small(scenario("base"), out=tmp_path)
    before = sums(first.folder)
    faults("error base-0 base-1 base-2")
    again = small(scenario("base"), out=tmp_path)
    assert again.folder == first.folder
    assert again.series.equals(first.series)
    assert sums(first.folder) == before
    assert [folder.name for folder in tmp_path.iterdir()] == [first.folder.name]


@pytest.mark.parametrize(
    "change",
    [{"seed": 8}, {"persons_per_agent": 200}, {"until": "2007-04"}],
    ids=lambda change: next(iter(change)),
)
def test_other_inputs_other_folder(tmp_path, change):
    first = small(scenario("base"), out=tmp_path, replicates=1)
    assert small(scenario("base"), out=tmp_path, replicates=1, **change).folder != first.folder
    assert small(scenario("base", money=5), out=tmp_path, replicates=1).folder != first.folder


def test_the_model_itself_gives_the_same_bytes_for_any_number_of_workers(tmp_path):
    scale = {"replicates": 2, "persons_per_agent": 5000, "until": "2007-03"}
    one = run("baseline", workers=1, out=tmp_path / "one", **scale)
    two = run("baseline", workers=2, out=tmp_path / "two", **scale)
    assert one.failures == two.failures == []
    assert one.folder.name == two.folder.name
    assert sums(one.folder) == sums(two.folder)


def test_more_replicates_run_only_the_missing_ones_and_give_the_bytes_of_one_run(tmp_path, faults):
    whole = small(duel(), out=tmp_path / "at_once")
    two = small(duel(), out=tmp_path / "in_steps", replicates=2)
    faults("error base-0 base-1 doors-0 doors-1")
    three = small(duel(), out=tmp_path / "in_steps")
    assert three.folder == two.folder
    assert three.failures == []
    assert sums(three.folder) == sums(whole.folder)
    assert len(three.manifest["seconds"]) == 6
    fewer = small(duel(), out=tmp_path / "in_steps", replicates=2)
    assert fewer.series.equals(two.series)
    assert fewer.manifest["replicates"] == 2


def test_the_order_of_the_arms_is_no_input(tmp_path):
    one, other = scenario("one", money=1), scenario("other", money=2)
    base = scenario("base")
    first = compare([one, other], reference=base, name="x", out=tmp_path, workers=1, simulate=little_world)
    second = compare([other, one], reference=base, name="x", out=tmp_path, workers=1, simulate=little_world)
    assert first.folder == second.folder
    assert first.scenarios == ["base", "one", "other"]


def test_a_killed_run_keeps_what_is_finished_and_goes_on(tmp_path, faults):
    whole = small(duel(), out=tmp_path / "whole")
    faults("stop base-2")
    with pytest.raises(KeyboardInterrupt):
        small(duel(), out=tmp_path / "cut")
    (folder,) = (tmp_path / "cut").iterdir()
    assert not list(folder.glob("*.parquet"))
    part = load_results(folder)
    assert part.finished == {(name, i) for name in ("base", "doors") for i in (0, 1)}
    assert difference(part, scenario="doors", record="new_entries")["replicates"].to_list() == [2] * 6
    faults("error base-0 base-1 doors-0 doors-1")
    assert small(duel(), out=tmp_path / "cut").failures == []
    assert sums(folder) == sums(whole.folder)
    assert not (folder / "shards").exists()


def test_a_kill_between_two_tables_loses_nothing(tmp_path, faults):
    whole = small(duel(), out=tmp_path / "whole")
    faults("stop base-2")
    with pytest.raises(KeyboardInterrupt):
        small(duel(), out=tmp_path / "cut")
    (folder,) = (tmp_path / "cut").iterdir()
    faults("")
    part = load_results(folder)
    for table in ("series", "events", "careers"):  # the tables are there, and the shards have not gone yet
        getattr(part, table).write_parquet(folder / f"{table}.parquet")
    part.careers.head(1).write_parquet(folder / "careers.parquet")
    small(duel(), out=tmp_path / "cut")
    assert sums(folder) == sums(whole.folder)


def test_a_kill_while_a_shard_is_removed_loses_nothing(tmp_path, monkeypatch):
    def half(shard, **_):
        next(shard.glob("*.parquet"), shard / "none").unlink(missing_ok=True)
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setattr(durable.shutil, "rmtree", half)
        with pytest.raises(KeyboardInterrupt):
            small(scenario("base"), out=tmp_path)
    (folder,) = tmp_path.iterdir()
    assert load_results(folder).finished == {("base", i) for i in range(3)}
    assert small(scenario("base"), out=tmp_path).series.equals(small(scenario("base")).series)


def test_a_name_that_no_folder_can_have_is_refused_before_a_month(tmp_path):
    with pytest.raises(UserError, match='"a/b" is not a name for a scenario'):
        small(scenario("a/b"), out=tmp_path)
    assert not list(tmp_path.iterdir())


def test_what_others_keep_where_numba_compiles_is_left(tmp_path):
    theirs = [tmp_path / "compiled-by-others", tmp_path / "narco-door-compiled-older"]
    for folder in theirs:
        folder.mkdir()
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", "import narco_door.base.compiling"], env=environment, check=True)
    assert all(folder.is_dir() for folder in theirs)


def test_a_pool_that_loses_a_worker_goes_on_with_the_next_experiment(faults):
    faults("die")
    with WorkerPool(2) as pool:
        broken = small(scenario("base", replicates=9), workers=2, executor=pool)
        assert [failure["replicate"] for failure in broken.failures] == [1]
        faults("")
        assert small(scenario("doors"), workers=2, executor=pool).failures == []


def test_any_number_of_workers_and_any_executor_give_the_same_bytes(tmp_path):
    one = small(duel(), out=tmp_path / "one")
    two = small(duel(), out=tmp_path / "two", workers=2)
    with ThreadPoolExecutor(3) as threads:
        three = small(duel(), out=tmp_path / "three", executor=threads)
        assert threads.submit(int, "3").result() == 3  # it is left open
    assert sums(one.folder) == sums(two.folder) == sums(three.folder)
    assert small(duel()).series.equals(one.series)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_failed_replicate_is_told_and_takes_no_other_with_it(tmp_path, faults, workers):
    faults("error doors-1")
    found = small(duel(), out=tmp_path, workers=workers)
    assert found.finished == {("base", 0), ("base", 1), ("base", 2), ("doors", 0), ("doors", 2)}
    (failure,) = found.failures
    assert (failure["scenario"], failure["replicate"]) == ("doors", 1)
    assert failure["error"] == "ValueError: the roll is empty"
    assert "little_world" in failure["traceback"]
    assert json.loads((found.folder / "manifest.json").read_text())["failures"] == [failure]
    assert headline(found)["replicates"].unique().to_list() == [2]
    faults("")
    whole = small(duel(), out=tmp_path)
    assert whole.failures == []
    assert len(whole.finished) == 6


def test_only_what_kills_its_worker_again_and_again_is_lost(tmp_path, faults):
    faults("die")
    told = []
    found = small(scenario("base", replicates=9), out=tmp_path, workers=2, progress=lambda *now: told.append(now))
    assert found.finished == {("base", i) for i in range(9) if i != 1}
    (failure,) = found.failures
    assert failure["replicate"] == 1
    assert "memory" in failure["error"]
    assert told == sorted(told)


def test_a_worker_that_dies_once_loses_nothing(tmp_path, faults):
    whole = small(duel(), out=tmp_path / "whole")
    faults(f"die once {tmp_path / 'dead'}")
    found = small(duel(), out=tmp_path / "again", workers=2)
    assert (tmp_path / "dead").exists()
    assert found.failures == []
    assert sums(found.folder) == sums(whole.folder)


def test_where_no_worker_lives_it_is_said_after_a_few(tmp_path, faults):
    faults(f"die all {tmp_path}")
    with pytest.raises(UserError, match=r"every replicate failed.* ended without a word"):
        small(scenario("base", replicates=20), workers=2)
    assert 1 <= len(list(tmp_path.iterdir())) <= 20 + 6


def test_an_executor_that_breaks_is_not_replaced(faults):
    faults("die")
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as theirs:
        found = small(scenario("base", replicates=9), workers=2, executor=theirs)
    assert ("base", 0) in found.finished
    assert len(found.finished) + len(found.failures) == 9
    assert "ended without a word" in found.failures[0]["error"]
    assert "broke before this replicate began" in found.failures[-1]["error"]


def test_when_every_replicate_fails_there_is_one_clear_error(tmp_path, faults):
    faults("error base-0 base-1 base-2")
    with pytest.raises(UserError, match="every replicate failed; the first was base, replicate 0: ValueError"):
        small(scenario("base"))
    with pytest.raises(UserError, match=r"manifest\.json"):
        small(scenario("base"), out=tmp_path)
    (folder,) = tmp_path.iterdir()
    with pytest.raises(UserError, match="no replicate has been finished; base-0 failed"):
        load_results(folder)


@pytest.mark.parametrize("workers", [1, 2])
def test_progress_counts_months_across_workers(workers):
    told = []
    small(duel(), workers=workers, progress=lambda *now: told.append(now))
    assert told == sorted(told)
    assert told[-1] == (36, 36)
    assert {total for _, total in told} == {36}


@pytest.mark.parametrize("workers", [1, 2])
def test_whoever_watches_may_call_a_halt(tmp_path, faults, workers):
    faults("slow 0.02")

    def halt(done, total):
        if done > 13:
            raise TimeoutError("enough")

    with pytest.raises(TimeoutError, match="enough"):
        small(scenario("base", replicates=6), out=tmp_path, workers=workers, progress=halt)
    (folder,) = tmp_path.iterdir()
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["failures"] == []
    assert len(list((folder / "shards").iterdir())) < 6


@pytest.mark.parametrize(
    "spoil",
    [
        lambda file: file.write_bytes(file.read_bytes()[:-9]),
        lambda file: file.write_bytes(b""),
        lambda file: file.unlink(),
        lambda file: file.write_bytes(file.read_bytes().replace(b"PAR1", b"PAR2")),
    ],
    ids=["cut", "empty", "gone", "other"],
)
def test_a_spoilt_shard_is_named_with_a_remedy(tmp_path, faults, spoil):
    faults("stop base-2")
    with pytest.raises(KeyboardInterrupt):
        small(scenario("base"), out=tmp_path)
    (shard,) = tmp_path.glob("*/shards/base-1")
    spoil(shard / "series.parquet")
    for read in (lambda: load_results(shard.parents[1]), lambda: small(scenario("base"), out=tmp_path)):
        with pytest.raises(UserError, match=r"base-1.series\.parquet: .*Remove .*base-1 and run again"):
            read()


def test_a_spoilt_table_is_named(tmp_path):
    folder = small(scenario("base"), out=tmp_path).folder
    (folder / "series.parquet").write_bytes(b"nonsense")
    with pytest.raises(UserError, match=r"series\.parquet: has changed since it was written"):
        load_results(folder)


def test_the_manifest_is_enough_to_repeat_the_run(tmp_path):
    found = small(duel(), out=tmp_path)
    manifest = json.loads((found.folder / "manifest.json").read_text())
    assert manifest == found.manifest
    assert manifest["reference"] == "base"
    assert [arm["name"] for arm in manifest["scenarios"]] == ["base", "doors"]
    assert {"python", "narco-door", "numpy", "numba", "mesa", "polars"} == set(manifest["versions"])
    assert (manifest["seed"], manifest["from"], manifest["to"]) == (7, "2007-01", "2007-06")
    assert found.folder.name == f"duel-{manifest['hash']}"
    arms = [scenario_from_toml(arm["toml"], name=arm["name"]) for arm in manifest["scenarios"]]
    again = compare(arms[1:], reference=arms[0], workers=1, simulate=little_world)
    assert again.series.equals(found.series)


def test_what_cannot_be_compared_is_said():
    base = scenario("base")
    with pytest.raises(UserError, match="two different scenarios are called 'base'"):
        compare([scenario("base", money=3)], reference=base, simulate=little_world)
    with pytest.raises(UserError, match="to 2008-01 against 2007-06"):
        compare([scenario("doors", to="2008-01")], reference=base, simulate=little_world)
    with pytest.raises(UserError, match="nothing to compare with base"):
        compare([base], reference=base, simulate=little_world)
    with pytest.raises(UserError, match="workers: expected a whole number"):
        small(base, workers=0)


KILLED = """
import sys
sys.path[:0] = [sys.argv[1], sys.argv[1] + "/.."]
from test_experiments import little_world, scenario
from narco_door.runs.experiment import run
if __name__ == "__main__":
    print("began", flush=True)
    run(scenario("base", replicates=40), workers=2, out=sys.argv[2], simulate=little_world)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=lambda how: how.name)
def test_a_process_that_is_killed_leaves_readable_replicates(tmp_path, how):
    script = tmp_path / "script.py"
    script.write_text(KILLED)
    out = tmp_path / "out"
    command = [sys.executable, str(script), str(Path(__file__).parent), str(out)]
    process = subprocess.Popen(command, env={**os.environ, FAULTS: "slow 0.02"}, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while not list(out.glob("*/shards/base-*")) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(how)
    process.communicate(timeout=30)  # ends only when the workers, which hold the pipe too, have gone
    assert process.returncode != 0
    (folder,) = out.iterdir()
    assert 1 <= len(load_results(folder).replicates) < 40


def test_options_can_be_at_hand_or_keywords_and_wrong_ones_are_refused():
    options = RunOptions(replicates=2, workers=1, simulate=little_world)
    assert run(scenario("base"), options, until="2007-02").series.equals(
        small(scenario("base"), replicates=2, until="2007-02").series
    )
    assert set(RunKeywords.__annotations__) == {field.name for field in fields(RunOptions)}
    with pytest.raises(TypeError, match="replicats"):
        run(scenario("base"), replicats=3)


def test_one_pool_serves_several_experiments_and_none_is_made_for_one_process():
    with RunOptions(workers=2).with_pool() as pooled:
        assert isinstance(pooled.executor, WorkerPool)
        with pooled.with_pool() as again:
            assert again is pooled
    with RunOptions(workers=1).with_pool() as alone:
        assert alone.executor is None
