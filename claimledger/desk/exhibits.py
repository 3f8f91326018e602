"""A new document with its evidence, ready to be stored, and the passage of an excerpt in a stored text.

A confidential document is split: its draft has only the public form, and its description is stored apart.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from claimledger.editorial.withheld_documents import is_confidential, public_form
from claimledger.errors import ProblemsFound
from claimledger.evidence import Capture, DocumentReading, Excerpt, locate_excerpt
from claimledger.ledger.content_store import read_stored_content
from claimledger.ledger.files import LedgerPaths
from claimledger.ledger.validation import record_problems
from claimledger.ledger.yaml_source import SourceLocation
from claimledger.models import Change, Document
from claimledger.newsroom.captures import document_captures, store_capture, store_excerpt, store_withheld_document
from claimledger.newsroom.current_records import CurrentRecords
from claimledger.newsroom.drafting import ChangeBatch, ProposedChange, make_drafts
from claimledger.newsroom.edit_input import Edit
from claimledger.record_ids import new_document_id
from claimledger.vocabulary import CaptureExtent, Subject


@dataclass(frozen=True, slots=True)
class IncomingDocument:
    """A document that was fetched or uploaded and is not stored yet."""

    capture: Capture
    """The bytes, with the address or file they came from."""
    reading: DocumentReading
    """The text and the statements read from the bytes."""


class NewExhibit(NamedTuple):
    """A document and its evidence, ready to be stored."""

    full: Mapping[str, Any]
    """The whole description of the document (JSON)."""
    drafted: Mapping[str, Any]
    """The part of the description that is published."""
    cited: Mapping[str, Any]
    """The evidence (JSON), reduced to the part that is published."""
    exact: str
    """The words of the excerpt."""
    excerpt: Excerpt | None
    """The excerpt's place in the text, or None without a text."""
    incoming: IncomingDocument | None
    """The bytes and their reading, or None if the document was not fetched or uploaded."""

    @property
    def document_id(self) -> str:
        """The document's identifier."""
        return str(self.drafted["document_id"])

    def change(self) -> ProposedChange:
        """Return the change that drafts the document."""
        change = Change(subject=Subject.DOCUMENT, key=self.document_id, base=None, fields=dict(self.drafted))
        return ProposedChange(change, SourceLocation())


def make_exhibit(
    document: Mapping[str, Any], evidence: Mapping[str, Any], incoming: IncomingDocument | None
) -> NewExhibit:
    """Return a document and its evidence (JSON), ready to be stored; a confidential document is split in two.

    Raises:
        ProblemsFound: the text of the document does not contain the excerpt.
    """
    exact, excerpt = str(evidence.get("excerpt", "")), None
    if exact and incoming and incoming.reading.text is not None:
        excerpt = locate_excerpt(incoming.reading.text, exact)
        exact = excerpt.exact
    full = {name: value for name, value in document.items() if name != "is_withheld"}
    cited = dict(evidence) | ({"excerpt": exact} if exact else {})
    if not is_confidential(document):
        shared = full | _copy_fields(full, exact, incoming)
        return NewExhibit(shared, shared, cited, exact, excerpt, incoming)
    full |= {"document_id": new_document_id(""), "captured": CaptureExtent.NONE.value}
    opaque = {"document_id": full["document_id"]}
    published = {name: value for name, value in cited.items() if name != "excerpt"} | opaque
    return NewExhibit(full, public_form(full, full["document_id"]), published, exact, excerpt, incoming)


def _copy_fields(document: Mapping[str, Any], exact: str, incoming: IncomingDocument | None) -> dict[str, Any]:
    """Return the fields that say which copy is stored; without bytes, the person's own statement stays."""
    if incoming is None:
        return {}
    if document.get("rights", {}).get("may_hold_text"):
        return {"captured": CaptureExtent.FULL.value, "content_sha256": incoming.capture.sha256}
    return {"captured": CaptureExtent.EXCERPT.value if exact else CaptureExtent.NONE.value}


def demand_complete(exhibit: NewExhibit, proposed: Sequence[ProposedChange], desk: CurrentRecords, made: Edit) -> None:
    """Check the whole description of a document, including its unpublished part.

    Raises:
        ProblemsFound: every problem in it, and in the drafts of the document and the claim.
    """
    if faults := record_problems(Document, exhibit.full, SourceLocation()):
        _, problems = make_drafts(ChangeBatch(proposed), desk.store, made)
        raise ProblemsFound([*dict.fromkeys([*faults, *problems])])


def store_exhibit(
    connection: sqlite3.Connection, claim_id: str, exhibit: NewExhibit, author: str, now: datetime
) -> None:
    """Store the bytes, the private description and the excerpt of a new document inside a transaction."""
    document_id, incoming = exhibit.document_id, exhibit.incoming
    capture_id = None
    if incoming:
        capture_id = store_capture(connection, document_id, incoming.capture, incoming.reading, author, now)
    if exhibit.drafted.get("is_withheld"):
        store_withheld_document(connection, document_id, exhibit.full, author, now)
    if exhibit.exact:
        store_excerpt(
            connection, claim_id, document_id, exhibit.exact, author, now,
            capture_id=capture_id, excerpt=exhibit.excerpt,
        )  # fmt: skip


def locate_in_newest_text(
    places: LedgerPaths, connection: sqlite3.Connection, document_id: str, passage: str
) -> tuple[str, Excerpt | None, int | None]:
    """Return a passage's words, its selector in the newest stored text, and the capture; None twice without a text."""
    newest = next(
        (capture for capture in reversed(document_captures(connection, document_id)) if capture.text_sha256), None
    )
    content = (
        read_stored_content(places.private_evidence, newest.text_sha256) if newest and newest.text_sha256 else None
    )
    if not passage or newest is None or content is None:
        return passage, None, None
    excerpt = locate_excerpt(content.decode(), passage)
    return excerpt.exact, excerpt, newest.capture_id
