"""A map without a map: one tile a state, in about the right place, each of them a button."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from narco_door.country.places import Places
from narco_door.dashboard.measures import Tile
from narco_door.show import formats
from narco_door.show.figures.tiles import LESS_MORE, SCALE

SIDE, GAP = 56.0, 4.0


def tile_svg(places: Places, tiles: Mapping[str, Tile], *, gap: bool, chosen: str, label: str, ident: str) -> str:
    """Draw the tiles of a record.

    Parameters
    ----------
    gap
        Show the difference from the reference; grey where it is not clear.
    chosen
        Code of the state that the page looks at.
    label
        What the map shows, for a screen reader.
    """
    most = max((abs(_value(tile, gap=gap)) for tile in tiles.values()), default=0.0) or 1.0
    columns, rows = int(places.tile_col.max()), int(places.tile_row.max())
    body = "".join(_tile(places, i, tiles.get(code), most, gap, chosen) for i, code in enumerate(places.code))
    return (
        f'<svg viewBox="0 0 {columns * (SIDE + GAP):g} {rows * (SIDE + GAP):g}" class="nd-tiles" id="{ident}" '
        f'role="group" aria-label="{escape(label, quote=True)}">{body}</svg>'
    )


def _value(tile: Tile, *, gap: bool) -> float:
    return tile.value - tile.reference if gap else tile.value


def _tile(places: Places, i: int, tile: Tile | None, most: float, gap: bool, chosen: str) -> str:
    code = places.code[i]
    x = (int(places.tile_col[i]) - 1) * (SIDE + GAP) + GAP / 2
    y = (int(places.tile_row[i]) - 1) * (SIDE + GAP) + GAP / 2
    value = float("nan") if tile is None else _value(tile, gap=gap)
    clear = tile is not None and not (gap and tile.clear is not True)
    fill, ink = colours(value, most, gap=gap)
    told = formats.tile(value, plus=gap)
    here = code == chosen
    classes = f"nd-tile{'' if clear else ' nd-unclear'}{' nd-chosen' if here else ''}"
    return (
        f'<g class="{classes}" data-pick="{code}" role="button" tabindex="0" '
        f'aria-pressed="{str(here).lower()}" aria-label="{escape(places.name[i], quote=True)}: {told}">'
        f'<rect x="{x:g}" y="{y:g}" width="{SIDE:g}" height="{SIDE:g}" rx="5" fill="{fill}"/>'
        f'<text x="{x + SIDE / 2:g}" y="{y + 25:g}" fill="{ink}" class="nd-abbr">{escape(places.abbr[i])}</text>'
        f'<text x="{x + SIDE / 2:g}" y="{y + 43:g}" fill="{ink}" class="nd-worth">{told}</text></g>'
    )


def colours(value: float, most: float, *, gap: bool) -> tuple[str, str]:
    """Fill and ink of a tile; those of one that is not clear are the style sheet's."""
    if value != value:
        return "#d9d9d9", "#1f1f1f"
    at = (value / most + 1) / 2 if gap else max(value, 0.0) / most
    red, green, blue = _mixed(LESS_MORE if gap else SCALE, at)
    ink = "#ffffff" if 0.299 * red + 0.587 * green + 0.114 * blue < 118 else "#1f1f1f"
    return f"#{red:02x}{green:02x}{blue:02x}", ink


def _mixed(scale: tuple[str, ...], at: float) -> tuple[int, int, int]:
    """The colour at a place (0-1) of a scale."""
    place = min(max(at, 0.0), 1.0) * (len(scale) - 1)
    i = min(int(place), len(scale) - 2)
    a, b = (tuple(int(c[k : k + 2], 16) for k in (1, 3, 5)) for c in (scale[i], scale[i + 1]))
    red, green, blue = (round(p + (q - p) * (place - i)) for p, q in zip(a, b, strict=True))
    return red, green, blue


def swatches(*, gap: bool, count: int = 7) -> list[str]:
    """Colours of the key, from least to most."""
    return ["#{:02x}{:02x}{:02x}".format(*_mixed(LESS_MORE if gap else SCALE, i / (count - 1))) for i in range(count)]
