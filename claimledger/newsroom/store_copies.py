"""Copies of `desk.db` that are made while others use it, with SQLite's own backup.

A copy has the state of one moment, with the changes that are still in the write-ahead log. Only its owner can read it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

_PAGES_PER_STEP = 2_000
_BYTES_PER_KILOBYTE = 1_024


def copy_store(source: sqlite3.Connection, target: Path, progress: Callable[[int], None] | None = None) -> None:
    """Copy the store that a connection reads into a new file; `progress` gets the kilobytes of each step.

    Raises:
        FileExistsError: the file exists already.
        sqlite3.Error: a page cannot be read or written, for example on a full disk.
    """
    target.touch(mode=0o600, exist_ok=False)
    try:
        with closing(sqlite3.connect(target)) as copy:
            source.backup(copy, pages=_PAGES_PER_STEP, progress=_page_counter(source, progress))
            copy.execute("PRAGMA journal_mode = DELETE")  # one whole file, without a write-ahead log beside it
    except BaseException:
        target.unlink()
        raise


def _page_counter(
    source: sqlite3.Connection, progress: Callable[[int], None] | None
) -> Callable[[int, int, int], None] | None:
    if progress is None:
        return None
    (page_size,) = source.execute("PRAGMA page_size").fetchone()
    copied = 0

    def count(_: int, remaining: int, total: int) -> None:
        nonlocal copied
        progress((total - remaining - copied) * page_size // _BYTES_PER_KILOBYTE)
        copied = total - remaining

    return count


def unused_name(path: Path, ending: str) -> Path:
    """Return the path of a file beside another one that does not exist yet: `desk.db.version-3`, then `…-3-2`."""
    name, number = path.with_name(f"{path.name}.{ending}"), 1
    while name.exists():
        number += 1
        name = path.with_name(f"{path.name}.{ending}-{number}")
    return name
