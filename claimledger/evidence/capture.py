"""Captures a document: its bytes, with the address, the time and the HTTP answer.

A `Capture` is made from an address and a fetch function, or from a file's bytes. It has every byte of the document, and
its SHA-256 is computed from those bytes. The stored headers do not identify the requester. The WARC, which is private,
contains the whole request, including the newsroom's contact, and the whole answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from claimledger.errors import LedgerError
from claimledger.evidence.warc import make_warc
from claimledger.fetching import DOCX_TYPE, ARTICLE_TYPES, FetchedPage, FetchLimits, TooLarge, fetch

DOCUMENT_LIMITS = FetchLimits(
    total_seconds=60,
    types=(*ARTICLE_TYPES, DOCX_TYPE, "image/*", "application/json", "application/xml", "application/octet-stream"),
)
"""The limits for a document, which may be larger than an article and may be an image."""
DocumentFetcher = Callable[[str], FetchedPage]
"""A function that returns the page at an address, or raises FetchRefused."""
_STORED_HEADERS = frozenset({
    "content-type", "content-length", "content-encoding", "content-language", "date", "etag", "last-modified",
})  # fmt: skip
"""The headers that describe the document; the WARC has all headers."""
_MAGIC_BYTES = (
    (b"%PDF-", "application/pdf"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
)  # fmt: skip


def fetch_document(address: str, progress: Callable[[int], None] = lambda _: None) -> FetchedPage:
    """Return the page at an address of the public web.

    `progress` is called with the number of bytes that arrived since the last call.

    Raises:
        FetchRefused: the client refuses the address or cannot fetch it.
    """
    return fetch(address, limits=DOCUMENT_LIMITS, progress=progress)


class DocumentEmpty(LedgerError):
    """Raised when a document has no bytes."""

    def __init__(self, name: str) -> None:
        """Name the file or address in the message."""
        super().__init__(name=name)


@dataclass(frozen=True, slots=True)
class Capture:
    """A captured document."""

    name: str
    """The requested address, or the file's name."""
    content: bytes
    """The document's bytes, decompressed."""
    media_type: str | None
    """The media type without parameters: from the first bytes if they show it, or else from the server."""
    charset: str | None
    """The charset that the server names; it may be wrong."""
    fetched_at: datetime
    """The time at which the last byte arrived, UTC."""
    final_address: str | None = None
    """The address that answered; None for a file."""
    status: int | None = None
    """The HTTP status; None for a file."""
    headers: tuple[tuple[str, str], ...] = ()
    """The headers of the answer that describe the document, with names in lower case."""
    redirects: tuple[tuple[str, int], ...] = ()
    """The address and status of each redirect."""
    warc: bytes | None = None
    """The requests and answers as WARC 1.1; None for a file."""

    @property
    def sha256(self) -> str:
        """The SHA-256 of the document's bytes."""
        return sha256(self.content).hexdigest()


def capture_address(address: str, fetch_it: DocumentFetcher = fetch_document) -> Capture:
    """Fetch the document at an address.

    Raises:
        FetchRefused: the document was not fetched.
        DocumentEmpty: it has no bytes.
        PackageMissing: warcio is not installed.
    """
    page = fetch_it(address)
    if not page.content:
        raise DocumentEmpty(address)
    return Capture(
        page.address,
        page.content,
        _media_type(page.content, page.content_type),
        page.charset,
        page.obtained_at,
        page.final_address,
        page.status,
        tuple(header for header in page.headers if header[0] in _STORED_HEADERS),
        tuple((hop.address, hop.status) for hop in page.redirects),
        make_warc(page),
    )


def capture_file(name: str, content: bytes, now: datetime | None = None) -> Capture:
    """Return a file's bytes as a document; `now` is UTC.

    Raises:
        DocumentEmpty: it has no bytes.
        TooLarge: it is larger than a document may be.
    """
    if not content:
        raise DocumentEmpty(name)
    if len(content) > DOCUMENT_LIMITS.size:
        raise TooLarge(name, DOCUMENT_LIMITS.size)
    return Capture(name, content, _media_type(content, None), None, now or datetime.now(UTC))


def _media_type(content: bytes, named: str | None) -> str | None:
    return next((media_type for beginning, media_type in _MAGIC_BYTES if content.startswith(beginning)), named)
