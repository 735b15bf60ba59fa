"""The tables of an experiment: opened from a folder, asked by name, written by nobody.

They may lie on the disk until they are asked for: `select`, `nation` and `lived` read of them what they need, and only
who takes `series` itself has all of it in memory.
"""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, overload

import polars as pl

from narco_door.base.errors import UserError
from narco_door.base.nation import NATION
from narco_door.results.merging import OnDisk
from narco_door.results.store import Key, Unread, keys_of, load

KEYS = ("scenario", "replicate")


class Table:
    """A table of `Results`, which is read when it is first asked for."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, results: None, owner: type) -> Table: ...
    @overload
    def __get__(self, results: object, owner: type) -> pl.DataFrame: ...
    def __get__(self, results: object | None, owner: type) -> pl.DataFrame | Table:
        if results is None:
            raise AttributeError(self.name)  # a field without a default
        read: pl.DataFrame = vars(results)[self.name].lazy().collect()
        vars(results)[self.name] = read
        return read

    def __set__(self, results: object, table: pl.DataFrame | pl.LazyFrame | OnDisk) -> None:
        vars(results)[self.name] = table


@dataclass(frozen=True, eq=False)
class Results:
    """What an experiment wrote down.

    Attributes
    ----------
    series
        scenario, replicate, month (first day), place ("00" is the nation), record, value.
    events
        scenario, replicate, month, kind, cartel, place, persons.
    careers
        scenario, replicate and one row for every career.
    manifest
        How it was made: scenarios in full, seed, scale, versions, failures.
    folder
        Where it is kept, if it is.
    """

    series: Table = Table()
    events: Table = Table()
    careers: Table = Table()
    manifest: dict[str, Any]  # type: ignore[misc]  # tables have no default, though mypy takes them to have one
    folder: Path | None = None

    def __repr__(self) -> str:
        """Tell the size, not the content."""
        name, span = (
            self.manifest.get("name", "results"),
            f"{self.manifest.get('from')}..{self.manifest.get('to')}",
        )
        return f"<Results {name}: {', '.join(self.scenarios)}; {len(self.replicates)} replicates, {span}>"

    @property
    def scenarios(self) -> list[str]:
        """Names of the scenarios that have a finished replicate, the reference first."""
        known = [arm["name"] for arm in self.manifest.get("scenarios", [])]
        found = {scenario for scenario, _ in self.finished}
        return [*(name for name in known if name in found), *sorted(found - set(known))]

    @property
    def reference(self) -> str | None:
        """The scenario that the others are compared with, if the experiment names one."""
        named = self.manifest.get("reference")
        return None if named is None else str(named)

    @property
    def replicates(self) -> list[int]:
        """Numbers of the replicates that some scenario has finished."""
        return sorted({replicate for _, replicate in self.finished})

    @cached_property
    def finished(self) -> set[Key]:
        """Every (scenario, replicate) that is here."""
        return keys_of(self.unread.series)

    @property
    def unread(self) -> Unread:
        """The tables as they lie, none of them read for it."""
        return Unread(*(vars(self)[table].lazy() for table in Unread._fields))

    def having(self, **changes: Any) -> Results:
        """The same results with other tables or another manifest; what has not been read stays so."""
        return replace(self, **{table: vars(self)[table] for table in Unread._fields} | changes)

    def lived(self, replicate: int, *, before: datetime.date | None = None) -> dict[str, pl.DataFrame]:
        """The series of one replicate, or their months before one, by scenario, as they are stored."""
        asked = [pl.col("replicate") == replicate, *([] if before is None else [pl.col("month") < before])]
        rows = self.unread.series.filter(*asked).collect()
        return {str(name): part for (name,), part in rows.partition_by("scenario", as_dict=True).items()}

    @property
    def records(self) -> list[str]:
        """Names of the records."""
        return _words(self.unread.series, "record")

    @property
    def places(self) -> list[str]:
        """Codes of the places, the nation among them."""
        return _words(self.unread.series, "place")

    @property
    def failures(self) -> list[dict[str, Any]]:
        """scenario, replicate, error and traceback of each replicate that failed."""
        return list(self.manifest.get("failures", []))

    def first(self, replicates: int) -> Results:
        """The same results with only the first so many replicates."""
        asked = pl.col("replicate") < replicates
        failures = [failure for failure in self.failures if failure["replicate"] < replicates]
        manifest = self.manifest | {"replicates": replicates, "failures": failures}
        if max(self.replicates, default=-1) < replicates:
            return self.having(manifest=manifest)
        tables = {table: rows.filter(asked) for table, rows in self.unread._asdict().items()}
        return self.having(manifest=manifest, **tables)

    def nation(self) -> Results:
        """The same results without the rows of single places, a thirtieth of them, for who asks many questions."""
        return self.having(series=self.unread.series.filter(pl.col("place") == NATION).collect())

    def select(self, records: str | Sequence[str], *, place: str | None = NATION) -> pl.DataFrame:
        """Rows of one or several records in one place, or in every place.

        Parameters
        ----------
        records
            A record's name, or several.
        place
            Code of the place; "00" is the nation. None is every place but the nation, and `place` a column more.

        Returns
        -------
        polars.DataFrame
            scenario, replicate, month, record, value.

        Raises
        ------
        UserError
            There is no such record or place.
        """
        wanted = [records] if isinstance(records, str) else list(records)
        expect_names(wanted, self.records, "record")
        chosen = pl.col("record").is_in(wanted)
        if place is None:
            rows = self.unread.series.filter(chosen, pl.col("place") != NATION)
            return rows.select(*KEYS, "place", "month", "record", "value").collect()
        expect_names([place], self.places, "place")
        rows = self.unread.series.filter(chosen, pl.col("place") == place)
        return rows.select(*KEYS, "month", "record", "value").collect()


def load_results(folder: str | Path) -> Results:
    """Open a results folder, complete or not.

    Parameters
    ----------
    folder
        `results/<name>-<hash>`. While a run goes on, or after it was killed, it holds the replicates finished
        so far.

    Raises
    ------
    UserError
        It is no results folder, no replicate has been finished, or a file is spoilt.
    """
    path = Path(folder)
    if not path.is_dir():
        raise UserError(f"{path}: no such folder{_near(path)}")
    frames, manifest = load(path)
    if not manifest:
        raise UserError(f"{path}: {_why_none(path, frames is not None)}")
    if frames is None:
        raise UserError(f"{path}: {_why_empty(manifest)}")
    return Results(*frames, manifest, path)


def _why_none(path: Path, held: bool) -> str:
    """There is no manifest: somebody removed it, or the folder is another."""
    remedy = "; run the same command again, which writes it anew and keeps every replicate"
    return f"no manifest.json{remedy}" if held else f"not a results folder; no manifest.json{_near(path)}"


def _why_empty(manifest: dict[str, Any]) -> str:
    failed = [
        f"; {each['scenario']}-{each['replicate']} failed: {each['error']}" for each in manifest.get("failures", [])
    ]
    return f"no replicate has been finished{failed[0] if failed else ''}"


def _near(path: Path) -> str:
    found = [file.parent.name for file in sorted(path.parent.glob("*/manifest.json"))]
    near = difflib.get_close_matches(path.name, found, n=1, cutoff=0.4)
    return f". Did you mean {path.parent / near[0]}?" if near else ""


def _words(rows: pl.LazyFrame, column: str) -> list[str]:
    kind = rows.collect_schema()[column]
    if isinstance(kind, pl.Enum):
        return kind.categories.to_list()
    found = rows.select(pl.col(column).unique(maintain_order=True).cast(pl.String)).collect()
    return found[column].to_list()


def expect_names(wanted: Iterable[str], known: Sequence[str], what: str) -> None:
    """Raise a UserError for the first word that is not known, with the nearest that is."""
    for word in wanted:
        if word not in known:
            near = difflib.get_close_matches(word, known, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; known: {', '.join(known[:40])}"
            raise UserError(f"no {what} {word!r} in these results{hint}")
