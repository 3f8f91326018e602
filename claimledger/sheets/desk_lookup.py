"""The desk's claims and documents, for the export and the import of a review sheet.

The drafts are read once, so that all answers agree on them. Nothing is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from claimledger.editorial.agreement_at_desk import TextCache, resolve_passages
from claimledger.errors import NotFound
from claimledger.messages import find_similar
from claimledger.newsroom.known_documents import find_document_by_address
from claimledger.newsroom.open_drafts import RecordKey
from claimledger.newsroom.current_records import CurrentRecords, read_current_records
from claimledger.newsroom.store import DeskStore, Draft
from claimledger.models import Appearance, Claim, Revision
from claimledger.sheets.merge import CurrentClaim
from claimledger.sheets.sheet_columns import ReviewRow, claim_fingerprint
from claimledger.vocabulary import Subject


class DeskLookup:
    """A lookup in an open desk store; see `SheetLookup`."""

    def __init__(self, store: DeskStore) -> None:
        """Read the open drafts and group them by claim."""
        self._store, self._texts = store, TextCache(store.connection)
        self._drafts: defaultdict[str, dict[RecordKey, Draft]] = defaultdict(dict)
        for place, draft in read_current_records(store).drafts.items():
            self._drafts[draft.key.partition("@")[0]][place] = draft

    def current_claim(self, claim_id: str) -> CurrentClaim | None:
        """Return a claim's current state, or None if the claim does not exist."""
        head = self._store.head(Subject.CLAIM, claim_id)
        public = _claim(head.body) if head else None
        draft = self._drafts.get(claim_id, {}).get((Subject.CLAIM, claim_id))
        drafted = draft.record if draft else None
        claim = drafted if isinstance(drafted, Claim) else public
        if claim is None:
            return None
        author = draft.authors[0] if draft else ""
        return CurrentClaim(head.sha256 if head else None, head.revision if head else 0, public, claim, author)

    def public_claim(self, claim_id: str, revision: int) -> Claim | None:
        """Return the claim in a public revision, or None if the revision does not exist."""
        bodies = map(Revision.model_validate_json, self._store.revision_bodies(claim_id))
        records = (body.record for body in bodies if body.revision == revision)
        return next((record for record in records if isinstance(record, Claim)), None)

    def find_draft(self, claim_id: str, wanted_fingerprint: str) -> Claim | None:
        """Return the draft with a fingerprint, or None; the store keeps every version of a draft."""
        sql = "SELECT record FROM draft WHERE key = ? AND subject = 'claim' ORDER BY draft_id DESC"
        rows = self._store.connection.execute(sql, (claim_id,))
        records = (Claim.model_validate_json(record) for (record,) in rows)
        return next((record for record in records if claim_fingerprint(record) == wanted_fingerprint), None)

    def similar_claims(self, claim_id: str) -> Sequence[str]:
        """Return identifiers of claims that resemble an unknown one."""
        drafted = {key for key, drafts in self._drafts.items() if (Subject.CLAIM, key) in drafts}
        return find_similar(claim_id, drafted.union(self._store.public_keys(Subject.CLAIM)))

    def document_at(self, address: str) -> str:
        """Return the identifier of the document with an address, or an empty string."""
        found = find_document_by_address(CurrentRecords(self._store, {}), address)
        return found.document_id if found else ""

    def rows(self, claim_ids: Iterable[str]) -> Iterator[ReviewRow]:
        """Yield the row of each claim: its newest public revision, or its draft if it is not public.

        Raises:
            NotFound: the claim does not exist.
        """
        for claim_id in claim_ids:
            now = self.current_claim(claim_id)
            if now is None:
                raise NotFound("claim", claim_id, self.similar_claims(claim_id))
            passages = CurrentRecords(self._store, self._drafts.get(claim_id, {})).claim_appearances(claim_id)
            words = [self._words(one) for one in passages]
            yield ReviewRow(now.public or now.standing, now.revision or None, passages, words)

    def _words(self, passage: Appearance) -> str:
        """Return the words of a passage, or an empty string if the desk does not have the text."""
        return next((found.text for found in resolve_passages([passage], self._texts)), "")


def _claim(body: bytes) -> Claim | None:
    record = Revision.model_validate_json(body).record
    return record if isinstance(record, Claim) else None
