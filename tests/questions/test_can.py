"""The scripts that search for falls and for disagreement, without the runs that they ask for."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from narco_door.country.facts import parameters
from narco_door.runs.options import RunOptions

FOLDER = Path(__file__).parents[2] / "model/calibration"


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("rate", "fell", "rose"),
    [
        ([22.4, 23.4, 22.0, 19.3, 16.5, 17.0, 19.9, 25.7], True, True),  # as on record
        ([22.4, 23.4, 22.0, 20.0, 19.0, 18.0, 17.0, 16.0], False, False),  # too late
        ([20.0, 20.0, 20.0, 16.0, 14.0, 14.0, 15.0, 16.0], True, False),
    ],
)
def test_a_fall_is_a_quarter_within_four_years_of_the_peak(rate: list[float], fell: bool, rose: bool) -> None:
    _, *told = script("can_fall").fallen(list(range(2010, 2018)), np.array(rate))
    assert told == [fell, rose]


def test_a_walk_goes_on_where_it_stopped_and_stays_within_the_bounds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    can = script("can_disagree")
    tried: list[dict[str, float]] = []

    def try_out(values: dict[str, float], bound: float, options: RunOptions, *, near: float) -> Any:
        tried.append(values)
        outside = float(len(tried) % 3)  # every third lies inside, the one before far out
        return can.Found(values, outside, {}, walked_on=outside <= bound)

    monkeypatch.setattr(can, "try_out", try_out)
    how = {"moved": 5, "spread": 0.5, "near": 1.0}
    whole = can.walk(12, tmp_path / "whole.journal", RunOptions(), **how)
    tried.clear()
    can.walk(5, tmp_path / "parts.journal", RunOptions(), **how)
    parts = can.walk(12, tmp_path / "parts.journal", RunOptions(), **how)
    assert len(tried) == 12
    assert parts == whole
    assert whole[0].values == {}
    for found in whole:
        assert all(parameters()[name].low <= value <= parameters()[name].high for name, value in found.values.items())
    assert max(len(found.values) for found in whole) > 5  # a step goes on from the one before
