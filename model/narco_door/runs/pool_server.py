"""What the server of the worker pool reads last: it holds Ctrl-C back while it reads, and its children need not."""

import os
import signal

if hasattr(signal, "pthread_sigmask"):
    os.register_at_fork(after_in_child=lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT}))
