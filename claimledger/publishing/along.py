"""Which public claims are counted or computed along with some others.

In: an open ledger.db, and claims as they stand before and after. Out: the names of the public claims that share a
speaker, a source, an article or a document with them, or of which a figure measures the same. The invariant: whatever a
row that puts claims together rests on is among them. It writes nothing.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator

from claimledger.computed import facts
from claimledger.models import Claim
from claimledger.publishing.cells import best

_OF_FACTS = """
SELECT claim_id FROM quantities WHERE fact_en IN (SELECT value FROM json_each(:facts))
UNION SELECT claim_id FROM quantities WHERE fact_ko IN (SELECT value FROM json_each(:facts))
"""
_OF_ARTICLES = "SELECT claim_id FROM claims WHERE article IN (SELECT value FROM json_each(:articles))"


def counted_along(connection: sqlite3.Connection, claims: Iterable[Claim], names: Iterable[str]) -> set[str]:
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


def computed_along(connection: sqlite3.Connection, claims: Collection[Claim], articles: Iterable[str]) -> set[str]:
    """Return the public claims of some articles and of those of some claims, and those that measure what theirs do."""
    facts_of = {key for claim in claims for of_figure in facts.keys(claim) for key in of_figure.values()}
    of_articles = {*articles, *(one.article_id for one in claims)}
    return _named(connection, _OF_FACTS, facts=facts_of) | _named(connection, _OF_ARTICLES, articles=of_articles)


def _named(connection: sqlite3.Connection, sql: str, **lists: Collection[str]) -> set[str]:
    values = {name: json.dumps(sorted(listed)) for name, listed in lists.items()}
    return {name for (name,) in connection.execute(sql, values)}
