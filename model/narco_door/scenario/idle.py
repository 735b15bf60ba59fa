"""What a file or an option says that changes nothing: it is no mistake, but it is told.

Every key of a file was asked whether it could be accepted and change nothing. Silent are, on purpose:

- words (titles, sources, who argued it), names of phases, and a child that only gives its parent another name;
- ``[run]`` in a file that stands on no other: it says when and where it is, whatever the defaults are;
- a scenario that was written out in full, and what an option or a child takes the place of: that is their purpose;
- `channel`, `allocation` and conditions as they are by default: they describe money and waiting of their own phase;
- `after` in a run that does not go on: `--until` may let it, later;
- a share of 0 for one place among others, and months of a phase beyond the run, which a longer run would live;
- what only a run can show: conditions that are always met or never, events whose cartel is gone, money that finds
  nobody, a law that needs another law or money to bite, a dormant mechanism that is turned off.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate

from narco_door.base.declared import switches
from narco_door.base.errors import LONGEST_MESSAGE, printable, shortened
from narco_door.base.months import FOREVER, month_number, month_text
from narco_door.base.toml_lines import KeyPath
from narco_door.country.facts import parameters
from narco_door.scenario.ground import Ground, Laid
from narco_door.scenario.horizon import spoken_of
from narco_door.scenario.idle_phases import idle_in_phases
from narco_door.scenario.phases import Layer
from narco_door.scenario.reading import show
from narco_door.scenario.remarks import Remark

type Numbers = dict[str, float | bool]


class Idle(UserWarning):
    """Something that was read and understood changes nothing; as long as an error may be, and no odd letters."""

    def __init__(self, sentence: str) -> None:
        super().__init__(shortened(printable(sentence), LONGEST_MESSAGE))


def idle(layers: Sequence[Layer], grounds: Sequence[Ground]) -> Iterator[Remark]:
    """Yield a sentence, with its place, for all that changes nothing of what lies below it.

    A scenario that was written out in full says everything on purpose and is passed over.

    Parameters
    ----------
    grounds
        What lies below the first layer, and what each layer comes to.
    """
    known = {name: p.value for name, p in parameters(grounds[-1].run.places).items()}
    numbers = list(accumulate(layers, lambda held, layer: held | _said(layer, "parameters"), initial=known))
    for k, layer in enumerate(layers):
        laid = Laid(layer, grounds[k], k == 0, grounds[k + 1 :], numbers[k:])
        for key, words in _of_layer(laid) if layer.form.resolved is None else ():
            yield Remark(f"{layer.origin.at(key)}: {words}", for_all=not layer.name)


def _of_layer(laid: Laid) -> Iterator[tuple[KeyPath, str]]:
    yield from _of_what_is_empty(laid)
    yield from _of_run(laid)
    yield from _of_numbers(laid)
    yield from _of_switches(laid)
    yield from idle_in_phases(laid)
    yield from _of_events(laid)


def _said(layer: Layer, table: str) -> Numbers:
    said: Numbers = getattr(layer.form, table).model_dump(exclude_none=True)
    return said


def _of_what_is_empty(laid: Laid) -> Iterator[tuple[KeyPath, str]]:
    said = laid.form.model_fields_set
    for table in ("run", "parameters", "switches"):
        if table in said and not getattr(laid.form, table).model_fields_set:
            yield (table,), f"[{table}] is empty; this changes nothing"
    for key in ("event", "without_events"):
        if key in said and not getattr(laid.form, key):
            yield (key,), f'"{key}" is empty and takes away no event that is told; this changes nothing'


def _of_run(laid: Laid) -> Iterator[tuple[KeyPath, str]]:
    table, run = laid.form.run, laid.grounds[0].run
    for name, value in table.model_dump(exclude_none=True, exclude={"after"}).items():
        field = "end" if name == "to" else name
        if not laid.alone and getattr(run, field) == getattr(laid.below.run, field):
            key = "from" if name == "start" else name
            yield ("run", key), f'"{key}" is {show(value)} already; this changes nothing'
    if table.after is None:
        return
    if table.after == laid.below.after:
        yield ("run", "after"), f'"after" is {show(table.after)} already; this changes nothing'
    elif all(spoken_of(each.stands, each.orders, each.statutes) == FOREVER for each in laid.grounds):
        yield ("run", "after"), "nothing is paid or decided to the last month of the run; this changes nothing"


def _of_numbers(laid: Laid) -> Iterator[tuple[KeyPath, str]]:
    carries = {name: switch for switch in laid.off for name in switches()[switch].carried_by.split()}
    for name, value in _said(laid.layer, "parameters").items():
        if laid.numbers[0][name] == value:
            yield ("parameters", name), f'"{name}" is {show(value)} already; this changes nothing'
        elif name in carries:
            words = f'"{name}" carries the mechanism "{carries[name]}", which is off; this changes nothing'
            yield ("parameters", name), words


def _of_switches(laid: Laid) -> Iterator[tuple[KeyPath, str]]:
    for name, value in _said(laid.layer, "switches").items():
        carriers = switches()[name].carried_by.split()
        if laid.below.mechanisms[name] == value:
            yield ("switches", name), f'"{name}" is {show(value)} already; this changes nothing'
        elif carriers and not any(numbers[each] for numbers in laid.numbers for each in carriers):
            yield ("switches", name), f'what carries "{name}" is 0 ({", ".join(carriers)}); this changes nothing'
        elif name == "history" and not any(_happens(ground) for ground in laid.grounds):
            yield ("switches", name), 'no event is told that "history" could let happen; this changes nothing'


def _happens(ground: Ground) -> bool:
    """Whether any event is told that the run has still to live."""
    return any(event.month >= ground.run.start for event in ground.history.events)


def _of_events(laid: Laid) -> Iterator[tuple[KeyPath, str]]:
    off = "history" in laid.off
    for k, event in enumerate(laid.form.event):
        if off:
            yield ("event", k), 'the mechanism "history" is off, and no event happens; this changes nothing'
        elif (name := f"{event.month}:{event.cartel}") in laid.form.without_events:
            yield ("event", k), f'"{name}" is told and taken out by the same file; this changes nothing'
    gone = laid.below.history.without if laid.below.run.places == laid.grounds[0].run.places else ()
    for name in laid.form.without_events:
        if why := _why_in_vain(name, gone, laid, off=off):
            yield ("without_events", name), f"{why}; this changes nothing"


def _why_in_vain(name: str, gone: Sequence[str], laid: Laid, *, off: bool) -> str:
    """Say why taking out an event changes nothing, if it does not."""
    if off:
        return 'the mechanism "history" is off, and no event happens'
    if name in gone:
        return f'"{name}" is taken out already'
    if month_number(name.partition(":")[0]) > laid.last:
        return f'"{name}" lies after the last month of the run ({month_text(laid.last)})'
    return ""
