"""How far `ledger.db` contains the log: the newest entry, and the hash of the whole log, kept with every new entry.

The hash of the log is the RFC 6962 tree hash. The file keeps its frontier, the hashes of the complete subtrees that the
entries so far form, so that one more entry costs a few hashes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from claimledger.ledger.canonical import leaf_sha256
from claimledger.ledger.log import LogEntry
from claimledger.ledger.log_frontier import Frontier

from claimledger.publishing.record_projection import RevisionUnusable
from claimledger.publishing.revision_rows import revision_row
from claimledger.publishing.rows import RevisionRow
from claimledger.publishing.tables import LOG_FRONTIER
from claimledger.vocabulary import Subject

_SUBJECTS = frozenset(subject.value for subject in Subject)
_NEWEST = "SELECT number, sha256, recorded_at FROM revision ORDER BY number DESC LIMIT 1"


class LogPosition(NamedTuple):
    """The newest entry of the log that a file contains."""

    number: int = 0
    """Its number, from 1; 0 if the file contains none."""
    sha256: str = ""
    recorded_at: str = ""


def read_position(connection: sqlite3.Connection) -> LogPosition:
    """Return the newest entry of the log that an open database contains."""
    row = connection.execute(_NEWEST).fetchone()
    return LogPosition(*row) if row else LogPosition()


def following_rows(entries: Iterable[LogEntry], position: LogPosition) -> Iterator[RevisionRow]:
    """Yield the rows of the entries that follow a position; entries up to it are passed over.

    Raises:
        RevisionUnusable: an entry is not the next one, has another hash than its body, or goes back in time.
    """
    last, last_at = position.number, position.recorded_at
    for entry in entries:
        if entry.number <= position.number:
            _check_known(entry, position)
            continue
        row = _revision_row(entry, last + 1)
        if fault := _fault(entry, row, last + 1, last_at):
            raise RevisionUnusable(last + 1, fault)
        last, last_at = row.number, row.recorded_at
        yield row


def _check_known(entry: LogEntry, position: LogPosition) -> None:
    if entry.number == position.number and entry.sha256 != position.sha256:
        raise RevisionUnusable(entry.number, "The file has another entry under this number.")


def _revision_row(entry: LogEntry, number: int) -> RevisionRow:
    try:
        return revision_row(entry.sha256, entry.body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise RevisionUnusable(number, f"It is no revision: {error}.") from error


def _fault(entry: LogEntry, row: RevisionRow, number: int, last_at: str) -> str:
    if entry.sha256 != leaf_sha256(entry.body).hex():
        return "Its hash is not the one it is entered under."
    if not entry.number == row.number == number:
        return f"It calls itself number {row.number}."
    if row.recorded_at < last_at:
        return f"It was recorded at {row.recorded_at}, the one before it at {last_at}."
    if row.subject not in _SUBJECTS:
        return f"There are no records of the sort '{row.subject}'."
    return ""


class LogFrontier(Frontier):
    """The frontier of the log that an open database contains."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Read the frontier of an open database."""
        self._connection = connection
        rows = connection.execute("SELECT level, sha256 FROM log_frontier").fetchall()
        super().__init__({level: bytes.fromhex(digest) for level, digest in rows})

    def save(self) -> None:
        """Store the frontier."""
        self._connection.execute("DELETE FROM log_frontier")
        rows = ((level, digest.hex()) for level, digest in self.hashes.items())
        self._connection.executemany(LOG_FRONTIER.insert_sql, rows)
