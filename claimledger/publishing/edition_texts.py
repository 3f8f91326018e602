"""Store article texts in `ledger.db`: the newest edition of each article, if its rights allow publication.

A text is stored only if the newest public version of its article allows it and the file is in the folder of published
texts. Its SHA-256 is the edition's hash.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from claimledger.ledger.shared_files import public_edition, public_text
from claimledger.models import Revision
from claimledger.publishing.rows import EditionTextRow
from claimledger.publishing.tables import EDITION_TEXTS
from claimledger.vocabulary import Subject

_ARTICLES = """
SELECT body FROM (SELECT key, body, max(revision) FROM revision WHERE subject = ? GROUP BY key)
WHERE body ->> '$.record.rights.may_publish_text' ORDER BY key
"""
TextLookup = Callable[[str], str | None]
"""A function that returns the text of an edition by its SHA-256, or None if the text is missing."""
_STORED_EDITIONS = "SELECT article, edition_sha256 FROM edition_texts"
_FROM_EDITION = "FROM edition_texts WHERE article = ? AND edition_sha256 = ?"


def fill_edition_texts(connection: sqlite3.Connection, folder: Path | None) -> None:
    """Fill the table `edition_texts`. Without a folder it stays empty."""
    connection.executemany(EDITION_TEXTS.insert_sql, _rows(connection, folder))


def has_current_texts(connection: sqlite3.Connection, folder: Path | None) -> bool:
    """Return whether the database contains the same texts as a new build with this folder would."""
    stored = {(article, edition) for article, edition in connection.execute(_STORED_EDITIONS)}
    return stored == {(row.article, row.edition_sha256) for row in _rows(connection, folder)}


def edition_text(connection: sqlite3.Connection, article_id: str, edition_sha256: str) -> str | None:
    """Return the text of an edition, or None if the database does not contain it."""
    row = connection.execute(f"SELECT text {_FROM_EDITION}", (article_id, edition_sha256)).fetchone()
    return row[0] if row else None


def has_edition_text(connection: sqlite3.Connection, article_id: str, edition_sha256: str) -> bool:
    """Return whether the database contains the text of an edition."""
    return connection.execute(f"SELECT 1 {_FROM_EDITION}", (article_id, edition_sha256)).fetchone() is not None


def edition_text_rows(article: Revision, text_of_edition: TextLookup) -> Iterator[EditionTextRow]:
    """Yield the row for an article's newest revision, if its text may be published and is available."""
    edition = public_edition(article)
    if edition and (text := text_of_edition(edition)) is not None:
        yield EditionTextRow(article.key, edition, text)


def _rows(connection: sqlite3.Connection, folder: Path | None) -> Iterator[EditionTextRow]:
    if folder is None:
        return
    for (body,) in connection.execute(_ARTICLES, (Subject.ARTICLE.value,)).fetchall():
        yield from edition_text_rows(Revision.model_validate_json(body), partial(public_text, folder))
