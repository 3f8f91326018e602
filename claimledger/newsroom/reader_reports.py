"""Reports of readers: what they say is wrong with a claim, and what became of it.

In: an open transaction and a report; or who closes one and why. Out: reports, open ones first. The invariant: a report
and what was done with it are never changed; how to reach its reader is kept apart and goes when the report is closed. A
flood is held back, by the reader's network and in all. What a machine seems to have sent is kept, says so and counts
apart: no flood of that keeps a reader's report out.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from claimledger.addresses import network_of
from claimledger.errors import LedgerError, NotFound, Problem, ProblemsFound
from claimledger.newsroom.store import DeskStore, utc_text
from claimledger.vocabulary import ReportStage, Subject

LONGEST_TEXT = 4_000
LONGEST_CONTACT = 200
"""Characters that a report and its contact may have."""
_SPAN = timedelta(hours=1)
_MOST_OF_ONE = 5
"""Reports from one network within the span."""
_MOST_OF_ALL = 120
"""Reports from everybody within the span, but those that a machine seems to have sent."""
_SPAN_FLAGGED = timedelta(days=1)
_MOST_FLAGGED = 100
"""Reports within a span of their own that a machine seems to have sent."""
MOST_SHOWN = 500
"""Reports that are listed, the newest."""


class ReportsThrottled(LedgerError):
    """Too many reports came of late."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("Too many reports came of late. Try again later.")


class Report(NamedTuple):
    """A report as it stands."""

    report_id: int
    claim_id: str
    text: str
    recorded_at: str
    contact: str
    """How to reach the reader; empty if they did not say, or the report is closed."""
    is_open: bool
    reason: str
    """Why it was closed or opened again; empty if neither."""
    author: str
    """Who did."""
    is_flagged: bool
    """Whether a machine seems to have sent it."""

    @property
    def stage(self) -> ReportStage:
        """Where it stands."""
        return ReportStage.OPEN if self.is_open else ReportStage.CLOSED


class Incoming(NamedTuple):
    """What the form about a claim brings."""

    claim_id: str
    text: str
    contact: str
    is_flagged: bool = False
    """Whether a field was filled in that people do not see: a machine's doing, or that of a keeper of passwords."""


def keep_report(connection: sqlite3.Connection, incoming: Incoming, *, address: str, now: datetime) -> int:
    """Keep a report inside a transaction of `writing` and return its number.

    Raises:
        ProblemsFound: there is no text, or it or the contact is too long.
        NotFound: no such claim is public.
        ReportsThrottled: too many came.
    """
    claim_id, text, contact = incoming.claim_id, incoming.text.strip(), incoming.contact.strip()
    _demand_fit(text, contact)
    row = connection.execute(
        "SELECT 1 FROM publication WHERE key = ? AND subject = ? LIMIT 1", (claim_id, Subject.CLAIM.value)
    ).fetchone()
    if row is None:
        raise NotFound("claim", claim_id[:LONGEST_CONTACT])
    _throttle(connection, address, now, is_flagged=incoming.is_flagged)
    number: int = connection.execute("SELECT coalesce(max(report_id), 0) + 1 FROM report").fetchone()[0]
    connection.execute("INSERT INTO report VALUES (?, ?, ?, ?)", (number, claim_id, text, utc_text(now)))
    if contact:
        connection.execute("INSERT INTO report_contact VALUES (?, ?)", (number, contact))
    if incoming.is_flagged:
        connection.execute("INSERT INTO report_flagged VALUES (?)", (number,))
    return number


def _demand_fit(text: str, contact: str) -> None:
    problems = []
    if not text:
        problems.append(Problem("report-empty", "The report says nothing.", "Say what is wrong.", field="text"))
    for field, value, most in (("text", text, LONGEST_TEXT), ("contact", contact, LONGEST_CONTACT)):
        if len(value) > most:
            sentence = f"It has {len(value):,} characters, and may have {most:,}."
            problems.append(Problem("report-too-long", sentence, "Shorten it.", field=field))
    if problems:
        raise ProblemsFound(problems)


