"""Money in = spent + leaked + left, to the cent; lags and shares have their closed form."""

from __future__ import annotations

import mesa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narco_door.base.declared import levers
from narco_door.month.model import NarcoDoor
from narco_door.scenario import Order
from narco_door.state.government import Government, Keys, apportion, monthly_cents
from worlds import EVERY_LEVER, LEVERS, Watched, lived, plan

CODES = ("01", "02", "03")
START = 2010 * 12
LASTING = tuple(name for name, lever in levers().items() if lever.lasting)
ENOUGH = {lever: np.full(3, np.inf) for lever in LEVERS}
ALWAYS = settings(max_examples=60, deadline=None)


def order(
    lever: str, musd: float, *, start: int = 0, end: int = 600, channel: str = "domestic", to: object = "need"
) -> Order:
    """A promise from one month of the test to another."""
    return Order(lever, channel, START + start, START + end, musd, to, "test")  # type: ignore[arg-type]


def government(*orders: Order, leakage: float = 0.3, decay: float = 0.0) -> Government:
    """A government of three places, with nobody else in the world."""
    numbers = {"leakage": leakage, "aid_lag_months": 30.0, "works_decay": decay}
    return Government(mesa.Model(rng=1), tuple(orders), numbers=numbers, places=3, codes=CODES)


KEYS = Keys(need=np.array([1.0, 2.0, 3.0]), population=np.array([5.0, 1.0, 1.0]), violence=np.array([0.0, 0.0, 2.0]))


def pay(
    gov: Government, months: int, *, corruption: float = 0.2, room: dict[str, np.ndarray] | None = None
) -> np.ndarray:
    """Live some months; cents spent and leaked, int64[month, 2, lever, place]."""
    out = []
    for month in range(START, START + months):
        gov.disburse(month, KEYS, corruption=np.full(3, corruption), room=room or ENOUGH)
        out.append(np.stack([gov.spent.copy(), gov.leaked.copy()]))
    return np.array(out)


# to the cent --------------------------------------------------------------------------------------------------------


@ALWAYS
@given(cents=st.integers(0, 10**14), weights=st.lists(st.floats(0.0, 1e9), min_size=1, max_size=40))
def test_shares_of_a_sum_add_up_to_it(cents: int, weights: list[float]) -> None:
    shares = apportion(cents, np.array(weights))
    assert shares.sum() == cents
    assert shares.min() >= 0
    total = sum(weights)
    if total > 0:
        exact = np.array(weights) / total * cents
        assert np.abs(shares - exact).max() <= 1.0 + cents * 1e-14


@ALWAYS
@given(musd=st.floats(0.0, 1e6), year=st.integers(1900, 2100))
def test_twelve_months_make_a_year(musd: float, year: int) -> None:
    months = [monthly_cents(musd, year * 12 + k) for k in range(12)]
    assert sum(months) == round(musd * 1e8)
    assert min(months) >= 0
    assert max(months) - min(months) <= 1


SHARES = st.sampled_from(["need", "population", "violence", (("01", 1.0),), (("02", 0.25), ("03", 0.75))])
ORDERS = st.lists(
    st.builds(
        order, st.sampled_from(LEVERS), st.one_of(st.just(0.0), st.floats(1e-8, 1e6)), start=st.integers(-5, 20),
        end=st.integers(1, 40), channel=st.sampled_from(("domestic", "aid")), to=SHARES,
    ),
    max_size=8,
)  # fmt: skip


@ALWAYS
@given(
    orders=ORDERS, corruption=st.floats(0.0, 1.0), leakage=st.floats(0.0, 1.0),
    use=st.one_of(st.just(np.inf), st.floats(0.0, 1e6)),
)  # fmt: skip
def test_money_in_is_spent_leaked_or_left(orders: list[Order], corruption: float, leakage: float, use: float) -> None:
    gov = government(*orders, leakage=leakage)
    room = {lever: np.full(3, use) for lever in LEVERS}
    gone, promised = np.zeros(len(LEVERS), np.int64), np.zeros(len(LEVERS), np.int64)
    for month in range(START, START + 45):
        gov.disburse(month, KEYS, corruption=np.full(3, corruption), room=room)
        gone += gov.spent.sum(axis=1) + gov.leaked.sum(axis=1)
        for o in orders:
            if o.start <= month < o.end:
                promised[LEVERS.index(o.lever)] += monthly_cents(o.musd_year, month)
        assert (gov.cum_promised == promised).all()
        assert (promised == gone + gov.left()).all()
        assert min(gov.spent.min(), gov.leaked.min(), gov.pipeline.min(initial=0), gov.returned.min()) >= 0


