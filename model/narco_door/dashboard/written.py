"""The scenario as a file that says all that was chosen: money, months, luck, scale, mechanisms and numbers."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import tomlkit

from narco_door.base.months import month_text
from narco_door.dashboard.changes import warning
from narco_door.scenario import Scenario, scenario_from_toml
from narco_door.show.words import ENGLISH

if TYPE_CHECKING:
    from narco_door.dashboard.policy import Plan


def written(plan: Plan) -> str:
    """The text of a policy with what its own words leave out; a changed model is named in its first lines."""
    document: Any = tomlkit.parse(plan.text)
    bare = scenario_from_toml(plan.text, name=plan.policy.name)
    for table, values in _tables(plan.policy).items():
        known = _tables(bare)[table]
        for name, value in values.items():
            if value != known[name]:
                document.setdefault(table, tomlkit.table())[name] = value
    warned = warning(plan, ENGLISH)
    return (f"# {warned}\n" if warned else "") + tomlkit.dumps(document)


def _tables(scenario: Scenario) -> dict[str, dict[str, object]]:
    run = asdict(scenario.run)
    return {
        "run": {
            "from": month_text(scenario.run.start),
            "to": month_text(scenario.run.end - 1),
            **{name: run[name] for name in ("seed", "replicates", "sets", "persons_per_agent")},
        },
        "switches": dict(scenario.switches.plain()),
        "parameters": dict(scenario.parameters.plain()),
    }
