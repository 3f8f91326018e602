"""A document that a checker brings: fetched or from a file, kept whole with how it came, read, and looked at again.

In: an address or a file, and what the person says of it. Out: a `Capture`, its WARC records, its text with the passage
relied on, an archived copy's address, or what became of it since. The invariant: what is kept is what came, byte for
byte; whatever is read from it is made anew from those bytes. It knows neither ledger nor desk, and writes no file.
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
