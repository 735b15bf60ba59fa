"""Figures: one function each, results in, a matplotlib figure out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from matplotlib.figure import Figure

from narco_door.figures import views
from narco_door.figures.accounts import money
from narco_door.figures.fates import ladder
from narco_door.figures.paper import save
from narco_door.figures.sketch import doors
from narco_door.figures.through_time import comparison, differences, door_widths
from narco_door.figures.tiles import grid_of, tile_map
from narco_door.results import Results
from narco_door.words import Language

__all__ = ["comparison", "differences", "door_widths", "doors", "ladder", "money", "tile_map", "write_all"]


def write_all(
    results: Results,
    folder: str | Path,
    *,
    language: Language = "en",
    progress: Callable[[int, int], None] = lambda drawn, of: None,
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

    Returns
    -------
    list of Path
        The files, in the order of drawing. The same results give the same bytes.
    """
    home = Path(folder)
    home.mkdir(parents=True, exist_ok=True)
    whole, nation = results, results.nation()
    drawing: dict[str, Callable[[], Figure]] = {
        "doors": lambda: doors(nation, language=language),
        "comparison": lambda: comparison(nation, language=language),
        "differences": lambda: differences(nation, language=language),
        "door_widths": lambda: door_widths(nation, language=language),
        "ladder": lambda: ladder(nation, language=language),
        "money": lambda: money(nation, language=language),
        "tile_map": lambda: tile_map(whole, language=language),
    }
    if nation.reference is None or len(nation.scenarios) < 2:
        del drawing["differences"]
    if grid_of(whole) is None:
        del drawing["tile_map"]
    about = f"narco-door results {results.manifest.get('hash', '')}, {views.replicates(nation)} replicates"
    files = []
    for name, draw in drawing.items():
        files.append(save(draw(), home / f"{name}.png", title=name, about=about))
        progress(len(files), len(drawing))
    return files
