"""`ledger.db`: built from the log and the published texts, known for stale by their hashes, held against a fresh build.

In: the entries of the log, in order, and the folder of the texts that rights allow to be published. Out: a database of
`tables`; what it was built from; how a given one differs. The invariant: one log with the same texts gives one file,
byte for byte within one version of SQLite, and whoever opens it sees the old file or the new one, never a part. How
rows come about stands in `filling`, how they are compared in `comparing`.
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
from claimledger.ledger.log import Entry, newest_body, read_log
from claimledger.publishing import build_comparison, edition_texts
from claimledger.publishing.batches import RevisionUnusable
from claimledger.publishing.filling import Progress, fill
from claimledger.publishing.tables import ABOUT, FORMAT, TABLES

__all__ = [
    "About", "LedgerDbUnreadable", "Progress", "RevisionUnusable", "build", "content_sha256", "differences", "is_stale",
    "opened", "read_about", "silent",
]  # fmt: skip

_SETTINGS = ("page_size = 8192", "journal_mode = OFF", "synchronous = OFF", "cache_size = -131072")
"""Of the database while it is built; it is thrown away unless it is whole, so nothing needs a journal."""

_ROWS_AT_ONCE = 1000
_ABANDONED_AFTER = 24 * 60 * 60
"""Seconds after which a build that left its folder behind is known to be dead."""


class LedgerDbUnreadable(LedgerError):
    """The published database is missing, or none that this program built."""

    def __init__(self, path: Path) -> None:
        """Name the file."""
        super().__init__(f"{path} is no ledger built by this program. Run 'claimledger build' to print it anew.")


class About(NamedTuple):
    """What a published database was built from."""

    format: int
    """Version of the tables."""
    log_size: int
    """Number of bodies in the log."""
    log_root: str
    """RFC 6962 tree hash of the log, in hexadecimal."""
    content_sha256: str
    """Hash of all rows, the same under every version of SQLite."""
    rates: str
    """The table of exchange rates that amounts were held against: the first digits of its SHA-256."""


def silent(_: int) -> None:
    """Report no progress."""


def build(
    entries: Iterable[Entry],
    path: Path,
    texts: Path | None = None,
    *,
    progress: Progress = silent,
    processes: int | None = None,
) -> About:
    """Build the published database and put it in the place of the one there is.

    `texts` is the folder of the published texts; without one the database holds none.
    The file is the same however many processes share the work; unless a number is given, a large log has several.

    Raises:
        RevisionUnusable: a body is no revision or does not continue its record; the file that is there stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _clear_abandoned(path)
    with _workplace(path) as folder:
        loose, packed = Path(folder) / "loose.building", Path(folder) / "packed.building"
        with closing(_connected(loose)) as connection:
            connection.execute("BEGIN")
            fill(connection, entries, progress, processes)
            edition_texts.fill(connection, texts)
            connection.execute("COMMIT")
            about = _pack(connection, loose, packed)
        _put_in_place(packed, path)
    return about


def _workplace(path: Path) -> TemporaryDirectory[str]:
    """Return a folder beside the database that nobody else works in, and that is gone afterwards."""
    return TemporaryDirectory(prefix=f"{path.name}.building-", dir=path.parent)


def _clear_abandoned(path: Path) -> None:
    """Remove what builds that were killed left behind."""
    for folder in path.parent.glob(f"{path.name}.building-*"):
        with suppress(FileNotFoundError):  # another build may be done with it just now
            if time.time() - folder.stat().st_mtime > _ABANDONED_AFTER:
                shutil.rmtree(folder)


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    for setting in _SETTINGS:
        connection.execute(f"PRAGMA {setting}")
    return connection


def _pack(connection: sqlite3.Connection, loose: Path, packed: Path) -> About:
    """Write the database anew, each page in its place, and meanwhile hash its rows."""
    with ThreadPoolExecutor(1) as beside:
        described = beside.submit(_described, loose)
        connection.execute("VACUUM INTO ?", (str(packed),))
        about = described.result()
    with closing(_connected(packed)) as target:
        target.executemany(ABOUT.insert_sql, zip(about._fields, map(str, about), strict=True))
    return about


