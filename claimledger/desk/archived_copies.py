"""The step that adds the address of an archived copy to a document.

A copy is added only if it shows the passage the evidence is based on. The address of a confidential document is never
sent to an archive.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from claimledger.desk.exhibits import IncomingDocument
from claimledger.editorial.withheld_documents import is_confidential
from claimledger.errors import Problem, ProblemsFound
from claimledger.evidence import INTERNET_ARCHIVE, Archive, Memento, find_archived_copy, capture_address, read_document
from claimledger.evidence.memento import ArchiveFetcher, fetch_from_archive
from claimledger.fetching import FetchRefused
from claimledger.selectors import find_spans


class ArchiveLookupResult(NamedTuple):
    """The result of looking for an archived copy."""

    document: Mapping[str, Any]
    """The document (JSON), with the address of the copy if one was found."""
    copy: Memento | None
    """The copy, or None if the archive has none with the content of the document."""
    refusal: FetchRefused | None
    """The reason why the archive did not answer, or None if it did."""


def add_archived_copy(
    brought: IncomingDocument,
    document: Mapping[str, Any],
    excerpt: str = "",
    *,
    archive: Archive = INTERNET_ARCHIVE,
    fetch_it: ArchiveFetcher = fetch_from_archive,
) -> ArchiveLookupResult:
    """Add the address of an archived copy to a document (JSON); a missing copy or a silent archive is not an error.

    Raises:
        ProblemsFound: the document is confidential, and the archive would learn its address. No request was sent.
    """
    try:
        copy = _archived_copy(brought, document, excerpt, archive, fetch_it)
    except FetchRefused as refusal:
        return ArchiveLookupResult(document, None, refusal)
    return ArchiveLookupResult({**document, "archived_address": copy.address} if copy else document, copy, None)


def _archived_copy(
    brought: IncomingDocument,
    document: Mapping[str, Any],
    excerpt: str = "",
    archive: Archive = INTERNET_ARCHIVE,
    fetch_it: ArchiveFetcher = fetch_from_archive,
) -> Memento | None:
    """Return the archived copy nearest in time to the fetch of a document (JSON), if it contains the excerpt.

    Without an excerpt, its text or its bytes must equal those of the document. Return None if the copy does not exist.

    Raises:
        ProblemsFound: the document is confidential, and the archive would learn its address. No request was sent.
        FetchRefused: the archive does not answer.
    """
    if is_confidential(document):
        raise ProblemsFound([_ARCHIVE_WOULD_LEARN])
    address = brought.capture.final_address
    copy = find_archived_copy(address, brought.capture.fetched_at, archive, fetch_it) if address else None
    return copy if copy and _shows_content(copy, brought, excerpt) else None


def _shows_content(copy: Memento, brought: IncomingDocument, excerpt: str) -> bool:
    capture = capture_address(copy.address, lambda _: copy.page)
    text = read_document(capture).text
    if excerpt and text is not None:
        return bool(find_spans(text, excerpt))
    return capture.sha256 == brought.capture.sha256 or (text is not None and text == brought.reading.text)


_ARCHIVE_WOULD_LEARN = Problem("archive-of-confidential", field="archived_address")
