"""The notices of the desk: what concerns a person, and the queue of those that wait to be sent by e-mail.

Notices are made from acts that are stored already, so that nothing about them can fail an act. Each has a kind and the
name of a claim or an article, and no other content. They are removed after `KEPT_FOR`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from claimledger.desk_vocabulary import NoticeKind
from claimledger.newsroom.store import utc_text

KEPT_FOR = timedelta(days=90)
"""The time after which a notice is removed."""
RETRY_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720))
"""The time after each failed attempt to send an e-mail; after the last one, it is given up."""


class NewNotice(NamedTuple):
    """A notice to store."""

    name: str
    """The person whom it concerns."""
    kind: NoticeKind
    """The event."""
    object: str
    """The claim or the article."""
    cause: str
    """The act or the deadline; a person gets one notice of each kind for it."""


class Notice(NamedTuple):
    """A stored notice."""

    notice_id: int
    """The number."""
    kind: NoticeKind
    """The event."""
    object: str
    """The claim or the article."""
    made_at: str
    """The UTC time."""


def seen_act(connection: sqlite3.Connection) -> int:
    """Return the newest act of which notices were made."""
    number: int = connection.execute("SELECT act_id FROM notice_seen").fetchone()[0]
    return number


def add_notices(
    connection: sqlite3.Connection, made: Iterable[NewNotice], seen: int, by_mail: Collection[str], now: datetime
) -> None:
    """Store notices inside a `writing` transaction, and the newest act that they contain; `now` is UTC.

    Those for a person in `by_mail` wait to be sent. A notice that exists already is left as it is.
    """
    at = utc_text(now)
    connection.executemany(
        "INSERT OR IGNORE INTO notice(name, kind, object, cause, made_at, mail, tries, next_try_at) "
        "VALUES (?, ?, ?, ?, ?, ?, 0, ?)",
        (
            (one.name, one.kind.value, one.object, one.cause, at, "waiting" if one.name in by_mail else "none", at)
            for one in made
        ),
    )
    connection.execute("UPDATE notice_seen SET act_id = max(act_id, ?)", (seen,))
    connection.execute("DELETE FROM notice WHERE made_at < ?", (utc_text(now - KEPT_FOR),))


def list_notices(connection: sqlite3.Connection, name: str, most: int = 50) -> list[Notice]:
    """Return the last notices of a person, the newest first."""
    rows = connection.execute(
        "SELECT notice_id, kind, object, made_at FROM notice WHERE name = ? ORDER BY notice_id DESC LIMIT ?",
        (name, most),
    )
    return [_notice(row) for row in rows]


def find_notice(connection: sqlite3.Connection, name: str, notice_id: int) -> Notice | None:
    """Return a notice of a person, or None."""
    row = connection.execute(
        "SELECT notice_id, kind, object, made_at FROM notice WHERE name = ? AND notice_id = ?", (name, notice_id)
    ).fetchone()
    return _notice(row) if row else None


def _notice(row: Sequence[object]) -> Notice:
    notice_id, kind, about, made_at = row
    return Notice(int(str(notice_id)), NoticeKind(str(kind)), str(about), str(made_at))


def take_waiting(connection: sqlite3.Connection, now: datetime) -> dict[str, list[Notice]]:
    """Return the notices that are due to be sent, by person, and count the attempt, inside a `writing` transaction.

    If the caller ends before it says that they were sent, they are due again later.
    """
    rows = connection.execute(
        "SELECT name, tries, notice_id, kind, object, made_at FROM notice WHERE mail = 'waiting' AND next_try_at <= ? "
        "ORDER BY notice_id",
        (utc_text(now),),
    ).fetchall()
    found: dict[str, list[Notice]] = {}
    for name, tries, *notice in rows:
        found.setdefault(name, []).append(_notice(notice))
        is_last = tries >= len(RETRY_AFTER)
        later = now if is_last else now + RETRY_AFTER[tries]
        connection.execute(
            "UPDATE notice SET tries = tries + 1, next_try_at = ?, mail = ? WHERE notice_id = ?",
            (utc_text(later), "given_up" if is_last else "waiting", notice[0]),
        )
    return found


def mark_sent(connection: sqlite3.Connection, sent: Iterable[Notice]) -> None:
    """Record inside a `writing` transaction that notices were sent."""
    numbers = msgspec.json.encode([one.notice_id for one in sent]).decode()
    connection.execute(
        "UPDATE notice SET mail = 'sent' WHERE notice_id IN (SELECT value FROM json_each(?))", (numbers,)
    )


def erase_notices(connection: sqlite3.Connection, name: str) -> int:
    """Delete the notices and the choices of a person inside a `writing` transaction; return the number of rows."""
    notices = connection.execute("DELETE FROM notice WHERE name = ?", (name,)).rowcount
    return notices + connection.execute("DELETE FROM notice_choice WHERE name = ?", (name,)).rowcount
