"""A private copy of the published ledger, taken only when the file at its place is whole: what is served is the copy.

In: the path of `ledger.db`, a folder, the copy served so far. Out: a `ServedCopy`, or `CopyRefused` with the reason.
The
invariants: a copy is one version of the file, never parts of two, and nothing done to the file afterwards reaches it;
while a copy is served its original is not open on Windows, where an open file cannot be replaced.
It knows nothing of Datasette.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import BinaryIO, NamedTuple

from claimledger.errors import LedgerError
from claimledger.publishing.ledger_db import LedgerDbUnreadable, open_read_only, read_about
from claimledger.publishing.tables import TABLES_FORMAT

REST_SECONDS = 2.0
"""How long a file that is written in its place must have been left alone before it is taken for whole."""

_PIECE = 1 << 20
_HEADER_SIZE = 100
_MAGIC = b"SQLite format 3\0"


class CopyRefused(LedgerError):
    """The file at the place of the ledger is not one to serve."""

    def __init__(self, reason: str) -> None:
        """Say why."""
        super().__init__(reason=reason)


class StillWritten(CopyRefused):
    """The file may be whole in a moment."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("it is being written")


class Identity(NamedTuple):
    """What tells one file from another without reading it; a file that replaces another has a new one."""

    device: int
    number: int
    size: int
    changed_ns: int

    def is_same_file(self, other: Identity) -> bool:
        """Return whether both are one file, though perhaps with another content."""
        return (self.device, self.number) == (other.device, other.number)


def identity(path: Path) -> Identity | None:
    """Return the identity of the file at a path; nothing where there is none."""
    try:
        return _identity(path.stat())
    except OSError:
        return None


def _identity(found: os.stat_result) -> Identity:
    return Identity(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


class ServedCopy:
    """One version of the ledger, in a folder of its own."""

    def __init__(self, path: Path, source: BinaryIO, found: Identity, sha256: str) -> None:
        """Keep the original open until the copy is removed, so that no newer file gets its number."""
        self.path, self.identity, self.sha256 = path, found, sha256
        self._source = source
        if os.name == "nt":  # numbers are not used twice there, and an open file cannot be replaced
            source.close()

    def remove(self) -> None:
        """Remove the copy; on Windows it stays while a download has it open, and goes with the folder."""
        self._source.close()
        shutil.rmtree(self.path.parent, ignore_errors=True)


def take(path: Path, folder: Path, before: Identity | None = None) -> ServedCopy:
    """Copy the ledger at a path into a folder, under its own name.

    Args:
        path: where the ledger is published.
        folder: where to put the copy, in a folder of its own.
        before: what the copy served so far was taken from.

    Raises:
        CopyRefused: there is no file, or none that is whole and of this program's format.
        OSError: the file cannot be read or the copy cannot be written.
    """
    try:
        source = path.open("rb")
    except FileNotFoundError:
        raise CopyRefused("there is no file") from None
    with ExitStack() as undoing:
        undoing.callback(source.close)
        found = _identity(os.fstat(source.fileno()))
        in_place = before is not None and found.is_same_file(before)
        _check_size(source, found)
        if in_place and 0 <= time.time() - found.changed_ns / 1e9 < REST_SECONDS:
            raise StillWritten
        place = Path(mkdtemp(dir=folder))
        undoing.callback(shutil.rmtree, place, ignore_errors=True)
        sha256 = _copied(source, place / path.name)
        if _identity(os.fstat(source.fileno())) != found:
            raise StillWritten
        _check(place / path.name, thoroughly=in_place)
        undoing.pop_all()
    return ServedCopy(place / path.name, source, found, sha256)


def _check_size(source: BinaryIO, found: Identity) -> None:
    """Refuse a file that is not as long as its head says (SQLite's file format, 1.3), before it is copied."""
    head = source.read(_HEADER_SIZE)
    source.seek(0)
    if len(head) < _HEADER_SIZE or not head.startswith(_MAGIC):
        raise CopyRefused("it is no database")
    page_size = int.from_bytes(head[16:18], "big")
    pages = int.from_bytes(head[28:32], "big")
    if (65536 if page_size == 1 else page_size) * pages != found.size:
        raise CopyRefused("it is not whole")


def _copied(source: BinaryIO, copy: Path) -> str:
    digest = hashlib.sha256()
    with copy.open("wb") as target:
        while piece := source.read(_PIECE):
            digest.update(piece)
            target.write(piece)
    return digest.hexdigest()


def _check(copy: Path, *, thoroughly: bool) -> None:
    """Refuse what is no ledger of this format; thoroughly, what is no sound database either."""
    try:
        about = read_about(copy)
    except LedgerDbUnreadable:
        raise CopyRefused("it is no ledger") from None
    if about.format != TABLES_FORMAT:
        raise CopyRefused(f"its format is {about.format}, and this program serves {TABLES_FORMAT}")
    if thoroughly and not _is_sound(copy):
        raise CopyRefused("it is damaged")


def _is_sound(copy: Path) -> bool:
    with suppress(sqlite3.Error), open_read_only(copy) as connection:
        return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    return False
