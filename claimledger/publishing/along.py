"""Which public claims are counted or computed along with some others.

In: an open ledger.db, and claims as they stand before and after. Out: the names of the public claims that share a
speaker, a source, an article or a document with them, or of which a figure measures the same. The invariant: whatever a
row that puts claims together rests on is among them. It writes nothing.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator

from claimledger.consistency import conflicting_values
from claimledger.models import Claim
from claimledger.publishing.cells import best_wording
from claimledger.vocabulary import Subject

_OF_FACTS = """
SELECT claim_id FROM quantities WHERE fact_en IN (SELECT value FROM json_each(:facts))
UNION SELECT claim_id FROM quantities WHERE fact_ko IN (SELECT value FROM json_each(:facts))
"""
_COUNTS_OF_OTHERS = {
    Subject.ARTICLE: "SELECT count(*) FROM claims WHERE article = ? "
    "AND claim_id NOT IN (SELECT value FROM json_each(?))",
    Subject.DOCUMENT: "SELECT count(DISTINCT claim_id) FROM evidence WHERE document_id = ? "
    "AND claim_id NOT IN (SELECT value FROM json_each(?))",
}
_OF_ARTICLES = "SELECT claim_id FROM claims WHERE article IN (SELECT value FROM json_each(:articles))"


def counted_along(connection: sqlite3.Connection, claims: Iterable[Claim]) -> set[str]:
    """Return the public claims that are counted with some claims by speaker or source."""
    terms = {term for claim in claims for term in _of_claim(claim)}
    return {claim_id for sql, values in terms for (claim_id,) in connection.execute(sql, values)}


def resting_on(connection: sqlite3.Connection, names: Iterable[str]) -> set[str]:
    """Return the public claims of some articles, and those that some documents are evidence for."""
    return {claim_id for name in names for sql in _RESTING_ON for (claim_id,) in connection.execute(sql, (name,))}


_RESTING_ON = (
    "SELECT claim_id FROM claims WHERE article = ?",
    "SELECT claim_id FROM evidence WHERE document_id = ?",
)


def _of_claim(claim: Claim) -> Iterator[tuple[str, tuple[str, ...]]]:
    source = best_wording(claim.source.name)
    yield (
        "SELECT claim_id FROM claims WHERE source = ? OR (source >= ? AND source < ?)",
        (source, f"{source} (", f"{source} )"),
    )
    if claim.speaker:
        yield "SELECT claim_id FROM claims WHERE speaker = ?", (best_wording(claim.speaker.name),)


def counts_of_others(
    connection: sqlite3.Connection, names: Iterable[str], claims: Collection[str]
) -> dict[Subject, dict[str, int]]:
    """Return how many public claims but some there are of each article, and on each document as evidence."""
    but = json.dumps(sorted(claims))
    listed = list(names)
    return {
        subject: {name: connection.execute(sql, (name, but)).fetchone()[0] for name in listed}
        for subject, sql in _COUNTS_OF_OTHERS.items()
    }


def computed_along(connection: sqlite3.Connection, claims: Collection[Claim], articles: Iterable[str]) -> set[str]:
    """Return the public claims of some articles and of those of some claims, and those that measure what theirs do."""
    facts_of = {
        key for claim in claims for of_figure in conflicting_values.figure_keys(claim) for key in of_figure.values()
    }
    of_articles = {*articles, *(one.article_id for one in claims)}
    return _named(connection, _OF_FACTS, facts=facts_of) | _named(connection, _OF_ARTICLES, articles=of_articles)


def _named(connection: sqlite3.Connection, sql: str, **lists: Collection[str]) -> set[str]:
    values = {name: json.dumps(sorted(listed)) for name, listed in lists.items()}
    return {name for (name,) in connection.execute(sql, values)}
