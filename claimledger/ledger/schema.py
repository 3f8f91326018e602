"""The tables of `desk.db`, the triggers that keep them append-only, and how the file is opened.

In: a path. Out: a connection to a store that is what it must be, or a refusal; an older store gets the tables it lacks.
The triggers are a seat belt, the check is the proof. UPDATE and DELETE triggers do not stop INSERT OR REPLACE on a
plain connection, so a guard before INSERT demands the next numbers. `sqlite-utils transform()` drops triggers silently,
so `schema_problems` compares what stands in the file with what should.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from time import monotonic, sleep

from claimledger.errors import LedgerError

APPLICATION_ID = 0x434C4445
"""'CLDE' in the header of a desk store (SQLite `application_id`)."""

_APPEND_ONLY = (
    "CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{table}: append-only'); END",
    "CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{table}: append-only'); END",
)

_DRAFTS_AND_PUBLICATIONS = (
    """CREATE TABLE draft(
  draft_id INTEGER PRIMARY KEY,
  subject TEXT NOT NULL,
  key TEXT NOT NULL,
  base_sha256 TEXT,
  kind TEXT NOT NULL,
  author TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (length(trim(reason)) > 0),
  recorded_at TEXT NOT NULL,
  record TEXT NOT NULL CHECK (json_valid(record)),
  correction TEXT CHECK (correction IS NULL OR json_valid(correction))
) STRICT""",
    """CREATE TABLE publication(
  number INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL,
  subject TEXT NOT NULL,
  key TEXT NOT NULL,
  revision INTEGER NOT NULL,
  body TEXT NOT NULL,
  draft_id INTEGER REFERENCES draft(draft_id),
  UNIQUE (key, subject, revision)
) STRICT""",
    "CREATE INDEX draft_of ON draft(key, subject, draft_id)",
    """CREATE TRIGGER draft_next BEFORE INSERT ON draft BEGIN
  SELECT RAISE(ABORT, 'draft: append-only, the next number is demanded')
  WHERE new.draft_id IS NOT (SELECT coalesce(max(draft_id), 0) + 1 FROM draft);
END""",
    """CREATE TRIGGER publication_next BEFORE INSERT ON publication BEGIN
  SELECT RAISE(ABORT, 'publication: append-only, the next number is demanded')
  WHERE new.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM publication);
  SELECT RAISE(ABORT, 'publication: append-only, the next revision is demanded')
  WHERE new.revision IS NOT (
    SELECT coalesce(max(revision), 0) + 1 FROM publication WHERE key = new.key AND subject = new.subject);
END""",
    *(trigger.format(table=table) for table in ("draft", "publication") for trigger in _APPEND_ONLY),
)
_TEXTS_AND_DECISIONS = (
    """CREATE TABLE text(
  edition_sha256 TEXT PRIMARY KEY,
  article_id TEXT NOT NULL,
  content BLOB NOT NULL,
  origin TEXT NOT NULL,
  author TEXT NOT NULL,
  recorded_at TEXT NOT NULL
) STRICT""",
    """CREATE TABLE decision(
  decision_id INTEGER PRIMARY KEY,
  article_id TEXT NOT NULL,
  edition_sha256 TEXT NOT NULL,
  decided TEXT NOT NULL CHECK (decided IN ('accepted', 'dismissed', 'reopened', 'left_out')),
  quote_sha256 TEXT NOT NULL,
  position TEXT NOT NULL CHECK (json_valid(position)),
  quote TEXT NOT NULL CHECK (json_valid(quote)),
  claim_id TEXT,
  reason TEXT NOT NULL CHECK (length(trim(reason)) > 0),
  author TEXT NOT NULL,
  recorded_at TEXT NOT NULL
) STRICT""",
    "CREATE INDEX decision_of ON decision(article_id, decision_id)",
    """CREATE TRIGGER text_once BEFORE INSERT ON text BEGIN
  SELECT RAISE(ABORT, 'text: append-only, it stands here already')
  WHERE EXISTS (SELECT 1 FROM text WHERE edition_sha256 = new.edition_sha256);
