"""The step of taking in what other publications found: read by `intake.claim_reviews`, kept on the desk as it came.

In the same act the lookup of earlier claims learns of those that have an address, a reviewer and a rating.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import ValidationError

from claimledger.desk.step_setup import Clock, demand_allowed, open_store, utc_now
from claimledger.newsroom import imported_reviews as keeping, review_versions
from claimledger.ledger.files import Places
from claimledger.models import ClaimReview, ForeignReview
from claimledger.workflow import Staff
from claimledger.vocabulary import Action


def take_in_reviews(
    places: Places, reviews: Sequence[ClaimReview], actor: Staff, *, origin: str, clock: Clock = utc_now
) -> int:
    """Keep reviews, all or none, and return how many were not on the desk yet; `origin` is the file or address.

    Raises:
        ProblemsFound: the table forbids it.
    """
    demand_allowed(Action.TAKE_IN_REVIEWS, actor)
    with open_store(places) as store, store.writing() as connection:
        now = clock()
        looked_up = [found for review in reviews if (found := _to_look_up(review))]
        review_versions.keep_reviews(connection, looked_up, actor.name, now)
        return keeping.keep_reviews(connection, reviews, origin=origin, author=actor.name, now=now)


def _to_look_up(review: ClaimReview) -> ForeignReview | None:
    """Return what the lookup of earlier claims knows of a review; none if it has no address, reviewer or rating."""
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


def reviews_taken_in(places: Places) -> list[ClaimReview]:
    """Return every review that was taken in, the oldest first."""
    with open_store(places) as store:
        return list(keeping.reviews(store))
