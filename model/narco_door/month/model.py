"""One month at the narco door: the model, beat by beat."""

from __future__ import annotations

import copy
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import mesa
import polars as pl

from narco_door.base.doors import named, plain
from narco_door.base.errors import UserError
from narco_door.base.months import month_text
from narco_door.book.book import Book
from narco_door.month.careers import Lived, careers
from narco_door.month.choose import Walked, choose
from narco_door.month.contend import contend
from narco_door.month.decree import decree
from narco_door.month.disburse import disburse
from narco_door.month.founding import arrive, found
from narco_door.month.history import history
from narco_door.month.open_doors import open_doors
from narco_door.month.record import record
from narco_door.month.recruit import recruit
from narco_door.month.spread import spread
from narco_door.month.strike import strike
from narco_door.month.tax import tax
from narco_door.month.youth import Youth, careers_frame
from narco_door.scenario import Scenario
from narco_door.scenario.parting import parting

HEADLINE = (
    "n_members", "new_entries", "new_homicides", "n_school", "n_formal", "n_informal",
    *(f"n_{door}" for door in named(plain())), "n_home", "n_idle", "n_prison", "n_cartels",
)  # fmt: skip
"""Records that Mesa's data collector keeps."""


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

    Attributes
    ----------
    world : World
        All that there is, as it stands; see `narco_door.month.world`.
    youth : Youth
        The people on the roll: select, count, group by place, read one as a person.
    walked, lived : Walked, Lived
        What was seen from the crossroads and what befell members in the month that was lived last.
    agents, datacollector
        Mesa's: the government and the cartels; the headline records of the nation.

    Examples
    --------
    >>> from narco_door import NarcoDoor, load_scenario
    >>> model = NarcoDoor(load_scenario("baseline").replace(persons_per_agent=1000, until="2007-06"))
    >>> model.run_model()
    """

    walked: Walked
    lived: Lived

    def __init__(self, scenario: Scenario, *, seed: int | None = None, replicate: int = 0, threads: int = 1) -> None:
        if not hasattr(scenario, "run"):
            raise UserError(f"expected one scenario, got {scenario!r:.60}; see narco_door.scenario.load_one")
        first = scenario.run.seed if seed is None else seed
        super().__init__(rng=first)
        self.replicate, self.threads = replicate, threads
        self.world = found(scenario, seed=first, replicate=replicate, threads=threads, model=self)
        self.youth = Youth(self.world)
        self.datacollector = mesa.DataCollector(
            model_reporters={name: (lambda model, name=name: model.records.nation(name)[-1]) for name in HEADLINE}
        )

    def step(self) -> None:
        """One month at the narco door.  Read it aloud."""
        world = self.world
        self._expect_a_month()
        law = decree(world)
        paid = disburse(world, law)
        opened = open_doors(world, paid)
        offers = recruit(world, law, paid)
        taxed = tax(world, law, offers)
        walked = choose(world, law, paid, opened, offers)
        lived = careers(world, law, paid, walked)
        history(world)
        blows = strike(world, paid)
        moves = contend(world, offers, lived, blows)
        spoilt = spread(world, law, paid, opened, offers, lived)
        record(world, blows, moves, (paid, opened, offers, taxed, walked, lived, spoilt))
        self.walked, self.lived = walked, lived
        self._turn_the_page()

    def _expect_a_month(self) -> None:
        if not self.running or self.month >= self.world.start + self.world.months:
            raise UserError(
                f"this run ended with {month_text(self.month - 1)}; expected a later `until` in its scenario"
            )

    def _turn_the_page(self) -> None:
        """Mesa looks at the month; then the next one begins, and its twelve-year-olds arrive."""
        self.datacollector.collect(self)
        self.world.month += 1
        if self.month == self.world.start + self.world.months:
            self.running = False
        else:
            arrive(self.world)

    def run(self, progress: Callable[[int, int], None] | None = None) -> NarcoDoor:
        """Live all months that are left; `progress` is told (months done, months in all)."""
        start, months = self.world.start, self.world.months
        while self.running and self.month < start + months:
            self.step()
            if progress is not None:
                progress(self.month - start, months)
        return self

    def shares_past(self, scenario: Scenario) -> bool:
        """Whether the world of this scenario is the same until now: what differs is paid, watched for or told later."""
        mine = self.world.plan
        theirs = replace(scenario.run, replicates=mine.run.replicates)
        return theirs == mine.run and parting(mine, scenario) >= self.month

    def branch(self, scenario: Scenario) -> NarcoDoor:
        """A second world, as this one stands, that goes on under the orders of another scenario.

        Parameters
        ----------
        scenario : Scenario
            Like this world's own in all but orders and events, and none that differs may begin before this month: then
            the branch is, to the bit, the world that the scenario makes when it is lived from the start.

        Raises
        ------
        ValueError
            It is not.
        """
        if not self.shares_past(scenario):
            raise ValueError(f"the scenarios differ before {month_text(self.month)}, or in more than orders and events")
        twin = copy.deepcopy(self, {id(self.world.pool): None})  # threads cannot be copied
        twin.world.pool = ThreadPoolExecutor(self.threads) if self.threads > 1 else None
        twin.world.plan = scenario
        twin.world.government.follow(scenario.orders)
        twin.world.lawbook.follow(scenario)
        return twin

    @property
    def month(self) -> int:
        """The absolute month that is about to be lived."""
        return self.world.month

    @property
    def records(self) -> Book:
        """What was written down so far."""
        return self.world.records

    def careers_frame(self) -> pl.DataFrame:
        """Everyone who ever entered a cartel, one row each."""
        return careers_frame(self.world)
