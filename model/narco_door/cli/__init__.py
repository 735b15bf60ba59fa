"""``narco-door`` on the command line: it parses words, calls the library, prints what comes back. No logic.

Heavy modules are imported inside the commands, so that ``--help`` answers at once.
"""

import functools
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from narco_door.results import Results

app = typer.Typer(
    name="narco-door",
    help="Opening doors for poor youth, or hunting kingpins: an agent-based model of cartels and the young.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Sets = Annotated[
    list[str],
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Change the scenario: run.seed=3, parameters.NAME=0.3, switches.NAME=false, "
        "add.LEVER@2011-04..2026-12=500 or set.LEVER@FROM..TO=500 (US$ m a year). May be repeated.",
    ),
]
Replicates = Annotated[int | None, typer.Option(help="How many lucks to try; default: what the scenario says.")]
Seed = Annotated[int | None, typer.Option(help="The luck of the first replicate and, from it, of the others.")]
Scale = Annotated[int | None, typer.Option("--persons-per-agent", help="Persons that one agent stands for.")]
Until = Annotated[str | None, typer.Option(metavar="YYYY-MM", help="Last month, itself included.")]
Workers = Annotated[int | None, typer.Option(help="Cores to use; default: all. Results do not depend on it.")]
Out = Annotated[Path, typer.Option(help="Where the results folder is made.")]
Figures = Annotated[bool, typer.Option(help="Draw the figures.")]

_RESULTS = Path("results")


def plainly[**Given, Answer](command: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Turn every error into one message: exit code 2 for the user's own, 1 for a fault of the program."""

    @functools.wraps(command)
    def guarded(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        from narco_door.cli.printing import complain
        from narco_door.errors import UserError

        try:
            return command(*args, **kwargs)
        except UserError as error:
            complain(str(error))
            raise typer.Exit(2) from None
        except KeyboardInterrupt:
            complain("stopped")
            raise typer.Exit(130) from None
        except (typer.Exit, typer.Abort, BrokenPipeError):
            raise
        except Exception as error:
            if os.environ.get("NARCO_DOOR_TRACEBACK"):
                raise
            complain(
                f"{type(error).__name__}: {error}\nThis is a fault of narco-door, not yours. "
                "Please report it with the output of the same command under NARCO_DOOR_TRACEBACK=1."
            )
            raise typer.Exit(1) from None

    return guarded


@app.command()
@plainly
def run(
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="Scenarios or comparisons, by name or file.")],
    sets: Sets = [],  # noqa: B006
    replicates: Replicates = None,
    seed: Seed = None,
    persons_per_agent: Scale = None,
    until: Until = None,
    workers: Workers = None,
    out: Out = _RESULTS,
    figures: Figures = True,
) -> None:
    """Run scenarios or comparisons; what was run before is read back."""
    from narco_door import experiments
    from narco_door.scenario import load_scenario

    for asked in [load_scenario(name, sets=sets) for name in names]:
        _carry_out(
            asked.name,
            functools.partial(
                experiments.run,
                asked,
                replicates=replicates,
                seed=seed,
                persons_per_agent=persons_per_agent,
                until=until,
                workers=workers,
                out=out,
            ),
            out,
            figures=figures,
        )


@app.command()
@plainly
def compare(
    arms: Annotated[list[str], typer.Argument(metavar="A B...", help="Scenarios, by name or file.")],
    reference: Annotated[
        str | None, typer.Option(help="What the others are compared with; default: the first.")
    ] = None,
    sets: Sets = [],  # noqa: B006
    replicates: Replicates = None,
    seed: Seed = None,
    persons_per_agent: Scale = None,
    until: Until = None,
    workers: Workers = None,
    out: Out = _RESULTS,
    figures: Figures = True,
) -> None:
    """Run scenarios under the same luck and print the differences, compared with what."""
    from narco_door import experiments
    from narco_door.scenario import load_comparison

    asked = load_comparison(arms, reference=reference or arms[0], sets=sets)
    _carry_out(
        asked.name,
        functools.partial(
            experiments.run,
            asked,
            replicates=replicates,
            seed=seed,
            persons_per_agent=persons_per_agent,
            until=until,
            workers=workers,
            out=out,
        ),
        out,
        figures=figures,
    )


