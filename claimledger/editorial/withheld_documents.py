"""The public form of a document. Of a confidential document only its medium and tier are published.

Its public identifier reveals nothing. A document without an address is confidential unless a person says that it is
not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from claimledger.vocabulary import CaptureExtent


def is_confidential(document: Mapping[str, Any]) -> bool:
    """Return whether a document (JSON) must stay on the desk: its own statement, or else if it has no address.

    >>> is_confidential({"medium": "call"}), is_confidential({"address": "https://example.org/"})
    (True, False)
    """
    stated = document.get("is_withheld")
    return bool(stated) if stated is not None else not document.get("address")


def public_form(document: Mapping[str, Any], document_id: str) -> dict[str, Any]:
    """Return the published fields of a confidential document; `document_id` is an identifier that reveals nothing."""
    return {
        "document_id": document_id,
        **{name: document[name] for name in ("medium", "tier") if name in document},
        "captured": CaptureExtent.NONE.value,
        "is_withheld": True,
    }
