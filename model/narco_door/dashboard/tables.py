"""The tables of a picture as the library of results wants them, so that every number has one home."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from narco_door.base.months import as_date, month_text
from narco_door.base.nation import NATION
from narco_door.dashboard.measures import read_all, reader
from narco_door.dashboard.work import Picture, Track
from narco_door.questions.validation import validate
from narco_door.results import AVERTED, Results, headline
from narco_door.results.store import Frames, stack, tidy
from narco_door.runs.provenance import describe_run, manifest_of
from narco_door.show.picture import DoorNumbers

WORLDS = ("reference", "policy")
_EMPTY = pl.DataFrame()


def slim(
    picture: Picture,
    records: Sequence[str],
    *,
    worlds: Sequence[str] = WORLDS,
    names: Mapping[str, str] | None = None,
    place: str = NATION,
    since: int = 0,
    months: int | None = None,
) -> Results:
    """A few records of one place as results.

    Parameters
    ----------
    worlds, names
        Which worlds, and what their scenarios are called; by default `policy` and `reference`.
    since, months
        From which month of the run, and how many months of it are known.
    """
    called = dict(names or {}) or {world: world for world in worlds}
    parts = [
        rows_of(called[world], track, records, place=place, since=since, months=months)
        for world in worlds
        for track in getattr(picture, world)
    ]
    arms = [called[world] for world in worlds]
    series = pl.concat(parts).with_columns(
        pl.col("scenario").cast(pl.Enum(arms)), pl.col("record").cast(pl.Enum(list(records)))
    )
    about = {
        **describe_run(picture.run),
        "scenarios": [{"name": arm} for arm in arms],
        "reference": called.get("reference"),
    }
    return Results(series, _EMPTY, _EMPTY, about)


def rows_of(
    scenario: str,
    track: Track,
    records: Sequence[str],
    *,
    place: str = NATION,
    since: int = 0,
    months: int | None = None,
) -> pl.DataFrame:
    """A few records of one place in one replicate, as rows of `Results.series`."""
    read, start = reader(track, place), track.book.start
    end = min(months or track.months, track.months)
    dates = [dt.date(m // 12, m % 12 + 1, 1) for m in range(start + since, start + end)]
    values = np.concatenate([read(record)[since:end] for record in records])
    names = [record for record in records for _ in dates]
    return pl.DataFrame({"month": dates * len(records), "record": names, "value": values}).with_columns(
        pl.lit(scenario).alias("scenario"),
        pl.lit(track.replicate, dtype=pl.Int32).alias("replicate"),
        pl.lit(place).cast(pl.Enum([place])).alias("place"),
    )


def door_numbers(picture: Picture, world: str, place: str, months: int) -> DoorNumbers | None:
    """The doors of one world at the end of the first so many months; None if they were not lived yet."""
    tracks: tuple[Track, ...] = getattr(picture, world)
    months = min([months, *(track.months for track in tracks)]) if tracks else 0
    if months < 1:
        return None
    month = as_date(tracks[0].book.start + months - 1)
    return DoorNumbers.of(
        read_all(tracks, place, months), scenario=world, month=month, place=place, world=picture.run.places
    )


def headline_rows(picture: Picture, place: str = NATION) -> list[dict[str, Any]]:
    """The headline of a picture in one place, a row for each measure; empty until a pair is whole.

    It is counted from the month in which the worlds part, as on the command line.
    """
    plan = picture.plan
    if not picture.policy or picture.months < plan.policy.run.months:
        return []
    names = [name for name in picture.policy[0].book.index if name.startswith(("spent_", "leaked_"))]
    records = [*dict.fromkeys(measure.record for measure in AVERTED), *names]
    found = slim(picture, records, place=place)
    here = replace(found, series=found.series.with_columns(pl.lit(NATION).alias("place")))
    return headline(here, since=month_text(plan.since), reference="reference").to_dicts()


# --- whole results, as the command line would have made them ---


def whole(picture: Picture) -> Results:
    """Everything that was written down, with the names, order and manifest of `narco-door compare`."""
    plan = picture.plan
    named = {plan.reference.name: picture.reference, plan.policy.name: picture.policy}
    parts = {(name, track.replicate): tidy(_frames(track)) for name, tracks in named.items() for track in tracks}
    return Results(*stack(parts, list(named)), manifest(picture))


def validated(picture: Picture) -> pl.DataFrame:
    """The targets against the reference of a picture, which must be the common path; see `validate`."""
    local = pl.col("record").is_in(["new_homicides", "new_captures"])
    parts = [
        track.book.series()
        .filter(local | (pl.col("place") == NATION))
        .with_columns(pl.lit("baseline").alias("scenario"), pl.lit(i, dtype=pl.Int32).alias("replicate"))
        for i, track in enumerate(picture.reference)
    ]
    return validate(Results(pl.concat(parts), _EMPTY, _EMPTY, {"scenarios": [{"name": "baseline"}]}))


def _frames(track: Track) -> Frames:
    if track.life is None:
        raise ValueError("only a finished life can be written down")
    return track.life.frames


def manifest(picture: Picture) -> dict[str, Any]:
    """What a results folder says of how it was made: of what is in it, not of what was asked for."""
    run = picture.run
    policy, reference = (replace(world, run=run) for world in (picture.plan.policy, picture.plan.reference))
    about = manifest_of(
        name=f"{policy.name}-vs-{reference.name}",
        title=f"{policy.title}, compared with {reference.title}",
        question=policy.question,
        reference=reference.name,
        scenarios=(reference, policy),
    )
    return {**about, "failures": []}
