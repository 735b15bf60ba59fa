"""Lives within a trial: youths drawn from the roll who live on beside it, under the streets that the country sees.

A trial is too small to move a country, so its youths change nothing there.  Each lives once in each arm, under the same
luck; what a door does to one person is the difference between the two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from narco_door.base.arrays import I8, Bytes, Mask
from narco_door.base.doors import FORMAL, INFORMAL
from narco_door.questions.trials.kernel import live_a_month

if TYPE_CHECKING:
    from narco_door.inside.careers import Hazards
    from narco_door.month.model import NarcoDoor
    from narco_door.questions.trials.reading import Given


@dataclass
class Lives:
    """Columns of one arm, each [life]: who they are, where they stand, and what befell them."""

    place: I8
    birth: I8
    man: I8
    deprivation: Bytes
    moral: Bytes
    door: Bytes
    schooling: Bytes
    flags: Bytes
    inside_since: I8
    entries: I8

    @classmethod
    def of(cls, model: NarcoDoor, rows: I8) -> Lives:
        """Those of these rows of the roll, as they stand."""
        roll = model.world.roll
        place, birth, man, _ = roll.whereabouts(rows)
        none = np.zeros(rows.size, np.int64)
        return cls(
            place, birth, man, roll.deprivation[rows], roll.moral[rows], roll.door[rows], roll.schooling[rows],
            roll.flags[rows], none, none.copy(),
        )  # fmt: skip

    def working(self) -> Mask:
        """Who works, formally or not."""
        return np.isin(self.door, (FORMAL, INFORMAL))


class Help(NamedTuple):
    """What an arm gives this month."""

    mentor: bool
    job: bool
    job_begins: bool
    job_ends: bool
    transfers: bool


def help_of(given: Given, k: int) -> Help:
    """What an arm gives in its k-th month."""

    def on(span: Sequence[int]) -> bool:
        return span[0] <= k < span[1]

    begins, ends = (k == month and given.job[1] > given.job[0] and not given.returns for month in given.job)
    return Help(on(given.mentor), on(given.job), begins, ends, on(given.transfers))


def live(lives: Lives, model: NarcoDoor, *, trial: str, given: Help) -> None:
    """Let all live the month that the country has just lived."""
    month, draws = model.month - 1, model.world.draws
    street, rule = model.walked.street, model.walked.rule
    live_a_month(
        month, draws.key(f"crossroads of {trial}", month), draws.key(f"queue of {trial}"),
        draws.key(f"fate of {trial}", month), lives.place, lives.birth, lives.man, lives.deprivation, lives.moral,
        lives.door, lives.schooling, lives.flags, lives.inside_since, lives.entries, street, rule,
        _of_all_cartels(model), given,
    )  # fmt: skip


def _of_all_cartels(model: NarcoDoor) -> Hazards:
    """Hazards of a member whose cartel is not known: the mean over the members of his place."""
    hazards, held = model.lived.hazards, model.lived.threatened + 1e-9
    war, strife, let_go = (
        ((each * held).sum(axis=0) / held.sum(axis=0))[None, :]
        for each in (hazards.war, hazards.strife, hazards.let_go)
    )
    return hazards._replace(war=war, strife=strife, let_go=let_go)
