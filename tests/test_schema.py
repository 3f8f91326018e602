"""The schema of the desk database: compared object by object, and upgraded from older versions."""

from __future__ import annotations

import importlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from claimledger.checks import desk_store_check
from claimledger.newsroom import schema
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.schema import (
    APPLICATION_ID, DEVELOPMENT_ID, LAST_DEVELOPMENT_VERSION, DeskAltered, DeskTooNew, DeskUnusable, schema_problems,
)  # fmt: skip
from claimledger.newsroom.log_comparison import Comparison
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


def header(path: Path) -> tuple[int, int]:
    """Return the `application_id` and the `user_version`."""
    with closing(sqlite3.connect(path)) as connection:
        names = ("application_id", "user_version")
        application_id, user_version = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names)
    return application_id, user_version


def write_development_header(path: Path, version: int) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA application_id = {DEVELOPMENT_ID}")
        connection.execute(f"PRAGMA user_version = {version}")


def test_a_schema_is_compared_object_by_object() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"PRAGMA user_version = {len(VERSIONS)}")
        statements = [one for version in VERSIONS for one in version if one.startswith(("CREATE", "DROP"))]
        dropped = sum(one.startswith("DROP") for one in statements)
        assert len(schema_problems(connection)) == len(statements) - 2 * dropped
        for statement in statements:
            connection.execute(statement)
        assert schema_problems(connection) == []
        connection.execute("CREATE VIEW draft_next AS SELECT 1")
        assert [one.sentence() for one in schema_problems(connection)] == [
            "The view 'draft_next' does not belong here."
        ]


def test_tables_of_litestream_are_no_alteration(places: LedgerPaths) -> None:
    with closing(sqlite3.connect(places.desk)) as connection:
        connection.execute("CREATE TABLE _litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER)")
        connection.execute("CREATE TABLE _litestream_lock (id INTEGER)")
        assert schema_problems(connection) == []
        connection.execute("CREATE TRIGGER _litestream_seq AFTER INSERT ON draft BEGIN SELECT 1; END")
        assert len(schema_problems(connection)) == 1


def test_new_store_has_the_newest_version(places: LedgerPaths) -> None:
    assert header(places.desk) == (int.from_bytes(b"CLNR"), len(VERSIONS))


def undo_later_versions(path: Path) -> None:
    """Remove what the versions after the first have added."""
    with closing(sqlite3.connect(path)) as connection:
        expected = schema._expected_objects(1)
        for kind, name in schema._existing_objects(connection).keys() - expected.keys():
            connection.execute(f"DROP {kind} IF EXISTS {name}")  # a trigger goes with its table
        existing = schema._existing_objects(connection)
        for (kind, name), sql in expected.items():  # what a later version replaced or removed
            if existing.get((kind, name)) != sql:
                connection.execute(f"DROP {kind} IF EXISTS {name}")
                connection.execute(sql)
        connection.execute("PRAGMA user_version = 1")


def test_store_of_the_last_development_version_is_upgraded(places: LedgerPaths) -> None:
    before = rows(places.desk)
    undo_later_versions(places.desk)
    write_development_header(places.desk, LAST_DEVELOPMENT_VERSION)
    assert desk_store_check.check_store(places).problems == ()
    desk_ledger.opened(places).close()
    assert (header(places.desk), rows(places.desk)) == ((APPLICATION_ID, len(VERSIONS)), before)
    assert desk_store_check.check_store(places).problems == ()


def test_altered_development_store_is_not_migrated(places: LedgerPaths) -> None:
    undo_later_versions(places.desk)
    write_development_header(places.desk, LAST_DEVELOPMENT_VERSION)
    with closing(sqlite3.connect(places.desk)) as connection:
        connection.execute("DROP TRIGGER draft_no_update")
    with pytest.raises(DeskAltered, match="'draft_no_update' is missing"):
        desk_ledger.opened(places)
    assert header(places.desk) == (DEVELOPMENT_ID, LAST_DEVELOPMENT_VERSION)


@pytest.mark.parametrize("version", [0, 1, LAST_DEVELOPMENT_VERSION - 1, LAST_DEVELOPMENT_VERSION + 1])
def test_other_development_store_is_refused_unchanged(places: LedgerPaths, version: int) -> None:
    write_development_header(places.desk, version)
    before = places.desk.read_bytes()
    with pytest.raises(DeskUnusable, match=r"development version .* Its drafts are still in it") as refused:
        desk_ledger.opened(places)
    assert "초안은 파일에 그대로 있습니다" in refused.value.text("ko")
    assert places.desk.read_bytes() == before
    (problem,) = desk_store_check.check_store(places).problems
    assert (problem.code, problem.file, "development version" in problem.sentence) == (
        "altered-schema",
        "desk.db",
        True,
    )


def test_older_store_becomes_the_newest_version(places: LedgerPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    before = rows(places.desk)
    next_one = ("CREATE TABLE holiday(day TEXT PRIMARY KEY) STRICT", "INSERT INTO holiday VALUES ('2031-05-05')")
    monkeypatch.setattr(schema, "VERSIONS", (*VERSIONS, next_one))
    assert desk_store_check.check_store(places).problems == ()
    with desk_ledger.opened(places) as store:
        assert store.connection.execute("SELECT day FROM holiday").fetchall() == [("2031-05-05",)]
    assert (header(places.desk), rows(places.desk)) == ((APPLICATION_ID, len(VERSIONS) + 1), before)
    assert desk_store_check.check_store(places).problems == ()
    desk_ledger.opened(places).close()  # the statements of a version run once


def test_failed_migration_leaves_the_older_version(places: LedgerPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        schema, "VERSIONS", (*VERSIONS, ("CREATE TABLE holiday(day)", "INSERT INTO nowhere VALUES (1)"))
    )
    with pytest.raises(sqlite3.OperationalError, match="no such table: nowhere"):
        desk_ledger.opened(places)
    monkeypatch.undo()
    assert (header(places.desk), desk_store_check.check_store(places).problems) == ((APPLICATION_ID, len(VERSIONS)), ())


def test_store_of_a_newer_version_stays_unchanged(places: LedgerPaths) -> None:
    with closing(sqlite3.connect(places.desk)) as connection, connection:
        connection.execute(f"PRAGMA user_version = {len(VERSIONS) + 1}")
    before = places.desk.read_bytes()
    with pytest.raises(DeskTooNew, match=rf"newer .* \(version {len(VERSIONS) + 1}; ") as refused:
        desk_ledger.opened(places)
    assert "더 새로운 claimledger를 설치하세요" in refused.value.text("ko")
    assert places.desk.read_bytes() == before


def test_reader_does_not_wait_for_a_writer(places: LedgerPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "BUSY_SECONDS", 0.05)
    with desk_ledger.opened(places) as writer, writer.writing():
        with DeskStore(places.desk, places.log, comparison=Comparison.NEWEST) as reader:
            assert reader.connection.execute("SELECT count(*) FROM draft").fetchone()
        desk_ledger.opened(places).close()  # nothing has changed
        with pytest.raises(DeskUnusable, match="another process has been writing"):
            DeskStore(places.desk, places.log, comparison=Comparison.ALL)  # a process that updates the store does wait
