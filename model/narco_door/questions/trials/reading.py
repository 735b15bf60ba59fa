"""The table of trials, `data/trials.toml`, read as strictly as a scenario."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Annotated, Literal

from pydantic import Field, model_validator

from narco_door.base.errors import UserError, nearest
from narco_door.base.tables import DATA
from narco_door.scenario.reading import check, parse
from narco_door.scenario.schema import Strict, Words, said

type Outcome = Literal["entries", "employed", "schooling", "rate_ratio"]
type Where = Literal["all", "violent", "poor", "works"]
type Months = Annotated[list[int], Field(min_length=2, max_length=2)]
NEVER = Field(default_factory=lambda: [0, 0])


class Given(Strict):
    """What an arm gives, each from and up to a month of the trial; [0, 0] is never.

    Who has a job is at no crossroads while it lasts. At its end he stands at one, or, where it `returns` him, he is
    behind the door from which he came.
    """

    mentor: Months = NEVER
    job: Months = NEVER
    returns: bool = False
    transfers: Months = NEVER


class Trial(Strict):
    """A published trial, and its design in the model.

    Attributes
    ----------
    ages
        From and up to, in years.
    where
        Kind of place: `violent` and `poor` are the fifth of the places with most homicides and the third with most
        need; `works` are comunas of Medellín with and without the cable car.
    known_to_police
        Only those with a criminal record or a career inside behind them.
    takes_up
        Share of those offered who take it.
    months
        For how long they are followed.
    compares
        Whether the study's number is of those offered or of those treated.
    theirs
        The study's effect; none where only its sign could be read.
    low, high
        The study's interval; `interval` says where it comes from.
    """

    name: Words
    study: Words
    outcome: Outcome
    unit: Words
    compares: Literal["offered", "treated"]
    where: Where = "all"
    ages: list[float] = Field(default_factory=lambda: [12.0, 30.0], min_length=2, max_length=2)
    men_only: bool = False
    poor_only: bool = False
    pupils_only: bool = False
    outside_only: bool = False
    known_to_police: bool = False
    takes_up: float = Field(default=1.0, ge=0, le=1)
    months: int = Field(ge=1, le=96)
    offered: Given = Given()
    control: Given = Given()
    theirs: float | None = None
    low: float
    high: float
    interval: Words
    mapped: Words

    @model_validator(mode="after")
    def _in_order(self) -> Trial:
        theirs = self.low if self.theirs is None else self.theirs
        if not self.low <= theirs <= self.high:
            raise said(f"{theirs:g} lies outside its own interval, {self.low:g} to {self.high:g}")
        return self


class _File(Strict):
    trial: dict[str, Trial]


@cache
def trials() -> dict[str, Trial]:
    """All trials by number, as they stand in the file."""
    path = DATA / "trials.toml"
    document, origin = parse(path.read_text(encoding="utf-8"), path.name)
    return check(_File, document, origin).trial


def trials_named(names: Sequence[str]) -> dict[str, Trial]:
    """Those asked for, or all.

    Raises
    ------
    UserError
        If there is none of this number.
    """
    known = trials()
    for name in names:
        if name not in known:
            raise UserError(f'no trial "{name}"{nearest(name, known)}; expected one of {", ".join(known)}')
    return {name: known[name] for name in (dict.fromkeys(names) if names else known)}
