"""The tables of the desk's store: compared object by object, and completed when an older program made them."""

from __future__ import annotations

import importlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from claimledger.checks import desk_store_check
from claimledger.newsroom import schema
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.schema import DeskAltered, DeskUnusable, schema_problems
from claimledger.newsroom.schema_versions import VERSIONS
from claimledger.newsroom.store import DeskStore

desk_ledger = importlib.import_module("tests.desk_ledger")
TABLES = ("draft", "publication")


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    ledger: LedgerPaths = desk_ledger.with_desk(tmp_path / "ledger")
    return ledger


def rows(path: Path) -> list[list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as connection:
        return [connection.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES]  # noqa: S608


GONE = {("INDEX", "work_order")}
"""What a newer version of the store does without."""


def test_a_schema_is_compared_object_by_object() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"PRAGMA user_version = {len(VERSIONS)}")
        statements = [one for version in VERSIONS for one in version if one.startswith(("CREATE", "ALTER", "DROP"))]
        made = {tuple(one.replace("(", " ").split()[1:3]) for one in statements if one.startswith("CREATE")}
        assert len(schema_problems(connection)) == len(made - GONE)
        for statement in statements:
            connection.execute(statement)
        assert schema_problems(connection) == []
        connection.execute("CREATE VIEW draft_next AS SELECT 1")
        assert [one.sentence() for one in schema_problems(connection)] == [
            "The view 'draft_next' does not belong here."
        ]


def made_by(version: int, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        schema._create_tables(connection, VERSIONS[:version])
        connection.execute(f"PRAGMA user_version = {0 if version == 1 else version}")
        connection.commit()


@pytest.mark.slow
@pytest.mark.parametrize("version", range(1, len(VERSIONS)))
def test_an_older_store_gets_the_tables_it_lacks(places: LedgerPaths, version: int) -> None:
    before = rows(places.desk)
    places.desk.unlink()
    made_by(version, places.desk)
    with closing(sqlite3.connect(places.desk)) as older, older:
        for table, found in zip(TABLES, before, strict=True):
            older.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(found[0]))})", found)  # noqa: S608
    assert desk_store_check.check_store(places).problems == ()
    desk_ledger.opened(places).close()
    assert rows(places.desk) == before
    assert desk_store_check.check_store(places).problems == ()


def test_a_store_of_a_newer_program_is_left_as_it_is(places: LedgerPaths) -> None:
    with closing(sqlite3.connect(places.desk)) as connection, connection:
        connection.execute(f"PRAGMA user_version = {len(VERSIONS) + 1}")
    with pytest.raises(DeskAltered, match=r"A newer claimledger made it\. Install that one"):
        desk_ledger.opened(places)


def test_whoever_only_reads_does_not_wait_for_a_writer(places: LedgerPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "BUSY_SECONDS", 0.05)
    with desk_ledger.opened(places) as writer, writer.writing():
        with DeskStore(places.desk, places.log, is_known=True) as reader:
            assert reader.connection.execute("SELECT count(*) FROM draft").fetchone()
        with pytest.raises(DeskUnusable, match="another process has been writing"):
            DeskStore(places.desk, places.log)  # whoever settles store and log does
