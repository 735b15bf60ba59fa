"""``narco-door sensitivity``: which of the uncertain numbers carry a difference."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from narco_door.cli.options import (
    Csv,
    Language,
    Sets,
    Without,
    all_sets,
    expect_extra,
    expect_folder_of,
    with_run_options,
)
from narco_door.show.words import ENGLISH

if TYPE_CHECKING:
    from narco_door.questions.sensitivity.asking import Sensitivity
    from narco_door.results import Results
    from narco_door.runs.options import RunOptions


@with_run_options()
def sensitivity(
    arms: Annotated[list[str], typer.Argument(metavar="A B...", help="Scenarios, by name or file.")],
    *,
    on: Annotated[
        str, typer.Option(metavar="MEASURE", help="What is averted, as `narco-door compare` names it.")
    ] = "homicides averted",
    reference: Annotated[
        str | None, typer.Option(help="What the others are compared with; default: the first.")
    ] = None,
    sets: Sets = [],  # noqa: B006
    without: Without = [],  # noqa: B006
    options: "RunOptions",
    language: Language = ENGLISH,
    csv: Csv = None,
) -> None:
    """Say which uncertain numbers carry a difference over the sets that history allows, and where the answer turns."""
    expect_extra("sklearn")
    file = expect_folder_of(csv)
    from narco_door.cli.doing import warn_of_scale, watched
    from narco_door.questions.sensitivity import asking
    from narco_door.questions.sensitivity.points import expect_enough
    from narco_door.scenario import load_comparison

    measure = asking.measure_named(on)
    asked = load_comparison(arms, reference=reference or arms[0], sets=all_sets(sets, without))
    whole = replace(options, sets=asking.all_sets_of(asked) if options.sets is None else options.sets)
    base, *others = (whole.of(scenario) for scenario in asked.scenarios)
    expect_enough(base.run.places, base.run.sets)
    whole.get_ready()
    results = watched(asked, whole)
    warn_of_scale(base.run.persons_per_agent)
    _tell([asking.sensitivity(results, arm, base, measure) for arm in others], results, language, file)


def _tell(found: "list[Sensitivity]", results: "Results", language: str, file: Path | None) -> None:
    """Print what was found and write it."""
    import polars as pl

    from narco_door.cli.outcomes import failure_lines
    from narco_door.cli.printing import complain, print_sheets, say
    from narco_door.results.csv import write_csv
    from narco_door.show.sensitivity import sensitivity_sheet, turning_sentences, write_sensitivity

    for each in found:
        print_sheets([sensitivity_sheet(each, language=language)])
        say("\n" + " ".join(turning_sentences(each, language)))
    for line in failure_lines(results):
        complain(line)
    assert results.folder is not None  # commands always keep what they run
    say(f"results: {results.folder}")
    for each in found:
        for written in write_sensitivity(each, results.folder / "sensitivity", results):
            say(f"written: {written}")
    if file is not None:
        write_csv(file, pl.concat([each.numbers for each in found]))
        say(f"written: {file}")
    if results.failures:
        raise typer.Exit(1)
