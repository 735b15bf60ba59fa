"""What a file or an option says that changes nothing: it is no mistake, but it is told."""

from collections.abc import Iterator, Sequence

from narco_door.base.declared import switches
from narco_door.country.facts import parameters
from narco_door.scenario.phases import Layer
from narco_door.scenario.reading import show


class Idle(UserWarning):
    """Something that was read and understood changes nothing."""


def idle(layers: Sequence[Layer], country: str) -> Iterator[str]:
    """Yield a sentence, with its place, for all that changes nothing of what lies below it.

    A scenario that was written out in full says everything on purpose and is passed over.
    """
    numbers: dict[str, float | bool] = {name: p.value for name, p in parameters(country).items()}
    numbers |= dict.fromkeys(switches(), True)
    for layer in layers:
        for table in ("parameters", "switches"):
            said = getattr(layer.form, table).model_dump(exclude_none=True)
            for name, value in said.items():
                if numbers[name] == value and layer.form.resolved is None:
                    yield f'{layer.origin.at((table, name))}: "{name}" is {show(value)} already; this changes nothing'
            numbers |= said
        for number in range(len(layer.form.phase)):
            yield from _of_phase(layer, number)


def _of_phase(layer: Layer, number: int) -> Iterator[str]:
    phase = layer.form.phase[number]
    paid, own, more = (t.model_dump(exclude_none=True) for t in (phase.set, phase.allocations, phase.add))
    paid = paid | more | phase.earmark.model_dump(exclude_none=True)
    if paid and paid.keys() <= own.keys() and "allocation" in phase.model_fields_set:
        at = layer.origin.at(("phase", number, "allocation"))
        yield f'{at}: every lever of "{phase.name}" has its own in [phase.allocations]; nothing reads this one'
    for lever in (lever for lever, money in more.items() if money == 0):
        yield f'{layer.origin.at(("phase", number, "add", lever))}: 0 more for "{lever}" changes nothing'
