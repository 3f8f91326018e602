"""Documents as evidence: fetching or reading them, keeping their bytes, and checking them again later.

An address or a file becomes a `Capture` with its WARC records. From it come the document's text with the excerpt, the
address of an archived copy, or the result of a recheck. The stored bytes are exactly the received ones. Everything read
from a document can be made again from those bytes. The package knows neither ledger nor desk, and writes no file.
"""

from __future__ import annotations

from claimledger.evidence.capture import (
    DOCUMENT_LIMITS, Capture, DocumentEmpty, DocumentFetcher, capture_address, capture_file,
)  # fmt: skip
from claimledger.evidence.memento import INTERNET_ARCHIVE, Archive, Memento, find_archived_copy
from claimledger.evidence.document_text import PackageMissing, DocumentReading, read_document
from claimledger.evidence.recheck import StoredDocument, RecheckResult, recheck_document
from claimledger.evidence.selecting import Excerpt, locate_excerpt

__all__ = [
    "DOCUMENT_LIMITS",
    "INTERNET_ARCHIVE",
    "Archive",
    "Capture",
    "DocumentEmpty",
    "DocumentFetcher",
    "DocumentReading",
    "Excerpt",
    "Memento",
    "PackageMissing",
    "RecheckResult",
    "StoredDocument",
    "capture_address",
    "capture_file",
    "find_archived_copy",
    "locate_excerpt",
    "read_document",
    "recheck_document",
]  # fmt: skip
