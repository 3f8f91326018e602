"""The texts in `ledger.db`: of each article whose rights allow it the newest edition, as far as its text is held.

In: a database that holds the log, and the folder of the texts. Out: the rows of `edition_texts`. The invariant: a text
stands in the database only under an article whose newest public version allows it, and has the hash it stands under.
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
TextOf = Callable[[str], str | None]
"""Gives the text of an edition by its hash, if it is there."""
_HELD = "SELECT article, edition_sha256 FROM edition_texts"
_OF_EDITION = "FROM edition_texts WHERE article = ? AND edition_sha256 = ?"


def fill(connection: sqlite3.Connection, folder: Path | None) -> None:
    """Fill the table; without a folder it stays empty."""
    connection.executemany(EDITION_TEXTS.insert_sql, _rows(connection, folder))


def are_those_of(connection: sqlite3.Connection, folder: Path | None) -> bool:
    """Whether the database holds the texts that it would hold if it were built with this folder."""
    held = {(article, edition) for article, edition in connection.execute(_HELD)}
    return held == {(row.article, row.edition_sha256) for row in _rows(connection, folder)}


def text_of(connection: sqlite3.Connection, article_id: str, edition_sha256: str) -> str | None:
    """Return the text of an edition; none if the ledger does not hold it."""
    row = connection.execute(f"SELECT text {_OF_EDITION}", (article_id, edition_sha256)).fetchone()
    return row[0] if row else None


def holds_text(connection: sqlite3.Connection, article_id: str, edition_sha256: str) -> bool:
    """Whether the ledger holds the text of an edition."""
    return connection.execute(f"SELECT 1 {_OF_EDITION}", (article_id, edition_sha256)).fetchone() is not None


def rows_of(article: Revision, text_of_edition: TextOf) -> Iterator[EditionTextRow]:
    """Yield the row of an article by its newest revision, if the text is there."""
    edition = public_edition(article)
    if edition and (text := text_of_edition(edition)) is not None:
        yield EditionTextRow(article.key, edition, text)


def _rows(connection: sqlite3.Connection, folder: Path | None) -> Iterator[EditionTextRow]:
    if folder is None:
        return
    for (body,) in connection.execute(_ARTICLES, (Subject.ARTICLE.value,)).fetchall():
        yield from rows_of(Revision.model_validate_json(body), partial(public_text, folder))
