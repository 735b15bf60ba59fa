"""The reader of scenarios: strict, exact about money, and clear about what is wrong."""

import json
import math
import tomllib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from narco_door.base.declared import levers, switches
from narco_door.base.errors import UserError
from narco_door.base.months import month_number, month_text
from narco_door.base.toml_lines import find_lines
from narco_door.country.facts import parameters
from narco_door.scenario import (
    Idle,
    list_scenarios,
    load_comparison,
    load_one,
    load_parent,
    load_scenario,
    scenario_from_toml,
    scenarios_folder,
)
from narco_door.scenario.plan import Comparison, Scenario
from narco_door.scenario.schema import json_schema
from scenario_texts import BOUNDED, HEAD, phase, write

IN_PLACE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def test_options_change_what_they_say_and_nothing_else() -> None:
    plain = load_one("baseline")
    changed = load_one(
        "baseline",
        sets=[
            "run.seed=7",
            "run.to=2015-12",
            "switches.peers=false",
            f"parameters.{BOUNDED.name}={BOUNDED.low}",
            "add.courts@2011-04..2012-03=100",
            "set.policing@2012-01..2012-12=0",
        ],
    )
    assert (changed.run.seed, changed.run.end) == (7, month_number("2016-01"))
    assert changed.switches.plain() == plain.switches.plain() | {"peers": False}
    assert changed.parameters.plain() == plain.parameters.plain() | {BOUNDED.name: BOUNDED.low}
    mine, theirs = changed.spending(), plain.replace(until="2015-12").spending()
    assert mine["policing"].get(2012, 0) == 0
    assert math.fsum(mine["courts"].values()) == pytest.approx(math.fsum(theirs["courts"].values()) + 100)
    assert changed.lineage == ("baseline",)


def test_options_reach_every_arm_of_a_comparison() -> None:
    asked = load_scenario("kingpins_vs_doors", sets=["run.to=2012-12", "switches.fear=false"])
    assert isinstance(asked, Comparison)
    assert [arm.switches["fear"] for arm in asked.scenarios] == [False] * 5
    assert len({arm.run for arm in asked.scenarios}) == 1


# the scenarios that come with narco-door


@pytest.mark.parametrize("name", list_scenarios())
def test_every_shipped_file_is_read_and_says_who_argued_it(name: str) -> None:
    loaded = load_scenario(name)
    for scenario in loaded.scenarios if isinstance(loaded, Comparison) else [loaded]:
        assert scenario.question.endswith(("?", "."))
        assert scenario.argued_by
        assert scenario.sources
        assert scenario_from_toml(scenario.to_toml()) == scenario


def test_the_history_hunts_hard_then_less_then_hardly_then_again() -> None:
    cost = levers()["kingpin_operations"].unit_cost
    spent = load_one("baseline").spending()["kingpin_operations"]
    bought = {year: spent[year] * 1e6 / cost for year in (2008, 2015, 2021, 2026)}
    assert 10 <= bought[2008] <= 60
    assert bought[2021] < bought[2015] < bought[2008]
    assert bought[2021] < bought[2026] < bought[2008]


@pytest.mark.parametrize("name", ["kingpins_first", "doors_first", "mixed"])
def test_each_future_adds_the_same_sum_in_the_same_months(name: str) -> None:
    future, reference = load_one(name), load_one("no_new_money")
    for month in range(future.run.start, future.run.end):
        more = promised(future, month) - promised(reference, month)
        assert more == pytest.approx(1000 if month >= month_number("2011-04") else 0, abs=1e-9)


def test_nothing_more_is_the_baseline_itself() -> None:
    assert load_one("no_new_money").digest == load_one("baseline").digest


def test_both_ways_of_spending_the_aid_pay_alike() -> None:
    arms = [load_one(name) for name in ("merida_2007", "merida_doors")]
    aid = [[order for order in arm.orders if order.channel == "aid"] for arm in arms]
    for month in range(month_number("2008-07"), month_number("2013-01")):
        sums = {round(math.fsum(o.musd_year for o in orders if o.start <= month < o.end), 6) for orders in aid}
        assert len(sums) == 1
    whole = [math.fsum(o.musd_year * (o.end - o.start) / 12 for o in orders) for orders in aid]
    assert whole == pytest.approx([1600, 1600])
    social = [o for o in aid[0] if levers()[o.lever].family != "state"]
    assert math.fsum(o.musd_year * (o.end - o.start) / 12 for o in social) == pytest.approx(30)


def promised(scenario: Scenario, month: int, lever: str | None = None) -> float:
    """US$ m a year promised in a month."""
    return math.fsum(
        order.musd_year
        for order in scenario.orders
        if order.start <= month < order.end and lever in (None, order.lever)
    )


# laws that hold for every scenario

MONTHS = st.integers(month_number("2006-06"), month_number("2012-06"))
SOME_LEVERS = ("policing", "courts", "scholarships")


