"""What a results folder holds, and how it is written so that a killed run loses nothing.

While an experiment runs, every finished replicate is a folder of its own under `shards/`, moved into place
whole. At the end the shards become three tables, `series`, `events` and `careers`, and go. Whatever is found,
tables, shards or both, is read in one order, so that the same replicates make the same bytes.
"""

import contextlib
import hashlib
import json
import os
import shutil
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from narco_door.base.errors import UserError

MANIFEST = "manifest.json"
SHARDS = "shards"
RECEIPT = "receipt.json"

Key = tuple[str, int]
"""A scenario's name and the number of a replicate."""


class Frames(NamedTuple):
    """The three tables that a replicate, or a whole experiment, writes down."""

    series: pl.DataFrame
    events: pl.DataFrame
    careers: pl.DataFrame


_CODED = ("place", "record")
"""Columns of the series whose few words millions of rows repeat: a one-byte code keeps memory and files small."""


def tidy(frames: Frames) -> Frames:
    """One replicate in the order in which it is stored: series by record, place and month."""
    series = frames.series
    records = series["record"].unique(maintain_order=True).cast(pl.String).to_list()
    places = sorted(series["place"].unique().cast(pl.String).to_list())
    coded = series.with_columns(pl.col("place").cast(pl.Enum(places)), pl.col("record").cast(pl.Enum(records)))
    return Frames(coded.sort("record", "place", "month"), frames.events, frames.careers)


def stack(parts: Mapping[Key, Frames], scenarios: Sequence[str]) -> Frames:
    """Join the tidy replicates, scenarios in the order given and replicates by number.

    Parameters
    ----------
    parts
        Tidy frames by (scenario, replicate).
    scenarios
        Every scenario of the experiment, in the order wanted.

    Returns
    -------
    Frames
        With the columns scenario (Enum) and replicate (i32) first.
    """
    place = {name: i for i, name in enumerate(scenarios)}
    keys = sorted(parts, key=lambda key: (place[key[0]], key[1]))
    return _joined([_named(parts[key], key, scenarios) for key in keys])


def _named(frames: Frames, key: Key, scenarios: Sequence[str]) -> Frames:
    scenario = pl.lit(key[0], dtype=pl.Enum(list(scenarios))).alias("scenario")
    replicate = pl.lit(key[1], dtype=pl.Int32).alias("replicate")
    return Frames(*(frame.select(scenario, replicate, pl.all()) for frame in frames))


def _joined(parts: Sequence[Frames]) -> Frames:
    """One below the other; columns that are coded in different ways get one common code first."""
    series, events, careers = ([getattr(part, table) for part in parts] for table in Frames._fields)
    for column in _CODED:
        words = list(dict.fromkeys(word for frame in series for word in frame.schema[column].categories))
        kind = pl.Enum(sorted(words) if column == "place" else words)
        series = [frame.with_columns(pl.col(column).cast(kind)) for frame in series]
    return Frames(*(pl.concat(each, how="vertical_relaxed", rechunk=True) for each in (series, events, careers)))


def save_shard(folder: Path, key: Key, frames: Frames, receipt: Mapping[str, Any]) -> None:
    """Write one finished replicate, all of it or nothing.

    Parameters
    ----------
    folder
        The results folder.
    key
        Scenario and replicate.
    frames
        The tidy frames.
    receipt
        What to keep beside them (seconds, months).
    """
    shards = folder / SHARDS
    fresh = _beside(shards / f"{key[0]}-{key[1]}")
    fresh.mkdir(parents=True)
    for table in Frames._fields:
        _write(fresh / f"{table}.parquet", getattr(frames, table))
    sums = {table: digest_of(fresh / f"{table}.parquet") for table in Frames._fields}
    named = {"scenario": key[0], "replicate": key[1], **receipt, "sha256": sums}
    (fresh / RECEIPT).write_text(json.dumps(named, indent=1), encoding="utf-8")
    try:
        fresh.replace(shards / f"{key[0]}-{key[1]}")
    except OSError:  # another run of the same inputs was faster; its replicate is the same
        shutil.rmtree(fresh)
        if key not in finished(folder):
            raise


def save_tables(folder: Path, frames: Frames) -> None:
    """Replace the three tables of a results folder, then remove the shards that they hold."""
    for table in Frames._fields:
        file = folder / f"{table}.parquet"
        fresh = _beside(file)
        _write(fresh, getattr(frames, table))
        fresh.replace(file)
    for scenario, replicate in keys_of(frames.series.lazy()):
        _remove(folder / SHARDS / f"{scenario}-{replicate}")
    with contextlib.suppress(OSError):  # another run of the same inputs may still write there
        (folder / SHARDS).rmdir()


def _remove(shard: Path) -> None:
    """Hide a shard, then remove it: a kill on the way leaves no half of one to be read."""
    hidden = _beside(shard)
    with contextlib.suppress(OSError):  # it came with the tables, or another run of the same inputs was faster
        shard.replace(hidden)
    shutil.rmtree(hidden, ignore_errors=True)


