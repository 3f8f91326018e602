"""The desk's private store, `desk.db`: append-only drafts and publications, and the writer of the public log.

When the store is opened, it is synchronized with the log files, see `log_synchronization`. Transactions are immediate
and the journal is WAL with synchronous=FULL: deferred transactions lose writes, and NORMAL loses acknowledged work in a
power cut. The store knows nothing of YAML files or `ledger.db`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

import msgspec

from claimledger.errors import ClockBehind, LedgerError, LogsDisagree
from claimledger.ledger import log
from claimledger.ledger.canonical import encode_body
from claimledger.newsroom.log_comparison import Comparison, Stamps, compare_files, read_stamps, record_stamps
from claimledger.newsroom import log_signing
from claimledger.newsroom.log_synchronization import (
    INSERT_PUBLICATION, LogImport, LogNotWritten, PublicationRow, append_to_log, bodies_after, differs_from_log,
    publication_count, synchronize_with_log,
)  # fmt: skip
from claimledger.newsroom.schema import open_desk, unusable_error
from claimledger.models import MODELS, Correction, LedgerRecord
from claimledger.scalars import STORED
from claimledger.vocabulary import RevisionKind, Subject

DISCARDED = "discarded"
"""The kind of a draft that closes the earlier drafts of its record."""
TOLERATED_SKEW = timedelta(minutes=5)
"""The longest time that the newest revision may be ahead of the clock."""

_WAITING_UNDER_KEYS = (
    "(SELECT w.key, w.subject FROM json_each(?1) k CROSS JOIN waiting w ON w.key = k.value "
    "UNION SELECT w.key, w.subject FROM json_each(?1) k CROSS JOIN waiting w "
    "ON w.key >= k.value || '@' AND w.key < k.value || 'A')"
)
"""The records with an open draft whose keys are in a JSON list, and the passages of claims in it."""

_DraftRow = tuple[int, str, str, str | None, str, str, str, str, str | None, str]
"""The columns of the table `draft`; the time comes last."""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest public revision of a record."""

    sha256: str
    """The revision's leaf hash in hexadecimal."""
    revision: int
    """The version number within the record, from 1."""
    body: bytes
    """The canonical bytes."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A private version of a record, based on a public revision."""

    subject: Subject
    """The type of the record."""
    key: str
    """The record's permanent name."""
    base: str | None
    """The hash of the public revision it is based on; None for a new record."""
    kind: RevisionKind
    """The kind of revision that it becomes when it is published."""
    authors: tuple[str, ...]
    """The authors of all drafts since that revision, the newest first."""
    reason: str
    """The reason for the change."""
    record_json: bytes
    """The whole record as canonical JSON of a validated model."""
    correction: Correction | None = None
    """The correction's kind and its public note, if this is a correction."""
    draft_id: int | None = None
    """The number in the store; None until the draft is stored."""
    recorded_at: str = field(default="", compare=False)
    """The UTC time of storing; empty until the draft is stored."""

    @property
    def record(self) -> LedgerRecord:
        """The whole record."""
        return MODELS[self.subject].model_validate_json(self.record_json, context=STORED)


