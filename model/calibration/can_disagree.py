"""Whether the model can disagree with itself: two sets of numbers inside every fitted range that answer unlike.

    uv run python model/calibration/can_disagree.py --lucks 8 --scale 100

`disagree.toml` holds them: one in which hunting leaders averts homicides against no new money, and one in which doors
without a way out do.  Each was found by the guesses of `narco-door calibrate` (`questions/posterior/emulator.py`): the
least move from the fitted numbers that they place inside every range, while the numbers that carry the answer are held
where the file says; then by worlds.
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import polars as pl

from narco_door.questions.targets import measure, targets
from narco_door.questions.validation import histories
from narco_door.results import Results, headline
from narco_door.runs.experiment import run
from narco_door.runs.options import RunOptions
from narco_door.scenario import Comparison, load_one

FILE = Path(__file__).parent / "disagree.toml"
REFERENCE, ARMS = "no_new_money", ("kingpins_first", "doors_first_without_exits")
FITTED = tuple(target for target in targets() if target.role == "fit")

type Averted = tuple[float, float | None, float | None]
"""The mean over lucks and its 90 % interval."""


def sets() -> dict[str, dict[str, float]]:
    """The numbers of each set that differ from the tables, those that are held first."""
    read = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {name: {**each["held"], **each["moved"]} for name, each in read.items()}


def beyond(results: Results) -> dict[str, float]:
    """The targets whose mean over lucks lies outside its range, and where it lies."""
    runs = histories(results, REFERENCE)
    got = {target: float(np.mean([measure(one, target) for one in runs])) for target in FITTED}
    return {target.key: value for target, value in got.items() if not target.low <= value <= target.high}


def averted(values: Mapping[str, float], options: RunOptions) -> dict[str, Averted]:
    """The homicides that each arm averts under a set."""
    arms = tuple(load_one(name).with_numbers(values) for name in ARMS)
    found = headline(run(Comparison("can-disagree", "", "", arms, load_one(REFERENCE).with_numbers(values)), options))
    rows = found.filter(pl.col("measure") == "homicides averted")
    return {row["scenario"]: (row["mean"], row["p05"], row["p95"]) for row in rows.iter_rows(named=True)}


def told(number: float | None) -> str:
    """A whole number, or none."""
    return "none" if number is None else f"{number:,.0f}"


def main() -> None:
    """Live every set and tell."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--lucks", type=int, default=8)
    words.add_argument("--scale", type=int, default=100, help="persons per agent")
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--workers", type=int, default=None)
    given = words.parse_args()
    options = RunOptions(replicates=given.lucks, seed=given.seed, persons_per_agent=given.scale, workers=given.workers)
    with options.with_pool() as pooled:
        for name, values in sets().items():
            outside = beyond(run(load_one(REFERENCE).with_numbers(values), pooled, until="2022-12"))
            print(f"{name}: outside of {len(FITTED)} fitted ranges: {outside or 'none'}")
            for arm, (mean, low, high) in averted(values, pooled).items():
                print(f"  {arm} averts {told(mean)} homicides ({told(low)} to {told(high)})")


if __name__ == "__main__":
    main()
