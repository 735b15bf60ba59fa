"""Rows of cartels that are gone can be dropped at any time: nobody who is left can tell."""

from __future__ import annotations

import numpy as np
import pytest

from narco_door.inside import cartels
from narco_door.month.model import NarcoDoor
from worlds import STORM, pages, plan

NEVER = 10**9
RESTLESS = {
    **STORM,
    "exit_rate": 0.5,
    "absorb_rate": 0.2,
    "pact_rate": 0.02,
    "split_min_size": 200.0,
    "split_again": 0.8,
}
"""Cartels come apart and are gone by the dozen; there are wars and pacts among those that stay."""


def forgetting(many: int, monkeypatch: pytest.MonkeyPatch) -> NarcoDoor:
    """Five years in which so many must be gone before they are forgotten."""
    monkeypatch.setattr(cartels, "MANY_GONE", many)
    return NarcoDoor(plan(until="2011-12", persons=1000, numbers=RESTLESS)).run()


def test_who_is_gone_may_be_forgotten_every_month_or_never(monkeypatch: pytest.MonkeyPatch) -> None:
    often, never = (forgetting(many, monkeypatch) for many in (0, NEVER))
    rows, all_rows = (len(model.world.cartels.cartels) for model in (often, never))
    assert all_rows - rows >= 20, "hardly anybody was forgotten"
    assert len(never.world.cartels.wars) > 0 < len(never.world.cartels.pacts)
    assert pages(often).tobytes() == pages(never).tobytes()
    assert often.records.events().equals(never.records.events())
    assert often.careers_frame().equals(never.careers_frame())


def test_what_is_known_of_those_who_stay_stays_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = (forgetting(many, monkeypatch).world for many in (0, NEVER))
    kept = {cartel.key: cartel.row for cartel in other.cartels.cartels}
    rows = np.array([kept[cartel.key] for cartel in one.cartels.cartels])
    assert (np.diff(rows) > 0).all()  # in their old order, so that the older of a pair is still the first
    assert [cartel.row for cartel in one.cartels.cartels] == list(range(rows.size))
    for column in cartels.OF_EACH:
        assert (getattr(one.cartels, column) == getattr(other.cartels, column)[rows]).all(), column
    for name in ("wars", "pacts"):
        mine, theirs = getattr(one.cartels, name), getattr(other.cartels, name)
        fought = np.isin(theirs.a, rows) & np.isin(theirs.b, rows)  # pacts of the dead bind nobody
        assert (rows[mine.a] == theirs.a[fought]).all(), name
        assert (rows[mine.b] == theirs.b[fought]).all(), name
    assert (rows[one.careers.table["cartel"]] == other.careers.table["cartel"]).all()
