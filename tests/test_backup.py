"""Backups that are made while the desk is used, and their restoration beside an older, a newer or another log."""

from __future__ import annotations

import importlib
import io
import json
import shutil
import sqlite3
import tarfile
import threading
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner

from claimledger.accounts import people
from claimledger.checks import run_checks
from claimledger.cli import main
from claimledger.desk import backup_steps, key_steps, restore_steps, step_setup
from claimledger.desk.backup_steps import BackupImpossible
from claimledger.desk.restore_steps import RestoreRefused, restore_backup
from claimledger.errors import LogsDisagree
from claimledger.ledger import log, log_notes
from claimledger.ledger.backup_manifest import MANIFEST, BackupUnusable
from claimledger.ledger.content_store import storing_contents
from claimledger.ledger.files import LedgerPaths
from claimledger.ledger.signed_notes import NoteInvalid
from claimledger.newsroom import arrivals
from claimledger.newsroom.log_signing import CheckpointContradicts
from claimledger.newsroom.private_key import KEY_VARIABLE

pytestmark = pytest.mark.slow

desk_ledger = importlib.import_module("tests.desk_ledger")
CAPTURE = (
    "INSERT INTO capture SELECT 1,'report-a2b3','a.pdf',NULL,200,'{}','[]',NULL,9,?,NULL,NULL,'','haru','2031-05-02'"
)
DOCUMENT = b"The audit office's figures for 2031."


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> LedgerPaths:
    """Return a ledger with people, publications, an open draft and a private document."""
    places: LedgerPaths = desk_ledger.with_public_ledger(tmp_path_factory.mktemp("original") / "ledger")
    digest = sha256(DOCUMENT).hexdigest()
    with desk_ledger.opened(places) as store:
        with storing_contents(places.private_evidence, [DOCUMENT]), store.writing() as connection:
            connection.execute(CAPTURE, (digest,))
            for name in ("haru", "sora"):
                people.insert_person(connection, name, roles=["editor"], author="admin-console", now=desk_ledger.NOW)
        desk_ledger.record(store, [desk_ledger.draft(desk_ledger.claim(77))])
    (places.root / "claimledger.toml").write_text("", encoding="utf-8")
    return places