class DeskStore:
    """An open `desk.db`; use it as a context manager."""

    def __init__(self, path: Path, log_folder: Path, *, comparison: Comparison = Comparison.CHANGED) -> None:
        """Open or create the store and synchronize it with the log files if they differ.

        NEWEST, for a store that this process has compared before, notices bodies that were appended or cut off.
        CHANGED also notices another body in any file whose size or times changed since it was last compared. Only ALL
        notices one that leaves them as they were, or another body in the store itself. NOTHING does not look at the
        log.

        Raises:
            LogsDisagree: Neither the store nor the log is a prefix of the other, as far as they are compared; nothing
                was written.
            LogDamaged: The log files are incomplete, or bodies that the store lacks do not form a valid chain.
            LogRefused: A body that the store lacks may not come in; nothing was written.
            DeskAltered: The append-only triggers are missing, or the store's bodies do not form a valid chain.
            DeskTooNew: A newer version of the program made the store.
            DeskUnusable: The file is not a desk store, or cannot be read or written.
        """
        self.path = path
        self.log_folder = log_folder
        self.connection, self.upgrade = open_desk(path)
        self.log_import: LogImport | None = None  # what was imported from the log
        self._compared: Stamps = {}
        try:
            self._compare(comparison)
        except BaseException:
            self.connection.close()
            raise

    def _compare(self, comparison: Comparison) -> None:
        if comparison is Comparison.NOTHING:
            return
        if comparison is Comparison.ALL or differs_from_log(self.connection, self.log_folder):
            self.synchronize(comparison)
        elif comparison is Comparison.CHANGED:  # needs no lock, so a reader does not wait for a writer
            self._compared = compare_files(self.connection, self.log_folder, read_stamps(self.connection))

    def __enter__(self) -> Self:
        """Return the open store."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the store; uncommitted changes are lost."""
        self.close()

    def close(self) -> None:
        """Close the store."""
        self.connection.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Hold the write lock; commit at the end, or roll back on any exception.

        Raises:
            DeskUnusable: The disk is full, another process keeps the lock, or a similar error of SQLite.
        """
        try:
            self.connection.execute("BEGIN IMMEDIATE")
            yield self.connection
            self.connection.execute("COMMIT")
        except BaseException as error:
            self.connection.rollback()
            if unusable := unusable_error(self.path, error):
                raise unusable from error
            raise

    @contextmanager
    def erasing(self) -> Iterator[sqlite3.Connection]:
        """Hold the write lock as `writing` does; after the end, no erased value is left in the files of the store."""
        self.connection.execute("PRAGMA secure_delete = ON")
        with self.writing() as connection:
            yield connection
        self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def synchronize(self, comparison: Comparison = Comparison.ALL) -> None:
        """Complete the log files from the store, or the store from the log files.

        Raises:
            LogsDisagree: A body differs; nothing was written.
        """
        with self.writing() as connection:
            self._synchronize(connection, comparison)

    def synchronize_if_changed(self, connection: sqlite3.Connection) -> None:
        """Synchronize inside a `writing` transaction if the log has changed since the last time, for example by git.

        Raises:
            LogsDisagree: A body differs; nothing was written.
        """
        if differs_from_log(connection, self.log_folder):
            self._synchronize(connection, Comparison.CHANGED)

    def _synchronize(self, connection: sqlite3.Connection, comparison: Comparison) -> None:
        if made := synchronize_with_log(connection, self.path, self.log_folder, comparison):
            self.log_import = made
        log_signing.write_notes(connection, self.log_folder)

    def fill_log(self) -> None:
        """Append to the log files the bodies published since the files were last written.

        The sizes and times of the files that were compared when the store was opened are recorded too.

        Raises:
            LogNotWritten: The files cannot be written, or the log's newest body is not the one published under its
                number. The publications stay public.
        """
        try:
            self._fill_log()
        except (LedgerError, sqlite3.Error) as error:
            raise error if isinstance(error, LogNotWritten) else LogNotWritten(error) from error
        self._compared = {}

    def _fill_log(self) -> None:
        with self.writing():
            logged, newest = log.newest_body(self.log_folder, publication_count(self.connection))
            if logged and next(bodies_after(self.connection, logged - 1), None) != newest:
                raise LogsDisagree(logged, str(log.log_file(self.log_folder, logged)))
            append_to_log(self.connection, self.log_folder, logged)
            try:
                log_signing.write_notes(self.connection, self.log_folder)
            except OSError as error:
                raise LogNotWritten(error) from error
            record_stamps(self.connection, self._compared)

    def head(self, subject: Subject, key: str) -> Head | None:
        """Return the newest public revision of a record, or None if it is not public."""
        row = self.connection.execute(
            "SELECT sha256, revision, CAST(body AS BLOB) FROM publication WHERE key = ? AND subject = ? "
            "ORDER BY revision DESC LIMIT 1",
            (key, subject.value),
        ).fetchone()
        return Head(*row) if row else None

    def newest_bodies(self, subject: Subject, keys: Sequence[str]) -> dict[str, bytes]:
        """Return the body of the newest public revision of each of these records that is public."""
        rows = self.connection.execute(
            "SELECT p.key, CAST(p.body AS BLOB), max(p.revision) FROM json_each(?) k CROSS JOIN publication p "
            "ON p.key = k.value AND p.subject = ? GROUP BY p.key",
            (msgspec.json.encode(keys).decode(), subject.value),
        )
        return {key: body for key, body, _ in rows}

    def newest_revisions(self, keys: Sequence[str]) -> dict[tuple[str, str], tuple[str, int]]:
        """Return the newest public revision of each record under these keys, as (subject, key) to (hash, version)."""
        rows = self.connection.execute(
            "SELECT subject, key, sha256, max(revision) FROM publication "
            "WHERE key IN (SELECT value FROM json_each(?)) GROUP BY key, subject",
            (msgspec.json.encode(keys).decode(),),
        )
        return {(subject, key): (sha256, revision) for subject, key, sha256, revision in rows}

    def body(self, subject: Subject, key: str, sha256: str) -> bytes | None:
        """Return the public revision of a record that has this hash, or None."""
        sql = "SELECT CAST(body AS BLOB) FROM publication WHERE key = ? AND subject = ? AND sha256 = ?"
        row = self.connection.execute(sql, (key, subject.value, sha256)).fetchone()
        return row[0] if row else None

    def public_keys(self, subject: Subject, part: str = "") -> list[str]:
        """Return the key of each public record of a subject, or of those whose key contains `part`."""
        rows = self.connection.execute(
            "SELECT DISTINCT key FROM publication WHERE revision = 1 AND subject = ? AND instr(key, ?) > 0",
            (subject.value, part),
        )
        return [key for (key,) in rows]

    def revision_bodies(self, key: str) -> Iterator[bytes]:
        """Yield every public revision of the record under `key` and, for a claim, of its appearances."""
        rows = self.connection.execute(
            "SELECT CAST(body AS BLOB) FROM publication WHERE key = ? OR (key >= ? AND key < ?) ORDER BY number",
            (key, f"{key}@", f"{key}A"),
        )
        return (body for (body,) in rows)

    def open_drafts(self, claim_id: str | None = None) -> list[Draft]:
        """Return the newest version of each open draft, of all records or one claim, in order of first versions."""
        return self.find_open_drafts([claim_id]) if claim_id else self._open_drafts("waiting", ())

    def find_open_drafts(self, keys: Sequence[str]) -> list[Draft]:
        """Return the newest version of each open draft under these keys and, for claims, of their passages."""
        return self._open_drafts(_WAITING_UNDER_KEYS, (msgspec.json.encode(keys).decode(),))

    def has_open_drafts(self) -> bool:
        """Return whether any draft is open."""
        return self.connection.execute("SELECT 1 FROM waiting LIMIT 1").fetchone() is not None

    def _open_drafts(self, places: str, values: Sequence[str]) -> list[Draft]:
        # The cross join keeps SQLite from scanning every draft ever stored.
        rows = self.connection.execute(
            "SELECT d.draft_id, d.subject, d.key, base_sha256, kind, author, reason, record, correction, recorded_at "  # noqa: S608
            f"FROM {places} w CROSS JOIN draft d ON d.key = w.key AND d.subject = w.subject WHERE d.draft_id > "
            "(SELECT coalesce(max(draft_id), 0) FROM publication p WHERE p.key = d.key AND p.subject = d.subject) "
            "ORDER BY d.draft_id",
            values,
        )
        waiting: dict[tuple[str, str], list[_DraftRow]] = {}
        discarded: dict[tuple[str, str], list[list[_DraftRow]]] = {}
        for row in rows:
            versions = waiting.setdefault((row[1], row[2]), [])
            versions.append(row)
            if row[4] == DISCARDED:
                discarded.setdefault((row[1], row[2]), []).append(versions[:-1])
                versions.clear()
        return [_draft_from_rows(versions, discarded.get(place, [])) for place, versions in waiting.items() if versions]

    def replaced_records(self, keys: Collection[str]) -> list[LedgerRecord]:
        """Return the records drafted under these keys for which a later draft was published instead."""
        rows = self.connection.execute(
            "SELECT DISTINCT subject, record FROM draft d WHERE key IN (SELECT value FROM json_each(?)) AND kind <> ? "
            "AND draft_id < (SELECT max(draft_id) FROM publication p WHERE p.key = d.key AND p.subject = d.subject)",
            (msgspec.json.encode(sorted(keys)).decode(), DISCARDED),
        )
        return [MODELS[Subject(subject)].model_validate_json(record, context=STORED) for subject, record in rows]

    def outdated_drafts(self, drafts: Sequence[Draft]) -> list[Draft]:
        """Return the drafts for which a newer draft or a discard was stored since they were read."""
        stored = [draft for draft in drafts if draft.draft_id is not None]
        rows = self.connection.execute(
            "SELECT subject, key, max(draft_id) FROM draft WHERE key IN (SELECT value FROM json_each(?)) "
            "GROUP BY key, subject",
            (msgspec.json.encode([draft.key for draft in stored]).decode(),),
        )
        newest = {(subject, key): draft_id for subject, key, draft_id in rows} if stored else {}
        return [draft for draft in stored if newest.get((draft.subject, draft.key)) != draft.draft_id]

    def append_drafts(self, connection: sqlite3.Connection, drafts: Sequence[Draft], now: datetime) -> None:
        """Add drafts inside a `writing` transaction; `now` is UTC."""
        first = connection.execute("SELECT coalesce(max(draft_id), 0) + 1 FROM draft").fetchone()[0]
        recorded_at = utc_text(now)
        connection.executemany(
            "INSERT INTO draft VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (number, draft.subject.value, draft.key, draft.base, draft.kind.value, draft.authors[0], draft.reason,
                 recorded_at, draft.record_json.decode(), _correction_json(draft.correction))
                for number, draft in enumerate(drafts, start=first)
            ),
        )  # fmt: skip

    def discard_draft(
        self, connection: sqlite3.Connection, draft: Draft, author: str, reason: str, now: datetime
    ) -> None:
        """Close an open draft without publishing it; every version of it stays in the store."""
        connection.execute(
            "INSERT INTO draft SELECT max(draft_id) + 1, ?, ?, ?, ?, ?, ?, ?, ?, NULL FROM draft",
            (draft.subject.value, draft.key, draft.base, DISCARDED, author, reason, utc_text(now),
             draft.record_json.decode()),
        )  # fmt: skip

    def next_position(self, connection: sqlite3.Connection, now: datetime) -> tuple[int, str]:
        """Return the number and time of the next revision; the time is `now`, or one millisecond after the newest.

        Raises:
            ClockBehind: The newest revision is more than five minutes ahead of `now`.
        """
        row = connection.execute("SELECT number, body FROM publication ORDER BY number DESC LIMIT 1").fetchone()
        if row is None:
            return 1, utc_text(now)
        last = datetime.fromisoformat(msgspec.json.decode(row[1])["recorded_at"])
        if last - now > TOLERATED_SKEW:
            raise ClockBehind(utc_text(now), utc_text(last))
        return row[0] + 1, utc_text(max(now, last + timedelta(milliseconds=1)))

    def append_publications(self, connection: sqlite3.Connection, rows: Iterable[PublicationRow]) -> None:
        """Add public bodies inside a `writing` transaction."""
        connection.executemany(INSERT_PUBLICATION, rows)


def utc_text(time: datetime) -> str:
    """Return an aware time as UTC text with milliseconds.

    >>> utc_text(datetime(2023, 6, 1, 9, 30, tzinfo=UTC))
    '2023-06-01T09:30:00.000Z'
    """
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _correction_json(correction: Correction | None) -> str | None:
    return None if correction is None else encode_body(correction.to_json()).decode()


def _draft_from_rows(versions: Sequence[_DraftRow], discarded: Sequence[Sequence[_DraftRow]]) -> Draft:
    """Return the newest version of a draft, with the authors of all versions, the newest author first.

    If a discarded draft contained the same record, its authors up to that version count too, because their text is
    published.
    """
    draft_id, subject, key, base, kind, _, reason, record, correction, recorded_at = versions[-1]
    ends = ([number for number, row in enumerate(draft, start=1) if row[7] == record] for draft in discarded)
    same = [row for draft, found in zip(discarded, ends, strict=True) for row in draft[: max(found, default=0)]]
    return Draft(
        subject=Subject(subject),
        key=key,
        base=base,
        kind=RevisionKind(kind),
        authors=tuple(dict.fromkeys(row[5] for row in (*reversed(versions), *same))),
        reason=reason,
        record_json=record.encode(),
        correction=Correction.model_validate_json(correction, context=STORED) if correction else None,
        draft_id=draft_id,
        recorded_at=recorded_at,
    )
