"""Each key that a file or an option may hold: said in vain it is told, with its place; said to some purpose it is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from narco_door.base.declared import laws, switches
from narco_door.country.facts import parameters
from narco_door.scenario import Idle, load_one, load_scenario, scenario_from_toml
from narco_door.scenario.conditions import TAXES
from scenario_texts import HEAD, phase, write

CHILD = HEAD + 'extends = "baseline"\n'  # the text of a case begins on the fourth line
EVENT = '[[event]]\nmonth = "2012-05"\nkind = "capture"\ncartel = "Gulf"\nplace = "28"\nsource = "s"\n'
OFF = "[switches]\nhistory = false\n"
TAXED = "[phase.law]\nsecurity_tax = 9\n"
LATE = {"start": "2012-12", "to": "2026-12"}  # of the police that the baseline keeps
VIOLENCE = 'allocation = "violence"\n'
WHEN = '[phase.when]\nrecord = "homicide_rate"\nabove = 20\n'

IN_VAIN = {
    "a law of 2007": (phase("[phase.law]\ntruce = 0\n"), 10, '"truce" is 0 in these months already; this changes nothing'),
    "a law that may wait": (phase("[phase.law]\ntruce = 0\n" + WHEN), 10, '"truce" is 0 in these months already'),
    "a law whose mechanism is off": (
        "[switches]\ntruce = false\n" + phase("[phase.law]\ntruce = 0.5\n"), 12,
        '"truce" works through the mechanism "truce", which is off; this changes nothing',
    ),
    "a law of the past": (
        phase("[phase.law]\ntruce = 0.5\n", start="2000-01", to="2006-12"), 7,
        '"War" is over (2006-12) before the run begins (2007-01); this changes nothing',
    ),
    "nothing instead of nothing": (phase("[phase.set]\narmy = 0\n"), 10, '"army" is paid nothing in these months already'),
    "nothing more": (phase("[phase.add]\narmy = 0\n"), 10, '0 more for "army" changes nothing'),
    "as much as is paid": (
        phase("[phase.set]\npolicing = 667\n", extra=VIOLENCE, **LATE), 11, '"policing" is paid 667 in these months already'
    ),
    "no share of the taxes": (
        phase(TAXED + "[phase.earmark]\ncourts = 0\n"), 12, '"courts" has no share of the taxes in these months already'
    ),
    "a share of no taxes": (phase("[phase.earmark]\ncourts = 0.5\n"), 10, "no law raises a tax in these months"),
    "a tax in other months": (
        phase("[phase.earmark]\ncourts = 0.5\n") + phase(TAXED, name="Later", start="2009-01", to="2010-01"), 10,
        "no law raises a tax in these months; this changes nothing",
    ),
    "a channel of no money": (
        phase("[phase.set]\ncourts = 0\n", extra='channel = "aid"\n'), 9, '"War" gives no money; nothing reads this'
    ),
    "a way to share no money": (phase("[phase.set]\ncourts = 0\n", extra=VIOLENCE), 9, "gives no money; nothing reads this"),
    "a lever's share of no money": (
        phase('[phase.set]\ncourts = 0\n[phase.add]\narmy = 1\n[phase.allocations]\ncourts = "violence"\n'), 14,
        '"War" gives "courts" no money; nothing reads this',
    ),
    "shared as all the rest": (
        phase('[phase.add]\narmy = 1\ncourts = 1\n[phase.allocations]\narmy = "violence"\n', extra=VIOLENCE), 14,
        'all of "War" is shared so already; this changes nothing',
    ),
    "shared by each lever for itself": (
        phase('[phase.add]\narmy = 1\n[phase.allocations]\narmy = "violence"\n', extra=VIOLENCE), 9,
        'every lever of "War" has its own in [phase.allocations]; nothing reads this one',
    ),
    "an empty table of a phase": (phase("[phase.add]\narmy = 1\n[phase.set]\n"), 11, "[phase.set] is empty"),
    "an empty table": ("[switches]\n", 4, "[switches] is empty; this changes nothing"),
    "an empty run": ("[run]\n", 4, "[run] is empty; this changes nothing"),
    "no events": ("event = []\n", 4, '"event" is empty and takes away no event that is told; this changes nothing'),
    "no events without": ("without_events = []\n", 4, '"without_events" is empty'),
    "an event, history being off": (OFF + EVENT, 6, '"history" is off, and no event happens; this changes nothing'),
    "no event, history being off": (
        'without_events = ["2010-02:Gulf"]\n' + OFF, 4, '"history" is off, and no event happens; this changes nothing'
    ),
    "told and taken out": (
        'without_events = ["2012-05:Gulf"]\n' + EVENT, 5, '"2012-05:Gulf" is told and taken out by the same file'
    ),
    "taken out after the run": (
        'without_events = ["2013-07:Zetas"]\n[run]\nto = "2012-12"\n', 4,
        '"2013-07:Zetas" lies after the last month of the run (2012-12); this changes nothing',
    ),
    "the same seed": ("[run]\nseed = 1\n", 5, '"seed" is 1 already; this changes nothing'),
    "the same first month": ('[run]\nfrom = "2007-01"\n', 5, '"from" is "2007-01" already; this changes nothing'),
    "the same last month": ('[run]\nto = "2026-12"\n', 5, '"to" is "2026-12" already; this changes nothing'),
    "the same country": ('[run]\nplaces = "mexico"\n', 5, '"places" is "mexico" already; this changes nothing'),
    "the same number": ("[parameters]\nleakage = 0.3\n", 5, '"leakage" is 0.3 already; this changes nothing'),
    "a number whose mechanism is off": (
        "[parameters]\npeer_weight = 3\n[switches]\npeers = false\n", 5,
        '"peer_weight" carries the mechanism "peers", which is off; this changes nothing',
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", IN_VAIN)
def test_what_is_said_in_vain_is_told_with_its_line(case: str, tmp_path: Path) -> None:
    text, line, words = IN_VAIN[case]
    path = write(tmp_path, CHILD + text)
    with pytest.warns(Idle) as told:
        load_scenario(path)
    (sentence,) = (str(each.message) for each in told)
    assert sentence.startswith(f"{path}:{line}: ")
    assert words in sentence


OPTIONS_IN_VAIN = {
    "law.truce@2008-01..2009-01=0": '"truce" is 0 in these months already; this changes nothing',
    "set.army@2008-01..2009-01=0": '"army" is paid nothing in these months already; this changes nothing',
    "earmark.courts@2008-01..2009-01=0": '"courts" has no share of the taxes in these months already; this changes nothing',
    "earmark.courts@2008-01..2009-01=1": "no law raises a tax in these months; this changes nothing",
    "run.seed=1": '"seed" is 1 already; this changes nothing',
}


@pytest.mark.parametrize(("option", "words"), OPTIONS_IN_VAIN.items())
def test_an_option_in_vain_is_told_and_leaves_the_scenario_as_it_is(option: str, words: str) -> None:
    loaded = load_one("baseline", sets=[option])
    assert loaded.idle == (f"in --set {option}: {words}",)
    if not option.startswith(("law", "earmark.courts@2008-01..2009-01=1")):  # these stand in it, and do nothing
        assert loaded.digest == load_one("baseline").digest


TO_SOME_PURPOSE = {
    "another value in some months": phase("[phase.law]\ntruce = 0.5\n"),
    "money instead of some": phase("[phase.set]\npolicing = 0\n"),
    "as much, shared otherwise": phase("[phase.set]\npolicing = 667\n", **LATE),
    "as much, as aid": phase("[phase.set]\npolicing = 667\n", extra=VIOLENCE + 'channel = "aid"\n', **LATE),
    "as much, and some months more": phase(
        "[phase.set]\npolicing = 667\n", extra=VIOLENCE, start="2012-11", to="2026-12"
    ),
    "an earmark of a tax that may come": phase(TAXED + WHEN + "[phase.earmark]\ncourts = 0.5\n"),
    "an event": EVENT,
    "an event less": 'without_events = ["2010-02:Gulf"]\n',
    "history off": OFF,
    "another run": '[run]\nseed = 2\nto = "2012-12"\n',
    "what comes after": '[run]\nafter = "same"\n',
    "shares of the phase's own": phase('[phase.add]\narmy = 1\n[phase.allocations]\narmy = "violence"\n'),
}


@pytest.mark.parametrize("case", TO_SOME_PURPOSE)
def test_what_is_said_to_some_purpose_is_not_told(case: str) -> None:
    assert scenario_from_toml(CHILD + TO_SOME_PURPOSE[case]).idle == ()


def test_what_comes_after_nothing_is_told() -> None:
    words = "nothing is paid or decided to the last month of the run; this changes nothing"
    assert scenario_from_toml(HEAD + '[run]\nafter = "nothing"\n' + phase()).idle == (f"scenario:4: {words}",)


def test_a_file_that_stands_alone_may_say_its_whole_run() -> None:
    assert (
        scenario_from_toml(HEAD + '[run]\nfrom = "2007-01"\nto = "2026-12"\nseed = 1\nplaces = "mexico"\n').idle == ()
    )


def test_history_is_turned_off_in_vain_where_none_is_told() -> None:
    told = scenario_from_toml(HEAD + OFF).idle
    assert told == ('scenario:4: no event is told that "history" could let happen; this changes nothing',)


def test_a_mechanism_that_numbers_carry_is_turned_off_in_vain_where_they_are_0() -> None:
    sets = ["switches.peers=false"]
    told = scenario_from_toml(HEAD + "[parameters]\npeer_weight = 0\n", sets=sets).idle
    assert told == ('in --set switches.peers=false: what carries "peers" is 0 (peer_weight); this changes nothing',)
    together = scenario_from_toml(HEAD + "[parameters]\npeer_weight = 0\n[switches]\npeers = false\n").idle
    assert len(together) == 1, "one of the two is in vain, not both"


def test_taxes_are_those_that_the_model_raises() -> None:
    module = Path(__file__).parents[2] / "model" / "narco_door" / "month" / "tax.py"
    assert set(re.findall(r'law\["(\w+)"\]', module.read_text(encoding="utf-8"))) == set(TAXES)
    assert {laws()[name].value for name in TAXES} == {0.0}


def test_every_parameter_that_carries_a_mechanism_is_one() -> None:
    assert {name for switch in switches().values() for name in switch.carried_by.split()} <= set(parameters())
