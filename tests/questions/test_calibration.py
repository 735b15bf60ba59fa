"""The numbers that the calibration found are those of the model, and give what it says they gave."""

from __future__ import annotations

import importlib.util
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from narco_door.country.facts import parameters

FOLDER = Path(__file__).parents[2] / "model/calibration"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("calibrate", FOLDER / "calibrate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def result() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "result.toml").read_text())


@pytest.mark.parametrize("stage", ["youth", "cartels"])
def test_the_fitted_numbers_are_those_of_the_model(script: ModuleType, stage: str) -> None:
    values = result()[stage]["values"]
    assert values.keys() == script.STAGES[stage].keys()
    for name, value in values.items():
        assert parameters()[name].value == pytest.approx(value, rel=1e-4), name
        assert parameters()[name].grade == "calibrated", name
        low, high = script.STAGES[stage][name]
        assert parameters()[name].low <= low <= value <= high <= parameters()[name].high, name


@pytest.mark.long
@pytest.mark.parametrize("stage", ["youth", "cartels"])
def test_the_fitted_numbers_give_what_was_found(script: ModuleType, stage: str) -> None:
    found = result()[stage]
    runs = [
        script.measures(stage, found["values"], seed, found["persons_per_agent"])
        for seed in range(1, found["seeds"] + 1)
    ]
    means = [float(x) for x in np.mean(runs, axis=0)]
    later = stage == "youth"  # the cartels were fitted after them, and frighten more or less
    assert script.loss(stage, means) == pytest.approx(found["loss"], rel=0.2 if later else 1e-4)
    got = {t.key: x for t, x in zip(script.wanted(stage), means, strict=True)}
    assert got == pytest.approx(found["got"], rel=0.03 if later else 1e-3)
    assert all(target.low <= x <= target.high for target, x in zip(script.wanted(stage), means, strict=True))


def test_only_targets_to_be_fitted_enter_the_loss(script: ModuleType) -> None:
    entering = [target for stage in script.STAGES for target in script.wanted(stage)]
    assert {target.role for target in entering} == {"fit"}
    assert len(entering) == len({target.key for target in entering})


def test_an_interrupted_search_goes_on_and_ends_as_it_would_have(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    class Pool:  # of this process
        def __init__(self, *args: Any, **more: Any) -> None: ...
        def __enter__(self) -> Pool:
            return self

        def __exit__(self, *error: object) -> None: ...
        def submit(self, do: Any, stage: str, point: dict[str, float], seed: int, scale: int) -> Any:
            asked.append(point)
            means = [t.value * (1 + 0.1 * point["value_school"]) for t in script.wanted(stage)]
            return type("Run", (), {"result": staticmethod(lambda: means)})

    monkeypatch.setattr(script, "ProcessPoolExecutor", Pool)
    options: dict[str, Any] = {"seeds": 1, "scale": 500, "spread": 0.1, "workers": 1}
    monkeypatch.setattr(script, "HERE", tmp_path / "whole")
    script.HERE.mkdir()
    whole = script.search("youth", 48, **options)
    asked_of_whole = len(asked)
    monkeypatch.setattr(script, "HERE", tmp_path / "stopped")
    script.HERE.mkdir()
    script.search("youth", 24, **options)
    assert script.search("youth", 48, **options) == whole
    assert len(asked) == 2 * asked_of_whole  # nothing was run twice
    assert whole[0]["value_school"] < parameters()["value_school"].value
