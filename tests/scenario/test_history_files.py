"""Dated events in scenario files: read strictly, laid over each other, taken out one by one."""

from dataclasses import replace
from pathlib import Path

import pytest

from narco_door.base.errors import UserError
from narco_door.base.months import month_number
from narco_door.country.places import load_places
from narco_door.scenario import Scenario, load_one, scenario_from_toml
from narco_door.scenario.parting import parting
from scenario_texts import HEAD, write

OUT = "2010-02:Gulf"


def event(body: str = 'place = "28"', *, month: str = "2010-02", kind: str = "capture", cartel: str = "Gulf") -> str:
    """Write an event: header in its first line, source in its fifth, the body from its sixth."""
    return f'[[event]]\nmonth = "{month}"\nkind = "{kind}"\ncartel = "{cartel}"\nsource = "s"\n{body}\n'


SPLIT = event('new = "Zetas"\nplaces = ["28"]', kind="split")
WRONG = {
    "unknown kind": (event(kind="captur"), 5, 'did you mean "capture"?'),
    "unknown cartel": (event(cartel="Glf"), 6, 'no cartel "Glf"; did you mean "Gulf"?'),
    "cartel like nothing": (event(cartel="xyz"), 6, "or a split that names it"),
    "not yet there": (SPLIT + event(cartel="Zetas", month="2010-01"), 13, '"Zetas" arises in 2010-02'),
    "before the run": (event(month="2006-12"), 4, "lies outside the run; expected a month from 2007-01 to 2026-12"),
    "after the run": (event(month="2027-01"), 4, "lies outside the run"),
    "no month": (event(month="2010-13"), 4, 'expected a month like "2011-04"'),
    "unknown place": (event('place = "2"'), 8, 'did you mean "02"?'),
    "unknown place of a split": (event('new = "X"\nplaces = ["Sinaloa"]', kind="split"), 9, 'did you mean "25"?'),
    "place twice": (event('new = "X"\nplaces = ["25", "25"]', kind="split"), 9, "stands twice"),
    "no place": (event(""), 3, '"place" is missing in [[event]]; a capture says it'),
    "no new group": (event('places = ["28"]', kind="split"), 3, '"new" is missing'),
    "no partner": (event("", kind="truce"), 3, '"with" is missing'),
    "war with nobody": (event('places = ["28"]', kind="war"), 3, '"with" is missing in [[event]]; a war says it'),
    "war nowhere": (event('with = "Sinaloa"', kind="war"), 3, '"places" is missing in [[event]]; a war says it'),
    "war in one place": (event('with = "Sinaloa"\nplace = "28"\nplaces = ["28"]', kind="war"), 9, 'nothing reads "place" of a war'),
    "war where nothing is": (event('with = "Sinaloa"\nplaces = ["2"]', kind="war"), 9, 'did you mean "02"?'),
    "war with oneself": (event('with = "Gulf"\nplaces = ["28"]', kind="war"), 8, "cannot be its own partner"),
    "own partner": (event('with = "Gulf"', kind="truce"), 8, "cannot be its own partner"),
    "unknown partner": (event('with = "Sinalo"', kind="alliance"), 8, 'did you mean "Sinaloa"?'),
    "more than is read": (event('place = "28"\nnew = "X"'), 9, 'nothing reads "new" of a capture'),
    "name is taken": (event('new = "Sinaloa"\nplaces = ["28"]', kind="split"), 8, 'there is a cartel "Sinaloa" already'),
    "two in a month": (event() + event(kind="killing"), 6, 'two events of "Gulf" in 2010-02'),
    "no source": (event().replace('source = "s"\n', ""), 3, '"source" is missing'),
    "unknown key": (event('plaze = "28"'), 8, 'unknown key "plaze" in [event]; did you mean "place"?'),
    "nothing to take out": (f'without_events = ["{OUT}"]\n', 3, f'no event "{OUT}"; the scenario tells of none'),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line", "words"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_one_message_with_file_and_line(text: str, line: int, words: str, tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + text)
    with pytest.raises(UserError) as told:
        load_one(path)
    assert f"{path}:{line}: " in str(told.value)
    assert words in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("2010-02:Glf", f'did you mean "{OUT}"?'),
        ("2010-03:Gulf", 'did you mean "2010-04:Gulf"?'),
        ("2010-2:Gulf", f'did you mean "{OUT}"?'),
        ("gibberish", "expected a month and a cartel"),
    ],
)
def test_taking_out_what_is_not_there_names_what_is_near(name: str, words: str) -> None:
    with pytest.raises(UserError) as told:
        load_one("baseline", sets=[f"without_event={name}"])
    assert str(told.value).startswith(f'in --without-event {name}: no event "{name}"')
    assert words in str(told.value)


