"""An in-memory cache of documents that could not be attached yet, so that no one has to upload or fetch them twice.

A document is found by its hash, and only by the person who added it. The cache belongs to this process. It keeps one
document per person for at most half an hour, and all of them within `_MOST_BYTES`; nothing is written to disk. If the
document is gone, or another process answers, the form requires it again.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import NamedTuple

from claimledger.desk.exhibits import IncomingDocument

_SECONDS = 1_800
_MOST_BYTES = 250_000_000
"""The memory for all documents together, in bytes; one document with its text and WARC can need about 150,000,000."""


class _PendingUpload(NamedTuple):
    claim_id: str
    incoming: IncomingDocument
    until: float


class PendingUploads:
    """The documents that people may still attach."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        """Start with no documents; `clock` returns seconds."""
        self._clock, self._lock = clock, Lock()
        self._uploads: dict[str, _PendingUpload] = {}

    def keep(self, person: str, claim_id: str, incoming: IncomingDocument) -> None:
        """Store a person's document in place of the previous one; remove the oldest ones if memory is short."""
        with self._lock:
            self._uploads.pop(person, None)
            self._uploads[person] = _PendingUpload(claim_id, incoming, self._clock() + _SECONDS)
            self._remove_expired()

    def find(self, person: str, claim_id: str, content_sha256: str) -> IncomingDocument | None:
        """Return the document that a person added for a claim, if it is still stored."""
        with self._lock:
            self._remove_expired()
            upload = self._uploads.get(person)
        if upload and (upload.claim_id, upload.incoming.capture.sha256) == (claim_id, content_sha256):
            return upload.incoming
        return None

    def drop(self, person: str) -> None:
        """Remove a person's document."""
        with self._lock:
            self._uploads.pop(person, None)

    def _remove_expired(self) -> None:
        now, left = self._clock(), _MOST_BYTES
        valid = {}
        for person, upload in reversed(self._uploads.items()):
            left -= memory_size(upload.incoming)
            if upload.until > now and left >= 0:
                valid[person] = upload
        self._uploads = dict(reversed(valid.items()))


def memory_size(incoming: IncomingDocument) -> int:
    """Return the memory size of a document in bytes, with its text and its WARC."""
    parts = (incoming.capture.content, incoming.capture.warc, incoming.reading.text)
    return sum(sys.getsizeof(part) for part in parts if part is not None)
