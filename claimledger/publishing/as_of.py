"""Read the ledger as of a past moment: a claim, the claims of an article, a page of claims, and the number by verdict.

A moment is a text such as `2031-05-01U`, which sorts after all times of that UTC day; `day_end` makes it. The state as
of a moment follows from the revisions recorded before it. The words of a version that was redacted later are never
returned: its `body` is None. A claim is found with the article of its newest version. Nothing is written.

Times in the log never go back, so that a binary search by number finds a moment. `tallies` has the changes of each
month, `status_changes` those of each revision; the number of claims by verdict needs only one month of the latter.
"""

from __future__ import annotations

import datetime
import sqlite3
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from operator import attrgetter
from typing import Any, NamedTuple

from claimledger.publishing.tallies import MONTH
from claimledger.vocabulary import RecordState, RevisionKind, Subject

NOW = "9999"
"""A moment later than every time in the log, to ask for the current state."""
PAGE_SIZE = 100
"""The number of claims on a page."""


def day_end(day: datetime.date) -> str:
    """Return a text that sorts after every time of a UTC day and before the next day.

    >>> "2031-04-30T23:59:59.999Z" < day_end(datetime.date(2031, 4, 30)) < "2031-05-01T00:00:00.000Z"
    True
    """
    return f"{day.isoformat()}U"  # a time goes on with T


class VersionAsOf(NamedTuple):
    """The newest version of a record before a moment."""

    number: int
    """The number in the log, from 1."""
    key: str
    """The record's permanent ID."""
    sha256: str
    """The hash of the body in the log."""
    revision: int
    """The number among the versions of the record, from 1."""
    kind: str
    recorded_at: str
    """The time of publication, UTC."""
    actor: str
    """The first author."""
    approver: str
    body: str | None
    """The body as JSON; None if the version was redacted later."""
    record_state: str
    """`listed` or `withdrawn`, as of the moment."""

    @property
    def is_redacted(self) -> bool:
        """True if the version was redacted later."""
        return self.body is None

    @property
    def is_withdrawn(self) -> bool:
        """True if the record was withdrawn at the moment."""
        return self.record_state == _WITHDRAWN


_COLUMNS = ", ".join(f"r.{name}" for name in VersionAsOf._fields[:-1])
_VERSION_OF_RECORD = (
    f"SELECT {_COLUMNS} FROM revision AS r WHERE r.subject = ? AND r.key = ? AND r.recorded_at < ? "  # noqa: S608  ours
    "ORDER BY r.revision DESC LIMIT 1"
)
_OF_CLAIMS = (
    f"SELECT {_COLUMNS} FROM claims AS c CROSS JOIN revision AS r ON r.number = ("  # noqa: S608  our own names
    "SELECT number FROM revision AS n WHERE n.subject = 'claim' AND n.key = c.claim_id AND n.recorded_at < ? "
    "ORDER BY n.revision DESC LIMIT 1)"
)
_CLAIMS_OF_ARTICLE = f"{_OF_CLAIMS} WHERE c.article = ?"
_CLAIMS = f"{_OF_CLAIMS} ORDER BY c.claim_id"
_NEWEST_FIRST = f"{_OF_CLAIMS} WHERE c.rowid < ? ORDER BY c.rowid DESC"
_LASTING_KIND = (
    "SELECT kind FROM revision WHERE subject = ? AND key = ? AND revision < ? AND kind <> 'redaction' "
    "ORDER BY revision DESC LIMIT 1"
)
"""The kind of the newest revision other than a redaction, which does not change the state."""
_KIND, _KEY, _REVISION = (VersionAsOf._fields.index(name) for name in ("kind", "key", "revision"))
_REDACTION, _WITHDRAWAL = RevisionKind.REDACTION.value, RevisionKind.WITHDRAWAL.value
_LISTED, _WITHDRAWN = RecordState.LISTED.value, RecordState.WITHDRAWN.value


def version_as_of(connection: sqlite3.Connection, subject: Subject, key: str, until: str = NOW) -> VersionAsOf | None:
    """Return the version of a record just before a moment; None if the record did not exist yet."""
    row = connection.execute(_VERSION_OF_RECORD, (subject.value, key, until)).fetchone()
    return _version(connection, row, subject) if row else None


def _version(connection: sqlite3.Connection, row: Sequence[Any], subject: Subject = Subject.CLAIM) -> VersionAsOf:
    """Return a row as a version with its state; a redaction has the state of the version before it."""
    kind = row[_KIND]
    if kind == _REDACTION:
        (kind,) = connection.execute(_LASTING_KIND, (subject.value, row[_KEY], row[_REVISION])).fetchone()
    return VersionAsOf._make((*row, _WITHDRAWN if kind == _WITHDRAWAL else _LISTED))


def claim_as_of(connection: sqlite3.Connection, claim_id: str, until: str = NOW) -> VersionAsOf | None:
    """Return the version of a claim just before a moment; None if the claim did not exist yet."""
    return version_as_of(connection, Subject.CLAIM, claim_id, until)


def article_claims_as_of(connection: sqlite3.Connection, article: str, until: str = NOW) -> list[VersionAsOf]:
    """Return the claims of an article that were listed just before a moment, sorted by claim ID."""
    rows = connection.execute(_CLAIMS_OF_ARTICLE, (until, article)).fetchall()
    versions = [_version(connection, row) for row in rows]
    return sorted((one for one in versions if not one.is_withdrawn), key=attrgetter("key"))


def claims_page_as_of(
    connection: sqlite3.Connection, until: str = NOW, *, before: int | None = None, count: int = PAGE_SIZE
) -> list[VersionAsOf]:
    """Return up to `count` claims that were listed just before a moment, the newest claim first.

    The order is that of the claims' first versions. `before` is the log number of the first version of the last claim
    of the page before.
    """
    end = log_size_as_of(connection, until) + 1
    rows = connection.execute(_NEWEST_FIRST, (until, min(before or end, end)))
    versions = (_version(connection, row) for row in rows)
    return list(islice((one for one in versions if not one.is_withdrawn), count))


def claims_as_of(connection: sqlite3.Connection, until: str = NOW) -> Iterator[VersionAsOf]:
    """Yield every claim that existed just before a moment, withdrawn ones too, sorted by claim ID."""
    return (_version(connection, row) for row in connection.execute(_CLAIMS, (until,)))


def log_size_as_of(connection: sqlite3.Connection, until: str = NOW) -> int:
    """Return the number of entries of the log that were recorded before a moment."""
    (size,) = connection.execute("SELECT coalesce(max(number), 0) FROM revision").fetchone()
    read = "SELECT recorded_at FROM revision WHERE number = ?"
    return bisect_left(range(1, size + 1), until, key=lambda number: connection.execute(read, (number,)).fetchone()[0])


def status_counts_as_of(connection: sqlite3.Connection, until: str = NOW) -> Mapping[str, int]:
    """Return the number of claims that were listed just before a moment by the result of their fact check."""
    month = until[:7]
    counts: Counter[str] = Counter()
    for status, claims in connection.execute(_OF_MONTHS, (MONTH, month)):
        counts[status] += claims
    after, last = log_size_as_of(connection, month), log_size_as_of(connection, until)
    for status, claims in connection.execute(_SINCE_MONTH, (after, last)):
        counts[status] += claims
    return {status: number for status, number in sorted(counts.items()) if number}


_OF_MONTHS = "SELECT text, sum(number) FROM tallies WHERE name = ? AND key < ? GROUP BY text"
_SINCE_MONTH = "SELECT status, sum(claims) FROM status_changes WHERE number > ? AND number <= ? GROUP BY status"
