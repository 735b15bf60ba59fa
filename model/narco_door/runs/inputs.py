"""What is to be run, all of it known before the first month."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from narco_door.base.errors import UserError
from narco_door.results.store import Key
from narco_door.runs.options import RunOptions
from narco_door.runs.provenance import describe_run, manifest_of, model_digest, posterior_digest
from narco_door.scenario import Comparison, Run, Scenario
from narco_door.scenario.parting import parting
from narco_door.scenario.schema import A_NAME, is_name


@dataclass(frozen=True)
class Experiment:
    """Scenarios of one run, the reference first; alone or to be compared."""

    name: str
    title: str
    question: str
    scenarios: tuple[Scenario, ...]
    reference: str | None

    @classmethod
    def of(cls, asked: Scenario | Comparison, options: RunOptions) -> Experiment:
        """Return what is asked for as it is to be run.

        Raises
        ------
        UserError
            A name is none, two different scenarios have the same one, their runs differ, or there is no posterior
            over whose sets the replicates could be dealt.
        """
        arms = (asked,) if isinstance(asked, Scenario) else (asked.reference, *asked.arms)
        for arm in arms:
            if not is_name(arm.name):  # one that no file gave
                raise UserError(f'"{arm.name}" is not a name for a scenario; expected {A_NAME}')
        scenarios = tuple(options.of(arm) for arm in {(arm.name, arm.digest): arm for arm in arms}.values())
        _agree(scenarios)
        scenarios[0].in_set(0)
        reference = None if isinstance(asked, Scenario) else asked.reference.name
        return cls(asked.name, asked.title, asked.question, scenarios, reference)

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
    def hash(self) -> str:
        """Of the inputs. More replicates are not other inputs."""
        arms = sorted((scenario.name, scenario.digest) for scenario in self.scenarios)
        run = self.run
        inputs = [arms, self.reference, run.seed, run.persons_per_agent, run.start, run.end, run.places]
        inputs += [run.sets, posterior_digest(run.places)] if run.sets else []
        text = json.dumps([inputs, model_digest(run.places)])
        return hashlib.sha256(text.encode()).hexdigest()[:10]

    @property
    def folder(self) -> str:
        """Name and hash: other inputs, other folder."""
        return f"{re.sub(r'[^\w.-]+', '-', self.name)}-{self.hash}"

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """All of this in words that a file can hold."""
        about = manifest_of(
            name=self.name,
            title=self.title,
            question=self.question,
            reference=self.reference,
            scenarios=self.scenarios,
        )
        return {**about, "hash": self.hash}


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