def save_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Replace the manifest whole."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise UserError(f"{folder}: {problem.strerror}; expected a folder that can be written to") from None
    fresh = _beside(folder / MANIFEST)
    fresh.write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    fresh.replace(folder / MANIFEST)


def _beside(file: Path) -> Path:
    """A hidden name in the same folder, for what is not complete yet."""
    return file.with_name(f".{file.name}.{os.getpid()}.{threading.get_ident()}")


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a results folder; empty if it was never written."""
    return _json(folder / MANIFEST) if (folder / MANIFEST).exists() else {}


def receipts(folder: Path) -> dict[Key, dict[str, Any]]:
    """What is kept beside each shard, by scenario and replicate.

    Raises
    ------
    UserError
        A shard's receipt or table is missing or is not what was written.
    """
    found = sorted((folder / SHARDS).glob("[!.]*")) if (folder / SHARDS).is_dir() else []
    return {(str(each["scenario"]), int(each["replicate"])): each for each in map(_receipt, found)}


def _receipt(shard: Path) -> dict[str, Any]:
    receipt = _json(shard / RECEIPT)
    for table in Frames._fields:
        file = shard / f"{table}.parquet"
        if not file.exists() or digest_of(file) != receipt.get("sha256", {}).get(table):
            raise _spoilt(file, "has changed or is missing")
    return receipt


def finished(folder: Path) -> set[Key]:
    """Every (scenario, replicate) that a results folder holds."""
    file = folder / "series.parquet"
    try:
        merged = keys_of(pl.scan_parquet(file)) if file.exists() else set()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise _unreadable(file, error) from error
    return merged | set(receipts(folder))


def keys_of(series: pl.LazyFrame) -> set[Key]:
    """Every (scenario, replicate) of a table; only rows where one of them changes are looked at twice."""
    changes = [pl.col(name).ne_missing(pl.col(name).shift()) for name in ("scenario", "replicate")]
    keys = series.select("scenario", "replicate").filter(pl.any_horizontal(changes)).unique().collect()
    return {(str(scenario), int(replicate)) for scenario, replicate in keys.iter_rows()}


def load(folder: Path, scenarios: Sequence[str] = ()) -> Frames | None:
    """Read tables and shards as one.

    Parameters
    ----------
    folder
        The results folder.
    scenarios
        Order of the scenarios; those not named here follow by name.

    Returns
    -------
    Frames or None
        None if no replicate has been finished.

    Raises
    ------
    UserError
        A file cannot be read.
    """
    merged, shards = _tables(folder), sorted(receipts(folder))
    held = keys_of(merged.series.lazy()) if merged else set()
    order = [*scenarios, *sorted({name for name, _ in held.union(shards)} - set(scenarios))]
    parts = {key: _read_all(folder / SHARDS / f"{key[0]}-{key[1]}") for key in shards}
    if merged is None:
        return stack(parts, order) if parts else None
    coded = (frame.with_columns(pl.col("scenario").cast(pl.Enum(order))) for frame in merged)
    if not parts:
        whole = Frames(*coded)
        return whole if whole.series["scenario"].is_sorted() else _ordered(whole)
    # A kill between two tables leaves shards that some tables hold already: the shards are complete.
    fresh = stack(parts, order)
    keys = fresh.series.select("scenario", "replicate").unique()
    older = (frame.join(keys, on=["scenario", "replicate"], how="anti", maintain_order="left") for frame in coded)
    return _ordered(_joined([Frames(*older), fresh]))


def _ordered(frames: Frames) -> Frames:
    """A stable sort: within a replicate the rows keep the order in which they were stored."""
    return Frames(*(frame.sort("scenario", "replicate", maintain_order=True) for frame in frames))


def _tables(folder: Path) -> Frames | None:
    """The three merged tables; None if they have not been written."""
    return _read_all(folder) if all((folder / f"{table}.parquet").exists() for table in Frames._fields) else None


def _read_all(folder: Path) -> Frames:
    return Frames(*(_read(folder / f"{table}.parquet") for table in Frames._fields))


def _read(file: Path) -> pl.DataFrame:
    try:
        return pl.read_parquet(file)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise _unreadable(file, error) from error


def _write(file: Path, frame: pl.DataFrame) -> None:
    """Fixed compression, fixed row groups and one chunk: the same rows make the same bytes."""
    frame.rechunk().write_parquet(
        file, compression="zstd", compression_level=3, statistics=True, row_group_size=1 << 20
    )


def _json(file: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise _unreadable(file, error) from error


def _unreadable(file: Path, error: Exception) -> UserError:
    return _spoilt(file, f"cannot be read ({str(error).splitlines()[0]})")


def _spoilt(file: Path, what: str) -> UserError:
    """The remedy: what is in a shard is made again by running; so is a whole results folder."""
    remove = file.parent if file.parent.parent.name == SHARDS else file
    return UserError(f"{file}: {what}; expected the file as the run wrote it. Remove {remove} and run again.")


def digest_of(file: Path) -> str:
    """The sha256 of a file's bytes."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
