"""Detect documents that come from one source.

Each document has signs: its own name, the names of all documents it derives from over any number of steps, and its
content hash, address and title. Two documents with a common sign are one source. A copy that states its origin or
address is recognised under any name; a copy that states neither is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from claimledger.addresses import page_key
from claimledger.models import Document

SourceSign = tuple[str, str]
"""A kind of sign (`origin`, `bytes`, `address`, `title`) and its value."""
DocumentLookup = Callable[[str], Document | None]
"""A function that returns a document by its name, or None if there is no such document."""


def source_signs(document_id: str, document_of: DocumentLookup) -> frozenset[SourceSign]:
    """Return the signs of a document and of all documents it derives from, over any number of steps.

    Two documents with a common sign are one source. An unknown document is its own origin.
    """
    documents = collect_origins([document_id], document_of)
    names = {document_id, *(name for found in documents.values() for name in found.derives_from)}
    return frozenset({("origin", name) for name in names}.union(*map(_document_signs, documents.values())))


def collect_origins(document_ids: Iterable[str], document_of: DocumentLookup) -> dict[str, Document]:
    """Return the known documents among those named and those they derive from, over any number of steps, by name."""
    found: dict[str, Document] = {}
    waiting = [*document_ids]
    while waiting:
        name = waiting.pop()
        if name not in found and (document := document_of(name)):
            found[name] = document
            waiting += document.derives_from
    return found


def _document_signs(document: Document) -> set[SourceSign]:
    names = (document.publisher, document.title)
    title = ": ".join(_wording(name) for name in names if name) + f" ({document.published_on})" if all(names) else ""
    page = page_key(document.address) if document.address else ""
    values = {"bytes": document.content_sha256, "address": page, "title": title.casefold()}
    return {(kind, value) for kind, value in values.items() if value}


def _wording(wording: Mapping[str, str]) -> str:
    """Return the wording in the alphabetically first language, so that equal wordings give equal signs."""
    return wording[min(wording)]
