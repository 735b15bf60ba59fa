"""Rents, prices, taxes and what is seized: closed forms, and what is moved is neither made nor lost."""

from __future__ import annotations

import mesa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narco_door.country.places import load_places
from narco_door.inside import border, forfeiture, market, predation
from narco_door.month.model import NarcoDoor
from narco_door.scenario import Order
from narco_door.state.government import Government, Keys
from worlds import LEVERS, STORM, lived, plan

NUMBERS = plan().parameters.plain()
MEXICO = load_places()
SPAN = "2007-03..2026-12"
ALWAYS = settings(max_examples=60, deadline=None)
AMOUNTS = st.lists(st.floats(0.0, 1e9), min_size=32, max_size=32).map(np.array)


def world(*sets: str, until: str = "2008-12", **numbers: float) -> NarcoDoor:
    """The baseline with some laws."""
    return lived(plan(*sets, until=until, numbers=numbers))


def total(model: NarcoDoor, record: str) -> np.ndarray:
    return model.records.nation(record)


# the market in the US -----------------------------------------------------------------------------------------------


@ALWAYS
@given(squeeze=st.floats(0.0, 0.9), elasticity=st.floats(0.25, 2.5))
def test_buyers_want_what_is_left_at_the_price(squeeze: float, elasticity: float) -> None:
    price = market.price(squeeze, elasticity)
    assert price**-elasticity == pytest.approx(1.0 - squeeze)
    assert market.revenue(squeeze, elasticity) == pytest.approx(price * (1.0 - squeeze))


def test_scarcity_raises_revenue_where_demand_is_inelastic() -> None:
    assert market.revenue(0.3, 0.5) == pytest.approx(0.7**-1.0)
    assert market.revenue(0.3, 1.0) == 1.0
    assert market.revenue(0.3, 2.0) == pytest.approx(0.7**0.5)
    assert market.price(0.0, 0.7) == market.revenue(0.0, 0.7) == 1.0


@pytest.mark.parametrize(("elasticity", "sign"), [(0.5, 1), (1.0, 0), (2.0, -1)])
def test_a_squeeze_moves_rents_by_the_elasticity(elasticity: float, sign: int) -> None:
    squeezed = world("law.supply_squeeze@2007-01..2026-12=0.2", until="2007-01", demand_elasticity=elasticity)
    change = total(squeezed, "rents")[0] - total(world(until="2007-01", demand_elasticity=elasticity), "rents")[0]
    assert np.sign(round(change)) == sign
    exports = NUMBERS["export_rents"] * 1e6
    assert change == pytest.approx(exports * (market.revenue(0.2, elasticity) - 1.0), abs=1.0)
    assert total(squeezed, "us_price")[0] == pytest.approx(0.8 ** (-1.0 / elasticity))


def test_demand_and_laundering_scale_export_rents_only() -> None:
    first = total(world(until="2007-01"), "rents")[0]
    halved = total(world("law.us_demand@2007-01..2026-12=0.5", until="2007-01"), "rents")[0]
    assert first - halved == pytest.approx(NUMBERS["export_rents"] * 5e5)
    grown = total(world(laundering_growth=0.1), "rents")[12] - total(world(), "rents")[12]
    assert grown == pytest.approx(0.1 * NUMBERS["export_rents"] * 1e6 * (1.0 + NUMBERS["demand_growth"]), rel=1e-9)


def test_technology_lets_fewer_members_handle_the_same_rents() -> None:
    model = NarcoDoor(plan(until="2007-02", off=["contest"]))
    model.step()
    rents = model.records.by_place("rents")[-1]
    whole, half = (model.world.cartels.wants(rents, labour=labour) for labour in (1.0, 0.5))
    assert half == pytest.approx(0.5 * whole)


# a legal trade and taxes --------------------------------------------------------------------------------------------


def test_what_is_legal_is_lost_to_cartels_and_taxed() -> None:
    model = world("law.legal_share@2007-01..2026-12=0.4", "law.excise@2007-01..2026-12=0.5", legal_turn=0.0)
    core = world(legal_turn=0.0)
    legal = total(model, "rents_legal")
    assert legal[0] == pytest.approx(0.4 * NUMBERS["export_rents"] * 1e6)
    assert total(core, "rents") - total(model, "rents") == pytest.approx(legal)
    assert total(model, "new_excise") == pytest.approx(0.5 * NUMBERS["legal_value"] * legal)


def test_those_who_lose_a_market_turn_on_the_population() -> None:
    model = world("law.legal_share@2007-01..2026-12=0.4", until="2007-01", legal_turn=0.5)
    assert model.records.by_place("rents_taken")[0] == pytest.approx(0.5 * model.records.by_place("rents_legal")[0])
    core = world(until="2007-01")
    assert total(core, "rents")[0] - total(model, "rents")[0] == pytest.approx(0.5 * total(model, "rents_legal")[0])


