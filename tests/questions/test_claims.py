"""The seminar's claims: read strictly, paired fairly, measured exactly, judged by one rule, reported in full."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from narco_door.base.errors import UserError
from narco_door.base.months import month_number
from narco_door.book.book import RECORDS
from narco_door.cli import app
from narco_door.questions.claims import (
    AGAINST,
    CANNOT_TELL,
    FOR,
    Claim,
    ClaimTest,
    Finding,
    claims,
    claims_named,
    examine,
    examining,
    findings_frame,
    flips,
    trials_frame,
)
from narco_door.questions.claims.reading import CAREERS
from narco_door.questions.claims.statistics import BY_PLACE, measure
from narco_door.questions.claims.verdicts import conclude, judge
from narco_door.results import Results
from narco_door.results.store import Frames
from narco_door.runs import experiment as experiments
from narco_door.scenario import claim_scenarios, list_scenarios, load_one, load_scenario
from narco_door.scenario.schema import place_codes
from narco_door.show.figures.claims import forest, write_report

ALL = claims()
TESTS = [(claim.number, test) for claim in ALL.values() for test in claim.test]
IDS = [f"{number}-{test.measure[:40]}" for number, test in TESTS]
NAMES = sorted({name for claim in ALL.values() for name in claim.scenarios})

SPAN = {"from": "2008-01", "to": "2008-12"}
EARLIER = {"from": "2007-01", "to": "2007-12"}


def a_test(**changes: Any) -> ClaimTest:
    given = {
        "measure": "entries", "scenario": "ours", "reference": "theirs",
        "record": "new_entries", "span": SPAN, "expects": "less", "size": 1,
    }  # fmt: skip
    return ClaimTest.model_validate({**given, **changes})


def a_claim(*tests: ClaimTest, **changes: Any) -> Claim:
    given = {
        "number": 1, "who": "Somebody", "says": "It works.", "fails_if": "it does not.",
        "assumes": "Nothing.", "test": [test.model_dump(by_alias=True) for test in tests or [a_test()]],
    }  # fmt: skip
    return Claim.model_validate({**given, **changes})


# the table of claims


def test_all_twenty_three_claims_are_there() -> None:
    assert list(ALL) == list(range(1, 24))
    for claim in ALL.values():
        assert claim.fails_if.endswith(".")
        assert not claim.says.startswith(claim.who)


def test_every_scenario_of_a_claim_loads_and_none_is_idle() -> None:
    known = {**list_scenarios(), **claim_scenarios()}
    assert set(NAMES) <= set(known)
    assert set(claim_scenarios()) <= set(NAMES)
    for name in claim_scenarios():
        assert load_one(name).question.endswith("?")
        assert load_one(name).argued_by


def test_the_main_list_holds_no_scenario_of_a_claim() -> None:
    assert not any("claims" in str(path) for path in list_scenarios().values())
    assert load_one("claims/05_no_hunt").name == "05_no_hunt"
    with pytest.raises(UserError, match="there is no"):
        load_scenario("claims/05_no_hunted")


@pytest.mark.parametrize(("number", "test"), TESTS, ids=IDS)
def test_a_pair_has_one_run_and_asks_for_what_is_recorded(number: int, test: ClaimTest) -> None:
    run = load_one(test.scenario).run
    if test.reference is not None:
        assert load_one(test.reference).run == run
        assert load_one(test.reference).digest != load_one(test.scenario).digest
    for span in (test.span, *([test.before] if test.before else [])):
        assert run.start <= month_number(span.start) <= month_number(span.to) < run.end
    if test.record.startswith("careers."):
        assert test.record.partition(".")[2] in CAREERS
        return
    assert test.record in {record.name for record in RECORDS}
    places = {*test.places, *test.control} - {"00"}
    assert places <= set(place_codes(run.places))
    assert not places or test.record in BY_PLACE
    assert not set(test.places) & set(test.control)


SIZES = {"percent": 1.0, "rate_ratio": round(-math.log(0.9), 3)}
"""What matters, stated beforehand: one in a hundred of what it is compared with, and of a rate ratio one in ten."""
OTHER_SIZES = {"careers.dead_or_jailed": 0.05, "new_homicides_abroad": 250.0}
"""What matters in a unit of its own: a twentieth of those who enter, and so many homicides a year."""


@pytest.mark.parametrize(("number", "test"), TESTS, ids=IDS)
def test_sizes_that_matter_are_those_stated_beforehand(number: int, test: ClaimTest) -> None:
    assert test.size == (OTHER_SIZES[test.record] if test.unit == "own" else SIZES[test.unit])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"before": EARLIER}, "one of reference, before, threshold"),
        ({"reference": None}, "one of reference, before, threshold; got none"),
        ({"control": ["02"]}, "belongs to a rate_ratio"),
        ({"unit": "rate_ratio"}, "needs `before` and `control`"),
        ({"span": {"from": "2008-01", "to": "2007-12"}}, "ends (2007-12) before it begins"),
        ({"size": 0}, "greater than 0"),
        ({"expect": "less"}, "Extra inputs"),
    ],
)
def test_a_test_is_read_strictly(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said.replace("(", r"\(").replace(")", r"\)")):
        a_test(**changes)


def test_a_wrong_table_is_told_with_its_line(tmp_path: Path) -> None:
    text = (Path(experiments.__file__).parents[1] / "data" / "claims.toml").read_text(encoding="utf-8")
    spoilt = tmp_path / "claims.toml"
    spoilt.write_text(text.replace("fails_if", "fail_if", 1), encoding="utf-8")
    with pytest.raises(
        UserError, match=r'claims.toml:\d+: unknown key "fail_if" in \[claim\]; did you mean "fails_if"'
    ):
        claims(spoilt)
    spoilt.write_text(text.replace('"rising_pay"', '"rising_pai"', 1), encoding="utf-8")
    with pytest.raises(UserError, match='unknown switch "rising_pai"; did you mean "rising_pay"'):
        claims(spoilt)
    with pytest.raises(UserError, match="there is no claim 24"):
        claims_named([1, 24])


# the rule


def finding(low: float, high: float, **changes: Any) -> Finding:
    return Finding(a_test(**changes), (low + high) / 2, low, high, 100.0, 8)


@pytest.mark.parametrize(
    ("expects", "low", "high", "word"),
    [
        ("less", -3, -1.5, FOR),
        ("less", -3, -0.5, CANNOT_TELL),
        ("less", -0.9, -0.5, AGAINST),  # there, and too small to matter
        ("less", -0.5, 0.5, AGAINST),
        ("less", 2, 3, AGAINST),
        ("less", -5, 5, CANNOT_TELL),
        ("more", 1.1, 9, FOR),
        ("more", -9, -1.1, AGAINST),
        ("none", -0.5, 0.9, FOR),
        ("none", 1.2, 3, AGAINST),
        ("none", -3, -1.2, AGAINST),
        ("none", 0.5, 1.5, CANNOT_TELL),
        ("some", 1.2, 3, FOR),
        ("some", -0.5, 0.9, AGAINST),
        ("some", 0.5, 1.5, CANNOT_TELL),
        ("not_more", -9, 0.9, FOR),
        ("not_more", 1.1, 2, AGAINST),
        ("not_more", 0.5, 1.5, CANNOT_TELL),
        ("not_less", -0.9, 9, FOR),
        ("not_less", -2, -1.1, AGAINST),
    ],
)
def test_the_rule(expects: str, low: float, high: float, word: str) -> None:
    found = judge(finding(low, high, expects=expects))
    assert found.word == word
    assert "the 1 % that would matter" in found.why or found.why.endswith("the other way")


def test_one_replicate_tells_nothing() -> None:
    alone = replace(finding(-9, -8), low=None, high=None, replicates=1)
    assert judge(alone).word == CANNOT_TELL


def test_what_cannot_be_told_says_how_many_replicates_would_do() -> None:
    assert "about 16 replicates would settle it" in judge(finding(-3.5, -0.5)).why
    assert "more replicates would hardly settle it" in judge(finding(-11.0, 9.02)).why


def test_a_claim_stands_only_if_all_its_tests_do() -> None:
    good, bad, open_ = finding(-3, -2), finding(2, 3), finding(-2, 0)
    claim = a_claim(a_test(), a_test())
    assert conclude(claim, [good, good]).word == FOR
    assert conclude(claim, [good, open_]).word == CANNOT_TELL
    assert conclude(claim, [open_, bad]).word == AGAINST
    compared = a_claim(a_test(), a_test(), join="compared")
    assert conclude(compared, [good, bad]).word == CANNOT_TELL
    assert "depends on compared with what" in conclude(compared, [good, bad]).why
    assert conclude(compared, [bad, bad]).word == AGAINST
    assert conclude(compared, [good, open_]).word == CANNOT_TELL
    assert "depends" not in conclude(compared, [good, open_]).why
    assert conclude(compared, [open_, bad]).word == CANNOT_TELL


def test_what_is_told_beside_has_no_weight() -> None:
    beside = replace(finding(2, 3), test=a_test(beside=True))
    assert conclude(a_claim(a_test(), a_test(beside=True)), [finding(-3, -2), beside]).word == FOR
    with pytest.raises(ValueError, match="not only told beside"):
        a_claim(a_test(beside=True))


def test_a_verdict_names_the_numbers_that_nobody_has_measured() -> None:
    why = conclude(a_claim(parameters=["outreach_most", "aid_lag_months"]), [finding(-3, -2)]).why
    assert "nobody has measured: outreach_most." in why
    assert "Assumed: nothing." in why


# the statistics

MONTHS = [datetime.date(year, month, 1) for year in (2007, 2008) for month in range(1, 13)]
PEOPLE = {"00": 300.0, "01": 100.0, "02": 200.0}


def made(name: str, values: dict[str, Sequence[float]], *, careers: Sequence[tuple[Any, ...]] = ()) -> Results:
    """Results with a record's value in each replicate, the same in all months; `record@year` for one year only."""
    rows = []
    for key, by_replicate in values.items():
        record, _, year = key.partition("@")
        record, _, place = record.partition(" ")
        for replicate, value in enumerate(by_replicate):
            for month in MONTHS:
                if not year or month.year == int(year):
                    rows.append((name, replicate, month, place or "00", record, float(value)))
    replicates = range(max(len(v) for v in values.values()))
    rows += [(name, r, m, p, "population", PEOPLE[p]) for r in replicates for m in MONTHS for p in PEOPLE]
    schema = ["scenario", "replicate", "month", "place", "record", "value"]
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    columns = ["scenario", "replicate", "entry_month", "fate", "jail_terms", "weight"]
    entered = pl.DataFrame(list(careers), schema=columns, orient="row") if careers else pl.DataFrame()
    return Results(frame, pl.DataFrame(), entered, {"scenarios": [{"name": name}]})


