"""The ledger says first what is worse than a forecast without a model; its figures show record and runs."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from matplotlib.figure import Figure

from legible import assert_legible, written
from narco_door.questions import ledger as ledgers
from narco_door.questions.ledger import Forecasts, Ledger
from narco_door.questions.ledger.forecasts import MODEL
from narco_door.questions.targets import targets
from narco_door.show.catalogue import ledger
from narco_door.show.figures.ledger import fan, rank_histogram, small_multiples
from narco_door.show.formats import NOTHING
from narco_door.show.ledger import write_figures
from narco_door.show.sheets import plain
from narco_door.show.words import LANGUAGES, Language
from synthetic import eighteen_years

RESULTS = functools.cache(lambda: eighteen_years(replicates=6))
FORECASTS = functools.cache(lambda: ledgers.forecasts(RESULTS()))


def held(ends: tuple[float, float, float] | tuple[None, None, None] = (0.0, 1.0, 2.0)) -> pl.DataFrame:
    """A table as from `validate`, the same ends for every target."""
    rows = [
        {"target": t.name, "years": "2012", "unit": t.unit, "wanted": t.value, "got": 1.0, "role": t.role,
         "study": t.study, **dict(zip(("p05", "median", "p95"), ends, strict=True))}
        for t in targets()
    ]  # fmt: skip
    return pl.DataFrame(rows)


def shifted(asked: Forecasts, off: float) -> Forecasts:
    """Runs that are all so far above the record."""
    rates = asked.record.later.rates
    return replace(asked, members={**asked.members, MODEL: np.repeat(rates[None], 3, axis=0) + off})


def found(off: float = 0.0) -> Ledger:
    nation, states = (shifted(each, off) for each in FORECASTS())
    return ledgers.told(held(), nation, states)


def test_what_is_worse_comes_first() -> None:
    first, *others = ledger.verdict(found(300.0))
    assert first.startswith("WORSE than the best forecast without a model")
    assert "nation, CRPS (300.00 / " in first
    assert others[0] == "Worse by CRPS of the nation in 2013-24."
    assert "in 32 of 32 states: Aguascalientes, " in others[1]
    assert ledger.verdict(found(300.0), language="es")[0].startswith("PEOR que")
    assert ledger.verdict(found()) == ["Nothing that was scored is worse than the best forecast without a model."]


def test_the_worst_skill_is_the_first_row() -> None:
    nation, states = FORECASTS()
    mixed = ledgers.told(held(), shifted(nation, 0.0), shifted(states, 300.0))
    rows = ledger.skill(mixed).rows
    skills = [float(plain(row[4]).replace("\u2212", "-")) for row in rows]
    assert skills == sorted(skills)
    assert "states" in plain(rows[0][0])
    assert skills[-1] == 1.0


def test_fitted_checked_and_not_fitted_are_three_groups() -> None:
    sheet = ledger.ledger(found())
    assert [plain(group) for group, _ in sheet.groups()] == [
        "Fitted", "Checked, never fitted", "Never fitted: looked at last",
    ]  # fmt: skip
    inside = {role: sum(0 <= t.value <= 2 for t in targets() if t.role == role) for role in ledger.ROLES}
    assert f"of the fitted {inside['fit']} of 21" in plain(sheet.note)
    assert sum(plain(row[7]) == "yes" for row in sheet.rows) == sum(inside.values())


def test_one_run_has_no_range() -> None:
    sheet = ledger.ledger(replace(found(), targets=held((None, None, None))))
    assert {plain(row[6]) for row in sheet.rows} == {plain(row[7]) for row in sheet.rows} == {NOTHING}
    assert "of the fitted 0 of 21" in plain(sheet.note)


def test_a_ledger_is_read_as_it_was_written(tmp_path: Path) -> None:
    made = found(3.0)
    made.write(tmp_path)
    again = Ledger.read(tmp_path)
    assert again is not None
    assert ledger.skill(again).rows == ledger.skill(made).rows
    assert ledger.scores(again).rows == ledger.scores(made).rows
    assert ledger.verdict(again) == ledger.verdict(made)
    assert Ledger.read(tmp_path / "nowhere") is None


DRAW: dict[str, Callable[[Language], Figure]] = {
    "fan": lambda language: fan(FORECASTS()[0], found(5.0), about="6 runs.", language=language),
    "states": lambda language: small_multiples(FORECASTS()[1], found(5.0), about="6 runs.", language=language),
    "ranks": lambda language: rank_histogram(FORECASTS()[1], about="6 runs.", language=language),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", DRAW)
def test_no_text_of_a_figure_is_cut_or_covered(name: str, language: Language) -> None:
    assert_legible(DRAW[name](language))


def test_the_fan_shows_record_median_and_forecasts() -> None:
    nation, _ = FORECASTS()
    figure = DRAW["fan"]("en")
    drawn = {line.get_gid(): np.asarray(line.get_ydata(), float) for line in figure.axes[0].lines}
    assert drawn["record"] == pytest.approx(nation.record.rates[:, 0])
    assert drawn["model"] == pytest.approx([np.median(runs) for runs in nation.runs.values()])
    assert drawn["kept"] == pytest.approx(np.full(13, nation.record.rates[5, 0]))
    assert {"line", "equations"} <= set(drawn)
    shaded = [patch for patch in figure.axes[0].patches if patch.get_gid() == "fitted"]
    assert shaded[0].get_x() + shaded[0].get_width() == 2012.5


def test_every_state_has_its_panel_and_the_worse_are_bold() -> None:
    _, states = FORECASTS()
    nothing, all_ = (
        [t.get_text() for t in written(small_multiples(states, found(off), about="")) if t.get_weight() == "bold"]
        for off in (0.0, 500.0)
    )
    assert (len(all_), len(nothing)) == (33, 1)  # the title is bold as well
    figure = DRAW["states"]("en")
    assert len(figure.axes) == 32
    assert all(len(line.get_xdata()) == 10 for a in figure.axes for line in a.lines if line.get_gid() == "record")


def test_bars_of_ranks_are_shares() -> None:
    for axes in DRAW["ranks"]("en").axes:
        assert sum(bar.get_height() for bar in axes.patches if bar.get_gid() == "ranks") == pytest.approx(1.0)


def test_figures_are_written_in_the_folder_of_the_language(tmp_path: Path) -> None:
    files = write_figures(*FORECASTS(), found(), tmp_path, results=RESULTS(), language="es")
    assert [file.relative_to(tmp_path).as_posix() for file in files] == [
        "figuras/nation.png", "figuras/states.png", "figuras/ranks.png",
    ]  # fmt: skip
    assert all(file.stat().st_size > 10_000 for file in files)
