"""The labels and meanings of verdicts, which depend on the question they answer.

Records store the same values for both questions. The label says which question was answered: "Confirmed" for the fact
check, "Confirmed quote" for the quote check.
"""

from __future__ import annotations

from collections.abc import Mapping

from claimledger.labels import shared_labels
from claimledger.models import Claim
from claimledger.vocabulary import Question, Term, VerdictValue, VerificationStatus


class QuoteCheckStatus(Term):
    """The status of a claim on the quote check; stored as the values of `VerificationStatus`."""

    NOT_CHECKED = "not_checked", "Not checked yet", "검증 전"
    SUPPORTED = "supported", "Confirmed quote", "실제 발언"
    REFUTED = "refuted", "Misquoted or not said", "발언과 다름"
    CONFLICTING_EVIDENCE = "conflicting_evidence", "Mixed", "엇갈림"
    NOT_ENOUGH_EVIDENCE = "not_enough_evidence", "Not confirmed", "확인 안 됨"
    NOTHING_FOUND = "nothing_found", "Searched, nothing found", "찾았으나 자료 없음"
    NOT_CHECKABLE = "not_checkable", "Not a checkable fact", "검증 대상 아님"


def labelled_verdict(question: Question, value: VerdictValue | VerificationStatus) -> Term:
    """Return the term whose label fits the question a value answers.

    >>> [labelled_verdict(question, VerdictValue.SUPPORTED).label_ko for question in Question]
    ['실제 발언', '사실로 확인']
    """
    return QuoteCheckStatus(value) if question is Question.SAID else value


def public_status(value: VerdictValue | str | None, *, has_evidence: bool) -> VerificationStatus:
    """Return the public status for a verdict, which depends on whether the claim has evidence.

    >>> [str(public_status("not_enough_evidence", has_evidence=found)) for found in (True, False)]
    ['not_enough_evidence', 'nothing_found']
    >>> str(public_status(None, has_evidence=False))
    'not_checked'
    """
    if value == VerdictValue.NOT_ENOUGH_EVIDENCE and not has_evidence:
        return VerificationStatus.NOTHING_FOUND
    return VerificationStatus(value or VerificationStatus.NOT_CHECKED)


def status_on(claim: Claim, question: Question) -> VerificationStatus:
    """Return the public status of a claim on a question."""
    return public_status(claim.verdict_on(question), has_evidence=bool(claim.evidence))


def labelled_verdicts(question: Question) -> tuple[Term, ...]:
    """Return the verdicts that a question allows, with the labels of that question."""
    return tuple(labelled_verdict(question, value) for value in VerdictValue)


def definition(question: Question, value: Term | str) -> Mapping[str, str]:
    """Return the meaning of a verdict on a question, by language (`en`, `ko`).

    >>> definition(Question.SO, VerdictValue.REFUTED)["en"]
    'Documents show that the claim is wrong.'
    """
    return shared_labels()[f"definition.{question}_{value}"]
