"""Words on a terminal: tables, a progress bar, errors. The only place that knows rich."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from narco_door.cli.explain import Sheet

_PIPE_WIDTH = 120


def out() -> Console:
    """Return where answers go; a file or a pipe gets lines of 120 letters."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_PIPE_WIDTH)


def err() -> Console:
    """Return where progress and errors go."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def print_sheets(sheets: Iterable[Sheet]) -> None:
    """Print tables, one below the other."""
    console = out()
    for sheet in sheets:
        console.print(table(sheet))


def table(sheet: Sheet) -> Table:
    """Turn a table in words into one to print."""
    made = Table(
        title=escape(sheet.title),
        caption=escape(sheet.note),
        box=box.SIMPLE_HEAD,
        title_justify="left",
        caption_justify="left",
    )
    for number, head in enumerate(sheet.heads):
        right = head.startswith(">")
        words = [word for row in sheet.rows if right and number < len(row) for word in row[number].split()]
        made.add_column(
            escape(head.lstrip(">=")),
            justify="right" if right else "left",
            no_wrap=number == 0 or head.startswith("="),
            min_width=max(map(len, words), default=0),
            overflow="fold",
        )
    for row in sheet.rows:
        made.add_row(*map(escape, row))
    return made


def say(text: str) -> None:
    """Print a line of plain words."""
    out().print(escape(text), soft_wrap=True)


def complain(text: str) -> None:
    """Print an error, its first word in red on a terminal that has colours."""
    err().print(f"[bold red]narco-door:[/] {escape(text)}")


@contextmanager
def bar(name: str, what: str = "months") -> Iterator[Callable[[int, int], None]]:
    """Show on a terminal how much is done, the months of all replicates for instance, and the time that is left."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[done]}"),
        TimeElapsedColumn(),
        TextColumn("gone,"),
        TimeRemainingColumn(),
        TextColumn("left"),
    )
    console = err()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as shown:
        task = shown.add_task(escape(name), total=None, done="getting ready")
        yield lambda done, total: shown.update(task, completed=done, total=total, done=f"{done:,} of {total:,} {what}")
