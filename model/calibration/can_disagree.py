"""Whether the model can disagree with itself: sets of parameters that fit history alike and answer its question unlike.

    uv run python model/calibration/can_disagree.py --sets 40 --lucks 2 --scale 400

A random walk among the sets of parameters that lie inside every target of the role "fit" (`questions/targets.py`),
within the bounds of the parameter tables.  Each step moves a few parameters by lot; a set that lies further outside
than the one that it stepped from is not walked on from, so that a walk that begins outside finds its way in.  For
every set that lies near, three futures under the same luck: how many homicides `kingpins_first` averts against
`no_new_money`, and how many `doors_first_without_exits`.  Wanted are one set with the first above 0 and one with the
second; else, how near.

Every set is a line of a journal beside this file, so that the same command goes on where it stopped; another scale or
number of lucks has another journal (throw it away when the code or the tables change).
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl
from rich.progress import track

from narco_door.base.remembered import Numbers
from narco_door.country.facts import parameters
from narco_door.questions.targets import measure, targets
from narco_door.questions.validation import histories
from narco_door.results import Results, headline
from narco_door.runs.experiment import run
from narco_door.runs.options import RunOptions
from narco_door.scenario import Comparison, Scenario, load_one

HERE = Path(__file__).parent
REFERENCE, ARMS = "no_new_money", ("kingpins_first", "doors_first_without_exits")
FITTED = tuple(target for target in targets() if target.role == "fit")

type Values = dict[str, float]
type Averted = tuple[float, float | None, float | None]
"""The mean over lucks and its 90 % interval."""


@dataclass(frozen=True)
class Found:
    """A set of parameters that differ from the file, how far it lies outside, what it gave, and what arms avert."""

    values: Values
    outside: float
    got: Values
    averted: dict[str, Averted] | None = None
    walked_on: bool = True

    @property
    def inside(self) -> bool:
        """Whether every fitted target holds."""
        return self.outside == 0.0


def step(values: Values, number: int, *, moved: int, spread: float) -> Values:
    """Move a few parameters by lot, the same for the same number; a wide one in its logarithm."""
    rng, known = np.random.default_rng(number), parameters()
    names = [name for name, p in known.items() if p.low < p.high and p.grade != "measured"]
    after = dict(values)
    for name in rng.choice(names, moved, replace=False):
        p = known[str(name)]
        wide = p.low > 0 and p.high / p.low >= 10
        low, high, now = (np.log(x) if wide else x for x in (p.low, p.high, values.get(p.name, p.value)))
        there = np.clip(now + spread * (high - low) * rng.normal(), low, high)
        after[p.name] = float(f"{np.clip(np.exp(there) if wide else there, p.low, p.high):.4g}")
    return after


def with_values(scenario: Scenario, values: Values) -> Scenario:
    """The scenario with these parameters."""
    return replace(scenario, parameters=Numbers(scenario.parameters.plain() | values))


def fit(results: Results) -> tuple[float, Values]:
    """How far outside the targets a set lies, in half widths of them, and what it gave."""
    runs = histories(results, REFERENCE)
    got = {target.key: float(np.mean([measure(one, target) for one in runs])) for target in FITTED}
    outside = sum(
        max(abs(got[t.key] - (t.low + t.high) / 2) / ((t.high - t.low) / 2) - 1.0, 0.0)
        for t in FITTED if t.high > t.low
    )  # fmt: skip
    return (float(outside) if np.isfinite(outside) else 1e6), got


def try_out(values: Values, bound: float, options: RunOptions, *, near: float) -> Found:
    """Hold a set against history; unless it is walked past or far outside, ask it the question."""
    outside, got = fit(run(with_values(load_one(REFERENCE), values), options, until="2022-12"))
    if outside > bound:
        return Found(values, outside, got, walked_on=False)
    return Found(values, outside, got, asked(values, options) if outside <= near else None)


def asked(values: Values, options: RunOptions) -> dict[str, Averted]:
    """The homicides that each arm averts under a set."""
    arms = tuple(with_values(load_one(name), values) for name in ARMS)
    found = headline(run(Comparison("can-disagree", "", "", arms, with_values(load_one(REFERENCE), values)), options))
    rows = found.filter(pl.col("measure") == "homicides averted")
    return {row["scenario"]: (row["mean"], row["p05"], row["p95"]) for row in rows.iter_rows(named=True)}


def journal_of(path: Path) -> list[Found]:
    """What a journal holds, in its order."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [Found(**json.loads(line)) for line in lines]


