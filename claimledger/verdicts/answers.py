"""What a verdict says in words, by the question it answers: that somebody said it is not that it is so.

In: a question and a verdict's value, or how a claim stands on it. Out: the word for it in both languages. The
invariant: a record holds the same values for both questions; what people read tells which was answered.
"""

from __future__ import annotations

from claimledger.vocabulary import Question, Term, VerdictValue, VerificationStatus


def _as_told_of(status: VerificationStatus) -> tuple[str, str, str]:
    return status.value, status.label_en, status.label_ko


class SaidAnswer(Term):
    """How a claim stands on whether the speaker said it; but for two answers in the words of whether it is so."""

    NOT_CHECKED = _as_told_of(VerificationStatus.NOT_CHECKED)
    SUPPORTED = "supported", "confirmed as said", "발언 확인"
    REFUTED = "refuted", "not said like this", "발언과 다름"
    CONFLICTING_EVIDENCE = _as_told_of(VerificationStatus.CONFLICTING_EVIDENCE)
    NOT_ENOUGH_EVIDENCE = _as_told_of(VerificationStatus.NOT_ENOUGH_EVIDENCE)
    NOT_CHECKABLE = _as_told_of(VerificationStatus.NOT_CHECKABLE)


def answer(question: Question, value: VerdictValue | VerificationStatus) -> Term:
    """Return an answer as it is told of its question.

    >>> [answer(question, VerdictValue.SUPPORTED).label_ko for question in Question]
    ['발언 확인', '사실로 확인']
    """
    return SaidAnswer(value) if question is Question.SAID else value


def answers(question: Question) -> tuple[Term, ...]:
    """Return the answers a verdict may give to a question."""
    return tuple(answer(question, value) for value in VerdictValue)
