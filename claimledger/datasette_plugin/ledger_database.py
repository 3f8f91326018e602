"""A Datasette database whose file is written while it is served.

Each request reads one version of it (`snapshots`). Its connections are kept for the next request. If another file has
replaced the one at its path, they are closed. No connection can write.
"""

from __future__ import annotations

import asyncio
import contextvars
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasette.database import Database
from datasette.utils.sqlite import sqlite3  # the module whose errors Datasette expects

from claimledger.datasette_plugin.plugin_settings import plugin_settings
from claimledger.datasette_plugin.snapshots import (
    FileIdentity, PooledConnection, RequestSnapshot, current_version, joined_snapshot, request_snapshot,
)  # fmt: skip
from claimledger.errors import LedgerError
from claimledger.publishing.ledger_db import open_read_only
from claimledger.publishing.sum_check import LedgerDbAltered, find_altered_tables

if TYPE_CHECKING:
    from datasette.app import Datasette

    from claimledger.datasette_plugin.streaming import AsgiApp, Receive, Scope, Send

MOST_IDLE = 16
"""The largest number of connections that are kept without being used."""
_ABOUT = "SELECT name, value FROM about ORDER BY name"


class LedgerNotServable(LedgerError):
    """Raised when the user of the server may not read a ledger that is written."""

    def __init__(self, path: str) -> None:
        """Name the file."""
        super().__init__(path=path)


class LedgerDatabase(Database):  # type: ignore[misc]  # Datasette has no types
    """A ledger, with read-only connections of its own."""

    def __init__(self, datasette: Datasette, original: Database) -> None:
        """Take the place of Datasette's own object for the same file."""
        super().__init__(datasette, original.path, is_mutable=True)
        self.name, self.route = original.name, original.route
        self._lock = threading.Lock()
        self._idle: list[tuple[sqlite3.Connection, FileIdentity | None]] = []
        self._is_over = False
        self._counted: tuple[str, dict[str, int | None]] = ("", {})

    def connect(self, write: bool = False) -> sqlite3.Connection:  # noqa: FBT001, FBT002  as Datasette's own
        """Open the file read-only, even if Datasette wants to write: only a publish writes a ledger."""
        del write
        mode = f"mode=ro{'&nolock=1' if self.ds.nolock else ''}"
        return sqlite3.connect(f"{Path(self.path).absolute().as_uri()}?{mode}", uri=True, check_same_thread=False)

    def begin(self) -> PooledConnection:
        """Begin a read transaction of the newest version, with an unused connection if there is one."""
        file = file_identity(self.path)
        connection = self._unused_connection(file) or self._open()
        try:
            connection.execute("BEGIN")
            return PooledConnection(connection, file, read_version(connection))
        except BaseException:
            connection.close()
            raise

    def end(self, pooled: PooledConnection) -> None:
        """End a read transaction and keep the connection for the next one."""
        try:
            pooled.connection.rollback()
        except sqlite3.Error:
            pooled.connection.close()
            return
        with self._lock:
            is_kept = not self._is_over and len(self._idle) < MOST_IDLE
            if is_kept:
                self._idle.append((pooled.connection, pooled.file))
        if not is_kept:
            pooled.connection.close()

    def _unused_connection(self, file: FileIdentity | None) -> sqlite3.Connection | None:
        """Return a connection to this file; close those to another."""
        with self._lock:
            found = next((i for i in reversed(range(len(self._idle))) if self._idle[i][1] == file), None)
            connection = None if found is None else self._idle.pop(found)[0]
            old = [one for one, of in self._idle if of != file]
            self._idle = [(one, of) for one, of in self._idle if of == file]
        for one in old:
            one.close()
        return connection

    def _open(self) -> sqlite3.Connection:
        connection = self.connect()
        try:
            self.ds._prepare_connection(connection, self.name)  # noqa: SLF001  as Datasette's own `execute_fn` does
        except BaseException:
            connection.close()
            raise
        return connection

    async def _execute_fn(self, fn: Callable[[sqlite3.Connection], Any]) -> Any:  # noqa: ANN401  as Datasette's own
        snapshot = joined_snapshot()
        if self.ds.executor is None:
            try:
                return self._run(snapshot, fn)
            finally:
                snapshot.leave()
        # the context: what Datasette 1.0 traces in the thread belongs to the request
        run = partial(contextvars.copy_context().run, self._run, snapshot, fn)
        try:
            future = self.ds.executor.submit(run)
        except BaseException:
            snapshot.leave()
            raise
        # not when the reader has gone: the thread may still use the connection
        future.add_done_callback(lambda _: snapshot.leave())
        return await asyncio.wrap_future(future)

    if not hasattr(Database, "_execute_fn"):  # 0.65
        execute_fn = _execute_fn

    def _run(self, snapshot: RequestSnapshot, fn: Callable[[sqlite3.Connection], Any]) -> Any:  # noqa: ANN401
        with snapshot.of(self).connection() as connection:
            return fn(connection)

    async def version(self) -> str:
        """Return the version that the current request reads; outside requests, the newest one."""
        return current_version(self) or await self.execute_fn(read_version)

    async def table_counts(self, limit: int = 10) -> dict[str, int | None]:
        """Return the rows of each table, which are counted once per version; None if that takes too long."""
        version = await self.version()
        if self._counted[0] == version and None not in self._counted[1].values():
            return dict(self._counted[1])
        counts: dict[str, int | None] = await super().table_counts(limit)
        if version:
            self._counted = version, counts
        return dict(counts)

    def close(self) -> None:
        """Close all connections; those in use are closed when their request ends."""
        with self._lock:
            self._is_over = True
            unused, self._idle = self._idle, []
        for connection, _ in unused:
            connection.close()
        super().close()


