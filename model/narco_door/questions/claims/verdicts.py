"""The rule, fixed before any run: from an interval to for, against, or cannot tell, and one sentence why."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from narco_door.country.facts import parameters
from narco_door.questions.claims.reading import Claim, ClaimTest, Unit
from narco_door.results.intervals import alike, student_t

FOR, AGAINST, CANNOT_TELL = "for", "against", "cannot tell"
ONE_REPLICATE = "one replicate has no interval"
ALIKE = "the same in every pair: too few, or of too coarse a scale, for an interval"
_MOST_REPLICATES = 500


@dataclass(frozen=True)
class Verdict:
    """What the model finds, and one sentence why."""

    word: str
    why: str


@dataclass(frozen=True)
class Finding:
    """The difference that a test measured, over pairs of replicates, in the unit of the test.

    Attributes
    ----------
    mean, low, high
        Mean difference with the ends of its 90 % Student t interval; no ends with one replicate.
    base
        Mean of what it is compared with.
    """

    test: ClaimTest
    mean: float
    low: float | None
    high: float | None
    base: float
    replicates: int

    @property
    def scaled(self) -> tuple[float, float | None, float | None]:
        """Mean and ends in units of the smallest size that matters, turned so that more speaks for the claim."""
        sign = -1.0 if self.test.expects in ("less", "not_more") else 1.0
        ends = [None if end is None else sign * end / self.test.size for end in (self.low, self.high)]
        low, high = ends if sign > 0 else ends[::-1]
        return sign * self.mean / self.test.size, low, high


def judge(finding: Finding) -> Verdict:
    """Apply the rule to one test.

    With d the difference over the smallest size that matters, turned so that more speaks for the claim, and its 90 %
    interval: a claim of *more* or *less* stands if the interval lies above 1, and falls if it lies below 1, be it on
    the other side or too small to matter. A claim of *none* stands inside -1 to 1 and falls outside; a claim of *some*
    the other way round. A claim of *not more* or *not less* stands above -1 and falls below it. All else cannot be
    told, nor can a difference of persons that is the same in every pair: its interval has no width.
    """
    _, low, high = finding.scaled
    if low is None or high is None:
        return Verdict(CANNOT_TELL, ONE_REPLICATE)
    counted = finding.test.record.startswith(("n_", "new_"))  # other records may have no luck in them
    if counted and finding.mean and alike(low, high):
        return Verdict(CANNOT_TELL, f"{finding.test.measure}: {amount(finding)}, {ALIKE}")
    expects = finding.test.expects
    inside, outside = low > -1 and high < 1, low > 1 or high < -1
    if expects == "none":
        stands, falls = inside, outside
    elif expects == "some":
        stands, falls = outside, inside
    else:
        bar = 1.0 if expects in ("more", "less") else -1.0
        stands, falls = low > bar, high < bar
    word = FOR if stands else AGAINST if falls else CANNOT_TELL
    return Verdict(word, f"{finding.test.measure}: {amount(finding)}, {_because(word, finding)}")


def _because(word: str, finding: Finding) -> str:
    test, (mean, low, high) = finding.test, finding.scaled
    assert low is not None
    assert high is not None
    bar = f"the {smallest(test)} that would matter"
    if word == FOR:
        if test.expects == "none":
            return f"within {bar}"
        return f"no change the wrong way of {bar}" if test.expects.startswith("not_") else f"beyond {bar}"
    if word == AGAINST:
        if test.expects == "none":
            return f"more than {bar}"
        if test.expects in ("more", "less", "some") and high > -1:
            return f"less than {bar}"
        return "the other way"
    return f"an interval too wide for {bar}{_how_many(finding, mean, low, high)}"


def _how_many(finding: Finding, mean: float, low: float, high: float) -> str:
    """Say how many replicates would settle it, if the mean stayed where it is."""
    bars = {"none": (-1.0, 1.0), "some": (-1.0, 1.0), "not_more": (-1.0,), "not_less": (-1.0,)}.get(
        finding.test.expects, (1.0,)
    )
    away = min(abs(mean - bar) for bar in bars)
    n = finding.replicates
    spread = (high - low) / 2 / student_t(0.95, n - 1) * math.sqrt(n)
    if spread <= 0:
        return ""
    need = next((k for k in range(n, _MOST_REPLICATES) if student_t(0.95, k - 1) * spread / math.sqrt(k) < away), None)
    return (
        f"; about {need} replicates would settle it if the mean stayed"
        if need
        else "; more replicates would hardly settle it"
    )


def conclude(claim: Claim, findings: Sequence[Finding]) -> Verdict:
    """Join the tests of a claim but those told beside, and add what it rests on."""
    each = [judge(finding) for finding in findings if not finding.test.beside]
    words = [verdict.word for verdict in each]
    if claim.join == "compared" and FOR in words and AGAINST in words:
        told = "; ".join(f"{verdict.why} ({verdict.word})" for verdict in each)
        return Verdict(CANNOT_TELL, f"It depends on compared with what: {told}. {_rests_on(claim)}")
    falls = AGAINST in words if claim.join == "all" else set(words) == {AGAINST}
    word = AGAINST if falls else FOR if set(words) == {FOR} else CANNOT_TELL
    why = "; ".join(dict.fromkeys(verdict.why for verdict in each if verdict.word == word))
    return Verdict(word, f"{why[:1].upper()}{why[1:]}. {_rests_on(claim)}")


def _rests_on(claim: Claim) -> str:
    """Name what the answer takes for granted: the pair itself, and the numbers that nobody has measured."""
    guessed = [name for name in claim.parameters if parameters()[name].grade == "assumed"]
    numbers = f" Numbers that nobody has measured: {', '.join(guessed)}." if guessed else ""
    return f"Assumed: {claim.assumes[:1].lower()}{claim.assumes[1:].rstrip('.')}.{numbers}"


def amount(finding: Finding) -> str:
    """Write the difference with its interval and unit."""
    kind = "rate ratio " if finding.test.unit == "rate_ratio" else ""
    return f"{kind}{difference(finding.test.unit, finding.mean, finding.low, finding.high)}"


def difference(unit: Unit, mean: float, low: float | None, high: float | None, *, to: str = "to") -> str:
    """Write a difference in the unit of its test, each number in about three figures, with the word between ends."""
    told = [(f"{math.exp(v):.2f}" if unit == "rate_ratio" else _signed(v)) for v in (mean, low, high) if v is not None]
    middle = f"{told[0]} %" if unit == "percent" else told[0]
    return middle if len(told) < 3 else f"{middle} ({told[1]} {to} {told[2]})"


def smallest(test: ClaimTest) -> str:
    """Write the smallest size that matters, with its unit."""
    if test.unit == "rate_ratio":
        return f"factor of {math.exp(test.size):.2f}"
    return f"{test.size:g}{' %' if test.unit == 'percent' else ''}"


def _signed(value: float) -> str:
    sign = "+" if value > 0 else "−" if value < 0 else ""
    size = abs(value)
    digits = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 0.1 else 3
    return f"{sign}{size:,.{digits}f}"
