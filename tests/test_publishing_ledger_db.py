"""ledger.db: the same log gives the same file, a damaged log builds nothing, and an altered file is detected."""

# ruff: noqa: S608  names come from the field table

from __future__ import annotations

import multiprocessing
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from made_ledger import PRICE, SPEED, LogMaker, made_entries, write_log, write_texts

from claimledger.consistency import exchange_rates
from claimledger.errors import Problem
from claimledger.ledger.canonical import leaf_sha256, merkle_root
from claimledger.ledger.log import LogEntry, read_log
from claimledger.publishing import batches, build_comparison, filling, ledger_db
from claimledger.publishing.columns import Column, Table
from claimledger.publishing.ledger_db import LedgerDbUnreadable, RevisionUnusable
from claimledger.publishing.tables import CLAIMS, SEARCH_INDEX, TABLES

each_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)


@pytest.fixture(scope="module")
def built_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("built") / "ledger.db"
    ledger_db.build_ledger_db(made_entries(), path)
    return path


@pytest.fixture(scope="module")
def ledger_with_texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the ledger with the text that may be published, so that no table is empty."""
    path = tmp_path_factory.mktemp("complete") / "ledger.db"
    ledger_db.build_ledger_db(made_entries(), path, write_texts(path.parent))
    return path


@pytest.fixture
def copy(built_ledger: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(built_ledger, tmp_path / "ledger.db"))


@pytest.mark.slow
def test_same_log_gives_the_same_bytes(built_ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    again = tmp_path / "again.db"
    monkeypatch.setattr(filling, "RECORDS_A_BATCH", 3)
    ledger_db.build_ledger_db(iter(made_entries()), again)
    ledger_db.build_ledger_db(iter(made_entries()), again)
    assert again.read_bytes() == built_ledger.read_bytes()
    assert [file.name for file in tmp_path.iterdir()] == ["again.db"]


@pytest.mark.slow
@pytest.mark.parametrize("method", ["fork", pytest.param("spawn", marks=pytest.mark.slow)])
def test_file_does_not_depend_on_the_number_of_processes(
    method: str, built_ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"no {method} here")
    monkeypatch.setattr(batches, "_start_method", lambda: method)
    monkeypatch.setattr(filling, "RECORDS_A_BATCH", 2)
    ledger_db.build_ledger_db(made_entries(), tmp_path / "ledger.db", processes=2)
    assert (tmp_path / "ledger.db").read_bytes() == built_ledger.read_bytes()
    with pytest.raises(RevisionUnusable, match=r"Entry 15 of the log: .*the hash of the version before"):
        ledger_db.build_ledger_db(changed_log(15, prev="0" * 64), tmp_path / "ledger.db", processes=2)


def test_about_table_describes_the_build(built_ledger: Path) -> None:
    about = ledger_db.read_about(built_ledger)
    leaves = [leaf_sha256(entry.body) for entry in made_entries()]
    assert (about.format, about.log_size, about.log_root) == (10, len(leaves), merkle_root(leaves).hex())
    with ledger_db.open_read_only(built_ledger) as connection:
        assert about.content_sha256 == ledger_db.content_sha256(connection)
    assert about.rates == exchange_rates.rate_table_hash()


def test_content_hash_ignores_the_file_layout(built_ledger: Path, tmp_path: Path) -> None:
    """Change the layout as another version of SQLite might: page size, order of writing, no search index."""
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("PRAGMA page_size = 1024")
        for table in TABLES:
            other.execute(table.create_sql.replace(", WITHOUT ROWID", ""))
            with ledger_db.open_read_only(built_ledger) as connection:
                rows = connection.execute(table.select_sql).fetchall()
            other.executemany(table.insert_sql, reversed(rows))
        assert ledger_db.content_sha256(other) == ledger_db.read_about(built_ledger).content_sha256


def test_content_hash_distinguishes_numbers_from_text(copy: Path) -> None:
    before = ledger_db.read_about(copy).content_sha256
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("UPDATE quantities SET amount = CAST(amount AS TEXT) WHERE amount = 40")
        assert ledger_db.content_sha256(connection) != before


def test_empty_log_gives_an_empty_ledger(tmp_path: Path) -> None:
    about = ledger_db.build_ledger_db([], tmp_path / "ledger.db")
    assert about.log_size == 0
    assert ledger_db.find_differences(tmp_path / "ledger.db", []) == []


def test_progress_is_reported_in_revisions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "RECORDS_A_BATCH", 3)
    ticks: list[int] = []
    ledger_db.build_ledger_db(made_entries(), tmp_path / "ledger.db", progress=ticks.append)
    assert sum(ticks) == len(list(made_entries()))
    assert len(ticks) > 5


def test_claim_rows_are_numbered_without_gaps(built_ledger: Path) -> None:
    with ledger_db.open_read_only(built_ledger) as connection:
        numbers = [number for (number,) in connection.execute("SELECT rowid FROM claims ORDER BY claim_id")]
        found = connection.execute(
            f"SELECT rowid FROM {SEARCH_INDEX} WHERE {SEARCH_INDEX} MATCH '\"徐未 未来\"'"
        ).fetchall()
    assert numbers == list(range(1, len(numbers) + 1))
    assert [number for (number,) in found] == [2, 3, 4]


def test_missing_foreign_or_outdated_ledger_db_is_stale(copy: Path, tmp_path: Path) -> None:
    log = write_log(tmp_path)
    assert ledger_db.is_stale(tmp_path / "none.db", log)
    assert not ledger_db.is_stale(copy, log)
    first = log / "000000.jsonl"
    whole = first.read_bytes()
    first.write_bytes(whole.replace("서미래".encode(), "서미리".encode()))
    assert ledger_db.is_stale(copy, log)
    first.write_bytes(whole[: whole.rindex(b"\n", 0, -1) + 1])
    assert ledger_db.is_stale(copy, log)
    first.write_bytes(whole)
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("UPDATE about SET value = '0' WHERE name = 'format'")
    assert ledger_db.is_stale(copy, log)
    copy.write_bytes(b"no database, and long enough to be looked at" * 100)
    assert ledger_db.is_stale(copy, log)


def test_log_on_disk_gives_the_same_file(built_ledger: Path, tmp_path: Path) -> None:
    ledger_db.build_ledger_db(read_log(write_log(tmp_path)), tmp_path / "ledger.db")
    assert (tmp_path / "ledger.db").read_bytes() == built_ledger.read_bytes()


def test_file_that_is_not_a_ledger_is_refused(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "empty.db").close()
    for name in ("empty.db", "missing.db"):
        with pytest.raises(LedgerDbUnreadable, match=r"is not a ledger\.db that this program built"):
            ledger_db.read_about(tmp_path / name)


def test_build_removes_old_remains_of_a_crash(built_ledger: Path, tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    for rest in ("-wal", "-shm", "-journal"):
        path.with_name(f"ledger.db{rest}").write_bytes(b"left by a crash")
    for name in ("dead", "perhaps-alive"):
        (tmp_path / f"ledger.db.building-{name}").mkdir()
    os.utime(tmp_path / "ledger.db.building-dead", (0, 0))
    ledger_db.build_ledger_db(made_entries(), path)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["ledger.db", "ledger.db.building-perhaps-alive"]
    assert path.read_bytes() == built_ledger.read_bytes()


def changed_log(place: int, /, **fields: object) -> list[LogEntry]:
    """Return the log with fields of one body replaced and its hash recomputed; later entries are unchanged."""
    entries = made_entries()
    body = msgspec.json.encode({**msgspec.json.decode(entries[place - 1].body), **fields}, order="sorted")
    entries[place - 1] = LogEntry(place, leaf_sha256(body).hex(), body)
    return entries


def replaced_log(number: int, body: bytes, digest: str = "") -> list[LogEntry]:
    entries = made_entries()
    entries[number - 1] = LogEntry(number, digest or leaf_sha256(body).hex(), body)
    return entries


@pytest.mark.parametrize(
    ("entries", "number", "what"),
    [
        (replaced_log(5, b"{"), 5, "It is no revision"),
        (replaced_log(5, b'{"number":5}'), 5, "missing required field"),
        (replaced_log(5, b"\xff"), 5, "It is no revision"),
        (replaced_log(5, made_entries()[4].body, "0" * 64), 5, "Its hash is not the one"),
        (changed_log(5, number=6), 5, "It calls itself number 6"),
        (made_entries()[1:], 1, "It calls itself number 2"),
        (changed_log(5, recorded_at="2030-01-01T00:00:00.000Z"), 5, "the one before it at 2031-04-10T09:04"),
        (changed_log(5, subject="rumour"), 5, "no records of the sort 'rumour'"),
        (changed_log(5, approver="haru"), 5, "'approver' must not be one of 'authors'"),
        (changed_log(5, record={**PRICE, "topics": []}), 5, "It is no revision: record.topics"),
        (changed_log(5, record={"claim_id": PRICE["claim_id"]}), 5, "It is no revision: record"),
        (changed_log(15, prev="0" * 64), 15, "does not name the hash of the version before it"),
        (changed_log(16, revision=4), 16, "version 4 stands where 3 is due"),
        (changed_log(3, reason="Another one."), 15, "does not name the hash of the version before it"),
    ],
)  # fmt: skip
def test_damaged_log_builds_nothing(entries: list[LogEntry], number: int, what: str, copy: Path) -> None:
    before = copy.read_bytes()
    with pytest.raises(RevisionUnusable, match=f"Entry {number} of the log: .*{what}") as refusal:
        ledger_db.build_ledger_db(entries, copy)
    assert refusal.value.number == number
    assert copy.read_bytes() == before
    assert [file.name for file in copy.parent.iterdir()] == ["ledger.db"]


def test_version_before_its_predecessor_is_refused(tmp_path: Path) -> None:
    log = LogMaker()
    first = log.add(SPEED)
    second = log.add({**SPEED, "said_on": "2031"}, "update")
    bodies = [
        entry.body.replace(f'"number":{entry.number}'.encode(), f'"number":{3 - entry.number}'.encode())
        for entry in (second, first)
    ]
    bodies[0] = bodies[0].replace(
        second.body.split(b'"recorded_at":')[1][:26], first.body.split(b'"recorded_at":')[1][:26]
    )
    bodies[0] = bodies[0].replace(first.sha256.encode(), leaf_sha256(bodies[1]).hex().encode())
    entries = [LogEntry(place, leaf_sha256(body).hex(), body) for place, body in enumerate(bodies, start=1)]
    with pytest.raises(RevisionUnusable, match="it stands before the version it follows"):
        ledger_db.build_ledger_db(entries, tmp_path / "ledger.db")


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
def test_every_altered_cell_is_found(table: Table, ledger_with_texts: Path, copy: Path) -> None:
    for column in table.columns:
        statement = f'UPDATE "{table.name}" SET "{column.name}" = {other_value(column)}'
        problems = find_differences_after(ledger_with_texts, copy, statement)
        expected = table.name if column.name in table.key else f"{table.name}.{column.name}"
        assert expected in {problem.field for problem in problems}
        assert {problem.code for problem in problems} == {"altered-projection"}


@pytest.mark.slow
@each_table
def test_every_missing_row_is_found(table: Table, ledger_with_texts: Path, copy: Path) -> None:
    with ledger_db.open_read_only(ledger_with_texts) as connection:
        (count,) = connection.execute(f'SELECT count(*) FROM "{table.name}"').fetchone()
    problems = find_differences_after(ledger_with_texts, copy, f'DELETE FROM "{table.name}"')
    assert [problem.field for problem in problems] == [table.name] * count
    assert all("the row is missing" in problem.sentence for problem in problems)


@pytest.mark.slow
@each_table
def test_every_invented_row_is_found(table: Table, ledger_with_texts: Path, copy: Path) -> None:
    key = table.columns[table.header.index(table.key[-1])]
    copied = ", ".join(other_value(key) if name == key.name else f'"{name}"' for name in table.header)
    columns = ", ".join(f'"{name}"' for name in table.header)
    one_more = f'INSERT INTO "{table.name}" ({columns}) SELECT {copied} FROM "{table.name}" LIMIT 1'
    (problem,) = find_differences_after(ledger_with_texts, copy, one_more)
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
        ("DROP INDEX claims_by_topic", "altered-schema", "claims_by_topic"),
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


def test_claims_table_can_be_read_with_plain_sqlite(built_ledger: Path) -> None:
    with closing(sqlite3.connect(built_ledger)) as connection:
        assert [name for (name,) in connection.execute("SELECT name FROM pragma_table_info('claims')")] == list(
            CLAIMS.header
        )
