"""What happened to people's access: sign-ins and refused ones, links, passwords, tokens. Append-only.

In: an open transaction and an event. Out: the events, the newest first. The invariant: texts are bounded, and a name
that cannot be anybody's is kept as "?", since it may be a password typed into the wrong field. It decides nothing.
"""

from __future__ import annotations

import re
import sqlite3
from datetime import datetime
from typing import NamedTuple

from claimledger.newsroom.store import utc_text
from claimledger.vocabulary import AccountEvent

LONGEST_ADDRESS = 64
LONGEST_USER_AGENT = 200
"""Most characters that are kept."""


class Client(NamedTuple):
    """Where a request came from."""

    address: str
    """Its IP address, as the server knows it."""
    user_agent: str = ""
    """What the browser says it is."""


class Event(NamedTuple):
    """One of the things that happened."""

    event: AccountEvent
    """What."""
    name: str
    """Whose access it was, as the name was typed."""
    author: str | None
    """Who did it; none for a sign-in that was refused, where nobody knows."""
    client_address: str | None
    """Where from; none for the command line."""
    user_agent: str | None
    """With which browser."""
    recorded_at: str
    """When, UTC."""


def record_event(
    connection: sqlite3.Connection, event: AccountEvent, name: str, now: datetime, *, author: str | None = None,
    client: Client | None = None,
) -> None:  # fmt: skip
    """Add an event inside a transaction of `writing`; `now` is UTC."""
    address, user_agent = (client.address, client.user_agent) if client else (None, None)
    connection.execute(
        "INSERT INTO account_event SELECT coalesce(max(event_id), 0) + 1, ?, ?, ?, ?, ?, ? FROM account_event",
        (event.value, name, author, _bounded(address, LONGEST_ADDRESS), _bounded(user_agent, LONGEST_USER_AGENT),
         utc_text(now)),
    )  # fmt: skip


def _bounded(text: str | None, length: int) -> str | None:
    return None if text is None else re.sub(r"[^\x20-\x7e]", "?", text[:length])


def events(connection: sqlite3.Connection, *, name: str | None = None, most: int = 200) -> list[Event]:
    """Return the newest events, of everybody or of one name, the newest first."""
    rows = connection.execute(
        "SELECT event, name, author, client_address, user_agent, recorded_at FROM account_event "
        "WHERE ? IS NULL OR name = ? ORDER BY event_id DESC LIMIT ?",
        (name, name, most),
    )
    return [Event(AccountEvent(event), *rest) for event, *rest in rows]
