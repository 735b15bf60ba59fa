"""What a phase says that changes nothing: money, shares of taxes and laws as they are there already."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from math import fsum, isclose
from typing import Any

from narco_door.base.declared import laws
from narco_door.base.months import month_text
from narco_door.base.toml_lines import KeyPath
from narco_door.scenario.conditions import TAXES, Statute
from narco_door.scenario.ground import Laid
from narco_door.scenario.horizon import says_more
from narco_door.scenario.orders import Order
from narco_door.scenario.phases import laws_of, money_of, shared_by, span_of

_TABLES = ("set", "add", "allocations", "law", "earmark")


def idle_in_phases(laid: Laid) -> Iterator[tuple[KeyPath, str]]:
    """Yield the key and a sentence for all that a layer's phases say in vain."""
    for number, phase in enumerate(laid.form.phase):
        end = span_of(phase)[1]
        if end <= laid.first:  # of laws only: money of the past is refused
            words = f'"{phase.name}" is over ({phase.to}) before the run begins ({month_text(laid.first)})'
            yield ("phase", number, "to"), f"{words}; this changes nothing"
            continue
        for find in (_of_what_is_empty, _of_sharing):
            yield from ((("phase", number, *key), words) for key, words in find(phase))
        for look in (_of_money, _of_earmarks, _of_laws):
            yield from ((("phase", number, *key), words) for key, words in look(laid, phase))


def _of_what_is_empty(phase: Any) -> Iterator[tuple[KeyPath, str]]:
    for table in _TABLES:
        if table in phase.model_fields_set and not getattr(phase, table).model_fields_set:
            yield (table,), f"[phase.{table}] is empty; this changes nothing"


def _of_sharing(phase: Any) -> Iterator[tuple[KeyPath, str]]:
    """What is said of how money is paid, where none is or where something nearer says it."""
    own = phase.allocations.model_dump(exclude_none=True)
    given = money_of(phase.set) | money_of(phase.add), money_of(phase.earmark)
    paid = {lever for table in given for lever, amount in table.items() if amount}
    said = [key for key in ("channel", "allocation") if key in phase.model_fields_set]
    for key in said if not paid else ():
        yield (key,), f'"{phase.name}" gives no money; nothing reads this'
    if unread := paid and paid <= own.keys() and "allocation" in said:
        words = f'every lever of "{phase.name}" has its own in [phase.allocations]; nothing reads this one'
        yield ("allocation",), words
    for lever, allocation in own.items():
        if lever not in paid:
            yield ("allocations", lever), f'"{phase.name}" gives "{lever}" no money; nothing reads this'
        elif allocation == phase.allocation and not unread:
            yield ("allocations", lever), f'all of "{phase.name}" is shared so already; this changes nothing'


def _of_money(laid: Laid, phase: Any) -> Iterator[tuple[KeyPath, str]]:
    for lever, amount in money_of(phase.set).items():
        if not _speaks(laid, phase, ("money", lever)) and _paid_so(laid, phase, lever, amount, _musd):
            paid = f"{amount:g}" if amount else "nothing"
            yield ("set", lever), f'"{lever}" is paid {paid} in these months already; this changes nothing'
    for lever, amount in money_of(phase.add).items():
        if amount == 0 and not _speaks(laid, phase, ("money", lever)):
            yield ("add", lever), f'0 more for "{lever}" changes nothing'


def _of_earmarks(laid: Laid, phase: Any) -> Iterator[tuple[KeyPath, str]]:
    start, end, _ = span_of(phase)
    for lever, share in money_of(phase.earmark).items():
        if _speaks(laid, phase, ("earmark", lever)):
            continue
        if _paid_so(laid, phase, lever, share, _share):
            part = f"{share:g} of the taxes" if share else "no share of the taxes"
            yield ("earmark", lever), f'"{lever}" has {part} in these months already; this changes nothing'
        elif share and not _taxed(laid, start, end):
            yield ("earmark", lever), "no law raises a tax in these months; this changes nothing"


def _of_laws(laid: Laid, phase: Any) -> Iterator[tuple[KeyPath, str]]:
    for law, value in laws_of(phase.law).items():
        mechanism = laws()[law].mechanism
        if mechanism in laid.off:
            words = f'"{law}" works through the mechanism "{mechanism}", which is off; this changes nothing'
            yield ("law", law), words
        elif not _speaks(laid, phase, ("law", law)) and _holds(laid, phase, law, value):
            yield ("law", law), f'"{law}" is {value:g} in these months already; this changes nothing'


def _speaks(laid: Laid, phase: Any, what: tuple[str, str]) -> bool:
    """Whether the phase says how a longer run goes on, be it as before."""
    options, end = not laid.layer.name, laid.grounds[0].run.end
    return says_more(laid.below.stands, phase, what, end, options=options)


# what is there already ---------------------------------------------------------------------------------------------


def _musd(order: Order) -> float:
    return order.musd_year


def _share(order: Order) -> float:
    return order.share


def _paid_so(laid: Laid, phase: Any, lever: str, amount: float, of: Callable[[Order], float]) -> bool:
    """Whether a lever is paid as much in the same way in every month of a phase, whatever comes.

    Orders that are cut in two, or made one, are rounded to the cent elsewhere; that is no change that anybody meant.
    """
    start, end, _ = span_of(phase)
    way = phase.channel, shared_by(phase, lever)
    mine = [o for o in laid.below.orders if o.lever == lever and (o.share or (o.musd_year and of is _musd))]
    for standing in stretches(mine, max(start, laid.first), end):
        alike = all(of(o) and (o.channel, o.allocation) == way and not (o.when or o.unless) for o in standing)
        if not alike or not isclose(fsum(map(of, standing)), amount):
            return False
    return True


def _holds(laid: Laid, phase: Any, law: str, value: float) -> bool:
    """Whether a law has a value in every month of a phase, whatever comes."""
    start, end, _ = span_of(phase)
    mine = [s for s in laid.below.statutes if s.law == law]
    return all(_possible(law, standing) == {value} for standing in stretches(mine, max(start, laid.first), end))


def _possible(law: str, standing: Sequence[Statute]) -> set[float]:
    """The values that a law may have, as the conditions of some statutes are met or not."""
    values = {laws()[law].value}
    for statute in standing:
        values = {statute.value, *(values if statute.when else ())}
    return values


def _taxed(laid: Laid, start: int, end: int) -> bool:
    """Whether any law may raise a tax in some month of a span."""
    raised = (s for ground in laid.grounds for s in ground.statutes if s.law in TAXES and s.value > 0)
    return any(s.start < end and start < s.end and laws()[s.law].mechanism not in laid.off for s in raised)


def stretches[Dated: (Order, Statute)](dated: Sequence[Dated], start: int, end: int) -> Iterator[list[Dated]]:
    """Yield what stands in each stretch of a span in which nothing begins or ends, in its order."""
    inside = [one for one in dated if one.start < end and start < one.end]
    cuts = sorted({start, end}.union(*({one.start, one.end} for one in inside)))
    for first, after in pairwise(month for month in cuts if start <= month <= end):
        yield [one for one in inside if one.start <= first and after <= one.end]
