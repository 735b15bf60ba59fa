"""Where violence is: the model's homicide rates by state against the record to 2012, beside a naive forecast.

    uv run python model/calibration/states.py --replicates 8 --scale 100

For each year from 2008 to 2012: the rank correlation of the 32 states, and the root of the mean squared error of the
logarithm of their rates, for the mean of the lucks and for a forecast that keeps what each state had in 2006-07 and
grows with the nation as the model does.  Then the ten states that are furthest off over 2010-12.  The record to 2012
may be fitted; nothing here is, and what comes after 2012 is not looked at.  Another model's results are read with
`--read FOLDER`, so that two versions stand beside each other.
"""

from __future__ import annotations

import argparse
import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
from scipy.stats import spearmanr

from narco_door.base.arrays import F8
from narco_door.cli.printing import bar
from narco_door.country.folder import country_folder
from narco_door.results import QUANTITIES, Quantity, Results, load_results
from narco_door.results.measures import all_months
from narco_door.results.rates import of_runs
from narco_door.runs.experiment import run
from narco_door.runs.options import RunOptions

BEFORE, YEARS, LATE = (2006, 2007), range(2008, 2013), (2010, 2012)


def rows(name: str) -> list[dict[str, str]]:
    """A table of the country."""
    return list(csv.DictReader((country_folder("mexico") / name).read_text(encoding="utf-8").splitlines()))


def of_year(results: Results, year: int) -> tuple[F8, F8]:
    """Homicide rate, mean of the lucks, and people, float64[place] each, in the order of the places."""
    cut = replace(results, series=results.series.filter(pl.col("month").dt.year() == year))
    found = []
    for quantity in (QUANTITIES["homicides"], Quantity("people", ("population",))):
        frame = of_runs(cut, quantity, place=None, over=all_months).with_columns(pl.col("place").cast(pl.String))
        mean = frame.group_by("place").agg(pl.col("value").mean()).filter(pl.col("place") != "00").sort("place")
        found.append(mean["value"].to_numpy())
    return found[0], found[1]


def score(forecast: F8, record: F8) -> tuple[float, float]:
    """Rank correlation, and root mean squared error of the logarithm."""
    return float(spearmanr(forecast, record).statistic), float(np.sqrt(np.mean(np.log(forecast / record) ** 2)))


def main() -> None:
    """Read the command line, run and tell."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--replicates", type=int, default=8)
    words.add_argument("--scale", type=int, default=100, help="persons per agent")
    words.add_argument("--out", type=Path, default=Path("results"))
    words.add_argument("--read", type=Path, default=None, help="results of a baseline that was run before")
    given = words.parse_args()
    if given.read is not None:
        results = load_results(given.read)
    else:
        with bar("states") as progress:
            options = RunOptions(
                replicates=given.replicates, persons_per_agent=given.scale, until="2012-12", out=given.out,
                progress=progress,
            )  # fmt: skip
            results = run("baseline", options)
    counts = sorted(rows("homicides_by_year.csv"), key=lambda row: row["code"])
    names = {row["code"]: row["name"] for row in rows("places.csv")}
    killed = {year: np.array([float(row[str(year)]) for row in counts]) for year in (*BEFORE, *YEARS)}
    told = {year: of_year(results, year) for year in YEARS}
    before = np.mean([killed[year] for year in BEFORE], axis=0) / told[YEARS[0]][1] * 1e5
    print("year   rank correlation        error of the logarithm")
    print("       model  as in 2006-07    model  as in 2006-07")
    for year, (model, people) in told.items():
        record = np.maximum(killed[year], 1.0) / people * 1e5
        grown = before * (model * people).sum() / (before * people).sum()
        ours, naive = score(model, record), score(grown, record)
        print(f"{year}   {ours[0]:5.2f}  {naive[0]:5.2f}          {ours[1]:5.2f}  {naive[1]:5.2f}")
    span = range(LATE[0], LATE[1] + 1)
    model = np.mean([told[year][0] for year in span], axis=0)
    record = np.mean([killed[year] / told[year][1] * 1e5 for year in span], axis=0)
    print(f"furthest off over {LATE[0]}-{LATE[1]}, per 100,000: model, record")
    for place in np.argsort(-np.abs(np.log(model / record)))[:10]:
        print(f"{names[counts[place]['code']]:22s} {model[place]:6.1f} {record[place]:6.1f}")


if __name__ == "__main__":
    main()
