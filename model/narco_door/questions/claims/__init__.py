"""The seminar's claims, each an experiment: a pair of scenarios, a statistic, and a stated way to fail.

`claims` reads them, `examine` lives their scenarios and finds for, against, or cannot tell.
"""

from narco_door.questions.claims.examining import Examined, examine, flips
from narco_door.questions.claims.reading import Claim, ClaimTest, claims, claims_named
from narco_door.questions.claims.report import findings_frame, markdown, trials_frame
from narco_door.questions.claims.verdicts import AGAINST, CANNOT_TELL, FOR, Finding, Verdict

__all__ = [
    "AGAINST",
    "CANNOT_TELL",
    "FOR",
    "Claim",
    "Examined",
    "Finding",
    "ClaimTest",
    "Verdict",
    "claims",
    "claims_named",
    "examine",
    "findings_frame",
    "flips",
    "markdown",
    "trials_frame",
]
