"""The claims as a forest plot: every test on one scale, where the interval lies in what speaks for the claim."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from narco_door.questions.claims import Examined, findings_frame, markdown, trials_frame
from narco_door.questions.claims.verdicts import difference
from narco_door.results.csv import write_csv
from narco_door.show.figures.paper import FOOT, INK, SOFT, balanced, footer, save
from narco_door.show.formats import signed
from narco_door.show.words import ENGLISH, LANGUAGES, Language, say, translated

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS: Final = {"for": "#00734f", "against": "#b34700", "cannot tell": "#4d4d4d"}
BESIDE: Final = "#8a8a8a"
_FOR_ZONE: Final = "#e3f1ea"
_WIDE, _ROW, _GAP = 11.4, 0.2, 0.12  # inches
_LEFT, _RIGHT, _TOP, _BOTTOM = 4.6, 2.6, 1.3, 0.6 + FOOT
_MOST: Final = 300.0  # sizes that matter; farther ends are drawn at the edge
_TICKS: Final = (-100, -10, -3, -1, 0, 1, 3, 10, 100)
_CHARACTERS = 112


def write_report(examined: Sequence[Examined], folder: str | Path, *, about: str = "") -> list[Path]:
    """Write claims.md, claims.csv, claims_tests.csv and the forest plot in every language.

    Parameters
    ----------
    folder
        Made if it is not there. Files of the same name are replaced.
    about
        A sentence on how it was made.
    """
    home = Path(folder)
    home.mkdir(parents=True, exist_ok=True)
    tests, findings = trials_frame(examined), findings_frame(examined)
    written = [home / name for name in ("claims.md", "claims.csv", "claims_tests.csv")]
    written[0].write_text(markdown(examined, about=about), encoding="utf-8")
    write_csv(written[1], findings)
    write_csv(written[2], tests)
    return [*written, *forests(tests, findings, home, about=about)]


def forest(tests: pl.DataFrame, findings: pl.DataFrame, *, language: Language = ENGLISH, about: str = "") -> Figure:
    """Draw every test: the difference in units of the smallest size that matters, more speaking for the claim.

    Parameters
    ----------
    tests, findings
        As from `narco_door.questions.claims.trials_frame` and `findings_frame`.
    language
        Of every word on the figure.
    about
        A sentence on how it was made, under the title.
    """
    from matplotlib.figure import Figure

    blocks = [_block(row, tests, language) for row in findings.iter_rows(named=True)]
    tall = sum(_height(words, rows) for _, words, rows in blocks) + _TOP + _BOTTOM
    figure = Figure(figsize=(_WIDE, tall), facecolor="white")
    panel = (_LEFT / _WIDE, _BOTTOM / tall, (_WIDE - _LEFT - _RIGHT) / _WIDE, (tall - _TOP - _BOTTOM) / tall)
    axes = figure.add_axes(panel)
    axes.set_ylim(tall - _TOP - _BOTTOM, 0)  # inches from the top
    _scale(axes, language)
    y = 0.0
    for finding, words, rows in blocks:
        _claim(axes, y, finding, words, language)
        for k, row in enumerate(rows):
            _test(axes, y + (len(words) + k + 0.5) * _ROW, row, language)
        y += _height(words, rows)
    _heading(figure, findings, tall, language, about)
    footer(figure, language)
    return figure


def forests(tests: pl.DataFrame, findings: pl.DataFrame, folder: Path, *, about: str = "") -> list[Path]:
    """Write the plot in every language: claims.png in English, claims_es.png in Spanish."""
    written = []
    for language in LANGUAGES:
        name = "claims.png" if language == ENGLISH else f"claims_{language}.png"
        figure = forest(tests, findings, language=language, about=about)
        written.append(save(figure, folder / name, title="claims", about=about))
    return written


def _block(
    finding: dict[str, Any], tests: pl.DataFrame, language: Language
) -> tuple[dict[str, Any], list[str], list[dict[str, Any]]]:
    """A claim, its words in lines, and its tests."""
    says = translated(finding["says"], language)
    rows = [row for row in tests.iter_rows(named=True) if row["claim"] == finding["claim"]]
    return finding, textwrap.wrap(f"{finding['claim']}  {finding['who']}: {says}", _CHARACTERS), rows


def _height(words: list[str], rows: list[dict[str, Any]]) -> float:
    return (len(words) + len(rows)) * _ROW + _GAP


def _scale(axes: Axes, language: Language) -> None:
    """One axis for all: nearly straight around 0, a logarithm far out."""
    axes.set_xlim(_at(-_MOST), _at(_MOST))
    axes.set_xticks([_at(tick) for tick in _TICKS], [signed(tick, 0) for tick in _TICKS])
    axes.tick_params(top=True, labeltop=True, length=3, labelsize=8.4, labelcolor=SOFT, color=SOFT)
    axes.set_yticks([])
    for side in ("left", "right"):
        axes.spines[side].set_visible(False)
    axes.spines[["top", "bottom"]].set_color(SOFT)
    axes.axvline(0, color=SOFT, linewidth=0.7, zorder=1)
    axes.set_xlabel(say("claims_axis", language), fontsize=8.8, color=SOFT)
    axes.margins(0)


def _at(value: float) -> float:
    return math.asinh(max(-_MOST, min(value, _MOST)))


def _claim(axes: Axes, y: float, finding: dict[str, Any], words: list[str], language: Language) -> None:
    inch = 1 / (_WIDE - _LEFT - _RIGHT)
    axes.text(
        -(_LEFT - 0.15) * inch, y + 0.04, "\n".join(words), transform=axes.get_yaxis_transform(), va="top",
        fontsize=8.8, weight="bold", color=INK, linespacing=1.18, clip_on=False,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
    )  # fmt: skip
    word = finding["verdict"]
    axes.text(
        1 + (_RIGHT - 0.1) * inch, y + 0.04, say(f"verdict_{word.replace(' ', '_')}", language), ha="right", va="top",
        transform=axes.get_yaxis_transform(), fontsize=9.2, weight="bold", color=COLOURS[word], clip_on=False,
    )  # fmt: skip


def _test(axes: Axes, y: float, row: dict[str, Any], language: Language) -> None:
    """One line: what is measured, the interval over what speaks for the claim, the difference in its own unit."""
    colour, inch = BESIDE if row["beside"] else COLOURS[row["verdict"]], 1 / (_WIDE - _LEFT - _RIGHT)
    for left, right in _zones(row["expects"]) if not row["beside"] else []:
        axes.barh(y, right - left, _ROW * 0.86, left, color=_FOR_ZONE, zorder=0)
    if row["scaled_low"] is not None:
        ends = [_at(row["scaled_low"]), _at(row["scaled_high"])]
        axes.plot(ends, [y, y], color=colour, linewidth=2.2, solid_capstyle="butt", zorder=3)
    axes.plot(_at(row["scaled"]), y, "o", color=colour, markersize=4.4, zorder=4)
    words = translated(row["measure"], language)
    axes.text(
        -0.08 * inch, y, f"{row['test']}  {_short(words)}", transform=axes.get_yaxis_transform(), ha="right",
        va="center", fontsize=7.9, color=SOFT, clip_on=False,
    )  # fmt: skip
    axes.text(
        1 + 0.1 * inch, y, _amount(row, language), transform=axes.get_yaxis_transform(), va="center", fontsize=8.2,
        color=colour, clip_on=False,
    )  # fmt: skip


def _short(words: str) -> str:
    return words if len(words) <= 72 else words[:71].rstrip() + "…"


def _zones(expects: str) -> list[tuple[float, float]]:
    """Where an interval has to lie to speak for the claim."""
    least, low, high, most = map(_at, (-_MOST, -1, 1, _MOST))
    if expects == "some":
        return [(least, low), (high, most)]
    return [{"none": (low, high), "not_more": (low, most), "not_less": (low, most)}.get(expects, (high, most))]


def _amount(row: dict[str, Any], language: Language) -> str:
    return difference(row["unit"], row["mean"], row["p05"], row["p95"], to=say("claims_to", language))


def _heading(figure: Figure, findings: pl.DataFrame, tall: float, language: Language, about: str) -> None:
    words = findings["verdict"].to_list()
    title = say("claims_title", language, n=len(words), **{k.replace(" ", "_"): words.count(k) for k in COLOURS})
    small = f"{say('claims_subtitle', language)} {about}".strip()
    lines = [*balanced(title, 96), *balanced(small, 150)]
    for k, line in enumerate(lines):
        first = k < len(balanced(title, 96))
        figure.text(
            0.15 / _WIDE, (tall - 0.18 - 0.24 * k) / tall, line, va="top", color=INK if first else SOFT,
            fontsize=13 if first else 9.2, weight="bold" if first else "normal",
        )  # fmt: skip
