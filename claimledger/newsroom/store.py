"""The desk's private store, `desk.db`: drafts and publications, both append-only, and the way into the public log.

In: drafts, and revisions to publish. Out: heads, open drafts, and log files that hold what was published.
The invariant is the crash rule: a body is public once it is committed in `publication`; the log files then get what
they lack. On opening, the shorter of the two must be a prefix of the longer, and what one takes from the other must
chain; it is filled up, or the store stops. Transactions are immediate and the journal is WAL with synchronous=FULL
(deferred ones lose writes, NORMAL loses acknowledged work in a power cut). It knows nothing of YAML or of ledger.db.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Self

import msgspec

from claimledger.errors import ClockBehind, LedgerError, LogDamaged, LogsDisagree
from claimledger.ledger import files, log
from claimledger.ledger.canonical import encode_body, leaf_sha256
from claimledger.newsroom.schema import DeskAltered, open_desk, refusal
from claimledger.models import MODELS, Correction, Subjects
from claimledger.vocabulary import RevisionKind, Subject

DISCARDED = "discarded"
"""The kind of a draft that closes the ones before it."""
TOLERATED_SKEW = timedelta(minutes=5)
"""How far the newest revision may be ahead of the clock."""

_PUBLISH = "INSERT INTO publication VALUES (?, ?, ?, ?, ?, CAST(? AS TEXT), ?)"
_Row = tuple[int, str, str, str | None, str, str, str, str, str | None, str]
"""The columns of `draft`, the time last."""
PublicationRow = tuple[int, str, str, str, int, bytearray, int | None]
"""number, sha256, subject, key, revision, body, draft_id. The body is a bytearray, which SQLite takes as it is: for
bytes it looks up an adapter, each time."""


class LogNotWritten(LedgerError):
    """Revisions are public, but the log files could not be brought up to date."""

    def __init__(self, error: OSError) -> None:
        """Name what the system said."""
        super().__init__(
            f"The revisions are published, but the log files could not be written ({error}). Mend that and run "
            "'claimledger build': it writes what is missing."
        )


@dataclass(frozen=True, slots=True)
class Head:
    """The newest public revision of a record."""

    sha256: str
    """Its hash."""
    revision: int
    """Its version, from 1."""
    body: bytes
    """Its canonical bytes."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A private version of a record, based on a public one."""

    subject: Subject
    """What it is a draft of."""
    key: str
    """The record's permanent name."""
    base: str | None
    """Hash of the public revision it is based on; none for a new record."""
    kind: RevisionKind
    """What it will be when it is published."""
    authors: tuple[str, ...]
    """Whose drafts since that revision it contains, the newest first."""
    reason: str
    """Why."""
    record_json: bytes
    """The whole record as canonical JSON of a validated model."""
    correction: Correction | None = None
    """What a correction owes its readers."""
    draft_id: int | None = None
    """Its number in the store, once it stands there."""
    recorded_at: str = field(default="", compare=False)
    """When it was stored, UTC, once it stands there."""

    @property
    def record(self) -> Subjects:
        """The whole record."""
        return MODELS[self.subject].model_validate_json(self.record_json)


