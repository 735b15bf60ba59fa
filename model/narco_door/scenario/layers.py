"""One scenario file laid over another, the oldest first, until one frozen `Scenario` is left."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from narco_door.base.declared import switches
from narco_door.base.errors import UserError
from narco_door.base.months import FOREVER, month_number, month_text
from narco_door.base.remembered import Numbers, Switches
from narco_door.country.facts import parameters, refuse_crowd
from narco_door.country.folder import beside
from narco_door.scenario.conditions import Statute
from narco_door.scenario.full_text import read_orders, read_statutes
from narco_door.scenario.ground import Ground
from narco_door.scenario.history import Chronicle
from narco_door.scenario.horizon import gone_on, spoken_of, standing
from narco_door.scenario.idle import idle
from narco_door.scenario.limits import enough_replicates, within_reach, within_words
from narco_door.scenario.orders import Order, Run
from narco_door.scenario.phases import Layer, check_phases, clipped, lay_laws, lay_orders
from narco_door.scenario.plan import Scenario

__all__ = ["Layer", "build"]

_DEFAULT_RUN = Run(
    start=month_number("2007-01"),
    end=month_number("2026-12") + 1,
    seed=1,
    replicates=4,
    persons_per_agent=100,
    places="mexico",
)


def build(layers: Sequence[Layer]) -> Scenario:
    """Lay the layers over each other, the oldest first."""
    last = next(layer for layer in reversed(layers) if layer.name)
    grounds = list(accumulate(layers, _laid_over, initial=Ground(_DEFAULT_RUN, dict.fromkeys(switches(), True))))
    ground, run = grounds[-1], grounds[-1].run
    orders, statutes = list(ground.orders), list(ground.statutes)
    numbers = _numbers(layers, run)
    horizon = spoken_of(ground.stands, orders, statutes) if ground.after is None else FOREVER
    if ground.after == "same":
        orders, statutes = gone_on(orders, ground.stands), gone_on(statutes, ground.stands)
    name, lineage = _called(layers, last)
    scenario = Scenario(
        name=name,
        title=last.form.title,
        question=last.form.question,
        argued_by=last.form.argued_by,
        sources=tuple(last.form.sources),
        lineage=lineage,
        run=run,
        orders=tuple(clipped(orders, run.start)),
        parameters=Numbers(numbers),
        switches=Switches(ground.mechanisms),
        statutes=tuple(clipped(statutes, run.start)),
        events=ground.history.events,
        without_events=ground.history.without,
        horizon=horizon,
        remarks=tuple(idle(layers, grounds)),
    )
    try:
        within_words(scenario.run, scenario.horizon, (*scenario.orders, *scenario.statutes))
    except ValueError as problem:
        setter = next(layer for layer in reversed(layers) if layer.form.run.to is not None)
        raise setter.origin.error(("run", "to"), str(problem)) from None
    return scenario


def _laid_over(ground: Ground, layer: Layer) -> Ground:
    """Lay one layer over what it stands on."""
    form, run = layer.form, _over(ground.run, layer)
    check_phases(layer, run)
    orders, statutes = _laid(ground, layer, run.places)
    history = ground.history if run.places == ground.run.places else Chronicle()  # of another country's cartels
    return Ground(
        run=run,
        mechanisms={**ground.mechanisms, **form.switches.model_dump(exclude_none=True)},
        orders=tuple(orders),
        statutes=tuple(statutes),
        stands=standing(ground.stands, form, run.end, options=not layer.name),
        history=history.laid(form, layer.origin, run),
        after=form.run.after or ground.after,
    )


def _called(layers: Sequence[Layer], last: Layer) -> tuple[str, tuple[str, ...]]:
    """Return the name and the lineage; a written-out text keeps its own, but a file goes by the file's name."""
    resolved = last.form.resolved
    if resolved is None:
        return last.name, tuple(layer.name for layer in layers if layer.name)
    if last.folder is None or last.name == resolved.name:
        return resolved.name, tuple(resolved.lineage)
    return last.name, (*resolved.lineage, last.name)


def _laid(ground: Ground, layer: Layer, places: str) -> tuple[list[Order], list[Statute]]:
    """Lay one layer's money and laws over the older ones; a written-out scenario stands alone."""
    if layer.form.model_fields_set & {"order", "law", "resolved"}:
        form, origin = layer.form, layer.origin
        laws = read_statutes(form, origin, places)
        return read_orders(form, origin, places), laws
    return lay_orders(list(ground.orders), layer), lay_laws(list(ground.statutes), layer)


def _numbers(layers: Sequence[Layer], run: Run) -> dict[str, float]:
    """Lay the parameters of all layers over the model's and the country's, whose bounds hold for its facts."""
    known = parameters(run.places)
    numbers = {name: parameter.value for name, parameter in known.items()}
    setter: Layer | None = None
    for layer in layers:
        for name, value in layer.form.parameters.model_dump(exclude_none=True).items():
            fact = known[name]
            if not fact.low <= value <= fact.high:
                raise layer.origin.error(
                    ("parameters", name),
                    f'"{name}" = {value:g} in [parameters] is out of bounds; '
                    f'expected a number ({fact.unit}) from {fact.low:g} to {fact.high:g}, as "{run.places}" has it',
                )
            numbers[name] = float(value)
            setter = layer if name == "members_first" else setter
    try:
        refuse_crowd(numbers["members_first"], country=run.places, month=run.start)
    except UserError as problem:
        raise (setter.origin.error(("parameters", "members_first"), str(problem)) if setter else problem) from None
    return numbers


def _over(run: Run, layer: Layer) -> Run:
    """Lay a ``[run]`` table over a run."""
    table, origin = layer.form.run, layer.origin
    given = table.model_dump(exclude_none=True, exclude={"after"})
    if "places" in given:
        given["places"] = beside(given["places"], layer.folder)
    if "to" in given:
        given["end"] = month_number(given.pop("to")) + 1
    if "start" in given:
        given["start"] = month_number(given["start"])
    changed = replace(run, **given)
    if changed.end <= changed.start:
        key = "to" if table.to is not None else "from"
        span = f"{month_text(changed.start)} to {month_text(changed.end - 1)}"
        raise origin.error(("run", key), f"the run ends before it begins: {span}")
    try:
        enough_replicates(changed)
    except ValueError as problem:
        raise origin.error(("run", "sets" if "sets" in given else "replicates"), str(problem)) from None
    key = "from" if table.to is None and table.start is not None else "to"
    try:
        within_reach(changed)
    except ValueError as problem:
        raise origin.error(("run", key if given else "places"), str(problem)) from None
    except UserError as problem:  # no such country, or a mistake in one of its tables
        raise origin.error(("run", "places"), str(problem)) from None
    return changed
