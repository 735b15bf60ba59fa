"""Line charts as SVG text: both worlds through time, bands, the month looked at, the start of the policy.

Colours are names of the style sheet, so that day and night need no new drawing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from narco_door.base.arrays import F8
from narco_door.dashboard.measures import Lines
from narco_door.results.intervals import Band
from narco_door.show import formats

WIDE, TALL = 320.0, 176.0
LEFT, RIGHT, TOP, BOTTOM = 42.0, 8.0, 8.0, 22.0


@dataclass(frozen=True)
class Frame:
    """The months of a chart: the first one (absolute), how many, the one looked at, the policy's first one, and those
    in which something befell a cartel on record.
    """

    first: int
    months: int
    shown: int
    start: int
    told: tuple[int, ...] = ()

    def x(self, month: float) -> float:
        """Where a month (from 0) stands."""
        return LEFT + (WIDE - LEFT - RIGHT) * month / max(self.months - 1, 1)


@dataclass(frozen=True)
class Axis:
    """The upright axis: its ends and a few round numbers between."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def y(self, value: float) -> float:
        """Where a value stands."""
        return TALL - BOTTOM - (TALL - TOP - BOTTOM) * (value - self.low) / (self.high - self.low)


def chart(lines: Lines, frame: Frame, *, gap: bool, label: str) -> str:
    """Draw one chart.

    Parameters
    ----------
    gap
        Draw the difference of the worlds instead of both.
    label
        What a screen reader says of it.
    """
    drawn = [(lines.gap, "policy")] if gap else [(lines.reference, "reference"), (lines.policy, "policy")]
    bands = [(band, name) for band, name in drawn if band is not None]
    axis = axis_of([band for band, _ in bands], zero=gap or lines.measure.zero, both=gap)
    parts = [_grid(axis, frame, zero=gap), _marks(frame)]
    for band, name in bands:
        parts += _area(band, axis, frame, name)
    parts += [_line(band, axis, frame, name) for band, name in bands]
    parts += [_dot(band, axis, frame, name) for band, name in bands]
    return (
        f'<svg viewBox="0 0 {WIDE:g} {TALL:g}" class="nd-chart" role="img" aria-label="{escape(label, quote=True)}" '
        f'data-first="{frame.first}" data-months="{frame.months}" data-left="{LEFT / WIDE:.4f}" '
        f'data-right="{1 - RIGHT / WIDE:.4f}">{"".join(parts)}</svg>'
    )


def axis_of(bands: Sequence[Band], *, zero: bool, both: bool = False) -> Axis:
    """An axis that holds all means, and the bands unless few replicates make them huge."""
    if not bands:
        return Axis(0.0, 1.0, ())
    means = np.concatenate([band.mean for band in bands])
    means = means[np.isfinite(means)]
    if not means.size:
        return Axis(0.0, 1.0, ())
    low, high = float(means.min()), float(means.max())
    slack = max(high - low, 0.05 * abs(high), 1e-9)
    ends = [e for band in bands for e in band.ends.values()]
    low, high = (
        min([low, *(max(float(np.nanmin(e)), low - slack) for e in ends)]),
        max([high, *(min(float(np.nanmax(e)), high + slack) for e in ends)]),
    )
    if both:
        reach = max(abs(low), abs(high), 1e-9)
        low, high = -reach, reach
    elif zero:
        low = min(low, 0.0)
    margin = 0.06 * max(high - low, slack)
    low, high = (low if zero and not both else low - margin), high + margin
    return Axis(low, high, ticks(low, high))


def ticks(low: float, high: float, most: int = 5) -> tuple[float, ...]:
    """A few round numbers between two ends."""
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * s for s in (1, 2, 2.5, 5, 10) if power * s >= rough)
    return tuple(step * i for i in range(math.ceil(low / step), math.floor(high / step) + 1))


def _grid(axis: Axis, frame: Frame, *, zero: bool) -> str:
    rows = []
    for tick, told in zip(axis.ticks, formats.ticks(axis.ticks), strict=True):
        y, strong = axis.y(tick), " nd-zero" if zero and tick == 0 else ""
        rows.append(
            f'<path class="nd-grid{strong}" d="M{LEFT:g} {y:.1f}H{WIDE - RIGHT:g}"/>'
            f'<text class="nd-tick" x="{LEFT - 6:g}" y="{y + 4:.1f}" text-anchor="end">{told}</text>'
        )
    years = range(-(-frame.first // 12), (frame.first + frame.months - 1) // 12 + 1)
    step = next(s for s in (1, 2, 5, 10) if len(years) / s <= 5)
    for year in (y for y in years if y % step == 0):
        x = frame.x(year * 12 - frame.first)
        rows.append(
            f'<path class="nd-year" d="M{x:.1f} {TALL - BOTTOM:g}v4"/>'
            f'<text class="nd-tick" x="{x:.1f}" y="{TALL - 5:g}" text-anchor="middle">{year}</text>'
        )
    return "".join(rows)


def _marks(frame: Frame) -> str:
    start, shown = frame.x(frame.start - frame.first), frame.x(frame.shown - frame.first)
    bottom = TALL - BOTTOM
    told = "".join(
        f"M{frame.x(month - frame.first):.1f} {bottom:g}v-5"
        for month in frame.told
        if 0 <= month - frame.first < frame.months
    )
    return (f'<path class="nd-event" d="{told}"/>' if told else "") + (
        f'<path class="nd-start" d="M{start:.1f} {TOP:g}V{bottom:g}"/>'
        f'<path class="nd-now" d="M{shown:.1f} {TOP:g}V{bottom:g}"/>'
    )


def _points(values: F8, axis: Axis, frame: Frame) -> list[str]:
    floor, ceiling = TALL - BOTTOM, TOP - 4
    return [
        f"{frame.x(month):.1f} {min(max(axis.y(value), ceiling), floor):.1f}"
        for month, value in enumerate(values.tolist())
        if value == value
    ]


def _line(band: Band, axis: Axis, frame: Frame, name: str) -> str:
    points = _points(band.mean, axis, frame)
    return f'<path class="nd-line nd-{name}" d="M{"L".join(points)}"/>' if len(points) > 1 else ""


def _area(band: Band, axis: Axis, frame: Frame, name: str) -> list[str]:
    if not band.sure:
        return []
    areas = []
    for low, high, wide in (("p05", "p95", "90"), ("p25", "p75", "50")):
        edge = _points(band.ends[high], axis, frame) + _points(band.ends[low], axis, frame)[::-1]
        areas.append(f'<path class="nd-band{wide} nd-{name}" d="M{"L".join(edge)}Z"/>')
    return areas


def _dot(band: Band, axis: Axis, frame: Frame, name: str) -> str:
    month = min(frame.shown - frame.first, band.mean.size - 1)
    if month < 0 or band.mean[month] != band.mean[month]:
        return ""
    return (
        f'<circle class="nd-dot nd-{name}" cx="{frame.x(month):.1f}" cy="{axis.y(float(band.mean[month])):.1f}" r="4"/>'
    )
