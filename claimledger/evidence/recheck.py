"""Checks a document again: gone, moved, changed or unchanged, and whether each excerpt is still in it.

The check takes the data of the stored document and a fetch function, and returns the outcome with the new capture. A
server that does not answer proves nothing. Only a received document, or a status that says it is gone, does. A page is
compared by its main text if it has one, since menus and advertisements differ each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from claimledger.addresses import page_key
from claimledger.errors import LedgerError
from claimledger.evidence.capture import Capture, DocumentEmpty, DocumentFetcher, capture_address
from claimledger.evidence.document_text import DocumentReading, read_document
from claimledger.fetching import FetchRefused, NotAnswered
from claimledger.selectors import find_spans
from claimledger.desk_vocabulary import RecheckOutcome

_GONE_STATUSES = frozenset({404, 410})


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """The stored data of a document that a recheck compares with."""

    address: str
    """The document's address."""
    final_address: str | None = None
    """The address that answered; None if it was never fetched. Then `address` is compared."""
    content_sha256: str | None = None
    """The SHA-256 of the stored bytes; None if no bytes are stored."""
    text_sha256: str | None = None
    """The SHA-256 of its text; None if it had no text."""
    passages: Sequence[str] = ()
    """The excerpts that evidence is based on."""


@dataclass(frozen=True, slots=True)
class RecheckResult:
    """The result of a recheck."""

    outcome: RecheckOutcome
    """The outcome of the recheck."""
    refusal: LedgerError | None = None
    """The reason that no document was received, for example the server's answer."""
    capture: Capture | None = None
    """The newly received document."""
    reading: DocumentReading | None = None
    """The text and metadata of the new document."""
    lost: tuple[str, ...] = ()
    """The excerpts that are no longer in the document."""


def recheck_document(stored: StoredDocument, fetch_it: DocumentFetcher) -> RecheckResult:
    """Fetch a document again and compare it with the stored one.

    Raises:
        PackageMissing: the package for this format is not installed.
    """
    try:
        capture = capture_address(stored.address, fetch_it)
    except NotAnswered as refusal:
        return _failed_recheck(refusal, is_gone=refusal.status in _GONE_STATUSES)
    except (FetchRefused, DocumentEmpty) as refusal:
        return _failed_recheck(refusal, is_gone=False)
    reading = read_document(capture)
    missing = _missing_passages(stored.passages, reading.text)
    return RecheckResult(_compare_with_stored(stored, capture, reading), None, capture, reading, missing)


def _failed_recheck(refusal: LedgerError, *, is_gone: bool) -> RecheckResult:
    return RecheckResult(RecheckOutcome.GONE if is_gone else RecheckOutcome.UNREACHABLE, refusal)


def _compare_with_stored(stored: StoredDocument, capture: Capture, reading: DocumentReading) -> RecheckOutcome:
    if stored.content_sha256 is None:
        return RecheckOutcome.NOT_COMPARED
    is_same = capture.sha256 == stored.content_sha256 or (
        stored.text_sha256 is not None and stored.text_sha256 == reading.text_sha256
    )
    if not is_same:
        return RecheckOutcome.CHANGED
    has_moved = page_key(capture.final_address or "") != page_key(stored.final_address or stored.address)
    return RecheckOutcome.MOVED if has_moved else RecheckOutcome.UNCHANGED


def _missing_passages(passages: Sequence[str], text: str | None) -> tuple[str, ...]:
    """Return the excerpts that are not in a text; an unreadable text proves nothing."""
    return () if text is None else tuple(passage for passage in passages if not find_spans(text, passage))
