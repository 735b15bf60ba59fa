"""What the server of the hands reads last: it holds Ctrl-C back while it reads, and who is forked from it need not."""

import os
import signal

if hasattr(signal, "pthread_sigmask"):
    os.register_at_fork(after_in_child=lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT}))
