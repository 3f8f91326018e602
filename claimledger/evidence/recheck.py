"""A document looked at again: gone, moved, changed or unchanged, and whether each passage relied on still stands.

In: what is held of a document, and who fetches. Out: what was found, and the new capture where it differs. The
invariant: a server that does not answer proves nothing; only what came, or a plain word that it is gone, does.
A page is compared by its main text where it has one, since menus and advertisements differ each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from claimledger.addresses import page_of
from claimledger.errors import LedgerError
from claimledger.evidence.capture import Capture, DocumentEmpty, Fetch, capture_address
from claimledger.evidence.document_text import Reading, read
from claimledger.fetching import FetchRefused, NotAnswered
from claimledger.selectors import spans_of
from claimledger.vocabulary import Refound

_GONE = frozenset({404, 410})


@dataclass(frozen=True, slots=True)
class Held:
    """What is held of a document."""

    address: str
    """Its address."""
    final_address: str | None = None
    """The address that answered; none if it was never fetched, as of a file: then its address is where it was."""
    content_sha256: str | None = None
    """SHA-256 of its bytes; none if none are held."""
    text_sha256: str | None = None
    """SHA-256 of its text; none if it had none."""
    passages: Sequence[str] = ()
    """The passages relied on."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found."""

    refound: Refound
    """What became of it."""
    refusal: LedgerError | None = None
    """Why there was no document, such as what the server said."""
    capture: Capture | None = None
    """What came."""
    reading: Reading | None = None
    """What that says."""
    lost: tuple[str, ...] = ()
    """The passages relied on that no longer stand there."""


def looked_again(held: Held, fetch_it: Fetch) -> Looked:
    """Return what became of a document.

    Raises:
        PackageMissing: what reads such documents is not installed.
    """
    try:
        capture = capture_address(held.address, fetch_it)
    except NotAnswered as refusal:
        return _not_found(refusal, is_gone=refusal.status in _GONE)
    except (FetchRefused, DocumentEmpty) as refusal:
        return _not_found(refusal, is_gone=False)
    reading = read(capture)
    lost = _lost(held.passages, reading.text)
    return Looked(_refound(held, capture, reading), None, capture, reading, lost)


def _not_found(refusal: LedgerError, *, is_gone: bool) -> Looked:
    return Looked(Refound.GONE if is_gone else Refound.UNREACHABLE, refusal)


def _refound(held: Held, capture: Capture, reading: Reading) -> Refound:
    if held.content_sha256 is None:
        return Refound.NOT_COMPARED
    is_same = capture.sha256 == held.content_sha256 or (
        held.text_sha256 is not None and held.text_sha256 == reading.text_sha256
    )
    if not is_same:
        return Refound.CHANGED
    has_moved = page_of(capture.final_address or "") != page_of(held.final_address or held.address)
    return Refound.MOVED if has_moved else Refound.UNCHANGED


def _lost(passages: Sequence[str], text: str | None) -> tuple[str, ...]:
    """Return the passages that stand in a text no more; a text that cannot be read proves nothing."""
    return () if text is None else tuple(passage for passage in passages if not spans_of(text, passage))
