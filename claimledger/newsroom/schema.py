"""The tables of `desk.db`, the triggers that keep them append-only, and the opening of the file.

An older store is copied to a file beside it and becomes the newest version. A store of a newer version and a file that
is not a valid store are refused. A store of the last development version gets the numbers of version 1 in its header;
stores of earlier development versions are refused.

The triggers are a safeguard, and the check is the proof. UPDATE and DELETE triggers do not stop INSERT OR REPLACE on a
plain connection. A guard before INSERT therefore requires the next number. `sqlite-utils transform()` drops triggers
silently, so `schema_problems` compares the actual schema with the expected one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from typing import NamedTuple

from claimledger.errors import LedgerError
from claimledger.failures import failure_kind
from claimledger.newsroom.row_hashes import register_row_hash
from claimledger.newsroom.schema_versions import VERSIONS
from claimledger.newsroom.store_copies import copy_store, unused_name
from claimledger.messages import Message
from claimledger.wal_mode import enter_wal_mode

APPLICATION_ID = 0x434C4E52
"""The SQLite `application_id` of a desk store: 'CLNR' in the file header. `user_version` is its version, from 1."""
DEVELOPMENT_ID = 0x434C4445
"""The `application_id` of stores made before version 1: 'CLDE'."""
LAST_DEVELOPMENT_VERSION = 17
"""The `user_version` of development stores that have the tables of version 1."""

BUSY_SECONDS = 30.0
"""The time in seconds that a writer waits for another one."""

_SETTINGS = ("synchronous = FULL", "foreign_keys = ON", "recursive_triggers = ON", "cache_size = -65536")


class DeskUnusable(LedgerError):
    """Raised when the desk's store cannot be read or written at the moment; nothing was changed."""

    def __init__(self, path: Path, reason: str) -> None:
        """Name the file and the reason: a variant of this message (`busy`, `full` …)."""
        super().__init__(reason, path=str(path))


class DeskAltered(LedgerError):
    """Raised when the desk's tables or triggers are not as expected, or its bodies do not form a valid chain."""

    def __init__(self, path: Path, findings: Sequence[Message]) -> None:
        """List what was found."""
        super().__init__(path=str(path), findings=tuple(findings))


class DeskTooNew(LedgerError):
    """Raised when a newer version of the program made the store; nothing was changed."""

    def __init__(self, path: Path, version: int) -> None:
        """Name the file and its version."""
        super().__init__(path=str(path), version=version, known=len(VERSIONS))


def unusable_error(path: Path, error: BaseException) -> DeskUnusable | None:
    """Return the error for an SQLite failure such as a full disk or another writer, or None."""
    kind = failure_kind(error) if isinstance(error, sqlite3.Error) else ""
    return DeskUnusable(path, kind) if kind else None


class StoreUpgrade(NamedTuple):
    """The change of an older store to the newest version."""

    version: int
    """The version that it had."""
    copy: Path
    """The file with the store as it was."""


def open_desk(path: Path) -> tuple[sqlite3.Connection, StoreUpgrade | None]:
    """Open the desk's store for writing, or create it; also return the upgrade, if it had an older version.

    Raises:
        DeskAltered: The file is another database, or a table or trigger was changed or removed.
        DeskUnusable: The file cannot be opened, read or written.
    """
    connection: sqlite3.Connection | None = None
    try:
        if not path.exists():
            with suppress(OSError):  # SQLite reports the problem with the path
                path.touch(mode=0o600)
        # Several threads may use it, one after another: those that answer one request share a store.
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        upgrade = _prepare(connection, path)
    except BaseException as error:
        if connection:
            connection.close()
        if unusable := unusable_error(path, error):
            raise unusable from error
        raise
    return connection, upgrade


