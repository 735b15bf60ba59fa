"""Commands that run the model: they parse words, call the library and print what comes back."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from narco_door.cli.doing import (
    called,
    carry_out,
    compare_without,
    under_a_bar,
    warn_of_scale,
    watched,
    write_claims,
)
from narco_door.cli.options import (
    Csv,
    Figures,
    Language,
    Sets,
    Since,
    Without,
    all_sets,
    expect_folder_of,
    over_sets,
    with_run_options,
)
from narco_door.show.words import ENGLISH

if TYPE_CHECKING:
    from narco_door.runs.options import RunOptions


@with_run_options()
def run(
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="Scenarios or comparisons, by name or file.")],
    *,
    sets: Sets = [],  # noqa: B006
    without: Without = [],  # noqa: B006
    options: "RunOptions",
    figures: Figures = True,
    language: Language = ENGLISH,
    csv: Csv = None,
    since: Since = None,
) -> None:
    """Run scenarios or comparisons; what was run before is read back."""
    from narco_door.base.errors import UserError
    from narco_door.scenario import load_scenario

    file = expect_folder_of(csv)
    if file is not None and len(names) > 1:
        raise UserError(f"--csv {file}: one file holds one table; expected one NAME, got {len(names)}")
    everything = [load_scenario(name, sets=all_sets(sets, without)) for name in names]
    for asked in everything:
        carry_out(asked, options, pictures=language if figures else None, csv=file, since=since)


@with_run_options()
def compare(
    arms: Annotated[list[str], typer.Argument(metavar="A B...", help="Scenarios, by name or file.")],
    *,
    reference: Annotated[
        str | None, typer.Option(help="What the others are compared with; default: the first.")
    ] = None,
    sets: Sets = [],  # noqa: B006
    without: Without = [],  # noqa: B006
    name: Annotated[
        str | None, typer.Option(help="Of the comparison and its results folder; default: made from those of the arms.")
    ] = None,
    options: "RunOptions",
    figures: Figures = True,
    language: Language = ENGLISH,
    csv: Csv = None,
    since: Since = None,
    ablate: Annotated[
        str | None,
        typer.Option(metavar="all|SWITCH,...", help="Compare again without each mechanism: which carries it?"),
    ] = None,
) -> None:
    """Run scenarios under the same luck and print the differences, compared with what."""
    from narco_door.base.errors import UserError
    from narco_door.scenario import load_comparison

    file = expect_folder_of(csv)
    asked = called(load_comparison(arms, reference=reference or arms[0], sets=all_sets(sets, without)), name)
    if ablate is not None:
        if since is not None:
            raise UserError("--since: ablations count from the first month that differs; expected no --ablate")
        compare_without(asked, ablate, options, csv=file)
    else:
        if not asked.reference.run.sets:
            options = over_sets(options, asked.reference.run.places)
        carry_out(asked, options, pictures=language if figures else None, csv=file, since=since)


@with_run_options(until=False)
def validate(
    *,
    options: "RunOptions",
    figures: Figures = True,
    language: Language = ENGLISH,
    csv: Csv = None,
) -> None:
    """Run the baseline and hold it against the record: fitted, checked, not fitted; scored against naive forecasts."""
    from narco_door.cli.printing import print_sheets, say
    from narco_door.cli.validating import dealt, home_of
    from narco_door.questions import ledger, validation
    from narco_door.results.csv import write_csv
    from narco_door.scenario import load_one
    from narco_door.show.catalogue import ledger as shown
    from narco_door.show.ledger import write_figures

    file = expect_folder_of(csv)
    results = watched(load_one("baseline"), dealt(options))
    warn_of_scale(results.manifest["persons_per_agent"])
    nation, states = ledger.forecasts(results)
    found = ledger.told(validation.validate(results), nation, states)
    for line in shown.verdict(found, language=language):
        say(line)
    print_sheets(make(found, language=language) for make in (shown.skill, shown.ledger, shown.scores))
    home = home_of(results, Path(options.out or ""))
    written = found.write(home)
    if figures:
        written += write_figures(nation, states, found, home, language=language, results=results)
    if file is not None:
        write_csv(file, found.targets, digits=4)
        written.append(file)
    for each in written:
        say(f"written: {each}")


@with_run_options(until=False)
def claims(
    *,
    numbers: Annotated[list[int] | None, typer.Argument(metavar="[NUMBER...]", help="Which; default: all.")] = None,
    list_: Annotated[bool, typer.Option("--list", help="Only list the claims and how each may fail.")] = False,
    options: "RunOptions",
    ablate: Annotated[
        str | None,
        typer.Option(
            metavar="named|all",
            help="Try each again without the mechanisms it names, and at both bounds of its numbers; "
            "all: without every mechanism. Takes many times as long.",
        ),
    ] = None,
) -> None:
    """Put the seminar's claims to the model: for, against or cannot tell; write tables and a figure."""
    from narco_door.base.declared import switches
    from narco_door.base.errors import UserError
    from narco_door.cli.claiming import claims_sheet, verdicts_sheet
    from narco_door.cli.printing import print_sheets
    from narco_door.cli.validating import dealt
    from narco_door.questions.claims import claims_named, examine, flips

    asked = claims_named(numbers or [])
    if list_:
        print_sheets([claims_sheet(asked)])
        return
    every = {None: (), "named": (), "all": tuple(switches())}.get(ablate)
    if every is None:
        raise UserError(f'--ablate: expected named or all, got "{ablate}"')
    home, options = Path(options.out or "") / "claims", dealt(options)
    with under_a_bar("claims", options, home) as lean:
        examined = examine(asked, lean)
    if ablate is not None:
        with under_a_bar("ablations", options, home) as lean:
            examined = flips(examined, lean, every_switch=every)
    print_sheets([verdicts_sheet(examined)])
    write_claims(examined, home, options, asked_for="+".join(map(str, numbers or [])) or "all", ablate=ablate)


@with_run_options(replicates=8, until=False)
def trials(
    *,
    names: Annotated[list[str] | None, typer.Argument(metavar="[TRIAL...]", help="Which; default: all.")] = None,
    list_: Annotated[bool, typer.Option("--list", help="Only list the trials and their designs.")] = False,
    options: "RunOptions",
    language: Language = ENGLISH,
) -> None:
    """Let the model sit published trials: ours beside theirs; write tables and a picture in both languages."""
    options.get_ready()
    from narco_door.cli.printing import print_sheets, say
    from narco_door.questions.trials import sit, trials_named
    from narco_door.show.trials import designs_sheet, trials_sheet, write_trials

    asked = trials_named(names or [])
    if list_:
        print_sheets([designs_sheet(asked, language=language)])
        return
    home = Path(options.out or "") / "trials"
    with under_a_bar("trials", options, home) as lean:
        found = sit(asked, lean)
    print_sheets([trials_sheet(found, language=language)])
    for file in write_trials(found, home):
        say(f"written: {file}")
