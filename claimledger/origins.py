"""Which documents are one source: by what each is told, and what it derives from over any number of steps.

In: documents by name. Out: signs; two documents with one in common are one source. The invariant: a copy that states
what it was taken from, or where it stands, is told whatever it is called; one that states nothing of it is not found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from claimledger.addresses import page_of
from claimledger.models import Document

Sign = tuple[str, str]
"""By what a document is told (`origin`, `bytes`, `address`, `title`), and the value."""
DocumentOf = Callable[[str], Document | None]
"""Returns a document by its name; none if there is no such document."""


def origins_of(document_id: str, document_of: DocumentOf) -> frozenset[Sign]:
    """Return by what a document is told, and what it derives from over any number of steps.

    Two documents that have one of these in common are one source. One that nobody knows yet is its own origin.
    """
    beneath = with_origins([document_id], document_of)
    names = {document_id, *(name for found in beneath.values() for name in found.derives_from)}
    return frozenset({("origin", name) for name in names}.union(*map(_signs, beneath.values())))


def with_origins(document_ids: Iterable[str], document_of: DocumentOf) -> dict[str, Document]:
    """Return documents and those they derive from, over any number of steps, by name, as far as they are known."""
    found: dict[str, Document] = {}
    waiting = [*document_ids]
    while waiting:
        name = waiting.pop()
        if name not in found and (document := document_of(name)):
            found[name] = document
            waiting += document.derives_from
    return found


def _signs(document: Document) -> set[Sign]:
    names = (document.publisher, document.title)
    title = ": ".join(_name(name) for name in names if name) + f" ({document.published_on})" if all(names) else ""
    page = page_of(document.address) if document.address else ""
    told = {"bytes": document.content_sha256, "address": page, "title": title.casefold()}
    return {(kind, value) for kind, value in told.items() if value}


def _name(wording: Mapping[str, str]) -> str:
    """Return one wording of several, the same wherever the same languages are given."""
    return wording[min(wording)]
