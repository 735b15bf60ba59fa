"""What a country was like in the first month of a run, in numbers: sentences like the model's parameters."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from narco_door.base.declared import Parameter, model_parameters, prior_problem
from narco_door.base.errors import UserError, nearest
from narco_door.base.months import month_text
from narco_door.base.tables import Table
from narco_door.country.folder import Stamp, lender, stamp, table_of
from narco_door.country.places import load_places

FACTS = (
    "members_first",
    "prisoners_first",
    "export_rents",
    "ordinary_share",
    "officer_pay",
    "neet_women_first",
    "neet_men_first",
    "home_women_first",
    "home_men_first",
    "width_school_first",
    "width_formal_first",
    "lookers_first",
    "promise_first",
    "risk_first",
)
"""The facts that every country states or borrows."""


def parameters(country: str = "mexico") -> Mapping[str, Parameter]:
    """Return every number that a scenario may set: the model's parameters and the facts of a country, by name.

    Parameters
    ----------
    country
        A name from `countries`, or the path of a folder of tables.

    Raises
    ------
    UserError
        As `model_parameters`; also if a fact is missing, unknown or no whole sentence.
    """
    return _parameters(country, stamp(country))


@cache
def _parameters(country: str, _: Stamp) -> Mapping[str, Parameter]:
    return {**model_parameters(), **_facts(country)}


def _facts(country: str) -> dict[str, Parameter]:
    table, other = Table.open(table_of(country, "facts.toml")), lender(country)
    own = dict[str, Parameter]()
    for name, entry in table.document.items():
        if name == "borrows":
            continue
        if name not in FACTS:
            raise table.error((name,), f"no such fact{nearest(name, FACTS) or f'; expected one of {", ".join(FACTS)}'}")
        fact = own[name] = table.record(Parameter, (name,), entry, name=name, group="country.facts")
        if not fact.low <= fact.value <= fact.high:
            raise table.error((name,), f"{fact.value:g} lies outside its own bounds, {fact.low:g} to {fact.high:g}")
        if problem := prior_problem(fact):
            raise table.error((name,), problem)
    found = {**(_facts(other) if other else {}), **own}
    for name in FACTS:
        if name not in found:
            raise table.error((), f'the fact "{name}" is missing; expected it, or a country that it is borrowed from')
    return found


def refuse_crowd(members: float, *, country: str, month: int) -> None:
    """Refuse a world in which more than a tenth of the young men are members in the first month.

    In Mexico of 2007 one in 180 was, in Medellín of 2003 one in 30. Beyond a tenth the first members can no longer be
    found among those who might have joined, and what comes of it is no country.

    Raises
    ------
    UserError
        If there are more; names the fact to change.
    """
    men = load_places(country).young_men(month)
    if members > men / 10:
        raise UserError(
            f"members_first = {members:,.0f} is {members / men:.0%} of the {men:,.0f} men of 16-29 whom "
            f'"{country}" has in {month_text(month)}; expected a tenth at most: '
            "change members_first in its facts.toml or in [parameters]"
        )
