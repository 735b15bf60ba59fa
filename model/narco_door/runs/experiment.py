"""Scenarios x replicates: run what is missing, keep each replicate as it ends, and return the results.

The same inputs are read back, not run again; more replicates of them run only those that are missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Unpack

from narco_door.base.errors import UserError
from narco_door.results import Results
from narco_door.results.store import Key
from narco_door.runs.branching import live
from narco_door.runs.inputs import Experiment
from narco_door.runs.options import RunKeywords, RunOptions
from narco_door.runs.outcomes import Outcomes
from narco_door.runs.scratch import sweep
from narco_door.runs.work import Job, ours, work
from narco_door.scenario import Comparison, Scenario, load_scenario, load_single


def run(
    scenario: Scenario | Comparison | str, options: RunOptions | None = None, **given: Unpack[RunKeywords]
) -> Results:
    """Run one scenario, or a comparison, several times under different luck.

    Parameters
    ----------
    scenario
        A scenario or comparison, or the name or path of one.
    options
        Where they are at hand; otherwise each is a keyword.
    **given
        `replicates`, `seed`, `persons_per_agent`, `until`, `workers`, `out`, `progress`, `executor`, `unread`: as in
        `narco_door.runs.options.RunOptions`, which describes them.

    Returns
    -------
    Results
        With the replicates asked for; failed ones are missing and told in `failures`.

    Raises
    ------
    UserError
        The input is wrong, a stored file is spoilt, or every replicate failed.
    """
    options = replace(options or RunOptions(), **given)
    asked = load_scenario(scenario) if isinstance(scenario, str) else scenario
    experiment = Experiment.of(asked, options)
    folder = None if options.out is None else Path(options.out) / experiment.folder
    outcomes = Outcomes(experiment, folder, options.unread)
    if outcomes.are_complete():
        return outcomes.read()
    with outcomes.alone() as missing:
        if missing:
            _live(experiment, missing, outcomes, options)
        return outcomes.join()


def _live(experiment: Experiment, missing: Sequence[Key], outcomes: Outcomes, options: RunOptions) -> None:
    jobs = _jobs(experiment, missing, options)
    sweep()
    outcomes.note()
    try:
        work(
            jobs,
            outcomes.keep,
            workers=min(options.cores, len(jobs)),
            executor=options.executor,
            progress=options.progress,
        )
    finally:
        outcomes.note()


def _jobs(experiment: Experiment, missing: Sequence[Key], options: RunOptions) -> list[Job]:
    """One for each replicate that is missing; cores beyond their number become threads, where they are ours."""
    simulate = options.simulate or live
    threads = max(1, options.cores // len(missing)) if ours(options.executor) else 1
    named, partings = {scenario.name: scenario for scenario in experiment.scenarios}, experiment.partings
    family = f"{experiment.folder} {simulate!r}"
    return [
        Job(named[name].in_set(replicate), replicate, threads, line, simulate, family, partings[name])
        for line, (name, replicate) in enumerate(missing)
    ]


def compare(
    arms: Sequence[Scenario | str],
    *,
    reference: Scenario | str,
    name: str | None = None,
    title: str = "",
    question: str = "",
    **given: Unpack[RunKeywords],
) -> Results:
    """Run several scenarios under the same luck, to be compared with one of them.

    Parameters
    ----------
    arms
        Scenarios, or names or paths of them. Their runs must agree in months, places, scale, seed and
        replicates, as they stand or by the options.
    reference
        What the others are compared with; it is run too and need not be among the arms.
    name, title, question
        Of the comparison; the name is by default made from those of the scenarios.
    **given
        Options, as for `run`.

    Returns
    -------
    Results
        As from `run`.
    """
    base, *others = (load_single(arm) if isinstance(arm, str) else arm for arm in (reference, *arms))
    others = [arm for arm in others if (arm.name, arm.digest) != (base.name, base.digest)]
    if not others:
        raise UserError(f"nothing to compare with {base.name}; expected at least one other scenario")
    called = name or f"{'-'.join(arm.name for arm in others)}-vs-{base.name}"
    return run(Comparison(called, title or called, question, tuple(others), base), **given)
