"""A running Datasette shows each new ledger from the next request on, and never two versions in one answer.

In: requests, and a Datasette that serves ledgers as immutable files. Out: in its `databases`, a stand-in for each of
them. Before a request the file at the ledger's place is looked at; if it is another one, a copy of it is served from
then on. The invariants: a request stays with the version it began with, a download too, however long it takes; a file
that is not whole is not served, the one before is; what nobody uses any more is closed and removed.
What makes a file whole stands in `served_copy`.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
import math
import shutil
import sqlite3
import tempfile
import threading
import time
import weakref
from contextlib import ExitStack, asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasette.database import Database

from claimledger.datasette_plugin.served_copy import Identity, CopyRefused, ServedCopy, StillWritten, identity, take

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping
    from concurrent.futures import Future

    from datasette.app import Datasette

    from claimledger.datasette_plugin.streaming import AsgiApp, Receive, Scope, Send

COUNTING_MS = 60 * 60 * 1000
"""Time counting the rows of a table may take: as much as Datasette gives it at its start."""
AGAIN_AFTER = 1.0
"""Seconds until a file that could not be read, or was being written, is looked at again."""

_log = logging.getLogger(__name__)
_begun: contextvars.ContextVar[Mapping[Follower, Version] | None] = contextvars.ContextVar("begun", default=None)
"""The versions the request in hand began with; emptied at its end, for what it leaves running."""


class Version(Database):  # type: ignore[misc]  # Datasette has no types
    """One version of a ledger, with connections of its own: those of 0.65 belong to a database's name."""

    def __init__(self, datasette: Datasette, original: Database, copy: ServedCopy) -> None:
        """Take over the copy; it goes when the version does."""
        super().__init__(datasette, str(copy.path), is_mutable=False)
        self.name, self.route = original.name, original.route
        self.cached_hash, self.cached_size = copy.sha256, copy.identity.size
        self._copy = copy
        self._of_thread = threading.local()
        self._lock = threading.Lock()
        self._users = 0
        self._is_retired = self._is_gone = False

    @property
    def cached_table_counts(self) -> dict[str, int] | None:
        """The rows of each table, once counted; never what `--inspect-file` says of an older version."""
        counts: dict[str, int] | None = self._cached_table_counts
        return counts

    def enter(self) -> None:
        """Count one more user: a request, or a query."""
        with self._lock:
            self._users += 1

    def leave(self) -> None:
        """Count one user less; the last of a retired version closes it."""
        with self._lock:
            self._users -= 1
        self._close_if_idle()

    def retire(self) -> None:
        """Close it as soon as nobody uses it."""
        self._is_retired = True
        self._close_if_idle()

    def _close_if_idle(self) -> None:
        with self._lock:
            if not self._is_retired or self._users or self._is_gone:
                return
            self._is_gone = True
        self.close()

    def close(self) -> None:
        """Close all connections and remove the copy."""
        super().close()
        self._copy.remove()

    async def _execute_fn(self, fn: Callable[[sqlite3.Connection], Any]) -> Any:  # noqa: ANN401  as Datasette's own
        if self.ds.executor is None:
            return self._with_connection(fn)
        self.enter()
        # the context: what Datasette 1.0 traces in the thread belongs to the request
        run = partial(contextvars.copy_context().run, self._with_connection, fn)
        try:
            future = self.ds.executor.submit(run)
        except BaseException:
            self.leave()
            raise
        future.add_done_callback(self._done)  # not when the reader has gone: the thread may still be at it
        return await asyncio.wrap_future(future)

    if not hasattr(Database, "_execute_fn"):  # 0.65
        execute_fn = _execute_fn

    def _done(self, _: Future[Any]) -> None:
        self.leave()

    def _with_connection(self, fn: Callable[[sqlite3.Connection], Any]) -> Any:  # noqa: ANN401
        connection = getattr(self._of_thread, "connection", None)
        if connection is None:
            connection = self.connect()
            self.ds._prepare_connection(connection, self.name)  # noqa: SLF001  as Datasette's own `execute_fn` does
            self._of_thread.connection = connection
        return fn(connection)


class StandIn:
    """Stands in Datasette's `databases`; to each request it is the version that request began with."""

    def __init__(self, follower: Follower) -> None:
        """Hand on to the versions of a follower."""
        self._follower = follower

    def itself(self) -> Version:
        """Return that version."""
        return self._follower.version()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        """Return what the database itself has under a name."""
        return getattr(self.itself(), name)


class Follower:
    """Follows one ledger: knows the newest version taken, and looks whether there is a newer one."""

    def __init__(self, datasette: Datasette, original: Database, folder: Path) -> None:
        """Take the version that is there.

        Raises:
            CopyRefused: it is no ledger.
            OSError: it cannot be read or copied.
        """
        self._datasette, self._original, self._folder = datasette, original, folder
        self._path = Path(original.path)
        copy = take(self._path, folder)
        self._newest = Version(datasette, original, copy)
        self._taken: Identity = copy.identity
        self._seen: Identity | None = copy.identity
        self._again_at = math.inf
        self._complaint = ""
        self._lock = asyncio.Lock()

    def version(self) -> Version:
        """Return the version the request in hand began with; outside requests, the newest."""
        return (_begun.get() or {}).get(self, self._newest)

    async def newest(self) -> Version:
        """Return the newest version, after a look whether there is another file."""
        if self._lock.locked() or self._is_another(identity(self._path)):
            async with self._lock:
                found = identity(self._path)
                if self._is_another(found):
                    await self._look_at(found)
        return self._newest

    def _is_another(self, found: Identity | None) -> bool:
        return found != self._seen or time.monotonic() >= self._again_at

    async def _look_at(self, found: Identity | None) -> None:
        """Serve the file found, or go on with the version there is and say why; the same is said once."""
        self._seen, self._again_at = found, math.inf
        try:
            copy = await asyncio.to_thread(take, self._path, self._folder, self._taken)
            await self._serve(copy)
        except (CopyRefused, OSError, sqlite3.Error) as fault:
            if not isinstance(fault, CopyRefused) or isinstance(fault, StillWritten):
                self._again_at = time.monotonic() + AGAIN_AFTER
            if str(fault) != self._complaint:
                _log.warning("%s is not taken, the one before goes on being served: %s.", self._path, fault)
            self._complaint = str(fault)

    async def _serve(self, copy: ServedCopy) -> None:
        version = Version(self._datasette, self._original, copy)
        try:
            await version.table_counts(limit=COUNTING_MS)
        except sqlite3.Error:
            version.retire()
            raise
        before, self._newest = self._newest, version
        self._taken = self._seen = copy.identity
        self._complaint = ""
        before.retire()
        await _renew_catalog(self._datasette, version.name)


