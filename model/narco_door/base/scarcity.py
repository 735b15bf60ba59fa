"""What a machine is short of, in one sentence: disk, files, memory, leave to write."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from narco_door.base.errors import UserError

_SHORT = {
    errno.ENOSPC: "no space is left on this disk",
    errno.EDQUOT: "your quota of disk space is used up",
    errno.EFBIG: "no file may be so large here (ulimit -f)",
    errno.EMFILE: "too many files are open; more must be allowed (ulimit -n)",
    errno.ENFILE: "too many files are open on this machine",
    errno.ENOMEM: "memory is short (ulimit -v)",
    errno.EAGAIN: "no more processes are allowed (ulimit -u)",
    errno.EROFS: "this disk is read-only; expected a folder that can be written to",
    errno.EACCES: "permission denied; expected a folder that can be written to",
    errno.EPERM: "permission denied; expected a folder that can be written to",
    errno.ENOTDIR: "a file stands where a folder is needed; expected a folder that can be written to",
    errno.ENAMETOOLONG: "the name is too long for this file system; expected a shorter one (compare: --name)",
}


def shortage(error: BaseException, where: Path | str = "") -> str | None:
    """Say what is short and where; None if the error is of another kind.

    Parameters
    ----------
    error
        What went wrong.
    where
        The file or folder, if the error does not tell.
    """
    if isinstance(error, MemoryError):
        about = f" ({error})" if str(error) else ""
        return f"memory is short{about}; fewer workers or more persons for each agent need less"
    if type(error).__name__ == "PanicException":  # of polars, which is not read for that; no Exception, and no errno
        return f"memory or threads are short (ulimit -v, -u): {str(error).splitlines()[0] if str(error) else 'panic'}"
    if not isinstance(error, OSError) or error.errno not in _SHORT:
        return None
    place = str(where or error.filename or "")
    return f"{_brief(place)}: {_SHORT[error.errno]}" if place else _SHORT[error.errno]


def _brief(place: str, most: int = 200) -> str:
    return place if len(place) <= most else f"{place[: most // 2]}...{place[-most // 2 :]}"


@contextmanager
def at_work_in(where: Path) -> Iterator[None]:
    """Within it, what the machine is short of at reading or writing is said as the user's to mend, with the place.

    Raises
    ------
    UserError
        Disk, files, memory or leave to write are short.
    """
    try:
        yield
    except (OSError, MemoryError) as error:
        said = shortage(error, where)
        if said is None:
            raise
        raise UserError(said) from error
