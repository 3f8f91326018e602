"""The last check before publishing: the open drafts, and the reasons why a person may not publish them.

It also counts the numbers and quotations of their articles that no one has decided on. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from claimledger.desk.claim_steps import companion_drafts
from claimledger.desk.step_setup import open_store
from claimledger.editorial.coverage_at_desk import edition_coverage
from claimledger.editorial.agreement_at_desk import TextCache
from claimledger.editorial.claim_at_desk import read_claim_at_desk
from claimledger.editorial.current_edition import NotRecorded, TextNotHeld, newest_edition_with_text
from claimledger.editorial.publication_plan import plan_publication
from claimledger.errors import NotFound, Problem
from claimledger.newsroom import drafting
from claimledger.accounts import people
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.publication import read_selected_drafts
from claimledger.newsroom.current_records import CurrentRecords, read_current_records
from claimledger.newsroom.store import Draft
from claimledger.models import Appearance, Article, Claim, LedgerRecord
from claimledger.workflow import StaffMember, is_second_person
from claimledger.desk_vocabulary import Coverage, Role
from claimledger.vocabulary import Subject

MAX_WAITING_RECORDS = 100
"""The most records that are examined one by one; the others are shown after these are published."""


@dataclass(frozen=True, slots=True)
class WaitingRecord:
    """A record with open drafts: a claim with its passages, an article or a document."""

    key: str
    """The record's identifier."""
    subject: Subject
    """The record's type."""
    record: LedgerRecord
    """The record with its drafts applied."""
    drafts: tuple[Draft, ...]
    """The open drafts of the record."""
    approver: str | None
    """The person who approved the drafts, or None."""
    findings: tuple[Problem, ...]
    """The findings on a claim's wording that its public version does not have."""
    refusals: tuple[Problem, ...]
    """The reasons why the person may not publish it; empty if they may."""
    second_people: tuple[str, ...]
    """The editors who wrote no part of it."""
    companions: tuple[str, ...]
    """The keys of unpublished drafts, of the article and of documents, that must be published with it."""

    @property
    def authors(self) -> list[str]:
        """The authors of the open drafts."""
        return list(dict.fromkeys(author for draft in self.drafts for author in draft.authors))


def list_waiting_records(
    places: LedgerPaths, actor: StaffMember, keys: Sequence[str] = ()
) -> tuple[list[WaitingRecord], int]:
    """Return records with open drafts (all, or those of `keys`), and the number of all of them.

    At most `MAX_WAITING_RECORDS` records are returned.

    Raises:
        NotFound: a record of `keys` has no open draft.
    """
    with open_store(places) as store:
        groups = _group_by_record(read_selected_drafts(store, keys))
        editors = [
            one.name for one in people.all_people(store.connection) if one.is_active and Role.EDITOR in one.roles
        ]
        desk, texts = read_current_records(store), TextCache(store.connection)
        shown = list(groups.items())[:MAX_WAITING_RECORDS]
        found = [_waiting_record(desk, key, drafts, actor, editors, texts) for key, drafts in shown]
    return found, len(groups)


def undecided_counts(places: LedgerPaths, records: Iterable[LedgerRecord]) -> dict[str, int]:
    """Return, for each article of the records, the number of its numbers and quotations that no one has decided on.

    They are counted in the newest edition, drafts included. Articles with none left, and articles whose text is not
    stored on the desk, are left out.
    """
    names = dict.fromkeys(one.article_id for one in records if isinstance(one, Article | Claim | Appearance))
    counts: dict[str, int] = {}
    with open_store(places) as store:
        desk = read_current_records(store)
        for article_id in names:
            with suppress(NotFound, NotRecorded, TextNotHeld):
                counts[article_id] = edition_coverage(newest_edition_with_text(desk, article_id)).count(
                    Coverage.UNBOUND
                )
    return {article_id: count for article_id, count in counts.items() if count}


def _group_by_record(drafts: Iterable[Draft]) -> dict[str, list[Draft]]:
    """Group drafts by their record; a passage belongs to its claim."""
    groups: dict[str, list[Draft]] = {}
    for draft in drafts:
        groups.setdefault(draft.key.split("@")[0], []).append(draft)
    return groups


def _waiting_record(
    desk: CurrentRecords,
    key: str,
    drafts: Sequence[Draft],
    actor: StaffMember,
    editors: Iterable[str],
    texts: TextCache,
) -> WaitingRecord:
    subject = Subject.CLAIM if drafts[0].subject is Subject.APPEARANCE else drafts[0].subject
    claim = read_claim_at_desk(desk, key, texts) if subject is Subject.CLAIM else None
    beside = desk.drafts  # whether they are published together is checked when they are selected
    lacking = drafting.unpublished_references(drafts, desk.store, beside)
    refusals = [*plan_publication(desk, drafts, actor).problems, *lacking]
    authors = claim.authors() if claim else {author for draft in drafts for author in draft.authors}
    return WaitingRecord(
        key,
        subject,
        claim.claim if claim else drafts[0].record,
        tuple(drafts),
        claim.approver if claim else None,
        claim.new_findings if claim else (),
        tuple(refusals),
        tuple(name for name in editors if is_second_person(name, authors)),
        tuple(draft.key for draft in companion_drafts(desk.store, drafts, desk.drafts)),
    )
