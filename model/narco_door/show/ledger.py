"""The ledger as words, tables, files and pictures: what is worse than a forecast without a model comes first."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from narco_door.country.places import load_places
from narco_door.questions.ledger import Ledger, skill, worse_places, worse_years
from narco_door.questions.ledger.scoring import spans
from narco_door.show import formats
from narco_door.show.figures import views
from narco_door.show.figures.ledger import fan, rank_histogram, small_multiples
from narco_door.show.figures.paper import save
from narco_door.show.sheets import Cell, Head, Row, Sheet, Source
from narco_door.show.words import ENGLISH, Language, say, translated

if TYPE_CHECKING:
    from narco_door.questions.ledger import Forecasts
    from narco_door.results import Results

ROLES: Final = ("fit", "check", "validation")


def verdict(ledger: Ledger, *, language: Language = ENGLISH) -> list[str]:
    """What is worse than the best forecast without a model, a sentence each; or that nothing is."""
    table = skill(ledger.scores)
    named = [
        f"{say(f'ledger_{row["of"]}_{row["score"]}', language)} ({_pair(row['model'], row['best'])})"
        for row in table.filter(pl.col("skill") < 0).iter_rows(named=True)
    ]
    told = [say("ledger_worse", language, what="; ".join(named)) if named else say("ledger_none_worse", language)]
    if years := worse_years(ledger.scores):
        told.append(say("ledger_worse_years", language, years=spans(years)))
    if codes := worse_places(ledger.states):
        places = load_places()
        names = ", ".join(name for code, name in zip(places.code, places.name, strict=True) if code in codes)
        told.append(say("ledger_worse_states", language, n=len(codes), of=len(ledger.states), names=names))
    return told


def _pair(ours: float, theirs: float) -> str:
    return f"{formats.fixed(ours, 2)} / {formats.fixed(theirs, 2)}"


def skill_sheet(ledger: Ledger, *, language: Language = ENGLISH) -> Sheet:
    """The model against the best forecast without a model, the worst first."""
    heads = (
        Head(say("ledger_head_what", language)),
        *(Head(say(f"ledger_head_{key}", language), right=True) for key in ("model", "best")),
        Head(say("ledger_head_which", language)),
        *(Head(say(f"ledger_head_{key}", language), right=True) for key in ("skill", "equations")),
    )
    rows: list[Row] = [
        (
            say(f"ledger_{row['of']}_{row['score']}", language),
            *(formats.fixed(row[key], 2) for key in ("model", "best")),
            say(f"forecast_{row['which']}", language),
            formats.signed(row["skill"], 2),
            formats.NOTHING if row["equations"] is None else formats.fixed(row["equations"], 2),
        )
        for row in skill(ledger.scores).iter_rows(named=True)
    ]
    return Sheet(say("ledger_skill", language), heads, rows, say("ledger_skill_note", language))


def ledger_sheet(ledger: Ledger, *, language: Language = ENGLISH) -> Sheet:
    """What the runs say of every target beside the record: fitted, checked, not fitted."""
    heads = (
        Head(""),
        Head(say("ledger_head_target", language)),
        Head(say("ledger_head_unit", language), under=True),
        Head(say("ledger_head_years", language), whole=True),
        *(Head(say(f"ledger_head_{key}", language), right=True) for key in ("record", "median")),
        Head(say("ledger_head_range", language), whole=True),
        Head(say("ledger_head_inside", language)),
        Head(say("ledger_head_source", language), brief=False),
    )
    rows: list[Row] = []
    inside: Counter[str] = Counter()
    for role in ROLES:
        for row in ledger.targets.filter(pl.col("role") == role).iter_rows(named=True):
            held = row["p05"] is not None and row["p05"] <= row["wanted"] <= row["p95"]
            inside[role] += held
            rows.append((say(f"ledger_{role}", language), *_target(row, held, language)))
    asked = Counter(ledger.targets["role"])
    shares = ", ".join(say(f"ledger_inside_{role}", language, k=inside[role], of=asked[role]) for role in ROLES)
    return Sheet(say("ledger_title", language), heads, rows, say("ledger_note", language, shares=shares), grouped=True)


def _target(row: dict[str, object], held: bool, language: Language) -> list[Cell]:
    ends = [row[key] for key in ("p05", "median", "p95")]
    low, middle, high = (formats.NOTHING if end is None else formats.number(float(str(end)), 3) for end in ends)
    return [
        translated(str(row["target"]), language),
        translated(str(row["unit"]), language),
        str(row["years"]),
        float(str(row["wanted"])),
        middle,
        say("ledger_from_to", language, low=low, high=high),
        say("yes" if held else "ledger_outside", language),
        Source(str(row["study"])),
    ]


def scores_sheet(ledger: Ledger, *, language: Language = ENGLISH) -> Sheet:
    """Every forecast's mean scores and how much of the record lies in its intervals."""
    numbers = ("crps", "energy", "error", "within_50", "within_90")
    heads = (
        Head(""),
        Head(say("ledger_head_forecast", language), whole=True),
        Head("CRPS", right=True),
        *(Head(say(f"ledger_head_{key}", language), right=True) for key in numbers[1:]),
    )
    means = ledger.scores.group_by("of", "forecast", maintain_order=True).agg(
        *(pl.col(key).mean() for key in numbers), pl.col("year")
    )
    rows: list[Row] = [
        (
            say(f"ledger_of_{row['of']}", language, years=spans(sorted(row["year"]))),
            say(f"forecast_{row['forecast']}", language),
            *(formats.fixed(row[key], 2) for key in numbers[:3]),
            *(formats.percent(row[key]) for key in numbers[3:]),
        )
        for row in means.iter_rows(named=True)
    ]
    return Sheet(say("ledger_scores", language), heads, rows, say("ledger_scores_note", language), grouped=True)


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
