"""The tree of a log in little memory: one hash a log file, and the leaf hashes of the file that a proof needs.

A log file is exactly one complete subtree of level 8, so that the hashes of the files are the lowest level that is
kept: 32 bytes for 256 entries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from claimledger.ledger.canonical import join_hashes
from claimledger.ledger.log import BODIES_PER_FILE

FILE_LEVEL = BODIES_PER_FILE.bit_length() - 1
"""The level of the subtree that a full log file is."""
LeavesOf = Callable[[int], Sequence[bytes]]
"""A function that returns the leaf hashes of a log file by its number, from 0."""


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

    def __init__(self, file_hashes: Sequence[bytes], leaves_of: LeavesOf) -> None:
        """Start from the hash of every full file; `leaves_of` is asked for the files that a proof touches."""
        self._upper = complete_levels(file_hashes)
        self._leaves_of = leaves_of
        self._file, self._lower = -1, list[list[bytes]]()

    def hash_of(self, level: int, place: int) -> bytes:
        """Return the hash of a complete subtree by its level and its place among those of the level, from 0."""
        if level >= FILE_LEVEL:
            return self._upper[level - FILE_LEVEL][place]
        number = place >> (FILE_LEVEL - level)
        if number != self._file:
            self._file, self._lower = number, complete_levels(self._leaves_of(number))
        return self._lower[level][place - (number << (FILE_LEVEL - level))]


def file_hashes(size: int, leaves_of: LeavesOf) -> Iterator[bytes]:
    """Yield the hash of every full file of a log of `size` entries."""
    for number in range(size // BODIES_PER_FILE):
        yield complete_levels(leaves_of(number))[-1][0]
