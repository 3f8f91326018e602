"""The published claims, and the earlier checks and reviews of others, each with its verdict and its profile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import NamedTuple

from claimledger.desk.step_setup import open_store
from claimledger.earlier_claims import Profile, profile_of_claim, profile_of_review, profile_of_spoken_text
from claimledger.ledger import log, printing
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Claim, EarlierCheck
from claimledger.newsroom import review_versions
from claimledger.verdicts.answers import status_on
from claimledger.vocabulary import Question, RevisionKind, Subject, VerificationStatus

_ALL_REVIEWS = 2**62


class CheckedStatement(NamedTuple):
    """A published claim, or the claim of an earlier check or an imported review."""

    name: str
    """The identifier of the claim or the earlier check, or the address of the review."""
    publisher: Mapping[str, str]
    """The publisher of the check or review, by language; empty for a claim of the ledger."""
    verdict: VerificationStatus | str
    """The verdict on whether the claim is true, or the rating in the publisher's words."""
    wording: Mapping[str, str]
    """The claim by language."""
    profile: Profile
    """Its figures, names and dates."""


def checked_statements(places: LedgerPaths) -> Iterator[CheckedStatement]:
    """Yield the published claims and earlier checks, except withdrawn ones, and the imported reviews.

    Nothing is written. Without a desk there are no reviews.
    """
    entries = list(log.read_log(places.log))
    newest = (printing.newest_records(entries, subject) for subject in (Subject.CLAIM, Subject.EARLIER_CHECK))
    for _, revision in chain.from_iterable(newest):
        record = revision.record
        if revision.kind is RevisionKind.WITHDRAWAL:
            continue
        if isinstance(record, Claim):
            profile = profile_of_claim(record.to_json())
            yield CheckedStatement(revision.key, {}, status_on(record, Question.SO), record.statement, profile)
        elif isinstance(record, EarlierCheck):
            wording = {record.language or "": record.claim}
            profile = profile_of_spoken_text(record.claim, record.speaker)
            yield CheckedStatement(revision.key, record.publisher, record.rating, wording, profile)
    if not places.desk.exists():
        return
    with open_store(places) as store:
        numbers = review_versions.review_ids_between(store.connection, 0, _ALL_REVIEWS)
        reviews = [review_versions.read_foreign_review(store.connection, number) for number in numbers]
    for review in reviews:
        wording = {review.language or "": review.claim_text}
        publisher = {review.language or "": review.publisher}
        yield CheckedStatement(review.url, publisher, review.rating, wording, profile_of_review(review))
