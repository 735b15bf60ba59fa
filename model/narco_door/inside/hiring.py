"""Who takes a recruit: the cartels of his place that have a post for him, each in proportion to its vacancies."""

from __future__ import annotations

import numpy as np

from narco_door.base.arrays import F8, I8, Mask
from narco_door.base.compiling import njit


def hired(place: I8, draw: F8, *, vacancies: F8, members: F8, alive: Mask, agent: int) -> I8:
    """Which cartel takes each recruit, int64[recruit].

    A vacancy takes one; where none is left the recruit goes to a cartel of the place in proportion to its members.

    Parameters
    ----------
    place, draw : int64[recruit], float64[recruit]
        Where each is, and his luck.
    vacancies, members : float64[cartel, place]
        In persons.
    alive : bool[cartel]
        Who takes a recruit of a place in which nobody is.
    agent : int
        How many persons a recruit stands for.
    """
    chosen = np.empty(place.size, np.int64)
    _hire(vacancies.copy(), members, alive.astype(np.float64), place, draw, float(agent), chosen)
    return chosen


@njit(cache=True)
def _hire(vacancies, members, alive, places, draw, agent, chosen):  # type: ignore[no-untyped-def]
    for j in range(places.size):
        vacant, weights = vacancies[:, places[j]], vacancies[:, places[j]]
        if _sum(weights) <= 0.0:
            weights = members[:, places[j]]
        if _sum(weights) <= 0.0:
            weights = alive
        chosen[j] = _dealt(weights, draw[j] * _sum(weights))
        vacant[chosen[j]] = max(vacant[chosen[j]] - agent, 0.0)


@njit
def _sum(weights):  # type: ignore[no-untyped-def]
    """As numpy's own, which takes a second to compile."""
    whole = 0.0
    for weight in weights:
        whole += weight
    return whole


@njit
def _dealt(weights, at):  # type: ignore[no-untyped-def]
    """Whose part `at` falls in, if they lie side by side."""
    edge = 0.0
    for k in range(weights.size):
        edge += weights[k]
        if at < edge:
            return k
    return weights.size - 1
