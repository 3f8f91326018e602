"""The signatures of a fresh build and of a witness: commands, verifier and checks agree."""

from __future__ import annotations

import importlib
import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from claimledger import verify_log
from claimledger.accounts import people
from claimledger.checks.checkpoint_check import check_checkpoints
from claimledger.cli import main
from claimledger.ledger import log_notes, witnessing
from claimledger.ledger.canonical import leaf_sha256, merkle_root
from claimledger.ledger.checkpoints import Checkpoint, ConsistencyProof
from claimledger.ledger.files import LedgerPaths
from claimledger.ledger.merkle_proofs import ProofInvalid, prove_consistency
from claimledger.ledger.signed_notes import (
    COSIGNATURE,
    NoteInvalid,
    SigningKey,
    open_note,
    parse_verifier_key,
    sign_note,
)
from claimledger.newsroom.private_key import KEY_VARIABLE

desk_ledger = importlib.import_module("tests.desk_ledger")
ORIGIN, WITNESS = "ledger.example", "witness.example/miru"


def make_key(seed: int, name: str = ORIGIN, kind: int = 1) -> SigningKey:
    return SigningKey(name, Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32), kind)


class Newsroom:
    """A ledger with a key, whose commands are run as a person would."""

    def __init__(self, places: LedgerPaths) -> None:
        self.places = places
        self.key = next(
            line.split()[-1] for line in self.run("key", "new", ORIGIN).stdout.splitlines() if "Public" in line
        )
        self.run("checkpoint")

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(main, ["--root", str(self.places.root), *arguments])

    def verify(self, *arguments: str) -> tuple[int, str]:
        done = self.run("verify", str(self.places.log), *arguments)
        return done.exit_code, done.stdout


@pytest.fixture
def newsroom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Newsroom:
    monkeypatch.setenv(KEY_VARIABLE, str(tmp_path / "private" / "ledger.pem"))
    places: LedgerPaths = desk_ledger.with_public_ledger(tmp_path / "ledger")
    with desk_ledger.opened(places) as store, store.writing() as connection:
        for name in ("haru", "sora"):
            people.insert_person(connection, name, roles=["editor"], author="admin-console", now=desk_ledger.NOW)
    return Newsroom(places)


@pytest.mark.slow
def test_fresh_build_signs_the_file_and_others_do_not(newsroom: Newsroom) -> None:
    places = newsroom.places
    newsroom.run("build")
    assert log_notes.read_release(places.log) is None
    newsroom.run("build", "--fresh")
    (note, digest) = log_notes.read_release(places.log) or "", sha256(places.ledger.read_bytes()).hexdigest()
    assert note.startswith(f"claimledger-release/v1\n{ORIGIN}\n")
    assert f"\n{digest}\n{sqlite3.sqlite_version}\n\n" in note
    code, said = newsroom.verify("--key", newsroom.key, "--ledger", str(places.ledger))
    assert code == verify_log.PROVED
    assert f"{places.ledger} is the file of the release note" in said
    assert check_checkpoints(places.log, places.desk).problems == ()


@pytest.mark.slow
def test_other_rows_than_the_release_note_are_reported(newsroom: Newsroom, tmp_path: Path) -> None:
    places = newsroom.places
    newsroom.run("build", "--fresh")
    with closing(sqlite3.connect(places.ledger)) as connection, connection:
        connection.execute("UPDATE about SET value = ? WHERE name = 'content_sha256'", ("0" * 64,))
    (problem,) = check_checkpoints(places.log, places.desk).problems
    assert problem.code == "release-differs"
    (tmp_path / "other.db").write_bytes(places.ledger.read_bytes() + b"x")
    code, said = newsroom.verify("--key", newsroom.key, "--ledger", str(tmp_path / "other.db"))
    assert code == verify_log.CONTRADICTED
    assert "is not the file of the release note" in said


@pytest.mark.slow
def test_neither_note_can_be_taken_for_the_other(newsroom: Newsroom) -> None:
    newsroom.run("build", "--fresh")
    log = newsroom.places.log
    checkpoint, release = log_notes.read_newest_checkpoint(log) or "", log_notes.read_release(log) or ""
    log_notes.write_release(log, checkpoint)
    assert newsroom.verify("--key", newsroom.key)[0] == verify_log.CONTRADICTED
    log_notes.write_release(log, release)
    log_notes.write_newest_checkpoint(log, release)
    assert newsroom.verify("--key", newsroom.key)[0] == verify_log.CONTRADICTED


@pytest.mark.slow
def test_release_note_of_a_stranger_is_a_contradiction(newsroom: Newsroom) -> None:
    newsroom.run("build", "--fresh")
    text = (log_notes.read_release(newsroom.places.log) or "").rpartition("\n\n")[0] + "\n"
    log_notes.write_release(newsroom.places.log, sign_note(text, make_key(9)))
    assert newsroom.verify("--key", newsroom.key)[0] == verify_log.CONTRADICTED
    (problem,) = check_checkpoints(newsroom.places.log, newsroom.places.desk).problems
    assert problem.code == "wrong-note"


