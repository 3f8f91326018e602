"""A claim's desk page: its state, its passages and documents, and the editors who may judge the open drafts.

It is read at one moment and nothing is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from claimledger.agreement import PassageContext, agreement_notes
from claimledger.consistency import Finding
from claimledger.desk.check_steps import SeenVersion
from claimledger.desk.cross_claim_findings import cross_claim_findings
from claimledger.desk.step_setup import open_store
from claimledger.editorial.agreement_at_desk import TextCache, resolve_passages
from claimledger.editorial.claim_at_desk import ClaimAtDesk, read_claim_at_desk
from claimledger.editorial.approval_notices import notices
from claimledger.errors import Problem
from claimledger.accounts import people
from claimledger.ledger.files import LedgerPaths
from claimledger.accounts.people import Person
from claimledger.newsroom.reader_reports import count_open_reports
from claimledger.newsroom.current_records import read_current_records
from claimledger.newsroom.store import DeskStore, Draft
from claimledger.models import Appearance, Article, Claim, Document, Revision, record_key
from claimledger.workflow import is_second_person
from claimledger.desk_vocabulary import Role
from claimledger.vocabulary import Subject


class ClaimView(NamedTuple):
    """The content of a claim's desk page."""

    at: ClaimAtDesk
    """The claim at the desk."""
    passages: list[tuple[Appearance, PassageContext | None]]
    """The claim's passages, each with its words and the text around them if the desk has the text."""
    documents: Mapping[str, Document]
    """The documents of its evidence, public or drafted, by identifier."""
    second_people: tuple[Person, ...]
    """The active editors who wrote no part of the open drafts."""
    notices: list[Problem]
    """The points to look at twice before approving."""
    computed: list[Finding]
    """The results of the automatic checks, on the claim itself and across claims."""
    open_reports: int
    """The number of open reader reports on the claim."""
    article: Article | None
    """The claim's article, or None if its record is missing."""

    @property
    def language(self) -> str:
        """The language of the passages (BCP 47), or an empty string if the article is missing."""
        return self.article.language if self.article else ""

    def is_in_newest_edition(self, entry: Appearance) -> bool:
        """Return whether a passage belongs to the newest edition, which the article's page shows."""
        return self.article is not None and entry.edition_sha256 == self.article.editions[-1].edition_sha256

    @property
    def passage_drafts(self) -> list[tuple[Draft, PassageContext | None]]:
        """The open drafts of passages, such as a place in a new edition, each with its words if the text is stored."""
        words = {record_key(entry): passage for entry, passage in self.passages}
        return [(draft, words.get(draft.key)) for draft in self.at.waiting if draft.subject is Subject.APPEARANCE]

    @property
    def previous_passage(self) -> PassageContext | None:
        """The newest passage without an open draft, or None if its text is not stored."""
        waiting = {draft.key for draft in self.at.waiting}
        found = [passage for entry, passage in self.passages if passage and record_key(entry) not in waiting]
        return found[-1] if found else None


def view_claim(places: LedgerPaths, claim_id: str) -> ClaimView:
    """Return the content of a claim's desk page.

    Raises:
        NotFound: the claim does not exist.
    """
    with open_store(places) as store:
        desk = read_current_records(store, claim_id)
        found = read_claim_at_desk(desk, claim_id).with_findings()
        whole = desk.article_or_draft(found.claim.article_id)
        article = whole if isinstance(whole, Article) else None
        texts = TextCache(store.connection)
        words = [(entry, next(iter(resolve_passages([entry], texts)), None)) for entry in found.appearances]
        documents, second = _documents(store, found), _second_people(store, found)
        open_reports = count_open_reports(store, claim_id)
    computed = [*found.computed, *cross_claim_findings(places, found)]
    at_hand = [context for _, context in words if context]
    noted = [*notices(found.claim), *agreement_notes(found.claim, at_hand)]
    return ClaimView(found, words, documents, second, noted, computed, open_reports, article)


def _documents(store: DeskStore, found: ClaimAtDesk) -> dict[str, Document]:
    named = dict.fromkeys(evidence.document_id for evidence in found.claim.evidence)
    records = (read_current_records(store, document_id).record(Subject.DOCUMENT, document_id) for document_id in named)
    return {record.document_id: record for record in records if isinstance(record, Document)}


def _second_people(store: DeskStore, found: ClaimAtDesk) -> tuple[Person, ...]:
    authors = found.authors()
    editors = (one for one in people.all_people(store.connection) if one.is_active and Role.EDITOR in one.roles)
    return tuple(one for one in editors if is_second_person(one.name, authors))


def find_seen_claim(places: LedgerPaths, claim_id: str, seen: SeenVersion) -> Claim | None:
    """Return the version of a claim that a form was filled in on, or None if the desk has no such version."""
    with open_store(places) as store:
        if seen.draft_id is not None:
            sql = "SELECT record FROM draft WHERE draft_id = ? AND key = ? AND subject = 'claim'"
            row = store.connection.execute(sql, (seen.draft_id, claim_id)).fetchone()
            return Claim.model_validate_json(row[0]) if row else None
        body = store.body(Subject.CLAIM, claim_id, seen.head_sha256) if seen.head_sha256 else None
        record = Revision.model_validate_json(body).record if body else None
        return record if isinstance(record, Claim) else None
