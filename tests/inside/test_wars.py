"""War and peace between pairs: who fights, how wars begin and end, and what the end of one does to people."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from narco_door.base.draws import Draws
from narco_door.base.remembered import Numbers
from narco_door.inside import leaders
from narco_door.inside import wars as war
from narco_door.inside.wars import Pacts, Pairs, Wars
from narco_door.month.contend import Scattered, _absorb, _begin_wars
from narco_door.month.model import NarcoDoor
from worlds import lived, plan

NUMBERS = Numbers(plan().parameters.plain())
PEACEFUL = dict.fromkeys(("war_begin", "war_disorder", "war_entry", "war_rents", "war_spread", "war_split"), 0.0)


def some_wars(*rows: tuple[int, int, int]) -> Wars:
    wars = Wars()
    a, b, place = (np.array(column) for column in zip(*rows, strict=True))
    wars.append(a=a, b=b, place=place, since=np.zeros(a.size))
    return wars


def without_wars(model: NarcoDoor) -> NarcoDoor:
    model.world.cartels.wars.keep(np.zeros(len(model.world.cartels.wars), bool))
    return model


def test_pairs_are_all_who_claim_the_same_place() -> None:
    present = np.random.default_rng(3).random((9, 5)) < 0.5
    found = war.pairs(present)
    want = [(a, b, p) for p in range(5) for a, b in combinations(np.flatnonzero(present[:, p]).tolist(), 2)]
    assert list(zip(*(column.tolist() for column in found), strict=True)) == want


def test_only_enemies_count_and_both_sides_lose_as_many() -> None:
    held = np.array([[300.0, 50.0], [100.0, 50.0], [800.0, 0.0]])
    wars = some_wars((0, 1, 0))
    share = war.rivalry(wars, held)
    assert share[:, 0] == pytest.approx([0.25, 0.75, 0.0])
    assert not share[:, 1].any()
    assert (share * held)[0, 0] == (share * held)[1, 0]
    assert war.fighting(wars, held.shape).sum() == 2


def test_a_name_of_a_pair_does_not_ask_who_is_first() -> None:
    keys = np.array([2**63 + 5, 2**63 + 11, 7], np.uint64)
    one, other = np.array([0, 1]), np.array([2, 0])
    assert (war.pair_names(keys, one, other) == war.pair_names(keys, other, one)).all()


def test_neither_enemies_nor_those_bound_by_a_pact_begin_a_war() -> None:
    among = war.pairs(np.ones((4, 2), bool))
    pacts = Pacts()
    pacts.append(a=np.array([0]), b=np.array([3]), until=np.array([99]))
    free = war.at_peace(among, some_wars((1, 2, 1)), pacts, places=2)
    kept = {(int(a), int(b), int(p)) for a, b, p in zip(*(column[free] for column in among), strict=True)}
    assert {(0, 3, 0), (0, 3, 1), (1, 2, 1)}.isdisjoint(kept)
    assert len(kept) == 12 - 3


def test_each_cause_adds_its_hazard() -> None:
    among = Pairs(*(np.array([k]) for k in (0, 1, 0)))
    nothing = {"disorder": np.zeros(2), "entered": np.zeros((2, 1), bool), "jump": np.zeros(1), "deterred": np.zeros(2)}

    def hazard(wars: Wars, **more: np.ndarray) -> float:
        return float(war.beginning(among, wars, numbers=NUMBERS, **{**nothing, **more})[0])  # type: ignore[arg-type]

    base, peace = NUMBERS["war_begin"], Wars()
    assert hazard(peace) == pytest.approx(base)
    assert hazard(peace, disorder=np.array([0.2, 0.6])) == pytest.approx(base + 0.6 * NUMBERS["war_disorder"])
    assert hazard(peace, entered=np.array([[False], [True]])) == pytest.approx(base + NUMBERS["war_entry"])
    assert hazard(peace, jump=np.array([0.5])) == pytest.approx(base + 0.5 * NUMBERS["war_rents"])
    assert hazard(some_wars((0, 1, 7))) == pytest.approx(base + NUMBERS["war_spread"])
    assert hazard(peace, deterred=np.array([0.0, 1.0])) == pytest.approx(base / np.e)


def endings(held: np.ndarray, numbers: dict[str, float], months: int = 4000) -> np.ndarray:
    """Share of months in which a war ends by absorption, agreement and exhaustion."""
    wars, keys = some_wars((0, 1, 0)), np.array([11, 22], np.uint64)
    given = Numbers({**NUMBERS.plain(), **numbers})
    out = np.zeros(3)
    for month in range(months):
        ends = war.endings(wars, held, month=month, deterred=np.zeros(2), keys=keys, draws=Draws(1), numbers=given)
        out += [mask[0] for mask in ends]
    return out / months


def test_wars_end_at_their_pace_and_equals_are_not_absorbed() -> None:
    pace = {"absorb_rate": 0.2, "war_months": 20.0, "pact_rate": 0.03}
    equal = endings(np.array([[100.0], [100.0]]), pace)
    assert equal[0] == 0.0
    assert equal[1] == pytest.approx(0.03, abs=0.01)
    assert equal[2] == pytest.approx(0.97 * (1 - np.exp(-1 / 20)), abs=0.012)
    alone = endings(np.array([[100.0], [0.0]]), pace)
    assert alone[0] == pytest.approx(0.97 * (1 - np.exp(-0.25)) * 0.8, abs=0.02)


def test_nobody_at_war_no_deaths_in_war() -> None:
    peace = without_wars(NarcoDoor(plan(until="2009-12", numbers=PEACEFUL, off=["history"]))).run()
    assert not peace.records.nation("n_wars").any()
    assert not peace.records.nation("new_deaths_in_war").any()
    assert lived(plan(until="2009-12")).records.nation("new_deaths_in_war").sum() > 0


def test_all_who_share_a_place_fight_for_ever_without_war_and_peace() -> None:
    cartels = lived(plan(until="2009-12", off=["war_and_peace"])).world.cartels
    assert (cartels.at_war() == cartels.present & (cartels.present.sum(axis=0) > 1)).all()


def test_the_dead_are_those_of_war_and_of_strife() -> None:
    model = lived(plan(until="2009-12"))
    parts = sum(model.records.column(f"new_deaths_in_{cause}") for cause in ("war", "strife"))
    assert (parts == model.records.column("new_member_deaths")).all()


def a_war() -> tuple[NarcoDoor, int, int, int]:
    """A world with a war between two that have members in its place."""
    model = NarcoDoor(plan(until="2012-12", persons=500))
    while model.running:
        model.step()
        cartels = model.world.cartels
        for a, b, p in zip(cartels.wars.a, cartels.wars.b, cartels.wars.place, strict=True):
            if cartels.held[a, p] > cartels.held[b, p] > 0:
                return model, int(a), int(b), int(p)
    raise AssertionError("no such war")


def test_an_absorption_moves_people_and_posts_and_makes_none() -> None:
    model, winner, loser, place = a_war()
    world, cartels, table = model.world, model.world.cartels, model.world.careers.table
    world.numbers = Numbers({**world.numbers.plain(), "absorbed_join": 0.5, "absorbed_jailed": 0.2})
    people = (world.roll.door >= 0).sum()
    inside, jailed, posts = cartels.held.sum(), table["jailed"].sum(), cartels.posts.sum()
    theirs, ours = cartels.held[loser, place], cartels.held[winner, place]
    scattered = Scattered(np.zeros(32), np.zeros(32))
    _absorb(world, scattered, rivals=(winner, loser), place=place)
    assert scattered.arrests.sum() == scattered.arrests[place] == (table["jailed"].sum() - jailed) * world.weight
    assert scattered.leavers.sum() + scattered.arrests.sum() == inside - cartels.held.sum()
    went, locked = cartels.held[winner, place] - ours, (table["jailed"].sum() - jailed) * world.weight
    assert cartels.held[loser, place] == 0.0
    assert not cartels.present[loser, place]
    assert 0 < went < theirs
    assert cartels.held.sum() == inside - (theirs - went)
    assert 0 <= locked <= theirs - went
    assert cartels.posts.sum() == pytest.approx(posts)
    assert (world.roll.door >= 0).sum() == people
    assert not (((cartels.wars.a == loser) | (cartels.wars.b == loser)) & (cartels.wars.place == place)).any()
    assert cartels.drain_events()[-1].kind == "absorption"


def test_peace_ends_every_war_of_the_two() -> None:
    model, one, other, _ = a_war()
    cartels = model.world.cartels
    cartels.make_peace(cartels.cartels[other], cartels.cartels[one])
    assert not ((cartels.wars.a == one) & (cartels.wars.b == other)).any()
    assert (cartels.pacts.a[-1], cartels.pacts.b[-1]) == (one, other)


def test_wars_are_fought_by_the_living_where_they_stand() -> None:
    model = NarcoDoor(plan(until="2010-12", persons=1000))
    while model.running:
        model.step()
        cartels, wars = model.world.cartels, model.world.cartels.wars
        assert (wars.a < wars.b).all()
        assert cartels.present[wars.a, wars.place].all()
        assert cartels.present[wars.b, wars.place].all()
        assert np.unique([wars.a, wars.b, wars.place], axis=1).shape[1] == len(wars)


# who is large enough to fight --------------------------------------------------------------------------------------


SMALL = 100.0


def on_the_eve(posts: tuple[float, float]) -> NarcoDoor:
    """Two at peace who share one place, with so many posts there, in a world that cannot wait to fight."""
    model = NarcoDoor(plan(until="2007-06", off=["history"], numbers={"war_begin": 1e9, "war_min_size": SMALL}))
    cartels = without_wars(model).world.cartels
    cartels.present[:] = False
    cartels.posts[:] = 0.0
    cartels.present[:2, 4], cartels.posts[:2, 4] = True, posts
    _begin_wars(model.world, cartels.usual_rents, np.zeros_like(cartels.present))
    return model


@pytest.mark.parametrize("posts", [(SMALL - 0.1, 5 * SMALL), (5 * SMALL, SMALL - 0.1), (0.0, 0.0)])
def test_a_group_too_small_to_fight_never_goes_to_war_by_chance(posts: tuple[float, float]) -> None:
    model = on_the_eve(posts)
    assert len(model.world.cartels.wars) == 0
    assert not model.world.cartels.events


def test_two_large_enough_do_where_they_are_in_both_senses() -> None:
    cartels = on_the_eve((SMALL, SMALL)).world.cartels
    assert (cartels.wars.a.tolist(), cartels.wars.b.tolist(), cartels.wars.place.tolist()) == ([0], [1], [4])
    assert [event.kind for event in cartels.events] == ["war"]


def test_with_war_and_peace_off_nobody_makes_war() -> None:
    on, off = (
        NarcoDoor(plan(until="2007-06", numbers={"war_split": 1.0}, off=which)) for which in ([], ["war_and_peace"])
    )
    for model, fought in ((on, 1), (off, 0)):
        cartels = without_wars(model).world.cartels
        cartels.make_peace(*cartels.cartels[:2])
        cartels.present[:2] = np.arange(32) == 6
        leaders.go_to_war(cartels, *cartels.cartels[:2], month=model.month, draws=model.world.draws)
        assert (len(cartels.wars), len(cartels.pacts), len(cartels.events)) == (fought, 1 - fought, fought)
        cartels.make_war(*cartels.cartels[:2], np.array([6, 9]), month=model.month)
        assert cartels.wars.place.tolist() == [6, 9] * fought  # and what is fought already is not fought twice