def test_money_in_is_spent_leaked_or_left_in_a_whole_world(storm: Watched) -> None:
    for month in storm.months:
        out = month.accounts["spent"] + month.accounts["leaked"] + month.accounts["left"]
        assert (month.accounts["promised"] == out).all()
    assert (storm.months[-1].accounts["leaked"] > 0).all()


def test_the_book_keeps_the_same_accounts(storm: Watched) -> None:
    def cents(record: str) -> np.ndarray:
        """What the nation's page says, in cents since the first month."""
        return np.rint(np.cumsum(storm.model.records.nation(record)) * 100).astype(np.int64)

    for k, lever in enumerate(LEVERS):
        for word in ("promised", "spent", "leaked"):
            kept = np.array([month.accounts[word][k] for month in storm.months])
            assert (cents(f"{word}_{lever}") == kept).all()
        left = np.array([month.accounts["left"][k] for month in storm.months])
        assert (np.rint(storm.model.records.nation(f"unspent_{lever}") * 100) == left).all()


def test_promises_of_the_book_are_those_of_the_scenario() -> None:
    scenario = plan(*EVERY_LEVER, until="2009-12")
    model, promised = lived(scenario), scenario.spending()
    assert set(promised) == set(LEVERS)
    for lever, by_year in promised.items():
        book = model.records.nation(f"promised_{lever}").reshape(3, 12).sum(axis=1)
        assert book == pytest.approx([by_year[year] * 1e6 for year in (2007, 2008, 2009)], abs=0.02)


# lags ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", ["domestic", "aid"])
@pytest.mark.parametrize("lever", LEVERS)
def test_disbursement_is_a_first_order_lag(lever: str, channel: str) -> None:
    gov = government(order(lever, 1200.0, end=40, channel=channel), leakage=0.0)
    k = LEVERS.index(lever)
    lag = gov.lag[0]
    assert lag == (30.0 if channel == "aid" else gov.levers[k].lag_months)
    paid = pay(gov, 80)[:, 0, k].sum(axis=1)
    month = np.arange(80)
    keep = 1.0 - 1.0 / max(lag, 1.0)
    after = np.maximum(month - 39, 0)
    closed = 1e10 * (1.0 - keep ** (np.minimum(month, 39) + 1)) * keep**after
    assert paid == pytest.approx(closed, abs=lag + 1)


def test_after_the_lag_63_of_100_are_disbursed() -> None:
    gov = government(order("scholarships", 1200.0, channel="aid"), leakage=0.0)
    paid = pay(gov, 30)[:, 0].sum(axis=(1, 2))
    assert paid[29] / 1e10 == pytest.approx(1 - np.exp(-1), abs=0.01)
    assert (np.diff(paid) > 0).all()


def test_a_fund_runs_dry_to_the_last_cent() -> None:
    gov = government(order("policing", 0.001, end=3), leakage=0.0)
    paid = pay(gov, 200)[:, 0].sum()
    assert paid == sum(monthly_cents(0.001, START + k) for k in range(3))
    assert not gov.pipeline.any()


def test_two_channels_do_not_mix() -> None:
    home, aid = order("courts", 100.0), order("courts", 60.0, channel="aid")
    both, one, other = (
        pay(government(*o, leakage=0.0), 24)[:, 0].sum(axis=(1, 2)) for o in ((home, aid), (home,), (aid,))
    )
    assert (both == one + other).all()


