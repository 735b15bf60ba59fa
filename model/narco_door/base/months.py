"""A month is one whole number, so that time is counted and never parsed twice.

Month ``year * 12 + month - 1`` is absolute: January 2007 is 24084. Files and people write ``2007-01``.
"""

import datetime as dt
import re
from typing import Final

YEAR: Final = 12
"""Months of a year."""
WEEK: Final = YEAR * 7 / 365.25
"""Months of a week."""

END: Final = "end"
"""Written for a last month: with the run, however long that is."""
FOREVER: Final = 2200 * YEAR
"""The month after every month: what ends there ends with the run."""

WRITTEN: Final = "((?:19|20|21)[0-9]{2})-(0[1-9]|1[0-2])"
"""How a month is written, as a regular expression."""
_WRITTEN = re.compile(WRITTEN)


def month_number(text: str) -> int:
    """Return the number of a month written ``YYYY-MM``.

    Raises
    ------
    ValueError
        If the text is not a year from 1900 to 2199, a hyphen and a month from 01 to 12.
    """
    found = _WRITTEN.fullmatch(text)
    if found is None:
        raise ValueError(f'expected a month like "2011-04", got "{text}"')
    return int(found[1]) * 12 + int(found[2]) - 1


def month_text(month: int) -> str:
    """Return a month as ``YYYY-MM``."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def end_number(text: str) -> int:
    """Return the month after a last month, itself written ``YYYY-MM`` or ``end``.

    Raises
    ------
    ValueError
        As `month_number`.
    """
    return FOREVER if text == END else month_number(text) + 1


def last_text(end: int) -> str:
    """Return the month before an end as ``YYYY-MM``, or ``end``."""
    return END if end == FOREVER else month_text(end - 1)


def year_of(month: int) -> int:
    """Return the calendar year of a month."""
    return month // 12


def as_date(month: int) -> dt.date:
    """Return the first day of a month."""
    return dt.date(month // 12, month % 12 + 1, 1)
