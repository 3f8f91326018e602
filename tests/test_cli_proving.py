"""The commands for keys, checkpoints and proofs, from the first key to a proof that others verify."""

from __future__ import annotations

import importlib
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from claimledger import verify_log
from claimledger.accounts import people
from claimledger.cli import main
from claimledger.ledger import log_notes
from claimledger.ledger.files import LedgerPaths
from claimledger.ledger.signed_notes import SigningKey
from claimledger.newsroom.private_key import KEY_VARIABLE

desk_ledger = importlib.import_module("tests.desk_ledger")
ORIGIN = "ledger.example"


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LedgerPaths:
    """Return a ledger with two people and no key."""
    monkeypatch.setenv(KEY_VARIABLE, str(tmp_path / "private" / "ledger.pem"))
    made: LedgerPaths = desk_ledger.with_public_ledger(tmp_path / "ledger")
    with desk_ledger.opened(made) as store, store.writing() as connection:
        for name in ("haru", "sora"):
            people.insert_person(connection, name, roles=["editor"], author="admin-console", now=desk_ledger.NOW)
    return made


def run(places: LedgerPaths, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--root", str(places.root), *arguments])


def test_commands_lead_from_the_key_to_the_proof(places: LedgerPaths, tmp_path: Path) -> None:
    made = run(places, "key", "new", ORIGIN)
    key = next(line.split()[-1] for line in made.stdout.splitlines() if line.startswith("Public key"))
    assert "Write the recovery key on paper now" in made.stderr
    assert "signed as ledger.example" in run(places, "checkpoint").stdout
    assert key in run(places, "key", "show").stdout
    kept = tmp_path / "kept.note"
    shutil.copyfile(places.log / log_notes.NEWEST, kept)
    desk_ledger.publish_new_claim(places, 31)
    name = desk_ledger.claim(31)["claim_id"]
    written = run(places, "prove", name, "--out", str(tmp_path)).stdout.split()
    assert [Path(path).name for path in written] == [f"{name}.json", f"{name}.tlog-proof"]
    proof = ["--proof", written[1], "--body", written[0], "--key", key]
    assert run(places, "verify", *proof).exit_code == verify_log.PROVED
    assert (
        run(places, "verify", str(places.log), "--key", key, "--checkpoint", str(kept)).exit_code == verify_log.PROVED
    )
    grown = run(places, "prove", "--since", str(kept), "--out", str(tmp_path))
    assert Path(grown.stdout.strip()).read_text("utf-8").startswith("old ")


@pytest.mark.slow
@pytest.mark.parametrize(("arguments", "said"), [
    (["prove", "x"], "No checkpoint covers this"),
    (["checkpoint"], "no private key that may sign"),
    (["key", "replace", "--file", "new.pem"], "no private key that may sign"),
    (["prove"], "Give RECORD or --since"),
])  # fmt: skip
def test_commands_on_a_log_without_a_key_say_what_is_missing(
    places: LedgerPaths, arguments: list[str], said: str
) -> None:
    done = run(places, *arguments)
    assert done.exit_code in {1, 2}
    assert said in done.stderr


def test_wrong_recovery_key_gets_advice_and_a_new_key_says_what_is_next(places: LedgerPaths, tmp_path: Path) -> None:
    made = run(places, "key", "new", ORIGIN).stdout
    recovery = next(line.split()[-1] for line in made.splitlines() if line.startswith("Recovery"))
    other = SigningKey(ORIGIN, Ed25519PrivateKey.from_private_bytes(b"\1" * 32))
    arguments = ["--root", str(places.root), "key", "replace", "--recovery", "--file", str(tmp_path / "new.pem")]
    done = CliRunner().invoke(main, arguments, input=f"{other.private_line()}\n")
    assert "This is not the recovery key of the log" in done.stderr
    assert other.private_line() not in done.stderr
    assert not (tmp_path / "new.pem").exists()
    done = CliRunner().invoke(main, arguments, input=f"{recovery}\n")
    assert "Then run 'claimledger checkpoint'" in done.stderr
    shown = run(places, "key", "show").stdout.splitlines()
    assert [line.split()[0] for line in shown] == ["1", "2", "recovery"]


def test_help_of_the_verifier_names_the_command(places: LedgerPaths) -> None:
    said = run(places, "verify", "--help").stdout
    assert said.startswith("usage: claimledger verify ")
    assert "verify_log.py" not in said
