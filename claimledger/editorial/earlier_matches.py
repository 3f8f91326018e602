"""Earlier claims and foreign reviews that resemble a statement, each with its status and the reasons for the match.

The nearest come first. A match that says the same or has the same figures ranks above one that is only similar.
Searching changes only the index, and never waits until the index is complete.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, NamedTuple, Protocol, TypeVar

import msgspec

from claimledger.earlier_claims import (
    ClaimComparison, Profile, compare_profiles, has_same_subject, is_to_settle, profile_of_review,
)  # fmt: skip
from claimledger.newsroom import earlier_index, review_versions
from claimledger.newsroom.earlier_index import IndexEntry
from claimledger.newsroom.current_records import CurrentRecords, read_current_records
from claimledger.newsroom.store import DeskStore
from claimledger.models import Claim, ForeignReview
from claimledger.desk_vocabulary import Likeness, RecordStage
from claimledger.verdicts.answers import public_status
from claimledger.vocabulary import Question, Relation, Subject, VerificationStatus

SUGGESTED_RELATIONS: Mapping[Likeness, Relation] = {
    Likeness.SAME: Relation.REPEATS,
    Likeness.DIFFERS: Relation.CONTRADICTS,
    Likeness.OTHER_DATE: Relation.SUPERSEDES,
}
"""The relation that a likeness suggests; a person decides. The same figures suggest none."""


class EarlierClaim(NamedTuple):
    """A claim of this ledger that resembles the statement."""

    claim_id: str
    """The claim's identifier."""
    statement: Mapping[str, str]
    """The claim's statement, by language."""
    record: RecordStage
    """The stage of its record."""
    status: VerificationStatus
    """Its published verdict on whether it is true."""
    compared: ClaimComparison
    """The comparison with the statement."""

    @property
    def suggested(self) -> Relation | None:
        """The relation that figures, names and dates suggest, or None."""
        return SUGGESTED_RELATIONS.get(self.compared.likeness)


class EarlierReview(NamedTuple):
    """A review by another publication of a claim that resembles the statement."""

    review: ForeignReview
    """The review."""
    compared: ClaimComparison
    """The comparison of its claim with the statement."""


EarlierMatch = EarlierClaim | EarlierReview


class _HasComparison(Protocol):
    """A match with its comparison."""

    @property
    def compared(self) -> ClaimComparison:
        """The comparison with the statement."""


Compared = TypeVar("Compared", bound=_HasComparison)
_INDEX_BATCH = 50
"""The records that a search adds to the index first: as many as people add between two searches."""


def find_earlier_matches(store: DeskStore, profile: Profile, without: Iterable[str], most: int) -> list[EarlierMatch]:
    """Return the matches most like a statement among the indexed records, except the claims in `without`."""
    earlier_index.update_earlier_index(store, _INDEX_BATCH)
    left_out = {*without}
    entries = [one for one in earlier_index.nearest_entries(store.connection, profile) if one.name not in left_out]
    compared = ((entry, compare_profiles(profile, entry.profile)) for entry in entries)
    ranked = sorted(compared, key=lambda found: (found[1].rank, found[0].name))
    found = (shown for entry, comparison in ranked if (shown := _current_match(store, entry, comparison)))
    return list(islice(found, most))


def select_matches_to_show(found: Iterable[Compared]) -> list[Compared]:
    """Return the matches that a person should look at: none unless one has the same or a differing figure.

    A match that is only similar is included if it shares a figure and a name of its subject.
    """
    worth = [one for one in found if has_same_subject(one.compared)]
    return worth if any(is_to_settle(one.compared) for one in worth) else []


def _current_match(store: DeskStore, entry: IndexEntry, comparison: ClaimComparison) -> EarlierMatch | None:
    """Return the match for an index entry in its current state, or None for a claim that was discarded since."""
    if entry.kind == earlier_index.REVIEW_ENTRY:
        return EarlierReview(review_versions.read_foreign_review(store.connection, int(entry.name)), comparison)
    desk = read_current_records(store, entry.name)
    claim = desk.record(Subject.CLAIM, entry.name)
    if not isinstance(claim, Claim):
        return None
    return EarlierClaim(
        entry.name, claim.statement, _record_stage(desk, entry.name), _status(store, entry.name), comparison
    )


def _record_stage(desk: CurrentRecords, claim_id: str) -> RecordStage:
    if desk.store.head(Subject.CLAIM, claim_id) is None:
        return RecordStage.DRAFT
    return RecordStage.WITHDRAWN if desk.is_withdrawn(claim_id) else RecordStage.LISTED


def _status(store: DeskStore, claim_id: str) -> VerificationStatus:
    head = store.head(Subject.CLAIM, claim_id)
    record: dict[str, Any] = msgspec.json.decode(head.body)["record"] if head else {}
    values = (one["value"] for one in record.get("verdicts", []) if one["question"] == Question.SO.value)
    return public_status(next(values, None), has_evidence=bool(record.get("evidence")))


def rank_reviews(profile: Profile, reviews: Iterable[ForeignReview]) -> list[EarlierReview]:
    """Return reviews of other publications, the nearest to a statement first."""
    found = [EarlierReview(review, compare_profiles(profile, profile_of_review(review))) for review in reviews]
    return sorted(found, key=lambda one: one.compared.rank)
