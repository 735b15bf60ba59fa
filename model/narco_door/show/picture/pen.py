"""A pen and paper: shapes and labels as plain data, and one of the two hands that can draw them.

A drawing is a tuple of groups of shapes. `svg` writes it as text; `figures.sketch` draws the same data with
matplotlib. Neither knows what the drawing is of.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Literal

type Point = tuple[float, float]
type Stroke = tuple[str, tuple[Point, ...]]
type Path = tuple[Stroke, ...]
type Anchor = Literal["start", "middle", "end"]

FONTS = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', 'DejaVu Sans', sans-serif"
ROUND = 0.5523  # the handle length at which four Bezier curves look like a circle


@dataclass(frozen=True)
class Gradient:
    """A fade along a line, in the coordinates of the paper; stops are (offset, colour, opacity)."""

    start: Point
    end: Point
    stops: tuple[tuple[float, str, float], ...]


type Ink = str | Gradient | None


@dataclass(frozen=True)
class Shape:
    """One closed or open path, filled, stroked or both."""

    path: Path
    fill: Ink = None
    stroke: str | None = None
    width: float = 1.0
    opacity: float = 1.0
    dash: tuple[float, ...] = ()


@dataclass(frozen=True)
class Label:
    """One line of text; `at` is the end of its baseline that `anchor` names."""

    at: Point
    text: str
    size: float
    colour: str
    anchor: Anchor = "start"
    bold: bool = False
    halo: str | None = None


@dataclass(frozen=True)
class Group:
    """Things that belong together, with the sentence that tells what they show."""

    name: str
    items: tuple[Shape | Label, ...]
    title: str = ""


# --- drawing paths ---


def pen(text: str) -> Path:
    """Read a path such as ``M 0 0 L 10 0 Q 15 5 10 10 Z`` (absolute commands M, L, Q, C, Z only)."""
    strokes: list[Stroke] = []
    for letter, rest in re.findall(r"([MLQCZ])([^MLQCZ]*)", text):
        numbers = [float(n) for n in rest.split()]
        strokes.append((letter, tuple(zip(numbers[::2], numbers[1::2], strict=True))))
    return tuple(strokes)


def polygon(*points: Point, closed: bool = True) -> Path:
    """Straight lines from point to point."""
    lines: list[Stroke] = [("M", points[:1]), *(("L", (p,)) for p in points[1:])]
    return (*lines, ("Z", ())) if closed else tuple(lines)


def rectangle(x: float, y: float, width: float, height: float, *, radius: float = 0) -> Path:
    """A rectangle, with rounded corners if a radius is given."""
    r, x1, y1 = radius, x + width, y + height
    if not r:
        return polygon((x, y), (x1, y), (x1, y1), (x, y1))
    return (
        ("M", ((x + r, y),)),
        ("L", ((x1 - r, y),)),
        ("Q", ((x1, y), (x1, y + r))),
        ("L", ((x1, y1 - r),)),
        ("Q", ((x1, y1), (x1 - r, y1))),
        ("L", ((x + r, y1),)),
        ("Q", ((x, y1), (x, y1 - r))),
        ("L", ((x, y + r),)),
        ("Q", ((x, y), (x + r, y))),
        ("Z", ()),
    )


def ellipse(centre: Point, rx: float, ry: float) -> Path:
    """An ellipse made of four curves."""
    (x, y), kx, ky = centre, rx * ROUND, ry * ROUND
    return (
        ("M", ((x - rx, y),)),
        ("C", ((x - rx, y - ky), (x - kx, y - ry), (x, y - ry))),
        ("C", ((x + kx, y - ry), (x + rx, y - ky), (x + rx, y))),
        ("C", ((x + rx, y + ky), (x + kx, y + ry), (x, y + ry))),
        ("C", ((x - kx, y + ry), (x - rx, y + ky), (x - rx, y))),
        ("Z", ()),
    )


def shade(colour: str, factor: float) -> str:
    """Darken (factor below 1) or lighten (above 1, up to 2) a ``#rrggbb`` colour."""
    parts = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    mixed = [p * factor if factor <= 1 else p + (255 - p) * (factor - 1) for p in parts]
    return "#" + "".join(f"{round(m):02x}" for m in mixed)


# --- moving what was drawn ---


def moved(group: Group, dx: float, dy: float, *, scale: float = 1.0) -> Group:
    """The same group, scaled about the origin and then shifted."""

    def place(point: Point) -> Point:
        return point[0] * scale + dx, point[1] * scale + dy

    return replace(group, items=tuple(_moved_item(item, place, scale) for item in group.items))


