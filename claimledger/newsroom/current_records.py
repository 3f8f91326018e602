"""The current records of the desk: the newest public version of each record, or the open draft that replaces it.

This module reads articles, claims and the passages of an edition from an open store. It writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from claimledger.errors import NotFound
from claimledger.ledger import log, printing
from claimledger.newsroom.drafting import differing_fields
from claimledger.newsroom.open_drafts import OpenDrafts, RecordKey, group_by_record
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.store import DeskStore, Draft
from claimledger.messages import find_similar
from claimledger.models import Appearance, Article, Change, Claim, Document, Revision, LedgerRecord
from claimledger.scalars import STORED
from claimledger.vocabulary import RevisionKind, Subject


@lru_cache(maxsize=2_000)
def _public_record(body: bytes) -> LedgerRecord:
    """Return the record of a public body, cached: a body never changes, and many claims share an article."""
    return Revision.model_validate_json(body, context=STORED).record


class CurrentRecords(NamedTuple):
    """A view of all records of the desk at one moment."""

    store: DeskStore
    """The open store."""
    drafts: Mapping[RecordKey, Draft]
    """The open drafts."""

    def _own_drafts(self, claim_id: str) -> Mapping[RecordKey, Draft]:
        """Return the drafts of a claim and of its passages, perhaps with others; the rest is not read."""
        return self.drafts.record_drafts(claim_id) if isinstance(self.drafts, OpenDrafts) else self.drafts

    def record(self, subject: Subject, key: str) -> LedgerRecord | None:
        """Return the current version of a record, or None."""
        if draft := self.drafts.get((subject, key)):
            return draft.record
        head = self.store.head(subject, key)
        return _public_record(head.body) if head else None

    def record_or_draft(self, subject: Subject, key: str) -> LedgerRecord | None:
        """Return the current version of a record, and also its open draft if this view did not load that draft."""
        waiting = (draft for draft in self.store.open_drafts(key) if draft.subject is subject and draft.key == key)
        draft = next(waiting, None)
        return draft.record if draft else self.record(subject, key)

    def article(self, article_id: str) -> Article:
        """Return an article.

        Raises:
            NotFound: There is no such article.
        """
        record = self.record(Subject.ARTICLE, article_id)
        if not isinstance(record, Article):
            raise NotFound("article", article_id, sorted(article.article_id for article in self.articles()))
        return record

    def document(self, document_id: str) -> Document | None:
        """Return a document, or None; its open draft counts even if this view contains only one claim's drafts."""
        drafts = [draft for draft in self.store.open_drafts(document_id) if draft.subject is Subject.DOCUMENT]
        record = drafts[-1].record if drafts else self.record(Subject.DOCUMENT, document_id)
        return record if isinstance(record, Document) else None

    def article_or_draft(self, article_id: str) -> LedgerRecord | None:
        """Return an article's record; its open draft counts even if this view contains only one claim's drafts."""
        return self.record_or_draft(Subject.ARTICLE, article_id)

    def change(self, subject: Subject, key: str, fields: Mapping[str, Any]) -> Change:
        """Return the change that sets all `fields` of a record, on top of its newest public version."""
        head = self.store.head(subject, key)
        changed = differing_fields(self.public_fields(subject, key), fields)
        return Change(subject=subject, key=key, base=head.sha256 if head else None, fields=changed)

    def public_fields(self, subject: Subject, key: str) -> dict[str, Any]:
        """Return the fields (JSON) of the newest public version of a record; none if it was never public."""
        head = self.store.head(subject, key)
        fields: dict[str, Any] = msgspec.json.decode(head.body)["record"] if head else {}
        return fields

    def articles(self) -> list[Article]:
        """Return every article."""
        keys = {*self.store.public_keys(Subject.ARTICLE), *(key for at, key in self.drafts if at is Subject.ARTICLE)}
        found = (self.record(Subject.ARTICLE, key) for key in sorted(keys))
        return [record for record in found if isinstance(record, Article)]

    def claims(self, claim_ids: Sequence[str]) -> list[Claim]:
        """Return the claims with these IDs; unknown IDs are skipped."""
        names = list(dict.fromkeys(claim_ids))
        if isinstance(self.drafts, OpenDrafts):
            self.drafts.read_drafts(names)
        bodies = self.store.newest_bodies(Subject.CLAIM, names)
        drafts = {name: self.drafts.get((Subject.CLAIM, name)) for name in names}
        found = (
            draft.record if (draft := drafts[name]) else _public_record(bodies[name])
            for name in names
            if drafts[name] or name in bodies
        )
        return [record for record in found if isinstance(record, Claim)]

    def claim_drafts(self, claim_id: str) -> list[Draft]:
        """Return the open drafts of a claim and of its passages."""
        return [
            draft
            for (subject, key), draft in self._own_drafts(claim_id).items()
            if (subject is Subject.CLAIM and key == claim_id)
            or (subject is Subject.APPEARANCE and key.startswith(f"{claim_id}@"))
        ]

    def near(self, claim_id: str) -> list[str]:
        """Return claim IDs that resemble an unknown one."""
        drafted = [key for subject, key in self.drafts if subject is Subject.CLAIM]
        return find_similar(claim_id, [*drafted, *self.store.public_keys(Subject.CLAIM, claim_id[:4])])

    def is_withdrawn(self, claim_id: str) -> bool:
        """Return whether the newest public revision of a claim is a withdrawal."""
        head = self.store.head(Subject.CLAIM, claim_id)
        return head is not None and msgspec.json.decode(head.body, type=_KindOnly).kind == RevisionKind.WITHDRAWAL

    def appearances(self, edition_sha256: str) -> list[Appearance]:
        """Return the passages of an edition that make claims, in text order, without withdrawn claims."""
        part = f"@{edition_sha256[:12]}"
        drafted = {key for at, key in self.drafts if at is Subject.APPEARANCE and part in key}
        keys = drafted | _edition_passage_keys(self.store, edition_sha256)
        found = (self.record(Subject.APPEARANCE, key) for key in keys)
        own = [one for one in found if isinstance(one, Appearance) and one.edition_sha256 == edition_sha256]
        withdrawn = {claim_id for claim_id in {one.claim_id for one in own} if self.is_withdrawn(claim_id)}
        making = (one for one in own if one.claim_id not in withdrawn)
        return sorted(making, key=lambda one: (one.position.start, one.position.end, one.claim_id, one.place))

    def claim_appearances(self, claim_id: str) -> list[Appearance]:
        """Return the passages of a claim in all editions."""
        part = f"{claim_id}@"
        own = self._own_drafts(claim_id)
        drafted = {key for at, key in own if at is Subject.APPEARANCE and key.startswith(part)}
        found = (
            self.record(Subject.APPEARANCE, key) for key in sorted(drafted | public_passage_keys(self.store, claim_id))
        )
        return [one for one in found if isinstance(one, Appearance)]


