"""The form of a scenario file, written once: it reads files strictly and is exported for editors.

The sections ``[parameters]``, ``[switches]``, ``[phase.set]``, ``[phase.add]`` and ``[phase.law]`` are built from what
the modules declare, so that a new lever, law or parameter is known to files, error messages and editors at once. The
title of a field is what its value looks like (error messages say it); its description is what it means.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema, create_model
from pydantic_core import PydanticCustomError

from narco_door.base.declared import Law, Parameter, laws, levers, model_parameters, switches
from narco_door.base.errors import nearest, printable
from narco_door.base.months import END, WRITTEN, end_number, month_number
from narco_door.base.nation import NATION
from narco_door.country.facts import parameters
from narco_door.country.places import load_places
from narco_door.country.posterior import MOST_SETS

MOST_MONEY = 1_000_000.0
MOST_PERSONS = 20_000
A_NAME = 'letters, digits, spaces, "_", "-", "." and round brackets, a letter, a digit or "_" first'
RULES = ("need", "population", "violence")
_NAME = re.compile(r"\w[\w. ()-]*")
_MONTH = {"pattern": f"^{WRITTEN}$"}
_LAST = {"pattern": f"^({WRITTEN}|{END})$"}
_TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Marks that turn the direction of the letters after them."""
_SHARES = {
    "description": "how the money is shared over places",
    "anyOf": [
        {"enum": list(RULES)},
        {"type": "object", "additionalProperties": {"type": "number", "minimum": 0, "maximum": 1}},
    ],
}


