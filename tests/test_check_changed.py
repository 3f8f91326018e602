"""`check --changed`: a check is left out only if it found no problem and nothing that it reads changed."""

from __future__ import annotations

import importlib
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from claimledger import checks
from claimledger.checks import earlier_results
from claimledger.checks.earlier_results import EarlierResults
from claimledger.checks.results import CheckResult
from claimledger.cli import main
from claimledger.ledger.files import LedgerPaths

desk_ledger = importlib.import_module("tests.desk_ledger")
staff = importlib.import_module("tests.staff")

NEVER_LEFT_OUT = {"log", "older log", "folder"}


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> LedgerPaths:
    places: LedgerPaths = desk_ledger.with_public_ledger(tmp_path_factory.mktemp("made") / "ledger")
    with desk_ledger.opened(places) as store:
        staff.enrol(store, "haru")
    places.private_evidence.mkdir(mode=0o700)
    return places


@pytest.fixture
def places(original: LedgerPaths, tmp_path: Path) -> LedgerPaths:
    found = LedgerPaths(Path(shutil.copytree(original.root, tmp_path / "ledger")))
    assert [problem for one in check_changed(found) for problem in one.problems] == []
    return found


def check_changed(places: LedgerPaths) -> list[CheckResult]:
    earlier = EarlierResults.read(places, places.root.parent / "kept")
    found = list(checks.run_checks(places, earlier=earlier))
    earlier.save()
    return found


def left_out(found: list[CheckResult]) -> set[str]:
    return {one.name for one in found if one.unchanged_since}


def test_second_check_runs_only_those_of_the_log_and_the_folder(places: LedgerPaths) -> None:
    again = check_changed(places)
    assert {one.name for one in again} - left_out(again) == NEVER_LEFT_OUT
    whole = list(checks.run_checks(places))
    assert [(one.name, one.scope, one.has_run) for one in again] == [
        (one.name, one.scope, one.has_run) for one in whole
    ]


def flip_log(places: LedgerPaths) -> None:
    file = places.log / "000000.jsonl"
    file.write_bytes(file.read_bytes().replace(b"about 9%", b"about 8%"))


def edit_claim_file(places: LedgerPaths) -> None:
    file = next(places.claims.rglob("ward-*.yaml"))
    file.write_bytes(file.read_bytes().replace(b"about 9%", b"about 8%"))


def remove_claim_file(places: LedgerPaths) -> None:
    next(places.claims.rglob("ward-*.yaml")).unlink()


def alter_ledger_db(places: LedgerPaths) -> None:
    with closing(sqlite3.connect(places.ledger)) as connection, connection:
        connection.execute("UPDATE claims SET verification_status = 'supported'")


def alter_desk(places: LedgerPaths) -> None:
    with closing(sqlite3.connect(places.desk)) as connection, connection:
        connection.execute("DROP TRIGGER draft_no_update")
        connection.execute("UPDATE draft SET author = 'mallory' WHERE draft_id = 3")


def add_private_file(places: LedgerPaths) -> None:
    (places.private_evidence / "ab").mkdir(mode=0o700)
    (places.private_evidence / "ab" / ("ab" * 32)).write_bytes(b"x")


def open_private_folder(places: LedgerPaths) -> None:
    places.private_evidence.chmod(0o755)


def open_desk_file(places: LedgerPaths) -> None:
    places.desk.chmod(0o644)


def add_shared_text(places: LedgerPaths) -> None:
    (places.shared_texts / "ab").mkdir(parents=True)
    (places.shared_texts / "ab" / ("ab" * 32)).write_bytes(b"x")


DAMAGES = (
    flip_log, edit_claim_file, remove_claim_file, alter_ledger_db, alter_desk, add_private_file, open_private_folder,
    open_desk_file, add_shared_text,
)  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_every_damage_is_found_as_by_a_whole_check(places: LedgerPaths, damage: Callable[[LedgerPaths], None]) -> None:
    damage(places)
    whole = {one.name: one.problems for one in checks.run_checks(places) if one.problems}
    changed = {one.name: one.problems for one in check_changed(places) if one.problems}
    assert whole == changed != {}
    assert {one.name: one.problems for one in check_changed(places) if one.problems} == whole  # problems are not kept


def test_file_that_changes_during_its_check_is_checked_again(places: LedgerPaths) -> None:
    edit_claim_file(places)
    file = next(path for path in places.claims.rglob("ward-*.yaml") if b"about 8%" in path.read_bytes())
    damaged, whole = file.read_bytes(), file.read_bytes().replace(b"about 8%", b"about 9%")
    of_files = next(check for group in checks.CHECK_GROUPS for check in group if check.name == "claim files")
    earlier = EarlierResults.read(places, places.root.parent / "kept")
    assert earlier.find(of_files.name, of_files.parts) is None
    file.write_bytes(whole)
    earlier.add(of_files.name, of_files.parts, CheckResult(of_files.name, "all files"))
    file.write_bytes(damaged)
    assert earlier.find(of_files.name, of_files.parts) is None


def test_another_program_checks_everything_again(places: LedgerPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(earlier_results, "_program", lambda: "another")
    assert left_out(check_changed(places)) == set()


@pytest.mark.parametrize("content", [b"", b"{", b'{"format":2,"checks":{}}', b"\xff", b'{"format":1,"checks":[]}'])
def test_unreadable_results_are_not_used(places: LedgerPaths, content: bytes) -> None:
    EarlierResults.read(places, places.root.parent / "kept").path.write_bytes(content)
    assert left_out(check_changed(places)) == set()
    assert left_out(check_changed(places)) != set()


def test_command_keeps_its_results_in_the_cache_and_says_what_it_left_out(
    original: LedgerPaths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(original.root)
    before = {path: path.read_bytes() for path in original.root.rglob("*") if path.is_file()}
    first, second = (CliRunner().invoke(main, ["check", "--changed"]) for _ in range(2))
    assert (first.exit_code, second.exit_code) == (0, 0), first.output
    assert "unchanged since" not in first.output
    assert "ledger.db: ok, unchanged since 20" in second.output
    assert "log: ok (" in second.output
    assert {path: path.read_bytes() for path in original.root.rglob("*") if path.is_file()} == before
    (kept,) = (tmp_path / "cache" / "claimledger").iterdir()
    assert kept.stat().st_mode & 0o077 == 0


def test_results_that_cannot_be_kept_are_a_sentence(
    original: LedgerPaths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cache").write_bytes(b"a file where the folder should be")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(original.root)
    done = CliRunner().invoke(main, ["check", "--changed"])
    assert done.exit_code == 0
    assert "The check is complete, but its results could not be kept" in done.output
