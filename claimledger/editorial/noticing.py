"""What an editor should look at twice before approving a claim, and may let stand: a notice, never a bar.

In: a claim. Out: the notices, as problems. The invariant: no step is refused because of one; what must not be published
is found by `agreement` and by `review`.
"""

from __future__ import annotations

from collections.abc import Mapping

from claimledger.computed.days import days_of
from claimledger.errors import Problem
from claimledger.models import Claim
from claimledger.vocabulary import Question, Stance, VerdictValue

_AGAINST: Mapping[tuple[VerdictValue, Stance], Problem] = {
    (VerdictValue.SUPPORTED, Stance.REFUTES): Problem(
        "supported-against-evidence", "The verdict says 'supported', and all the evidence refutes the claim.",
        "Look whether the verdict, or what a document does to the claim, was chosen by mistake.", field="verdicts",
    ),
    (VerdictValue.REFUTED, Stance.SUPPORTS): Problem(
        "refuted-against-evidence", "The verdict says 'refuted', and all the evidence supports the claim.",
        "Look whether the verdict, or what a document does to the claim, was chosen by mistake.", field="verdicts",
    ),
}  # fmt: skip
"""Verdict, and the one stance that all evidence takes, to what is said of the two."""


_ENDED = Problem(
    "forecast-ended", "The verdict says 'not_checkable', and the period that was foretold had ended by its day.",
    "Look whether it can be checked by now; what was looked for and not found is 'not_enough_evidence'.",
    field="verdicts",
)  # fmt: skip


def notices(claim: Claim) -> list[Problem]:
    """Return what to look at twice in a verdict on whether it is so.

    All its evidence speaks against it, or it says that a forecast cannot be checked whose time is over.
    """
    value = claim.verdict_on(Question.SO)
    stances = {evidence.stance for evidence in claim.evidence} - {Stance.CONTEXT}
    found = (_AGAINST.get((value, stance)) for stance in stances if value and len(stances) == 1)
    return [*(notice for notice in found if notice), *([_ENDED] if _is_over(claim) else [])]


def _is_over(claim: Claim) -> bool:
    """Whether a claim of what was to come is called not checkable on a day when its period has ended."""
    if not claim.about_on:
        return False
    ended = days_of(claim.about_on).last
    is_of_past = claim.said_on and ended <= days_of(claim.said_on).last
    judged = (one.as_of for one in claim.verdicts if one.question is Question.SO and one.value is _NOT_CHECKABLE)
    return not is_of_past and any(ended < days_of(str(day)).last for day in judged)


_NOT_CHECKABLE = VerdictValue.NOT_CHECKABLE
