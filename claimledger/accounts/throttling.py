"""Who has to wait before the next sign-in: failures in a row, by name and by client, kept over a restart.

In: an open transaction, a name and an address. Out: the wait. The invariant: an attempt is counted as a failure before
its password is looked at, and taken back if it was right; so attempts side by side gain nothing. The table is plainly
mutable, and what is long past is deleted. It does not know whether a name is anybody's: unknown ones wait as well.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from typing import NamedTuple

from claimledger.accounts.credential_rules import ADDRESS_LIMIT, NAME_LIMIT, Limit, wait_after
from claimledger.addresses import network_of
from claimledger.newsroom.store import utc_text

_NONE = timedelta(0)
_KEPT = max(limit.longest_wait + limit.forgotten_after for limit in (NAME_LIMIT, ADDRESS_LIMIT))


class _Failures(NamedTuple):
    limit: Limit
    number: int
    last_at: datetime | None


class Attempt(NamedTuple):
    """An attempt to sign in, before its password is looked at."""

    name_key: str
    """Under which the name's failures stand."""
    address_key: str
    """Under which those of the client stand."""
    wait: timedelta
    """How long to wait first; zero if the attempt was let through and counted."""
    is_noted: bool
    """Whether the same wait met an attempt before."""
    address_failed_at: datetime
    """When the client failed the last time before; now, if it did not."""


def attempt(connection: sqlite3.Connection, name: str, address: str, now: datetime) -> Attempt:
    """Count an attempt as a failure, inside a transaction of `writing`; one that must wait is not counted."""
    oldest = utc_text(now - _KEPT)
    connection.execute("DELETE FROM throttle WHERE last_failed_at < ?", (oldest,))
    keys = (f"name:{name}", f"address:{network_of(address)}")
    limits = zip(keys, (NAME_LIMIT, ADDRESS_LIMIT), strict=True)
    before = {key: _failures(connection, key, limit) for key, limit in limits}
    waits = {key: _wait(failures, now) for key, failures in before.items()}
    slowest = max(keys, key=lambda key: waits[key])
    failed_at = before[keys[1]].last_at or now
    if waits[slowest] > _NONE:
        return Attempt(*keys, waits[slowest], _note(connection, slowest), failed_at)
    for key, failures in before.items():
        count = 1 if _is_forgotten(failures, now) else failures.number + 1
        connection.execute("INSERT OR REPLACE INTO throttle VALUES (?, ?, ?, 0)", (key, count, utc_text(now)))
    return Attempt(*keys, _NONE, is_noted=False, address_failed_at=failed_at)


def _failures(connection: sqlite3.Connection, key: str, limit: Limit) -> _Failures:
    row = connection.execute("SELECT failure_count, last_failed_at FROM throttle WHERE key = ?", (key,)).fetchone()
    return _Failures(limit, row[0], datetime.fromisoformat(row[1])) if row else _Failures(limit, 0, None)


def _wait(failures: _Failures, now: datetime) -> timedelta:
    """Return what is left of a wait; nothing if the clock was set back behind its beginning."""
    whole = wait_after(failures.number, failures.limit)
    left = (failures.last_at or now) + whole - now
    return left if _NONE < left <= whole else _NONE


def _is_forgotten(failures: _Failures, now: datetime) -> bool:
    wait = wait_after(failures.number, failures.limit)
    return failures.last_at is None or now >= failures.last_at + wait + failures.limit.forgotten_after


def _note(connection: sqlite3.Connection, key: str) -> bool:
    """Note that a wait was met; return whether it had been before, so that a flood of attempts writes nothing."""
    noted = connection.execute("UPDATE throttle SET is_noted = 1 WHERE key = ? AND is_noted = 0", (key,))
    return noted.rowcount == 0


def take_back(connection: sqlite3.Connection, let_through: Attempt, now: datetime) -> None:
    """Count an attempt as none, inside a transaction of `writing`: its password was right.

    The name's failures are over. Those of the client stay: whoever has one account may be guessing at others.
    """
    connection.execute("DELETE FROM throttle WHERE key = ?", (let_through.name_key,))
    connection.execute("DELETE FROM throttle WHERE key = ? AND failure_count = 1", (let_through.address_key,))
    connection.execute(
        "UPDATE throttle SET failure_count = failure_count - 1, "
        "last_failed_at = CASE last_failed_at WHEN ? THEN ? ELSE last_failed_at END WHERE key = ?",
        (utc_text(now), utc_text(let_through.address_failed_at), let_through.address_key),
    )


def forget_name(connection: sqlite3.Connection, name: str) -> None:
    """Forget a name's failures, inside a transaction of `writing`."""
    connection.execute("DELETE FROM throttle WHERE key = ?", (f"name:{name}",))
