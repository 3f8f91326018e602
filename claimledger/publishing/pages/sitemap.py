"""What search engines are told of: every article, listed claim, speaker and source, with the day a claim changed.

In: which part of the claims. Out: names and days. The invariant: a part holds no more than a sitemap may
(sitemaps.org: 50,000 addresses), and parts are cut by row number, so each costs the same.
"""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

PART = 40_000
"""Claims of one sitemap."""


class Entry(NamedTuple):
    """A page to be told of."""

    name: str
    changed_on: str | None
    """UTC day; none where the ledger does not say."""


def part_count(connection: sqlite3.Connection) -> int:
    """Return how many parts the claims make."""
    last = connection.execute("SELECT max(rowid) FROM claims").fetchone()[0] or 0
    return int(-(-last // PART))


def claims_of_part(connection: sqlite3.Connection, part: int) -> list[Entry]:
    """Return the listed claims of a part, from 1; none beyond the last."""
    found = connection.execute(
        "SELECT claim_id, substr(last_recorded_at, 1, 10) FROM claims "
        "WHERE rowid > ? AND rowid <= ? AND record_state = 'listed' ORDER BY rowid",
        ((part - 1) * PART, part * PART),
    )
    return [Entry(*row) for row in found]


def names(connection: sqlite3.Connection, table: str) -> list[Entry]:
    """Return the speakers or the sources, as many as one sitemap takes; `table` is one of these two."""
    key = {"speakers": "speaker", "sources": "source"}[table]
    found = connection.execute(f"SELECT {key}, NULL FROM {table} ORDER BY {key} LIMIT ?", (PART,))  # noqa: S608  ours
    return [Entry(*row) for row in found]


def articles(connection: sqlite3.Connection) -> list[Entry]:
    """Return the listed articles, as many as one sitemap takes, the newest first."""
    found = connection.execute(
        "SELECT article, NULL FROM articles WHERE record_state = 'listed' ORDER BY published_on DESC, article LIMIT ?",
        (PART,),
    )
    return [Entry(*row) for row in found]
