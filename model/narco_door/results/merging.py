"""Replicates become tables one after another: no more is in memory than one of them, however many there are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from polars.io.plugins import register_io_source

from narco_door.results.manifest import read_manifest
from narco_door.results.store import (
    Frames,
    Key,
    Unread,
    held_by_tables,
    joined,
    named,
    receipts,
    save_tables,
    shard_of,
    table_of,
)


def merge(folder: Path, scenarios: Sequence[str], manifest: Mapping[str, Any]) -> bool:
    """Make tables of all that a results folder holds, tables and shards.

    Parameters
    ----------
    folder
        The results folder, which the caller has alone.
    scenarios
        Every scenario of the experiment, in the order wanted.
    manifest
        What to tell beside the tables' checksums.

    Returns
    -------
    bool
        Whether there was anything.

    Raises
    ------
    UserError
        A file is spoilt, or the machine is short of something.
    """
    sums = read_manifest(folder).get("tables", {})
    stored = held_by_tables(folder, sums)
    fresh = receipts(folder, without=stored if sums else ())
    place = {name: i for i, name in enumerate(scenarios)}
    keys = sorted(stored.union(fresh), key=lambda key: (place[key[0]], key[1]))
    parts = [_of_shard(folder, key, scenarios) if key in fresh else _of_tables(folder, key, sums) for key in keys]
    if parts:
        save_tables(folder, _one_by_one(parts), manifest)
    return bool(parts)


@dataclass(frozen=True)
class OnDisk:
    """A table in a folder in which nothing waits, opened anew for each question: a later run may replace it.

    Only its first so many replicates, which are the same in every later one.
    """

    file: Path
    replicates: int

    def lazy(self) -> pl.LazyFrame:
        """Its rows, unread."""
        return pl.scan_parquet(self.file).filter(pl.col("replicate") < self.replicates)


def on_disk(folder: Path, replicates: int) -> tuple[OnDisk, OnDisk, OnDisk]:
    """The three tables of a folder."""
    series, events, careers = (OnDisk(folder.resolve() / f"{table}.parquet", replicates) for table in Frames._fields)
    return series, events, careers


def _of_shard(folder: Path, key: Key, scenarios: Sequence[str]) -> Unread:
    files = [shard_of(folder, key) / f"{table}.parquet" for table in Frames._fields]
    return Unread(*(pl.scan_parquet(file).select(*named(key, scenarios)) for file in files))


def _of_tables(folder: Path, key: Key, sums: Mapping[str, str]) -> Unread:
    """One replicate of the tables: row groups of others are passed over."""
    mine = (pl.col("scenario") == key[0], pl.col("replicate") == key[1])
    return Unread(*(pl.scan_parquet(table_of(folder, table, sums)).filter(*mine) for table in Frames._fields))


def _one_by_one(parts: Sequence[Unread]) -> Unread:
    """One below the other, in columns of one kind."""
    empty = [Frames(*(pl.DataFrame(schema=rows.collect_schema()) for rows in part)) for part in parts]
    kinds = joined(empty)
    return Unread(*(_chain([part[k] for part in parts], kinds[k].schema) for k in range(len(kinds))))


def _chain(parts: Sequence[pl.LazyFrame], kinds: pl.Schema) -> pl.LazyFrame:
    def read(*_: object) -> Iterator[pl.DataFrame]:
        for part in parts:
            yield part.collect().cast(kinds)

    return register_io_source(read, schema=kinds)
