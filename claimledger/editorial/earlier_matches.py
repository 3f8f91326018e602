"""Earlier claims and others' reviews that are like a statement, with how each stands and why it is offered.

In: an open store and what a statement says. Out: rows, the nearest first. The invariant: what says the same by figures,
names and dates goes before what is only like it; nothing is changed but the index, and no lookup waits for that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, NamedTuple

import msgspec

from claimledger.earlier_claims import Compared, Profile, compare, profile_of_review, telling
from claimledger.newsroom import earlier_index, review_versions
from claimledger.newsroom.earlier_index import Entry
from claimledger.newsroom.current_records import Standing, standing
from claimledger.newsroom.store import DeskStore
from claimledger.models import Claim, ForeignReview
from claimledger.vocabulary import Likeness, Question, RecordStage, Relation, Subject, VerificationStatus

SUGGESTED: Mapping[Likeness, Relation] = {
    Likeness.SAME: Relation.REPEATS,
    Likeness.DIFFERS: Relation.CONTRADICTS,
    Likeness.OTHER_DATE: Relation.SUPERSEDES,
}
"""The relation a likeness suggests; a person decides."""


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
_AT_ONCE = 50
"""So many records are put into the index before a lookup, lest it waits: as many as people bring in between two."""


def earlier(store: DeskStore, asked: Profile, without: Iterable[str], most: int) -> list[Earlier]:
    """Return what is most like a statement, but for the claims named in `without`, as far as the index is made."""
    earlier_index.catch_up(store, _AT_ONCE)
    left_out = {*without}
    entries = [one for one in earlier_index.nearest(store.connection, asked) if one.name not in left_out]
    compared = ((entry, compare(asked, entry.profile)) for entry in entries)
    ranked = sorted(compared, key=lambda found: (_rank(found[1].likeness), -found[1].score, found[0].name))
    found = (shown for entry, how in ranked if (shown := _shown(store, entry, how)))
    return list(islice(found, most))


def offered(found: Iterable[Earlier]) -> list[Earlier]:
    """Return what a person is to look at, of what was found: nothing unless something says the same or another figure.

    What is only alike goes along if a figure and a name of its subject are the same.
    """
    worth = [one for one in found if one.compared.likeness is not Likeness.ALIKE or _is_of_one_figure(one.compared)]
    return worth if any(one.compared.likeness in _TO_SETTLE for one in worth) else []


_TO_SETTLE = (Likeness.SAME, Likeness.DIFFERS)


def _is_of_one_figure(compared: Compared) -> bool:
    figures = [reason for reason in compared.reasons if reason.what == "figure" and reason.agrees]
    return bool(figures) and bool(telling(reason.asked for reason in compared.reasons if reason.what == "name"))


def _rank(likeness: Likeness) -> int:
    """Return 0 for what says the same; among the rest the score alone ranks."""
    return int(likeness is not Likeness.SAME)


def _shown(store: DeskStore, entry: Entry, how: Compared) -> Earlier | None:
    """Return an entry as it stands now; none of a claim that was discarded since it was put into the index."""
    if entry.kind == earlier_index.REVIEW:
        return EarlierReview(review_versions.review(store.connection, int(entry.name)), how)
    desk = standing(store, entry.name)
    claim = desk.record(Subject.CLAIM, entry.name)
    if not isinstance(claim, Claim):
        return None
    return EarlierClaim(entry.name, claim.statement, _stage(desk, entry.name), _status(store, entry.name), how)


def _stage(desk: Standing, claim_id: str) -> RecordStage:
    if desk.store.head(Subject.CLAIM, claim_id) is None:
        return RecordStage.DRAFT
    return RecordStage.WITHDRAWN if desk.is_withdrawn(claim_id) else RecordStage.LISTED


def _status(store: DeskStore, claim_id: str) -> VerificationStatus:
    head = store.head(Subject.CLAIM, claim_id)
    verdicts: list[dict[str, Any]] = msgspec.json.decode(head.body)["record"].get("verdicts", []) if head else []
    values = (VerificationStatus(one["value"]) for one in verdicts if one["question"] == Question.SO.value)
    return next(values, VerificationStatus.NOT_CHECKED)


def ranked_reviews(asked: Profile, reviews: Iterable[ForeignReview]) -> list[EarlierReview]:
    """Return reviews from elsewhere, the nearest to a statement first."""
    found = [EarlierReview(review, compare(asked, profile_of_review(review))) for review in reviews]
    return sorted(found, key=lambda one: (_rank(one.compared.likeness), -one.compared.score))
