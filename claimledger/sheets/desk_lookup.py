"""Claims and documents of the desk's store, as a review sheet is given out and held against them.

In: an open store. Out: rows for a sheet, and a `Lookup`. The invariant: all answers are of one moment as far as drafts
go, since they are read once. It writes nothing.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from claimledger.errors import NotFound
from claimledger.newsroom.known_documents import document_at
from claimledger.newsroom.drafting import Place
from claimledger.newsroom.current_records import Standing, standing
from claimledger.newsroom.store import DeskStore, Draft
from claimledger.models import Claim, Revision
from claimledger.sheets.merge import ClaimNow
from claimledger.sheets.sheet_columns import ReviewRow, fingerprint
from claimledger.vocabulary import Subject


class DeskLookup:
    """The claims of an open store."""

    def __init__(self, store: DeskStore) -> None:
        """Read the drafts that wait, and sort them by claim."""
        self._store = store
        self._drafts: defaultdict[str, dict[Place, Draft]] = defaultdict(dict)
        for place, draft in standing(store).drafts.items():
            self._drafts[draft.key.partition("@")[0]][place] = draft

    def now(self, claim_id: str) -> ClaimNow | None:
        """Return a claim as it stands; none if there is no such claim."""
        head = self._store.head(Subject.CLAIM, claim_id)
        public = _claim(head.body) if head else None
        draft = self._drafts.get(claim_id, {}).get((Subject.CLAIM, claim_id))
        drafted = draft.record if draft else None
        claim = drafted if isinstance(drafted, Claim) else public
        if claim is None:
            return None
        author = draft.authors[0] if draft else ""
        return ClaimNow(head.sha256 if head else None, head.revision if head else 0, public, claim, author)

    def at(self, claim_id: str, revision: int) -> Claim | None:
        """Return what a public revision said; none if it is not at hand."""
        bodies = map(Revision.model_validate_json, self._store.bodies_of(claim_id))
        records = (body.record for body in bodies if body.revision == revision)
        return next((record for record in records if isinstance(record, Claim)), None)

    def drafted(self, claim_id: str, print_given: str) -> Claim | None:
        """Return what a draft said, by its fingerprint; every version of a draft stays in the store."""
        sql = "SELECT record FROM draft WHERE key = ? AND subject = 'claim' ORDER BY draft_id DESC"
        rows = self._store.connection.execute(sql, (claim_id,))
        records = (Claim.model_validate_json(record) for (record,) in rows)
        return next((record for record in records if fingerprint(record) == print_given), None)

    def near(self, claim_id: str) -> Sequence[str]:
        """Return names of claims that resemble one that is not there."""
        drafted = {key for key, drafts in self._drafts.items() if (Subject.CLAIM, key) in drafts}
        return difflib.get_close_matches(claim_id, drafted.union(self._store.keys_of(Subject.CLAIM)))

    def document_at(self, address: str) -> str:
        """Return the document that an address is of; empty if the desk has none."""
        found = document_at(Standing(self._store, {}), address)
        return found.document_id if found else ""

    def rows(self, claim_ids: Iterable[str]) -> Iterator[ReviewRow]:
        """Yield the row of each claim: its newest public revision, or its draft if it has none.

        Raises:
            NotFound: there is no such claim.
        """
        for claim_id in claim_ids:
            now = self.now(claim_id)
            if now is None:
                raise NotFound("claim", claim_id, self.near(claim_id))
            passages = Standing(self._store, self._drafts.get(claim_id, {})).appearances_of(claim_id)
            yield ReviewRow(now.public or now.standing, now.revision or None, passages)


def _claim(body: bytes) -> Claim | None:
    record = Revision.model_validate_json(body).record
    return record if isinstance(record, Claim) else None
