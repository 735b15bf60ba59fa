"""Forecasts scored, the model against the naive, and the ledger that keeps it with the targets."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from narco_door.base.arrays import F8
from narco_door.base.draws import Draws
from narco_door.questions.ledger.forecasts import EQUATIONS, MODEL, NAIVE, Forecasts
from narco_door.questions.ledger.record import Observed
from narco_door.questions.ledger.scores import covered, crps, energy, ranks
from narco_door.results.csv import write_csv

ASKED: Final = (("nation", "crps"), ("nation", "error"), ("states", "energy"), ("states", "crps"), ("states", "error"))
"""In which scores the model is held against the naive forecasts."""


@dataclass(frozen=True)
class Ledger:
    """What was fitted, checked and not fitted, as three tables.

    Attributes
    ----------
    targets
        As from `narco_door.questions.validation.validate`.
    scores
        As from `scored`, of the nation and of the states.
    states
        As from `by_place`.
    """

    targets: pl.DataFrame
    scores: pl.DataFrame
    states: pl.DataFrame

    @classmethod
    def read(cls, folder: Path) -> Ledger | None:
        """The tables that are kept in a folder; None if they are not."""
        files = [folder / f"{name}.csv" for name in FILES]
        if not all(file.is_file() for file in files):
            return None
        return cls(*(pl.read_csv(file, schema_overrides={"years": pl.String, "place": pl.String}) for file in files))

    def write(self, folder: Path) -> list[Path]:
        """Write them, a file each."""
        folder.mkdir(parents=True, exist_ok=True)
        files = [folder / f"{name}.csv" for name in FILES]
        for file, table in zip(files, (self.targets, self.scores, self.states), strict=True):
            write_csv(file, table, digits=4)
        return files


FILES: Final = ("ledger", "scores", "scores_by_state")


def told(targets: pl.DataFrame, nation: Forecasts, states: Forecasts) -> Ledger:
    """The ledger of a table of targets and of forecasts."""
    return Ledger(targets, pl.concat([scored(nation), scored(states)]), by_place(states))


def scored(asked: Forecasts) -> pl.DataFrame:
    """Each forecast in each year.

    Returns
    -------
    polars.DataFrame
        of, forecast, year, members, crps, energy, error (of the median), within_50, within_90 (share of the places
        that lie in the interval); means over the places but for `energy`. Scores are homicides per 100,000 people.
    """
    later, tables = asked.record.later, []
    for name, members in asked.members.items():
        by_place = {"crps": crps(members, later.rates), "error": np.abs(np.median(members, axis=0) - later.rates)}
        inside = {f"within_{100 * level:.0f}": covered(members, later.rates, level) for level in (0.5, 0.9)}
        means = {key: each.mean(axis=1) for key, each in (by_place | inside).items()}
        tables.append(
            pl.DataFrame({"year": later.years, **means}).with_columns(
                of=pl.lit(asked.of),
                forecast=pl.lit(name),
                members=pl.lit(len(members)),
                energy=energy(members, later.rates),
            )
        )
    order = ("of", "forecast", "year", "members", "crps", "energy", "error", "within_50", "within_90")
    return pl.concat(tables).select(order)


def by_place(asked: Forecasts) -> pl.DataFrame:
    """Mean over the years of each place's CRPS: place, then a column for each forecast."""
    rates = asked.record.later.rates
    columns = {name: crps(members, rates).mean(axis=0) for name, members in asked.members.items()}
    return pl.DataFrame({"place": list(asked.places), **columns})


def ranked(members: F8, record: Observed, *, seed: int = 1) -> F8:
    """Where each place's record stands among the members in each year, float64[year, place] between 0 and 1."""
    places, draws = np.arange(members.shape[-1], dtype=np.uint64), Draws(seed)
    lots = np.array([draws.uniforms("rank_of_record", year, places) for year in record.years.tolist()])
    return ranks(members, record.rates, lots)


def skill(scores: pl.DataFrame) -> pl.DataFrame:
    """What the model is worth against the best of the forecasts without a model, the worst first.

    Parameters
    ----------
    scores
        As from `scored`, of the nation and of the states.

    Returns
    -------
    polars.DataFrame
        of, score, model, best (of the naive forecasts), which, skill (1 - model / best: below 0 the model is worse),
        equations (null where they say nothing).
    """
    return pl.DataFrame([_skill(scores, of, score) for of, score in ASKED]).sort("skill", maintain_order=True)


def _skill(scores: pl.DataFrame, of: str, score: str) -> dict[str, object]:
    mine = scores.filter(pl.col("of") == of)
    means = dict(mine.group_by("forecast", maintain_order=True).agg(pl.col(score).mean()).iter_rows())
    which = best(means)
    return {
        "of": of, "score": score, "model": means[MODEL], "best": means[which], "which": which,
        "skill": 1.0 - means[MODEL] / means[which], "equations": means.get(EQUATIONS),
    }  # fmt: skip


def best(means: dict[str, float]) -> str:
    """The naive forecast with the lowest mean score."""
    return min((name for name in NAIVE if name in means), key=means.__getitem__)


def worse_years(scores: pl.DataFrame) -> list[int]:
    """Years in which the model's CRPS of the nation is worse than that of the best naive forecast over all years."""
    mine = scores.filter(pl.col("of") == "nation")
    return _worse(mine.pivot("forecast", index="year", values="crps").sort("year"), "year")


def worse_places(states: pl.DataFrame) -> list[str]:
    """Places in which the model's CRPS is worse than that of the best naive forecast over all places."""
    return _worse(states, "place")


def _worse[Key: (int, str)](table: pl.DataFrame, key: str) -> list[Key]:
    means = {name: float(np.mean(table[name].to_numpy())) for name in table.columns if name != key}
    return table.filter(pl.col(MODEL) > pl.col(best(means)))[key].to_list()