def test_percent_is_of_the_mean_of_what_it_is_compared_with() -> None:
    pair = {"ours": made("ours", {"new_entries": [90, 110]}), "theirs": made("theirs", {"new_entries": [100, 100]})}
    found = measure(a_test(), pair)
    assert (found.mean, found.base, found.replicates) == (pytest.approx(0), 100, 2)
    half = 6.313751514675043 * math.sqrt(200) / math.sqrt(2)  # t(0.95, 1) and the deviation of -10 and 10
    assert found.high == pytest.approx(half)
    assert found.scaled[2] == pytest.approx(half)


def test_a_flow_in_its_own_unit_counts_a_year() -> None:
    pair = {"ours": made("ours", {"new_entries": [7]}), "theirs": made("theirs", {"new_entries": [5]})}
    assert measure(a_test(unit="own"), pair).mean == pytest.approx(24)
    pair = {"ours": made("ours", {"n_members": [7]}), "theirs": made("theirs", {"n_members": [5]})}
    assert measure(a_test(unit="own", record="n_members"), pair).mean == pytest.approx(2)


def test_it_can_be_compared_with_its_own_past() -> None:
    one = {"ours": made("ours", {"new_entries@2007": [100, 100], "new_entries@2008": [150, 130]})}
    found = measure(a_test(reference=None, before=EARLIER, expects="more"), one)
    assert found.mean == pytest.approx(40)


