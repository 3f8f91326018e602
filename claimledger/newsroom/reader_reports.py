"""Readers' reports of errors in claims, and their handling.

A report and the actions on it are never changed. The reader's contact is stored separately and deleted when the report
is closed. Reports are limited per network and in total. A report that seems automated is stored and flagged. Flagged
reports have a limit of their own, so that a flood of them does not keep out readers.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from claimledger.addresses import client_network
from claimledger.errors import LedgerError, NotFound, Problem, ProblemsFound
from claimledger.newsroom.store import DeskStore, utc_text
from claimledger.desk_vocabulary import ReportStage
from claimledger.vocabulary import Subject

MAX_REPORT_TEXT = 4_000
MAX_REPORT_CONTACT = 200
"""The largest numbers of characters of a report and its contact."""
_SPAN = timedelta(hours=1)
_MAX_PER_NETWORK = 5
"""The largest number of reports from one network within the span."""
_MAX_TOTAL = 120
"""The largest number of reports within the span, not counting flagged ones."""
_SPAN_FLAGGED = timedelta(days=1)
_MAX_FLAGGED = 100
"""The largest number of flagged reports within their own span."""
MAX_SHOWN_REPORTS = 500
"""The largest number of reports that are listed, the newest first."""


class ReportsThrottled(LedgerError):
    """Raised when too many reports arrived recently."""


class Report(NamedTuple):
    """A report in its current state."""

    report_id: int
    claim_id: str
    text: str
    recorded_at: str
    contact: str
    """The reader's contact; empty if none was given or the report is closed."""
    is_open: bool
    reason: str
    """The reason for closing or reopening it; empty if neither happened."""
    author: str
    """The name of the person who closed or reopened it."""
    is_flagged: bool
    """True if it seems to be automated."""

    @property
    def stage(self) -> ReportStage:
        """The stage: open or closed."""
        return ReportStage.OPEN if self.is_open else ReportStage.CLOSED


class NewReport(NamedTuple):
    """A new report from the form of a claim."""

    claim_id: str
    text: str
    contact: str
    is_flagged: bool = False
    """True if a hidden form field was filled in, as a robot or a password manager does."""


def store_report(connection: sqlite3.Connection, incoming: NewReport, *, address: str, now: datetime) -> int:
    """Store a report inside a `writing` transaction and return its number.

    Raises:
        ProblemsFound: The text is missing, or the text or the contact is too long.
        NotFound: No such claim is public.
        ReportsThrottled: Too many reports arrived.
    """
    claim_id, text, contact = incoming.claim_id, incoming.text.strip(), incoming.contact.strip()
    _check_lengths(text, contact)
    row = connection.execute(
        "SELECT 1 FROM publication WHERE key = ? AND subject = ? LIMIT 1", (claim_id, Subject.CLAIM.value)
    ).fetchone()
    if row is None:
        raise NotFound("claim", claim_id[:MAX_REPORT_CONTACT])
    _throttle(connection, address, now, is_flagged=incoming.is_flagged)
    number: int = connection.execute("SELECT coalesce(max(report_id), 0) + 1 FROM report").fetchone()[0]
    connection.execute("INSERT INTO report VALUES (?, ?, ?, ?)", (number, claim_id, text, utc_text(now)))
    if contact:
        connection.execute("INSERT INTO report_contact VALUES (?, ?)", (number, contact))
    if incoming.is_flagged:
        connection.execute("INSERT INTO report_flagged VALUES (?)", (number,))
    return number


def _check_lengths(text: str, contact: str) -> None:
    problems = []
    if not text:
        problems.append(Problem("report-empty", field="text"))
    for field, value, most in (("text", text, MAX_REPORT_TEXT), ("contact", contact, MAX_REPORT_CONTACT)):
        if len(value) > most:
            problems.append(Problem("report-too-long", field=field, count=len(value), limit=most))
    if problems:
        raise ProblemsFound(problems)