def file_identity(path: str) -> FileIdentity | None:
    """Return the identity of the file at a path; None if there is none."""
    with suppress(OSError):
        found = os.stat(path)  # noqa: PTH116  this is much faster than a Path, and each request needs it
        return found.st_dev, found.st_ino
    return None


def read_version(connection: sqlite3.Connection) -> str:
    """Return a text that differs for each version of a ledger; empty if the database is not a ledger."""
    try:
        return repr([tuple(row) for row in connection.execute(_ABOUT)])
    except sqlite3.OperationalError as fault:
        if str(fault).startswith(("no such table", "no such column")):
            return ""
        raise


def is_ledger_file(path: str, mode: str = "mode=ro") -> bool:
    """Return whether a file can be read and is a ledger of any format."""
    with suppress(sqlite3.Error):
        connection = sqlite3.connect(f"{Path(path).absolute().as_uri()}?{mode}", uri=True)
        try:
            return "'content_sha256'" in read_version(connection)
        finally:
            connection.close()
    return False


def check_ledgers(datasette: Datasette) -> None:
    """Check that each ledger can be read.

    SQLite cannot read a file with a write-ahead log if the files beside it are missing and it may not make them. Their
    content is all in the file then, and `immutable=1` is enough to find out whether the file is a ledger.

    The rows of each are compared with their checksums: a file that a disk or a hand has altered is not served. With
    very many claims this takes long; the setting `check_rows_at_start` turns it off.

    Raises:
        LedgerNotServable: one cannot be read.
        LedgerDbAltered: one is damaged, or its rows are not those that were built.
    """
    checks_rows = plugin_settings(datasette).get("check_rows_at_start", True)
    for database in datasette.databases.values():
        path = database.path if database.is_mutable else None
        if path and not is_ledger_file(path) and is_ledger_file(path, "immutable=1"):
            raise LedgerNotServable(path)
        if database.path and checks_rows and is_ledger_file(database.path):
            _check_rows(database.path)


def _check_rows(path: str) -> None:
    try:
        with open_read_only(Path(path)) as connection:
            connection.execute("BEGIN")
            tables = find_altered_tables(connection)
    except sqlite3.DatabaseError as fault:
        raise LedgerDbAltered(path, [str(fault)]) from fault
    if tables:
        raise LedgerDbAltered(path, tables)


def serve_ledgers(datasette: Datasette) -> None:
    """Let a Datasette serve each ledger that may be written as a `LedgerDatabase`; leave other files to Datasette."""
    found = {
        name: LedgerDatabase(datasette, database)
        for name, database in datasette.databases.items()
        if type(database) is Database and database.path and database.is_mutable and is_ledger_file(database.path)
    }
    if found:
        datasette.databases = {**datasette.databases, **found}


def with_snapshots(app: AsgiApp, datasette: Datasette) -> AsgiApp:
    """Wrap an application so that each request reads one version of each ledger."""
    serve_ledgers(datasette)
    seen = datasette.databases

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal seen
        if scope["type"] == "http":
            if datasette.databases is not seen:  # Datasette replaces the mapping when a database is added
                serve_ledgers(datasette)
                seen = datasette.databases
            with request_snapshot():
                await app(scope, receive, send)
            return
        await app(scope, receive, send)
        if scope["type"] == "lifespan":  # the end of the server
            close_ledgers(datasette)

    return answer


def close_ledgers(datasette: Datasette) -> None:
    """Close the connections to all ledgers."""
    for database in datasette.databases.values():
        if isinstance(database, LedgerDatabase):
            database.close()