END""",
    """CREATE TRIGGER decision_next BEFORE INSERT ON decision BEGIN
  SELECT RAISE(ABORT, 'decision: append-only, the next number is demanded')
  WHERE new.decision_id IS NOT (SELECT coalesce(max(decision_id), 0) + 1 FROM decision);
END""",
    *(trigger.format(table=table) for table in ("text", "decision") for trigger in _APPEND_ONLY),
)
_PEOPLE = (
    """CREATE TABLE person_version(
  version_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  shown_name TEXT NOT NULL,
  roles TEXT NOT NULL CHECK (json_valid(roles)),
  language TEXT NOT NULL,
  is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
  author TEXT NOT NULL,
  recorded_at TEXT NOT NULL
) STRICT""",
    """CREATE TABLE account_event(
  event_id INTEGER PRIMARY KEY,
  event TEXT NOT NULL,
  name TEXT NOT NULL CHECK (length(name) <= 40),
  author TEXT,
  client_address TEXT CHECK (length(client_address) <= 64),
  user_agent TEXT CHECK (length(user_agent) <= 200),
  recorded_at TEXT NOT NULL
) STRICT""",
    """CREATE TABLE password(
  name TEXT PRIMARY KEY,
  hash TEXT NOT NULL,
  set_at TEXT NOT NULL
) STRICT""",
    """CREATE TABLE credential(
  token_sha256 TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('link', 'session', 'cli_token')),
  name TEXT NOT NULL,
  label TEXT NOT NULL,
  author TEXT NOT NULL,
  issued_at TEXT NOT NULL,
  expires_at TEXT,
  used_at TEXT
) STRICT""",
    """CREATE TABLE throttle(
  key TEXT PRIMARY KEY,
  failure_count INTEGER NOT NULL CHECK (failure_count > 0),
  last_failed_at TEXT NOT NULL,
  is_noted INTEGER NOT NULL CHECK (is_noted IN (0, 1))
) STRICT""",
    "CREATE INDEX person_version_of ON person_version(name, version_id)",
    "CREATE INDEX account_event_of ON account_event(name, event_id)",
    "CREATE INDEX credential_of ON credential(name, kind)",
    """CREATE TRIGGER person_version_next BEFORE INSERT ON person_version BEGIN
  SELECT RAISE(ABORT, 'person_version: append-only, the next number is demanded')
  WHERE new.version_id IS NOT (SELECT coalesce(max(version_id), 0) + 1 FROM person_version);
END""",
    """CREATE TRIGGER account_event_next BEFORE INSERT ON account_event BEGIN
  SELECT RAISE(ABORT, 'account_event: append-only, the next number is demanded')
  WHERE new.event_id IS NOT (SELECT coalesce(max(event_id), 0) + 1 FROM account_event);
END""",
    *(trigger.format(table=table) for table in ("person_version", "account_event") for trigger in _APPEND_ONLY),
)
VERSIONS: tuple[tuple[str, ...], ...] = (_DRAFTS_AND_PUBLICATIONS, _TEXTS_AND_DECISIONS, _PEOPLE)
"""The statements that lead from each version of the store to the next, from an empty one on; none is ever changed."""


BUSY_SECONDS = 30.0
"""How long a writer waits for another before it gives up."""

_SETTINGS = ("synchronous = FULL", "foreign_keys = ON", "recursive_triggers = ON", "cache_size = -65536")
_REASONS: Mapping[int, str] = {
    sqlite3.SQLITE_BUSY: f"another process has been writing for {BUSY_SECONDS:.0f} seconds. Try again when it is done.",
    sqlite3.SQLITE_FULL: "the disk is full. Make room and try again.",
    sqlite3.SQLITE_IOERR: "the disk does not answer. Look after it before you try again.",
    sqlite3.SQLITE_READONLY: "the file may not be written. Mind its permissions.",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened. Is the folder there, and may it be written?",
    sqlite3.SQLITE_NOTADB: "this is not a desk store. Move it away, and a new one is filled from the log.",
    sqlite3.SQLITE_CORRUPT: "the file is damaged. Restore it from a backup, or move it away, and a new one is filled "
    "from the log; drafts that are not published stand in it alone.",
}


class DeskUnusable(LedgerError):
    """The desk's store cannot be read or written just now; nothing was changed."""

    def __init__(self, path: Path, reason: str) -> None:
        """Name the file and say what SQLite met."""
        super().__init__(f"{path}: {reason} Nothing was changed.")


