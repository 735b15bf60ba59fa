"""What a results folder holds, and how it is written so that a killed run loses nothing.

While an experiment runs, every finished replicate is a folder of its own under `shards/`, moved into place
whole. At the end the shards become three tables, `series`, `events` and `careers`, and go. The tables are written
under hidden names; the manifest, replaced with their checksums, is what makes them the folder's; then they get their
own names. Whoever reads in between finds those that the manifest tells of. Whatever is found, tables, shards or both,
is read in one order, so that the same replicates make the same bytes.
"""

import io
import json
import re
import shutil
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from narco_door.base.errors import UserError
from narco_door.base.scarcity import at_work_in
from narco_door.results.durable import digest, digest_of, hidden, remove, sweep, sync, write_synced
from narco_door.results.manifest import read_manifest, save_manifest

SHARDS = "shards"
RECEIPT = "receipt.json"
_ATTEMPTS = 5
"""At reading a folder that a run changes meanwhile; it does so once, at its end."""

Key = tuple[str, int]
"""A scenario's name and the number of a replicate."""


class Frames(NamedTuple):
    """The three tables that a replicate, or a whole experiment, writes down."""

    series: pl.DataFrame
    events: pl.DataFrame
    careers: pl.DataFrame


class Unread(NamedTuple):
    """The same three, still on the disk or still to be joined."""

    series: pl.LazyFrame
    events: pl.LazyFrame
    careers: pl.LazyFrame


_FORM: dict[str, Any] = {"compression": "zstd", "compression_level": 3, "statistics": True, "row_group_size": 1 << 20}
"""Fixed compression and fixed row groups: the same rows make the same bytes."""

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
    return joined([Frames(*(frame.select(*named(key, scenarios)) for frame in parts[key])) for key in keys])


def named(key: Key, scenarios: Sequence[str]) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """The columns of one replicate in a table of several: whose they are comes first."""
    scenario = pl.lit(key[0], dtype=pl.Enum(list(scenarios))).alias("scenario")
    return scenario, pl.lit(key[1], dtype=pl.Int32).alias("replicate"), pl.all()


def joined(parts: Sequence[Frames]) -> Frames:
    """One below the other; columns that are coded in different ways get one common code first."""
    series, events, careers = ([getattr(part, table) for part in parts] for table in Frames._fields)
    for column in _CODED:
        words = list(dict.fromkeys(word for frame in series for word in frame.schema[column].categories))
        kind = pl.Enum(sorted(words) if column == "place" else words)
        series = [frame.with_columns(pl.col(column).cast(kind)) for frame in series]
    return Frames(*(pl.concat(each, how="vertical_relaxed", rechunk=True) for each in (series, events, careers)))


def save_shard(folder: Path, key: Key, frames: Frames, receipt: Mapping[str, Any]) -> None:
    """Write one finished replicate, all of it or nothing; in place of another of the same name, if there is one.

    Parameters
    ----------
    folder
        The results folder, which the caller has alone.
    key
        Scenario and replicate.
    frames
        The tidy frames.
    receipt
        What to keep beside them (seconds, months).

    Raises
    ------
    UserError
        The machine is short of something, such as space.
    """
    shard = shard_of(folder, key)
    contents = {table: _parquet(getattr(frames, table)) for table in Frames._fields}
    sums = {table: digest(content) for table, content in contents.items()}
    named = {"scenario": key[0], "replicate": key[1], **receipt, "sha256": sums}
    with at_work_in(folder):
        fresh = hidden(shard.parent)
        fresh.mkdir(parents=True)
        try:
            for table, content in contents.items():
                write_synced(fresh / f"{table}.parquet", content)
            write_synced(fresh / RECEIPT, json.dumps(named, indent=1).encode())
            sync(fresh)
            remove(shard)
            fresh.replace(shard)
        finally:
            if fresh.exists():
                shutil.rmtree(fresh, ignore_errors=True)
        sync(shard.parent)


def shard_of(folder: Path, key: Key) -> Path:
    """The folder of one finished replicate until the tables hold it."""
    return folder / SHARDS / f"{key[0]}-{key[1]}"


def save_tables(folder: Path, frames: Frames | Unread, manifest: Mapping[str, Any]) -> None:
    """Replace the three tables of a results folder and its manifest, then remove the shards that they hold.

    Parameters
    ----------
    folder
        The results folder, which the caller has alone.
    frames
        The tables; of those that are not read yet, no more is in memory than one row group takes.
    manifest
        What to tell beside their checksums.

    Raises
    ------
    UserError
        The machine is short of something, such as space.
    """
    with at_work_in(folder):
        folder.mkdir(parents=True, exist_ok=True)
        sums = {table: _save_table(folder, table, getattr(frames, table).lazy()) for table in Frames._fields}
    save_manifest(folder, {**manifest, "tables": sums})
    settle(folder)