@pytest.mark.slow
def test_witness_cosigns_and_a_policy_demands_it(newsroom: Newsroom, tmp_path: Path) -> None:
    places, kept = newsroom.places, [str(tmp_path / name) for name in ("witness.pem", "memory.note", "cosigned.note")]
    public = newsroom.run("witness", "new", WITNESS, "--file", kept[0]).stdout.strip()
    policy = tmp_path / "policy.txt"
    policy.write_text(
        f"log {newsroom.key}\nwitness miru {public}\n# both\ngroup second all miru\nquorum second\n", "utf-8"
    )
    sign = ["--key", newsroom.key, "--name", WITNESS, "--file", kept[0], "--memory", kept[1], "--out", kept[2]]
    code, said = newsroom.verify("--policy", str(policy))
    assert code == verify_log.NOT_COVERED
    assert "lacks signatures that the policy demands" in said
    for number in (31, 32):
        shown = places.log / "checkpoint" if number == 31 else tmp_path / "consistency.proof"
        assert newsroom.run("witness", "sign", str(shown), *sign).exit_code == 0
        assert "has the witness's signature" in newsroom.run("checkpoint", "--cosigned", kept[2]).stdout
        code, said = newsroom.verify("--policy", str(policy))
        assert code == verify_log.PROVED
        assert public in said
        desk_ledger.publish_new_claim(places, number)
        newsroom.run("prove", "--since", kept[1], "--out", str(tmp_path))
    assert newsroom.verify("--policy", str(policy))[0] == verify_log.NOT_COVERED
    assert check_checkpoints(places.log, places.desk).problems == ()


LEAVES = [leaf_sha256(bytes([place])) for place in range(40)]
KEY, PEN = make_key(1), make_key(2, WITNESS, COSIGNATURE)


def sign(size: int, leaves: list[bytes] = LEAVES) -> str:
    return sign_note(str(Checkpoint(ORIGIN, size, merkle_root(leaves[:size]))), KEY)


def growth(old: int, new: int, leaves: list[bytes] = LEAVES) -> str:
    hashes = prove_consistency(
        old, new, lambda level, place: merkle_root(leaves[place << level : (place + 1) << level])
    )
    return str(ConsistencyProof(old, hashes, sign(new, leaves)))


def test_witness_states_the_time_and_signs_only_what_continues() -> None:
    first = witnessing.cosign(sign(7), None, KEY.verifier, PEN, time=1_900_000_000)
    second = witnessing.cosign(growth(7, 30), first, KEY.verifier, PEN, time=1_900_000_060)
    assert open_note(second, [KEY.verifier, PEN.verifier]).signers == {KEY.verifier: None, PEN.verifier: 1_900_000_060}
    other = [*LEAVES[:5], leaf_sha256(b"other"), *LEAVES[6:]]
    for shown in (growth(7, 30, other), growth(8, 30), growth(6, 30)):
        with pytest.raises(ProofInvalid):
            witnessing.cosign(shown, first, KEY.verifier, PEN, time=1)
    for shown in (sign(30), sign_note(str(Checkpoint(ORIGIN, 7, LEAVES[0])), make_key(9))):
        with pytest.raises(NoteInvalid):
            witnessing.cosign(shown, first, KEY.verifier, PEN, time=1)


@pytest.mark.slow
def test_verifier_reads_a_proof_of_growth(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    proof, since = tmp_path / "consistency.proof", tmp_path / "old.note"
    arguments = ["--proof", str(proof), "--since", str(since), "--key", str(KEY.verifier)]
    for old in (1, 6, 32, 39):
        for new in {old, old + 1, 40} - {41}:
            since.write_text(sign(old), "utf-8")
            proof.write_text(growth(old, new), "utf-8")
            assert verify_log.main(arguments) == verify_log.PROVED
            if new > old:
                other = [leaf_sha256(b"other"), *LEAVES[1:]]
                proof.write_text(growth(old, new, other), "utf-8")
                assert verify_log.main(arguments) == verify_log.CONTRADICTED
    capsys.readouterr()


def test_verifier_and_witness_sign_the_same_bytes() -> None:
    note = witnessing.cosign(sign(7), None, KEY.verifier, PEN, time=1_900_000_000)
    keys = [verify_log.parse_key(str(key.verifier)) for key in (KEY, PEN)]
    assert verify_log.open_note(note, keys[:1], keys[1:])[1] == {*keys}
    with pytest.raises(verify_log.Contradiction):
        verify_log.open_note(note, keys[1:])  # a witness by itself is not the log
    wrong = note.replace("— witness", "— witnes")
    assert verify_log.open_note(wrong, keys[:1], keys[1:])[1] == {keys[0]}


@pytest.mark.parametrize("line", [
    "quorum none", "quorum stranger", "witness a KEY", "group g 2 m", "group g 0 m", "group g any stranger",
    "unknown x", "log x", "witness m PEN",
])  # fmt: skip
def test_policy_that_cannot_be_read_is_wrong_usage(tmp_path: Path, line: str) -> None:
    said = line.replace("KEY", str(KEY.verifier)).replace("PEN", str(PEN.verifier))
    policy = tmp_path / "policy"
    policy.write_text(f"log {KEY.verifier}\nwitness m {PEN.verifier}\nquorum m\n{said}\n", "utf-8")
    with pytest.raises(SystemExit) as caught:
        verify_log.main(["x", "--policy", str(policy)])
    assert caught.value.code == verify_log.WRONG_USAGE


@pytest.mark.slow
def test_verifier_remembers_the_newest_note(newsroom: Newsroom, tmp_path: Path) -> None:
    memory, places = tmp_path / "memory.note", newsroom.places
    again = ["--key", newsroom.key, "--remember", str(memory)]
    assert newsroom.verify(*again)[0] == verify_log.PROVED
    assert memory.read_text("utf-8") == log_notes.read_newest_checkpoint(places.log)
    file = places.log / "000000.jsonl"
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:-1]))
    (places.log / "checkpoint").unlink()
    code, said = newsroom.verify(*again)
    assert code == verify_log.CONTRADICTED
    assert "the end was cut off" in said


def test_key_of_a_witness_is_read_from_its_line() -> None:
    assert parse_verifier_key(str(PEN.verifier)) == PEN.verifier
