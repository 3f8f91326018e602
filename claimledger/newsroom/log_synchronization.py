"""Keep the publications in `desk.db` and the public log files the same.

A crash rule ties the store to the log: a body is public once it is committed in the table `publication`, and the log
files are then completed. When the store is opened, the shorter of the two must be a prefix of the longer, and the
bodies that one takes from the other must form a valid chain. Then the shorter one is completed, or else the store
refuses to open. `log_comparison` decides which bodies are compared.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from claimledger.errors import LedgerError, LogDamaged
from claimledger.failures import failure_reason
from claimledger.ledger import files, log
from claimledger.ledger.canonical import leaf_sha256
from claimledger.newsroom import arrivals, log_signing
from claimledger.newsroom.arrivals import LogRefused
from claimledger.newsroom.log_comparison import Comparison, compare_files, forget_stamps, read_stamps, record_stamps
from claimledger.newsroom.schema import DeskAltered
from claimledger.messages import Message

INSERT_PUBLICATION = "INSERT INTO publication VALUES (?, ?, ?, ?, ?, CAST(? AS TEXT), ?)"
"""The statement that inserts a `PublicationRow`."""
PublicationRow = tuple[int, str, str, str, int, bytearray, int | None]
"""The columns number, sha256, subject, key, revision, body and draft_id. The body is a bytearray, which SQLite accepts
directly; for bytes it would look up an adapter each time.
"""


class LogNotWritten(LedgerError):
    """Raised when revisions are public, but the log files could not be written."""

    def __init__(self, error: Exception) -> None:
        """Include the reason."""
        super().__init__(reason=failure_reason(error))


class LogImport(NamedTuple):
    """The entries that the desk took from the log."""

    entry_count: int
    """The number of entries."""
    names: tuple[str, ...]
    """The names taken over as earlier people, because the desk had no people yet."""


def differs_from_log(connection: sqlite3.Connection, log_folder: Path) -> bool:
    """Return whether the log has another number of bodies or another newest body than the store."""
    count = publication_count(connection)
    return log.newest_body(log_folder, count) != (count, next(bodies_after(connection, count - 1), b""))


def synchronize_with_log(
    connection: sqlite3.Connection, path: Path, log_folder: Path, comparison: Comparison
) -> LogImport | None:
    """Complete the log files from the store at `path`, or the store from the log files, inside a transaction.

    Every file of the log is compared, or only those that changed if `comparison` is not ALL. Return what was imported
    from the log, if anything was.

    Raises:
        LogsDisagree: A body differs; nothing was written.
        LogRefused: A body to take over is not allowed by the rules of `arrivals`.
        LogUnproved: The desk trusts a key of the log, and none of the log's keys signed a body to take over.
        LogDamaged, DeskAltered: The bodies to take over do not form a valid chain.
        LogNotWritten: The files cannot be written.
    """
    files.remove_parts(log_folder)
    if comparison is Comparison.ALL:
        forget_stamps(connection)
    record_stamps(connection, compare_files(connection, log_folder, read_stamps(connection)))
    published, logged = publication_count(connection), log.newest_body(log_folder)[0]
    if published > logged:
        _check_chain(connection, path)
        append_to_log(connection, log_folder, logged)
    return _import_from_log(connection, log_folder, published) if logged > published else None


def _check_chain(connection: sqlite3.Connection, path: Path) -> None:
    chain, bodies, number = log.Chain(), bodies_after(connection, 0), 1
    while batch := list(islice(bodies, log.BODIES_PER_FILE)):
        if faults := chain.take(batch, number):
            raise DeskAltered(
                path,
                [Message("DeskAltered/publication", number=fault.number, reason=fault.message) for fault in faults[:5]],
            )
        number += len(batch)


def _import_from_log(connection: sqlite3.Connection, log_folder: Path, published: int) -> LogImport:
    """Insert the bodies of the log that follow the first `published` ones, if the rules allow all of them."""
    chain, names, now, number = log.Chain(), set[str](), arrivals.clock_time(), published
    people = arrivals.known_names(connection)
    for file in log.read_files(log_folder):
        if faults := chain.take(file.bodies, file.first):
            raise LogDamaged(str(file.path), log.line_number(faults[0].number), faults[0].message)
        known = max(published - file.first + 1, 0)
        new = file.bodies[known:]
        if fault := arrivals.first_fault(new, file.first + known, people, now):
            raise LogRefused(str(file.path), log.line_number(fault.number), fault.message)
        connection.executemany(INSERT_PUBLICATION, _rows_from_log(new, file.first + known))
        names.update(arrivals.names_in(new))
        number = max(number, file.first + len(file.bodies) - 1)
    log_signing.check_import(connection, log_folder, chain.leaves)
    taken = arrivals.take_over_names(connection, names, now) if people is None else ()
    return LogImport(number - published, tuple(taken))


def append_to_log(connection: sqlite3.Connection, log_folder: Path, logged: int) -> None:
    """Append to the log files the bodies after the first `logged` ones.

    Raises:
        LogNotWritten: The files cannot be written.
    """
    try:
        log.append_bodies(log_folder, bodies_after(connection, logged), first=logged + 1)
    except OSError as error:
        raise LogNotWritten(error) from error


def publication_count(connection: sqlite3.Connection) -> int:
    """Return the number of the newest publication, or 0."""
    count: int = connection.execute("SELECT coalesce(max(number), 0) FROM publication").fetchone()[0]
    return count


def bodies_after(connection: sqlite3.Connection, number: int) -> Iterator[bytes]:
    """Yield the bodies published after `number`, as bytes without decoding them to text."""
    rows = connection.execute("SELECT CAST(body AS BLOB) FROM publication WHERE number > ? ORDER BY number", (number,))
    return (body for (body,) in rows)


def _rows_from_log(bodies: Sequence[bytes], first: int) -> Iterator[PublicationRow]:
    for number, body, envelope in zip(
        range(first, first + len(bodies)), bodies, log.decode_envelopes(bodies), strict=True
    ):
        if not isinstance(envelope, str):  # the chain check has rejected unreadable bodies
            place = (envelope.subject, envelope.key, envelope.revision)
            yield number, leaf_sha256(body).hex(), *place, bytearray(body), None
