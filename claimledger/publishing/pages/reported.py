"""The subject of a reader's error report: the record of a page, and the claims on it that the report may mean.

The claims are the same as on the record's own page, including withdrawn ones.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

from claimledger.publishing.pages.lines import (
    LINES_PER_PAGE, ClaimLine, wording_by_language, claim_lines, row_numbers, page_offset,
)  # fmt: skip

_NAME_COLUMNS: Mapping[str, tuple[str, str, str]] = {
    "articles": ("article", "headline", "headline_ko"),
    "speakers": ("speaker", "speaker", "name_ko"),
    "sources": ("source", "source", "name_ko"),
}
"""For each folder of addresses, which is also a table: its key column (the same in `claims`) and its name columns."""


class ReportedRecord(NamedTuple):
    """A record that a page shows."""

    names: Mapping[str, str]
    """The name or headline, by language."""
    lines: tuple[ClaimLine, ...]
    """The claims of this page, by claim ID."""
    claim_count: int
    """The number of claims on all pages."""


def reported_record(connection: sqlite3.Connection, folder: str, name: str, page: int) -> ReportedRecord | None:
    """Return an article, a speaker or a source with one page of its claims, or None if it does not exist."""
    key_column, name_column, korean_column = _NAME_COLUMNS[folder]
    found = connection.execute(
        f"SELECT {name_column}, {korean_column}, claim_count FROM {folder} WHERE {key_column} = ?",  # noqa: S608  our own names
        (name,),
    ).fetchone()
    if found is None:
        return None
    rows = row_numbers(
        connection,
        f"SELECT rowid FROM claims WHERE {key_column} = ? ORDER BY rowid LIMIT ? OFFSET ?",  # noqa: S608  our own
        (name, LINES_PER_PAGE, page_offset(page)),
    )
    return ReportedRecord(wording_by_language(found[0], found[1]), claim_lines(connection, rows), found[2])
