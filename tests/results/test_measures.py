"""The declarations of what is charted, held against numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from narco_door.base.declared import records
from narco_door.base.doors import names
from narco_door.results.measures import (
    AVERTED,
    DOORS,
    EXITS,
    QUANTITIES,
    ROOMS,
    Quantity,
    all_months,
    each_month,
    last_year,
    mapped,
)


def read(**records: list[float]):
    return {name: np.array(values, float) for name, values in records.items()}.__getitem__


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=40))
def test_the_last_year_is_the_mean_of_twelve_months_or_of_as_many_as_there_are(values):
    expected = [np.mean(values[max(k - 11, 0) : k + 1]) for k in range(len(values))]
    assert last_year(np.array(values)) == pytest.approx(expected, abs=1e-6)
    assert last_year(np.array([values, values]))[1] == pytest.approx(expected, abs=1e-6)


def test_a_rate_is_the_ratio_of_means_and_a_stock_that_of_the_month():
    homicides, school = QUANTITIES["homicides"], QUANTITIES["school"]
    months = read(new_homicides=[1, 7], population=[1e5, 3e5], n_school=[1, 3], n_youth=[4, 4])
    assert homicides.of(months).tolist() == [12, 24]  # 4 a month among 200,000, which is not the mean of both months
    assert homicides.of(months, each_month).tolist() == [12, 28]
    assert school.of(months).tolist() == [25, 75]
    assert school.of(months, all_months) == 50


def test_entries_are_told_a_week_and_thousands_only_drawn():
    assert QUANTITIES["entries"].of(read(new_entries=[365.25 / 7])).tolist() == pytest.approx([12])
    members = QUANTITIES["members"]
    assert (members.of(read(n_members=[2500])), members.drawn(read(n_members=[2500]))) == (2500, 2.5)
    assert (members.digits, members.drawn_digits) == (0, 1)


def test_nobody_to_take_a_share_of_is_no_number():
    share = QUANTITIES["idle"].of(read(n_idle=[0, 1], n_youth=[0, 2]))
    assert np.isnan(share[0])
    assert share[1] == 50


def test_what_is_taken_off_is_taken_off_above_the_line_alone():
    quantity = Quantity("x", ("new_entries",), ("new_offers",), less=("new_entries_forced",))
    assert quantity.of(read(new_entries=[5], new_offers=[8], new_entries_forced=[1])) == 0.5


def test_every_declared_record_is_kept():
    declared = [*DOORS.values(), *ROOMS.values(), *EXITS.values(), *(each.record for each in AVERTED)]
    declared += [record for quantity in QUANTITIES.values() for record in quantity.read]
    assert set(declared) <= records().keys()


@pytest.mark.parametrize(
    ("record", "kind"),
    [
        ("new_homicides", "flow"), ("rents", "flow"), ("spent_courts", "flow"), ("n_prison", "stock"),
        ("n_cartels", "level"), ("unspent_courts", "level"), ("fear", "level"), ("nothing known", "level"),
    ],
)  # fmt: skip
def test_maps_show_flows_of_people_and_stocks_of_youths(record, kind):
    assert mapped(record).name == kind


def test_the_doors_are_those_of_the_roll_but_death():
    assert list(DOORS) == [door for door in names() if door != "dead"]
