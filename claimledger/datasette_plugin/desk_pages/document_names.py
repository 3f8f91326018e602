"""The display names of documents on the desk: their titles, with a note on confidential documents.

A name is never empty. The title of a confidential document is shown only to people who may read it by the workflow
table.
"""

from __future__ import annotations

from collections.abc import Iterable

from claimledger.datasette_plugin.desk_pages.visit import Visit
from claimledger.desk.lookups import DocumentAtDesk


def document_names(visit: Visit, documents: Iterable[DocumentAtDesk]) -> dict[str, str]:
    """Return the name of each document, by its identifier."""
    return {document.document.document_id: _name(visit, document) for document in documents}


def _name(visit: Visit, one: DocumentAtDesk) -> str:
    title, withheld = visit.wording(one.document.title), visit.say("part.confidential")
    if one.is_withheld:
        return f"{title} ({withheld})" if title else withheld
    return title or one.document.document_id
