"""The steps with earlier claims: found for a text or a claim, tied to a claim; and what is to be looked at again.

Finding changes nothing but the index. Tying is an edit like any other: the relation is a part of the claim's record, is
published with it, and its author approves nothing of it.
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
"""So many earlier claims are offered."""


SHOWN = 3
"""So many of them are shown beside a form."""


def earlier_to_settle(places: Places, text: str) -> list[Earlier]:
    """Return the earlier claims that whoever accepts a text is to look at: few, and none if none is near enough."""
    return offered(earlier_claims(places, text))[:SHOWN]


def earlier_to_tie(places: Places, claim_id: str) -> list[Earlier]:
    """Return the earlier claims that whoever works on a claim is to look at, as `earlier_to_settle`.

    Raises:
        NotFound: there is no such claim.
    """
    return offered(earlier_than(places, claim_id))[:SHOWN]


def earlier_claims(places: Places, text: str, most: int = OFFERED) -> list[Earlier]:
    """Return what this ledger and others' reviews say that is most like a Korean or English text, the nearest first."""
    with open_store(places) as store:
        return earlier(store, profile_of_text(text), (), most)


def earlier_than(places: Places, claim_id: str, most: int = OFFERED) -> list[Earlier]:
    """Return what is most like a claim, but for itself and the claims it is tied to already.

    Raises:
        NotFound: there is no such claim.
    """
    with open_store(places) as store:
        claim = _claim(store, claim_id)
        known = {claim_id, *(one.claim_id for one in claim.relations)}
        return earlier(store, profile_of_claim(claim.to_json()), known, most)


def earlier_left(places: Places) -> int:
    """Return how many records are not among what is looked up yet: a long log takes a build, or many lookups."""
    with open_store(places) as store:
        return earlier_index.behind(store)


def reviews_elsewhere(
    text: str, key: str, language: str | None = None, *, service: str = SERVICE, allow: Allowed = ()
) -> tuple[list[EarlierReview], list[Problem]]:
    """Return what Google's Fact Check Tools know of a text, the nearest first, and what was left out; none is kept.

    Raises:
        ReviewsNotFound: the key is none, or the service gives no answer.
    """
    reviews, problems = search_reviews(text, key, language, service=service, allow=allow)
    return ranked_reviews(profile_of_text(text), reviews), problems


def relate(
    places: Places, claim_id: str, related: Iterable[RelatedClaim], seen: Seen, made: Edit, clock: Clock = utc_now
) -> Draft | None:
    """Make a draft in which a claim is tied to earlier ones; one that it is tied to already gets the new relation.

    Raises:
        NotFound: there is no such claim.
        ProblemsFound: the table forbids it, an earlier claim is not there, or another version stands there now.
    """
    with open_store(places) as store:
        claim = _claim(store, claim_id)
    relations = {one.claim_id: one for one in (*claim.relations, *related)}
    fields = claim.to_json() | {"relations": [one.to_json() for one in relations.values()]}
    return edit(places, claim_id, fields, seen, made, clock)


def rechecks(places: Places, on: date) -> list[Work]:
    """Return the claims to be looked at again on a day: theirs has passed, or what they rest on fell or changed."""
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
