"""Files to keep: the scenario, the series, a whole results folder, pictures."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import polars as pl

from narco_door.base.errors import UserError
from narco_door.dashboard.changes import changes, warning
from narco_door.dashboard.policy import Plan
from narco_door.dashboard.state import State
from narco_door.dashboard.tables import door_numbers, slim, whole
from narco_door.dashboard.work import Picture
from narco_door.dashboard.written import written
from narco_door.results import Results
from narco_door.results.store import Frames, save_tables
from narco_door.show.figures import comparison, sketch
from narco_door.show.figures.paper import save, warn
from narco_door.show.picture import doors_drawing, doors_size, doors_svg
from narco_door.show.words import arm_name, say

KINDS: Final = ("toml", "csv", "parquet", "folder", "png", "doors_png", "svg")


@dataclass(frozen=True)
class File:
    """A file for the visitor."""

    name: str
    content: bytes
    type: str


def make(kind: str, state: State, plan: Plan, picture: Picture | None, label: str) -> File:
    """Make a file of one of the kinds.

    Parameters
    ----------
    picture
        The newest one; only what is finished is written.
    label
        What the policy is called on pictures.

    Raises
    ------
    UserError
        Nothing is finished yet.
    """
    if kind == "toml":
        return File(f"{plan.policy.name}.toml", written(plan).encode(), "application/toml")
    if picture is None or any(t.life is None for t in (*picture.policy, *picture.reference)) or not picture.policy:
        raise UserError(say("nothing_yet", state.language))
    makers: dict[str, Callable[[State, Picture, str], File]] = {
        "csv": _csv,
        "parquet": _parquet,
        "folder": _folder,
        "png": _lines,
        "doors_png": _doors_png,
        "svg": _doors_svg,
    }
    return makers[kind](state, picture, label)


def _stem(picture: Picture) -> str:
    """What a file is called; the name says if the model was changed."""
    mark = "-changed-model" if changes(picture.plan) else ""
    return f"{picture.plan.policy.name}-vs-{picture.plan.reference.name}{mark}"


def _csv(state: State, picture: Picture, label: str) -> File:
    """A row for each scenario, replicate and month of the nation, a column for each record."""
    plan = picture.plan
    names = {"policy": plan.policy.name, "reference": plan.reference.name}
    series = slim(picture, list(picture.policy[0].book.index), names=names).series
    wide = series.drop("place").pivot("record", index=["scenario", "replicate", "month"], values="value")
    if warned := warning(plan, state.language):
        wide = wide.insert_column(0, pl.lit(warned).alias("changed_model"))
    return File(f"{_stem(picture)}.csv", wide.write_csv().encode(), "text/csv")


def _tables(picture: Picture, folder: Path) -> Results:
    results = whole(picture)
    save_tables(folder, Frames(results.series, results.events, results.careers), results.manifest)
    return results


def _parquet(state: State, picture: Picture, label: str) -> File:
    """The bytes that the command line writes."""
    with tempfile.TemporaryDirectory() as name:
        _tables(picture, Path(name))
        content = (Path(name) / "series.parquet").read_bytes()
    return File(f"{_stem(picture)}-series.parquet", content, "application/vnd.apache.parquet")


def _folder(state: State, picture: Picture, label: str) -> File:
    """A results folder that `load_results` opens, and the scenario beside it."""
    packed = io.BytesIO()
    with tempfile.TemporaryDirectory() as name, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        _tables(picture, Path(name))
        for path in sorted(Path(name).glob("*.*")):
            archive.write(path, f"{_stem(picture)}/{path.name}")
        archive.writestr(f"{_stem(picture)}/{picture.plan.policy.name}.toml", written(picture.plan))
        if warned := warning(picture.plan, state.language):
            archive.writestr(f"{_stem(picture)}/CHANGED_MODEL.txt", f"{warned}\n")
    return File(f"{_stem(picture)}.zip", packed.getvalue(), "application/zip")


def _lines(state: State, picture: Picture, label: str) -> File:
    names = {"policy": label, "reference": arm_name(picture.plan.reference.name, state.language)}
    if len(set(names.values())) == 1:
        names["policy"] += " *"
    results = slim(picture, list(picture.policy[0].book.index), names=names)
    figure = comparison(results, language=state.language)
    warn(figure, warning(picture.plan, state.language))
    return _png(figure, f"{_stem(picture)}.png", picture)


def _doors(state: State, picture: Picture, label: str) -> tuple[object, object]:
    months = state.shown - state.first + 1
    mine, theirs = (door_numbers(picture, world, state.place, months) for world in ("policy", "reference"))
    if mine is None or theirs is None:
        raise UserError(say("nothing_yet", state.language))
    return replace(mine, scenario=label), replace(theirs, scenario=picture.plan.reference.name)


def _doors_svg(state: State, picture: Picture, label: str) -> File:
    mine, theirs = _doors(state, picture, label)
    told = warning(picture.plan, state.language)
    text = doors_svg(mine, language=state.language, compared=theirs, warning=told)  # type: ignore[arg-type]
    return File(f"{_stem(picture)}-doors.svg", text.encode(), "image/svg+xml")


def _doors_png(state: State, picture: Picture, label: str) -> File:
    mine, theirs = _doors(state, picture, label)
    told = warning(picture.plan, state.language)
    groups = doors_drawing(mine, language=state.language, compared=theirs, warning=told)  # type: ignore[arg-type]
    figure = sketch.draw(groups, doors_size(), language=state.language)
    return _png(figure, f"{_stem(picture)}-doors.png", picture)


def _png(figure: object, name: str, picture: Picture) -> File:
    about = json.dumps({"policy": picture.plan.policy.digest, "reference": picture.plan.reference.digest})
    with tempfile.TemporaryDirectory() as folder:
        path = save(figure, Path(folder) / "figure.png", title=name, about=about)  # type: ignore[arg-type]
        return File(name, path.read_bytes(), "image/png")
