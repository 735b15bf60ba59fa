"""Tables for spreadsheets."""

import io
from pathlib import Path

import polars as pl

from narco_door.results.durable import write_whole


def write_csv(file: Path, table: pl.DataFrame, *, digits: int | None = None) -> None:
    """Write a table with commas, in UTF-8 with the mark by which Excel knows it, all of it or nothing.

    Parameters
    ----------
    file
        Replaced if it is there; its folder is made.
    table
        What to write.
    digits
        After the decimal point; by default as many as there are.

    Raises
    ------
    UserError
        It cannot be written there.
    """
    made = io.BytesIO()
    table.write_csv(made, include_bom=True, float_precision=digits)
    write_whole(file, made.getvalue())
