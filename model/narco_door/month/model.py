"""One month at the narco door: the model, beat by beat."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import mesa
import numpy as np

from narco_door.base.arrays import F8
from narco_door.base.draws import Draws, child_key, replicate_seed
from narco_door.base.errors import UserError
from narco_door.base.months import month_text
from narco_door.book.book import Book
from narco_door.country.arrivals import settle, society
from narco_door.country.births import grown
from narco_door.country.places import Places, load_places
from narco_door.country.roll import FORMAL, build_roll
from narco_door.inside.careers import Careers, Fates
from narco_door.inside.cartels import Underworld, founders
from narco_door.month import beats, founding
from narco_door.month.youth import Youth
from narco_door.scenario.plan import parting
from narco_door.state.corruption_and_fear import Weed
from narco_door.state.government import Government
from narco_door.state.laws import Lawbook
from narco_door.street.choice import make_rule
from narco_door.street.crossroads import BANDS, FLOWS, empty_entrants
from narco_door.street.doors import Doors

if TYPE_CHECKING:
    import polars as pl

    from narco_door.scenario import Scenario


class Beat(NamedTuple):
    """A line of the month: what it reads is the month as it began, what it writes is seen from the next beat on."""

    name: str
    reads: str
    writes: str


HEADLINE = (
    "n_members", "new_entries", "new_homicides", "n_school", "n_formal", "n_informal",
    "n_home", "n_idle", "n_prison", "n_cartels",
)  # fmt: skip
"""Records that Mesa's data collector keeps."""

BEATS = (
    Beat("disburse", "orders, corruption, youths, violence", "slots, officers, operations, lasting works"),
    Beat("open_doors", "seats, apprentices, formal jobs held, fear", "width of school and of formal work"),
    Beat("recruit", "members, rents, outreach, who looked last month", "vacancies, width of the narco door"),
    Beat("choose", "widths, beliefs, pay, risk, programmes", "everybody's door, entrants, beliefs"),
    Beat("careers", "members, cohesion, officers, corruption, exits", "fates, rooms, prisoners, members, pay"),
    Beat(
        "strike",
        "operations, cartels, corruption at the seat",
        "captures, heirs, splits, territory, cohesion, members who go over",
    ),
    Beat("spread", "deaths, bribes, idleness, courts, public space", "homicides, corruption, fear, deprivation"),
    Beat("record", "all of it", "the book of records, Mesa's data collector"),
)