def _described(path: Path) -> About:
    with opened(path) as connection:
        (size,) = connection.execute("SELECT count(*) FROM revision").fetchone()
        digests = connection.execute("SELECT sha256 FROM revision ORDER BY number")
        root = merkle_root(bytes.fromhex(digest) for (digest,) in digests).hex()
        return About(FORMAT, size, root, content_sha256(connection), exchange_rates.edition())


def _put_in_place(packed: Path, path: Path) -> None:
    with packed.open("rb+") as file:
        os.fsync(file.fileno())
    for rest in ("-wal", "-shm", "-journal"):  # SQLite would apply what an older file left to the new one
        path.with_name(f"{path.name}{rest}").unlink(missing_ok=True)
    packed.replace(path)
    if os.name != "nt":  # Windows cannot open a folder; its file system journals names
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a published database for reading only."""
    with closing(sqlite3.connect(_read_only(path), uri=True, isolation_level=None)) as connection:
        yield connection


def _read_only(path: Path) -> str:
    return f"{path.absolute().as_uri()}?mode=ro"


def read_about(path: Path) -> About:
    """Return what a published database says it was built from.

    Raises:
        LedgerDbUnreadable: there is no such file, or it is not one of ours.
    """
    try:
        with opened(path) as connection:
            said = dict(connection.execute("SELECT name, value FROM about").fetchall())
        return About(
            int(said["format"]), int(said["log_size"]), said["log_root"], said["content_sha256"], said.get("rates", "")
        )
    except (sqlite3.Error, KeyError, ValueError) as error:
        raise LedgerDbUnreadable(path) from error


def newest_sha256(path: Path) -> str | None:
    """Return the hash of the newest revision in a published database; none if it is missing or of another format."""
    try:
        if read_about(path).format != FORMAT:
            return None
        with opened(path) as connection:
            row = connection.execute("SELECT sha256 FROM revision ORDER BY number DESC LIMIT 1").fetchone()
    except (LedgerDbUnreadable, sqlite3.Error):
        return None
    return str(row[0]) if row else None


def is_stale(path: Path, log: Path, texts: Path | None = None) -> bool:
    """Return whether a published database is missing, of another format, or not built from this log and these rates.

    It is stale too if other texts are held in the folder `texts` than in it.

    Raises:
        LogDamaged: the log cannot be read.
    """
    try:
        about = read_about(path)
    except LedgerDbUnreadable:
        return True
    if (about.format, about.rates, about.log_size) != (FORMAT, exchange_rates.edition(), newest_body(log)[0]):
        return True
    if about.log_root != merkle_root(bytes.fromhex(entry.sha256) for entry in read_log(log)).hex():
        return True
    with opened(path) as connection:
        return not edition_texts.are_those_of(connection, texts)


def content_sha256(connection: sqlite3.Connection) -> str:
    """Return the hash of all rows of all tables but `about`, each table in the order of its key."""
    digest = sha256()
    encoder = msgspec.json.Encoder()
    for table in (table for table in TABLES if table is not ABOUT):
        digest.update(f"{table.name}\n".encode())
        rows = connection.execute(table.select_sql)
        while batch := rows.fetchmany(_ROWS_AT_ONCE):
            digest.update(encoder.encode_lines(batch))
    return digest.hexdigest()


def differences(path: Path, entries: Iterable[Entry], texts: Path | None = None) -> list[Problem]:
    """Return everything in which a published database differs from one built from the log and the texts now.

    Raises:
        RevisionUnusable: a body is no revision or does not continue its record.
    """
    with _workplace(path) as folder:
        made = Path(folder) / "ledger.db"
        build(entries, made, texts)
        with opened(made) as connection:
            return build_comparison.differences(connection, _read_only(path), str(path))