def test_places_are_added_and_levels_averaged_over_residents() -> None:
    flows = {"new_homicides 01": [1], "new_homicides 02": [2]}
    pair = {"ours": made("ours", flows), "theirs": made("theirs", {k: [2 * v[0]] for k, v in flows.items()})}
    assert measure(a_test(record="new_homicides", places=["01", "02"]), pair).base == 6
    fear = {"fear 01": [0.2], "fear 02": [0.5]}
    pair = {"ours": made("ours", fear), "theirs": made("theirs", fear)}
    assert measure(a_test(record="fear", places=["01", "02"]), pair).base == pytest.approx(0.4)


def test_the_share_of_careers_that_end_badly() -> None:
    entered = [(m, f, t) for m, f, t in [(1, "dead", 0), (2, "left", 1), (3, "inside", 0), (4, "jailed", 1)]]
    rows = [("ours", 0, datetime.date(2008, m, 1), f, t, 100) for m, f, t in entered]
    rows.append(("ours", 0, datetime.date(2007, 1, 1), "inside", 0, 100))  # before the span
    one = {"ours": made("ours", {"new_entries": [1]}, careers=rows)}
    test = a_test(record="careers.dead_or_jailed", reference=None, threshold=0.5, unit="own")
    assert measure(test, one).mean == pytest.approx(0.25)


