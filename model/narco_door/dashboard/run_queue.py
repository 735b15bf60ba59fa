"""Who may run now: as many at a time as there are cores, and a first look never waits behind a second one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_WAKE_SECONDS = 0.1
_CLICK_SECONDS = 0.15  # that a run waits for clicks between two months, however many there are


class CancelledError(Exception):
    """Nobody waits for this run any more. Not a failure."""


class RunQueue:
    """Two queues of one machine: urgent runs, and patient ones that pause while an urgent one runs.

    Parameters
    ----------
    slots
        How many of each kind run at a time.
    """

    def __init__(self, slots: int) -> None:
        self.slots = slots
        self._changed = threading.Condition()
        self._waiting: dict[bool, list[object]] = {True: [], False: []}
        self._running = {True: 0, False: 0}
        self._clicks = 0

    @contextmanager
    def turn(self, *, urgent: bool, cancel: threading.Event, tell: Callable[[int], None]) -> Iterator[None]:
        """Wait in line, run, leave.

        Parameters
        ----------
        cancel
            Ends the waiting.
        tell
            Told how many are ahead, whenever that may have changed.

        Raises
        ------
        CancelledError
            Cancelled before the turn came.
        """
        self._wait(urgent, cancel, tell)
        try:
            yield
        finally:
            with self._changed:
                self._running[urgent] -= 1
                self._changed.notify_all()

    def _wait(self, urgent: bool, cancel: threading.Event, tell: Callable[[int], None]) -> None:
        ticket, line = object(), self._waiting[urgent]
        with self._changed:
            line.append(ticket)
        try:
            while True:
                with self._changed:
                    ahead = line.index(ticket) + self._running[urgent] - self.slots
                    if ahead < 0:
                        self._running[urgent] += 1
                        return
                tell(ahead + 1)
                if cancel.wait(_WAKE_SECONDS):
                    raise CancelledError
        finally:
            with self._changed:
                line.remove(ticket)

    @contextmanager
    def pause(self) -> Iterator[None]:
        """All runs pause, between two months, while a click is answered: they share the interpreter with it."""
        with self._changed:
            self._clicks += 1
        try:
            yield
        finally:
            with self._changed:
                self._clicks -= 1
                self._changed.notify_all()

    def give_way(self, *, urgent: bool, cancel: threading.Event) -> None:
        """Between two months of a run: pause for clicks, briefly, and a patient one while an urgent one waits."""
        with self._changed:
            self._changed.wait_for(lambda: self._clicks == 0 or cancel.is_set(), _CLICK_SECONDS)
            while not urgent and (self._running[True] or self._waiting[True]) and not cancel.is_set():
                self._changed.wait(_WAKE_SECONDS)
