"""The step of taking in what other publications found: read by `intake.claim_reviews`, kept on the desk as it came."""

from __future__ import annotations

from collections.abc import Sequence

from claimledger.desk.opening import Clock, open_store, utc_now
from claimledger.errors import ProblemsFound
from claimledger.ledger import claim_reviews as keeping
from claimledger.ledger.files import Places
from claimledger.models import ClaimReview
from claimledger.review import Case, Staff, decide
from claimledger.vocabulary import Action, RecordStage


def take_in_reviews(
    places: Places, reviews: Sequence[ClaimReview], actor: Staff, *, origin: str, clock: Clock = utc_now
) -> int:
    """Keep reviews, all or none, and return how many were not on the desk yet; `origin` is the file or address.

    Raises:
        ProblemsFound: the table forbids it: who may comment on a claim may take in what others found.
    """
    if problems := decide(Action.COMMENT, Case(RecordStage.LISTED), actor):
        raise ProblemsFound(problems)
    with open_store(places) as store, store.writing() as connection:
        return keeping.keep_reviews(connection, reviews, origin=origin, author=actor.name, now=clock())


def reviews_taken_in(places: Places) -> list[ClaimReview]:
    """Return every review that was taken in, the oldest first."""
    with open_store(places) as store:
        return list(keeping.reviews(store))
