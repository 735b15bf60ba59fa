"""Sentences of the debate and what the model says to them: the claims as they were examined and kept."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import narco_door
from narco_door.base.declared import switches
from narco_door.country.facts import parameters
from narco_door.questions.claims import claims
from narco_door.questions.claims.verdicts import difference
from narco_door.show.formats import number
from narco_door.show.words import Language, say, translated

VERDICTS: Final = ("for", "against", "cannot tell")
_FLIP: Final = re.compile(r"(?:without (?P<switch>\w+)|(?P<name>\w+) at (?P<value>[-\d.e+]+)): (?P<verdict>[a-z ]+)")


@dataclass(frozen=True)
class Tried:
    """One comparison that was run for a sentence."""

    row: dict[str, str]

    @property
    def scenario(self) -> str:
        """The scenario that was run."""
        return self.row["scenario"]

    @property
    def compared_with(self) -> str:
        """The scenario, the time or the number that it was compared with."""
        return self.row["compared_with"]

    @property
    def beside(self) -> bool:
        """Whether it is only told, without weight in the verdict."""
        return self.row["beside"] == "true"

    def told(self, language: Language) -> str:
        """What was measured, the difference with its interval, and what that says."""
        row = self.row
        low, high = (float(row[end]) if row[end] else None for end in ("p05", "p95"))
        unit, to = row["unit"], say("claims_to", language)
        amount = difference(unit, float(row["mean"]), low, high, to=to)  # type: ignore[arg-type]
        why = say(f"tried_{_key(row['verdict'])}", language, n=row["replicates"])
        what = translated(row["measure"], language)
        return f"{what[:1].upper()}{what[1:]}: {amount}. {why}"


@dataclass(frozen=True)
class Statement:
    """A sentence, the verdict, the comparisons behind it, and what turns it."""

    number: int
    who: str
    says: str
    verdict: str
    tried: tuple[Tried, ...]
    flips: str

    def turned_by(self, language: Language) -> list[str]:
        """Each mechanism or number without which the verdict is another, in words."""
        return [_flip(found, language) for found in _FLIP.finditer(self.flips)]


def _flip(found: re.Match[str], language: Language) -> str:
    verdict = say(f"verdict_{_key(found['verdict'].strip())}", language)
    if found["switch"]:
        what = translated(switches()[found["switch"]].label, language)
        return say("turned_without", language, what=what, verdict=verdict)
    what, n = translated(parameters()[found["name"]].meaning, language), number(float(found["value"]))
    return say("turned_at", language, what=what, n=n, verdict=verdict)


def _key(verdict: str) -> str:
    return verdict.replace(" ", "_")


def folder() -> Path:
    """Where the examined claims are kept: beside the repository's model, or inside the installed package."""
    package = Path(narco_door.__file__).parent
    beside = package.parent.parent / "notebooks" / "claims"
    return beside if (beside / "claims.csv").is_file() else package / "kept" / "claims"


@cache
def statements() -> dict[int, Statement]:
    """Every claim that was examined, by number."""
    flips = {row["claim"]: row["flips"] for row in _rows("ablations.csv")}
    tests = _rows("claims_tests.csv")
    return {int(row["claim"]): _statement(row, tests, flips) for row in _rows("claims.csv")}


def _statement(row: dict[str, str], tests: Sequence[dict[str, str]], flips: dict[str, str]) -> Statement:
    mine = tuple(Tried(test) for test in tests if test["claim"] == row["claim"])
    claim = claims()[int(row["claim"])]
    return Statement(claim.number, claim.who, claim.says, row["verdict"], mine, flips.get(row["claim"], ""))


def _rows(name: str) -> list[dict[str, str]]:
    with (folder() / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
