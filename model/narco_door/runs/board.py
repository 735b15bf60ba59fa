"""How far each replicate is, wherever on this machine it is lived, and whether anybody still waits for it."""

from __future__ import annotations

import os
import struct
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from narco_door.runs.scratch import scratch


class StoppedError(BaseException):
    """Between two months: nobody waits for this replicate any more. Not a failure of the model."""


class Board:
    """A small shared file: a line for each job, where its worker writes the months that are done.

    The first line is for the parent: not 0 says stop. Any process of this machine can open it by name.
    """

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        handle, name = tempfile.mkstemp(dir=scratch())
        os.close(handle)
        self.path = Path(name)
        self.path.write_bytes(bytes(8 * (jobs + 1)))

    def __enter__(self) -> Self:
        """Nothing is to be opened: the file is there."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove the file."""
        self.path.unlink(missing_ok=True)

    def line(self, job: int) -> Line:
        """Where the worker of this job writes."""
        return Line(self.path, job)

    def months(self) -> tuple[int, ...]:
        """Months done by each job."""
        return struct.unpack(f"<{self.jobs}q", self.path.read_bytes()[8:])

    def stop(self) -> None:
        """Ask every worker to end after the month that it is in."""
        with self.path.open("r+b") as file:
            file.write(b"\1")


@dataclass(frozen=True)
class Line:
    """One job's line on the board, as its worker holds it."""

    path: Path
    job: int

    def __call__(self, done: int, _: int) -> None:
        """Write the months that are done, and see whether to stop."""
        try:
            with self.path.open("r+b", buffering=0) as file:
                stopped = file.read(1) != b"\0"
                file.seek(8 * (self.job + 1))
                file.write(struct.pack("<q", done))
        except OSError:  # the parent is on another machine: it counts whole replicates instead
            return
        if stopped:
            raise StoppedError
