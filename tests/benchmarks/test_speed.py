"""Speed and memory: `uv run pytest tests/benchmarks --benchmark-only --benchmark-disable-gc -s`.

Everything that is compared is timed in turn in the same run, because machines are noisy.
"""

import statistics
import time

import pytest

from benchmarks.object_youth import ObjectWorld
from narco_door import NarcoDoor, beats, load_scenario


def a_world(persons_per_agent):
    model = NarcoDoor(load_scenario("baseline").replace(persons_per_agent=persons_per_agent, until="2008-12"))
    for _ in range(3):
        model.step()
    return model


def walk_alone(model, monkeypatch):
    """A function that walks the roll once, with street and rule of the month as they stand; and that street."""
    seen = []
    walk = beats._walk
    monkeypatch.setattr(beats, "_walk", lambda m, *view: (seen.append(view), walk(m, *view)))
    model.step()
    monkeypatch.undo()
    return lambda: walk(model, *seen[0]), seen[0][0]


def seconds(function, rounds):
    """Median seconds of a call."""
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        function()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def test_compiled_walk_against_object_agents(benchmark, monkeypatch):
    model = a_world(370)  # about 100,000 youths
    walk, street = walk_alone(model, monkeypatch)
    objects = ObjectWorld(model, street, 100_000)
    youths = int(model.roll.living(model.month - 1).sum())
    pairs = [(seconds(walk, 5) / youths, seconds(objects.step, 1) / len(objects.agents)) for _ in range(5)]
    ratio = statistics.median(slow / fast for fast, slow in pairs)
    benchmark.extra_info["times faster per agent-month"] = round(ratio)
    benchmark(walk)
    print(f"\n{len(objects.agents):,} objects, {youths:,} rows: {ratio:.0f} times faster per agent-month")
    assert ratio >= 150


def test_walk_at_four_million(benchmark, monkeypatch):
    model = a_world(10)
    walk, _ = walk_alone(model, monkeypatch)
    benchmark.pedantic(walk, rounds=10, warmup_rounds=2)
    youths = int(model.roll.living(model.month - 1).sum())
    speed = youths / benchmark.stats.stats.min / 1e6
    benchmark.extra_info["M agent-months a second"] = round(speed)
    print(f"\n{youths:,} youths: {speed:.0f} M agent-months a second on one thread")
    print(f"{model.roll.bytes_per_person:g} bytes a person")
    assert model.roll.bytes_per_person <= 16
    assert speed >= 80


@pytest.mark.parametrize("scenario", ["baseline"])
def test_default_run(benchmark, scenario):
    NarcoDoor(load_scenario(scenario).replace(persons_per_agent=2000, until="2007-06")).run()
    model = benchmark.pedantic(lambda: NarcoDoor(load_scenario(scenario)).run(), rounds=3)
    total = sum(model.beat_times.values())
    print("\n" + ", ".join(f"{beat} {spent / total:.0%}" for beat, spent in model.beat_times.items()))
    assert benchmark.stats.stats.median < 3.0
