"""Fit the model to history's targets: uncertain parameters within their bounds, by CMA-ES (Hansen 2016).

    uv run python model/calibration/calibrate.py youth --scale 200 --seeds 1
    uv run python model/calibration/calibrate.py cartels

The first stage sets the legitimate doors (attendance, NEET, informality), the second the cartels (members, entries,
arrests, groups, homicides of 2007-12).  Targets of role "check" and "validation" never enter the loss.  The search
begins where the parameter file stands and asks for the same points each time; what a point gave is kept in a journal,
so that an interrupted search goes on where it stopped (throw it away when the code changes).  `result.toml` holds
the best point, and its values are copied by hand into the tables beside the modules, graded "calibrated".
"""

from __future__ import annotations

import argparse
import hashlib
import json
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import tomlkit
from cmaes import CMA
from rich.progress import track

from narco_door.base.arrays import F8
from narco_door.country.facts import parameters
from narco_door.month.model import NarcoDoor
from narco_door.questions.targets import Target, measure, targets
from narco_door.questions.validation import history_of
from narco_door.scenario import load_scenario

HERE = Path(__file__).parent
POPULATION = 12  # points of a generation
YOUTH = (
    "attendance_12_14",
    "attendance_15_17",
    "attendance_18_24",
    "neet_men",
    "neet_women",
    "informal_share",
)
STAGES: dict[str, dict[str, tuple[float, float]]] = {
    "youth": {
        "dropout_12_14": (0.0, 0.015), "dropout_poor_12_14": (0.0, 0.04),
        "dropout_15_17": (0.0, 0.02), "dropout_poor_15_17": (0.0, 0.04),
        "dropout_18_24": (0.0, 0.03), "dropout_poor_18_24": (0.0, 0.04),
        "value_school": (0.0, 6.0), "school_barrier": (0.5, 5.0), "width_school_first": (0.6, 1.0),
        "value_informal": (-0.5, 3.0), "value_home_women": (-2.0, 2.5), "value_home_men": (-6.0, 0.0),
        "value_formal": (0.0, 4.0), "value_staying": (0.0, 3.0), "value_under15": (0.0, 4.0),
    },
    "cartels": {
        "members_first": (50_000.0, 130_000.0), "export_rents": (40.0, 300.0), "racket_rate": (0.05, 0.8),
        "demand_growth": (-0.01, 0.03), "contested_share": (0.2, 0.9), "let_go_rate": (0.001, 0.02),
        "entry_rate": (0.01, 0.1), "exit_rate": (0.005, 0.1), "death_contest": (0.003, 0.02),
        "death_strife": (0.0003, 0.01), "others_killed": (2.0, 4.5), "arrest_hazard": (0.001, 0.008),
        "operation_success": (0.1, 0.8), "split_chance": (0.02, 0.5), "split_half_size": (300.0, 6000.0),
        "split_unprovoked": (0.005, 0.05), "war_begin": (0.0003, 0.01), "war_disorder": (0.001, 0.05),
        "war_entry": (0.02, 0.5), "war_spread": (0.001, 0.05), "war_split": (0.2, 1.0), "war_months": (8.0, 60.0),
        "absorb_rate": (0.002, 0.06), "pact_rate": (0.0005, 0.02), "returns_to_size": (0.1, 0.5),
        "capture_disorder": (0.1, 1.5),
    },
}  # fmt: skip
LOGARITHMIC = (
    "export_rents", "racket_rate", "let_go_rate", "entry_rate", "exit_rate", "death_contest", "death_strife",
    "arrest_hazard", "split_half_size", "split_unprovoked", "war_begin", "war_disorder", "war_spread", "war_months",
    "absorb_rate", "pact_rate",
)  # fmt: skip


def wanted(stage: str) -> list[Target]:
    """The targets that the stage may be fitted to."""
    return [t for t in targets() if t.role == "fit" and (t.key in YOUTH) == (stage == "youth")]


def measures(stage: str, values: dict[str, float], seed: int, scale: int) -> list[float]:
    """The stage's statistics of one run of the baseline."""
    until = "2017-12" if stage == "youth" else "2022-12"
    scenario = load_scenario("baseline").replace(persons_per_agent=scale, until=until)
    model = NarcoDoor(scenario.with_numbers(values), seed=seed).run()
    return [measure(history_of(model), target) for target in wanted(stage)]


def loss(stage: str, means: list[float]) -> float:
    """Sum of squared distances in units of the allowed deviation, with a light fourth power for what lies outside."""
    total = 0.0
    for got, target in zip(means, wanted(stage), strict=True):
        if not np.isfinite(got):
            return 1e6
        allowed = (target.high - target.low) / 2.0
        distance = (got - target.value) / allowed
        total += min(distance**2 + 0.5 * distance**4, 1e3)
    return total


