"""Words on a terminal: tables, a progress bar, errors. The only place that knows rich."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from narco_door.show.sheets import Code, Sheet, plain

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
        console.print(table(sheet.brief()))
        if sheet.note:
            console.print(escape(plain(sheet.note)), style="table.caption")


def table(sheet: Sheet) -> Table:
    """Turn a table into one to print; columns that may stand under others do, so that it is narrow."""
    made = Table(
        title=escape(sheet.title),
        box=box.SIMPLE_HEAD,
        title_justify="left",
        leading=1 if any(head.under for head in sheet.heads) else 0,
    )
    groups = sheet.groups()
    heads, stacks = groups[0][1].heads, groups[0][1].stacks()
    for stack in stacks:
        first, *under = heads[stack]
        cells = [cell for _, part in groups for row in part.rows for cell in row[stack]]
        unbroken = [word for cell in cells if first.right or isinstance(cell, Code) for word in plain(cell).split()]
        made.add_column(
            escape("\n".join(head.text for head in heads[stack])),
            justify="right" if first.right and not under else "left",
            no_wrap=first.whole and not under,
            min_width=max(map(len, unbroken), default=0),
            overflow="fold",
        )
    for group, part in groups:
        if group:
            made.add_section()
            made.add_row(f"[bold]{escape(plain(group))}[/]")
        for row in part.rows:
            made.add_row(*(escape("\n".join(filter(None, map(plain, row[stack])))) for stack in stacks))
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
