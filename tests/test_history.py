"""The model against the record, as `narco-door validate` prints it: what was fitted is met, and the kept table is true."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from narco_door import experiments
from narco_door.validation import validate

KEPT = Path(__file__).parent.parent / "model" / "calibration" / "validation.csv"


@pytest.fixture(scope="module")
def table() -> pl.DataFrame:
    """Eight replicates at one agent for 100 people."""
    return validate(experiments.run("baseline", replicates=8, persons_per_agent=100))


@pytest.mark.xdist_group("history")
def test_what_the_model_was_fitted_to_is_met(table: pl.DataFrame) -> None:
    missed = table.filter(pl.col("role").is_in(["fit", "check"]) & ~pl.col("holds"))
    assert missed.is_empty(), missed.select("target", "wanted", "got").rows()


@pytest.mark.xdist_group("history")
def test_the_kept_table_is_what_the_model_gives(table: pl.DataFrame) -> None:
    kept = pl.read_csv(KEPT)
    assert kept["target"].to_list() == table["target"].to_list()
    assert kept["holds"].to_list() == table["holds"].to_list()
    assert table["got"].to_list() == pytest.approx(kept["got"].to_list(), rel=1e-4, abs=1e-4)
