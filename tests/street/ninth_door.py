"""A year with a ninth door, military service, which nothing but this file and the table beside it knows of.

What was seen is left in a folder: `test_ninth_door.py` lives in a process that has read the model with eight doors.  A
door comes before the model, so the imports stand below it; processes of a pool read this file anew, and declare it too.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from narco_door.base.declared import add
from narco_door.base.doors import DEAD, Door, declare, named

AGES = 18 * 12, 25 * 12
MILITARY = declare(Door("military", "tried", AGES))
add(Path(__file__).with_name("military.toml"))

# ruff: noqa: E402
import numpy as np
import polars as pl
from matplotlib.figure import Figure

from narco_door.dashboard import measures
from narco_door.dashboard.mesa_view import lines_of
from narco_door.dashboard.page import comparison as page_lines
from narco_door.dashboard.page import doors as page_doors
from narco_door.dashboard.policy import plan as plan_of
from narco_door.dashboard.state import MAPPED, State
from narco_door.dashboard.work import Picture, Track
from narco_door.inside.careers import FATES
from narco_door.month.model import NarcoDoor
from narco_door.results import DOORS, Results, door_shares
from narco_door.runs.experiment import run
from narco_door.show.catalogue import CATALOGUE
from narco_door.show.figures import comparison, door_widths, doors
from narco_door.show.figures.shown import drawn
from narco_door.show.picture.street import PLACE_OF
from narco_door.show.sheets import plain
from worlds import STORM, Snapshot, Watched, plan, watch, whole_state

YEAR = {"until": "2007-12", "persons": 1000}
MANY = {"value_military": 3.0, "call_military": 0.3}  # so that many stand behind it, and some leave it for a cartel


def main(folder: Path) -> None:
    """Live the worlds and leave what was seen of them."""
    seen = watch(plan(**YEAR))
    model = seen.model
    model.records.series().write_parquet(folder / "series.parquet")
    model.datacollector.get_model_vars_dataframe().to_json(folder / "collected.json")
    storm = watch(plan(**YEAR | {"persons": 300}, numbers=STORM | MANY))
    storm.model.records.series().write_parquet(folder / "storm.parquet")
    storm.model.careers_frame().write_parquet(folder / "careers.parquet")
    shut = NarcoDoor(plan("parameters.width_military=0", **YEAR)).run()
    np.savez(folder / "shut.npz", **whole_state(shut))
    shut.records.series().write_parquet(folder / "shut.parquet")
    told = {
        "months": people(seen),
        "storm": people(storm),
        "end": at_the_end(seen),
        "page": page(model, shut),
        "explained": explained(),
    }
    told |= {"pool": pooled(folder), "places": PLACE_OF}
    (folder / "told.json").write_text(json.dumps(told), encoding="utf-8")


def people(seen: Watched) -> list[dict[str, object]]:
    """Each month: who stands where by the roll and by the records, and who came, grew too old or died since."""
    log, weight = seen.model.world.careers.log, seen.model.world.weight
    out = []
    before: Snapshot | None = None
    for month in seen.months:
        dead = log["row"][(log["fate"] == FATES.index("dead")) & (log["fate_month"] == month.month)]
        kept = {"came": 0, "went": 0, "died": int(np.isin(dead, month.rows).sum()) * weight}
        if before is not None:
            kept["came"] = int(np.setdiff1d(month.rows, before.rows).size) * weight
            gone = np.setdiff1d(before.rows, month.rows)
            kept["went"] = int((before.door[gone] != DEAD).sum()) * weight
        count = np.bincount(month.door[month.rows], minlength=MILITARY + 1) * weight
        by_record = {door: month.page[record][0] for door, record in DOORS.items()}
        by_roll = {door: int(count[number]) for number, door in enumerate(named(range(MILITARY + 1)))}
        out.append({**kept, "records": by_record, "roll": by_roll})
        before = month
    return out


def at_the_end(seen: Watched) -> dict[str, object]:
    """Who stands behind the door when the year is over, by the ways in which Python code asks."""
    youth, last = seen.model.youth, seen.months[-1]
    behind = last.rows[last.door[last.rows] == MILITARY]
    ages = last.month - seen.model.world.roll.whereabouts(behind)[1]
    return {
        "counted": youth.count(door="military"),
        "by_place": youth.groupby_place()["military"].sum(),
        "youngest": int(ages.min()),
        "person": str(youth.person(int(behind[0]))),
    }


def page(model: NarcoDoor, other: NarcoDoor) -> dict[str, object]:
    """What the dashboard draws and says, in both languages."""
    state = State(last=model.month - 1)
    tracks = [(Track(world.records, 12),) for world in (model, other)]
    picture = Picture(plan_of(state), *tracks)
    look = page_doors.Look(picture, 12, state)
    out: dict[str, object] = {"mapped": MAPPED, "map": sorted(measures.tiles(picture, "n_military", 12))}
    for language in ("en", "es"):
        said = State(last=model.month - 1, language=language)
        out[f"doors_{language}"] = page_doors._drawing(look, said, dark=False, stacked=False)
        out[f"narrow_{language}"] = page_doors._drawing(look, said, dark=True, stacked=True)
        out[f"million_{language}"] = page_doors._million(look, said)
        charts = measures.lines(picture, "00")
        out[f"lines_{language}"] = [page_lines._told(chart, said) for chart in charts]
        out[f"map_{language}"] = page_lines._called("n_military", language)
    out["mesa"] = lines_of(model)
    return out


def explained() -> dict[str, list[str]]:
    """The names in the tables of `narco-door explain`."""
    return {name: [plain(cell) for row in CATALOGUE[name]().rows for cell in row] for name in ("parameters", "records")}


def words(figure: Figure) -> list[str]:
    """All that is written over and in the panels of a figure."""
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def pooled(folder: Path) -> dict[str, object]:
    """Two replicates, each in a process of its own, and the figures that are made of them."""
    scenario = plan(**YEAR)
    results: Results = run(scenario, replicates=2, workers=2)
    figures = {"comparison": comparison(results), "door_widths": door_widths(results), "doors": doors(results)}
    figures["doors"].savefig(folder / "doors.png")
    shares = door_shares(results).group_by("replicate", "month").agg(pl.col("value").sum())["value"]
    return {
        "behind": results.select(["n_military"])["value"].to_list(),
        "replicates": sorted(results.series["replicate"].unique()),
        "shares": shares.to_list(),
        "lines": {name: [line.name for line in drawn(figure)] for name, figure in figures.items()},
        "words": {name: words(figure) for name, figure in figures.items()},
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
