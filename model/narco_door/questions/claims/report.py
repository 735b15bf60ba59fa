"""What was found, as tables: polars frames and Markdown."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from narco_door.questions.claims.examining import Examined
from narco_door.questions.claims.reading import ClaimTest
from narco_door.questions.claims.verdicts import AGAINST, CANNOT_TELL, FOR, Finding, Verdict, amount, smallest

NOTHING = "nothing that was tried"
"""What changes a verdict that nothing changed."""

_HEAD = """\
# The seminar's claims

The rule was fixed before any run. A test compares two scenarios under the same luck and with the same numbers; its 90 %
interval (Student's t over pairs of replicates; the pairs are dealt over as many sets of numbers that history allows as
are named at the end, but have the fitted ones in a city without sets) is *for* the claim if it lies beyond the smallest
size that would matter on the claimed side, *against* it if it lies short of that size or on the other side, and
otherwise the model *cannot tell*. A claim of no effect stands inside that size both ways. A claim stands if all its
tests do; one that falls is enough against it.
What is told beside has no weight.
"""


def trials_frame(examined: Sequence[Examined]) -> pl.DataFrame:
    """Return one row for each test.

    Returns
    -------
    polars.DataFrame
        claim, test (a, b, ...), who, says, measure, scenario, compared_with, unit, expects, size, beside,
        mean, p05, p95 (in the unit), base, replicates, scaled, scaled_low, scaled_high (over the size, more speaks
        for the claim), verdict, why.
    """
    rows = [
        _test_row(each, letter, finding, verdict)
        for each in examined
        for letter, finding, verdict in zip("abcdefghij", each.findings, each.each, strict=False)
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def _test_row(each: Examined, letter: str, finding: Finding, verdict: Verdict) -> dict[str, object]:
    claim, test = each.claim, finding.test
    scaled, low, high = finding.scaled
    return {
        "claim": claim.number, "test": letter, "who": claim.who, "says": claim.says,
        "measure": test.measure, "scenario": test.scenario, "compared_with": compared_with(test),
        "unit": test.unit, "expects": test.expects, "size": test.size, "beside": test.beside,
        "mean": finding.mean, "p05": finding.low, "p95": finding.high, "base": finding.base,
        "replicates": finding.replicates, "scaled": scaled, "scaled_low": low, "scaled_high": high,
        "verdict": verdict.word, "why": verdict.why,
    }  # fmt: skip


def compared_with(test: ClaimTest) -> str:
    """Say what a test compares its scenario with."""
    if test.unit == "rate_ratio":
        return f"{test.before} and places without" + (f", in {test.reference}" if test.reference else "")
    if test.reference is not None:
        return test.reference
    return f"itself, {test.before}" if test.before is not None else f"{test.threshold:g}"


def findings_frame(examined: Sequence[Examined]) -> pl.DataFrame:
    """Return one row for each claim: claim, who, says, verdict, why, fails_if, flips."""
    rows = [
        {
            "claim": each.claim.number, "who": each.claim.who, "says": each.claim.says,
            "verdict": each.verdict.word, "why": each.verdict.why, "fails_if": each.claim.fails_if,
            "flips": flipped(each),
        }
        for each in examined
    ]  # fmt: skip
    return pl.DataFrame(rows)


def flipped(each: Examined) -> str:
    """Say what changes a verdict; nothing if it was not tried."""
    if each.flips is None:
        return ""
    return "; ".join(f"{name}: {word}" for name, word in each.flips) or NOTHING


def tally(examined: Sequence[Examined]) -> str:
    """Count the verdicts in words."""
    words = [each.verdict.word for each in examined]
    return ", ".join(f"{words.count(word)} {word}" for word in (FOR, AGAINST, CANNOT_TELL))


def markdown(examined: Sequence[Examined], *, about: str = "") -> str:
    """Return the whole as one Markdown text: a table of verdicts, then each claim with its tests."""
    tried = any(each.flips is not None for each in examined)
    heads = ["", "Who", "Claim", "Verdict", "Why", *(["Flips"] if tried else [])]
    table = [_line(heads), _line(["---"] * len(heads))]
    for each in examined:
        claim = each.claim
        cells = [str(claim.number), claim.who, claim.says, f"**{each.verdict.word}**", each.verdict.why]
        table.append(_line([*cells, *([flipped(each)] if tried else [])]))
    parts = [_HEAD, f"{tally(examined)}. {about}".strip(), "\n".join(table), *map(_section, examined)]
    return "\n\n".join(parts) + "\n"


def _section(each: Examined) -> str:
    claim = each.claim
    heads = ["", "Measure", "Scenario", "Compared with", "Difference (90 %)", "Matters from", "Expected", "Verdict"]
    rows = [_line(heads), _line(["---"] * len(heads))]
    for letter, finding, verdict in zip("abcdefghij", each.findings, each.each, strict=False):
        test = finding.test
        cells = [letter, test.measure, test.scenario, compared_with(test), amount(finding), smallest(test)]
        word = f"({verdict.word}; told beside)" if test.beside else verdict.word
        rows.append(_line([*cells, test.expects.replace("_", " "), word]))
    words = f"## {claim.number} {claim.who}: {claim.says}\n\nFails if {claim.fails_if} Assumed: {claim.assumes}"
    return words + "\n\n" + "\n".join(rows)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