def _throttle(connection: sqlite3.Connection, address: str, now: datetime, *, is_flagged: bool) -> None:
    """Count a report of a network; the count is forgotten one hour after its last report.

    Raises:
        ReportsThrottled: The network, or all networks together, reached the limit.
    """
    since, key = utc_text(now - _SPAN), f"{'flagged' if is_flagged else 'report'}:{client_network(address)}"
    row = connection.execute("SELECT failure_count, last_failed_at FROM throttle WHERE key = ?", (key,)).fetchone()
    count = row[0] if row and row[1] > since else 0
    most, span = (_MAX_FLAGGED, _SPAN_FLAGGED) if is_flagged else (_MAX_TOTAL, _SPAN)
    all_ = connection.execute(
        "SELECT count(*) FROM report WHERE recorded_at > ? "
        "AND (report_id IN (SELECT report_id FROM report_flagged)) = ?",
        (utc_text(now - span), is_flagged),
    ).fetchone()[0]
    if count >= _MAX_PER_NETWORK or all_ >= most:
        raise ReportsThrottled
    connection.execute("INSERT OR REPLACE INTO throttle VALUES (?, ?, ?, 0)", (key, count + 1, utc_text(now)))


_SELECT_REPORTS = (
    "SELECT r.report_id, r.claim_id, r.text, r.recorded_at, coalesce(c.contact, ''), "
    "coalesce(e.event, '') <> 'closed', coalesce(e.reason, ''), coalesce(e.author, ''), f.report_id IS NOT NULL "
    "FROM report r LEFT JOIN report_contact c USING (report_id) LEFT JOIN report_flagged f USING (report_id) "
    "LEFT JOIN report_event e ON e.event_id = "
    "(SELECT max(event_id) FROM report_event x WHERE x.report_id = r.report_id) "
)


def newest_reports(store: DeskStore) -> tuple[list[Report], int]:
    """Return the newest reports and the total number; open ones come first, flagged ones last.

    At most `MAX_SHOWN_REPORTS` are returned.
    """
    rows = store.connection.execute(
        f"{_SELECT_REPORTS} ORDER BY 6 DESC, 9, r.report_id DESC LIMIT ?", (MAX_SHOWN_REPORTS,)
    )
    return [_report_from_row(row) for row in rows], store.connection.execute("SELECT count(*) FROM report").fetchone()[
        0
    ]


def get_report(connection: sqlite3.Connection, report_id: int) -> Report:
    """Return a report.

    Raises:
        NotFound: There is no such report.
    """
    row = connection.execute(f"{_SELECT_REPORTS} WHERE r.report_id = ?", (report_id,)).fetchone()
    if row is None:
        raise NotFound("report", str(report_id))
    return _report_from_row(row)


def _report_from_row(row: Sequence[Any]) -> Report:
    return Report(*row)._replace(is_open=bool(row[5]), is_flagged=bool(row[8]))


_OPEN_COUNT = (
    "SELECT count(*) FROM report WHERE coalesce((SELECT event FROM report_event e "
    "WHERE e.report_id = report.report_id ORDER BY event_id DESC LIMIT 1), '') <> 'closed'"
)


def count_open_reports(store: DeskStore, claim_id: str | None = None) -> int:
    """Return how many reports are open, of a claim or in total."""
    of_it, values = ("", ()) if claim_id is None else (" AND claim_id = ?", (claim_id,))
    number: int = store.connection.execute(_OPEN_COUNT + of_it, values).fetchone()[0]
    return number


def change_report_stage(
    connection: sqlite3.Connection, report_id: int, becomes: ReportStage, *, reason: str, author: str, now: datetime
) -> None:
    """Close or reopen a report inside a `writing` transaction; `review` decides who may."""
    number = connection.execute("SELECT coalesce(max(event_id), 0) + 1 FROM report_event").fetchone()[0]
    event = (number, report_id, _EVENTS[becomes], reason.strip(), author, utc_text(now))
    connection.execute("INSERT INTO report_event VALUES (?, ?, ?, ?, ?, ?)", event)
    if becomes is ReportStage.CLOSED:
        connection.execute("DELETE FROM report_contact WHERE report_id = ?", (report_id,))


_EVENTS: Mapping[ReportStage, str] = {ReportStage.CLOSED: "closed", ReportStage.OPEN: "opened"}
