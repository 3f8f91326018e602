"""What somebody brought as evidence and could not attach yet: kept for their next try, so that nobody brings it twice.

In: a document as it was brought, by whom, for which claim. Out: the same, by its hash, to who brought it alone. The
invariant: it stands in this process's memory, for half an hour at most and one for each person; nothing is written.
Where it is gone by then, or another process answers, the form asks for the document again.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import NamedTuple

from claimledger.desk import Brought

_SECONDS = 1_800
_MOST = 8
"""So many people's; each is at most as large as a document may be, with its text and its WARC."""


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
        """Keep a person's document in the place of the one before; of too many the oldest goes."""
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
        now = self._clock()
        standing = [(person, kept) for person, kept in self._kept.items() if kept.until > now]
        self._kept = dict(standing[-_MOST:])
