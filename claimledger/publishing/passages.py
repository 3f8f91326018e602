"""Passages in `ledger.db` that their article allows no more: their words become lengths and hashes, in every version.

In: a ledger that is complete but for this. Out: cells without those words. The invariant: where the newest version of
an article does not allow its passages, no cell holds the words of one or of what stands around it. The bodies of the
versions are told without them, and `sha256` stays that of the body in the log, which is as it was: docs/decisions/0005.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

import msgspec

from claimledger.ledger.canonical import encode_body
from claimledger.selectors import hash_passage
from claimledger.vocabulary import Subject


def blank(connection: sqlite3.Connection) -> None:
    """Take out the words of passages that their articles allow no more."""
    found = list(_without_words(connection))
    connection.executemany(
        "UPDATE revision SET body = ? WHERE number = ?", [(body, number) for *_, number, body in found]
    )
    records = dict.fromkeys((subject, key) for subject, key, *_ in found)
    for table in ("history", "corrections"):
        connection.executemany(f"UPDATE {table} SET before = NULL, after = NULL {_OF_QUOTES}", records)  # noqa: S608
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
_OF_QUOTES = (
    "WHERE subject = ? AND key = ? "
    "AND (field GLOB '*quote.exact' OR field GLOB '*quote.prefix' OR field GLOB '*quote.suffix')"
)
"""The changes of words; those of lengths and hashes have longer names."""


def _without_words(connection: sqlite3.Connection) -> Iterator[tuple[str, str, int, str]]:
    """Yield subject, key, number and body of each version that holds words it may not, without them."""
    for subject, key, number, text in connection.execute(_VERSIONS, (Subject.ARTICLE, Subject.APPEARANCE)).fetchall():
        body = msgspec.json.decode(text)
        quotes = [quote for quote in _quotes(body["record"]) if any(isinstance(part, str) for part in quote.values())]
        for quote in quotes:
            quote |= {name: _hashed(part) for name, part in quote.items()}
        if quotes:
            yield subject, key, number, encode_body(body).decode()


def _quotes(record: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the quotations of a passage, or of what an article's editions leave out."""
    left_out = [one["quote"] for edition in record.get("editions", ()) for one in edition.get("dismissed", ())]
    return [record["quote"]] if "quote" in record else left_out


def _hashed(part: object) -> object:
    return hash_passage(part).to_json() if isinstance(part, str) else part
