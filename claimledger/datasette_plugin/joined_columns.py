"""Faster reading of a table for CSV: SQLite joins adjacent columns with few different values into one cell.

A joined cell is a JSON array, so that nothing is ambiguous. Only columns whose type SQLite guarantees as text or whole
number are joined, and only those that have few different values in a sample. The rows and their order stay the same.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from datasette.utils import escape_sqlite

if TYPE_CHECKING:
    from claimledger.datasette_plugin.table_query import TableQuery

SAMPLE_ROWS = 512
MOST_DIFFERENT = 64
"""The largest number of different joined cells in the sample."""
_EXACT_TYPES = frozenset({"TEXT", "INTEGER", "INT"})


class JoinedRows(NamedTuple):
    """The rows of a table, some of whose columns are joined."""

    header: Sequence[str]
    widths: Sequence[int]
    """The number of columns in each cell of a row; a cell with more than one is a JSON array."""
    rows: Iterable[Sequence[object]]


def read_joined(connection: sqlite3.Connection, table: str, query: TableQuery) -> JoinedRows:
    """Return the rows of a table's query, with joined columns if that is possible."""
    header = [column[0] for column in connection.execute(f"{query.sql} limit 0", query.parameters).description]
    start, exact = f"select {_listed(header)} from ", _exact_columns(connection, table)  # noqa: S608  Datasette's own
    if not exact or not query.sql.startswith(start):
        return _plain(connection, header, query)
    sample = connection.execute(f"{query.sql} limit {SAMPLE_ROWS}", query.parameters).fetchall()
    if len(sample) < SAMPLE_ROWS:
        return _plain(connection, header, query)
    widths = list(_widths([name in exact for name in header], sample))
    sql = f"select {', '.join(_cells(header, widths))} from {query.sql.removeprefix(start)}"  # noqa: S608  the same
    with suppress(sqlite3.OperationalError):  # a SQLite without JSON
        return JoinedRows(header, widths, connection.execute(sql, query.parameters))
    return _plain(connection, header, query)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(escape_sqlite, names))


def _plain(connection: sqlite3.Connection, header: Sequence[str], query: TableQuery) -> JoinedRows:
    return JoinedRows(header, [1] * len(header), connection.execute(query.sql, query.parameters))


def _exact_columns(connection: sqlite3.Connection, table: str) -> frozenset[str]:
    """Return the columns of a table that contain only text, only whole numbers or nothing; none for a view."""
    with suppress(sqlite3.OperationalError):  # before SQLite 3.37 there are no strict tables
        found = connection.execute("SELECT 1 FROM pragma_table_list(?) WHERE strict AND type = 'table'", (table,))
        if found.fetchone():
            columns = connection.execute("SELECT name, type FROM pragma_table_info(?)", (table,))
            return frozenset(name for name, of in columns if of in _EXACT_TYPES)
    return frozenset()


def _widths(is_exact: Sequence[bool], rows: Sequence[Sequence[object]]) -> Iterator[int]:
    """Yield the numbers of adjacent columns to join: as many as have few different values together."""
    columns = list(zip(*rows, strict=True))
    first = 0
    while first < len(columns):
        end = first + 1
        while end < len(columns) and all(is_exact[first : end + 1]) and _has_few(columns[first : end + 1]):
            end += 1
        yield end - first
        first = end


def _has_few(columns: Sequence[Sequence[object]]) -> bool:
    return len(set(zip(*columns, strict=True))) <= MOST_DIFFERENT


def _cells(header: Sequence[str], widths: Iterable[int]) -> Iterator[str]:
    """Yield the SQL of each cell."""
    names = iter(header)
    for width in widths:
        joined = _listed(next(names) for _ in range(width))
        yield f"json_array({joined})" if width > 1 else joined
