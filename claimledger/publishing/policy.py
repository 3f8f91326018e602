"""Measure the corrections policy: list corrections and withdrawals, and compute figures such as silent edits.

Every figure follows from the public log. `review` decides whether an edit was silent, with the same rule as the desk.
That no revision was changed or removed later is proved by `claimledger check` from the hashes.

The connection is to ledger.db, read-only, with `sqlite3.Row` rows.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby, islice
from statistics import median
from typing import Any, NamedTuple

from claimledger.publishing.field_changes import FieldChange
from claimledger.publishing.projection import CHANGES_PER_REVISION
from claimledger.workflow import JUDGED_FIELDS, changed_judged_fields
from claimledger.vocabulary import CorrectionKind, RevisionKind

_TENTH = Decimal("0.1")
_DAY = timedelta(days=1)


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
    """Return the figures of the policy."""
    (claims,) = connection.execute("SELECT count(*) FROM claims").fetchone()
    (withdrawals,) = connection.execute("SELECT count(*) FROM claims WHERE record_state = 'withdrawn'").fetchone()
    days = [_days_public(group) for _, group in groupby(connection.execute(_PUBLIC_SINCE), lambda row: row["number"])]
    kinds = Counter(row["kind"] for row in connection.execute(_KINDS))
    return PolicyMetrics(
        claims=claims,
        corrections=len(days),
        per_hundred=(Decimal(100 * len(days)) / claims).quantize(_TENTH) if claims else None,
        median_days=Decimal(median(days)).quantize(_TENTH) if days else None,
        by_kind={kind: kinds[kind] for kind in CorrectionKind},
        silent_edits=tuple(find_silent_edits(connection)),
        withdrawals=withdrawals,
    )


_KINDS = "SELECT DISTINCT key, revision, kind FROM corrections WHERE subject = 'claim'"
_PUBLIC_SINCE = (
    f"SELECT c.id / {CHANGES_PER_REVISION} AS number, c.recorded_at, "  # noqa: S608  a number of ours
    "coalesce((SELECT max(h.recorded_at) FROM history h "
    "WHERE h.claim_id = c.claim_id AND h.key = c.key AND h.field = c.field AND h.revision < c.revision), "
    "(SELECT first_recorded_at FROM claims k WHERE k.claim_id = c.claim_id)) AS since "
    "FROM corrections c WHERE c.subject = 'claim' ORDER BY c.id"
)


def _days_public(rows: Iterator[sqlite3.Row]) -> float:
    """Return how many days the oldest of the corrected fields had its old value."""
    times = [(datetime.fromisoformat(row["recorded_at"]), datetime.fromisoformat(row["since"])) for row in rows]
    return max((at - since) / _DAY for at, since in times)


def find_silent_edits(connection: sqlite3.Connection) -> Iterator[tuple[str, int]]:
    """Yield the claim ID and number of each revision that changed what only a correction may change."""
    for claim_id, revision in connection.execute(_SUSPECTED).fetchall():
        before, after = (_record(connection, claim_id, number) for number in (revision - 1, revision))
        if changed_judged_fields(before, after):
            yield claim_id, revision


_REWORDED = " OR ".join(
    f"h.field = '{name}' OR h.field GLOB '{name}.*'" for name in JUDGED_FIELDS if name != "evidence"
)
_SUSPECTED = (
    "SELECT DISTINCT h.key, h.revision FROM history h "  # noqa: S608  the names of our fields
    "WHERE h.subject = 'claim' AND h.kind IN ('update', 'verdict') "
    f"AND ({_REWORDED} OR h.field GLOB 'evidence.*' AND h.before IS NOT NULL "
    "OR h.field GLOB 'verdicts.*' AND (h.before IS NOT NULL OR NOT EXISTS (SELECT 1 FROM history x WHERE "
    "x.claim_id = h.claim_id AND x.key = h.key AND x.revision = h.revision AND x.before IS NULL "
    "AND x.field = 'verdicts.' || CASE WHEN h.field GLOB 'verdicts.so.*' THEN 'so' ELSE 'said' END || '.value'))) "
    "ORDER BY h.key, h.revision"
)
"""The revisions that change the wording, or existing evidence or verdicts. `changed_judged_fields` then compares the
two bodies.
"""


def _record(connection: sqlite3.Connection, claim_id: str, revision: int) -> dict[str, Any]:
    sql = "SELECT body FROM revision WHERE subject = 'claim' AND key = ? AND revision = ?"
    record: dict[str, Any] = json.loads(connection.execute(sql, (claim_id, revision)).fetchone()[0])["record"]
    return record
