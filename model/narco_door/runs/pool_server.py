"""What the server of the worker pool reads first.

It holds Ctrl-C back while it reads, and its children need not. While it or a child of it reads, which may take
seconds, a timer looks whether who began it is still there: a thread would look as well, but a process with threads
must not fork.
"""

import os
import signal

PARENT = "NARCO_DOOR_PARENT"
"""In the environment of the server: the process that began it."""
_EVERY = 0.5


def leave_with(parent: int) -> None:
    """Look from now on whether the process that began this one is there, and leave with it."""

    def look(*_: object) -> None:
        if os.getppid() != parent:
            os._exit(1)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, 1e-6, _EVERY)


def look_no_more() -> None:
    """For who has a better way to know."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)


def _as_child() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    leave_with(_SERVER)


if PARENT in os.environ and hasattr(signal, "setitimer"):
    _SERVER = os.getpid()
    leave_with(int(os.environ.pop(PARENT)))
    os.register_at_fork(after_in_child=_as_child)
