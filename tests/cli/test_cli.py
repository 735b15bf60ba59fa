"""The command line: words in, words out; the user's errors are one message and exit code 2."""

import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from narco_door.base.errors import UserError
from narco_door.cli import app
from narco_door.cli.looking import SUBJECTS
from narco_door.cli.printing import say
from narco_door.cli.validating import dealt
from narco_door.month.model import NarcoDoor
from narco_door.runs.inputs import Experiment
from narco_door.runs.options import RunOptions
from narco_door.scenario import load_one, load_scenario
from narco_door.show.catalogue import CATALOGUE

SMALL = [
    "--persons-per-agent",
    "5000",
    "--until",
    "2007-03",
    "--replicates",
    "2",
    "--workers",
    "1",
    "--no-figures",
]


def narco_door(*words: str, env: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(app, list(words), env=env)


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_help_answers_without_the_heavy_modules() -> None:
    code = (
        "import sys, narco_door.cli\n"
        "heavy = {'numpy', 'numba', 'mesa', 'polars', 'matplotlib', 'pydantic', 'solara', 'rich'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    answer = narco_door("--help")
    assert answer.exit_code == 0
    assert all(word in answer.output for word in ("run", "compare", "scenarios", "show", "new", "explain", "validate"))


def test_commands_that_run_have_the_same_options_but_the_last_month_of_what_is_calibrated() -> None:
    shared = ("--replicates", "--sets", "--seed", "--persons-per-agent", "--workers", "--out")
    for command in ("run", "compare", "sensitivity", "validate", "claims", "trials", "explain"):
        told = narco_door(command, "--help").output
        assert all(option in told for option in shared), command
        assert ("--until" in told) == (command in ("run", "compare", "sensitivity"))
    assert re.search(r"--replicates .*\n?.*\[default:\s+8\]", narco_door("trials", "--help").output)


def test_scenarios_are_listed_with_their_questions() -> None:
    answer = narco_door("scenarios")
    assert answer.exit_code == 0
    assert "doors_first" in answer.output
    assert "comparison" in answer.output


def test_a_plan_shows_money_what_it_buys_and_the_difference() -> None:
    answer = narco_door("show", "doors_first", "--set", "switches.fear=false")
    assert answer.exit_code == 0
    assert "baseline > doors_first" in answer.output
    assert "2011-04 to 2026-12: 250" in answer.output
    assert "scholarship-months" in answer.output
    assert re.search(r"fear +on +off", answer.output)


def test_a_comparison_shows_each_arm_beside_the_reference() -> None:
    answer = narco_door("show", "merida")
    assert answer.exit_code == 0
    assert answer.output.count("how much more than in baseline") == 2


def test_a_plan_written_out_reads_back() -> None:
    answer = narco_door("show", "mixed", "--toml")
    Path("mixed.toml").write_text(answer.output, encoding="utf-8")
    assert load_one("./mixed.toml") == load_one("mixed")


@pytest.mark.parametrize("subject", CATALOGUE)
def test_every_subject_is_explained(subject: str) -> None:
    answer = narco_door("explain", subject)
    assert answer.exit_code == 0
    assert len(answer.output.splitlines()) > 8
    assert subject in SUBJECTS, "the help of explain does not say so"


@pytest.mark.parametrize(
    "words", [("parameters", "--time"), ("levers", "--replicates", "3"), ("schema", "--language", "es")]
)
def test_what_a_subject_has_no_use_for_is_refused(words: tuple[str, ...]) -> None:
    answer = narco_door("explain", *words)
    assert answer.exit_code == 2
    assert words[1] in answer.stderr
    assert words[0] in answer.stderr


def test_the_order_that_is_printed_is_the_order_in_which_a_month_is_lived() -> None:
    printed = re.findall(r"^ +\d +(?:\w+\.)?(\w+) ", narco_door("explain", "order").stdout, flags=re.MULTILINE)
    model = NarcoDoor(load_one("baseline").replace(persons_per_agent=5000, until="2007-01"))
    lived: list[str] = []

    def look(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_name in printed and "month" in Path(code.co_filename).parts:
            lived.append(code.co_name)

    sys.setprofile(look)
    try:
        model.step()
    finally:
        sys.setprofile(None)
    assert len(printed) > 5
    assert list(dict.fromkeys(lived)) == printed


def test_the_schema_is_json() -> None:
    assert json.loads(narco_door("explain", "schema").output)["$schema"].startswith("https://json-schema.org")


def test_the_beats_are_timed() -> None:
    answer = narco_door("explain", "order", "--time")
    assert answer.exit_code == 0, answer.stderr
    assert re.search(r"choose .*\d+\.\d", answer.output)


# a new file


def test_a_new_file_runs_as_it_is_and_with_every_remark_used(tmp_path: Path) -> None:
    assert narco_door("new", "my_try").exit_code == 0
    mine, baseline = load_scenario("my_try.toml"), load_scenario("baseline")
    assert mine.digest == baseline.digest  # type: ignore[union-attr]
    text = (tmp_path / "my_try.toml").read_text(encoding="utf-8")
    used = re.sub(r"^# (?=\[|\w+ += )", "", text, flags=re.MULTILINE).replace("NAME = 0.5", "")
    Path("used.toml").write_text(used, encoding="utf-8")
    assert len(used.splitlines()) == len(text.splitlines())
    changed = load_one("used.toml")
    assert not any(changed.switches.plain().values())


def test_a_new_file_can_stand_on_a_file_of_ones_own() -> None:
    Path("plans").mkdir()
    assert narco_door("new", "first", "--extends", "mixed").exit_code == 0
    assert narco_door("new", "second", "--extends", "first.toml", "--out", "plans").exit_code == 0
    second = load_scenario("plans/second.toml")
    assert second.lineage == ("baseline", "mixed", "first", "second")  # type: ignore[union-attr]


def test_a_file_is_never_written_over() -> None:
    Path("mine.toml").write_text("precious", encoding="utf-8")
    answer = narco_door("new", "mine")
    assert answer.exit_code == 2
    assert "exists already" in answer.stderr
    assert Path("mine.toml").read_text(encoding="utf-8") == "precious"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "baselin"], 'did you mean "baseline"'),
        (["run", "baseline", "--set", "run.sed=1"], 'did you mean "seed"'),
        (["run", "baseline", "--set", "add.policing@2011-04..2012-12=-1"], "out of bounds"),
        (["run", "baseline", "--replicates", "0"], "replicates is a whole number from 1"),
        (["run", "baseline", "--until", "2003"], 'like "2011-04"'),
        (["explain", "levers", "--sets", "4"], '--sets: "levers" is not run'),
        (["run", "baseline", "--workers", "0"], "workers"),
        (["run", "baseline", "nothing"], 'there is no scenario "nothing"'),
        (["compare", "baseline"], "nothing to compare"),
        (["compare", "baseline", "merida"], "expected a scenario"),
        (["compare", "mixed", "--reference", "nobody"], 'there is no scenario "nobody"'),
        (["show", "nothing"], 'there is no scenario "nothing"'),
        (["new", "baseline"], "comes with narco-door already"),
        (["new", "a b"], "is not a name"),
        (["new", "mine", "--extends", "merida"], "only a scenario can be extended"),
        (["new", "mine", "--out", "nowhere"], "there is no folder nowhere"),
        (["explain", "ordr"], 'did you mean "order"'),
    ],
)
def test_a_users_error_is_one_message_and_nothing_is_written(words: list[str], said: str, tmp_path: Path) -> None:
    answer = narco_door(*words)
    assert answer.exit_code == 2, answer.output
    assert said in answer.stderr
    assert answer.stderr.startswith("narco-door: ")
    assert "Traceback" not in answer.output
    assert not list(tmp_path.iterdir())