def _save_table(folder: Path, table: str, rows: pl.LazyFrame) -> str:
    """Write a table under a name that nobody reads; return its checksum, by which it is found."""
    fresh = hidden(folder)
    try:
        rows.sink_parquet(fresh, **_FORM)
        sync(fresh)
        wanted = digest_of(fresh)
        fresh.replace(_pending(folder, table, wanted))
    except pl.exceptions.PolarsError as error:
        raise _of_the_system(error) or _unreadable(folder / f"{table}.parquet", error) from error
    finally:
        fresh.unlink(missing_ok=True)
    return wanted


def _of_the_system(error: Exception) -> OSError | None:
    """What the system said, where the library put it into words."""
    told = re.search(r"os error (\d+)", str(error))
    return OSError(int(told[1]), str(error)) if told else None


def settle(folder: Path) -> None:
    """End what a killed run began: give tables their names, remove shards that they hold and all that is half-written.

    Only for who has the folder alone.
    """
    manifest = read_manifest(folder)
    sums, shards = manifest.get("tables", {}), folder / SHARDS
    with at_work_in(folder):
        for table, wanted in sums.items():
            pending = _pending(folder, table, wanted)
            if pending.exists() and digest_of(pending) == wanted:
                pending.replace(folder / f"{table}.parquet")
        sync(folder)
        if sums and not all((folder / f"{table}.parquet").exists() for table in Frames._fields):
            save_manifest(folder, {name: field for name, field in manifest.items() if name != "tables"})
            for table in Frames._fields:
                (folder / f"{table}.parquet").unlink(missing_ok=True)
        elif sums and shards.exists():
            for key in held_by_tables(folder, sums):
                remove(shard_of(folder, key))
        sweep(folder)
        sweep(shards)
        if shards.is_dir() and not any(shards.iterdir()):
            shards.rmdir()


def _pending(folder: Path, table: str, wanted: str) -> Path:
    """Where a table is until it gets its name."""
    return folder / f".{table}-{wanted[:16]}.parquet"


def receipts(folder: Path, *, without: Collection[Key] = ()) -> dict[Key, dict[str, Any]]:
    """What is kept beside each shard, by scenario and replicate.

    Parameters
    ----------
    folder
        The results folder.
    without
        Replicates whose shards are not looked at.

    Raises
    ------
    UserError
        A shard's receipt or table is missing or is not what was written.
    """
    ignored = {shard_of(folder, key).name for key in without}
    found = sorted(path for path in (folder / SHARDS).glob("[!.]*") if path.name not in ignored)
    return {(str(each["scenario"]), int(each["replicate"])): each for each in map(_receipt, found)}


def _receipt(shard: Path) -> dict[str, Any]:
    file = shard / RECEIPT
    try:
        receipt = dict(json.loads(file.read_bytes()))
        named, sums = f"{receipt['scenario']}-{int(receipt['replicate'])}", dict(receipt["sha256"])
        receipt["seconds"] = float(receipt["seconds"])
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise _unreadable(file, error) from error
    if named != shard.name:
        raise _spoilt(file, f"is that of {named}")
    for table in Frames._fields:
        file = shard / f"{table}.parquet"
        if not file.exists() or digest_of(file) != sums.get(table):
            raise _spoilt(file, "has changed or is missing")
    return receipt


def finished(folder: Path) -> set[Key]:
    """Every (scenario, replicate) that a results folder holds, tables and shards.

    Raises
    ------
    UserError
        A file is spoilt.
    """
    merged = held_by_tables(folder, read_manifest(folder).get("tables", {}))
    return merged | set(receipts(folder, without=merged))


def is_settled(folder: Path) -> bool:
    """Whether all that a folder holds is in its tables under their names, and the manifest tells their checksums."""
    sums = read_manifest(folder).get("tables", {})
    waiting = [_pending(folder, table, wanted) for table, wanted in sums.items()] + [folder / SHARDS]
    return bool(sums) and not any(path.exists() for path in waiting)


def held_by_tables(folder: Path, sums: Mapping[str, str]) -> set[Key]:
    """What the tables hold; nothing if one of them is missing: then all are made anew from new replicates."""
    files = [table_of(folder, table, sums) for table in Frames._fields]
    if not all(file.exists() for file in files):
        return set()
    for file, table in zip(files, Frames._fields, strict=True):
        if sums and digest_of(file) != sums[table]:
            raise _spoilt(file, "has changed since it was written")
    try:
        return keys_of(pl.scan_parquet(files[0]))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise _unreadable(files[0], error) from error


