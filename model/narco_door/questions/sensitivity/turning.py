"""Where the answer turns: boxes of numbers in which most sets have the other sign, as a small tree finds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from narco_door.base.arrays import F8, I8, Mask

DEPTH = 2
LEAST = 0.1
"""Share of the sets that a box holds at least."""
FOLDS = 5
PERMUTATIONS = 99
LEVEL = 0.05


@dataclass(frozen=True)
class Box:
    """Sets within some bounds.

    Attributes
    ----------
    bounds
        Number to (low, high) in its own units; infinite where there is none.
    sets, turned
        How many sets lie in it, and how many of these have the other sign.
    share
        Of all worlds.
    """

    bounds: Mapping[str, tuple[float, float]]
    sets: int
    turned: int
    share: float


@dataclass(frozen=True)
class Turning:
    """Whether the sign of what is averted turns in a box.

    Attributes
    ----------
    averts
        Whether most sets avert; where as many do as do not, whether their mean does.
    sets, turned
        How many differ from the reference at all, and how many of these have the other sign.
    boxes : list of Box
        None unless boxes tell the sign of sets that they were not made from better than saying always the same, and
        better than by chance.
    told
        Share of such sets whose sign they tell.
    chance
        How often boxes made from signs dealt anew tell as much.
    """

    averts: bool
    sets: int
    turned: int
    boxes: list[Box]
    told: float
    chance: float


def turning(names: Sequence[str], values: F8, places: F8, averted: F8, worlds: I8) -> Turning:
    """Look for the boxes.

    Parameters
    ----------
    names, values, places, averted, worlds
        As `Points` has them.
    """
    differs = averted != 0
    up = averted[differs] > 0
    most = 2 * int(up.sum()) - len(up)
    averts = bool(most > 0 or (most == 0 and averted.sum() > 0))
    other, sets = (~up if averts else up), len(up)
    always = float(1.0 - other.mean()) if sets else 1.0
    if int(other.sum()) < FOLDS:
        return Turning(averts, sets, int(other.sum()), [], always, 1.0)
    tree, x = _tree(sets), places[differs]
    told, chance = _held_out(tree, x, other, always)
    boxes = list[Box]()
    if told > always and chance <= LEVEL:
        share = worlds[differs] / worlds.sum()
        boxes = [_box(b, names, values[differs], x, other, share) for b in _boxes(tree.fit(x, other).tree_)]
    return Turning(averts, sets, int(other.sum()), boxes, told, chance)


def _tree(sets: int) -> Any:
    from sklearn.tree import DecisionTreeClassifier

    least = max(int(np.ceil(LEAST * sets)), FOLDS)
    return DecisionTreeClassifier(max_depth=DEPTH, min_samples_leaf=least, random_state=1)


def _held_out(tree: Any, x: F8, other: Mask, always: float) -> tuple[float, float]:
    """Share of sets whose sign is told by trees made without them, and how often chance tells as much."""
    told, rng = _told(tree, x, other), np.random.default_rng(1)
    if told <= always:  # chance need not be asked
        return told, 1.0
    as_good = sum(_told(tree, x, rng.permutation(other)) >= told for _ in range(PERMUTATIONS))
    return told, (1 + as_good) / (1 + PERMUTATIONS)


def _told(tree: Any, x: F8, other: Mask) -> float:
    from sklearn.model_selection import StratifiedKFold

    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=1).split(x, other)
    return sum(int((tree.fit(x[made], other[made]).predict(x[out]) == other[out]).sum()) for made, out in folds) / len(
        x
    )


type _Bounds = dict[int, tuple[float, float]]


def _boxes(tree: Any) -> list[_Bounds]:
    """Places within which the tree says the other sign; two halves that both say so are one."""

    def down(node: int, bounds: _Bounds) -> list[_Bounds]:
        number, cut = int(tree.feature[node]), float(tree.threshold[node])
        if number < 0:
            return [bounds] if tree.value[node][0].argmax() == 1 else []
        low, high = bounds.get(number, (-np.inf, np.inf))
        left = down(int(tree.children_left[node]), {**bounds, number: (low, cut)})
        right = down(int(tree.children_right[node]), {**bounds, number: (cut, high)})
        whole = left == [{**bounds, number: (low, cut)}] and right == [{**bounds, number: (cut, high)}]
        return [bounds] if whole else left + right

    return down(0, {})


def _box(bounds: _Bounds, names: Sequence[str], values: F8, places: F8, other: Mask, share: F8) -> Box:
    """The same in the numbers' own units, each cut half way between the sets on its two sides."""
    inside = np.all([(places[:, k] > low) & (places[:, k] <= high) for k, (low, high) in bounds.items()], axis=0)

    def cut(k: int, place: float) -> float:
        if not np.isfinite(place):
            return place
        below = places[:, k] <= place
        return float((values[below, k].max() + values[~below, k].min()) / 2.0)

    told = {names[k]: (cut(k, low), cut(k, high)) for k, (low, high) in bounds.items()}
    return Box(told, int(inside.sum()), int(other[inside].sum()), float(share[inside].sum()))
