"""Keep `ledger.db` at the end of the log: apply new entries, or build it anew; read what it contains; find differences.

A change is one transaction of a file in WAL mode: readers see the file before it or after it. A fresh build makes the
same file, byte for byte within one SQLite version, from the same log and texts. It is needed when the format or the
rates differ, when the file contains another log, and when a redaction or rights took words away, because deleted words
stay in unused pages of a database file. `apply` makes the rows; `build_comparison` compares them.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import NamedTuple

from claimledger.consistency import exchange_rates
from claimledger.errors import LedgerError, Problem
from claimledger.ledger import log
from claimledger.ledger.canonical import leaf_sha256
from claimledger.ledger.log import LogEntry
from claimledger.publishing import build_comparison
from claimledger.publishing.apply import ApplyResult, LogSources, Progress, apply, apply_texts, ignore_progress
from claimledger.publishing.edition_texts import has_current_texts, published_text
from claimledger.publishing.log_position import read_position
from claimledger.publishing.record_processes import without_garbage_search
from claimledger.publishing.record_projection import RevisionUnusable
from claimledger.publishing.tables import SEARCHED_TABLES, TABLES_FORMAT
from claimledger.wal_mode import enter_wal_mode

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

__all__ = [
    "About",
    "LedgerDbUnreadable",
    "Progress",
    "RevisionUnusable",
    "abandoned_folders",
    "apply_log",
    "build_ledger_db",
    "find_differences",
    "ignore_progress",
    "open_for_change",
    "open_read_only",
    "read_about",
    "update_ledger_db",
]  # fmt: skip

_BUILD_SETTINGS = ("page_size = 8192", "journal_mode = OFF", "synchronous = OFF", "cache_size = -131072")
"""The settings of the database while it is built. An incomplete file is thrown away, so no journal is needed."""
_CHANGE_SETTINGS = ("synchronous = FULL", "cache_size = -65536")
"""The settings while a file that is served is changed: readers go on, and a power cut loses no whole change."""
_WAIT_SECONDS = 30.0
"""The time to wait for another writer."""
_MOST_PROCESSES = 4
"""More processes only wait for the one that writes."""
_ABANDONED_AFTER = 24 * 60 * 60
"""The age in seconds after which a folder that cannot be locked belongs to a dead process."""
_BUILDING, _UNLOCKED = ".building-", ".preparing-"
"""The middle of the name of a build's folder, and of one that is not locked yet."""


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
    """A hash of the checksums of all tables; it differs if any row that readers see differs."""
    rates: str
    """The table of exchange rates used by the checks: the first digits of its SHA-256."""


def update_ledger_db(
    path: Path,
    log_folder: Path,
    texts: Path | None = None,
    *,
    progress: Progress = ignore_progress,
    compares_texts: bool = False,
) -> bool:
    """Bring the published database to the end of the log; return whether anything changed.

    Only the entries that it lacks are applied. It is built anew if that is not enough: see the module. `texts` is the
    folder of the published texts; without it the database contains no texts. With `compares_texts`, texts that came or
    went without an entry of the log are found too; this reads every article.

    Raises:
        LogDamaged: the log cannot be read.
        RevisionUnusable: a body is not a revision or does not continue its record; the file is kept.
    """
    _clear_abandoned(path)
    about = _about_of_prefix(path, log_folder)
    if about and _is_current(path, about, log_folder, texts if compares_texts else None):
        _checkpoint(path)
        return False
    if about:
        with suppress(_BuildNeeded):
            return _change(path, log_folder, texts, progress, compares_texts=compares_texts)
    build_ledger_db(log.read_log(log_folder), path, texts, progress=progress)
    return True


class _BuildNeeded(Exception):
    """Raised when a change of a file is not enough: it is damaged, or words that it showed may no longer be shown."""


