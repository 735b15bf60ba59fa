"""The work of an experiment: replicates on any executor, a few at a time; one that fails costs no other."""

from __future__ import annotations

import time
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from polars.exceptions import PanicException

from narco_door.base.scarcity import shortage
from narco_door.results.store import Frames, Key, tidy
from narco_door.runs import branching
from narco_door.runs.board import Board, StoppedError
from narco_door.runs.branching import Progress
from narco_door.runs.options import Simulate
from narco_door.runs.pool import WorkerPool

if TYPE_CHECKING:
    from narco_door.scenario import Scenario

_POLL_SECONDS = 0.2
_PATIENCE_SECONDS = 30.0
_MORE_TRIES, _MORE_LOSSES = 2, 6
"""For each replicate that was lost with its worker, and for all of them: where no worker lives, say so soon."""


@dataclass(frozen=True)
class Job:
    """One replicate to live.

    Attributes
    ----------
    threads
        For the walk along the roll.
    line
        Its number, and its line on the board.
    simulate
        What lives it.
    family, partings
        The experiment whose scenarios share their past, and the months in which others part from this one.
    """

    scenario: Scenario
    replicate: int
    threads: int
    line: int
    simulate: Simulate
    family: str
    partings: tuple[int, ...] = ()

    @property
    def key(self) -> Key:
        """Scenario and replicate."""
        return self.scenario.name, self.replicate

    @property
    def months(self) -> int:
        """Months to live."""
        return self.scenario.run.months


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


Outcome = Done | Failure
Keep = Callable[[Job, Outcome], None]


def live_one(job: Job, progress: Progress) -> Outcome:
    """Live one replicate; what goes wrong comes back as text, which every kind of executor can carry."""
    began = time.perf_counter()
    try:
        with branching.family(f"{job.family} {job.replicate}", job.partings):
            frames = job.simulate(job.scenario, replicate=job.replicate, threads=job.threads, progress=progress)
        return Done(tidy(Frames(*frames)), time.perf_counter() - began)
    except (Exception, PanicException) as error:
        return Failure(_in_words(error), traceback.format_exc())


def ours(executor: Executor | None) -> bool:
    """Whether the work stays on this machine, in processes that we may share out as we like."""
    return executor is None or isinstance(executor, WorkerPool)


def work(
    jobs: Sequence[Job], keep: Keep, *, workers: int, executor: Executor | None = None, progress: Progress | None = None
) -> None:
    """Live every job and hand each outcome to `keep` as soon as it is there.

    A worker that dies takes those in flight with it. They are lived again at the end, one by one: then there is most
    memory, and only what kills its worker is lost once more.

    Parameters
    ----------
    jobs
        The replicates to live, numbered from 0.
    keep
        Called in this process, once for each job.
    workers
        How many at a time, as far as that is ours to say. One works in this process, unless the executor is not ours.
    executor
        As in `RunOptions`; None makes a worker pool for this once.
    progress
        Told the months done and the months of all jobs.
    """
    if workers == 1 and ours(executor):
        _work_here(jobs, keep, progress)
        return
    with Board(len(jobs)) as board, nullcontext(executor) if executor else WorkerPool(workers) as pool:
        flights = _Flights(jobs, keep, board, pool, progress)
        lost, losses = flights.live(jobs, at_once=2 * workers), 0
        for job in [*lost] * _MORE_TRIES:
            if job in lost and losses < _MORE_LOSSES:
                again = flights.live([job], at_once=1)
                losses += len(again)
                lost = lost if again else {other: failure for other, failure in lost.items() if other != job}
        for job, failure in lost.items():
            keep(job, failure)


def _work_here(jobs: Sequence[Job], keep: Keep, progress: Progress | None) -> None:
    total, before = sum(job.months for job in jobs), 0

    def tell(done: int, _: int) -> None:
        try:
            if progress is not None:
                progress(before + done, total)
        except Exception as error:  # whoever watches may call a halt: that is no failure of the replicate
            raise StoppedError from error

    try:
        for job in jobs:
            keep(job, live_one(job, tell))
            before += job.months
    except StoppedError as stop:
        raise stop.__cause__ or stop from None
    finally:
        branching.forget()


@dataclass
class _Flights:
    """Jobs in flight on a pool."""

    jobs: Sequence[Job]
    keep: Keep
    board: Board
    pool: Executor
    progress: Progress | None
    landed: set[int] = field(default_factory=set)
    told: int = -1

    def live(self, jobs: Sequence[Job], *, at_once: int) -> dict[Job, Failure]:
        """Keep so many in flight until all have landed; return those that were lost with a worker or never began."""
        waiting, flying, lost = deque(jobs), dict[Future[Outcome], Job](), dict[Job, Failure]()
        try:
            while waiting or flying:
                lost |= self._send(waiting, flying, at_once)
                for future in wait(flying, timeout=_POLL_SECONDS, return_when=FIRST_COMPLETED).done:
                    job, error = flying.pop(future), future.exception()
                    if isinstance(error, BrokenExecutor):
                        lost[job] = _lost(error)
                    else:
                        self._land(job, future.result() if error is None else _told(error))
                self._tell()
        except BaseException:
            self.board.stop()
            wait([future for future in flying if not future.cancel()], timeout=_PATIENCE_SECONDS)
            raise
        return lost

    def _send(self, waiting: deque[Job], flying: dict[Future[Outcome], Job], at_once: int) -> dict[Job, Failure]:
        """Fill the pool; if it is broken and not ours to replace, return what it does not take."""
        try:
            while waiting and len(flying) < at_once:
                flying[self.pool.submit(live_one, waiting[0], self.board.line(waiting[0].line))] = waiting[0]
                waiting.popleft()
        except BrokenExecutor:
            refused = dict.fromkeys(waiting, Failure("the executor broke before this replicate began", ""))
            waiting.clear()
            return refused
        return {}

    def _land(self, job: Job, outcome: Outcome) -> None:
        self.landed.add(job.line)
        self.keep(job, outcome)

    def _tell(self) -> None:
        """Say how far all are; what is lived again does not count until it is further than before."""
        lived = zip(self.jobs, self.board.months(), strict=True)
        done = sum(job.months if job.line in self.landed else min(read, job.months) for job, read in lived)
        if self.progress is not None and done > self.told:
            self.told = done
            self.progress(done, sum(job.months for job in self.jobs))


def _lost(error: BaseException) -> Failure:
    hint = "memory may have run out, or a script may lack `if __name__ == '__main__':`"
    return Failure(f"a worker process ended without a word ({hint})", "".join(traceback.format_exception(error)))


def _told(error: BaseException) -> Failure:
    return Failure(_in_words(error), "".join(traceback.format_exception(error)))


def _in_words(error: BaseException) -> str:
    return shortage(error) or f"{type(error).__name__}: {error}"
