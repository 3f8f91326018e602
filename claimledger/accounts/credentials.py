"""Credentials that show who a person is: one-time links, browser sessions and command-line tokens.

Only the SHA-256 of a secret is stored. An expired or ended credential belongs to no one. The table is mutable: an ended
credential is deleted, so that nothing can restore it. The record of it is in `account_event`. This module does not know
whether its people exist or are active.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from claimledger.accounts.credential_rules import (
    LINK_LASTS, SESSION_IDLE_TIME, SESSION_LASTS, new_cli_token, new_secret, secret_sha256,
)  # fmt: skip
from claimledger.newsroom.store import DeskStore, utc_text


class CredentialKind(StrEnum):
    """The purpose of a secret."""

    LINK = "link"
    """A link to set a password, once."""
    SESSION = "session"
    """A session in a browser."""
    CLI_TOKEN = "cli_token"  # noqa: S105  the name of the kind
    """A token for the command line."""


class Validity(NamedTuple):
    """The lifetime of a kind of secret."""

    lifetime: timedelta | None
    """The time from its issue; None for no limit."""
    idle_time: timedelta | None
    """The time from its last use; None for no limit."""
    use_recorded_every: timedelta
    """The shortest time between two recorded uses."""


VALIDITIES: Mapping[CredentialKind, Validity] = {
    CredentialKind.LINK: Validity(LINK_LASTS, None, timedelta.max),
    CredentialKind.SESSION: Validity(SESSION_LASTS, SESSION_IDLE_TIME, timedelta(minutes=1)),
    CredentialKind.CLI_TOKEN: Validity(None, None, timedelta(hours=1)),
}


class StoredCredential(NamedTuple):
    """A stored credential."""

    token_sha256: str
    """The SHA-256 of its secret in hexadecimal."""
    name: str
    """The name of its person."""
    label: str
    """The label; empty for links and sessions."""
    author: str
    """The name of the person who issued it."""
    issued_at: str
    """The UTC time of issue."""
    expires_at: str | None
    """The UTC time of expiry; None for no limit."""
    used_at: str | None
    """The UTC time of the last recorded use, if any."""


_COLUMNS = "token_sha256, name, label, author, issued_at, expires_at, used_at"
_IS_VALID = "kind = :kind AND (expires_at IS NULL OR expires_at > :now) AND coalesce(used_at, issued_at) > :used_after"


def _validity_values(kind: CredentialKind, now: datetime) -> dict[str, str]:
    """Return the SQL parameters of `_IS_VALID`."""
    idle = VALIDITIES[kind].idle_time
    return {"kind": kind.value, "now": utc_text(now), "used_after": utc_text(now - idle) if idle else ""}


def issue_credential(
    connection: sqlite3.Connection, kind: CredentialKind, name: str, now: datetime, *, author: str, label: str = "",
    lasts: timedelta | None = None,
) -> str:  # fmt: skip
    """Return a new secret for a person, inside a `writing` transaction; `lasts` overrides the lifetime of its kind."""
    connection.execute("DELETE FROM credential WHERE expires_at <= ?", (utc_text(now),))
    secret = new_cli_token() if kind is CredentialKind.CLI_TOKEN else new_secret()
    lasts = lasts or VALIDITIES[kind].lifetime
    expires_at = utc_text(now + lasts) if lasts else None
    connection.execute(
        "INSERT INTO credential VALUES (?, ?, ?, ?, ?, ?, ?, NULL)",
        (secret_sha256(secret), kind.value, name, label, author, utc_text(now), expires_at),
    )
    return secret


def find_credential(
    connection: sqlite3.Connection, kind: CredentialKind, secret: str, now: datetime
) -> StoredCredential | None:
    """Return the credential of a secret, or None if there is none or it is no longer valid."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM credential WHERE token_sha256 = :sha256 AND {_IS_VALID}",  # noqa: S608
        {"sha256": secret_sha256(secret), **_validity_values(kind, now)},
    ).fetchone()
    return StoredCredential(*row) if row else None


def person_credentials(
    connection: sqlite3.Connection, kind: CredentialKind, name: str, now: datetime
) -> list[StoredCredential]:
    """Return the valid credentials of a person, the oldest first."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM credential WHERE name = :name AND {_IS_VALID} ORDER BY issued_at, label",  # noqa: S608
        {"name": name, **_validity_values(kind, now)},
    )
    return [StoredCredential(*row) for row in rows]


def record_credential_use(store: DeskStore, kind: CredentialKind, found: StoredCredential, now: datetime) -> None:
    """Record the use of a credential, unless that was done recently; call it outside a transaction."""
    known = datetime.fromisoformat(found.used_at or found.issued_at)
    is_first = found.used_at is None and kind is CredentialKind.CLI_TOKEN
    if is_first or now - known >= VALIDITIES[kind].use_recorded_every:
        with store.writing() as connection:
            connection.execute(
                "UPDATE credential SET used_at = ? WHERE token_sha256 = ?", (utc_text(now), found.token_sha256)
            )


def end_credential(connection: sqlite3.Connection, token_sha256: str) -> bool:
    """End a credential inside a `writing` transaction; return whether it existed."""
    return connection.execute("DELETE FROM credential WHERE token_sha256 = ?", (token_sha256,)).rowcount == 1


def end_credentials(
    connection: sqlite3.Connection, name: str, kinds: Collection[CredentialKind] = tuple(CredentialKind)
) -> None:
    """End all credentials of some kinds that a person has, inside a `writing` transaction."""
    for kind in kinds:
        connection.execute("DELETE FROM credential WHERE name = ? AND kind = ?", (name, kind.value))