@st.composite
def phases(draw: st.DrawFn) -> list[tuple[str, str, int, int, float]]:
    """Draw phases of one file that do not overlap and touch its run: section, lever, first month, end, money."""
    found: list[tuple[str, str, int, int, float]] = []
    for lever in SOME_LEVERS:
        cuts = sorted(draw(st.sets(MONTHS, max_size=6)))
        spans = zip(cuts[::2], cuts[1::2], strict=False)
        for start, end in (
            span for span in spans if span[0] <= month_number("2011-12") and span[1] > month_number("2007-01")
        ):
            money = draw(st.integers(0, 500)) / 4
            found.append((draw(st.sampled_from(("set", "add"))), lever, start, end, money))
    return found


def text_of(parts: list[tuple[str, str, int, int, float]], *, extends: str = "") -> str:
    text = HEAD + (f'extends = "{extends}"\n' if extends else "") + '[run]\nfrom = "2007-01"\nto = "2011-12"\n'
    for section, lever, start, end, money in parts:
        body = f"[phase.{section}]\n{lever} = {money}\n"
        text += phase(body, name=f"{lever} {start}", start=month_text(start), to=month_text(end - 1))
    return text


@given(phases(), phases())
@IN_PLACE
def test_money_is_what_the_phases_say_month_by_month(
    tmp_path: Path,
    older: list[tuple[str, str, int, int, float]],
    newer: list[tuple[str, str, int, int, float]],
) -> None:
    write(tmp_path, text_of(older), "older")
    scenario = load_one(write(tmp_path, text_of(newer, extends="older.toml"), "newer"))
    for month in range(scenario.run.start, scenario.run.end):
        for lever in SOME_LEVERS:
            wanted = 0.0
            for section, _, start, end, money in [
                part for parts in (older, newer) for part in parts if part[1] == lever
            ]:
                if start <= month < end:
                    wanted = money if section == "set" else wanted + money
            assert promised(scenario, month, lever) == wanted
    assert all(order.start >= scenario.run.start and order.musd_year > 0 for order in scenario.orders)
    in_all = math.fsum(promised(scenario, m) / 12 for m in range(scenario.run.start, scenario.run.end))
    told = math.fsum(money for years in scenario.spending().values() for money in years.values())
    assert told == pytest.approx(in_all)
    assert scenario_from_toml(scenario.to_toml()) == scenario


@given(phases())
@IN_PLACE
def test_written_out_and_read_back_is_equal(parts: list[tuple[str, str, int, int, float]]) -> None:
    scenario = scenario_from_toml(text_of(parts), name="drawn")
    again = scenario_from_toml(scenario.to_toml(), name="other file name")
    assert again == scenario
    assert hash(again) == hash(scenario)
    assert again.digest == scenario.digest


CHARACTERS = st.characters(codec="utf-8", exclude_characters="\x00")
LINES = [line for path in list_scenarios().values() for line in path.read_text(encoding="utf-8").splitlines()]


@given(st.text(CHARACTERS))
@IN_PLACE
def test_no_text_is_anything_worse_than_a_users_error(text: str) -> None:
    with pytest.raises(UserError, match=r"^drawn:\d+: "):
        scenario_from_toml(text, name="drawn")


@given(
    st.lists(
        st.sampled_from([*LINES, "[", "]", '"""', "=", "[[phase]]", "[phase.set]", "x = { a = 1 }"]),
        max_size=30,
    )
)
@settings(deadline=None, max_examples=200)
def test_no_shuffled_file_is_anything_worse_than_a_users_error(lines: list[str]) -> None:
    with suppress(UserError):
        scenario_from_toml(HEAD + "\n".join(lines), name="drawn")


def test_the_digest_knows_what_can_change_a_number() -> None:
    plain = load_one("baseline")
    same = [
        plain.replace(seed=99),
        plain.replace(replicates=50),
        plain.replace(persons_per_agent=7),
        plain.replace(until="2008-01"),
        load_one("no_new_money"),
    ]
    assert {scenario.digest for scenario in same} == {plain.digest}
    other = [
        load_one("baseline", sets=[option])
        for option in (
            "switches.fear=false",
            f"parameters.{BOUNDED.name}={BOUNDED.high}",
            "add.courts@2020-01..2020-01=0.001",
            "run.from=2007-02",
        )
    ]
    assert len({scenario.digest for scenario in (plain, *other)}) == 5


def test_the_order_of_phases_does_not_matter() -> None:
    one, two = phase(), phase("[phase.set]\ncourts = 5\n", name="Peace")
    digests = {scenario_from_toml(HEAD + text).digest for text in (one + two, two + one)}
    assert len(digests) == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"seed": -1}, "seed is a whole number from 0 to 9223372036854775807; got -1"),
        ({"seed": 10**22}, "seed is a whole number from 0 to"),
        ({"replicates": 0}, "replicates is a whole number from 1 to 100000; got 0"),
        ({"persons_per_agent": 20_001}, "persons_per_agent is a whole number from 1 to 20000; got 20001"),
        ({"persons_per_agent": True}, "persons_per_agent is a whole number"),
        ({"until": "2006-12"}, "lies before the first month"),
        ({"until": "2010"}, 'expected a month like "2011-04"'),
    ],
)
def test_a_run_is_replaced_by_a_possible_one_only(change: dict[str, object], words: str) -> None:
    with pytest.raises(UserError, match=words):
        load_one("baseline").replace(**change)  # type: ignore[arg-type]