def public_passage_keys(store: DeskStore, claim_id: str) -> set[str]:
    """Return the key of each public passage of a claim."""
    rows = store.connection.execute(
        "SELECT key FROM publication WHERE subject = 'appearance' AND key >= ? AND key < ?",
        (f"{claim_id}@", f"{claim_id}A"),
    )
    return {key for (key,) in rows}


def _edition_passage_keys(store: DeskStore, edition_sha256: str) -> set[str]:
    """Return the key of each public passage of an edition, and perhaps of one whose hash begins the same."""
    rows = store.connection.execute(
        "SELECT key FROM publication WHERE subject = 'appearance' AND revision = 1 "
        "AND substr(key, instr(key, '@') + 1) >= ?1 AND substr(key, instr(key, '@') + 1) < ?1 || 'g'",
        (edition_sha256[:12],),
    )
    return {key for (key,) in rows}


class _KindOnly(msgspec.Struct):
    kind: str


def read_current_records(store: DeskStore, claim_id: str | None = None) -> CurrentRecords:
    """Return the current state of the desk; with `claim_id`, only the drafts of that claim and its passages.

    Without it, each record's drafts are read when they are first used.
    """
    return CurrentRecords(store, group_by_record(store.open_drafts(claim_id)) if claim_id else OpenDrafts(store))


def all_current_records(places: LedgerPaths) -> list[LedgerRecord]:
    """Return every current record; only from the log if there is no desk store.

    Raises:
        LogDamaged, ValidationError, DecodeError: The log cannot be read.
    """
    records = {
        (revision.subject, revision.key): revision.record
        for _, revision in printing.newest_records(log.read_log(places.log))
    }
    if places.desk.exists():
        with DeskStore(places.desk, places.log) as store:
            records |= {(draft.subject, draft.key): draft.record for draft in store.open_drafts()}
    return list(records.values())
