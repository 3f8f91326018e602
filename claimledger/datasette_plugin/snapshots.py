"""Read transactions for a ledger that is written while it is served: each request reads one version of it.

The first query of a request begins a transaction of SQLite, and the end of the request ends it. A request inside a
request, such as one by `datasette.client`, reads the same version. Outside requests each call has its own transaction.
An idle server has no transaction open, so that a writer can shorten the write-ahead log.
"""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    import sqlite3

_current: contextvars.ContextVar[RequestSnapshot | None] = contextvars.ContextVar("snapshot", default=None)

FileIdentity = tuple[int, int]
"""The device and the number of a file; another file at the same path has another one."""


class PooledConnection(NamedTuple):
    """A connection in a read transaction."""

    connection: sqlite3.Connection
    file: FileIdentity | None
    """The file that it has open."""
    version: str
    """The version of the ledger in this transaction; empty if the file is not a ledger."""


class Ledger(Protocol):
    """A database that gives connections in read transactions and takes them back."""

    def begin(self) -> PooledConnection:
        """Begin a read transaction of the newest version."""

    def end(self, pooled: PooledConnection) -> None:
        """End a read transaction."""


class LedgerSnapshot:
    """One version of a ledger, for one request; queries at the same time use several connections to this version."""

    def __init__(self, database: Ledger) -> None:
        """Begin no transaction yet."""
        self._database = database
        self._changed = threading.Condition()
        self._free: list[PooledConnection] = []
        self._count = 0
        self.version = ""

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """Use a connection in a transaction at this version."""
        pooled = self._take()
        try:
            yield pooled.connection
        finally:
            self._put_back(pooled)

    def detach(self) -> sqlite3.Connection:
        """Return a connection in a transaction at this version; it is the caller's, who closes it."""
        pooled = self._take()
        with self._changed:
            self._count -= 1
            self._changed.notify_all()
        return pooled.connection

    def end(self) -> None:
        """End the transactions."""
        with self._changed:
            unused, self._free = self._free, []
        for pooled in unused:
            self._database.end(pooled)

    def _take(self) -> PooledConnection:
        with self._changed:
            if self._free:
                return self._free.pop()
            if not self._count:
                return self._begin_first()
        return self._begin_another() or self._wait()

    def _begin_first(self) -> PooledConnection:
        pooled = self._database.begin()
        self._count, self.version = 1, pooled.version
        return pooled

    def _begin_another(self) -> PooledConnection | None:
        """Return one more connection; None if the ledger has another version by now."""
        pooled = self._database.begin()
        if not self.version or pooled.version != self.version:
            self._database.end(pooled)
            return None
        with self._changed:
            self._count += 1
        return pooled

    def _wait(self) -> PooledConnection:
        with self._changed:
            self._changed.wait_for(lambda: self._free or not self._count)
            return self._free.pop() if self._free else self._begin_first()

    def _put_back(self, pooled: PooledConnection) -> None:
        with self._changed:
            self._free.append(pooled)
            self._changed.notify()


class RequestSnapshot:
    """The versions of all ledgers that a request reads. They end with its last user: a request or a running query."""

    def __init__(self) -> None:
        """Begin with one user."""
        self._lock = threading.Lock()
        self._users = 1
        self._ledgers: dict[Ledger, LedgerSnapshot] = {}

    def join(self) -> bool:
        """Count one more user; return False if the last one has left."""
        with self._lock:
            self._users += self._users > 0
            return self._users > 0

    def leave(self) -> None:
        """Count one user less; the last one ends the transactions."""
        with self._lock:
            self._users -= 1
            ended = [] if self._users else list(self._ledgers.values())
        for ledger in ended:
            ledger.end()

    def version(self, database: Ledger) -> str:
        """Return the version of a ledger that is read; empty if none is read yet, or no longer."""
        with self._lock:
            found = self._ledgers.get(database) if self._users else None
        return found.version if found else ""

    def of(self, database: Ledger) -> LedgerSnapshot:
        """Return the version of a ledger that this request reads."""
        with self._lock:
            if database not in self._ledgers:
                self._ledgers[database] = LedgerSnapshot(database)
            return self._ledgers[database]


def joined_snapshot() -> RequestSnapshot:
    """Return the snapshot of the current request, or a new one outside requests. The caller leaves it."""
    current = _current.get()
    return current if current and current.join() else RequestSnapshot()


@contextmanager
def request_snapshot() -> Iterator[RequestSnapshot]:
    """Let everything inside read one version of each ledger."""
    snapshot = joined_snapshot()
    token = _current.set(snapshot)
    try:
        yield snapshot
    finally:
        _current.reset(token)
        snapshot.leave()


def current_ledger_snapshot(database: Ledger) -> LedgerSnapshot:
    """Return the version of a ledger that the current request reads; outside requests, one that nothing else reads."""
    current = _current.get()
    return current.of(database) if current else LedgerSnapshot(database)


def current_version(database: Ledger) -> str:
    """Return the version of a ledger that the current request reads; empty if it has not read it yet."""
    current = _current.get()
    return current.version(database) if current else ""
