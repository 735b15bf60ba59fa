"""What is told of cartels befalls them, once, in its month; off is as if nothing were told."""

from dataclasses import replace

import numpy as np
import pytest

from narco_door.base.months import as_date, month_number
from narco_door.inside.wars import FOREVER
from narco_door.month.history import history
from narco_door.month.model import NarcoDoor
from narco_door.scenario import Scenario
from narco_door.scenario.orders import DatedEvent
from worlds import lived, plan, unlike

MONTH = month_number("2007-03")
GULF, SINALOA = ("28", "19", "30"), "Sinaloa"
CALM = {
    **dict.fromkeys(("leader_death", "leader_killed", "leader_ousted", "split_unprovoked", "pact_rate", "absorb_rate"), 0.0),
    "war_months": np.inf,
}  # fmt: skip


def event(kind: str, cartel: str = "Gulf", **said: object) -> DatedEvent:
    """An event of March 2007."""
    given = {"place": "", "who": "", "new": "", "places": (), "partner": "", "source": "s"} | said
    return DatedEvent(month=MONTH, kind=kind, cartel=cartel, **given)  # type: ignore[arg-type]


def telling(*events: DatedEvent, off: bool = False) -> Scenario:
    """A calm world in which these events are told; luck takes no leader, parts no cartel and ends no war."""
    scenario = plan("set.kingpin_operations@2006-12..2026-12=0", until="2007-04", persons=500,
                    numbers=CALM, off=["history"] if off else [])  # fmt: skip
    return replace(scenario, events=events)


SPLIT = event("split", new="Zetas", places=GULF)
FALL = event("capture", place="05")


def rows(scenario: Scenario) -> list[tuple[object, ...]]:
    """What befell cartels by record, but for where they stand and whom they fight."""
    frame = lived(scenario).records.events()
    return [row for row in frame.rows() if row[1] not in ("entry", "exit", "war")]


def test_off_is_as_if_nothing_were_told() -> None:
    assert unlike(lived(telling(SPLIT, off=True)), lived(telling())) == []
    assert unlike(lived(telling(SPLIT)), lived(telling())) != []
    real = plan(until="2008-06")
    assert unlike(lived(plan(until="2008-06", off=["history"])), lived(replace(real, events=()))) == []


def test_a_leader_falls_in_his_month_and_place() -> None:
    fell = [row for row in rows(telling(FALL)) if row[1] == "capture"]
    assert [row[:4] for row in fell] == [(as_date(MONTH), "capture", "Gulf", "05")]
    cohesion = lived(telling(FALL)).world.cartels.cohesion
    assert cohesion[1] < 1.0 == cohesion[0]


def test_luck_takes_no_leader_twice_in_a_month() -> None:
    hunted = replace(telling(FALL), parameters=plan(numbers={"operation_success": 1e9}).parameters)
    hunted = replace(hunted, orders=plan("set.kingpin_operations@2006-01..2026-12=9999").orders)
    fell = [row[2] for row in rows(hunted) if row[0] == as_date(MONTH) and row[1] == "capture"]
    assert len(fell) > 4  # luck takes everybody
    assert fell.count("Gulf") == 1


def test_a_split_keeps_people_and_takes_the_places_it_names() -> None:
    model = NarcoDoor(telling(SPLIT))
    model.step()
    model.step()
    world, seat = model.world, model.world.cartels.cartels[1].seat
    before, posts = world.cartels.held.copy(), world.cartels.posts.sum(axis=0)
    history(world)
    cartels = world.cartels
    new = next(cartel for cartel in cartels.cartels if cartel.name == "Zetas")
    assert cartels.held.sum(axis=0) == pytest.approx(before.sum(axis=0))
    assert cartels.posts.sum(axis=0) == pytest.approx(posts)
    assert {world.places.code[k] for k in new.places} == set(GULF)
    went = cartels.held[new.row] / np.maximum(before[1], 1.0)
    listed = np.isin(np.array(world.places.code), GULF)
    assert not went[~listed].any()
    assert went[seat] <= 0.6
    others = listed & (before[1] > 20 * world.weight)
    others[seat] = False
    assert (went[others] > 0.7).all()
    inside = ~world.careers.table["jailed"]
    assert (world.careers.table["cartel"][inside] == new.row).sum() * world.weight == cartels.held[new.row].sum()


def test_an_event_of_a_cartel_that_is_no_more_is_missed_and_told() -> None:
    late = event("killing", "Zetas", place="05")
    assert rows(telling(late)) == [(as_date(MONTH), "missed", "Zetas", "05", 0)]
    pact = event("truce", partner="Zetas")
    assert [row[1:3] for row in rows(telling(pact))] == [("missed", "Zetas")]


