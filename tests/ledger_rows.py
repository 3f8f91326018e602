"""Everything that a ledger.db contains, for tests that compare two of them: rows, row numbers and search tokens."""

# ruff: noqa: S608  names come from the field table

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import msgspec

from claimledger.publishing.columns import Table, sql_identifiers
from claimledger.publishing.tables import BOOKKEEPING, SEARCHED_TABLES, TABLES

Contents = Mapping[str, list[bytes]]
"""The rows of each table in the order of their keys, as JSON, in which 1 and 1.0 differ; with those of the search."""
_TOKENS = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS temp.{index}_tokens USING fts5vocab(main, {index}, instance)",
    "SELECT doc, term, offset FROM temp.{index}_tokens ORDER BY doc, offset, term",
    "SELECT id, sz FROM {index}_docsize ORDER BY id",
)


def contents(connection: sqlite3.Connection) -> Contents:
    """Return all that an open database contains."""
    found = {table.name: rows_of(connection, table) for table in (*TABLES, *BOOKKEEPING)}
    for index in (table.search_index for table in SEARCHED_TABLES):
        create, tokens, sizes = (sql.format(index=index) for sql in _TOKENS)
        connection.execute(create)
        found[f"{index} tokens"] = [*map(msgspec.json.encode, connection.execute(tokens))]
        found[f"{index} sizes"] = [*map(msgspec.json.encode, connection.execute(sizes))]
    return found


def rows_of(connection: sqlite3.Connection, table: Table) -> list[bytes]:
    """Return the rows of a table in the order of their keys, with row numbers."""
    sql = f'SELECT {sql_identifiers(table.stored)} FROM "{table.name}" ORDER BY {sql_identifiers(table.key)}'
    return [*map(msgspec.json.encode, connection.execute(sql))]


def file_contents(path: Path) -> Contents:
    """Return all that a file contains, with what is still in its write-ahead log."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        return contents(connection)


def assert_same(one: Contents, other: Contents) -> None:
    """Assert that two databases contain the same, and name the tables and rows that differ."""
    different = {
        name: (sorted({*one[name]} - {*other[name]})[:5], sorted({*other[name]} - {*one[name]})[:5])
        for name in one
        if one[name] != other[name]
    }
    assert different == {}
