"""What ``narco-door explain`` and ``narco-door show`` say: rows of words and numbers, printed elsewhere."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from narco_door.base.declared import Law, Lever, Parameter, laws, levers, records, switches
from narco_door.base.errors import UserError, nearest
from narco_door.base.months import month_text
from narco_door.country.facts import parameters
from narco_door.country.folder import countries
from narco_door.scenario import list_scenarios, load_one, load_parent, load_scenario
from narco_door.scenario.conditions import Statute
from narco_door.scenario.plan import Comparison, Order, Scenario
from narco_door.scenario.schema import place_names

type Rows = list[list[str]]

SUBJECTS = ("order", "parameters", "levers", "laws", "records", "schema", "switches", "places")
_FAMILIES = {"opens": "opens the other doors", "narrows": "narrows the narco door", "state": "state"}


@dataclass(frozen=True)
class Sheet:
    """A table in words: a title, column heads, rows, a note below.

    A head that begins with ``>`` stands over numbers, at the right; a column under ``=`` is not wrapped.
    """

    title: str
    heads: tuple[str, ...]
    rows: Rows
    note: str = ""


def sheet_of(subject: str, *, timed: bool = False) -> Sheet:
    """Return the table that explains one subject.

    Parameters
    ----------
    subject
        ``order``, ``parameters``, ``levers``, ``laws``, ``records``, ``switches`` or ``places``.
    timed
        For the order: live a few months and add the milliseconds of each beat.

    Raises
    ------
    UserError
        If there is nothing of that name to explain.
    """
    makers: dict[str, Callable[[], Sheet]] = {
        "parameters": _parameters,
        "levers": _levers,
        "laws": _laws,
        "records": _records,
        "switches": _switches,
        "places": _places,
        "order": lambda: _order(timed),
    }
    if subject not in makers:
        hint = nearest(subject, SUBJECTS) or f"; expected one of {', '.join(SUBJECTS)}"
        raise UserError(f'nothing to explain about "{subject}"{hint}')
    return makers[subject]()


def _parameters() -> Sheet:
    rows = [
        [
            f"{p.group}\n  {p.name}",
            f"{_number(p.value)} {p.unit} ({_range(p)}); {p.kind}, {p.grade}\n{p.meaning}\n[{p.source}]",
        ]
        for p in parameters().values()
    ]
    note = "set one with [parameters] in a file, or with --set parameters.NAME=VALUE"
    return Sheet("Parameters", ("name", "value, bounds, kind, grade, meaning, source"), rows, note)


def _levers() -> Sheet:
    rows = [
        [
            v.name,
            (
                f"US$ {_number(v.unit_cost)} ({_range(v)}, {v.grade}) for one of: {v.buys}; "
                f"lag {v.lag_months:g} months; {_FAMILIES[v.family]}\n{v.meaning}\n[{v.source}]"
            ),
        ]
        for v in levers().values()
    ]
    note = "US$ of 2010; spend with [phase.set] or [phase.add], in US$ m a year"
    return Sheet("Levers", ("lever", "price, family, meaning, source"), rows, note)


def _laws() -> Sheet:
    rows = [
        [
            law.name,
            (
                f"{_number(law.value)} {law.unit} in 2007 ({_range(law)}, {law.grade}); "
                f"switch {law.mechanism}\n{law.meaning}\n[{law.source}]"
            ),
        ]
        for law in laws().values()
    ]
    note = "set one with [phase.law] in a file, or with --set law.NAME@2011-04..2026-12=VALUE; it costs nothing"
    return Sheet("Laws", ("law", "status quo, bounds, grade, switch, meaning, source"), rows, note)


def _switches() -> Sheet:
    rows = [[s.name, s.meaning] for s in switches().values()]
    return Sheet("Switches", ("switch", "meaning"), rows, "all on; turn one off with --set switches.NAME=false")


def _records() -> Sheet:
    rows = [[r.name, f"{r.kind}, {r.unit}: {r.says}"] for r in records().values()]
    return Sheet("Records", ("record", "kind, unit, meaning"), rows, "by month and place; place 00 is the nation")


def _places() -> Sheet:
    rows = [[table, code, name] for table in countries() for code, name in place_names(table).items()]
    note = "an allocation names them by code: allocation = { 12 = 0.6, 16 = 0.4 }"
    return Sheet("Places", ("=table", "=code", "name"), rows, note)


def _order(timed: bool) -> Sheet:
    """List the beats of a month; with times, those of one short run after the machine has warmed up."""
    from narco_door.month import beats
    from narco_door.month.model import BEATS

    spent, note = _beat_times() if timed else ({}, "add --time to see how long each beat takes")
    rows = []
    for number, beat in enumerate(BEATS, start=1):
        does = (getattr(beats, beat.name).__doc__ or "").strip().splitlines()[0]
        time = [f"{spent[beat.name]:.1f}"] if timed else []
        rows.append([str(number), f"beats.{beat.name}", does, beat.reads, beat.writes, *time])
    heads = ("", "function", "what happens", "reads", "writes", *((">ms a month",) if timed else ()))
    return Sheet("The order of a month", heads, rows, note)


def _beat_times(months: int = 24, persons_per_agent: int = 100) -> tuple[Mapping[str, float], str]:
    from narco_door.month.model import NarcoDoor

    scenario = load_one("baseline")
    until = month_text(scenario.run.start + months - 1)
    NarcoDoor(scenario.replace(persons_per_agent=1000, until=until)).step()
    model = NarcoDoor(scenario.replace(persons_per_agent=persons_per_agent, until=until))
    began = time.perf_counter()
    model.run()
    whole = (time.perf_counter() - began) / months * 1000
    spent = {beat: seconds / months * 1000 for beat, seconds in model.beat_times.items()}
    return (
        spent,
        f"mean of {months} months at 1:{persons_per_agent}, one thread; a whole month takes {whole:.1f} ms",
    )


def plan_sheet(scenario: Scenario, parent: Scenario | None, *, title: str = "Money promised") -> Sheet:
    """Return the money of a scenario by lever: how much when, what it buys, how much more than its parent."""
    run = scenario.run
    mine, theirs = scenario.spending(), parent.spending(run.start, run.end) if parent else {}
    rows = []
    for name, lever in levers().items():
        total, earlier = (sum(money.get(name, {}).values()) for money in (mine, theirs))
        if name not in mine and name not in theirs:
            continue
        buys = f"{_about(total * 1e6 / lever.unit_cost)} {lever.buys}"
        more = [_signed(total - earlier)] if parent else []
        rows.append([name, _spans(scenario, name), _number(total), *more, buys])
    than = (">more",) if parent else ()
    whole = _number(sum(sum(by_year.values()) for by_year in mine.values()))
    return Sheet(
        f"{title}, and how much more than in {parent.name}" if parent else title,
        ("lever", "=US$ m a year", ">in all", *than, "buys, at most"),
        rows,
        f"US$ m of 2010, {whole} in all; leakage, corruption and lags leave less to buy with",
    )


def _spans(scenario: Scenario, lever: str) -> str:
    """Write the money of a lever, a line for each span of months that are alike."""
    run = scenario.run
    spans: list[tuple[int, int, float]] = []
    for month in range(run.start, run.end):
        certain = (o for o in scenario.orders if o.lever == lever and o.when is None and o.start <= month < o.end)
        money = sum(order.musd_year for order in certain)
        if spans and spans[-1][2] == money:
            spans[-1] = (spans[-1][0], month, money)
        else:
            spans.append((month, month, money))
    lines = (f"{month_text(a)} to {month_text(b)}: {_number(money)}" for a, b, money in spans if money)
    return "\n".join(lines) or "nothing"


def phase_sheet(scenario: Scenario, parent: Scenario | None) -> Sheet | None:
    """Return the phases that a scenario adds to its parent, or None if it adds none."""
    before = set(parent.orders) if parent else set()
    phases: dict[tuple[str, ...], list[str]] = {}
    for order in (order for order in scenario.orders if order not in before):
        shared = order.allocation if isinstance(order.allocation, str) else f"{len(order.allocation)} places"
        months = f"{month_text(order.start)} to {month_text(order.end - 1)}"
        key = (_phase(order), months, order.channel, shared)
        money = f"{order.share:.0%} of taxes" if order.share else _number(order.musd_year)
        phases.setdefault(key, []).append(f"{order.lever} {money}")
    rows = [[*key, "\n".join(paid)] for key, paid in phases.items()]
    title = f"Phases added to {parent.name}" if parent else "Phases"
    return Sheet(title, ("phase", "=months", "channel", "shared by", "=US$ m a year"), rows) if rows else None


def _phase(decided: Order | Statute) -> str:
    """Name the phase, and in lines of their own what it waits for and what ends it."""
    ends = [f"unless {trigger.phase} has begun" for trigger in getattr(decided, "unless", ())]
    return "\n".join([decided.phase, *([str(decided.when)] if decided.when else []), *ends])


def law_sheet(scenario: Scenario, parent: Scenario | None, *, title: str = "Laws") -> Sheet | None:
    """Return the laws that a scenario sets otherwise than its parent, or None if it sets none."""
    before = set(parent.statutes) if parent else set()
    rows = []
    for statute in (statute for statute in scenario.statutes if statute not in before):
        law = laws()[statute.law]
        months = f"{month_text(statute.start)} to {month_text(statute.end - 1)}"
        rows.append([law.name, months, _number(law.value), _number(statute.value), law.unit, _phase(statute)])
    heads = ("law", "=months", ">in 2007", ">here", "unit", "phase")
    return Sheet(f"{title} added to {parent.name}" if parent else title, heads, rows) if rows else None


def difference_sheet(scenario: Scenario, parent: Scenario | None) -> Sheet | None:
    """Return what a scenario takes to be true otherwise than its parent (or the tables), or None."""
    known = parameters(scenario.run.places)
    numbers = parent.parameters.plain() if parent else {p.name: p.value for p in known.values()}
    mechanisms = parent.switches.plain() if parent else dict.fromkeys(switches(), True)
    words = {True: "on", False: "off"}
    rows = [
        [name, _number(numbers[name]), _number(value), known[name].unit]
        for name, value in scenario.parameters.plain().items()
        if value != numbers[name]
    ] + [
        [name, words[mechanisms[name]], words[value], "switch"]
        for name, value in scenario.switches.plain().items()
        if value != mechanisms[name]
    ]
    than = parent.name if parent else "the tables of the package"
    return Sheet(f"Otherwise than in {than}", ("name", f">{than}", ">here", "unit"), rows) if rows else None


def _range(entry: Parameter | Lever | Law) -> str:
    return f"{_number(entry.low)} to {_number(entry.high)}"


def _number(value: float) -> str:
    """Write a number to read: thousands apart, four figures that count."""
    if value == 0 or 0.001 <= abs(value) < 1000:
        return f"{value:.4g}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _about(value: float) -> str:
    """Write a number in three figures, millions as such."""
    if value >= 1e6:
        return f"{value / 1e6:,.3g} m"
    return f"{float(f'{value:.3g}'):,.0f}" if value >= 100 else f"{value:.3g}"


def _signed(value: float) -> str:
    return f"+{_number(value)}" if value > 0.5 else "0" if value > -0.5 else _number(value)


def scenarios_sheet() -> Sheet:
    """Return the scenarios and comparisons that come with narco-door, with the question that each asks."""
    rows = []
    for name in list_scenarios():
        loaded = load_scenario(name)
        if isinstance(loaded, Comparison):
            stands = f"{', '.join(arm.name for arm in loaded.arms)} against {loaded.reference.name}"
        else:
            stands = " > ".join(loaded.lineage[:-1])
        kind = "comparison" if isinstance(loaded, Comparison) else "scenario"
        rows.append([name, kind, loaded.question, stands])
    heads = ("name", "", "question", "stands on, or compares")
    return Sheet("Scenarios", heads, rows, "narco-door show NAME says more; narco-door new NAME begins another")


def about(name: str, *, sets: Sequence[str] = ()) -> list[tuple[str, list[Sheet]]]:
    """Return what there is to say about a scenario or a comparison: words, and tables to follow them."""
    loaded = load_scenario(name, sets=sets)
    if isinstance(loaded, Scenario):
        return [_scenario(loaded, load_parent(name))]
    reference = loaded.reference
    words = f"{loaded.title}\n{loaded.question}\nCompared with: {reference.name}, {reference.title}"
    arms = [
        (
            plan_sheet(arm, reference, title=f"{arm.name}: {arm.title}"),
            law_sheet(arm, reference, title=f"{arm.name}: laws"),
        )
        for arm in loaded.arms
    ]
    return [(words, [sheet for sheets in arms for sheet in sheets if sheet is not None])]


def _scenario(scenario: Scenario, parent: Scenario | None) -> tuple[str, list[Sheet]]:
    run = scenario.run
    words = [
        scenario.title,
        scenario.question,
        f"Argued by: {scenario.argued_by}" if scenario.argued_by else "",
        f"Stands on: {' > '.join(scenario.lineage)}",
        (
            f"Run: {month_text(run.start)} to {month_text(run.end - 1)}, {run.replicates} replicates from "
            f"seed {run.seed}, 1 agent for {run.persons_per_agent} persons, places of {run.places}"
        ),
        f"Digest: {scenario.digest}",
        *(f"Source: {source}" for source in scenario.sources),
    ]
    sheets = (
        plan_sheet(scenario, parent),
        phase_sheet(scenario, parent),
        law_sheet(scenario, parent),
        difference_sheet(scenario, parent),
    )
    return "\n".join(word for word in words if word), [sheet for sheet in sheets if sheet is not None]
