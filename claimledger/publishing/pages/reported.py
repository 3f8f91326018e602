"""What a reader's report is about: the record a page shows, and the claims there that may be meant.

In: the folder of a page's address, a name, a page number. Out: what the record is called, and a page of its claims. The
invariant: the claims are those of the record's own page, withdrawn ones too.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

from claimledger.publishing.pages.lines import PAGE, Line, by_language, lines, numbers, offset

_NAMED: Mapping[str, tuple[str, str, str]] = {
    "articles": ("article", "headline", "headline_ko"),
    "speakers": ("speaker", "speaker", "name_ko"),
    "sources": ("source", "source", "name_ko"),
}
"""Folder, which is also the table, to the column of its name, there and in `claims`, and what it is called."""


class Reported(NamedTuple):
    """A record that a page shows."""

    names: Mapping[str, str]
    """By language."""
    lines: tuple[Line, ...]
    """Its claims on this page, by their names."""
    claim_count: int
    """Claims on all pages."""


def reported(connection: sqlite3.Connection, folder: str, name: str, page: int) -> Reported | None:
    """Return an article, a speaker or a source with a page of its claims; none if there is no such record."""
    key, called, korean = _NAMED[folder]
    found = connection.execute(
        f"SELECT {called}, {korean}, claim_count FROM {folder} WHERE {key} = ?",  # noqa: S608  our own names
        (name,),
    ).fetchone()
    if found is None:
        return None
    rows = numbers(
        connection,
        f"SELECT rowid FROM claims WHERE {key} = ? ORDER BY rowid LIMIT ? OFFSET ?",  # noqa: S608  our own
        (name, PAGE, offset(page)),
    )
    return Reported(by_language(found[0], found[1]), lines(connection, rows), found[2])
