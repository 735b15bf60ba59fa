"""Worlds that several tests look at; each is lived once a session."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

import browsers
from narco_door.month.model import NarcoDoor
from worlds import EVERY_LEVER, STORM, Watched, lived, plan, watch

# The suite starts a hundred processes: what they import is compiled once, whatever the machine says, not in each.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

settings.register_profile("no clock", deadline=None)  # a busy machine is no failure
settings.load_profile("no clock")

PAGE = Path(__file__).parent / "dashboard"
FIRST = ("browser", "docs_build", "scale", "notebook", "installed", "recipes")
"""How the names of the longest chains begin; what is begun last should be short."""


def pytest_sessionstart(session: pytest.Session) -> None:
    """See that there is a browser before the tests of the page ask for one, once and not in each worker."""
    config = session.config
    asked = [Path(str(argument).partition("::")[0]).resolve() for argument in config.args]
    if config.option.collectonly or hasattr(config, "workerinput") or not any(map(has_page, asked)):
        return
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if (said := browsers.bring()) and terminal:
        terminal.write_line(said)


def has_page(asked: Path) -> bool:
    """Whether the tests that drive a browser are among those asked for."""
    return PAGE.is_relative_to(asked) or asked.name.startswith("test_browser_")


@pytest.hookimpl(tryfirst=True)  # before xdist reads the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A file is a chain that one worker does, since its tests share worlds; the longest are begun first."""
    for item in items:
        if not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(item.path.stem.removeprefix("test_")))
    items.sort(key=turn)


def turn(item: pytest.Item) -> int:
    """When the chain of a test is begun."""
    name = item.path.stem.removeprefix("test_")
    return next((k for k, first in enumerate(FIRST) if name.startswith(first)), len(FIRST))


@pytest.fixture(scope="session")
def reference() -> NarcoDoor:
    """Four years of the baseline."""
    return lived(plan(until="2010-12"))


@pytest.fixture(scope="session")
def storm() -> Watched:
    """Five years with money for every lever, in which entries, arrests, deaths and splits are frequent."""
    return watch(plan(*EVERY_LEVER, until="2011-12", numbers=STORM))


@pytest.fixture(scope="session", params=["baseline", "storm"])
def watched(request: pytest.FixtureRequest) -> Watched:
    """The baseline at a finer scale, and the storm."""
    if request.param == "storm":
        return request.getfixturevalue("storm")  # type: ignore[no-any-return]
    return watch(plan(until="2008-12", persons=1000))
