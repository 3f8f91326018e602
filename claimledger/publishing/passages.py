"""Remove passages from `ledger.db` if their article no longer allows them, in every version.

The words become lengths and hashes, or NULL. No cell then contains a passage, its prefix or its suffix. The bodies of
the versions are printed without these words; `sha256` remains the hash of the unchanged body in the log
(docs/decisions/0005). This runs when all other tables are complete.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

import msgspec

from claimledger.ledger.canonical import encode_body
from claimledger.selectors import hash_passage
from claimledger.vocabulary import Subject


def blank_passages(connection: sqlite3.Connection) -> None:
    """Remove the words of passages that their articles no longer allow."""
    found = list(_versions_without_words(connection))
    connection.executemany(
        "UPDATE revision SET body = ? WHERE number = ?", [(body, number) for *_, number, body in found]
    )
    records = dict.fromkeys((subject, key) for subject, key, *_ in found)
    for table in ("history", "corrections"):
        connection.executemany(f"UPDATE {table} SET before = NULL, after = NULL {_QUOTE_CHANGES}", records)  # noqa: S608
    connection.execute(f"UPDATE appearances SET quote = NULL WHERE article IN ({_FORBIDDING})")  # noqa: S608


_FORBIDDING = (
    "SELECT key FROM (SELECT key, body, max(revision) FROM revision WHERE subject = 'article' GROUP BY key) "
    "WHERE NOT coalesce(body ->> '$.record.rights.may_hold_text', 0)"
)
"""The articles whose newest version does not allow passages."""
_VERSIONS = (
    "SELECT subject, key, number, body FROM revision WHERE subject IN (?, ?) AND body IS NOT NULL "  # noqa: S608
    f"AND body ->> '$.record.article_id' IN ({_FORBIDDING})"
)
_QUOTE_CHANGES = (
    "WHERE subject = ? AND key = ? "
    "AND (field GLOB '*quote.exact' OR field GLOB '*quote.prefix' OR field GLOB '*quote.suffix')"
)
"""The changes of quoted words. Fields of lengths and hashes have longer names and do not match."""


def _versions_without_words(connection: sqlite3.Connection) -> Iterator[tuple[str, str, int, str]]:
    """Yield subject, key, number and new body of each version with words that are no longer allowed."""
    for subject, key, number, text in connection.execute(_VERSIONS, (Subject.ARTICLE, Subject.APPEARANCE)).fetchall():
        body = msgspec.json.decode(text)
        quotes = [quote for quote in _quotes(body["record"]) if any(isinstance(part, str) for part in quote.values())]
        for quote in quotes:
            quote |= {name: _hash(part) for name, part in quote.items()}
        if quotes:
            yield subject, key, number, encode_body(body).decode()


def _quotes(record: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the quote of an appearance, or the quotes of the passages that an article's editions dismiss."""
    left_out = [one["quote"] for edition in record.get("editions", ()) for one in edition.get("dismissed", ())]
    return [record["quote"]] if "quote" in record else left_out


def _hash(part: object) -> object:
    return hash_passage(part).to_json() if isinstance(part, str) else part
