"""What changes by itself from year to year: more schooling, more women at work, fewer youths without work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from narco_door.base.arrays import F8

if TYPE_CHECKING:
    from collections.abc import Mapping

    from narco_door.street.crossroads import Rule


def grown(rule: Rule, numbers: Mapping[str, float], switches: Mapping[str, bool], *, years: float) -> Rule:
    """The likings of school, work and home after so many years; utility moves on a straight line."""
    if not switches["trends"]:
        return rule
    better = work(numbers, switches, years=years)
    home: F8 = rule.like_home * np.exp([numbers["home_women_trend"] * years, 0.0])
    return rule._replace(
        like_school=rule.like_school * np.exp(numbers["school_trend"] * years), like_home=home,
        learn_formal=rule.learn_formal * better, learn_informal=rule.learn_informal * better,
    )  # fmt: skip


def work(numbers: Mapping[str, float], switches: Mapping[str, bool], *, years: float) -> float:
    """The liking of work, relative to the first month; a cartel's pay follows, for it is told relative to others'."""
    return float(np.exp(numbers["work_trend"] * years)) if switches["trends"] else 1.0


def seats(numbers: Mapping[str, float], switches: Mapping[str, bool], *, years: float) -> float:
    """School places for each youth, relative to the first month."""
    return (1.0 + numbers["seats_trend"]) ** years if switches["trends"] else 1.0
