"""How to have the same numbers without the page: on the command line and in Python."""

from __future__ import annotations

import json
import shlex

from narco_door.base.months import month_text
from narco_door.dashboard.policy import MINE, Plan
from narco_door.dashboard.state import State, choices


def needs_file(plan: Plan) -> bool:
    """Whether the policy's scenario must be saved first, because it does not come with narco-door."""
    return plan.policy.name == MINE


def _arm(plan: Plan) -> str:
    return f"{MINE}.toml" if needs_file(plan) else plan.policy.name


def _sets(state: State, plan: Plan) -> tuple[str, ...]:
    """What holds in both worlds; the first month too, if it is not the usual one."""
    usual = choices().path.run.start
    return (*plan.sets, *(() if state.first == usual else (f"run.from={month_text(state.first)}",)))


def command_line(state: State, plan: Plan) -> str:
    """The command that gives the numbers of the page, one option a line."""
    run = plan.policy.run
    options = [
        f"narco-door compare {shlex.quote(_arm(plan))} --reference {plan.reference.name}",
        *(f"--set {shlex.quote(each)}" for each in _sets(state, plan)),
        f"--sets {run.sets or 'best'} --seed {run.seed} --replicates {run.replicates}",
        f"--persons-per-agent {run.persons_per_agent}",
        f"--until {month_text(run.end - 1)} --since {month_text(plan.since)}",
    ]
    return " \\\n  ".join(options)


def python(state: State, plan: Plan) -> str:
    """The same as a small program."""
    run, sets = plan.policy.run, _sets(state, plan)
    given = f", sets={json.dumps(list(sets))}" if sets else ""
    return "\n".join(
        [
            "import polars as pl",
            "",
            "from narco_door import compare, headline, load_scenario",
            "",
            'if __name__ == "__main__":  # the runs begin processes of their own',
            f'    policy = load_scenario("{_arm(plan)}"{given})',
            f'    reference = load_scenario("{plan.reference.name}"{given})',
            "    results = compare(",
            "        [policy],",
            "        reference=reference,",
            f"        seed={run.seed},",
            f"        replicates={run.replicates},",
            f"        sets={run.sets},",
            f"        persons_per_agent={run.persons_per_agent},",
            f'        until="{month_text(run.end - 1)}",',
            "    )",
            "    with pl.Config(tbl_cols=-1, tbl_rows=-1, tbl_width_chars=200):",
            f'        found = headline(results, since="{month_text(plan.since)}")',
            '        print(found.select("scenario", "measure", "unit", "mean", "p05", "p95", "of", "note"))',
        ]
    )
