"""Trials in the running model: whom they take, how they are lived, and ours beside theirs."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from narco_door.base.doors import PRECARIOUS, SCHOOL, outside
from narco_door.base.months import month_text
from narco_door.country.roll import CAREER, RECORD
from narco_door.questions.trials.lives import Lives, help_of, live
from narco_door.results.intervals import intervals
from narco_door.scenario import load_one

if TYPE_CHECKING:
    from narco_door.base.arrays import I8
    from narco_door.month.model import NarcoDoor
    from narco_door.questions.trials.reading import Trial
    from narco_door.results import Results
    from narco_door.runs.options import RunOptions

BEGINS: Final = 2010 * 12
"""The month in which the trials begin, January 2010."""
LIVES: Final = 200_000
"""Youths of a trial: more than there were in any, since entering a cartel is rare."""
WITH_CABLE, WITHOUT = ("01", "02"), ("03", "04", "05", "06", "08", "09", "10", "11", "12", "14", "15", "16")
"""Comunas of the first line, and those that had none by 2008."""


@dataclass
class _Sat:
    """A trial while it is lived."""

    name: str
    trial: Trial
    offered: Lives
    control: Lives
    takes: np.ndarray


def sit(asked: Mapping[str, Trial], options: RunOptions) -> pl.DataFrame:
    """Let the model sit trials.

    Parameters
    ----------
    asked
        As from `trials_named`.
    options
        Replicates, seed, scale, cores; where the runs of Medellín are kept.

    Returns
    -------
    polars.DataFrame
        trial, compared ("offered" or "treated"), mean, p05, p95, replicates, control (what the control arm has),
        theirs, low, high and, in the row that the study compares, whether ours lies within theirs.
    """
    individual = {name: trial for name, trial in asked.items() if trial.where != "works"}
    scenario = options.of(load_one("baseline"))
    rows = [
        row
        for replicate in range(scenario.run.replicates if individual else 0)
        for row in _replicate(individual, options, replicate)
    ]
    for name, trial in asked.items():
        if trial.where == "works":
            rows += _works(name, options)
    frame = pl.DataFrame(rows, schema={"trial": pl.String, "compared": pl.String, "value": float, "control": float})
    found = intervals(frame, by=["trial", "compared"])
    control = frame.group_by("trial", "compared", maintain_order=True).agg(pl.col("control").mean())
    joined = found.join(control, on=["trial", "compared"], how="left", maintain_order="left")
    return _beside(joined, asked)


def _beside(found: pl.DataFrame, asked: Mapping[str, Trial]) -> pl.DataFrame:
    """Theirs beside ours, in the order of the table of trials."""
    theirs = pl.DataFrame(
        [
            {"trial": name, "theirs": t.theirs, "low": float(t.low), "high": float(t.high), "by": t.compares}
            for name, t in asked.items()
        ],
        schema_overrides={"theirs": pl.Float64},
    )
    same = pl.col("by") == pl.col("compared")
    within = pl.when(same).then(pl.col("mean").is_between(pl.col("low"), pl.col("high")))
    return (
        theirs.select("trial")
        .join(found, on="trial", how="inner", maintain_order="left")
        .join(theirs, on="trial", maintain_order="left")
        .with_columns(within.alias("within"))
        .drop("by")
    )


def _replicate(asked: Mapping[str, Trial], options: RunOptions, replicate: int) -> list[dict[str, object]]:
    """Live a country once, and every trial beside it."""
    from narco_door.month.model import NarcoDoor

    last = BEGINS + max(trial.months for trial in asked.values()) - 1
    scenario = replace(options, until=month_text(last)).of(load_one("baseline")).in_set(replicate)
    model = NarcoDoor(scenario, replicate=replicate, threads=options.cores)
    while model.month < BEGINS:
        model.step()
    sat = [_begin(name, trial, model) for name, trial in asked.items()]
    for k in range(last - BEGINS + 1):
        model.step()
        for each in sat:
            if k < each.trial.months:
                live(each.offered, model, trial=each.name, given=help_of(each.trial.offered, k))
                live(each.control, model, trial=each.name, given=help_of(each.trial.control, k))
    return [row for each in sat for row in _found(each)]


def _begin(name: str, trial: Trial, model: NarcoDoor) -> _Sat:
    """Draw the youths of a trial from those of its kind, with replacement; each begins in both arms."""
    rows, draws = _kind(trial, model), model.world.draws
    who = np.arange(LIVES, dtype=np.uint64)
    drawn = rows[(draws.uniforms(f"sample of {name}", BEGINS, who) * rows.size).astype(np.int64)]
    lives = Lives.of(model, drawn)
    takes = draws.uniforms(f"takes up {name}", BEGINS, who) < trial.takes_up
    return _Sat(name, trial, lives, copy.deepcopy(lives), takes)


def _kind(trial: Trial, model: NarcoDoor) -> I8:
    """Rows of the roll of those whom a trial would take: by what can be seen of them, never by their resistance."""
    world, youth = model.world, model.youth
    rows = youth.select(age=(trial.ages[0], trial.ages[1]), sex="m" if trial.men_only else None)
    roll = world.roll
    place, door = roll.whereabouts(rows)[0], roll.door[rows]
    keep = np.isin(door, outside()) & np.isin(place, _places(trial, model))
    if trial.poor_only:
        keep &= roll.deprivation[rows] >= world.rule.poor_line
    if trial.pupils_only:
        keep &= door == SCHOOL
    if trial.outside_only:
        keep &= np.isin(door, PRECARIOUS)
    if trial.known_to_police:
        keep &= (roll.flags[rows] & (RECORD | CAREER)) > 0
    kind: I8 = rows[keep]
    if not kind.size:
        raise ValueError(f"nobody is of the kind of {trial.name}; expected a finer scale")
    return kind


def _places(trial: Trial, model: NarcoDoor) -> I8:
    """Places of the kind of a trial."""
    world = model.world
    by = {
        "violent": (world.violence / world.places.population(world.month), 5),
        "poor": (world.corruption_and_fear.deprivation, 3),
    }
    if trial.where not in by:
        return np.arange(len(world.places))
    of, parts = by[trial.where]
    return np.argsort(-of, kind="stable")[: max(1, round(len(world.places) / parts))]


def _found(sat: _Sat) -> list[dict[str, object]]:
    """What a trial found, as offered and as treated."""
    rows: list[dict[str, object]] = []
    for compared, who in (("offered", np.ones(LIVES, bool)), ("treated", sat.takes)):
        base = _mean(sat.control, sat.trial, who)
        change = _mean(sat.offered, sat.trial, sat.takes & who) - _mean(sat.control, sat.trial, sat.takes & who)
        effect = change * (sat.takes & who).sum() / who.sum()  # who does not take it up lives as the control does
        value = 100 * effect / base if sat.trial.outcome == "entries" and base else effect
        rows.append({"trial": sat.name, "compared": compared, "value": value, "control": base})
    return rows


def _mean(lives: Lives, trial: Trial, who: np.ndarray) -> float:
    """The outcome's mean: entries in per cent of persons, employed in per cent, schooling in years."""
    if trial.outcome == "schooling":
        return float(lives.schooling[who].mean()) / 2
    if trial.outcome == "employed":
        return 100 * float(lives.working()[who].mean())
    return 100 * float((lives.entries[who] > 0).mean())