class Strict(BaseModel):
    """A table of a file in which every key is known and no value is converted."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


def said(problem: str) -> PydanticCustomError:
    """Return an error whose words go to the user as they are."""
    return PydanticCustomError("said", "{problem}", {"problem": problem})


def is_name(text: str) -> bool:
    """Whether a scenario may be called so: its replicates are folders of that name."""
    return _NAME.fullmatch(text) is not None


def _name(text: str) -> str:
    if not is_name(text):
        raise said(f'"{text}" is not a name; expected {A_NAME}')
    return text


def _month(text: str) -> str:
    return _read_by(month_number, text)


def _last(text: str) -> str:
    return _read_by(end_number, text)


def _read_by(reader: Callable[[str], object], text: str) -> str:
    try:
        reader(text)
    except ValueError as problem:
        raise said(str(problem)) from None
    return text


def _seen(text: str) -> str:
    """Refuse letters that steer a terminal or break a picture; lines and tabs may be."""
    odd = next((c for c in text if c not in "\n\t" and (c in _TURNS or unicodedata.category(c) == "Cc")), "")
    if odd:
        raise said(f"the letter {printable(odd)} cannot be seen; expected a text without it")
    return text


def _allocation(value: object) -> object:
    """Check how money is shared over places: by a rule, or by given shares that sum to 1."""
    if isinstance(value, str) and value in RULES:
        return value
    expected = f'expected one of {", ".join(RULES)}, or shares by place like {{ "08" = 1.0 }}'
    if isinstance(value, str):
        raise said(f'"{value}" is not a way to share money{nearest(value, RULES) or f"; {expected}"}')
    if not isinstance(value, Mapping) or not value:
        raise said(f"{expected}; got {value!r}")
    for place, share in value.items():
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
            raise said(f'the share of place "{place}" is a number from 0 to 1; got {share!r}')
    if not math.isclose(total := math.fsum(value.values()), 1, abs_tol=1e-6):
        raise said(f"shares by place sum to 1; these sum to {total:g}")
    return {place: float(share) for place, share in value.items()}


type Channel = Literal["domestic", "aid"]
type EventKind = Literal["capture", "killing", "escape", "extradition", "split", "truce", "alliance", "war"]
Month = Annotated[
    str, AfterValidator(_month), Field(title='a month in quotes, like "2011-04"', json_schema_extra=_MONTH)
]
Last = Annotated[
    str,
    AfterValidator(_last),
    Field(title=f'a month in quotes, like "2011-04", or "{END}": with the run', json_schema_extra=_LAST),
]
Words = Annotated[str, AfterValidator(_seen), Field(min_length=1, title="a text in quotes")]
Text = Annotated[str, AfterValidator(_seen), Field(title="a text in quotes")]
Texts = Annotated[list[Words], Field(title="a list of texts in quotes")]
Count = Annotated[int, Field(ge=1, le=100_000, title="a whole number from 1 to 100000")]
Money = Annotated[float, Field(ge=0, le=MOST_MONEY, title="US$ m a year, a number like 250, at most 1000000")]
Share = Annotated[float, Field(ge=0, le=1, title="a share from 0 to 1")]
Allocation = Annotated[Any, AfterValidator(_allocation), WithJsonSchema(_SHARES)]


class RunTable(Strict):
    """``[run]``: when, where and how many."""

    start: Month | None = Field(default=None, alias="from", description="first month")
    to: Month | None = Field(default=None, description="last month, itself included")
    after: Literal["same", "nothing"] | None = Field(
        default=None,
        description="in a run that goes on after the last month of its files: what was paid in that month, or nothing",
    )
    seed: int | None = Field(
        default=None,
        ge=0,
        le=2**63 - 1,
        title=f"a whole number from 0 to {2**63 - 1}",
        description="the luck of the run",
    )
    replicates: Count | None = Field(default=None, description="how many lucks are tried")
    sets: int | None = Field(
        default=None,
        ge=0,
        le=MOST_SETS,
        title=f"a whole number from 0 to {MOST_SETS}",
        description="over how many sets of the posterior the replicates are dealt; 0: the fitted numbers alone",
    )
    persons_per_agent: int | None = Field(
        default=None,
        ge=1,
        le=MOST_PERSONS,
        title=f"a whole number from 1 to {MOST_PERSONS}",
        description=f"how many persons one agent stands for, at most {MOST_PERSONS}",
    )
    places: str | None = Field(
        default=None,
        title='a name in quotes, like "mexico", or the path of a folder, like "./atlantis"',
        description="the country whose tables are read",
    )


class Resolved(Strict):
    """``[resolved]``: marks a scenario that was written out in full, and what it was called."""

    name: Annotated[Words, AfterValidator(_name)]
    lineage: Texts
    through: Month | None = Field(default=None, description="last month of which its files speak")


class WhenTable(Strict):
    """``[phase.when]``: a condition that the phase waits for, from its first month on."""

    record: Words = Field(description="a record, or homicide_rate: homicides per 100,000 people a year")
    above: float | None = Field(default=None, title="a number", description="the phase begins above this value")
    below: float | None = Field(default=None, title="a number", description="the phase begins below this value")
    place: Words = Field(default=NATION, description=f'a code of the table of places; "{NATION}" is the nation')
    months: int = Field(
        default=12, ge=1, le=120, title="a whole number from 1 to 120", description="months whose mean is watched"
    )


class ConditionTable(WhenTable):
    """A condition in a written-out scenario, with the phase that waits and the month it is watched from."""

    phase: Words
    start: Month = Field(alias="from")


class LawTable(Strict):
    """``[[law]]``: a law after all phases were applied; found in written-out scenarios only."""

    law: Words
    start: Month = Field(alias="from")
    to: Last
    value: float = Field(title="a number")
    phase: Words
    when: ConditionTable | None = None


class OrderTable(Strict):
    """``[[order]]``: money after all phases were applied; found in written-out scenarios only."""

    lever: Words
    channel: Channel
    start: Month = Field(alias="from")
    to: Last
    musd_year: Money
    allocation: Allocation
    phase: Words
    share: Share = 0.0
    when: ConditionTable | None = None
    unless: list[ConditionTable] = Field(default_factory=list)


class EventTable(Strict):
    """``[[event]]``: what befell a cartel in a month."""

    month: Month
    kind: EventKind
    cartel: Words = Field(description="a cartel of the first month, or one that a split before names")
    place: Text = Field(default="", description="code of the place in which a leader fell, or fled or was sent from")
    who: Text = Field(default="", description="who fell")
    new: Text = Field(default="", description="of a split: the group that arises")
    places: Texts = Field(
        default_factory=list,
        description="of a split, those that the new group takes; of a war, where it is fought: codes",
    )
    partner: Text = Field(default="", alias="with", description="of a truce, an alliance or a war: the other cartel")
    source: Words = Field(description="where it is written down")


class CompareTable(Strict):
    """``[compare]``: which scenarios are set beside each other, and against which one."""

    arms: list[Words] = Field(min_length=1, title='names of scenarios, like ["doors_first", "mixed"]')
    reference: Words = Field(title="the name of a scenario", description="what the others are compared with")


class _Titled(Strict):
    title: Words
    question: Words
    argued_by: Text = Field(default="", description="who argued it")
    sources: Texts = Field(default_factory=list)
    run: RunTable = Field(default_factory=lambda: RunTable())


class PhaseTable(Strict):
    """``[[phase]]``: money promised to levers, and laws, over a span of months."""

    name: Words
    start: Month = Field(alias="from", description="first month; may lie before the run")
    to: Last = Field(description="last month, itself included")
    channel: Channel = Field(default="domestic", description="domestic money, or aid, which is paid out slowly")
    allocation: Allocation = Field(default="need", description="how the money is shared over places")
    source: Words = Field(description="where the money or the law is written down, or that it is assumed")
    when: WhenTable | None = Field(default=None, description="a condition that the phase waits for")


class ScenarioBase(_Titled):
    """What every scenario file may hold besides the tables built from the data."""

    extends: str | None = Field(default=None, title='the name of a scenario, or a path like "../mine.toml"')
    resolved: Resolved | None = None
    order: list[OrderTable] = Field(default_factory=list, title="a list of tables, each under [[order]]")
    law: list[LawTable] = Field(default_factory=list, title="a list of tables, each under [[law]]")
    event: list[EventTable] = Field(default_factory=list, title="a list of tables, each under [[event]]")
    without_events: Texts = Field(
        default_factory=list, description='events that are taken out of what it extends, each like "2010-02:Gulf"'
    )


@cache
def scenario_file() -> type[BaseModel]:
    """Return the form of a scenario file, with every parameter, switch and lever that modules declare."""
    phases: Any = list[_phase()]  # type: ignore[misc]
    return create_model(
        "ScenarioFile",
        __base__=ScenarioBase,
        **_tables_of_the_model(),
        phase=(phases, Field(default_factory=list, title="a list of tables, each under [[phase]]")),
    )


@cache
def comparison_file() -> type[BaseModel]:
    """Return the form of a file that sets scenarios beside each other; what it says of the model holds for all."""
    return create_model(
        "ComparisonFile", __base__=_Titled, compare=(CompareTable, Field()), **_tables_of_the_model()
    )  # fmt: skip


@cache
def _tables_of_the_model() -> Mapping[str, Any]:
    """The tables of parameters and of mechanisms, which a scenario and a comparison share."""
    numbers = {
        name: (_bounded(p) if name in model_parameters() else _fact(p), Field(default=None, description=p.meaning))
        for name, p in parameters().items()
    }
    mechanisms = {
        name: (bool | None, Field(default=None, title="true or false", description=switch.meaning))
        for name, switch in switches().items()
    }
    return {"parameters": _table("Parameters", numbers), "switches": _table("Mechanisms", mechanisms)}


def _phase() -> type[BaseModel]:
    money = {name: (Money | None, Field(default=None, description=lever.meaning)) for name, lever in levers().items()}
    shares = {name: (Allocation, Field(default=None)) for name in levers()}
    parts = {name: (Share | None, Field(default=None, description=lever.meaning)) for name, lever in levers().items()}
    decided = {name: (_bounded(law), Field(default=None, description=law.meaning)) for name, law in laws().items()}
    return create_model(
        "Phase",
        __base__=PhaseTable,
        set=_table("Exactly", money),
        add=_table("More", money),
        allocations=_table("Allocations", shares),
        law=_table("Laws", decided),
        earmark=_table("Earmarks", parts),
    )


def _bounded(p: Parameter | Law) -> Any:
    return (
        Annotated[float, Field(ge=p.low, le=p.high, title=f"a number ({p.unit}) from {p.low:g} to {p.high:g}")] | None
    )


def _fact(p: Parameter) -> Any:
    """A number of any size: its bounds are the country's, which is known when all layers are."""
    return Annotated[float, Field(title=f"a number ({p.unit})")] | None


def _table(name: str, fields: Mapping[str, Any]) -> tuple[type[BaseModel], Any]:
    """Return the field of a table that may be left out, with these keys."""
    table = create_model(name, __base__=Strict, **fields)
    return (table, Field(default_factory=table))


def place_names(country: str) -> dict[str, str]:
    """Return code and name of each place of a country, in the order of its table."""
    places = load_places(country)
    return dict(zip(places.code, places.name, strict=True))


def place_codes(country: str) -> tuple[str, ...]:
    """Return the codes of a country's places, in the order of its table."""
    return load_places(country).code


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of scenario and comparison files, for editors.

    Editors with TOML support complete keys and show units when a file begins with a line such as
    ``#:schema ./scenario.schema.json``.
    """
    scenario = scenario_file().model_json_schema(by_alias=True)
    comparison = comparison_file().model_json_schema(by_alias=True)
    definitions = scenario.pop("$defs", {}) | comparison.pop("$defs", {})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A narco-door scenario or comparison",
        "if": {"required": ["compare"]},
        "then": comparison,
        "else": scenario,
        "$defs": definitions,
    }
