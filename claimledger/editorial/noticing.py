"""What an editor should look at twice before approving a claim, and may let stand: a notice, never a bar.

In: a claim. Out: the notices, as problems. The invariant: no step is refused because of one; what must not be published
is found by `agreement` and by `review`.
"""

from __future__ import annotations

from collections.abc import Mapping

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


def notices(claim: Claim) -> list[Problem]:
    """Return what to look at twice: a verdict on whether it is so that all its evidence speaks against."""
    value = claim.verdict_on(Question.SO)
    stances = {evidence.stance for evidence in claim.evidence} - {Stance.CONTEXT}
    found = (_AGAINST.get((value, stance)) for stance in stances if value and len(stances) == 1)
    return [notice for notice in found if notice]
