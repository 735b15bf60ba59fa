"""The scripts that search for falls and for disagreement, without the runs that they ask for."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from narco_door.country.facts import parameters

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


def test_the_sets_that_disagree_are_numbers_of_the_tables_within_their_bounds() -> None:
    can, known = script("can_disagree"), parameters()
    assert len(can.sets()) == 2
    for values in can.sets().values():
        for name, value in values.items():
            assert known[name].low <= value <= known[name].high, name
            assert value != known[name].value, name  # a number that is not moved is not told


def test_what_lies_beyond_its_range_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    can = script("can_disagree")
    monkeypatch.setattr(can, "histories", lambda results, scenario: [{}, {}])
    said = {target.key: target.high for target in can.FITTED}
    monkeypatch.setattr(can, "measure", lambda history, target: said[target.key])
    assert can.beyond(None) == {}
    said["members_2022"] += 1.0
    assert can.beyond(None) == {"members_2022": said["members_2022"]}
