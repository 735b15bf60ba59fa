"""Figures: one function each, results in, a matplotlib figure out."""

from __future__ import annotations

from pathlib import Path

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


def write_all(results: Results, folder: str | Path, *, language: Language = "en") -> list[Path]:
    """Draw every figure that these results can fill and write it as `<figure>.png`.

    Parameters
    ----------
    results
        One scenario or several.
    folder
        Made if it is not there. Files of the same name are replaced.
    language
        Of every word on the figures.

    Returns
    -------
    list of Path
        The files, in the order of drawing. The same results give the same bytes.
    """
    home = Path(folder)
    home.mkdir(parents=True, exist_ok=True)
    whole, nation = results, views.nation(results)
    drawn = {"doors": doors(nation, language=language), "comparison": comparison(nation, language=language)}
    if nation.reference is not None and len(nation.scenarios) > 1:
        drawn["differences"] = differences(nation, language=language)
    drawn["door_widths"] = door_widths(nation, language=language)
    drawn["ladder"] = ladder(nation, language=language)
    drawn["money"] = money(nation, language=language)
    if grid_of(whole) is not None:
        drawn["tile_map"] = tile_map(whole, language=language)
    about = f"narco-door results {results.manifest.get('hash', '')}, {views.replicates(nation)} replicates"
    return [save(figure, home / f"{name}.png", title=name, about=about) for name, figure in drawn.items()]
