"""A ledger with a key: every publication is signed, others can prove it, and unsigned entries do not come in."""

from __future__ import annotations

import importlib
import json
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from claimledger import desk, verify_log
from claimledger.accounts import people
from claimledger.checks import folder_check
from claimledger.checks.checkpoint_check import check_checkpoints
from claimledger.desk import key_steps
from claimledger.desk_vocabulary import Role
from claimledger.ledger import log, log_notes
from claimledger.ledger.files import LedgerPaths
from claimledger.ledger.canonical import encode_body
from claimledger.ledger.signed_notes import (
    NoteInvalid, SigningKey, VerifierKey, parse_signing_key, parse_verifier_key,
)  # fmt: skip
from claimledger.newsroom.store import utc_text
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from claimledger.newsroom import arrivals, log_signing
from claimledger.newsroom.log_synchronization import LogNotWritten, publication_count
from claimledger.newsroom.log_signing import (
    CheckpointContradicts, KeyListsChanged, KeyUntrusted, LogKeyMissing, LogUnproved,
)  # fmt: skip

from claimledger.newsroom.private_key import KEY_VARIABLE, PrivateKeyUnusable
from claimledger.workflow import StaffMember

desk_ledger = importlib.import_module("tests.desk_ledger")
ORIGIN = "ledger.example"
SORA = StaffMember("sora", (Role.EDITOR,))


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrivals, "clock_time", lambda: desk_ledger.later(500))


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LedgerPaths:
    """Return a ledger with two people and no key."""
    monkeypatch.setenv(KEY_VARIABLE, str(tmp_path / "private" / "ledger.pem"))
    made: LedgerPaths = desk_ledger.with_public_ledger(tmp_path / "ledger")
    with desk_ledger.opened(made) as store, store.writing() as connection:
        for name in ("haru", "sora"):
            people.insert_person(connection, name, roles=["editor"], author="admin-console", now=desk_ledger.NOW)
    return made


@pytest.fixture
def made_key(places: LedgerPaths) -> key_steps.MadeKey:
    """Return the key of a ledger that was signed for the first time."""
    made = key_steps.make_log_key(places, ORIGIN)
    key_steps.sign_checkpoint(places)
    return made


def log_size(places: LedgerPaths) -> int:
    return log.newest_body(places.log)[0]


def verify(places: LedgerPaths, *arguments: object) -> int:
    return verify_log.main([str(places.log), *map(str, arguments)])


def copy_without_desk(places: LedgerPaths, to: Path) -> LedgerPaths:
    """Return what a colleague gets who clones the repository."""
    shutil.copytree(places.claims, to / "claims")
    return LedgerPaths(to)


def test_log_without_a_key_is_published_as_before(places: LedgerPaths) -> None:
    desk_ledger.publish_new_claim(places, 31)
    assert log_notes.read_newest_checkpoint(places.log) is None
    assert verify(places) == verify_log.NOT_COVERED


def test_each_publication_is_signed(places: LedgerPaths, made_key: key_steps.MadeKey) -> None:
    assert verify(places, "--key", made_key.key) == verify_log.PROVED
    before = log_size(places)
    desk_ledger.publish_new_claim(places, 31)
    assert log_size(places) > before
    assert verify(places, "--key", made_key.key) == verify_log.PROVED
    assert [path.name for path, _ in log_notes.read_checkpoints(places.log)] == [
        f"{before:09d}.note", f"{log_size(places):09d}.note", "checkpoint",
    ]  # fmt: skip


def test_first_checkpoint_changes_no_byte_of_the_log(places: LedgerPaths) -> None:
    before = {file.name: file.read_bytes() for file in places.log.glob("*.jsonl")}
    key_steps.make_log_key(places, ORIGIN)
    assert key_steps.sign_checkpoint(places).size == log_size(places)
    assert {file.name: file.read_bytes() for file in places.log.glob("*.jsonl")} == before


def test_private_key_is_for_its_owner_alone(places: LedgerPaths, made_key: key_steps.MadeKey) -> None:
    assert stat.S_IMODE(made_key.path.stat().st_mode) == 0o600
    assert not made_key.path.is_relative_to(places.root)
    assert "PRIVATE" not in "".join(path.read_text("utf-8") for path in places.claims.rglob("*.note"))
    made_key.path.chmod(0o644)
    before = log_size(places)
    with pytest.raises(PrivateKeyUnusable, match="others can read"):
        desk_ledger.publish_new_claim(places, 31)
    assert log_size(places) == before