def test_earmarked_taxes_are_promised_the_month_after_and_the_rest_is_the_treasurys() -> None:
    sets = (f"law.security_tax@{SPAN}=1200", f"earmark.policing@{SPAN}=0.5", "earmark.courts@2007-06..2026-12=0.25")
    model, core = world(*sets), world()
    raised, given = total(model, "new_security_tax"), total(model, "new_earmarked")
    assert raised[:2].sum() == 0.0
    assert raised[2:] == pytest.approx(1e8)
    assert given[2:5] == pytest.approx(0.5e8)
    assert given[5:] == pytest.approx(0.75e8)
    for lever, share, first in (("policing", 0.5, 3), ("courts", 0.25, 6)):
        more = total(model, f"promised_{lever}") - total(core, f"promised_{lever}")
        assert more[:first].sum() == 0.0
        assert more[first:] == pytest.approx(share * 1e8)


def government(*orders: Order) -> Government:
    numbers = {"leakage": 0.3, "aid_lag_months": 30.0, "works_decay": 0.0}
    return Government(mesa.Model(rng=1), orders, numbers=numbers, places=3, codes=("01", "02", "03"))


@ALWAYS
@given(cents=st.integers(0, 10**13), shares=st.lists(st.floats(0.0, 0.25), min_size=1, max_size=4))
def test_earmarks_are_never_more_than_the_taxes_and_are_kept_to_the_cent(cents: int, shares: list[float]) -> None:
    orders = [Order(LEVERS[k], "domestic", 0, 99, 0.0, "need", "x", share=share) for k, share in enumerate(shares)]
    gov = government(*orders)
    given = gov.collect(5, cents, begun=())
    assert 0 <= given <= cents
    even = Keys(*[np.ones(3)] * 3)
    gone = 0
    for month in range(6, 30):
        gov.disburse(month, even, corruption=np.full(3, 0.2), room={lever: np.full(3, np.inf) for lever in LEVERS})
        gone += gov.spent.sum() + gov.leaked.sum()
        assert gov.cum_promised.sum() == given == gone + gov.left().sum()


# displacement -------------------------------------------------------------------------------------------------------


@ALWAYS
@given(rents=AMOUNTS, share=st.floats(0.0, 0.95), near=st.floats(0.0, 0.5), far=st.floats(0.0, 0.5))
def test_rents_moved_out_arrive_or_leave_the_country(rents: np.ndarray, share: float, near: float, far: float) -> None:
    moved = border.move(
        rents, np.full(32, share), near=MEXICO.neighbours, corridor=MEXICO.corridor_share,
        numbers={"border_near": near, "border_far": far},
    )  # fmt: skip
    assert moved.out == pytest.approx(rents * share)
    assert moved.into.sum() + moved.abroad.sum() == pytest.approx(moved.out.sum(), abs=1e-3)
    assert moved.abroad == pytest.approx((1.0 - near - far) * moved.out, abs=1e-3)
    assert moved.into.min() >= 0.0


def test_pressed_next_door_gets_its_share_and_far_corridors_theirs() -> None:
    rents = np.zeros(32)
    rents[7] = 1e6  # Chihuahua
    numbers = {"border_near": 0.5, "border_far": 0.25}
    moved = border.move(
        rents, np.full(32, 0.4), near=MEXICO.neighbours, corridor=MEXICO.corridor_share, numbers=numbers
    )
    near = MEXICO.neighbours[7]
    assert moved.into[near].sum() == pytest.approx(0.5 * 0.4e6)
    assert moved.into[~near].sum() == pytest.approx(0.25 * 0.4e6)
    assert moved.into[7] == 0.0
    shares = MEXICO.corridor_share[near] / MEXICO.corridor_share[near].sum()
    assert moved.into[near] == pytest.approx(0.5 * 0.4e6 * shares)


def test_a_place_without_neighbours_sends_its_rents_abroad() -> None:
    nowhere = np.zeros((2, 2), bool)
    moved = border.move(
        np.array([100.0, 0.0]), np.array([1.0, 0.0]), near=nowhere, corridor=np.array([1.0, 0.0]),
        numbers={"border_near": 0.4, "border_far": 0.3},
    )  # fmt: skip
    assert moved.abroad[0] == 100.0
    assert moved.into.sum() == 0.0


def test_pressure_saturates_and_a_large_corridor_needs_more() -> None:
    numbers = {"border_most": 0.6, "border_scale": 1000.0}
    corridor = np.array([0.5, 0.1])
    share = border.pressure(np.array([500.0, 500.0]), corridor, numbers)
    assert share == pytest.approx(0.6 * (1.0 - np.exp([-1.0, -5.0])))
    assert border.pressure(np.zeros(2), corridor, numbers).sum() == 0.0
    assert border.pressure(np.full(2, 1e9), corridor, numbers) == pytest.approx(0.6)


