"""What a command needs in memory does not grow with the number of replicates."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from test_experiments import duel, small

from narco_door.results import first_difference, load_results

SCRIPT = """
import re, sys
from pathlib import Path
import polars as pl
sys.path[:0] = [sys.argv[1], sys.argv[1] + "/.."]
from test_experiments import duel, little_world
from narco_door.cli.outcomes import headline_sheets
from narco_door.runs.experiment import run

def large(scenario, **named):
    frames = little_world(scenario, **named)
    places = pl.DataFrame({"place": [f"{k:04}" for k in range(5000)]})
    rows = frames.series.filter(pl.col("place") == "01").drop("place")
    return frames._replace(series=pl.concat([frames.series, rows.join(places, how="cross").select(frames.series.columns)]))

results = run(duel(), replicates=int(sys.argv[3]), workers=1, out=sys.argv[2], simulate=large, unread=True)
assert len(headline_sheets(results)[0].rows) > 3
print(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""
MOST_MORE = 90
"""Megabytes that 44 replicates more, of 210,000 rows of 20 bytes each, may take; half of what they are themselves."""


def peak(folder: Path, replicates: int) -> float:
    """Megabytes that a comparison of so many pairs takes at most, from its first replicate to what is printed."""
    words = [sys.executable, "-c", SCRIPT, str(Path(__file__).parent), str(folder / f"{replicates}"), str(replicates)]
    return int(subprocess.run(words, capture_output=True, text=True, check=True).stdout) / 1024


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_memory_is_that_of_a_few_replicates_however_many_there_are(tmp_path: Path) -> None:
    few, many = peak(tmp_path, 2), peak(tmp_path, 24)
    assert many - few < MOST_MORE, (few, many)


def test_tables_left_in_the_folder_say_what_those_in_memory_say(tmp_path: Path) -> None:
    here, there = small(duel(), replicates=3), small(duel(), replicates=3, out=tmp_path, unread=True)
    asked = {"scenario": "doors", "reference": "base"}
    assert there.finished == here.finished
    assert first_difference(there, **asked) == first_difference(here, **asked)
    for table in ("series", "events", "careers"):
        assert getattr(there, table).equals(getattr(here, table))


def test_tables_left_in_the_folder_are_of_the_replicates_asked_for_though_others_come(tmp_path: Path) -> None:
    two = small(duel(), replicates=2, out=tmp_path, unread=True)
    small(duel(), replicates=4, out=tmp_path)
    assert two.series["replicate"].unique().to_list() == [0, 1]
    assert load_results(two.folder or "").replicates == [0, 1, 2, 3]
