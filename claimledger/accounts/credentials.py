"""What people are given to show who they are: one-time links, sessions, tokens of the command line.

In: an open store, a kind, a secret. Out: a new secret, or whose a secret is. The invariants: only a secret's SHA-256 is
stored, and an expired or ended one is nobody's. The table is plainly mutable: what is ended is deleted, so that nothing
can bring it back; the evidence is in `account_event`. It does not know whether its people exist or are active.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from claimledger.accounts.credential_rules import (
    LINK_LASTS,
    SESSION_IDLE,
    SESSION_LASTS,
    new_cli_token,
    new_secret,
    secret_sha256,
)
from claimledger.newsroom.store import DeskStore, utc_text


class Kind(StrEnum):
    """What a secret is good for."""

    LINK = "link"
    """To set a password, once."""
    SESSION = "session"
    """To go on working in a browser."""
    CLI_TOKEN = "cli_token"  # noqa: S105  the name of the kind
    """To work from the command line."""


class Validity(NamedTuple):
    """How long a kind of secret is good."""

    lasts: timedelta | None
    """From its issue; none for ever."""
    idle: timedelta | None
    """From its last use; none for ever."""
    noted_every: timedelta
    """How often a use is written down at most."""


VALIDITIES: Mapping[Kind, Validity] = {
    Kind.LINK: Validity(LINK_LASTS, None, timedelta.max),
    Kind.SESSION: Validity(SESSION_LASTS, SESSION_IDLE, timedelta(minutes=1)),
    Kind.CLI_TOKEN: Validity(None, None, timedelta(hours=1)),
}


class Held(NamedTuple):
    """A credential as it is stored."""

    token_sha256: str
    """The hash of its secret."""
    name: str
    """Whose it is."""
    label: str
    """What it is called; empty for links and sessions."""
    author: str
    """Who issued it."""
    issued_at: str
    """When, UTC."""
    expires_at: str | None
    """Until when it is good, if that is limited."""
    used_at: str | None
    """When it was last used, as far as that was noted."""


_COLUMNS = "token_sha256, name, label, author, issued_at, expires_at, used_at"
_GOOD = "kind = :kind AND (expires_at IS NULL OR expires_at > :now) AND coalesce(used_at, issued_at) > :used_after"


def _good(kind: Kind, now: datetime) -> dict[str, str]:
    """Return what `_GOOD` asks for."""
    idle = VALIDITIES[kind].idle
    return {"kind": kind.value, "now": utc_text(now), "used_after": utc_text(now - idle) if idle else ""}


def issue(
    connection: sqlite3.Connection, kind: Kind, name: str, now: datetime, *, author: str, label: str = "",
    lasts: timedelta | None = None,
) -> str:  # fmt: skip
    """Return a new secret of a person, inside a transaction of `writing`; it lasts as its kind does unless told."""
    connection.execute("DELETE FROM credential WHERE expires_at <= ?", (utc_text(now),))
    secret = new_cli_token() if kind is Kind.CLI_TOKEN else new_secret()
    lasts = lasts or VALIDITIES[kind].lasts
    expires_at = utc_text(now + lasts) if lasts else None
    connection.execute(
        "INSERT INTO credential VALUES (?, ?, ?, ?, ?, ?, ?, NULL)",
        (secret_sha256(secret), kind.value, name, label, author, utc_text(now), expires_at),
    )
    return secret


def held(connection: sqlite3.Connection, kind: Kind, secret: str, now: datetime) -> Held | None:
    """Return the credential that a secret is, if it is good."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM credential WHERE token_sha256 = :sha256 AND {_GOOD}",  # noqa: S608
        {"sha256": secret_sha256(secret), **_good(kind, now)},
    ).fetchone()
    return Held(*row) if row else None


def held_by(connection: sqlite3.Connection, kind: Kind, name: str, now: datetime) -> list[Held]:
    """Return the good credentials of a person, the oldest first."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM credential WHERE name = :name AND {_GOOD} ORDER BY issued_at, label",  # noqa: S608
        {"name": name, **_good(kind, now)},
    )
    return [Held(*row) for row in rows]


def note_use(store: DeskStore, kind: Kind, found: Held, now: datetime) -> None:
    """Write down that a credential is used, unless that was done a short while ago; not inside a transaction."""
    known = datetime.fromisoformat(found.used_at or found.issued_at)
    is_first = found.used_at is None and kind is Kind.CLI_TOKEN
    if is_first or now - known >= VALIDITIES[kind].noted_every:
        with store.writing() as connection:
            connection.execute(
                "UPDATE credential SET used_at = ? WHERE token_sha256 = ?", (utc_text(now), found.token_sha256)
            )


def end(connection: sqlite3.Connection, token_sha256: str) -> bool:
    """End a credential inside a transaction of `writing`; return whether it was there."""
    return connection.execute("DELETE FROM credential WHERE token_sha256 = ?", (token_sha256,)).rowcount == 1


def end_all(connection: sqlite3.Connection, name: str, kinds: Collection[Kind] = tuple(Kind)) -> None:
    """End everything of some kinds that a person was given, inside a transaction of `writing`."""
    for kind in kinds:
        connection.execute("DELETE FROM credential WHERE name = ? AND kind = ?", (name, kind.value))