def test_the_book_shows_what_left_the_country_and_the_violence_with_it() -> None:
    model = world(f"add.border@{SPAN}=1000", abroad_violence=2.0)
    out, into, abroad = (total(model, f"rents_moved_{way}") for way in ("out", "in", "abroad"))
    assert out[-1] > 0
    assert out == pytest.approx(into + abroad)
    lost = (model.records.by_place("rents_moved_out") - model.records.by_place("rents_moved_in"))[2:]
    assert (lost < 0).any()  # some corridors gain
    ordinary = (
        NUMBERS["ordinary_share"] * MEXICO.ordinary_homicide_rate * MEXICO.population(model.world.start + 23) / 12e5
    )
    by_cartels = total(model, "new_homicides")[-1] - ordinary.sum()
    exported = 2.0 * by_cartels * abroad[-1] / total(model, "rents")[-1]
    assert total(model, "new_homicides_abroad")[-1] == pytest.approx(exported)


# forfeiture ---------------------------------------------------------------------------------------------------------


def test_product_is_paid_for_the_cash_that_was_seized() -> None:
    model = world(f"law.forfeiture_cash@{SPAN}=0.3", f"law.forfeiture_cars@{SPAN}=0.1")
    cash, product = (model.records.by_place(f"new_{what}") for what in ("cash_seized", "product_paid"))
    assert cash[2:].sum() > 0
    assert (cash == product).all()
    assert model.records.by_place("new_local_sales") == pytest.approx(NUMBERS["product_markup"] * product)
    before = model.records.by_place("n_members")[:-1]
    assert model.records.by_place("new_cars_stolen")[3:] == pytest.approx(0.1 * NUMBERS["cars_per_member"] * before[2:])


@pytest.mark.parametrize(("retail", "sign"), [(0.1, -1), (1 / 3, 0), (0.9, 1)])
def test_forfeiture_lowers_or_raises_rents_by_what_is_sold(retail: float, sign: int) -> None:
    numbers = {**NUMBERS, "product_markup": 3.0, "retail_rents": retail}
    law = {"forfeiture_cash": 0.5, "forfeiture_cars": 0.0}
    seized = forfeiture.seize(np.array([100.0]), np.array([600.0]), law, numbers)
    assert seized.cash[0] == seized.product[0] == 30_000.0
    assert seized.net[0] == pytest.approx(30_000.0 * (3.0 * retail - 1.0), abs=1e-6)
    assert np.sign(round(seized.net[0])) == sign


# small groups -------------------------------------------------------------------------------------------------------


def test_members_of_small_groups_are_counted_by_the_size_of_their_group() -> None:
    held = np.array([[1000.0, 0.0, 0.0], [500.0, 500.0, 0.0]])  # two groups of 1000
    assert predation.small_share(held, 1000.0) == pytest.approx([0.5, 0.5, 0.0])
    torn = np.vstack([held[0] / 10] * 10 + [held[1]])
    assert predation.small_share(torn, 1000.0)[0] == pytest.approx((1000 * 1000 / 1100 + 500 * 0.5) / 1500)


@ALWAYS
@given(rents=st.floats(1.0, 1e9), share=st.floats(0.0, 1.0), harm=st.floats(0.0, 5.0))
def test_contact_grows_with_the_share_of_rents_taken_from_the_population(
    rents: float, share: float, harm: float
) -> None:
    contact = predation.contact(np.array([share * rents]), np.array([rents]), {"contact_harm": harm})
    assert contact[0] == pytest.approx(1.0 + harm * share)


def test_splits_turn_groups_on_the_population_and_more_bystanders_die() -> None:
    torn = plan(until="2009-12", numbers={**STORM, "diversification": 2.0})
    whole = plan(until="2009-12", numbers={**STORM, "diversification": 2.0, "split_chance": 0.0})
    models = {name: lived(scenario) for name, scenario in (("torn", torn), ("whole", whole))}
    for model in models.values():
        assert total(model, "rents_taken")[0] == 0.0
    for record in ("small_groups", "rents_taken"):
        assert total(models["torn"], record)[-1] > total(models["whole"], record)[-1]
    deaths, homicides = (total(models["torn"], f"new_{what}") for what in ("member_deaths", "homicides"))
    months = 2007 * 12 + np.arange(deaths.size)
    people = np.array([MEXICO.population(month) for month in months])
    ordinary = (NUMBERS["ordinary_share"] * MEXICO.ordinary_homicide_rate * people / 12e5).sum(axis=1)
    killed = (homicides - ordinary)[1:]  # in the first month no group is smaller than at the beginning
    assert killed.sum() > deaths[1:].sum() * (1.0 + NUMBERS["others_killed"]) > 0.0
