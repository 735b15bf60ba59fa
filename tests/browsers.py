"""A browser for the tests of the page: one that is here, or one that is installed by the ordinary way."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from typing import NoReturn

import pytest

NAMES = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)  # fmt: skip
OWN = "from playwright.sync_api import sync_playwright as p\nwith p() as run: print(run.chromium.executable_path)"
APT = "apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium"
PLAYWRIGHT = "python -m playwright install chromium"
MISSING = f"no browser for the tests of the page, and none could be installed: try `{PLAYWRIGHT}`"


def find() -> str | None:
    """The path of Debian's Chromium, Chrome, or Playwright's own; None if there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None) or shutil.which(own())


@cache
def own() -> str:
    """Where Playwright keeps its own, if it has one; asked in another process, since its driver keeps an event loop."""
    return subprocess.run([sys.executable, "-c", OWN], capture_output=True, text=True, check=True).stdout.strip()


def ways() -> list[tuple[str, list[str]]]:
    """The commands that may bring one, each as a person and as a process says it: Debian's own where one may."""
    ours = [(PLAYWRIGHT, [sys.executable, *PLAYWRIGHT.split()[1:]])]
    debian = bool(shutil.which("apt-get")) and hasattr(os, "geteuid") and os.geteuid() == 0
    return [(APT, ["sh", "-c", APT]), *ours] if debian else ours


def bring() -> str:
    """Install one if there is none; the line that says what was done, empty if nothing was."""
    if find():
        return ""
    for said, command in ways():
        done = subprocess.run(
            command, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"}, capture_output=True, check=False
        )
        if done.returncode == 0 and find():
            return f"a browser for the tests of the page was installed: {said}"
    return MISSING


def give_up() -> NoReturn:
    """Skip the test for want of a browser; where everything is to be tested, fail it."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(MISSING)
