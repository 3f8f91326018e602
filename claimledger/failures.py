"""The reasons why the operating system or SQLite could not read or write a file, as short phrases for messages."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Mapping

from claimledger.errors import LedgerError
from claimledger.messages import Message

_OF_SQLITE: Mapping[int, str] = {
    sqlite3.SQLITE_BUSY: "busy",
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_IOERR: "io",
    sqlite3.SQLITE_READONLY: "read-only",
    sqlite3.SQLITE_CANTOPEN: "cannot-open",
    sqlite3.SQLITE_NOTADB: "not-a-database",
    sqlite3.SQLITE_CORRUPT: "damaged",
}
_OF_SYSTEM: Mapping[int, str] = {
    errno.ENOSPC: "full",
    getattr(errno, "EDQUOT", errno.ENOSPC): "full",
    errno.EFBIG: "full",
    errno.EIO: "io",
    errno.EROFS: "read-only",
    errno.EACCES: "read-only",
    errno.EPERM: "read-only",
}


def failure_kind(error: BaseException | None) -> str:
    """Return the kind of a failure such as a full disk (`full`, `busy` …); empty for any other error.

    On a full disk, SQLite may fail to make the file of a database's shared memory; it calls that an I/O error.

    >>> failure_kind(OSError(errno.ENOSPC, "No space left on device"))
    'full'
    """
    if isinstance(error, OSError):
        return _OF_SYSTEM.get(error.errno or 0, "")
    code = getattr(error, "sqlite_errorcode", 0)
    return "full" if code == sqlite3.SQLITE_IOERR_SHMSIZE else _OF_SQLITE.get(code & 0xFF, "")


def failure_reason(error: BaseException) -> Message | str:
    """Return why something failed, as a phrase: that of the first cause that has one, or else the error's own text."""
    cause: BaseException | None = error
    while cause is not None:
        if kind := failure_kind(cause):
            return Message(f"failure-reason/{kind}")
        cause = cause.__cause__
    if isinstance(error, LedgerError):
        return error.message
    return (error.strerror if isinstance(error, OSError) else "") or str(error) or type(error).__name__
