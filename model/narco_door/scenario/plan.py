"""What a scenario is once it is read: money promised over months, numbers, mechanisms. Frozen."""

import hashlib
import json
import math
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version

import tomlkit

from narco_door.errors import UserError
from narco_door.months import month_number, month_text, year_of
from narco_door.parameters import Numbers, Switches, levers

RESULTS_VERSION = 1
"""Raised whenever the same scenario would give other numbers than before."""

type Shares = str | tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Order:
    """Money promised to one lever over one span of months.

    Attributes
    ----------
    start, end
        Absolute months; the end is not included.
    musd_year
        Millions of constant 2010 US$ a year.
    allocation
        A rule (``need``, ``population``, ``violence``) or shares by place that sum to 1.
    phase
        The name of the phase of the file that ordered it.
    """

    lever: str
    channel: str
    start: int
    end: int
    musd_year: float
    allocation: Shares
    phase: str


@dataclass(frozen=True)
class Run:
    """When, where and how many; absolute months, the end not included."""

    start: int
    end: int
    seed: int
    replicates: int
    persons_per_agent: int
    places: str

    @property
    def months(self) -> int:
        """How many months are lived."""
        return self.end - self.start


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
    ) -> "Scenario":
        """Return the same scenario with another seed, number of replicates, scale or last month.

        Parameters
        ----------
        until
            Last month, itself included, like ``"2015-12"``.

        Raises
        ------
        UserError
            If a count is not positive, or the last month is no month or lies before the first.
        """
        run = self.run
        if until is not None:
            run = replace(run, end=_last_month(until, run.start) + 1)
        return replace(
            self,
            run=replace(
                run,
                seed=_whole("seed", run.seed if seed is None else seed, 0),
                replicates=_whole("replicates", run.replicates if replicates is None else replicates, 1),
                persons_per_agent=_whole(
                    "persons_per_agent",
                    run.persons_per_agent if persons_per_agent is None else persons_per_agent,
                    1,
                ),
            ),
        )

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
        """
        first, last = (
            self.run.start if start is None else start,
            self.run.end if end is None else end,
        )
        promised: dict[str, dict[int, float]] = {}
        for lever in levers():
            by_year: dict[int, list[float]] = {}
            for order in (order for order in self.orders if order.lever == lever):
                for month in range(max(order.start, first), min(order.end, last)):
                    by_year.setdefault(year_of(month), []).append(order.musd_year / 12)
            if by_year:
                promised[lever] = {year: math.fsum(by_year[year]) for year in sorted(by_year)}
        return promised

    def to_toml(self) -> str:
        """Write the scenario out in full: a text that stands alone and reads back to an equal scenario."""
        document = tomlkit.document()
        document.add(tomlkit.comment("Written out in full by narco-door: every number that the run used."))
        for name, value in _header(self).items():
            document.add(name, tomlkit.item(value))
        for name, table in _tables(self).items():
            document.add(name, tomlkit.item(table))
        orders = tomlkit.aot()
        for order in self.orders:
            orders.append(tomlkit.item(_order_table(order)))
        if self.orders:
            document.add("order", orders)
        return tomlkit.dumps(document)


@dataclass(frozen=True)
class Comparison:
    """Scenarios set beside each other, all compared with the same reference."""

    name: str
    title: str
    question: str
    arms: tuple[Scenario, ...]
    reference: Scenario

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """The reference first, then the arms."""
        return (self.reference, *self.arms)


def _whole(name: str, value: int, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise UserError(f"{name} is a whole number from {least}; got {value!r}")
    return value


def _last_month(text: str, start: int) -> int:
    try:
        month = month_number(text)
    except ValueError as problem:
        raise UserError(f"until: {problem}") from None
    if month < start:
        raise UserError(f"until: {text} lies before the first month of the run, {month_text(start)}")
    return month


def _what_matters(scenario: Scenario) -> dict[str, object]:
    return {
        "results": RESULTS_VERSION,
        "version": package_version(),
        "start": scenario.run.start,
        "places": scenario.run.places,
        "orders": sorted(_plain(order) for order in scenario.orders),
        "prices": {lever.name: (lever.unit_cost, lever.lag_months) for lever in levers().values()},
        "parameters": scenario.parameters.plain(),
        "switches": scenario.switches.plain(),
    }


def _plain(order: Order) -> str:
    return json.dumps(
        [
            order.lever,
            order.channel,
            order.start,
            order.end,
            order.musd_year,
            order.allocation,
        ]
    )


@cache
def package_version() -> str:
    """Return the version of the installed package."""
    try:
        return version("narco-door")
    except PackageNotFoundError:
        return "unknown"


def _header(scenario: Scenario) -> dict[str, object]:
    return {
        "title": scenario.title,
        "question": scenario.question,
        "argued_by": scenario.argued_by,
        "sources": list(scenario.sources),
    }


def _tables(scenario: Scenario) -> dict[str, dict[str, object]]:
    run = scenario.run
    return {
        "resolved": {"name": scenario.name, "lineage": list(scenario.lineage)},
        "run": {
            "from": month_text(run.start),
            "to": month_text(run.end - 1),
            "seed": run.seed,
            "replicates": run.replicates,
            "persons_per_agent": run.persons_per_agent,
            "places": run.places,
        },
        "parameters": dict(scenario.parameters.plain()),
        "switches": dict(scenario.switches.plain()),
    }


def _order_table(order: Order) -> dict[str, object]:
    shares = order.allocation
    return {
        "lever": order.lever,
        "channel": order.channel,
        "from": month_text(order.start),
        "to": month_text(order.end - 1),
        "musd_year": order.musd_year,
        "allocation": shares if isinstance(shares, str) else dict(shares),
        "phase": order.phase,
    }
