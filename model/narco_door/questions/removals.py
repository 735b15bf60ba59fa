"""What follows when the state takes a leader: each removal against the same luck without it, ours beside studies'.

Two designs.  Where he was taken: a twin of the world, copied in the month before, in which this one leader is not
found, lives a year beside it; everything else, and everybody's luck, stays the same.  In the nation, where one removal
drowns in what small changes make of many wars: a world in which the state takes nobody for four years.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import polars as pl

from narco_door.base.draws import Draws
from narco_door.base.months import YEAR, as_date, month_text
from narco_door.inside.leaders import BY_THE_STATE
from narco_door.results.intervals import intervals
from narco_door.runs.lucks import each_luck
from narco_door.scenario import load_one

if TYPE_CHECKING:
    from narco_door.base.arrays import F8, Names
    from narco_door.month.model import NarcoDoor
    from narco_door.runs.branching import Progress
    from narco_door.runs.options import RunOptions
    from narco_door.scenario import Scenario

SPAN: Final = (2007 * YEAR, 2011 * YEAR)
"""The months whose removals are looked at, 2007 to 2010, the end not included."""


@dataclass(frozen=True)
class Published:
    """What studies found, and between which bounds ours should lie."""

    value: float
    low: float
    high: float
    study: str


PUBLISHED: Final[dict[str, Published]] = {
    "nation": Published(16.6, 5, 60, "Dickenson 2014, Journal of Quantitative Criminology 30:651-676: 415 for 25"),
    "town_6": Published(36.5, 15, 110, "Calderón, Robles, Díaz-Cayeros and Magaloni 2015, J. Conflict Resolution 59"),
    "town_12": Published(80, 15, 110, "Lindo and Padilla-Romo 2018, Journal of Health Economics 58:253-268"),
    "town_groups": Published(49, 20, 80, "Bone 2024, preprint"),
}
"""By name of the measure: deaths, or per cent."""
MEASURES: Final = (
    "nation", "alone", "here_deaths", "here_6", "here_12", "groups", "town_6", "town_12", "town_groups",
)  # fmt: skip
"""Additional deaths in the nation by the end of the span for each of all removals; in the nation and in the place of
removal within a year, for each alone; rise of homicides in the place over 6 and 12 months, and of the groups there, %;
the same three as the studies would see them, in the municipality.
"""
TOWN: Final = 0.1
"""Share of a state's homicides that fall in the municipality in which a leader is taken.  Assumed, between about a
hundredth (Cosío, Progreso, Lerma) and three quarters (Tijuana).  What a removal adds is taken to fall there.
"""
TOWN_GROUPS: Final = 0.4
"""Share of the groups of a state that are in such a municipality.  Assumed: two or three where any is, of five to
seven in the state (Coscia and Ríos 2012, proceedings of CIKM, have more than one in most municipalities by 2010).
"""


class After(NamedTuple):
    """What there is in the year after a month: homicides of a place over 6 and 12 months and of the nation over 12,
    and groups that claim the place, mean of the year.
    """

    here_6: float
    here_12: float
    nation: float
    groups: float


class Fall(NamedTuple):
    """A leader whom the state took, in an absolute month and the place of a code, and how many members he had."""

    month: int
    cartel: str
    kind: str
    place: str
    persons: int


class Removal(NamedTuple):
    """A fall, what came after, and what came in the twin in which he was not found."""

    fall: Fall
    taken: After
    spared: After


@dataclass(frozen=True)
class Luck:
    """What one luck shows: each removal, and the homicides of the span with all of them and without any."""

    removals: Sequence[Removal]
    homicides: float
    without_any: float


class Sparing(Draws):
    """The same luck, but in some months some leaders are not found.

    Parameters
    ----------
    luck : Draws
    months : range
    keys : uint64[leader], optional
        Names of their cartels; by default all.
    """

    def __init__(self, luck: Draws, months: range, keys: Names | None = None) -> None:
        super().__init__(luck.seed)
        self.months, self.keys = months, keys

    def uniforms(self, decision: str, month: int, who: Names) -> F8:
        """As ever, but 1 for who is not found."""
        luck = super().uniforms(decision, month, who)
        if decision == "capture" and month in self.months:
            luck[slice(None) if self.keys is None else np.isin(who, self.keys)] = 1.0
        return luck


def removals(options: RunOptions, *, span: tuple[int, int] = SPAN) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Put the question to every luck.

    Parameters
    ----------
    options
        Replicates, seed, scale and cores; nothing is kept.
    span
        Absolute months whose removals are looked at, the end not included.

    Returns
    -------
    tuple of polars.DataFrame
        measure, mean, p05, p25, p75, p95, replicates; and every removal of every luck.
    """
    last = month_text(span[1] + YEAR - 1)
    scenario = replace(options, until=last).of(load_one("baseline"))
    months = scenario.run.months + span[1] - scenario.run.start
    lucks = each_luck(Asked(span), scenario, options, months=months)
    rows = [_row(k, removal) for k, luck in enumerate(lucks) for removal in luck.removals]
    return found(lucks), pl.DataFrame(rows)


