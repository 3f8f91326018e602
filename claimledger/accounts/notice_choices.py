"""The choice of each person for notices: a feed with a secret address, e-mail, or only the desk.

Only the SHA-256 of the secret is stored. A new secret replaces the one before, whose address then shows nothing.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import NamedTuple

from claimledger.accounts.credential_rules import new_secret, secret_sha256
from claimledger.newsroom.store import utc_text


class NoticeChoice(NamedTuple):
    """The choice of a person."""

    has_feed: bool
    """True if there is a feed with a secret address."""
    is_by_mail: bool
    """True if notices may be sent by e-mail, which needs an address, too."""


_UPSERT = (
    "INSERT INTO notice_choice VALUES (:name, :feed, :by_mail, :at) "
    "ON CONFLICT (name) DO UPDATE SET {column} = excluded.{column}, changed_at = excluded.changed_at"
)


def read_notice_choice(connection: sqlite3.Connection, name: str) -> NoticeChoice:
    """Return the choice of a person; without one, notices are sent by e-mail and there is no feed."""
    row = connection.execute("SELECT feed_sha256, by_mail FROM notice_choice WHERE name = ?", (name,)).fetchone()
    return NoticeChoice(row[0] is not None, bool(row[1])) if row else NoticeChoice(has_feed=False, is_by_mail=True)


def people_without_mail(connection: sqlite3.Connection) -> frozenset[str]:
    """Return the people who want no e-mail."""
    return frozenset(name for (name,) in connection.execute("SELECT name FROM notice_choice WHERE by_mail = 0"))


def choose_mail(connection: sqlite3.Connection, name: str, now: datetime, *, is_by_mail: bool) -> None:
    """Store inside a `writing` transaction whether a person gets notices by e-mail; `now` is UTC."""
    _store(connection, name, now, "by_mail", is_by_mail=is_by_mail)


def issue_feed_secret(connection: sqlite3.Connection, name: str, now: datetime) -> str:
    """Return a new secret for the address of a person's feed, inside a `writing` transaction; `now` is UTC."""
    secret = new_secret()
    _store(connection, name, now, "feed_sha256", feed=secret_sha256(secret))
    return secret


def revoke_feed(connection: sqlite3.Connection, name: str, now: datetime) -> None:
    """End the feed of a person inside a `writing` transaction; `now` is UTC."""
    if read_notice_choice(connection, name).has_feed:
        _store(connection, name, now, "feed_sha256")


def find_feed_owner(connection: sqlite3.Connection, secret: str) -> str | None:
    """Return the name of the person whose feed has this secret, or None."""
    row = connection.execute(
        "SELECT name FROM notice_choice WHERE feed_sha256 = ?", (secret_sha256(secret),)
    ).fetchone()
    return str(row[0]) if row else None


def _store(
    connection: sqlite3.Connection,
    name: str,
    now: datetime,
    column: str,
    *,
    feed: str | None = None,
    is_by_mail: bool = True,
) -> None:
    values = {"name": name, "feed": feed, "by_mail": int(is_by_mail), "at": utc_text(now)}
    connection.execute(_UPSERT.format(column=column), values)
