"""The public versions of a record, as they stood at the end of a day, and what each act on a claim changed.

In: the tables `revision` and `history`. Out: versions with their whole record; acts with their changes. The invariant:
what is shown for a day is what the newest revision recorded by the end of that UTC day says; and once a record was
redacted, no value it had before is told again.
"""

from __future__ import annotations

import datetime
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from claimledger.models import Appearance, Article, Claim, Correction, Document, Revision
from claimledger.publishing.field_changes import Change
from claimledger.publishing.projection import CHANGES_A_REVISION, Version
from claimledger.publishing.redaction import envelope
from claimledger.vocabulary import RevisionKind, Subject

NOW = "9999"
"""Later than any time of the log: what is asked for is how things stand now."""

_VERSIONS = "SELECT * FROM revision WHERE subject = ? AND key = ? ORDER BY revision"
_HISTORY = "SELECT * FROM history WHERE claim_id = ? ORDER BY id"


class Act(NamedTuple):
    """One public revision of a claim or of its place in a text: who changed what, when and why."""

    number: int
    """Its number in the log."""
    subject: Subject
    """What was changed: the claim, or where it stands in a text."""
    kind: RevisionKind
    """What the revision did."""
    sha256: str
    """Its hash in the log."""
    recorded_at: str
    """When it became public, UTC."""
    authors: tuple[str, ...]
    """Whose drafts went into it, the proposer first."""
    approver: str
    """Who approved it."""
    reason: str
    """Why."""
    record: Article | Claim | Appearance | Document
    """What it says; of what was redacted since, what the redaction left."""
    changes: tuple[Change, ...]
    """What it changed, field by field."""
    correction: Correction | None
    """What a correction tells its readers."""
    is_redacted: bool
    """Whether what it changed was redacted since, so that only the names of the fields may be shown."""


def end_of(day: datetime.date) -> str:
    """Return what sorts after every time of a UTC day and before the next day; there need be none.

    >>> "2031-04-30T23:59:59.999Z" < end_of(datetime.date(2031, 4, 30)) < "2031-05-01T00:00:00.000Z"
    True
    """
    return f"{day.isoformat()}U"  # a time goes on with T


def versions(connection: sqlite3.Connection, subject: Subject, key: str) -> list[Version]:
    """Return the versions of a record, the oldest first; none if there is no such record.

    One that was redacted says who, when and of what kind; its record is what the newest redaction left.
    """
    rows = connection.execute(_VERSIONS, (str(subject), key)).fetchall()
    kept = [row for row in rows if row["body"]]
    left = Revision.model_validate_json(kept[0]["body"]) if len(kept) < len(rows) else None
    return [_version(row, left) for row in rows]


def as_it_stood(connection: sqlite3.Connection, subject: Subject, key: str, until: str = NOW) -> Version | None:
    """Return the version of a record that stood just before a moment; the redacted one if it was redacted since."""
    every = versions(connection, subject, key)
    found = [one for one in every if one.revision.recorded_at < until]
    if not found:
        return None
    redacted = redacted_through(every)
    return next((one for one in every if one.revision.number == max(redacted, found[-1].revision.number)), None)


def _version(row: sqlite3.Row, left: Revision | None) -> Version:
    if left and not row["body"]:
        return Version(left.model_copy(update=envelope(row)), row["sha256"], "")
    return Version(Revision.model_validate_json(row["body"]), row["sha256"], row["body"])


def redacted_through(found: Iterable[Version]) -> int:
    """Return the number in the log of a record's newest redaction; 0 if it was never redacted."""
    numbers = (one.revision.number for one in found if one.revision.kind is RevisionKind.REDACTION)
    return max(numbers, default=0)


def acts(connection: sqlite3.Connection, claim_id: str, until: str = NOW) -> tuple[Act, ...]:
    """Return what was done to a claim and to its places in texts before a moment, the newest first."""
    rows = connection.execute(_HISTORY, (claim_id,)).fetchall()
    redacted = {row["key"]: row["id"] // CHANGES_A_REVISION for row in rows if row["kind"] == RevisionKind.REDACTION}
    then = (row for row in rows if row["recorded_at"] < until)
    grouped = groupby(then, lambda row: row["id"] // CHANGES_A_REVISION)
    records = dict.fromkeys((Subject(row["subject"]), row["key"]) for row in rows)
    every = (one.revision for record in records for one in versions(connection, *record))
    by_number = {revision.number: revision for revision in every}
    found = [_act(by_number[number], list(of), redacted) for number, of in grouped]
    return tuple(reversed(found))


def _act(revision: Revision, rows: Sequence[sqlite3.Row], redacted: Mapping[str, int]) -> Act:
    return Act(
        number=revision.number,
        subject=revision.subject,
        kind=revision.kind,
        sha256=rows[0]["sha256"],
        recorded_at=revision.recorded_at,
        authors=revision.authors,
        approver=revision.approver,
        reason=revision.reason,
        record=revision.record,
        changes=tuple(Change(row["field"], row["before"], row["after"]) for row in rows),
        correction=revision.correction,
        is_redacted=revision.number <= redacted.get(revision.key, 0),
    )