def table_of(folder: Path, table: str, sums: Mapping[str, str]) -> Path:
    """The file of a table that the manifest tells of: until it has its name, the hidden one."""
    pending = _pending(folder, table, sums.get(table, ""))
    return pending if sums and pending.exists() else folder / f"{table}.parquet"


def keys_of(series: pl.LazyFrame) -> set[Key]:
    """Every (scenario, replicate) of a table, which need not fit into memory."""
    keys = series.select("scenario", "replicate").unique().collect(engine="streaming")
    return {(str(scenario), int(replicate)) for scenario, replicate in keys.iter_rows()}


class Stored(NamedTuple):
    """What a results folder holds; no frames if no replicate has been finished."""

    frames: Frames | None
    manifest: dict[str, Any]


def load(folder: Path, scenarios: Sequence[str] | None = None) -> Stored:
    """Read tables and shards as one, as they were at one moment: a run may be at work there.

    Parameters
    ----------
    folder
        The results folder.
    scenarios
        Order of the scenarios, by default that of the manifest; those not named follow by name.

    Raises
    ------
    UserError
        A file cannot be read or has changed.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        manifest = read_manifest(folder)
        try:
            found = _load(folder, manifest, scenarios)
        except UserError:
            if attempt == _ATTEMPTS or read_manifest(folder).get("tables") == manifest.get("tables"):
                raise
        else:
            if attempt == _ATTEMPTS or read_manifest(folder).get("tables") == manifest.get("tables"):
                break
    return Stored(found, manifest)


def _load(folder: Path, manifest: Mapping[str, Any], scenarios: Sequence[str] | None) -> Frames | None:
    known = [arm["name"] for arm in manifest.get("scenarios", [])] if scenarios is None else list(scenarios)
    sums = manifest.get("tables", {})
    merged = _tables(folder, sums)
    held = keys_of(merged.series.lazy()) if merged else set()
    # A kill between two tables of an older version leaves shards that some tables hold already: those are complete.
    shards = sorted(receipts(folder, without=held if sums else ()))
    order = [*known, *sorted({name for name, _ in held.union(shards)} - set(known))]
    parts = {key: _frames_of(folder, key) for key in shards}
    if merged is None:
        return stack(parts, order) if parts else None
    coded = (frame.with_columns(pl.col("scenario").cast(pl.Enum(order))) for frame in merged)
    if not parts:
        whole = Frames(*coded)
        return whole if whole.series["scenario"].is_sorted() else _ordered(whole)
    fresh = stack(parts, order)
    keys = fresh.series.select("scenario", "replicate").unique()
    older = (frame.join(keys, on=["scenario", "replicate"], how="anti", maintain_order="left") for frame in coded)
    return _ordered(joined([Frames(*older), fresh]))


def _ordered(frames: Frames) -> Frames:
    """A stable sort: within a replicate the rows keep the order in which they were stored."""
    return Frames(*(frame.sort("scenario", "replicate", maintain_order=True) for frame in frames))


def _tables(folder: Path, sums: Mapping[str, str]) -> Frames | None:
    """The three merged tables; None if they have not been written.

    Raises
    ------
    UserError
        One is not what was written, or is missing beside others.
    """
    files = [table_of(folder, table, sums) for table in Frames._fields]
    gone = [file for file in files if not file.exists()]
    if gone and sums:
        raise UserError(f"{gone[0]}: is missing; run the same command again, which makes it anew")
    return None if gone else Frames(*(_read(file, sums.get(t)) for file, t in zip(files, Frames._fields, strict=True)))


def _frames_of(folder: Path, key: Key) -> Frames:
    return Frames(*(_read(shard_of(folder, key) / f"{table}.parquet") for table in Frames._fields))


def _read(file: Path, wanted: str | None = None) -> pl.DataFrame:
    try:
        with file.open("rb") as stream:
            content = stream.read()
        if wanted and digest(content) != wanted:
            raise _spoilt(file, "has changed since it was written")
        return pl.read_parquet(io.BytesIO(content))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise _unreadable(file, error) from error


def _parquet(frame: pl.DataFrame) -> bytes:
    """One chunk in the fixed form."""
    made = io.BytesIO()
    frame.rechunk().write_parquet(made, **_FORM)
    return made.getvalue()


def _unreadable(file: Path, error: Exception) -> UserError:
    return _spoilt(file, f"cannot be read ({str(error).splitlines()[0] if str(error) else type(error).__name__})")


def _spoilt(file: Path, what: str) -> UserError:
    """The remedy: what is in a shard is made again by running; so is a whole results folder."""
    remove = file.parent if file.parent.parent.name == SHARDS else file
    return UserError(f"{file}: {what}; expected the file as the run wrote it. Remove {remove} and run again.")
