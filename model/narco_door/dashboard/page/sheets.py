"""A table of the catalogue as HTML, in the language of the page."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from narco_door.show.formats import between
from narco_door.show.sheets import Cell, Code, Grade, Range, Row, Sheet, Source, Verdict, plain
from narco_door.show.words import Language, marked, say, translated


def table(sheet: Sheet, name: str, language: Language) -> str:
    """Return a table that may be wider than the screen, and can then be moved by keyboard under its name.

    Groups, the title and the note are the page's to say in its own words.
    """
    stacks = sheet.stacks()
    heads = (", ".join(translated(head.text, language) for head in sheet.heads[stack]) for stack in stacks)
    top = "".join(f"<th scope='col'>{escape(head[:1].upper() + head[1:])}</th>" for head in heads)
    body = "".join(_row(row, stacks, language) for row in sheet.rows)
    return (
        f"<div class='nd-scroll' tabindex='0' role='region' aria-label='{escape(name, quote=True)}'>"
        f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(row: Row, stacks: Sequence[slice], language: Language) -> str:
    """Return a row; a visitor reads words first, so names of the code stand below them."""
    first, *others = (sorted(row[stack], key=lambda cell: isinstance(cell, Code)) for stack in stacks)
    cells = "".join(f"<td>{_stack(cells, language)}</td>" for cells in others)
    return f"<tr><th scope='row'>{_stack(first, language)}</th>{cells}</tr>"


def _stack(cells: Sequence[Cell], language: Language) -> str:
    first, *under = (html(cell, language) for cell in cells)
    return first + "".join(f"<small>{each}</small>" for each in under if each)


def html(cell: Cell, language: Language) -> str:
    """Return a cell in the language of the page; what nobody translated says that it is English."""
    match cell:
        case tuple():
            return "".join(html(part, language) for part in cell)
        case str() if any(map(str.isalpha, cell)):
            return marked(cell, language)
        case Code(name):
            return f"<code>{escape(name)}</code>"
        case Range(low, high, unit):
            return between(low, high, unit=unit, to="–")
        case Verdict(holds):
            word = "yes" if holds else "no"
            return f"<span class='nd-verdict-{word}'>{escape(say(word, language))}</span>"
        case Grade(word):
            return f"<span class='nd-key nd-grade-{word}'>{marked(word, language)}</span>"
        case Source(text):
            return f"<small class='nd-source'>{marked(text, language)}</small>"
        case _:
            return escape(plain(cell))
