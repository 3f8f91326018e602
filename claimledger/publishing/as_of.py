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
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from claimledger.publishing.tallies import MONTH
from claimledger.vocabulary import RecordState, Subject

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
        return self.record_state == RecordState.WITHDRAWN


_COLUMNS = ", ".join(f"r.{name}" for name in VersionAsOf._fields[:-1])
_KIND = (
    "CASE r.kind WHEN 'redaction' THEN (SELECT k.kind FROM revision AS k WHERE k.subject = r.subject AND k.key = r.key "
    "AND k.revision < r.revision AND k.kind <> 'redaction' ORDER BY k.revision DESC LIMIT 1) ELSE r.kind END"
)
"""The kind of the newest revision that is no redaction: a redaction does not change the state."""
_STATE = f"CASE {_KIND} WHEN 'withdrawal' THEN 'withdrawn' ELSE 'listed' END"
_VERSION = f"SELECT {_COLUMNS}, {_STATE} AS record_state FROM "  # noqa: S608  our own names
_NEWEST = (
    "SELECT number FROM revision AS n WHERE n.subject = 'claim' AND n.key = c.claim_id AND n.recorded_at < :until "
    "ORDER BY n.revision DESC LIMIT 1"
)
_OF_CLAIMS = f"{_VERSION} claims AS c CROSS JOIN revision AS r ON r.number = ({_NEWEST})"
_VERSION_OF_RECORD = (
    f"{_VERSION} revision AS r WHERE r.subject = ? AND r.key = ? AND r.recorded_at < ? ORDER BY r.revision DESC LIMIT 1"
)
_CLAIMS_OF_ARTICLE = f"{_OF_CLAIMS} WHERE c.article = :article AND {_KIND} <> 'withdrawal' ORDER BY c.claim_id"
_CLAIMS = f"{_OF_CLAIMS} ORDER BY c.claim_id"
_PAGE = f"{_OF_CLAIMS} WHERE c.rowid < :before AND {_KIND} <> 'withdrawal' ORDER BY c.rowid DESC LIMIT :count"


def version_as_of(connection: sqlite3.Connection, subject: Subject, key: str, until: str = NOW) -> VersionAsOf | None:
    """Return the version of a record just before a moment; None if the record did not exist yet."""
    row = connection.execute(_VERSION_OF_RECORD, (subject.value, key, until)).fetchone()
    return VersionAsOf._make(row) if row else None


def claim_as_of(connection: sqlite3.Connection, claim_id: str, until: str = NOW) -> VersionAsOf | None:
    """Return the version of a claim just before a moment; None if the claim did not exist yet."""
    return version_as_of(connection, Subject.CLAIM, claim_id, until)


def article_claims_as_of(connection: sqlite3.Connection, article: str, until: str = NOW) -> list[VersionAsOf]:
    """Return the claims of an article that were listed just before a moment, sorted by claim ID."""
    rows = connection.execute(_CLAIMS_OF_ARTICLE, {"article": article, "until": until})
    return [VersionAsOf._make(row) for row in rows]


def claims_page_as_of(
    connection: sqlite3.Connection, until: str = NOW, *, before: int | None = None, count: int = PAGE_SIZE
) -> list[VersionAsOf]:
    """Return up to `count` claims that were listed just before a moment, the newest claim first.

    The order is that of the claims' first versions. `before` is the log number of the first version of the last claim
    of the page before.
    """
    end = log_size_as_of(connection, until) + 1
    values = {"until": until, "before": min(before or end, end), "count": count}
    return [VersionAsOf._make(row) for row in connection.execute(_PAGE, values)]


def claims_as_of(connection: sqlite3.Connection, until: str = NOW) -> Iterator[VersionAsOf]:
    """Yield every claim that existed just before a moment, withdrawn ones too, sorted by claim ID."""
    return (VersionAsOf._make(row) for row in connection.execute(_CLAIMS, {"until": until}))


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