class Followers:
    """All ledgers a Datasette follows."""

    def __init__(self, datasette: Datasette) -> None:
        """Begin with none; they are looked for at the first request, when Datasette is complete."""
        self._datasette = datasette
        self._followers: list[Follower] | None = None
        self._folder: Path | None = None
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def request(self) -> AsyncIterator[None]:
        """Let what is done inside see one version of each ledger: the newest now, or the request's around it."""
        begun = _begun.get() or {}
        mine: dict[Follower, Version] = {}
        with ExitStack() as leaving:
            for follower in await self._all():
                if follower not in begun:
                    mine[follower] = version = await follower.newest()
                    version.enter()
                    leaving.callback(version.leave)
            leaving.callback(mine.clear)
            token = _begun.set(mine or begun)
            try:
                yield
            finally:
                _begun.reset(token)

    async def _all(self) -> list[Follower]:
        if self._followers is None:
            async with self._lock:
                if self._followers is None:
                    self._followers = await self._found()
        return self._followers

    async def _found(self) -> list[Follower]:
        """Begin to follow the ledgers among the files Datasette was told that nobody writes to."""
        followers = []
        for original in list(self._datasette.databases.values()):
            if not original.path or original.is_mutable:
                continue
            try:
                follower = await asyncio.to_thread(Follower, self._datasette, original, self._place())
            except CopyRefused:
                continue
            except OSError as fault:
                _log.warning("%s is shown as it is now until a restart: %s.", original.path, fault)
                continue
            followers.append(follower)
            await self._stand_in(follower, original)
        return followers

    async def _stand_in(self, follower: Follower, original: Database) -> None:
        databases = self._datasette.databases.copy()
        databases[original.name] = StandIn(follower)
        self._datasette.databases = databases
        original.close()
        await _renew_catalog(self._datasette, original.name)

    def _place(self) -> Path:
        """Return the folder for all copies; it goes with this object, or with the process."""
        if not self._folder:
            self._folder = Path(tempfile.mkdtemp(prefix="claimledger-served-"))
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        return self._folder

    def close(self) -> None:
        """Close what is served and remove all copies."""
        for follower in self._followers or ():
            follower.version().retire()
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)


def wrapper(datasette: Datasette) -> Callable[[AsgiApp], AsgiApp]:
    """Return what wraps an application of this Datasette so that each request sees the newest ledger, and one alone."""
    followers = _followers_of(datasette)

    def wrap(app: AsgiApp) -> AsgiApp:
        async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http":
                async with followers.request():
                    await app(scope, receive, send)
                return
            await app(scope, receive, send)
            if scope["type"] == "lifespan":  # the end of the server: a signal may leave no other moment
                followers.close()

        return wrapped

    return wrap


def current(database: Database) -> Database:
    """Return the database itself behind what Datasette has: for a thread, which knows of no request."""
    return database.itself() if isinstance(database, StandIn) else database


def _followers_of(datasette: Datasette) -> Followers:
    """Return the one object of a Datasette, which makes an application for each of its clients."""
    followers: Followers | None = getattr(datasette, "_claimledger_followers", None)
    if followers is None:
        followers = datasette._claimledger_followers = Followers(datasette)  # noqa: SLF001  our own
        _refresh_from_the_newest(datasette)
    return followers


@contextmanager
def _outside_requests() -> Iterator[None]:
    token = _begun.set(None)
    try:
        yield
    finally:
        _begun.reset(token)


def _refresh_from_the_newest(datasette: Datasette) -> None:
    """Let Datasette's catalog of tables be that of the newest version, also when an older request looks after it."""
    refresh = datasette.refresh_schemas

    async def refresh_schemas(**options: bool) -> None:
        with _outside_requests():
            await refresh(**options)

    datasette.refresh_schemas = refresh_schemas


async def _renew_catalog(datasette: Datasette, name: str) -> None:
    """Have the tables of a database listed anew: two files with other tables may have one `schema_version`."""
    if not datasette.internal_db_created:  # it will be made from the version there is now
        return
    if hasattr(datasette, "get_internal_database"):  # 1.0
        internal, table = datasette.get_internal_database(), "catalog_databases"
    else:
        internal, table = datasette.databases["_internal"], "databases"
    with _outside_requests():
        async with datasette._refresh_schemas_lock:  # noqa: SLF001  its own refresh is skipped meanwhile
            sql = f"UPDATE {table} SET schema_version = NULL WHERE database_name = ?"  # noqa: S608  ours
            await internal.execute_write(sql, [name])
            await datasette._refresh_schemas()  # noqa: SLF001
