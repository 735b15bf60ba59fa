"""What is idle depends on what lies below and above: a parent, a child, the other arms of a comparison."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from narco_door.base.errors import LONGEST_MESSAGE
from narco_door.scenario import Comparison, Idle, load_comparison, load_one, load_scenario
from scenario_texts import HEAD, phase, write

TAXED = "[phase.law]\nsecurity_tax = 9\n"
WHEN = '[phase.when]\nrecord = "homicide_rate"\nabove = 20\n'

# over a parent that says more -------------------------------------------------------------------------------------


def over(parent: str, child: str, folder: Path) -> tuple[str, ...]:
    """What is idle in a child of a parent, without the places."""
    write(folder, HEAD + parent, "parent")
    path = write(folder, HEAD + 'extends = "parent.toml"\n' + child)
    return tuple(re.sub(r"^\S+/(\w+)\.toml:\d+: ", r"\1: ", sentence) for sentence in load_one(path).idle)


TRUCE = phase("[phase.law]\ntruce = 0.5\n", start="2008-01", to="2010-12")
SHARE = phase("[phase.earmark]\ncourts = 0.5\n" + TAXED)


@pytest.mark.parametrize(
    ("parent", "child", "told"),
    [
        (TRUCE, phase("[phase.law]\ntruce = 0\n", start="2010-01", to="2012-12"), False),
        (TRUCE, phase("[phase.law]\ntruce = 0\n", start="2011-01", to="2012-12"), True),
        (TRUCE, phase("[phase.law]\ntruce = 0.5\n", start="2008-06", to="2009-12"), True),
        (TRUCE, phase("[phase.law]\ntruce = 0.5\n", start="2008-06", to="2011-12"), False),
        (TRUCE + WHEN, phase("[phase.law]\ntruce = 0\n", start="2008-06", to="2009-12"), False),
        (TRUCE + WHEN, phase("[phase.law]\ntruce = 0.5\n", start="2008-06", to="2009-12"), False),
        (phase("[phase.set]\narmy = 5\n" + WHEN), phase("[phase.set]\narmy = 0\n"), False),
        (phase("[phase.set]\narmy = 5\n" + WHEN), phase("[phase.set]\narmy = 5\n"), False),
        (phase("[phase.set]\narmy = 5\n"), phase("[phase.set]\narmy = 5\n" + WHEN), True),
        (phase("[phase.set]\narmy = 5\n"), phase("[phase.set]\narmy = 5\n", start="2008-01", to="2009-12"), False),
        (SHARE, phase("[phase.set]\ncourts = 0\n"), False),  # it takes the share away, too
        (SHARE, phase("[phase.earmark]\ncourts = 0\n"), False),
        (SHARE, phase("[phase.earmark]\ncourts = 0.5\n"), True),
        (SHARE, phase("[phase.earmark]\ncourts = 0.4\n"), False),
        (SHARE, "[switches]\nsecurity_tax = false\n" + phase("[phase.earmark]\ncourts = 0.4\n"), True),
        ("[switches]\npeers = false\n", "[switches]\npeers = false\n", True),
        ('[run]\nafter = "same"\n' + phase(to="2026-12"), '[run]\nafter = "same"\n', True),
    ],
)
def test_what_a_child_repeats_is_told_and_what_it_takes_back_is_not(
    parent: str, child: str, told: bool, tmp_path: Path
) -> None:
    assert [sentence.split(": ")[0] for sentence in over(parent, child, tmp_path)] == ["mine"] * told


def test_a_parent_may_speak_of_what_a_child_makes_of_it(tmp_path: Path) -> None:
    late = '[run]\nfrom = "2010-01"\n' + phase("[phase.law]\ntruce = 0.5\n", start="2008-01", to="2009-12")
    assert over(late, '[run]\nfrom = "2007-01"\n', tmp_path) == ()
    assert over("[switches]\ntruce = false\n" + TRUCE, "[switches]\ntruce = true\n", tmp_path) == ()
    assert over(phase("[phase.earmark]\ncourts = 0.5\n"), phase(TAXED), tmp_path) == ()
    assert over(TRUCE, "[switches]\ntruce = false\n", tmp_path) == (), "what it takes away it had"


def test_an_event_that_is_out_is_taken_out_in_vain(tmp_path: Path) -> None:
    write(tmp_path, HEAD + 'extends = "baseline"\n' + 'without_events = ["2010-02:Gulf"]\n', "parent")
    path = write(tmp_path, HEAD + 'extends = "parent.toml"\n')
    assert load_one(path).idle == ()
    again = load_one(path, sets=["without_event=2010-02:Gulf"]).idle
    assert again == ('in --without-event 2010-02:Gulf: "2010-02:Gulf" is taken out already; this changes nothing',)


def test_nothing_is_said_in_vain_that_lets_a_run_go_on(tmp_path: Path) -> None:
    short = '[run]\nto = "2010-12"\n' + phase("[phase.set]\narmy = 5\n[phase.law]\ntruce = 0.5\n", to="2010-12")
    ends = "[phase.set]\narmy = 0\n[phase.law]\ntruce = 0\n"
    longer = '[run]\nto = "2012-12"\n' + phase(ends, start="2011-01", to="2012-12")
    assert over(short, longer, tmp_path) == ()
    more = longer.replace("[phase.set]", "[phase.add]")
    assert over(short, more, tmp_path) == ()


# over several arms ------------------------------------------------------------------------------------------------

PAIR = HEAD + '[compare]\narms = ["a.toml"]\nreference = "b.toml"\n'


@pytest.fixture
def pair(tmp_path: Path) -> Path:
    """Two scenarios, in one of which a mechanism is off and groups keep a truce."""
    write(tmp_path, HEAD + "[switches]\npeers = false\n" + TRUCE, "a")
    write(tmp_path, HEAD, "b")
    return tmp_path


def test_what_all_arms_have_is_repeated_in_vain(pair: Path) -> None:
    said = "[run]\nreplicates = 4\n[parameters]\nleakage = 0.3\n[switches]\nfear = true\n"
    path = write(pair, PAIR + said, "both")
    told = load_scenario_quietly(path).idle
    assert told == (
        f'{path}:7: "replicates" is 4 already; this changes nothing',
        f'{path}:9: "leakage" is 0.3 already; this changes nothing',
        f'{path}:11: "fear" is true already; this changes nothing',
    )


def load_scenario_quietly(path: Path, *sets: str) -> Comparison:
    """Read a comparison that says something in vain."""
    with pytest.warns(Idle):
        loaded = load_scenario(path, sets=sets)
    assert isinstance(loaded, Comparison)
    return loaded


def test_what_one_arm_has_is_news_to_the_others(pair: Path) -> None:
    both = load_scenario(write(pair, PAIR + "[switches]\npeers = true\n", "both"))
    assert both.idle == ()
    named = load_comparison([str(pair / "a.toml")], reference=str(pair / "b.toml"), sets=["switches.peers=true"])
    assert named.idle == ()


def test_an_option_in_vain_for_all_is_told_once(pair: Path) -> None:
    option = "switches.fear=true"
    told = load_scenario_quietly(write(pair, PAIR, "both"), option).idle
    assert told == (f'in --set {option}: "fear" is true already; this changes nothing',)


def test_an_arm_that_is_another_under_a_second_name_is_told(pair: Path) -> None:
    path = write(pair, PAIR.replace("a.toml", "c.toml"), "both")
    write(pair, HEAD + 'extends = "b.toml"\n', "c")
    words = '"c" stands beside "b" and differs from it in nothing but the name, so the two cannot part'
    assert load_scenario_quietly(path).idle == (f"{path}:4: {words}",)
    with pytest.warns(Idle, match=f"^{words}$"):
        load_comparison([str(pair / "c.toml")], reference=str(pair / "b.toml"))


def test_more_than_anybody_reads_is_counted(tmp_path: Path) -> None:
    again = "".join(
        phase("[phase.law]\ntruce = 0\n", start=f"{year}-01", to=f"{year}-12") for year in range(1980, 2011)
    )
    with pytest.warns(Idle) as told:
        load_scenario(write(tmp_path, HEAD + again))
    assert len(told) == 21
    assert str(told[-1].message) == "and 11 more that change nothing"


def test_a_sentence_steers_no_terminal_and_has_an_end() -> None:
    said = str(Idle("\x1b[31m" + "x" * 10_000))
    assert said.isprintable()
    assert len(said) <= LONGEST_MESSAGE
