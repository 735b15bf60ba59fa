"""What befell cartels, month by month, as a scenario tells it: dated events, and those that a what-if takes out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from narco_door.base.errors import nearest
from narco_door.base.months import month_number, month_text
from narco_door.base.toml_lines import KeyPath
from narco_door.country.places import load_places
from narco_door.scenario.checking import check_places
from narco_door.scenario.orders import DatedEvent, Run
from narco_door.scenario.reading import Origin

_FALL: Final = (("place",), ("who",))
_PACT: Final = (("with",), ())
_SAYS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "capture": _FALL, "killing": _FALL, "escape": _FALL, "extradition": _FALL,
    "split": (("new", "places"), ()),
    "truce": _PACT, "alliance": _PACT, "war": (("with", "places"), ()),
}  # fmt: skip
"""What an event of each kind must and may say, besides month, cartel and source."""


@dataclass(frozen=True)
class Chronicle:
    """The events that the files so far tell, and the names of those that they take out."""

    events: tuple[DatedEvent, ...] = ()
    without: tuple[str, ...] = ()

    def laid(self, form: Any, origin: Origin, run: Run) -> "Chronicle":
        """Add what a file tells and takes out.

        Raises
        ------
        UserError
            An event says too much or too little, its month lies outside the run, its cartel or place is unknown, the
            cartel has one in that month already, or what is taken out is not there.
        """
        if not (form.event or form.without_events):
            return self
        whole = form.resolved is not None  # written out: its run may have been cut at both ends
        fresh = [_read(table, ("event", k), origin, run, whole=whole) for k, table in enumerate(form.event)]
        events = tuple(sorted((*self.events, *fresh), key=lambda event: (event.month, event.kind != "split")))
        names = [event.name for event in events]
        for k, event in enumerate(fresh):
            key: KeyPath = ("event", k)
            if names.count(event.name) > 1:
                problem = f'two events of "{event.cartel}" in {month_text(event.month)}; expected one a month'
                raise origin.error((*key, "cartel"), problem)
            _check_cartels(event, events, key, origin, run.places)
        _check_without(form.without_events, [e.name for e in events if e.month >= run.start or whole], origin)
        return Chronicle(events, tuple(sorted({*self.without, *form.without_events})))


def _read(table: Any, key: KeyPath, origin: Origin, run: Run, *, whole: bool) -> DatedEvent:
    """Read one table, as far as it can be understood alone."""
    _check_said(table, key, origin)
    month = month_number(table.month)
    if not (run.start <= month < run.end or whole):
        span = f"{month_text(run.start)} to {month_text(run.end - 1)}"
        raise origin.error((*key, "month"), f"{table.month} lies outside the run; expected a month from {span}")
    for field, codes in (("place", [table.place] * bool(table.place)), ("places", table.places)):
        check_places(dict.fromkeys(codes), run.places, (*key, field), origin)
        if len(set(codes)) < len(codes):
            raise origin.error((*key, field), f'a place stands twice in "{field}"; expected each once')
    return DatedEvent(
        month, table.kind, table.cartel, table.place, table.who, table.new, tuple(table.places), table.partner,
        table.source,
    )  # fmt: skip


def _check_said(table: Any, key: KeyPath, origin: Origin) -> None:
    """Refuse what an event of this kind does not say, and the lack of what it must."""
    must, may = _SAYS[table.kind]
    said = {name for name in ("place", "who", "new", "places") if getattr(table, name)}
    said |= {"with"} if table.partner else set()
    for name in must:
        if name not in said:
            raise origin.error(key, f'"{name}" is missing in [[event]]; a {table.kind} says it')
    for name in sorted(said - {*must, *may}):
        known = ", ".join(("month", "cartel", *must, *may, "source"))
        raise origin.error((*key, name), f'nothing reads "{name}" of a {table.kind}; expected {known}')


def _check_cartels(event: DatedEvent, events: Sequence[DatedEvent], key: KeyPath, origin: Origin, country: str) -> None:
    """Refuse cartels that are not there, or not yet, and a new group under a name that is taken."""
    founders = [founder.name for founder in load_places(country).cartels]
    arises = {other.new: other.month for other in events if other.new}
    for field, name in (("cartel", event.cartel), *([("with", event.partner)] if event.partner else [])):
        known = (*founders, *arises)
        if name not in known:
            hint = nearest(name, known) or f"; expected one of {', '.join(known)}, or a split that names it"
            raise origin.error((*key, field), f'no cartel "{name}"{hint}')
        if name not in founders and arises[name] > event.month:
            problem = f'"{name}" arises in {month_text(arises[name])}; expected that month or a later one'
            raise origin.error((*key, field), problem)
    if event.partner == event.cartel:
        raise origin.error((*key, "with"), f'"{event.cartel}" cannot be its own partner; expected another cartel')
    if event.new in (*founders, *(other.new for other in events if other.new and other is not event)):
        raise origin.error((*key, "new"), f'there is a cartel "{event.new}" already; expected another name')


def _check_without(names: Sequence[str], known: Sequence[str], origin: Origin) -> None:
    """Refuse to take out what is not there, or twice."""
    for k, name in enumerate(names):
        key: KeyPath = ("without_events", name)
        if name not in known:
            raise origin.error(key, f'no event "{name}"{_near_event(name, known)}')
        if name in names[:k]:
            raise origin.error(key, f'the event "{name}" is taken out twice; expected each once')


def _near_event(name: str, known: Sequence[str]) -> str:
    """The event that may be meant: of this cartel, of this month, or one much like it."""
    month, _, cartel = name.partition(":")
    alike = ([e for e in known if e.endswith(f":{cartel}")], [e for e in known if e.startswith(f"{month}:")], known)
    like = f'; expected a month and a cartel, like "{known[0]}"' if known else "; the scenario tells of none"
    return next((hint for some in alike if (hint := nearest(name, some))), like)
