"""Keyed draws: known vectors, uniform, independent, stable, the same for every scenario.

LEVEL is the chance that one statistical verdict here fails for a perfect generator and seeds drawn anew; with
about 60 verdicts the file would fail once in 16,000 choices of seeds.
"""

from __future__ import annotations

import hashlib
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from narco_door.base.draws import GOLDEN, Draws, child_key, high, low, mix, replicate_seed, salt, unit
from narco_door.month.model import NarcoDoor
from verdicts import beyond, chi_square_score
from worlds import STORM, plan

LEVEL = 1e-6
LIMIT = beyond(LEVEL)
MASK = 2**64 - 1
N = 1 << 17
PEOPLE = np.arange(N, dtype=np.uint64) + np.uint64((9 << 44) | (24000 << 24))  # names as the roll gives them
Floats = NDArray[np.float64]


def splitmix(z: int) -> int:
    """The finaliser of SplitMix64, from its publication."""
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def by_hand(seed: int, decision: str, month: int, who: int) -> float:
    """A draw worked out in plain integers, without any of the package's code."""
    word = int.from_bytes(hashlib.blake2b(decision.encode(), digest_size=8).digest(), "big")
    key = splitmix((splitmix((splitmix(seed & MASK) + word) & MASK) + month) & MASK)
    return (splitmix((key + who * 0x9E3779B97F4A7C15) & MASK) >> 11) / 2**53


