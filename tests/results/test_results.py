"""What results say: intervals by hand, a headline from a small table, years, rates, folders that are none."""

import datetime
import subprocess
import sys

import polars as pl
import pytest

from narco_door.base.errors import UserError
from narco_door.results import (
    DOORS,
    Results,
    difference,
    door_shares,
    first_difference,
    headline,
    homicide_rate,
    load_results,
    rate,
    yearly,
)
from narco_door.results.compared import first_differences
from narco_door.results.intervals import fieller, intervals, student_t

MONTHS = [datetime.date(2011, month, 1) for month in (1, 2, 3, 4)]

TEXTBOOK = {  # quantiles of Student's t by probability and degrees of freedom
    0.75: {1: 1.0, 3: 0.764892, 7: 0.711142, 8: 0.706387},
    0.95: {1: 6.313752, 2: 2.919986, 3: 2.353363, 7: 1.894579, 30: 1.697261},
}
QUANTILES = [(p, freedom, t) for p, row in TEXTBOOK.items() for freedom, t in row.items()]


@pytest.mark.parametrize(("probability", "freedom", "quantile"), QUANTILES)
def test_student_t_is_the_textbook_one(probability, freedom, quantile):
    assert student_t(probability, freedom) == pytest.approx(quantile, abs=5e-7)
    assert student_t(1 - probability, freedom) == pytest.approx(-quantile, abs=5e-7)


def test_student_t_is_that_of_scipy():
    from scipy.special import stdtrit

    for probability in (0.05, 0.25, 0.75, 0.95, 0.975):
        for freedom in (*range(1, 40), 100, 499):
            assert student_t(probability, freedom) == pytest.approx(stdtrit(freedom, probability), rel=1e-12)


def rows(scenario, replicate, record, values, place="00"):
    """One record of one replicate over the months."""
    return [(scenario, replicate, m, place, record, float(v)) for m, v in zip(MONTHS, values, strict=True)]


def results_of(table, reference="base"):
    """Results from rows made by hand."""
    columns = {"scenario": pl.String, "replicate": pl.Int32, "month": pl.Date, "place": pl.String,
               "record": pl.String, "value": pl.Float64}  # fmt: skip
    series = pl.DataFrame(table, schema=columns, orient="row")
    names = list(dict.fromkeys(series["scenario"]))
    manifest = {"name": "hand", "reference": reference, "scenarios": [{"name": name} for name in names]}
    nothing = series.select("scenario", "replicate").clear()
    return Results(series, nothing, nothing, manifest)


def world(scenario, replicate, *, entries, homicides=(9, 9, 9, 9), prison=(120, 120, 120, 120), spent=(0, 0, 0, 0)):
    """The records that the headline needs."""
    return [
        *rows(scenario, replicate, "new_entries", entries),
        *rows(scenario, replicate, "new_homicides", homicides),
        *rows(scenario, replicate, "new_member_deaths", homicides),
        *rows(scenario, replicate, "n_members", [0.0] * len(entries)),
        *rows(scenario, replicate, "n_prison", prison),
        *rows(scenario, replicate, "spent_scholarships", spent),
        *rows(scenario, replicate, "leaked_scholarships", [value / 10 for value in spent]),
    ]


def three_pairs():
    """From the second month on the policy averts 10, 12 and 14 entries a month for US$ 2.2 m a month."""
    table = []
    for replicate, averted in enumerate((10, 12, 14)):
        entries = [100 + replicate] * 4
        table += world("base", replicate, entries=entries)
        fewer = [entries[0], *(value - averted for value in entries[1:])]
        table += world("doors", replicate, entries=fewer, prison=(120, 120, 120, 108), spent=(0, 2e6, 2e6, 2e6))
    return results_of(table)


def test_a_difference_is_paired_and_its_interval_is_students():
    found = difference(three_pairs(), scenario="doors", record="new_entries")
    assert found["month"].to_list() == MONTHS
    first, last = found.row(0, named=True), found.row(3, named=True)
    assert first["mean"] == first["p05"] == first["p95"] == 0
    error = 2 / 3**0.5  # the differences are -10, -12, -14: standard deviation 2
    assert last["mean"] == -12
    assert last["p05"] == pytest.approx(-12 - 2.919986 * error, abs=1e-5)
    assert last["p95"] == pytest.approx(-12 + 2.919986 * error, abs=1e-5)
    assert last["p25"] == pytest.approx(-12 - 0.816497 * error, abs=1e-5)
    assert last["replicates"] == 3


