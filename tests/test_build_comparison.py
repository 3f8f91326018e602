"""A comparison with a fresh build finds every way in which a ledger.db can differ from the log.

A change writes only what it changes, so a fault of it would stay in the file until someone compares. Here each table,
also the hidden ones, the row numbers and the search are altered in turn.
"""

# ruff: noqa: S608  names come from the field table

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from made_ledger import EARLIER_CHECK, JOBS, PORT_NAMES, SAID, SPEED, made_entries, made_log, write_texts

from claimledger.errors import Problem
from claimledger.publishing import build_comparison, ledger_db
from claimledger.publishing.columns import Column, Table
from claimledger.publishing.tables import BOOKKEEPING, TABLES

each_table = pytest.mark.parametrize("table", [*TABLES, *BOOKKEEPING], ids=lambda table: table.name)


@pytest.fixture(scope="module")
def complete_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a ledger in which no table is empty: with a text that may be published, and with a silent edit."""
    path, log = tmp_path_factory.mktemp("complete") / "ledger.db", made_log()
    log.add(PORT_NAMES)
    log.add(EARLIER_CHECK)
    log.add({**JOBS, "statement": {"en": "Automation cost 121 jobs."}, "verdicts": [SAID]}, "update")
    ledger_db.build_ledger_db(log.entries, path, write_texts(path.parent))
    return path


@pytest.fixture(scope="module")
def built_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("built") / "ledger.db"
    ledger_db.build_ledger_db(made_entries(), path)
    return path


@pytest.fixture
def copy(built_ledger: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(built_ledger, tmp_path / "ledger.db"))


def other_value(column: Column) -> str:
    name = f'"{column.name}"'
    if column.sql_type == "INTEGER":
        return f"coalesce({name}, 0) + 1000000000"
    if column.sql_type == "ANY":
        return f"CASE typeof({name}) WHEN 'integer' THEN {name} * 1.0 WHEN 'null' THEN 0 ELSE {name} || '' END"
    return f"coalesce({name}, '') || '.'"


def find_differences_after(built_ledger: Path, copy: Path, statement: str) -> list[Problem]:
    """Return the differences found in a copy that one statement altered."""
    shutil.copy(built_ledger, copy)
    with closing(sqlite3.connect(copy)) as copied, copied:
        copied.execute(statement)
    with ledger_db.open_read_only(built_ledger) as connection:
        return build_comparison.compare_databases(connection, copy.as_uri(), "ledger.db")


@pytest.mark.slow
@each_table
def test_every_altered_cell_is_found(table: Table, complete_ledger: Path, copy: Path) -> None:
    for column in table.columns:
        statement = f'UPDATE "{table.name}" SET "{column.name}" = {other_value(column)}'
        problems = find_differences_after(complete_ledger, copy, statement)
        expected = table.name if column.name in table.key else f"{table.name}.{column.name}"
        assert expected in {problem.field for problem in problems}
        assert {problem.code for problem in problems} == {"altered-projection"}


@pytest.mark.slow
@each_table
def test_every_missing_row_is_found(table: Table, complete_ledger: Path, copy: Path) -> None:
    with ledger_db.open_read_only(complete_ledger) as connection:
        (count,) = connection.execute(f'SELECT count(*) FROM "{table.name}"').fetchone()
    problems = find_differences_after(complete_ledger, copy, f'DELETE FROM "{table.name}"')
    assert [problem.field for problem in problems] == [table.name] * count
    assert all("the row is missing" in problem.sentence for problem in problems)


@pytest.mark.slow
@each_table
def test_every_invented_row_is_found(table: Table, complete_ledger: Path, copy: Path) -> None:
    key = table.columns[table.header.index(table.key[-1])]
    copied = ", ".join(other_value(key) if name == key.name else f'"{name}"' for name in table.header)
    columns = ", ".join(f'"{name}"' for name in table.header)
    one_more = f'INSERT INTO "{table.name}" ({columns}) SELECT {copied} FROM "{table.name}" LIMIT 1'
    (problem,) = find_differences_after(complete_ledger, copy, one_more)
    assert (problem.code, problem.field) == ("altered-projection", table.name)
    assert "the row is not in the log" in problem.sentence


def find_problems(copy: Path, *statements: str) -> list[Problem]:
    with closing(sqlite3.connect(copy)) as connection:
        for statement in statements:
            connection.executescript(statement)
    return ledger_db.find_differences(copy, made_entries())


def test_problem_says_where_what_and_how_to_fix_it(copy: Path) -> None:
    (problem,) = find_problems(copy, "UPDATE claims SET amount = 45 WHERE amount = 40")
    assert problem.code == "altered-projection"
    assert problem.sentence == f"Table claims, row {SPEED['claim_id']}: amount is 45, but 40 in the log."
    assert (problem.field, problem.file) == ("claims.amount", str(copy))
    assert "claimledger build" in problem.remedy


@pytest.mark.slow
@pytest.mark.parametrize(
    ("statement", "code", "name"),
    [
        ("DROP INDEX claims_by_source", "altered-schema", "claims_by_source"),
        ("CREATE INDEX more ON claims (note_en)", "altered-schema", "more"),
        ("CREATE VIEW shown AS SELECT 1", "altered-schema", "shown"),
        ("CREATE TRIGGER late AFTER UPDATE ON claims BEGIN SELECT 1; END", "altered-schema", "late"),
        ("ALTER TABLE claims ADD COLUMN rating TEXT", "altered-schema", "claims"),
        ("DROP TABLE vocabulary", "altered-schema", "vocabulary"),
        ("ALTER TABLE claims RENAME COLUMN kind TO sort", "altered-schema", "claims"),
        ("ANALYZE", "altered-schema", "sqlite_stat1"),
        ("DROP TABLE claims_fts", "altered-schema", "claims_fts"),
        ("UPDATE claims SET rowid = rowid + 100", "altered-projection", "claims.rowid"),
        ("INSERT INTO claims_fts (rowid, grams) VALUES (1, '하늘')", "altered-search", "claims_fts"),
        ("INSERT INTO claims_fts (rowid, grams) VALUES (99, '하늘')", "altered-search", "claims_fts"),
        ("INSERT INTO claims_fts (claims_fts) VALUES ('delete-all')", "altered-search", "claims_fts"),
        ("UPDATE claims_fts_docsize SET sz = x'00'", "altered-search", "claims_fts"),
    ],
)  # fmt: skip
def test_every_altered_object_is_found(statement: str, code: str, name: str, copy: Path) -> None:
    assert (code, name) in {(problem.code, problem.field) for problem in find_problems(copy, statement)}


@pytest.mark.slow
def test_different_index_layout_is_not_a_difference(copy: Path) -> None:
    assert find_problems(copy, "INSERT INTO claims_fts (claims_fts) VALUES ('optimize'); VACUUM") == []


def flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-8192])


@pytest.mark.slow
@pytest.mark.parametrize(
    "damage",
    [cut, lambda path: path.write_bytes(b"x" * 8192), lambda path: flip(path, 8192 * 3)],
    ids=["cut", "foreign", "bit"],
)
def test_damaged_file_is_a_problem_and_not_a_crash(damage: Callable[[Path], None], copy: Path) -> None:
    damage(copy)
    problems = ledger_db.find_differences(copy, made_entries())
    assert problems
    assert {problem.code for problem in problems} <= {
        "unreadable-projection",
        "damaged-projection",
        "altered-projection",
        "altered-schema",
        "altered-search",
    }


@pytest.mark.slow
def test_comparison_leaves_no_files_and_changes_nothing(copy: Path) -> None:
    before = copy.read_bytes()
    assert ledger_db.find_differences(copy, made_entries()) == []
    assert copy.read_bytes() == before
    assert [file.name for file in copy.parent.iterdir()] == ["ledger.db"]
