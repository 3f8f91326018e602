"""Finds a confirmed statement that contains another claim of the article with a different verdict.

A verdict covers everything that a statement says. If most content words of another claim, and all its figures, are in
the statement, and that claim is not confirmed, the statement may need to be split. Shared words do not prove it, so
the result is a note.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from claimledger.agreement.content_words import content_words
from claimledger.consistency.finding_codes import Finding
from claimledger.messages import Message
from claimledger.models import Claim
from claimledger.vocabulary import Question, VerdictValue

_RATED_OTHERWISE = frozenset({
    VerdictValue.REFUTED, VerdictValue.CONFLICTING_EVIDENCE, VerdictValue.NOT_ENOUGH_EVIDENCE,
})  # fmt: skip
_CONTAINED = 0.7
"""The share of a claim's content words that a statement must have, in one of the languages."""
_MIN_WORDS = 3


def is_confirmed(claim: Claim) -> bool:
    """Return whether the fact check of a claim confirms it."""
    return _verdict(claim) is VerdictValue.SUPPORTED


def embedded_statement_findings(claims: Sequence[Claim], *, about: str | None = None) -> Iterator[Finding]:
    """Yield a note for each confirmed claim whose statement contains a claim that is rated otherwise.

    If `about` is a claim's name, only that claim's statement is compared with the others.
    """
    rated = {claim.claim_id: _verdict(claim) for claim in claims}
    others = [claim for claim in claims if rated[claim.claim_id] in _RATED_OTHERWISE]
    for claim in claims:
        if is_confirmed(claim) and about in (None, claim.claim_id):
            for other in others:
                if _contains(claim, other):
                    message = Message("embeds-other-verdict", other=other.claim_id)
                    yield Finding("embeds-other-verdict", claim.claim_id, "statement", message, other.claim_id)


def _verdict(claim: Claim) -> VerdictValue | None:
    return next((one.value for one in claim.verdicts if one.question is Question.SO), None)


def _contains(claim: Claim, other: Claim) -> bool:
    amounts = {quantity.amount for quantity in claim.quantities}
    return all(quantity.amount in amounts for quantity in other.quantities) and any(
        _contained_share(claim.statement[language], other.statement[language]) >= _CONTAINED
        for language in other.statement
        if language in claim.statement
    )


def _contained_share(text: str, part: str) -> float:
    """Return the share of the content words of `part` that are in `text`; 0 if it has only a few."""
    stems = {word.stem for word in content_words(part)}
    known = {word.stem for word in content_words(text)}
    return len(stems & known) / len(stems) if len(stems) >= _MIN_WORDS else 0.0
