"""Records as they stand on the desk: the newest public version, or the open draft over it.

In: an open store. Out: an article, a claim, or the passages of an edition. The invariant: a draft that waits hides the
public version it is based on. It writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from claimledger.errors import NotFound
from claimledger.ledger import log, printing
from claimledger.newsroom.drafting import Place, differing_fields
from claimledger.ledger.files import Places
from claimledger.newsroom.store import DeskStore, Draft
from claimledger.models import Appearance, Article, Change, Claim, Document, Revision, Subjects
from claimledger.vocabulary import RevisionKind, Subject


@lru_cache(maxsize=2_000)
def _public_record(body: bytes) -> Subjects:
    """Return the record of a public body, which never changes; an article's claims are read again for each of them."""
    return Revision.model_validate_json(body).record


class Standing(NamedTuple):
    """The desk at one moment."""

    store: DeskStore
    """The store."""
    drafts: Mapping[Place, Draft]
    """The drafts that wait."""

    def record(self, subject: Subject, key: str) -> Subjects | None:
        """Return a record, if there is one."""
        if draft := self.drafts.get((subject, key)):
            return draft.record
        head = self.store.head(subject, key)
        return _public_record(head.body) if head else None

    def record_or_draft(self, subject: Subject, key: str) -> Subjects | None:
        """Return a record as `record` does, also where only a draft of it waits that was not asked for."""
        waiting = (draft for draft in self.store.open_drafts(key) if draft.subject is subject and draft.key == key)
        draft = next(waiting, None)
        return draft.record if draft else self.record(subject, key)

    def article(self, article_id: str) -> Article:
        """Return an article.

        Raises:
            NotFound: there is none.
        """
        record = self.record(Subject.ARTICLE, article_id)
        if not isinstance(record, Article):
            raise NotFound("article", article_id, sorted(article.article_id for article in self.articles()))
        return record

    def document(self, document_id: str) -> Document | None:
        """Return a document, if there is one; a draft of it counts also where the desk stands for one claim alone."""
        drafts = [draft for draft in self.store.open_drafts(document_id) if draft.subject is Subject.DOCUMENT]
        record = drafts[-1].record if drafts else self.record(Subject.DOCUMENT, document_id)
        return record if isinstance(record, Document) else None

    def whole_article(self, article_id: str) -> Subjects | None:
        """Return an article's record, its draft too where only a claim's drafts were read."""
        return self.record_or_draft(Subject.ARTICLE, article_id)

    def change(self, subject: Subject, key: str, fields: Mapping[str, Any]) -> Change:
        """Return the change that makes a record say `fields`, all of them, on top of its newest public version."""
        head = self.store.head(subject, key)
        public = msgspec.json.decode(head.body)["record"] if head else {}
        return Change(
            subject=subject, key=key, base=head.sha256 if head else None, fields=differing_fields(public, fields)
        )

    def articles(self) -> list[Article]:
        """Return every article."""
        keys = {*self.store.keys_of(Subject.ARTICLE), *(key for at, key in self.drafts if at is Subject.ARTICLE)}
        found = (self.record(Subject.ARTICLE, key) for key in sorted(keys))
        return [record for record in found if isinstance(record, Article)]

    def claims(self, claim_ids: list[str]) -> list[Claim]:
        """Return the claims of these names."""
        found = (self.record(Subject.CLAIM, claim_id) for claim_id in dict.fromkeys(claim_ids))
        return [record for record in found if isinstance(record, Claim)]

    def waiting_for(self, claim_id: str) -> list[Draft]:
        """Return the drafts of a claim and of its passages."""
        return [
            draft
            for (subject, key), draft in self.drafts.items()
            if (subject is Subject.CLAIM and key == claim_id)
            or (subject is Subject.APPEARANCE and key.startswith(f"{claim_id}@"))
        ]

    def near(self, claim_id: str) -> list[str]:
        """Return names of claims that resemble one that is not there."""
        drafted = [key for subject, key in self.drafts if subject is Subject.CLAIM]
        return get_close_matches(claim_id, [*drafted, *self.store.keys_of(Subject.CLAIM, claim_id[:4])])

    def is_withdrawn(self, claim_id: str) -> bool:
        """Whether a claim was taken back in public."""
        head = self.store.head(Subject.CLAIM, claim_id)
        return head is not None and msgspec.json.decode(head.body, type=_Kind).kind == RevisionKind.WITHDRAWAL

    def appearances(self, edition_sha256: str) -> list[Appearance]:
        """Return the passages of an edition that make claims, in the order of the text; a withdrawn one makes none."""
        part = f"@{edition_sha256[:12]}"
        drafted = {key for at, key in self.drafts if at is Subject.APPEARANCE and part in key}
        keys = drafted | set(self.store.keys_of(Subject.APPEARANCE, part))
        found = (self.record(Subject.APPEARANCE, key) for key in keys)
        own = [one for one in found if isinstance(one, Appearance) and one.edition_sha256 == edition_sha256]
        withdrawn = {claim_id for claim_id in {one.claim_id for one in own} if self.is_withdrawn(claim_id)}
        making = (one for one in own if one.claim_id not in withdrawn)
        return sorted(making, key=lambda one: (one.position.start, one.position.end, one.claim_id, one.place))

    def appearances_of(self, claim_id: str) -> list[Appearance]:
        """Return the passages of a claim, in every edition."""
        part = f"{claim_id}@"
        drafted = {key for at, key in self.drafts if at is Subject.APPEARANCE and key.startswith(part)}
        found = (
            self.record(Subject.APPEARANCE, key) for key in sorted(drafted | passage_keys_of(self.store, claim_id))
        )
        return [one for one in found if isinstance(one, Appearance)]


def passage_keys_of(store: DeskStore, claim_id: str) -> set[str]:
    """Return the key of each public passage of a claim."""
    rows = store.connection.execute(
        "SELECT key FROM publication WHERE subject = 'appearance' AND key >= ? AND key < ?",
        (f"{claim_id}@", f"{claim_id}A"),
    )
    return {key for (key,) in rows}


class _Kind(msgspec.Struct):
    kind: str


def standing(store: DeskStore, claim_id: str | None = None) -> Standing:
    """Return the desk as it stands now; with a claim's name, no drafts but those of that claim and its passages."""
    return Standing(store, {(draft.subject, draft.key): draft for draft in store.open_drafts(claim_id)})


def records_in(places: Places) -> list[Subjects]:
    """Return every record as it stands on the desk; from the log alone where there is no desk.

    Raises:
        LogDamaged, ValidationError, DecodeError: the log cannot be read.
    """
    records = {
        (revision.subject, revision.key): revision.record for _, revision in printing.heads(log.read_log(places.log))
    }
    if places.desk.exists():
        with DeskStore(places.desk, places.log) as store:
            records |= {(draft.subject, draft.key): draft.record for draft in store.open_drafts()}
    return list(records.values())
