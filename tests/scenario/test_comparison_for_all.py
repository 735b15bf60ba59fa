"""What a comparison says of the model holds for all its arms, the reference too."""

from __future__ import annotations

from pathlib import Path

import pytest

from narco_door.base.errors import UserError
from narco_door.scenario import Comparison, load_scenario

HEAD = """title = "T"
question = "Q"
[compare]
arms = ["doors_first", "kingpins_first"]
reference = "no_new_money"
"""


def _read(folder: Path, text: str) -> Comparison:
    file = folder / "both.toml"
    file.write_text(HEAD + text)
    loaded = load_scenario(file)
    assert isinstance(loaded, Comparison)
    return loaded


def test_switches_and_numbers_hold_for_every_arm(tmp_path: Path) -> None:
    asked = _read(tmp_path, "[switches]\ndisorder = false\n[parameters]\nmyopia = 0.1\n")
    for scenario in asked.scenarios:
        assert not scenario.switches.plain()["disorder"]
        assert scenario.switches.plain()["capacity"]
        assert scenario.parameters.plain()["myopia"] == 0.1


def test_an_option_lies_over_the_comparison(tmp_path: Path) -> None:
    (tmp_path / "both.toml").write_text(HEAD + "[switches]\ndisorder = false\n")
    asked = load_scenario(tmp_path / "both.toml", sets=["switches.disorder=true"])
    assert isinstance(asked, Comparison)
    assert all(scenario.switches.plain()["disorder"] for scenario in asked.scenarios)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[switches]\ndisorderly = false\n", "both.toml:7.*disorder"),
        ("[parameters]\nmyopia = 99\n", "both.toml:7.*expected a number"),
        ('[[phase]]\nname = "x"\n', "both.toml:6.*phase"),
    ],
)
def test_what_a_comparison_cannot_say_is_refused_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        _read(tmp_path, text)


@pytest.mark.parametrize(
    ("name", "off"), [("kingpins_disorder_only", "capacity"), ("kingpins_capacity_only", "disorder")]
)
def test_each_channel_alone_ships(name: str, off: str) -> None:
    asked = load_scenario(name)
    assert isinstance(asked, Comparison)
    assert [s.name for s in asked.scenarios] == ["no_new_money", "kingpins_first"]
    for scenario in asked.scenarios:
        assert [s for s in ("disorder", "capacity") if not scenario.switches.plain()[s]] == [off]
