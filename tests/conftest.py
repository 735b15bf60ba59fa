"""Worlds that several tests look at; each is lived once a session."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from narco_door.month.model import NarcoDoor
from worlds import EVERY_LEVER, STORM, Watched, lived, plan, watch

# The suite starts a hundred processes: what they import is compiled once, whatever the machine says, not in each.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

settings.register_profile("no clock", deadline=None)  # a busy machine is no failure
settings.load_profile("no clock")


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
