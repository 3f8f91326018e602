"""Which public claims are counted together with some others: by speaker, source, article or document.

In: an open ledger.db, and claims as they stand before and after. Out: the names of the public claims that share one of
these with them. The invariant: whatever a row that puts claims together counts is among them. It writes nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from claimledger.models import Claim
from claimledger.publishing.cells import best


def counted_together(connection: sqlite3.Connection, claims: Iterable[Claim], names: Iterable[str]) -> set[str]:
    """Return the public claims that are counted with some claims; `names` are of articles and documents."""
    found: set[str] = set()
    terms = {*(term for claim in claims for term in _of_claim(claim)), *(term for name in names for term in _of(name))}
    for sql, values in terms:
        found.update(claim_id for (claim_id,) in connection.execute(sql, values))
    return found


def _of_claim(claim: Claim) -> Iterator[tuple[str, tuple[str, ...]]]:
    source = best(claim.source.name)
    yield (
        "SELECT claim_id FROM claims WHERE source = ? OR (source >= ? AND source < ?)",
        (source, f"{source} (", f"{source} )"),
    )
    if claim.speaker:
        yield "SELECT claim_id FROM claims WHERE speaker = ?", (best(claim.speaker.name),)


def _of(name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "SELECT claim_id FROM claims WHERE article = ?", (name,)
    yield "SELECT claim_id FROM evidence WHERE document_id = ?", (name,)
