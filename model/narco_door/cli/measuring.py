"""Subjects of ``narco-door explain`` that are measured by running worlds, under a bar."""

from dataclasses import replace
from pathlib import Path

from narco_door.cli.doing import COARSEST, under_a_bar, warn_of_scale
from narco_door.cli.printing import bar, say
from narco_door.questions.elasticities import elasticities
from narco_door.questions.removals import removals
from narco_door.runs.options import RunOptions
from narco_door.show.measured import elasticities_sheet, removals_sheet
from narco_door.show.sheets import Sheet

LUCKS = 4
"""How many lucks are tried, if no number is asked for."""


def measured(subject: str, options: RunOptions, *, language: str) -> Sheet:
    """Run what a subject needs, at a coarse scale unless another is asked for, and return its table."""
    scale, replicates = options.persons_per_agent or COARSEST, options.replicates or LUCKS
    asked = replace(options, persons_per_agent=scale, replicates=replicates)
    asked.get_ready()
    warn_of_scale(scale)
    home = Path(options.out or "") / subject
    if subject == "elasticities":
        with under_a_bar(subject, asked, home) as lean:
            return elasticities_sheet(elasticities(lean), language=language)
    with bar(subject) as progress:
        found, each = removals(replace(asked, progress=progress))
    home.mkdir(parents=True, exist_ok=True)
    each.write_csv(home / "removals.csv", float_precision=3)
    say(f"written: {home / 'removals.csv'}")
    return removals_sheet(found, falls=len(each), language=language)
