"""How ``narco-door validate`` deals its runs, and where it leaves what it writes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from narco_door.cli.options import over_sets

if TYPE_CHECKING:
    from narco_door.results import Results
    from narco_door.runs.options import RunOptions

FITTED_LUCKS = 8
"""Of the fitted numbers, if these are asked for."""


def dealt(options: RunOptions) -> RunOptions:
    """Return the options with the sets and replicates that are asked for, or as `over_sets`, one luck each."""
    if options.sets is None:
        from narco_door.scenario import load_one

        over = over_sets(options, load_one("baseline").run.places)
        return replace(over, replicates=options.replicates or over.sets)
    return replace(options, replicates=options.replicates or options.sets or FITTED_LUCKS)


def home_of(results: Results, out: Path) -> Path:
    """Return the folder in which these runs' ledger is kept: one for each number of runs and sets, scale and seed."""
    about = results.manifest
    sets = about.get("sets") or "best"
    name = f"n{len(results.replicates)}-sets_{sets}-1in{about['persons_per_agent']}-seed{about['seed']}"
    return out / "validate" / name
