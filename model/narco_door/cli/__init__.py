"""``narco-door`` on the command line: it parses words, calls the library, prints what comes back. No logic.

Heavy modules are imported inside the commands, so that ``--help`` answers at once.
"""

import functools
import os
import warnings
from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperGroup

from narco_door.base.errors import UserError, printable, shortened
from narco_door.base.scarcity import shortage
from narco_door.cli import calibrating, looking, running, sensitivity
from narco_door.cli.consoles import bear_any_letter

LONGEST_WORD = 1_000
"""Letters of one word of a command line."""
_SHOWN = 100


class Brief(TyperGroup):
    """Commands that refuse a word which no message could repeat."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Look at all words before any is understood."""
        for word in args:
            if len(word) > LONGEST_WORD:
                said = shortened(printable(word), _SHOWN)
                raise typer.BadParameter(f"{said} has {len(word):,} letters; expected {LONGEST_WORD:,} at most")
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=Brief,
    name="narco-door",
    help="Opening doors for poor youth, or hunting kingpins: an agent-based model of cartels and the young.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def plainly[**Given, Answer](command: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Turn every error into one message: exit code 2 for the user's own, 1 for a fault of the program."""

    @functools.wraps(command)
    def guarded(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        bear_any_letter()
        try:
            with warnings.catch_warnings():
                warnings.showwarning = _tell
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
            if said := shortage(error):
                _complain(said)
                raise typer.Exit(2) from None
            _complain(
                f"{type(error).__name__}: {error}\nThis is a fault of narco-door, not yours. "
                "Please report it with the output of the same command under NARCO_DOOR_TRACEBACK=1."
            )
            raise typer.Exit(1) from None
        except BaseException as error:  # a panic in a library that ran out of something
            if not (said := shortage(error)):
                raise
            _complain(said)
            raise typer.Exit(2) from None

    return guarded


def _tell(message: Warning | str, *_: object, **__: object) -> None:
    """Print a warning as an error is printed, without the line of code that gave it."""
    _complain(str(message))


def _complain(words: str) -> None:
    from narco_door.cli.printing import complain

    complain(words)


_COMMANDS: tuple[Callable[..., None], ...] = (
    running.run,
    running.compare,
    looking.scenarios,
    looking.show,
    looking.new,
    looking.new_country,
    looking.explain,
    looking.dashboard,
    running.validate,
    running.claims,
    running.trials,
    sensitivity.sensitivity,
    calibrating.calibrate,
    looking.documents,
)
_HIDDEN = (looking.documents,)
for _command in _COMMANDS:
    app.command(_command.__name__.replace("_", "-"), hidden=_command in _HIDDEN)(plainly(_command))
