"""A database enters WAL mode also while others read it."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from claimledger.wal_mode import enter_wal_mode


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "made-up.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE kept(name)")
    return path


@contextmanager
def open_database(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)) as connection:
        yield connection


def test_database_enters_wal_mode_once_its_reader_ends(path: Path) -> None:
    with open_database(path) as reader, open_database(path) as writer:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM kept").fetchall()
        end = threading.Timer(0.05, reader.execute, ("COMMIT",))
        end.start()
        enter_wal_mode(writer, wait_seconds=30)
        end.join()
        assert writer.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_reader_that_stays_is_an_error(path: Path) -> None:
    with open_database(path) as reader, open_database(path) as writer:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM kept").fetchall()
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            enter_wal_mode(writer, wait_seconds=0)
        assert writer.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_other_errors_are_not_waited_for(path: Path) -> None:
    with (
        closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        enter_wal_mode(connection, wait_seconds=3600)