def test_what_only_is_told_changes_nothing_else() -> None:
    scenario = telling(event("extradition", place="08"))
    assert [row[1:3] for row in rows(scenario)] == [("extradition", "Gulf")]
    apart = unlike(lived(scenario), lived(telling()))
    assert {name.partition(".")[0] for name in apart} == {"events"}


@pytest.mark.parametrize("kind", ["truce", "alliance"])
def test_a_pact_on_record_ends_the_wars_of_the_two_and_binds_them(kind: str) -> None:
    scenario = telling(event(kind, partner=SINALOA))
    assert [row[1:3] for row in rows(scenario)] == [(kind, "Gulf")]
    told, untold = (lived(each).world.cartels for each in (scenario, telling()))
    fought, still = (int(((of.wars.a == 0) & (of.wars.b == 1)).sum()) for of in (untold, told))
    assert fought > 0 == still
    assert (told.pacts.a.tolist(), told.pacts.b.tolist()) == ([0], [1])
    binds = told.numbers["pact_months"] if kind == "truce" else FOREVER - MONTH
    assert told.pacts.until.tolist() == [MONTH + binds]


def test_who_escapes_makes_his_cartel_whole_again() -> None:
    fled = replace(event("escape", place="15"), month=MONTH + 1)
    hurt, whole = (lived(telling(*told)).world.cartels.cohesion[1] for told in ((FALL,), (FALL, fled)))
    assert hurt < whole == 1.0


def test_a_world_branches_where_the_telling_parts() -> None:
    told, untold = telling(FALL), telling()
    model = NarcoDoor(untold)
    while model.month < MONTH:
        model.step()
    assert unlike(model.branch(told).run(), lived(told)) == []


# wars on record ------------------------------------------------------------------------------------------------------


ALONE = {
    **CALM,
    "entry_rate": 0.0,
    "exit_rate": 0.0,
    "war_begin": 0.0,
    "war_disorder": 0.0,
    "war_rents": 0.0,
    "war_spread": 0.0,
}
WHERE = ("01", "32")
WAR = event("war", partner=SINALOA, places=WHERE)


def at_rest(*events: DatedEvent, off: tuple[str, ...] = ()) -> NarcoDoor:
    """A world in which cartels stay where they are and no war begins but on record."""
    scenario = plan("set.kingpin_operations@2006-12..2026-12=0", until="2007-04", persons=500, numbers=ALONE, off=off)
    return lived(replace(scenario, events=events))


def of_the_two(model: NarcoDoor, since: int) -> list[str]:
    """Where Sinaloa and the Gulf cartel fight since a month."""
    wars = model.world.cartels.wars
    mine = (wars.a == 0) & (wars.b == 1) & (wars.since == since)
    return [model.world.places.code[place] for place in wars.place[mine]]


def test_a_war_on_record_begins_in_its_month_where_it_is_said() -> None:
    told, untold = at_rest(WAR), at_rest()
    assert of_the_two(told, MONTH) == list(WHERE)
    assert of_the_two(untold, MONTH) == []
    assert told.world.cartels.present[:2, [0, 31]].all()  # whoever was not there came
    begun = [row[:4] for row in told.records.events().rows() if row[1] == "war"]
    assert begun == [(as_date(MONTH), "war", SINALOA, code) for code in WHERE]
    new, wars = (told.records.nation(name) - untold.records.nation(name) for name in ("new_wars", "n_wars"))
    assert new.tolist() == [0, 0, 2, 0]
    assert wars.tolist() == [0, 0, 2, 2]


def test_a_war_on_record_voids_a_pact_and_a_war_that_is_fought_stays_as_it_is() -> None:
    pact = replace(event("alliance", partner=SINALOA), month=MONTH - 1)
    assert len(at_rest(pact).world.cartels.pacts) == 1
    assert len(at_rest(pact, WAR).world.cartels.pacts) == 0
    assert of_the_two(at_rest(pact, WAR), MONTH) == list(WHERE)
    again = event("war", partner=SINALOA, places=("19", *WHERE))  # in Nuevo León they fight since the first month
    assert of_the_two(at_rest(again), MONTH) == list(WHERE)
    assert "19" in of_the_two(at_rest(again), -1)


def test_without_war_and_peace_a_war_on_record_is_nothing() -> None:
    off = ("war_and_peace",)
    assert unlike(at_rest(WAR, off=off), at_rest(off=off)) == []


def test_without_history_a_war_on_record_is_nothing() -> None:
    off = ("history",)
    assert unlike(at_rest(WAR, off=off), at_rest(off=off)) == []


def test_a_war_with_one_who_is_no_more_is_missed() -> None:
    late = at_rest(event("war", partner="Zetas", places=WHERE))
    assert [row[1:4] for row in late.records.events().rows()] == [("missed", "Zetas", WHERE[0])]
    assert of_the_two(late, MONTH) == []
