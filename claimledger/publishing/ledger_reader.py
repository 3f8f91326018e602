"""Read the published ledger without Datasette: lists, a claim, its history, and its state on a past date.

The state on a date is the newest revision recorded by the end of that UTC day. The module returns plain rows and bodies
and renders nothing.
"""

from __future__ import annotations

import difflib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from claimledger.errors import LedgerError, NotFound
from claimledger.publishing.redaction import redacted_envelope

CLAIM_FILTERS: Mapping[str, str] = {
    "article": "article = ?",
    "speaker": "speaker IN (SELECT speaker FROM speakers WHERE ? COLLATE NOCASE IN (speaker, name_ko))",
    "kind": "kind = ?",
    "verification_status": "verification_status = ?",
    "topic": "claim_id IN (SELECT claim_id FROM topics WHERE topic = ? COLLATE NOCASE)",
    "currency": "claim_id IN (SELECT claim_id FROM quantities WHERE currency = ? COLLATE NOCASE)",
}
"""The filters of a claim list and their SQL conditions. A speaker matches by either name; a topic or a currency
matches if any of the claim's topics or figures has it.
"""
FINDING_FILTERS: Mapping[str, str] = {
    "claim_id": "claim_id = ?",
    "article": "claim_id IN (SELECT claim_id FROM claims WHERE article = ?)",
    "code": "code = ?",
    "severity": "severity = ?",
}
"""The filters of a list of findings and their SQL conditions."""


class VersionRedacted(LedgerError):
    """Raised when the version of a claim on a past date was redacted later."""

    def __init__(self, claim_id: str, on: str) -> None:
        """Name the claim and the day (YYYY-MM-DD)."""
        super().__init__(claim=claim_id, day=on)


@contextmanager
def open_ledger(path: Path) -> Iterator[sqlite3.Connection]:
    """Open ledger.db read-only, with `sqlite3.Row` rows."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    try:
        yield connection
    finally:
        connection.close()


def list_claims(connection: sqlite3.Connection, filters: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the rows of `claims` that match all `filters` (name of `CLAIM_FILTERS` to value), sorted by claim ID."""
    names = [name for name in CLAIM_FILTERS if name in filters]
    where = " AND ".join(CLAIM_FILTERS[name] for name in names)
    return _rows(connection, "claims", where, [filters[name] for name in names], order_by="claim_id")


def korean_names(connection: sqlite3.Connection) -> Mapping[str, str]:
    """Return the Korean names of the speakers that have one, by the name in the table `claims`."""
    return dict(connection.execute("SELECT speaker, name_ko FROM speakers WHERE name_ko IS NOT NULL").fetchall())


def claim_revisions(connection: sqlite3.Connection, claim_id: str, *, on: str | None = None) -> list[dict[str, Any]]:
    """Return a claim's revisions with their hashes, oldest first, up to the end of the UTC day `on` (YYYY-MM-DD).

    A revision that was redacted later has number, kind, time and people, but no `record`.

    Raises:
        NotFound: the claim does not exist, or did not exist on that day.
        VersionRedacted: the version of that day was redacted later.
    """
    rows = connection.execute(
        "SELECT * FROM revision WHERE subject = 'claim' AND key = ? AND substr(recorded_at, 1, 10) <= ? "
        "ORDER BY revision",
        (claim_id, on or "9999"),
    ).fetchall()
    if not rows:
        ids = [row[0] for row in connection.execute("SELECT claim_id FROM claims")]
        if on and claim_id in ids:
            raise NotFound("version", claim_id, day=on)
        raise NotFound("claim", claim_id, _similar_ids(claim_id, ids))
    if not rows[-1]["body"]:
        raise VersionRedacted(claim_id, on or "")
    bodies = (msgspec.json.decode(row["body"]) if row["body"] else redacted_envelope(row) for row in rows)
    return [{**body, "sha256": row["sha256"]} for body, row in zip(bodies, rows, strict=True)]


def list_findings(connection: sqlite3.Connection, filters: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the rows of `findings` that match all `filters` (name of `FINDING_FILTERS` to value), sorted by claim."""
    names = [name for name in FINDING_FILTERS if name in filters]
    where = " AND ".join(FINDING_FILTERS[name] for name in names)
    return _rows(connection, "findings", where, [filters[name] for name in names], order_by="claim_id, position")


def finding_counts(connection: sqlite3.Connection, claim_ids: Sequence[str]) -> dict[str, int]:
    """Return the number of findings by claim ID. Claims without findings are left out."""
    marks = ", ".join("?" * len(claim_ids))
    sql = f"SELECT claim_id, count(*) FROM findings WHERE claim_id IN ({marks}) GROUP BY claim_id"  # noqa: S608
    return dict(connection.execute(sql, claim_ids).fetchall())


def list_fact_values(
    connection: sqlite3.Connection, language: str, key: str, claim_id: str, most: int
) -> list[dict[str, Any]]:
    """Return up to `most` figures of other listed claims about the same fact, each with its claim's article.

    `key` is a value of `quantities.fact_en` or `fact_ko`. Of equal figures only the first claim's is returned.
    """
    column = {"en": "fact_en", "ko": "fact_ko"}[language]
    sql = (
        "SELECT q.*, c.article, min(q.claim_id) FROM quantities AS q "  # noqa: S608  names of the table
        f"JOIN claims AS c USING (claim_id) WHERE q.{column} = ? AND c.record_state = 'listed' AND q.claim_id <> ? "
        "GROUP BY q.amount, q.low, q.high, q.unit, q.currency, q.comparator, q.direction "
        "ORDER BY q.claim_id, q.position LIMIT ?"
    )
    return [dict(row) for row in connection.execute(sql, (key, claim_id, most))]


def _similar_ids(claim_id: str, ids: list[str]) -> list[str]:
    starting = [name for name in ids if name.startswith(claim_id)]
    return starting[:3] or difflib.get_close_matches(claim_id, ids, n=3)


def claim_history(connection: sqlite3.Connection, claim_id: str) -> list[dict[str, Any]]:
    """Return the rows of `history` for a claim, oldest first."""
    return _rows(connection, "history", "claim_id = ?", [claim_id], order_by="id")


def _rows(
    connection: sqlite3.Connection, table: str, where: str, values: Sequence[str], *, order_by: str
) -> list[dict[str, Any]]:
    from sqlite_utils import Database  # noqa: PLC0415  imports numpy if installed: a tenth of the start-up time

    return list(Database(connection).table(table).rows_where(where or None, values, order_by=order_by))
