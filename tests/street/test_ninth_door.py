"""A ninth door, declared in a file and a table beside the tests, is walked through, counted, drawn and told like the eight.

`ninth_door.py` lives a year with it in a process of its own and leaves what it saw; here is the model with eight doors.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import polars as pl
import pytest

from narco_door.base import declared
from narco_door.base.doors import Door, declare, named, names, outside, tried
from narco_door.base.errors import UserError
from narco_door.book.book import RECORDS
from narco_door.month.model import NarcoDoor
from worlds import lived, pages, plan, whole_state

HERE = Path(__file__).parent
OWN = {"n_military", "width_military", "belief_military", "new_entries_from_military"}
MONTHS = range(12)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the other process left what it saw."""
    folder = tmp_path_factory.mktemp("ninth")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE.parent), *sys.path])}
    asked = [sys.executable, str(HERE / "ninth_door.py"), str(folder)]
    done = subprocess.run(asked, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def told(seen: Path) -> dict[str, Any]:
    return json.loads((seen / "told.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def series(seen: Path) -> pl.DataFrame:
    return pl.read_parquet(seen / "series.parquet")


@pytest.fixture(scope="module")
def eight() -> NarcoDoor:
    """The same year without the ninth door."""
    return lived(plan(until="2007-12", persons=1000))


def nation(series: pl.DataFrame, record: str) -> list[float]:
    """A record of the nation, month by month."""
    of_nation = pl.col("record").cast(pl.String).eq(record) & pl.col("place").cast(pl.String).eq("00")
    return series.filter(of_nation).sort("month")["value"].to_list()


# who stands behind it, and where they came from ---------------------------------------------------------------------


def test_the_door_is_declared_nowhere_in_the_tree() -> None:
    assert "military" not in names()
    assert not OWN & {record.name for record in RECORDS}


def test_people_stand_behind_it_and_are_counted_as_they_stand(told: dict[str, Any], series: pl.DataFrame) -> None:
    behind = told["months"][-1]["roll"]["military"]
    assert behind > 0
    assert nation(series, "n_military")[-1] == told["end"]["counted"] == told["end"]["by_place"] == behind
    assert told["end"]["youngest"] >= 18 * 12  # nobody came too young
    assert "at the door: military;" in told["end"]["person"]


def test_every_record_of_a_door_that_is_tried_is_there_for_it(series: pl.DataFrame) -> None:
    of_formal = {record.name for record in RECORDS if "formal" in record.name.split("_")}
    recorded = set(series["record"].cast(pl.String).unique())
    assert {name.replace("formal", "military") for name in of_formal} == OWN <= recorded
    assert nation(series, "width_military") == pytest.approx([0.4] * 12)
    belief = nation(series, "belief_military")
    assert all(0.0 < value < 1.0 for value in belief)
    assert len(set(belief)) == len(MONTHS)  # it follows those who tried


def test_who_leaves_it_for_a_cartel_is_in_the_careers(seen: Path) -> None:
    storm, careers = pl.read_parquet(seen / "storm.parquet"), pl.read_parquet(seen / "careers.parquet")
    since = careers.filter(pl.col("entry_month").is_not_null())
    by_door = dict(since.group_by(pl.col("from_door").cast(pl.String)).agg(pl.col("weight").sum()).iter_rows())
    entries = {door: sum(nation(storm, f"new_entries_from_{door}")) for door in (*by_door, "prison")}
    assert 0 < by_door["military"] <= entries["military"]  # who enters again has one row
    assert sum(entries.values()) == sum(nation(storm, "new_entries"))


@pytest.mark.parametrize("world", ["months", "storm"])
def test_people_are_conserved_month_by_month(told: dict[str, Any], world: str) -> None:
    """Those behind all doors are those of the month before, and who came, less who grew too old or died."""
    months = told[world]
    for month in months:
        assert month["records"] == {door: n for door, n in month["roll"].items() if door != "dead"}
    living = [sum(month["records"].values()) for month in months]
    for k in MONTHS[1:]:
        month = months[k]
        assert month["came"] > 0
        assert month["went"] > 0
        assert living[k] == living[k - 1] + month["came"] - month["went"] - month["died"], k
    assert (
        sum(month["died"] for each in told.values() if isinstance(each, list) for month in each if "died" in month) > 0
    )


# closed, it is as if it were not there ------------------------------------------------------------------------------


def test_a_world_in_which_nobody_is_let_in_is_the_world_without_it(seen: Path, eight: NarcoDoor) -> None:
    """Each door has luck of its own, and nobody tries one that is believed to be shut."""
    shut, without = np.load(seen / "shut.npz"), whole_state(eight)
    assert set(shut.files) == set(without)
    unlike = [name for name in without if name != "records" and shut[name].tobytes() != without[name].tobytes()]
    assert unlike == []
    recorded = pl.read_parquet(seen / "shut.parquet")["record"].cast(pl.String).unique(maintain_order=True).to_list()
    shared = [recorded.index(record.name) for record in RECORDS]
    assert shut["records"][..., shared].tobytes() == pages(eight).tobytes()
    own = [recorded.index(name) for name in OWN]
    assert set(recorded) - OWN == {record.name for record in RECORDS}
    assert not shut["records"][..., own].any()


def test_open_it_takes_from_the_others_only_those_who_walk_through_it(told: dict[str, Any], eight: NarcoDoor) -> None:
    first = told["months"][0]["records"]
    taken = {door: eight.records.nation(f"n_{door}")[0] - first[door] for door in named(outside())}
    assert all(persons >= 0 for persons in taken.values())
    assert 0 < sum(taken.values()) <= first["military"]


# it is drawn and told -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("drawing", ["doors", "narrow"])
def test_it_stands_in_the_drawing_of_the_page(told: dict[str, Any], drawing: str, language: str) -> None:
    root = ElementTree.fromstring(told["page"][f"{drawing}_{language}"])
    groups = [str(e.get("id")).partition("-")[2] for e in root.iter() if e.get("id")]
    standing = [group for group in groups if group.startswith("door-")]
    assert set(standing) == {"door-home", *(f"door-{door}" for door in (*named(tried()), "military", "narco"))}
    assert "light-military" in groups
    assert "Military" in [text.text for text in root.iter() if text.tag.endswith("text")]


def test_no_two_doors_of_the_drawing_overlap(told: dict[str, Any]) -> None:
    """The wall is wider by one door; all that stood right of it moved along."""
    pages = told["page"]
    wide, narrow = (ElementTree.fromstring(pages[name]).get("viewBox") for name in ("doors_en", "narrow_en"))
    assert str(wide).split()[2] == str(720 + 156 + 500)
    assert str(narrow).split()[2] == str(720 + 156)
    places = sorted(told["places"].values())
    assert min(np.diff(places)) >= 120  # a doorway and its frame at their widest
    assert max(places, key=float) == told["places"]["narco"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_tells_of_it(told: dict[str, Any], language: str) -> None:
    page = told["page"]
    assert "nd-fate-military" in page[f"million_{language}"]
    assert any(line.startswith("Military, %") for line in page[f"lines_{language}"])
    assert page[f"map_{language}"] == "Military"
    assert "n_military" in page["mapped"]
    assert len(page["map"]) == 32
    assert "Military, % of people" in page["mesa"]


def test_it_has_its_panels_in_the_figures(told: dict[str, Any]) -> None:
    lines = told["pool"]["lines"]
    assert {"width_military", "belief_military"} <= set(lines["door_widths"])
    assert len(lines["comparison"]) == 10
    assert all("Military" in words for words in told["pool"]["words"].values())


def test_it_is_explained_and_collected(told: dict[str, Any], seen: Path) -> None:
    assert {f"{what}_military" for what in ("value", "width", "call")} <= set(told["explained"]["parameters"])
    assert set(told["explained"]["records"]) >= OWN
    assert "youths behind the door military" in told["explained"]["records"]
    assert "n_military" in json.loads((seen / "collected.json").read_text())


def test_the_processes_of_a_pool_know_it_too(told: dict[str, Any], series: pl.DataFrame) -> None:
    pooled = told["pool"]
    assert pooled["replicates"] == [0, 1]
    assert pooled["behind"][:12] == nation(series, "n_military")
    assert pooled["shares"] == pytest.approx([1.0] * 24)


# what is refused ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("door", [Door("school", "tried"), Door("yard", "open"), Door("pit", "shut")])
def test_only_new_doors_that_are_tried_are_added(door: Door) -> None:
    with pytest.raises(ValueError, match="expected a new door that is tried"):
        declare(door)


@pytest.mark.parametrize(
    ("table", "room", "words"),
    [
        ("military", "streets", 'no room .streets.; did you mean "street"'),
        ("doors", "street", "there is a table of street.doors already"),
        ("military", "street", "comes too late; expected before anything else of the model is read"),
    ],
)
def test_a_table_that_cannot_be_added_is_refused(table: str, room: str, words: str) -> None:
    declared.records()
    with pytest.raises(UserError, match=words):
        declared.add(HERE / f"{table}.toml", room=room)
