"""A formality cut-off: a family with transfers loses part of what a formal job is worth (Khanna et al. 2023)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from narco_door.base.arrays import F8

if TYPE_CHECKING:
    from collections.abc import Mapping

    from narco_door.street.crossroads import Rule


def kept(rule: Rule, law: Mapping[str, float], numbers: Mapping[str, float]) -> F8:
    """What is left of the liking for a formal job by schooling, [256]; 1 without a cut-off.

    The share of the utility beyond informal work that the law takes; at 1 a formal job is worth informal work.
    """
    gain = numbers["value_formal"] - numbers["value_informal"] + np.log(rule.learn_formal / rule.learn_informal)
    left: F8 = np.exp(-law["formality_cutoff"] * np.maximum(gain, 0.0))
    return left
