"""Model against record: the targets' statistics of runs, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from narco_door.base.arrays import F8
from narco_door.base.nation import NATION
from narco_door.country.places import load_places
from narco_door.questions.targets import History, measure, targets

if TYPE_CHECKING:
    from narco_door.month.model import NarcoDoor
    from narco_door.results import Results


def history_of(model: NarcoDoor) -> History:
    """One finished model as the statistics read it."""
    book = model.records
    at = book.by_place("new_captures")
    captures = [(int(t), int(p)) for t, p in np.argwhere(at > 0)]
    dominant = sum(founder.dominant for founder in model.world.places.cartels)
    return History(book.nation, book.by_place("new_homicides"), captures, model.world.start, dominant)


def histories(results: Results, scenario: str) -> list[History]:
    """Every replicate of a scenario as the statistics read it."""
    read = (pl.col("place") == NATION) | pl.col("record").is_in(["new_homicides", "new_captures"])
    series = results.unread.series.filter(pl.col("scenario") == scenario, read).collect()
    dominant = sum(founder.dominant for founder in load_places(_country(results)).cartels)
    out = []
    for (_,), part in series.group_by("replicate", maintain_order=True):
        part = part.sort("month", "place", maintain_order=True)
        national = part.filter(pl.col("place") == NATION)
        columns = {name: g["value"].to_numpy() for (name,), g in national.group_by("record", maintain_order=True)}
        local = part.filter(pl.col("place") != NATION)
        months = columns["population"].size

        def table(record: str, local: pl.DataFrame = local, months: int = months) -> F8:
            return local.filter(pl.col("record") == record)["value"].to_numpy().reshape(months, -1)

        first = part["month"].to_list()[0]
        captures = [(int(t), int(p)) for t, p in np.argwhere(table("new_captures") > 0)]
        out.append(
            History(
                columns.__getitem__,
                table("new_homicides"),
                captures,
                first.year * 12 + first.month - 1,
                dominant,
            )
        )
    return out


def _country(results: Results) -> str:
    return str(results.manifest.get("places", "mexico"))


def validate(results: Results, *, scenario: str = "baseline") -> pl.DataFrame:
    """Each target, what the runs give (mean over replicates) and whether it lies within the bounds.

    Returns
    -------
    polars.DataFrame
        target, years, unit, wanted, low, high, got, spread (standard deviation over replicates), holds, role, study;
        p05, median, p95 of the replicates (null with one).
    """
    runs = histories(results, scenario)
    rows = []
    for target in targets(_country(results)):
        got = np.array([measure(run, target) for run in runs])
        mean = float(np.mean(got))
        years = f"{target.years[0]}" if target.years[0] == target.years[1] else f"{target.years[0]}-{target.years[1]}"
        rows.append(
            {
                "target": target.name, "years": years, "unit": target.unit, "wanted": target.value,
                "low": target.low, "high": target.high, "got": mean,
                "spread": float(np.std(got, ddof=1)) if got.size > 1 else None,
                "holds": bool(target.low <= mean <= target.high), "role": target.role, "study": target.study,
                **_range(got),
            }
        )  # fmt: skip
    return pl.DataFrame(rows)


def _range(got: F8) -> dict[str, float | None]:
    """Between what nine of ten replicates lie, and their middle."""
    ends = np.quantile(got, [0.05, 0.5, 0.95]).tolist() if got.size > 1 else [None] * 3
    return dict(zip(("p05", "median", "p95"), ends, strict=True))
