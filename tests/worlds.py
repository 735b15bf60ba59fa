"""Small worlds for the tests: a scenario with a few things changed, lived once and shared.

A finished world is shared between tests: read it, never step it or write to it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from narco_door.base.declared import levers, records, switches
from narco_door.base.months import as_date
from narco_door.base.remembered import Numbers, Switches
from narco_door.book.book import RECORDS
from narco_door.month.choose import what_is_seen
from narco_door.month.decree import decree
from narco_door.month.disburse import disburse
from narco_door.month.model import NarcoDoor
from narco_door.month.open_doors import open_doors
from narco_door.month.recruit import recruit
from narco_door.scenario import Comparison, Scenario, load_scenario
from narco_door.street.crossroads import Rule, Street

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Column = NDArray[Any]

LEVERS, SWITCHES = tuple(levers()), tuple(switches())
SYSTEMS = tuple(name for name, switch in switches().items() if switch.dormant)
EVERY_LEVER = tuple(f"add.{lever}@2007-03..2026-12=400" for lever in LEVERS)
# a world in which everything that can happen to a member happens often
STORM = {
    "export_rents": 300.0, "refill_half_life": 1.0, "accepted_first": 0.07, "forced_per_vacancy": 0.05, "moral_cost": 1.0,
    "offers_to_women": 0.5, "death_contest": 0.01, "death_strife": 0.02, "arrest_hazard": 0.04,
    "leaving_early": 0.03, "adult_term_years": 1.0, "offer_in_prison": 0.5, "split_chance": 1.0, "entry_rate": 0.3,
}  # fmt: skip


def plan(
    *sets: str,
    name: str = "baseline",
    until: str = "2008-12",
    persons: int = 2000,
    numbers: Mapping[str, float] | None = None,
    off: Sequence[str] = (),
) -> Scenario:
    """A scenario with `--set` options, numbers (even beyond their bounds) and switches turned off."""
    scenario = load_scenario(name, sets=sets)
    assert not isinstance(scenario, Comparison)
    given = {**scenario.parameters.plain(), **(numbers or {})}
    turned = {**scenario.switches.plain(), **dict.fromkeys(off, False)}
    assert given.keys() == scenario.parameters.plain().keys(), "a parameter of a test is not in the table"
    assert turned.keys() == scenario.switches.plain().keys(), "a switch of a test is not in the table"
    scenario = scenario.replace(persons_per_agent=persons, until=until)
    return replace(scenario, parameters=Numbers(given), switches=Switches(turned))


@cache
def lived(scenario: Scenario, *, seed: int = 1, replicate: int = 0, threads: int = 1) -> NarcoDoor:
    """A finished run, shared by all who ask for the same."""
    return NarcoDoor(scenario, seed=seed, replicate=replicate, threads=threads).run()


def window_rows(model: NarcoDoor, month: int) -> Ints:
    """Rows of everyone of 12-29 in a month, the dead included, by the index of the roll alone."""
    a, b = model.world.roll.window(month)
    first = model.world.roll.first
    return np.concatenate([np.arange(first[p, a], first[p, b]) for p in range(first.shape[0])])


def pages(model: NarcoDoor) -> Floats:
    """All that was written down, float64[month, nation and places, record]."""
    values = model.records.series()["value"].to_numpy()
    return values.reshape(len(RECORDS), len(model.world.places) + 1, -1).transpose(2, 1, 0)


def whole_state(model: NarcoDoor) -> dict[str, Column]:
    """Everything a run leaves behind: records, events, the roll, the members' table and the careers' log."""
    roll, careers = model.world.roll, model.world.careers
    state: dict[str, Column] = {"records": pages(model)}
    state |= {f"roll.{c}": getattr(roll, c) for c in ("door", "schooling", "deprivation", "moral", "flags")}
    for name in ("row", "name", "cartel", "place", "entered", "room", "jailed", "until"):
        state[f"table.{name}"] = careers.table[name]
    for name in ("row", "entered", "from_door", "forced", "room", "fate", "fate_month", "terms"):
        state[f"log.{name}"] = careers.log[name]
    events = model.records.events()
    state |= {f"events.{c}": events[c].cast(pl.String).to_numpy().astype(str) for c in events.columns}
    return state


def unlike(one: NarcoDoor, other: NarcoDoor) -> list[str]:
    """Names of what differs, by so much as a bit, between two runs; empty if nothing does."""
    mine, theirs = whole_state(one), whole_state(other)
    return [name for name in mine if not np.array_equal(mine[name], theirs[name])]


def changed_records(one: NarcoDoor, other: NarcoDoor, *, months: slice = slice(None)) -> set[str]:
    """Names of the records that differ in some month of `months` and some place."""
    differs = (pages(one)[months] != pages(other)[months]).any(axis=(0, 1))
    return {record.name for record, yes in zip(RECORDS, differs, strict=True) if yes}


def about_people(names: set[str]) -> set[str]:
    """Without the accounts."""
    return names - {record.name for record in records().values() if record.lever}


def fingerprint(model: NarcoDoor, *, integers: bool = False) -> str:
    """A hash of the whole state, or of its integers and events only."""
    out = hashlib.sha256()
    for name, column in whole_state(model).items():
        if integers and column.dtype.kind == "f":
            continue
        out.update(name.encode() + np.ascontiguousarray(column).tobytes())
    return out.hexdigest()


@dataclass(frozen=True)
class Snapshot:
    """The world at the end of a month."""

    month: int
    rows: Ints
    door: NDArray[np.uint8]
    schooling: NDArray[np.uint8]
    flags: NDArray[np.uint8]
    table: dict[str, Column]
    log: dict[str, Column]
    page: dict[str, Floats]  # of each record: the nation, then the places
    accounts: dict[str, Ints]  # cents by lever, since the first month

    def by_place(self, record: str) -> Floats:
        """A record of the places."""
        return self.page[record][1:]

    def __str__(self) -> str:
        return f"{as_date(self.month):%Y-%m}"


@dataclass(frozen=True)
class Watched:
    """A run that was looked at every month."""

    model: NarcoDoor
    months: tuple[Snapshot, ...]

    def pairs(self) -> list[tuple[Snapshot, Snapshot]]:
        """Each month with the next."""
        return list(zip(self.months[:-1], self.months[1:], strict=True))


def watch(scenario: Scenario) -> Watched:
    """Live a scenario and look at it at the end of every month."""
    model = NarcoDoor(scenario)
    cum = {"spent": np.zeros(len(LEVERS), np.int64), "leaked": np.zeros(len(LEVERS), np.int64)}
    seen = []
    while model.running:
        model.step()
        gov = model.world.government
        cum = {"spent": cum["spent"] + gov.spent.sum(axis=1), "leaked": cum["leaked"] + gov.leaked.sum(axis=1)}
        seen.append(_snapshot(model, {**cum, "promised": gov.cum_promised.copy(), "left": gov.left()}))
    return Watched(model, tuple(seen))


def _snapshot(model: NarcoDoor, accounts: dict[str, Ints]) -> Snapshot:
    book, careers, roll = model.records, model.world.careers, model.world.roll
    page = {r.name: np.append(book.nation(r.name)[-1], book.by_place(r.name)[-1]) for r in RECORDS}
    table = {
        c: careers.table[c].copy()
        for c in ("row", "cartel", "place", "birth", "entered", "room", "jailed", "until", "log")
    }
    log = {
        c: careers.log[c].copy()
        for c in ("row", "birth", "entered", "room", "fate", "fate_month", "terms", "from_door")
    }
    month = model.month - 1
    return Snapshot(
        month, window_rows(model, month), roll.door.copy(), roll.schooling.copy(), roll.flags.copy(),
        table, log, page, accounts,
    )  # fmt: skip


def up_to_the_walk(model: NarcoDoor) -> tuple[Street, Rule]:
    """Bring a world into its next month up to the walk, and return what youths see in it.  The month stays undone."""
    world = model.world
    law = decree(world)
    paid = disburse(world, law)
    opened = open_doors(world, paid)
    offers = recruit(world, law, paid)
    return what_is_seen(world, law, paid, opened, offers)