class DeskStore:
    """An open `desk.db`; use as a context manager."""

    def __init__(self, path: Path, log_folder: Path, *, is_known: bool = False) -> None:
        """Open or make the store and settle it with the log files.

        If it `is_known`, since this process settled it before, only the newest body of each is compared.

        Raises:
            LogsDisagree: neither the store nor the log is a prefix of the other; nothing was written.
            LogDamaged: the log's files are not whole, or do not chain where the store lacks them.
            DeskAltered: the append-only triggers were taken away, or the store holds what does not chain.
            DeskUnusable: the file is no desk store, or cannot be read or written.
        """
        self.path = path
        self.log_folder = log_folder
        self.connection = open_desk(path)
        self.took_in = False  # whether revisions came from the log
        try:
            if not is_known or self._is_behind_or_ahead():
                self.settle()
        except BaseException:
            self.connection.close()
            raise

    def __enter__(self) -> Self:
        """Return the open store."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the store; what was not committed is gone."""
        self.close()

    def close(self) -> None:
        """Close the store."""
        self.connection.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Hold the one write lock; commit at the end, roll everything back on any exception.

        Raises:
            DeskUnusable: the disk is full, another process does not let go, or the like.
        """
        try:
            self.connection.execute("BEGIN IMMEDIATE")
            yield self.connection
            self.connection.execute("COMMIT")
        except BaseException as error:
            self.connection.rollback()
            if unusable := refusal(self.path, error):
                raise unusable from error
            raise

    def settle(self) -> None:
        """Give the log files, or the store, what they lack of each other.

        Raises:
            LogsDisagree: a body differs; nothing was written.
        """
        with self.writing() as connection:
            self._settle(connection)

    def catch_up(self, connection: sqlite3.Connection) -> None:
        """Settle inside a transaction of `writing`, if the log was changed since the last time, as git may do.

        Raises:
            LogsDisagree: a body differs; nothing was written.
        """
        if self._is_behind_or_ahead():
            self._settle(connection)

    def _is_behind_or_ahead(self) -> bool:
        count = self._publication_count()
        return log.newest_body(self.log_folder) != (count, next(self._bodies_after(count - 1), b""))

    def _settle(self, connection: sqlite3.Connection) -> None:
        files.remove_parts(self.log_folder)
        self._refuse_disagreement()
        published, logged = self._publication_count(), log.newest_body(self.log_folder)[0]
        if published > logged:
            self._refuse_unchained()
            self._append_to_log(logged)
        elif logged > published:
            self._take_in(connection, published)

    def _refuse_disagreement(self) -> None:
        logged = log.read_bodies(self.log_folder)
        for number, (ours, theirs) in enumerate(zip(self._bodies_after(0), logged, strict=False), start=1):
            if ours != theirs:
                raise LogsDisagree(number, str(log.log_file(self.log_folder, number)))
        for _ in logged:  # the form of the rest
            pass

    def _refuse_unchained(self) -> None:
        chain, bodies, number = log.Chain(), self._bodies_after(0), 1
        while batch := list(islice(bodies, log.BODIES_A_FILE)):
            if faults := chain.take(batch, number):
                raise DeskAltered(self.path, [f"publication {fault.number}: {fault.sentence}" for fault in faults[:5]])
            number += len(batch)

    def _take_in(self, connection: sqlite3.Connection, published: int) -> None:
        """Insert the bodies of the log after the first `published` ones."""
        chain = log.Chain()
        for file in log.read_files(self.log_folder):
            if faults := chain.take(file.bodies, file.first):
                raise LogDamaged(str(file.path), log.line_of(faults[0].number), faults[0].sentence)
            known = max(published - file.first + 1, 0)
            connection.executemany(_PUBLISH, _rows_from_log(file.bodies[known:], file.first + known))
        self.took_in = True

    def fill_log(self) -> None:
        """Append to the log files what was published since they were last written.

        Raises:
            LogsDisagree: the newest body in the log is not the one published under its number.
            LogNotWritten: the files cannot be written.
        """
        with self.writing():
            logged, newest = log.newest_body(self.log_folder)
            if logged and next(self._bodies_after(logged - 1), None) != newest:
                raise LogsDisagree(logged, str(log.log_file(self.log_folder, logged)))
            self._append_to_log(logged)

    def _append_to_log(self, logged: int) -> None:
        try:
            log.append_bodies(self.log_folder, self._bodies_after(logged), first=logged + 1)
        except OSError as error:
            raise LogNotWritten(error) from error

    def _publication_count(self) -> int:
        count: int = self.connection.execute("SELECT coalesce(max(number), 0) FROM publication").fetchone()[0]
        return count

    def _bodies_after(self, number: int) -> Iterator[bytes]:
        """Yield the bodies published after `number`, as bytes without a detour through Python text."""
        rows = self.connection.execute(
            "SELECT CAST(body AS BLOB) FROM publication WHERE number > ? ORDER BY number", (number,)
        )
        return (body for (body,) in rows)

    def head(self, subject: Subject, key: str) -> Head | None:
        """Return the newest public revision of a record, if it is public."""
        row = self.connection.execute(
            "SELECT sha256, revision, CAST(body AS BLOB) FROM publication WHERE key = ? AND subject = ? "
            "ORDER BY revision DESC LIMIT 1",
            (key, subject.value),
        ).fetchone()
        return Head(*row) if row else None

    def newest_of(self, keys: Sequence[str]) -> dict[tuple[str, str], tuple[str, int]]:
        """Return (subject, key) to (hash, version) of the newest public revision of each record under these keys."""
        rows = self.connection.execute(
            "SELECT subject, key, sha256, max(revision) FROM publication "
            "WHERE key IN (SELECT value FROM json_each(?)) GROUP BY key, subject",
            (msgspec.json.encode(keys).decode(),),
        )
        return {(subject, key): (sha256, revision) for subject, key, sha256, revision in rows}

    def body(self, subject: Subject, key: str, sha256: str) -> bytes | None:
        """Return the public revision of a record that has this hash."""
        sql = "SELECT CAST(body AS BLOB) FROM publication WHERE key = ? AND subject = ? AND sha256 = ?"
        row = self.connection.execute(sql, (key, subject.value, sha256)).fetchone()
        return row[0] if row else None

    def keys_of(self, subject: Subject, part: str = "") -> list[str]:
        """Return the key of each public record of a subject, or of those whose key holds `part`."""
        rows = self.connection.execute(
            "SELECT DISTINCT key FROM publication WHERE revision = 1 AND subject = ? AND instr(key, ?) > 0",
            (subject.value, part),
        )
        return [key for (key,) in rows]

    def bodies_of(self, key: str) -> Iterator[bytes]:
        """Yield every public revision of the record under `key` and, for a claim, of its appearances."""
        rows = self.connection.execute(
            "SELECT CAST(body AS BLOB) FROM publication WHERE key = ? OR (key >= ? AND key < ?) ORDER BY number",
            (key, f"{key}@", f"{key}A"),
        )
        return (body for (body,) in rows)

    def open_drafts(self, claim_id: str | None = None) -> list[Draft]:
        """Return the newest draft of each record that waits, in the order of their first; all or those of a claim."""
        # The cross join keeps SQLite from walking through all drafts there ever were.
        rows = self.connection.execute(
            "SELECT d.draft_id, d.subject, d.key, base_sha256, kind, author, reason, record, correction, recorded_at "  # noqa: S608
            "FROM waiting w CROSS JOIN draft d ON d.key = w.key AND d.subject = w.subject WHERE d.draft_id > "
            "(SELECT coalesce(max(draft_id), 0) FROM publication p WHERE p.key = d.key AND p.subject = d.subject) "
            f"{'AND (w.key = ? OR (w.key >= ? AND w.key < ?))' if claim_id else ''} ORDER BY d.draft_id",
            (claim_id, f"{claim_id}@", f"{claim_id}A") if claim_id else (),
        )
        waiting: dict[tuple[str, str], list[_Row]] = {}
        discarded: dict[tuple[str, str], list[list[_Row]]] = {}
        for row in rows:
            versions = waiting.setdefault((row[1], row[2]), [])
            versions.append(row)
            if row[4] == DISCARDED:
                discarded.setdefault((row[1], row[2]), []).append(versions[:-1])
                versions.clear()
        return [_draft_from_rows(versions, discarded.get(place, [])) for place, versions in waiting.items() if versions]

    def passed_over(self, keys: Collection[str]) -> list[Subjects]:
        """Return the records that were drafted under these keys and that a later draft was published over."""
        rows = self.connection.execute(
            "SELECT DISTINCT subject, record FROM draft d WHERE key IN (SELECT value FROM json_each(?)) AND kind <> ? "
            "AND draft_id < (SELECT max(draft_id) FROM publication p WHERE p.key = d.key AND p.subject = d.subject)",
            (msgspec.json.encode(sorted(keys)).decode(), DISCARDED),
        )
        return [MODELS[Subject(subject)].model_validate_json(record) for subject, record in rows]

    def superseded(self, drafts: Sequence[Draft]) -> list[Draft]:
        """Return those of the drafts that were written anew or discarded since they were read."""
        stored = [draft for draft in drafts if draft.draft_id is not None]
        rows = self.connection.execute(
            "SELECT subject, key, max(draft_id) FROM draft WHERE draft_id >= ? GROUP BY key, subject",
            (min((draft.draft_id or 0 for draft in stored), default=0),),
        )
        newest = {(subject, key): draft_id for subject, key, draft_id in rows} if stored else {}
        return [draft for draft in stored if newest.get((draft.subject, draft.key)) != draft.draft_id]

    def append_drafts(self, connection: sqlite3.Connection, drafts: Sequence[Draft], now: datetime) -> None:
        """Add drafts inside a transaction of `writing`; `now` is UTC."""
        first = connection.execute("SELECT coalesce(max(draft_id), 0) + 1 FROM draft").fetchone()[0]
        recorded_at = utc_text(now)
        connection.executemany(
            "INSERT INTO draft VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (number, draft.subject.value, draft.key, draft.base, draft.kind.value, draft.authors[0], draft.reason,
                 recorded_at, draft.record_json.decode(), _json(draft.correction))
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

    def next_place(self, connection: sqlite3.Connection, now: datetime) -> tuple[int, str]:
        """Return the number and the time of the next revision: now, or one millisecond after the newest.

        Raises:
            ClockBehind: the newest revision is more than five minutes ahead of `now`.
        """
        row = connection.execute("SELECT number, body FROM publication ORDER BY number DESC LIMIT 1").fetchone()
        if row is None:
            return 1, utc_text(now)
        last = datetime.fromisoformat(msgspec.json.decode(row[1])["recorded_at"])
        if last - now > TOLERATED_SKEW:
            raise ClockBehind(utc_text(now), utc_text(last))
        return row[0] + 1, utc_text(max(now, last + timedelta(milliseconds=1)))

    def append_publications(self, connection: sqlite3.Connection, rows: Iterable[PublicationRow]) -> None:
        """Add public bodies inside a transaction of `writing`."""
        connection.executemany(_PUBLISH, rows)


def utc_text(time: datetime) -> str:
    """Return an aware time as UTC text with milliseconds.

    >>> utc_text(datetime(2023, 6, 1, 9, 30, tzinfo=UTC))
    '2023-06-01T09:30:00.000Z'
    """
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _rows_from_log(bodies: Sequence[bytes], first: int) -> Iterator[PublicationRow]:
    for number, body, envelope in zip(
        range(first, first + len(bodies)), bodies, log.decode_envelopes(bodies), strict=True
    ):
        if not isinstance(envelope, str):  # the chain has refused what is none
            place = (envelope.subject, envelope.key, envelope.revision)
            yield number, leaf_sha256(body).hex(), *place, bytearray(body), None


def _json(correction: Correction | None) -> str | None:
    return None if correction is None else encode_body(correction.to_json()).decode()


def _draft_from_rows(versions: Sequence[_Row], discarded: Sequence[Sequence[_Row]]) -> Draft:
    """Return the newest version of a draft, with the authors of all versions, the newest author first.

    Whoever wrote the same record in a discarded draft, or a version before it there, is an author: their text goes out.
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
        correction=Correction.model_validate_json(correction) if correction else None,
        draft_id=draft_id,
        recorded_at=recorded_at,
    )