def _change(path: Path, log_folder: Path, texts: Path | None, progress: Progress, *, compares_texts: bool) -> bool:
    """Apply what a file lacks in one transaction; return whether anything changed.

    Raises:
        _BuildNeeded: the file has to be built from nothing. Nothing was changed.
    """
    try:
        with open_for_change(path) as connection:
            connection.execute("BEGIN IMMEDIATE")
            found = [apply_log(connection, log_folder, texts, progress=progress)]
            if compares_texts:
                found.append(apply_texts(connection, published_text(texts)))
            if any(one.hides_words for one in found):
                raise _BuildNeeded  # the connection is closed: this rolls back
            connection.execute("COMMIT")
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
    except sqlite3.OperationalError:  # such as a lock or a full disk
        raise
    except sqlite3.DatabaseError as error:
        raise _BuildNeeded from error
    return any(one.revisions or one.differences for one in found)


def _checkpoint(path: Path) -> None:
    """Bring what a killed process left in the write-ahead log into the file, unless others use it."""
    log_file = path.with_name(f"{path.name}-wal")
    if log_file.exists() and log_file.stat().st_size:
        with open_for_change(path) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _is_current(path: Path, about: About, log_folder: Path, texts: Path | None) -> bool:
    """Return whether a database contains the whole log, and the texts of a folder if one is given."""
    if about.log_size != log.newest_body(log_folder)[0]:
        return False
    if texts is None:
        return True
    with open_read_only(path) as connection:
        return has_current_texts(connection, published_text(texts))


def _about_of_prefix(path: Path, log_folder: Path) -> About | None:
    """Return what a database was built from if the log continues it; None if it is stale in another way.

    Only the newest entry of the database is compared; `claimledger check` compares all.
    """
    with suppress(LedgerDbUnreadable, sqlite3.Error):
        about = read_about(path)
        if (about.format, about.rates) != (TABLES_FORMAT, exchange_rates.rate_table_hash()):
            return None
        with open_read_only(path) as connection:
            position = read_position(connection)
        if position.number == 0 or position.number > log.newest_body(log_folder)[0]:
            return None
        body = log.body_at(log_folder, position.number)
        return about if leaf_sha256(body).hex() == position.sha256 else None
    return None


def apply_log(
    connection: sqlite3.Connection,
    log_folder: Path,
    texts: Path | None = None,
    *,
    progress: Progress = ignore_progress,
) -> ApplyResult:
    """Apply the entries of the log that an open database lacks, inside a transaction of the caller."""
    sources = LogSources(partial(log.body_at, log_folder), published_text(texts))
    number = read_position(connection).number
    return apply(connection, log.read_log_after(log_folder, number), sources, progress=progress)


def build_ledger_db(
    entries: Iterable[LogEntry],
    path: Path,
    texts: Path | None = None,
    *,
    progress: Progress = ignore_progress,
    processes: int | None = None,
) -> About:
    """Build the published database from nothing and put it in the place of the existing file.

    `texts` is the folder of the published texts; without it the database contains no texts. `progress` is called now
    and then with the number of revisions processed since the last call. `processes` is the number of worker processes
    (by default several for a large log); the result does not depend on it.

    Raises:
        RevisionUnusable: a body is not a revision or does not continue its record; the existing file is kept.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _clear_abandoned(path)
    with _build_folder(path) as folder:
        unpacked, packed = folder / "unpacked.building", folder / "packed.building"
        sources = LogSources(_no_body, published_text(texts))
        with closing(_connect(unpacked, _BUILD_SETTINGS)) as connection, without_garbage_search():
            connection.execute("BEGIN")
            workers = processes or min(os.cpu_count() or 1, _MOST_PROCESSES)
            apply(connection, entries, sources, progress=progress, processes=workers)
            connection.execute("COMMIT")
            for index in (table.search_index for table in SEARCHED_TABLES):
                connection.execute(f"INSERT INTO {index} ({index}) VALUES ('optimize')")  # noqa: S608  ours
            connection.execute("VACUUM INTO ?", (str(packed),))
        about = read_about(packed)
        _put_in_place(packed, path)
    return about


def _no_body(number: int) -> bytes:
    raise RevisionUnusable(number, "It is not at hand.")


@contextmanager
def _build_folder(path: Path) -> Iterator[Path]:
    """Make a folder next to the database, used only by this build, and remove it afterwards.

    It is locked as long as the process lives. It gets its name once it is locked, so no other build takes it for one
    that was abandoned.
    """
    made = Path(mkdtemp(prefix=f"{path.name}{_UNLOCKED}", dir=path.parent))
    with _lock_folder(made):
        folder = made.rename(made.with_name(made.name.replace(_UNLOCKED, _BUILDING)))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _lock_folder(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder; the system ends it with the process, however that ends."""
    if fcntl is None:
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def abandoned_folders(path: Path) -> list[Path]:
    """Return the folders next to a database that killed builds have left."""
    return [
        *(folder for folder in sorted(path.parent.glob(f"{path.name}{_BUILDING}*")) if _is_abandoned(folder)),
        *(folder for folder in sorted(path.parent.glob(f"{path.name}{_UNLOCKED}*")) if _is_old(folder)),
    ]


