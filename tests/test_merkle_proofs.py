"""Proofs about the log's tree, by the vectors of transparency-dev/merkle and by RFC 6962's own definitions."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from claimledger.ledger.canonical import join_hashes, leaf_sha256, merkle_root
from claimledger.ledger.merkle_proofs import (
    ProofInvalid, prove_consistency, prove_inclusion, tree_hash, verify_consistency, verify_inclusion,
)  # fmt: skip

VECTORS = Path(__file__).parent / "vectors"
LEAVES = [leaf_sha256(bytes([place])) for place in range(65)]


def read_cases(name: str) -> Sequence[Mapping[str, Any]]:
    cases: Sequence[Mapping[str, Any]] = json.loads((VECTORS / f"{name}.json").read_text("utf-8"))["cases"]
    return cases


def subtree_hash(level: int, place: int) -> bytes:
    return merkle_root(LEAVES[place << level : (place + 1) << level])


def decode_hashes(coded: Sequence[str] | None) -> Sequence[bytes]:
    return [b64decode(one) for one in coded or ()]


def is_refused(verify: Callable[[], None]) -> bool:
    try:
        verify()
    except ProofInvalid:
        return True
    return False


@pytest.mark.parametrize("case", read_cases("merkle-inclusion"), ids=lambda case: case["desc"])
def test_inclusion_is_verified_as_published(case: Mapping[str, Any]) -> None:
    leaf, root = b64decode(case["leafHash"] or ""), b64decode(case["root"] or "")
    proof = decode_hashes(case["proof"])
    found = is_refused(lambda: verify_inclusion(leaf, case["leafIdx"], case["treeSize"], proof, root))
    assert found == case["wantErr"]


@pytest.mark.parametrize("case", read_cases("merkle-consistency"), ids=lambda case: case["desc"])
def test_consistency_is_verified_as_published(case: Mapping[str, Any]) -> None:
    roots = [b64decode(case[name] or "") for name in ("root1", "root2")]
    proof = decode_hashes(case["proof"])
    found = is_refused(lambda: verify_consistency(case["size1"], case["size2"], roots[0], roots[1], proof))
    assert found == case["wantErr"]


@pytest.mark.parametrize("size", [0, 1, 2, 3, 7, 8, 64, 65])
def test_tree_hash_is_that_of_the_log(size: int) -> None:
    assert tree_hash(0, size, subtree_hash) == merkle_root(LEAVES[:size])


def test_every_proof_of_small_logs_is_verified() -> None:
    for size in range(1, 20):
        root = merkle_root(LEAVES[:size])
        for place in range(size):
            proof = prove_inclusion(place, size, subtree_hash)
            verify_inclusion(LEAVES[place], place, size, proof, root)
            assert is_refused(lambda: verify_inclusion(LEAVES[place + 1], place, size, proof, root))  # noqa: B023
        for old in range(1, size + 1):
            proof = prove_consistency(old, size, subtree_hash)
            verify_consistency(old, size, merkle_root(LEAVES[:old]), root, proof)


def test_changed_cut_or_lengthened_proofs_are_refused() -> None:
    size, old = 45, 20
    root, old_root = merkle_root(LEAVES[:size]), merkle_root(LEAVES[:old])
    for proof in damage(prove_inclusion(old, size, subtree_hash)):
        assert is_refused(lambda: verify_inclusion(LEAVES[old], old, size, proof, root))  # noqa: B023
    for proof in damage(prove_consistency(old, size, subtree_hash)):
        assert is_refused(lambda: verify_consistency(old, size, old_root, root, proof))  # noqa: B023


def damage(proof: Sequence[bytes]) -> Sequence[Sequence[bytes]]:
    other = sha256(b"other").digest()
    return [
        *([*proof[:place], other, *proof[place + 1 :]] for place in range(len(proof))),
        *([*proof[:place], *proof[place + 1 :]] for place in range(len(proof))),
        [*proof, other],
        [],
    ]


@pytest.mark.parametrize(("place", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_entry_outside_the_log_has_no_proof(place: int, size: int) -> None:
    with pytest.raises(ProofInvalid, match="no such entry"):
        prove_inclusion(place, size, subtree_hash)
    with pytest.raises(ProofInvalid, match="no such entry"):
        verify_inclusion(LEAVES[0], place, size, [], LEAVES[0])


def test_log_is_no_beginning_of_a_shorter_one() -> None:
    with pytest.raises(ProofInvalid):
        prove_consistency(4, 3, subtree_hash)
    with pytest.raises(ProofInvalid):
        verify_consistency(4, 3, LEAVES[0], LEAVES[0], [])


def test_proof_in_a_long_log_needs_few_hashes() -> None:
    """Only the hashes on the way are asked for: about the logarithm of the size."""
    asked = []

    def count(level: int, place: int) -> bytes:
        asked.append((level, place))
        return join_hashes(bytes([level]), place.to_bytes(8))

    assert len(prove_inclusion(999, 1_000_000, count)) == 20
    assert len(asked) < 45
