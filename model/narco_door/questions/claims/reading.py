"""The table of claims, `data/claims.toml`, read as strictly as a scenario.

A claim has one or several tests. A test compares a number of one scenario with another scenario under the same luck
(`reference`), with the same scenario at another time (`before`), or with a number named beforehand (`threshold`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from narco_door.base.declared import switches
from narco_door.base.errors import UserError, nearest
from narco_door.base.months import month_number
from narco_door.base.nation import NATION
from narco_door.base.tables import DATA
from narco_door.country.facts import parameters
from narco_door.scenario.reading import check, parse
from narco_door.scenario.schema import Month, Strict, Words, said

type Expects = Literal["more", "less", "none", "some", "not_more", "not_less"]
type Unit = Literal["percent", "own", "rate_ratio"]
type Join = Literal["all", "compared"]

CAREERS = ("dead_or_jailed",)
"""Statistics of careers rather than of a record; written as `careers.NAME`."""


class Span(Strict):
    """Months, the last included."""

    start: Month = Field(alias="from")
    to: Month

    @model_validator(mode="after")
    def _in_order(self) -> Span:
        if month_number(self.to) < month_number(self.start):
            raise said(f"the span ends ({self.to}) before it begins ({self.start})")
        return self

    def __str__(self) -> str:
        """As in a sentence."""
        return f"{self.start} to {self.to}"


class ClaimTest(Strict):
    """One number, what it is compared with, and what it has to be for the claim.

    Attributes
    ----------
    measure
        What is measured and compared with what.
    record
        A record, or `careers.dead_or_jailed`: the share of those who entered within the span who were dead or had
        been in prison by the end of the run.
    places
        Codes of places whose records are added (levels: averaged over residents); by default the nation.
    control
        For a `rate_ratio`: the places not treated.
    unit
        `percent` of the mean of what it is compared with; `own`, the unit of the record (a flow counts a year); or
        `rate_ratio`: how the rate of `places` moved from `before` to `span`, over how that of `control` did.
    expects
        What the claim says of the difference: `more`, `less`, `none`, `some` (either way), `not_more`, `not_less`.
    size
        The smallest size that would matter, in the same unit (for a `rate_ratio`, of its logarithm).
    beside
        Told beside the others, without weight in the verdict of the claim.
    """

    measure: Words
    scenario: Words
    reference: Words | None = None
    before: Span | None = None
    threshold: float | None = None
    record: Words
    places: list[Words] = Field(default_factory=lambda: [NATION], min_length=1)
    control: list[Words] = Field(default_factory=list)
    span: Span
    unit: Unit = "percent"
    expects: Expects
    size: float = Field(gt=0)
    beside: bool = False

    @model_validator(mode="after")
    def _compared_with_one_thing(self) -> ClaimTest:
        if self.unit == "rate_ratio":
            if self.before is None or not self.control or self.threshold is not None:
                raise said("a rate_ratio needs `before` and `control`, and no `threshold`")
            return self
        given = [name for name in ("reference", "before", "threshold") if getattr(self, name) is not None]
        if len(given) != 1:
            raise said(f"expected one of reference, before, threshold; got {', '.join(given) or 'none'}")
        if self.control:
            raise said("`control` belongs to a rate_ratio")
        return self

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Names of the scenarios that it needs."""
        return (self.scenario,) if self.reference is None else (self.scenario, self.reference)


class Claim(Strict):
    """Something that was said at the seminar, and how the model is asked.

    Attributes
    ----------
    join
        `all`: every test has to hold. `compared`: one sentence put to several references; if they disagree, nothing
        can be told without saying compared with what.
    switches, parameters
        The mechanisms and numbers that it rests on; `flips` tries the claim without each mechanism, and at both
        bounds of each number.
    assumes
        What the pair of scenarios takes for granted.
    """

    number: int = Field(ge=1)
    who: Words
    says: Words
    join: Join = "all"
    fails_if: Words
    assumes: Words
    switches: list[Words] = Field(default_factory=list)
    parameters: list[Words] = Field(default_factory=list)
    test: list[ClaimTest] = Field(min_length=1)

    @model_validator(mode="after")
    def _rests_on_what_there_is(self) -> Claim:
        for names, known, kind in ((self.switches, switches(), "switch"), (self.parameters, parameters(), "parameter")):
            for name in names:
                if name not in known:
                    raise said(f'unknown {kind} "{name}"{nearest(name, known)}')
        if all(test.beside for test in self.test):
            raise said("a claim needs a test that is not only told beside others")
        return self

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Names of the scenarios of all its tests, each once."""
        return tuple(dict.fromkeys(name for test in self.test for name in test.scenarios))


class _File(Strict):
    claim: list[Claim] = Field(min_length=1)

    @model_validator(mode="after")
    def _numbers_differ(self) -> _File:
        numbers = [claim.number for claim in self.claim]
        if numbers != sorted(set(numbers)):
            raise said("claims stand in the order of their numbers, each once")
        return self


@cache
def claims(path: Path | None = None) -> dict[int, Claim]:
    """Read the claims, by number.

    Raises
    ------
    UserError
        If a field is unknown, missing or wrong; with file and line.
    """
    file = path or DATA / "claims.toml"
    document, origin = parse(file.read_text(encoding="utf-8"), file.name)
    return {claim.number: claim for claim in check(_File, document, origin).claim}


def claims_named(numbers: Sequence[int]) -> list[Claim]:
    """Return the claims of these numbers, in their order; all of them if none is named."""
    known = claims()
    for number in numbers:
        if number not in known:
            raise UserError(f"there is no claim {number}; known are {min(known)} to {max(known)}")
    return [known[number] for number in (numbers or known)]
