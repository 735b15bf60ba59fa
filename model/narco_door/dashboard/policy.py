"""From a visitor's choice to the scenario file that says it, and from a file back to a choice."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from threading import Lock
from typing import Final

import tomlkit

from narco_door.base.declared import levers, switches
from narco_door.base.errors import UserError, nearest
from narco_door.base.months import month_text
from narco_door.base.nation import NATION
from narco_door.country.posterior import sets_for
from narco_door.dashboard.address import LONGEST_FILE
from narco_door.dashboard.budget import Pot, pots, rule_of, within
from narco_door.dashboard.counting import counted_from
from narco_door.dashboard.state import PATH, STEP, State, choices, clamp
from narco_door.scenario import Order, Scenario, idle_sentences, list_scenarios, load_one, scenario_from_toml
from narco_door.scenario.parting import parting
from narco_door.scenario.reading import parse
from narco_door.show.words import ENGLISH

MINE: Final = "my_policy"
DOORS: Final = "doors_first"
KINGPINS: Final = "kingpins_first"
FEATURED: Final = (
    "doors_first", "doors_first_without_exits", "kingpins_first", "mixed", "no_new_money", "merida_2007",
    "merida_doors",
)  # fmt: skip
ASSUMED: Final = "Assumed; chosen on the dashboard."


@dataclass(frozen=True)
class Plan:
    """Two worlds to be lived under the same luck."""

    policy: Scenario
    reference: Scenario
    text: str
    sets: tuple[str, ...]

    @cached_property
    def apart(self) -> int:
        """Months of the run before the first in which money differs: until then both worlds are one."""
        return parting(self.policy, self.reference) - self.policy.run.start

    @cached_property
    def since(self) -> int:
        """The month from which everything is counted."""
        return counted_from(self.policy, self.reference)

    @property
    def lived_before(self) -> int:
        """Months of the run that are not counted."""
        return self.since - self.policy.run.start

    @property
    def same(self) -> bool:
        """Whether the two cannot differ."""
        return self.policy.digest == self.reference.digest


def plan(state: State) -> Plan:
    """The worlds that a choice asks for; see `policy_text` and `common_sets`."""
    looked_at = replace(state, language=ENGLISH, view="doors", month=None, place=NATION, record="", gap=False, claim=0)
    return _plan(replace(looked_at, locked=frozenset()))


@lru_cache(maxsize=8)
def _plan(state: State) -> Plan:
    text, name = policy_text(state), policy_name(state)
    sets, run = common_sets(state), run_sets(state)
    policy = scenario_from_toml(text, name=name, sets=(*sets, *run))
    return Plan(policy, _reference(state.reference, (*sets, *run)), text, sets)


@lru_cache(maxsize=8)
def _reference(name: str, sets: tuple[str, ...]) -> Scenario:
    return load_one(name, sets=sets)


def common_sets(state: State) -> tuple[str, ...]:
    """What holds in both worlds beside the run, as the command line takes it."""
    off = tuple(f"switches.{name}=false" for name in switches() if name in state.off)
    return (*off, *(f"parameters.{name}={value!r}" for name, value in state.numbers))


def run_sets(state: State) -> tuple[str, ...]:
    """When, how often and how fine, as the command line takes it."""
    run = choices().path.run
    first = () if state.first == run.start else (f"run.from={month_text(state.first)}",)
    return (
        *first, f"run.to={month_text(state.last)}", f"run.seed={state.seed}",
        f"run.replicates={state.replicates}", f"run.sets={_over(state)}",
        f"run.persons_per_agent={state.persons_per_agent}",
    )  # fmt: skip


def _over(state: State) -> int:
    """Over how many sets of numbers the runs are dealt."""
    return 0 if state.fitted else sets_for(choices().path.run.places, state.replicates)


@lru_cache(maxsize=8)
def base_of(base: str, file: str) -> Scenario:
    """The scenario that the money of a choice is laid over; a file goes by the page's own name for it.

    Raises
    ------
    UserError
        The file is refused, as in `checked`.
    """
    return replace(checked(file, MINE), name=MINE) if file else load_one(base)


def held(state: State) -> dict[str, Pot]:
    """What can be taken from each lever."""
    return pots(base_of(state.base, state.file), state.start, _end())


def _end() -> int:
    """Where the money ends: with the common path, however early a visitor stops looking."""
    return choices().path.run.end


def settled(state: State) -> State:
    """A choice whose money fits its base, its months and its total."""
    return within(state, held(state))


@cache
def presets() -> tuple[str, ...]:
    """The scenarios that differ in more than their name, the common path under the name of the reference."""
    found: dict[str, str] = {}
    for name in (*choices().bases, State().reference):
        found[load_one(name).digest] = name
    differ = [name for name in choices().bases if name in found.values()]
    return (*(name for name in FEATURED if name in differ), *(name for name in differ if name not in FEATURED))


def preset_of(state: State) -> str:
    """The name of the scenario that a choice is, letter for letter; empty if it is none."""
    if state.without:
        return ""
    for name in presets():
        other = preset(name, state)
        alike = (other.money, other.base, other.file) == (state.money, state.base, state.file)
        if alike and (other.start == state.start or not state.money):
            return name
    return ""


def policy_name(state: State) -> str:
    """What the policy is called in files and tables."""
    name = preset_of(state)
    return name if name and name != state.reference and not state.file else MINE


def policy_text(state: State) -> str:
    """The scenario file that says a choice."""
    if state.file:
        alone = not state.money and not state.without and scenario_from_toml(state.file, name=MINE).name == MINE
        return state.file if alone else _over_file(state)
    document = tomlkit.document()
    document.add(tomlkit.comment("Made with the narco-door dashboard. Money is US$ m a year at 2010 prices."))
    document.add("title", tomlkit.item("My policy"))
    document.add("question", tomlkit.item("What does this money do?"))
    document.add("extends", tomlkit.item(state.base))
    if taken := _taken_out(state):
        document.add("without_events", tomlkit.item(list(taken)))
    phases = tomlkit.aot()
    for table in _phases(state):
        phases.append(tomlkit.item(table))
    if state.money:
        document.add("phase", phases)
    return tomlkit.dumps(document)


def _phases(state: State) -> Iterable[dict[str, object]]:
    """What is added, by the rule that shares it; then, order by order, what is left of what was cut."""
    for rule in ("need", "violence"):
        more = {n: _tidy(m) for n, m in state.money if m > 0 and rule_of(levers()[n]) == rule}
        if more:
            yield _phase(f"More, by {rule}", state.start, _end() - 1, {"allocation": rule}, {"add": more})
    for lever, order, left in _cuts(state):
        name = f"Less {lever.replace('_', ' ')}, {order.phase}"
        yield _phase(name, order.start, order.end - 1, _way(order) if left else {}, {"set": {lever: left}})


def _way(order: Order) -> dict[str, object]:
    """How the money of an order is paid."""
    shares = order.allocation if isinstance(order.allocation, str) else dict(order.allocation)
    return {"allocation": shares, **({"channel": order.channel} if order.channel != "domestic" else {})}


def _phase(name: str, start: int, last: int, way: dict[str, object], money: dict[str, object]) -> dict[str, object]:
    span = {"name": name, "from": month_text(start), "to": month_text(last)}
    return {**span, **way, "source": ASSUMED, **money}


def _cuts(state: State) -> Iterable[tuple[str, Order, float]]:
    """Each order of the base that pays a lever which gets less, and what it pays now."""
    pot = held(state)
    for name, amount in state.money:
        if amount < 0:
            for order in pot[name].orders:
                yield name, order, round(order.musd_year * max(1 + amount / pot[name].mean, 0.0), 6)


def _tidy(amount: float) -> float | int:
    return int(amount) if amount == int(amount) else amount


def _over_file(state: State) -> str:
    """The text of a file with the money of the levers laid over it, written out in full under the page's name."""
    base, cuts = base_of(state.base, state.file), list(_cuts(state))
    cut = list(dict.fromkeys(lever for lever, _, _ in cuts))
    orders = [o for o in base.orders if o.lever not in cut]
    for lever in cut:
        orders += _outside(base, lever, state.start, _end())
    orders += [replace(order, musd_year=left) for _, order, left in cuts if left > 0]
    for name, amount in state.money:
        if amount > 0:
            rule = rule_of(levers()[name])
            orders.append(Order(name, "domestic", state.start, _end(), amount, rule, "More"))
    out = tuple(sorted({*base.without_events, *_taken_out(state)}))
    return replace(base, orders=tuple(orders), without_events=out).to_toml()


