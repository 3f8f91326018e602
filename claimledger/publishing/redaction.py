"""Apply redactions to ledger.db, and describe the versions that were redacted.

Once a record was redacted, no cell contains a value, a note or a reason of an earlier version, or of the values that
the redaction removed. Actors, times and the hash of each body stay. The log itself does not change
(docs/decisions/0004). `blank_redacted` runs when all other tables are complete.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from claimledger.publishing.projection import CHANGES_PER_REVISION
from claimledger.vocabulary import RevisionKind


def blank_redacted(connection: sqlite3.Connection) -> None:
    """Clear the values that redactions removed."""
    redacted = connection.execute(_REDACTED_VERSIONS).fetchall()
    rows = [(number * CHANGES_PER_REVISION, (number + 1) * CHANGES_PER_REVISION) for number, _ in redacted]
    connection.executemany("UPDATE history SET before = NULL, after = NULL, reason = '' WHERE id > ? AND id < ?", rows)
    connection.executemany(
        "UPDATE corrections SET before = NULL, after = NULL, reason = '', public_note_en = NULL, public_note_ko = NULL "
        "WHERE id > ? AND id < ?", rows,
    )  # fmt: skip
    cleared = [(number,) for number, is_before in redacted if is_before]
    connection.executemany("UPDATE revision SET body = NULL WHERE number = ?", cleared)


_REDACTED_VERSIONS = (
    "SELECT r.number, r.revision < d.last FROM (SELECT subject, key, max(revision) AS last FROM revision "
    "WHERE kind = 'redaction' GROUP BY subject, key) d JOIN revision r USING (subject, key) WHERE r.revision <= d.last"
)
"""The versions up to a record's newest redaction, and whether each is older than it."""


def redacted_envelope(row: sqlite3.Row) -> dict[str, Any]:
    """Return the remaining data of a redacted version: number, kind, time and people."""
    kept = {name: row[name] for name in ("number", "revision", "recorded_at", "approver")}
    return {**kept, "kind": RevisionKind(row["kind"]), "authors": (row["actor"],), "reason": "", "correction": None}
