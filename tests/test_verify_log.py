"""The stranger's verifier: one file that needs nothing but Python, and believes nothing but what it can prove."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from claimledger import verify_log
from claimledger.ledger import log
from claimledger.ledger.canonical import encode_body, leaf_sha256, merkle_root
from claimledger.ledger.checkpoints import Checkpoint, InclusionProof
from claimledger.ledger.merkle_proofs import prove_inclusion
from claimledger.ledger.signed_notes import SigningKey, sign_note

ROOT = Path(__file__).parent.parent
ORIGIN = "ledger.example"
BODIES = [*log.read_bodies(ROOT / "claims" / "log")][:300]
LEAVES = [leaf_sha256(body) for body in BODIES]


def make_key(seed: int) -> SigningKey:
    return SigningKey(ORIGIN, Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32))


KEY, NEXT_KEY, RECOVERY, STRANGER = map(make_key, range(1, 5))


class MadeLog:
    """A log in a folder, with the verifier's answer about it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys
        self.write(BODIES)

    def write(self, bodies: Sequence[bytes]) -> None:
        for file in self.folder.glob("*.jsonl"):
            file.unlink()
        for first in range(0, len(bodies), log.BODIES_PER_FILE):
            lines = bodies[first : first + log.BODIES_PER_FILE]
            log.log_file(self.folder, first + 1).write_bytes(b"".join(line + b"\n" for line in lines))

    def sign(self, size: int, key: SigningKey = KEY, leaves: Sequence[bytes] = LEAVES) -> str:
        """Return the path of a checkpoint of the first entries, kept elsewhere."""
        file = self.folder.parent / f"{size}.note"
        file.write_text(sign_note(str(Checkpoint(ORIGIN, size, merkle_root(leaves[:size]))), key), encoding="utf-8")
        return str(file)

    def list_keys(self, number: int, size: int, key: SigningKey, signer: SigningKey, recovery: object = None) -> None:
        folder = self.folder / "keys"
        folder.mkdir(exist_ok=True)
        lines = ["claimledger-keys/v1", ORIGIN, str(number), str(size), f"log {key.verifier}"]
        lines += [f"recovery {RECOVERY.verifier}"] if recovery else []
        (folder / f"{number:06d}.note").write_text(sign_note("\n".join(lines) + "\n", signer), encoding="utf-8")

    def verify(self, *arguments: str, keys: Sequence[SigningKey] = (KEY,)) -> tuple[int, str]:
        given = [word for key in keys for word in ("--key", str(key.verifier))]
        code = verify_log.main([str(self.folder), *arguments, *given])
        return code, self._capsys.readouterr().out


@pytest.fixture
def made_log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> MadeLog:
    folder = tmp_path / "log"
    folder.mkdir()
    return MadeLog(folder, capsys)


def change_first(change: Callable[[dict[str, Any]], object]) -> bytes:
    body = json.loads(BODIES[0])
    change(body)
    return encode_body(body)


