"""Keyed draws: the only source of chance.

A draw is a pure function of (seed, decision, month, who).  Nothing is consumed, so two scenarios with the same
seed share everybody's luck, and neither threads nor the order of evaluation can change an answer.  The hash is
the finaliser of SplitMix64 (Steele, Lea and Flood 2014, OOPSLA), a counter-based generator.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

import numpy as np

from narco_door.base.arrays import F8, Names
from narco_door.base.compiling import njit

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S11, _S32 = (np.uint64(k) for k in (30, 27, 31, 11, 32))
_LOW = np.uint64(0xFFFFFFFF)
_TO_UNIT = 2.0**-53
_TO_UNIT32 = 2.0**-32
_MASK = (1 << 64) - 1


@njit(inline="always")
def mix(z):
    """Scramble 64 bits (SplitMix64 finaliser)."""
    z = (z ^ (z >> _S30)) * _FIRST
    z = (z ^ (z >> _S27)) * _SECOND
    return z ^ (z >> _S31)


@njit(inline="always")
def luck(key, who):
    """64 random bits that belong to one decision, month and person."""
    return mix(key + np.uint64(who) * GOLDEN)


@njit(inline="always")
def unit(bits):
    """Bits as a uniform number in [0, 1)."""
    return (bits >> _S11) * _TO_UNIT


@njit(inline="always")
def high(bits):
    """The upper half of the bits as a uniform number in [0, 1)."""
    return (bits >> _S32) * _TO_UNIT32


@njit(inline="always")
def low(bits):
    """The lower half of the bits as a uniform number in (0, 1)."""
    return ((bits & _LOW) + 0.5) * _TO_UNIT32


@njit(cache=True)
def _uniforms(begun, month, who, out):
    key = mix(begun + np.uint64(month))
    for j in range(who.size):
        out[j] = unit(luck(key, who[j]))


@lru_cache(maxsize=4096)
def _decision(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest())


def _mix(z: int) -> int:
    z = ((z ^ (z >> 30)) * int(_FIRST)) & _MASK
    z = ((z ^ (z >> 27)) * int(_SECOND)) & _MASK
    return z ^ (z >> 31)


def salt(number: int) -> np.uint64:
    """An odd constant that sets one draw of a decision apart from the next."""
    return np.uint64((2 * number + 1) * int(GOLDEN) & _MASK)


class Draws:
    """Everybody's luck under one seed.

    Parameters
    ----------
    seed : int
        Any integer; replicates of a run have seeds of their own (`replicate_seed`).
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._begun: dict[str, np.uint64] = {}  # of each decision what does not change with the month

    def key(self, decision: str, month: int = 0) -> np.uint64:
        """The key of a decision in a month, to be combined with who decides."""
        return np.uint64(_mix(int(self._before(decision)) + month & _MASK))

    def _before(self, decision: str) -> np.uint64:
        begun = self._begun.get(decision)
        if begun is None:
            mixed = _mix((_mix(self.seed & _MASK) + _decision(decision)) & _MASK)
            begun = self._begun[decision] = np.uint64(mixed)
        return begun

    def uniforms(self, decision: str, month: int, who: Names) -> F8:
        """One uniform number in [0, 1) for each of `who`, shape of `who`."""
        out = np.empty(who.size)
        _uniforms(self._before(decision), month, who, out)
        return out

    def uniform(self, decision: str, month: int, who: int) -> float:
        """One uniform number in [0, 1)."""
        bits = _mix((int(self.key(decision, month)) + who * int(GOLDEN)) & _MASK)
        return (bits >> 11) * _TO_UNIT


def replicate_seed(seed: int, replicate: int) -> int:
    """The seed of a replicate: the same for every scenario, so that scenarios share their luck."""
    return _mix((_mix(seed & _MASK) + replicate * int(GOLDEN)) & _MASK)


def child_key(parent: int, month: int, sibling: int) -> int:
    """A stable name, as 64 bits, for what is born of `parent` in `month`: the same in every scenario."""
    return _mix((_mix((parent + month) & _MASK) + sibling) & _MASK)
