"""Which document an address is of, so that nobody makes a second record of one.

In: the desk as it stands and a document's name or address. Out: the document. The invariant: what any version or draft
of it ever gave as its address is its address, a confidential one's too, in every spelling that leads to the same page
(`addresses.page_of`); a document that was discarded is none. An older record's host in capitals is not found.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from claimledger.addresses import beginnings_of, page_of
from claimledger.errors import NotFound, Problem
from claimledger.newsroom.current_records import Standing
from claimledger.models import Document

_AT = """
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
"""The addresses are word for word what `publication_address`, `draft_address` and `withheld_address` are made over."""


def document_at(desk: Standing, address: str) -> Document | None:
    """Return the document that an address is of, if the desk has one."""
    return next(documents_at(desk, address), None)


def documents_at(desk: Standing, address: str) -> Iterator[Document]:
    """Yield every document that an address is of; more than one where the log had them before they were refused."""
    page, beginnings = page_of(address), msgspec.json.encode(beginnings_of(address)).decode()
    rows = desk.store.connection.execute(_AT, (beginnings,)).fetchall()
    for name in dict.fromkeys(name for name, known in sorted(rows) if page_of(known) == page):
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
