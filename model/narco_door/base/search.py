"""Binary search in compiled code; numpy's own gives the same and takes seconds to compile."""

from __future__ import annotations

from narco_door.base.compiling import njit


@njit
def rank(ordered, value, ties):  # type: ignore[no-untyped-def]
    """How many of `ordered`, from low to high, are below `value`; with `ties`, also those equal to it."""
    lo, hi = 0, ordered.size
    while lo < hi:
        middle = (lo + hi) // 2
        if ordered[middle] < value or (ties and ordered[middle] == value):
            lo = middle + 1
        else:
            hi = middle
    return lo
