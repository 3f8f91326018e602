"""The question before a publication whether the clock is right: times in the log never go back.

Nothing can be published after an entry that is dated years ahead, until that year comes. A clock is believed if another
time is close to it: the newest entry of the log, what the desk recorded on an earlier day, or the date of a web server.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import msgspec

from claimledger.errors import LedgerError
from claimledger.newsroom.store import utc_text

BELIEVED = timedelta(days=7)
"""The longest time between the clock and the newest of the other times for which the clock is believed."""
SAME_CLOCK = timedelta(days=1)
"""Newer records do not count: the clock that is in doubt may have dated them."""

_TABLES = (("draft", "draft_id"), ("act", "act_id"), ("account_event", "event_id"))
"""The tables with records of every working day, and their numbers."""


class ClockAhead(LedgerError):
    """Raised when the clock is so far ahead of everything recorded that it may be wrong; nothing was published."""

    def __init__(self, now: str, last: str) -> None:
        """Both times are UTC: of the clock, and the newest one that does not come from it."""
        super().__init__(now=now, last=last)


def find_clock_doubt(connection: sqlite3.Connection, now: datetime) -> ClockAhead | None:
    """Return why the clock may be wrong, or None; a desk that has published nothing has no time to compare with."""
    row = connection.execute("SELECT body FROM publication ORDER BY number DESC LIMIT 1").fetchone()
    if row is None:
        return None
    newest = datetime.fromisoformat(msgspec.json.decode(row[0])["recorded_at"])
    if now - newest <= BELIEVED:
        return None
    last = max([newest, *(one for one in _other_times(connection, now) if one <= now + SAME_CLOCK)])
    return ClockAhead(utc_text(now), utc_text(last)) if now - last > BELIEVED else None


def _other_times(connection: sqlite3.Connection, now: datetime) -> Iterator[datetime]:
    """Yield the newest time of each table from before the last day, and the newest date of a web server."""
    for table, number in _TABLES:
        sql = f"SELECT recorded_at FROM {table} WHERE recorded_at < ? ORDER BY {number} DESC LIMIT 1"  # noqa: S608  ours
        for (text,) in connection.execute(sql, (utc_text(now - SAME_CLOCK),)):
            yield datetime.fromisoformat(text)
    sql = "SELECT headers FROM capture WHERE status IS NOT NULL ORDER BY capture_id DESC LIMIT 1"
    for (headers,) in connection.execute(sql):
        yield from _server_date(headers)


def _server_date(headers: str) -> Iterator[datetime]:
    """Yield the value of the header `Date`, if it is there and is a date."""
    for name, value in msgspec.json.decode(headers):
        if name.lower() == "date":
            try:
                found = parsedate_to_datetime(value)
            except ValueError:
                continue
            yield found if found.tzinfo else found.replace(tzinfo=UTC)
