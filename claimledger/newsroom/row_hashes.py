"""A hash of each row of `desk.db`, kept with it, so that `claimledger check` finds a row that a disk or a hand altered.

Triggers keep the hashes up to date; the function that they call exists only in connections of this program. The text of
an article and the body of a publication have hashes of their own, and the tables computed from others have none. The
hashes find faults; a person who can write the file can also compute them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from hashlib import sha256
from typing import NamedTuple

from claimledger.errors import Problem

_FUNCTION = "hash_of_row"
StoredValue = str | bytes | int | None


class HashedTable(NamedTuple):
    """A table whose rows have hashes."""

    name: str
    """Its name; its key is the first column."""
    columns: tuple[str, ...]
    """The columns that the hash covers."""
    is_mutable: bool = False
    """True if its rows can be changed and deleted."""

    @property
    def key(self) -> str:
        """The column that identifies a row."""
        return self.columns[0]


def _table(name: str, columns: str, *, is_mutable: bool = False) -> HashedTable:
    return HashedTable(name, tuple(columns.split()), is_mutable)


HASHED_TABLES: tuple[HashedTable, ...] = (
    _table("draft", "draft_id subject key base_sha256 kind author reason recorded_at record correction"),
    _table("publication", "number sha256 subject key revision draft_id"),
    _table("text", "edition_sha256 article_id origin author recorded_at"),
    _table(
        "decision",
        "decision_id article_id edition_sha256 decided quote_sha256 position quote claim_id reason author recorded_at",
    ),
    _table("act", "act_id action claim_id question actor reason draft_id detail recorded_at"),
    _table(
        "capture",
        "capture_id document_id name final_address status headers redirects media_type size content_sha256 text_sha256 "
        "warc_sha256 fetched_at author recorded_at",
    ),
    _table("excerpt", "excerpt_id claim_id document_id capture_id exact position quote author recorded_at"),
    _table("withheld", "document_id document author recorded_at"),
    _table("saving", "saving_id capture_id claim_id author recorded_at"),
    _table(
        "foreign_review",
        "review_id url publisher claim_text claimant rating reviewed_on language title author recorded_at",
    ),
    _table("claim_review", "review_id review_sha256 record origin author recorded_at"),
    _table("report", "report_id claim_id text recorded_at"),
    _table("report_contact", "report_id contact", is_mutable=True),
    _table("report_event", "event_id report_id event reason author recorded_at"),
    _table("report_flagged", "report_id"),
    _table("person_version", "version_id name shown_name roles language is_active author recorded_at"),
    _table("earlier_people", "name recorded_at"),
    _table("account_event", "event_id event name author client_address user_agent recorded_at"),
    _table("password", "name hash set_at", is_mutable=True),
    _table("credential", "token_sha256 kind name label author issued_at expires_at used_at", is_mutable=True),
)
"""The tables and the columns of version 3 of the store."""
_ADDRESS_TABLE = _table("person_address", "change_id name address author recorded_at")
"""The table of version 5 of the store."""
_CHOICE_TABLE = _table("notice_choice", "name feed_sha256 by_mail changed_at", is_mutable=True)
"""The table of version 6 of the store."""
SUGGESTION_TABLES: tuple[HashedTable, ...] = (
    _table(
        "model_request",
        "request_id article_id claim_id document_id task language suggester model key_sha256 prompt_sha256 "
        "input_sha256 most_tokens most_cost currency author recorded_at",
    ),
    _table(
        "model_answer",
        "request_id outcome model tokens_in tokens_out is_estimated cost milliseconds recorded_at",
    ),
    _table("answer_text", "request_id text", is_mutable=True),
    _table("suggestion", "suggestion_id request_id position state reasons"),
    _table("suggestion_decision", "decision_id suggestion_id choice claim_id author recorded_at"),
)
"""The tables of version 7 of the store."""


def hash_of_row(*values: StoredValue) -> int:
    """Return 64 bits of the SHA-256 of a row's values; a text has the hash of its UTF-8 bytes.

    >>> hash_of_row(1, "한빛") == hash_of_row(1, "한빛".encode()) != hash_of_row(1, "한", "빛")
    True
    """
    digest = sha256()
    for value in values:
        if value is None or isinstance(value, int):
            digest.update(f"{value};".encode())
        else:
            content = value.encode() if isinstance(value, str) else value
            digest.update(b"%d:%b;" % (len(content), content))
    return int.from_bytes(digest.digest()[:8], "big", signed=True)


def register_row_hash(connection: sqlite3.Connection) -> None:
    """Add the function that the triggers call to a connection."""
    connection.create_function(_FUNCTION, -1, hash_of_row, deterministic=True)


def _hash_sql(table: HashedTable, row: str) -> str:
    """Return the SQL of the values of a row of `row_hash`; `row` is `new.`, or empty for a query of the table."""
    columns = ", ".join(f"{row}{column}" for column in table.columns)
    return f"'{table.name}', {row}{table.key}, {_FUNCTION}({columns})"


def hash_triggers(table: HashedTable) -> Iterator[str]:
    """Yield the triggers that keep the hashes of a table."""
    name = table.name
    insert = f"INSERT INTO row_hash VALUES ({_hash_sql(table, 'new.')});"  # noqa: S608  ours
    delete = f"DELETE FROM row_hash WHERE table_name = '{name}' AND key = old.{table.key};"  # noqa: S608  ours
    yield f"CREATE TRIGGER {name}_hash AFTER INSERT ON {name} BEGIN {insert} END"
    if table.is_mutable:
        yield f"CREATE TRIGGER {name}_hash_changed AFTER UPDATE ON {name} BEGIN {delete} {insert} END"
        yield f"CREATE TRIGGER {name}_hash_gone AFTER DELETE ON {name} BEGIN {delete} END"


def change_triggers(name: str) -> tuple[str, ...]:
    """Return the trigger that replaces the hash of a changed row of an append-only table."""
    (table,) = (one for one in (*HASHED_TABLES, _ADDRESS_TABLE) if one.name == name)
    return tuple(one for one in hash_triggers(table._replace(is_mutable=True)) if "AFTER UPDATE" in one)


ROW_HASHES = (
    """CREATE TABLE row_hash(
  table_name TEXT NOT NULL,
  key ANY NOT NULL,
  hash INTEGER NOT NULL,
  PRIMARY KEY (table_name, key)
) STRICT, WITHOUT ROWID""",
    *(
        f"INSERT INTO row_hash SELECT {_hash_sql(table, '')} FROM {table.name}"  # noqa: S608  ours
        for table in HASHED_TABLES
    ),
    *(trigger for table in HASHED_TABLES for trigger in hash_triggers(table)),
)
"""The statements that add the hashes; an older store gets those of the rows that it has."""
ADDRESS_HASHES = tuple(hash_triggers(_ADDRESS_TABLE))
"""The statements that add the hashes of e-mail addresses."""
CHOICE_HASHES = tuple(hash_triggers(_CHOICE_TABLE))
"""The statements that add the hashes of people's choices for notices."""


