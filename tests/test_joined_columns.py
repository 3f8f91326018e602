"""Columns that SQLite joins for the CSV give the same bytes as single columns (Datasette 0.65 and 1.0)."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from collections.abc import Iterator

import pytest
from datasette.utils import escape_sqlite
from hypothesis import given, strategies as st

from claimledger.datasette_plugin import joined_columns
from claimledger.datasette_plugin.joined_columns import SAMPLE_ROWS, read_joined
from claimledger.datasette_plugin.table_query import TableQuery
from claimledger.publishing.csv_exchange import CharacterNotInEncoding, Encoding, Guard, csv_chunks

pytestmark = pytest.mark.datasette_lines

SCHEMA = """
CREATE TABLE things (
  id INTEGER PRIMARY KEY, kind TEXT, "a ""b" TEXT, count INTEGER, share REAL, any ANY, note TEXT, state TEXT
) STRICT;
CREATE TABLE loose (id INTEGER PRIMARY KEY, kind TEXT, state TEXT);
CREATE VIEW seen AS SELECT * FROM things;
"""
NAMES = ("id", "kind", 'a "b', "count", "share", "any", "note", "state")
WORDS = (
    "both", "=1+1", "2022-10", 'say "no"', "a,b", "line\nbreak", "크레인", "", "\x1f", "\x00nul", "'tis", "-5", "👍",
)  # fmt: skip
TEXTS, NUMBERS = st.none() | st.sampled_from(WORDS), st.none() | st.integers(-(2**63), 2**63 - 1)
SHARES = st.none() | st.floats(allow_nan=False)
ROWS = st.tuples(TEXTS, TEXTS, NUMBERS, SHARES, TEXTS | NUMBERS | SHARES | st.binary(max_size=3), TEXTS, TEXTS)


@pytest.fixture(scope="module")
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as opened:
        opened.executescript(SCHEMA)
        yield opened


def query(table: str, names: tuple[str, ...] = NAMES, order: str = " order by kind desc") -> TableQuery:
    columns = ", ".join(map(escape_sqlite, names))
    return TableQuery(f"select {columns} from {table} where :one = 1{order}", {"one": 1})  # noqa: S608


def fill(connection: sqlite3.Connection, rows: list[tuple[object, ...]]) -> None:
    connection.execute("DELETE FROM things")
    connection.executemany(
        "INSERT INTO things VALUES (?, ?, ?, ?, ?, ?, ?, ?)", ((n, *row) for n, row in enumerate(rows))
    )


def both_ways(connection: sqlite3.Connection, asked: TableQuery, table: str, **how: object) -> tuple[bytes, bytes]:
    """Return the CSV with joined columns and with single ones."""
    found = read_joined(connection, table, asked)
    plain = connection.execute(asked.sql, asked.parameters)
    joined = b"".join(csv_chunks(found.header, found.rows, widths=found.widths, **how))  # type: ignore[arg-type]
    return joined, b"".join(csv_chunks([one[0] for one in plain.description], plain, **how))  # type: ignore[arg-type]


@pytest.mark.parametrize("guard", Guard)
@given(rows=st.lists(ROWS, min_size=1, max_size=30))
def test_joined_columns_give_the_same_bytes(
    connection: sqlite3.Connection, guard: Guard, rows: list[tuple[object, ...]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(joined_columns, "SAMPLE_ROWS", 1)
        fill(connection, rows)
        assert read_joined(connection, "things", query("things")).widths == [4, 1, 1, 2]
        joined, plain = both_ways(connection, query("things"), "things", guard=guard)
    assert joined == plain


def test_many_different_values_after_the_sample_give_the_same_bytes(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claimledger.publishing.csv_exchange._MAX_ARRAYS", 50)
    few = [("both", "=x", 1, None, None, "n", "s")] * SAMPLE_ROWS
    fill(connection, [*few, *((f"a{n}", f"={n}", n, None, None, str(n), "s") for n in range(900))])
    asked = query("things", order=" order by id")
    assert max(read_joined(connection, "things", asked).widths) > 1
    joined, plain = both_ways(connection, asked, "things")
    assert joined == plain


def test_columns_with_many_values_are_not_joined(connection: sqlite3.Connection) -> None:
    fill(connection, [(f"kind {n}", f"b {n}", n, None, None, f"note {n}", "s") for n in range(SAMPLE_ROWS)])
    assert read_joined(connection, "things", query("things")).widths == [1] * 8


@pytest.mark.parametrize(("table", "sql"), [
    ("loose", "select id, kind, state from loose"),
    ("seen", "select id, kind, state from seen"),
    ("things", "select kind, kind || state as state from things"),
    ("things", "select kind as state, state as kind from things"),
])  # fmt: skip
def test_other_queries_are_read_column_by_column(connection: sqlite3.Connection, table: str, sql: str) -> None:
    fill(connection, [("both", "b", 1, None, None, "n", "s")] * SAMPLE_ROWS)
    connection.execute("DELETE FROM loose")
    connection.execute("INSERT INTO loose SELECT id, kind, state FROM things")
    assert set(read_joined(connection, table, TableQuery(sql, {})).widths) == {1}


def test_character_in_joined_columns_is_named_by_its_column(connection: sqlite3.Connection) -> None:
    fill(connection, [*[("both", "b", 1, None, None, "n", "s")] * SAMPLE_ROWS, ("both", "👍", 1, None, None, "n", "s")])
    with pytest.raises(CharacterNotInEncoding) as raised:
        both_ways(connection, query("things", order=" order by id"), "things", encoding=Encoding.CP949)
    assert (raised.value.row, raised.value.column) == (SAMPLE_ROWS + 2, 'a "b')
