"""Whether violence can fall in the model as it did on record: the share of lucks in which it does.

    uv run python model/calibration/can_fall.py --replicates 32 --scale 400

From its peak of 2010-12 the national homicide rate fell by a quarter within three years and then rose by three
quarters.  In how many lucks of the baseline does it fall by a quarter within four years of such a peak, and in how many
of these does it then rise by a quarter?  Finished lucks are kept, so that the same command goes on where it stopped.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import polars as pl

from narco_door.base.arrays import F8
from narco_door.cli.printing import bar
from narco_door.results import homicide_rate
from narco_door.runs.experiment import run
from narco_door.runs.options import RunOptions

PEAK, WITHIN, FALL, RISE = (2010, 2012), 4, 0.75, 1.25
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)


def fallen(years: list[int], rate: F8) -> tuple[float, bool, bool]:
    """The lowest rate within four years of the peak, relative to it; whether that is a fall; whether it rose again."""
    at = years.index(PEAK[0])
    peak = at + int(np.argmax(rate[at : years.index(PEAK[1]) + 1]))
    low = peak + int(np.argmin(rate[peak : peak + WITHIN + 1]))
    least = float(rate[low] / rate[peak])
    fell = least <= FALL
    return least, fell, bool(fell and rate[low:].max() >= RISE * rate[low])


def main() -> None:
    """Read the command line, run and tell."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--replicates", type=int, default=32)
    words.add_argument("--scale", type=int, default=400, help="persons per agent")
    words.add_argument("--sets", type=int, default=None, help="of numbers that history allows; the fitted ones alone")
    words.add_argument("--workers", type=int, default=None)
    words.add_argument("--out", type=Path, default=Path("results"))
    given = words.parse_args()
    with bar("can fall") as progress:
        results = run(
            "baseline",
            RunOptions(
                replicates=given.replicates, persons_per_agent=given.scale, until="2024-12", sets=given.sets,
                workers=given.workers, out=given.out, progress=progress,
            ),
        )  # fmt: skip
    lucks = homicide_rate(results).sort("replicate", "year").partition_by("replicate", maintain_order=True)
    told = [fallen(luck["year"].to_list(), luck["value"].to_numpy()) for luck in lucks]
    least = [each[0] for each in told]
    print(f"{len(told)} lucks at 1:{given.scale}")
    print(f"fell by a quarter within {WITHIN} years of the peak of 2010-12: {np.mean([each[1] for each in told]):.0%}")
    print(f"and rose by a quarter again by 2024: {np.mean([each[2] for each in told]):.0%}")
    print("lowest over peak, quantiles 5, 25, 50, 75, 95 %:", np.round(np.quantile(least, LEVELS), 2))
    print("year, and the same quantiles of the rate:")
    rates = pl.concat(lucks).group_by("year", maintain_order=True).agg("value")
    for year, values in rates.iter_rows():
        print(year, np.round(np.quantile(values, LEVELS), 1))


if __name__ == "__main__":
    main()
