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
from claimledger.vocabulary import Subject

_ARTICLES = """
SELECT body FROM (SELECT key, body, max(revision) FROM revision WHERE subject = ? GROUP BY key)
WHERE body ->> '$.record.rights.may_publish_text' ORDER BY key
"""
_STORED_EDITIONS = "SELECT article, edition_sha256 FROM edition_texts"
TextLookup = Callable[[str], str | None]
"""A function that returns the text of an edition by its SHA-256, or None if the text is missing."""
_FROM_EDITION = "FROM edition_texts WHERE article = ? AND edition_sha256 = ?"


def no_text(_: str) -> None:
    """Return no text, for a file without texts."""


def published_text(folder: Path | None) -> TextLookup:
    """Return a function that reads published texts from their folder; without a folder there are none."""
    return partial(public_text, folder) if folder else no_text


def has_current_texts(connection: sqlite3.Connection, text_of_edition: TextLookup) -> bool:
    """Return whether the database contains exactly the texts that may be published and are available."""
    stored = {(article, edition) for article, edition in connection.execute(_STORED_EDITIONS)}
    return stored == {(row.article, row.edition_sha256) for row in publishable_texts(connection, text_of_edition)}


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


def publishable_texts(connection: sqlite3.Connection, text_of_edition: TextLookup) -> Iterator[EditionTextRow]:
    """Yield the row of every article whose text may be published and is available."""
    if text_of_edition is not no_text:
        for (body,) in connection.execute(_ARTICLES, (Subject.ARTICLE.value,)).fetchall():
            yield from edition_text_rows(Revision.model_validate_json(body), text_of_edition)
