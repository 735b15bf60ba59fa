"""One world of each point asked about, and what it says of every target of history; a journal forgets none."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, as_completed
from pathlib import Path
from typing import TextIO

import numpy as np

from narco_door.base.arrays import F8
from narco_door.questions.targets import Target, measure, targets
from narco_door.runs.options import RunOptions
from narco_door.runs.provenance import model_digest
from narco_door.scenario import load_one

UNTIL = "2022-12"
"""The last month that a fitted target looks at."""


def fitted(country: str = "mexico") -> list[Target]:
    """The targets that may be fitted to."""
    return [target for target in targets(country) if target.role == "fit"]


def told(values: Mapping[str, float], luck: int, scale: int) -> list[float]:
    """What one world of the baseline with these numbers says of each target."""
    from narco_door.month.model import NarcoDoor
    from narco_door.questions.validation import history_of

    scenario = load_one("baseline").replace(persons_per_agent=scale, until=UNTIL)
    history = history_of(NarcoDoor(scenario.with_numbers(values), seed=luck).run())
    return [measure(history, target) for target in fitted()]


_END = "]]"  # of a whole line


class Journal:
    """What worlds told, a line each, so that none is lived twice.

    Parameters
    ----------
    folder
        Where it is kept; its name tells the model, so that another model has another.
    scale
        Persons per agent of its worlds.
    """

    def __init__(self, folder: Path, scale: int) -> None:
        asked = [model_digest("mexico"), [str(target) for target in fitted()], UNTIL]
        key = hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:8]
        self.path, self.scale = folder / f"worlds-{scale}-{key}.journal", scale
        lines = self.path.read_text().splitlines() if self.path.exists() else []
        self._told: dict[str, list[float]] = dict(json.loads(line) for line in lines if line.endswith(_END))

    def ask(
        self,
        points: Sequence[Mapping[str, float]],
        lucks: Sequence[int],
        options: RunOptions,
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> F8:
        """What the world of each point, under its luck, says of each target, float64[point, target]."""
        names = [json.dumps([point, luck]) for point, luck in zip(points, lucks, strict=True)]
        missing = {name: k for k, name in enumerate(names) if name not in self._told}
        with options.with_pool() as pooled, self._open() as file:
            flying: dict[Future[list[float]], str] = {}
            for name, k in missing.items():
                if pooled.executor is None:
                    self._keep(name, told(points[k], lucks[k], self.scale), file.write)
                else:
                    flying[pooled.executor.submit(told, points[k], lucks[k], self.scale)] = name
            for done, future in enumerate(as_completed(flying), 1):
                self._keep(flying[future], future.result(), file.write)
                progress(done, len(flying))
        return np.array([self._told[name] for name in names])

    def _open(self) -> TextIO:
        """The journal, to write after its last whole line."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        text = self.path.read_text() if self.path.exists() else ""
        if text and not text.endswith("\n"):
            self.path.write_text("".join(line for line in text.splitlines(keepends=True) if line.endswith("\n")))
        return self.path.open("a", buffering=1)

    def _keep(self, name: str, said: list[float], write: Callable[[str], object]) -> None:
        self._told[name] = said
        write(json.dumps([name, said]) + "\n")
