"""How numbers are written for people, in English and in the Spanish of Mexico alike: 1,234.5, a true minus, – for none.

A number that somebody may type back, a parameter or its bounds, keeps the minus sign of the keyboard (`number`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

NOTHING: Final = "–"


def number(value: float, figures: int = 4, *, unit: str = "") -> str:
    """A plain number: four figures that count unless others are asked for, thousands whole and set apart but a year."""
    if value != value:
        return NOTHING
    rounded = float(f"{value:.{figures}g}")
    if abs(rounded) < 1000:
        return f"{rounded:g}"
    return f"{value:.0f}" if unit == "year" else f"{value:,.0f}"


def between(low: float, high: float, *, unit: str = "", to: str = " to ") -> str:
    """A range of plain numbers."""
    return to.join(number(end, unit=unit) for end in (low, high))


def measured(value: float, spread: float | None = None) -> str:
    """What came out of runs, in three figures, with its standard deviation, in two: the rest is luck."""
    return number(value, 3) + ("" if spread is None else f" ± {number(spread, 2)}")


def fixed(value: float, decimals: int) -> str:
    """A number with so many decimals."""
    if value != value:
        return NOTHING
    text = f"{abs(value):,.{decimals}f}"
    return f"−{text}" if value < 0 and text.strip("0.,") else text


def signed(value: float, decimals: int | None = None) -> str:
    """A difference, with plus or minus; of people, in three figures, unless decimals are given."""
    text = count(value) if decimals is None else fixed(value, decimals)
    return f"+{text}" if value > 0 and text.strip("0.,") else text


def count(value: float) -> str:
    """A number of people or of other things that are whole, to three figures."""
    if value != value:
        return NOTHING
    digits = min(3 - len(f"{abs(round(value)):d}"), 0)
    return fixed(round(value, digits), 0)


def about(value: float) -> str:
    """What money buys, which may be less than one whole: three figures."""
    return count(value) if abs(value) >= 99.95 else f"{value:.3g}"


def averted(value: float) -> str:
    """A mean over runs of what a policy averts, or an end of its interval: whole from ten on, below it two figures."""
    return fixed(value, 0) if abs(value) >= 10 else f"{'−' if value < 0 else ''}{abs(value):.2g}"


def money(musd: float) -> str:
    """Money that was or would be spent, in whole millions of US$."""
    return fixed(musd, 0)


def few(value: float) -> str:
    """A share of a hundred or a rate: one decimal below ten, none above."""
    return fixed(value, 1 if abs(value) < 9.95 else 0)


def tile(value: float, *, plus: bool = False) -> str:
    """A value in a tile of the map: like `few`, but what is below one keeps two decimals and nothing is 0."""
    if abs(value) < 0.005:
        return "0"
    text = fixed(value, 2) if abs(value) < 0.995 else few(value)
    return f"+{text}" if plus and value > 0 else text


def percent(share: float) -> str:
    """A share of one as a whole percentage."""
    return f"{fixed(100 * share, 0)} %"


def ticks(values: Sequence[float], *, plus: bool = False) -> list[str]:
    """The ticks of an axis in as few decimals as tell them apart."""
    decimals = next((d for d in range(4) if all(abs(round(v, d) - v) < 1e-9 for v in values)), 4)
    return [signed(v, decimals) if plus else fixed(v, decimals) for v in values]


def spans(years: Sequence[int]) -> str:
    """Years in a row by their ends, as in ``2018-20, 2022``."""
    parts: list[list[int]] = []
    for year in years:
        if parts and year == parts[-1][-1] + 1:
            parts[-1].append(year)
        else:
            parts.append([year])
    return ", ".join(f"{part[0]}-{part[-1] % 100:02d}" if len(part) > 1 else f"{part[0]}" for part in parts)
