"""The tables of a country: what each column may hold, and words for whatever else stands in a cell."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from narco_door.base.errors import UserError

MOST_MISTAKES = 8


def _number(low: float, high: float) -> Any:
    return Field(ge=low, le=high, title=f"a number from {low:g} to {high:g}")


def _whole(low: int, high: int) -> Any:
    return Field(ge=low, le=high, title=f"a whole number from {low} to {high}")


def _text() -> Any:
    return Field(min_length=1, pattern=r"\S", title="a text")


def _code() -> Any:
    return Field(pattern=r"^[A-Za-z0-9]+$", title="a code of letters and digits, like 01")


class Row(BaseModel):
    """A row of a table, its columns in their order; no other column, and every cell as it should be."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class PlaceRow(Row):
    """``places.csv``; the model divides by corruption, by what is left of it and by police: none of them is nothing."""

    code: str = _code()
    name: str = _text()
    abbr: str = _text()
    tile_row: int = _whole(1, 99)
    tile_col: int = _whole(1, 99)
    deprivation: float = _number(0, 1)
    attendance_12_14: float = _number(0, 1)
    attendance_15_17: float = _number(0, 1)
    attendance_18_24: float = _number(0, 1)
    informality: float = _number(0, 1)
    schooling_years: float = _number(0, 25)
    pay: float = _number(1, 10_000)
    ordinary_homicide_rate: float = _number(0, 1_000)
    corridor_share: float = _number(0, 1)
    impunity: float = _number(0, 1)
    corruption: float = _number(0.001, 0.999)
    police_per_1000: float = _number(0.001, 100)
    urban_share: float = _number(0, 1)


class YouthRow(Row):
    """``youth.csv``: a cohort of a place, by sex."""

    code: str = _code()
    sex: Literal["f", "m"] = Field(title="f or m")
    birth_year: int = _whole(1800, 2200)
    persons: int = _whole(0, 10**9)


class PopulationRow(Row):
    """``population.csv``: everyone in a place in the middle of a year."""

    code: str = _code()
    year: int = _whole(1800, 2200)
    population: int = _whole(1, 10**9)


class NeighbourRow(Row):
    """``neighbours.csv``: two places that touch."""

    a_code: str = _code()
    b_code: str = _code()


class FounderRow(Row):
    """``founders.csv``: a cartel of the first month; its places are codes with semicolons between them."""

    cartel: str = _text()
    seat: str = _code()
    dominant: int = _whole(0, 1)
    places: str = _text()
    size_share: float = _number(0, 1)
    source: str = _text()


class WarRow(Row):
    """``wars.csv``: two cartels of the first month that fight in a place which both hold."""

    cartel: str = _text()
    enemy: str = _text()
    place: str = _code()
    source: str = _text()


SOURCES = ("crossings", "ports", "poppy", "marijuana", "meth", "synthetic", "fuel", "extortion", "retail")
_OF_SOURCES: Any = {name: (float, _number(0, 1)) for name in SOURCES}
RentPlaceRow = create_model("RentPlaceRow", __base__=Row, code=(str, _code()), **_OF_SOURCES)
"""``rent_sources.csv``: the share of each source of rents that a place has; a column sums to 1."""
RentYearRow = create_model("RentYearRow", __base__=Row, year=(int, _whole(1800, 2200)), **_OF_SOURCES)
"""``rent_years.csv``: the share of the nation's rents that each source has in a year; a row sums to 1."""


