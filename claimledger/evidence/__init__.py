"""Documents as evidence: fetching or reading them, keeping their bytes, and checking them again later.

An address or a file becomes a `Capture` with its WARC records. From it come the document's text with the excerpt, the
address of an archived copy, or the result of a recheck. The stored bytes are exactly the received ones. Everything read
from a document can be made again from those bytes. The package knows neither ledger nor desk, and writes no file.
"""

from __future__ import annotations

from claimledger.evidence.capture import WANTED, Capture, DocumentEmpty, Fetch, capture_address, capture_file
from claimledger.evidence.memento import ARCHIVE, Archive, Memento, archived
from claimledger.evidence.document_text import PackageMissing, Reading, read
from claimledger.evidence.recheck import Held, Looked, looked_again
from claimledger.evidence.selecting import Excerpt, select

__all__ = [
    "ARCHIVE", "WANTED", "Archive", "Capture", "DocumentEmpty", "Excerpt", "Fetch", "Held", "Looked", "Memento",
    "PackageMissing", "Reading", "archived", "capture_address", "capture_file", "looked_again", "read",
    "select",
]  # fmt: skip
