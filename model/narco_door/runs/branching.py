"""Branching: scenarios that share their past live it once; the later ones branch from where they part.

To the bit it is as if each were lived from its first month; see `NarcoDoor.branch`.
"""

from __future__ import annotations

import gc
import threading
from collections import deque
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from narco_door.month.model import NarcoDoor
    from narco_door.results.store import Frames
    from narco_door.scenario import Scenario

Progress = Callable[[int, int], None]
"""Told the months that are done and the months there are."""


class Branching:
    """Worlds as they stood in months in which scenarios part; several threads may share it.

    Parameters
    ----------
    most
        Worlds kept at a time, some ten megabytes each or more; the oldest goes first.
    """

    def __init__(self, most: int = 4) -> None:
        self._kept: deque[NarcoDoor] = deque(maxlen=most)
        self._changing = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def world(self, scenario: Scenario, replicate: int, *, threads: int = 1) -> NarcoDoor:
        """A world to live: a branch of the one kept that shares most of its past, or else one of its first month."""
        from narco_door.month.model import NarcoDoor  # the model compiles itself: only who lives a month pays for it

        shared = self._sharing(scenario, replicate)
        if shared:
            return max(shared, key=lambda world: world.month).branch(scenario)
        return NarcoDoor(scenario, replicate=replicate, threads=threads)

    def live(self, world: NarcoDoor, partings: Collection[int], progress: Callable[[int, int], None]) -> None:
        """Live all months that are left, and keep the world as it stands in the months in which scenarios part."""

        def between_months(done: int, months: int) -> None:
            progress(done, months)
            if done < months and world.month in partings:
                self._keep(world)

        world.run(progress=between_months)

    def forget(self) -> None:
        """Let go of every world: each is a net of cycles, which would wait for a collection of their own accord."""
        if self._kept:
            self._kept.clear()
            gc.collect()

    def _sharing(self, scenario: Scenario, replicate: int) -> list[NarcoDoor]:
        """The worlds of the same luck that are, as they stand, also that of this scenario."""
        with self._changing:
            kept = list(self._kept)
        return [world for world in kept if world.replicate == replicate and world.shares_past(scenario)]

    def _keep(self, world: NarcoDoor) -> None:
        if any(kept.month == world.month for kept in self._sharing(world.world.plan, world.replicate)):
            return
        twin = world.branch(world.world.plan)
        with self._changing:
            self._kept.append(twin)


class _OfThread(threading.local):
    """What this thread keeps, of which replicate of which experiment, and in which months its scenarios part."""

    def __init__(self) -> None:
        self.branching, self.family, self.partings = Branching(), "", frozenset[int]()


_HERE = _OfThread()


@contextmanager
def family(name: str, partings: Collection[int]) -> Iterator[None]:
    """Within it, what is lived in this thread may branch from what others of the family have lived.

    Parameters
    ----------
    name
        Of a replicate of an experiment; what was kept for another family is let go of.
    partings
        Months in which scenarios of the experiment part from the one that is lived.
    """
    if name != _HERE.family:
        _HERE.branching.forget()
    _HERE.family, _HERE.partings = name, frozenset(partings)
    try:
        yield
    finally:
        _HERE.partings = frozenset()


def forget() -> None:
    """Let go of what this thread keeps."""
    _HERE.branching.forget()


def live(scenario: Scenario, *, replicate: int, threads: int, progress: Progress) -> Frames:
    """Live one replicate of a scenario in the model itself."""
    from narco_door.results.store import Frames

    world = _HERE.branching.world(scenario, replicate, threads=threads)
    _HERE.branching.live(world, _HERE.partings, progress)
    return Frames(world.records.series(), world.records.events(), world.careers_frame())
