"""Figures: one function each, results in, a matplotlib figure out."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path
from typing import NamedTuple

from narco_door.results import Results
from narco_door.show.figures import views
from narco_door.show.figures.accounts import money
from narco_door.show.figures.fates import ladder
from narco_door.show.figures.paper import save
from narco_door.show.figures.sketch import doors
from narco_door.show.figures.through_time import comparison, differences, door_widths
from narco_door.show.figures.tiles import grid_of, of_map, tile_map
from narco_door.show.words import ENGLISH, Language

__all__ = ["comparison", "differences", "door_widths", "doors", "ladder", "money", "tile_map", "write_all"]

_FIGURES = {
    figure.__name__: figure for figure in (doors, comparison, differences, door_widths, ladder, money, tile_map)
}


class _Page(NamedTuple):
    """What one file shows; it can be sent to another process."""

    name: str
    results: Results
    language: Language
    file: Path
    about: str


def write_all(
    results: Results,
    folder: str | Path,
    *,
    language: Language = ENGLISH,
    progress: Callable[[int, int], None] = lambda drawn, of: None,
    executor: Executor | None = None,
) -> list[Path]:
    """Draw every figure that these results can fill and write it as `<figure>.png`.

    Parameters
    ----------
    results
        One scenario or several.
    folder
        Made if it is not there. Files of the same name are replaced.
    language
        Of every word on the figures.
    progress
        Told after each figure how many are drawn, and of how many.
    executor
        Any executor of `concurrent.futures` whose processes see the same folder, to draw several at a time. It is used
        and left open.

    Returns
    -------
    list of Path
        The files, in the order of drawing. The same results give the same bytes.
    """
    home = Path(folder)
    home.mkdir(parents=True, exist_ok=True)
    nation = results.nation()
    shown = dict.fromkeys(_FIGURES, nation) | {"tile_map": of_map(results)}
    if nation.reference is None or len(nation.scenarios) < 2:
        del shown["differences"]
    if grid_of(results) is None:
        del shown["tile_map"]
    about = f"narco-door results {results.manifest.get('hash', '')}, {views.replicates(nation)} replicates"
    there = home.resolve()  # another process may stand elsewhere
    pages = [_Page(name, part, language, there / f"{name}.png", about) for name, part in shown.items()]
    files = []
    for file in map(_write, pages) if executor is None else executor.map(_write, pages):
        files.append(home / file.name)
        progress(len(files), len(pages))
    return files


def _write(page: _Page) -> Path:
    figure = _FIGURES[page.name](page.results, language=page.language)
    return save(figure, page.file, title=page.name, about=page.about)
