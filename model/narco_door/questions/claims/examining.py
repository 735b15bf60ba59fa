"""Live the scenarios of claims, each once, and judge them; try them again without what they rest on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Unpack

import polars as pl

from narco_door.base.nation import NATION
from narco_door.country.posterior import has_posterior
from narco_door.questions.ablation import Variation, at_bounds, without
from narco_door.questions.claims.reading import Claim
from narco_door.questions.claims.statistics import BY_PLACE, measure
from narco_door.questions.claims.verdicts import Finding, Verdict, conclude, judge
from narco_door.results import Results
from narco_door.results.store import Frames
from narco_door.runs import experiment as experiments
from narco_door.runs.branching import Progress, live
from narco_door.runs.options import RunKeywords, RunOptions
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


def live_lean(scenario: Scenario, *, replicate: int, threads: int, progress: Progress) -> Frames:
    """Live a replicate and keep the nation's records, a few of the places', and careers: a twelfth of all."""
    frames = live(scenario, replicate=replicate, threads=threads, progress=progress)
    kept = (pl.col("place") == NATION) | pl.col("record").is_in(BY_PLACE)
    return frames._replace(series=frames.series.filter(kept), events=frames.events.clear())


@dataclass
class _Laboratory:
    """Lives scenarios, each once for the same numbers."""

    options: RunOptions
    done: int = 0
    total: int = 0
    shelf: dict[str, Results] = field(default_factory=dict)

    def judged(self, asked: Sequence[Claim], change: Change) -> list[Examined]:
        """Judge claims under a change of all scenarios."""
        results = {name: self._of(change(load_one(name))) for name in _names(asked)}
        examined = []
        for claim in asked:
            findings = tuple(measure(test, results) for test in claim.test)
            examined.append(Examined(claim, findings, tuple(map(judge, findings)), conclude(claim, findings)))
        return examined

    def months(self, asked: Iterable[Claim]) -> int:
        """Count the months of the scenarios of these claims, over all replicates."""
        runs = [self._to_scale(load_one(name)).run for name in _names(asked)]
        return sum(run.months * run.replicates for run in runs)

    def _of(self, asked: Scenario) -> Results:
        scenario = self._to_scale(asked)
        key = f"{scenario.digest} {scenario.run}"
        if key not in self.shelf:
            self.shelf[key] = self._live(scenario)
        return self.shelf[key]

    def _to_scale(self, scenario: Scenario) -> Scenario:
        """A smaller world gets finer agents, as its file says against the baseline's."""
        asked = self.options.persons_per_agent
        if asked is not None and asked >= 1:  # what is not a scale is refused below
            asked = max(1, round(asked * scenario.run.persons_per_agent / load_one("baseline").run.persons_per_agent))
        options = replace(self.options, persons_per_agent=asked)
        if options.sets and not has_posterior(scenario.run.places):
            options = replace(options, sets=0)  # its luck alone, as the report says
        return options.of(scenario)

    def _live(self, scenario: Scenario) -> Results:
        months = scenario.run.months * scenario.run.replicates

        def tell(done: int, of: int) -> None:
            if self.options.progress is not None:
                self.options.progress(min(self.done + months - of + done, self.total), self.total)

        options = replace(self.options, persons_per_agent=None, sets=scenario.run.sets, progress=tell)
        results = experiments.run(scenario, options)
        self.done += months
        return results


def examine(asked: Sequence[Claim], options: RunOptions | None = None, **given: Unpack[RunKeywords]) -> list[Examined]:
    """Live the scenarios of claims and judge each.

    Parameters
    ----------
    asked
        The claims.
    options, **given
        As for `narco_door.run`. `persons_per_agent` is for worlds of the baseline's scale; a world whose scenario
        says a tenth of the baseline's gets a tenth. Each scenario's results are kept under `lean` in `out`.

    Raises
    ------
    UserError
        If a scenario of a claim cannot be read, or every replicate of it failed.
    """
    with _lean(replace(options or RunOptions(), **given)).with_pool() as pooled:  # one for all scenarios
        lab = _Laboratory(pooled)
        lab.total = lab.months(asked)
        return lab.judged(asked, lambda scenario: scenario)


def flips(
    examined: Sequence[Examined],
    options: RunOptions | None = None,
    *,
    every_switch: Sequence[str] = (),
    **given: Unpack[RunKeywords],
) -> list[Examined]:
    """Try each claim without what it rests on, and note what changes its verdict.

    Parameters
    ----------
    examined
        As from `examine`, with the same options.
    every_switch
        Switches to try for every claim, beyond those that it names.

    Returns
    -------
    list of Examined
        The same, with `flips`.
    """
    wanted = {each.claim.number: _variations(each.claim, every_switch) for each in examined}
    resting = {
        variation: [each.claim for each in examined if variation in wanted[each.claim.number]]
        for variation in dict.fromkeys(variation for mine in wanted.values() for variation in mine)
    }
    found: dict[int, list[tuple[str, str]]] = {number: [] for number in wanted}
    with _lean(replace(options or RunOptions(), **given)).with_pool() as pooled:  # one for all scenarios
        lab = _Laboratory(pooled)
        lab.total = sum(map(lab.months, resting.values()))
        for variation, asked in resting.items():
            lab.shelf.clear()  # nothing is used again under another variation
            for again in lab.judged(asked, variation.of):
                found[again.claim.number].append((variation.name, again.verdict.word))
    return [replace(each, flips=_other(each, found[each.claim.number])) for each in examined]


def _lean(options: RunOptions) -> RunOptions:
    """A folder of their own: who runs the same scenario in `out` wants all records, not the few that claims keep."""
    out = None if options.out is None else Path(options.out) / "lean"
    return replace(options, out=out, simulate=options.simulate or live_lean)


def _variations(claim: Claim, every_switch: Sequence[str]) -> list[Variation]:
    return [*without(dict.fromkeys([*claim.switches, *every_switch])), *at_bounds(claim.parameters)]


def _other(each: Examined, found: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, word) for name, word in found if word != each.verdict.word)


def _names(asked: Iterable[Claim]) -> list[str]:
    return list(dict.fromkeys(name for claim in asked for name in claim.scenarios))
