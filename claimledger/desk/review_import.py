"""The step that imports reviews of other publications, which are stored as `foreign_reviews` reads them.

In the same transaction, reviews with an address, a publisher and a rating are added to the search for earlier claims.
The publisher may be the site of an address, and the rating a number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pydantic import ValidationError

from claimledger.desk.step_setup import Clock, demand_allowed, open_store, utc_now
from claimledger.foreign_reviews import site_of_address
from claimledger.newsroom import imported_reviews as keeping, review_versions
from claimledger.ledger.files import LedgerPaths
from claimledger.models import ClaimReview, ForeignReview
from claimledger.workflow import StaffMember
from claimledger.desk_vocabulary import Action


class ImportedCounts(NamedTuple):
    """The result of an import of reviews."""

    new: int
    """The number of reviews that are new to the desk."""
    findable: int
    """The number of reviews of this import that the search for earlier claims finds."""
    not_findable: Mapping[str, int]
    """The numbers of the others by their missing field: `address`, `publisher`, `rating`."""


def import_reviews(
    places: LedgerPaths, reviews: Sequence[ClaimReview], actor: StaffMember, *, origin: str, clock: Clock = utc_now
) -> ImportedCounts:
    """Store reviews, all or none; `origin` is their file or address.

    Raises:
        ProblemsFound: the workflow table refuses it.
    """
    demand_allowed(Action.TAKE_IN_REVIEWS, actor)
    with open_store(places) as store, store.writing() as connection:
        now = clock()
        searchable = [found for review in reviews if isinstance(found := searchable_review(review), ForeignReview)]
        review_versions.store_foreign_reviews(connection, searchable, actor.name, now)
        new = keeping.store_claim_reviews(connection, reviews, origin=origin, author=actor.name, now=now)
    return ImportedCounts(new, *count_findable(reviews))


def count_findable(reviews: Sequence[ClaimReview]) -> tuple[int, Mapping[str, int]]:
    """Return the number of reviews that the search finds, and the numbers of the others by their missing field."""
    lacking = Counter(found for review in reviews if isinstance(found := searchable_review(review), str))
    return len(reviews) - lacking.total(), lacking


def searchable_review(review: ClaimReview) -> ForeignReview | str:
    """Return the part of a review that the search uses, or the name of the field that it lacks."""
    rating = review.rating and (review.rating.label or review.rating.value)
    values = {"address": review.url, "publisher": publisher_name(review), "rating": (rating or "").strip()}
    for name, value in values.items():
        if not value:
            return name
    try:
        return ForeignReview(
            url=review.url or "",
            publisher=publisher_name(review),
            claim_text=review.claim,
            claimant=", ".join(claimant.name for claimant in review.claimants if claimant.name) or None,
            rating=rating or "",
            reviewed_on=review.reviewed_on,
            language=review.language,
            title=review.title,
        )
    except ValidationError as error:
        return str(error.errors(include_url=False)[0]["loc"][0])


def publisher_name(review: ClaimReview) -> str:
    """Return the name of a review's publisher: its own, or the site of its address or of the review's."""
    named = review.reviewer
    if named and named.name:
        return named.name
    return site_of_address((named and named.address) or "") or site_of_address(review.url or "")


def list_imported_reviews(places: LedgerPaths) -> list[ClaimReview]:
    """Return every imported review, the oldest first."""
    return [*each_imported_review(places)]


def each_imported_review(places: LedgerPaths) -> Iterator[ClaimReview]:
    """Yield every imported review, the oldest first."""
    with open_store(places) as store:
        yield from keeping.imported_claim_reviews(store)