def walk(sets: int, path: Path, options: RunOptions, *, moved: int, spread: float, near: float) -> list[Found]:
    """Try sets until there are so many in the journal; the first is the parameter tables themselves."""
    kept = journal_of(path)
    for number in track(range(len(kept), sets), "sets of parameters", disable=len(kept) >= sets):
        now = next((each for each in reversed(kept) if each.walked_on), Found({}, float("inf"), {}))
        values = step(now.values, number, moved=moved, spread=spread) if number else {}
        kept.append(try_out(values, now.outside, options, near=near))
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(kept[-1])) + "\n")
    return kept


def tell(kept: list[Found], options: RunOptions, *, confirm: int) -> None:
    """How many sets lie inside, and for each arm the set in which it averts most; those again under other lucks."""
    inside = [each for each in kept if each.inside]
    nearest = min(kept, key=lambda each: each.outside)
    asked_of = sum(each.averted is not None for each in kept)
    print(f"{len(kept)} sets tried, {len(inside)} inside all targets, {asked_of} near enough to be asked")
    print(f"nearest to the targets: {nearest.outside:.2f} half widths outside in all")
    for arm in ARMS:
        judged = [(each.averted[arm], each) for each in inside or kept if each.averted and arm in each.averted]
        if not judged:
            continue
        where = "inside" if inside else "that lie near, none being inside,"
        above, clear = sum(one[0] > 0 for one, _ in judged), sum((one[1] or 0) > 0 for one, _ in judged)
        (mean, low, high), best = max(judged, key=lambda pair: pair[0][0])
        print(f"{arm} averts homicides in {above} of {len(judged)} sets {where} clearly in {clear}; most:")
        print(
            f"  {mean:,.0f} ({told(low)} to {told(high)}), {best.outside:.2f} outside, with {json.dumps(best.values)}"
        )
        if confirm:
            again = asked(best.values, replace(options, replicates=confirm, seed=1001))
            print(f"  under {confirm} other lucks:", {name: tuple(map(told, ends)) for name, ends in again.items()})


def told(number: float | None) -> str:
    """A whole number, or none."""
    return "none" if number is None else f"{number:,.0f}"


def main() -> None:
    """Read the command line, walk and tell."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--sets", type=int, default=6, help="so many in the journal, those of earlier runs included")
    words.add_argument("--lucks", type=int, default=2)
    words.add_argument("--scale", type=int, default=400, help="persons per agent")
    words.add_argument("--moved", type=int, default=8, help="parameters that a step moves")
    words.add_argument("--spread", type=float, default=0.15, help="how far, as a share of the bounds")
    words.add_argument("--near", type=float, default=1.0, help="how far outside, in half widths, a set is still asked")
    words.add_argument("--confirm", type=int, default=0, metavar="LUCKS", help="ask the best sets again under so many")
    words.add_argument("--workers", type=int, default=None)
    given = words.parse_args()
    path = HERE / f"disagree-{given.scale}-{given.lucks}.journal"
    options = RunOptions(replicates=given.lucks, persons_per_agent=given.scale, workers=given.workers)
    with options.with_pool() as pooled:
        kept = walk(given.sets, path, pooled, moved=given.moved, spread=given.spread, near=given.near)
        tell(kept, pooled, confirm=given.confirm)


if __name__ == "__main__":
    main()
