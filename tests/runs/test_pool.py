"""Workers know what their parent knows, and go when it goes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from narco_door.runs.pool import WorkerPool

PARENT = """
import os, time
from narco_door.runs.pool import WorkerPool
if __name__ == "__main__":
    with WorkerPool(2) as pool:
        print(pool.submit(os.getpid).result(), pool.submit(os.getppid).result(), flush=True)
        time.sleep(600)
"""
INTERRUPTED = """
import signal, sys
from narco_door.runs.pool import start_server
signal.signal(signal.SIGINT, lambda *_: None)
start_server()
print("begun", flush=True)
sys.stdin.read()
"""
NEIGHBOURS = """
import os, signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from narco_door.runs.pool import WorkerPool

def handed():
    with WorkerPool(1) as pool:
        return pool.submit(len, "four").result()

if __name__ == "__main__":
    print(handed())
    for start in ("fork", "forkserver"):
        with ProcessPoolExecutor(1, mp_context=get_context(start)) as others:
            print(others.submit(handed).result(), others.submit(signal.pthread_sigmask, signal.SIG_BLOCK, []).result())
"""


def test_workers_see_the_environment_of_the_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Though the server that they are forked from may have begun under another."""
    for word in ("first", "second"):
        monkeypatch.setenv("NARCO_DOOR_TEST_WORD", word)
        with WorkerPool(1) as pool:
            assert pool.submit(os.getenv, "NARCO_DOOR_TEST_WORD").result() == word


@pytest.mark.skipif(sys.platform != "linux", reason="workers are spawned there")
def test_workers_import_nothing_that_starts_threads_before_they_are_forked() -> None:
    """A fork of a process with threads may hang: whoever adds a library to be read once must look."""
    code = "import os, narco_door.runs.pool as h; [__import__(n) for n in h.PRELOADED]; print(len(os.listdir('/proc/self/task')))"
    env = os.environ | {"OPENBLAS_NUM_THREADS": "1"}  # which ends and renews its own threads around a fork
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1"]


@pytest.mark.skipif(sys.platform != "linux", reason="workers are spawned there")
def test_the_server_leaves_ctrl_c_to_the_parent() -> None:
    """Which a terminal sends to all; while the server reads, too."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    parent = subprocess.Popen([sys.executable, "-c", INTERRUPTED], text=True, start_new_session=True, **pipes)
    assert parent.stdout is not None
    assert parent.stdout.readline() == "begun\n"
    for _ in range(10):
        time.sleep(0.05)
        os.killpg(parent.pid, signal.SIGINT)
    assert parent.communicate(timeout=60) == ("", "")
    assert parent.returncode == 0


@pytest.mark.skipif(sys.platform != "linux", reason="workers are spawned there")
def test_processes_of_others_have_pools_and_ctrl_c(tmp_path: Path) -> None:
    """A process that was forked from one with a pool, and one that is forked from the very server."""
    script = tmp_path / "neighbours.py"
    script.write_text(NEIGHBOURS)
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False, timeout=120)
    assert done.stdout.splitlines() == ["4", "4 set()", "4 set()"], done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_workers_and_their_server_leave_with_a_parent_that_is_killed() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    worker, server = (Path("/proc", word) for word in parent.stdout.readline().split())
    assert worker.exists()
    assert server.name != str(parent.pid)
    parent.kill()
    parent.communicate()
    deadline = time.monotonic() + 60
    while (runs(worker) or runs(server)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not runs(worker)
    assert not runs(server)


def runs(process: Path) -> bool:
    """Not one that has ended and that nobody has waited for."""
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
