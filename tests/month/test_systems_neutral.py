"""The seminar's other systems do nothing until something moves them, and nothing when switched off: bit for bit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from narco_door.base.declared import laws, switches
from narco_door.country.facts import parameters
from narco_door.month.model import NarcoDoor
from narco_door.scenario import Idle
from worlds import STORM, SYSTEMS, about_people, changed_records, lived, pages, plan, whole_state

UNTIL = "2009-06"
SPAN = "2007-03..2026-12"
TRANSFERS = f"add.cash_transfers@{SPAN}=2000"


@dataclass(frozen=True)
class Moved:
    """What moves a system, and which records must then change."""

    sets: tuple[str, ...] = ()
    numbers: Mapping[str, float] = field(default_factory=dict)
    changes: tuple[str, ...] = ("new_entries",)


def law(**values: float) -> tuple[str, ...]:
    """Laws set from the third month on."""
    return tuple(f"law.{name}@{SPAN}={value}" for name, value in values.items())


MOVED = {
    "us_market": Moved(law(us_demand=0.6, supply_squeeze=0.3), changes=("us_price", "rents", "new_entries")),
    "legalisation": Moved(law(legal_share=0.4, excise=0.5), changes=("rents_legal", "new_excise", "new_entries")),
    "displacement": Moved((f"add.border@{SPAN}=500",), changes=("rents_moved_out", "new_entries")),
    "gun_law": Moved(law(us_guns=0.3), changes=("new_member_deaths", "new_homicides")),
    "army": Moved((f"add.army@{SPAN}=2000", *law(army_pay=550)), changes=("n_soldiers", "new_member_arrests")),
    "purge": Moved(law(purge=0.1, police_register=0.5), changes=("new_police_fired", "corruption")),
    "minors": Moved(law(juvenile_ratio=0.2), changes=("new_entries_minor", "n_prison")),
    "forfeiture": Moved(
        law(forfeiture_cash=0.3, forfeiture_cars=0.1), changes=("new_cash_seized", "new_cars_stolen", "rents")
    ),
    "diversification": Moved(law(legal_share=0.4), {"diversification": 1.0}, changes=("rents_taken", "new_entries")),
    "technology": Moved((), {"technology_growth": 0.1, "laundering_growth": 0.1}, changes=("rents", "n_vacancies")),
    "formality": Moved((TRANSFERS, *law(formality_cutoff=1)), changes=("n_formal",)),
    "security_tax": Moved(
        (*law(security_tax=2000), f"earmark.policing@{SPAN}=0.5"), changes=("new_security_tax", "spent_policing")
    ),
    "demography": Moved((), {"cohort_ratio": 1.5}, changes=("n_youth", "population")),
    "involvement": Moved(
        (f"add.outreach@{SPAN}=300", *law(involvement=1)), changes=("leaked_outreach", "spent_outreach", "width_narco")
    ),
}  # fmt: skip
MOVED["truce"] = Moved(law(truce=0.7), changes=("n_vacancies", "new_member_deaths"))
MOVED["referral"] = Moved(
    (f"add.mentoring@{SPAN}=500", f"add.apprenticeships@{SPAN}=2000", *law(referral=1)), changes=("new_entries",)
)
MOVED["exits"] = Moved((f"add.exit_reintegration@{SPAN}=2000",), changes=("n_accompanied", "new_exits", "n_members"))
for _name in SYSTEMS:  # one that says by which parameters it is carried is moved by all they can be
    if _name not in MOVED and (_carried := switches()[_name].carried_by.split()):
        MOVED[_name] = Moved(numbers={name: parameters()[name].high for name in _carried}, changes=())
FUNDED = ("displacement", "army", "exits")  # moved by a lever, whose money is spent whether or not it does anything
STILL = {  # what stands beside a system whether or not it is moved
    "diversification": Moved(law(legal_share=0.4), {"legal_turn": 0.0}),
    "formality": Moved((TRANSFERS,)),
    "involvement": Moved((f"add.outreach@{SPAN}=300",)),
    "referral": Moved((f"add.mentoring@{SPAN}=500", f"add.apprenticeships@{SPAN}=2000")),
}


def core(system: str) -> NarcoDoor:
    """The same without the system, at neutral numbers and with its switch on."""
    still = STILL.get(system, Moved())
    return storm(*still.sets, numbers=still.numbers)


def storm(*sets: str, numbers: Mapping[str, float] | None = None, off: str = "") -> NarcoDoor:
    """A world in which things happen often."""
    return lived(plan(*sets, until=UNTIL, numbers={**STORM, **(numbers or {})}, off=[off] if off else []))


def differing(one: NarcoDoor, other: NarcoDoor) -> set[str]:
    """What differs between two runs, by a bit: records by name, and parts of the state."""
    mine, theirs = whole_state(one), whole_state(other)
    state = {name for name in mine if name != "records" and mine[name].tobytes() != theirs[name].tobytes()}
    return state | changed_records(one, other)


def test_every_system_is_moved() -> None:
    assert list(MOVED) == list(SYSTEMS)
    set_here = {s.split("@")[0].removeprefix("law.") for moved in MOVED.values() for s in moved.sets}
    assert set(laws()) <= set_here
    assert {law.mechanism for law in laws().values()} <= set(SYSTEMS)


@pytest.mark.parametrize("system", SYSTEMS)
def test_switched_off_it_is_the_core_bit_for_bit(system: str) -> None:
    moved = MOVED[system]
    differs = differing(storm(*moved.sets, numbers=moved.numbers, off=system), core(system))
    accounts = differs - about_people(differs)
    assert differs - (accounts if system in FUNDED else set()) == set()


@pytest.mark.parametrize("system", SYSTEMS)
def test_moved_it_matters_and_not_before_its_month(system: str) -> None:
    moved = MOVED[system]
    on = storm(*moved.sets, numbers=moved.numbers)
    changed = changed_records(on, core(system))
    assert set(moved.changes) <= changed
    assert about_people(changed)
    if not moved.numbers:
        assert changed_records(on, core(system), months=slice(0, 2)) == set()


def test_the_laws_of_2007_are_no_laws() -> None:
    standing = law(**{about.name: about.value for about in laws().values()})
    with pytest.warns(Idle, match="in these months already; this changes nothing"):
        assert differing(storm(*standing), storm()) == set()


def test_earmarks_of_nothing_are_nothing() -> None:
    with pytest.warns(Idle, match="no law raises a tax"):
        assert differing(storm(f"earmark.policing@{SPAN}=0.5", f"earmark.courts@{SPAN}=0.5"), storm()) == set()


def test_all_systems_off_is_the_core() -> None:
    off = lived(plan(until=UNTIL, off=SYSTEMS))
    assert differing(off, lived(plan(until=UNTIL))) == set()


def test_all_at_once_still_runs() -> None:
    sets = {s.split("=")[0]: s for moved in MOVED.values() for s in moved.sets}
    numbers = {k: v for moved in MOVED.values() for k, v in moved.numbers.items()}
    model = storm(*sets.values(), numbers=numbers)
    book = pages(model)
    assert (book >= 0).all()
    assert book.max() < float("inf")
