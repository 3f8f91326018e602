"""What somebody brought as evidence and could not attach yet: kept for their next try, so that nobody brings it twice.

In: a document as it was brought, by whom, for which claim. Out: the same, by its hash, to who brought it alone. The
invariant: it stands in this process's memory, for half an hour at most, one for each person, and all of them within
`_MOST_BYTES`; nothing is written. Where it is gone by then, or another process answers, the form asks for it again.
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
"""Of memory, for everybody's together; one document with its text and its WARC may have some 150,000,000."""


class _Kept(NamedTuple):
    claim_id: str
    brought: Brought
    until: float


class BroughtBefore:
    """The documents that wait for a next try."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        """Begin with none; `clock` gives seconds."""
        self._clock, self._lock = clock, Lock()
        self._kept: dict[str, _Kept] = {}

    def keep(self, person: str, claim_id: str, brought: Brought) -> None:
        """Keep a person's document in the place of the one before; of too much the oldest go."""
        with self._lock:
            self._kept.pop(person, None)
            self._kept[person] = _Kept(claim_id, brought, self._clock() + _SECONDS)
            self._clear()

    def find(self, person: str, claim_id: str, content_sha256: str) -> Brought | None:
        """Return what a person brought for a claim, if it is still here."""
        with self._lock:
            self._clear()
            kept = self._kept.get(person)
        if kept and (kept.claim_id, kept.brought.capture.sha256) == (claim_id, content_sha256):
            return kept.brought
        return None

    def drop(self, person: str) -> None:
        """Let go of a person's document."""
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
    """Return how many bytes of memory a document takes, with its text and its WARC."""
    parts = (brought.capture.content, brought.capture.warc, brought.reading.text)
    return sum(sys.getsizeof(part) for part in parts if part is not None)
