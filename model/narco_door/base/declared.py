"""What each module declares in the table beside it: its levers, laws, switches, parameters and records.

``inside/forfeiture.py`` owns what ``inside/forfeiture.toml`` holds, a table for each by kind and name, such as
``[parameter.paid_in_product]``.  Each is a whole sentence with a number in it: an entry that lacks a unit, bounds, a
source or a grade, or lies outside its own bounds, is an error that names file and line.

Tables are read room by room, then by the name of the module, then as they stand in the file.  Entries with an
``order`` come before the others of their kind, wherever they stand: tables and files of results keep their rows.

A module of your own declares its entries with `add`, before anything else of the model is read.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Literal

from narco_door.base.doors import names, plain
from narco_door.base.errors import UserError, nearest
from narco_door.base.tables import Table

HOME = Path(__file__).parent.parent
ROOMS = ("country", "street", "inside", "state", "month")
EACH, EACH_DOOR = "LEVER", "DOOR"  # in the name of a record: there is one for each lever, or for each plain door

type Grade = Literal["measured", "reported", "calibrated", "assumed"]
type Kind = Literal["fact", "uncertainty", "constant"]
type Family = Literal["opens", "narrows", "state"]
type Shape = Literal["", "uniform", "loguniform"]


@dataclass(frozen=True, kw_only=True)
class Declared:
    """What every entry has.

    Attributes
    ----------
    group
        The module that owns it, like ``inside.forfeiture``.
    order
        Where it stands among those of its kind.
    does
        What it does in the model, with the names of what takes part in `code`: a row of the ODD's section on it.
        What has none is told in the prose of that section.
    """

    name: str
    group: str
    meaning: str
    does: str = ""
    order: float = math.inf

    @property
    def room(self) -> str:
        """The room of the module."""
        return self.group.partition(".")[0]


@dataclass(frozen=True, kw_only=True)
class Parameter(Declared):
    """One number of the model that a scenario may set within its bounds.

    Attributes
    ----------
    kind
        ``fact`` is what the world is like, ``uncertainty`` what nobody knows well, ``constant`` what is
        fixed by definition. What a minister decides is none of these: it is a lever.
    prior, prior_low, prior_high, prior_source
        What is believed of it before history is looked at: evenly spread between two ends, itself or its logarithm,
        and why. What has no prior stays at its value in every set of the posterior.
    """

    value: float
    unit: str
    low: float
    high: float
    source: str
    grade: Grade
    kind: Kind
    prior: Shape = ""
    prior_low: float = 0.0
    prior_high: float = 0.0
    prior_source: str = ""


@dataclass(frozen=True, kw_only=True)
class Lever(Declared):
    """Something a government can spend money on: a countable thing at a unit cost (2010 US$).

    Attributes
    ----------
    per
        What a unit is at work for: one for a year is paid by the month.
    lasting
        What is bought stands for decades.
    lag_months
        Time constant with which promised money becomes spending at home.
    at_most
        How many units are of use in a place, in words; the number is its room, see `month.rooms`.
    """

    does: str = field()  # of a lever it is wanted
    at_most: str

    family: Family
    label: str
    buys: str
    per: Literal["month", "year"]
    lasting: bool = False
    unit_cost: float
    low: float
    high: float
    lag_months: float
    source: str
    grade: Grade

    @property
    def months_per_unit(self) -> float:
        """Months for which a unit is paid."""
        return 12.0 if self.per == "year" else 1.0


@dataclass(frozen=True, kw_only=True)
class Switch(Declared):
    """A mechanism of the model that a scenario may turn off.

    Attributes
    ----------
    dormant
        It does nothing until a scenario moves a law, a lever or a parameter.
    carried_by
        The parameters that carry it, apart by spaces: off, the model is the one in which they are 0.
    """

    label: str
    carried_by: str = ""
    dormant: bool = False


@dataclass(frozen=True, kw_only=True)
class Law(Declared):
    """Something that is decided and costs nothing; its value is the status quo, at which it does nothing new.

    Attributes
    ----------
    mechanism
        The switch of the mechanism that the law works through; off, the law stays at the status quo.
    """

    mechanism: str
    label: str
    value: float
    unit: str
    low: float
    high: float
    source: str
    grade: Grade


@dataclass(frozen=True, kw_only=True)
class Record(Declared):
    """Something that is written down each month for every place and the nation.

    Attributes
    ----------
    kind
        A stock adds over places, a flow over places and months; a level is a mean over places.
    weight
        For levels: the stock that weighs the mean.
    nation
        The nation has the ``sum`` (or the mean) of its places, a value of its ``own``, or is the ``only`` one to
        have a value.
    lever
        For records of money: the lever that it is meant for.
    """

    kind: Literal["stock", "flow", "level"]
    unit: str
    weight: str = ""
    nation: Literal["sum", "own", "only"] = "sum"
    lever: str = ""

    @property
    def says(self) -> str:
        """The meaning, and whether places have a value."""
        return self.meaning + "; the nation only" * (self.nation == "only")


KINDS: dict[str, type[Declared]] = {
    "lever": Lever, "law": Law, "switch": Switch, "parameter": Parameter, "record": Record,
}  # fmt: skip


_ADDED: dict[str, Path] = {}  # tables from outside the package, by the module that each stands for


def add(table: Path, *, room: str = "street") -> None:
    """Declare what a TOML file outside the package holds, as if it stood beside a module of one of the rooms.

    Parameters
    ----------
    table
        The file; its name is the module's.
    room
        Whose module: one of `ROOMS`.

    Raises
    ------
    UserError
        If there is no such room, if there is a table of this name, or if the tables were read already.
    """
    module = f"{room}.{table.stem}"
    if room not in ROOMS:
        raise UserError(f"{table}: no room {room!r}{nearest(room, ROOMS)}; expected one of {', '.join(ROOMS)}")
    if module in _ADDED or (HOME / room / f"{table.stem}.toml").exists():
        raise UserError(f"{table}: there is a table of {module} already; expected another name")
    if _everything.cache_info().currsize:
        raise UserError(f"{table}: comes too late; expected before anything else of the model is read")
    _ADDED[module] = table


def declared[Entry: Declared](kind: type[Entry], home: Path = HOME) -> Mapping[str, Entry]:
    """Return everything of a kind by name, in order.

    Parameters
    ----------
    home
        Another folder of rooms; by default the package.

    Raises
    ------
    UserError
        If an entry is not a whole sentence, lies outside its bounds, is declared twice or names what is not there.
    """
    return {entry.name: entry for entry in _everything(home) if isinstance(entry, kind)}


@cache
def model_parameters() -> Mapping[str, Parameter]:
    """Return the parameters by name; those of a country are its facts, see `country.facts.parameters`."""
    return declared(Parameter)


@cache
def levers() -> Mapping[str, Lever]:
    """Return the levers by name."""
    return declared(Lever)


@cache
def switches() -> Mapping[str, Switch]:
    """Return the mechanisms that can be switched off, by name."""
    return declared(Switch)


@cache
def laws() -> Mapping[str, Law]:
    """Return the laws by name."""
    return declared(Law)


@cache
def records() -> Mapping[str, Record]:
    """Return the records by name, those of money for every lever."""
    return declared(Record)


@cache
def _everything(home: Path) -> tuple[Declared, ...]:
    """All that the tables of a folder of rooms declare, checked and in order."""
    found: dict[tuple[str, str], Declared] = {}
    files = [path for room in ROOMS for path in sorted((home / room).glob("*.toml"))]
    tables = {f"{path.parent.name}.{path.stem}": Table.open(path) for path in files}
    if home == HOME:
        tables |= {module: Table.open(path) for module, path in _ADDED.items()}
    for group, table in tables.items():
        for path, entry in _entries(table, group):
            if path in found:
                raise table.error(path, f"is already declared in {found[path].group}")
            found[path] = entry
    for path, entry in found.items():
        if problem := _problem(entry, found):
            raise tables[entry.group].error(path, problem)
    entries = sorted(found.values(), key=lambda entry: entry.order)
    return tuple(sorted(_for_each_door(_for_each_lever(entries)), key=lambda entry: entry.order))


def _entries(table: Table, group: str) -> Iterator[tuple[tuple[str, str], Declared]]:
    """Yield the entries of a table as they stand, with kind and name."""
    for kind, named in table.document.items():
        if kind not in KINDS:
            raise table.error((kind,), f"no such kind{nearest(kind, KINDS)}; expected one of {', '.join(KINDS)}")
        table.expect_table(named, (kind,))
        for name, entry in named.items():
            yield (kind, name), table.record(KINDS[kind], (kind, name), entry, name=name, group=group)


def _problem(entry: Declared, found: Mapping[tuple[str, str], Declared]) -> str:
    """Say what is wrong with an entry beyond its fields; nothing if all is well."""
    if isinstance(entry, Parameter | Law | Lever):
        value = entry.unit_cost if isinstance(entry, Lever) else entry.value
        if not entry.low <= value <= entry.high:
            return f"{value:g} lies outside its own bounds, {entry.low:g} to {entry.high:g}"
    if isinstance(entry, Parameter) and (problem := prior_problem(entry)):
        return problem
    if isinstance(entry, Lever) and (entry.low <= 0 or entry.lag_months <= 0):
        return "a unit cost and a lag are greater than 0"
    if isinstance(entry, Law) and ("switch", entry.mechanism) not in found:
        return f'no switch "{entry.mechanism}"{nearest(entry.mechanism, (n for k, n in found if k == "switch"))}'
    if isinstance(entry, Record) and (entry.kind == "level") != bool(entry.weight):
        return "a level has a weight, a stock or a flow has none"
    if isinstance(entry, Record) and entry.weight and ("record", entry.weight) not in found:
        return f'no record "{entry.weight}"{nearest(entry.weight, (n for k, n in found if k == "record"))}'
    return ""


def prior_problem(entry: Parameter) -> str:
    """Say what is wrong with what is believed of a parameter; nothing if all is well."""
    if not entry.prior:
        given = entry.prior_source or entry.prior_low or entry.prior_high
        return "a prior wants a shape, uniform or loguniform" if given else ""
    if not entry.low <= entry.prior_low < entry.prior_high <= entry.high:
        return f"its prior is not within its bounds, {entry.low:g} to {entry.high:g}"
    if not entry.prior_low <= entry.value <= entry.prior_high:
        return f"{entry.value:g} lies outside its prior, {entry.prior_low:g} to {entry.prior_high:g}"
    if entry.prior == "loguniform" and entry.prior_low <= 0:
        return "the logarithm of a prior begins above 0"
    return "" if entry.prior_source else "a prior has a source, or says that there is no evidence"


def _for_each_lever(entries: Sequence[Declared]) -> Iterator[Declared]:
    """Write a record that names `EACH` out for each lever."""
    each = [entry for entry in entries if isinstance(entry, Record) and EACH in entry.name]
    yield from (entry for entry in entries if entry not in each)
    for lever in (entry.name for entry in entries if isinstance(entry, Lever)):
        for record in each:
            name, meaning = (text.replace(EACH, lever) for text in (record.name, record.meaning))
            yield replace(record, name=name, meaning=meaning, lever=lever)


def _for_each_door(entries: Iterable[Declared]) -> Iterator[Declared]:
    """Write a record that names `EACH_DOOR` out for each plain door; they come last, so that none moves another."""
    each = list[Record]()
    for entry in entries:
        if isinstance(entry, Record) and EACH_DOOR in entry.name:
            each.append(entry)
        else:
            yield entry
    for door in (names()[number] for number in plain()):
        for record in each:
            name, meaning = (text.replace(EACH_DOOR, door) for text in (record.name, record.meaning))
            yield replace(record, name=name, meaning=meaning)
