"""The worker pool: processes that live replicates and draw pictures, one for each core.

Where the system can, they are forked from a server that has read the heavy libraries once, while the process that
asks is still busy with its own. It reads none that starts threads of its own: forks of such may hang.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from pathlib import Path

from narco_door.base.scarcity import at_work_in
from narco_door.runs.pool_server import PARENT, look_no_more
from narco_door.runs.scratch import scratch

PRELOADED = ["narco_door.runs.pool_server", "mesa", "numba"]
_PARENT = os.getpid()
_MOST = 61 if sys.platform == "win32" else 1_000_000
"""Processes that one pool can have there."""


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _forks() -> bool:
    """Whether there is a server; a process that was itself forked is not the parent of the one it knows of."""
    return sys.platform == "linux" and os.getpid() == _PARENT


def start_server() -> None:
    """Have the server begin to read; whoever will need a pool in a second calls this first."""
    if not _forks():
        return
    from multiprocessing import forkserver, resource_tracker

    resource_tracker.ensure_running()  # the server asks for it, and it would let Ctrl-C through again
    folder = str(scratch())
    held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # the server inherits that it is not for it
    usual, tempfile.tempdir = tempfile.tempdir, folder  # for its socket
    os.environ[PARENT] = str(os.getpid())
    try:
        forkserver.set_forkserver_preload(PRELOADED)
        with at_work_in(Path(folder)):
            forkserver.ensure_running()
    finally:
        os.environ.pop(PARENT, None)
        tempfile.tempdir = usual
        signal.pthread_sigmask(signal.SIG_SETMASK, held)


class WorkerPool(Executor):
    """Processes of this machine, for one experiment after another; if one dies, fresh ones replace them all."""

    def __init__(self, workers: int) -> None:
        self.workers, self._pool = workers, _processes(workers)

    def submit[**P, T](self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Hand one call to a process."""
        try:
            return self._pool.submit(fn, *args, **kwargs)
        except BrokenExecutor:
            self._pool.shutdown()
            self._pool = _processes(self.workers)
            return self._pool.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let the processes go."""
        self._pool.shutdown(wait, cancel_futures=cancel_futures)


def _processes(workers: int) -> ProcessPoolExecutor:
    """Fresh processes: they share no thread, lock or compiled state with this one."""
    start_server()
    context = multiprocessing.get_context("forkserver" if _forks() else "spawn")
    scratch()  # names the semaphores
    environment = dict(os.environ)
    return ProcessPoolExecutor(min(workers, _MOST), mp_context=context, initializer=_begin, initargs=(environment,))


def _begin(environment: Mapping[str, str]) -> None:
    """Take over the parent's environment, which may have changed since the server began, and leave Ctrl-C to it.

    What a library reads from the environment when it is imported, such as numba's settings, is the server's.

    Leave with the parent if it is killed, and leave at once when all is done: what was imported takes a second to
    tidy up, of a process that holds nothing any more.
    """
    os.environ.clear()
    os.environ.update(environment)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    atexit.register(os._exit, 0)  # registered first, called last
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    look_no_more()


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
