"""Files that a kill, a full disk or a power cut leaves whole: written aside, on the disk, then given their name."""

import hashlib
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from filelock import FileLock, Timeout

from narco_door.base.errors import UserError
from narco_door.base.scarcity import at_work_in

LOCK = ".lock"
_LOG = logging.getLogger(__name__)


def digest(content: bytes) -> str:
    """The sha256 of bytes."""
    return hashlib.sha256(content).hexdigest()


def digest_of(file: Path) -> str:
    """The sha256 of a file's bytes."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def hidden(folder: Path) -> Path:
    """A name in a folder that nobody else has, for what is not complete yet."""
    return folder / f".{uuid4().hex}"


def write_whole(file: Path, content: bytes) -> None:
    """Write a file, all of it or nothing; when it has its name, it is on the disk.

    Raises
    ------
    UserError
        The machine is short of something, such as space.
    """
    with at_work_in(file.parent):
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = hidden(file.parent)
        try:
            write_synced(fresh, content)
            fresh.replace(file)
        finally:
            with suppress(OSError):
                fresh.unlink()
        sync(file.parent)


def write_synced(file: Path, content: bytes) -> None:
    """Write a file and wait until it is on the disk."""
    with file.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def sync(folder: Path) -> None:
    """Wait until the names in a folder are on the disk, where folders can be opened."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove(folder: Path) -> None:
    """Hide a folder, then remove it: a kill on the way leaves no half of one to be read."""
    aside = hidden(folder.parent)
    with suppress(FileNotFoundError):
        folder.replace(aside)
        shutil.rmtree(aside)


def sweep(folder: Path) -> None:
    """Remove what killed runs left half-written; only for who has the folder alone."""
    for left in folder.glob(".*"):
        if left.name != LOCK:
            shutil.rmtree(left) if left.is_dir() else left.unlink()


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, which the system lets go of with the process, however it ends.

    Who comes second says so once and waits.
    """
    with at_work_in(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / LOCK)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            _LOG.warning("another run is at work in %s: waiting for it to end", folder)
            lock.acquire()
        except NotImplementedError:
            raise UserError(f"{folder}: this file system has no locks; expected one that has") from None
    try:
        yield
    finally:
        lock.release()
