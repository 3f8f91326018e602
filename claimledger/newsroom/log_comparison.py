"""Compare the publications in `desk.db` with the log files, reading no more than can have changed since the last time.

A full file of the log never changes. Once it was compared, its size and times are recorded in the store; as long as
they stay the same, it is not read again. The newest file is always read. A file that was changed within the last
seconds is compared each time, because a later change might leave its times as they are.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Collection, Iterator, Mapping
from enum import Enum
from pathlib import Path

from claimledger.errors import LogsDisagree
from claimledger.ledger import log

SETTLED_SECONDS = 3.0
"""The age in seconds from which the times of a file are trusted; some file systems count in steps of two seconds."""


class Comparison(Enum):
    """The part of the log that is compared with the store when it is opened."""

    NOTHING = "nothing"
    """No part: for work on accounts while the log has entries that the desk refuses."""
    NEWEST = "newest"
    """The number of bodies and the newest body."""
    CHANGED = "changed"
    """Also each file whose size or times are not those recorded when it was last compared, and the newest file."""
    ALL = "all"
    """Every body."""


Stamps = Mapping[str, str]
"""The size and times of files of the log, by name."""


def read_stamps(connection: sqlite3.Connection) -> Stamps:
    """Return the recorded size and times of the files that were compared."""
    return dict(connection.execute("SELECT name, stamp FROM log_file_seen"))


def record_stamps(connection: sqlite3.Connection, compared: Stamps) -> None:
    """Record the size and times of files that were compared, inside a `writing` transaction."""
    connection.executemany("INSERT OR REPLACE INTO log_file_seen VALUES (?, ?)", compared.items())


def forget_stamps(connection: sqlite3.Connection) -> None:
    """Forget what was compared, inside a `writing` transaction."""
    connection.execute("DELETE FROM log_file_seen")


def compare_files(connection: sqlite3.Connection, log_folder: Path, known: Stamps) -> Stamps:
    """Compare the files of the log, except those with `known` size and times, with the store as far as both reach.

    Return the size and times of the full files that were compared and may be passed over from now on.

    Raises:
        LogsDisagree: A body differs.
        LogDamaged: A file is missing, foreign or, among those read, not complete.
    """
    current = {entry.name: _stamp(entry) for entry in log.full_files(log_folder)}
    unchanged = {name for name, (stamp, _) in current.items() if known.get(name) == stamp}
    compared = set(_compare_bodies(connection, log_folder, unchanged))
    settled = (time.time() - SETTLED_SECONDS) * 1e9
    return {name: stamp for name, (stamp, at) in current.items() if name in compared and at < settled}


def _stamp(entry: os.DirEntry[str]) -> tuple[str, int]:
    """Return the size and times of a file as text, and the time of its last change in nanoseconds since 1970."""
    found = entry.stat()
    modified, changed = found.st_mtime_ns, found.st_ctime_ns
    return f"{found.st_size} {modified} {changed} {entry.inode()}", max(modified, changed)


def _compare_bodies(connection: sqlite3.Connection, log_folder: Path, unchanged: Collection[str]) -> Iterator[str]:
    """Compare the bodies of the other files, and yield the name of each file that the store has as a whole."""
    for file in log.read_files(log_folder, passed_over=unchanged):
        theirs = log.require_whole(file).bodies
        ours = list(_bodies_between(connection, file.first, file.first + len(theirs)))
        for number, (our, their) in enumerate(zip(ours, theirs, strict=False), start=file.first):
            if our != their:
                raise LogsDisagree(number, str(file.path))
        if len(ours) == len(theirs):
            yield file.path.name


def _bodies_between(connection: sqlite3.Connection, first: int, end: int) -> Iterator[bytes]:
    sql = "SELECT CAST(body AS BLOB) FROM publication WHERE number >= ? AND number < ? ORDER BY number"
    return (body for (body,) in connection.execute(sql, (first, end)))
