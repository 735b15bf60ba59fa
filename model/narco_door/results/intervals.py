"""Intervals over a few replicates: Student's t for a mean, Fieller's for a ratio of two means."""

import math
from collections.abc import Sequence
from functools import cache

import polars as pl

LEVELS = {"p05": 0.05, "p25": 0.25, "p75": 0.75, "p95": 0.95}
"""Ends of the 90 % (p05, p95) and of the 50 % (p25, p75) interval."""

_HALF_TURN = math.pi / 2


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
    groups = frame.group_by(*by, maintain_order=True).agg(
        column.mean().alias("mean"),
        column.std(ddof=1).alias("sd"),
        column.len().cast(pl.Int64).alias("replicates"),
    )
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
    """Quantile of Student's t.

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
