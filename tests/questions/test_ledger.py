"""Scores have their closed forms, naive forecasts see nothing of what they forecast, and what is worse is said first."""

from __future__ import annotations

import math
from dataclasses import replace
from statistics import NormalDist

import numpy as np
import polars as pl
import pytest
from scipy.integrate import solve_ivp

from narco_door.base.arrays import F8
from narco_door.country.places import load_places
from narco_door.questions import ledger
from narco_door.questions.ledger import naive, published, record
from narco_door.questions.ledger.forecasts import MODEL, lived, without_model
from narco_door.questions.ledger.record import FITTED, Observed
from narco_door.questions.ledger.scores import covered, crps, energy, ranks
from narco_door.questions.ledger.scoring import by_place, scored, skill, worse_places, worse_years
from narco_door.questions.targets import targets
from narco_door.results import Results
from narco_door.results.rates import homicide_rate
from synthetic import eighteen_years

RNG = np.random.default_rng(1)


# --- scores ---


@pytest.mark.parametrize(("mean", "sd", "truth"), [(0.0, 1.0, 0.0), (3.0, 2.0, 7.5), (-1.0, 0.1, -1.3)])
def test_crps_of_a_gaussian(mean: float, sd: float, truth: float) -> None:
    """Gneiting and Raftery 2007, equation 21."""
    normal, z = NormalDist(), (truth - mean) / sd
    closed = sd * (z * (2 * normal.cdf(z) - 1) + 2 * normal.pdf(z) - 1 / math.sqrt(math.pi))
    members = np.array([mean + sd * normal.inv_cdf((k + 0.5) / 800) for k in range(800)])
    assert crps(members, np.array(truth)) == pytest.approx(closed, abs=2e-3 * sd)


def test_the_energy_score_of_one_place_is_the_crps() -> None:
    members, truth = RNG.normal(size=(7, 5, 1)), RNG.normal(size=(5, 1))
    assert energy(members, truth) == pytest.approx(crps(members, truth)[:, 0])


def test_the_energy_score_sees_whether_places_go_together() -> None:
    """The same for every place alone; but those that rise together are told from those that do not."""
    truth = np.array([[1.0, 1.0]])
    together = np.array([[[1.0, 1.0]], [[-1.0, -1.0]]])
    apart = np.array([[[1.0, -1.0]], [[-1.0, 1.0]]])
    assert crps(together, truth) == pytest.approx(crps(apart, truth))
    assert energy(together, truth)[0] < energy(apart, truth)[0]


def test_a_point_scores_its_distance_and_a_perfect_one_nothing() -> None:
    truth = RNG.normal(size=(4, 3))
    assert crps(truth[None] + 2.0, truth) == pytest.approx(np.full((4, 3), 2.0))
    assert energy(np.repeat(truth[None], 5, axis=0), truth) == pytest.approx(np.zeros(4))


def test_coverage_of_members_that_are_known() -> None:
    members = np.arange(101.0)[:, None]  # quantiles are the numbers themselves
    inside = [covered(members, np.array([x]), 0.9)[0] for x in (4.9, 5.0, 50.0, 95.0, 95.1)]
    assert inside == [False, True, True, True, False]
    assert [covered(members, np.array([x]), 0.5)[0] for x in (24.9, 25.0, 75.1)] == [False, True, False]


@pytest.mark.parametrize("ties", [False, True])
def test_ranks_of_one_more_member_are_uniform(ties: bool) -> None:
    """However many members there are and however many of them are equal."""
    drawn = RNG.poisson(0.7, (8, 20_000)) if ties else RNG.normal(size=(8, 20_000))
    where = ranks(drawn[1:].astype(float), drawn[0].astype(float), RNG.random(20_000))
    shares = np.histogram(where, bins=10, range=(0, 1))[0] / where.size
    assert np.abs(shares - 0.1).max() < 4 * math.sqrt(0.1 * 0.9 / where.size)


