"""Laws are dated and cost nothing; a phase may wait for a record; taxes can be earmarked: reading and meaning."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from narco_door.base.declared import laws
from narco_door.base.errors import UserError
from narco_door.base.months import month_number
from narco_door.book.book import RECORDS, Book
from narco_door.cli.explain import about, sheet_of
from narco_door.month.model import NarcoDoor
from narco_door.scenario import Scenario, load_one, scenario_from_toml
from narco_door.scenario.conditions import RATE, Trigger
from narco_door.scenario.schema import json_schema
from narco_door.show.sheets import Code
from narco_door.state.laws import Lawbook, watched
from scenario_texts import HEAD, phase, write
from worlds import lived, plan, unlike

TAX = "[phase.law]\nsecurity_tax = 1200\n[phase.earmark]\npolicing = 0.6\ncourts = 0.4\n"


def when(body: str = "above = 12", record: str = RATE) -> str:
    return f'[phase.when]\nrecord = "{record}"\n{body}\n'


def read(text: str, *sets: str) -> Scenario:
    return scenario_from_toml(HEAD + text, sets=sets)


# reading ------------------------------------------------------------------------------------------------------------

WRONG = {
    "unknown law": (phase("[phase.law]\nexcize = 0.1\n"), 9, 'unknown law "excize" in [phase.law] of "War"; did you mean "excise"?'),
    "law out of bounds": (phase("[phase.law]\nlegal_share = 1.5\n"), 9, '= 1.5 in [phase.law] of "War" is out of bounds, at most 1; expected a number (share) from 0 to 1'),
    "law in words": (phase('[phase.law]\nlegal_share = "half"\n'), 9, "has the wrong type; expected a number (share)"),
    "law among money": (phase("[phase.set]\nlegal_share = 0.5\n"), 9, "it belongs in [phase.law]"),
    "lever among laws": (phase("[phase.law]\npolicing = 5\n"), 9, "it belongs in [phase.set] or [phase.add]"),
    "overlapping laws": (
        phase("[phase.law]\nexcise = 1\n") + phase("[phase.law]\nexcise = 2\n", name="Peace", start="2008-12", to="2009-12"), 16,
        'two phases set the law "excise" in the same months: "War" (2007-01 to 2008-12) and "Peace"',
    ),
    "overlapping earmarks": (
        phase("[phase.earmark]\ncourts = 0.1\n") + phase("[phase.earmark]\ncourts = 0.2\n", name="Peace"), 16,
        'two phases earmark taxes for "courts" in the same months',
    ),
    "more than all taxes": (phase("[phase.earmark]\ncourts = 0.6\npolicing = 0.6\n"), 8, "come to 1.2 of the taxes; expected 1 at most"),
    "share of nothing": (phase("[phase.earmark]\ncourts = 1.2\n"), 9, "expected a share from 0 to 1"),
    "nothing decided": (phase(""), 3, "gives no money and sets no law: expected [phase.set], [phase.add], [phase.law]"),
    "no threshold": (phase(TAX + when("months = 3")), 14, 'expected either "above" or "below"'),
    "two thresholds": (phase(TAX + when("above = 3\nbelow = 2")), 14, 'expected either "above" or "below"'),
    "unknown record": (phase(TAX + when(record="homicides_rate")), 14, 'no record "homicides_rate"; did you mean "homicide_rate"?'),
    "unknown place": (phase(TAX + when('above = 3\nplace = "8"')), 16, 'no place "8" in the table "mexico"; did you mean "08"?'),
    "unknown key": (phase(TAX + when("abov = 3")), 15, 'did you mean "above"?'),
    "months of nothing": (phase(TAX + when("above = 3\nmonths = 0")), 16, "expected a whole number from 1 to 120"),
    "law by hand": ('[[law]]\nlaw = "excise"\nfrom = "2007-01"\nto = "2008-01"\nvalue = 1\nphase = "x"\n', 3, "expected [phase.law]"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_one_message_says_where_and_what(case: str, tmp_path: Path) -> None:
    text, line, words = WRONG[case]
    path = write(tmp_path, HEAD + text)
    with pytest.raises(UserError) as error:
        load_one(path)
    first = next((row for row in str(error.value).splitlines() if words in row), str(error.value))
    assert words in first
    assert int(first.removeprefix(f"{path}:").partition(":")[0]) in (line, line - 1)


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("law.excise=1", "expected months, like law.NAME@2011-04..2026-12=0.5"),
        ("law.excize@2011-04..2026-12=1", 'did you mean "excise"?'),
        ("law.excise@2011-04..2026-12=9", "is out of bounds"),
        ("laws.excise@2011-04..2026-12=1", 'unknown section "laws"; did you mean "law"?'),
        ("earmark.courts@2011-04..2026-12=1.1", "expected a share from 0 to 1"),
    ],
)
def test_options_obey_the_rules_of_files(option: str, words: str) -> None:
    with pytest.raises(UserError) as error:
        load_one("baseline", sets=[option])
    assert words in str(error.value)
    assert str(error.value).startswith("in --set ")


def test_options_set_laws_over_what_a_file_says() -> None:
    scenario = read(phase("[phase.law]\nexcise = 1\n"), "law.excise@2008-01..2008-06=2")
    book = Lawbook(scenario, scenario.switches)
    values = [
        book.in_force(month_number(month))["excise"]
        for month in ("2007-12", "2008-01", "2008-06", "2008-07", "2009-01")
    ]
    assert values == [1.0, 2.0, 2.0, 1.0, 0.0]


def test_a_law_before_the_run_is_clipped_and_costs_nothing() -> None:
    scenario = read(phase("[phase.law]\nexcise = 1\n", start="2000-01", to="2007-06"))
    assert scenario.statutes[0].start == scenario.run.start
    assert scenario.spending() == {}
    assert read(phase("[phase.law]\nexcise = 1\n", start="2000-01", to="2006-06")).statutes == ()


def test_what_a_child_sets_replaces_what_its_parent_sets(tmp_path: Path) -> None:
    write(tmp_path, HEAD + phase(TAX), "parent")
    child = write(
        tmp_path,
        HEAD + 'extends = "parent.toml"\n' + phase("[phase.earmark]\npolicing = 0.1\n", start="2008-01"),
        "child",
    )
    shares = [(order.lever, order.share, order.start) for order in load_one(child).orders]
    start = month_number("2007-01")
    assert shares == [("policing", 0.6, start), ("courts", 0.4, start), ("policing", 0.1, start + 12)]
    assert load_one(child).orders[0].end == start + 12


@pytest.mark.parametrize(
    "text", [phase(TAX), phase(TAX + when() + "[phase.set]\npolicing = 9\n"), phase("[phase.law]\nus_guns = 0.5\n")]
)
def test_written_out_in_full_it_reads_back_the_same(text: str) -> None:
    scenario = read(text, "add.policing@2007-02..2010-01=3")
    again = scenario_from_toml(scenario.to_toml())
    assert again == scenario
    assert again.digest == scenario.digest


def test_what_can_change_a_result_changes_the_digest() -> None:
    base = phase(TAX + when())
    texts = [base, phase(TAX), base.replace("= 12", "= 13"), base.replace("1200", "1300"), base.replace("0.6", "0.5")]
    assert len({read(text).digest for text in texts}) == len(texts)
    assert read(base).digest == read(base.replace('name = "War"', 'name = "Tax"')).digest


def test_editors_know_laws_and_conditions() -> None:
    schema = json_schema()
    assert set(schema["$defs"]["Laws"]["properties"]) == set(laws())
    excise = schema["$defs"]["Laws"]["properties"]["excise"]
    assert {"maximum": 3.0, "minimum": 0.0}.items() <= next(
        p for p in excise["anyOf"] if p.get("type") == "number"
    ).items()
    assert {"record", "above", "below", "place", "months"} == set(schema["$defs"]["WhenTable"]["properties"])


def test_laws_are_explained_and_shown(tmp_path: Path) -> None:
    assert [row[0] for row in sheet_of("laws").rows] == [Code(name) for name in laws()]
    path = write(tmp_path, HEAD + phase(TAX + when() + "[phase.set]\npolicing = 9\n"))
    sheets = {sheet.title: sheet for sheet in about(str(path))[0][1]}
    assert sheets["Laws"].rows == [
        (
            Code("security_tax"),
            "2007-01 to 2008-12",
            0,
            1200,
            "US$ m a year",
            "War\nonce homicide_rate is above 12 (mean of a year)",
        )
    ]
    assert sheets["Phases"].rows[0][-1] == "policing 9\npolicing 60 % of taxes\ncourts 40 % of taxes"
    assert sheets["Money promised"].rows == []  # what waits is not promised


# a phase that waits -------------------------------------------------------------------------------------------------


def trigger(**changes: object) -> Trigger:
    given = {
        "phase": "x",
        "record": "n_members",
        "place": "00",
        "months": 3,
        "above": 0.0,
        "below": None,
        "start": 24084,
    }
    return Trigger(**{**given, **changes})  # type: ignore[arg-type]


def test_the_mean_of_the_last_months_is_watched() -> None:
    book = Book(("01", "02"), start=24084, months=6)
    for month in range(5):
        values = {record.name: np.array([1.0, 3.0]) * (month + 1) for record in RECORDS}
        book.write(24084 + month, values, nation={}, events=[])
    assert watched(trigger(), book) == pytest.approx(4.0 * 4)
    assert watched(trigger(months=1, place="02"), book) == 15.0
    assert watched(trigger(months=100, place="01"), book) == 3.0
    assert watched(trigger(record=RATE, place="01"), book) == pytest.approx(12e5)


def test_a_threshold_is_crossed_on_its_side_only() -> None:
    assert trigger(above=2.0).crossed(2.5)
    assert not trigger(above=2.0).crossed(2.0)
    assert trigger(above=None, below=2.0).crossed(1.5)
    assert not trigger(above=None, below=2.0).crossed(2.0)


def begins(model: NarcoDoor) -> int:
    """The month, counted from the first, in which the waiting phase began; -1 if it never did."""
    begun = model.records.nation("n_begun")
    return int(begun.argmax()) if begun.any() else -1


def taxed(condition: str, *, start: str = "2007-01") -> NarcoDoor:
    text = phase(TAX + condition, start=start, to="2026-12")
    scenario = load_one("baseline")
    waiting = read(text)
    scenario = replace(scenario, orders=(*scenario.orders, *waiting.orders), statutes=waiting.statutes)
    return lived(scenario.replace(persons_per_agent=2000, until="2008-12"))


def test_a_phase_begins_the_month_after_the_record_crossed() -> None:
    core = lived(plan())
    rate = core.records.nation("new_homicides") * 12e5 / core.records.nation("population")
    threshold = float(np.sort(rate[:12])[-2])  # the highest but one: crossed for the first time by the highest
    model = taxed(when(f"above = {threshold}\nmonths = 1"))
    first = int(np.flatnonzero(rate > threshold)[0]) + 1
    assert begins(model) == first
    tax = model.records.nation("new_security_tax")
    assert tax[:first].sum() == 0.0
    assert tax[first:] == pytest.approx(1e8)
    assert (model.records.column("n_members")[:first] == core.records.column("n_members")[:first]).all()


def test_it_does_not_look_before_its_first_month() -> None:
    model = taxed(when("above = 0\nmonths = 1"), start="2007-07")
    assert begins(model) == 6
    assert begins(taxed(when("above = 0\nmonths = 1"))) == 1  # nothing is known in the first month of a run


@pytest.mark.parametrize("what", ["[phase.set]\npolice_pay = 1000\n", "[phase.law]\nus_demand = 0.3\n"])
def test_a_policy_of_the_first_month_is_no_status_quo(tmp_path: Path, what: str) -> None:
    """What holds corruption still is the world before any policy, also where a policy begins with the run."""

    def corruption(start: str) -> float:
        path = write(tmp_path, HEAD + 'extends = "baseline"\n' + phase(what, start=start, to="2012-12"))
        model = NarcoDoor(load_one(path).replace(persons_per_agent=4000, until="2012-12")).run()
        return float(model.records.nation("corruption")[-1])

    nothing = float(lived(plan(until="2012-12", persons=4000)).records.nation("corruption")[-1])
    at_once, later = nothing - corruption("2007-01"), nothing - corruption("2007-02")
    assert at_once > 0
    assert at_once == pytest.approx(later, rel=0.05)


def test_below_and_elsewhere() -> None:
    assert begins(taxed(when('below = 1e9\nplace = "08"', "n_members"))) == 1
    assert begins(taxed(when('below = 0\nplace = "08"', "n_members"))) == -1


def test_a_condition_that_is_never_met_is_no_policy() -> None:
    text = when("above = 1e9") + "[phase.set]\nkingpin_operations = 0\n"
    assert unlike(taxed(text), lived(plan())) == []


def test_what_a_waiting_phase_replaces_stands_until_it_begins(tmp_path: Path) -> None:
    body = "[phase.set]\nkingpin_operations = 12\n" + when("above = 0\nmonths = 1")
    path = write(tmp_path, HEAD + 'extends = "baseline"\n' + phase(body, start="2007-07", to="2007-12"))
    scenario = load_one(path).replace(persons_per_agent=4000, until="2008-06")
    model = NarcoDoor(scenario).run()
    promised = model.records.nation("promised_kingpin_operations")
    core = lived(plan(until="2008-06", persons=4000)).records.nation("promised_kingpin_operations")
    assert promised[:6] == pytest.approx(core[:6])
    assert promised[6:12] == pytest.approx(1e6)
    assert promised[12:] == pytest.approx(core[12:])
    waits = load_one(write(tmp_path, path.read_text().replace("above = 0", "above = 1e9")))
    never = NarcoDoor(waits.replace(persons_per_agent=4000, until="2008-06")).run()
    assert never.records.nation("promised_kingpin_operations") == pytest.approx(core)
    assert len(scenario.triggers) == 1
