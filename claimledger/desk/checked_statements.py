"""The published claims and the imported reviews of other publications, each with its verdict and its profile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from claimledger.desk.step_setup import open_store
from claimledger.earlier_claims import Profile, profile_of_claim, profile_of_review
from claimledger.ledger import log, printing
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Claim
from claimledger.newsroom import review_versions
from claimledger.verdicts.answers import status_on
from claimledger.vocabulary import Question, RevisionKind, Subject, VerificationStatus

_ALL_REVIEWS = 2**62


class CheckedStatement(NamedTuple):
    """A published claim, or the claim of an imported review."""

    name: str
    """The claim's identifier, or the address of the review."""
    publisher: str
    """The publisher of the review; empty for a claim of the ledger."""
    verdict: VerificationStatus | str
    """The verdict on whether the claim is true, or the rating in the publisher's words."""
    wording: Mapping[str, str]
    """The claim by language."""
    profile: Profile
    """Its figures, names and dates."""


def checked_statements(places: LedgerPaths) -> Iterator[CheckedStatement]:
    """Yield the published claims, except withdrawn ones, and the newest version of each imported review.

    Nothing is written. Without a desk there are no reviews.
    """
    for _, revision in printing.newest_records(log.read_log(places.log), Subject.CLAIM):
        claim = revision.record
        if isinstance(claim, Claim) and revision.kind is not RevisionKind.WITHDRAWAL:
            profile = profile_of_claim(claim.to_json())
            yield CheckedStatement(revision.key, "", status_on(claim, Question.SO), claim.statement, profile)
    if not places.desk.exists():
        return
    with open_store(places) as store:
        numbers = review_versions.review_ids_between(store.connection, 0, _ALL_REVIEWS)
        reviews = [review_versions.read_foreign_review(store.connection, number) for number in numbers]
    for review in reviews:
        wording = {review.language or "": review.claim_text}
        yield CheckedStatement(review.url, review.publisher, review.rating, wording, profile_of_review(review))
