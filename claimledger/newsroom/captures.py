"""The documents that the desk stores: captures, the excerpts that claims rely on, and confidential documents.

Rows are never changed or removed, and none of them reaches a public file by itself. The bytes are in `contents`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec

from claimledger.evidence import Capture, Excerpt, DocumentReading
from claimledger.newsroom.store import utc_text
from claimledger.models import QuoteSelector

_COLUMNS = (
    "capture_id, document_id, name, final_address, status, media_type, size, content_sha256, text_sha256, "
    "warc_sha256, fetched_at, author"
)
"""The columns of `StoredCapture`, in its order."""


class StoredCapture(NamedTuple):
    """A stored capture of a document."""

    capture_id: int
    """The number in the store."""
    document_id: str
    """The document's ID."""
    name: str
    """The requested address, or the name of the file."""
    final_address: str | None
    """The address that answered, after redirects."""
    status: int | None
    """The HTTP status."""
    media_type: str | None
    """The media type."""
    size: int
    """The size in bytes."""
    content_sha256: str
    """The SHA-256 of the bytes."""
    text_sha256: str | None
    """The SHA-256 of its text in UTF-8, if it has a text."""
    warc_sha256: str | None
    """The SHA-256 of its WARC file, if it was fetched."""
    fetched_at: str
    """The UTC time of the capture."""
    author: str
    """The name of the person who added it."""


def capture_contents(capture: Capture, reading: DocumentReading) -> Iterable[bytes]:
    """Yield the bytes to store for a capture: the document, its text, its WARC file."""
    yield capture.content
    if reading.text:
        yield reading.text.encode()
    if capture.warc:
        yield capture.warc


def store_capture(
    connection: sqlite3.Connection,
    document_id: str,
    capture: Capture,
    reading: DocumentReading,
    author: str,
    now: datetime,
) -> int:
    """Add a capture inside a `writing` transaction and return its number; `now` is UTC."""
    capture_id = _next(connection, "capture")
    row = (
        capture_id, document_id, capture.name, capture.final_address, capture.status, _json(capture.headers),
        _json(capture.redirects), capture.media_type, len(capture.content), capture.sha256,
        reading.text_sha256 if reading.text else None, sha256(capture.warc).hexdigest() if capture.warc else None,
        utc_text(capture.fetched_at), author, utc_text(now),
    )  # fmt: skip
    connection.execute(f"INSERT INTO capture VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608  only question marks
    return capture_id


def store_excerpt(
    connection: sqlite3.Connection, claim_id: str, document_id: str, exact: str, author: str, now: datetime,
    *, capture_id: int | None = None, excerpt: Excerpt | None = None,
) -> None:  # fmt: skip
    """Add an excerpt that a claim relies on, inside a `writing` transaction; with selectors if there is a text."""
    position, quote = (_json(part.to_json()) for part in excerpt[1:]) if excerpt else (None, None)
    row = (
        _next(connection, "excerpt"), claim_id, document_id, capture_id, exact, position, quote, author, utc_text(now),
    )  # fmt: skip
    connection.execute("INSERT INTO excerpt VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)


def store_withheld_document(
    connection: sqlite3.Connection, document_id: str, document: Mapping[str, Any], author: str, now: datetime
) -> None:
    """Add the description of a confidential document (JSON) inside a `writing` transaction; `now` is UTC."""
    row = (document_id, _json(document), author, utc_text(now))
    connection.execute("INSERT INTO withheld VALUES (?, ?, ?, ?)", row)


def document_captures(connection: sqlite3.Connection, document_id: str) -> list[StoredCapture]:
    """Return the captures of a document, the oldest first."""
    sql = f"SELECT {_COLUMNS} FROM capture WHERE document_id = ? ORDER BY capture_id"  # noqa: S608  constants of this module
    return [StoredCapture(*row) for row in connection.execute(sql, (document_id,))]


def find_document_by_content(connection: sqlite3.Connection, content_sha256: str) -> str | None:
    """Return the identifier of a document that was uploaded with these bytes, or None."""
    sql = (
        "SELECT document_id FROM capture WHERE content_sha256 = ? AND final_address IS NULL ORDER BY capture_id LIMIT 1"
    )
    row = connection.execute(sql, (content_sha256,)).fetchone()
    return str(row[0]) if row else None


def find_capture(connection: sqlite3.Connection, capture_id: int) -> StoredCapture | None:
    """Return a capture by its number, or None."""
    sql = f"SELECT {_COLUMNS} FROM capture WHERE capture_id = ?"  # noqa: S608  constants of this module
    row = connection.execute(sql, (capture_id,)).fetchone()
    return StoredCapture(*row) if row else None


def document_quotes(connection: sqlite3.Connection, document_id: str) -> list[tuple[str, QuoteSelector]]:
    """Return (claim ID, excerpt) pairs of a document, the oldest first; without context if there was no text."""
    rows = connection.execute(
        "SELECT claim_id, exact, quote FROM excerpt WHERE document_id = ? ORDER BY excerpt_id", (document_id,)
    )
    return [
        (claim_id, QuoteSelector.model_validate_json(quote) if quote else QuoteSelector(exact=exact))
        for claim_id, exact, quote in rows
    ]


class Download(NamedTuple):
    """A download of a confidential document's bytes."""

    capture_id: int
    """The number of the capture."""
    claim_id: str
    """The claim from whose page it was downloaded."""
    author: str
    """The name of the person who downloaded it."""
    recorded_at: str
    """The UTC time."""


def store_download(connection: sqlite3.Connection, capture_id: int, claim_id: str, author: str, now: datetime) -> None:
    """Add the download of a capture inside a `writing` transaction; `now` is UTC."""
    row = (_next(connection, "saving"), capture_id, claim_id, author, utc_text(now))
    connection.execute("INSERT INTO saving VALUES (?, ?, ?, ?, ?)", row)


def document_downloads(connection: sqlite3.Connection, document_id: str) -> list[Download]:
    """Return the downloads of a document's captures, the newest first."""
    rows = connection.execute(
        "SELECT capture_id, s.claim_id, s.author, s.recorded_at FROM saving s JOIN capture USING (capture_id) "
        "WHERE document_id = ? ORDER BY saving_id DESC",
        (document_id,),
    )
    return [Download(*row) for row in rows]


def withheld_document(connection: sqlite3.Connection, document_id: str) -> dict[str, Any] | None:
    """Return the description of a confidential document (JSON), or None."""
    row = connection.execute("SELECT document FROM withheld WHERE document_id = ?", (document_id,)).fetchone()
    return msgspec.json.decode(row[0]) if row else None


def _next(connection: sqlite3.Connection, table: str) -> int:
    sql = f"SELECT coalesce(max({table}_id), 0) + 1 FROM {table}"  # noqa: S608  constants of this module
    number: int = connection.execute(sql).fetchone()[0]
    return number


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