def _taken_out(state: State) -> tuple[str, ...]:
    """The events that a choice takes out of those that its base tells of."""
    told = {event.name for event in base_of(state.base, state.file).happening}
    return tuple(sorted(told & state.without))


def _outside(base: Scenario, lever: str, start: int, end: int) -> Iterable[Order]:
    """The orders of a lever in the months before and after a span."""
    for order in (o for o in base.orders if o.lever == lever):
        for part in (replace(order, end=min(order.end, start)), replace(order, start=max(order.start, end))):
            if part.start < part.end:
                yield part


# --- from a scenario back to a choice ---


def preset(name: str, state: State) -> State:
    """The choice that a scenario of narco-door stands for: levers over the common path, if it can be said so."""
    found = _preset(name)
    money = found.money
    if not money:
        return replace(state, base=found.base, file="", money=(), without=frozenset())
    return replace(
        state, base=found.base, file="", money=money, total=found.total, start=found.start, without=frozenset()
    )  # fmt: skip


def opening(state: State) -> State:
    """What a visitor sees who has chosen nothing yet: the question itself, doors instead of kingpins."""
    return replace(preset(DOORS, state), reference=KINGPINS)


@cache
def _preset(name: str) -> State:
    found = _as_levers(load_one(name))
    return found or State(base=name)


