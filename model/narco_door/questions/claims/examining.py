"""Live the scenarios of claims, each once, and judge them; try them again without what they rest on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from narco_door.base.nation import NATION
from narco_door.questions.ablation import Variation, at_bounds, without
from narco_door.questions.claims.reading import Claim
from narco_door.questions.claims.statistics import BY_PLACE, measure
from narco_door.questions.claims.verdicts import Finding, Verdict, conclude, judge
from narco_door.results import Results
from narco_door.results.store import Frames
from narco_door.runs import experiment as experiments
from narco_door.runs.pool import hired
from narco_door.runs.work import Progress, Simulate
from narco_door.scenario import Scenario, load_one

type Change = Callable[[Scenario], Scenario]


@dataclass(frozen=True)
class Examined:
    """A claim, what its tests found, the verdict of each and of all.

    Attributes
    ----------
    flips
        What, changed in both scenarios, changes the verdict: name and the other verdict. None if it was not tried.
    """

    claim: Claim
    findings: tuple[Finding, ...]
    each: tuple[Verdict, ...]
    verdict: Verdict
    flips: tuple[tuple[str, str], ...] | None = None


def live_lean(scenario: Scenario, *, seed: int, replicate: int, threads: int, progress: Progress) -> Frames:
    """Live a replicate and keep the nation's records, a few of the places', and careers: a twelfth of all."""
    frames = experiments.live(scenario, seed=seed, replicate=replicate, threads=threads, progress=progress)
    kept = (pl.col("place") == NATION) | pl.col("record").is_in(BY_PLACE)
    return frames._replace(series=frames.series.filter(kept), events=frames.events.clear())


@dataclass
class _Laboratory:
    """Lives scenarios, each once for the same numbers."""

    replicates: int | None
    seed: int | None
    persons_per_agent: int | None
    workers: int | None
    out: Path | None
    progress: Progress | None
    simulate: Simulate
    executor: Executor | None = None
    done: int = 0
    total: int = 0
    shelf: dict[str, Results] = field(default_factory=dict)

    def of(self, name: str, change: Change) -> Results:
        """Return the results of a scenario by name, changed."""
        scenario = self._to_scale(change(load_one(name)))
        key = f"{scenario.digest} {scenario.run}"
        if key not in self.shelf:
            self.shelf[key] = self._live(scenario)
        return self.shelf[key]

    def months(self, names: Iterable[str]) -> int:
        """Count the months of these scenarios, over all replicates."""
        runs = [self._to_scale(load_one(name)).run for name in names]
        return sum(run.months * run.replicates for run in runs)

    def _to_scale(self, scenario: Scenario) -> Scenario:
        """A smaller world gets finer agents, as its file says against the baseline's."""
        asked = self.persons_per_agent
        if asked is not None and asked >= 1:  # what is not a scale is refused below
            asked = max(1, round(asked * scenario.run.persons_per_agent / load_one("baseline").run.persons_per_agent))
        return scenario.replace(replicates=self.replicates, seed=self.seed, persons_per_agent=asked)

    def _live(self, scenario: Scenario) -> Results:
        months = scenario.run.months * scenario.run.replicates

        def tell(done: int, of: int) -> None:
            if self.progress is not None:
                self.progress(min(self.done + months - of + done, self.total), self.total)

        results = experiments.run(
            scenario, workers=self.workers, out=self.out, progress=tell, executor=self.executor, simulate=self.simulate
        )
        self.done += months
        return results


def examine(
    asked: Sequence[Claim],
    *,
    replicates: int | None = None,
    seed: int | None = None,
    persons_per_agent: int | None = None,
    workers: int | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
    simulate: Simulate = live_lean,
) -> list[Examined]:
    """Live the scenarios of claims and judge each.

    Parameters
    ----------
    asked
        The claims.
    replicates, seed
        Replace what the scenarios say.
    persons_per_agent
        For worlds of the baseline's scale; a world whose scenario says a tenth of the baseline's gets a tenth.
    workers
        Cores to use, by default every one.
    out
        The folder under whose `lean` each scenario's results are kept and read back; without it nothing is written.
    progress
        Told the months done and the months of all.
    simulate
        What lives one replicate, unless a test puts something smaller in its place.

    Raises
    ------
    UserError
        If a scenario of a claim cannot be read, or every replicate of it failed.
    """
    lab = _Laboratory(replicates, seed, persons_per_agent, workers, _folder(out), progress, simulate)
    with hired(lab.workers) as lab.executor:  # one pool of processes for all scenarios
        return _examine(lab, asked, _as_it_is)


def flips(
    examined: Sequence[Examined],
    *,
    every_switch: Sequence[str] = (),
    replicates: int | None = None,
    seed: int | None = None,
    persons_per_agent: int | None = None,
    workers: int | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
    simulate: Simulate = live_lean,
) -> list[Examined]:
    """Try each claim without what it rests on, and note what changes its verdict.

    Parameters
    ----------
    examined
        As from `examine`, with the same options as below.
    every_switch
        Switches to try for every claim, beyond those that it names.

    Returns
    -------
    list of Examined
        The same, with `flips`.
    """
    lab = _Laboratory(replicates, seed, persons_per_agent, workers, _folder(out), progress, simulate)
    wanted = {each.claim.number: _variations(each.claim, every_switch) for each in examined}
    every = list(dict.fromkeys(variation for mine in wanted.values() for variation in mine))
    found: dict[int, list[tuple[str, str]]] = {number: [] for number in wanted}
    lab.total = sum(lab.months(_names(_resting(examined, wanted, variation))) for variation in every)
    with hired(lab.workers) as lab.executor:  # one pool of processes for all scenarios
        for variation in every:
            lab.shelf.clear()  # nothing is used again under another variation
            for again in _judged(lab, _resting(examined, wanted, variation), variation.of):
                found[again.claim.number].append((variation.name, again.verdict.word))
    return [replace(each, flips=_other(each, found[each.claim.number])) for each in examined]


def _variations(claim: Claim, every_switch: Sequence[str]) -> list[Variation]:
    return [*without(dict.fromkeys([*claim.switches, *every_switch])), *at_bounds(claim.parameters)]


def _resting(examined: Sequence[Examined], wanted: dict[int, list[Variation]], variation: Variation) -> list[Claim]:
    return [each.claim for each in examined if variation in wanted[each.claim.number]]


def _other(each: Examined, found: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, word) for name, word in found if word != each.verdict.word)


def _as_it_is(scenario: Scenario) -> Scenario:
    return scenario


def _examine(lab: _Laboratory, asked: Sequence[Claim], change: Change) -> list[Examined]:
    lab.total = lab.months(_names(asked))
    return _judged(lab, asked, change)


def _names(asked: Iterable[Claim]) -> list[str]:
    return list(dict.fromkeys(name for claim in asked for name in claim.scenarios))


def _judged(lab: _Laboratory, asked: Sequence[Claim], change: Change) -> list[Examined]:
    results = {name: lab.of(name, change) for name in _names(asked)}
    examined = []
    for claim in asked:
        findings = tuple(measure(test, results) for test in claim.test)
        examined.append(Examined(claim, findings, tuple(map(judge, findings)), conclude(claim, findings)))
    return examined


def _folder(out: str | Path | None) -> Path | None:
    """A folder of their own: who runs the same scenario in `out` wants all records, not the few that claims keep."""
    return None if out is None else Path(out) / "lean"