def test_a_rate_ratio_follows_its_closed_form() -> None:
    def counts(treated: float, control: float) -> dict[str, Sequence[float]]:
        return {
            "new_homicides 01@2007": [1e6], "new_homicides 01@2008": [1e6 * treated],
            "new_homicides 02@2007": [4e6], "new_homicides 02@2008": [4e6 * control],
        }  # fmt: skip

    test = a_test(
        record="new_homicides", unit="rate_ratio", reference=None, places=["01"], control=["02"], before=EARLIER
    )
    found = measure(test, {"ours": made("ours", counts(0.3, 0.6))})
    assert math.exp(found.mean) == pytest.approx(0.5)
    twin = a_test(record="new_homicides", unit="rate_ratio", places=["01"], control=["02"], before=EARLIER)
    both = {"ours": made("ours", counts(0.3, 0.6)), "theirs": made("theirs", counts(0.8, 0.8))}
    assert math.exp(measure(twin, both).mean) == pytest.approx(0.5)


def test_what_is_not_there_is_told() -> None:
    one = {"ours": made("ours", {"new_entries": [1]}), "theirs": made("theirs", {"new_entries": [1]})}
    with pytest.raises(UserError, match="no record 'new_entrees'"):
        measure(a_test(record="new_entrees"), one)
    with pytest.raises(UserError, match="no month within 2019-01 to 2019-12"):
        measure(a_test(span={"from": "2019-01", "to": "2019-12"}), one)


# the experiment

LIVED: list[tuple[str, int, int]] = []
EFFECT = {"05_no_hunt": 0.5, "04_every_door_seen": 0.8, "02_doors_for_a_while": 1.0, "02_force_for_a_while": 1.0}


