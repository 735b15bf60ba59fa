"""A country is a folder of tables: where it lies, and whose tables it borrows."""

from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from narco_door.base.errors import UserError
from narco_door.base.tables import DATA, Table

FACTS, PLACES, WARS = "facts.toml", "places.csv", "wars.csv"
TABLES = (PLACES, "youth.csv", "population.csv", "neighbours.csv", "founders.csv")
"""The tables that a run reads; a country may hold others beside them, to be held against it."""
RENTS = ("rent_sources.csv", "rent_years.csv")
"""Tables that a run reads where a country has them; nobody borrows them."""
POSTERIOR = "posterior.csv"
"""The sets of numbers that history leaves; read where replicates are dealt over them."""


def countries() -> tuple[str, ...]:
    """Return the countries that come with narco-door."""
    return tuple(sorted(table.parent.name for table in DATA.glob(f"*/{PLACES}")))


def is_path(country: str) -> bool:
    """Whether this is the path of a folder rather than the name of a country, as ``./atlantis`` is."""
    return "/" in country or "\\" in country or country.startswith((".", "~"))


def country_folder(country: str) -> Path:
    """Return the folder of a country given by its name or by the path of a folder.

    Raises
    ------
    UserError
        If there is no such country, or no table of places in the folder; names what is near.
    """
    known = {name.casefold(): name for name in countries()}
    if is_path(country):
        folder = Path(country).expanduser().absolute()
        if (folder / PLACES).is_file() or (folder / FACTS).is_file():
            return folder
        raise UserError(f'no country in the folder "{country}"; expected {PLACES} and {FACTS} in it')
    if country in known.values():
        return DATA / country
    near = get_close_matches(country.casefold(), known, n=1)
    hint = f'did you mean "{known[near[0]]}"?' if near else f"expected one of {', '.join(known.values())}"
    if (Path(country) / PLACES).is_file():
        hint = f'did you mean the folder "./{country}"?'
    raise UserError(f'no country "{country}"; {hint}')


@lru_cache(maxsize=8)
def _facts(path: Path, _changed: int, _size: int) -> Table:
    """The facts of a country, read again only after they have changed."""
    return Table.open(path)


def lender(country: str) -> str | None:
    """Return the country whose tables and facts stand for those that this one lacks, as its facts say.

    Raises
    ------
    UserError
        If the facts are no TOML, or what is borrowed from is no country or borrows itself.
    """
    path = country_folder(country) / FACTS
    if not path.is_file():
        return None
    at = path.stat()
    table = _facts(path, at.st_mtime_ns, at.st_size)
    other = table.document.get("borrows")
    if other is None:
        return None
    if not isinstance(other, str):
        raise table.error(("borrows",), f'"borrows" is the name of a country in quotes; got {other!r}')
    other = beside(other, path.parent)
    try:
        again = lender(other) if country_folder(other) != path.parent else country
    except UserError as problem:
        raise table.error(("borrows",), str(problem)) from None
    if again is not None:
        raise table.error(("borrows",), f'"{other}" borrows from "{again}" itself; expected a country that lends')
    return other


def beside(country: str, folder: Path | None) -> str:
    """Return a country as anyone can find it: a path that is written as seen from a folder is made whole."""
    if not is_path(country):
        return country
    return str(((folder or Path()) / Path(country).expanduser()).resolve())


def table_of(country: str, name: str) -> Path:
    """Return where a table of a country is: in its folder or, if it lacks one, in its lender's.

    Raises
    ------
    UserError
        If neither has one.
    """
    own = country_folder(country) / name
    if own.is_file():
        return own
    other = lender(country)
    if other is None:
        raise UserError(f"{own} is missing; expected this table, or a country to borrow it from in {FACTS}")
    return table_of(other, name)


def folders_of(country: str) -> tuple[Path, ...]:
    """Return the folder of a country and that of its lender, if it has one."""
    other = lender(country)
    return (country_folder(country), *([country_folder(other)] if other else []))


type Stamp = tuple[tuple[str, int, int], ...]


def stamp(country: str) -> Stamp:
    """Return what changes whenever a file of a country does: what was read is read again then."""
    files = (file for folder in folders_of(country) for file in sorted(folder.iterdir()) if file.is_file())
    return tuple((str(file), (at := file.stat()).st_mtime_ns, at.st_size) for file in files)
