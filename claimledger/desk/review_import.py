"""The step that imports reviews of other publications, which are stored as `intake.claim_reviews` reads them.

In the same transaction, reviews with an address, a reviewer and a rating are added to the search for earlier claims.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import ValidationError

from claimledger.desk.step_setup import Clock, demand_allowed, open_store, utc_now
from claimledger.newsroom import imported_reviews as keeping, review_versions
from claimledger.ledger.files import LedgerPaths
from claimledger.models import ClaimReview, ForeignReview
from claimledger.workflow import StaffMember
from claimledger.desk_vocabulary import Action


def import_reviews(
    places: LedgerPaths, reviews: Sequence[ClaimReview], actor: StaffMember, *, origin: str, clock: Clock = utc_now
) -> int:
    """Store reviews, all or none, and return how many are new to the desk; `origin` is their file or address.

    Raises:
        ProblemsFound: the workflow table refuses it.
    """
    demand_allowed(Action.TAKE_IN_REVIEWS, actor)
    with open_store(places) as store, store.writing() as connection:
        now = clock()
        searchable = [found for review in reviews if (found := _searchable_review(review))]
        review_versions.store_foreign_reviews(connection, searchable, actor.name, now)
        return keeping.store_claim_reviews(connection, reviews, origin=origin, author=actor.name, now=now)


def _searchable_review(review: ClaimReview) -> ForeignReview | None:
    """Return the part of a review that the search uses, or None if it has no address, reviewer or rating."""
    try:
        return ForeignReview(
            url=review.url or "",
            publisher=(review.reviewer and review.reviewer.name) or "",
            claim_text=review.claim,
            claimant=", ".join(claimant.name for claimant in review.claimants if claimant.name) or None,
            rating=(review.rating and review.rating.label) or "",
            reviewed_on=review.reviewed_on,
            language=review.language,
            title=review.title,
        )
    except ValidationError:
        return None


def list_imported_reviews(places: LedgerPaths) -> list[ClaimReview]:
    """Return every imported review, the oldest first."""
    with open_store(places) as store:
        return list(keeping.imported_claim_reviews(store))
