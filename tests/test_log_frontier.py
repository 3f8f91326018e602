"""The frontier of a log gives its tree hash after every entry."""

from __future__ import annotations

from claimledger.ledger.canonical import leaf_sha256, merkle_root
from claimledger.ledger.log_frontier import Frontier


def test_frontier_is_that_of_the_whole_log() -> None:
    leaves = [leaf_sha256(bytes([number])) for number in range(70)]
    frontier = Frontier()
    for size, leaf in enumerate(leaves, start=1):
        frontier.append(leaf)
        assert (frontier.size, frontier.root()) == (size, merkle_root(leaves[:size]))
        assert Frontier(frontier.hashes).root() == frontier.root()
