"""The equations of Prieto-Curiel, Campedelli and Hope (2023, Science 381:1312-1316), and what they say of homicides.

The constants are those of the authors' published code. Who is whose enemy they took from a table of 2020 that is not
passed on here: networks as dense, with as many groups that have no tie, are drawn in its place.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from narco_door.base.arrays import F8, I8

RHO, ETA, THETA, OMEGA = 2.527474e-3, 110.0, 1.549231e-8, 4e-8
GROUPS, RIVALS, ALLIES = 150, 92, 91
START: Final[F8] = 115_000 / np.arange(1, GROUPS + 1) / (1 / np.arange(1, GROUPS + 1)).sum()
"""Members of each group in January 2012."""
NEAREST = "hubs, allies first"
"""The kind of network that is nearest to the recorded one (notebook 04)."""
_WEEKS = 52


def flows(C: F8, S: F8, *, recruiting: float = 1.0, arresting: float = 1.0) -> tuple[F8, F8, F8, F8]:
    """Recruits, arrests, killings and leavers of each group in a week, float64[..., group] each.

    Parameters
    ----------
    C
        Members, float64[..., group].
    S
        How much each meets each, float64[..., group, group], as from `strife`.
    recruiting, arresting
        Times as much of either.
    """
    total = C.sum(axis=-1, keepdims=True)
    meetings = (S @ C[..., None])[..., 0]
    return recruiting * RHO * C, arresting * ETA * C / total, THETA * C * meetings, OMEGA * C**2


def strife(seed: int, kind: str) -> F8:
    """How much each group meets each: (rivals + 1) / (allies + 1), float64[group, group]; a random network.

    Parameters
    ----------
    kind
        "even": all pairs alike; "hubs": some groups draw many ties; in both the best connected groups are the largest.
        `NEAREST`: hubs, and the largest groups have most allies.
    """
    rng = np.random.default_rng(seed)
    pulls = (0.0, 0.0) if kind == "even" else (1.03, 0.66)
    rivals, allies = _ties(rng, RIVALS, pulls[0]), _ties(rng, ALLIES, pulls[1])
    degree = allies.sum(axis=0) if kind == NEAREST else (rivals + allies).sum(axis=0)
    order = np.ix_(*[np.argsort(-degree, kind="stable")] * 2)
    found: F8 = (rivals[order] + 1) / (allies[order].sum(axis=1) + 1)[:, None]
    np.fill_diagonal(found, 0)
    return found


def _ties(rng: np.random.Generator, pairs: int, pull: float) -> F8:
    """A symmetric table with this many ties; with pull, some groups draw more of them."""
    weight = np.arange(1.0, GROUPS + 1) ** -pull
    i, j = np.tril_indices(GROUPS, -1)
    chance = weight[i] * weight[j]
    chosen = rng.choice(i.size, pairs, replace=False, p=chance / chance.sum())
    table = np.zeros((GROUPS, GROUPS))
    table[i[chosen], j[chosen]] = table[j[chosen], i[chosen]] = 1
    return table


def killed(years: int, *, networks: int = 40, kind: str = NEAREST) -> F8:
    """Members killed in each of the first years from 2012 on, float64[network, year], a week at a time."""
    S = np.array([strife(seed, kind) for seed in range(networks)])
    C = np.tile(START, (networks, 1))
    found = np.zeros((networks, years))
    for week in range(years * _WEEKS):
        recruits, jailed, dead, leavers = flows(C, S)
        found[:, week // _WEEKS] += dead.sum(axis=-1)
        C = C + recruits - jailed - dead - leavers
    return found


def homicide_rates(rate: float, people: I8) -> F8:
    """Homicides per 100,000 people after 2012 if they grow as members killed do, float64[network, year].

    The authors hold that killed members are a fixed share of homicides and the missing, and fitted their constants to
    these from 2012 to 2021: unlike every other forecast this one has seen most of what it forecasts.

    Parameters
    ----------
    rate
        That of 2012 on record.
    people
        int64[year] from 2012 on.
    """
    dead = killed(len(people))
    grown: F8 = dead[:, 1:] / dead[:, :1] * (people[0] / people[1:])
    return rate * grown