def test_one_pair_gives_no_interval():
    alone = three_pairs().first(1)
    row = difference(alone, scenario="doors", record="new_entries").row(-1, named=True)
    assert (row["mean"], row["p05"], row["p95"], row["replicates"]) == (-10, None, None, 1)
    notes = headline(alone).filter(pl.col("measure") == "entries averted")["note"].to_list()
    assert notes == ["one replicate: no interval"]


def test_only_replicates_that_both_finished_are_paired():
    whole = three_pairs()
    lost = (pl.col("scenario") == "doors") & (pl.col("replicate") == 1)
    part = Results(whole.series.filter(~lost), whole.events, whole.careers, whole.manifest)
    found = difference(part, scenario="doors", record="new_entries").row(-1, named=True)
    assert (found["mean"], found["replicates"]) == (-12, 2)
    none = Results(whole.series.filter((pl.col("scenario") == "base") == (pl.col("replicate") == 0)),
                   whole.events, whole.careers, whole.manifest)  # fmt: skip
    with pytest.raises(UserError, match="nothing can be paired"):
        difference(none, scenario="doors", record="new_entries")


def test_the_headline_of_a_small_table():
    found = {row["measure"]: row for row in headline(three_pairs()).iter_rows(named=True)}
    entries, cost, each = (found[n] for n in ("entries averted", "extra cost", "cost per entry averted"))
    assert {row["compared_with"] for row in found.values()} == {"base"}
    assert {row["since"] for row in found.values()} == {MONTHS[1]}
    assert (entries["mean"], entries["of"], entries["replicates"]) == (36, 303, 3)
    assert entries["p95"] == pytest.approx(36 + 2.919986 * 6 / 3**0.5, abs=1e-4)
    assert found["homicides averted"]["mean"] == 0
    assert found["prison-years averted"]["mean"] == 1
    assert (cost["mean"], cost["unit"]) == (pytest.approx(6.6), "US$ m")
    assert (each["mean"], each["unit"]) == (pytest.approx(6.6e6 / 36), "US$ per entry")
    # The cost never varies, so Fieller's interval is the cost over the ends of what is averted.
    assert each["p05"] == pytest.approx(6.6e6 / entries["p95"])
    assert each["p95"] == pytest.approx(6.6e6 / entries["p05"])
    assert each["p05"] < each["p25"] < each["mean"] < each["p75"] < each["p95"]


def test_nothing_averted_has_no_cost_of_each():
    found = {row["measure"]: row for row in headline(three_pairs()).iter_rows(named=True)}
    assert found["cost per homicide averted"]["mean"] is None
    assert "none averted" in found["cost per homicide averted"]["note"]


def test_an_averted_number_that_may_be_none_has_no_cost_of_each():
    table = []
    for replicate, averted in enumerate((30, -20, 5)):
        table += world("base", replicate, entries=[100] * 4)
        table += world("doors", replicate, entries=[100, 100, 100, 100 - averted], spent=(0, 0, 0, 1e6))
    found = {row["measure"]: row for row in headline(results_of(table)).iter_rows(named=True)}
    assert found["entries averted"]["mean"] == 5
    assert found["cost per entry averted"]["mean"] is None
    assert "holds 0" in found["cost per entry averted"]["note"]


def test_more_on_average_but_perhaps_fewer_is_not_none_averted():
    table = []
    for replicate, averted in enumerate((-30, 20, -5)):
        table += world("base", replicate, entries=[100] * 4)
        table += world("doors", replicate, entries=[100, 100, 100, 100 - averted], spent=(0, 0, 0, 1e6))
    found = {row["measure"]: row for row in headline(results_of(table)).iter_rows(named=True)}
    assert found["entries averted"]["mean"] == -5
    assert "holds 0" in found["cost per entry averted"]["note"]