# who gets it --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("allocation", "shares"),
    [
        ("need", [1 / 6, 2 / 6, 3 / 6]), ("population", [5 / 7, 1 / 7, 1 / 7]), ("violence", [0, 0, 1]),
        ((("02", 1.0),), [0, 1, 0]), ((("01", 0.5), ("03", 0.5)), [0.5, 0, 0.5]),
    ],
)  # fmt: skip
def test_money_is_shared_as_ordered(allocation: object, shares: list[float]) -> None:
    paid = pay(government(order("policing", 120.0, to=allocation), leakage=0.0), 6)[:, 0].sum(axis=(0, 1))
    assert paid == pytest.approx(np.array(shares) * paid.sum(), abs=6)


def test_each_order_of_a_lever_is_shared_by_its_own_rule() -> None:
    here, there = order("courts", 120.0, to=(("01", 1.0),)), order("courts", 60.0, to=(("02", 1.0),))
    paid = pay(government(here, there, leakage=0.0), 12)[:, 0].sum(axis=(0, 1))
    alone = [pay(government(o, leakage=0.0), 12)[:, 0].sum(axis=(0, 1)) for o in (here, there)]
    assert paid == pytest.approx(alone[0] + alone[1], abs=12)


def test_leakage_is_a_share_of_corruption() -> None:
    for corruption, leakage in ((0.0, 0.5), (0.4, 0.5), (1.0, 1.0), (1.0, 0.0)):
        paid = pay(government(order("mentoring", 120.0), leakage=leakage), 12, corruption=corruption).sum(
            axis=(0, 2, 3)
        )
        assert paid[1] == pytest.approx(leakage * corruption * paid.sum(), abs=40)


# what it buys -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lever", LEVERS)
def test_what_is_spent_buys_units_at_their_cost(lever: str) -> None:
    gov = government(order(lever, 1200.0), leakage=0.0)
    k = LEVERS.index(lever)
    spent = pay(gov, 1)[0, 0, k] / 100.0
    about = gov.levers[k]
    cost = about.unit_cost / {"month": 1.0, "year": 12.0}[about.per]  # a unit for a year is paid by the month
    assert gov.at_work(lever) == pytest.approx(spent / cost)


@pytest.mark.parametrize("lever", LEVERS)
def test_what_is_of_no_use_goes_back(lever: str) -> None:
    gov = government(order(lever, 1200.0), leakage=0.0)
    room = {**ENOUGH, lever: np.array([0.0, 2.0, np.inf])}
    pay(gov, 10, room=room)
    k = LEVERS.index(lever)
    per_unit = gov.unit_cents[k] / gov.months_per_unit[k]
    assert gov.service[k, 0] == gov.spent[k, 0] == 0
    assert gov.service[k, 1] <= 2.0
    assert gov.spent[k, 1] <= 2 * per_unit
    assert gov.returned[k].sum() > 0


@pytest.mark.parametrize("lever", LASTING)
def test_works_last_and_wear(lever: str) -> None:
    gov = government(order(lever, 1200.0, end=24), leakage=0.0, decay=0.01)
    k, bought, stock = LEVERS.index(lever), 0.0, np.zeros(3)
    for month in range(START, START + 60):
        gov.disburse(month, KEYS, corruption=np.zeros(3), room=ENOUGH)
        stock = stock * 0.99 + gov.service[k]
        bought += gov.service[k].sum()
        assert gov.at_work(lever) == pytest.approx(stock)
    assert 0.5 * bought < stock.sum() < bought


def test_services_end_with_the_money() -> None:
    gov = government(order("policing", 1200.0, end=2), leakage=0.0)
    pay(gov, 300)
    assert not gov.at_work("policing").any()


def test_money_beyond_all_use_goes_back_in_a_whole_world() -> None:
    model = NarcoDoor(plan(*(s.replace("=400", "=100000") for s in EVERY_LEVER), until="2008-12", persons=4000)).run()
    for k, lever in enumerate(LEVERS):
        assert np.isfinite(model.world.government.at_work(lever)).all()
        if lever not in (*LASTING, "kingpin_operations"):
            assert model.world.government.returned[k].sum() > 0, f"{lever} could use US$ 100,000 m a year"