def _as_levers(whole: Scenario) -> State | None:
    """Money over the common path that makes this very scenario; None if levers of the page cannot say it."""
    path = choices().path
    months = range(path.run.start, path.run.end)
    mine, common = _paid(whole, months), _paid(path, months)
    apart = [m for lever in levers() for m, a, b in zip(months, mine[lever], common[lever], strict=True) if a != b]
    start = min(apart, default=State().start)
    money, begun = {}, start - path.run.start
    for lever in levers():
        amount = _amount(mine[lever][begun:], common[lever][begun:])
        if amount is None:
            return None
        money[lever] = amount
    said = replace(State(), start=start).with_money(money)
    said = settled(replace(said, total=max(sum(money.values()), 0.0) or said.total))
    made = scenario_from_toml(policy_text(said))
    return said if made.orders and made.digest == whole.digest else None


def _paid(scenario: Scenario, months: range) -> dict[str, list[float]]:
    """US$ m a year that each lever is promised in each month."""
    paid = {lever: [0.0] * len(months) for lever in levers()}
    for order in scenario.orders:
        for month in range(max(order.start, months.start), min(order.end, months.stop)):
            paid[order.lever][month - months.start] += order.musd_year
    return paid


def _amount(mine: list[float], common: list[float]) -> float | None:
    """How much more all along, or what share less all along, as the mean; None if it is neither."""
    more = mine[0] - common[0]
    if all(math.isclose(a - b, more, abs_tol=1e-9) for a, b in zip(mine, common, strict=True)) and more >= 0:
        return more
    mean, left = sum(common) / len(common), sum(mine) / len(mine)
    return STEP * round((left - mean) / STEP) if 0 <= left < mean else None


def uploaded(text: str, name: str, state: State) -> State:
    """The choice that a visitor's file stands for.

    Raises
    ------
    UserError
        The file is refused, as in `checked`.
    """
    return _choice(checked(text, _label(name)), text, state)


def idle_in(text: str, name: str) -> tuple[str, ...]:
    """What a visitor's file says that changes nothing, as the command line tells it."""
    return idle_sentences(checked(text, _label(name)))


def _label(name: str) -> str:
    return re.sub(r"[^\w. -]", "_", name)[-60:] or "scenario.toml"


def checked(text: str, label: str) -> Scenario:
    """The scenario of a stranger's file, which must not make this machine read another file or choke.

    Raises
    ------
    UserError
        As the command line words it, file and line included; also if the file is too long, stands on a file
        of its own, is of other places, or is no scenario.
    """
    with _READING:
        found = _once(text, label)
    if isinstance(found, UserError):
        raise UserError(str(found)) from None
    return found


_READING: Final = Lock()  # one file at a time, whoever asks: what it takes to read one is bounded, and so is all of it


@lru_cache(maxsize=32)
def _once(text: str, label: str) -> Scenario | UserError:
    """The scenario or what is wrong with it: a page asks several times for the one of its address."""
    try:
        return _checked(text, label)
    except UserError as problem:
        return problem
    except (RecursionError, ValueError) as problem:  # of the reader of TOML, which was not made for strangers
        return UserError(f"{label}: {type(problem).__name__}")


def _checked(text: str, label: str) -> Scenario:
    if len(text.encode()) > LONGEST_FILE:
        raise UserError(f"{label}: {len(text.encode()):,} bytes; expected at most {LONGEST_FILE:,}")
    document, origin = parse(text, label)
    if "compare" in document:
        raise origin.error(("compare",), "a comparison; expected one scenario")
    parent = document.get("extends")
    if isinstance(parent, str) and parent not in list_scenarios():
        hint = nearest(parent, list_scenarios()) or f"; expected one of {', '.join(choices().bases)}"
        raise origin.error(("extends",), f'there is no scenario "{parent}" here{hint}')
    scenario, known = scenario_from_toml(text, name=label), choices().path.run.places
    if scenario.run.places != known:
        raise UserError(f'the page knows the places of "{known}"; got "{scenario.run.places}"')
    return scenario


def _choice(scenario: Scenario, text: str, state: State) -> State:
    run = scenario.run
    common = replace(
        state,
        first=run.start, last=run.end - 1, seed=run.seed, replicates=run.replicates,
        persons_per_agent=run.persons_per_agent, month=None,
        off=frozenset(), numbers=(), without=frozenset(),
    )  # fmt: skip
    path = choices().path
    world = (scenario.parameters.plain(), scenario.switches.plain())
    alike = world == (path.parameters.plain(), path.switches.plain())
    found = _as_levers(scenario) if alike else None  # what a file believes belongs to its policy alone
    if found is None:
        return clamp(replace(common, file=text, base=PATH, money=(), start=max(State().start, run.start)))
    return clamp(replace(common, file="", base=PATH, money=found.money, total=found.total, start=found.start))