class NarcoDoor(mesa.Model):  # type: ignore[misc]
    """A country's youth before the doors, month by month.

    Parameters
    ----------
    scenario : Scenario
        Which world, which money, which numbers; see `narco_door.scenario.load_scenario`.
    seed : int, optional
        Overrides the scenario's seed.
    replicate : int
        Which of the replicates under that seed: scenarios with the same seed and replicate share their luck.
    threads : int
        Threads for the walk along the roll; the answer does not depend on it.

    Examples
    --------
    >>> from narco_door import NarcoDoor, load_scenario
    >>> model = NarcoDoor(load_scenario("baseline").replace(persons_per_agent=1000, until="2007-06"))
    >>> model.run_model()
    """

    def __init__(self, scenario: Scenario, *, seed: int | None = None, replicate: int = 0, threads: int = 1) -> None:
        if not hasattr(scenario, "run"):
            raise UserError(f"expected one scenario, got {scenario!r:.60}; see narco_door.scenario.load_one")
        run = scenario.run
        super().__init__(rng=run.seed if seed is None else seed)
        self.plan, self.replicate, self.threads = scenario, replicate, threads
        self.numbers, self.switches = scenario.parameters, scenario.switches
        self.draws = Draws(replicate_seed(run.seed if seed is None else seed, replicate))
        self.start, self.month, self.months = run.start, run.start, run.end - run.start
        self.places = self._world(run.places)
        self.weight = run.persons_per_agent
        self._people()
        self._institutions()
        self.records = Book(self.places.code, start=self.start, months=self.months)
        self.beat_times = dict.fromkeys((beat.name for beat in BEATS), 0.0)
        self.datacollector = mesa.DataCollector(
            model_reporters={name: (lambda model, name=name: model.records.nation(name)[-1]) for name in HEADLINE}
        )

    # the world before the first month ------------------------------------------------------------------------------

    def _world(self, table: str) -> Places:
        """The table of places, with the cohorts that the scenario asks for."""
        ratio, since = self.numbers["cohort_ratio"], int(self.numbers["cohort_since"])
        return grown(load_places(table), ratio=ratio if self.switches["demography"] else 1.0, since=since)

    def _people(self) -> None:
        places, numbers = self.places, self.numbers
        self.roll = build_roll(
            places, start=self.start, end=self.start + self.months, persons_per_agent=self.weight,
            named=load_places(places.world),
        )  # fmt: skip
        self.society = society(places, numbers)
        self.rule = make_rule(numbers)
        population = places.population(self.start)
        homicide_rate = numbers["ordinary_share"] * places.ordinary_homicide_rate
        self.weed = Weed(
            corruption=places.corruption, deprivation=places.deprivation, homicide_rate=homicide_rate,
            numbers=numbers, switches=self.switches,
        )  # fmt: skip
        self.violence = homicide_rate * population / 12e5  # homicides a month, smoothed over a year
        self._settle(all_ages=True)
        self.youth = Youth(self)

    def _settle(self, *, all_ages: bool = False) -> None:
        settle(
            self.roll, self.month, self.weed.deprivation, soc=self.society, draws=self.draws,
            spread=self.numbers["deprivation_sd"], all_ages=all_ages,
        )  # fmt: skip

    def _institutions(self) -> None:
        n_places = len(self.places)
        self.government = Government(
            self, self.plan.orders, numbers=self.numbers, places=n_places, codes=self.places.code
        )
        self.lawbook = Lawbook(self.plan, self.switches)
        self.law, self.notes = self.lawbook.in_force(self.start), dict[str, F8]()
        self.small_first: F8 | None = None
        self.underworld = Underworld(self, self.places, numbers=self.numbers, switches=self.switches)
        founders(self.underworld, self.places, key_of=lambda number: child_key(self.draws.seed, 0, number))
        self.careers = Careers(self.roll, places=n_places, numbers=self.numbers)
        founding.found_members(self)
        founding.settle_police(self)
        self.counts = np.zeros((n_places, len(BANDS), 2, 8), np.int64)
        self.flows = np.zeros((n_places, len(FLOWS)), np.int64)
        self.entrants = empty_entrants(n_places, founding.entrant_room(self.roll))
        founding.census(self)
        self.doors = Doors(self.places, numbers=self.numbers, switches=self.switches, formal=self.behind(FORMAL))
        self.lookers = self.behind_all() * self.numbers["lookers_first"]
        men = np.maximum(self.counts[:, :, 1, :5].sum(axis=(1, 2)), 1)
        boys = self.counts[:, :2, 1, :5].sum(axis=(1, 2)) / men
        self.minors_looking = self.lookers * boys
        self.promise = np.full(n_places, self.numbers["promise_first"])
        self.risk = np.full(n_places, self.numbers["risk_first"])
        known = self.underworld.held.sum(axis=0) / self.weight
        self.remembered = np.array([self.promise * known / 12.0, self.risk * known / 12.0, known])
        self.pool = ThreadPoolExecutor(self.threads) if self.threads > 1 else None

    # the month -----------------------------------------------------------------------------------------------------

    def step(self) -> None:
        """One month at the narco door.  Read it aloud."""
        if self.month >= self.start + self.months:
            raise UserError(
                f"this run ended with {month_text(self.month - 1)}; expected a later `until` in its scenario"
            )
        self._beat("disburse", beats.disburse)
        self._beat("open_doors", beats.open_doors)
        self._beat("recruit", beats.recruit)
        entrants = self._beat("choose", beats.choose)
        fates = self._beat("careers", beats.careers, entrants)
        self._beat("strike", beats.strike)
        self._beat("spread", beats.spread, fates)
        self._beat("record", beats.record, entrants, fates)
        self.month += 1
        if self.month == self.start + self.months:
            self.running = False
        else:
            self._settle()

    def _beat(self, name: str, do: Callable[..., Any], *given: Any) -> Any:
        began = time.perf_counter()
        out = do(self, *given)
        self.beat_times[name] += time.perf_counter() - began
        return out

    def run(self, progress: Callable[[int, int], None] | None = None) -> NarcoDoor:
        """Live all months that are left; `progress` is told (months done, months in all)."""
        while self.running and self.month < self.start + self.months:
            self.step()
            if progress is not None:
                progress(self.month - self.start, self.months)
        return self

    def shares_past(self, scenario: Scenario) -> bool:
        """Whether the world of this scenario is the same until now: what differs is paid and watched for later."""
        theirs = replace(scenario.run, replicates=self.plan.run.replicates)
        return theirs == self.plan.run and parting(self.plan, scenario) >= self.month

    def branch(self, scenario: Scenario) -> NarcoDoor:
        """A second world, as this one stands, that goes on under the orders of another scenario.

        Parameters
        ----------
        scenario : Scenario
            Like this world's own in all but orders, and none of those that differ may begin before this month:
            then the branch is, to the bit, the world that the scenario makes when it is lived from the start.

        Raises
        ------
        ValueError
            It is not.
        """
        if not self.shares_past(scenario):
            raise ValueError(f"the scenarios differ before {month_text(self.month)}, or in more than orders")
        twin = copy.deepcopy(self, {id(self.pool): None})  # threads cannot be copied
        twin.pool = ThreadPoolExecutor(self.threads) if self.threads > 1 else None
        twin.plan = scenario
        twin.government.follow(scenario.orders)
        twin.lawbook.follow(scenario)
        return twin

    # looking -------------------------------------------------------------------------------------------------------

    def behind(self, door: int) -> F8:
        """Persons of 12-29 behind a door, by place, at the last count."""
        return self.counts[:, :, :, door].sum(axis=(1, 2)) * float(self.weight)

    def behind_all(self) -> F8:
        """Persons of 12-29 behind any legitimate door or at the corner, by place."""
        return self.counts[:, :, :, :5].sum(axis=(1, 2, 3)) * float(self.weight)

    def careers_frame(self) -> pl.DataFrame:
        """Everyone who ever entered a cartel, one row each."""
        from narco_door.month.youth import careers_frame

        return careers_frame(self)


__all__ = ["BEATS", "Fates", "NarcoDoor"]