def _moved_item(item: Shape | Label, place: Callable[[Point], Point], scale: float) -> Shape | Label:
    if isinstance(item, Label):
        return replace(item, at=place(item.at), size=item.size * scale)
    path = tuple((letter, tuple(place(p) for p in points)) for letter, points in item.path)
    fill = item.fill
    if isinstance(fill, Gradient):
        fill = replace(fill, start=place(fill.start), end=place(fill.end))
    return replace(item, path=path, fill=fill, width=item.width * scale, dash=tuple(d * scale for d in item.dash))


# --- writing SVG ---


def number(value: float) -> str:
    """The shortest text of a coordinate, to a tenth of a pixel."""
    text = f"{value:.1f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def svg(groups: Sequence[Group], size: tuple[float, float], *, title: str, desc: str, ident: str) -> str:
    """Write a drawing as one SVG element.

    Parameters
    ----------
    groups
        What to draw, first things first (later ones lie on top).
    size
        Width and height of the paper.
    title, desc
        What a screen reader says of it.
    ident
        Prefix of every id; two drawings on one page need different ones.
    """
    gradients: list[Gradient] = []
    body = "".join(_group(group, gradients, ident) for group in groups)
    defs = "".join(_gradient(gradient, f"{ident}-fade-{i}") for i, gradient in enumerate(gradients))
    width, height = (number(v) for v in size)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="100%" role="img" '
        f'aria-labelledby="{escape(ident)}-title {escape(ident)}-desc" font-family="{escape(FONTS)}">'
        f'<title id="{escape(ident)}-title">{escape(title)}</title>'
        f'<desc id="{escape(ident)}-desc">{escape(desc)}</desc><defs>{defs}</defs>{body}</svg>\n'
    )


def _group(group: Group, gradients: list[Gradient], ident: str) -> str:
    title = f"<title>{escape(group.title)}</title>" if group.title else ""
    body = "".join(_label(item) if isinstance(item, Label) else _shape(item, gradients, ident) for item in group.items)
    return f'<g id="{escape(ident)}-{escape(group.name)}">{title}{body}</g>'


def _shape(shape: Shape, gradients: list[Gradient], ident: str) -> str:
    fill = shape.fill
    if isinstance(fill, Gradient):
        gradients.append(fill)  # one for each shape, even if alike: the number of elements must never change
        fill = f"url(#{escape(ident)}-fade-{len(gradients) - 1})"
    stroke = ""
    if shape.stroke:
        dash = f' stroke-dasharray="{" ".join(number(d) for d in shape.dash)}"' if shape.dash else ""
        stroke = (
            f' stroke="{shape.stroke}" stroke-width="{number(shape.width)}"'
            f' stroke-linecap="round" stroke-linejoin="round"{dash}'
        )
    opacity = f' opacity="{shape.opacity:.2f}"' if shape.opacity < 1 else ""
    return f'<path d="{_d(shape.path)}" fill="{fill or "none"}"{stroke}{opacity}/>'


def _d(path: Path) -> str:
    return "".join(letter + " ".join(f"{number(x)} {number(y)}" for x, y in points) for letter, points in path)


def _label(label: Label) -> str:
    bold = ' font-weight="700"' if label.bold else ""
    anchor = f' text-anchor="{label.anchor}"' if label.anchor != "start" else ""
    halo = f' stroke="{label.halo}" stroke-width="4" stroke-linejoin="round" paint-order="stroke"' if label.halo else ""
    return (
        f'<text x="{number(label.at[0])}" y="{number(label.at[1])}" font-size="{number(label.size)}"'
        f' fill="{label.colour}"{bold}{anchor}{halo}>{escape(label.text)}</text>'
    )


def _gradient(gradient: Gradient, name: str) -> str:
    (x1, y1), (x2, y2) = gradient.start, gradient.end
    stops = "".join(
        f'<stop offset="{offset:g}" stop-color="{colour}" stop-opacity="{opacity:.2f}"/>'
        for offset, colour, opacity in gradient.stops
    )
    ends = " ".join(f'{key}="{number(value)}"' for key, value in (("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2)))
    return f'<linearGradient id="{escape(name)}" gradientUnits="userSpaceOnUse" {ends}>{stops}</linearGradient>'


def flat(groups: Iterable[Group]) -> tuple[Shape | Label, ...]:
    """Everything in a drawing, in the order in which it is drawn."""
    return tuple(item for group in groups for item in group.items)
