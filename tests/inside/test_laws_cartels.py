"""Cartels: posts follow the contest, a leader's fall moves members and makes none, monopoly is peaceful."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import mesa
import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from narco_door.base.arrays import F8, I8
from narco_door.base.doors import CARTEL
from narco_door.base.draws import Draws
from narco_door.base.remembered import Numbers
from narco_door.book.book import Event
from narco_door.country.places import load_places
from narco_door.inside import leaders
from narco_door.inside.cartels import Cartel, Underworld
from narco_door.month import choose
from narco_door.month import contend as contending
from narco_door.month import strike as striking
from narco_door.month.decree import decree
from narco_door.month.disburse import disburse
from narco_door.month.model import NarcoDoor
from narco_door.month.recruit import offers_per_vacancy, recruit
from narco_door.month.world import youths
from narco_door.street.crossroads import FLOWS
from worlds import STORM, lived, plan

RENTS, COST = 1e6, 500.0
SWITCHED_ON = dict(plan().switches.plain())
CALM = {"pay_rise": 0.0, "pay_return": 0.0, "labour_share": 0.0, "member_cost": COST}


def underworld(cartels: int, *, at: int = 0, off: str = "", agent: int = 1, **numbers: float) -> Underworld:
    """Some cartels in one place of Mexico, nobody else in the world."""
    places = load_places()
    given = Numbers({**plan().parameters.plain(), **CALM, **numbers})
    switches = {**SWITCHED_ON, **({off: False} if off else {})}
    world = Underworld(mesa.Model(rng=1), places, numbers=given, switches=switches, agent=agent)
    present = np.zeros(len(places), bool)
    present[at] = True
    for k in range(cartels):
        world.found(name=f"cartel {k}", key=1000 + k, present=present.copy())
    return world


def rents_at(place: int) -> np.ndarray:
    rents = np.zeros(32)
    rents[place] = RENTS
    return rents


# posts --------------------------------------------------------------------------------------------------------------


def test_a_monopoly_wants_nobody_for_the_contest_and_kills_nobody() -> None:
    world = underworld(1)
    assert not world.wants(rents_at(0)).any()
    assert not world.war_hazard().any()


def test_posts_move_to_what_is_wanted_and_stay_there() -> None:
    world = underworld(3, off="war_and_peace", adjust_months=6.0)
    wants = world.wants(rents_at(0))
    assert wants[:, 0] == pytest.approx(world.numbers["contested_share"] * RENTS * 2 / (9 * COST))
    for month in range(1, 100):
        world.adjust(rents_at(0))
        assert world.posts == pytest.approx(wants * (1.0 - (5 / 6) ** month))
    assert not world.posts[:, 1:].any()


def test_those_without_a_post_are_let_go() -> None:
    world = underworld(2, let_go_rate=0.1)
    world.held[:, 0], world.posts[:, 0] = (100.0, 100.0), (75.0, 130.0)
    goes_over, let_go = (hazard[:, 0] for hazard in world.redundant())
    assert goes_over == pytest.approx([0.025, 0.0])  # the other has 30 posts for 25
    assert not let_go.any()
    world.held[:, 0] = 100.0, 120.0
    goes_over, let_go = (hazard[:, 0] for hazard in world.redundant())
    assert goes_over == pytest.approx([0.01, 0.0])  # it has 10
    assert let_go == pytest.approx([0.015, 0.0])


def test_production_alone_is_wanted_without_the_contest() -> None:
    world = underworld(4, off="contest", labour_share=0.2)
    world.held[:, 0] = 10.0
    assert world.wants(rents_at(0))[:, 0] == pytest.approx(np.full(4, 0.2 * RENTS / COST / 4))
    assert not world.war_hazard().any()


def test_dearer_members_are_wanted_less() -> None:
    world = underworld(2, off="war_and_peace")
    before = world.wants(rents_at(0)).sum()
    world.pay[:] = 1.5
    assert world.wants(rents_at(0)).sum() == pytest.approx(before / 1.5)


def test_a_truce_suspends_its_share_of_the_contest() -> None:
    world = underworld(2, off="war_and_peace")
    world.held[:, 0] = 500.0
    assert world.wants(rents_at(0), truce=0.75) == pytest.approx(0.25 * world.wants(rents_at(0)))
    assert world.war_hazard(truce=0.75) == pytest.approx(0.25 * world.war_hazard())
    assert world.war_hazard()[:, 0] == pytest.approx(world.numbers["death_contest"] / 2)


@pytest.mark.parametrize(
    ("sizes", "expected"), [((5, 5, 5, 5), 4.0), ((7, 0, 0, 0), 1.0), ((3, 1, 0, 0), 1.6), ((0, 0, 0, 0), 0.0)]
)
def test_effective_number_of_cartels(sizes: tuple[int, ...], expected: float) -> None:
    world = underworld(4)
    world.held[:, 0] = sizes
    assert world.effective_number() == pytest.approx(expected)


def test_recruits_are_shared_by_vacancies() -> None:
    world = underworld(3)
    world.posts[:, 0] = 10.0, 0.0, 30.0
    first = [int(world.hire(np.zeros(1, np.int64), np.array([luck]))[0]) for luck in (np.arange(400) + 0.5) / 400]
    assert np.bincount(first, minlength=3).tolist() == [100, 0, 300]
    world.posts[:] = 0.0
    world.held[:, 0] = 0.0, 50.0, 50.0
    hired = world.hire(np.zeros(4000, np.int64), (np.arange(4000) + 0.5) / 4000)
    assert np.bincount(hired, minlength=3) == pytest.approx([0, 2000, 2000], abs=1)


def test_a_vacancy_takes_one_recruit_whatever_the_luck() -> None:
    world = underworld(3)
    world.posts[:, 0] = 10.0, 0.0, 30.0
    for luck in (np.zeros(40), np.full(40, 0.999), np.random.default_rng(1).random(40)):
        assert np.bincount(world.hire(np.zeros(40, np.int64), luck), minlength=3).tolist() == [10, 0, 30]


def test_posts_of_whole_agents_are_as_many_on_average_as_posts() -> None:
    world = underworld(2000, agent=400)
    world.posts[:] = 90.0
    whole = world.whole_posts()
    assert set(np.unique(whole)) == {0.0, 400.0}
    assert whole.mean() == pytest.approx(90.0, rel=0.05)
    world.held = whole.copy()
    assert not world.vacancies.any()
    assert not any(hazard.any() for hazard in world.redundant())


def test_pay_rises_with_more_vacancies_than_usual_and_falls_back() -> None:
    world = underworld(2, pay_rise=0.02, pay_return=0.05)
    world.usual_vacancy[:] = 0.25
    world.posts[:, 0], world.held[:, 0] = 100.0, 50.0
    for _ in range(400):
        world.raise_pay()
    assert world.pay[0] == pytest.approx(np.exp(0.02 * 0.25 / 0.05))  # where the rise and the return are equal
    assert world.pay[1] == pytest.approx(np.exp(-0.02 * 0.25 / 0.05))  # nobody is wanted there
    world.held[:, 0] = 75.0
    for _ in range(400):
        world.raise_pay()
    assert world.pay[0] == pytest.approx(1.0, abs=1e-3)


# how wide the narco door is -----------------------------------------------------------------------------------------


def test_the_width_of_the_narco_door_has_its_closed_form() -> None:
    model = NarcoDoor(plan("add.outreach@2007-01..2007-12=2000", until="2007-06", numbers={"pay_rise": 0.05}))
    model.step()
    law = decree(model.world)
    seen = recruit(model.world, law, disburse(model.world, law))
    n, workers = model.world.numbers, model.world.government.at_work("outreach")
    assert (workers > 0).all()
    reached = 1.0 - np.exp(-workers * n["outreach_reach"] / youths(model.world))
    offers = model.world.cartels.vacancies.sum(axis=0) * (1.0 - n["outreach_most"] * reached)
    assert offers.any()
    for width, each in ((seen.width, offers_per_vacancy(n)), (seen.force, n["forced_per_vacancy"])):
        assert width == pytest.approx(
            1.0 - np.exp(-each * offers / np.maximum(model.world.search.men, model.world.weight))
        )


def test_offers_are_spread_over_who_looked_lately(monkeypatch: pytest.MonkeyPatch) -> None:
    model = NarcoDoor(plan(until="2007-06"))
    walks, walk = list[I8](), choose.walk_the_roll

    def heard(*given: Any) -> Any:
        answer = walk(*given)
        walks.append(answer[0])
        return answer

    monkeypatch.setattr(choose, "walk_the_roll", heard)
    while model.running:
        before = model.world.search.men
        model.step()
        men = walks[-1][:, FLOWS.index("crossroads_m")] * float(model.world.weight)
        assert model.world.search.men == pytest.approx((before + men) / 2)


def test_youths_learn_the_hazards_of_the_members_they_know() -> None:
    # who is jailed when his group is absorbed is written down among the arrests after the hearsay of the month
    model = NarcoDoor(plan(until="2016-12", persons=500, numbers={"belief_months": 12.0, "absorbed_jailed": 0.0}))
    first = model.world.hearsay.promise.copy(), model.world.hearsay.risk.copy()
    years: dict[str, list[F8]] = {name: [] for name in ("promotions", "member_deaths", "member_arrests")}
    members = [model.world.cartels.held.sum(axis=0)]
    while model.running:
        model.step()
        for name, past in years.items():
            past.append(model.records.by_place(f"new_{name}")[-1])
        members.append(model.world.cartels.held.sum(axis=0))
    lag = (11 / 12) ** np.arange(len(members) - 1)[::-1]
    known = lag @ np.array(members[:-1]) + 12 * members[0] * (11 / 12) ** len(lag)
    for belief, start, events in (
        (model.world.hearsay.promise, first[0], ["promotions"]),
        (model.world.hearsay.risk, first[1], ["member_deaths", "member_arrests"]),
    ):
        seen = lag @ np.sum([years[name] for name in events], axis=0)
        told = 12 * (seen + members[0] * start * (11 / 12) ** len(lag))
        want = np.divide(told, known, out=start.copy(), where=known > 0)  # who knows nobody believes as at first
        assert belief == pytest.approx(want)
        assert belief[known > 0].std() > 0.0


# leaders ------------------------------------------------------------------------------------------------------------


STILL = {
    "entry_rate": 0.0, "exit_rate": 0.0, "split_min_size": 5000.0, "split_again": 0.3, "split_unprovoked": 0.0,
    "leader_death": 0.0, "leader_killed": 0.0, "leader_ousted": 0.0, "absorb_rate": 0.0, "pact_rate": 0.0,
}  # fmt: skip
"""Nothing befalls a cartel unless a test does it."""


def shaken(**numbers: float) -> NarcoDoor:
    """A world some months old, on the eve of a strike."""
    model = NarcoDoor(plan(until="2008-12", persons=500, numbers={**STILL, **numbers}))
    for _ in range(6):
        model.step()
    return model


def strike(model: NarcoDoor) -> Sequence[Event]:
    """The beat alone, with operations everywhere; what happened."""
    paid = SimpleNamespace(at_work={"kingpin_operations": np.ones(32)})
    return striking.strike(model.world, paid).events  # type: ignore[arg-type]


def strike_all(model: NarcoDoor, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Cartel], Sequence[Event]]:
    """Let every leader be captured at home this month; returns the cartels that stood before, and what happened."""
    living = [cartel for cartel in model.world.cartels.living() if cartel.members > 0]
    monkeypatch.setattr(striking, "_taken", lambda world: [(cartel, "capture", cartel.seat) for cartel in living])
    return living, strike(model)


@pytest.mark.parametrize("splitting", [False, True])
def test_a_capture_leaves_members_and_posts_as_they_were(splitting: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    model = shaken(split_chance=100.0 if splitting else 0.0)
    world, table = model.world.cartels, model.world.careers.table
    held, posts = world.held.sum(axis=0), world.posts.sum(axis=0)
    rows, rooms, doors = table["row"].copy(), table["room"].copy(), model.world.roll.door.copy()
    cohesion, capacity = world.cohesion.copy(), world.capacity.copy()
    before, events = strike_all(model, monkeypatch)
    kinds = [event.kind for event in events]
    assert kinds.count("capture") == len(before)
    assert (kinds.count("split") > 0) == splitting
    torn = {event.cartel.rpartition(".")[0] for event in events if event.kind == "split"}
    assert kinds.count("succession") + len(torn) == len(before)
    assert (world.held.sum(axis=0) == held).all()
    assert world.posts.sum(axis=0) == pytest.approx(posts, abs=1e-6)
    assert (table["row"] == rows).all()
    assert (table["room"] == rooms).all()
    assert (model.world.roll.door == doors).all()
    counted = model.world.careers.held(len(world.cartels)) * float(model.world.weight)
    assert (counted == world.held).all()
    fallen = [cartel.row for cartel in before]
    n = model.world.numbers
    for now, was, left, name in (
        (world.cohesion, cohesion, 1.0 - n["capture_disorder"] * (1.0 - n["cohesion_after"]), "cohesion"),
        (world.capacity, capacity, 1.0 - n["capacity_loss"], "capacity"),
    ):
        healed = 1.0 - (1.0 - was[fallen]) * (1.0 - 1.0 / n[f"{name}_months"])
        assert now[fallen] == pytest.approx(healed * left)
    assert world.held.min() >= 0.0
    assert world.posts.min() >= 0.0


def test_a_split_makes_rivals_of_the_old_cartels_places(monkeypatch: pytest.MonkeyPatch) -> None:
    model = shaken(split_chance=100.0)
    world = model.world.cartels
    territory = {cartel.name: set(np.flatnonzero(world.held[cartel.row]).tolist()) for cartel in world.cartels}
    number, effective = len(world.cartels), world.effective_number()
    strike_all(model, monkeypatch)
    rivals = world.cartels[number:]
    assert rivals
    for rival in rivals:
        parent = rival.name.rpartition(".")[0]
        assert set(np.flatnonzero(world.held[rival.row]).tolist()) <= territory[parent]
        assert world.cohesion[rival.row] == model.world.numbers["cohesion_after"]
        assert rival in model.agents
    assert len({cartel.key for cartel in world.cartels}) == len(world.cartels)
    assert len({cartel.name for cartel in world.cartels}) == len(world.cartels)
    assert world.effective_number() > effective


def test_a_heirs_cartel_is_the_same_but_torn(monkeypatch: pytest.MonkeyPatch) -> None:
    model = shaken(split_chance=0.0)
    world = model.world.cartels
    held, number, leaders = world.held.copy(), len(world.cartels), [cartel.leaders for cartel in world.cartels]
    fallen, _ = strike_all(model, monkeypatch)
    assert len(world.cartels) == number
    assert (world.held == held).all()
    assert all(cartel.leaders == leaders[cartel.row] + 1 and cartel.splits == 0 for cartel in fallen)


def test_a_rival_has_posts(monkeypatch: pytest.MonkeyPatch) -> None:
    model = shaken(split_min_size=400.0, split_chance=100.0, split_again=0.9)
    world = model.world.cartels
    posts = world.posts.sum()
    _, events = strike_all(model, monkeypatch)
    rivals = [world.named(event.cartel) for event in events if event.kind == "split"]
    assert all(rival is not None and rival.size > 0 for rival in rivals)
    assert world.posts.sum() == pytest.approx(posts)


@given(st.lists(st.integers(0, 4), min_size=1, max_size=60), st.integers(0, 2**32), st.floats(0.0, 0.999))
def test_a_piece_is_dealt_its_share_to_within_one_member(places: list[int], seed: int, odd: float) -> None:
    place = np.array(places)
    luck, share = np.random.default_rng(seed).random(place.size), np.array([0.15, 0.5, 0.85, 0.0, 1.0])
    goes = striking.dealt(place, luck, share, odd)
    assert abs(goes.sum() - share[place].sum()) < 1.0
    assert not goes[place == 3].any()
    assert goes[place == 4].all()
    for p in range(5):
        here = place == p
        assert abs(goes[here].sum() - share[p] * here.sum()) < 1.0 + 1e-9
        if goes[here].any() and not goes[here].all():
            assert luck[here & goes].max() <= luck[here & ~goes].min()


def test_every_place_gives_its_share_on_average() -> None:
    place, share = np.array([0, 1, 1, 2, 3, 3, 3]), np.array([0.15, 0.5, 0.15, 0.85])
    odds = (np.arange(1000) + 0.5) / 1000
    gone = np.mean([striking.dealt(place, np.linspace(0, 0.9, 7), share, odd) for odd in odds], axis=0)
    assert [gone[place == p].mean() for p in range(4)] == pytest.approx(share, abs=2e-3)


def test_territory_is_divided_and_what_is_disputed_is_shared() -> None:
    world = underworld(1, split_disputed=0.2)
    world.present[0] = world.held[0] = world.posts[0] = True
    cartel, seat = world.cartels[0], 3
    rival = leaders.break_away(world, cartel, 0, month=5)
    takes, share = leaders.sides(world, rival.key, seat=seat, draws=Draws(1), month=5, sharers=2)
    leaders.divide(world, cartel, rival, np.zeros(32), takes=takes, share=share)
    both = world.present[0] & world.present[1]
    assert both[seat]
    assert 1 < both.sum() < 16
    assert (world.present[0] | world.present[1]).all()
    assert 4 < takes.sum() < 28
    assert share[seat] == 0.5
    assert not world.posts[~world.present].any()
    assert world.posts.sum() == pytest.approx(32)


def test_each_channel_of_a_capture_has_its_strength() -> None:
    for kind, disorder, loss in (("capture", 0.5, 0.3), ("killing", 0.8, 0.3), ("death", 1.0, 0.0)):
        world = underworld(2, capture_disorder=0.5, killing_disorder=1.6, capacity_loss=0.3, cohesion_after=0.4)
        world.make_peace(*world.cartels)
        leaders.fall(world, world.cartels[0], kind=kind, place=7)
        assert world.cohesion == pytest.approx([1.0 - disorder * 0.6, 1.0])
        assert world.capacity == pytest.approx([1.0 - loss, 1.0])
        assert len(world.pacts) == 0
        assert world.fell_at[0] == (7 if loss else -1)


def test_a_capture_without_disorder_breaks_neither_peace_nor_cartel() -> None:
    world = underworld(2, capture_disorder=0.0)
    world.make_peace(*world.cartels)
    assert leaders.fall(world, world.cartels[0], kind="capture", place=7) == 0.0
    assert (world.cohesion == 1.0).all()
    assert len(world.pacts) == 1


def test_lost_capacity_lowers_what_a_cartel_wants_and_leaves_it_to_rivals() -> None:
    world = underworld(2, off="war_and_peace", labour_share=0.2)
    before = world.wants(rents_at(0))[:, 0]
    world.capacity[0] = 0.8
    after = world.wants(rents_at(0))[:, 0]
    assert after[0] < before[0]
    assert after.sum() < before.sum()


def test_strife_is_worst_at_home_and_where_the_leader_was_taken() -> None:
    world = underworld(1)
    world.held[0, 0], world.cohesion[0], world.fell_at[0] = 100.0, 0.5, 4
    n, strife = world.numbers, world.strife_hazard()[0] / (0.5 * world.numbers["death_strife"])
    assert strife[[0, 4, 9]] == pytest.approx([1.0, n["strife_where_taken"], n["strife_elsewhere"]])


@pytest.mark.parametrize("torn", [0, 1])
def test_of_two_places_alike_rivals_enter_the_one_in_disorder(torn: int) -> None:
    entered = {}
    for weight in (0.0, 5.0):
        world = underworld(3, at=7, entry_rate=1e9, entry_disorder=weight)
        near = np.flatnonzero(world.places.neighbours[7])[:2]
        for cartel, place in zip((1, 2), near, strict=True):
            world.present[cartel] = np.arange(32) == place
            world.held[cartel, place] = 100.0
        world.cohesion[1 + torn] = 0.4
        world.enter(5, rents=np.where(np.isin(np.arange(32), near), RENTS, 0.0), draws=Draws(1))
        entered[weight] = np.flatnonzero(world.present[0] & (np.arange(32) != 7)).tolist()
    assert entered == {0.0: [near[0]], 5.0: [near[torn]]}  # disorder that counts for nothing leaves a tie


def test_a_cartel_gives_up_where_it_is_weak_and_nowhere_else() -> None:
    world = underworld(4, exit_rate=0.5, exit_share=0.2, entry_rate=0.0)
    world.present[:] = True
    world.held[:] = np.array([[70.0], [20.0], [10.0], [0.0]])
    gone = np.zeros(4)
    for month in range(400):
        world.present[:] = True
        left = world.give_up(month, Draws(month))
        assert not (left & world.present).any()
        gone += left.sum(axis=1)
    assert gone[:2].sum() == 0  # a fifth of the members of a place is enough
    draws = 400 * 32
    for row, chance in ((2, 0.25), (3, 0.5)):
        assert abs(gone[row] / draws - chance) < 4.5 * np.sqrt(chance * (1 - chance) / draws)


def test_those_left_behind_go_over_to_the_others_of_their_place(monkeypatch: pytest.MonkeyPatch) -> None:
    model = shaken(split_chance=100.0, let_go_rate=0.0)
    strike_all(model, monkeypatch)  # now they share their seats
    model.world.cartels.numbers = {**model.world.numbers, "exit_rate": 1.0, "exit_share": 1.0}
    world, table = model.world.cartels, model.world.careers.table
    old, rooms, held = table["cartel"].copy(), table["room"].copy(), world.held.copy()
    quiet = {"new_member_leavers": np.zeros(32), "new_member_arrests": np.zeros(32)}
    given = (SimpleNamespace(rents=world.usual_rents), SimpleNamespace(notes=quiet), SimpleNamespace(events=[]))
    contending.contend(model.world, *given)  # type: ignore[arg-type]
    went = table["cartel"] != old
    assert went.any()
    assert not went[table["jailed"]].any()
    place = table["place"][went]
    assert not world.present[old[went], place].any()
    new = table["cartel"][went]
    assert ((held[new, place] > 0) | world.present[new, place]).all()
    assert world.present.any(axis=0)[np.unique(table["place"])].all()  # no place is left without a claim
    assert (world.held.sum(axis=0) == held.sum(axis=0)).all()
    assert (world.held == model.world.careers.held(len(world.cartels)) * float(model.world.weight)).all()
    assert (table["room"] == rooms).all()


def test_the_last_cartel_does_not_give_up() -> None:
    world = underworld(3, exit_rate=1.0, exit_share=1.0, entry_rate=0.0)
    world.held[:, 0] = 100.0, 50.0, 0.0
    for month in range(60):
        world.abandon(world.give_up(month, Draws(4)))
        world.dissolve()
        assert world.present[:, 0].any()
        assert world.alive.any()
    assert world.alive.sum() == 1
    assert [cartel.row for cartel in world.living()] == np.flatnonzero(world.present[:, 0]).tolist()


def test_cohesion_heals_at_its_pace() -> None:
    world = underworld(1, cohesion_months=12.0)
    world.cohesion[:] = 0.3
    for month in range(1, 25):
        world.heal()
        assert world.cohesion[0] == pytest.approx(1.0 - 0.7 * (11 / 12) ** month)


def test_no_operations_no_captures() -> None:
    model = lived(plan("set.kingpin_operations@2007-01..2026-12=0", until="2012-12", off=["history"]))
    assert not model.records.nation("new_captures").any()
    assert model.records.events().filter(kind="capture").is_empty()
    assert model.records.nation("new_leaders_lost").any()  # they die and are ousted all the same
    assert model.records.nation("new_splits").any()


def test_wholly_corrupt_seats_warn_every_leader() -> None:
    model = NarcoDoor(plan(until="2007-12", persons=4000))
    model.world.corruption_and_fear.corruption[:] = 1.0
    assert not striking._pursued(model.world, operations=1e9).any()
    model.world.corruption_and_fear.corruption[:] = 0.0
    model.world.cartels.pursued = striking._pursued(model.world, operations=1e9)
    with_posts = [cartel for cartel in model.world.cartels.living() if cartel.size > 0]
    assert [cartel for cartel, _, _ in striking._taken(model.world)] == with_posts


def test_effort_aimed_at_those_who_fight_finds_them_first() -> None:
    even = {"target_fighting": 5.0, "target_size": 0.0, "returns_to_size": 0.0}
    model = NarcoDoor(plan(until="2007-12", persons=4000, numbers=even))
    world, cartels = model.world, model.world.cartels
    world.corruption_and_fear.corruption[:] = 0.0
    pursued, size = striking._pursued(world, operations=1.0), cartels.posts.sum(axis=1)
    share = (cartels.posts * cartels.at_war()).sum(axis=1) / np.maximum(size, 1.0)
    assert 0.0 in share[size > 0]
    assert share.max() > 0.5
    weight = (1.0 + 4.0 * share) * (size > 0)
    assert pursued == pytest.approx(world.numbers["operation_success"] * weight / weight.sum())


def test_the_events_are_those_of_the_records() -> None:
    model = lived(plan(until="2009-12", numbers=STORM))
    events = model.records.events()
    by_record = {
        "new_captures": ("capture", "killing"), "new_splits": ("split",), "new_leaders_lost": ("death", "ousting"),
        "new_wars": ("war",), "new_absorptions": ("absorption",),
    }  # fmt: skip
    for record, kinds in by_record.items():
        assert events.filter(pl.col("kind").is_in(kinds)).height == model.records.nation(record).sum() > 0
    fallen = events.filter(pl.col("kind").is_in(["capture", "killing", "death", "ousting"])).height
    assert fallen == sum(cartel.leaders - 1 for cartel in model.world.cartels.cartels)
    assert events.filter(kind="split").height == sum(cartel.splits for cartel in model.world.cartels.cartels)


# who holds what -----------------------------------------------------------------------------------------------------


def test_territories_are_what_the_members_table_says() -> None:
    model = NarcoDoor(plan(until="2008-06", numbers=STORM))
    while model.running:
        model.step()
        world = model.world.cartels
        assert (world.held == model.world.careers.held(len(world.cartels)) * float(model.world.weight)).all()
        assert (world.present.any(axis=1) == world.alive).all()
        assert not world.posts[~world.present].any()
        assert not world.held[~world.alive].any()
        assert world.posts.min() >= 0.0
        assert ((world.cohesion >= 0) & (world.cohesion <= 1)).all()
        assert (model.world.roll.door == CARTEL).sum() * model.world.weight == world.held.sum()


def test_draws_of_a_cartel_do_not_depend_on_its_number() -> None:
    one, other = underworld(2), underworld(5)
    assert (one.rounding[:2] == other.rounding[:2]).all()
    luck = Draws(1)
    assert one.cartels[1].key == other.cartels[1].key
    assert luck.uniform("capture", 1, one.cartels[1].key) == luck.uniform("capture", 1, other.cartels[1].key)
