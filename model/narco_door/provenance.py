"""Where numbers come from: enough about a run that another person can repeat it."""

from __future__ import annotations

import datetime
import hashlib
import platform
import re
import shlex
import sys
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from narco_door.months import month_text
from narco_door.scenario import Run, Scenario
from narco_door.store import digest_of

_PACKAGES = ("narco-door", "numpy", "numba", "mesa", "polars")
_IMPORT = re.compile(r"^\s*from narco_door(?:\.(\w+))? import (.+)", re.MULTILINE)
_HERE = Path(__file__).parent


@cache
def model_digest() -> str:
    """Of the model's code and tables: inputs like the scenario, for when they change, so may the numbers."""
    tables = [file for file in sorted((_HERE / "data").rglob("*")) if file.is_file()]
    text = "".join(f"{file.name} {digest_of(file)}\n" for file in (*_code(), *tables))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _code() -> list[Path]:
    """The file of the month, and every file that it imports, directly or not."""
    found, waiting = set[str](), ["month"]
    while waiting:
        name = waiting.pop()
        file = _HERE / f"{name}.py"
        if name not in found and file.exists():
            found.add(name)
            for module, names in _IMPORT.findall(file.read_text(encoding="utf-8")):
                waiting += [module] if module else re.findall(r"\w+", names)
    return [_HERE / f"{name}.py" for name in sorted(found)]


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
