"""A map without a map: one tile a state, in about the right place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import polars as pl

from narco_door.base.errors import UserError
from narco_door.results import Results, by_year
from narco_door.results.measures import QUANTITIES, mapped
from narco_door.show import formats
from narco_door.show.figures import views
from narco_door.show.figures.paper import INK, SOFT, Layout, head, sheet
from narco_door.show.formats import few
from narco_door.show.picture.numbers import place_table
from narco_door.show.words import ENGLISH, Language, arm_name, has, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SCALE: Final = ("#fff4e3", "#f6b26b", "#d55e00", "#7a2c00", "#3d1400")
LESS_MORE: Final = ("#004c7a", "#0072b2", "#9ccbe6", "#ffffff", "#f3b78d", "#d55e00", "#7a2c00")
_STEPS: Final = 24  # of colour in the key
KNOWN: Final = {"new_homicides": "homicides", "new_entries": "entries", "n_members": "members"}


def tile_map(
    results: Results,
    *,
    record: str = "new_homicides",
    before: int | None = None,
    after: int | None = None,
    places: pl.DataFrame | None = None,
    language: Language = ENGLISH,
) -> Figure:
    """One record by state in two years, and the other scenarios beside the reference in the later one.

    Parameters
    ----------
    results
        One scenario or several.
    record
        Flows (new_...) are drawn per 100,000 people a year, stocks (n_...) per 1,000 people aged 12-29,
        levels as they are.
    before, after
        Calendar years; by default the first and the last that are complete.
    places
        code, abbr, tile_row, tile_col of every place; by default from the run's own table.
    language
        Of every word on the figure.

    Raises
    ------
    UserError
        The table of places has no tiles.
    """
    grid = grid_of(results) if places is None else places
    if grid is None:
        raise UserError(f"places {results.manifest.get('places')!r}: expected a table with tile_row and tile_col")
    values = by_year(results, mapped(record), place=None)
    years = _years(values)
    first, last = before or years[0], after or years[-1]
    names = views.arms(results)
    others = [n for n in names if n != results.reference] if len(names) > 1 and results.reference else []
    rows = 1 + -(-len(others) // 2)
    layout = Layout(rows=rows, columns=2, height=2.46, left=0.15, right=0.1, gap_x=0.2, gap_y=0.5, bottom=0.1, top=0.45)
    seen = {year: _means(values, names[0], year) for year in (first, last)}
    gaps = _gaps(results, values, last) if others else {}
    title = _title(results, record, seen, gaps, language)
    notes = [_unit(record, language), *([_note(results, grid.height, language)] if others else [])]
    subtitle = views.subtitle(results, language, *notes, bands=False)
    figure, axes = sheet(layout, title=title, subtitle=subtitle, language=language)
    most = max((v for tiles in seen.values() for v in tiles.values()), default=1.0)
    for panel, year in zip(axes, (first, last), strict=False):
        head(panel, f"{arm_name(names[0], language)}, {year}")
        _tiles(panel, grid, {code: (v, v / most if most else 0.0, True) for code, v in seen[year].items()})
    _key(axes[1], SCALE, "0", few(most))
    _gap_panels(axes[2:], grid, gaps, last, language, reference=names[0])
    return figure


def grid_of(results: Results) -> pl.DataFrame | None:
    """code, abbr, tile_row and tile_col of the places of a run; None if its table of places has no tiles."""
    places = place_table(str(results.manifest.get("places", "mexico")))
    wanted = {"code", "abbr", "tile_row", "tile_col"}
    return places if places is not None and wanted <= set(places.columns) else None


def of_map(results: Results) -> Results:
    """The same results with only the records that the map of homicides reads: a fifteenth of them."""
    records = QUANTITIES["homicides"].read
    return results.having(series=results.unread.series.filter(pl.col("record").is_in(records)).collect())


def _unit(record: str, language: Language) -> str:
    return say(f"tiles_{mapped(record).name}", language)


def _years(values: pl.DataFrame) -> list[int]:
    """Complete years; if there is none, all of them."""
    full = values.filter(pl.col("months") == 12)
    return sorted((values if full.is_empty() else full)["year"].unique().to_list())


def _means(values: pl.DataFrame, scenario: str, year: int) -> dict[str, float]:
    mine = values.filter(pl.col("scenario") == scenario, pl.col("year") == year)
    return dict(mine.group_by("place", maintain_order=True).agg(pl.col("value").mean()).iter_rows())


def _gaps(results: Results, values: pl.DataFrame, year: int) -> dict[str, dict[str, tuple[float, bool]]]:
    """Each scenario minus the reference in each place, and whether it is clear."""
    found = views.gaps(results, values.filter(pl.col("year") == year), by=["place"])
    return {
        name: {place: (mean, bool(clear)) for place, mean, clear in rows.select("place", "mean", "clear").iter_rows()}
        for name, rows in found.items()
    }


def _gap_panels(
    axes: list[Axes],
    grid: pl.DataFrame,
    gaps: Mapping[str, Mapping[str, tuple[float, bool]]],
    year: int,
    language: Language,
    *,
    reference: str,
) -> None:
    """A panel for each scenario beside the reference, on one scale."""
    most = max((abs(v) for tiles in gaps.values() for v, _ in tiles.values()), default=0.0) or 1.0
    for panel in axes[len(gaps) :]:
        panel.set_axis_off()
    for panel, (name, tiles) in zip(axes, gaps.items(), strict=False):
        words = say("minus", language, arm=arm_name(name, language), reference=arm_name(reference, language))
        head(panel, f"{words}, {year}")
        shown = {code: (v, (v / most + 1) / 2 if clear else 0.5, clear) for code, (v, clear) in tiles.items()}
        _tiles(panel, grid, shown, gap=True)
    if any(clear for tiles in gaps.values() for _, clear in tiles.values()):
        _key(axes[0], LESS_MORE, formats.tile(-most, plus=True), formats.tile(most, plus=True))


def _key(axes: Axes, colours: tuple[str, ...], least: str, most: str) -> None:
    """The colours from least to most, at the upper right of a panel, where neither world has a tile."""
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.patches import Rectangle

    figure, box = cast("Figure", axes.get_figure(root=True)), axes.get_position(original=True)
    wide, tall = figure.get_size_inches()
    left, low, step = box.x1 - 1.2 / wide, box.y1 - 0.1 / tall, 1 / wide / _STEPS
    scale = LinearSegmentedColormap.from_list("key", colours, _STEPS)
    for k in range(_STEPS):
        figure.add_artist(Rectangle((left + k * step, low), step, 0.1 / tall, color=scale(k), linewidth=0.3, gid="key"))
    for x, words in ((left, least), (left + _STEPS * step, most)):
        figure.text(x, low - 0.04 / tall, words, ha="center", va="top", fontsize=8, color=SOFT)


def _tiles(
    axes: Axes, grid: pl.DataFrame, shown: Mapping[str, tuple[float, float, bool]], *, gap: bool = False
) -> None:
    """Tiles with name and value; `shown` gives value, place on the colour scale (0-1), if it is clear."""
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.patches import Rectangle

    scale = LinearSegmentedColormap.from_list("tiles", LESS_MORE if gap else SCALE)
    for code, abbr, row, column in grid.select("code", "abbr", "tile_row", "tile_col").iter_rows():
        value, at, clear = shown.get(code, (float("nan"), 0.0, False))
        red, green, blue, _ = scale(at) if clear else (0.93, 0.93, 0.93, 1)
        ink = "white" if 0.299 * red + 0.587 * green + 0.114 * blue < 0.5 else INK if clear else SOFT
        edge = SOFT if gap and clear else "white"
        tile = Rectangle(
            (column, row), 0.95, 0.95, facecolor=(red, green, blue), edgecolor=edge, linewidth=0.3, gid=code
        )
        axes.add_patch(tile)
        _write(axes, column + 0.475, row + 0.43, abbr, ink, size=8.2, bold=True)
        _write(axes, column + 0.475, row + 0.52, formats.tile(value, plus=gap), ink, size=8.4)
    rows, columns = grid["tile_row"].to_list(), grid["tile_col"].to_list()
    axes.set_axis_off()
    axes.set_xlim(min(columns), max(columns) + 1)
    axes.set_ylim(max(rows) + 1, min(rows))
    axes.set_aspect("equal", anchor="NW")


def _write(axes: Axes, x: float, y: float, text: str, ink: str, *, size: float, bold: bool = False) -> None:
    """A state's name above the middle of its tile, or its value below."""
    up, weight = ("bottom", "bold") if bold else ("top", "normal")
    axes.text(x, y, text, ha="center", va=up, color=ink, fontsize=size, weight=weight, stretch="condensed")


