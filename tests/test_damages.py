"""Damage of the stored files: `check` finds it, goes on, and writes nothing; a damaged ledger.db is not served."""

from __future__ import annotations

import importlib
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from datasette.app import Datasette
from datasette.utils import StartupError

from claimledger import checks, desk
from claimledger.cli import main
from claimledger.checks import desk_store_check
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.article_texts import store_text
from claimledger.newsroom.row_hashes import HASHED_TABLES, altered_rows
from claimledger.publishing import build_comparison, ledger_db

desk_ledger = importlib.import_module("tests.desk_ledger")
staff = importlib.import_module("tests.staff")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> LedgerPaths:
    ledger: LedgerPaths = desk_ledger.with_public_ledger(tmp_path_factory.mktemp("made") / "ledger")
    with desk_ledger.opened(ledger) as store:
        desk_ledger.record(store, [desk_ledger.draft(desk_ledger.claim(number)) for number in range(50, 60)])
        for name in ("haru", "sora"):
            staff.enrol(store, name)
    return ledger


@pytest.fixture
def places(original: LedgerPaths, tmp_path: Path) -> LedgerPaths:
    return LedgerPaths(Path(shutil.copytree(original.root, tmp_path / "ledger")))


def find_codes(places: LedgerPaths) -> dict[str, set[str]]:
    """Return the codes of the problems of each check that has some."""
    return {one.name: {p.code for p in one.problems} for one in checks.run_checks(places) if one.problems}


def read_values(places: LedgerPaths) -> list[tuple[bytes, str]]:
    """Return values of the rows of the desk as they are in the file, each with its table."""
    with closing(sqlite3.connect(places.desk)) as connection:
        connection.text_factory = bytes
        return [
            (value, table.name)
            for table in HASHED_TABLES
            for row in connection.execute(f"SELECT * FROM {table.name}")  # noqa: S608
            for value in row
            if isinstance(value, bytes) and len(value) > 3
        ]


def test_flipped_bit_in_a_row_of_the_desk_is_found(places: LedgerPaths) -> None:
    draw = random.Random(11)  # noqa: S311
    content, values = places.desk.read_bytes(), read_values(places)
    assert len({table for _, table in values}) > 4
    unseen = []
    for value, table in draw.sample(values, 27):
        at = draw.choice([found.start() for found in re.finditer(re.escape(value), content)])
        place, bit = at + draw.randrange(len(value)), draw.randrange(8)
        flipped = bytearray(content)
        flipped[place] ^= 1 << bit
        places.desk.write_bytes(flipped)
        if not desk_store_check.check_store(places).problems:
            unseen.append((table, value[:40], place - at, bit))
    assert unseen == []


def test_altered_text_of_an_article_is_found(places: LedgerPaths) -> None:
    content = "구청은 예산을 늘린다. ".encode() * 20
    with desk_ledger.opened(places) as store, store.writing() as connection:
        store_text(connection, "a-2031", content, origin="a.txt", author="haru", now=desk_ledger.NOW)
    assert desk_store_check.check_store(places).problems == ()
    stored = places.desk.read_bytes()
    assert content in stored
    places.desk.write_bytes(stored.replace(content, content.replace("늘린".encode(), "줄인".encode())))
    (problem,) = desk_store_check.check_store(places).problems
    assert "of an article is not the one that was stored" in str(problem)


def test_altered_row_is_named_without_a_secret(places: LedgerPaths) -> None:
    with closing(sqlite3.connect(places.desk)) as connection, connection:
        trigger = connection.execute("SELECT sql FROM sqlite_schema WHERE name = 'draft_no_update'").fetchone()[0]
        connection.execute("DROP TRIGGER draft_no_update")
        connection.execute("UPDATE draft SET author = 'mallory' WHERE draft_id = 3")
        connection.execute(trigger)
    problems = [str(problem) for problem in desk_store_check.check_store(places).problems]
    assert "desk.db: Row 3 of the table 'draft' is not as it was stored." in problems[0]


