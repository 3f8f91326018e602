"""A cheap look whether a ledger has changed: one system call and one pragma, a few microseconds.

It reads nothing else while the ledger stays the same, and has no transaction open between two looks.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from datasette.utils.sqlite import sqlite3

from claimledger.datasette_plugin.ledger_database import file_identity, read_version

if TYPE_CHECKING:
    from claimledger.datasette_plugin.ledger_database import LedgerDatabase
    from claimledger.datasette_plugin.snapshots import FileIdentity


class VersionWatch:
    """Watches the version of a ledger with a connection of its own."""

    def __init__(self, database: LedgerDatabase) -> None:
        """Open nothing yet."""
        self._database = database
        self._connection: sqlite3.Connection | None = None
        self._file: FileIdentity | None = None
        self._number = -1
        self._version = ""

    def version(self) -> str:
        """Return the newest version; empty if it cannot be read at this moment."""
        file = file_identity(self._database.path)
        if file != self._file or not self._connection:
            self._reopen(file)
        try:
            return self._look()
        except sqlite3.Error:
            self.close()
            return ""

    def _reopen(self, file: FileIdentity | None) -> None:
        self.close()
        with suppress(sqlite3.Error):
            self._connection = self._database.connect()
            self._connection.execute("PRAGMA busy_timeout = 0")  # the event loop does not wait for a writer
            self._file = file

    def _look(self) -> str:
        if not self._connection:
            return ""
        (number,) = self._connection.execute("PRAGMA data_version").fetchone()
        if number != self._number:
            self._version = read_version(self._connection)
            self._number = number
        return self._version

    def close(self) -> None:
        """Close the connection; the next look opens it again."""
        if self._connection:
            self._connection.close()
        self._connection, self._file, self._number, self._version = None, None, -1, ""
