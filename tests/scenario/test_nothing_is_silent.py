"""What is accepted is used: what would change nothing is told, what would end or be passed over is refused."""

from __future__ import annotations

import unicodedata
import warnings
from pathlib import Path

import pytest

from narco_door.base.errors import UserError
from narco_door.base.months import FOREVER, month_number
from narco_door.scenario import (
    Comparison,
    Idle,
    Scenario,
    claim_scenarios,
    list_scenarios,
    load_comparison,
    load_one,
    load_scenario,
    scenario_from_toml,
)
from scenario_texts import HEAD, phase, write

ALL_OWN = phase(
    '[phase.set]\npolicing = 5\n[phase.allocations]\npolicing = "population"\n', extra='allocation = "violence"\n'
)

# what changes nothing ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("switches.peers=true", '"peers" is true already; this changes nothing'),
        ("parameters.leakage=0.3", '"leakage" is 0.3 already; this changes nothing'),
        ("add.policing@2008-01..2009-01=0", '0 more for "policing" changes nothing'),
    ],
)
def test_an_option_that_changes_nothing_is_told(option: str, words: str) -> None:
    with pytest.warns(Idle, match=f"^in --set {option}: {words}$"):
        loaded = load_scenario("baseline", sets=[option])
    assert isinstance(loaded, Scenario)
    assert loaded.digest == load_one("baseline").digest


def test_a_line_that_changes_nothing_is_told_with_its_place(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + "[switches]\npeers = true\n" + ALL_OWN)
    assert [sentence.split(": ")[0] for sentence in load_one(path).idle] == [f"{path}:4", f"{path}:10"]
    assert '"War" has its own in [phase.allocations]; nothing reads this one' in load_one(path).idle[1]


def test_off_and_on_again_is_no_idle_word(tmp_path: Path) -> None:
    write(tmp_path, HEAD + "[switches]\npeers = false\n", "parent")
    child = write(tmp_path, HEAD + 'extends = "parent.toml"\n[switches]\npeers = true\n')
    assert load_one(child).idle == ()


@pytest.mark.parametrize("name", [*list_scenarios(), *claim_scenarios()])
def test_what_comes_with_narco_door_says_nothing_idle(name: str) -> None:
    loaded = load_scenario(name)
    assert loaded.idle == ()
    for scenario in loaded.scenarios if isinstance(loaded, Comparison) else (loaded,):
        assert scenario_from_toml(scenario.to_toml()).idle == (), "written out in full it says everything on purpose"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("order = []", "stands only in written-out scenarios"),
        ("law = []", "stands only in written-out scenarios"),
        ("phase = []", '"phase" is empty: it takes away nothing of what the scenario stands on'),
    ],
)
def test_an_empty_list_that_takes_nothing_away_is_refused(line: str, words: str, tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + f'extends = "doors_first"\n{line}\n')
    with pytest.raises(UserError, match=words) as problem:
        load_scenario(path)
    assert str(problem.value).startswith(f"{path}:4: ")


# beyond the last month of which the files speak -------------------------------------------------------------------


def test_a_run_beyond_what_its_files_speak_of_is_refused() -> None:
    baseline = load_one("baseline")
    assert baseline.horizon == month_number("2027-01")
    with pytest.raises(
        UserError, match=r'^until: the files say what is paid to 2026-12 and the run goes on to 2031-12: "C'
    ):
        baseline.replace(until="2031-12")
    with pytest.raises(UserError, match=r"^in --set run.to=2031-12: the files say .*--set run.after=same"):
        load_one("doors_first", sets=["run.to=2031-12"])
    with pytest.raises(UserError, match=r'"The pact" would end without a word'):  # a law, too
        load_one("medellin_2003", sets=["run.to=2017-12"])


def test_what_is_paid_after_can_be_chosen() -> None:
    plain = load_one("baseline")
    same = load_one("baseline", sets=["run.to=2031-12", "run.after=same"])
    none = load_one("baseline", sets=["run.to=2031-12", "run.after=nothing"])
    for lever, years in plain.spending().items():
        assert same.spending()[lever][2031] == years[2026]
        assert 2027 not in none.spending()[lever]
    for chosen in (same, none):
        assert chosen.replace(until="2040-12").run.end == month_number("2041-01")
        assert scenario_from_toml(chosen.to_toml()) == chosen
    assert {order.end for order in same.orders} > {FOREVER}


