"""Articles' texts as the desk keeps them: byte-exact, private, each once under its SHA-256.

In: an open store and a text's bytes. Out: the text of an edition, if it is held. The invariant: what is returned has
the hash it is asked for under. Whether its article is public does not matter here; but a desk that was refilled from
the log takes back the texts that were published.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from claimledger.article import Text, read_text
from claimledger.ledger import shared_files
from claimledger.newsroom.store import DeskStore, utc_text
from claimledger.models import Revision


def keep_text(
    connection: sqlite3.Connection, article_id: str, content: bytes, *, origin: str, author: str, now: datetime
) -> bool:
    """Keep a text (UTF-8) inside a transaction of `writing`; return whether it is new.

    `origin` is the file or address it came from, `now` UTC.
    """
    edition = sha256(content).hexdigest()
    if connection.execute("SELECT 1 FROM text WHERE edition_sha256 = ?", (edition,)).fetchone():
        return False
    row = (edition, article_id, content, origin, author, utc_text(now))
    connection.execute("INSERT INTO text VALUES (?, ?, ?, ?, ?, ?)", row)
    return True


def kept_text(connection: sqlite3.Connection, edition_sha256: str) -> Text | None:
    """Return an edition's text, if the desk holds it."""
    row = connection.execute("SELECT content, origin FROM text WHERE edition_sha256 = ?", (edition_sha256,)).fetchone()
    return read_text(*row) if row else None


def content_of_text(connection: sqlite3.Connection, edition_sha256: str) -> bytes | None:
    """Return the bytes of an edition's text, if the desk holds it."""
    row = connection.execute("SELECT content FROM text WHERE edition_sha256 = ?", (edition_sha256,)).fetchone()
    return row[0] if row and sha256(row[0]).hexdigest() == edition_sha256 else None


def take_back_texts(store: DeskStore, folder: Path, now: datetime) -> None:
    """Keep the published texts (claims/texts) that the desk lacks, as after a fresh clone; `now` is UTC.

    They are kept under the program's name, for no person brought them.
    """
    held = {row[0] for row in store.connection.execute("SELECT edition_sha256 FROM text")}
    lacking = {path.name for path in folder.glob("*/*")} - held
    if not lacking:
        return
    with store.writing() as connection:
        for article in public_articles(connection):
            edition = shared_files.public_edition(article)
            if edition in lacking and (text := shared_files.public_text(folder, edition)) is not None:
                keep_text(connection, article.key, text.encode(), origin=_SHARED, author=PROGRAM, now=now)


_SHARED = "claims/texts"
PROGRAM = "the program"
"""Who kept a text that came from there; with a space in it, it is no name of a person."""


def public_articles(connection: sqlite3.Connection) -> list[Revision]:
    """Return the newest public version of each article."""
    rows = connection.execute(
        "SELECT CAST(body AS BLOB), max(number) FROM publication WHERE subject = 'article' GROUP BY key"
    )
    return [Revision.model_validate_json(body) for body, _ in rows]


def owner_of_text(connection: sqlite3.Connection, edition_sha256: str) -> str | None:
    """Return the article that a text was kept for, if it is held."""
    row = connection.execute("SELECT article_id FROM text WHERE edition_sha256 = ?", (edition_sha256,)).fetchone()
    return str(row[0]) if row else None


def holds_text_of(store: DeskStore, article_id: str) -> bool:
    """Whether the desk holds any text of an article."""
    row = store.connection.execute("SELECT 1 FROM text WHERE article_id = ? LIMIT 1", (article_id,)).fetchone()
    return row is not None
