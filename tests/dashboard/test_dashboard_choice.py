"""A visitor's choice: clamped, written into an address, turned into a scenario, and back."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narco_door.base.declared import levers, switches
from narco_door.base.errors import UserError
from narco_door.base.months import month_number
from narco_door.book.book import RECORDS
from narco_door.country.facts import parameters
from narco_door.country.places import load_places
from narco_door.dashboard import address
from narco_door.dashboard.address import LONGEST_FILE, read, write
from narco_door.dashboard.budget import follow, move, rest, set_total
from narco_door.dashboard.policy import (
    MINE,
    held,
    idle_in,
    plan,
    policy_text,
    preset,
    preset_of,
    presets,
    settled,
    uploaded,
)
from narco_door.dashboard.reproduce import command_line, python
from narco_door.dashboard.state import MOST, REPLICATES, SCALES, STEP, State, choices, clamp
from narco_door.scenario import Idle, load_one, load_scenario, scenario_from_toml, scenarios_folder

LEVERS = tuple(levers())
amounts = st.dictionaries(st.sampled_from(LEVERS), st.integers(-200, 200).map(lambda n: STEP * n), max_size=6)
choices_made = st.builds(
    lambda money, **rest_: settled(clamp(State(money=tuple(money.items()), **rest_))),
    amounts,
    total=st.integers(0, 600).map(lambda n: STEP * n),
    keep=st.booleans(),
    locked=st.frozensets(st.sampled_from(LEVERS), max_size=3),
    off=st.frozensets(st.sampled_from(tuple(switches())), max_size=3),
    start=st.integers(month_number("2007-01"), month_number("2026-12")),
    last=st.integers(month_number("2008-12"), month_number("2026-12")),
    month=st.none() | st.integers(month_number("2007-01"), month_number("2026-12")),
    place=st.sampled_from(("00", *load_places().code)),
    language=st.sampled_from(("en", "es")),
    seed=st.integers(0, 2**31 - 1),
    replicates=st.sampled_from(REPLICATES),
    persons_per_agent=st.sampled_from(SCALES),
    gap=st.booleans(),
)


@given(choices_made)
@settings(deadline=None, max_examples=30)
def test_the_file_of_a_choice_says_nothing_in_vain(state: State) -> None:
    assert scenario_from_toml(policy_text(state)).idle == ()


@pytest.mark.parametrize("name", list(choices().bases))
def test_a_plan_of_the_page_is_the_scenario_of_that_name_to_the_last_digit(name: str) -> None:
    asked = clamp(preset(name, State()))
    assert plan(asked).policy.digest == load_one(name).digest


def test_every_plan_is_recognised_and_no_two_are_the_same() -> None:
    digests = {plan(clamp(preset(name, State()))).policy.digest for name in presets()}
    assert len(digests) == len(presets())
    assert [preset_of(clamp(preset(name, State()))) for name in presets()] == list(presets())


@given(choices_made)
@settings(max_examples=60, deadline=None)
def test_an_address_carries_the_whole_choice(state: State) -> None:
    assert settled(read(write(state))) == state


@given(choices_made)
@settings(max_examples=25, deadline=None)
def test_a_choice_makes_a_scenario_that_says_the_same_when_it_is_uploaded(state: State) -> None:
    asked = plan(state)
    again = settled(uploaded(asked.text, "mine.toml", state))
    assert plan(replace(again, off=state.off, numbers=state.numbers)).policy.digest == asked.policy.digest


@given(st.text(max_size=200) | st.dictionaries(st.text(max_size=8), st.text(max_size=12)).map(lambda d: str(d)))
@settings(max_examples=80, deadline=None)
def test_no_address_is_an_error(query: str) -> None:
    plan(settled(read(query)))


def test_a_forged_choice_is_clamped() -> None:
    wild = State(
        language="xx", view="<script>", base="../../etc/passwd", reference="nothing", total=math.inf, start=-5,
        money=(("scholarships", 1e300), ("nobody", 3.0), ("courts", math.nan)), last=10**9, first=0, seed=-1,
        replicates=10**9, persons_per_agent=1, month=10**12, place="99", record="secrets",
        locked=frozenset({"x"}), off=frozenset({"y"}), numbers=(("myopia", 1e9), ("z", 1.0), ("leakage", math.nan)),
    )  # fmt: skip
    tame = settled(clamp(wild))
    assert (tame.language, tame.view, tame.base, tame.reference) == ("en", "doors", "baseline", "no_new_money")
    assert tame.replicates == max(REPLICATES)
    assert tame.persons_per_agent == min(SCALES)
    assert tame.place == "00"
    assert tame.record == "new_homicides"
    assert not tame.locked
    assert not tame.off
    assert dict(tame.numbers) == {"myopia": parameters()["myopia"].high}
    assert all(abs(amount) <= MOST for _, amount in tame.money)
    assert plan(tame).policy.run.months == 240


def test_names_in_an_address_do_not_clash() -> None:
    keys = [*address._READERS, *levers(), *parameters()]
    assert len(keys) == len(set(keys))
    told = {name for name, _ in address._READERS.values()} | {"money", "numbers"}
    assert told == {field.name for field in fields(State)}


@pytest.mark.parametrize("lever", LEVERS)
def test_every_slider_pays_its_lever_and_no_other(lever: str) -> None:
    state = settled(clamp(State(total=500)))
    moved = move(state, lever, 300, held(state))
    mine, base = plan(moved).policy.spending(), load_one("baseline").spending()
    assert moved.money == ((lever, 300.0),)
    assert sum(mine[lever].values()) - sum(base.get(lever, {}).values()) == pytest.approx(300 * (15 + 9 / 12))
    assert {n: v for n, v in mine.items() if n != lever} == {n: v for n, v in base.items() if n != lever}
    assert f"promised_{lever}" in {record.name for record in RECORDS}


@pytest.mark.parametrize("lever", [name for name, pot in held(State()).items() if pot.low < 0])
def test_a_slider_below_zero_takes_that_much_a_year_on_the_mean(lever: str) -> None:
    state = settled(clamp(State(total=0)))
    moved = move(state, lever, -100, held(state))
    mine, base = plan(moved).policy.spending()[lever], load_one("baseline").spending()[lever]
    assert sum(base.values()) - sum(mine.values()) == pytest.approx(100 * (15 + 9 / 12), rel=1e-4)
    assert rest(moved) == 100


@given(choices_made, st.lists(st.tuples(st.sampled_from(LEVERS), st.floats(-3000, 9000)), max_size=6))
@settings(max_examples=60, deadline=None)
def test_the_total_adds_up_whatever_is_moved(state: State, moves: list[tuple[str, float]]) -> None:
    state = replace(state, keep=True)
    pots = held(state)
    for lever, amount in moves:
        before, state = state, move(state, lever, amount, pots)
        assert rest(state) >= min(rest(before), 0)
        assert state.total == before.total
        locked = [n for n in before.locked if n != lever]
        assert [state.given(n) for n in locked] == [before.given(n) for n in locked]
        assert all(state.given(n) >= pots[n].low for n in LEVERS)


def test_what_one_takes_the_others_give_in_proportion_except_the_locked() -> None:
    state = preset("kingpins_first", State())
    pots = held(state)
    both = move(state, "scholarships", 300, pots)
    assert dict(both.money) == {"scholarships": 300, "kingpin_operations": 350, "policing": 350}
    locked = move(replace(state, locked=frozenset({"policing"})), "scholarships", 300, pots)
    assert dict(locked.money) == {"scholarships": 300, "kingpin_operations": 200, "policing": 500}
    assert move(replace(state, locked=frozenset({"policing", "kingpin_operations"})), "courts", 50, pots) == replace(
        state, locked=frozenset({"policing", "kingpin_operations"})
    )


def test_another_total_scales_what_is_given_and_a_free_total_follows() -> None:
    state = preset("kingpins_first", State())
    half = set_total(state, 500, held(state))
    assert dict(half.money) == {"kingpin_operations": 250, "policing": 250}
    half_given = replace(state, locked=frozenset({"policing"}), total=2000)
    locked = set_total(half_given, 1600, held(state))
    assert dict(locked.money) == {"kingpin_operations": 300, "policing": 500}
    free = follow(replace(state, keep=False))
    assert move(free, "courts", 100, held(free)).total == 1100


def test_an_upload_says_what_the_command_line_says() -> None:
    text = (
        'title = "t"\nquestion = "q"\nextends = "baseline"\n[[phase]]\nname = "p"\nfrom = "2011-04"\nto = "2012-01"\n'
    )
    text += 'source = "s"\n[phase.add]\nscolarships = 3\n'
    with pytest.raises(UserError, match=r'mine\.toml:10: unknown lever "scolarships".*did you mean "scholarships"'):
        uploaded(text, "mine.toml", State())


def test_an_upload_says_what_changes_nothing_as_the_command_line_does(tmp_path: Path) -> None:
    text = 'title = "t"\nquestion = "q"\nextends = "baseline"\n[run]\n[switches]\nwar_and_peace = true\n'
    (tmp_path / "mine.toml").write_text(text)
    with pytest.warns(Idle) as warned:
        load_scenario(tmp_path / "mine.toml")
    assert len(warned) == 2
    assert [f"{tmp_path}/{words}" for words in idle_in(text, "mine.toml")] == [str(each.message) for each in warned]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('title = "a"\nquestion = "q"\nextends = "/etc/passwd"', r'2?.*there is no scenario "/etc/passwd" here'),
        ('title = "a"\nquestion = "q"\nextends = "../../secret.toml"', "there is no scenario"),
        ('title = "a"\nquestion = "q"\nextends = "doors_frist"', 'did you mean "doors_first"'),
        ("x" * (LONGEST_FILE + 1), "expected at most 65,536"),
        ("[" * 5000, "TOML|nest|recursion"),
        ("title = ", "not valid TOML"),
        ('title="a"\nquestion="q"\n[compare]\narms=["mixed"]\nreference="baseline"', "expected one scenario"),
        ("", "missing"),
        ("x = " + "[" * 1000, "17 deep; expected 16 at most"),
        ('title="a"\nquestion="q"\n[run]\nto="2012-12"\nplaces="medellin"', 'the page knows the places of "mexico"'),
    ],
)
def test_a_bad_upload_is_refused_with_a_reason(text: str, told: str) -> None:
    with pytest.raises(UserError, match=f"(?i){told}"):
        uploaded(text, "f.toml", State())


def test_an_upload_reads_no_file_of_the_server(tmp_path: object) -> None:
    secret = f"{tmp_path}/secret.toml"
    with open(secret, "w") as file:
        file.write("password = hunter2")
    with pytest.raises(UserError) as problem:
        uploaded(f'title = "a"\nquestion = "q"\nextends = "{secret}"', "f.toml", State())
    assert "hunter2" not in str(problem.value)


def test_an_upload_that_no_slider_can_say_is_kept_as_it_is_and_can_be_added_to() -> None:
    text = (scenarios_folder() / "merida_2007.toml").read_text(encoding="utf-8")
    state = settled(uploaded(text, "m.toml", State()))
    assert state.file == text
    assert plan(state).policy.digest == load_one("merida_2007").digest
    more = settled(move(replace(state, total=500.0), "courts", 100, held(state)))
    paid = plan(more).policy.spending()["courts"]
    assert sum(paid.values()) - sum(load_one("merida_2007").spending()["courts"].values()) == pytest.approx(1575)
    assert settled(read(write(more))) == more


@pytest.mark.parametrize("money", [(), (("courts", 100.0),)])
def test_a_file_goes_by_the_page_s_own_name_whatever_it_calls_itself(money: tuple[tuple[str, float], ...]) -> None:
    written = load_one("merida_2007").to_toml()
    for name in ("merida_2007", State().reference):
        text = written.replace('name = "merida_2007"', f'name = "{name}"')
        asked = plan(settled(replace(uploaded(text, "m.toml", State()), money=money)))
        assert (asked.policy.name, asked.reference.name) == (MINE, State().reference)
        assert scenario_from_toml(asked.text, name=MINE).name == MINE  # to the command line too
        assert command_line(State(), asked).startswith(f"narco-door compare {MINE}.toml ")


def test_numbers_and_mechanisms_of_an_upload_are_the_policys_alone() -> None:
    text = 'title = "t"\nquestion = "q"\nextends = "mixed"\n[parameters]\nmyopia = 0.5\n[switches]\nfear = false\n'
    asked = plan(settled(uploaded(text, "m.toml", State())))
    assert (asked.policy.parameters["myopia"], asked.policy.switches["fear"]) == (0.5, False)
    plain = load_one(State().reference)
    assert asked.reference.parameters["myopia"] == plain.parameters["myopia"]
    assert asked.reference.switches["fear"]
    assert not asked.same


def test_a_belief_without_money_is_a_policy_too() -> None:
    text = 'title = "t"\nquestion = "q"\nextends = "no_new_money"\n[parameters]\nmyopia = 0\n'
    state = settled(uploaded(text, "m.toml", State()))
    for asked in (plan(state), plan(settled(address.read(address.write(state))))):
        assert not asked.same
        assert asked.apart == 0
        assert (asked.policy.parameters["myopia"], asked.reference.parameters["myopia"]) == (0, 0.7)


def test_the_commands_name_what_must_be_saved() -> None:
    mixed = preset("mixed", State())
    assert command_line(mixed, plan(mixed)).startswith("narco-door compare mixed --reference no_new_money")
    mine = settled(replace(mixed, seed=9, off=frozenset({"fear"}), money=(("courts", 50.0),)))
    told = command_line(mine, plan(mine))
    assert "my_policy.toml" in told
    assert "--set switches.fear=false" in told
    assert "--seed 9" in told
    compile(python(mine, plan(mine)), "snippet", "exec")


def test_the_text_of_a_policy_reads_back_and_is_short() -> None:
    text = policy_text(preset("mixed", State()))
    assert 'extends = "baseline"' in text
    assert len(text) < 1500
    assert scenario_from_toml(text).digest == load_one("mixed").digest
