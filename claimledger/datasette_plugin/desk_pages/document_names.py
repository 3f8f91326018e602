"""What documents are called on the desk: by their titles, and of a confidential one that readers are told none of it.

In: documents as the desk knows them for who looks. Out: a name for each, never empty. The invariant: the title of a
confidential document is shown to nobody whom the workflow table does not let read it.
"""

from __future__ import annotations

from collections.abc import Iterable

from claimledger.datasette_plugin.desk_pages.visit import Visit
from claimledger.desk import DocumentAtDesk


def document_names(visit: Visit, documents: Iterable[DocumentAtDesk]) -> dict[str, str]:
    """Return each document's name, by its identifier."""
    return {one.document.document_id: _name(visit, one) for one in documents}


def _name(visit: Visit, one: DocumentAtDesk) -> str:
    title, withheld = visit.wording(one.document.title), visit.say("evidence.withheld_title")
    if one.is_withheld:
        return f"{title} ({withheld})" if title else withheld
    return title or one.document.document_id
