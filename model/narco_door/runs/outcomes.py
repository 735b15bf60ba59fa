"""What came of the replicates of an experiment: kept as they end, told in the manifest, joined in the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
from narco_door.runs.inputs import Experiment
from narco_door.runs.work import Failure, Job, Outcome


@dataclass
class Outcomes:
    """What came of the jobs so far; written down as it comes if there is a folder."""

    experiment: Experiment
    folder: Path | None
    parts: dict[Key, Frames] = field(default_factory=dict)
    seconds: dict[Key, float] = field(default_factory=dict)
    failures: dict[Key, Failure] = field(default_factory=dict)

    @property
    def missing(self) -> list[Key]:
        """The replicates wanted that the folder does not hold."""
        held = finished(self.folder) if self.folder else set()
        return [key for key in self.experiment.keys if key not in held]

    def keep(self, job: Job, outcome: Outcome) -> None:
        """Take in one replicate."""
        if isinstance(outcome, Failure):
            self.failures[job.key] = outcome
            self.note()
            return
        self.seconds[job.key] = outcome.seconds
        if self.folder is None:
            self.parts[job.key] = outcome.frames
        else:
            save_shard(self.folder, job.key, outcome.frames, {"seconds": outcome.seconds, "months": job.months})

    def note(self) -> None:
        """Write the manifest anew."""
        if self.folder is not None:
            save_manifest(self.folder, self._manifest())

    def results(self, *, rewrite: bool) -> Results:
        """Join what there is; in a folder that was added to, the shards become tables.

        Raises
        ------
        UserError
            There is nothing.
        """
        names = self.experiment.names
        if self.folder is None:
            frames = stack(self.parts, names) if self.parts else None
        else:
            frames = load(self.folder, names)
        if frames is None:
            raise self._nothing()
        if self.folder is None:
            return Results(*frames, self._manifest(), None)
        if rewrite:
            save_tables(self.folder, frames)
        return Results(*frames, read_manifest(self.folder), self.folder).first(self.experiment.run.replicates)

    def _manifest(self) -> dict[str, Any]:
        before = read_manifest(self.folder) if self.folder else {}
        return {
            **self.experiment.manifest,
            "replicates": max(self.experiment.run.replicates, before.get("replicates", 0)),
            "seconds": dict(sorted((before.get("seconds", {}) | dict(self._seconds())).items())),
            "failures": self._failed(before.get("failures", [])),
        }

    def _seconds(self) -> Iterator[tuple[str, float]]:
        """Of what was lived now, and of shards that a killed run left, which no manifest tells."""
        stored = receipts(self.folder) if self.folder else {}
        for (name, i), taken in ({key: each["seconds"] for key, each in stored.items()} | self.seconds).items():
            yield f"{name}-{i}", round(taken, 3)

    def _failed(self, before: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """What failed now, and what failed before and has not been made good."""
        told = {(each["scenario"], each["replicate"]): each for each in before}
        for (name, i), failure in self.failures.items():
            told[name, i] = {"scenario": name, "replicate": i, **asdict(failure)}
        held = finished(self.folder) if self.folder else set()
        return [told[key] for key in sorted(told) if key not in held]

    def _nothing(self) -> UserError:
        (name, replicate), failure = next(iter(self.failures.items()))
        where = f"; see {self.folder / 'manifest.json'}" if self.folder else f"\n{failure.traceback}"
        return UserError(f"every replicate failed; the first was {name}, replicate {replicate}: {failure.error}{where}")