def _is_abandoned(folder: Path) -> bool:
    if fcntl is None:
        return _is_old(folder)
    try:
        with _lock_folder(folder):
            return True
    except OSError:  # a build has the lock or has just removed the folder
        return False


def _is_old(folder: Path) -> bool:
    try:
        return time.time() - folder.stat().st_mtime > _ABANDONED_AFTER
    except OSError:
        return False


def _clear_abandoned(path: Path) -> None:
    """Remove the folders of builds that were killed."""
    for folder in abandoned_folders(path):
        shutil.rmtree(folder, ignore_errors=True)  # another build may remove it at the same time


def _connect(path: Path, settings: Iterable[str]) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_WAIT_SECONDS, isolation_level=None)
    for setting in settings:
        connection.execute(f"PRAGMA {setting}")
    return connection


@contextmanager
def open_for_change(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a published database for a change, in WAL mode; an open transaction is rolled back at the end."""
    with closing(_connect(path, _CHANGE_SETTINGS)) as connection:
        enter_wal_mode(connection, wait_seconds=_WAIT_SECONDS)
        yield connection


def _put_in_place(packed: Path, path: Path) -> None:
    """Put a new file in the place of the old one.

    If the old file is in use in WAL mode, it stays and gets the content of the new one in one transaction, so that
    its readers go on. Otherwise it is replaced.
    """
    with packed.open("rb+") as file:
        os.fsync(file.fileno())
    if path.exists() and not _leave_wal_mode(path):
        _copy_into(packed, path)
        return
    for suffix in ("-wal", "-shm", "-journal"):  # SQLite would apply what an older file left to the new one
        path.with_name(f"{path.name}{suffix}").unlink(missing_ok=True)
    packed.replace(path)
    if os.name != "nt":  # Windows cannot open a folder; its file system journals names
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


def _leave_wal_mode(path: Path) -> bool:
    """Return whether no one uses a database in WAL mode; what its log still has is then part of the file."""
    try:
        with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
            (mode,) = connection.execute("PRAGMA journal_mode = DELETE").fetchone()
            return bool(mode != "wal")
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode != sqlite3.SQLITE_BUSY
    except sqlite3.DatabaseError:
        return True


def _copy_into(packed: Path, path: Path) -> None:
    """Copy a database over another one that is in use; nothing of the old one stays in the file."""
    with closing(sqlite3.connect(packed)) as source, open_for_change(path) as target:
        source.backup(target)
        target.execute("PRAGMA wal_checkpoint(TRUNCATE)")


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


def find_differences(path: Path, entries: Iterable[LogEntry], texts: Path | None = None) -> list[Problem]:
    """Return every difference between a published database and a fresh build from the log and the texts.

    The fresh build is in a temporary folder elsewhere; nothing is written next to the database.

    Raises:
        RevisionUnusable: a body is not a revision or does not continue its record.
    """
    with TemporaryDirectory(prefix="claimledger-check-") as folder:
        fresh = Path(folder) / "ledger.db"
        build_ledger_db(entries, fresh, texts)
        with open_read_only(fresh) as connection:
            return build_comparison.compare_databases(connection, _read_only(path), str(path))
