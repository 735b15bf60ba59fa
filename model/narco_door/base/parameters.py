"""A parameter is a sentence with a number in it; so is a lever's price, and a mechanism is one with a switch.

Everything here is read from the tables in ``data/``, strictly: a missing or unknown field, a value outside
its own bounds, a number without unit or source is an error that names file and line.
"""

import difflib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from narco_door.base.errors import UserError
from narco_door.base.toml_lines import Lines, find_lines

DATA = Path(__file__).parent.parent / "data"

type Grade = Literal["measured", "reported", "calibrated", "assumed"]
type Kind = Literal["fact", "uncertainty", "constant"]
type Family = Literal["opens", "narrows", "state"]


@dataclass(frozen=True)
class Parameter:
    """One number of the model that a scenario may set within its bounds.

    Attributes
    ----------
    kind
        ``fact`` is what the world is like, ``uncertainty`` what nobody knows well, ``constant`` what is
        fixed by definition. What a minister decides is none of these: it is a lever.
    """

    name: str
    group: str
    value: float
    unit: str
    low: float
    high: float
    meaning: str
    source: str
    grade: Grade
    kind: Kind


@dataclass(frozen=True)
class Lever:
    """Something a government can spend money on: a countable thing at a unit cost (2010 US$)."""

    name: str
    family: Family
    label: str
    etiqueta: str
    buys: str
    unit_cost: float
    low: float
    high: float
    lag_months: float
    meaning: str
    source: str
    grade: Grade


@dataclass(frozen=True)
class Switch:
    """A mechanism of the model that a scenario may turn off."""

    name: str
    label: str
    etiqueta: str
    meaning: str


@dataclass(frozen=True)
class Law:
    """Something that is decided and costs nothing; its value is the status quo, at which it does nothing new.

    Attributes
    ----------
    mechanism
        The switch of the mechanism that the law works through; off, the law stays at the status quo.
    """

    name: str
    mechanism: str
    label: str
    etiqueta: str
    value: float
    unit: str
    low: float
    high: float
    meaning: str
    source: str
    grade: Grade


class Remembered[Value](Mapping[str, Value]):
    """A read-only mapping that remembers which of its keys were asked for.

    A key that nothing reads is a fault in the model: ``unread`` finds it.
    """

    __slots__ = ("_read", "_values")

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = values.plain() if isinstance(values, Remembered) else dict(values)
        self._read: set[str] = set()

    def __getitem__(self, name: str) -> Value:
        if name not in self._values:
            raise KeyError(f'no "{name}" here{nearest(name, self._values)}')
        self._read.add(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Remembered) and self._values == other._values

    def __hash__(self) -> int:
        return hash(tuple(sorted(self._values.items())))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._values})"

    def unread(self) -> frozenset[str]:
        """Return the names that nobody asked for yet."""
        return frozenset(self._values) - self._read

    def plain(self) -> dict[str, Value]:
        """Return the values as a new dictionary; this does not count as reading them."""
        return dict(self._values)


class Numbers(Remembered[float]):
    """The parameters of a scenario by name."""


class Switches(Remembered[bool]):
    """The mechanisms of a scenario by name: True is on."""


class Laws(Remembered[float]):
    """The laws in force in a month by name."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a half-sentence with the known name most like this one, or nothing if none is near."""
    found = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f'; did you mean "{found[0]}"?' if found else ""


@cache
def model_parameters(path: Path | None = None) -> Mapping[str, Parameter]:
    """Read the table of parameters, which are the same for every country, by name.

    Parameters
    ----------
    path
        Another file of the same form; by default the table of the package.

    Raises
    ------
    UserError
        If an entry is not a whole sentence: value, unit, bounds, meaning, source, grade and kind.
    """
    table = Table.open(path or DATA / "parameters.toml")
    return sentences(table, table.document)


def sentences(table: "Table", document: Mapping[str, Any]) -> dict[str, Parameter]:
    """Read groups of parameters from a file, by name; strict as `model_parameters` says."""
    found: dict[str, Parameter] = {}
    for group, entries in document.items():
        table.expect_table(entries, (group,))
        for name, entry in entries.items():
            if name in found:
                raise table.error((group, name), f'"{name}" is already in the group "{found[name].group}"')
            found[name] = table.record(Parameter, (group, name), entry, name=name, group=group)
            _check_bounds(table, (group, name), found[name].value, found[name])
    return found


