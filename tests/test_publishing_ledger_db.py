"""ledger.db: the same log gives the same file, a damaged log builds nothing, and an altered file is detected."""

# ruff: noqa: S608  names come from the field table

from __future__ import annotations

import multiprocessing
import shutil
import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest
from made_ledger import PLAN, PRICE, SPEED, LogMaker, made_entries, write_log, write_texts

from claimledger.consistency import exchange_rates
from claimledger.ledger.canonical import leaf_sha256, merkle_root
from claimledger.ledger.log import LogEntry, read_log
from claimledger.publishing import apply as applying
from claimledger.publishing import ledger_db, record_processes
from claimledger.publishing.apply import content_sha256
from claimledger.publishing.columns import sql_identifiers
from claimledger.publishing.ledger_db import LedgerDbUnreadable, RevisionUnusable
from claimledger.publishing.row_writer import RowWriter
from claimledger.publishing.tables import (
    BOOKKEEPING, CLAIMS, QUANTITIES, SEARCH_INDEX, TABLE_SUMS, TABLES, TABLES_FORMAT,
)  # fmt: skip

UNHASHED_TABLES = ("about", "tallies", "table_sums", "log_frontier")
"""The tables without a checksum."""

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
    monkeypatch.setattr(applying, "_RECORDS_AT_ONCE", 3)
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
    monkeypatch.setattr(record_processes, "_start_method", lambda: method)
    monkeypatch.setattr(applying, "_RECORDS_AT_ONCE", 2)
    monkeypatch.setattr(applying, "WORTH_SEVERAL_PROCESSES", 1)
    ledger_db.build_ledger_db(made_entries(), tmp_path / "ledger.db", processes=2)
    assert (tmp_path / "ledger.db").read_bytes() == built_ledger.read_bytes()
    if method == "spawn" and "fork" in multiprocessing.get_all_start_methods():
        return  # a process returns its refusal in the same way however it started, and two more starts take seconds
    with pytest.raises(RevisionUnusable, match=r"Entry 15 of the log: .*the hash of the version before"):
        ledger_db.build_ledger_db(changed_log(15, prev="0" * 64), tmp_path / "ledger.db", processes=2)


def test_about_table_describes_the_build(built_ledger: Path) -> None:
    about = ledger_db.read_about(built_ledger)
    leaves = [leaf_sha256(entry.body) for entry in made_entries()]
    assert (about.format, about.log_size, about.log_root) == (TABLES_FORMAT, len(leaves), merkle_root(leaves).hex())
    with ledger_db.open_read_only(built_ledger) as connection:
        assert about.content_sha256 == content_sha256(connection)
    assert about.rates == exchange_rates.rate_table_hash()


def test_content_hash_ignores_the_file_layout(built_ledger: Path, tmp_path: Path) -> None:
    """Change the layout as another version of SQLite might: page size, order of writing, no search index."""
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("PRAGMA page_size = 1024")
        other.execute(TABLE_SUMS.create_sql)
        writer = RowWriter(other)
        for table in HASHED_TABLES:
            other.execute(table.create_sql.replace(", WITHOUT ROWID", ""))
            with ledger_db.open_read_only(built_ledger) as connection:
                rows = connection.execute(f"SELECT {sql_identifiers(table.stored)} FROM {table.name}").fetchall()
            writer.insert(table, rows[::-1])
        writer.save_sums()
        assert content_sha256(other) == ledger_db.read_about(built_ledger).content_sha256


HASHED_TABLES = [one for one in (*TABLES, *BOOKKEEPING) if one.name not in UNHASHED_TABLES]


def test_content_hash_distinguishes_numbers_from_text(copy: Path) -> None:
    before = ledger_db.read_about(copy).content_sha256
    with closing(sqlite3.connect(copy)) as connection:
        writer, place = RowWriter(connection), QUANTITIES.stored.index("amount")
        (row,) = writer.read(QUANTITIES, {"amount": 40})
        key = dict(zip(QUANTITIES.key, row, strict=False))
        for amount, is_same in (("40", False), (40, True)):
            writer.replace(QUANTITIES, key, [(*row[:place], amount, *row[place + 1 :])])
            writer.save_sums()
            assert (content_sha256(connection) == before) == is_same