def test_a_wrong_file_is_told_with_its_line() -> None:
    Path("mine.toml").write_text('title = "T"\nquestion = "Q"\nextend = "baseline"\n', encoding="utf-8")
    answer = narco_door("run", "mine.toml")
    assert answer.exit_code == 2
    assert answer.stderr == 'narco-door: mine.toml:3: unknown key "extend"; did you mean "extends"?\n'


def test_a_fault_of_the_program_shows_no_traceback_unless_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr("narco_door.runs.experiment.run", broken)
    answer = narco_door("run", "baseline")
    assert answer.exit_code == 1
    assert "ZeroDivisionError: oops" in answer.stderr
    assert "Traceback" not in answer.stderr
    asked = narco_door("run", "baseline", env={"NARCO_DOOR_TRACEBACK": "1"})
    assert isinstance(asked.exception, ZeroDivisionError)


# running


def test_a_scenario_is_run_and_read_back(tmp_path: Path) -> None:
    first = narco_door("run", "baseline", *SMALL)
    assert first.exit_code == 0, first.stderr
    assert "members of cartels" in first.output
    assert "mean of 2 replicates" in first.output
    asked = narco_door("run", "baseline", *SMALL, "--csv", "years.csv")
    assert asked.output == f"{first.output}written: years.csv\n"
    years = pl.read_csv("years.csv")
    assert set(years["year"]) == {2007}
    assert years["quantity"].n_unique() == 10
    (folder,) = (tmp_path / "results").iterdir()
    assert folder.name in first.output
    written = (folder / "manifest.json").stat().st_mtime_ns
    second = narco_door("run", "baseline", *SMALL)
    assert second.output == first.output
    assert (folder / "manifest.json").stat().st_mtime_ns == written


