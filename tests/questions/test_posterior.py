"""From priors to sets: what is known beforehand must come out, and nothing is lived twice."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from narco_door.base.arrays import F8
from narco_door.base.errors import UserError
from narco_door.country.facts import parameters
from narco_door.questions.posterior import worlds
from narco_door.questions.posterior.calibrating import calibrate
from narco_door.questions.posterior.emulator import Emulator, covered
from narco_door.questions.posterior.likelihood import RANGE_SD, Likelihood, Scale
from narco_door.questions.posterior.priors import Priors
from narco_door.questions.posterior.sets import dealt, effective, tail, weights
from narco_door.questions.posterior.waves import Wave, known, sampled
from narco_door.questions.posterior.worlds import Journal, fitted
from narco_door.questions.targets import Target
from narco_door.runs.options import RunOptions


def target(key: str, low: float, high: float) -> Target:
    return Target(key, key, (low + high) / 2, low, high, "", (2012, 2012), "fit", "capture_effect", "")


def test_priors_lie_within_bounds_and_hold_the_fitted_numbers() -> None:
    priors = Priors()
    assert len(priors.names) >= 60
    at = priors.fitted()
    assert ((at >= 0) & (at <= 1)).all()
    values = priors.values(at)
    for name in priors.names:
        assert values[name] == pytest.approx(parameters()[name].value, rel=1e-3, abs=1e-12)
        assert parameters()[name].prior_source
    ends = priors.values(np.zeros(len(at))), priors.values(np.ones(len(at)))
    for name, low, high in zip(priors.names, ends[0].values(), ends[1].values(), strict=True):
        assert (low, high) == pytest.approx((parameters()[name].prior_low, parameters()[name].prior_high), rel=1e-3)
    middle = priors.values(np.full(len(at), 0.5))
    assert middle["let_go_rate"] == pytest.approx(np.sqrt(0.001 * 0.02), rel=1e-3)  # of the logarithm
    assert middle["capacity_loss"] == 0.25


def test_nothing_but_what_may_be_fitted_is_asked_of_history() -> None:
    assert {t.role for t in fitted()} == {"fit"}
    assert max(t.years[1] for t in fitted() if t.statistic == "homicide_rate") == 2012


def test_weights_in_closed_form() -> None:
    same = weights(np.zeros(8), np.full(8, -700.0))
    assert same == pytest.approx(np.full(8, 1 / 8))
    assert effective(same) == pytest.approx(8)
    one = weights(np.zeros(3), np.array([0.0, 0.0, -1e9]))
    assert one == pytest.approx([0.5, 0.5, 0.0])
    assert 2 not in dealt(one, 64, seed=1)  # a draw of weight 0 is never a set
    counts = np.bincount(dealt(np.array([0.5, 0.25, 0.125, 0.125]), 64, seed=3))
    assert counts.tolist() == [32, 16, 8, 8]


def test_a_heavy_tail_of_weights_is_seen() -> None:
    rng = np.random.default_rng(1)
    light, heavy = rng.uniform(0.9, 1.1, 2000), rng.pareto(0.8, 2000)
    assert tail(light / light.sum()) < 0.5
    assert tail(heavy / heavy.sum()) > 0.7


def told(cube: F8, rng: np.random.Generator) -> F8:
    """Two targets: a line and a parabola over three numbers, of which the last says nothing; with luck."""
    x = 2 * cube - 1
    return np.column_stack([x[:, 0] + x[:, 1], x[:, 0] - x[:, 1] + 0.5 * x[:, 0] ** 2]) + rng.normal(
        0, 0.05, (len(cube), 2)
    )


def likelihood(wanted: Sequence[Target], number: int = 400) -> Likelihood:
    rng = np.random.default_rng(7)
    cube = rng.random((number, 3))
    return known(wanted, [Wave(cube, told(cube, rng), [])], Scale(np.zeros(2), np.zeros(2)))


def test_the_guesses_hold_as_many_new_worlds_as_they_say() -> None:
    rng = np.random.default_rng(2)
    old, new = rng.random((300, 3)), rng.random((2000, 3))
    for k, said in enumerate(told(old, rng).T):
        emulator = Emulator.of(target("x", 0, 1), old, said)
        assert 0.93 <= covered(emulator, new, told(new, rng)[:, k]) <= 0.97
        assert emulator.guess(new)[1].mean() == pytest.approx(0.05, rel=0.15)  # luck, and nothing else is left


def test_a_known_truth_is_found_with_the_width_that_it_must_have() -> None:
    """x + y = 0.2 and x - y + x**2 / 2 = -0.2, each within its range and luck: a Gaussian but for the tails."""
    wanted = [target("a", 0.2 - 0.1 * RANGE_SD, 0.2 + 0.1 * RANGE_SD),
              target("b", -0.2 - 0.1 * RANGE_SD, -0.2 + 0.1 * RANGE_SD)]  # fmt: skip
    found = sampled(likelihood(wanted), np.random.default_rng(1).random((200, 3)), 1500, seed=1, steps=900)
    x = 2 * found - 1
    both = np.column_stack([x[:, 0] + x[:, 1], x[:, 0] - x[:, 1] + 0.5 * x[:, 0] ** 2])
    assert both.mean(axis=0) == pytest.approx([0.2, -0.2], abs=0.03)
    wide = np.hypot(0.1, 0.05) * np.sqrt(5 / 3)  # Student's t of five degrees of freedom
    assert both.std(axis=0) == pytest.approx([wide, wide], rel=0.2)
    assert found[:, 2].std() == pytest.approx(1 / np.sqrt(12), rel=0.1)  # of what says nothing the prior is left


def test_synthetic_truths_are_covered_as_often_as_is_said() -> None:
    """Twenty worlds play history; of three numbers the 50 and 90 % ranges hold the truth about so often."""
    wanted, rng = [target("a", -0.02, 0.02), target("b", -0.02, 0.02)], np.random.default_rng(5)
    base, starts, inside = likelihood(wanted), rng.random((200, 3)), []
    for number, truth in enumerate(rng.uniform(0.2, 0.8, (20, 3))):
        history = Likelihood(base.emulators, base.scale, observed=told(truth[None], rng)[0])
        draws = sampled(history, starts, 500, seed=number, steps=300)
        rank = (draws < truth).mean(axis=0)
        inside.append([(np.abs(rank - 0.5) <= level / 2) for level in (0.5, 0.9)])
    half, most = np.mean(inside, axis=(0, 2))
    assert 0.3 <= half <= 0.7
    assert most >= 0.8


def test_what_a_world_told_is_never_asked_again_and_a_torn_line_is_no_world(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived = []

    def fake(values: dict[str, float], luck: int, scale: int) -> list[float]:
        lived.append(luck)
        return [values["x"] * luck, float(scale)]

    monkeypatch.setattr(worlds, "told", fake)
    points, lucks, alone = [{"x": 1.0}, {"x": 2.0}], [3, 4], RunOptions(workers=1)
    first = Journal(tmp_path, 400).ask(points, lucks, alone)
    assert first.tolist() == [[3.0, 400.0], [8.0, 400.0]]
    file = next(tmp_path.iterdir())
    file.write_text(file.read_text()[:-5])  # killed while it wrote
    again = Journal(tmp_path, 400).ask(points, lucks, alone)
    assert np.array_equal(first, again)
    assert lived == [3, 4, 4]
    assert np.array_equal(Journal(tmp_path, 400).ask(points[::-1], lucks[::-1], alone), first[::-1])
    assert lived == [3, 4, 4]


def test_one_wave_is_none(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="two at least"):
        calibrate(RunOptions(workers=1), tmp_path, sizes=[300])