def altered_rows(connection: sqlite3.Connection) -> Iterator[Problem]:
    """Yield a problem for each row whose hash is another one or is missing, and for each hash whose row is missing."""
    connection.text_factory = bytes  # an altered text may be no UTF-8
    for table in (*HASHED_TABLES, *_later_tables(connection)):
        columns = ", ".join(f"t.{column}" for column in table.columns)
        same_row = f"h.table_name = '{table.name}' AND h.key = +t.{table.key}"  # with +, SQLite can use the key of h
        sql = f"SELECT h.hash, {columns} FROM {table.name} AS t LEFT JOIN row_hash AS h ON {same_row}"  # noqa: S608
        for known, *values in connection.execute(sql):
            if known != hash_of_row(*values):
                yield Problem("altered-row", file="desk.db", table=table.name, row=_abbreviate_key(values[0]))
        lost = (
            f"SELECT key FROM row_hash AS h WHERE table_name = '{table.name}' "  # noqa: S608  ours
            f"AND NOT EXISTS (SELECT 1 FROM {table.name} AS t WHERE t.{table.key} = h.key)"
        )
        for (key,) in connection.execute(lost):
            yield Problem("altered-row/lost", file="desk.db", table=table.name, row=_abbreviate_key(key))
    yield from _altered_texts(connection)


def _later_tables(connection: sqlite3.Connection) -> Iterator[HashedTable]:
    """Yield the tables of later versions that the store has."""
    for table in (_ADDRESS_TABLE, _CHOICE_TABLE, *SUGGESTION_TABLES):
        if connection.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", (table.name,)).fetchone():
            yield table


def _altered_texts(connection: sqlite3.Connection) -> Iterator[Problem]:
    for edition, content in connection.execute("SELECT edition_sha256, content FROM text"):
        if sha256(content).hexdigest().encode() != edition:
            yield Problem("altered-row/text", file="desk.db", table="text", row=_abbreviate_key(edition))


def _abbreviate_key(key: object) -> str:
    """Return a key for a message; only the first digits of a hash, which may be that of a secret."""
    return (key.decode(errors="replace") if isinstance(key, bytes) else str(key))[:12]