def test_verifier_needs_nothing_but_python() -> None:
    """With -S and -I, Python finds no installed package."""
    command = [sys.executable, "-S", "-I", str(ROOT / "claimledger" / "verify_log.py"), str(ROOT / "claims" / "log")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (verify_log.NOT_COVERED, "")
    entries = sum(file.read_bytes().count(b"\n") for file in (ROOT / "claims" / "log").glob("*.jsonl"))
    assert f"{entries:,} of {entries:,} entries are under no checkpoint" in done.stdout


@pytest.mark.slow
def test_verifier_runs_where_it_is_in_the_repository() -> None:
    """The package beside it has files named like modules of Python, such as selectors.py."""
    command = [sys.executable, str(ROOT / "claimledger" / "verify_log.py"), str(ROOT / "claims" / "log")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (verify_log.NOT_COVERED, "")


def test_log_under_a_checkpoint_is_proved(made_log: MadeLog) -> None:
    code, said = made_log.verify("--checkpoint", made_log.sign(300))
    assert code == verify_log.PROVED
    assert f"the first 300 entries are those that {KEY.verifier} signed" in said


def test_entries_after_the_checkpoint_are_not_proved(made_log: MadeLog) -> None:
    code, said = made_log.verify("--checkpoint", made_log.sign(200))
    assert code == verify_log.NOT_COVERED
    assert "100 of 300 entries are under no checkpoint" in said


def rewrite(bodies: Sequence[bytes], place: int) -> Iterator[bytes]:
    """Yield a log in which one body says something else, and everything after it is consistent with that."""
    renamed: dict[str, str] = {}
    for index, body in enumerate(bodies):
        said = json.loads(body)
        said = {**said, **({"reason": "Something else."} if index == place else {})}
        said = {**said, **({"prev": renamed.get(said["prev"], said["prev"])} if "prev" in said else {})}
        changed = encode_body(said)
        renamed[leaf_sha256(body).hex()] = leaf_sha256(changed).hex()
        yield changed


def test_consistent_rewrite_contradicts_an_old_checkpoint(made_log: MadeLog) -> None:
    note = made_log.sign(250)
    made_log.write([*rewrite(BODIES, 100)])
    assert made_log.verify()[0] == verify_log.NOT_COVERED
    code, said = made_log.verify("--checkpoint", note)
    assert code == verify_log.CONTRADICTED
    assert "the first 250 entries are not those that were signed" in said


def test_cut_end_contradicts_an_old_checkpoint(made_log: MadeLog) -> None:
    note = made_log.sign(300)
    made_log.write(BODIES[:299])
    code, said = made_log.verify("--checkpoint", note)
    assert code == verify_log.CONTRADICTED
    assert "the end was cut off" in said


def test_checkpoint_of_a_stranger_with_the_same_name_proves_nothing(made_log: MadeLog) -> None:
    code, said = made_log.verify("--checkpoint", made_log.sign(300, STRANGER))
    assert code == verify_log.CONTRADICTED
    assert "no key that may sign for this log" in said


FORBIDDEN = {
    "not NFC": lambda: change_first(lambda body: body.update(reason="\u1112\u1161\u11ab")),
    "a fraction": lambda: BODIES[0].replace(b'"format":1,', b'"format":1.0,'),
    "true for 1": lambda: BODIES[0].replace(b'"format":1,', b'"format":true,'),
    "NaN": lambda: BODIES[0].replace(b'"format":1,', b'"format":NaN,'),
    "null": lambda: change_first(lambda body: body.update(correction=None)),
    "an unknown member": lambda: change_first(lambda body: body.update(more="x")),
    "an unknown member of the record": lambda: change_first(lambda body: body["record"].update(more="x")),
    "too long": lambda: change_first(lambda body: body.update(reason="x" * 70_000)),
    "a large integer": lambda: BODIES[0].replace(b'"number":1,', b'"number":1152921504606846976,'),
    "a Korean name": lambda: BODIES[0].replace(b'{"approver"', '{"가":"x","approver"'.encode()),
    "text for a list": lambda: change_first(lambda body: body.update(authors="checker")),
    "a byte order mark": lambda: b"\xef\xbb\xbf" + BODIES[0],
    "a member twice": lambda: BODIES[0].replace(b'"format":1,', b'"format":1,"format":1,'),
    "a line feed at the end of a name": lambda: change_first(lambda body: body.update(approver="editor\n")),
    "a day that is none": lambda: change_first(lambda body: body.update(recorded_at="yesterday")),
    "an approver who is an author": lambda: change_first(lambda body: body.update(approver=body["authors"][0])),
    "another number": lambda: change_first(lambda body: body.update(number=2)),
    "a record of another kind": lambda: change_first(lambda body: body.update(subject="alias")),
    "white space": lambda: BODIES[0].replace(b'"format":1', b'"format": 1'),
}  # fmt: skip


@pytest.mark.parametrize("name", FORBIDDEN)
def test_forbidden_body_is_refused(made_log: MadeLog, name: str) -> None:
    body = FORBIDDEN[name]()
    assert body != BODIES[0]
    made_log.write([body])
    code, said = made_log.verify()
    assert code == verify_log.CONTRADICTED
    assert said.startswith("CONTRADICTION: 000000.jsonl:1: ")


@pytest.mark.slow
@pytest.mark.parametrize("content", ["", "x", "a\n\nb", "claimledger-keys/v1\n\n— x eA==\n", "²" * 5, "9" * 5000])
def test_damaged_list_of_keys_is_a_contradiction(made_log: MadeLog, content: str) -> None:
    (made_log.folder / "keys").mkdir()
    (made_log.folder / "keys" / "000001.note").write_text(content, encoding="utf-8")
    assert made_log.verify("--checkpoint", made_log.sign(300))[0] == verify_log.CONTRADICTED
    assert made_log.verify("--checkpoint", made_log.sign(300), keys=())[0] == verify_log.CONTRADICTED


def test_log_that_cannot_be_read_is_not_called_forged(made_log: MadeLog, tmp_path: Path) -> None:
    assert made_log.verify("--checkpoint", str(tmp_path / "none.note"))[0] == verify_log.UNREAD
    assert verify_log.main([str(tmp_path / "nowhere")]) == verify_log.UNREAD
    assert verify_log.main(["http://127.0.0.1:9/-/log"]) == verify_log.UNREAD


def test_newer_format_is_not_called_forged(made_log: MadeLog) -> None:
    made_log.write([change_first(lambda body: body.update(format=2, later="x"))])
    code, said = made_log.verify()
    assert code == verify_log.NEWER
    assert "format 2 is newer than this verifier" in said


@pytest.mark.parametrize("name", ["000000.jsonl", "000001.jsonl"])
def test_missing_or_foreign_file_is_seen(made_log: MadeLog, name: str) -> None:
    (made_log.folder / name).rename(made_log.folder / "000002.jsonl")
    code, said = made_log.verify()
    assert code == verify_log.CONTRADICTED
    assert "is missing, or it is foreign" in said


def test_first_key_of_the_log_is_used_but_not_trusted(made_log: MadeLog) -> None:
    made_log.list_keys(1, 0, KEY, KEY)
    code, said = made_log.verify("--checkpoint", made_log.sign(300), keys=())
    assert code == verify_log.PROVED
    assert f"comes from the same place as the log: {KEY.verifier}" in said


@pytest.mark.slow
def test_new_key_signs_after_the_old_one(made_log: MadeLog) -> None:
    made_log.list_keys(1, 0, KEY, KEY)
    made_log.list_keys(2, 200, NEXT_KEY, KEY)
    assert made_log.verify("--checkpoint", made_log.sign(300, NEXT_KEY))[0] == verify_log.PROVED
    assert made_log.verify("--checkpoint", made_log.sign(150))[0] == verify_log.NOT_COVERED


def test_old_key_signs_nothing_after_its_list(made_log: MadeLog) -> None:
    """Somebody who stole it cannot sign what comes later."""
    made_log.list_keys(1, 0, KEY, KEY)
    made_log.list_keys(2, 200, NEXT_KEY, KEY)
    assert made_log.verify("--checkpoint", made_log.sign(300))[0] == verify_log.CONTRADICTED


def test_recovery_key_signs_a_list_but_no_checkpoint(made_log: MadeLog) -> None:
    made_log.list_keys(1, 0, KEY, KEY, RECOVERY)
    made_log.list_keys(2, 200, NEXT_KEY, RECOVERY)
    assert made_log.verify("--checkpoint", made_log.sign(300, NEXT_KEY))[0] == verify_log.PROVED
    assert made_log.verify("--checkpoint", made_log.sign(100, RECOVERY))[0] == verify_log.CONTRADICTED


def test_list_of_keys_that_a_stranger_signed_is_refused(made_log: MadeLog) -> None:
    made_log.list_keys(1, 0, KEY, KEY)
    made_log.list_keys(2, 200, STRANGER, STRANGER)
    assert made_log.verify("--checkpoint", made_log.sign(150))[0] == verify_log.CONTRADICTED


def test_log_that_replaced_its_keys_contradicts_the_reader(made_log: MadeLog) -> None:
    made_log.list_keys(1, 0, STRANGER, STRANGER)
    assert made_log.verify("--checkpoint", made_log.sign(300, STRANGER))[0] == verify_log.CONTRADICTED


def test_proof_of_one_body_needs_no_log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    note = sign_note(str(Checkpoint(ORIGIN, 300, merkle_root(LEAVES))), KEY)
    hashes = prove_inclusion(120, 300, lambda level, place: merkle_root(LEAVES[place << level : (place + 1) << level]))
    (tmp_path / "one.tlog-proof").write_text(str(InclusionProof(120, hashes, note)), encoding="utf-8")
    arguments = [
        "--proof",
        str(tmp_path / "one.tlog-proof"),
        "--body",
        str(tmp_path / "body"),
        "--key",
        str(KEY.verifier),
    ]
    (tmp_path / "body").write_bytes(BODIES[120] + b"\n")
    assert verify_log.main(arguments) == verify_log.PROVED
    assert "entry 121 of the 300" in capsys.readouterr().out
    (tmp_path / "body").write_bytes(BODIES[121])
    assert verify_log.main(arguments) == verify_log.CONTRADICTED


@pytest.mark.parametrize("arguments", [[], ["--proof", "x"], ["--proof", "x", "--body", "y"]])
def test_wrong_usage_is_said(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        verify_log.main(arguments)
    assert caught.value.code == verify_log.WRONG_USAGE
    assert "give LOG, or --proof" in capsys.readouterr().err


def edge_cases() -> Sequence[dict[str, Any]]:
    cases: Sequence[dict[str, Any]] = json.loads((ROOT / "tests/vectors/ed25519-edge.json").read_text("utf-8"))["cases"]
    return cases


def test_signatures_of_the_specification_are_verified() -> None:
    """RFC 8032, section 7.1, tests 1 and 2."""
    for public, message, signature in (
        (
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
    ):  # fmt: skip
        parts = [bytes.fromhex(part) for part in (public, signature, message)]
        assert verify_log.is_signed(*parts)
        assert not verify_log.is_signed(parts[0], parts[1], parts[2] + b"x")
        assert not verify_log.is_signed(parts[0], parts[1][:-1], parts[2])


@pytest.mark.slow
def test_edge_cases_are_judged_as_the_library_does_or_more_strictly() -> None:
    """C2SP/CCTV: only keys in a non-canonical form are judged otherwise, and refused."""
    stricter = []
    for case in edge_cases():
        key, signature, message = bytes.fromhex(case["key"]), bytes.fromhex(case["sig"]), case["msg"].encode()
        try:
            Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
        except InvalidSignature:
            assert not verify_log.is_signed(key, signature, message), case
        else:
            if not verify_log.is_signed(key, signature, message):
                stricter.append(case["flags"])
    assert all("non_canonical_A" in flags for flags in stricter)
    assert len(stricter) < len(edge_cases()) / 10


def test_key_is_printed_as_it_was_read() -> None:
    assert str(verify_log.parse_key(str(KEY.verifier))) == str(KEY.verifier)
    with pytest.raises(verify_log.Contradiction):
        verify_log.parse_key(f"{ORIGIN}+00000000+{base64.b64encode(bytes(33)).decode()}")
