"""Measure other ways to keep the same records in SQLite, on the same log, in the same run.

Each peer has the newest version of every record in one table, or appends all versions. None of them checks a chain of
hashes, and none makes rows that follow from several records; `LACKS` says what else is missing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
import sqlite_utils
from bench_lines import Time
from bench_timing import Measurement, summarize, time_each, time_once

from claimledger.ledger.log import LogEntry

AT_ONCE = 10_000
"""The number of rows in a transaction when a whole log is loaded."""
SETTINGS = ("journal_mode = WAL", "synchronous = FULL", "cache_size = -65536")
"""The settings of `ledger.db` while it is changed; every peer has the same."""
COLUMNS = ("key", "subject", "revision", "kind", "recorded_at", "actor", "approver", "record")
Row = tuple[Any, ...]


class _Envelope(msgspec.Struct):
    subject: str
    key: str
    revision: int
    kind: str
    recorded_at: str
    authors: list[str]
    approver: str
    record: msgspec.Raw


_envelopes = msgspec.json.Decoder(_Envelope)


def peer_row(entry: LogEntry) -> Row:
    """Return an entry of the log as a row of `COLUMNS`."""
    one = _envelopes.decode(entry.body)
    key = f"{one.subject}/{one.key}"
    record = bytes(one.record).decode()
    return key, one.subject, one.revision, one.kind, one.recorded_at, one.authors[0], one.approver, record


class RawAppend:
    """Raw `sqlite3`: every version is appended."""

    name = "sqlite3.append"
    lacks = "No hashes, no newest state, no search, no counts; only the newest version by an index."
    schema = (
        "CREATE TABLE version (number INTEGER PRIMARY KEY, key TEXT, subject TEXT, revision INTEGER, kind TEXT, "
        "recorded_at TEXT, actor TEXT, approver TEXT, record TEXT)"
    )

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Make the table in an empty database."""
        self.connection = connection
        connection.execute(self.schema)

    def load(self, rows: Sequence[Row]) -> None:
        """Add many versions in one transaction."""
        with self.connection:
            self.connection.executemany(_INSERT_VERSION, rows)

    def change(self, row: Row) -> None:
        """Add one version in a transaction."""
        self.load([row])


_INSERT_VERSION = (
    "INSERT INTO version (key, subject, revision, kind, recorded_at, actor, approver, record) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)


class SqliteUtils:
    """`sqlite-utils`: the newest version of a record takes the place of the one before."""

    name = "sqlite-utils.upsert"
    lacks = "No history: the version before is gone."

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Make the table in an empty database."""
        self.connection = connection
        self.table = sqlite_utils.Database(connection).table("record")
        self.table.create({**dict.fromkeys(COLUMNS, str), "revision": int}, pk="key")

    def load(self, rows: Sequence[Row]) -> None:
        """Add or replace many records."""
        self.table.upsert_all((dict(zip(COLUMNS, row, strict=True)) for row in rows), pk="key")
        self.connection.commit()

    def change(self, row: Row) -> None:
        """Add or replace one record."""
        self.table.upsert(dict(zip(COLUMNS, row, strict=True)), pk="key")
        self.connection.commit()


class HistoryJson(SqliteUtils):
    """`sqlite-history-json`: triggers write each changed value to a second table as JSON."""

    name = "sqlite-history-json"
    lacks = (
        "No hashes, no approval. Times are those of the database's clock. A past state is put together from changes."
    )

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Make the table and its triggers."""
        import sqlite_history_json  # noqa: PLC0415  only in the environment of the peers

        super().__init__(connection)
        sqlite_history_json.enable_tracking(connection, "record", populate_table=False)
        self._state_sql = sqlite_history_json.row_state_sql(connection, "record")

    def read_state(self, key: str, version: int) -> object:
        """Return a record as of a version of the table."""
        return self.connection.execute(self._state_sql, {"pk": key, "pk_1": key, "target_id": version}).fetchone()


class Chronicle(SqliteUtils):
    """`sqlite-chronicle`: triggers write when each row changed last."""

    name = "sqlite-chronicle"
    lacks = "No old values: it records which rows changed since a version, without their content."

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Make the table and its triggers."""
        import sqlite_chronicle  # noqa: PLC0415  only in the environment of the peers

        super().__init__(connection)
        sqlite_chronicle.enable_chronicle(connection, "record")


PEERS: tuple[type[RawAppend | SqliteUtils], ...] = (RawAppend, SqliteUtils, HistoryJson, Chronicle)
LACKS: Mapping[str, str] = {peer.name: peer.lacks for peer in PEERS}
"""The limits of each peer, beside `ledger.db`."""


def measure_peers(
    folder: Path, entries: Iterable[LogEntry], changes: Sequence[LogEntry], ledger: tuple[str, int, int]
) -> Iterator[Measurement]:
    """Yield, for each peer, the time of loading a log and of each of some changes, and of reading a past state."""
    stored = [*map(peer_row, changes)]
    made = {peer: folder / f"{peer.name}.db" for peer in PEERS}
    for path in made.values():
        for old in folder.glob(f"{path.name}*"):
            old.unlink()
    loads: dict[str, list[Time]] = {peer.name: [] for peer in PEERS}
    connections = {peer: _open(path) for peer, path in made.items()}
    peers = [peer(connection) for peer, connection in connections.items()]
    rows = map(peer_row, entries)
    for some in iter(lambda: [*islice(rows, AT_ONCE)], []):
        for peer in peers:
            loads[peer.name].append(time_once(partial(peer.load, some)))
    for peer in peers:
        with closing(peer.connection):
            total = Time(*(sum(parts) for parts in zip(*loads[peer.name], strict=True)))
            yield summarize(f"load.{peer.name}", [total], ledger)
            times = time_each(partial(peer.change, row) for row in stored)
            yield summarize(f"change.{peer.name}", times, ledger, note=peer.lacks)
            if isinstance(peer, HistoryJson):
                yield summarize("as-of.sqlite-history-json", _past_states(peer, stored), ledger)


def _past_states(peer: HistoryJson, rows: Sequence[Row]) -> list[Time]:
    return time_each(partial(peer.read_state, row[0], 2**40) for row in rows)


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    for setting in SETTINGS:
        connection.execute(f"PRAGMA {setting}")
    return connection