@cache
def levers(path: Path | None = None) -> Mapping[str, Lever]:
    """Read the table of levers, by name, in the order of the file; strict like `parameters`."""
    table = Table.open(path or DATA / "levers.toml")
    found: dict[str, Lever] = {}
    for name, entry in table.document.items():
        lever = found[name] = table.record(Lever, (name,), entry, name=name)
        _check_bounds(table, (name,), lever.unit_cost, lever)
        if lever.low <= 0 or lever.lag_months <= 0:
            raise table.error((name,), "a unit cost and a lag are greater than 0")
    return found


@cache
def switches(path: Path | None = None) -> Mapping[str, Switch]:
    """Read the table of mechanisms that can be switched off, by name; strict like `parameters`."""
    table = Table.open(path or DATA / "switches.toml")
    return {name: table.record(Switch, (name,), entry, name=name) for name, entry in table.document.items()}


@cache
def laws(path: Path | None = None) -> Mapping[str, Law]:
    """Read the table of laws, by name, in the order of the file; strict like `parameters`."""
    table = Table.open(path or DATA / "laws.toml")
    found: dict[str, Law] = {}
    for name, entry in table.document.items():
        law = found[name] = table.record(Law, (name,), entry, name=name)
        _check_bounds(table, (name,), law.value, law)
        if law.mechanism not in switches():
            raise table.error((name,), f'no switch "{law.mechanism}"{nearest(law.mechanism, switches())}')
    return found


def _check_bounds(table: "Table", path: tuple[str, ...], value: float, entry: Parameter | Lever | Law) -> None:
    if not entry.low <= value <= entry.high:
        raise table.error(
            path,
            f"{value:g} lies outside its own bounds, {entry.low:g} to {entry.high:g}",
        )


@dataclass(frozen=True)
class Table:
    """A data file of the package while it is read: its content and where everything stands."""

    path: Path
    document: dict[str, Any]
    lines: Lines

    @classmethod
    def open(cls, path: Path) -> "Table":
        """Read a TOML file of records.

        Raises
        ------
        UserError
            If the file is missing or is not TOML.
        """
        try:
            text = path.read_text(encoding="utf-8")
            return cls(path, tomllib.loads(text), find_lines(text))
        except FileNotFoundError:
            raise UserError(f"{path}: this file is part of narco-door but is missing") from None
        except tomllib.TOMLDecodeError as problem:
            raise UserError(f"{path}: {problem}") from None

    def error(self, path: tuple[str, ...], problem: str) -> UserError:
        """Return an error that says where in the file the problem is."""
        return UserError(f"{self.path}:{self.lines.of(path) or 1}: [{'.'.join(path[:2])}] {problem}")

    def expect_table(self, entry: object, path: tuple[str, ...]) -> None:
        """Raise a UserError unless the entry is a table."""
        if not isinstance(entry, dict):
            raise self.error(path, "expected a table of named entries")

    def record[Record](
        self,
        kind: type[Record],
        path: tuple[str, ...],
        entry: dict[str, Any],
        **given: str,
    ) -> Record:
        """Build a frozen record from a table that has exactly its fields.

        Raises
        ------
        UserError
            If a field is missing, unknown, empty or of another type.
        """
        self.expect_table(entry, path)
        wanted = {field.name: field for field in fields(kind) if field.name not in given}  # type: ignore[arg-type]
        for name in entry:
            if name not in wanted:
                raise self.error((*path, name), f'unknown field "{name}"{nearest(name, wanted)}')
        for name, field in wanted.items():
            if name not in entry and field.default is MISSING:
                raise self.error(path, f'the field "{name}" is missing')
        values = {name: self.value(wanted[name].type, (*path, name), entry[name]) for name in entry}
        return kind(**given, **values)

    def value(self, kind: Any, path: tuple[str, ...], value: object) -> object:
        """Check one field: a number, a text that says something, or one of a few words."""
        kind = getattr(kind, "__value__", kind)
        words = get_args(kind) if get_origin(kind) is Literal else ()
        if words and value not in words:
            raise self.error(
                path,
                f'"{path[-1]}" is one of {", ".join(words)}{nearest(str(value), words)}; got {value!r}',
            )
        if kind is float and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise self.error(path, f'"{path[-1]}" is a number; got {value!r}')
        if kind is str and not (isinstance(value, str) and value.strip()):
            raise self.error(path, f'"{path[-1]}" is a text and may not be empty; got {value!r}')
        return float(value) if kind is float else value  # type: ignore[arg-type]