def test_what_is_the_same_in_every_pair_has_no_interval():
    """An interval without width would pass for certainty; money, too, can be the same in every pair."""
    found = {row["measure"]: row for row in headline(three_pairs()).iter_rows(named=True)}
    for measure in ("prison-years averted", "extra cost", "homicides averted"):
        row = found[measure]
        assert (row["p05"], row["p95"], row["note"]) == (None, None, "the same in every pair: no interval")
    assert found["cost per prison-year averted"]["note"] == "the same in every pair: no interval"


def test_a_policy_that_saves_money_has_no_cost_of_each():
    table = world("base", 0, entries=[9] * 4, spent=(1e6,) * 4) + world("doors", 0, entries=[9, 9, 9, 8])
    row = headline(results_of(table)).filter(pl.col("measure") == "cost per entry averted").row(0, named=True)
    assert (row["mean"], row["note"]) == (None, "costs no more than the reference")


def test_since_can_be_chosen_and_is_checked():
    found = headline(three_pairs(), since="2011-04").filter(pl.col("measure") == "entries averted")
    assert found["mean"].item() == 12
    with pytest.raises(UserError, match="2011-04"):
        headline(three_pairs(), since="April")


def test_the_first_difference_is_seen_in_any_place_and_record():
    table = world("base", 0, entries=[1] * 4) + rows("base", 0, "fear", (0, 0, 0, 0), place="09")
    table += world("doors", 0, entries=[1] * 4) + rows("doors", 0, "fear", (0, 0, 0.1, 0), place="09")
    found = results_of(table)
    assert first_difference(found, scenario="doors", reference="base") == MONTHS[2]
    assert first_difference(found, scenario="doors", reference="doors") is None


def test_the_first_difference_is_the_earliest_of_all_pairs_and_later_months_are_not_read_again(monkeypatch):
    table = []
    for replicate, (doors, hunt) in enumerate((((1, 1, 1, 2), (1, 1, 2, 2)), ((1, 2, 2, 2), (1, 1, 1, 2)))):
        table += world("base", replicate, entries=[1] * 4)
        table += world("doors", replicate, entries=doors) + world("hunt", replicate, entries=hunt)
    found, asked = results_of(table), []
    lived = type(found).lived
    monkeypatch.setattr(
        type(found), "lived", lambda self, r, before=None: (asked.append(before), lived(self, r, before=before))[1]
    )
    assert first_differences(found, reference="base") == {"doors": MONTHS[1], "hunt": MONTHS[2]}
    assert asked == [None, MONTHS[3]]


def test_a_scenario_equal_to_its_reference_averts_nothing():
    table = world("base", 0, entries=[1] * 4) + world("same", 0, entries=[1] * 4)
    found = headline(results_of(table))
    assert found["since"].is_null().all()
    assert set(found["mean"].drop_nulls()) == {0.0}


def test_compared_with_what():
    alone = results_of(world("base", 0, entries=[1] * 4), reference=None)
    with pytest.raises(UserError, match="compared with what"):
        headline(alone)
    with pytest.raises(UserError, match="did you mean 'doors'"):
        difference(three_pairs(), scenario="door", record="new_entries")
    with pytest.raises(UserError, match="did you mean 'new_entries'"):
        difference(three_pairs(), scenario="doors", record="new_entrys")
    with pytest.raises(UserError, match="no place '33'"):
        difference(three_pairs(), scenario="doors", record="new_entries", place="33")


def test_years_add_flows_and_average_stocks():
    found = yearly(three_pairs(), ["new_entries", "n_prison"]).filter(
        pl.col("scenario") == "doors", pl.col("replicate") == 0
    )
    by_record = {row["record"]: row for row in found.iter_rows(named=True)}
    assert by_record["new_entries"]["value"] == 370
    assert by_record["n_prison"]["value"] == 117
    assert by_record["n_prison"]["months"] == 4


def test_a_homicide_rate_is_per_year_and_100000():
    table = rows("base", 0, "new_homicides", (1, 2, 3, 4)) + rows("base", 0, "population", (99_999, 1e5, 1e5, 100_001))
    found = results_of(table)
    assert homicide_rate(found)["value"].to_list() == [pytest.approx(30)]
    assert homicide_rate(found, by="month")["value"].to_list() == pytest.approx([12, 24, 36, 48], rel=1e-4)
    assert rate(found, "population", per="population", times=1)["value"].to_list() == [1]


