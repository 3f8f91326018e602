"""The address of the log's signed checkpoint, if there is one beside `ledger.db`."""

from __future__ import annotations

import sqlite3
from pathlib import Path

CHECKPOINT_PATH = "/-/log/checkpoint"
"""The address of the newest checkpoint; it never changes."""


def has_newest_checkpoint(ledger: str | Path | None) -> bool:
    """Return whether there is a checkpoint of the log beside a file `ledger.db`.

    >>> has_newest_checkpoint(None)
    False
    """
    return ledger is not None and (Path(ledger).absolute().parent / "claims" / "log" / "checkpoint").is_file()


def is_signed_ledger(connection: sqlite3.Connection) -> bool:
    """Return the same for an open `ledger.db`."""
    (_, _, path) = connection.execute("PRAGMA database_list").fetchone()
    return has_newest_checkpoint(path or None)
