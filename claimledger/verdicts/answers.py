"""What a verdict says in words, by the question it answers: that somebody said it is not that it is so.

In: a question and a verdict's value, or how a claim stands on it. Out: the word for it in both languages. The
invariant: a record holds the same values for both questions; what people read tells which was answered.
"""

from __future__ import annotations

from claimledger.vocabulary import Question, Term, VerdictValue, VerificationStatus


class SaidAnswer(Term):
    """How a claim stands on whether the speaker said it."""

    NOT_CHECKED = "not_checked", "not checked", "미검증"
    SUPPORTED = "supported", "confirmed as said", "발언 확인"
    REFUTED = "refuted", "not said like this", "발언과 다름"
    CONFLICTING_EVIDENCE = "conflicting_evidence", "conflicting evidence", "근거 엇갈림"
    NOT_ENOUGH_EVIDENCE = "not_enough_evidence", "not enough evidence", "근거 부족"
    NOT_CHECKABLE = "not_checkable", "not checkable", "검증 불가"


def answer(question: Question, value: VerdictValue | VerificationStatus) -> Term:
    """Return an answer as it is told of its question.

    >>> [answer(question, VerdictValue.SUPPORTED).label_ko for question in Question]
    ['발언 확인', '사실로 확인']
    """
    return SaidAnswer(value) if question is Question.SAID else value


def answers(question: Question) -> tuple[Term, ...]:
    """Return the answers a verdict may give to a question."""
    return tuple(answer(question, value) for value in VerdictValue)
