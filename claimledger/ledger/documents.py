"""Which document an address is of, so that nobody makes a second record of one.

In: the desk as it stands and a document's name or address. Out: the document. The invariant: what any version or draft
of it ever gave as its address is its address, a confidential one's too; a document that was discarded is none.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimledger.errors import NotFound, Problem
from claimledger.ledger.standing import Standing
from claimledger.models import Document

_AT = """
SELECT key FROM publication WHERE subject = 'document' AND json_extract(body, '$.record.address') = ?1
UNION SELECT key FROM draft WHERE subject = 'document' AND json_extract(record, '$.address') = ?1
UNION SELECT document_id FROM withheld WHERE json_extract(document, '$.address') = ?1
"""
"""Word for word what the indexes `publication_address`, `draft_address` and `withheld_address` are made over."""


def document_at(desk: Standing, address: str) -> Document | None:
    """Return the document that an address is of, if the desk has one."""
    return next(documents_at(desk, address), None)


def documents_at(desk: Standing, address: str) -> Iterator[Document]:
    """Yield every document that an address is of; more than one where the log had them before they were refused."""
    for (name,) in desk.store.connection.execute(_AT, (address,)).fetchall():
        if document := desk.document(name):
            yield document


def document_named(desk: Standing, named: str) -> Document:
    """Return a document by its name or its address.

    Raises:
        NotFound: the desk has none.
    """
    found = desk.document(named) or document_at(desk, named)
    if found is None:
        raise NotFound("document", named)
    return found


def known_already(document: Document) -> Problem:
    """Return the refusal of a second record of a document."""
    return Problem(
        "document-known", f"There is a document of this address: '{document.document_id}'.",
        "Cite that one instead of describing it again.", field="address",
    )  # fmt: skip