@dataclass(frozen=True)
class Table[R: Row]:
    """The rows of a file, each with the line that it begins on."""

    label: str
    rows: tuple[R, ...]
    lines: tuple[int, ...]

    def error(self, row: int | None, problem: str) -> UserError:
        """Return an error that says where the problem is; with no row it is the whole table's."""
        return UserError(f"{self.label}: {problem}" if row is None else f"{self.label}:{self.lines[row]}: {problem}")

    def position(self, row: int, column: str, known: Sequence[str], word: str | None = None) -> int:
        """Return which of the known words stands in a cell, or is one of several in it."""
        word = getattr(self.rows[row], column) if word is None else word
        if word in known:
            return known.index(word)
        near = get_close_matches(word, known, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"expected one of {', '.join(known)}"
        raise self.error(row, f"{column}: '{word}' is unknown; {hint}")


def read_table[R: Row](path: Path, form: type[R]) -> Table[R]:
    """Read a table of a country; blank lines and lines that begin with ``#`` are left out.

    Raises
    ------
    UserError
        If the header is not that of the form, or a cell is not as its column asks; names line, column, what was
        expected and what is near.
    """
    label, columns = f"{path.parent.name}/{path.name}", list(form.model_fields)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as problem:
        raise UserError(f"{label}: not a UTF-8 text ({problem.reason}); save it as CSV UTF-8") from None
    lines = list(_cells(text, label))
    number, header = next(iter(lines), (1, []))
    if header != columns:
        raise UserError(f"{label}:{number}: {_wrong_header(header, columns)}")
    rows, mistakes = list[R](), list[str]()
    for number, cells in lines[1:]:
        try:
            if len(cells) != len(columns):
                raise UserError(_wrong_count(cells, columns))
            rows.append(form.model_validate_strings(dict(zip(columns, cells, strict=True))))
        except UserError as problem:
            mistakes.append(f"{label}:{number}: {problem}")
        except ValidationError as problem:
            mistakes += (f"{label}:{number}: {_wrong_cell(form, item)}" for item in problem.errors())
    if not rows and not mistakes:
        mistakes.append(f"{label}: no rows; expected some below {','.join(columns)}")
    if mistakes:
        more = [f"and {len(mistakes) - MOST_MISTAKES} more"] if len(mistakes) > MOST_MISTAKES else []
        raise UserError("\n".join([*mistakes[:MOST_MISTAKES], *more]))
    return Table(label, tuple(rows), tuple(number for number, _ in lines[1:]))


def _cells(text: str, label: str) -> Iterable[tuple[int, list[str]]]:
    """The cells of each line and the number of the line it begins on."""
    kept = [(k, line) for k, line in enumerate(text.splitlines(), 1) if line.strip() and not line.startswith("#")]
    reader = csv.reader((f"{line}\n" for _, line in kept), strict=True)
    before = 0
    try:
        for cells in reader:
            yield kept[before][0], cells
            before = reader.line_num
    except csv.Error as problem:
        raise UserError(f"{label}:{kept[before][0]}: a quotation mark is out of place ({problem})") from None


def _wrong_header(header: Sequence[str], columns: Sequence[str]) -> str:
    expected = f"expected the columns {','.join(columns)}"
    for mark, name in ((";", "semicolons"), ("\t", "tabs")):
        if any(mark in cell for cell in header):
            return f"cells are set apart by {name}; expected commas, and {expected.removeprefix('expected ')}"
    unknown = [name for name in header if name not in columns]
    missing = [name for name in columns if name not in header]
    if unknown:
        near = get_close_matches(unknown[0], missing, n=1)
        return f"unknown column '{unknown[0]}'; {f"did you mean '{near[0]}'? " if near else ''}{expected}"
    if missing:
        return f"the column '{missing[0]}' is missing; {expected}"
    if len(header) > len(columns):
        return f"a column stands twice; {expected}"
    return f"the columns stand in another order; {expected}"


def _wrong_count(cells: Sequence[str], columns: Sequence[str]) -> str:
    if len(cells) > len(columns):
        hint = "; a decimal comma, or a comma in a text without quotes?"
    else:
        hint = "; does the whole line stand in quotes?" if len(cells) == 1 else ""
    return f"expected {len(columns)} cells, got {len(cells)}{hint}"


def _wrong_cell(form: type[Row], item: Any) -> str:
    name, got = str(item["loc"][0]), str(item["input"])
    comma = "; numbers have a decimal point" if item["type"].endswith("_parsing") and "," in got else ""
    return f"{name} is '{got:.60}'; expected {form.model_fields[name].title}{comma}"
