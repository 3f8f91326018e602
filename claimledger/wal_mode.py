"""Put an SQLite database into WAL mode, in which readers and one writer do not wait for each other."""

from __future__ import annotations

import sqlite3
from time import monotonic, sleep

_PAUSE_SECONDS = 0.01


def enter_wal_mode(connection: sqlite3.Connection, *, wait_seconds: float) -> None:
    """Put a database into WAL mode; wait so long for others who use it.

    If several processes change the mode at once, SQLite fails at once, whatever the connection's timeout is.

    Raises:
        sqlite3.OperationalError: others still use the database, or it cannot be written.
    """
    deadline = monotonic() + wait_seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > deadline:
                raise
            sleep(_PAUSE_SECONDS)
        else:
            return
