"""Forecast and record: a fan for the nation, a small panel for each state, where the record stands among the runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from narco_door.country.places import load_places
from narco_door.questions.ledger import Forecasts, Ledger, ranked, skill, worse_places
from narco_door.questions.ledger.forecasts import EQUATIONS
from narco_door.questions.ledger.record import FITTED
from narco_door.show import formats
from narco_door.show.figures.paper import (
    ARM_COLOURS,
    FAINT,
    INK,
    REFERENCE,
    SOFT,
    EndLabel,
    Layout,
    above,
    end_labels,
    head,
    plain,
    sheet,
    ticks,
    time_axis,
)
from narco_door.show.figures.record import RECORD_COLOUR, RUN_COLOUR
from narco_door.show.words import ENGLISH, Language, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from narco_door.base.arrays import F8

_OTHERS: Final = {"kept": REFERENCE, "line": ARM_COLOURS[3], EQUATIONS: ARM_COLOURS[2]}
"""Forecasts that are drawn as a line, by their median."""
_BANDS: Final = ((0.05, 0.95, 0.14), (0.25, 0.75, 0.26))
_BARS: Final = 10
_UNDER: Final = (("ranks_below", 0, "left"), ("ranks_amid", 0.5, "center"), ("ranks_above", 1, "right"))


def fan(nation: Forecasts, ledger: Ledger, *, about: str, language: Language = ENGLISH) -> Figure:
    """The nation's homicides: the runs' bands and median, the record, other forecasts.

    Parameters
    ----------
    nation, ledger
        The nation's forecasts, and the ledger that they went into.
    about
        How many runs of what, for the subtitle.
    language
        Of every word on the figure.
    """
    (row,) = skill(ledger.scores).filter(of="nation", score="crps").iter_rows(named=True)
    key = "fan_title_worse" if row["skill"] < 0 else "fan_title_better"
    ours, best = (formats.fixed(row[name], 1) for name in ("model", "best"))
    title = say(key, language, ours=ours, best=best, which=say(f"forecast_{row['which']}", language))
    subtitle = say("fan_subtitle", language, about=about)
    layout = Layout(rows=1, columns=1, height=3.5)
    figure, (axes,) = sheet(layout, title=title, subtitle=subtitle, language=language)
    head(axes, say("fan_head", language), say("ledger_rate_unit", language))
    years, runs = _lived(nation)
    last = float(years[-1])
    time_axis(axes, float(years[0]), last, room=1.75)
    paths = {name: np.median(nation.members[name][:, :, 0], axis=0) for name in _OTHERS}
    tops = [np.quantile(runs, 0.95, axis=0), nation.record.rates, *paths.values()]
    axes.set_ylim(0, 1.12 * max(float(each.max()) for each in tops))
    ticks(axes, last=last)
    _windows(axes, language)
    _fan(axes, years, runs[:, :, 0])
    labels = [EndLabel(say("fan_model", language), float(np.median(runs[:, -1, 0])), RUN_COLOUR)]
    labels += [_other(axes, nation, name, path, language) for name, path in paths.items()]
    axes.plot(nation.record.years, nation.record.rates[:, 0], "o-", color=RECORD_COLOUR, linewidth=1.1, markersize=4.6,
              zorder=5, clip_on=False, gid="record")  # fmt: skip
    labels.append(EndLabel(say("fan_record", language), float(nation.record.rates[-1, 0]), RECORD_COLOUR))
    end_labels(axes, labels, last=last)
    return figure


def _lived(asked: Forecasts) -> tuple[list[int], F8]:
    """The years that the runs lived, and what they say of them, float64[replicate, year, place]."""
    return list(asked.runs), np.stack(list(asked.runs.values()), axis=1)


def _windows(axes: Axes, language: Language) -> None:
    """The years that were fitted in grey; what is written of both stands below the top."""
    axes.axvspan(axes.get_xlim()[0], FITTED[1] + 0.5, color=FAINT, alpha=0.5, linewidth=0, zorder=0, gid="fitted")
    top = axes.get_xaxis_transform()
    words = say("fan_fitted", language), say("fan_not_fitted", language)
    for text, x, side in zip(words, (FITTED[1] + 0.4, FITTED[1] + 0.6), ("right", "left"), strict=True):
        axes.text(x, 0.985, text, transform=top, color=SOFT, fontsize=8.8, ha=side, va="top")


def _fan(axes: Axes, years: Sequence[int], runs: F8, *, width: float = 2.2) -> None:
    """Two bands and the median of runs, float64[replicate, year]."""
    for low, high, alpha in _BANDS:
        ends = np.quantile(runs, [low, high], axis=0)
        axes.fill_between(years, *ends, color=RUN_COLOUR, alpha=alpha, linewidth=0)
    axes.plot(years, np.median(runs, axis=0), color=RUN_COLOUR, linewidth=width, solid_capstyle="butt", gid="model")


def _other(axes: Axes, nation: Forecasts, name: str, path: F8, language: Language) -> EndLabel:
    """A forecast from the last fitted year on, float64[year], and its label."""
    start = float(nation.record.between(FITTED[1], FITTED[1]).rates[0, 0])
    years = [FITTED[1], *nation.record.later.years]
    axes.plot(years, [start, *path], color=_OTHERS[name], linewidth=1.3, linestyle=(0, (3, 2)), gid=name)
    return EndLabel(say(f"forecast_{name}", language), float(path[-1]), _OTHERS[name])


def small_multiples(states: Forecasts, ledger: Ledger, *, about: str, language: Language = ENGLISH) -> Figure:
    """A panel for each state, from the most violent of the last fitted year on; logarithmic, all alike.

    Arguments as in `fan`, of the states.
    """
    places = load_places()
    worse = worse_places(ledger.states)
    later = formats.spans(states.record.later.years.tolist())
    title = say("multiples_title", language, n=len(worse), of=len(states.places), years=later)
    layout = Layout(rows=4, columns=8, height=0.92, gap_x=0.16, gap_y=0.42, left=0.42, top=0.5, bottom=0.3)
    subtitle = say("multiples_subtitle", language, about=about)
    figure, axes = sheet(layout, title=title, subtitle=subtitle, language=language)
    years, runs = _lived(states)
    order = np.argsort(-states.record.between(FITTED[1], FITTED[1]).rates[0])
    names = dict(zip(places.code, places.name, strict=True))
    for k, (panel, place) in enumerate(zip(axes, order.tolist(), strict=False)):
        code = states.places[place]
        above(panel, names[code], 0, 4, size=8.6 if len(names[code]) < 16 else 7.4, bold=code in worse)
        _state(panel, years, runs[:, :, place], first=k % layout.columns == 0)
        panel.plot(states.record.years, states.record.rates[:, place], "o", color=RECORD_COLOUR, markersize=2.6,
                   zorder=5, gid="record")  # fmt: skip
    return figure


def _state(axes: Axes, years: Sequence[int], runs: F8, *, first: bool) -> None:
    plain(axes)
    axes.set_yscale("log")
    axes.set_ylim(1, 300)
    axes.set_xlim(years[0] - 0.5, years[-1] + 0.5)
    axes.set_yticks([], minor=True)
    axes.set_yticks([1, 10, 100], ["1", "10", "100"] if first else [""] * 3)
    axes.set_xticks([2010, 2020], ["2010", "2020"])
    axes.tick_params(labelsize=7.8)
    axes.hlines([10, 100], *axes.get_xlim(), color=FAINT, linewidth=0.6, zorder=0)
    axes.axvspan(axes.get_xlim()[0], FITTED[1] + 0.5, color=FAINT, alpha=0.5, linewidth=0, zorder=0)
    _fan(axes, years, np.maximum(runs, 1e-3), width=1.4)


def rank_histogram(states: Forecasts, *, about: str, language: Language = ENGLISH) -> Figure:
    """How often the record of a state stands in each tenth of the runs, in the fitted years and afterwards.

    Arguments as in `fan`, of the states.
    """
    windows = {"ranks_fitted": states.record.between(*FITTED), "ranks_not_fitted": states.record.later}
    found = {
        key: (record, ranked(np.stack([states.runs[year] for year in record.years.tolist()], axis=1), record))
        for key, record in windows.items()
    }
    above_middle = float(np.mean(found["ranks_not_fitted"][1] > 0.5))
    title = say("ranks_title", language, share=formats.percent(above_middle))
    layout = Layout(rows=1, columns=2, height=2.5, gap_x=0.6, bottom=0.45)
    figure, axes = sheet(layout, title=title, subtitle=say("ranks_subtitle", language, about=about), language=language)
    shares = {
        key: np.histogram(where, bins=_BARS, range=(0.0, 1.0))[0] / where.size for key, (_, where) in found.items()
    }
    top = max(0.25, 1.1 * float(max(each.max() for each in shares.values())))
    for panel, (key, (record, where)) in zip(axes, found.items(), strict=True):
        unit = say("ranks_unit", language, n=where.size)
        head(panel, say(key, language, years=formats.spans(record.years.tolist())), unit)
        _histogram(panel, shares[key], top, language)
    return figure


def _histogram(axes: Axes, shares: F8, top: float, language: Language) -> None:
    plain(axes)
    axes.bar((np.arange(_BARS) + 0.5) / _BARS, shares, width=0.9 / _BARS, color=RUN_COLOUR, alpha=0.75, gid="ranks")
    axes.axhline(1 / _BARS, color=INK, linewidth=1, linestyle=(0, (3, 3)))
    axes.set_xlim(0, 1)
    axes.set_ylim(0, top)
    step = 0.1 if top < 0.5 else 0.2
    places = np.arange(step, top, step).tolist()
    axes.set_yticks(places, [formats.percent(share) for share in places])
    axes.set_xticks([])
    for key, x, side in _UNDER:
        axes.annotate(say(key, language), (x, 0), (0, -12), xycoords="axes fraction", textcoords="offset points",
                      fontsize=8.8, color=SOFT, ha=side, annotation_clip=False)  # fmt: skip
