"""Build `ledger.db` from the log and the published texts, detect a stale file, and compare a file with a fresh build.

The same log and texts give the same file, byte for byte within one SQLite version. A new file replaces the old one
atomically, so readers never see a partial file. `filling` makes the rows; `comparing` compares them.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import msgspec

from claimledger.consistency import exchange_rates
from claimledger.errors import LedgerError, Problem
from claimledger.ledger.canonical import merkle_root
from claimledger.ledger.log import LogEntry, newest_body, read_log
from claimledger.publishing import build_comparison, edition_texts
from claimledger.publishing.batches import RevisionUnusable
from claimledger.publishing.filling import Progress, fill
from claimledger.publishing.tables import ABOUT, TABLES_FORMAT, TABLES

__all__ = [
    "About",
    "LedgerDbUnreadable",
    "Progress",
    "RevisionUnusable",
    "build_ledger_db",
    "content_sha256",
    "find_differences",
    "ignore_progress",
    "is_stale",
    "open_read_only",
    "read_about",
]  # fmt: skip

_SETTINGS = ("page_size = 8192", "journal_mode = OFF", "synchronous = OFF", "cache_size = -131072")
"""The settings of the database while it is built. An incomplete file is thrown away, so no journal is needed."""

_ROWS_AT_ONCE = 1000
_ABANDONED_AFTER = 24 * 60 * 60
"""The age in seconds after which a leftover build folder belongs to a dead process."""


class LedgerDbUnreadable(LedgerError):
    """Raised when the published database is missing or was not built by this program."""

    def __init__(self, path: Path) -> None:
        """Name the file."""
        super().__init__(path=str(path))


class About(NamedTuple):
    """The inputs that a published database was built from."""

    format: int
    """The version of the tables (`tables.TABLES_FORMAT`)."""
    log_size: int
    """The number of bodies in the log."""
    log_root: str
    """The RFC 6962 tree hash of the log, in hexadecimal."""
    content_sha256: str
    """The SHA-256 of all rows, the same with every SQLite version."""
    rates: str
    """The table of exchange rates used by the checks: the first digits of its SHA-256."""


def ignore_progress(_: int) -> None:
    """Ignore the progress."""


def build_ledger_db(
    entries: Iterable[LogEntry],
    path: Path,
    texts: Path | None = None,
    *,
    progress: Progress = ignore_progress,
    processes: int | None = None,
) -> About:
    """Build the published database and replace the existing file with it.

    `texts` is the folder of the published texts; without it the database contains no texts. `progress` is called now
    and then with the number of revisions processed since the last call. `processes` is the number of worker processes
    (by default several for a large log); the result does not depend on it.

    Raises:
        RevisionUnusable: a body is not a revision or does not continue its record; the existing file is kept.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _clear_abandoned(path)
    with _build_folder(path) as folder:
        unpacked, packed = Path(folder) / "unpacked.building", Path(folder) / "packed.building"
        with closing(_connect(unpacked)) as connection:
            connection.execute("BEGIN")
            fill(connection, entries, progress, processes)
            edition_texts.fill_edition_texts(connection, texts)
            connection.execute("COMMIT")
            about = _pack(connection, unpacked, packed)
        _put_in_place(packed, path)
    return about


def _build_folder(path: Path) -> TemporaryDirectory[str]:
    """Return a temporary folder next to the database, used only by this build and removed afterwards."""
    return TemporaryDirectory(prefix=f"{path.name}.building-", dir=path.parent)


def _clear_abandoned(path: Path) -> None:
    """Remove the folders of builds that were killed."""
    for folder in path.parent.glob(f"{path.name}.building-*"):
        with suppress(FileNotFoundError):  # another build may remove it at the same time
            if time.time() - folder.stat().st_mtime > _ABANDONED_AFTER:
                shutil.rmtree(folder)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    for setting in _SETTINGS:
        connection.execute(f"PRAGMA {setting}")
    return connection


def _pack(connection: sqlite3.Connection, unpacked: Path, packed: Path) -> About:
    """Write a compact copy of the database with VACUUM INTO, and hash its rows at the same time."""
    with ThreadPoolExecutor(1) as executor:
        description = executor.submit(_describe, unpacked)
        connection.execute("VACUUM INTO ?", (str(packed),))
        about = description.result()
    with closing(_connect(packed)) as target:
        target.executemany(ABOUT.insert_sql, zip(about._fields, map(str, about), strict=True))
    return about


