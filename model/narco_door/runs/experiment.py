"""Scenarios x replicates: run what is missing, keep each replicate as it ends, and return the results.

The same inputs are read back, not run again; more replicates of them run only those that are missing.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from narco_door.base.errors import UserError
from narco_door.results import Results
from narco_door.results.store import (
    Frames,
    Key,
    finished,
    load,
    read_manifest,
    receipts,
    save_manifest,
    save_shard,
    save_tables,
    stack,
)
from narco_door.runs import branching as stems
from narco_door.runs.pool import asked_for
from narco_door.runs.provenance import describe_run, describe_scenario, made_how, model_digest
from narco_door.runs.work import Done, Failure, Job, Progress, Simulate, ours, work
from narco_door.scenario import Comparison, Run, Scenario, load_one, load_scenario
from narco_door.scenario.plan import parting
from narco_door.scenario.schema import A_NAME, is_name


def live(scenario: Scenario, *, seed: int, replicate: int, threads: int, progress: Progress) -> Frames:
    """Live one replicate of a scenario in the model itself."""
    from narco_door.base.draws import replicate_seed
    from narco_door.month.model import NarcoDoor  # the model compiles itself: only who lives a month pays for it

    world = stems.HERE.world(
        scenario,
        replicate_seed(seed, replicate),
        lambda: NarcoDoor(scenario, seed=seed, replicate=replicate, threads=threads),
    )
    stems.HERE.run(world, progress)
    return Frames(world.records.series(), world.records.events(), world.careers_frame())


def run(
    scenario: Scenario | Comparison | str,
    *,
    replicates: int | None = None,
    seed: int | None = None,
    persons_per_agent: int | None = None,
    until: str | None = None,
    workers: int | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
    executor: Executor | None = None,
    simulate: Simulate = live,
) -> Results:
    """Run one scenario, or a comparison, several times under different luck.

    Parameters
    ----------
    scenario
        A scenario or comparison, or the name or path of one.
    replicates, seed, persons_per_agent, until
        Replace what the scenario says; `until` is the last month, such as "2015-12".
    workers
        Cores to use, by default every one. They are shared out as processes of one thread each, or of several
        if there are fewer replicates than cores. The numbers do not depend on it.
    out
        The folder under which `<name>-<hash>/` is kept. Without it nothing is written.
    progress
        Called in this process with the months done and the months of all replicates that had to be run.
        It may raise to call a halt: what is finished is kept.
    executor
        Any executor of `concurrent.futures`, for example one of a cluster. It is used and left open. `Hands`, our
        own processes, serve for one experiment after another; a single replicate is lived without them.
    simulate
        What lives one replicate; the model, unless a test puts something smaller in its place.

    Returns
    -------
    Results
        With the replicates asked for; failed ones are missing and told in `failures`.

    Raises
    ------
    UserError
        The input is wrong, a stored file is spoilt, or every replicate failed.
    """
    asked = load_scenario(scenario) if isinstance(scenario, str) else scenario
    scale = {"replicates": replicates, "persons_per_agent": persons_per_agent}
    experiment = _experiment_of(asked, {**scale, "seed": seed, "until": until})
    return _carry_out(experiment, workers, out=out, progress=progress, executor=executor, simulate=simulate)


def compare(
    arms: Sequence[Scenario | str],
    *,
    reference: Scenario | str,
    name: str | None = None,
    title: str = "",
    question: str = "",
    replicates: int | None = None,
    seed: int | None = None,
    persons_per_agent: int | None = None,
    until: str | None = None,
    workers: int | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
    executor: Executor | None = None,
    simulate: Simulate = live,
) -> Results:
    """Run several scenarios under the same luck, to be compared with one of them.

    Parameters
    ----------
    arms
        Scenarios, or names or paths of them. Their runs must agree in months, places, scale, seed and
        replicates, as they stand or by the arguments below.
    reference
        What the others are compared with; it is run too and need not be among the arms.
    name, title, question
        Of the comparison; the name is by default made from those of the scenarios.

    Returns
    -------
    Results
        As from `run`, which describes the other arguments.
    """
    base, given = _scenario(reference), [_scenario(arm) for arm in arms]
    others = tuple(arm for arm in given if (arm.name, arm.digest) != (base.name, base.digest))
    if not others:
        raise UserError(f"nothing to compare with {base.name}; expected at least one other scenario")
    called = name or f"{'-'.join(arm.name for arm in others)}-vs-{base.name}"
    return run(
        Comparison(called, title or called, question, others, base),
        replicates=replicates,
        seed=seed,
        persons_per_agent=persons_per_agent,
        until=until,
        workers=workers,
        out=out,
        progress=progress,
        executor=executor,
        simulate=simulate,
    )


def _scenario(arm: Scenario | str) -> Scenario:
    return load_one(arm) if isinstance(arm, str) else arm


@dataclass(frozen=True)
class Experiment:
    """What is to be run, all of it known before the first month."""

    name: str
    title: str
    question: str
    scenarios: tuple[Scenario, ...]
    reference: str | None

    @property
    def run(self) -> Run:
        """Months, scale and luck, the same for every scenario."""
        return self.scenarios[0].run

    @property
    def names(self) -> list[str]:
        """The scenarios in order, the reference first."""
        return [scenario.name for scenario in self.scenarios]

    @property
    def keys(self) -> list[Key]:
        """Every replicate wanted, replicate by replicate, so that a run cut short can still be compared."""
        return [(name, replicate) for replicate in range(self.run.replicates) for name in self.names]

    @property
    def partings(self) -> dict[str, tuple[int, ...]]:
        """For each scenario the months in which some part from the first, as long as it has not itself."""
        own = {scenario.name: parting(self.scenarios[0], scenario) for scenario in self.scenarios}
        months = sorted({month for month in own.values() if self.run.start < month < self.run.end})
        return {name: tuple(month for month in months if month <= last) for name, last in own.items()}

    @property
    def folder(self) -> str:
        """Name and hash: other inputs, other folder. More replicates are not other inputs."""
        arms = sorted((scenario.name, scenario.digest) for scenario in self.scenarios)
        run = self.run
        inputs = [arms, self.reference, run.seed, run.persons_per_agent, run.start, run.end, run.places]
        text = json.dumps([inputs, model_digest(run.places)])
        return f"{re.sub(r'[^\w.-]+', '-', self.name)}-{hashlib.sha256(text.encode()).hexdigest()[:10]}"


def _experiment_of(asked: Scenario | Comparison, changes: dict[str, Any]) -> Experiment:
    for scenario in (asked,) if isinstance(asked, Scenario) else asked.scenarios:
        if not is_name(scenario.name):  # one that no file gave
            raise UserError(f'"{scenario.name}" is not a name for a scenario; expected {A_NAME}')
    if isinstance(asked, Scenario):
        return Experiment(asked.name, asked.title, asked.question, (asked.replace(**changes),), None)
    reference = asked.reference
    different = {(arm.name, arm.digest): arm for arm in (reference, *asked.arms)}
    scenarios = tuple(arm.replace(**changes) for arm in different.values())
    _agree(scenarios)
    return Experiment(asked.name, asked.title, asked.question, scenarios, reference.name)


def _agree(scenarios: Sequence[Scenario]) -> None:
    """Scenarios that are compared have different names and the same run."""
    first, names = scenarios[0], [scenario.name for scenario in scenarios]
    for scenario in scenarios[1:]:
        if names.count(scenario.name) > 1:
            raise UserError(f"two different scenarios are called {scenario.name!r}; expected a name for each")
        ours, theirs = (describe_run(each.run) for each in (scenario, first))
        apart = [f"{key} {ours[key]} against {theirs[key]}" for key in ours if ours[key] != theirs[key]]
        if apart:
            raise UserError(f"{scenario.name} cannot be compared with {first.name}: {', '.join(apart)}")


@dataclass
class _Harvest:
    """What came of the jobs so far; written down as it comes if there is a folder."""

    experiment: Experiment
    folder: Path | None
    parts: dict[Key, Frames] = field(default_factory=dict)
    seconds: dict[Key, float] = field(default_factory=dict)
    failures: dict[Key, Failure] = field(default_factory=dict)

    def keep(self, job: Job, outcome: Done | Failure) -> None:
        if isinstance(outcome, Failure):
            self.failures[job.key] = outcome
            self.note()
            return
        self.seconds[job.key] = outcome.seconds
        if self.folder is None:
            self.parts[job.key] = outcome.frames
        else:
            save_shard(self.folder, job.key, outcome.frames, {"seconds": outcome.seconds, "months": job.months})

    def manifest(self) -> dict[str, Any]:
        before = read_manifest(self.folder) if self.folder else {}
        wanted = max(self.experiment.run.replicates, before.get("replicates", 0))
        seconds = {f"{name}-{i}": round(taken, 3) for (name, i), taken in self.seconds.items()}
        return {
            **self._asked(wanted),
            **made_how(self.experiment.run.places),
            "seconds": dict(sorted((before.get("seconds", {}) | self._receipts() | seconds).items())),
            "failures": self._failed(before.get("failures", [])),
        }

    def _receipts(self) -> dict[str, float]:
        """Seconds of shards that a killed run left, which no manifest tells."""
        stored = receipts(self.folder) if self.folder else {}
        return {f"{name}-{i}": round(each["seconds"], 3) for (name, i), each in stored.items()}

    def _failed(self, before: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """What failed now, and what failed before and has not been made good."""
        told = {(each["scenario"], each["replicate"]): each for each in before}
        for (name, i), failure in self.failures.items():
            told[name, i] = {"scenario": name, "replicate": i, **asdict(failure)}
        held = finished(self.folder) if self.folder else set()
        return [told[key] for key in sorted(told) if key not in held]

    def _asked(self, replicates: int) -> dict[str, Any]:
        experiment = self.experiment
        return {
            "name": experiment.name,
            "title": experiment.title,
            "question": experiment.question,
            "hash": experiment.folder.rpartition("-")[2],
            "reference": experiment.reference,
            **describe_run(experiment.run),
            "replicates": replicates,
            "scenarios": [describe_scenario(scenario) for scenario in experiment.scenarios],
        }

    def note(self) -> None:
        """Write the manifest anew."""
        if self.folder is not None:
            save_manifest(self.folder, self.manifest())


def _carry_out(
    experiment: Experiment,
    workers: int | None,
    *,
    out: str | Path | None,
    progress: Progress | None,
    executor: Executor | None,
    simulate: Simulate,
) -> Results:
    folder = None if out is None else Path(out) / experiment.folder
    held = finished(folder) if folder else set()
    missing = [key for key in experiment.keys if key not in held]
    harvest = _Harvest(experiment, folder)
    if missing:
        kin = f"{experiment.folder} {simulate!r}"
        jobs, processes = _share_out(experiment, missing, workers, alone=ours(executor), kin=kin)
        harvest.note()
        try:
            work(jobs, harvest.keep, simulate=simulate, workers=processes, executor=executor, progress=progress)
        finally:
            harvest.note()
    return _results(harvest, rewrite=bool(missing))


def _share_out(
    experiment: Experiment, keys: Sequence[Key], workers: int | None, *, alone: bool, kin: str
) -> tuple[list[Job], int]:
    """Make the jobs, and say how many to work on at a time."""
    hands = asked_for(workers)
    if hands < 1:
        raise UserError(f"workers: expected a whole number of at least 1, got {workers}")
    threads = max(1, hands // len(keys)) if alone else 1
    named, run = {scenario.name: scenario for scenario in experiment.scenarios}, experiment.run
    partings = experiment.partings
    jobs = [
        Job(named[name], run.seed, replicate, threads, run.end - run.start, line, partings[name], kin)
        for line, (name, replicate) in enumerate(keys)
    ]
    return jobs, min(hands, len(jobs))


def _results(harvest: _Harvest, *, rewrite: bool) -> Results:
    """Join what there is; in a folder the shards become tables."""
    experiment, folder = harvest.experiment, harvest.folder
    if folder is None:
        frames = stack(harvest.parts, experiment.names) if harvest.parts else None
    else:
        frames = load(folder, experiment.names)
    if frames is None:
        raise _nothing(harvest)
    if folder is None:
        return Results(*frames, harvest.manifest(), None)
    if rewrite:
        save_tables(folder, frames)
    return Results(*frames, read_manifest(folder), folder).first(experiment.run.replicates)


def _nothing(harvest: _Harvest) -> UserError:
    (name, replicate), failure = next(iter(harvest.failures.items()))
    where = f"; see {harvest.folder / 'manifest.json'}" if harvest.folder else f"\n{failure.traceback}"
    return UserError(f"every replicate failed; the first was {name}, replicate {replicate}: {failure.error}{where}")