def test_phases_may_go_on_with_any_run() -> None:
    levers = {lever for lever, years in load_one("baseline").spending().items() if 2026 in years}
    after = [f"set.{lever}@2027-01..end={k}" for k, lever in enumerate(sorted(levers))]  # the first is paid nothing
    told = load_one("baseline", sets=["run.to=2031-12", *after])
    assert {lever: years[2031] for lever, years in told.spending().items() if 2031 in years} == pytest.approx(
        {lever: k for k, lever in enumerate(sorted(levers)) if k}
    )
    with pytest.raises(UserError, match="would end without a word"):
        load_one("baseline", sets=["run.to=2031-12", *after[1:]])
    more = [after[0].replace("set.", "add.").replace("=0", "=1"), *after[1:]]
    with pytest.raises(UserError, match="would end without a word"):  # more than what is no longer paid
        load_one("baseline", sets=["run.to=2031-12", *more])


def test_a_file_may_end_before_its_run_and_a_shorter_run_is_the_same(tmp_path: Path) -> None:
    mine = load_one(write(tmp_path, HEAD + '[run]\nto = "2012-12"\n' + phase(to="2010-12")))
    assert mine.horizon == FOREVER
    assert mine.replace(until="2014-12").spending() == mine.spending()
    short = load_one("baseline").replace(until="2009-12")
    assert scenario_from_toml(short.to_toml()) == short
    with pytest.raises(UserError, match="to 2026-12"):
        scenario_from_toml(short.to_toml()).replace(until="2030-12")


# names ------------------------------------------------------------------------------------------------------------


def test_a_copy_goes_by_its_files_name(tmp_path: Path) -> None:
    text = load_one("doors_first").to_toml()
    copy = load_one(write(tmp_path, text, "y"))
    assert (copy.name, copy.lineage) == ("y", ("baseline", "doors_first", "y"))
    assert copy.digest == load_one("doors_first").digest
    assert load_one(write(tmp_path, text, "doors_first")) == load_one("doors_first")
    assert scenario_from_toml(text) == load_one("doors_first")


def test_a_name_of_which_another_file_lies_here_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = write(tmp_path, load_one("doors_first").to_toml().replace("= 250.0", "= 251.0"), "doors_first")
    child = write(tmp_path, HEAD + 'extends = "doors_first"\n', "child")
    refused = (
        lambda: load_scenario("doors_first"),
        lambda: load_comparison(["doors_first"], reference="baseline"),
        lambda: load_scenario(child),
    )
    for read in refused:
        with pytest.raises(
            UserError, match=r'"doors_first" comes with narco-door, .* write "./doors_first.toml" for it'
        ):
            read()
    mine = load_scenario("./doors_first.toml")
    assert isinstance(mine, Scenario)
    assert mine.digest != load_one("doors_first").digest, "the program's own readers mean narco-door's"
    path.write_bytes((Path(__file__).parents[2] / "scenarios" / "doors_first.toml").read_bytes())
    assert load_scenario("doors_first") == load_one("doors_first")


@pytest.mark.parametrize("file", ["my_policy (1).toml", "_mine.toml", "mine.TOML", "an\u0303o.toml"])
def test_a_file_may_be_called_as_browsers_and_other_systems_call_it(file: str, tmp_path: Path) -> None:
    (tmp_path / file).write_text(HEAD, encoding="utf-8")
    name = unicodedata.normalize("NFC", file).rsplit(".", 1)[0]
    assert load_one(tmp_path / file).name == name
    assert load_one(tmp_path / unicodedata.normalize("NFC", file)).name == name, "however its accents are composed"


def test_a_mark_of_byte_order_and_line_ends_of_other_systems_are_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    for end in ("\r\n", "\r", "\n"):
        path.write_bytes(b"\xef\xbb\xbf" + (HEAD + phase()).replace("\n", end).encode())
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert load_one(path) == scenario_from_toml(HEAD + phase(), name="mine")
