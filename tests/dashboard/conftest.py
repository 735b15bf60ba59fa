"""A real browser on a real server: Debian's chromium, driven by Playwright."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ARGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
SMALL = "from=2007-07&to=2008-12&runs=2&scale=200"
"""Two years, two lucks: a tenth of a second a run."""


@dataclass(frozen=True)
class Server:
    """A dashboard that runs as its own process."""

    url: str
    port: int
    pid: int

    def resident(self) -> float:
        """Megabytes of memory in use."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024

    def cpu_seconds(self) -> float:
        """Processor time used so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(*options: str, **environment: str) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "narco_door.cli", "dashboard", "--port", str(port), "--no-browser", *options]
    command[1:3] = ["-c", "from narco_door.cli import app; app()"]
    process = subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{url}/readyz", process)
        yield Server(url, port, process.pid)
    finally:
        process.terminate()
        process.wait(10)


def pace() -> float:
    """How much longer things take than they would if nobody else used the machine."""
    began, spent = time.perf_counter(), time.process_time()
    while time.process_time() - spent < 0.3:
        pass
    return max((time.perf_counter() - began) / 0.3, 1.0)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The page first, because it takes longest, in one worker; its browser last: the driver keeps an event loop."""
    items.sort(key=lambda item: (item.path.parent.name != "dashboard", "browser" in item.path.name))


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError("the dashboard ended before it listened")
        try:
            urllib.request.urlopen(url, timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(url)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The page for one person."""
    with serving() as running:
        yield running


@pytest.fixture(scope="session")
def public() -> Iterator[Server]:
    """The page for everybody."""
    with serving("--public", "--host-name", "127.0.0.1") as running:
        yield running


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.fail("these tests drive a real browser, and there is none: apt-get install -y chromium")
    return {**browser_type_launch_args, "executable_path": chromium, "args": list(ARGS)}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "viewport": {"width": 1400, "height": 1900}, "locale": "en-US"}