def test_private_key_is_not_made_in_the_ledger(places: LedgerPaths) -> None:
    with pytest.raises(PrivateKeyUnusable, match="which is published"):
        key_steps.make_log_key(places, ORIGIN, places.root / "claims" / "key.pem")
    assert log_notes.read_key_lists(places.log) == []


def test_computer_without_the_key_publishes_nothing_in_a_log_with_keys(
    places: LedgerPaths, made_key: key_steps.MadeKey
) -> None:
    made_key.path.unlink()
    before = log_size(places)
    with pytest.raises(LogKeyMissing):
        desk_ledger.publish_new_claim(places, 31)
    with pytest.raises(LogKeyMissing):
        key_steps.sign_checkpoint(places)
    assert log_size(places) == before


def append_unsigned(places: LedgerPaths, number: int) -> None:
    """Append an entry of known people to the log by hand."""
    bodies = desk_ledger.logged(places)
    record = desk_ledger.claim(number)
    body = {name: value for name, value in json.loads(bodies[-1]).items() if name not in {"prev", "correction"}}
    body |= {"number": len(bodies) + 1, "revision": 1, "kind": "listed", "key": record["claim_id"], "record": record}
    body |= {"subject": "claim", "recorded_at": utc_text(desk_ledger.later(9))}
    log.append_bodies(places.log, [encode_body(body)], first=len(bodies) + 1)


@pytest.mark.usefixtures("made_key")
def test_unsigned_entry_does_not_come_into_a_desk_with_a_key(places: LedgerPaths) -> None:
    append_unsigned(places, 32)
    before = desk_ledger.public_files(places)
    with pytest.raises(LogUnproved) as caught:
        desk.build_public_files(places)
    assert (caught.value.logged, caught.value.proved) == (log_size(places), log_size(places) - 1)
    assert desk_ledger.public_files(places) == before


def clone(places: LedgerPaths, to: Path, key: object = None) -> LedgerPaths:
    """Return the ledger of a colleague who cloned the repository, with a desk that trusts a key."""
    other = copy_without_desk(places, to)
    if key:
        key_steps.trust_log_key(other, parse_verifier_key(str(key)))
    return other


def test_new_desk_needs_the_first_key(places: LedgerPaths, made_key: key_steps.MadeKey, tmp_path: Path) -> None:
    other = clone(places, tmp_path / "other")
    append_unsigned(other, 32)
    with pytest.raises(KeyUntrusted, match="key trust KEY") as caught:
        desk_ledger.opened(other)
    assert str(made_key.key) in str(caught.value)
    key_steps.trust_log_key(other, made_key.key)
    with pytest.raises(LogUnproved):
        desk_ledger.opened(other)
    with pytest.raises(NoteInvalid):
        key_steps.trust_log_key(clone(places, tmp_path / "third"), make_stranger())


def make_stranger() -> VerifierKey:
    return SigningKey(ORIGIN, Ed25519PrivateKey.from_private_bytes(bytes(32))).verifier


@pytest.mark.slow
def test_signed_entries_of_another_computer_come_in(
    places: LedgerPaths, made_key: key_steps.MadeKey, tmp_path: Path
) -> None:
    other = clone(places, tmp_path / "other", made_key.key)
    desk_ledger.publish_new_claim(other, 32)
    shutil.copytree(other.log, places.log, dirs_exist_ok=True)
    desk.build_public_files(places)
    with desk_ledger.opened(places) as store:
        assert publication_count(store.connection) == log_size(places)
    desk_ledger.publish_new_claim(places, 33, minutes=6)
    assert verify(places, "--key", made_key.key) == verify_log.PROVED


@pytest.mark.slow
@pytest.mark.parametrize("change", [
    lambda note: note[:-20], lambda note: note.replace("ledger.example", "other.example"), lambda _: "",
    lambda note: note.replace("\n1", "\n9", 1),
], ids=("cut", "other log", "empty", "other size"))  # fmt: skip
def test_damaged_note_lets_nothing_in(
    places: LedgerPaths, made_key: key_steps.MadeKey, tmp_path: Path, change: Callable[[str], str]
) -> None:
    other = clone(places, tmp_path / "other", made_key.key)
    desk_ledger.publish_new_claim(other, 32)
    newest = other.log / log_notes.NEWEST
    newest.write_text(change(newest.read_text("utf-8")), encoding="utf-8")
    shutil.copytree(other.log, places.log, dirs_exist_ok=True)
    with pytest.raises(LogUnproved):
        desk.build_public_files(places)