def test_ranks_of_what_lies_outside() -> None:
    members, lots = np.array([[1.0, 1.0], [2.0, 2.0]]), np.array([0.5, 0.5])
    assert ranks(members, np.array([0.0, 3.0]), lots).tolist() == [0.5 / 3, 2.5 / 3]


# --- forecasts without a model ---


def test_no_forecast_sees_what_it_forecasts() -> None:
    """Every year after the last that may be fitted changed: the same forecasts to the bit."""
    for counted in (record.nation(), record.states()):
        late = counted.years > FITTED[1]
        assert late.any()
        other = replace(counted, rates=np.where(late[:, None], 7 * counted.rates + 1, counted.rates))
        before, after = (without_model(each, until=2024) for each in (counted, other))
        assert all(np.array_equal(before[name], after[name]) for name in before)
        earlier = replace(counted, rates=counted.rates + 1.0)
        assert not np.array_equal(without_model(earlier, until=2024)["kept"], before["kept"])


def test_what_is_kept_and_its_spread() -> None:
    past = np.array([[1.0, 50.0], [4.0, 40.0], [2.0, 41.0]])
    assert naive.kept(past, 3).tolist() == [[[2.0, 41.0]] * 3]
    members = naive.kept_with_spread(past, 4)
    assert np.median(members, axis=0) == pytest.approx(np.array([[2.0, 41.0]] * 4))
    assert members[:, 3, 1].tolist() == [
        41.0,
        21.0,
        43.0,
        61.0,
        39.0,
    ]  # steps of 0, -10 and 1, twice as wide after four years
    assert members.min() == 0.0  # 2 - 3 * sqrt(h) is no rate


def test_a_straight_line_goes_on_and_knows_its_error() -> None:
    """A line without error is its own forecast; with one, the interval is that of the closed form."""
    exact = naive.line(np.array([[3.0], [5.0], [7.0]]), 2)
    assert exact[:, :, 0] == pytest.approx(np.tile([9.0, 11.0], (len(exact), 1)))
    past = np.array([[1.0], [3.0], [2.0], [4.0]])  # slope 0.8, level 2.5, residual sd sqrt(0.9)
    found = naive.line(past, 1)[:, 0, 0]
    assert np.median(found) == pytest.approx(2.5 + 0.8 * 2.5)
    spread = math.sqrt(0.9 * (1 + 1 / 4 + 2.5**2 / 5))
    quartile = math.sqrt(2 / 3)  # Student's t with two degrees of freedom: t(3/4) = sqrt(2/3)
    low, high = np.quantile(found, [0.25, 0.75])
    assert (high - low) / 2 == pytest.approx(quartile * spread, rel=0.02)


# --- the published equations ---


def test_the_equations_are_solved() -> None:
    """A week at a time comes within half a per cent of a solver that chooses its steps, over eleven years."""
    S = published.strife(3, published.NEAREST)

    def change(_: float, members: F8) -> F8:
        recruits, jailed, killed, leavers = published.flows(members, S)
        return recruits - jailed - killed - leavers

    solved = solve_ivp(change, (0, 572), published.START, t_eval=np.arange(520, 572) + 0.0, rtol=1e-8)
    weekly = [published.flows(members, S)[2].sum() for members in solved.y.T]
    assert published.killed(11, networks=4)[3, 10] == pytest.approx(sum(weekly), rel=0.005)


def test_the_equations_have_the_growth_that_was_published() -> None:
    """Some 67 killed a week in 2012 and 125 ten years later."""
    dead = published.killed(11, networks=6).mean(axis=0) / 52
    assert dead[0] == pytest.approx(67, rel=0.04)
    assert dead[10] == pytest.approx(125, rel=0.12)  # six networks of forty
    rates = published.homicide_rates(20.0, np.full(3, 1_000_000))
    assert rates.mean(axis=0) == pytest.approx(
        20.0 * (published.killed(3)[:, 1:] / published.killed(3)[:, :1]).mean(axis=0)
    )