def _describe(path: Path) -> About:
    with open_read_only(path) as connection:
        (size,) = connection.execute("SELECT count(*) FROM revision").fetchone()
        digests = connection.execute("SELECT sha256 FROM revision ORDER BY number")
        root = merkle_root(bytes.fromhex(digest) for (digest,) in digests).hex()
        return About(TABLES_FORMAT, size, root, content_sha256(connection), exchange_rates.rate_table_hash())


def _put_in_place(packed: Path, path: Path) -> None:
    with packed.open("rb+") as file:
        os.fsync(file.fileno())
    for suffix in ("-wal", "-shm", "-journal"):  # SQLite would apply what an older file left to the new one
        path.with_name(f"{path.name}{suffix}").unlink(missing_ok=True)
    packed.replace(path)
    if os.name != "nt":  # Windows cannot open a folder; its file system journals names
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


@contextmanager
def open_read_only(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a published database read-only."""
    with closing(sqlite3.connect(_read_only(path), uri=True, isolation_level=None)) as connection:
        yield connection


def _read_only(path: Path) -> str:
    return f"{path.absolute().as_uri()}?mode=ro"


def read_about(path: Path) -> About:
    """Return the inputs that a published database was built from.

    Raises:
        LedgerDbUnreadable: the file is missing or was not built by this program.
    """
    try:
        with open_read_only(path) as connection:
            values = dict(connection.execute("SELECT name, value FROM about").fetchall())
        return About(
            int(values["format"]),
            int(values["log_size"]),
            values["log_root"],
            values["content_sha256"],
            values.get("rates", ""),
        )
    except (sqlite3.Error, KeyError, ValueError) as error:
        raise LedgerDbUnreadable(path) from error


def newest_sha256(path: Path) -> str | None:
    """Return the hash of the newest revision in a database, or None if it is missing or has another format."""
    try:
        if read_about(path).format != TABLES_FORMAT:
            return None
        with open_read_only(path) as connection:
            row = connection.execute("SELECT sha256 FROM revision ORDER BY number DESC LIMIT 1").fetchone()
    except (LedgerDbUnreadable, sqlite3.Error):
        return None
    return str(row[0]) if row else None


def is_stale(path: Path, log: Path, texts: Path | None = None) -> bool:
    """Return whether a published database is missing, has another format, or has another log, rates or texts.

    `texts` is the folder of the published texts.

    Raises:
        LogDamaged: the log cannot be read.
    """
    try:
        about = read_about(path)
    except LedgerDbUnreadable:
        return True
    if (about.format, about.rates, about.log_size) != (
        TABLES_FORMAT,
        exchange_rates.rate_table_hash(),
        newest_body(log)[0],
    ):
        return True
    if about.log_root != merkle_root(bytes.fromhex(entry.sha256) for entry in read_log(log)).hex():
        return True
    with open_read_only(path) as connection:
        return not edition_texts.has_current_texts(connection, texts)


def content_sha256(connection: sqlite3.Connection) -> str:
    """Return the SHA-256 of all rows of all tables except `about`, each table in key order."""
    digest = sha256()
    encoder = msgspec.json.Encoder()
    for table in (table for table in TABLES if table is not ABOUT):
        digest.update(f"{table.name}\n".encode())
        rows = connection.execute(table.select_sql)
        while batch := rows.fetchmany(_ROWS_AT_ONCE):
            digest.update(encoder.encode_lines(batch))
    return digest.hexdigest()


def find_differences(path: Path, entries: Iterable[LogEntry], texts: Path | None = None) -> list[Problem]:
    """Return every difference between a published database and a fresh build from the log and the texts.

    Raises:
        RevisionUnusable: a body is not a revision or does not continue its record.
    """
    with _build_folder(path) as folder:
        fresh = Path(folder) / "ledger.db"
        build_ledger_db(entries, fresh, texts)
        with open_read_only(fresh) as connection:
            return build_comparison.compare_databases(connection, _read_only(path), str(path))