@pytest.mark.usefixtures("made_key")
def test_desk_from_an_old_backup_does_not_sign_another_log(places: LedgerPaths, tmp_path: Path) -> None:
    """Restore the desk and the log of yesterday, with the note of today, and publish something else."""
    backup = shutil.copytree(places.root, tmp_path / "backup")
    desk_ledger.publish_new_claim(places, 31)
    note = (places.log / log_notes.NEWEST).read_bytes()
    shutil.rmtree(places.root)
    shutil.copytree(backup, places.root)
    (places.log / log_notes.NEWEST).write_bytes(note)
    before = log_size(places)
    with desk_ledger.opened(places) as store:
        desk_ledger.record(store, [desk_ledger.draft(desk_ledger.claim(40))])
    with pytest.raises(CheckpointContradicts):
        desk.publish(places, SORA, clock=lambda: desk_ledger.later(9), is_clock_right=True)
    assert log_size(places) == before


@pytest.mark.slow
@pytest.mark.usefixtures("made_key")
def test_notes_that_could_not_be_written_are_written_later(
    places: LedgerPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(
            log_notes, "write_newest_checkpoint", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left"))
        )
        with pytest.raises(LogNotWritten):
            desk_ledger.publish_new_claim(places, 31)
    assert verify(places) == verify_log.NOT_COVERED
    desk_ledger.publish_new_claim(places, 32, minutes=6)
    assert verify(places) == verify_log.PROVED
    assert len([*log_notes.read_checkpoints(places.log)]) == 4  # three sizes, and the newest once more


def test_replaced_key_signs_and_the_old_one_does_not(
    places: LedgerPaths, made_key: key_steps.MadeKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "kept.note"
    shutil.copyfile(places.log / log_notes.NEWEST, kept)
    new = key_steps.replace_log_key(places, tmp_path / "private" / "new.pem")
    with pytest.raises(LogKeyMissing):
        desk_ledger.publish_new_claim(places, 31)
    monkeypatch.setenv(KEY_VARIABLE, str(new.path))
    desk_ledger.publish_new_claim(places, 32, minutes=6)
    assert verify(places, "--key", made_key.key, "--checkpoint", kept) == verify_log.PROVED
    assert verify(places, "--key", new.key) == verify_log.PROVED
    assert [one.number for one in key_steps.read_log_keys(places)] == [1, 2]


def test_recovery_key_replaces_a_lost_one(
    places: LedgerPaths, made_key: key_steps.MadeKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_key.path.unlink()
    with pytest.raises(LogKeyMissing):
        key_steps.replace_log_key(places, tmp_path / "new.pem")
    new = key_steps.replace_log_key(places, tmp_path / "new.pem", parse_signing_key(made_key.recovery))
    monkeypatch.setenv(KEY_VARIABLE, str(new.path))
    desk_ledger.publish_new_claim(places, 31)
    assert verify(places, "--key", made_key.key) == verify_log.PROVED


def test_log_has_one_first_key(places: LedgerPaths, made_key: key_steps.MadeKey, tmp_path: Path) -> None:
    with pytest.raises(key_steps.LogKeysExist):
        key_steps.make_log_key(places, ORIGIN, tmp_path / "second.pem")
    assert not (tmp_path / "second.pem").exists()
    assert made_key.path.exists()


def test_signing_reads_only_new_entries(places: LedgerPaths, made_key: key_steps.MadeKey) -> None:
    read: list[int] = []
    original = log_signing._leaves

    def count(connection: Any, after: int, last: int | None) -> list[bytes]:  # noqa: ANN401
        found = original(connection, after, last)
        read.append(len(found))
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(log_signing, "_leaves", count)
        desk_ledger.publish_new_claim(places, 31)
    assert read == [1]


def test_same_entries_are_signed_once(places: LedgerPaths, made_key: key_steps.MadeKey) -> None:
    note = log_notes.read_newest_checkpoint(places.log)
    assert key_steps.sign_checkpoint(places).size == log_size(places)
    assert log_notes.read_newest_checkpoint(places.log) == note
    assert made_key.recovery.startswith("PRIVATE+KEY+")


@pytest.mark.usefixtures("made_key")
def test_missing_or_stale_notes_are_repaired_by_a_build(places: LedgerPaths) -> None:
    old = log_notes.read_newest_checkpoint(places.log)
    desk_ledger.publish_new_claim(places, 31)
    newest = log_notes.read_newest_checkpoint(places.log)
    assert old
    assert newest
    assert old != newest
    for content in (old, "damaged", None):
        path = places.log / log_notes.NEWEST
        path.unlink() if content is None else path.write_text(content, encoding="utf-8")
        desk.build_public_files(places)
        assert log_notes.read_newest_checkpoint(places.log) == newest


def test_removed_or_changed_list_of_keys_is_noticed(
    places: LedgerPaths, made_key: key_steps.MadeKey, tmp_path: Path
) -> None:
    """Without the second list, the old key could sign again."""
    key_steps.replace_log_key(places, tmp_path / "private" / "new.pem")
    second = log_notes.key_list_file(places.log, 2)
    kept = second.read_text("utf-8")
    for content in (None, log_notes.key_list_file(places.log, 1).read_text("utf-8")):
        second.unlink() if content is None else second.write_text(content, encoding="utf-8")
        with pytest.raises(KeyListsChanged):
            desk_ledger.publish_new_claim(places, 31)
        second.write_text(kept, encoding="utf-8")
    assert made_key.path.exists()


@pytest.mark.slow
@pytest.mark.parametrize("origin", ["", "my ledger", "a+b", "https://ledger.example", "ledger.example/?x", "ledger\n"])
def test_unfit_name_of_a_log_makes_no_key(places: LedgerPaths, tmp_path: Path, origin: str) -> None:
    with pytest.raises(key_steps.OriginUnfit):
        key_steps.make_log_key(places, origin, tmp_path / "key.pem")
    assert not (tmp_path / "key.pem").exists()
    assert log_notes.read_key_lists(places.log) == []


def test_private_key_is_not_made_in_the_ledger_by_another_way(places: LedgerPaths) -> None:
    with pytest.raises(PrivateKeyUnusable, match="which is published"):
        key_steps.make_log_key(places, ORIGIN, places.root / "claims" / ".." / "claims" / "key.pem")


@pytest.mark.usefixtures("made_key")
def test_nothing_is_proved_with_a_note_of_another_log(places: LedgerPaths) -> None:
    note = log_notes.read_newest_checkpoint(places.log) or ""
    with pytest.raises(key_steps.ProofImpossible):
        key_steps.prove_growth(places, note.replace("\n9\n", "\n8\n"))
    log_notes.write_newest_checkpoint(places.log, note.replace("\n9\n", "\n500\n"))
    with pytest.raises(key_steps.ProofImpossible):
        key_steps.prove_claim(places, desk_ledger.claim(1)["claim_id"])


def test_check_compares_the_log_with_its_checkpoints(places: LedgerPaths) -> None:
    assert not check_checkpoints(places.log).has_run
    key_steps.make_log_key(places, ORIGIN)
    key_steps.sign_checkpoint(places)
    found = check_checkpoints(places.log)
    assert (found.problems, found.scope) == (
        (),
        "2 notes; 9 of 9 entries are under a checkpoint; the key is the log's own",
    )
    file = places.log / "000000.jsonl"
    content = file.read_bytes()
    file.write_bytes(content.replace(b"about 9%", b"about 8%", 1))
    assert [one.code for one in check_checkpoints(places.log).problems] == ["log-not-as-signed"] * 2
    file.write_bytes(b"".join(content.splitlines(keepends=True)[:-1]))
    assert [one.code for one in check_checkpoints(places.log).problems] == ["log-not-as-signed"] * 2
    file.write_bytes(content)
    newest = places.log / log_notes.NEWEST
    newest.write_text(newest.read_text("utf-8").replace("9", "8", 1), encoding="utf-8")
    assert [one.code for one in check_checkpoints(places.log).problems] == ["wrong-note"]


@pytest.mark.usefixtures("made_key")
def test_build_writes_the_notes_that_are_missing(places: LedgerPaths) -> None:
    for path in [*(places.log / "checkpoints").glob("*")]:
        path.unlink()
    desk.build_public_files(places)
    assert len([*log_notes.read_checkpoints(places.log)]) == 2


@pytest.mark.usefixtures("made_key")
def test_notes_belong_to_the_folder_of_the_log(places: LedgerPaths) -> None:
    assert folder_check.check_folder(places).problems == ()
    (places.log / "keys" / "other.txt").write_text("x", encoding="utf-8")
    (places.log / "more").mkdir()
    codes = {problem.code for problem in folder_check.check_folder(places).problems}
    assert codes == {"foreign-file", "foreign-folder"}
