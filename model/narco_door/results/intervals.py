"""Intervals over a few replicates: Student's t for a mean, Fieller's for a ratio of two means."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from narco_door.base.arrays import F8

LEVELS = {"p05": 0.05, "p25": 0.25, "p75": 0.75, "p95": 0.95}
"""Ends of the 90 % (p05, p95) and of the 50 % (p25, p75) interval."""

ROUNDING = 1e-9
"""Two numbers that differ by less than this share of themselves, or of what they are differences of, are the same."""

_HALF_TURN = math.pi / 2


def alike(low: float, high: float, *, of: float = 0.0) -> bool:
    """Whether two ends are one number: an interval of no width would pass for certainty.

    Parameters
    ----------
    low, high
        Least and greatest of the pairs' differences, or the ends of their interval.
    of
        What the differences are differences from, on whose size rounding depends.
    """
    return high - low <= ROUNDING * max(abs(low), abs(high), abs(of))


def clear(low: float | None, high: float | None, *, of: float = 0.0) -> bool | None:
    """Whether a difference is clear: its 90 % interval has a width and leaves out 0.

    Parameters
    ----------
    low, high
        Ends of the 90 % interval, None where there is none.
    of
        The reference's own value.

    Returns
    -------
    bool or None
        None where there is no interval: one pair of runs cannot tell.
    """
    if low is None or high is None:
        return None
    noise = ROUNDING * max(abs(low), abs(high), abs(of))
    return not alike(low, high, of=of) and (low > noise or high < -noise)


def with_clear(frame: pl.DataFrame) -> pl.DataFrame:
    """A table with p05, p95 and `of`, and the column `clear` beside them."""
    rows = zip(frame["p05"], frame["p95"], frame["of"], strict=True)
    return frame.with_columns(pl.Series("clear", [clear(low, high, of=of) for low, high, of in rows], pl.Boolean))


@dataclass(frozen=True)
class Band:
    """A mean over runs at each point, and the ends of its intervals by name (`LEVELS`); no ends with one run."""

    mean: F8
    ends: dict[str, F8]

    @property
    def sure(self) -> bool:
        """Whether there are intervals."""
        return bool(self.ends)


def band(runs: Sequence[F8]) -> Band | None:
    """The same as `intervals` for arrays: one a run, cut to the shortest; None without any."""
    if not runs:
        return None
    values = np.array([run[: min(map(len, runs))] for run in runs])
    mean, n = values.mean(axis=0), len(runs)
    if n == 1:
        return Band(mean, {})
    error = values.std(axis=0, ddof=1) / math.sqrt(n)
    return Band(mean, {name: mean + student_t(p, n - 1) * error for name, p in LEVELS.items()})


def intervals(frame: pl.DataFrame, *, by: Sequence[str], value: str = "value") -> pl.DataFrame:
    """Mean of each group of replicates with Student t intervals of that mean.

    Parameters
    ----------
    frame
        One row for each replicate of each group.
    by
        The columns that name a group. Groups come out in the order in which they appear.
    value
        The column to average.

    Returns
    -------
    polars.DataFrame
        The columns of `by`, then mean, p05, p25, p75, p95 (null with one replicate) and replicates.
    """
    column = pl.col(value)
    told = (
        column.mean().alias("mean"),
        column.std(ddof=1).alias("sd"),
        column.len().cast(pl.Int64).alias("replicates"),
    )
    groups = frame.group_by(*by, maintain_order=True).agg(*told) if by else frame.select(*told)  # no key is no group
    sizes = groups["replicates"].unique().to_list()
    error = pl.col("sd") / pl.col("replicates").cast(pl.Float64).sqrt()
    ends = [(pl.col("mean") + _quantiles(sizes, p) * error).alias(name) for name, p in LEVELS.items()]
    return groups.with_columns(ends).select(*by, "mean", *LEVELS, "replicates")


def _quantiles(sizes: Sequence[int], probability: float) -> pl.Expr:
    """The t quantile for each number of replicates; null where there is only one."""
    table = {n: student_t(probability, n - 1) if n > 1 else None for n in sizes}
    return pl.col("replicates").replace_strict(table, default=None, return_dtype=pl.Float64)


@cache
def student_t(probability: float, freedom: int) -> float:
    """Quantile of Student's t, by a closed form for whole degrees of freedom.

    `scipy.special.stdtrit` gives the same to 13 digits, as a test sees to; but importing it takes three times as long
    as the command line, and every `narco-door run` ends with intervals.

    Parameters
    ----------
    probability
        Between 0 and 1, both excluded.
    freedom
        Degrees of freedom, a whole number of at least 1: replicates minus one.

    Returns
    -------
    float
        The number that a t variable stays below with this probability.
    """
    if not 0 < probability < 1 or freedom < 1:
        raise ValueError(f"no t quantile at probability {probability} with {freedom} degrees of freedom")
    if probability < 0.5:
        return -student_t(1 - probability, freedom)
    low, high = 0.0, _HALF_TURN
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if _inside(middle, freedom) < 2 * probability - 1 else (low, middle)
    return math.sqrt(freedom) * math.tan((low + high) / 2)


def _inside(angle: float, freedom: int) -> float:
    """Probability that |t| < sqrt(freedom) * tan(angle): a finite sum, because freedom is whole."""
    sine, cosine = math.sin(angle), math.cos(angle)
    odd = freedom % 2
    term = cosine if odd else 1.0
    total = term if freedom > 1 else 0.0
    for k in range(2 + odd, freedom - 1, 2):
        term *= cosine * cosine * (k - 1) / k
        total += term
    return (angle + sine * total) / _HALF_TURN if odd else sine * total


def fieller(above: Sequence[float], below: Sequence[float], *, level: float) -> tuple[float, float] | None:
    """Interval of mean(above) / mean(below) for pairs, by Fieller's theorem.

    It holds every ratio r for which a t test does not reject that mean(above - r * below) is 0.

    Parameters
    ----------
    above, below
        One number each for every pair, in the same order.
    level
        Coverage, such as 0.9.

    Returns
    -------
    tuple of float, or None
        Low and high end; None with fewer than two pairs, or when the interval of mean(below) holds 0,
        for then no bounded interval exists.
    """
    n = len(above)
    if n < 2:
        return None
    t = student_t((1 + level) / 2, n - 1)
    top, bottom = math.fsum(above) / n, math.fsum(below) / n
    square = t * t / (n * (n - 1))
    a = bottom**2 - square * _products(below, below)
    b = top * bottom - square * _products(above, below)
    c = top**2 - square * _products(above, above)
    if a <= 0:
        return None
    root = math.sqrt(max(b * b - a * c, 0.0))
    return (b - root) / a, (b + root) / a


def _products(x: Sequence[float], y: Sequence[float]) -> float:
    """Sum of the products of deviations from the means."""
    x_mean, y_mean = math.fsum(x) / len(x), math.fsum(y) / len(y)
    return math.fsum((a - x_mean) * (b - y_mean) for a, b in zip(x, y, strict=True))
