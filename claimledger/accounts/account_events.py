"""The append-only record of access to accounts: sign-ins, refused sign-ins, links, passwords and tokens.

Texts are truncated. An impossible name is stored as "?", because it may be a password typed into the wrong field.
"""

from __future__ import annotations

import re
import sqlite3
from datetime import datetime
from typing import NamedTuple

from claimledger.newsroom.store import utc_text
from claimledger.desk_vocabulary import AccountEvent

MAX_CLIENT_ADDRESS = 64
MAX_USER_AGENT = 200
"""The largest number of characters that are stored."""


class Client(NamedTuple):
    """The origin of a request."""

    address: str
    """The IP address that the server sees."""
    user_agent: str = ""
    """The browser's User-Agent header."""


class Event(NamedTuple):
    """An event on an account."""

    event: AccountEvent
    """The type of event."""
    name: str
    """The account's name, as it was typed."""
    author: str | None
    """The person who caused it; None for a refused sign-in, whose author is unknown."""
    client_address: str | None
    """The IP address; None for the command line."""
    user_agent: str | None
    """The browser's User-Agent header."""
    recorded_at: str
    """The UTC time."""


def record_event(
    connection: sqlite3.Connection, event: AccountEvent, name: str, now: datetime, *, author: str | None = None,
    client: Client | None = None,
) -> None:  # fmt: skip
    """Add an event inside a `writing` transaction; `now` is UTC."""
    address, user_agent = (client.address, client.user_agent) if client else (None, None)
    connection.execute(
        "INSERT INTO account_event SELECT coalesce(max(event_id), 0) + 1, ?, ?, ?, ?, ?, ? FROM account_event",
        (event.value, name, author, _truncate(address, MAX_CLIENT_ADDRESS), _truncate(user_agent, MAX_USER_AGENT),
         utc_text(now)),
    )  # fmt: skip


def second_accounts(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """Return each pair of people of whom the second signed in from the first one's session, sorted."""
    rows = connection.execute(
        "SELECT DISTINCT author, name FROM account_event WHERE event = ? ORDER BY author, name",
        (AccountEvent.SECOND_ACCOUNT.value,),
    )
    return rows.fetchall()


def _truncate(text: str | None, length: int) -> str | None:
    return None if text is None else re.sub(r"[^\x20-\x7e]", "?", text[:length])


def list_account_events(connection: sqlite3.Connection, *, name: str | None = None, most: int = 200) -> list[Event]:
    """Return the newest events of all accounts or of one name, the newest first."""
    rows = connection.execute(
        "SELECT event, name, author, client_address, user_agent, recorded_at FROM account_event "
        "WHERE ? IS NULL OR name = ? ORDER BY event_id DESC LIMIT ?",
        (name, name, most),
    )
    return [Event(AccountEvent(event), *rest) for event, *rest in rows]
