"""Where numbers come from: enough about a run that another person can repeat it."""

from __future__ import annotations

import datetime
import hashlib
import platform
import shlex
import sys
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from narco_door.months import month_text
from narco_door.scenario import Run, Scenario
from narco_door.results.store import digest_of

_PACKAGES = ("narco-door", "numpy", "numba", "mesa", "polars")
_HERE = Path(__file__).parent.parent
_CANNOT_CHANGE_A_NUMBER = {
    "cli", "dashboard", "figures", "picture", "results",
    "__init__.py", "documents.py", "experiments.py", "targets.py", "validation.py", "words.py",
}  # fmt: skip


@cache
def model_digest() -> str:
    """Of the model's code and tables: inputs like the scenario, for when they change, so may the numbers."""
    tables = [file for file in sorted((_HERE / "data").rglob("*")) if file.is_file()]
    text = "".join(f"{file.name} {digest_of(file)}\n" for file in (*_code(), *tables))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _code() -> list[Path]:
    """The files whose change may change a number: all but those that read, draw or tell."""
    rooms = (file for file in _HERE.iterdir() if file.name not in _CANNOT_CHANGE_A_NUMBER)
    return sorted(code for room in rooms for code in ([room] if room.is_file() else room.rglob("*.py")) if code.suffix == ".py")


def made_how() -> dict[str, Any]:
    """Versions, command line and date."""
    command = [Path(sys.argv[0]).name, *sys.argv[1:]] if sys.argv else []
    return {
        "versions": {"python": platform.python_version(), **{name: _version(name) for name in _PACKAGES}},
        "model": model_digest(),
        "machine": f"{platform.system()} {platform.machine()}",
        "command": shlex.join(command),
        "written": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def describe_run(run: Run) -> dict[str, Any]:
    """Luck, scale, months and places."""
    return {
        "seed": run.seed,
        "replicates": run.replicates,
        "persons_per_agent": run.persons_per_agent,
        "from": month_text(run.start),
        "to": month_text(run.end - 1),
        "places": run.places,
    }


def describe_scenario(scenario: Scenario) -> dict[str, Any]:
    """Who argued what, and the whole text, which can be run as it stands."""
    return {
        "name": scenario.name,
        "title": scenario.title,
        "argued_by": scenario.argued_by,
        "lineage": list(scenario.lineage),
        "digest": scenario.digest,
        "toml": scenario.to_toml(),
    }