def _works(name: str, options: RunOptions) -> list[dict[str, object]]:
    """Homicides of comunas with the cable over those without, 2008 over 2003, by the same luck without works."""
    from narco_door.runs.experiment import compare

    found = compare(
        ["medellin_2003"], reference="medellin_without", until="2008-12", replicates=options.replicates,
        seed=options.seed, workers=options.workers, out=options.out, executor=options.executor,
    )  # fmt: skip
    lines = []
    for replicate in found.replicates:
        built, none = (_ratio(found, arm, replicate) for arm in ("medellin_2003", "medellin_without"))
        lines.append({"trial": name, "compared": "offered", "value": built / none, "control": none})
    return lines


def _ratio(results: Results, arm: str, replicate: int) -> float:
    """Homicides with the cable, 2008 over 2003, over the same without it."""
    mine = results.series.filter(
        (pl.col("scenario") == arm) & (pl.col("replicate") == replicate) & (pl.col("record") == "new_homicides")
    )

    def change(places: tuple[str, ...]) -> float:
        here = mine.filter(pl.col("place").cast(pl.String).is_in(places))
        late, early = (here.filter(pl.col("month").dt.year() == year)["value"].sum() for year in (2008, 2003))
        return float(late) / float(early)

    return change(WITH_CABLE) / change(WITHOUT)
