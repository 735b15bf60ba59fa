"""From weighted draws to sets of the same weight, and how far the weights may be trusted."""

from __future__ import annotations

import numpy as np

from narco_door.base.arrays import F8, I8


def weights(before: F8, after: F8) -> F8:
    """Importance weights of draws, float64[draw]: of logarithms of what they were drawn by and of what is now known."""
    raw: F8 = np.exp(after - before - np.max(after - before))
    return raw / raw.sum()


def effective(weight: F8) -> float:
    """How many draws of the same weight tell as much (Kish)."""
    return float(1.0 / np.sum(weight**2))


def tail(weight: F8) -> float:
    """Shape of the weights' upper tail; above 0.7 the weighted mean is not to be trusted (Vehtari and others 2024)."""
    from scipy.stats import genpareto

    highest = np.sort(weight)[-max(int(min(0.2 * len(weight), 3.0 * np.sqrt(len(weight)))), 5) :]
    over = highest[1:] - highest[0]
    return float(genpareto.fit(over, floc=0.0)[0]) if over.max() > 0 else 0.0


def dealt(weight: F8, number: int, *, seed: int) -> I8:
    """Which draws become sets, int64[number]: each as often as its weight says, the rest by one lot.

    Systematic resampling: a draw of weight w is taken ``w * number`` times, rounded up or down. They are shuffled, so
    that the first so many are a fair sample themselves.
    """
    rng = np.random.default_rng(seed)
    edges = np.cumsum(weight)
    taken = np.searchsorted(edges / edges[-1], (np.arange(number) + rng.random()) / number)
    out: I8 = rng.permutation(np.minimum(taken, len(weight) - 1)).astype(np.int64)
    return out