# --- the record, and what was lived ---


def test_records_meet_where_both_are() -> None:
    """The states' deaths add up to the nation's rate in the years that were fitted."""
    nation, states, places = record.nation(), record.states(), load_places()
    for year in range(FITTED[0], FITTED[1] + 1):
        people = places.mid_year_people[:, year - places.first_year]
        summed = (states.between(year, year).rates[0] * people).sum() / people.sum()
        assert summed == pytest.approx(nation.between(year, year).rates[0, 0], rel=0.02)
    assert states.later.years.tolist() == [2018, 2019, 2020, 2022]


def test_the_years_that_may_be_fitted_are_those_of_the_targets() -> None:
    rates = [target for target in targets() if target.statistic == "homicide_rate"]
    assert {t.years[0] for t in rates if t.role == "fit"} == set(range(FITTED[0], FITTED[1] + 1))
    assert {t.years[0] for t in rates if t.role != "fit"} == set(record.nation().later.years.tolist())


@pytest.fixture(scope="module")
def results() -> Results:
    return eighteen_years()


@pytest.fixture(scope="module")
def forecasts(results: Results) -> tuple[ledger.Forecasts, ledger.Forecasts]:
    return ledger.forecasts(results)


def test_what_was_lived_is_the_rate_of_results(results: Results) -> None:
    for place in ("00", "08"):
        found = lived(results, [place], until=2022)
        expected = homicide_rate(results, place=place).filter(pl.col("year") == 2022).sort("replicate")["value"]
        assert max(found) == 2022
        assert found[2022][:, 0] == pytest.approx(expected.to_numpy())
    codes = load_places().code
    chihuahua = lived(results, codes, until=2024)[2022][:, codes.index("08")]
    assert chihuahua == pytest.approx(expected.to_numpy())


# --- what is worse comes first ---


def planted(asked: ledger.Forecasts, off: float) -> ledger.Forecasts:
    """The same with runs that are all so far above the record."""
    members = np.repeat(asked.record.later.rates[None], 3, axis=0) + off
    return replace(asked, members={**asked.members, MODEL: members})


def test_a_perfect_model_beats_every_other_and_a_bad_one_is_told(
    forecasts: tuple[ledger.Forecasts, ledger.Forecasts],
) -> None:
    good, bad = (pl.concat([scored(planted(each, off)) for each in forecasts]) for off in (0.0, 80.0))
    assert skill(good)["skill"].to_list() == [1.0] * 5
    assert skill(good)["model"].to_list() == [0.0] * 5
    assert worse_years(good) == []
    assert worse_places(by_place(planted(forecasts[1], 0.0))) == []
    assert (skill(bad)["skill"] < 0).all()
    assert skill(bad)["skill"].is_sorted()
    assert worse_years(bad) == list(range(2013, 2025))
    assert len(worse_places(by_place(planted(forecasts[1], 500.0)))) == 32
    assert good.filter(pl.col("forecast") == MODEL)["within_90"].to_list() == [1.0] * 16


def test_ranks_of_the_record_are_the_same_every_time(forecasts: tuple[ledger.Forecasts, ledger.Forecasts]) -> None:
    """What decides among equals is keyed by year and place."""
    _, states = forecasts
    same = np.repeat(states.record.later.rates[None], 3, axis=0)  # all equal: the lot alone decides
    first, again = (ledger.ranked(same, states.record.later) for _ in range(2))
    assert np.array_equal(first, again)
    assert first.min() >= 0
    assert first.max() < 1
    assert len(np.unique(first)) == first.size


def test_only_years_that_were_counted_are_scored(forecasts: tuple[ledger.Forecasts, ledger.Forecasts]) -> None:
    nation, states = forecasts
    assert nation.members[MODEL].shape == (4, 12, 1)
    assert {each.shape[1:] for each in states.members.values()} == {(4, 32)}
    assert isinstance(nation.record, Observed)
