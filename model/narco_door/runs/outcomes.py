"""What came of the replicates of an experiment: kept as they end, told in the manifest, joined in the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from narco_door.base.errors import UserError
from narco_door.results import Results
from narco_door.results.durable import alone
from narco_door.results.manifest import read_manifest, save_manifest
from narco_door.results.merging import merge, on_disk
from narco_door.results.store import (
    Frames,
    Key,
    finished,
    is_settled,
    load,
    receipts,
    save_shard,
    settle,
    stack,
)
from narco_door.runs.inputs import Experiment
from narco_door.runs.work import Failure, Job, Outcome


@dataclass
class Outcomes:
    """What came of the jobs so far; written down as it comes if there is a folder."""

    experiment: Experiment
    folder: Path | None
    unread: bool = False
    held: set[Key] = field(default_factory=set)
    parts: dict[Key, Frames] = field(default_factory=dict)
    seconds: dict[Key, float] = field(default_factory=dict)
    failures: dict[Key, Failure] = field(default_factory=dict)

    def are_complete(self) -> bool:
        """Whether the folder holds, in its tables, every replicate wanted: then there is nothing to write."""
        return (
            self.folder is not None
            and is_settled(self.folder)
            and not set(self.experiment.keys) - finished(self.folder)
        )

    @contextmanager
    def alone(self) -> Iterator[list[Key]]:
        """Have the folder alone, tidied up; what is missing in it, after whoever was there before."""
        if self.folder is None:
            yield self.experiment.keys
            return
        with alone(self.folder):
            settle(self.folder)
            self.held = finished(self.folder)
            self.seconds = {key: float(each["seconds"]) for key, each in receipts(self.folder).items()}
            yield [key for key in self.experiment.keys if key not in self.held]

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
            self.held.add(job.key)

    def note(self) -> None:
        """Write the manifest anew."""
        if self.folder is not None:
            save_manifest(self.folder, self._manifest())

    def join(self) -> Results:
        """Join what there is; in a folder, which the caller has alone, it becomes tables.

        Raises
        ------
        UserError
            There is nothing.
        """
        if self.folder is None:
            if not self.parts:
                raise self._nothing()
            return Results(*stack(self.parts, self.experiment.names), self._manifest(), None)
        if not merge(self.folder, self.experiment.names, self._manifest()):
            raise self._nothing()
        return self.read()

    def read(self) -> Results:
        """What a complete folder holds."""
        assert self.folder is not None  # only a folder can be complete
        wanted = self.experiment.run.replicates
        if self.unread:
            return Results(*on_disk(self.folder, wanted), read_manifest(self.folder), self.folder).first(wanted)
        frames, manifest = load(self.folder, self.experiment.names)
        assert frames is not None
        return Results(*frames, manifest, self.folder).first(wanted)

    def _manifest(self) -> dict[str, Any]:
        """As it was written, if it was, with what came since: the tables it tells of are still those in the folder."""
        before = read_manifest(self.folder) if self.folder else {}
        taken = {f"{name}-{i}": round(seconds, 3) for (name, i), seconds in self.seconds.items()}
        most = max((replicate + 1 for _, replicate in self.held), default=0)
        kept = {"tables": before["tables"]} if before.get("tables") else {}
        return {
            **self.experiment.manifest,
            "replicates": max(self.experiment.run.replicates, most),
            "seconds": dict(sorted((self._told_seconds(before) | taken).items())),
            "failures": self._failed(before.get("failures", [])),
            **kept,
        }

    def _told_seconds(self, before: Mapping[str, Any]) -> dict[str, float]:
        """Of replicates that are still held."""
        held = {f"{name}-{i}" for name, i in self.held}
        return {name: seconds for name, seconds in before.get("seconds", {}).items() if name in held}

    def _failed(self, before: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """What failed now, and what failed before and has not been made good."""
        told = {(each["scenario"], each["replicate"]): each for each in before}
        for (name, i), failure in self.failures.items():
            told[name, i] = {"scenario": name, "replicate": i, **asdict(failure)}
        return [told[key] for key in sorted(told) if key not in self.held]

    def _nothing(self) -> UserError:
        (name, replicate), failure = next(iter(self.failures.items()))
        where = f"; see {self.folder / 'manifest.json'}" if self.folder else f"\n{failure.traceback}"
        return UserError(f"every replicate failed; the first was {name}, replicate {replicate}: {failure.error}{where}")
