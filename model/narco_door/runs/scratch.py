"""A folder of this process for what goes with it: sockets, boards, the names of semaphores.

Whoever is killed leaves it behind; the system lets go of its lock, and the next run removes it.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import tempfile
import threading
from contextlib import suppress
from functools import cache
from multiprocessing.util import Finalize
from pathlib import Path

from filelock import FileLock, Timeout

from narco_door.base.errors import UserError
from narco_door.base.scarcity import at_work_in

PREFIX = "narco-door-"
_HELD = "held"
_LONGEST = 60
"""Letters of a folder in which a socket can still have a name; systems allow it some hundred in all."""
_SEMAPHORES = Path("/dev/shm")
_MAKING = threading.Lock()


def scratch() -> Path:
    """The folder of this process, made when first asked for.

    Raises
    ------
    UserError
        Nothing can be written where temporary files go.
    """
    with _MAKING:
        return _made(os.getpid())


@cache
def _made(process: int) -> Path:
    sweep()
    home = _home()
    with at_work_in(home):
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=home))
        held = FileLock(folder / _HELD, thread_local=False)
        held.acquire()
    Finalize(None, _remove, args=(folder, held), exitpriority=-200)  # after what multiprocessing keeps in it
    _name_semaphores(folder.name)
    return folder


def _home() -> Path:
    """Where temporary files go, or a place with a short name."""
    try:
        home = Path(tempfile.gettempdir())
    except FileNotFoundError as error:
        raise UserError(f"{error.strerror}; expected a folder for temporary files (TMPDIR)") from None
    short = Path("/tmp")
    return short if len(str(home)) > _LONGEST and os.access(short, os.W_OK | os.X_OK) else home


def _remove(folder: Path, held: FileLock) -> None:
    held.release()
    shutil.rmtree(folder, ignore_errors=True)


def _name_semaphores(name: str) -> None:
    """By the folder, so that those of a killed process are known; macOS and Windows keep none by name."""
    multiprocessing.current_process()._config["semprefix"] = f"/{name}"  # type: ignore[attr-defined]


def sweep() -> None:
    """Remove the folders, and the semaphores named by them, of processes that were killed."""
    for folder in _home().glob(f"{PREFIX}*"):
        with suppress(OSError, Timeout):  # in use, or another user's
            with FileLock(folder / _HELD, timeout=0):
                for semaphore in _SEMAPHORES.glob(f"sem.{folder.name}-*"):
                    semaphore.unlink()
            shutil.rmtree(folder)
