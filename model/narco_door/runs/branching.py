"""Scenarios that share their past live it once in each process or thread: the later ones branch from where they part.

To the bit it is as if each were lived from its first month; see `NarcoDoor.branch`.
"""

from __future__ import annotations

import gc
import threading
from collections import deque
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from narco_door.month.model import NarcoDoor
    from narco_door.scenario import Scenario

_MOST = 4
"""Worlds kept at a time: scenarios that are compared part in one month or in a few."""


class Stems(threading.local):
    """Worlds of one luck as they stood in months in which scenarios part; every thread has its own."""

    def __init__(self) -> None:
        self.partings: frozenset[int] = frozenset()
        self.kin = ""
        self.kept: deque[NarcoDoor] = deque(maxlen=_MOST)

    def expect(self, partings: Iterable[int], kin: str) -> None:
        """Keep what passes through these months from now on; what was kept for others than these kin is not theirs."""
        if kin != self.kin:
            self.forget()
        self.partings, self.kin = frozenset(partings), kin

    def forget(self) -> None:
        """Let go of every world: each is a net of cycles, which would wait for a collection of their own accord."""
        if self.kept:
            self.kept.clear()
            gc.collect()

    def world(self, scenario: Scenario, luck: int, found: Callable[[], NarcoDoor]) -> NarcoDoor:
        """A world to live: a branch of the stem that shares most of its past, or else one that is founded.

        Parameters
        ----------
        scenario
            What it is to live.
        luck
            Seed of the replicate.
        found
            Makes the world of the first month.
        """
        if any(stem.draws.seed != luck for stem in self.kept):
            self.forget()
        shared = [stem for stem in self.kept if stem.shares_past(scenario)]
        return max(shared, key=lambda stem: stem.month).branch(scenario) if shared else found()

    def run(self, world: NarcoDoor, progress: Callable[[int, int], None]) -> None:
        """Live all months that are left, and keep the world where scenarios part."""

        def between_months(done: int, months: int) -> None:
            if world.month in self.partings.difference(stem.month for stem in self.kept):
                self.kept.append(world.branch(world.plan))
            progress(done, months)

        world.run(progress=between_months)


HERE = Stems()
"""Those of this thread."""
