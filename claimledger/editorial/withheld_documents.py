"""What readers are told of a document: everything, or of a confidential one that it exists, what it is and how near.

In: a document's fields (JSON) as a checker gave them. Out: the fields that are drafted and published. The invariant:
of a confidential document nothing but medium and tier goes out, under a name that tells nothing; what has no address
is confidential unless somebody says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from claimledger.vocabulary import Captured


def is_confidential(document: Mapping[str, Any]) -> bool:
    """Whether a document (JSON) is not to leave the desk: as it says, else if it has no address.

    >>> is_confidential({"medium": "call"}), is_confidential({"address": "https://example.org/"})
    (True, False)
    """
    said = document.get("is_withheld")
    return bool(said) if said is not None else not document.get("address")


def public_form(document: Mapping[str, Any], document_id: str) -> dict[str, Any]:
    """Return what is published of a confidential document; `document_id` is a name that tells nothing."""
    return {
        "document_id": document_id,
        **{name: document[name] for name in ("medium", "tier") if name in document},
        "captured": Captured.NONE.value,
        "is_withheld": True,
    }
