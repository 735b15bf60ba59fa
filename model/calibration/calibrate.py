"""Calibrate the model to the targets of role "fit" in two stages, and write down what was found.

    uv run python model/calibration/calibrate.py youth --trials 300
    uv run python model/calibration/calibrate.py cartels --trials 44

The first stage sets the legitimate doors (attendance, NEET, informality), the second the cartels (members, entries,
arrests, groups, homicides of 2007-12).  Targets of role "check" and "validation" never enter the loss.  The study
is kept in a journal, so that an interrupted calibration goes on where it stopped; `result.toml` holds the best
trial, and its values are copied by hand into data/parameters.toml, where they are graded "calibrated".
"""

from __future__ import annotations

import argparse
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import optuna
import tomlkit
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend

from narco_door.month import NarcoDoor
from narco_door.parameters import Numbers, parameters
from narco_door.scenario import load_scenario
from narco_door.targets import Target, measure, targets
from narco_door.validation import history_of

HERE = Path(__file__).parent
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
        "value_school": (0.0, 6.0), "school_barrier": (0.5, 5.0), "width_school_2007": (0.6, 1.0),
        "value_informal": (-0.5, 3.0), "value_home_women": (-2.0, 2.5), "value_home_men": (-6.0, 0.0),
        "value_formal": (0.0, 4.0), "value_staying": (0.0, 3.0), "value_under15": (0.0, 4.0),
    },
    "cartels": {
        "members_2007": (50_000.0, 130_000.0), "export_rents": (20.0, 200.0), "racket_rate": (0.05, 0.8),
        "demand_growth": (-0.01, 0.03), "split_again": (0.0, 0.8),
        "moral_cost": (3.0, 9.0), "offers_per_vacancy": (0.3, 6.0), "entry_rate": (0.005, 0.2),
        "death_contest": (0.0003, 0.008), "death_strife": (0.0003, 0.02), "arrest_hazard": (0.001, 0.008),
        "operation_success": (0.1, 0.8), "split_chance": (0.2, 1.0), "others_killed": (1.5, 5.0),
        "split_half_size": (300.0, 6000.0),
    },
}  # fmt: skip
LOGARITHMIC = (
    "export_rents", "racket_rate", "offers_per_vacancy", "entry_rate", "death_contest", "death_strife",
    "arrest_hazard", "split_half_size",
)  # fmt: skip


def wanted(stage: str) -> list[Target]:
    """The targets that the stage may be fitted to."""
    return [t for t in targets() if t.role == "fit" and (t.key in YOUTH) == (stage == "youth")]


def measures(stage: str, values: dict[str, float], seed: int, scale: int) -> list[float]:
    """The stage's statistics of one run of the baseline."""
    until = "2017-12" if stage == "youth" else "2022-12"
    scenario = load_scenario("baseline").replace(persons_per_agent=scale, until=until)
    numbers = Numbers({**scenario.parameters.plain(), **values})
    model = NarcoDoor(replace(scenario, parameters=numbers), seed=seed).run()
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


def search(stage: str, trials: int, *, seeds: int, scale: int, workers: int) -> optuna.Study:
    """Ask optuna for points and run them, several at a time; every trial averages over the same seeds."""
    storage = JournalStorage(JournalFileBackend(str(HERE / f"{stage}.journal")))
    here = {name: parameters()[name].value for name in STAGES[stage]}
    sampler = optuna.samplers.CmaEsSampler(x0=here, sigma0=0.05, seed=1, popsize=12)
    study = optuna.create_study(study_name=stage, storage=storage, sampler=sampler, load_if_exists=True)
    if not study.trials:  # begin where the parameter file stands
        study.enqueue_trial(here)
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
    with pool:
        for _ in range(trials // workers):
            asked = [study.ask() for _ in range(workers)]
            points = [
                {k: t.suggest_float(k, lo, hi, log=k in LOGARITHMIC) for k, (lo, hi) in STAGES[stage].items()}
                for t in asked
            ]
            jobs = [[pool.submit(measures, stage, p, seed, scale) for seed in range(1, seeds + 1)] for p in points]
            for trial, runs in zip(asked, jobs, strict=True):
                means = list(np.mean([run.result() for run in runs], axis=0))
                trial.set_user_attr("got", dict(zip([t.key for t in wanted(stage)], means, strict=True)))
                study.tell(trial, loss(stage, means))
    return study


def write(stage: str, study: optuna.Study) -> None:
    """Put the best trial into result.toml beside the other stage's."""
    path = HERE / "result.toml"
    book = tomlkit.parse(path.read_text()) if path.exists() else tomlkit.document()
    best = study.best_trial
    entry = tomlkit.table()
    entry.add("loss", round(float(best.value or 0.0), 4))
    entry.add("trials", len(study.trials))
    entry.add("values", {k: float(f"{v:.4g}") for k, v in sorted(best.params.items())})
    entry.add("got", {k: float(f"{v:.4g}") for k, v in best.user_attrs["got"].items()})
    book[stage] = entry
    path.write_text(tomlkit.dumps(book))


def main() -> None:
    """Read the command line and calibrate."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("stage", choices=list(STAGES))
    words.add_argument("--trials", type=int, default=300)
    words.add_argument("--seeds", type=int, default=2)
    words.add_argument("--scale", type=int, default=400, help="persons per agent")
    words.add_argument("--workers", type=int, default=2)
    given = words.parse_args()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = search(given.stage, given.trials, seeds=given.seeds, scale=given.scale, workers=given.workers)
    write(given.stage, study)
    print((HERE / "result.toml").read_text())


if __name__ == "__main__":
    main()
