"""The tree of a log that keeps one hash a block gives the proofs of the whole tree."""

from __future__ import annotations

import pytest

from claimledger.ledger.canonical import leaf_sha256, merkle_root
from claimledger.ledger.log_tree import LogTree, block_hashes
from claimledger.ledger.merkle_proofs import prove_consistency, prove_inclusion, verify_inclusion

LEAVES = [leaf_sha256(str(number).encode()) for number in range(1_300)]
SIZES = (1, 2, 63, 64, 65, 127, 128, 700, 1_024, 1_300)


def make_tree(size: int) -> LogTree:
    def read_leaves(number: int) -> list[bytes]:
        return LEAVES[:size][number * 64 : (number + 1) * 64]

    return LogTree([*block_hashes(size, read_leaves)], read_leaves)


@pytest.mark.parametrize("size", SIZES)
def test_proofs_are_those_of_the_whole_tree(size: int) -> None:
    tree, root = make_tree(size), merkle_root(LEAVES[:size])
    for place in {0, size // 3, size // 2, size - 1}:
        verify_inclusion(LEAVES[place], place, size, prove_inclusion(place, size, tree.find_hash), root)
    whole = [merkle_root(LEAVES[:64]), merkle_root(LEAVES[64:128])]
    assert [*block_hashes(128, lambda number: LEAVES[number * 64 : (number + 1) * 64])] == whole
    for old in {1, size // 2 or 1, size}:
        slow = prove_consistency(
            old, size, lambda level, place: merkle_root(LEAVES[place << level : (place + 1) << level])
        )
        assert prove_consistency(old, size, tree.find_hash) == slow
