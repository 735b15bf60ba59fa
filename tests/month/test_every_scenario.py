"""Every scenario that is shipped runs to its end and says sensible things; every number of the tables is read."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from narco_door.book.book import RECORDS
from narco_door.month.model import NarcoDoor
from narco_door.scenario import Comparison, Scenario, list_scenarios, load_scenario
from worlds import EVERY_LEVER, lived, pages, plan

PERSONS = 2000
SHARES = {r.name for r in RECORDS if r.kind == "level" and r.unit == "0-1"}


@cache
def shipped() -> dict[str, Scenario]:
    """Every scenario and every arm and reference of a comparison, by name."""
    found: dict[str, Scenario] = {}
    for name in list_scenarios():
        loaded = load_scenario(name)
        arms = loaded.scenarios if isinstance(loaded, Comparison) else (loaded,)
        found |= {f"{name}/{arm.name}" if isinstance(loaded, Comparison) else name: arm for arm in arms}
    return found


def run(name: str) -> NarcoDoor:
    """The run of a scenario at a coarse scale, shared by all that are the same but for their words."""
    first = next(
        s for s in shipped().values() if (s.digest, s.run.end) == (shipped()[name].digest, shipped()[name].run.end)
    )
    return lived(first.replace(persons_per_agent=PERSONS))


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_scenario_runs_to_its_end(name: str) -> None:
    model = run(name)
    assert not model.running
    assert model.records.written == shipped()[name].run.months


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_scenario_says_sensible_things(name: str) -> None:
    book = pages(run(name))
    assert np.isfinite(book).all()
    for k, record in enumerate(RECORDS):
        assert book[:, :, k].min() >= 0.0, f"{record.name} is negative"
        if record.name in SHARES:
            assert book[:, :, k].max() <= 1.0, f"{record.name} is more than 1"


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_scenario_keeps_its_accounts(name: str) -> None:
    gov = run(name).world.government
    known = 1e8 * sum(sum(by_year.values()) for by_year in shipped()[name].spending().values())
    assert not any(order.share or order.when or order.unless for order in gov.orders)  # else only the run knows
    assert gov.cum_promised.sum() == pytest.approx(known, abs=1e3)
    assert (gov.left() >= 0).all()
    assert (gov.left() <= gov.cum_promised).all()


def test_every_number_and_every_switch_is_read() -> None:
    aimed = {"numbers": {"absorb_rate": 0.5}, "off": ["balanced_start"]}  # wars are lost; the first month is dealt
    scenarios = [
        plan(until="2008-12"),
        plan(*EVERY_LEVER, name="merida_2007", until="2008-12"),  # it has aid
        plan(*EVERY_LEVER, "law.referral@2007-03..2026-12=1", until="2008-12", **aimed),  # type: ignore[arg-type]
    ]
    for scenario in scenarios:
        NarcoDoor(scenario).run()
    assert frozenset.intersection(*(scenario.parameters.unread() for scenario in scenarios)) == frozenset()
    assert frozenset.intersection(*(scenario.switches.unread() for scenario in scenarios)) == frozenset()
