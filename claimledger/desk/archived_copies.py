"""The step that notes where an archived copy of a document stands.

In: a document that was brought, and what is said of it. Out: the same with the address of a copy, or why none was
noted. The invariant: a copy is noted only if what was relied on stands in it, and no archive learns of a confidential
document.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from claimledger.desk.evidence_steps import Brought
from claimledger.editorial.withheld_documents import is_confidential
from claimledger.errors import Problem, ProblemsFound
from claimledger.evidence import ARCHIVE, Archive, Memento, archived, capture_address, read
from claimledger.evidence.memento import FetchAt, fetch_from_archive
from claimledger.fetching import FetchRefused
from claimledger.selectors import spans_of


class Noted(NamedTuple):
    """What became of asking an archive for a copy."""

    document: Mapping[str, Any]
    """The document (JSON), with the copy's address if there is one."""
    copy: Memento | None
    """The copy; none if the archive has none that shows what the document shows."""
    refusal: FetchRefused | None
    """Why the archive does not answer; none if it does."""


def with_archived_copy(
    brought: Brought,
    document: Mapping[str, Any],
    excerpt: str = "",
    *,
    archive: Archive = ARCHIVE,
    fetch_it: FetchAt = fetch_from_archive,
) -> Noted:
    """Return a document (JSON) with the address of an archived copy; that there is none, or no answer, stops nothing.

    Raises:
        ProblemsFound: the document is confidential, and the archive would learn of it; nothing was asked.
    """
    try:
        copy = _archived_copy(brought, document, excerpt, archive, fetch_it)
    except FetchRefused as refusal:
        return Noted(document, None, refusal)
    return Noted({**document, "archived_address": copy.address} if copy else document, copy, None)


def _archived_copy(
    brought: Brought,
    document: Mapping[str, Any],
    excerpt: str = "",
    archive: Archive = ARCHIVE,
    fetch_it: FetchAt = fetch_from_archive,
) -> Memento | None:
    """Return the archived copy nearest to when a document (JSON) was fetched, if what was relied on stands in it.

    Without an excerpt its text or its bytes must be the same. None if there is no such copy.

    Raises:
        ProblemsFound: the document is confidential, and the archive would learn of it; nothing was asked.
        FetchRefused: the archive does not answer.
    """
    if is_confidential(document):
        raise ProblemsFound([_ARCHIVE_WOULD_LEARN])
    address = brought.capture.final_address
    copy = archived(address, brought.capture.fetched_at, archive, fetch_it) if address else None
    return copy if copy and _is_shown(copy, brought, excerpt) else None


def _is_shown(copy: Memento, brought: Brought, excerpt: str) -> bool:
    capture = capture_address(copy.address, lambda _: copy.page)
    text = read(capture).text
    if excerpt and text is not None:
        return bool(spans_of(text, excerpt))
    return capture.sha256 == brought.capture.sha256 or (text is not None and text == brought.reading.text)


_ARCHIVE_WOULD_LEARN = Problem(
    "archive-of-confidential", "The document is confidential, and the archive would learn its address.",
    "Leave out the archived copy, or say that the document is public.", field="archived_address",
)  # fmt: skip
