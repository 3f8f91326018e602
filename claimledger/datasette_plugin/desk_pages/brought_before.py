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

from claimledger.desk import Brought

_SECONDS = 1_800
_MOST_BYTES = 250_000_000
"""The memory for all documents together, in bytes; one document with its text and WARC can need about 150,000,000."""


class _Kept(NamedTuple):
    claim_id: str
    brought: Brought
    until: float


class BroughtBefore:
    """The documents that people may still attach."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        """Start with no documents; `clock` returns seconds."""
        self._clock, self._lock = clock, Lock()
        self._kept: dict[str, _Kept] = {}

    def keep(self, person: str, claim_id: str, brought: Brought) -> None:
        """Store a person's document in place of the previous one; remove the oldest ones if memory is short."""
        with self._lock:
            self._kept.pop(person, None)
            self._kept[person] = _Kept(claim_id, brought, self._clock() + _SECONDS)
            self._clear()

    def find(self, person: str, claim_id: str, content_sha256: str) -> Brought | None:
        """Return the document that a person added for a claim, if it is still stored."""
        with self._lock:
            self._clear()
            kept = self._kept.get(person)
        if kept and (kept.claim_id, kept.brought.capture.sha256) == (claim_id, content_sha256):
            return kept.brought
        return None

    def drop(self, person: str) -> None:
        """Remove a person's document."""
        with self._lock:
            self._kept.pop(person, None)

    def _clear(self) -> None:
        now, left = self._clock(), _MOST_BYTES
        standing = {}
        for person, kept in reversed(self._kept.items()):
            left -= size_of(kept.brought)
            if kept.until > now and left >= 0:
                standing[person] = kept
        self._kept = dict(reversed(standing.items()))


def size_of(brought: Brought) -> int:
    """Return the memory size of a document in bytes, with its text and its WARC."""
    parts = (brought.capture.content, brought.capture.warc, brought.reading.text)
    return sum(sys.getsizeof(part) for part in parts if part is not None)