class DeskAltered(LedgerError):
    """The desk's tables or triggers are not what they must be, or it holds what does not chain."""

    def __init__(self, path: Path, findings: Sequence[str]) -> None:
        """List what was found, one a line."""
        remedy = "Nothing was changed. Restore the file from a backup, or move it away to refill it from the log."
        super().__init__("\n".join([*(f"{path}: {finding}" for finding in findings), remedy]))


def refusal(path: Path, error: BaseException) -> DeskUnusable | None:
    """Return the refusal for what SQLite met outside the program, such as a full disk or another writer."""
    reason = _REASONS.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    return DeskUnusable(path, reason) if reason else None


def open_desk(path: Path) -> sqlite3.Connection:
    """Open the desk's store for writing, or make it.

    Raises:
        DeskAltered: it is another database, or a table or trigger was changed or taken away.
        DeskUnusable: it cannot be opened, read or written.
    """
    connection: sqlite3.Connection | None = None
    try:
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        _make_ready(connection, path)
    except BaseException as error:
        if connection:
            connection.close()
        if unusable := refusal(path, error):
            raise unusable from error
        raise
    return connection


def _make_ready(connection: sqlite3.Connection, path: Path) -> None:
    if not _is_empty(connection) and not _is_desk_store(connection):
        raise DeskAltered(path, ["it is another database, no desk store."])
    _patiently(lambda: connection.execute("PRAGMA journal_mode = WAL"))
    for setting in _SETTINGS:
        connection.execute(f"PRAGMA {setting}")
    connection.execute("BEGIN IMMEDIATE")
    if (version := _version(connection)) > len(VERSIONS):
        raise DeskAltered(path, ["a newer claimledger made it. Install that one."])
    if problems := schema_problems(connection):
        raise DeskAltered(path, problems)
    _create_tables(connection, VERSIONS[version:])
    connection.execute("COMMIT")


def _patiently(change: Callable[[], object]) -> None:
    """Do what SQLite refuses at once, instead of waiting, while another process does the same."""
    deadline = monotonic() + BUSY_SECONDS
    while True:
        try:
            change()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > deadline:
                raise
            sleep(0.01)
        else:
            return


def _create_tables(connection: sqlite3.Connection, versions: Sequence[Sequence[str]]) -> None:
    for statement in (statement for version in versions for statement in version):
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {len(VERSIONS)}")


def _version(connection: sqlite3.Connection) -> int:
    """Return how many of `VERSIONS` made the store; the first did not write its number."""
    written: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return written or int(not _is_empty(connection))


def _is_desk_store(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID)


def _is_empty(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone() is None


def schema_problems(connection: sqlite3.Connection) -> list[str]:
    """Return a sentence for each table, index, view or trigger that is missing, changed or not ours."""
    return list(_problems(_standing(connection), _demanded(_version(connection))))


_Objects = Mapping[tuple[str, str], str]
"""(table, index, view or trigger; name) to SQL."""


def _problems(standing: _Objects, demanded: _Objects) -> Iterator[str]:
    for (sort, name), sql in demanded.items():
        if (sort, name) not in standing:
            yield f"The {sort} '{name}' is missing, so nothing vouches for what was appended."
        elif standing[sort, name] != sql:
            yield f"The {sort} '{name}' was changed, so nothing vouches for what was appended."
    yield from (
        f"The {sort} '{name}' does not belong here." for sort, name in sorted(standing.keys() - demanded.keys())
    )


def _standing(connection: sqlite3.Connection) -> _Objects:
    """Return everything but what SQLite makes for itself (indexes of keys, statistics)."""
    rows = connection.execute("SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
    return {(sort, name): sql for sort, name, sql in rows}


@cache
def _demanded(version: int) -> _Objects:
    with closing(sqlite3.connect(":memory:")) as fresh:
        _create_tables(fresh, VERSIONS[:version])
        return _standing(fresh)