def test_taking_out_the_same_event_twice_is_refused() -> None:
    with pytest.raises(UserError, match="this is set twice"):
        load_one("baseline", sets=[f"without_event={OUT}"] * 2)


def told(text: str, *sets: str) -> Scenario:
    """A scenario read from a text."""
    return scenario_from_toml(HEAD + text, sets=sets)


def test_a_file_adds_to_what_it_extends_and_takes_out_of_it() -> None:
    history = load_one("baseline")
    mine = told('extends = "baseline"\n' + f'without_events = ["{OUT}"]\n' + event(month="2010-03"))
    names = [each.name for each in mine.happening]
    assert sorted(names) == sorted({*(each.name for each in history.happening), "2010-03:Gulf"} - {OUT})
    assert [each.month for each in mine.events] == sorted(each.month for each in mine.events)


def test_a_war_is_read_and_taken_out_like_all_that_befalls_cartels() -> None:
    war = event('with = "Sinaloa"\nplaces = ["28", "19"]', kind="war")
    read = told(war)
    assert [(e.month, e.kind, e.cartel, e.partner, e.places) for e in read.happening] == [
        (month_number("2010-02"), "war", "Gulf", "Sinaloa", ("28", "19"))
    ]
    assert read.digest != told(war.replace('"28", "19"', '"28"')).digest
    assert scenario_from_toml(read.to_toml()) == read
    name = "2008-05:Beltran Leyva"
    history, without = load_one("baseline"), load_one("baseline", sets=[f"without_event={name}"])
    gone = {e.name: e.kind for e in history.happening if e not in without.happening}
    assert gone == {name: "war"}


def test_what_is_taken_out_is_another_scenario_from_its_month_on() -> None:
    history, without = load_one("baseline"), load_one("baseline", sets=[f"without_event={OUT}"])
    assert history.digest != without.digest
    assert parting(history, without) == month_number("2010-02")
    again = replace(without, without_events=())
    assert again.digest == history.digest


def test_sources_and_names_of_the_fallen_make_no_other_scenario() -> None:
    assert told(event()).digest == told(event('place = "28"\nwho = "Somebody"').replace('"s"', '"t"')).digest
    assert told(event()).digest != told(event('place = "05"')).digest


@pytest.mark.parametrize("sets", [(), (f"without_event={OUT}",), ("run.from=2011-01",), ("switches.history=false",)])
def test_written_out_in_full_it_reads_back(sets: tuple[str, ...]) -> None:
    scenario = load_one("baseline", sets=sets)
    assert scenario_from_toml(scenario.to_toml()) == scenario
    cut = scenario.replace(until="2012-12")
    assert scenario_from_toml(cut.to_toml()) == cut


def test_a_later_start_leaves_out_what_lies_before_it() -> None:
    later = load_one("baseline", sets=["run.from=2011-01"])
    assert min(each.month for each in later.happening) >= month_number("2011-01")
    with pytest.raises(UserError, match=f'no event "{OUT}"'):
        load_one("baseline", sets=["run.from=2011-01", f"without_event={OUT}"])


def test_the_history_of_one_country_is_not_that_of_another() -> None:
    assert not told('extends = "baseline"\n[run]\nplaces = "medellin"\nto = "2015-12"\n').events


def test_every_event_of_the_baseline_says_what_an_event_of_its_kind_says() -> None:
    known = load_places().code
    for each in load_one("baseline").events:
        said = (bool(each.who) and each.place in known, bool(each.partner), bool(each.places), bool(each.new))
        match each.kind:
            case "split":
                assert said == (False, False, True, True), each.name
            case "war":
                assert said == (False, True, True, False), each.name
            case "truce" | "alliance":
                assert said == (False, True, False, False), each.name
            case _:
                assert said == (True, False, False, False), each.name
        source = each.source
        if source.startswith("As for the split"):  # a war of those who parted: the source of the split is its source
            source = next(other.source for other in load_one("baseline").events if other.new == each.cartel)
        assert any(letter.isdigit() for letter in source)  # a date


def test_who_hunts_no_leader_takes_none_on_record_either() -> None:
    kinds = {each.kind for each in load_one("claims/05_no_hunt").happening if each.name != "2024-07:Sinaloa"}
    assert kinds == {"split", "war", "truce", "alliance"}  # the leader of July 2024 was not taken by the state
