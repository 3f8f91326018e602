"""A document as it came: its bytes with where, when and how, whole or not at all.

In: an address and who fetches it, or a file's bytes. Out: a `Capture`. The invariant: `content` is every byte of the
document, and its SHA-256 is taken of those bytes. Among the headers kept nothing says who asked; the WARC, which is
private, has the request as it was sent, with the newsroom's contact, and all that was answered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from claimledger.errors import LedgerError
from claimledger.evidence.warc import warc_of
from claimledger.fetching import DOCX, TYPES, Fetched, Limits, TooLarge, fetch

WANTED = Limits(
    total_seconds=60,
    types=(*TYPES, DOCX, "image/*", "application/json", "application/xml", "application/octet-stream"),
)
"""The limits for a document: it may be larger than an article, and a picture."""
Fetch = Callable[[str], Fetched]
"""Return what stands at an address; raises FetchRefused."""
_KEPT = frozenset({
    "content-type", "content-length", "content-encoding", "content-language", "date", "etag", "last-modified",
})  # fmt: skip
"""Headers that say something of the document; the WARC has them all."""
_BEGINNINGS = (
    (b"%PDF-", "application/pdf"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
)  # fmt: skip


def fetch_document(address: str, progress: Callable[[int], None] = lambda _: None) -> Fetched:
    """Return what stands at an address of the public web; `progress` is called with the bytes that came.

    Raises:
        FetchRefused: the one careful client does not get it.
    """
    return fetch(address, limits=WANTED, progress=progress)


class DocumentEmpty(LedgerError):
    """There is nothing in it."""

    def __init__(self, name: str) -> None:
        """Name the file or address."""
        super().__init__(name=name)


@dataclass(frozen=True, slots=True)
class Capture:
    """A document as it came."""

    name: str
    """The address asked for, or the file's name."""
    content: bytes
    """Its bytes, unpacked."""
    media_type: str | None
    """What it is: as it begins where that tells, else as the server says, without parameters."""
    charset: str | None
    """The charset the server names; it may be wrong."""
    fetched_at: datetime
    """When its last byte was there, UTC."""
    final_address: str | None = None
    """The address that answered; none for a file."""
    status: int | None = None
    """Its HTTP status."""
    headers: tuple[tuple[str, str], ...] = ()
    """The answer's headers that say something of the document, names in lower case."""
    redirects: tuple[tuple[str, int], ...] = ()
    """Address and status of each hop before the last."""
    warc: bytes | None = None
    """Requests and answers as WARC 1.1; none for a file."""

    @property
    def sha256(self) -> str:
        """SHA-256 of its bytes."""
        return sha256(self.content).hexdigest()


def capture_address(address: str, fetch_it: Fetch = fetch_document) -> Capture:
    """Return what stands at an address.

    Raises:
        FetchRefused: why it was not fetched.
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
        tuple(header for header in page.headers if header[0] in _KEPT),
        tuple((hop.address, hop.status) for hop in page.redirects),
        warc_of(page),
    )


def capture_file(name: str, content: bytes, now: datetime | None = None) -> Capture:
    """Return a file's bytes as a document; `now` is UTC.

    Raises:
        DocumentEmpty: it has no bytes.
        TooLarge: it has more than a document may have.
    """
    if not content:
        raise DocumentEmpty(name)
    if len(content) > WANTED.size:
        raise TooLarge(name, WANTED.size)
    return Capture(name, content, _media_type(content, None), None, now or datetime.now(UTC))


def _media_type(content: bytes, named: str | None) -> str | None:
    return next((media_type for beginning, media_type in _BEGINNINGS if content.startswith(beginning)), named)
