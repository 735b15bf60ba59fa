"""``narco-door`` on the command line: it parses words, calls the library, prints what comes back. No logic.

Heavy modules are imported inside the commands, so that ``--help`` answers at once.
"""

import functools
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from narco_door.cli.doing import (
    FITTED_SCALE,
    carry_out,
    compare_without,
    get_ready,
    under_a_bar,
    warn_of_scale,
    watched,
    write_claims,
)
from narco_door.show.words import ENGLISH, LANGUAGES

app = typer.Typer(
    name="narco-door",
    help="Opening doors for poor youth, or hunting kingpins: an agent-based model of cartels and the young.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _known_language(code: str) -> str:
    if code not in LANGUAGES:
        raise typer.BadParameter(f"'{code}' is not one of {', '.join(map(repr, LANGUAGES))}")
    return code


Sets = Annotated[
    list[str],
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Change the scenario: run.seed=3, parameters.NAME=0.3, switches.NAME=false, "
        "add.LEVER@2011-04..2026-12=500 or set.LEVER@FROM..TO=500 (US$ m a year), law.NAME@FROM..TO=0.5, "
        "earmark.LEVER@FROM..TO=0.5 (share of taxes). May be repeated.",
    ),
]
Replicates = Annotated[int | None, typer.Option(help="How many lucks to try; default: what the scenario says.")]
Seed = Annotated[int | None, typer.Option(help="The luck of the first replicate and, from it, of the others.")]
Scale = Annotated[int | None, typer.Option("--persons-per-agent", help="Persons that one agent stands for.")]
Language = Annotated[
    str,
    typer.Option(
        metavar=f"[{'|'.join(LANGUAGES)}]",
        callback=_known_language,
        help="Of the words on pictures; en: figures/, es: figuras/.",
    ),
]
Until = Annotated[str | None, typer.Option(metavar="YYYY-MM", help="Last month, itself included.")]
Workers = Annotated[int | None, typer.Option(help="Cores to use; default: all. Results do not depend on it.")]
Out = Annotated[Path, typer.Option(help="Where the results folder is made.")]
Figures = Annotated[bool, typer.Option(help="Draw the figures.")]

_RESULTS = Path("results")
SUBJECTS = (
    "order, parameters, levers, laws, switches, records, places, scenarios, entities, decisions, scales, inputs, "
    "founders, targets, grades, calibration, validation or schema"
)