def _note(results: Results, places: int, language: Language) -> str:
    """What grey means, and how many places would have a colour if scenarios differed by luck alone."""
    if views.replicates(results) == 1:
        return say("tiles_one_run", language)
    return say("tiles_note", language, of=places, n=max(1, round(0.1 * places)))


def _title(
    results: Results,
    record: str,
    seen: Mapping[int, Mapping[str, float]],
    gaps: Mapping[str, Mapping[str, tuple[float, bool]]],
    language: Language,
) -> str:
    """In how many places it rose, and in how many each scenario has clearly less of it than the reference."""
    (first, before), (last, after) = next(iter(seen.items())), list(seen.items())[-1]
    told = say(
        "title_tiles",
        language,
        what=_what(record, language),
        n=sum(_rose(value, after.get(code, value)) for code, value in before.items()),
        of=len(before),
        first=first,
        last=last,
        arm=arm_name(views.arms(results)[0], language),
        places=_places(results, language),
    )
    if not gaps:
        return told
    if views.replicates(results) == 1:
        return f"{told}. {say('gap_one_run', language)}"
    verdicts = "; ".join(_verdict(arm_name(name, language), tiles, language) for name, tiles in gaps.items())
    return f"{told}. {say('tiles_then', language, last=last)}, {verdicts}"


def _what(record: str, language: Language) -> str:
    """What a record is called in a title."""
    if record in KNOWN:
        return say(f"head_{KNOWN[record]}", language)
    return record.partition("_")[2].replace("_", " ").capitalize()


def _rose(before: float, after: float) -> bool:
    """Whether a reader of the two tiles sees more: what is rounded off counts for nothing."""
    return after > before and few(after) != few(before)


def _places(results: Results, language: Language) -> str:
    """What the places of this world are called."""
    known = f"places_{results.manifest.get('places', '')}"
    return say(known if has(known) else "places", language)


def _verdict(arm: str, tiles: Mapping[str, tuple[float, bool]], language: Language) -> str:
    """In how many places a scenario has clearly less, or clearly more, whichever is more common."""
    fewer, more = (sum(clear and sign * v > 0 for v, clear in tiles.values()) for sign in (-1, 1))
    if fewer == more == 0:
        return say("gap_unclear", language, arm=arm)
    return say("tiles_fewer" if fewer >= more else "tiles_more", language, arm=arm, n=max(fewer, more))
