"""How an experiment is run: the same few options wherever one is begun."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypedDict

from narco_door.base.errors import UserError

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from narco_door.results.store import Frames
    from narco_door.runs.branching import Progress
    from narco_door.scenario import Scenario


def _at_home(out: Path) -> Path:
    """Without a leading `~`, which a shell leaves as it is in `--out=~/results`."""
    try:
        return out.expanduser()
    except RuntimeError:
        raise UserError(f"{out}: the home of {out.parts[0]} is not known; expected a folder") from None


class Simulate(Protocol):
    """A function that lives one replicate; importable by name, so that another process can find it."""

    def __call__(self, scenario: Scenario, *, replicate: int, threads: int, progress: Progress) -> Frames:
        """Return what the replicate wrote down, calling `progress` after every month."""
        ...


class RunKeywords(TypedDict, total=False):
    """`RunOptions` as keywords of a function; what they mean is said there."""

    replicates: int | None
    sets: int | None
    seed: int | None
    persons_per_agent: int | None
    until: str | None
    workers: int | None
    out: str | Path | None
    progress: Progress | None
    executor: Executor | None
    simulate: Simulate | None
    unread: bool


@dataclass(frozen=True, kw_only=True)
class RunOptions:
    """How an experiment is run; each can be left to the default.

    Attributes
    ----------
    replicates, sets, seed, persons_per_agent, until
        Replace what the scenario says; `until` is the last month, such as "2015-12". More sets than the scenario has
        replicates bring as many replicates with them, one luck for each; fewer replicates than its sets take as many
        of these.
    workers
        Cores to use, by default every one. They are shared out as processes of one thread each, or of several
        if there are fewer replicates than cores. The numbers do not depend on it.
    out
        The folder under which `<name>-<hash>/` is kept. Without it nothing is written.
    progress
        Called in this process with the months done and the months of all replicates that had to be run.
        It may raise to call a halt: what is finished is kept.
    executor
        Any executor of `concurrent.futures`, for example one of a cluster. It is used and left open. A `WorkerPool`
        serves for one experiment after another; with one worker it is not needed and not used.
    simulate
        What lives one replicate; the model, unless a test puts something smaller in its place.
    unread
        Leave the tables in the folder and read of them, for each question, what it needs: memory is then that of a few
        replicates, however many there are. The folder must stay as long as the results are used.

    Raises
    ------
    UserError
        There is nobody to work.
    """

    replicates: int | None = None
    sets: int | None = None
    seed: int | None = None
    persons_per_agent: int | None = None
    until: str | None = None
    workers: int | None = None
    out: str | Path | None = None
    progress: Progress | None = None
    executor: Executor | None = None
    simulate: Simulate | None = None
    unread: bool = False

    def __post_init__(self) -> None:
        if self.workers is not None and self.workers < 1:
            raise UserError(f"workers: expected a whole number of at least 1, got {self.workers}")
        if self.out is not None:
            object.__setattr__(self, "out", _at_home(Path(self.out)))

    @property
    def cores(self) -> int:
        """How many cores to use."""
        from narco_door.runs.pool import cores

        return cores() if self.workers is None else self.workers

    def of(self, scenario: Scenario) -> Scenario:
        """Return the scenario as it is to be run.

        Raises
        ------
        UserError
            A count is out of bounds, or the last month is none.
        """
        replicates = self.replicates
        sets = self.sets
        if sets is None and replicates is not None:
            sets = min(scenario.run.sets, max(replicates, 0))
        elif sets is not None and replicates is None:
            replicates = max(scenario.run.replicates, sets)
        return scenario.replace(
            replicates=replicates, sets=sets, seed=self.seed, persons_per_agent=self.persons_per_agent,
            until=self.until,
        )  # fmt: skip

    def get_ready(self) -> None:
        """Begin what a worker pool needs while this process reads the rest of the program."""
        from narco_door.runs.pool import start_server

        if self.cores > 1:
            start_server()

    @contextmanager
    def with_pool(self) -> Iterator[RunOptions]:
        """The same options with a worker pool for several experiments; as they are if one process does it all."""
        from narco_door.runs.pool import WorkerPool

        if self.executor is not None or self.cores == 1:
            yield self
            return
        with WorkerPool(self.cores) as pool:
            yield replace(self, executor=pool)