def test_a_comparison_says_compared_with_what() -> None:
    small = [*SMALL, "--set", "run.from=2011-01"]
    small[small.index("2007-03")] = "2011-08"
    answer = narco_door("compare", "no_new_money", "doors_first", *small, "--name", "mine", "--csv", "table.csv")
    assert answer.exit_code == 0, answer.stderr
    assert Path("table.csv").read_bytes().startswith(b"\xef\xbb\xbfscenario,")  # by which Excel knows UTF-8
    assert set(pl.read_csv("table.csv")["compared_with"]) == {"no_new_money"}
    assert [folder.name[:5] for folder in Path("results").iterdir()] == ["mine-"]
    assert "doors_first compared with no_new_money" in answer.output
    assert "entries averted" in answer.output
    assert "90 % interval" in answer.output


def test_a_home_is_meant_by_a_tilde(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(Path("home").resolve()))
    assert RunOptions(out="~/out").out == Path("home/out").resolve()
    with pytest.raises(UserError, match="the home of ~nobody_at_all is not known"):
        RunOptions(out="~nobody_at_all/out")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("compare", "baseline", "doors_first", "--name", "a/b"), '"a/b" is not a name'),
        (("compare", "baseline", "doors_first", "--csv", "no/t.csv"), "there is no folder no"),
        (("run", "baseline", "doors_first", "--csv", "t.csv"), "one file holds one table"),
    ],
)
def test_names_and_files_of_tables_are_looked_at_before_a_month(words: tuple[str, ...], said: str) -> None:
    answer = narco_door(*words)
    assert answer.exit_code == 2
    assert said in answer.stderr
    assert not list(Path().iterdir())


def test_pictures_of_fewer_replicates_do_not_replace_those_of_more(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr("narco_door.show.figures.write_all", lambda results, folder, **_: asked.append(folder.name))
    words = [word for word in SMALL if word != "--no-figures"]
    fewer = [*words, "--replicates", "1"]
    for given in (fewer, words, fewer):
        assert narco_door("run", "baseline", *given).exit_code == 0
    assert asked == ["figures", "figures", "figures-n1"]


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("ascii", "Mexico: -5 +- 3 - n ?"),
        ("cp1252", "México: -5 ± 3 – ñ ?"),
        ("cp932", "Mexico: －5 ± 3 - n 門"),
        ("utf-8", "México: −5 ± 3 – ñ 門"),
    ],
)
def test_consoles_of_other_encodings_get_the_nearest_letters(
    encoding: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    console = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", console)
    assert app(["scenarios"], standalone_mode=False) is None
    say("México: −5 ± 3 – ñ 門")
    console.flush()
    assert console.buffer.getvalue().decode(encoding).splitlines()[-1] == shown  # type: ignore[attr-defined]


def test_one_replicate_has_no_interval() -> None:
    words = [word if word != "2" else "1" for word in SMALL]
    assert "one replicate: no interval" in narco_door("run", "baseline", *words).output


def test_pictures_speak_spanish(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which words, the figures' own tests tell; here, that the command hands the language on and where they lie."""
    asked = []

    def write_all(results: object, folder: Path, *, language: str, **_: object) -> None:
        asked.append((folder.name, language))

    monkeypatch.setattr("narco_door.show.figures.write_all", write_all)
    words = [word for word in SMALL if word != "--no-figures"]
    for more in ([], ["--language", "es"]):
        assert narco_door("run", "baseline", *words, *more).exit_code == 0
    assert asked == [("figures", "en"), ("figuras", "es")]
    assert narco_door("run", "baseline", *words, "--language", "fr").exit_code == 2


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT to a child there")
def test_stopped_by_hand_it_says_what_is_kept(tmp_path: Path) -> None:
    words = [
        "run",
        "baseline",
        "--persons-per-agent",
        "2000",
        "--replicates",
        "40",
        "--workers",
        "1",
        "--no-figures",
    ]
    command = [sys.executable, "-c", "from narco_door.cli import app; app()", *words]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path)
    deadline = time.monotonic() + 240
    while (
        time.monotonic() < deadline and len(list(tmp_path.glob("results/*/shards/*"))) < 2
    ):  # the second begins when the first is kept
        time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert re.search(r"stopped; \d+ finished replicates are kept and can be read in results/baseline-", said)
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("run", "baseline", "--until", "2050-01"),
            'until: the table of youths "mexico" reaches from 2006-12 to 2048-12',
        ),
        (("show", "baseline", "--set", "run.from=1990-01"), "in --set run.from=1990-01: the table of youths"),
        (("run", "baseline", *SMALL, "--out", "a_file/out"), "expected a folder that can be written to"),
        (("claims", "1", "--persons-per-agent", "0"), "persons_per_agent is a whole number from 1 to 20000; got 0"),
        (("claims", "1", "--persons-per-agent", "-5"), "persons_per_agent is a whole number from 1 to 20000; got -5"),
        (("dashboard", "--host-name", "example.org"), "expected --public with it"),
        (("show", "13_scholarships"), 'did you mean "claims/13_scholarships"?'),
        (
            ("show", "baseline", "--set", "add.courts@2011-04..2012-12=-1"),
            "is out of bounds, at least 0; expected US$ m a year",
        ),
    ],
)
def test_what_cannot_be_done_is_said_at_once(words: tuple[str, ...], said: str) -> None:
    Path("a_file").write_text("", encoding="utf-8")
    answer = narco_door(*words)
    assert answer.exit_code == 2
    assert said in answer.stderr
    assert answer.stdout == ""
    assert [path.name for path in Path().iterdir()] == ["a_file"], "something was written"


