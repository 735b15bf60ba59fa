"""Where numbers come from: enough about a run that another person can repeat it."""

from __future__ import annotations

import datetime
import hashlib
import platform
import shlex
import sys
from collections.abc import Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from narco_door.base.months import month_text
from narco_door.country.folder import POSTERIOR, RENTS, TABLES, country_folder, table_of
from narco_door.results.durable import digest_of
from narco_door.scenario import Run, Scenario

_PACKAGES = ("narco-door", "numpy", "numba", "mesa", "polars")
_HERE = Path(__file__).parent.parent
MODEL_ROOMS = ("base", "country", "street", "inside", "state", "scenario", "month", "book")
"""Whose change may change a number; the other rooms run, read, draw or tell."""


def model_digest(country: str) -> str:
    """Of the model's code and of the tables that a run of the country reads, its own and those it borrows.

    The country's facts are left out: the scenario holds their numbers.
    """
    read = {name: table_of(country, name) for name in TABLES}
    read |= {name: path for name in RENTS if (path := country_folder(country) / name).is_file()}
    tables = "".join(f"{name} {digest_of(path)}\n" for name, path in read.items())
    return hashlib.sha256((_code() + tables).encode()).hexdigest()[:12]


def posterior_digest(country: str) -> str:
    """Of the sets that its replicates are dealt over."""
    return digest_of(table_of(country, POSTERIOR))


@cache
def _code() -> str:
    code = [file for room in MODEL_ROOMS for file in sorted((_HERE / room).rglob("*.py"))]
    return "".join(f"{file.relative_to(_HERE).as_posix()} {digest_of(file)}\n" for file in code)


def manifest_of(
    *, name: str, title: str, question: str, reference: str | None, scenarios: Sequence[Scenario]
) -> dict[str, Any]:
    """What was asked for, each scenario in full so that it can be run as it stands, and what it was made with.

    Parameters
    ----------
    scenarios
        The reference first, if there is one; all of one run.
    """
    run = scenarios[0].run
    command = [Path(sys.argv[0]).name, *sys.argv[1:]] if sys.argv else []
    return {
        "name": name,
        "title": title,
        "question": question,
        "reference": reference,
        **describe_run(run),
        "scenarios": [
            {
                "name": scenario.name,
                "title": scenario.title,
                "argued_by": scenario.argued_by,
                "lineage": list(scenario.lineage),
                "digest": scenario.digest,
                "events": [{"name": event.name, "kind": event.kind} for event in scenario.happening],
                "without_events": list(scenario.without_events),
                "toml": scenario.to_toml(),
            }
            for scenario in scenarios
        ],
        "versions": {"python": platform.python_version(), **{name: _version(name) for name in _PACKAGES}},
        "model": model_digest(run.places),
        "machine": f"{platform.system()} {platform.machine()}",
        "command": shlex.join(command),
        "written": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
    }


def describe_run(run: Run) -> dict[str, Any]:
    """Luck, scale, months and places."""
    return {
        "seed": run.seed,
        "replicates": run.replicates,
        "sets": run.sets,
        "persons_per_agent": run.persons_per_agent,
        "from": month_text(run.start),
        "to": month_text(run.end - 1),
        "places": run.places,
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
