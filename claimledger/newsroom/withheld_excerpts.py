"""Check that no claim quotes a withheld document in public.

A draft replaces the public version of its record here. If a document was never public, no public claim refers to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from claimledger.errors import Problem
from claimledger.newsroom.store import DeskStore, Draft
from claimledger.models import Claim, Document, Revision
from claimledger.scalars import STORED
from claimledger.vocabulary import Subject


def claims_with_excerpt(
    document_id: str, drafts: Mapping[tuple[Subject, str], Draft], store: DeskStore
) -> Iterator[str]:
    """Yield each claim that has an excerpt of a document, in its draft or else in its public version."""
    drafted = {key: draft.record for (subject, key), draft in drafts.items() if subject is Subject.CLAIM}
    for key in sorted({*drafted, *_citing_claims(document_id, store)}):
        record = drafted.get(key) or _public_record(store, Subject.CLAIM, key)
        if isinstance(record, Claim) and _has_excerpt(record, document_id):
            yield key


def withheld_excerpt_problems(drafts: Sequence[Draft], store: DeskStore) -> list[Problem]:
    """Return a problem for each claim that would quote a withheld document once the drafts are public."""
    together = {(draft.subject, draft.key): draft for draft in drafts}
    named = {one.document_id for draft in drafts if isinstance(draft.record, Claim) for one in draft.record.evidence}
    documents = dict.fromkeys([*(key for subject, key in together if subject is Subject.DOCUMENT), *sorted(named)])
    withheld = (key for key in documents if _is_withheld(key, together, store))
    return [
        withheld_excerpt_problem(key, claim_id)
        for key in withheld
        for claim_id in claims_with_excerpt(key, together, store)
    ]


def withheld_excerpt_problem(document_id: str, claim_id: str) -> Problem:
    """Return the problem that a claim quotes a withheld document."""
    return Problem("withheld-but-excerpted", file=document_id, field="is_withheld", claim=claim_id)


def _is_withheld(document_id: str, together: Mapping[tuple[Subject, str], Draft], store: DeskStore) -> bool:
    draft = together.get((Subject.DOCUMENT, document_id))
    record = draft.record if draft else _public_record(store, Subject.DOCUMENT, document_id)
    return isinstance(record, Document) and record.is_withheld


def _public_record(store: DeskStore, subject: Subject, key: str) -> object:
    head = store.head(subject, key)
    return Revision.model_validate_json(head.body, context=STORED).record if head else None


def _has_excerpt(claim: Claim, document_id: str) -> bool:
    return any((one.excerpt or one.passage) and one.document_id == document_id for one in claim.evidence)


def _citing_claims(document_id: str, store: DeskStore) -> list[str]:
    """Return the claims with a public version that names a document; none if the document is not public.

    The task list knows which claims are based on a document; only publications that it has not seen are searched.
    """
    if store.head(Subject.DOCUMENT, document_id) is None:
        return []
    rows = store.connection.execute(
        "SELECT claim_id FROM rests_on WHERE subject = 'document' AND key = ?1 UNION SELECT key FROM publication "
        "WHERE number > (SELECT number FROM work_seen) AND subject = 'claim' AND instr(body, ?1) > 0",
        (document_id,),
    )
    return [key for (key,) in rows]