@pytest.fixture
def places(original: LedgerPaths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LedgerPaths:
    monkeypatch.setattr(arrivals, "clock_time", lambda: desk_ledger.later(500))
    monkeypatch.setenv(KEY_VARIABLE, str(tmp_path / "private" / "ledger.pem"))
    shutil.copytree(original.root, tmp_path / "ledger")
    return LedgerPaths(tmp_path / "ledger")


@pytest.fixture
def empty(tmp_path: Path) -> LedgerPaths:
    (tmp_path / "new").mkdir()
    return LedgerPaths(tmp_path / "new")


def log_size(places: LedgerPaths) -> int:
    return log.newest_body(places.log)[0]


def find_problems(places: LedgerPaths) -> list[str]:
    names = {"log", "records", "desk", "desk evidence", "folder", "checkpoints"}
    return [str(problem) for one in run_checks(places) if one.name in names for problem in one.problems]


def stored_rows(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        tables = ("draft", "publication", "person_version", "capture", "row_hash")
        return [row for table in tables for row in connection.execute(f"SELECT * FROM {table}")]  # noqa: S608


def contents(places: LedgerPaths) -> dict[str, bytes]:
    folders = (places.log, places.private_evidence)
    return {
        places.relative_name(path): path.read_bytes() for one in folders for path in one.rglob("*") if path.is_file()
    }


@pytest.mark.parametrize("name", ["monday", "monday.tar", "monday.tar.gz"])
def test_backup_is_restored_as_it_was(places: LedgerPaths, empty: LedgerPaths, tmp_path: Path, name: str) -> None:
    made = backup_steps.make_backup(places, tmp_path / name)
    assert (made.path, [one for check in made.checks for one in check.problems]) == (tmp_path / name, [])
    assert made.path.stat().st_mode & 0o077 == 0
    done = restore_backup(empty, made.path)
    assert (done.entries, done.newer, done.missing_entries) == (log_size(places), (), 0)
    assert stored_rows(empty.desk) == stored_rows(places.desk)
    assert contents(empty) == contents(places)
    assert (empty.root / "claimledger.toml").is_file()
    assert find_problems(empty) == []
    assert not [*tmp_path.glob("*.part"), *empty.root.glob("*.part")]


def test_backup_while_others_publish_has_the_state_of_one_moment(places: LedgerPaths, tmp_path: Path) -> None:
    stop = threading.Event()

    def publish_often() -> None:
        number = 100
        while not stop.is_set():
            desk_ledger.publish_new_claim(places, number, minutes=number)
            number += 1

    writer = threading.Thread(target=publish_often)
    writer.start()
    try:
        made = [backup_steps.make_backup(places, tmp_path / f"backup-{number}") for number in range(8)]
    finally:
        stop.set()
        writer.join(60)
    assert [str(problem) for one in made for check in one.checks for problem in check.problems] == []
    sizes = [one.manifest.entries for one in made]
    assert sizes == [log_size(LedgerPaths(one.path)) for one in made]
    assert sizes[0] < sizes[-1]


def test_backup_replaces_nothing_and_stays_outside(places: LedgerPaths, empty: LedgerPaths, tmp_path: Path) -> None:
    (tmp_path / "file.tar").write_bytes(b"kept")
    refused = {
        "exists already": (places, tmp_path / "file.tar"),
        "inside the ledger's folder": (places, places.root / "backup"),
        "does not exist. No backup": (places, tmp_path / "nowhere" / "backup"),
        "nothing private to back up": (empty, tmp_path / "backup"),
    }
    for sentence, (ledger, target) in refused.items():
        with pytest.raises(BackupImpossible, match=sentence):
            backup_steps.make_backup(ledger, target)
    assert (tmp_path / "file.tar").read_bytes() == b"kept"
    assert backup_steps.make_backup(places, tmp_path).path.parent == tmp_path


def test_backup_of_a_damaged_ledger_says_so(places: LedgerPaths, tmp_path: Path) -> None:
    (content,) = (path for path in places.private_evidence.rglob("*") if path.is_file())
    content.write_bytes(b"other bytes")
    result = CliRunner().invoke(main, ["--root", str(places.root), "backup", str(tmp_path / "b")])
    assert result.exit_code == 1
    assert "kept-bytes-altered" in result.stderr
    assert (tmp_path / "b" / "desk.db").is_file()


def alter_file(folder: Path) -> None:
    (folder / "desk.db").write_bytes((folder / "desk.db").read_bytes()[:-1] + b"x")


def remove_file(folder: Path) -> None:
    next(folder.glob("claims/log/*.jsonl")).unlink()


def rename_in_manifest(name: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        manifest["files"][name] = manifest["files"]["desk.db"]
        (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")

    return change


def remove_desk(folder: Path) -> None:
    manifest = json.loads((folder / MANIFEST).read_bytes())
    del manifest["files"]["desk.db"]
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


def halve_manifest(folder: Path) -> None:
    (folder / MANIFEST).write_text('{"format": 1', encoding="utf-8")


def raise_format(folder: Path) -> None:
    manifest = json.loads((folder / MANIFEST).read_bytes())
    (folder / MANIFEST).write_text(json.dumps({**manifest, "format": 2}), encoding="utf-8")


DAMAGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "altered": (alter_file, "'desk.db' is not as it was backed up"),
    "removed": (remove_file, "of the backup is missing"),
    "no manifest": (lambda folder: (folder / MANIFEST).unlink(), "'backup.json' of the backup is missing"),
    "half a manifest": (halve_manifest, "not a backup"),
    "no desk": (remove_desk, "contains no desk"),
    "newer": (raise_format, "a newer claimledger made this backup"),
    "path upwards": (rename_in_manifest("claims/../../x"), "not a file of a backup"),
    "absolute path": (rename_in_manifest("/etc/x"), "not a file of a backup"),
    "path of Windows": (rename_in_manifest("claims/..\\..\\x"), "not a file of a backup"),
    "hidden file of git": (rename_in_manifest(".git/hooks/post-commit"), "not a file of a backup"),
    "program": (rename_in_manifest("plugins/x.py"), "not a file of a backup"),
}


@pytest.mark.parametrize("name", DAMAGES)
@pytest.mark.parametrize("kind", ["folder", "archive"])
def test_damaged_backup_is_refused(
    places: LedgerPaths, empty: LedgerPaths, tmp_path: Path, name: str, kind: str
) -> None:
    folder = backup_steps.make_backup(places, tmp_path / "b").path
    damage, sentence = DAMAGES[name]
    damage(folder)
    if kind == "archive":
        with tarfile.open(tmp_path / "b.tar", "w") as tar:
            for path in sorted(folder.rglob("*")):
                tar.add(path, path.relative_to(folder).as_posix(), recursive=False)
        folder = tmp_path / "b.tar"
    with pytest.raises((BackupUnusable, RestoreRefused), match=sentence):
        restore_backup(empty, folder)
    assert list(empty.root.iterdir()) == []


def test_archive_cut_short_is_refused(places: LedgerPaths, empty: LedgerPaths, tmp_path: Path) -> None:
    archive = backup_steps.make_backup(places, tmp_path / "b.tar.gz").path
    archive.write_bytes(archive.read_bytes()[:-2_000])
    with pytest.raises(BackupUnusable):
        restore_backup(empty, archive)
    assert list(empty.root.iterdir()) == []


def test_link_in_an_archive_is_refused(places: LedgerPaths, empty: LedgerPaths, tmp_path: Path) -> None:
    folder = backup_steps.make_backup(places, tmp_path / "b").path
    with tarfile.open(tmp_path / "b.tar", "w") as tar:
        tar.add(folder / MANIFEST, MANIFEST)
        link = tarfile.TarInfo("desk.db")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
        tar.addfile(link, io.BytesIO())
    with pytest.raises(BackupUnusable):
        restore_backup(empty, tmp_path / "b.tar")
    assert list(empty.root.iterdir()) == []


def test_restore_never_replaces_a_desk(places: LedgerPaths, tmp_path: Path) -> None:
    made = backup_steps.make_backup(places, tmp_path / "b")
    before = places.desk.read_bytes()
    with pytest.raises(RestoreRefused, match="would overwrite it"):
        restore_backup(places, made.path)
    assert places.desk.read_bytes() == before


@pytest.mark.parametrize("from_option", [True, False])
def test_newer_log_completes_a_backup(
    places: LedgerPaths, empty: LedgerPaths, tmp_path: Path, *, from_option: bool
) -> None:
    made = backup_steps.make_backup(places, tmp_path / "b")
    desk_ledger.publish_new_claim(places, 31)
    arguments = ["--root", str(empty.root), "restore", str(made.path)]
    if from_option:
        arguments += ["--log", str(places.log)]
    else:
        shutil.copytree(places.log, empty.log)
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert f"{made.manifest.entries} publications; its newest row of any kind is of 2031-05-02" in result.stdout
    assert "The log is newer: 2 entries more, recorded from 2031-05-02T09:05" in result.stdout
    assert desk_ledger.claim(31)["claim_id"] in result.stdout
    assert "Lost is what the desk stored after 2031-05-02" in result.stdout
    assert log_size(empty) == log_size(places)
    assert find_problems(empty) == []


def test_older_log_in_the_folder_is_completed(places: LedgerPaths, empty: LedgerPaths, tmp_path: Path) -> None:
    shutil.copytree(places.log, empty.log)
    desk_ledger.publish_new_claim(places, 31)
    made = backup_steps.make_backup(places, tmp_path / "b")
    assert restore_backup(empty, made.path).newer == ()
    assert log_size(empty) == log_size(places)


def test_other_log_in_the_folder_is_refused(places: LedgerPaths, empty: LedgerPaths, tmp_path: Path) -> None:
    made = backup_steps.make_backup(places, tmp_path / "b")
    shutil.copytree(places.log, empty.log)
    file = empty.log / "000000.jsonl"
    file.write_bytes(file.read_bytes().replace("기사에서".encode(), "기사에게".encode(), 1))
    before = file.read_bytes()
    with pytest.raises(LogsDisagree):
        restore_backup(empty, made.path)
    assert (file.read_bytes(), empty.desk.exists(), list(empty.root.glob("*.part"))) == (before, False, [])


def test_entries_of_a_new_person_wait_in_the_log(places: LedgerPaths, empty: LedgerPaths, tmp_path: Path) -> None:
    made = backup_steps.make_backup(places, tmp_path / "b")
    with desk_ledger.opened(places) as store, store.writing() as connection:
        people.insert_person(connection, "mina", roles=["editor"], author="admin-console", now=desk_ledger.NOW)
    with desk_ledger.opened(places) as store:
        desk_ledger.publish(store, desk_ledger.later(20), approver="mina")
    shutil.copytree(places.log, empty.log)
    result = CliRunner().invoke(main, ["--root", str(empty.root), "restore", str(made.path)], catch_exceptions=False)
    assert "in the log but not in desk.db yet" in result.stdout
    assert "'mina' wrote or approved it" in result.stderr
    assert "claimledger person add" in result.stderr
    with step_setup.open_for_accounts(empty) as store, store.writing() as connection:
        people.insert_person(connection, "mina", roles=["editor"], author="admin-console", now=desk_ledger.NOW)
    desk_ledger.opened(empty).close()
    assert find_problems(empty) == []


def test_single_store_is_restored_with_the_log_in_it(places: LedgerPaths, empty: LedgerPaths, tmp_path: Path) -> None:
    with closing(sqlite3.connect(places.desk)) as connection:
        connection.execute("VACUUM INTO ?", (str(tmp_path / "replica.db"),))
    shutil.copytree(places.private_evidence, empty.private_evidence)
    done = restore_backup(empty, tmp_path / "replica.db")
    assert (done.entries, find_problems(empty)) == (log_size(places), [])
    assert contents(empty) == contents(places)


def test_signed_note_shows_the_number_of_missing_entries(
    places: LedgerPaths, empty: LedgerPaths, tmp_path: Path
) -> None:
    key_steps.make_log_key(places, "ledger.example")
    key_steps.sign_checkpoint(places)
    made = backup_steps.make_backup(places, tmp_path / "b")
    desk_ledger.publish_new_claim(places, 31)
    note = tmp_path / "kept.note"
    note.write_text(log_notes.read_newest_checkpoint(places.log) or "", encoding="utf-8")
    arguments = ["--root", str(empty.root), "restore", str(made.path), "--checkpoint", str(note)]
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == 1
    assert f"A signed note vouches for {log_size(places)} entries: 2 published entries are in no log" in result.stderr
    (tmp_path / "ko").mkdir()
    korean = CliRunner().invoke(
        main, ["--root", str(tmp_path / "ko"), *arguments[2:]], env={"CLAIMLEDGER_LANGUAGE": "ko"}
    )
    assert "공개된 항목 2개는 여기 있는 어떤 로그에도 없습니다" in korean.stderr


def test_note_of_another_log_refuses_the_restore(places: LedgerPaths, empty: LedgerPaths, tmp_path: Path) -> None:
    made_key = key_steps.make_log_key(places, "ledger.example")
    made = backup_steps.make_backup(places, tmp_path / "b")
    desk_ledger.publish_new_claim(places, 31)
    note = log_notes.read_newest_checkpoint(places.log) or ""
    fork = LedgerPaths(tmp_path / "fork")
    fork.root.mkdir()
    restore_backup(fork, made.path)
    desk_ledger.publish_new_claim(fork, 32)
    assert (made_key.path.is_file(), log_size(fork)) == (True, log_size(places))
    with pytest.raises(CheckpointContradicts):
        restore_steps.restore_backup(empty, made.path, other_log=fork.log, notes=[note])
    with pytest.raises(NoteInvalid):
        restore_steps.restore_backup(empty, made.path, notes=["no note"])
    assert list(empty.root.iterdir()) == []