def streams() -> dict[str, Floats]:
    """Long rows of draws, each along another thing that a draw may depend on."""
    draws = Draws(7)
    return {
        "people": draws.uniforms("crossroads", 24084, PEOPLE),
        "other people": draws.uniforms("crossroads", 24084, PEOPLE + np.uint64(N)),
        "next month": draws.uniforms("crossroads", 24085, PEOPLE),
        "next seed": Draws(8).uniforms("crossroads", 24084, PEOPLE),
        "other decision": draws.uniforms("crossroad", 24084, PEOPLE),
        "replicate": Draws(replicate_seed(7, 1)).uniforms("crossroads", 24084, PEOPLE),
        "months": np.array([draws.uniform("fate", month, 5) for month in range(N // 8)]),
        "seeds": np.array([Draws(seed).uniform("fate", 24084, 5) for seed in range(N // 8)]),
        "replicates": np.array([Draws(replicate_seed(1, k)).uniform("fate", 24084, 5) for k in range(N // 8)]),
        "cartels": draws.uniforms("capture", 1, np.array([child_key(7, 0, k) for k in range(N // 8)], np.uint64)),
    }


STREAMS = streams()
ALONG_PEOPLE = [name for name, stream in STREAMS.items() if stream.size == N]


def test_known_vectors_of_splitmix64() -> None:
    # the first numbers of SplitMix64 started at 0, as published with its reference code
    known = (0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F)
    for k, expected in enumerate(known, start=1):
        state = k * int(GOLDEN) & MASK
        assert int(mix(np.uint64(state))) == expected == splitmix(state)


@pytest.mark.parametrize("seed", [0, 1, 2**63, 2**64 - 1, -5])
@pytest.mark.parametrize("month", [0, 24084])
def test_a_draw_is_what_plain_arithmetic_says(seed: int, month: int) -> None:
    draws, who = Draws(seed), [0, 1, 2**40 + 3, MASK]
    expected = [by_hand(seed, "fate", month, w) for w in who]
    assert [draws.uniform("fate", month, w) for w in who] == expected
    assert draws.uniforms("fate", month, np.array(who, np.uint64)).tolist() == expected


def test_draws_never_change_between_versions() -> None:
    # raise RESULTS_VERSION and these numbers together, never one alone
    assert Draws(1).uniform("fate", 24084, 1) == by_hand(1, "fate", 24084, 1) == 0.4261496764896997
    assert replicate_seed(1, 0) == splitmix(splitmix(1)) == 8841707400507832957
    assert child_key(1, 24084, 2) == splitmix(splitmix(1 + 24084) + 2 & MASK) == 2531280144376947253


@pytest.mark.parametrize("name", STREAMS)
def test_draws_are_uniform(name: str) -> None:
    stream = STREAMS[name]
    assert stream.min() >= 0.0
    assert stream.max() < 1.0
    bins = np.histogram(stream, bins=256, range=(0.0, 1.0))[0]
    assert abs(chi_square_score(bins, np.full(256, stream.size / 256))) < LIMIT
    lowest = (stream * 2.0**53).astype(np.uint64) & np.uint64(255)
    counts = np.bincount(lowest.astype(np.int64), minlength=256)
    assert abs(chi_square_score(counts, np.full(256, stream.size / 256))) < LIMIT


def joint_score(one: Floats, other: Floats) -> float:
    """Chi-square score of a 16 by 16 table of two streams that should have nothing to do with each other."""
    table = np.histogram2d(one, other, bins=16, range=((0, 1), (0, 1)))[0]
    return chi_square_score(table, np.full((16, 16), one.size / 256))


@pytest.mark.parametrize("name", STREAMS)
@pytest.mark.parametrize("lag", [1, 2, 16])
def test_neighbours_have_nothing_to_do_with_each_other(name: str, lag: int) -> None:
    stream = STREAMS[name]
    assert abs(joint_score(stream[:-lag], stream[lag:])) < LIMIT


@pytest.mark.parametrize(("one", "other"), [(a, b) for k, a in enumerate(ALONG_PEOPLE) for b in ALONG_PEOPLE[:k]])
def test_one_persons_draws_have_nothing_to_do_with_each_other(one: str, other: str) -> None:
    assert abs(joint_score(STREAMS[one], STREAMS[other])) < LIMIT


def test_the_salts_of_a_crossroads_set_its_draws_apart() -> None:
    bits = np.array([splitmix(int(w) * int(GOLDEN) & MASK) for w in PEOPLE[: N // 8]], np.uint64)
    parts = [unit_of(bits + salt(k)) for k in range(1, 9)]
    for one, other in pairwise(parts):
        assert abs(joint_score(one, other)) < LIMIT


def unit_of(bits: NDArray[np.uint64]) -> Floats:
    return np.array([(splitmix(int(z)) >> 11) / 2**53 for z in bits])


def test_halves_of_the_bits_are_numbers_in_their_intervals() -> None:
    nothing, everything = np.uint64(0), np.uint64(MASK)
    assert unit(nothing) == high(nothing) == 0.0
    assert 0.0 < low(nothing) < 1e-9
    assert max(unit(everything), high(everything), low(everything)) < 1.0
    assert high(np.uint64(3 << 32 | 9)) == 3 / 2**32
    assert low(np.uint64(3 << 32 | 9)) == 9.5 / 2**32


def test_one_flipped_bit_flips_every_other_bit_half_of_the_time() -> None:
    inputs = [splitmix(k) for k in range(2000)]
    flipped = np.zeros((64, 64))
    for i in range(64):
        differs = np.array([splitmix(z) ^ splitmix(z ^ 1 << i) for z in inputs], np.uint64)
        flipped[i] = [int(((differs >> np.uint64(j)) & np.uint64(1)).sum()) for j in range(64)]
    score = np.abs(flipped - 1000.0).max() / np.sqrt(2000 * 0.25)
    assert score < beyond(LEVEL / (2 * 64 * 64))


def test_nothing_is_consumed() -> None:
    draws = Draws(3)
    whole = draws.uniforms("fate", 24084, PEOPLE[:1000])
    order = np.argsort(draws.uniforms("shuffle", 0, PEOPLE[:1000]))
    assert (draws.uniforms("fate", 24084, PEOPLE[:1000][order]) == whole[order]).all()
    assert draws.uniforms("fate", 24084, PEOPLE[500:501])[0] == whole[500]
    assert draws.uniform("fate", 24084, int(PEOPLE[500])) == whole[500]
    assert (Draws(3).uniforms("fate", 24084, PEOPLE[:1000]) == whole).all()


def test_scenarios_share_everybodys_luck() -> None:
    one = NarcoDoor(plan(until="2007-06", persons=4000))
    other = NarcoDoor(plan("add.scholarships@2007-01..2008-12=500", until="2009-12", persons=4000, off=["peers"]))
    assert one.world.draws.key("crossroads", one.month) == other.world.draws.key("crossroads", other.month)
    assert [cartel.key for cartel in one.world.cartels.cartels] == [
        cartel.key for cartel in other.world.cartels.cartels
    ]
    cohorts = one.world.roll.base.shape[1]
    assert (one.world.roll.base == other.world.roll.base[:, :cohorts]).all()
    assert (np.diff(one.world.roll.first) == np.diff(other.world.roll.first[:, : cohorts + 1])).all()


def test_a_person_has_one_name_whenever_the_run_begins() -> None:
    one = NarcoDoor(plan(until="2008-06", persons=4000)).world.roll
    later = NarcoDoor(plan("run.from=2008-01", until="2008-06", persons=4000)).world.roll
    shift = later.first_birth - one.first_birth
    assert shift == 12
    assert (one.base[:, shift:] == later.base).all()


def test_luck_belongs_to_persons_and_cartels_not_to_their_row_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[tuple[int, str, int]] = []
    uniforms = Draws.uniforms

    def seen(self: Draws, decision: str, month: int, who: NDArray[np.uint64]) -> Any:
        if who.size:
            drawn.append((self.seed, decision, int(who.min())))
        return uniforms(self, decision, month, who)

    monkeypatch.setattr(Draws, "uniforms", seen)
    world = NarcoDoor(plan(until="2007-12", numbers=STORM)).run().world
    everybody = [each for each in drawn if each[0] == world.draws.seed]
    smallest = {decision: min(who for _, said, who in everybody if said == decision) for _, decision, _ in everybody}
    own = {seed for seed, _, _ in drawn} - {world.draws.seed}  # a cartel's luck is drawn under its name as a seed
    assert own <= set(world.cartels.key.tolist())
    assert {"capture", "enter", "exit", "hire", "term", "territory", "side 0", "offer in prison"} <= smallest.keys()
    for decision, who in smallest.items():
        assert who > 1 << 32, f"{decision} is drawn by {who}, which looks like a row number"


def test_replicates_do_not_share_luck() -> None:
    seeds = {replicate_seed(seed, replicate) for seed in range(200) for replicate in range(50)}
    assert len(seeds) == 200 * 50
    parents = [child_key(splitmix(1), 0, number) for number in range(20)]
    keys = {child_key(parent, month, k) for parent in parents for month in range(24084, 24124) for k in range(1, 6)}
    assert len(keys | set(parents)) == 20 * 40 * 5 + 20


def test_names_of_persons_are_all_different() -> None:
    model = NarcoDoor(plan(until="2007-06", persons=1000))
    names = model.world.roll.whereabouts(np.arange(model.world.roll.door.size))[3]
    assert np.unique(names).size == names.size
