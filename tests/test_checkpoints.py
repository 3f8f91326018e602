"""Checkpoints and proof files, by the vectors of transparency-dev and Tessera."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from claimledger.ledger.canonical import leaf_sha256, merkle_root
from claimledger.ledger.checkpoints import (
    Checkpoint, ConsistencyProof, InclusionProof, open_checkpoint, parse_checkpoint, parse_consistency_proof,
    parse_inclusion_proof,
)  # fmt: skip
from claimledger.ledger.merkle_proofs import ProofInvalid, prove_consistency, prove_inclusion
from claimledger.ledger.signed_notes import NoteInvalid, parse_signing_key, parse_verifier_key, sign_note

VECTORS = Path(__file__).parent / "vectors"


def read_cases(name: str) -> Any:  # noqa: ANN401  JSON
    return json.loads((VECTORS / f"{name}.json").read_text("utf-8"))["cases"]


TESSERA, MONKEYS = read_cases("tessera-log"), read_cases("witness-monkeys")
LEAVES = [leaf_sha256(text.encode()) for text in TESSERA["leaves"]]
ORIGIN = "example.com/log/testdata"
KEY = parse_signing_key(TESSERA["skey"])


def subtree_hash(level: int, place: int) -> bytes:
    return merkle_root(LEAVES[place << level : (place + 1) << level])


def open_published(size: int) -> Checkpoint:
    return open_checkpoint(TESSERA["checkpoints"][size], [KEY.verifier], origin=ORIGIN)


def test_another_projects_log_is_signed_byte_for_byte() -> None:
    assert str(KEY.verifier) == TESSERA["vkey"]
    for size, note in enumerate(TESSERA["checkpoints"]):
        checkpoint = Checkpoint(ORIGIN, size, merkle_root(LEAVES[:size]))
        assert sign_note(str(checkpoint), KEY) == note
        assert open_published(size) == checkpoint


def test_another_projects_checkpoints_are_consistent() -> None:
    for size in range(1, len(LEAVES) + 1):
        for old in range(1, size + 1):
            proof = ConsistencyProof(old, prove_consistency(old, size, subtree_hash), "")
            proof.verify(open_published(old), open_published(size))


def test_published_consistency_proof_of_two_checkpoints_is_verified() -> None:
    key = parse_verifier_key(MONKEYS["vkey"])
    old, new = (open_checkpoint(MONKEYS[name], [key], origin="monkeys") for name in ("old", "new"))
    proof = ConsistencyProof(old.size, [bytes.fromhex(one) for one in MONKEYS["proof"]], MONKEYS["new"])
    proof.verify(old, new)
    with pytest.raises(ProofInvalid):
        proof._replace(hashes=proof.hashes[:-1]).verify(old, new)


@pytest.mark.parametrize("text", [
    *read_cases("checkpoint-text")["bad"],
    "Log\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nmore\n",
    "Log\n01\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
])  # fmt: skip
def test_other_texts_are_no_checkpoint(text: str) -> None:
    with pytest.raises(NoteInvalid):
        parse_checkpoint(text)


def test_checkpoint_of_another_log_is_refused() -> None:
    with pytest.raises(NoteInvalid, match="another log"):
        open_checkpoint(TESSERA["checkpoints"][3], [KEY.verifier], origin="example.com/other")


def test_proof_file_proves_one_entry_without_the_log() -> None:
    note = TESSERA["checkpoints"][13]
    written = str(InclusionProof(4, prove_inclusion(4, 13, subtree_hash), note))
    proof = parse_inclusion_proof(written)
    assert str(proof) == written
    proof.verify(LEAVES[4], open_checkpoint(proof.note, [KEY.verifier], origin=ORIGIN))
    with pytest.raises(ProofInvalid):
        proof.verify(LEAVES[5], open_published(13))


def test_proof_file_may_have_an_extra_line() -> None:
    written = str(InclusionProof(4, prove_inclusion(4, 13, subtree_hash), TESSERA["checkpoints"][13]))
    first, _, rest = written.partition("\n")
    assert str(parse_inclusion_proof(f"{first}\nextra aGk=\n{rest}")) == written


def test_consistency_file_is_read_as_it_was_written() -> None:
    written = str(ConsistencyProof(5, prove_consistency(5, 13, subtree_hash), TESSERA["checkpoints"][13]))
    proof = parse_consistency_proof(written)
    assert str(proof) == written
    proof.verify(open_published(5), open_published(13))


@pytest.mark.parametrize("text", [
    "", "c2sp.org/tlog-proof@v1\n\n", "c2sp.org/tlog-proof@v2\nindex 1\n\nnote",
    "c2sp.org/tlog-proof@v1\nindex 01\n\nnote",
    "c2sp.org/tlog-proof@v1\nindex 1\naGk=\n\nnote", "old x\n\nnote",
])  # fmt: skip
def test_other_files_are_no_proof(text: str) -> None:
    for parse in (parse_inclusion_proof, parse_consistency_proof):
        with pytest.raises(NoteInvalid):
            parse(text)


def test_hashes_of_another_projects_tile_are_ours() -> None:
    assert b"".join(LEAVES) == b64decode(TESSERA["tile"])
