"""Which assumption carries a difference: the same comparison again without each mechanism."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import polars as pl

from narco_door.base.declared import switches
from narco_door.base.errors import UserError, nearest
from narco_door.base.remembered import Switches
from narco_door.country.facts import parameters
from narco_door.results import AVERTED, Results, headline
from narco_door.results.intervals import with_clear
from narco_door.scenario import Comparison, Scenario

NOTHING = "nothing"
"""What is left out in the comparison that the others are held against."""


@dataclass(frozen=True)
class Variation:
    """One thing changed in every arm: a mechanism off, or a number at a bound."""

    name: str
    off: tuple[str, ...] = ()
    numbers: tuple[tuple[str, float], ...] = ()

    def of(self, scenario: Scenario) -> Scenario:
        """Return the scenario with this changed, under the same name."""
        mechanisms = scenario.switches.plain() | dict.fromkeys(self.off, False)
        return replace(scenario.with_numbers(dict(self.numbers)), switches=Switches(mechanisms))

    def changes(self, scenario: Scenario) -> bool:
        """Whether the scenario is not so already."""
        return self.of(scenario).digest != scenario.digest


def without(names: Iterable[str]) -> list[Variation]:
    """Return a variation for each mechanism, with it off."""
    return [Variation(f"without {name}", off=(name,)) for name in names]


def at_bounds(names: Iterable[str]) -> list[Variation]:
    """Return two variations for each parameter: at its lower and at its upper bound."""
    known = parameters()
    return [
        Variation(f"{name} at {bound:g}", numbers=((name, bound),))
        for name in names
        for bound in (known[name].low, known[name].high)
    ]


def switches_named(text: str) -> list[str]:
    """Read the words of `--ablate`: `all`, or names of switches with commas.

    Raises
    ------
    UserError
        If one is not a switch.
    """
    if text.strip() == "all":
        return list(switches())
    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names:
        if name not in switches():
            raise UserError(f'"{name}" is not a switch{nearest(name, switches())}; expected all, or names with commas')
    if not names:
        raise UserError("nothing to ablate; expected all, or names of switches with commas")
    return list(dict.fromkeys(names))


def brief(names: Sequence[str], longest: int = 80) -> str:
    """Name a choice of switches in a file's name; where they are many, by how many and a hash."""
    joined = "+".join(sorted(names))
    return joined if len(joined) <= longest else f"{len(names)}-{hashlib.sha256(joined.encode()).hexdigest()[:8]}"


def ablate(asked: Comparison, variations: Sequence[Variation], *, run: Callable[[Comparison], Results]) -> pl.DataFrame:
    """Compare as asked, then again under each variation.

    Parameters
    ----------
    asked
        The comparison.
    variations
        What to change, one at a time, in all arms and the reference.
    run
        Lives a comparison, for instance `functools.partial(experiments.run, replicates=8)`.

    Returns
    -------
    polars.DataFrame
        ablated (NOTHING first), scenario, measure, mean, p05, p95, replicates, carried: the share of the mean
        difference that goes with what is left out, 1 - mean / mean with nothing left out; null if the 90 % interval
        of either holds 0.
    """
    whole = run(asked)
    first = _differences(whole, NOTHING, since={})
    since = {
        str(name): month for name, month in first.select("scenario", "since").unique(maintain_order=True).iter_rows()
    }
    rows = [first]
    for variation in variations:
        if not any(variation.changes(scenario) for scenario in asked.scenarios):
            continue
        arms = tuple(variation.of(arm) for arm in asked.arms)
        changed = replace(asked, arms=arms, reference=variation.of(asked.reference))
        rows.append(_differences(run(changed), variation.name, since=since))
    return _with_shares(pl.concat(rows))


def _differences(results: Results, name: str, *, since: dict[str, object]) -> pl.DataFrame:
    """What each arm averts, counted from the month in which it parted with nothing left out."""
    found = headline(results) if not since else pl.concat([_since(results, arm, since[arm]) for arm in since])
    wanted = [measure.name for measure in AVERTED]
    return found.filter(pl.col("measure").is_in(wanted)).select(
        pl.lit(name).alias("ablated"), "scenario", "since", "measure", "mean", "p05", "p95", "of", "replicates"
    )


def _since(results: Results, arm: str, month: object) -> pl.DataFrame:
    found = headline(results, since=month)  # type: ignore[arg-type]
    return found.filter(pl.col("scenario") == arm)


def _with_shares(rows: pl.DataFrame) -> pl.DataFrame:
    rows, clear = with_clear(rows), pl.col("clear")
    base = rows.filter(pl.col("ablated") == NOTHING)
    base = base.select("scenario", "measure", whole=pl.when(clear).then(pl.col("mean")))
    joined = rows.drop("since", "of").join(base, on=["scenario", "measure"], how="left", maintain_order="left")
    share = pl.when((pl.col("ablated") != NOTHING) & clear).then(1 - pl.col("mean") / pl.col("whole"))
    return joined.with_columns(share.alias("carried")).drop("whole", "clear")
