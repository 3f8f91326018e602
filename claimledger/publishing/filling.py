"""The rows of a published database, made from the log in one pass over it and one over its records.

In: an empty database and the entries of the log, in order. Out: every table but `about`, filled and indexed. The
invariant: one log makes the same rows in the same order, and a log with a gap, a wrong hash or a step back in time
makes none. Memory grows with articles, speakers and sources, not with claims or revisions.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import count, groupby, islice
from operator import itemgetter
from typing import Any, TypeVar

import msgspec

from claimledger.ledger.canonical import leaf_sha256
from claimledger.ledger.log import LogEntry
from claimledger.publishing import counts, passages, projection, redaction
from claimledger.publishing.batches import Batch, RevisionUnusable, each_projected, project
from claimledger.publishing.beside import beside_claims
from claimledger.publishing.cells import best_wording
from claimledger.publishing.computing import add_across_claims
from claimledger.publishing.projection import TableRow
from claimledger.publishing.rows import RevisionRow
from claimledger.publishing.tables import COUNTS, REVISION, SOURCES, SPEAKERS, TABLES, VOCABULARY
from claimledger.publishing.tally import Tally, names_alike
from claimledger.vocabulary import Subject

Progress = Callable[[int], None]
"""Called now and then with the number of revisions whose rows were made since the last call."""

SEARCH_CREATE_SQL = (
    "CREATE VIRTUAL TABLE claims_fts USING fts5(grams, content='', tokenize='unicode61 remove_diacritics 0')"
)
SEARCH_MEMORY_SQL = "INSERT INTO claims_fts (claims_fts, rank) VALUES ('hashsize', ?)"
"""Sets how many bytes of the index are gathered before they are written."""
SEARCH_INSERT_SQL = "INSERT INTO claims_fts (rowid, grams) VALUES (?, ?)"
RECORDS_A_BATCH = 500
WORTH_SEVERAL_PROCESSES = 20_000
"""Revisions from which on several processes are faster than one."""
_MOST_PROCESSES = 4
"""More of them only wait for the one that writes."""
_INDEX_MEMORY = 64 * 2**20
"""Bytes of the full-text index gathered before they are written; with SQLite's 1 MiB it takes twice as long."""


def fill(
    connection: sqlite3.Connection, entries: Iterable[LogEntry], progress: Progress, processes: int | None
) -> None:
    """Make every table and fill all but `about`, with as many processes as are worth it unless a number is given.

    Raises:
        RevisionUnusable: a body is no revision or does not continue its record.
    """
    _make(connection)
    size = connection.executemany(REVISION.insert_sql, _revision_rows(entries)).rowcount
    for statement in REVISION.index_sql:
        connection.execute(statement)
    _add_records(connection, processes or _processes(size), progress)
    add_indexes(connection)
    add_across_claims(connection)
    counts.fill_counts(connection)
    passages.blank_passages(connection)
    redaction.blank_redacted(connection)


def add_indexes(connection: sqlite3.Connection) -> None:
    """Index every table but `revision`, whose indexes come before the others are filled."""
    for table in TABLES:
        for statement in table.index_sql if table is not REVISION else ():
            connection.execute(statement)


def _make(connection: sqlite3.Connection) -> None:
    for table in (*TABLES, COUNTS):
        connection.execute(table.create_sql)
    connection.execute(SEARCH_CREATE_SQL)
    connection.execute(SEARCH_MEMORY_SQL, (_INDEX_MEMORY,))


def _processes(size: int) -> int:
    return min(os.cpu_count() or 1, _MOST_PROCESSES) if size >= WORTH_SEVERAL_PROCESSES else 1


def _revision_rows(entries: Iterable[LogEntry]) -> Iterator[RevisionRow]:
    """Yield the rows of the log, numbered without a gap and never back in time."""
    last_at = ""
    for number, entry in enumerate(entries, start=1):
        try:
            row = projection.revision_row(entry.sha256, entry.body)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise RevisionUnusable(number, f"It is no revision: {error}.") from error
        if fault := _fault(entry, row, number, last_at):
            raise RevisionUnusable(number, fault)
        last_at = row.recorded_at
        yield row


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


