"""What a scenario is once it is read: money promised over months, numbers, mechanisms. Frozen."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import astuple, dataclass, field, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import PurePath

from narco_door.base.declared import laws, levers
from narco_door.base.errors import UserError
from narco_door.base.months import FOREVER, year_of
from narco_door.base.remembered import Numbers, Switches
from narco_door.country.facts import parameters
from narco_door.country.posterior import numbers_of
from narco_door.scenario.conditions import Statute, Trigger
from narco_door.scenario.limits import bounded, enough_replicates, last_month, within_reach, within_words
from narco_door.scenario.orders import DatedEvent, Order, Run
from narco_door.scenario.remarks import Remark, told_of_all

RESULTS_VERSION = 3
"""Raised whenever the same scenario would give other numbers than before."""


@dataclass(frozen=True)
class Scenario:
    """One policy and one set of beliefs about the world, ready to run.

    Attributes
    ----------
    lineage
        The names of the scenarios it stands on, the oldest first, its own last.
    orders
        All money after every phase was applied.
    parameters, switches
        All of them, by name; they remember which were read.
    statutes
        Every law that is set, the later ones over the earlier.
    events, without_events
        What befell cartels, by month; and the names of those events that are taken out of it.
    horizon
        The month after the last of which its files speak; no run is longer.
    remarks
        What its files and options say that changes nothing.
    """

    name: str
    title: str
    question: str
    argued_by: str
    sources: tuple[str, ...]
    lineage: tuple[str, ...]
    run: Run
    orders: tuple[Order, ...]
    parameters: Numbers
    switches: Switches
    statutes: tuple[Statute, ...] = ()
    events: tuple[DatedEvent, ...] = ()
    without_events: tuple[str, ...] = ()

    @property
    def happening(self) -> tuple[DatedEvent, ...]:
        """The events of the run's months, less those that are taken out; none if their switch is off."""
        if not self.switches.plain()["history"]:
            return ()
        out, start = self.without_events, self.run.start
        return tuple(event for event in self.events if event.month >= start and event.name not in out)

    horizon: int = FOREVER
    remarks: tuple[Remark, ...] = field(default=(), compare=False, repr=False)

    @property
    def idle(self) -> tuple[str, ...]:
        """What its files and options say that changes nothing, a sentence for each."""
        return tuple(remark.sentence for remark in self.remarks)

    @property
    def triggers(self) -> tuple[Trigger, ...]:
        """The conditions that phases wait for, each once."""
        of_orders = (trigger for order in self.orders for trigger in (order.when, *order.unless))
        of_laws = (statute.when for statute in self.statutes)
        return tuple(dict.fromkeys(trigger for trigger in (*of_orders, *of_laws) if trigger is not None))

    @property
    def digest(self) -> str:
        """Twelve letters that differ between scenarios whose numbers may differ under the same luck.

        Titles, sources, seed, replicates, scale and the last month are left out: they tell runs apart, not
        scenarios.
        """
        text = json.dumps(_what_matters(self), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def replace(
        self,
        *,
        seed: int | None = None,
        replicates: int | None = None,
        persons_per_agent: int | None = None,
        until: str | None = None,
        sets: int | None = None,
    ) -> "Scenario":
        """Return the same scenario with another seed, number of replicates or sets, scale or last month.

        Parameters
        ----------
        until
            Last month, itself included, like ``"2015-12"``.

        Raises
        ------
        UserError
            If a count is beyond the bounds of a file's, or the last month is no month, lies before the first or is
            beyond the last of which the files speak; or there are fewer replicates than sets.
        """
        run = self.run
        if until is not None:
            run = replace(run, end=last_month(until, run.start) + 1)
            try:
                within_reach(run)
                within_words(run, self.horizon, (*self.orders, *self.statutes))
            except ValueError as problem:
                raise UserError(f"until: {problem}") from None
        counts = {"seed": seed, "replicates": replicates, "persons_per_agent": persons_per_agent, "sets": sets}
        run = replace(run, **bounded(counts))
        try:
            enough_replicates(run)
        except ValueError as problem:
            raise UserError(str(problem)) from None
        return replace(self, run=run)

    def with_numbers(self, values: Mapping[str, float]) -> "Scenario":
        """Return the same scenario with other values of some parameters."""
        return replace(self, parameters=Numbers({**self.parameters.plain(), **values}))

    def in_set(self, replicate: int) -> "Scenario":
        """Return the scenario as a replicate lives it: with the numbers of its set of the posterior.

        The sets are dealt in turn, the same in every scenario. A number that the scenario itself has moved from where
        the country has it stays where it was put.

        Raises
        ------
        UserError
            If the country has no posterior, or fewer sets.
        """
        if not self.run.sets:
            return self
        values, fitted = numbers_of(self.run.places, self.run.sets, replicate), parameters(self.run.places)
        own = self.parameters.plain()
        moved = {name: value for name, value in values.items() if own[name] == fitted[name].value}
        return self.with_numbers(moved)

    def spending(self, start: int | None = None, end: int | None = None) -> dict[str, dict[int, float]]:
        """Return what is promised to each lever in each calendar year.

        Parameters
        ----------
        start, end
            Absolute months, the end not included; by default the months of the run.

        Returns
        -------
        dict
            Lever to year to millions of constant 2010 US$, in the order of the levers; only what is not zero.
            What waits for a condition and what taxes pay is not known beforehand and left out.
        """
        first, last = (
            self.run.start if start is None else start,
            self.run.end if end is None else end,
        )
        promised: dict[str, dict[int, float]] = {}
        for lever in levers():
            by_year: dict[int, list[float]] = {}
            for order in (o for o in self.orders if o.lever == lever and o.when is None and not o.share):
                for month in range(max(order.start, first), min(order.end, last)):
                    by_year.setdefault(year_of(month), []).append(order.musd_year / 12)
            if by_year:
                promised[lever] = {year: math.fsum(by_year[year]) for year in sorted(by_year)}
        return promised

    def to_toml(self) -> str:
        """Write the scenario out in full: a text that stands alone and reads back to an equal scenario."""
        from narco_door.scenario.full_text import full_text

        return full_text(self)


@dataclass(frozen=True)
class Comparison:
    """Scenarios set beside each other, all compared with the same reference.

    Attributes
    ----------
    twins
        Arms that cannot differ from another, a sentence for each.
    """

    name: str
    title: str
    question: str
    arms: tuple[Scenario, ...]
    reference: Scenario
    twins: tuple[str, ...] = field(default=(), compare=False, repr=False)

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """The reference first, then the arms."""
        return (self.reference, *self.arms)

    @property
    def idle(self) -> tuple[str, ...]:
        """What its files and options say that changes nothing in any of them, a sentence for each."""
        return (*told_of_all([scenario.remarks for scenario in self.scenarios]), *self.twins)


def _what_matters(scenario: Scenario) -> dict[str, object]:
    return {
        "results": RESULTS_VERSION,
        "version": package_version(),
        "start": scenario.run.start,
        "places": PurePath(scenario.run.places).name,  # what its tables hold is hashed with the model
        "orders": sorted(_plain(order) for order in scenario.orders),
        "prices": {
            lever.name: (lever.unit_cost, lever.lag_months, lever.per, lever.lasting) for lever in levers().values()
        },
        "parameters": scenario.parameters.plain(),
        "switches": scenario.switches.plain(),
        "laws": {law.name: law.value for law in laws().values()},
        "statutes": [(s.law, s.start, s.end, s.value, _condition(s.when)) for s in scenario.statutes],
        "events": [(e.month, e.kind, e.cartel, e.place, e.new, e.places, e.partner) for e in scenario.happening],
    }


def _condition(trigger: Trigger | None) -> tuple[object, ...]:
    """What of a condition can change a result: all but the name of the phase."""
    return () if trigger is None else astuple(trigger)[1:]


def _plain(order: Order) -> str:
    return json.dumps(
        [
            order.lever,
            order.channel,
            order.start,
            order.end,
            order.musd_year,
            order.allocation,
            _condition(order.when),
            [_condition(trigger) for trigger in order.unless],
            order.share,
        ]
    )


@cache
def package_version() -> str:
    """Return the version of the installed package."""
    try:
        return version("narco-door")
    except PackageNotFoundError:
        return "unknown"
