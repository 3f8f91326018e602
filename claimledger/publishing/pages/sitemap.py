"""The pages for search engines: every article, listed claim, speaker and source, with the day a claim last changed.

A sitemap may have 50,000 addresses (sitemaps.org). Claims are split into parts by row number, so each part takes the
same time.
"""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

CLAIMS_PER_PART = 40_000
"""The number of claims in one sitemap."""


class SitemapEntry(NamedTuple):
    """A page in a sitemap."""

    name: str
    changed_on: str | None
    """The day of the last change, UTC. None if the ledger does not record it."""


def part_count(connection: sqlite3.Connection) -> int:
    """Return the number of parts that the claims need."""
    last = connection.execute("SELECT max(rowid) FROM claims").fetchone()[0] or 0
    return int(-(-last // CLAIMS_PER_PART))


def claim_entries(connection: sqlite3.Connection, part: int) -> list[SitemapEntry]:
    """Return the listed claims of a part, from 1. Empty after the last part."""
    found = connection.execute(
        "SELECT claim_id, substr(last_recorded_at, 1, 10) FROM claims "
        "WHERE rowid > ? AND rowid <= ? AND record_state = 'listed' ORDER BY rowid",
        ((part - 1) * CLAIMS_PER_PART, part * CLAIMS_PER_PART),
    )
    return [SitemapEntry(*row) for row in found]


def name_entries(connection: sqlite3.Connection, table: str) -> list[SitemapEntry]:
    """Return the speakers or the sources, up to the limit of a sitemap. `table` is "speakers" or "sources"."""
    key = {"speakers": "speaker", "sources": "source"}[table]
    found = connection.execute(f"SELECT {key}, NULL FROM {table} ORDER BY {key} LIMIT ?", (CLAIMS_PER_PART,))  # noqa: S608  ours
    return [SitemapEntry(*row) for row in found]


def article_entries(connection: sqlite3.Connection) -> list[SitemapEntry]:
    """Return the listed articles, newest first, up to the limit of a sitemap."""
    found = connection.execute(
        "SELECT article, NULL FROM articles WHERE record_state = 'listed' ORDER BY published_on DESC, article LIMIT ?",
        (CLAIMS_PER_PART,),
    )
    return [SitemapEntry(*row) for row in found]
