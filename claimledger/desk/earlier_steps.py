"""The steps with earlier claims: find them for a text or a claim, link them, and list the due rechecks.

Finding changes only the search index. Linking is an edit like any other: the relation is part of the claim's record
and is published with it, and its author cannot approve it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from claimledger.desk.check_steps import Seen, edit
from claimledger.desk.step_setup import Clock, open_store, utc_now
from claimledger.earlier_claims import profile_of_claim, profile_of_text
from claimledger.editorial.earlier_matches import Earlier, EarlierReview, earlier, offered, ranked_reviews
from claimledger.editorial.work_rows import bring_up_to_date
from claimledger.errors import NotFound, Problem
from claimledger.fetching import Allowed
from claimledger.fetching.fact_check_tools import SERVICE, search_reviews
from claimledger.newsroom import earlier_index, work_items
from claimledger.newsroom.edit_input import Edit
from claimledger.ledger.files import Places
from claimledger.newsroom.current_records import standing
from claimledger.newsroom.store import DeskStore, Draft
from claimledger.newsroom.work_items import Queue, Work
from claimledger.models import Claim, RelatedClaim
from claimledger.vocabulary import Subject

OFFERED = 5
"""The most earlier claims that a search returns."""


SHOWN = 3
"""The most earlier claims that are shown beside a form."""


def earlier_to_settle(places: Places, text: str) -> list[Earlier]:
    """Return the few earlier claims to look at before accepting a text, or none if none is close enough."""
    return offered(earlier_claims(places, text))[:SHOWN]


def earlier_to_tie(places: Places, claim_id: str) -> list[Earlier]:
    """Return the few earlier claims to look at while working on a claim, or none if none is close enough.

    Raises:
        NotFound: the claim does not exist.
    """
    return offered(earlier_than(places, claim_id))[:SHOWN]


def earlier_claims(places: Places, text: str, most: int = OFFERED) -> list[Earlier]:
    """Return the claims and reviews most like a Korean or English text, the nearest first."""
    with open_store(places) as store:
        return earlier(store, profile_of_text(text), (), most)


def earlier_than(places: Places, claim_id: str, most: int = OFFERED) -> list[Earlier]:
    """Return the claims and reviews most like a claim, except itself and the claims it is linked to.

    Raises:
        NotFound: the claim does not exist.
    """
    with open_store(places) as store:
        claim = _claim(store, claim_id)
        known = {claim_id, *(one.claim_id for one in claim.relations)}
        return earlier(store, profile_of_claim(claim.to_json()), known, most)


def earlier_left(places: Places) -> int:
    """Return how many records the search index lacks; after a long log, a build or several searches fill it."""
    with open_store(places) as store:
        return earlier_index.behind(store)


def reviews_elsewhere(
    text: str, key: str, language: str | None = None, *, service: str = SERVICE, allow: Allowed = ()
) -> tuple[list[EarlierReview], list[Problem]]:
    """Return the reviews that Google's Fact Check Tools have for a text, the nearest first.

    The second value lists the reviews that were left out, as problems. Nothing is stored.

    Raises:
        ReviewsNotFound: the key is missing, or the service does not answer.
    """
    reviews, problems = search_reviews(text, key, language, service=service, allow=allow)
    return ranked_reviews(profile_of_text(text), reviews), problems


def relate(
    places: Places, claim_id: str, related: Iterable[RelatedClaim], seen: Seen, made: Edit, clock: Clock = utc_now
) -> Draft | None:
    """Draft a claim with links to earlier claims; an existing link gets the new relation.

    Raises:
        NotFound: the claim does not exist.
        ProblemsFound: the workflow table refuses it, an earlier claim does not exist, or the claim changed since it was
            seen.
    """
    with open_store(places) as store:
        claim = _claim(store, claim_id)
    relations = {one.claim_id: one for one in (*claim.relations, *related)}
    fields = claim.to_json() | {"relations": [one.to_json() for one in relations.values()]}
    return edit(places, claim_id, fields, seen, made, clock)


def rechecks(places: Places, on: date) -> list[Work]:
    """Return the claims due for recheck on a day: the review date has passed, or a basis of the claim changed."""
    found: list[Work] = []
    with open_store(places) as store:
        bring_up_to_date(store)
        page = 1
        while rows := work_items.rows(store, Queue(recheck_before=on.isoformat()), page):
            found += rows
            page += 1
    return found


def _claim(store: DeskStore, claim_id: str) -> Claim:
    desk = standing(store, claim_id)
    claim = desk.record(Subject.CLAIM, claim_id)
    if not isinstance(claim, Claim):
        raise NotFound("claim", claim_id, desk.near(claim_id))
    return claim
