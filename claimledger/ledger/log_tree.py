"""The tree of a log in little memory: one hash for each block of 64 entries, and the leaf hashes of one block.

A block is a complete subtree, so that the hashes of the blocks are the lowest level that is kept: 32 bytes for 64
entries. A proof needs the leaf hashes of only one block.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from claimledger.ledger.canonical import join_hashes

BLOCK_LEVEL = 6
BLOCK = 1 << BLOCK_LEVEL
"""The number of entries of a block."""
LeavesReader = Callable[[int], Sequence[bytes]]
"""A function that returns the leaf hashes of a block by its number, from 0; the last one may have fewer."""


def complete_levels(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """Return the hashes of all complete subtrees of some leaves, the leaves first.

    >>> [len(level) for level in complete_levels([b"%32d" % number for number in range(5)])]
    [5, 2, 1]
    """
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        level = levels[-1]
        levels.append([join_hashes(*pair) for pair in zip(level[::2], level[1::2], strict=False)])
    return levels


class LogTree:
    """The hashes of complete subtrees of a log, for `prove_inclusion` and `prove_consistency`."""

    def __init__(self, block_hashes: Sequence[bytes], read_leaves: LeavesReader) -> None:
        """Start from the hash of every full block; `read_leaves` reads the block that a proof needs."""
        self._upper = complete_levels(block_hashes)
        self._read_leaves = read_leaves
        self._block, self._lower = -1, list[list[bytes]]()

    def find_hash(self, level: int, place: int) -> bytes:
        """Return the hash of a complete subtree by its level and its place among those of the level, from 0."""
        if level >= BLOCK_LEVEL:
            return self._upper[level - BLOCK_LEVEL][place]
        number = place >> (BLOCK_LEVEL - level)
        if number != self._block:
            self._block, self._lower = number, complete_levels(self._read_leaves(number))
        return self._lower[level][place - (number << (BLOCK_LEVEL - level))]


def block_hashes(size: int, read_leaves: LeavesReader) -> Iterator[bytes]:
    """Yield the hash of every full block of a log of `size` entries."""
    for number in range(size // BLOCK):
        yield complete_levels(read_leaves(number))[-1][0]
