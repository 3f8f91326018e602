"""Make the rows of `ledger.db` from new entries of the log: the one place where rows come about.

`apply` brings an open database to a later position in the log, inside a transaction of the caller. Publishing applies
and commits; a preview applies and rolls back; a fresh build applies the whole log to an empty database. The cost
depends on the new entries, not on the size of the ledger. In whatever steps a log is applied, the rows are the same.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from hashlib import sha256
from itertools import islice
from typing import NamedTuple

import msgspec

from claimledger.consistency import exchange_rates
from claimledger.ledger.log import LogEntry
from claimledger.models.stored import read_revision
from claimledger.publishing import policy, tallies
from claimledger.publishing.affected_claims import AffectedClaims
from claimledger.publishing.columns import Table
from claimledger.publishing.edition_texts import TextLookup, edition_text_rows, no_text, publishable_texts
from claimledger.publishing.findings_across import finding_rows, rows_across, rows_across_in_file
from claimledger.publishing.log_position import LogFrontier, following_rows, read_position
from claimledger.publishing.record_projection import LoggedRecord, project
from claimledger.publishing.record_processes import each_result
from claimledger.publishing.new_rows import project_new
from claimledger.publishing.record_reader import ArticleFacts, BodyLookup, RecordReader
from claimledger.publishing.record_writer import RecordWriter
from claimledger.publishing.vocabulary_rows import vocabulary_rows
from claimledger.publishing.row_writer import RowDifference, RowWriter, StoredRow
from claimledger.publishing.tables import (
    ABOUT, ARTICLES, BOOKKEEPING, CORRECTION_TIMES, DOCUMENTS, EDITION_TEXTS, FINDINGS, REVISION, SEARCHED_TABLES,
    SOURCES, SPEAKERS, TABLES, TABLES_FORMAT, VOCABULARY,
)  # fmt: skip
from claimledger.vocabulary import Subject

Progress = Callable[[int], None]
"""A function that is called now and then with the number of revisions whose rows were made since the last call."""

_SEARCH_MEMORY_SQL = "INSERT INTO {index} ({index}, rank) VALUES ('hashsize', ?)"
_INDEX_MEMORY = 64 * 2**20
"""The bytes of the full-text index that are gathered before they are written; with SQLite's 1 MiB it takes twice as
long."""
_RECORDS_AT_ONCE = 500
WORTH_SEVERAL_PROCESSES = 5_000
"""The number of entries from which on several processes are faster than one."""
_ROWS_AT_ONCE = 1_000


class ApplyResult(NamedTuple):
    """The result of `apply`."""

    revisions: int
    """The number of new entries."""
    hides_words: bool
    """Whether words that the file showed may no longer be shown: they may still be in unused parts of the file."""
    differences: Sequence[RowDifference]
    """The rows that differ, if they were to be kept."""


class LogSources(NamedTuple):
    """What the rows need besides the new entries."""

    body_of: BodyLookup
    """Returns an older body of the log, for words that the file no longer shows."""
    text_of: TextLookup = no_text
    """Returns the text of an edition that may be published."""


def ignore_progress(_: int) -> None:
    """Ignore the progress."""


def apply(
    connection: sqlite3.Connection,
    entries: Iterable[LogEntry],
    sources: LogSources,
    *,
    progress: Progress = ignore_progress,
    processes: int = 1,
    keeps_differences: bool = False,
) -> ApplyResult:
    """Add the entries that follow those in an open database, with every row that they change.

    The caller begins and ends the transaction. Entries that the database contains already are passed over. An empty
    database gets its tables first. `processes` share the work on the texts of many entries; an empty database is then
    a file, whose rows are committed before the findings across claims are made.

    Raises:
        RevisionUnusable: an entry is not the next one, or is not a revision that continues its record. The caller
            rolls back.
    """
    is_new = connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'about'").fetchone() is None
    change = _NewFile if is_new else _Change
    return change(RowWriter(connection, keeps_differences=keeps_differences), sources, progress, processes).apply(
        entries
    )


def apply_texts(connection: sqlite3.Connection, text_of: TextLookup) -> ApplyResult:
    """Let the texts in an open database be those that `text_of` returns for all articles.

    `apply` writes the texts of articles with new versions; this is for texts that came or went without one.
    """
    writer = RowWriter(connection, keeps_differences=True)
    texts = {row.article: row for row in publishable_texts(connection, text_of)}
    stored = (article for (article,) in connection.execute("SELECT article FROM edition_texts").fetchall())
    for article in dict.fromkeys([*stored, *texts]):
        writer.replace(EDITION_TEXTS, {"article": article}, [texts[article]] if article in texts else [])
    writer.save_sums()
    connection.execute(_SET_CONTENT, (content_sha256(connection),))
    hides_words = any(one.after is None for one in writer.differences)
    return ApplyResult(0, hides_words, writer.differences)


_SET_CONTENT = "UPDATE about SET value = ? WHERE name = 'content_sha256'"


class _Change:
    """One change of a file that contains some of the log already; its steps are in the order of `apply`."""

    def __init__(self, rows: RowWriter, sources: LogSources, progress: Progress, processes: int) -> None:
        self.rows, self.sources, self.progress, self.processes = rows, sources, progress, processes
        self.connection = connection = rows.connection
        self.prepare()
        self.position = read_position(connection)
        self.frontier = LogFrontier(connection)
        self.reader = RecordReader(connection, self.position.number, sources.body_of)
        self.affected = AffectedClaims(connection)
        self.records = RecordWriter(self.rows, self.affected)
        self.hides_words = False

    def prepare(self) -> None:
        """Prepare the file."""

    def apply(self, entries: Iterable[LogEntry]) -> ApplyResult:
        revisions = self.append_revisions(entries)
        if revisions < WORTH_SEVERAL_PROCESSES:
            self.processes = 1
        if revisions or not self.position.number:
            self.note_rights()
            for subject in (Subject.APPEARANCE, Subject.CLAIM):
                self.write_records(subject)
            tallies.add_tallies(self.connection, self.records.tallies)
            for subject in (Subject.ARTICLE, Subject.DOCUMENT, Subject.ALIAS, Subject.EARLIER_CHECK):
                self.write_records(subject)
            tallies.add_tallies(self.connection, tallies.derived_documents(self.records.tallies))
            self.write_counted()
            self.add_indexes()
            self.write_findings_across()
            self.write_correction_times()
            self.write_about()
        return ApplyResult(revisions, self.hides_words, self.rows.differences)

    def append_revisions(self, entries: Iterable[LogEntry]) -> int:
        """Add the new entries to `revision`; return their number."""
        number = 0
        rows = following_rows(entries, self.position)
        while some := [*islice(rows, _ROWS_AT_ONCE)]:
            self.rows.insert(REVISION, some)
            for row in some:
                self.frontier.append(bytes.fromhex(row.sha256))
            number += len(some)
        return number

    def note_rights(self) -> None:
        """Find the records that follow from a changed article or document, though they have no new version."""
        self.anew: dict[tuple[Subject, str], None] = {}
        self.related_claims: dict[str, None] = {}
        for article in self.changed(Subject.ARTICLE):
            self._note_article(article)
        for appearance in self.changed(Subject.APPEARANCE):
            rows = self.connection.execute(
                _CLAIM, (appearance.partition("@")[0],)
            )  # it may follow its passage in the log
            self.related_claims |= dict.fromkeys(name for (name,) in rows)
        for document in self._derived(self.changed(Subject.DOCUMENT)):
            rows = self.connection.execute("SELECT DISTINCT claim_id FROM evidence WHERE document_id = ?", (document,))
            self.related_claims |= dict.fromkeys(name for (name,) in rows)

    def _note_article(self, article: str) -> None:
        known, after = self.reader.article_before(article), self.reader.article(article)
        before = known or ArticleFacts()
        if before == after:
            return
        rows = self.connection.execute("SELECT claim_id FROM claims WHERE article = ?", (article,))
        self.related_claims |= dict.fromkeys(name for (name,) in rows)
        self.affected.with_currencies.add(article)
        if before.may_hold_text != after.may_hold_text:
            self.anew |= {(Subject.ARTICLE, article): None} if known else {}
            keys = self.connection.execute(_APPEARANCES_OF_ARTICLE, (article,))
            self.anew |= dict.fromkeys((Subject.APPEARANCE, key) for (key,) in keys)

    def _derived(self, documents: Iterable[str]) -> list[str]:
        """Return documents and those that derive from them, over any number of steps."""
        waiting = [*documents]
        found = dict.fromkeys(waiting)
        while waiting:
            sql = "SELECT text FROM tallies WHERE name = ? AND key = ?"
            for (name,) in self.connection.execute(sql, (tallies.DERIVED, waiting.pop())).fetchall():
                if name not in found:
                    found[name] = None
                    waiting.append(name)
        return list(found)

    def changed(self, subject: Subject) -> Iterator[str]:
        """Yield the keys of the records with new versions, in the order of the log."""
        values = {"applied": self.position.number, "subject": subject.value}
        return (key for (key,) in self.connection.execute(_CHANGED, values))

    def keys(self, subject: Subject) -> Iterable[str]:
        """Return the keys of all records of a kind that are written."""
        related = self.related_claims if subject is Subject.CLAIM else ()
        anew = (key for kind, key in self.anew if kind is subject)
        return dict.fromkeys([*self.changed(subject), *anew, *related])

    def write_records(self, subject: Subject) -> None:
        for records in each_result(project, self.batches(subject), self.processes):
            self.records.write(records)
            self.progress(sum(record.new_versions for record in records))

    def batches(self, subject: Subject) -> Iterator[Sequence[LoggedRecord]]:
        keys = iter(self.keys(subject))
        while some := [*islice(keys, _RECORDS_AT_ONCE)]:
            yield [self.read(subject, key) for key in some]

    def read(self, subject: Subject, key: str) -> LoggedRecord:
        is_counted = subject in _COUNTED
        claims = tallies.get_count(self.connection, _COUNTED[subject][0], key) if is_counted else 0
        record = self.reader.read(subject, key, is_anew=(subject, key) in self.anew, claim_count=claims)
        self.hides_words |= record.is_anew
        return record

    def write_counted(self) -> None:
        """Write the rows that count claims: speakers, sources, and articles and documents without a new version."""
        changes = self.records.tallies
        for table, kind, row_of in (
            (SPEAKERS, tallies.SPEAKER, tallies.speaker_row), (SOURCES, tallies.SOURCE, tallies.source_row),
        ):  # fmt: skip
            for key in tallies.changed_keys(changes, kind):
                row = row_of(self.connection, key)
                self.put(table, key, [row] if row else [])
        for kind, table in _COUNTED.values():
            for key in tallies.changed_keys(changes, kind):
                self._write_claim_count(table, key, tallies.get_count(self.connection, kind, key))
        for article in self.keys(Subject.ARTICLE):
            texts = self._edition_texts(article)
            self.hides_words |= not texts and bool(self.rows.read(EDITION_TEXTS, {"article": article}))
            self.put(EDITION_TEXTS, article, texts)

    def put(self, table: Table, key: str, rows: Sequence[StoredRow]) -> None:
        """Let the rows of a key be these rows."""
        self.rows.replace(table, {table.key[0]: key}, rows)

    def _write_claim_count(self, table: Table, key: str, count: int) -> None:
        place = table.stored.index("claim_count")
        for row in self.rows.read(table, {table.key[0]: key}):
            if row[place] != count:
                self.rows.replace(table, {table.key[0]: key}, [(*row[:place], count, *row[place + 1 :])])

    def _edition_texts(self, article: str) -> list[StoredRow]:
        (body,) = self.connection.execute(_NEWEST_BODY, (Subject.ARTICLE.value, article)).fetchone()
        return [*edition_text_rows(read_revision(body), self.sources.text_of)]

    def add_indexes(self) -> None:
        """Add the indexes that a new file lacks."""

    def write_findings_across(self) -> None:
        """Write the findings across claims about every affected claim, after the findings on the claim alone."""
        for claim_id, own, across in finding_rows(self.connection, self.affected.names()):
            self.rows.replace(FINDINGS, {"claim_id": claim_id}, [*own, *across])

    def write_correction_times(self) -> None:
        """Write how long each newly corrected text was public."""
        rows = [(number, policy.time_public(self.connection, number)) for number in self.records.correction_numbers]
        self.rows.insert(CORRECTION_TIMES, rows)

    def write_about(self) -> None:
        """Write the position, the checksums, and what the file was made with."""
        self.frontier.save()
        self.rows.save_sums()
        about = {
            "format": TABLES_FORMAT,
            "log_size": read_position(self.connection).number,
            "log_root": self.frontier.root().hex(),
            "content_sha256": content_sha256(self.connection),
            "rates": exchange_rates.rate_table_hash(),
        }
        self.connection.execute(f"DELETE FROM {ABOUT.name}")  # noqa: S608  ours
        self.connection.executemany(ABOUT.insert_sql, ((name, str(value)) for name, value in about.items()))


class _NewFile(_Change):
    """The first change of an empty file: nothing is compared, and the indexes come after the rows."""

    def prepare(self) -> None:
        for table in (*TABLES, *BOOKKEEPING):
            self.connection.execute(table.create_sql)
        for statement in REVISION.index_sql:
            self.connection.execute(statement)
        for table in SEARCHED_TABLES:
            self.connection.execute(table.create_search_sql)
            self.connection.execute(_SEARCH_MEMORY_SQL.format(index=table.search_index), (_INDEX_MEMORY,))
        self.rows.insert(VOCABULARY, [*vocabulary_rows()])

    def write_records(self, subject: Subject) -> None:
        for new in each_result(project_new, self.batches(subject), self.processes):
            self.records.write_new(new)
            self.progress(new.versions)

    def note_rights(self) -> None:
        self.anew, self.related_claims = {}, {}

    def keys(self, subject: Subject) -> Iterable[str]:
        return self.changed(subject)

    def put(self, table: Table, key: str, rows: Sequence[StoredRow]) -> None:  # noqa: ARG002  no row to replace
        self.rows.insert(table, rows)

    def add_indexes(self) -> None:
        for table in (*TABLES, *BOOKKEEPING):
            for statement in table.index_sql if table not in (REVISION, FINDINGS) else ():
                self.connection.execute(statement)

    def write_findings_across(self) -> None:
        for rows in each_result(self._new_findings(), self._claims_with_figures(), self.processes):
            self.rows.insert(FINDINGS, rows)
        for statement in FINDINGS.index_sql:
            self.connection.execute(statement)

    def _new_findings(self) -> Callable[[Sequence[str]], list[StoredRow]]:
        """Return the function that makes the rows of findings across some claims, here or in other processes."""
        if self.processes == 1:
            return partial(rows_across, self.connection)
        self.connection.execute("COMMIT")
        self.connection.execute("PRAGMA journal_mode = WAL")  # the processes read while findings are written
        self.connection.execute("BEGIN")
        (_, _, path), *_ = self.connection.execute("PRAGMA database_list").fetchall()
        return partial(rows_across_in_file, path)

    def _claims_with_figures(self) -> Iterator[Sequence[str]]:
        """Yield the names of the claims with figures, so many at once."""
        names = (name for (name,) in self.connection.execute(_WITH_FIGURES))
        while some := [*islice(names, _RECORDS_AT_ONCE)]:
            yield some


_CHANGED = """
SELECT key FROM revision AS r WHERE number > :applied AND subject = :subject AND NOT EXISTS (
  SELECT 1 FROM revision AS e WHERE e.subject = r.subject AND e.key = r.key AND e.revision = r.revision - 1
    AND e.number > :applied
) ORDER BY number
"""
"""The records with new versions: by the first new version of each."""
_CLAIM = "SELECT claim_id FROM claims WHERE claim_id = ?"
_APPEARANCES_OF_ARTICLE = (
    "SELECT claim_id || '@' || substr(edition_sha256, 1, 12) || CASE WHEN place > 1 THEN '.' || place ELSE '' END "
    "FROM appearances WHERE article = ?"
)
"""The keys of the passages that the file contains, made as `models.record_key` makes them."""
_NEWEST_BODY = "SELECT body FROM revision WHERE subject = ? AND key = ? ORDER BY revision DESC LIMIT 1"
_COUNTED = {Subject.ARTICLE: (tallies.ARTICLE, ARTICLES), Subject.DOCUMENT: (tallies.DOCUMENT, DOCUMENTS)}
"""The tally of the claims of a record by its kind, and the table with the count."""
_WITH_FIGURES = "SELECT DISTINCT claim_id FROM quantities ORDER BY claim_id"


def content_sha256(connection: sqlite3.Connection) -> str:
    """Return a hash of the checksums of all tables that readers browse: it differs if any row differs."""
    sums = connection.execute("SELECT name, row_count, sum FROM table_sums ORDER BY name").fetchall()
    return sha256(msgspec.json.encode(sums)).hexdigest()
