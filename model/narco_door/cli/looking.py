"""Commands that run nothing: they list, show, explain, begin a file, open the page."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from narco_door.cli.options import Language, Sets, Without, all_sets, with_run_options
from narco_door.show.words import ENGLISH

if TYPE_CHECKING:
    from narco_door.runs.options import RunOptions

MEASURED = ("elasticities", "removals")
"""Subjects for which worlds are run."""
SUBJECTS = (
    "order, parameters, levers, effects, laws, switches, records, places, scenarios, entities, decisions, scales, "
    "inputs, founders, events, targets, grades, calibration, validation, skill, ledger, scores or schema; and, "
    "measured by running worlds for minutes, elasticities or removals"
)


def scenarios() -> None:
    """List the scenarios and comparisons that come with narco-door."""
    from narco_door.cli.printing import print_sheets
    from narco_door.show.catalogue import CATALOGUE

    print_sheets([CATALOGUE["scenarios"]()])


def show(
    name: Annotated[str, typer.Argument(help="A scenario or comparison, by name or file.")],
    sets: Sets = [],  # noqa: B006
    without: Without = [],  # noqa: B006
    toml: Annotated[bool, typer.Option("--toml", help="Write the scenario out in full instead.")] = False,
) -> None:
    """Show a plan: the question, the money by lever and year, what it buys, what differs from its parent."""
    from narco_door.cli.explain import about
    from narco_door.cli.printing import print_sheets, say

    sets = all_sets(sets, without)
    if toml:
        from narco_door.scenario import load_single

        typer.echo(load_single(name, sets=sets).to_toml().encode(), nl=False)  # TOML is UTF-8, whatever the console
        return
    for words, sheets in about(name, sets=sets):
        say(words)
        print_sheets(sheets)


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


def new_country(
    name: Annotated[str, typer.Argument(help="The country's name; the folder NAME and NAME.toml are written.")],
    out: Annotated[Path, typer.Option(help="The folder to write into.")] = Path(),
) -> None:
    """Write a commented folder of invented tables and a scenario that runs on them; nothing is ever overwritten."""
    from narco_door.cli.printing import say
    from narco_door.country.starting import write_country

    path = write_country(name, folder=out)
    say(f"{path} and the tables in {path.with_suffix('')} are written. Change them, then: narco-door run {path}")


@with_run_options(until=False)
def explain(
    subject: Annotated[str, typer.Argument(help=SUBJECTS)],
    time: Annotated[bool, typer.Option("--time", help="For the order: live a few months and time each beat.")] = False,
    *,
    options: "RunOptions",
    language: Language = ENGLISH,
) -> None:
    """Explain what the model is made of; the schema is the JSON Schema of scenario files, for editors."""
    from narco_door.cli.explain import refuse_what_is_not_used, sheet_of
    from narco_door.cli.printing import print_sheets

    refuse_what_is_not_used(subject, options, timed=time, language=language)
    if subject == "schema":
        from narco_door.scenario.schema import json_schema

        typer.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False).encode())
        return
    if subject in MEASURED:
        from narco_door.cli.measuring import measured

        print_sheets([measured(subject, options, language=language)])
        return
    print_sheets([sheet_of(subject, timed=time)])


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


def documents(
    check: Annotated[bool, typer.Option("--check", help="Only say which are out of date; 1 if any.")] = False,
) -> None:
    """Write the tables of the documents anew from the code; only in the repository."""
    from narco_door.cli.documenting import rewrite

    if not rewrite(check=check) and check:
        raise typer.Exit(1)