def point(stage: str, unit: F8) -> dict[str, float]:
    """Parameters at a point of the unit cube, to four digits, as they are kept and copied."""
    values = {}
    for x, (name, (low, high)) in zip(unit, STAGES[stage].items(), strict=True):
        value = low * (high / low) ** x if name in LOGARITHMIC else low + (high - low) * x
        values[name] = float(f"{value:.4g}")
    return values


def place(stage: str) -> F8:
    """Where the parameter file stands in the unit cube."""
    unit = []
    for name, (low, high) in STAGES[stage].items():
        value = float(parameters()[name].value)
        unit.append(np.log(value / low) / np.log(high / low) if name in LOGARITHMIC else (value - low) / (high - low))
    return np.clip(unit, 0.01, 0.99)


def rest(stage: str) -> str:
    """Eight letters for all that is not searched but bears on what a point gives: other numbers and the targets."""
    others = {name: p.value for name, p in parameters().items() if name not in STAGES[stage]}
    text = json.dumps([others, [str(target) for target in wanted(stage)]])
    return hashlib.blake2b(text.encode(), digest_size=4).hexdigest()


class Journal:
    """What every point of a search gave, a line each, so that it is never run twice."""

    def __init__(self, path: Path) -> None:
        self.path = path
        lines = path.read_text().splitlines() if path.exists() else []
        self.got: dict[str, list[float]] = dict(map(json.loads, lines))

    def keep(self, key: str, means: list[float]) -> None:
        """Write down what a point gave."""
        self.got[key] = means
        with self.path.open("a") as file:
            file.write(json.dumps([key, means]) + "\n")


def search(
    stage: str, trials: int, *, seeds: int, scale: int, spread: float, workers: int
) -> tuple[dict[str, float], list[float]]:
    """The point of least loss and what it gave; every point is run under the same seeds."""
    start = place(stage)
    journal = Journal(HERE / f"{stage}-{scale}-{seeds}-{rest(stage)}.journal")
    optimiser = CMA(start, spread, bounds=np.array([[0.0, 1.0]] * start.size), population_size=POPULATION, seed=1)
    best: tuple[float, dict[str, float], list[float]] = (np.inf, {}, [])
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for generation in track(range(-(-trials // POPULATION)), f"{stage}, generations of {POPULATION} points"):
            units = [optimiser.ask() for _ in range(POPULATION)]
            if generation == 0:
                units[0] = start
            points = [point(stage, unit) for unit in units]
            jobs = {
                json.dumps(p): [pool.submit(measures, stage, p, seed, scale) for seed in range(1, seeds + 1)]
                for p in points
                if json.dumps(p) not in journal.got
            }
            for key, runs in jobs.items():
                journal.keep(key, [float(x) for x in np.mean([run.result() for run in runs], axis=0)])
            losses = [loss(stage, journal.got[json.dumps(p)]) for p in points]
            optimiser.tell(list(zip(units, losses, strict=True)))
            low = int(np.argmin(losses))
            if losses[low] < best[0]:
                best = losses[low], points[low], journal.got[json.dumps(points[low])]
    return best[1], best[2]


def write(
    stage: str, values: dict[str, float], means: list[float], *, trials: int, seeds: int, scale: int, spread: float
) -> None:
    """Put the best point into result.toml beside the other stage's."""
    path = HERE / "result.toml"
    book = tomlkit.parse(path.read_text()) if path.exists() else tomlkit.document()
    entry = tomlkit.table()
    entry.add("loss", round(loss(stage, means), 4))
    entry.add("trials", trials)
    entry.add("persons_per_agent", scale)
    entry.add("seeds", seeds)
    entry.add("spread", spread)
    entry.add("values", dict(sorted(values.items())))
    entry.add("got", {t.key: float(f"{x:.4g}") for t, x in zip(wanted(stage), means, strict=True)})
    book[stage] = entry
    path.write_text(tomlkit.dumps(book))


def main() -> None:
    """Read the command line and calibrate."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("stage", choices=list(STAGES))
    words.add_argument("--trials", type=int, default=240, help=f"points, in whole generations of {POPULATION}")
    words.add_argument("--seeds", type=int, default=3)
    words.add_argument("--scale", type=int, default=100, help="persons per agent")
    words.add_argument("--spread", type=float, default=0.1, help="first step of the search, share of the bounds")
    words.add_argument("--workers", type=int, default=2)
    given = words.parse_args()
    trials = -(-given.trials // POPULATION) * POPULATION
    run = {"seeds": given.seeds, "scale": given.scale, "spread": given.spread}
    values, means = search(given.stage, trials, workers=given.workers, **run)
    write(given.stage, values, means, trials=trials, **run)
    print((HERE / "result.toml").read_text())


if __name__ == "__main__":
    main()
