"""The pictures of the ledger, and where they are written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from narco_door.show.figures import views
from narco_door.show.figures.ledger import fan, rank_histogram, small_multiples
from narco_door.show.figures.paper import save
from narco_door.show.words import Language, say

if TYPE_CHECKING:
    from narco_door.questions.ledger import Forecasts, Ledger
    from narco_door.results import Results


def write_figures(
    nation: Forecasts, states: Forecasts, ledger: Ledger, home: Path, *, results: Results, language: Language
) -> list[Path]:
    """Draw the nation's fan, the states and the rank histogram into the folder of the language.

    Parameters
    ----------
    nation, states, ledger
        Forecasts, and what they came to.
    home
        Where the folder is made.
    results
        The runs behind them, for the subtitles.
    language
        Of every word on the figures.
    """
    folder = home / say("figures_folder", language)
    folder.mkdir(parents=True, exist_ok=True)
    about = _about(results, language)
    drawn = {
        "nation": fan(nation, ledger, about=about, language=language),
        "states": small_multiples(states, ledger, about=about, language=language),
        "ranks": rank_histogram(states, about=about, language=language),
    }
    return [save(figure, folder / f"{name}.png", title=name, about=about) for name, figure in drawn.items()]


def _about(results: Results, language: Language) -> str:
    """How many runs of what, at which scale, and which results."""
    n, sets = len(results.replicates), results.manifest.get("sets")
    runs = say("ledger_about" if sets else "ledger_about_best", language, n=n, sets=sets)
    return " ".join([runs, *views.source(results, language)])
