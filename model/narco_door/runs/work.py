"""The work of an experiment: replicates on any executor, a few at a time; one that fails costs no other."""

from __future__ import annotations

import os
import struct
import tempfile
import time
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self

from narco_door.results.store import Frames, Key, tidy
from narco_door.runs import branching as stems
from narco_door.runs.pool import Hands

if TYPE_CHECKING:
    from narco_door.scenario import Scenario

Progress = Callable[[int, int], None]
"""Told the months that are done and the months there are."""

_POLL_SECONDS = 0.2
_PATIENCE_SECONDS = 30.0


class Simulate(Protocol):
    """A function that lives one replicate; importable by name, so that another process can find it."""

    def __call__(self, scenario: Scenario, *, seed: int, replicate: int, threads: int, progress: Progress) -> Frames:
        """Return what the replicate wrote down, calling `progress` after every month."""
        ...


@dataclass(frozen=True)
class Job:
    """One replicate to live, and its line on the board."""

    scenario: Scenario
    seed: int
    replicate: int
    threads: int
    months: int
    line: int
    partings: tuple[int, ...] = ()
    """Months in which other scenarios part from the first, as long as this one has not."""
    kin: str = ""
    """Names the experiment, whose replicates may share what they lived."""

    @property
    def key(self) -> Key:
        """Scenario and replicate."""
        return self.scenario.name, self.replicate


@dataclass(frozen=True)
class Done:
    """A replicate that was lived to its end."""

    frames: Frames
    seconds: float


@dataclass(frozen=True)
class Failure:
    """A replicate that was not, and why."""

    error: str
    traceback: str


Keep = Callable[[Job, Done | Failure], None]


class StoppedError(BaseException):
    """Between two months: nobody waits for this replicate any more. Not a failure of the model."""


def live_one(job: Job, simulate: Simulate, progress: Progress) -> Done | Failure:
    """Live one replicate; what goes wrong comes back as text, which every kind of executor can carry."""
    began = time.perf_counter()
    stems.HERE.expect(job.partings, job.kin)
    try:
        frames = simulate(job.scenario, seed=job.seed, replicate=job.replicate, threads=job.threads, progress=progress)
        return Done(tidy(Frames(*frames)), time.perf_counter() - began)
    except Exception as error:
        return Failure(f"{type(error).__name__}: {error}", traceback.format_exc())


def work(
    jobs: Sequence[Job],
    keep: Keep,
    *,
    simulate: Simulate,
    workers: int,
    executor: Executor | None,
    progress: Progress | None,
) -> None:
    """Live every job and hand each outcome to `keep` as soon as it is there.

    Parameters
    ----------
    jobs
        The replicates to live.
    keep
        Called in this process, once for each job.
    simulate
        What lives one replicate.
    workers
        How many at a time, as far as that is ours to say. One works in this process, unless the executor is not ours.
    executor
        Any executor of `concurrent.futures`, `Hands` among them; it is left open. None makes `Hands` for this once.
    progress
        Told the months done and the months of all jobs.
    """
    if workers == 1 and ours(executor):
        _work_here(jobs, keep, simulate=simulate, progress=progress)
        return
    waiting = deque(jobs)
    with Board(len(jobs)) as board, nullcontext(executor) if executor else Hands(workers) as pool:
        crew = _Crew(jobs, keep, simulate, 2 * workers, board, progress)
        crew.drain(waiting, pool)
        while waiting and isinstance(pool, Hands):  # some of them died
            crew.drain(waiting, pool)
        crew.give_up(waiting)  # yours is yours: we do not replace it


def _work_here(jobs: Sequence[Job], keep: Keep, *, simulate: Simulate, progress: Progress | None) -> None:
    total, before = sum(job.months for job in jobs), 0

    def tell(done: int, _: int) -> None:
        try:
            if progress is not None:
                progress(before + done, total)
        except Exception as error:  # whoever watches may call a halt: that is no failure of the replicate
            raise StoppedError from error

    try:
        for job in jobs:
            keep(job, live_one(job, simulate, tell))
            before += job.months
    except StoppedError as stop:
        raise stop.__cause__ or stop from None
    finally:
        stems.HERE.forget()


class _Crew:
    """Jobs in flight on one pool after another."""

    def __init__(
        self,
        jobs: Sequence[Job],
        keep: Keep,
        simulate: Simulate,
        at_once: int,
        board: Board,
        progress: Progress | None,
    ) -> None:
        self.keep, self.simulate, self.at_once = keep, simulate, at_once
        self.board, self.progress = board, progress
        self.months = [job.months for job in jobs]
        self.landed = [False] * len(jobs)
        self.told = -1

    def drain(self, waiting: deque[Job], pool: Executor) -> None:
        """Work until nothing waits, or until the pool is broken and nothing is in flight."""
        flying: dict[Future[Done | Failure], Job] = {}
        broken = False
        try:
            while flying or (waiting and not broken):
                broken = broken or not self._send(waiting, flying, pool)
                for future in wait(flying, timeout=_POLL_SECONDS, return_when=FIRST_COMPLETED).done:
                    broken = broken or isinstance(future.exception(), BrokenExecutor)
                    self._land(flying.pop(future), _outcome(future))
                self._tell()
        except BaseException:
            self.board.stop()
            waiting_still = [future for future in flying if not future.cancel()]
            wait(waiting_still, timeout=_PATIENCE_SECONDS)
            raise

    def give_up(self, waiting: deque[Job]) -> None:
        """Record what a broken executor never began."""
        for job in waiting:
            self._land(job, Failure("the executor broke before this replicate began", ""))
        waiting.clear()

    def _send(self, waiting: deque[Job], flying: dict[Future[Done | Failure], Job], pool: Executor) -> bool:
        """Keep a bounded number in flight; False if the pool takes no more."""
        while waiting and len(flying) < self.at_once:
            line = self.board.line(waiting[0].line)
            try:
                flying[pool.submit(live_one, waiting[0], self.simulate, line)] = waiting[0]
            except BrokenExecutor:
                return False
            waiting.popleft()
        return True

    def _land(self, job: Job, outcome: Done | Failure) -> None:
        self.landed[job.line] = True
        self.keep(job, outcome)

    def _tell(self) -> None:
        lines = zip(self.months, self.landed, self.board.months(), strict=True)
        done = sum(months if landed else min(read, months) for months, landed, read in lines)
        if self.progress is not None and done != self.told:
            self.told = done
            self.progress(done, sum(self.months))


def _outcome(future: Future[Done | Failure]) -> Done | Failure:
    error = future.exception()
    if error is None:
        return future.result()
    if isinstance(error, BrokenExecutor):
        hint = "memory may have run out, or a script may lack `if __name__ == '__main__':`"
        return Failure(f"a worker process ended without a word ({hint})", "".join(traceback.format_exception(error)))
    return Failure(f"{type(error).__name__}: {error}", "".join(traceback.format_exception(error)))


def ours(executor: Executor | None) -> bool:
    """Whether the work stays on this machine, in processes that we may share out as we like."""
    return executor is None or isinstance(executor, Hands)


class Board:
    """A small shared file: a line for each job, where its worker writes the months that are done.

    The first line is for the parent: not 0 says stop. Any process of this machine can open it by name.
    """

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        handle, name = tempfile.mkstemp(prefix="narco-door-")
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