def test_the_table_counts_from_the_month_that_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    made, of = list[object](), Experiment.of
    monkeypatch.setattr(Experiment, "of", lambda *asked: (made.append(asked), of(*asked))[1])
    doors = ["compare", "merida_doors", "--reference", "no_new_money", *SMALL]
    answer = narco_door(*doors, "--until", "2011-06", "--since", "2011-05")
    assert answer.exit_code == 0, answer.output
    assert len(made) == 1, "the experiment is made once"
    assert "from 2011-05 to 2011-06" in " ".join(answer.output.split())


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["run", "kingpins_vs_doors", "--since", "2031-01"], "expected one of 2007-01 to 2007-03"),
        (["run", "kingpins_vs_doors", "--since", "May"], 'expected a month like "2011-04", got "May"'),
        (["run", "baseline", "--since", "2007-02"], "is compared with nothing"),
        (["compare", "doors_first", "mixed", "--since", "2007-02", "--ablate", "all"], "expected no --ablate"),
    ],
)
def test_a_month_that_counts_nothing_is_refused_before_anything_runs(words: list[str], expected: str) -> None:
    answer = narco_door(*words, *SMALL)
    assert answer.exit_code == 2
    assert expected in " ".join(answer.output.split())
    assert not list(Path().iterdir())


def test_validate_says_first_what_is_worse_and_writes_the_ledger(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    answer = narco_door(
        "validate", "--replicates", "1", "--persons-per-agent", "20000", "--workers", "1", "--no-figures",
        "--out", str(tmp_path), "--csv", str(table), "--language", "es",
    )  # fmt: skip
    assert answer.exit_code == 0, answer.output
    assert answer.stdout.startswith("PEOR que el mejor pronóstico sin modelo")
    order = [
        answer.output.index(head) for head in ("PEOR", "  Ajustado", "  Verificado", "  Nunca ajustado:", "Puntajes de")
    ]
    assert order == sorted(order)
    home = tmp_path / "validate" / "n1-sets_1-1in20000-seed1"
    assert sorted(file.name for file in home.iterdir()) == ["ledger.csv", "scores.csv", "scores_by_state.csv"]
    assert pl.read_csv(table)["role"].to_list() == pl.read_csv(home / "ledger.csv")["role"].to_list()


def test_validate_deals_its_runs_over_sets_unless_the_fitted_numbers_are_asked_for() -> None:
    asked = (RunOptions(), RunOptions(replicates=4), RunOptions(replicates=32), RunOptions(sets=64), RunOptions(sets=0))
    found = [dealt(options) for options in asked]
    assert [(each.sets, each.replicates) for each in found] == [(16, 16), (4, 4), (16, 32), (64, 64), (0, 8)]


def test_compare_stands_on_sets_where_the_country_has_them(tmp_path: Path) -> None:
    options = ("--persons-per-agent", "20000", "--workers", "1", "--no-figures", "--out", str(tmp_path))
    said = narco_door(
        "compare", "doors_first", "--reference", "no_new_money", "--replicates", "2", "--until", "2011-06", *options
    )  # fmt: skip
    assert said.exit_code == 0, said.output
    assert "the same of 2 sets of numbers that history allows" in " ".join(said.output.split())
    assert "its 90 % interval" in said.output
    fitted = narco_door(
        "compare", "medellin_2003", "--reference", "medellin_without", "--replicates", "1", "--until", "2003-06", *options
    )  # fmt: skip
    assert fitted.exit_code == 0, fitted.output
    assert "with the fitted numbers" in " ".join(fitted.output.split())
    one = narco_door(
        "compare", "doors_first", "--reference", "no_new_money", "--replicates", "1", "--until", "2011-06", *options
    )  # fmt: skip
    assert "one pair of worlds under the same luck and with the first set of numbers" in " ".join(one.output.split())