@app.command()
@plainly
def scenarios() -> None:
    """List the scenarios and comparisons that come with narco-door."""
    from narco_door.cli.explain import scenarios_sheet
    from narco_door.cli.printing import print_sheets

    print_sheets([scenarios_sheet()])


@app.command()
@plainly
def show(
    name: Annotated[str, typer.Argument(help="A scenario or comparison, by name or file.")],
    sets: Sets = [],  # noqa: B006
    toml: Annotated[bool, typer.Option("--toml", help="Write the scenario out in full instead.")] = False,
) -> None:
    """Show a plan: the question, the money by lever and year, what it buys, what differs from its parent."""
    from narco_door.cli.explain import about
    from narco_door.cli.printing import print_sheets, say

    if toml:
        from narco_door.scenario import load_one

        typer.echo(load_one(name, sets=sets).to_toml(), nl=False)
        return
    for words, sheets in about(name, sets=sets):
        say(words)
        print_sheets(sheets)


@app.command()
@plainly
def new(
    name: Annotated[str, typer.Argument(help="The new scenario's name; NAME.toml is written.")],
    extends: Annotated[str, typer.Option(help="The scenario that it stands on.")] = "baseline",
    out: Annotated[Path, typer.Option(help="The folder to write into.")] = Path(),
) -> None:
    """Write a commented scenario file to begin with; nothing is ever overwritten."""
    from narco_door.cli.printing import say
    from narco_door.scenario.starting import write_new

    path = write_new(name, extends=extends, folder=out)
    say(f"{path} is written. Change it, then: narco-door show {path}")


@app.command()
@plainly
def explain(
    subject: Annotated[str, typer.Argument(help="order, parameters, levers, records, schema or switches")],
    time: Annotated[bool, typer.Option("--time", help="For the order: live a few months and time each beat.")] = False,
) -> None:
    """Explain what the model is made of; the schema is the JSON Schema of scenario files, for editors."""
    from narco_door.cli.explain import sheet_of
    from narco_door.cli.printing import print_sheets

    if subject == "schema":
        from narco_door.scenario.schema import json_schema

        typer.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
        return
    print_sheets([sheet_of(subject, timed=time)])


@app.command()
@plainly
def validate(
    replicates: Annotated[int, typer.Option(help="How many lucks to try.")] = 8,
    seed: Seed = None,
    persons_per_agent: Scale = None,
    workers: Workers = None,
    out: Out = _RESULTS,
    csv: Annotated[Path | None, typer.Option(help="Write the table to this file as well.")] = None,
) -> None:
    """Run the baseline and print it against the targets: target, wanted, range, got, verdict, role."""
    from narco_door import experiments, validation
    from narco_door.cli.outcomes import targets_sheet
    from narco_door.cli.printing import print_sheets

    results = _watched(
        "baseline",
        functools.partial(
            experiments.run,
            "baseline",
            replicates=replicates,
            seed=seed,
            persons_per_agent=persons_per_agent,
            workers=workers,
            out=out,
        ),
        out,
    )
    table = validation.validate(results)
    print_sheets([targets_sheet(table, replicates=len(results.replicates))])
    if csv is not None:
        table.write_csv(csv, float_precision=4)


def _carry_out(name: str, experiment: "Callable[..., Results]", out: Path, *, figures: bool) -> None:
    """Run an experiment, draw it, and print what came of it and where it is."""
    from narco_door.cli.outcomes import failure_lines, headline_sheets, series_sheets
    from narco_door.cli.printing import complain, print_sheets, say

    results = _watched(name, experiment, out)
    print_sheets(headline_sheets(results) if results.reference else series_sheets(results))
    for line in failure_lines(results):
        complain(line)
    say(f"results: {results.folder}")
    if figures and results.folder is not None:
        from narco_door.figures import write_all

        folder = results.folder / "figures"
        write_all(results, folder)
        say(f"pictures: {folder}")
    if results.failures:
        raise typer.Exit(1)


def _watched(name: str, experiment: "Callable[..., Results]", out: Path) -> "Results":
    """Run an experiment under a progress bar; when it is stopped, say what is kept and where."""
    from narco_door.cli.outcomes import what_is_kept
    from narco_door.cli.printing import complain, months_bar

    try:
        with months_bar(name) as progress:
            return experiment(progress=progress)
    except KeyboardInterrupt:
        complain(what_is_kept(name, out))
        raise typer.Exit(130) from None
