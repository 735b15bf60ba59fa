"""How numbers are written."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narco_door.show import formats

NAN = math.nan


@pytest.mark.parametrize(
    ("write", "told"),
    [
        (formats.number, {0: "0", 0.00012: "0.00012", 1 / 3: "0.3333", 999.96: "1,000", 1650: "1,650", 12345.6: "12,346",
                          -2.5: "-2.5", NAN: "–"}),
        (lambda v: formats.number(v, 3), {999.6: "1,000", 131.94: "132", 0.9539: "0.954"}),
        (lambda v: formats.number(v, unit="year"), {1995: "1995", 17: "17"}),
        (formats.count, {0: "0", 352.4: "352", 999.6: "1,000", 45864: "45,900", 1_234_567: "1,230,000", -1234: "−1,230",
                         -0.4: "0", NAN: "–"}),
        (formats.about, {0.4321: "0.432", 12.34: "12.3", 99.96: "100", 1_234_567: "1,230,000"}),
        (formats.averted, {-29_512.3: "−29,512", 9.96: "10", -0.345: "−0.34", 0: "0"}),
        (formats.money, {-0.4: "0", 1234.5: "1,234", -1234: "−1,234"}),
        (formats.few, {0.04: "0.0", 9.94: "9.9", 9.96: "10", 63.4: "63", -3.25: "−3.2", 1234: "1,234", NAN: "–"}),
        (formats.tile, {0.001: "0", 0.25: "0.25", 12.34: "12", -3.21: "−3.2", 1234: "1,234", NAN: "–"}),
        (lambda v: formats.tile(v, plus=True), {-0.001: "0", 0.25: "+0.25", -3.21: "−3.2", NAN: "–"}),
        (formats.percent, {0.5: "50 %", -0.123: "−12 %", 1.2: "120 %"}),
        (lambda v: formats.signed(v, 1), {2: "+2.0", 0.04: "0.0", -0.04: "0.0", -3.25: "−3.2", NAN: "–"}),
        (formats.signed, {45864: "+45,900", -45864: "−45,900", 0.3: "0"}),
        (lambda v: formats.fixed(v, 0), {-1234: "−1,234", 1234.6: "1,235", NAN: "–"}),
    ],
)  # fmt: skip
def test_each_meaning_has_its_form(write: Callable[[float], str], told: dict[float, str]) -> None:
    assert [write(value) for value in told] == list(told.values())


def test_ranges_and_what_was_measured() -> None:
    assert formats.between(4875, 8125) == "4,875 to 8,125"
    assert formats.between(0.1, 0.25, to="–") == "0.1–0.25"
    assert formats.between(1990, 2010, unit="year") == "1990 to 2010"
    assert formats.measured(131.94, 14.48) == "132 ± 14"
    assert formats.measured(0.6346) == "0.635"


def test_ticks_have_the_decimals_that_tell_them_apart() -> None:
    assert formats.ticks([-500, 0, 500]) == ["−500", "0", "500"]
    assert formats.ticks([0.0, 2.5, 5.0], plus=True) == ["0.0", "+2.5", "+5.0"]
    assert formats.ticks([1000, 1500]) == ["1,000", "1,500"]


@given(st.floats(-1e9, 1e9))
def test_a_sign_is_a_true_one_and_nothing_has_none(value: float) -> None:
    for text in (formats.signed(value, 2), formats.signed(value), formats.averted(value), formats.fixed(value, 1)):
        assert "-" not in text.replace("e-", "")
        if not text.strip("+−0.,"):
            assert text[0] not in "+−"


def test_years_are_written_by_their_ends() -> None:
    assert formats.spans([2018, 2019, 2020, 2022]) == "2018-20, 2022"
    assert formats.spans([2013]) == "2013"
