"""What is wrong in a scenario is one message: where, what, what was expected, which name is near."""

from pathlib import Path

import pytest

from narco_door.base.errors import UserError
from narco_door.base.months import month_number
from narco_door.scenario import load_one, load_scenario
from narco_door.scenario.plan import Comparison
from scenario_texts import BOUNDED, HEAD, phase, write

ORDER = """[[order]]
lever = "policing"
channel = "aid"
from = "2007-01"
to = "2007-02"
musd_year = 1
allocation = "need"
phase = "x"
"""

RESOLVED = HEAD + '[resolved]\nname = "x"\nlineage = []\n'


def when(side: str = "above = 20", *, of: str = "order", place: str = "00", record: str = "homicide_rate") -> str:
    """Write the condition of an order or a law."""
    return f'[{of}.when]\n{side}\nplace = "{place}"\nrecord = "{record}"\nphase = "x"\nfrom = "2007-01"\n'


# what is wrong, and what the message must say: the line and the words

WRONG = {
    "nothing": ("", 1, '"title" is missing; expected a text in quotes'),
    "empty title": ('title = ""\nquestion = "Q"\n', 1, '"title" is empty'),
    "unknown key": (HEAD + 'titel = "x"\n', 3, 'unknown key "titel"; did you mean "title"?'),
    "key in the wrong place": (HEAD + "seed = 3\n", 3, 'unknown key "seed"; it belongs in [run]'),
    "key twice": (
        HEAD + "[run]\nseed = 3\nseed = 4\n",
        5,
        '"run.seed" is given twice; the first is in line 4',
    ),
    "table twice": (HEAD + "[run]\nseed = 3\n[run]\n", 5, '"run" is given twice; the first is in line 3'),
    "no value": (HEAD + "[run]\nseed =\n", 4, "not valid TOML"),
    "open quote": (HEAD + 'argued_by = "open\n', 3, "not valid TOML"),
    "date without quotes": (HEAD + "[run]\nfrom = 2007-01\n", 4, "a text in quotes"),
    "whole date": (HEAD + "[run]\nfrom = 2007-01-01\n", 4, 'like "2011-04"; got 2007-01-01'),
    "month 13": (HEAD + '[run]\nfrom = "2007-13"\n', 4, 'expected a month like "2011-04", got "2007-13"'),
    "run backwards": (HEAD + '[run]\nfrom = "2010-01"\nto = "2009-12"\n', 5, "the run ends before it begins"),
    "no replicates": (HEAD + "[run]\nreplicates = 0\n", 4, '"replicates" = 0 in [run] is out of bounds'),
    "half a replicate": (HEAD + "[run]\nreplicates = 2.5\n", 4, "expected a whole number from 1"),
    "seed is true": (
        HEAD + "[run]\nseed = true\n",
        4,
        "expected a whole number from 0 to 9223372036854775807; got true",
    ),
    "unknown places": (HEAD + '[run]\nplaces = "mexiko"\n', 4, 'did you mean "mexico"?'),
    "run is no table": (HEAD + "run = 3\n", 3, '"run" is a table, written [run]; got 3'),
    "unknown parameter": (
        HEAD + f"[parameters]\n{BOUNDED.name}x = 1\n",
        4,
        f'did you mean "{BOUNDED.name}"?',
    ),
    "parameter too high": (HEAD + f"[parameters]\n{BOUNDED.name} = 1e300\n", 4, f"({BOUNDED.unit}) from"),
    "parameter in quotes": (
        HEAD + f'[parameters]\n{BOUNDED.name} = "1"\n',
        4,
        "has the wrong type; expected a number",
    ),
    "parameter nan": (
        HEAD + f"[parameters]\n{BOUNDED.name} = nan\n",
        4,
        "= nan in [parameters] is out of bounds",
    ),
    "switch is a number": (HEAD + "[switches]\npeers = 0\n", 4, "expected true or false; got 0"),
    "unknown switch": (
        HEAD + "[switches]\npeer = false\n",
        4,
        'unknown switch "peer" in [switches]; did you mean "peers"?',
    ),
    "money in words": (
        HEAD + phase('[phase.set]\npolicing = "250 m"\n'),
        9,
        "expected US$ m a year, a number like 250",
    ),
    "money missing": (HEAD + phase("[phase.set]\npolicing =\n"), 9, "the line says `policing =`"),
    "money negative": (
        HEAD + phase("[phase.set]\npolicing = -3\n"),
        9,
        '"policing" = -3 in [phase.set] of "War"',
    ),
    "money nan": (HEAD + phase("[phase.add]\npolicing = nan\n"), 9, "out of bounds; expected US$ m a year"),
    "money infinite": (HEAD + phase("[phase.add]\npolicing = inf\n"), 9, "out of bounds"),
    "money absurd": (HEAD + phase("[phase.add]\npolicing = 2e6\n"), 9, "at most 1000000"),
    "unknown lever": (
        HEAD + phase("[phase.set]\nkingpin_operaton = 5\n"),
        9,
        'did you mean "kingpin_operations"?',
    ),
    "lever in the phase": (HEAD + phase("policing = 5\n"), 8, "it belongs in [phase.set] or [phase.add]"),
    "parameter as lever": (
        HEAD + phase(f"[phase.set]\n{BOUNDED.name} = 1\n"),
        9,
        "it belongs in [parameters]",
    ),
    "no source": (HEAD + phase().replace('source = "s"\n', ""), 3, '"source" is missing in [phase] of "War"'),
    "no money": (HEAD + phase(""), 3, '"War" gives no money'),
    "a channel for no money": (
        HEAD + phase("[phase.law]\npurge = 0.5\n", extra='channel = "aid"\n'),
        8,
        '"War" pays for nothing, so nothing reads its "channel"',
    ),
    "phase backwards": (HEAD + phase(start="2009-01"), 6, '"War" ends (2008-12) before it begins (2009-01)'),
    "phase after the run": (
        HEAD + '[run]\nto = "2010-12"\n' + phase(start="2011-01", to="2011-12"),
        7,
        '"War" begins (2011-01) after the run has ended (2010-12); expected an earlier month, or a later [run] "to"',
    ),
    "phase before the run": (
        HEAD + phase(start="2001-01", to="2006-12"),
        6,
        '"War" ends (2006-12) before the run begins (2007-01); expected a later month, or an earlier [run] "from"',
    ),
    "another millennium": (HEAD + phase(start="1011-04"), 5, 'expected a month like "2011-04", got "1011-04"'),
    "wide digits": (HEAD + phase(start="２０１１-04"), 5, "expected a month"),
    "month in words": (HEAD + phase(start="Jan 2007"), 5, '"from" in [phase] of "War": expected a month'),
    "overlap": (
        HEAD + phase() + phase("[phase.add]\npolicing = 5\n", name="Peace", start="2008-12", to="2010-12"),
        16,
        ('two phases pay "policing" in the same months: "War" (2007-01 to 2008-12) and "Peace" (2008-12 to 2010-12)'),
    ),
    "set and add": (
        HEAD + phase("[phase.set]\npolicing = 5\n[phase.add]\npolicing = 5\n"),
        11,
        "both in [phase.set]",
    ),
    "unknown channel": (HEAD + phase(extra='channel = "aids"\n'), 8, 'did you mean "aid"?; got "aids"'),
    "unknown allocation": (HEAD + phase(extra='allocation = "needs"\n'), 8, 'did you mean "need"?'),
    "half allocated": (HEAD + phase(extra='allocation = {"08" = 0.5}\n'), 8, "sum to 1; these sum to 0.5"),
    "negative share": (HEAD + phase(extra='allocation = {"08" = -1, "09" = 2}\n'), 8, "from 0 to 1; got -1"),
    "unknown place": (
        HEAD + phase(extra='allocation = {"8" = 1}\n'),
        8,
        'no place "8" in the table "mexico"; did you mean "08"?',
    ),
    "place by name": (
        HEAD + phase(extra='allocation = {"Guerrero" = 1}\n'),
        8,
        'no place "Guerrero" in the table "mexico"; did you mean "12"?',
    ),
    "shares of nothing": (
        HEAD + phase('[phase.set]\npolicing = 5\n[phase.allocations]\ncourts = "need"\n'),
        11,
        'of "courts" but gives it none',
    ),
    "one phase": (HEAD + '[phase]\nname = "x"\n', 3, "each under [[phase]]"),
    "unknown parent": (HEAD + 'extends = "baselin"\n', 3, 'did you mean "baseline"?'),
    "comparison as parent": (HEAD + 'extends = "merida"\n', 3, "only a scenario can be extended"),
    "missing file": (HEAD + 'extends = "nowhere.toml"\n', 3, "there is no file"),
    "extends itself": (HEAD + 'extends = "mine.toml"\n', 3, "extends itself: mine > mine"),
    "orders by hand": (
        HEAD + ORDER,
        3,
        "expected [[phase]]",
    ),
    "resolved name": (HEAD + '[resolved]\nname = "a/b"\nlineage = []\n', 4, '"a/b" is not a name; expected letters'),
    "orders with an unknown place": (
        RESOLVED + ORDER.replace('"need"', '{ "99" = 1.0 }'),
        12,
        'no place "99" in the table "mexico"; expected a code from 01 to 32',
    ),
    "orders of more than all taxes": (
        RESOLVED + (ORDER + "share = 0.6\n") * 2,
        14,
        "earmarks of 2007-01 come to 1.2 of the taxes; expected 1 at most",
    ),
    "orders waiting for nothing": (RESOLVED + ORDER + when(record="nonsense"), 17, 'no record "nonsense"'),
    "orders waiting nowhere": (RESOLVED + ORDER + when(place="99"), 16, 'no place "99" in the table "mexico"'),
    "orders without a threshold": (RESOLVED + ORDER + when(""), 14, 'expected either "above" or "below"'),
    "orders until two thresholds": (
        RESOLVED + ORDER + when("above = 1\nbelow = 2", of="order").replace("[order.when]", "[[order.unless]]"),
        14,
        'expected either "above" or "below"',
    ),
    "laws waiting for nothing": (
        RESOLVED
        + '[[law]]\nlaw = "excise"\nfrom = "2007-01"\nto = "2007-02"\nvalue = 0.1\nphase = "x"\n'
        + when(of="law", record="nonsense"),
        15,
        'no record "nonsense"',
    ),
    "arm twice": (
        HEAD + '[compare]\narms = ["mixed", "mixed"]\nreference = "baseline"\n',
        4,
        '"mixed" is named twice',
    ),
    "arm is reference": (
        HEAD + '[compare]\narms = ["mixed"]\nreference = "mixed"\n',
        4,
        "it cannot be an arm too",
    ),
    "unknown arm": (
        HEAD + '[compare]\narms = ["mixd"]\nreference = "baseline"\n',
        4,
        'did you mean "mixed"?',
    ),
    "arms in words": (
        HEAD + '[compare]\narms = "mixed"\nreference = "baseline"\n',
        4,
        'like ["doors_first", "mixed"]; got "mixed"',
    ),
    "nested comparison": (
        HEAD + '[compare]\narms = ["merida"]\nreference = "baseline"\n',
        4,
        "a comparison itself",
    ),
    "no reference": (HEAD + '[compare]\narms = ["mixed"]\n', 3, '"reference" is missing in [compare]'),
    "phase in comparison": (
        HEAD + '[compare]\narms = ["mixed"]\nreference = "baseline"\n' + phase(),
        6,
        'unknown key "phase"',
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_one_message_says_where_and_what(case: str, tmp_path: Path) -> None:
    text, line, words = WRONG[case]
    path = write(tmp_path, text)
    with pytest.raises(UserError) as error:
        load_scenario(path)
    first = next(row for row in str(error.value).splitlines() if words in row)
    assert first.startswith(f"{path}:{line}: "), first


def test_all_problems_are_told_in_the_order_of_the_lines(tmp_path: Path) -> None:
    with pytest.raises(UserError) as error:
        load_scenario(write(tmp_path, HEAD + "[run]\nsede = 1\n[switches]\npeers = 1\n"))
    assert [row.split(":")[1] for row in str(error.value).splitlines()] == ["4", "6"]


def test_a_loop_of_extends_is_shown(tmp_path: Path) -> None:
    write(tmp_path, HEAD + 'extends = "b.toml"\n', "a")
    write(tmp_path, HEAD + 'extends = "c.toml"\n', "b")
    write(tmp_path, HEAD + 'extends = "a.toml"\n', "c")
    with pytest.raises(UserError, match="extends itself: a > b > c > a"):
        load_scenario(tmp_path / "a.toml")


def test_arms_that_differ_in_their_run_cannot_be_compared(tmp_path: Path) -> None:
    more = phase("[phase.add]\narmy = 5\n")
    write(tmp_path, HEAD + 'extends = "baseline"\n[run]\nto = "2010-12"\n' + more, "short")
    compare = '[compare]\narms = ["short.toml"]\nreference = "baseline"\n'
    with pytest.raises(UserError, match='"short" and "baseline" differ in "end"'):
        load_scenario(write(tmp_path, HEAD + compare))
    agreed = load_scenario(write(tmp_path, HEAD + compare + '[run]\nto = "2012-12"\n'))
    assert isinstance(agreed, Comparison)
    assert {arm.run.end for arm in agreed.scenarios} == {month_number("2013-01")}


def test_a_file_that_cannot_be_read_is_the_users_error(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b'title = "\xff"\n')
    with pytest.raises(UserError, match="not a UTF-8 text"):
        load_scenario(path)
    with pytest.raises(UserError, match="there is no file"):
        load_scenario(tmp_path / "none.toml")
    with pytest.raises(UserError, match='did you mean "baseline"'):
        load_scenario("baselne")


@pytest.mark.parametrize("name", [".mine", "-mine", " mine", "mi:ne"])
def test_a_file_whose_name_cannot_name_a_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError, match=rf'{name}.toml: "{name}" is not a name for a scenario; expected letters'):
        load_scenario(write(tmp_path, HEAD, name))


@pytest.mark.parametrize("name", ["mi escenario", "año_2.5", "_x-1"])
def test_a_name_may_hold_spaces_dots_and_any_letter(tmp_path: Path, name: str) -> None:
    loaded = load_scenario(write(tmp_path, HEAD, name))
    assert loaded.name == name


def test_a_run_ends_with_the_table_of_people() -> None:
    medellin = load_one("medellin_2003", sets=["run.after=nothing"])
    assert medellin.replace(until="2020-06").run.end == month_number("2020-07")
    with pytest.raises(UserError, match='until: the table of people "medellin" reaches from 2000-07 to 2020-06; got'):
        medellin.replace(until="2020-07")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["run.sed=3"], 'in --set run.sed=3: unknown key "sed" in [run]; did you mean "seed"?'),
        (["run.seed"], "expected one of run.seed=3"),
        (["run.seed="], "expected one of run.seed=3"),
        (["rum.seed=3"], 'unknown section "rum"; did you mean "run"?'),
        (["run.to=2006-12"], "the run ends before it begins"),
        ([f"parameters.{BOUNDED.name}=1e300"], "is out of bounds"),
        (["switches.peers=no"], 'expected true or false; got "no"'),
        (["add.policing=5"], "expected months, like add.LEVER@2011-04..2026-12=500"),
        (["add.policng@2011-04..2012-12=5"], 'did you mean "policing"?'),
        (["add.policing@2011-4..2012-12=5"], 'got "2011-4"'),
        (["add.policing@2012-04..2011-12=5"], "before it begins"),
        (["add.policing@2001-04..2006-12=5"], "ends (2006-12) before the run begins (2007-01)"),
        (["add.policing@2011-04..2012-12=-5"], "is out of bounds, at least 0; expected US$ m a year"),
        (["add.policing@2011-04..2012-12=5 m"], 'got "5 m"'),
        (["run.seed=1", "run.seed=2"], "in --set run.seed=2: this is set twice; the first is run.seed=1"),
        (["add.courts@2011-04..2012-12=5", "set.courts@2012-12..2013-01=5"], 'two phases pay "courts"'),
    ],
)
def test_options_obey_the_rules_of_files(options: list[str], words: str) -> None:
    with pytest.raises(UserError) as error:
        load_scenario("baseline", sets=options)
    assert words in str(error.value)
    assert str(error.value).startswith("in --set ")