_SUBJECTS = frozenset(subject.value for subject in Subject)


def _add_records(connection: sqlite3.Connection, processes: int, progress: Progress) -> None:
    alike = names_alike(_source_names(connection))
    tally = Tally(alike)
    numbers = count(1)
    for done in each_projected(claim_batches(connection, alike), processes):
        write(connection, done.rows)
        connection.executemany(SEARCH_INSERT_SQL, ((next(numbers), words) for words in done.words))
        tally.merge(done.tally)
        progress(done.revisions)
    add_counted(connection, tally, progress)
    connection.executemany(VOCABULARY.insert_sql, projection.vocabulary_rows())


def claim_batches(connection: sqlite3.Connection, alike: frozenset[str]) -> Iterator[Batch]:
    """Yield the claims and then their passages; `alike` are the names that more than one source has."""
    yield from _batches(connection, Subject.CLAIM, alike=alike)
    yield from _batches(connection, Subject.APPEARANCE)


def add_counted(connection: sqlite3.Connection, tally: Tally, progress: Progress) -> None:
    """Add the rows of articles, documents, speakers and sources, with how many claims there are of each."""
    for subject, by_key in ((Subject.ARTICLE, tally.by_article), (Subject.DOCUMENT, tally.by_document)):
        for batch in _batches(connection, subject, claim_counts=by_key):
            done = project(batch)
            write(connection, done.rows)
            progress(done.revisions)
    connection.executemany(SPEAKERS.insert_sql, tally.speaker_rows())
    connection.executemany(SOURCES.insert_sql, tally.source_rows())


def write(connection: sqlite3.Connection, rows: Mapping[type[Any], Iterable[TableRow]]) -> None:
    """Add rows to their tables."""
    for kind, of_kind in rows.items():
        connection.executemany(_INSERTS[kind], of_kind)


_INSERTS: Mapping[type[Any], str] = {table.row: table.insert_sql for table in TABLES}


def _batches(
    connection: sqlite3.Connection,
    subject: Subject,
    *,
    alike: frozenset[str] = frozenset(),
    claim_counts: Mapping[str, int] = {},
) -> Iterator[Batch]:
    """Yield the records of a subject in the order of their names."""
    rows = connection.execute(
        "SELECT key, number, sha256, body FROM revision WHERE subject = ? ORDER BY key, revision", (subject.value,)
    )
    records = groupby(rows, itemgetter(0))
    while some := {key: [row[1:] for row in versions] for key, versions in islice(records, RECORDS_A_BATCH)}:
        if subject is Subject.CLAIM:
            bodies = [versions[-1][2] for versions in some.values()]
            yield Batch(subject, some, alike, claim_counts, *beside_claims(connection, bodies))
        else:
            yield Batch(subject, some, alike, claim_counts)


class _Source(msgspec.Struct):
    kind: str
    name: dict[str, str]
    published_on: str | None = None


class _Claim(msgspec.Struct):
    source: _Source


class _ClaimBody(msgspec.Struct):
    record: _Claim


_Body = TypeVar("_Body")


def _source_names(connection: sqlite3.Connection) -> Iterator[tuple[str, str, str | None]]:
    """Yield name, kind and date of the source of each claim."""
    for _, body in _newest(connection, Subject.CLAIM, _ClaimBody):
        source = body.record.source
        yield best_wording(source.name), source.kind, source.published_on


def _newest(connection: sqlite3.Connection, subject: Subject, shape: type[_Body]) -> Iterator[tuple[str, _Body]]:
    """Yield a part of the newest body of each record; a body without it is refused when its record is read whole."""
    decoder = msgspec.json.Decoder(shape)
    rows = connection.execute(
        "SELECT key, body, max(revision) FROM revision WHERE subject = ? GROUP BY key", (subject.value,)
    )
    for key, body, _ in rows:
        with suppress(msgspec.MsgspecError):
            yield key, decoder.decode(body)
