"""A country of one's own: written, read, lived; a crowd of members is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from narco_door.base.errors import UserError
from narco_door.cli import app
from narco_door.country.facts import parameters
from narco_door.country.starting import write_country
from narco_door.month.model import NarcoDoor
from narco_door.runs.provenance import model_digest
from narco_door.scenario import load_one, scenario_from_toml


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_country("atlantis", folder=tmp_path)


def test_a_new_country_lives_two_years_with_sane_numbers(tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["new-country", "Our_Land-2", "--out", str(tmp_path)])
    assert told.exit_code == 0, told.output
    scenario = load_one(tmp_path / "Our_Land-2.toml").replace(until="2008-12", persons_per_agent=5)
    assert not scenario.orders, "nothing is paid that another country paid"
    world = NarcoDoor(scenario).run()
    nation, men = world.records.nation, world.world.places.young_men(world.world.start)
    assert 3 < 1000 * nation("n_members")[0] / men < 10
    assert nation("n_members")[-1] == pytest.approx(nation("n_members")[0], rel=0.2)
    people = world.world.places.population(world.world.start)
    ordinary = float(np.average(world.world.places.ordinary_homicide_rate, weights=people))
    rate = float(nation("new_homicides").sum() / 2 * 1e5 / people.sum())
    assert 0.5 * ordinary < rate < 2 * ordinary
    assert people.sum() == 700_000


def test_nothing_is_overwritten(file: Path) -> None:
    before = {path: path.read_bytes() for path in (file, *file.with_suffix("").iterdir())}
    with pytest.raises(UserError, match="atlantis exists already and is left as it is"):
        write_country("atlantis", folder=file.parent)
    assert before == {path: path.read_bytes() for path in (file, *file.with_suffix("").iterdir())}
    (file.parent / "lemuria.toml").write_text("mine", encoding="utf-8")
    with pytest.raises(UserError, match=r"lemuria.toml exists already"):
        write_country("lemuria", folder=file.parent)
    assert not (file.parent / "lemuria").exists()


@pytest.mark.parametrize(
    ("name", "message"),
    [("mexico", "comes with narco-door already"), ("a/b", "is not a name"), ("", "is not a name")],
)
def test_a_name_that_cannot_be_is_refused(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        write_country(name, folder=tmp_path)
    with pytest.raises(UserError, match="there is no folder"):
        write_country("atlantis", folder=tmp_path / "nowhere")


def test_a_path_is_read_from_where_the_file_lies(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = str(file.with_suffix(""))
    (file.parent / "below").mkdir()
    child = file.parent / "below" / "child.toml"
    child.write_text('title = "a"\nquestion = "b"\nextends = "../atlantis.toml"\n', encoding="utf-8")
    assert load_one(child).run.places == load_one(file).run.places == home
    monkeypatch.chdir(file.parent)
    assert load_one("no_new_money", sets=["run.places=./atlantis"]).run.places == home
    again = scenario_from_toml(load_one(file).to_toml())
    assert again.run == load_one(file).run
    assert again.digest == load_one(file).digest


def test_bounds_of_a_fact_are_those_of_its_country(file: Path) -> None:
    assert load_one(file, sets=["parameters.members_first=1000"]).parameters["members_first"] == 1000
    with pytest.raises(UserError, match=r'"members_first" = 1000 .* from 40000 to 140000, as "mexico" has it'):
        load_one("baseline", sets=["parameters.members_first=1000"])


def test_a_world_with_more_than_a_tenth_of_its_young_men_inside_is_refused(file: Path) -> None:
    men = 81_662
    assert load_one(file, sets=[f"parameters.members_first={men // 10}"])
    crowd = r"members_first = 8,167 is 10% of the 81,662 men of 16-29 .* expected a tenth at most: change members_first in its"
    with pytest.raises(UserError, match=f"in --set parameters.members_first=8167: {crowd}"):
        load_one(file, sets=["parameters.members_first=8167"])
    facts = file.with_suffix("") / "facts.toml"
    facts.write_text(facts.read_text(encoding="utf-8").replace("value = 442", "value = 8167"), encoding="utf-8")
    with pytest.raises(UserError, match=f"^{crowd}"):
        load_one(file)


def test_a_country_that_borrows_mexicos_underworld_is_refused(file: Path) -> None:
    """What made a quarter of the youths members without a word."""
    (file.with_suffix("") / "facts.toml").write_text('borrows = "mexico"\n', encoding="utf-8")
    borrowed = parameters("mexico")["members_first"].value
    with pytest.raises(
        UserError, match=rf"members_first = {borrowed:,.0f} is {borrowed / 816.62:.0f}% of the 81,662 men"
    ):
        load_one(file)


def test_a_table_is_part_of_what_makes_a_run_and_a_remark_on_a_fact_is_not(file: Path) -> None:
    home = file.with_suffix("")
    before, mexico = model_digest(str(home)), model_digest("mexico")
    facts = home / "facts.toml"
    facts.write_text(facts.read_text(encoding="utf-8").replace("Invented", "Made up"), encoding="utf-8")
    assert model_digest(str(home)) == before
    youth = home / "youth.csv"
    youth.write_text(youth.read_text(encoding="utf-8").replace("3333", "3334"), encoding="utf-8")
    assert model_digest(str(home)) != before
    assert model_digest("mexico") == mexico != model_digest("medellin")


def test_every_country_states_every_fact() -> None:
    for country in ("mexico", "medellin"):
        assert parameters(country).keys() == parameters().keys()
