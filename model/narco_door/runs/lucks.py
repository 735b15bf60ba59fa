"""A question put to every luck of a scenario that no record answers: on as many processes as there are cores."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import TYPE_CHECKING, Protocol

from narco_door.runs.board import Board

if TYPE_CHECKING:
    from narco_door.runs.branching import Progress
    from narco_door.runs.options import RunOptions
    from narco_door.scenario import Scenario

_POLL_SECONDS = 0.2


class Ask[Answer](Protocol):
    """A function of one luck; importable by name, so that another process can find it."""

    def __call__(self, scenario: Scenario, *, replicate: int, progress: Progress) -> Answer:
        """Return the answer, calling `progress` after every month."""
        ...


def each_luck[Answer](ask: Ask[Answer], scenario: Scenario, options: RunOptions, *, months: int) -> list[Answer]:
    """Ask every replicate of a scenario.

    Parameters
    ----------
    ask
        What is asked.
    scenario
        As it is to be run.
    options
        Cores, executor and progress.
    months
        How many months one answer lives, for the progress.

    Returns
    -------
    list
        An answer for each replicate, in their order. A replicate that fails fails them all.
    """
    replicates = range(scenario.run.replicates)
    tell = options.progress or (lambda done, total: None)
    total = months * len(replicates)
    if options.cores == 1 and options.executor is None:
        return [
            ask(scenario.in_set(k), replicate=k, progress=lambda done, _, k=k: tell(k * months + done, total))  # type: ignore[misc]
            for k in replicates
        ]
    with Board(len(replicates)) as board, options.with_pool() as pooled:
        assert pooled.executor is not None
        flying = [
            pooled.executor.submit(ask, scenario.in_set(k), replicate=k, progress=board.line(k)) for k in replicates
        ]
        try:
            _watch(flying, lambda: tell(sum(board.months()), total))
        except BaseException:
            board.stop()
            for future in flying:
                future.cancel()
            raise
        return [future.result() for future in flying]


def _watch[Answer](flying: list[Future[Answer]], tell: Callable[[], None]) -> None:
    """Say how far all are until all have landed; the first that fails ends it."""
    waiting = set(flying)
    while waiting:
        landed, waiting = wait(waiting, timeout=_POLL_SECONDS, return_when=FIRST_COMPLETED)
        for future in landed:
            future.result()
        tell()
