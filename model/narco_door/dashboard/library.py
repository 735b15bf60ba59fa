"""The lives that were lived: each is run once for whoever asks, and kept while there is room."""

from __future__ import annotations

import gc
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from narco_door.dashboard.run_queue import CancelledError, RunQueue
from narco_door.results.store import Frames
from narco_door.runs.branching import Branching
from narco_door.runs.pool import cores
from narco_door.scenario import Scenario

if TYPE_CHECKING:
    import polars as pl

    from narco_door.book.book import Book

ROOM: Final = "NARCO_DOOR_ROOM"  # an environment variable: bytes to keep instead of these
ROOM_BYTES: Final = 320_000_000
_WAKE_SECONDS = 0.1
_BRANCHES = 3  # worlds kept to branch from, some ten megabytes each


class Key(NamedTuple):
    """All that can change the numbers of one replicate."""

    digest: str
    seed: int
    replicate: int
    persons_per_agent: int
    start: int
    end: int


def key_of(scenario: Scenario, replicate: int) -> Key:
    """The key of one replicate of a scenario: names and titles do not matter."""
    run = scenario.run
    return Key(scenario.digest, run.seed, replicate, run.persons_per_agent, run.start, run.end)


@dataclass(frozen=True)
class Life:
    """One replicate that was lived to its end; never written to again."""

    book: Book
    events: pl.DataFrame
    careers: pl.DataFrame

    @property
    def frames(self) -> Frames:
        """The three tables that the command line would have written; made anew, because they are large."""
        return Frames(self.book.series(), self.events, self.careers)

    @property
    def room(self) -> int:
        """Bytes that it takes."""
        return self.book.written * (len(self.book.codes) + 1) * len(self.book.index) * 8


Watch = Callable[["Book", int], None]
"""Shown the book of a run that goes on, with the months written so far."""


class Library:
    """Finished lives by content, shared by all visitors because nobody can change them.

    Parameters
    ----------
    queue
        Who may run now.
    room
        Bytes to keep; the lives that were not asked for longest go first.
    """

    def __init__(self, queue: RunQueue, *, room: int = ROOM_BYTES) -> None:
        self.queue, self.room = queue, room
        self._lives: OrderedDict[Key, Life] = OrderedDict()
        self._busy: set[Key] = set()
        self._branching = Branching(_BRANCHES)
        self._changed = threading.Condition()

    def find(self, key: Key) -> Life | None:
        """A life that was lived already."""
        with self._changed:
            if key in self._lives:
                self._lives.move_to_end(key)
            return self._lives.get(key)

    def live(
        self,
        scenario: Scenario,
        replicate: int,
        *,
        urgent: bool,
        apart: int = 0,
        cancel: threading.Event,
        watch: Watch,
        tell: Callable[[int], None],
    ) -> Life:
        """Find a life or live it.

        Parameters
        ----------
        urgent
            A first look, which goes before all second ones.
        apart
            Months after which a first look is kept as it stands, to branch others from: see `NarcoDoor.branch`.
        cancel
            Stops the run between two months.
        watch, tell
            Shown the run as it goes, and how many are ahead of it before.

        Raises
        ------
        CancelledError
            It was cancelled.
        """
        key = key_of(scenario, replicate)
        with self._alone(key, cancel):
            found = self.find(key)
            if found is not None:
                return found
            with self.queue.turn(urgent=urgent, cancel=cancel, tell=tell):
                partings = {scenario.run.start + apart} if urgent else set[int]()
                life = self._live(scenario, replicate, partings, urgent=urgent, cancel=cancel, watch=watch)
            gc.collect()  # a world is a net of cycles and megabytes, too few objects to be missed by themselves
            self._keep(key, life)
            return life

    def _live(
        self,
        scenario: Scenario,
        replicate: int,
        partings: set[int],
        *,
        urgent: bool,
        cancel: threading.Event,
        watch: Watch,
    ) -> Life:
        world = self._branching.world(scenario, replicate)

        def between_months(done: int, _: int) -> None:
            self.queue.give_way(urgent=urgent, cancel=cancel)
            if cancel.is_set():
                raise CancelledError
            watch(world.records, done)

        self._branching.live(world, partings, between_months)
        return Life(world.records, world.records.events(), world.careers_frame())

    @contextmanager
    def _alone(self, key: Key, cancel: threading.Event) -> Iterator[None]:
        """Let one at a time live the same life; the others find it."""
        with self._changed:
            while key in self._busy:
                if cancel.is_set():
                    raise CancelledError
                self._changed.wait(_WAKE_SECONDS)
            self._busy.add(key)
        try:
            yield
        finally:
            with self._changed:
                self._busy.remove(key)
                self._changed.notify_all()

    def _keep(self, key: Key, life: Life) -> None:
        with self._changed:
            self._lives[key] = life
            while len(self._lives) > 1 and sum(each.room for each in self._lives.values()) > self.room:
                self._lives.popitem(last=False)


@cache
def library() -> Library:
    """The one library of this process: a machine has only so many cores, whoever visits."""
    return Library(RunQueue(cores()), room=int(os.environ.get(ROOM, ROOM_BYTES)))
