"""The steps with earlier claims: found for a text or a claim, tied to a claim; and what is to be looked at again.

Finding changes nothing but the index. Tying is an edit like any other: the relation is a part of the claim's record, is
published with it, and its author approves nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

import msgspec

from claimledger.desk.checking import Seen, edit
from claimledger.desk.opening import Clock, open_store, utc_now
from claimledger.earlier import Compared, Profile, compare, profile_of_claim, profile_of_text
from claimledger.editorial.queue import bring_up_to_date
from claimledger.errors import NotFound
from claimledger.ledger import earlier_index, foreign_reviews, work
from claimledger.ledger.earlier_index import Entry
from claimledger.ledger.edit import Edit
from claimledger.ledger.files import Places
from claimledger.ledger.standing import Standing, standing
from claimledger.ledger.store import DeskStore, Draft
from claimledger.ledger.work import Queue, Work
from claimledger.models import Claim, ForeignReview, RelatedClaim
from claimledger.vocabulary import Likeness, Question, RecordStage, Relation, Subject, VerificationStatus

OFFERED = 5
"""So many earlier claims are offered."""
SUGGESTED: Mapping[Likeness, Relation] = {
    Likeness.SAME: Relation.REPEATS,
    Likeness.DIFFERS: Relation.CONTRADICTS,
    Likeness.OTHER_DATE: Relation.SUPERSEDES,
}
"""The relation a likeness suggests; a person decides."""
_ORDER = tuple(Likeness)


class EarlierClaim(NamedTuple):
    """A claim of this ledger that is like what was asked about."""

    claim_id: str
    """Its name."""
    statement: Mapping[str, str]
    """What it says, by language."""
    record: RecordStage
    """Where its record stands."""
    status: VerificationStatus
    """Its published verdict on whether it is so."""
    compared: Compared
    """How it is like it, and why."""

    @property
    def suggested(self) -> Relation | None:
        """The relation that figures, names and dates suggest."""
        return SUGGESTED.get(self.compared.likeness)


class EarlierReview(NamedTuple):
    """Somebody else's review of a claim that is like what was asked about."""

    review: ForeignReview
    """The review."""
    compared: Compared
    """How its claim is like it, and why."""


Earlier = EarlierClaim | EarlierReview


def earlier_claims(places: Places, text: str, most: int = OFFERED) -> list[Earlier]:
    """Return what this ledger and others' reviews say that is most like a Korean or English text, the nearest first."""
    with open_store(places) as store:
        return _earlier(store, profile_of_text(text), (), most)


def earlier_than(places: Places, claim_id: str, most: int = OFFERED) -> list[Earlier]:
    """Return what is most like a claim, but for itself and the claims it is tied to already.

    Raises:
        NotFound: there is no such claim.
    """
    with open_store(places) as store:
        desk = standing(store, claim_id)
        claim = desk.record(Subject.CLAIM, claim_id)
        if not isinstance(claim, Claim):
            raise NotFound("claim", claim_id, desk.near(claim_id))
        known = {claim_id, *(one.claim_id for one in claim.relations)}
        return _earlier(store, profile_of_claim(claim.to_json()), known, most)


def _earlier(store: DeskStore, asked: Profile, without: Iterable[str], most: int) -> list[Earlier]:
    earlier_index.catch_up(store)
    left_out = {*without}
    entries = [one for one in earlier_index.nearest(store.connection, asked) if one.name not in left_out]
    compared = ((entry, compare(asked, entry.profile)) for entry in entries)
    ranked = sorted(compared, key=lambda found: (_rank(found[1].likeness), -found[1].score, found[0].name))
    return [_shown(store, entry, how) for entry, how in ranked[:most]]


def _rank(likeness: Likeness) -> int:
    """Return 0 for what says the same; among the rest the score alone ranks."""
    return int(likeness is not Likeness.SAME)


def _shown(store: DeskStore, entry: Entry, how: Compared) -> Earlier:
    if entry.kind == earlier_index.REVIEW:
        return EarlierReview(foreign_reviews.review(store.connection, int(entry.name)), how)
    desk = standing(store, entry.name)
    claim = desk.record(Subject.CLAIM, entry.name)
    statement = claim.statement if isinstance(claim, Claim) else {}
    return EarlierClaim(entry.name, statement, _stage(desk, entry.name), _status(store, entry.name), how)


def _stage(desk: Standing, claim_id: str) -> RecordStage:
    if desk.store.head(Subject.CLAIM, claim_id) is None:
        return RecordStage.DRAFT
    return RecordStage.WITHDRAWN if desk.is_withdrawn(claim_id) else RecordStage.LISTED


def _status(store: DeskStore, claim_id: str) -> VerificationStatus:
    head = store.head(Subject.CLAIM, claim_id)
    verdicts: list[dict[str, Any]] = msgspec.json.decode(head.body)["record"].get("verdicts", []) if head else []
    values = (VerificationStatus(one["value"]) for one in verdicts if one["question"] == Question.SO.value)
    return next(values, VerificationStatus.NOT_CHECKED)


def relate(
    places: Places, claim_id: str, related: Iterable[RelatedClaim], seen: Seen, made: Edit, clock: Clock = utc_now
) -> Draft | None:
    """Make a draft in which a claim is tied to earlier ones; one that it is tied to already gets the new relation.

    Raises:
        NotFound: there is no such claim.
        ProblemsFound: the table forbids it, an earlier claim is not there, or another version stands there now.
    """
    with open_store(places) as store:
        desk = standing(store, claim_id)
        claim = desk.record(Subject.CLAIM, claim_id)
        if not isinstance(claim, Claim):
            raise NotFound("claim", claim_id, desk.near(claim_id))
    relations = {one.claim_id: one for one in (*claim.relations, *related)}
    fields = claim.to_json() | {"relations": [one.to_json() for one in relations.values()]}
    return edit(places, claim_id, fields, seen, made, clock)


def keep_reviews(places: Places, reviews: Iterable[ForeignReview], made: Edit, clock: Clock = utc_now) -> int:
    """Keep others' reviews, as far as they are new or say something else, and return how many there were."""
    with open_store(places) as store, store.writing() as connection:
        return foreign_reviews.keep_reviews(connection, reviews, made.author, clock())


def rechecks(places: Places, on: date) -> list[Work]:
    """Return the claims to be looked at again on a day: theirs has passed, or what they rest on fell or changed."""
    found: list[Work] = []
    with open_store(places) as store:
        bring_up_to_date(store)
        page = 1
        while rows := work.rows(store, Queue(recheck_before=on.isoformat()), page):
            found += rows
            page += 1
    return found
