"""Find the document of an address, so that no document is recorded twice.

Every address that any version or draft of a document ever had counts, also of confidential documents. Addresses match
in every spelling that leads to the same page (`addresses.page_of`). A discarded document does not count. An older
record whose host is in capital letters is not found.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from claimledger.addresses import page_prefixes, page_key
from claimledger.errors import NotFound, Problem
from claimledger.newsroom.current_records import CurrentRecords
from claimledger.models import Document

_DOCUMENTS_AT_ADDRESS = """
SELECT publication.key, json_extract(body, '$.record.address') AS address
  FROM json_each(?1) AS start CROSS JOIN publication
  WHERE subject = 'document' AND json_extract(body, '$.record.address') >= start.value
    AND json_extract(body, '$.record.address') < start.value || char(1114111)
UNION SELECT draft.key, json_extract(record, '$.address')
  FROM json_each(?1) AS start CROSS JOIN draft
  WHERE subject = 'document' AND json_extract(record, '$.address') >= start.value
    AND json_extract(record, '$.address') < start.value || char(1114111)
UNION SELECT withheld.document_id, json_extract(document, '$.address')
  FROM json_each(?1) AS start CROSS JOIN withheld
  WHERE json_extract(document, '$.address') >= start.value
    AND json_extract(document, '$.address') < start.value || char(1114111)
"""
"""The expressions equal those of the indexes `publication_address`, `draft_address` and `withheld_address`."""


def find_document_by_address(desk: CurrentRecords, address: str) -> Document | None:
    """Return the document with an address, or None."""
    return next(find_documents_by_address(desk, address), None)


def find_documents_by_address(desk: CurrentRecords, address: str) -> Iterator[Document]:
    """Yield every document with an address; older logs may contain more than one."""
    page, beginnings = page_key(address), msgspec.json.encode(page_prefixes(address)).decode()
    rows = desk.store.connection.execute(_DOCUMENTS_AT_ADDRESS, (beginnings,)).fetchall()
    for name in dict.fromkeys(name for name, known in sorted(rows) if page_key(known) == page):
        if document := desk.document(name):
            yield document


def find_document(desk: CurrentRecords, named: str) -> Document:
    """Return a document by its name or its address.

    Raises:
        NotFound: The desk has no such document.
    """
    found = desk.document(named) or find_document_by_address(desk, named)
    if found is None:
        raise NotFound("document", named)
    return found


def known_document_problem(document: Document) -> Problem:
    """Return the problem that a document is already recorded."""
    return Problem("document-known", field="address", document=document.document_id)