def _throttle(connection: sqlite3.Connection, address: str, now: datetime, *, is_flagged: bool) -> None:
    """Count a report of a network; the count is forgotten an hour after its last report.

    Raises:
        ReportsThrottled: it sent enough, or all together did.
    """
    since, key = utc_text(now - _SPAN), f"{'flagged' if is_flagged else 'report'}:{network_of(address)}"
    row = connection.execute("SELECT failure_count, last_failed_at FROM throttle WHERE key = ?", (key,)).fetchone()
    count = row[0] if row and row[1] > since else 0
    most, span = (_MOST_FLAGGED, _SPAN_FLAGGED) if is_flagged else (_MOST_OF_ALL, _SPAN)
    all_ = connection.execute(
        "SELECT count(*) FROM report WHERE recorded_at > ? "
        "AND (report_id IN (SELECT report_id FROM report_flagged)) = ?",
        (utc_text(now - span), is_flagged),
    ).fetchone()[0]
    if count >= _MOST_OF_ONE or all_ >= most:
        raise ReportsThrottled
    connection.execute("INSERT OR REPLACE INTO throttle VALUES (?, ?, ?, 0)", (key, count + 1, utc_text(now)))


_ROWS = (
    "SELECT r.report_id, r.claim_id, r.text, r.recorded_at, coalesce(c.contact, ''), "
    "coalesce(e.event, '') <> 'closed', coalesce(e.reason, ''), coalesce(e.author, ''), f.report_id IS NOT NULL "
    "FROM report r LEFT JOIN report_contact c USING (report_id) LEFT JOIN report_flagged f USING (report_id) "
    "LEFT JOIN report_event e ON e.event_id = "
    "(SELECT max(event_id) FROM report_event x WHERE x.report_id = r.report_id) "
)


def reports(store: DeskStore) -> tuple[list[Report], int]:
    """Return the newest reports, at most `MOST_SHOWN`, and how many there are; open ones first, flagged ones last."""
    rows = store.connection.execute(f"{_ROWS} ORDER BY 6 DESC, 9, r.report_id DESC LIMIT ?", (MOST_SHOWN,))
    return [_report(row) for row in rows], store.connection.execute("SELECT count(*) FROM report").fetchone()[0]


def report(connection: sqlite3.Connection, report_id: int) -> Report:
    """Return a report.

    Raises:
        NotFound: there is no such report.
    """
    row = connection.execute(f"{_ROWS} WHERE r.report_id = ?", (report_id,)).fetchone()
    if row is None:
        raise NotFound("report", str(report_id))
    return _report(row)


def _report(row: Sequence[Any]) -> Report:
    return Report(*row)._replace(is_open=bool(row[5]), is_flagged=bool(row[8]))


_OPEN_COUNT = (
    "SELECT count(*) FROM report WHERE coalesce((SELECT event FROM report_event e "
    "WHERE e.report_id = report.report_id ORDER BY event_id DESC LIMIT 1), '') <> 'closed'"
)


def open_count(store: DeskStore, claim_id: str | None = None) -> int:
    """Return how many reports are open: of a claim, or of all."""
    of_it, values = ("", ()) if claim_id is None else (" AND claim_id = ?", (claim_id,))
    number: int = store.connection.execute(_OPEN_COUNT + of_it, values).fetchone()[0]
    return number


def settle_report(
    connection: sqlite3.Connection, report_id: int, becomes: ReportStage, *, reason: str, author: str, now: datetime
) -> None:
    """Close a report, or open it again, inside a transaction of `writing`; who may is decided in `review`."""
    number = connection.execute("SELECT coalesce(max(event_id), 0) + 1 FROM report_event").fetchone()[0]
    event = (number, report_id, _EVENTS[becomes], reason.strip(), author, utc_text(now))
    connection.execute("INSERT INTO report_event VALUES (?, ?, ?, ?, ?, ?)", event)
    if becomes is ReportStage.CLOSED:
        connection.execute("DELETE FROM report_contact WHERE report_id = ?", (report_id,))


_EVENTS: Mapping[ReportStage, str] = {ReportStage.CLOSED: "closed", ReportStage.OPEN: "opened"}