def plainly[**Given, Answer](command: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Turn every error into one message: exit code 2 for the user's own, 1 for a fault of the program."""

    @functools.wraps(command)
    def guarded(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        from narco_door.base.errors import UserError

        try:
            return command(*args, **kwargs)
        except UserError as error:
            _complain(str(error))
            raise typer.Exit(2) from None
        except KeyboardInterrupt:
            _complain("stopped")
            raise typer.Exit(130) from None
        except (typer.Exit, typer.Abort, BrokenPipeError):
            raise
        except Exception as error:
            if os.environ.get("NARCO_DOOR_TRACEBACK"):
                raise
            _complain(
                f"{type(error).__name__}: {error}\nThis is a fault of narco-door, not yours. "
                "Please report it with the output of the same command under NARCO_DOOR_TRACEBACK=1."
            )
            raise typer.Exit(1) from None

    return guarded


def _complain(words: str) -> None:
    from narco_door.cli.printing import complain

    complain(words)


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
    language: Language = ENGLISH,
) -> None:
    """Run scenarios or comparisons; what was run before is read back."""
    from narco_door.scenario import load_scenario

    everything = [load_scenario(name, sets=sets) for name in names]
    get_ready(workers)
    from narco_door.runs import experiment as experiments

    for asked in everything:
        carry_out(
            asked.name,
            functools.partial(
                experiments.run,
                asked,
                replicates=replicates,
                seed=seed,
                persons_per_agent=persons_per_agent,
                until=until,
                out=out,
            ),
            out,
            workers=workers,
            pictures=language if figures else None,
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
    language: Language = ENGLISH,
    ablate: Annotated[
        str | None,
        typer.Option(metavar="all|SWITCH,...", help="Compare again without each mechanism: which carries it?"),
    ] = None,
) -> None:
    """Run scenarios under the same luck and print the differences, compared with what."""
    from narco_door.scenario import load_comparison

    asked = load_comparison(arms, reference=reference or arms[0], sets=sets)
    get_ready(workers)
    from narco_door.runs import experiment as experiments

    if ablate is not None:
        live = functools.partial(
            experiments.run,
            replicates=replicates,
            seed=seed,
            persons_per_agent=persons_per_agent,
            until=until,
            workers=workers,
            out=out,
        )
        compare_without(asked, ablate, live, out)
        return
    carry_out(
        asked.name,
        functools.partial(
            experiments.run,
            asked,
            replicates=replicates,
            seed=seed,
            persons_per_agent=persons_per_agent,
            until=until,
            out=out,
        ),
        out,
        workers=workers,
        pictures=language if figures else None,
    )


@app.command()
@plainly
def scenarios() -> None:
    """List the scenarios and comparisons that come with narco-door."""
    from narco_door.cli.printing import print_sheets
    from narco_door.show.catalogue import CATALOGUE

    print_sheets([CATALOGUE["scenarios"]()])


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


@app.command("new-country")
@plainly
def new_country(
    name: Annotated[str, typer.Argument(help="The country's name; the folder NAME and NAME.toml are written.")],
    out: Annotated[Path, typer.Option(help="The folder to write into.")] = Path(),
) -> None:
    """Write a commented folder of invented tables and a scenario that runs on them; nothing is ever overwritten."""
    from narco_door.cli.printing import say
    from narco_door.country.starting import write_country

    path = write_country(name, folder=out)
    say(f"{path} and the tables in {path.with_suffix('')} are written. Change them, then: narco-door run {path}")


@app.command()
@plainly
def explain(
    subject: Annotated[str, typer.Argument(help=SUBJECTS)],
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
def dashboard(
    port: Annotated[int, typer.Option(help="Where the page is served.", min=1, max=65535)] = 8765,
    host: Annotated[str, typer.Option(help="The address to listen on; only this machine can reach the default.")] = (
        "127.0.0.1"
    ),
    public: Annotated[bool, typer.Option("--public", help="Harden the page for everybody; see DEPLOY.md.")] = False,
    host_name: Annotated[
        list[str],
        typer.Option(metavar="NAME", help="With --public: the name under which it is reached. May be repeated."),
    ] = [],  # noqa: B006
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
) -> None:
    """Open the doors in a browser: move the money and watch."""
    from narco_door.cli.printing import say
    from narco_door.dashboard.serve import serve

    shown = f"http://{host_name[0] if host_name else host}:{port}/  (stop with Ctrl-C)"
    serve(host=host, port=port, public=public, names=host_name, browse=browser, announce=lambda: say(shown))


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
    from narco_door.base.errors import UserError
    from narco_door.cli.printing import print_sheets
    from narco_door.questions import validation
    from narco_door.runs import experiment as experiments
    from narco_door.show.catalogue import evidence

    if csv is not None and not csv.parent.is_dir():
        raise UserError(f"--csv {csv}: there is no folder {csv.parent}")
    results = watched(
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
    warn_of_scale(results.manifest["persons_per_agent"])
    table = validation.validate(results)
    print_sheets([evidence.validation(table, replicates=len(results.replicates))])
    if csv is not None:
        table.write_csv(csv, float_precision=4)


@app.command()
@plainly
def claims(
    numbers: Annotated[list[int] | None, typer.Argument(metavar="[NUMBER...]", help="Which; default: all.")] = None,
    list_: Annotated[bool, typer.Option("--list", help="Only list the claims and how each may fail.")] = False,
    replicates: Annotated[int, typer.Option(help="How many lucks to try.")] = 8,
    seed: Seed = None,
    persons_per_agent: Scale = None,
    workers: Workers = None,
    ablate: Annotated[
        str | None,
        typer.Option(
            metavar="named|all",
            help="Try each again without the mechanisms it names, and at both bounds of its numbers; "
            "all: without every mechanism. Takes many times as long.",
        ),
    ] = None,
    out: Out = _RESULTS,
) -> None:
    """Put the seminar's claims to the model: for, against or cannot tell; write tables and a figure."""
    from narco_door.base.declared import switches
    from narco_door.base.errors import UserError
    from narco_door.cli.claiming import claims_sheet, verdicts_sheet
    from narco_door.cli.printing import print_sheets
    from narco_door.questions.claims import claims_named, examine, flips

    asked = claims_named(numbers or [])
    if list_:
        print_sheets([claims_sheet(asked)])
        return
    every = {None: (), "named": (), "all": tuple(switches())}.get(ablate)
    if every is None:
        raise UserError(f'--ablate: expected named or all, got "{ablate}"')
    home = out / "claims"
    scale = functools.partial(
        under_a_bar,
        home,
        replicates=replicates,
        seed=seed,
        persons_per_agent=persons_per_agent,
        workers=workers,
        out=home / "runs",
    )
    examined = scale("claims", functools.partial(examine, asked))
    if ablate is not None:
        examined = scale("ablations", functools.partial(flips, examined, every_switch=every))
    print_sheets([verdicts_sheet(examined)])
    warn_of_scale(persons_per_agent or FITTED_SCALE)
    write_claims(examined, home, scale=persons_per_agent or FITTED_SCALE)


@app.command(hidden=True)
@plainly
def documents(
    check: Annotated[bool, typer.Option("--check", help="Only say which are out of date; 1 if any.")] = False,
) -> None:
    """Write the tables of the documents anew from the code; only in the repository."""
    from narco_door.cli.documenting import rewrite

    if not rewrite(check=check) and check:
        raise typer.Exit(1)
