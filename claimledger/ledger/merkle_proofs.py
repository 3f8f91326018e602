"""Proofs about the log: that an entry is in it (inclusion), and that an older log is its beginning (consistency).

The tree is that of RFC 6962, section 2.1. A proof is made from the hashes of complete subtrees, which a caller returns
on demand, so that it costs a few hashes and not the whole log. Verification follows RFC 9162, sections 2.1.3.2 and
2.1.4.2, and needs nothing but the proof.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from hashlib import sha256

from claimledger.errors import LedgerError
from claimledger.ledger.canonical import join_hashes

SubtreeHash = Callable[[int, int], bytes]
"""A function that returns the hash of a complete subtree: of level n (2^n entries) and at a place among those of its
level, from 0."""
Proof = Sequence[bytes]
"""Hashes in the order in which a verifier uses them."""


_HASH_BYTES = 32


class ProofInvalid(LedgerError):
    """Raised when a proof does not prove what it should."""

    def __init__(self, variant: str) -> None:
        """Name the row of the table of messages: too-long, too-short, other-tree or out-of-range."""
        self.variant = variant
        super().__init__(variant)


def tree_hash(first: int, end: int, hash_of: SubtreeHash) -> bytes:
    """Return the tree hash of the entries from place `first` (from 0) up to `end`, exclusive.

    >>> leaves = [sha256(bytes([place])).digest() for place in range(3)]
    >>> tree_hash(0, 0, lambda level, place: b"").hex()[:8]  # of an empty log
    'e3b0c442'
    >>> tree_hash(2, 3, lambda level, place: leaves[place]) == leaves[2]
    True
    """
    hashes = [hash_of(*subtree) for subtree in _complete_subtrees(first, end)]
    return reduce(lambda right, left: join_hashes(left, right), reversed(hashes)) if hashes else sha256().digest()


def _complete_subtrees(first: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the complete subtrees that the entries of a half of a tree consist of, from left to right."""
    while first < end:
        level = (end - first).bit_length() - 1
        if first:
            level = min(level, (first & -first).bit_length() - 1)
        yield level, first >> level
        first += 1 << level


def _middle(first: int, end: int) -> int:
    """Return where RFC 6962 splits a tree of at least two entries: at the largest power of two below their number."""
    return first + (1 << ((end - first - 1).bit_length() - 1))


def prove_inclusion(place: int, size: int, hash_of: SubtreeHash) -> Proof:
    """Return the proof that the entry at a place, from 0, is in the log of `size` entries: RFC 6962 PATH.

    Raises:
        ProofInvalid: the log has no such entry.
    """
    if not 0 <= place < size:
        raise ProofInvalid("out-of-range")
    path, first, end = [], 0, size
    while end - first > 1:
        middle = _middle(first, end)
        is_left = place < middle
        path.append(tree_hash(middle, end, hash_of) if is_left else tree_hash(first, middle, hash_of))
        first, end = (first, middle) if is_left else (middle, end)
    return path[::-1]


def prove_consistency(old: int, size: int, hash_of: SubtreeHash) -> Proof:
    """Return the proof that the log of `old` entries is the beginning of the log of `size` entries: RFC 6962 PROOF.

    Raises:
        ProofInvalid: `old` is 0 or above `size`.
    """
    if not 0 < old <= size:
        raise ProofInvalid("out-of-range")
    path, first, end = [], 0, size
    while old != end:
        middle = _middle(first, end)
        if old <= middle:
            path.append(tree_hash(middle, end, hash_of))
            end = middle
        else:
            path.append(tree_hash(first, middle, hash_of))
            first = middle
    if first:  # the last subtree is not the whole old log, whose hash the verifier has
        path.append(tree_hash(first, end, hash_of))
    return path[::-1]


def verify_inclusion(leaf: bytes, place: int, size: int, proof: Proof, root: bytes) -> None:
    """Check that an entry with a leaf hash is at a place, from 0, of the log of `size` entries with a tree hash.

    Raises:
        ProofInvalid: it is not, or the proof does not show it.
    """
    if not 0 <= place < size:
        raise ProofInvalid("out-of-range")
    if len(leaf) != _HASH_BYTES:
        raise ProofInvalid("other-tree")
    found, last = leaf, size - 1
    for other in proof:
        if last == 0:
            raise ProofInvalid("too-long")
        if _is_right(place, last):
            found = join_hashes(other, found)
            place, last = _pass_lone_nodes(place, last)
        else:
            found = join_hashes(found, other)
        place, last = place >> 1, last >> 1
    _check_end(last, is_same=found == root)


def verify_consistency(old: int, size: int, old_root: bytes, root: bytes, proof: Proof) -> None:
    """Check that the log of `old` entries with a tree hash is the beginning of the log of `size` entries.

    Raises:
        ProofInvalid: it is not, or the proof does not show it.
    """
    if not 0 < old <= size:
        raise ProofInvalid("out-of-range")
    if old == size:
        if proof:
            raise ProofInvalid("too-long")
        _check_end(0, is_same=old_root == root)
        return
    hashes = [old_root, *proof] if old & (old - 1) == 0 else [*proof]
    if not hashes:
        raise ProofInvalid("too-short")
    place, last = old - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = hashes[0]
    for other in hashes[1:]:
        if last == 0:
            raise ProofInvalid("too-long")
        if _is_right(place, last):
            before, after = join_hashes(other, before), join_hashes(other, after)
            place, last = _pass_lone_nodes(place, last)
        else:
            after = join_hashes(after, other)
        place, last = place >> 1, last >> 1
    _check_end(last, is_same=(before, after) == (old_root, root))


def _is_right(place: int, last: int) -> bool:
    """Return whether a node is joined with one on its left; `last` is the place of the last node of its level."""
    return bool(place & 1) or place == last


def _pass_lone_nodes(place: int, last: int) -> tuple[int, int]:
    """Return the places of a node and of the last one on the level where it was joined: a lone node just moves up."""
    while place and not place & 1:
        place, last = place >> 1, last >> 1
    return place, last


def _check_end(levels: int, *, is_same: bool) -> None:
    """Check that no level of the tree is left, and that the hash is the one that was to be shown."""
    if levels:
        raise ProofInvalid("too-short")
    if not is_same:
        raise ProofInvalid("other-tree")