def _prepare(connection: sqlite3.Connection, path: Path) -> StoreUpgrade | None:
    if _is_old_development_store(connection):
        raise DeskUnusable(path, "development")
    if not _is_empty(connection) and _application_id(connection) not in {APPLICATION_ID, DEVELOPMENT_ID}:
        raise DeskAltered(path, [Message("DeskAltered/other-database")])
    register_row_hash(connection)
    enter_wal_mode(connection, wait_seconds=BUSY_SECONDS)
    for setting in _SETTINGS:
        connection.execute(f"PRAGMA {setting}")
    if (version := _version(connection)) > len(VERSIONS):
        raise DeskTooNew(path, version)
    # The newest version needs no lock here, so a reader does not wait for another process that writes for long.
    if version < len(VERSIONS) or _application_id(connection) != APPLICATION_ID:
        return _upgrade(connection, path)
    if problems := schema_problems(connection):
        raise DeskAltered(path, problems)
    return None


def _upgrade(connection: sqlite3.Connection, path: Path) -> StoreUpgrade | None:
    """Make an empty or older store the newest version; another process may have done so already."""
    connection.execute("BEGIN IMMEDIATE")
    if problems := schema_problems(connection):
        raise DeskAltered(path, problems)
    version = _version(connection)
    upgrade = _copy_before_upgrade(path, version) if 0 < version < len(VERSIONS) else None
    try:
        _apply(connection, VERSIONS[version:])
        connection.execute("COMMIT")
    except BaseException:
        if upgrade:
            upgrade.copy.unlink()
        raise
    return upgrade


def _copy_before_upgrade(path: Path, version: int) -> StoreUpgrade:
    """Copy an older store to a file beside it; the caller's lock keeps out every other writer."""
    upgrade = StoreUpgrade(version, unused_name(path, f"version-{version}"))
    with closing(sqlite3.connect(path)) as reader:
        copy_store(reader, upgrade.copy)
    return upgrade


def _apply(connection: sqlite3.Connection, versions: Sequence[Sequence[str]]) -> None:
    register_row_hash(connection)
    for statement in (statement for version in versions for statement in version):
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {len(VERSIONS)}")


def _version(connection: sqlite3.Connection) -> int:
    """Return how many of `VERSIONS` made the store: 0 for an empty file, 1 for a development store."""
    if _application_id(connection) == DEVELOPMENT_ID:
        return 1
    return _user_version(connection)


def _is_old_development_store(connection: sqlite3.Connection) -> bool:
    is_development = _application_id(connection) == DEVELOPMENT_ID
    return is_development and _user_version(connection) != LAST_DEVELOPMENT_VERSION


def _application_id(connection: sqlite3.Connection) -> int:
    number: int = connection.execute("PRAGMA application_id").fetchone()[0]
    return number


def _user_version(connection: sqlite3.Connection) -> int:
    number: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return number


def _is_empty(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone() is None


def schema_problems(connection: sqlite3.Connection) -> list[Message]:
    """Return a message for each table, index, view or trigger that is missing, changed or foreign."""
    if _is_old_development_store(connection):
        return [Message("altered-schema/development")]
    return list(_differences(_existing_objects(connection), _expected_objects(_version(connection))))


_OF_LITESTREAM = frozenset({("table", "_litestream_seq"), ("table", "_litestream_lock")})
"""The tables that Litestream adds to a store that it replicates; they contain a counter, and nothing."""
_Objects = Mapping[tuple[str, str], str]
"""The SQL of each (type, name), where the type is table, index, view or trigger."""


def _differences(standing: _Objects, demanded: _Objects) -> Iterator[Message]:
    for (sort, name), sql in demanded.items():
        if (sort, name) not in standing:
            yield Message("altered-schema/missing", sort=sort, name=name)
        elif standing[sort, name] != sql:
            yield Message("altered-schema/changed", sort=sort, name=name)
    yield from (
        Message("altered-schema/foreign", sort=sort, name=name)
        for sort, name in sorted(standing.keys() - demanded.keys())
    )


def _existing_objects(connection: sqlite3.Connection) -> _Objects:
    """Return all schema objects except those that SQLite makes itself (indexes of keys, statistics) and a replica's."""
    rows = connection.execute("SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
    return {(kind, name): sql for kind, name, sql in rows if (kind, name) not in _OF_LITESTREAM}


@cache
def _expected_objects(version: int) -> _Objects:
    with closing(sqlite3.connect(":memory:")) as fresh:
        _apply(fresh, VERSIONS[:version])
        return _existing_objects(fresh)
