"""The public versions of a record, its version on a past date, and the history of a claim.

The version of a date is the newest revision recorded by the end of that UTC day. If a record was redacted, values from
before the redaction are never returned. The data come from the tables `revision` and `history`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple, TypeVar

from claimledger.models import Appearance, Article, Claim, Correction, Document, LedgerRecord, Revision
from claimledger.models.stored import read_revision
from claimledger.publishing.as_of import NOW
from claimledger.publishing.field_changes import FieldChange
from claimledger.publishing.projection import CHANGES_PER_REVISION
from claimledger.publishing.redaction import redacted_envelope
from claimledger.vocabulary import RevisionKind, Subject

_VERSIONS = "SELECT * FROM revision WHERE subject = ? AND key = ? ORDER BY revision"
_VERSION_AT = (
    "SELECT * FROM revision AS r WHERE subject = :subject AND key = :key "
    "AND (recorded_at < :until OR kind = 'redaction') AND EXISTS (SELECT 1 FROM revision AS f "
    "WHERE f.subject = r.subject AND f.key = r.key AND f.revision = 1 AND f.recorded_at < :until) "
    "ORDER BY revision DESC LIMIT 1"
)
"""The newest version before a moment, or the newest redaction if that is newer; none if there was no version yet."""
_HISTORY = "SELECT * FROM history WHERE claim_id = ? ORDER BY id"


class HistoryEntry(NamedTuple):
    """One public revision of a claim or of its appearance: who changed what, when and why."""

    number: int
    """The number in the log."""
    subject: Subject
    """The type of the changed record: claim or appearance."""
    kind: RevisionKind
    """The kind of revision."""
    sha256: str
    """The hash in the log."""
    recorded_at: str
    """The time when it became public, UTC."""
    authors: tuple[str, ...]
    """The people whose drafts it contains, the proposer first."""
    approver: str
    """The person who approved it."""
    is_self_granted: bool
    """True if the approver gave themselves the role of an editor."""
    reason: str
    """The reason for the change."""
    record: LedgerRecord
    """The record in this revision. For a redacted revision, the record that the redaction left."""
    changes: tuple[FieldChange, ...]
    """The changed fields."""
    correction: Correction | None
    """The correction's note to readers, if it is one."""
    is_redacted: bool
    """True if the change was redacted later, so that only the field names may be shown."""


class RecordVersion(NamedTuple):
    """A public version of a record as readers may see it."""

    revision: Revision
    sha256: str
    """The hash of the body in the log."""
    body: str
    """The body as JSON; empty if the version was redacted later."""

    @property
    def kind(self) -> str:
        """The kind of revision."""
        return str(self.revision.kind)

    @property
    def recorded_at(self) -> str:
        """The time of publication, UTC."""
        return self.revision.recorded_at

    @property
    def actor(self) -> str:
        """The first author."""
        return self.revision.authors[0]


_Model = TypeVar("_Model", Article, Claim, Appearance, Document)


def newest_record(versions: Sequence[RecordVersion], model: type[_Model]) -> _Model:
    """Return the record of the newest version.

    Raises:
        TypeError: the record is not a `model`.
    """
    record = versions[-1].revision.record
    if not isinstance(record, model):
        raise TypeError(f"versions of {model.__name__} expected, not of {type(record).__name__}")
    return record


def record_versions(connection: sqlite3.Connection, subject: Subject, key: str) -> list[RecordVersion]:
    """Return the versions of a record, oldest first. Empty if the record does not exist.

    A redacted version has number, kind, time and people; its record is the one that the newest redaction left.
    """
    rows = connection.execute(_VERSIONS, (str(subject), key)).fetchall()
    kept = [row for row in rows if row["body"]]
    remaining = read_revision(kept[0]["body"]) if len(kept) < len(rows) else None
    return [_version(row, remaining) for row in rows]


def version_at(connection: sqlite3.Connection, subject: Subject, key: str, until: str = NOW) -> RecordVersion | None:
    """Return the version of a record just before a moment, or the redacted one if it was redacted later.

    None if the record did not exist yet.
    """
    row = connection.execute(_VERSION_AT, {"subject": str(subject), "key": key, "until": until}).fetchone()
    return _version(row, None) if row else None


def _version(row: sqlite3.Row, remaining: Revision | None) -> RecordVersion:
    if remaining and not row["body"]:
        return RecordVersion(remaining.model_copy(update=redacted_envelope(row)), row["sha256"], "")
    return RecordVersion(read_revision(row["body"]), row["sha256"], row["body"])


def last_redaction_number(found: Iterable[RecordVersion]) -> int:
    """Return the log number of a record's newest redaction, or 0 if it was never redacted."""
    numbers = (one.revision.number for one in found if one.revision.kind is RevisionKind.REDACTION)
    return max(numbers, default=0)


def history_entries(connection: sqlite3.Connection, claim_id: str, until: str = NOW) -> tuple[HistoryEntry, ...]:
    """Return the history of a claim and its appearances before a moment, newest first."""
    rows = connection.execute(_HISTORY, (claim_id,)).fetchall()
    redacted = {row["key"]: row["id"] // CHANGES_PER_REVISION for row in rows if row["kind"] == RevisionKind.REDACTION}
    then = (row for row in rows if row["recorded_at"] < until)
    grouped = groupby(then, lambda row: row["id"] // CHANGES_PER_REVISION)
    records = dict.fromkeys((Subject(row["subject"]), row["key"]) for row in rows)
    every = (one.revision for record in records for one in record_versions(connection, *record))
    by_number = {revision.number: revision for revision in every}
    found = [_history_entry(by_number[number], list(of), redacted) for number, of in grouped]
    return tuple(reversed(found))


def _history_entry(revision: Revision, rows: Sequence[sqlite3.Row], redacted: Mapping[str, int]) -> HistoryEntry:
    return HistoryEntry(
        number=revision.number,
        subject=revision.subject,
        kind=revision.kind,
        sha256=rows[0]["sha256"],
        recorded_at=revision.recorded_at,
        authors=revision.authors,
        approver=revision.approver,
        is_self_granted=revision.role_granted_by == revision.approver,
        reason=revision.reason,
        record=revision.record,
        changes=tuple(FieldChange(row["field"], row["before"], row["after"]) for row in rows),
        correction=revision.correction,
        is_redacted=revision.number <= redacted.get(revision.key, 0),
    )
