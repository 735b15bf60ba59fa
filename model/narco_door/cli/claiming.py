"""What ``narco-door claims`` and ``compare --ablate`` say: rows of words, printed elsewhere."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import polars as pl

from narco_door.show.formats import averted, percent
from narco_door.show.sheets import Head, Sheet

if TYPE_CHECKING:
    from narco_door.questions.claims import Claim, Examined

NUMBER = Head("", right=True)


def claims_sheet(asked: "Sequence[Claim]") -> Sheet:
    """Return the claims, who made them, what is compared and how each may fail."""
    rows = [
        [
            str(claim.number),
            f"{claim.who}: {claim.says}\nFails if {claim.fails_if}",
            "\n".join(_pairs(claim)),
        ]
        for claim in asked
    ]
    note = "narco-door claims 5 puts one to the model; narco-door show claims/... shows a scenario"
    return Sheet("The seminar's claims", (NUMBER, Head("who, what, and how it may fail"), Head("compares")), rows, note)


def _pairs(claim: "Claim") -> list[str]:
    from narco_door.questions.claims.report import compared_with

    return list(dict.fromkeys(f"{test.scenario} with {compared_with(test)}" for test in claim.test))


def verdicts_sheet(examined: "Sequence[Examined]") -> Sheet:
    """Return one row for each claim: the verdict and one sentence why."""
    from narco_door.questions.claims.report import flipped, tally

    tried = any(each.flips is not None for each in examined)
    rows = [
        [
            str(each.claim.number),
            f"{each.claim.who}: {each.claim.says}",
            each.verdict.word,
            each.verdict.why,
            *([flipped(each)] if tried else []),
        ]
        for each in examined
    ]
    heads = (NUMBER, Head("claim"), Head("verdict", whole=True), Head("why"), *((Head("flips"),) if tried else ()))
    pairs = max((finding.replicates for each in examined for finding in each.findings), default=0)
    note = f"{tally(examined)}; {pairs} pairs of replicates under the same luck, 90 % intervals (Student's t)"
    return Sheet("What the model finds", heads, rows, note)


def ablation_sheets(found: pl.DataFrame) -> list[Sheet]:
    """Return a table for each scenario: what it averts without each mechanism, and the share that goes with it.

    Parameters
    ----------
    found
        As from `narco_door.questions.ablation.ablate`.
    """
    return [_ablation(str(name), rows) for (name,), rows in found.group_by("scenario", maintain_order=True)]


def _ablation(scenario: str, found: pl.DataFrame) -> Sheet:
    measures = found["measure"].unique(maintain_order=True).to_list()
    rows = []
    for (ablated,), part in found.group_by("ablated", maintain_order=True):
        cells = {row["measure"]: _cell(row) for row in part.iter_rows(named=True)}
        rows.append([str(ablated), *(cells[measure] for measure in measures)])
    heads = (Head("left out", whole=True), *(Head(measure, right=True) for measure in measures))
    pairs = max(found["replicates"].to_list(), default=0)
    note = (
        f"mean of {pairs} pairs under the same luck with its 90 % interval; below it the share of the difference that "
        "goes with what is left out (over 100 % turns its sign, a minus sign means that more would be averted); "
        "not given where the whole difference or what is left of it is unclear"
    )
    return Sheet(f"{scenario}: what carries the difference", heads, rows, note)


def _cell(row: dict[str, float | None]) -> str:
    mean, low, high, share = (row[name] for name in ("mean", "p05", "p95", "carried"))
    told = "" if mean is None else averted(mean)
    if low is not None and high is not None:
        told += f"\n{averted(low)} to {averted(high)}"
    return told + (f"\n{percent(share)} gone" if share is not None else "")