def little_world(scenario, *, replicate, threads, progress):  # type: ignore[no-untyped-def]
    """A world of a few numbers: the scenario's effect times a replicate's luck; without splits nothing differs."""
    LIVED.append((scenario.name, replicate, scenario.run.persons_per_agent))
    effect = EFFECT.get(scenario.name, 1.0) if scenario.switches["splits"] else 1.0
    months = [datetime.date(m // 12, m % 12 + 1, 1) for m in range(scenario.run.start, scenario.run.end)]
    rows = [
        (month, place, record.name, 100.0 * effect * (1 + replicate / 100) * (1 + (month.year - 2007) / 10))
        for month in months[::12]
        for place in ("00", "01")
        for record in RECORDS
        if record.name.startswith(("new_", "n_", "population", "corruption", "deprivation"))
    ]
    for done in range(len(months)):
        progress(done + 1, len(months))
    careers = pl.DataFrame(
        {"entry_month": [months[1]] * 20, "fate": ["dead"] * 19 + ["left"], "jail_terms": [0] * 20, "weight": [1] * 20}
    )
    events = pl.DataFrame(schema={"month": pl.Date, "kind": pl.String})
    series = pl.DataFrame(rows, schema=["month", "place", "record", "value"], orient="row")
    return Frames(series, events, careers)


def test_a_scenario_that_several_claims_share_is_lived_once(tmp_path: Path) -> None:
    LIVED.clear()
    told: list[tuple[int, int]] = []
    found = examine(
        claims_named([4, 5]), replicates=3, workers=1, out=tmp_path, simulate=little_world,
        progress=lambda done, total: told.append((done, total)),
    )  # fmt: skip
    assert sorted(LIVED) == sorted(
        (name, i, 100) for name in ("baseline", "04_every_door_seen", "05_no_hunt") for i in range(3)
    )
    assert told[-1] == (3 * 3 * 240, 3 * 3 * 240)
    assert [each.verdict.word for each in found] == [FOR, FOR]
    LIVED.clear()
    again = examine(claims_named([4, 5]), replicates=3, workers=1, out=tmp_path, simulate=little_world)
    assert not LIVED
    assert [each.verdict for each in again] == [each.verdict for each in found]


def test_what_claims_keep_is_not_taken_for_a_whole_run(tmp_path: Path) -> None:
    examine(claims_named([5]), replicates=1, workers=1, out=tmp_path, simulate=little_world)
    LIVED.clear()
    experiments.run("baseline", replicates=1, workers=1, out=tmp_path, simulate=little_world)
    assert LIVED == [("baseline", 0, 100)]


def test_what_flips_a_verdict_is_noted() -> None:
    asked = claims_named([5])
    found = examine(asked, replicates=3, workers=1, simulate=little_world)
    tried = flips(found, replicates=3, workers=1, simulate=little_world)
    assert dict(tried[0].flips or ()) == {"without splits": CANNOT_TELL}
    assert tried[0].verdict == found[0].verdict
    assert "without splits: cannot tell" in findings_frame(tried)["flips"][0]


def test_a_smaller_world_gets_finer_agents() -> None:
    LIVED.clear()
    with pytest.raises(UserError):  # the little world has no comunas
        examine(claims_named([22]), replicates=1, persons_per_agent=500, workers=1, simulate=little_world)
    assert {persons for _, _, persons in LIVED} == {50}


def test_only_what_claims_ask_for_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def whole(scenario, **_):  # type: ignore[no-untyped-def]
        return little_world(scenario, replicate=0, threads=1, progress=lambda *_: None)

    monkeypatch.setattr(examining, "live", whole)
    kept = examining.live_lean(load_one("baseline"), replicate=0, threads=1, progress=lambda *_: None).series
    by_place = kept.filter(pl.col("place") != "00")
    assert set(by_place["record"]) <= set(BY_PLACE)
    assert "n_lookouts" in set(kept.filter(pl.col("place") == "00")["record"])


# the report


def test_the_report_tells_all_in_two_languages(tmp_path: Path) -> None:
    found = examine(claims_named([2, 4, 5]), replicates=3, workers=1, simulate=little_world)
    files = write_report(found, tmp_path, about="Made up.")
    assert [file.name for file in files] == [
        "claims.md", "claims.csv", "claims_tests.csv", "claims.png", "claims_es.png",
    ]  # fmt: skip
    text = files[0].read_text(encoding="utf-8")
    for claim in claims_named([2, 4, 5]):
        assert claim.says in text
        assert claim.fails_if in text
    assert "claims/05_no_hunt" in text
    table, rows = pl.read_csv(files[1]), pl.read_csv(files[2])
    assert table["verdict"].to_list() == [each.verdict.word for each in found]
    assert rows.height == sum(len(each.findings) for each in found) == trials_frame(found).height
    once = [file.read_bytes() for file in files]
    assert [file.read_bytes() for file in write_report(found, tmp_path, about="Made up.")] == once


def test_an_interval_in_the_green_is_drawn_there() -> None:
    found = examine(claims_named([5]), replicates=3, workers=1, simulate=little_world)
    figure = forest(trials_frame(found), findings_frame(found), language="es")
    words = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert "a favor" in words
    (axes,) = figure.axes
    intervals = [line.get_xdata() for line in axes.lines if len(line.get_xdata()) == 2 and line.get_linewidth() > 2]
    assert all(min(ends) > math.asinh(1) for ends in intervals)


# the command


def narco_door(*words: str) -> Any:
    return CliRunner().invoke(app, list(words))


def test_the_claims_are_listed_with_how_they_may_fail() -> None:
    answer = narco_door("claims", "--list")
    assert answer.exit_code == 0
    assert answer.output.count("Fails if") == 23
    assert "claims/05_no_hunt" in narco_door("claims", "5", "--list").output


def test_a_wrong_number_or_word_is_one_message() -> None:
    answer = narco_door("claims", "99")
    assert answer.exit_code == 2
    assert "there is no claim 99; known are 1 to 23" in answer.stderr
    assert narco_door("claims", "5", "--ablate", "everything").exit_code == 2


def test_the_command_prints_and_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examining, "live_lean", little_world)
    answer = narco_door(
        "claims", "5", "--replicates", "3", "--workers", "1", "--ablate", "named", "--out", str(tmp_path)
    )
    assert answer.exit_code == 0, answer.output
    assert "1 for, 0 against, 0 cannot tell" in answer.output
    assert "without splits" in answer.output
    home = tmp_path / "claims"
    mine = home / "5-n3-sets_3-1in100-seed1-ablate_named"
    assert set(home.iterdir()) == {home / "runs", mine}  # no other is replaced
    assert {path.name for path in mine.iterdir()} >= {"claims.md", "claims.png"}
