"""What one scenario plans: its money, its phases, its laws and its numbers, beside those of its parent."""

from __future__ import annotations

from narco_door.base.declared import laws, levers, switches
from narco_door.base.months import last_text, month_text
from narco_door.country.facts import parameters
from narco_door.scenario.conditions import Statute
from narco_door.scenario.orders import Order
from narco_door.scenario.plan import Scenario
from narco_door.scenario.schema import place_names
from narco_door.show import formats
from narco_door.show.sheets import Cell, Code, Head, Row, Sheet, Source


def money(scenario: Scenario, parent: Scenario | None, *, title: str = "Money promised") -> Sheet:
    """Return the money by lever: how much when, what it buys, how much more than the parent's."""
    run = scenario.run
    mine, theirs = scenario.spending(), parent.spending(run.start, run.end) if parent else {}
    rows: list[Row] = []
    for name, lever in levers().items():
        if name not in mine and name not in theirs:
            continue
        total, earlier = (sum(spent.get(name, {}).values()) for spent in (mine, theirs))
        buys = f"{formats.about(total * 1e6 / lever.unit_cost)} {lever.buys}"
        more = [formats.signed(total - earlier, 0)] if parent else []
        rows.append((Code(name), _spans(scenario, name), formats.money(total), *more, buys))
    whole = formats.money(sum(sum(by_year.values()) for by_year in mine.values()))
    heads = (
        Head("lever", whole=True), Head("US$ m a year", whole=True), Head("in all", right=True),
        *((Head("more", right=True),) if parent else ()), Head("buys, at most"),
    )  # fmt: skip
    note = f"US$ m of 2010, {whole} in all; leakage, corruption and lags leave less to buy with"
    return Sheet(f"{title}, and how much more than in {parent.name}" if parent else title, heads, rows, note)


def _spans(scenario: Scenario, lever: str) -> str:
    """Write the money of a lever, a line for each span of months that are alike."""
    spans: list[tuple[int, int, float]] = []
    for month in range(scenario.run.start, scenario.run.end):
        certain = (o for o in scenario.orders if o.lever == lever and o.when is None and o.start <= month < o.end)
        a_year = sum(order.musd_year for order in certain)
        if spans and spans[-1][2] == a_year:
            spans[-1] = (spans[-1][0], month, a_year)
        else:
            spans.append((month, month, a_year))
    return "\n".join(f"{_months(a, b + 1)}: {formats.number(a_year)}" for a, b, a_year in spans if a_year) or "nothing"


def _months(first: int, end: int) -> str:
    return f"{month_text(first)} to {last_text(end)}"


def phases(scenario: Scenario, parent: Scenario | None) -> Sheet:
    """Return the phases that a scenario adds to its parent."""
    before = set(parent.orders) if parent else set()
    paid: dict[tuple[str, ...], list[str]] = {}
    for order in (order for order in scenario.orders if order not in before):
        shared = order.allocation if isinstance(order.allocation, str) else f"{len(order.allocation)} places"
        phase = (_phase(order), _months(order.start, order.end), order.channel, shared)
        amount = f"{formats.percent(order.share)} of taxes" if order.share else formats.number(order.musd_year)
        paid.setdefault(phase, []).append(f"{order.lever} {amount}")
    heads = (
        Head("phase"), Head("months", whole=True), Head("channel"), Head("shared by"), Head("US$ m a year", whole=True),
    )  # fmt: skip
    title = f"Phases added to {parent.name}" if parent else "Phases"
    return Sheet(title, heads, [(*phase, "\n".join(each)) for phase, each in paid.items()])


def _phase(decided: Order | Statute) -> str:
    """Name the phase, and in lines of their own what it waits for and what ends it."""
    ends = [f"unless {trigger.phase} has begun" for trigger in getattr(decided, "unless", ())]
    return "\n".join([decided.phase, *([str(decided.when)] if decided.when else []), *ends])


def statutes(scenario: Scenario, parent: Scenario | None, *, title: str = "Laws") -> Sheet:
    """Return the laws that a scenario sets otherwise than its parent."""
    before = set(parent.statutes) if parent else set()
    rows: list[Row] = []
    for statute in (statute for statute in scenario.statutes if statute not in before):
        law, months = laws()[statute.law], _months(statute.start, statute.end)
        rows.append((Code(law.name), months, law.value, statute.value, law.unit, _phase(statute)))
    heads = (
        Head("law", whole=True), Head("months", whole=True), Head("in 2007", right=True), Head("here", right=True),
        Head("unit"), Head("phase"),
    )  # fmt: skip
    return Sheet(f"{title} added to {parent.name}" if parent else title, heads, rows)


def events(scenario: Scenario, parent: Scenario | None) -> Sheet:
    """Return what a scenario tells of cartels beyond its parent, and what it takes out."""
    told = set(parent.happening) if parent else set()
    happening = scenario.happening
    names = place_names(scenario.run.places)
    rows: list[Row] = []
    for event in scenario.events:
        out = event.name in scenario.without_events
        if (event in told or not parent) if out else (event in happening and event not in told):
            places = ", ".join(names[code] for code in (event.place, *event.places) if code)
            about = event.who or event.new or event.partner
            kind = f"{event.kind}, taken out" if out else event.kind
            rows.append((event.name, kind, about, places, Source(event.source)))
    heads = (
        Head("event", whole=True), Head("kind"), Head("who, new or other group"), Head("where"),
        Head("source", brief=False),
    )  # fmt: skip
    note: Cell = ("take one out with ", Code("--without-event MONTH:CARTEL"))
    return Sheet(f"Events told beyond {parent.name}" if parent else "Events on record", heads, rows, note)


def differences(scenario: Scenario, parent: Scenario | None) -> Sheet:
    """Return what a scenario takes to be true otherwise than its parent, or than the tables."""
    known = parameters(scenario.run.places)
    numbers = parent.parameters.plain() if parent else {p.name: p.value for p in known.values()}
    mechanisms = parent.switches.plain() if parent else dict.fromkeys(switches(), True)
    words: dict[bool, Cell] = {True: "on", False: "off"}
    rows: list[Row] = [
        (Code(name), numbers[name], value, known[name].unit)
        for name, value in scenario.parameters.plain().items()
        if value != numbers[name]
    ]
    rows += [
        (Code(name), words[mechanisms[name]], words[value], "switch")
        for name, value in scenario.switches.plain().items()
        if value != mechanisms[name]
    ]
    than = parent.name if parent else "the tables of the package"
    heads = (Head("name", whole=True), Head(than, right=True), Head("here", right=True), Head("unit"))
    return Sheet(f"Otherwise than in {than}", heads, rows)
