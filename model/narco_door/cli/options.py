"""Options that several commands have, each declared once."""

import inspect
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from narco_door.base.errors import UserError
from narco_door.runs.options import RunOptions
from narco_door.show.words import LANGUAGES

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


Without = Annotated[
    list[str],
    typer.Option(
        "--without-event",
        metavar="MONTH:CARTEL",
        help="Take an event out of what happened, like 2010-02:Gulf; `narco-door show` lists them. May be repeated.",
    ),
]


def all_sets(sets: list[str], without: list[str]) -> list[str]:
    """The changes of both options in one list, as the library takes them."""
    return [*sets, *(f"without_event={name}" for name in without)]


def _known_language(code: str) -> str:
    if code not in LANGUAGES:
        raise typer.BadParameter(f"'{code}' is not one of {', '.join(map(repr, LANGUAGES))}")
    return code


Language = Annotated[
    str,
    typer.Option(
        metavar=f"[{'|'.join(LANGUAGES)}]",
        callback=_known_language,
        help="Of the words on pictures; en: figures/, es: figuras/.",
    ),
]
Csv = Annotated[
    Path | None,
    typer.Option("--csv", metavar="FILE", help="Write the table to this file as well, for a spreadsheet."),
]
Since = Annotated[
    str | None,
    typer.Option(
        metavar="YYYY-MM",
        help="First month to count in the table; default: the first in which a scenario differs from the reference.",
    ),
]
Figures = Annotated[bool, typer.Option(help="Draw the figures.")]


def expect_folder_of(csv: Path | None) -> Path | None:
    """Return the file, with the home for a leading `~`, if it can be written when all is done.

    Raises
    ------
    UserError
        There is no such folder.
    """
    if csv is None:
        return None
    file = csv.expanduser()
    if not file.parent.is_dir():
        raise UserError(f"--csv {csv}: there is no folder {file.parent}")
    return file


def expect_extra(*modules: str) -> None:
    """See that the libraries of an extra are there before anything is run.

    Raises
    ------
    UserError
        One is missing.
    """
    try:
        for module in modules:
            import_module(module)
    except ImportError:
        raise UserError('libraries are missing; expected: pip install "narco-door[calibrate]"') from None


def over_sets(options: RunOptions, country: str) -> RunOptions:
    """Return the options with as many sets that history allows as `sets_for` says, if none are asked for."""
    from narco_door.country.posterior import sets_for

    return options if options.sets is not None else replace(options, sets=sets_for(country, options.replicates))


def _number_of_sets(words: str | int) -> int:
    """How many sets, 0 for the fitted numbers alone."""
    if words == "best" or str(words).isdecimal():
        return 0 if words == "best" else int(words)
    raise typer.BadParameter(f"'{words}' is neither best nor a whole number")


def _run_options(
    *,
    replicates: Annotated[int | None, typer.Option(help="How many lucks to try, if not as many as the scenario says.")],
    posterior_sets: Annotated[
        int | None,
        typer.Option(
            "--sets",
            metavar="[best|N]",
            parser=_number_of_sets,
            help="Deal the replicates over N sets of numbers that history allows; best: the fitted numbers alone. "
            "Comparisons, claims and validate: 16, if nothing is said.",
        ),
    ],
    seed: Annotated[int | None, typer.Option(help="The luck of the first replicate and, from it, of the others.")],
    persons_per_agent: Annotated[int | None, typer.Option(help="Persons that one agent stands for.")],
    until: Annotated[str | None, typer.Option(metavar="YYYY-MM", help="Last month, itself included.")],
    workers: Annotated[int | None, typer.Option(help="Cores to use; default: all. Results do not depend on it.")],
    out: Annotated[Path, typer.Option(help="Where the results folder is made.")],
) -> RunOptions:
    """How a command runs an experiment."""
    return RunOptions(
        replicates=replicates, sets=posterior_sets, seed=seed, persons_per_agent=persons_per_agent, until=until,
        workers=workers, out=out,
    )  # fmt: skip


def with_run_options[Answer](
    *, replicates: int | None = None, until: bool = True
) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """Give a command the options of a run, in place of its parameter `options`.

    Parameters
    ----------
    replicates
        How many, where it is not for the scenario to say.
    until
        Whether the last month can be chosen.
    """
    defaults = {"replicates": replicates, "out": Path("results")}
    shared = [
        each.replace(default=defaults.get(name))
        for name, each in inspect.signature(_run_options).parameters.items()
        if until or name != "until"
    ]

    def decorate(command: Callable[..., Answer]) -> Callable[..., Answer]:
        @wraps(command)
        def parsed(**words: Any) -> Answer:
            given = {each.name: words.pop(each.name) for each in shared}
            return command(**words, options=_run_options(**{"until": None, **given}))

        parameters = []
        for name, each in inspect.signature(command).parameters.items():
            parameters += shared if name == "options" else [each.replace(kind=each.KEYWORD_ONLY)]
        parsed.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        parsed.__annotations__ = {each.name: each.annotation for each in parameters}
        return parsed

    return decorate
