"""The texts of articles as the desk stores them: byte-exact, private, each once under its SHA-256.

A returned text always has the requested hash. It does not matter here whether the article is public. A desk that was
refilled from the log can restore the texts that were published.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from claimledger.article import StoredText, decode_article
from claimledger.ledger import shared_files
from claimledger.newsroom.store import DeskStore, utc_text
from claimledger.models import Revision
from claimledger.scalars import STORED


def store_text(
    connection: sqlite3.Connection, article_id: str, content: bytes, *, origin: str, author: str, now: datetime
) -> bool:
    """Store a UTF-8 text inside a `writing` transaction; return whether it is new.

    `origin` is the file or address it came from; `now` is UTC.
    """
    edition = sha256(content).hexdigest()
    if connection.execute("SELECT 1 FROM text WHERE edition_sha256 = ?", (edition,)).fetchone():
        return False
    row = (edition, article_id, content, origin, author, utc_text(now))
    connection.execute("INSERT INTO text VALUES (?, ?, ?, ?, ?, ?)", row)
    return True


def read_stored_text(connection: sqlite3.Connection, edition_sha256: str) -> StoredText | None:
    """Return an edition's text, or None if the desk does not store it."""
    row = connection.execute("SELECT content, origin FROM text WHERE edition_sha256 = ?", (edition_sha256,)).fetchone()
    return decode_article(*row) if row else None


def read_text_bytes(connection: sqlite3.Connection, edition_sha256: str) -> bytes | None:
    """Return the bytes of an edition's text, or None if the desk does not store it or its hash is wrong."""
    row = connection.execute("SELECT content FROM text WHERE edition_sha256 = ?", (edition_sha256,)).fetchone()
    return row[0] if row and sha256(row[0]).hexdigest() == edition_sha256 else None


def restore_published_texts(store: DeskStore, folder: Path, now: datetime) -> None:
    """Store the published texts in claims/texts that the desk lacks, for example after a fresh clone; `now` is UTC.

    Their author is `PROGRAM_AUTHOR`, because no person added them.
    """
    held = {row[0] for row in store.connection.execute("SELECT edition_sha256 FROM text")}
    lacking = {path.name for path in folder.glob("*/*")} - held
    if not lacking:
        return
    with store.writing() as connection:
        for article in public_articles(connection):
            edition = shared_files.public_edition(article)
            if edition in lacking and (text := shared_files.public_text(folder, edition)) is not None:
                store_text(connection, article.key, text.encode(), origin=_SHARED, author=PROGRAM_AUTHOR, now=now)


_SHARED = "claims/texts"
PROGRAM_AUTHOR = "the program"
"""The author of texts from there; it contains a space, so it cannot be a person's name."""


def public_articles(connection: sqlite3.Connection) -> list[Revision]:
    """Return the newest public revision of each article."""
    rows = connection.execute(
        "SELECT CAST(body AS BLOB), max(number) FROM publication WHERE subject = 'article' GROUP BY key"
    )
    return [Revision.model_validate_json(body, context=STORED) for body, _ in rows]


def article_of_text(connection: sqlite3.Connection, edition_sha256: str) -> str | None:
    """Return the ID of the article that a stored text belongs to, or None."""
    row = connection.execute("SELECT article_id FROM text WHERE edition_sha256 = ?", (edition_sha256,)).fetchone()
    return str(row[0]) if row else None


def has_text(store: DeskStore, article_id: str) -> bool:
    """Return whether the desk stores any text of an article."""
    row = store.connection.execute("SELECT 1 FROM text WHERE article_id = ? LIMIT 1", (article_id,)).fetchone()
    return row is not None
