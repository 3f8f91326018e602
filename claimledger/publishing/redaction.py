"""What a redaction takes out of ledger.db, and what the ledger then still says of a version that was redacted.

In: a ledger that is complete but for this; later the finished file. Out: cells made empty. The invariant: once a record
was redacted, no cell tells a value, a note or a reason of any version before, nor of what the redaction took away; who
did what when stays, and so does the hash of each body. The log itself is as it was: docs/decisions/0004.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from claimledger.publishing.projection import CHANGES_A_REVISION
from claimledger.vocabulary import RevisionKind


def blank(connection: sqlite3.Connection) -> None:
    """Make empty what redactions took away."""
    redacted = connection.execute(_REDACTED).fetchall()
    rows = [(number * CHANGES_A_REVISION, (number + 1) * CHANGES_A_REVISION) for number, _ in redacted]
    connection.executemany("UPDATE history SET before = NULL, after = NULL, reason = '' WHERE id > ? AND id < ?", rows)
    connection.executemany(
        "UPDATE corrections SET before = NULL, after = NULL, reason = '', public_note_en = NULL, public_note_ko = NULL "
        "WHERE id > ? AND id < ?", rows,
    )  # fmt: skip
    gone = [(number,) for number, is_before in redacted if is_before]
    connection.executemany("UPDATE revision SET body = NULL WHERE number = ?", gone)


_REDACTED = (
    "SELECT r.number, r.revision < d.last FROM (SELECT subject, key, max(revision) AS last FROM revision "
    "WHERE kind = 'redaction' GROUP BY subject, key) d JOIN revision r USING (subject, key) WHERE r.revision <= d.last"
)
"""Versions up to a record's newest redaction, and whether they came before it."""


def envelope(row: sqlite3.Row) -> dict[str, Any]:
    """Return what the ledger still says of a version whose body it does not tell: number, kind, time and who."""
    kept = {name: row[name] for name in ("number", "revision", "recorded_at", "approver")}
    return {**kept, "kind": RevisionKind(row["kind"]), "authors": (row["actor"],), "reason": "", "correction": None}