def test_table_sums_are_those_of_the_rows(ledger_with_texts: Path) -> None:
    with ledger_db.open_read_only(ledger_with_texts) as connection:
        stored = connection.execute("SELECT name, row_count, sum FROM table_sums").fetchall()
        counted = []
        for table in HASHED_TABLES:
            rows = connection.execute(f"SELECT {sql_identifiers(table.stored)} FROM {table.name}").fetchall()
            hashes = [int(sha256(msgspec.json.encode(row)).hexdigest(), 16) for row in rows]
            counted += [(table.name, len(rows), f"{sum(hashes) % 2**256:064x}")] if rows else []
    assert sorted(stored) == sorted(counted)


def test_empty_log_gives_an_empty_ledger(tmp_path: Path) -> None:
    about = ledger_db.build_ledger_db([], tmp_path / "ledger.db")
    assert about.log_size == 0
    assert ledger_db.find_differences(tmp_path / "ledger.db", []) == []


def test_progress_is_reported_in_revisions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(applying, "_RECORDS_AT_ONCE", 3)
    ticks: list[int] = []
    ledger_db.build_ledger_db(made_entries(), tmp_path / "ledger.db", progress=ticks.append)
    assert sum(ticks) == len(list(made_entries()))
    assert len(ticks) > 5


def test_claims_are_numbered_by_the_log(built_ledger: Path) -> None:
    first: dict[str, int] = {}
    for entry in made_entries():
        first.setdefault(msgspec.json.decode(entry.body)["key"], entry.number)
    with ledger_db.open_read_only(built_ledger) as connection:
        numbers = dict(connection.execute("SELECT claim_id, rowid FROM claims").fetchall())
        found = connection.execute(
            f"SELECT rowid FROM {SEARCH_INDEX} WHERE {SEARCH_INDEX} MATCH '\"徐未 未来\"'"
        ).fetchall()
    assert numbers == {claim_id: first[claim_id] for claim_id in numbers}
    assert [number for (number,) in found] == [first[one["claim_id"]] for one in (SPEED, PRICE, PLAN)]


@pytest.mark.slow
def test_missing_foreign_or_outdated_file_is_updated(copy: Path, tmp_path: Path) -> None:
    log = write_log(tmp_path)

    def is_updated(path: Path = copy) -> bool:
        is_changed = ledger_db.update_ledger_db(path, log)
        assert ledger_db.find_differences(path, read_log(log)) == []
        assert not ledger_db.update_ledger_db(path, log)
        return is_changed

    assert is_updated(tmp_path / "none.db")
    assert not is_updated()
    first = log / "000000.jsonl"
    whole = first.read_bytes()
    first.write_bytes(whole.replace(b"archive/column", b"archive/calumn"))
    assert is_updated()
    first.write_bytes(whole[: whole.rindex(b"\n", 0, -1) + 1])
    assert is_updated()
    first.write_bytes(whole)
    assert is_updated()
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("UPDATE about SET value = '0' WHERE name = 'format'")
    assert is_updated()
    copy.write_bytes(b"no database, and long enough to be looked at" * 100)
    assert is_updated()


def test_change_before_the_newest_entry_is_found_by_a_comparison(copy: Path, tmp_path: Path) -> None:
    log = write_log(tmp_path)
    first = log / "000000.jsonl"
    first.write_bytes(first.read_bytes().replace(b"The east basin opened", b"The east basin closed"))
    assert not ledger_db.update_ledger_db(copy, log)
    found = {problem.field for problem in ledger_db.find_differences(copy, read_log(log))}
    assert {"revision.sha256", "claims.statement_en", "log_frontier.sha256", "about.value", SEARCH_INDEX} <= found


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
    for name in ("dead", "alive"):
        (tmp_path / f"ledger.db.building-{name}").mkdir()
    with ledger_db._lock_folder(tmp_path / "ledger.db.building-alive"):
        ledger_db.build_ledger_db(made_entries(), path)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["ledger.db", "ledger.db.building-alive"]
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
        (changed_log(5, approver="haru"), 18, "does not name the hash of the version before it"),
        (changed_log(5, record={**PRICE, "topics": []}), 18, "does not name the hash of the version before it"),
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


def test_claims_table_can_be_read_with_plain_sqlite(built_ledger: Path) -> None:
    with closing(sqlite3.connect(built_ledger)) as connection:
        assert [name for (name,) in connection.execute("SELECT name FROM pragma_table_info('claims')")] == list(
            CLAIMS.header
        )
