"""The frontier of a log: the hashes of the complete subtrees that its entries form, at most one of each level.

With it, one more entry costs a few hashes, and the tree hash needs no other entry (RFC 6962).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256

from claimledger.ledger.canonical import join_hashes


class Frontier:
    """The hashes of the complete subtrees of a log by their level: a subtree of level n has 2^n entries."""

    def __init__(self, hashes: Mapping[int, bytes] | None = None) -> None:
        """Start with the stored hashes by level; without any, before the first entry."""
        self._hashes = dict(hashes or {})

    @property
    def hashes(self) -> Mapping[int, bytes]:
        """The hashes by level, the lowest level first."""
        return dict(sorted(self._hashes.items()))

    @property
    def size(self) -> int:
        """The number of entries."""
        return sum(1 << level for level in self._hashes)

    def append(self, leaf: bytes) -> None:
        """Add the leaf hash of an entry."""
        level = 0
        while level in self._hashes:
            leaf = join_hashes(self._hashes.pop(level), leaf)
            level += 1
        self._hashes[level] = leaf

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add the leaf hashes of entries in their order."""
        for leaf in leaves:
            self.append(leaf)

    def root(self) -> bytes:
        """Return the tree hash.

        >>> frontier = Frontier()
        >>> frontier.root().hex()[:8]
        'e3b0c442'
        """
        root = b""
        for digest in self.hashes.values():
            root = join_hashes(digest, root) if root else digest
        return root or sha256(b"").digest()