@pytest.mark.parametrize(
    ("record", "per", "times", "value", "unit"),
    [
        ("new_entries_minor", "new_entries", 1, 0.25, "share"),
        ("new_entries", "new_entries", 1, 1.0, "share"),
        ("leaked_courts", "spent_courts", 100, 50.0, "%"),
        ("n_school", "n_youth", 1000, 300.0, "per 1,000"),
        ("new_homicides", "population", 1e5, 12e5 * 2 / 4e5, "persons a year per 100,000 persons"),
        ("n_members", "new_entries", 1, 90 / (12 * 3), "years"),
        ("spent_courts", "n_members", 1, 12 * 20 / 90, "US$ a year per persons"),
        ("spent_courts", "new_entries", 1, 20 / 3, "US$ per persons"),
        ("n_cartels", "new_entries", 1, 6 / (12 * 3), "cartels per persons a year"),
    ],
)
def test_a_rate_counts_above_and_below_the_line_over_the_same_time(record, per, times, value, unit):
    """A flow over a flow is a share, over a stock a rate a year; a stock over a flow is so many years of it."""
    mean = {
        "new_entries": 3, "new_entries_minor": 0.75, "leaked_courts": 10, "spent_courts": 20, "n_school": 60,
        "n_youth": 200, "new_homicides": 2, "population": 4e5, "n_members": 90, "n_cartels": 6,
    }  # fmt: skip
    table = [row for name, m in mean.items() for row in rows("base", 0, name, (0.5 * m, m, m, 1.5 * m))]
    found = rate(results_of(table), record, per=per, times=times).row(0, named=True)
    assert (found["value"], found["unit"]) == (pytest.approx(value), unit)
    monthly = rate(results_of(table), record, per=per, times=times, by="month")["value"]
    assert monthly.to_list() == pytest.approx([value] * 4)


def test_rents_are_a_flow_that_adds_over_the_months():
    found = yearly(results_of(rows("base", 0, "rents", (1e6, 1e6, 2e6, 2e6))), "rents")
    assert found["value"].to_list() == [6e6]


def test_shares_behind_the_doors_sum_to_one():
    stocks = dict(zip(DOORS.values(), (4, 1, 2, 1, 1, 0.5, 0.5, *[0] * 9), strict=False))
    table = [row for record, value in stocks.items() for row in rows("base", 0, record, [value] * 4)]
    table += rows("base", 0, "n_youth", [10] * 4)
    shares = door_shares(results_of(table))
    assert shares.group_by("month").agg(pl.col("value").sum())["value"].to_list() == pytest.approx([1] * 4)
    first = shares.filter(pl.col("month") == MONTHS[0])
    assert dict(first.select("door", "value").iter_rows())["cartel"] == pytest.approx(0.05)


def test_fiellers_interval_holds_the_ratios_that_a_t_test_does_not_reject():
    cost, averted = [5.0, 6.0, 8.0, 7.0], [2.0, 2.5, 3.0, 2.2]
    for ratio in fieller(cost, averted, level=0.9):
        rest = pl.DataFrame({"value": [c - ratio * a for c, a in zip(cost, averted, strict=True)]})
        row = intervals(rest, by=[]).row(0, named=True)
        assert min(abs(row["p05"]), abs(row["p95"])) == pytest.approx(0, abs=1e-9)
    assert fieller([1.0], [1.0], level=0.9) is None


def test_results_open_without_the_model():
    code = (
        "import sys, narco_door.results; "
        "assert not {'numba', 'mesa', 'narco_door.month.model'} & set(sys.modules), 'the model was imported'"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_what_is_no_results_folder_is_said(tmp_path):
    with pytest.raises(UserError, match=r"no manifest\.json"):
        load_results(tmp_path)
    (tmp_path / "kingpins-0123").mkdir()
    (tmp_path / "kingpins-0123" / "manifest.json").write_text("{")
    with pytest.raises(UserError, match=r"no such folder. Did you mean .*kingpins-0123"):
        load_results(tmp_path / "kingpin-0123")
    with pytest.raises(UserError, match=r"manifest.json: cannot be read"):
        load_results(tmp_path / "kingpins-0123")
