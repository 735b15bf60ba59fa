"""The arithmetic of the money: what a lever may get, and who gives when another takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from narco_door.base.declared import Lever, levers
from narco_door.dashboard.state import MOST, STEP, State
from narco_door.scenario import Order, Scenario

FAMILIES: Final = ("opens", "narrows", "state")


def rule_of(lever: Lever) -> str:
    """How money of the page is shared over places: against cartels by violence, for youths by need."""
    return "violence" if lever.family == "state" else "need"


@dataclass(frozen=True)
class Pot:
    """What the base pays a lever while the policy lasts, US$ m a year: the mean, and the orders behind it."""

    mean: float
    orders: tuple[Order, ...]

    @property
    def low(self) -> float:
        """How much can be taken away, as a negative number in whole steps."""
        return -STEP * (self.mean // STEP)


def pots(base: Scenario, start: int, end: int) -> dict[str, Pot]:
    """What the base pays each lever from `start` until `end`; nothing where two orders pay at once."""
    return {name: _pot([o for o in base.orders if o.lever == name], start, end) for name in levers()}


def _pot(orders: list[Order], start: int, end: int) -> Pot:
    inside = sorted((o for o in orders if o.start < end and start < o.end), key=lambda o: o.start)
    if any(after.start < before.end for before, after in pairwise(inside)):
        return Pot(0.0, ())  # nobody could say whose money is taken
    parts = tuple(replace(o, start=max(o.start, start), end=min(o.end, end)) for o in inside)
    paid = sum(o.musd_year * (o.end - o.start) for o in parts)
    return Pot(paid / (end - start), parts)


def rest(state: State) -> float:
    """What of the total nobody has been given yet."""
    return state.total - sum(amount for _, amount in state.money)


def move(state: State, lever: str, amount: float, held: Mapping[str, Pot]) -> State:
    """Give a lever so much; if the total must add up, what it needs comes from the rest, then from the others.

    Parameters
    ----------
    held
        As from `pots`: nothing can be taken from a lever that it does not have.
    """
    if lever not in levers() or amount != amount:
        return state
    money, before = dict(state.money), state.given(lever)
    wanted = min(max(STEP * round(amount / STEP), held[lever].low), MOST)
    if not state.keep:
        money[lever] = wanted
        return follow(state.with_money(money))
    needed = max(wanted - before - max(rest(state), 0.0), 0.0)
    givers = {n: m for n, m in money.items() if n != lever and n not in state.locked and m > 0}
    taken = _share(givers, min(needed, sum(givers.values())))
    for name, part in taken.items():
        money[name] -= part
    money[lever] = wanted - (needed - sum(taken.values()))
    return state.with_money(money)


def _share(givers: Mapping[str, float], amount: float) -> dict[str, float]:
    """Take an amount from all in proportion, in whole steps that add up to it exactly; from nobody more than he has."""
    return {name: min(part, givers[name]) for name, part in in_steps(givers, amount).items()}


def in_steps(weights: Mapping[str, float], amount: float) -> dict[str, float]:
    """Share an amount out in proportion, in whole steps that add up to it exactly."""
    whole = sum(weights.values())
    if whole <= 0 or amount <= 0:
        return {}
    exact = {name: amount * weight / whole for name, weight in weights.items()}
    parts = {name: STEP * (part // STEP) for name, part in exact.items()}
    order = sorted(exact, key=lambda name: parts[name] - exact[name])
    missing = round((amount - sum(parts.values())) / STEP)
    for name in order[:missing]:
        parts[name] += STEP
    return parts


def set_total(state: State, total: float, held: Mapping[str, Pot]) -> State:
    """Another total: what is given away already grows or shrinks with it, what is locked does not."""
    total = min(max(STEP * round(total / STEP), 0.0), MOST) if total == total else state.total
    if not state.keep:
        return replace(state, total=total, keep=True)
    loose = {n: m for n, m in state.money if m > 0 and n not in state.locked}
    free = sum(loose.values())
    fixed = sum(m for _, m in state.money) - free
    spent = free + fixed
    wanted = max(total * (spent / state.total if state.total else 1.0) - fixed, 0.0) if spent else 0.0
    scaled = {n: STEP * round(m * wanted / free / STEP) for n, m in loose.items()} if free else {}
    return _fit(replace(state, total=total).with_money(dict(state.money) | scaled), held)


def _fit(state: State, held: Mapping[str, Pot]) -> State:
    """Take what rounding gave too much from the largest."""
    money = dict(state.money)
    while money and sum(money.values()) > state.total:
        loose = [n for n in money if n not in state.locked and money[n] > 0]
        if not loose:
            return replace(state, total=min(sum(money.values()), MOST))
        money[max(loose, key=lambda n: money[n])] -= STEP
    return state.with_money({n: max(m, held[n].low) for n, m in money.items()})


def follow(state: State) -> State:
    """Let the total follow the levers."""
    spent = sum(amount for _, amount in state.money)
    return replace(state, total=min(max(spent, 0.0), MOST))


def within(state: State, held: Mapping[str, Pot]) -> State:
    """The same choice after the base, the start or the end changed: no lever below what can be taken."""
    money = {n: max(m, held[n].low) for n, m in state.money}
    spent = sum(money.values())
    fitted = state.with_money(money)
    return fitted if not state.keep or spent <= state.total else replace(fitted, total=min(spent, MOST))
