"""Measure the corrections policy: list corrections and withdrawals, and compute figures such as silent edits.

Every figure follows from the public log. `workflow` decides whether an edit was silent, with the same rule as the desk.
That no revision was changed or removed later is proved by `claimledger check` from the hashes.

The connection is to ledger.db, read-only, with `sqlite3.Row` rows.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby, islice
from typing import NamedTuple

from claimledger.publishing import tallies
from claimledger.publishing.field_changes import FieldChange
from claimledger.publishing.projection import CHANGES_PER_REVISION
from claimledger.vocabulary import CorrectionKind, RevisionKind

_TENTH = Decimal("0.1")
_DAY = 24 * 60 * 60 * 1000
_MILLISECOND = timedelta(milliseconds=1)


class PublishedCorrection(NamedTuple):
    """A correction or withdrawal as readers see it."""

    number: int
    """The revision's number in the log."""
    sha256: str
    subject: str
    key: str
    claim_id: str | None
    revision: int
    kind: CorrectionKind | RevisionKind
    """The kind of the correction, or `withdrawal`."""
    changes: tuple[FieldChange, ...]
    """The changed fields with old and new values, in record order. Values redacted later are None."""
    public_note: Mapping[str, str]
    """The note for readers by language. Empty for withdrawals and if the change was redacted later."""
    reason: str
    """The reason. Empty if the change was redacted later."""
    actor: str
    approver: str
    recorded_at: str
    statement: Mapping[str, str]
    """The claim's statement after this revision, or its redacted form. Empty for other records."""
    redacted_at: str | None
    """The time when the change was redacted, or None. If it was, only the field names may be shown."""

    @property
    def is_redacted(self) -> bool:
        """True if the change was redacted later."""
        return self.redacted_at is not None


def list_corrections(
    connection: sqlite3.Connection, *, count: int, before: int | None = None
) -> list[PublishedCorrection]:
    """Return up to `count` corrections and withdrawals, newest first, before the log number `before` if given."""
    last = (before or 2**31) * CHANGES_PER_REVISION
    rows = connection.execute(_NEWEST, {"last": last})
    return [_correction([*group][::-1]) for _, group in islice(groupby(rows, lambda row: row["sha256"]), count)]


_CHANGES = (
    "SELECT c.id, c.subject, c.key, c.claim_id, c.revision, c.kind, c.field, c.before, c.after, {notes}, c.reason, "
    "c.actor, c.approver, c.recorded_at, r.sha256, coalesce(x.body, r.body) AS body, x.recorded_at AS redacted_at "
    "FROM {table} c JOIN revision r ON r.subject = c.subject AND r.key = c.key AND r.revision = c.revision "
    "LEFT JOIN revision x ON x.number = (SELECT max(y.number) FROM revision y WHERE y.subject = c.subject "
    "AND y.key = c.key AND y.revision > c.revision AND y.kind = 'redaction') WHERE c.id < :last"
)
_CORRECTIONS = _CHANGES.format(table="corrections", notes="c.public_note_en, c.public_note_ko")
_WITHDRAWALS = _CHANGES.format(table="history", notes="NULL, NULL") + " AND c.kind = 'withdrawal'"
_NEWEST = f"{_CORRECTIONS} UNION ALL {_WITHDRAWALS} ORDER BY 1 DESC"


_KIND: Mapping[str, CorrectionKind | RevisionKind] = {
    **{str(kind): kind for kind in CorrectionKind}, str(RevisionKind.WITHDRAWAL): RevisionKind.WITHDRAWAL,
}  # fmt: skip


def _correction(rows: Sequence[sqlite3.Row]) -> PublishedCorrection:
    first = rows[0]
    is_visible = first["redacted_at"] is None
    notes = {"en": first["public_note_en"], "ko": first["public_note_ko"]} if is_visible else {}
    return PublishedCorrection(
        number=first["id"] // CHANGES_PER_REVISION,
        sha256=first["sha256"],
        subject=first["subject"],
        key=first["key"],
        claim_id=first["claim_id"],
        revision=first["revision"],
        kind=_KIND[first["kind"]],
        changes=tuple(
            FieldChange(row["field"], *((row["before"], row["after"]) if is_visible else (None, None)))
            for row in rows
            if row["field"]
        ),
        public_note={language: note for language, note in notes.items() if note},
        reason=first["reason"] if is_visible else "",
        actor=first["actor"],
        approver=first["approver"],
        recorded_at=first["recorded_at"],
        statement=json.loads(first["body"])["record"].get("statement", {}),
        redacted_at=first["redacted_at"],
    )


class PolicyMetrics(NamedTuple):
    """The figures of the corrections policy, over all claims ever published."""

    claims: int
    corrections: int
    per_hundred: Decimal | None
    """The corrections of claims per 100 claims, with one decimal. None without claims."""
    median_days: Decimal | None
    """The median time in days, with one decimal, that a corrected text was public. None without corrections."""
    by_kind: Mapping[CorrectionKind, int]
    silent_edits: tuple[tuple[str, int], ...]
    """The claim ID and revision number of each change that should have been a correction."""
    withdrawals: int
    """The number of withdrawn claims."""


def measure_policy(connection: sqlite3.Connection) -> PolicyMetrics:
    """Return the figures of the policy, from the counts that the file keeps."""
    kinds = {key: number for key, _, number in tallies.counts_by_key(connection, tallies.CORRECTION)}
    claims, corrections = tallies.get_count(connection, tallies.ALL_CLAIMS), sum(kinds.values())
    return PolicyMetrics(
        claims=claims,
        corrections=corrections,
        per_hundred=(Decimal(100 * corrections) / claims).quantize(_TENTH) if claims else None,
        median_days=_median_days(connection, corrections) if corrections else None,
        by_kind={kind: kinds.get(str(kind), 0) for kind in CorrectionKind},
        silent_edits=tuple((row[0], row[1]) for row in connection.execute(_SILENT_EDITS)),
        withdrawals=tallies.get_count(connection, tallies.WITHDRAWN),
    )


_SILENT_EDITS = "SELECT claim_id, revision FROM silent_edits ORDER BY claim_id, revision"
_MIDDLE = "SELECT milliseconds FROM correction_times ORDER BY milliseconds LIMIT ? OFFSET ?"


def _median_days(connection: sqlite3.Connection, corrections: int) -> Decimal:
    values = connection.execute(_MIDDLE, (2 - corrections % 2, (corrections - 1) // 2)).fetchall()
    return (Decimal(sum(row[0] for row in values)) / len(values) / _DAY).quantize(_TENTH)


_PUBLIC_SINCE = (
    "SELECT c.recorded_at, coalesce((SELECT max(h.recorded_at) FROM history h "
    "WHERE h.claim_id = c.claim_id AND h.key = c.key AND h.field = c.field AND h.revision < c.revision), "
    "(SELECT first_recorded_at FROM claims k WHERE k.claim_id = c.claim_id)) AS since "
    "FROM corrections c WHERE c.subject = 'claim' AND c.id > ? AND c.id < ?"
)


def time_public(connection: sqlite3.Connection, number: int) -> int:
    """Return how long, in milliseconds, the oldest field that a correction of a claim changed had its old value.

    `number` is the number of the correction in the log.
    """
    ids = number * CHANGES_PER_REVISION, (number + 1) * CHANGES_PER_REVISION
    rows = connection.execute(_PUBLIC_SINCE, ids).fetchall()
    return max((datetime.fromisoformat(at) - datetime.fromisoformat(since)) // _MILLISECOND for at, since in rows)
