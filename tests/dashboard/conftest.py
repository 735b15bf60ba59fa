"""A real browser on a real server, both of them the worker's own."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

import browsers

ARGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
SMALL = "from=2007-07&to=2008-12&runs=2&scale=200"
"""Two years, two lucks: a tenth of a second a run."""
DONE = "[data-stage=done]"


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
    command = [sys.executable, "-m", "narco_door", "dashboard", "--port", str(port), "--no-browser", *options]
    process = subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{url}/readyz", process)
        yield Server(url, port, process.pid)
    finally:
        process.terminate()
        process.wait(60)


def pace() -> float:
    """How much longer things take than they would if nobody else used the machine."""
    began, spent = time.perf_counter(), time.process_time()
    while time.process_time() - spent < 0.3:
        pass
    return max((time.perf_counter() - began) / 0.3, 1.0)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(900):
        if process.poll() is not None:
            raise RuntimeError("the dashboard ended before it listened")
        try:
            urllib.request.urlopen(url, timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(url)


def visit(page: Page, server: Server, query: str = SMALL, *, done: bool = True) -> None:
    page.goto(f"{server.url}/?{query}")
    page.wait_for_selector(DONE if done else ".nd-page", timeout=90_000)


def open_levers(page: Page) -> None:
    """Show every lever, which stand behind *more*."""
    page.locator(".nd-more > summary").click()


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
    path = browsers.find() or browsers.give_up()
    return {**browser_type_launch_args, "executable_path": path, "args": list(ARGS)}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "viewport": {"width": 1400, "height": 1900}, "locale": "en-US"}


def in_a_loop[Answer](work: Coroutine[Any, Any, Answer]) -> Answer:
    """What comes of some work in a loop of its own, whatever loop a browser's tests have left in this thread."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
