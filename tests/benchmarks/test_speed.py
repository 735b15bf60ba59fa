"""Speed and memory: `uv run pytest tests/benchmarks -n 0 --benchmark-only -s`.

Everything that is compared is timed in turn in the same run, because machines are noisy.
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

import narco_door
from benchmarks.object_youth import ObjectWorld
from narco_door import NarcoDoor, load_scenario
from narco_door.month import choose
from worlds import up_to_the_walk


def a_world(persons_per_agent):
    model = NarcoDoor(load_scenario("baseline").replace(persons_per_agent=persons_per_agent, until="2008-12"))
    for _ in range(3):
        model.step()
    return model


def walk_alone(model):
    """A function that walks the roll of the month that comes next, without the rest of it; with street and rule."""
    street, rule = up_to_the_walk(model)
    return lambda: choose.walk_the_roll(model.world, street, rule), street, rule


def seconds(function, rounds):
    """Median seconds of a call."""
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        function()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def test_compiled_walk_against_object_agents(benchmark):
    model = a_world(370)  # about 100,000 youths
    walk, street, rule = walk_alone(model)
    objects = ObjectWorld(model, street, rule)
    youths = len(objects.youths)
    pairs = [(seconds(walk, 5), seconds(objects.step, 1)) for _ in range(5)]
    ratio = statistics.median(slow / fast for fast, slow in pairs)
    benchmark.extra_info["times faster per agent-month"] = round(ratio)
    benchmark(walk)
    print(f"\n{youths:,} objects and as many rows: {ratio:.0f} times faster per agent-month")
    assert ratio >= 150


def test_walk_at_four_million(benchmark):
    model = a_world(10)
    walk, _, _ = walk_alone(model)
    benchmark.pedantic(walk, rounds=10, warmup_rounds=2)
    youths = int(model.world.roll.living(model.month).sum())
    speed = youths / benchmark.stats.stats.min / 1e6
    benchmark.extra_info["M agent-months a second"] = round(speed)
    print(f"\n{youths:,} youths: {speed:.0f} M agent-months a second on one thread")
    print(f"{model.world.roll.bytes_per_person:g} bytes a person")
    assert model.world.roll.bytes_per_person <= 16
    assert speed >= 80


@pytest.mark.parametrize("scenario", ["baseline"])
def test_default_run(benchmark, scenario):
    NarcoDoor(load_scenario(scenario).replace(persons_per_agent=2000, until="2007-06")).run()
    model = benchmark.pedantic(lambda: NarcoDoor(load_scenario(scenario)).run(), rounds=3)
    total = sum(model.world.seconds.values())
    print("\n" + ", ".join(f"{beat} {spent / total:.0%}" for beat, spent in model.world.seconds.items()))
    assert benchmark.stats.stats.median < 3.0


def test_within_a_minute_of_a_fresh_clone(benchmark, tmp_path):
    """The README's first command, with everything that it sets up and compiles; packages come from uv's cache if there."""
    root, clone = Path(narco_door.__file__).parent.parent.parent, tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", str(root), str(clone)], check=True)
    command = ["uv", "run", "--quiet", "narco-door", "run", "kingpins_vs_doors"]
    env = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "NUMBA_CACHE_DIR")}
    done = benchmark.pedantic(
        lambda: subprocess.run(command, cwd=clone, env=env, capture_output=True, text=True, check=True), rounds=1
    )
    taken = benchmark.stats.stats.min
    print(f"\n{' '.join(command)}: {taken:.0f} s")
    assert "compared with no_new_money" in done.stdout
    assert len(list(clone.glob("results/*/figures/*.png"))) == 7
    assert taken < 60.0


def of_a_command(*words, folder):
    """Seconds and gigabytes that a whole command takes, in a process of its own."""
    began = time.perf_counter()
    code = "import sys; from narco_door.cli import app; app(sys.argv[1:])"
    process = subprocess.Popen([sys.executable, "-c", code, *words], cwd=folder, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = status
    assert status == 0
    return time.perf_counter() - began, used.ru_maxrss / 1e6


@pytest.mark.parametrize(
    ("words", "seconds_most", "gigabytes_most"),
    [
        (("--help",), 0.5, 3.0),
        (("run", "baseline"), 10.0, 3.0),
        (("run", "baseline", "--replicates", "1", "--persons-per-agent", "1"), 150.0, 3.0),
    ],
    ids=["help", "a default run with its pictures", "everybody one by one"],
)
def test_whole_command(benchmark, tmp_path, words, seconds_most, gigabytes_most):
    used = benchmark.pedantic(lambda: of_a_command(*words, folder=tmp_path), rounds=1)
    print(f"\nnarco-door {' '.join(words)}: {used[0]:.1f} s, {used[1]:.2f} GB")
    assert used[0] < seconds_most
    assert used[1] < gigabytes_most
