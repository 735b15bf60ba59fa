"""A table as data: the terminal, the documents and the page each show the same cells in their own way.

Here are the cells, their plain words and the table in Markdown; `cli.printing` prints one on a terminal and
`dashboard.page.sheets` makes it HTML in the language of the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from narco_door.show.formats import between, measured, number


@dataclass(frozen=True)
class Code:
    """A name of the code, of a file or of a command, which no language changes."""

    name: str


@dataclass(frozen=True)
class Number:
    """A number whose unit decides how it is written: a year has no thousands."""

    value: float
    unit: str


@dataclass(frozen=True)
class Range:
    """Bounds, from low to high."""

    low: float
    high: float
    unit: str = ""


@dataclass(frozen=True)
class Measured:
    """What came out of runs, with its spread over them."""

    value: float
    spread: float | None


@dataclass(frozen=True)
class Verdict:
    """Whether something holds."""

    holds: bool


@dataclass(frozen=True)
class Grade:
    """How well a number is known: measured, reported, calibrated or assumed."""

    word: str


@dataclass(frozen=True)
class Source:
    """Where a number comes from; titles of publications stay in their own language."""

    text: str


type Cell = str | float | Code | Number | Range | Measured | Verdict | Grade | Source | tuple[Cell, ...]
type Row = Sequence[Cell]


@dataclass(frozen=True)
class Head:
    """What stands over a column.

    Attributes
    ----------
    right
        Its cells are numbers, at the right.
    whole
        Its cells are not broken into lines on a terminal.
    under
        Where there is little room, on a terminal and on the page, its cells stand below those of the column before.
    brief
        It is shown on a terminal as well.
    """

    text: str
    right: bool = False
    whole: bool = False
    under: bool = False
    brief: bool = True


@dataclass(frozen=True)
class Sheet:
    """A table: what it is called, its columns, its rows, a note below.

    Attributes
    ----------
    grouped
        The first column heads the rows that share it, and is shown once above them.

    Raises
    ------
    ValueError
        If a row has more or fewer cells than there are heads.
    """

    title: str
    heads: tuple[Head, ...]
    rows: Sequence[Row]
    note: Cell = ""
    grouped: bool = False

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.heads):
                raise ValueError(f"{self.title}: {len(self.heads)} cells expected in a row, got {row}")

    def groups(self) -> list[tuple[Cell, Sheet]]:
        """Return what heads each group, and the group as a table without that column; all as one if not grouped."""
        if not self.grouped or not self.rows:
            return [("", self)]
        found: dict[Cell, list[Row]] = {}
        for first, *others in self.rows:
            found.setdefault(first, []).append(others)
        bare = replace(self, heads=self.heads[1:], rows=(), grouped=False)
        return [(group, replace(bare, rows=rows)) for group, rows in found.items()]

    def stacks(self) -> list[slice]:
        """Return the columns that stand below each other where there is little room."""
        starts = [k for k, head in enumerate(self.heads) if k == 0 or not head.under]
        return [slice(*ends) for ends in zip(starts, [*starts[1:], len(self.heads)], strict=True)]

    def brief(self) -> Sheet:
        """Return the table without the columns that a terminal has no room for."""
        kept = [k for k, head in enumerate(self.heads) if head.brief]
        rows = [[row[k] for k in kept] for row in self.rows]
        return replace(self, heads=tuple(self.heads[k] for k in kept), rows=rows)

    def beside(self, head: Head, cells: Sequence[Cell]) -> Sheet:
        """Return the table with one more column at the right."""
        rows = [[*row, cell] for row, cell in zip(self.rows, cells, strict=True)]
        return replace(self, heads=(*self.heads, head), rows=rows)


def joined(between: str, cells: Sequence[Cell]) -> Cell:
    """Put cells into one, with a word between them."""
    return tuple(part for cell in cells for part in (between, cell))[1:]


def plain(cell: Cell) -> str:
    """Return what a cell says in plain words."""
    match cell:
        case tuple():
            return "".join(map(plain, cell))
        case int() | float():
            return number(cell)
        case Number(value, unit):
            return number(value, unit=unit)
        case Range(low, high, unit):
            return between(low, high, unit=unit)
        case Measured(value, spread):
            return measured(value, spread)
        case Verdict(holds):
            return "yes" if holds else "no"
        case Code(word) | Grade(word) | Source(word):
            return word
        case _:
            return cell


def markdown(sheet: Sheet) -> str:
    """Return the table in Markdown: a heading above each group, the note below."""
    parts = []
    for group, part in sheet.groups():
        lines = [[head.text for head in part.heads], ["---"] * len(part.heads)]
        lines += [[" ".join(marked(cell).split()) for cell in row] for row in part.rows]
        parts += [f"**{marked(group)}**\n"] if group else []
        parts += ["".join(f"| {' | '.join(line)} |\n" for line in lines)] if part.rows else []
    note = marked(sheet.note)
    parts += [f"{note[0].upper()}{note[1:]}.\n"] if note else []
    return "\n".join(parts)


def marked(cell: Cell) -> str:
    """Return a cell in Markdown; what that would read otherwise, a bar or a dollar sign, is escaped."""
    match cell:
        case tuple():
            return "".join(map(marked, cell))
        case Code(name):
            return f"`{name}`"
        case Verdict(holds=False):
            return f"**{plain(cell)}**"
        case _:
            return plain(cell).replace("|", "\\|").replace("$", "\\$")
