"""Waiting times before the next sign-in, from consecutive failures by name and by client; they survive a restart.

An attempt is counted as a failure before its password is checked, and uncounted if the password was right. Parallel
attempts therefore gain nothing. The table is mutable, and old rows are deleted. This module does not know whether a
name exists: unknown names wait as well.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from typing import NamedTuple

from claimledger.accounts.credential_rules import ADDRESS_LIMIT, NAME_LIMIT, FailureLimit, wait_after_failures
from claimledger.addresses import client_network
from claimledger.newsroom.store import utc_text

_NO_WAIT = timedelta(0)
_RETENTION = max(limit.longest_wait + limit.forgotten_after for limit in (NAME_LIMIT, ADDRESS_LIMIT))


class _Failures(NamedTuple):
    limit: FailureLimit
    number: int
    last_at: datetime | None


class SignInAttempt(NamedTuple):
    """An attempt to sign in, before its password is checked."""

    name_key: str
    """The key of the name's failures."""
    address_key: str
    """The key of the client's failures."""
    wait: timedelta
    """The time to wait first; zero if the attempt was admitted and counted."""
    is_recorded: bool
    """True if an earlier attempt met the same wait."""
    address_failed_at: datetime
    """The time of the client's previous failure; the current time if there was none."""


def count_attempt(connection: sqlite3.Connection, name: str, address: str, now: datetime) -> SignInAttempt:
    """Count an attempt as a failure inside a `writing` transaction; an attempt that must wait is not counted."""
    oldest = utc_text(now - _RETENTION)
    connection.execute("DELETE FROM throttle WHERE last_failed_at < ?", (oldest,))
    keys = (f"name:{name}", f"address:{client_network(address)}")
    limits = zip(keys, (NAME_LIMIT, ADDRESS_LIMIT), strict=True)
    before = {key: _read_failures(connection, key, limit) for key, limit in limits}
    waits = {key: _remaining_wait(failures, now) for key, failures in before.items()}
    slowest = max(keys, key=lambda key: waits[key])
    failed_at = before[keys[1]].last_at or now
    if waits[slowest] > _NO_WAIT:
        return SignInAttempt(*keys, waits[slowest], _mark_noted(connection, slowest), failed_at)
    for key, failures in before.items():
        count = 1 if _is_forgotten(failures, now) else failures.number + 1
        connection.execute("INSERT OR REPLACE INTO throttle VALUES (?, ?, ?, 0)", (key, count, utc_text(now)))
    return SignInAttempt(*keys, _NO_WAIT, is_recorded=False, address_failed_at=failed_at)


def _read_failures(connection: sqlite3.Connection, key: str, limit: FailureLimit) -> _Failures:
    row = connection.execute("SELECT failure_count, last_failed_at FROM throttle WHERE key = ?", (key,)).fetchone()
    return _Failures(limit, row[0], datetime.fromisoformat(row[1])) if row else _Failures(limit, 0, None)


def _remaining_wait(failures: _Failures, now: datetime) -> timedelta:
    """Return the rest of a wait; zero if the clock was set back to before its start."""
    whole = wait_after_failures(failures.number, failures.limit)
    left = (failures.last_at or now) + whole - now
    return left if _NO_WAIT < left <= whole else _NO_WAIT


def _is_forgotten(failures: _Failures, now: datetime) -> bool:
    wait = wait_after_failures(failures.number, failures.limit)
    return failures.last_at is None or now >= failures.last_at + wait + failures.limit.forgotten_after


def _mark_noted(connection: sqlite3.Connection, key: str) -> bool:
    """Record that a wait was met and return whether it was recorded before, so that a flood writes nothing."""
    noted = connection.execute("UPDATE throttle SET is_noted = 1 WHERE key = ? AND is_noted = 0", (key,))
    return noted.rowcount == 0


def uncount_attempt(connection: sqlite3.Connection, let_through: SignInAttempt, now: datetime) -> None:
    """Uncount an attempt whose password was right, inside a `writing` transaction.

    The name's failures are deleted. The client's other failures stay, because the owner of one account may be guessing
    the passwords of others.
    """
    connection.execute("DELETE FROM throttle WHERE key = ?", (let_through.name_key,))
    connection.execute("DELETE FROM throttle WHERE key = ? AND failure_count = 1", (let_through.address_key,))
    connection.execute(
        "UPDATE throttle SET failure_count = failure_count - 1, "
        "last_failed_at = CASE last_failed_at WHEN ? THEN ? ELSE last_failed_at END WHERE key = ?",
        (utc_text(now), utc_text(let_through.address_failed_at), let_through.address_key),
    )


def forget_failures(connection: sqlite3.Connection, name: str) -> None:
    """Delete a name's failures inside a `writing` transaction."""
    connection.execute("DELETE FROM throttle WHERE key = ?", (f"name:{name}",))