def count_steps_of_the_hash_check(places: LedgerPaths) -> int:
    """Return how many hundred steps SQLite takes to compare the rows of the desk with their hashes."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    with closing(sqlite3.connect(places.desk)) as connection:
        connection.set_progress_handler(count, 100)
        assert list(altered_rows(connection)) == []
    return steps


def test_cost_of_the_hash_check_follows_the_number_of_rows(places: LedgerPaths) -> None:
    def add_comments() -> None:
        with desk_ledger.opened(places) as store, store.writing() as connection:
            (last,) = connection.execute("SELECT coalesce(max(act_id), 0) FROM act").fetchone()
            rows = [(last + number, f"ward-{number}", desk_ledger.NOW) for number in range(1, 501)]
            connection.executemany(
                "INSERT INTO act (act_id, action, claim_id, actor, reason, detail, recorded_at) "
                "VALUES (?, 'comment', ?, 'haru', '', '{}', ?)", rows
            )  # fmt: skip

    before = count_steps_of_the_hash_check(places)
    add_comments()
    one = count_steps_of_the_hash_check(places) - before
    add_comments()
    two = count_steps_of_the_hash_check(places) - before
    assert 0 < two < 2.5 * one


def test_changed_and_deleted_rows_of_accounts_keep_their_hashes(places: LedgerPaths) -> None:
    with desk_ledger.opened(places) as store:
        session = staff.sign_in(store, "sora")
        with store.writing() as connection:
            connection.execute("UPDATE credential SET used_at = '2031-05-02T10:00:00.000Z'")
        assert session.person.name == "sora"
        assert desk_store_check.check_store(places).problems == ()
        staff.choose(store, staff.invite(store, "sora"), staff.OTHER_PASSWORD)
    assert desk_store_check.check_store(places).problems == ()


def link_log_file(places: LedgerPaths) -> None:
    file = places.log / "000000.jsonl"
    file.rename(places.root / "elsewhere.jsonl")
    file.symlink_to(places.root / "elsewhere.jsonl")


def append_bytes(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


FOREIGN: dict[str, tuple[Callable[[LedgerPaths], object], dict[str, set[str]]]] = {
    "link": (link_log_file, {"folder": {"foreign-link"}}),
    "folder": (lambda at: (at.log / "more").mkdir(), {"folder": {"foreign-folder"}}),
    "part": (lambda at: (at.log / "000000.jsonl.7-7.part").write_bytes(b""), {"folder": {"leftover"}}),
    "unknown": (lambda at: (at.log / "notes.txt").write_bytes(b""), {"folder": {"foreign-file"}}),
    "unknown elsewhere": (lambda at: (at.claims / "notes.exe").write_bytes(b""), {"folder": {"foreign-file"}}),
    "killed build": (lambda at: (at.root / "ledger.db.building-7").mkdir(), {"folder": {"leftover"}}),
    "ledger.db": (lambda at: append_bytes(at.ledger), {"folder": {"bytes-after-end"}}),
    "desk.db": (lambda at: append_bytes(at.desk), {"folder": {"bytes-after-end"}}),
}


@pytest.mark.parametrize(("damage", "expected"), list(FOREIGN.values()), ids=FOREIGN)
def test_foreign_entries_of_the_folder_are_reported(
    places: LedgerPaths, damage: Callable[[LedgerPaths], object], expected: dict[str, set[str]]
) -> None:
    damage(places)
    assert find_codes(places) == expected


def test_several_damages_are_all_reported(places: LedgerPaths) -> None:
    file = places.log / "000000.jsonl"
    bodies = file.read_bytes().splitlines()
    bodies[3] = b"[" * 30_000 + b"]" * 30_000
    bodies[5] = json.dumps({**json.loads(bodies[5]), "reason": 7}).encode()
    file.write_bytes(b"\n".join(bodies) + b"\n")
    with closing(sqlite3.connect(places.ledger)) as connection, connection:
        connection.execute("UPDATE claims SET statement_en = 'forged'")
    (places.log / "notes.txt").write_bytes(b"")
    problems = find_codes(places)
    assert problems["records"] == {"invalid-body"}
    assert problems["desk"] >= {"desk-differs"}
    assert (problems["ledger.db"], problems["folder"]) == ({"altered-sums"}, {"foreign-file"})


@pytest.mark.parametrize("has_desk", [True, False])
@pytest.mark.parametrize("line", [b"[" * 30_000 + b"]" * 30_000, b"{}", b"\xff\xfe", b'{"number":4}'])
@pytest.mark.parametrize("command", ["build", "check"])
def test_damaged_line_is_a_sentence_and_no_traceback(
    places: LedgerPaths, line: bytes, command: str, *, has_desk: bool
) -> None:
    file = places.log / "000000.jsonl"
    bodies = file.read_bytes().splitlines()
    bodies[3] = line
    file.write_bytes(b"\n".join(bodies) + b"\n")
    places.ledger.unlink()
    if not has_desk:
        places.desk.unlink()
    done = CliRunner().invoke(main, ["--root", str(places.root), command])
    assert done.exit_code == 1
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert "000000.jsonl:4" in done.stderr or "entry 4 of the log" in done.stderr.lower()


def test_check_writes_nothing_into_the_folder(places: LedgerPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {path.name for path in places.root.iterdir()}
    while_built: list[set[str]] = []
    compare = build_comparison.compare_databases

    def watched(connection: sqlite3.Connection, given: str, file: str) -> object:
        while_built.append({path.name for path in places.root.iterdir()})
        return compare(connection, given, file)

    monkeypatch.setattr(build_comparison, "compare_databases", watched)
    assert find_codes(places) == {}
    assert while_built == [before]


def test_check_on_a_full_disk_goes_on_and_is_no_success(places: LedgerPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ledger_db, "_connect", full)
    done = CliRunner().invoke(main, ["--root", str(places.root), "check"])
    assert done.exit_code == 1
    assert "This check could not go on: the disk is full." in done.stderr
    assert "folder: ok" in done.stdout


def serve(path: Path) -> None:
    Datasette([str(path)])  # it asks the plug-in at once


def test_altered_ledger_db_is_not_served(places: LedgerPaths) -> None:
    serve(places.ledger)
    with closing(sqlite3.connect(places.ledger)) as connection, connection:
        connection.execute("UPDATE quantities SET unit = 'forged'")
    with pytest.raises(StartupError, match=r"rows of quantities are not those .* build --fresh"):
        serve(places.ledger)
    desk.build_public_files(places, is_fresh=True)
    serve(places.ledger)


def test_leftovers_of_a_killed_build_are_removed(places: LedgerPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    def is_there() -> list[Path]:
        return list(places.root.glob("ledger.db.*-*"))

    child = os.fork()
    if child == 0:  # it builds for ever
        monkeypatch.setattr(ledger_db, "apply", lambda *_, **__: time.sleep(600))
        desk.build_public_files(places, is_fresh=True)
        os._exit(0)
    try:
        until = time.monotonic() + 60
        while not list(places.root.glob("ledger.db.building-*/unpacked.building")) and time.monotonic() < until:
            time.sleep(0.01)
        assert ledger_db.abandoned_folders(places.ledger) == []
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    assert ledger_db.abandoned_folders(places.ledger) == is_there() != []
    desk.build_public_files(places)
    assert is_there() == []
    assert find_codes(places) == {}
