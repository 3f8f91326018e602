"""The field table: described, indexed and linked columns, and the resulting schema."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from claimledger.publishing.columns import Table
from claimledger.publishing.tables import BOOKKEEPING, CLAIMS, SEARCHED_TABLES, TABLES

SCHEMA = Path(__file__).parent / "snapshots" / "ledger_schema.sql"
HANGUL = re.compile("[가-힣]")

EVERY_TABLE = [*TABLES, *BOOKKEEPING]
each_table = pytest.mark.parametrize("table", EVERY_TABLE, ids=lambda table: table.name)


def current_schema() -> str:
    statements = [sql for table in EVERY_TABLE for sql in (table.create_sql, *table.index_sql)]
    return ";\n".join([*statements, *(table.create_search_sql for table in SEARCHED_TABLES)]) + ";\n"


def test_schema_matches_the_snapshot() -> None:
    """After a change of the schema, change FORMAT too and print the file again with `current_schema()`."""
    assert current_schema() == SCHEMA.read_text(encoding="utf-8")


@each_table
def test_tables_and_columns_are_described_in_english_and_korean(table: Table) -> None:
    for meaning in (table.meaning, *(column.meaning for column in table.columns)):
        assert meaning.english.endswith((".", "…")) or "…" in meaning.english
        assert meaning.english.isprintable()
        assert not HANGUL.search(meaning.english)
        assert HANGUL.search(meaning.korean)


@each_table
def test_every_facet_and_foreign_key_is_indexed(table: Table) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(current_schema())
        first_columns = {index.columns[0] for index in Database(connection).table(table.name).indexes} | {table.key[0]}
        wanted = {*table.facets, *(column.name for column in table.columns if column.meaning.names)}
        assert wanted <= first_columns


FACET_SQL = (
    "SELECT {facet} AS value, count(*) AS count FROM (SELECT * FROM claims WHERE {filtered} = ?) "
    "WHERE {facet} IS NOT NULL GROUP BY {facet} ORDER BY count DESC, value LIMIT 31"
)
"""The query with which Datasette counts a facet of a filtered table."""


@pytest.mark.parametrize("filtered", CLAIMS.filters)
def test_common_filters_use_an_index_for_facets_and_order(filtered: str) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(current_schema())

        def plan(sql: str) -> str:
            return "; ".join(step for *_, step in connection.execute(f"EXPLAIN QUERY PLAN {sql}", ("",)))

        for facet in CLAIMS.facets:
            found = plan(FACET_SQL.format(facet=facet, filtered=filtered))
            assert "COVERING INDEX" in found, facet
            assert "GROUP BY" not in found, facet
        found = plan(f"SELECT * FROM claims WHERE {filtered} = ? ORDER BY {CLAIMS.sort_desc} DESC LIMIT 101")  # noqa: S608
        assert "SEARCH" in found
        assert "ORDER BY" not in found


@each_table
def test_foreign_keys_refer_to_primary_keys(table: Table) -> None:
    keys = {other.name: other.key for other in TABLES}
    for column in table.columns:
        if column.meaning.names:
            other, key = column.meaning.names.split(".")
            assert keys[other] == (key,)
            assert f'"{column.name}" TEXT' in table.create_sql
            assert f'REFERENCES "{other}" ("{key}")' in table.create_sql


@each_table
def test_label_and_sort_columns_are_required(table: Table) -> None:
    required = {column.name for column in table.columns if column.is_required}
    assert {table.label, table.sort_desc} - {""} <= required


@each_table
def test_only_amount_columns_have_no_fixed_type(table: Table) -> None:
    loose = {column.name for column in table.columns if column.sql_type == "ANY"}
    assert loose == {"amount", "low", "high"} & set(table.header)


def test_claims_table_begins_with_id_and_statements() -> None:
    assert CLAIMS.header[:3] == ("claim_id", "statement_en", "statement_ko")
    assert CLAIMS.header[-1] == "record_state"
    assert len(CLAIMS.header) == len(set(CLAIMS.header))


def test_search_index_contains_no_text() -> None:
    assert all("USING fts5(grams, content=''" in table.create_search_sql for table in SEARCHED_TABLES)