def _row(replicate: int, removal: Removal) -> dict[str, object]:
    fall, taken, spared = (each._asdict() for each in removal)
    after = {f"{name}_{way}": each[name] for way, each in (("taken", taken), ("spared", spared)) for name in each}
    return {"replicate": replicate, **fall, "month": as_date(removal.fall.month), **after}


def found(lucks: Sequence[Luck]) -> pl.DataFrame:
    """What the lucks say of each of `MEASURES`; within a luck removals are added up before they are compared."""
    rows = [
        (name, replicate, value)
        for replicate, luck in enumerate(lucks) if luck.removals for name, value in _measures(luck).items()
    ]  # fmt: skip
    schema: dict[str, pl.DataType] = {"measure": pl.Enum(MEASURES), "replicate": pl.Int32(), "value": pl.Float64()}
    frame = pl.DataFrame(rows, schema=schema, orient="row").sort("measure", maintain_order=True)
    return intervals(frame.cast({"measure": pl.String}), by=["measure"])


def _measures(luck: Luck) -> dict[str, float]:
    """Each measure of one luck."""
    taken, spared = (np.sum([getattr(each, way) for each in luck.removals], axis=0) for way in ("taken", "spared"))
    more, number = After(*(taken - spared)), len(luck.removals)
    rise = After(*(100.0 * (taken / np.maximum(spared, 1e-9) - 1.0)))
    return {
        "nation": (luck.homicides - luck.without_any) / number, "alone": more.nation / number,
        "here_deaths": more.here_12 / number, "here_6": rise.here_6, "here_12": rise.here_12, "groups": rise.groups,
        "town_6": rise.here_6 / TOWN, "town_12": rise.here_12 / TOWN, "town_groups": rise.groups / TOWN_GROUPS,
    }  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What one luck is asked; see `removals`."""

    span: tuple[int, int]

    def __call__(self, scenario: Scenario, *, replicate: int, progress: Progress) -> Luck:
        """Live the luck, the twin of each removal, and the luck without any."""
        from narco_door.month.model import NarcoDoor

        model, start = NarcoDoor(scenario, replicate=replicate), scenario.run.start
        spared = []
        while model.running:
            month, before = model.month, model.branch(scenario) if self._covers(model.month) else None
            model.step()
            if before is not None:
                spared += [(fall, _spared(before, fall, scenario)) for fall in _falls(model, month)]
            progress(model.month - start, 0)
        beside = [Removal(fall, _after(model, fall), after) for fall, after in spared]
        none = NarcoDoor(_without(scenario, range(*self.span)), replicate=replicate)
        none.world.draws = Sparing(none.world.draws, range(*self.span))
        while none.month < self.span[1]:
            none.step()
            progress(scenario.run.months + none.month - start, 0)
        return Luck(beside, self._homicides(model), self._homicides(none))

    def _homicides(self, model: NarcoDoor) -> float:
        start = model.world.start
        return float(model.records.nation("new_homicides")[self.span[0] - start : self.span[1] - start].sum())

    def _covers(self, month: int) -> bool:
        return self.span[0] <= month < self.span[1]


def _falls(model: NarcoDoor, month: int) -> list[Fall]:
    """Whom the state took in the month that was just lived."""
    events = model.records.events().filter(pl.col("month") == as_date(month), pl.col("kind").is_in(BY_THE_STATE))
    return [Fall(month, *row) for row in events.select("cartel", "kind", "place", "persons").iter_rows()]


def _spared(before: NarcoDoor, fall: Fall, scenario: Scenario) -> After:
    """Live a year from a month on in which one leader is not found, neither by luck nor as it is on record."""
    month = range(fall.month, fall.month + 1)
    twin = before.branch(_without(scenario, month, fall.cartel))
    keys = [cartel.key for cartel in twin.world.cartels.cartels if cartel.name == fall.cartel]
    twin.world.draws = Sparing(twin.world.draws, month, np.array(keys, np.uint64))
    for _ in range(YEAR + 1):
        twin.step()
    return _after(twin, fall)


def _without(scenario: Scenario, months: range, cartel: str = "") -> Scenario:
    """The scenario without what the state did on record, in some months, to a cartel or to all."""
    out = [
        event.name
        for event in scenario.happening
        if event.kind in BY_THE_STATE and event.month in months and cartel in ("", event.cartel)
    ]
    return replace(scenario, without_events=(*scenario.without_events, *out))


def _after(model: NarcoDoor, fall: Fall) -> After:
    """What there was in the year after a month; in the month itself a fall comes too late to change a death."""
    since, place = fall.month + 1 - model.world.start, model.records.codes.index(fall.place)
    year, book = slice(since, since + YEAR), model.records
    here, groups = (book.by_place(name)[year, place] for name in ("new_homicides", "n_cartels"))
    nation = book.nation("new_homicides")[year].sum()
    return After(float(here[: YEAR // 2].sum()), float(here.sum()), float(nation), float(groups.mean()))