def test_parents_and_comparisons_are_found_by_name() -> None:
    parent = load_parent("doors_first")
    assert parent is not None
    assert parent == load_one("baseline")
    assert load_parent("baseline") is None
    with pytest.warns(Idle, match='^"mixed" is named twice; the second changes nothing$'):
        asked = load_comparison(["baseline", "mixed", "mixed"], reference="baseline")
    assert [arm.name for arm in asked.scenarios] == ["baseline", "mixed"]
    with pytest.raises(UserError, match="expected a scenario"):
        load_one("merida")
    with pytest.raises(UserError, match="nothing to compare"):
        load_comparison(["baseline"], reference="baseline")


def test_shares_by_place_and_by_lever_are_kept() -> None:
    text = HEAD + phase(
        '[phase.set]\npolicing = 5\ncourts = 2\n[phase.allocations]\ncourts = "population"\n',
        extra='allocation = { "09" = 0.25, "08" = 0.75 }\n',
    )
    shares = {order.lever: order.allocation for order in scenario_from_toml(text).orders}
    assert shares == {"policing": (("08", 0.75), ("09", 0.25)), "courts": "population"}


# where keys stand


@st.composite
def toml_with_lines(draw: st.DrawFn) -> tuple[str, dict[tuple[str | int, ...], int]]:
    """Draw a text of tables and keys, together with the line on which each stands."""
    rows: list[str] = []
    where: dict[tuple[str | int, ...], int] = {}
    values = (
        "1",
        '"a # [x]"',
        "'''\nb = 1\n[c]\n'''",
        '"""\nd = 2\n"""',
        "[\n 1, # ]\n 2,\n]",
        "{ k = 1 }",
        "1979-05-27",
    )
    tables = draw(
        st.lists(st.sampled_from(["run", "phase", "switches", '"od.d"']), unique_by=lambda name: (name, name))
    )
    for name in tables:
        rows += draw(st.lists(st.sampled_from(["", "# [x]", "  # y = 1"]), max_size=2))
        path: tuple[str | int, ...] = (name.strip('"'),)
        rows.append(f"[[{name}]]" if name == "phase" else f"[ {name} ]  # here")
        where[path] = len(rows)
        path = (*path, 0) if name == "phase" else path
        for key in draw(st.lists(st.sampled_from(["a", "b-c", "d_1"]), unique=True)):
            text = f"  {key} = {draw(st.sampled_from(values))}"
            where[*path, key] = len(rows) + 1
            rows += text.split("\n")
    return "\n".join(rows), where


@given(toml_with_lines())
def test_every_key_is_found_on_its_line(drawn: tuple[str, dict[tuple[str | int, ...], int]]) -> None:
    text, where = drawn
    lines = find_lines(text)
    assert {path: lines.of(path) for path in where} == where
    assert not lines.repeats


def test_keys_of_later_phases_are_told_apart() -> None:
    lines = find_lines("[[phase]]\nx = 1\n[phase.set]\ny = 2\n\n[[phase]]\nx = 3\n[phase.set]\ny = 4\n")
    assert [lines.of(("phase", 1, "x")), lines.of(("phase", 1, "set", "y"))] == [7, 9]
    assert lines.of(("phase", 0, "set", "unknown")) == 3
    assert lines.of(("nowhere",)) is None


# the schema for editors


def test_the_schema_knows_every_lever_parameter_and_switch() -> None:
    schema = json_schema()
    definitions = schema["$defs"]
    assert set(definitions["More"]["properties"]) == set(levers())
    assert set(definitions["Parameters"]["properties"]) == set(parameters())
    assert set(definitions["Mechanisms"]["properties"]) == set(switches())
    assert all(
        definition.get("additionalProperties") is False
        for definition in definitions.values()
        if definition.get("type") == "object"
    )
    money = definitions["More"]["properties"]["policing"]["anyOf"][0]
    assert (money["minimum"], money["maximum"]) == (0, 1_000_000)
    assert json.loads(json.dumps(schema)) == schema


def test_the_schema_takes_what_the_reader_takes() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    judge = jsonschema.Draft202012Validator(json_schema())
    for path in list_scenarios().values():
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        assert not list(judge.iter_errors(document)), path
        assert list(judge.iter_errors(document | {"titel": "x"})), path
    assert list(judge.iter_errors(tomllib.loads(HEAD + phase("[phase.add]\npolicing = -1\n"))))


def test_scenarios_are_found_beside_the_model() -> None:
    assert (scenarios_folder() / "baseline.toml").is_file()
