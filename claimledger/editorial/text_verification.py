"""Comparison of a text with the claims that quote it.

It needs no desk, so that a reader with the article can do it too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from claimledger.article import StoredText
from claimledger.coverage import AccountedSpan, CoverageItem, CoverageKind, measure_coverage
from claimledger.errors import NotFound
from claimledger.models import Appearance, Article, Span, LedgerRecord
from claimledger.selectors import Orphan, ResolvedPassage, resolve_selector
from claimledger.desk_vocabulary import Coverage


@dataclass(frozen=True, slots=True)
class VerificationResult:
    """The result of comparing an article's text with its claims."""

    article_id: str
    """The article's identifier."""
    text: StoredText
    """The text."""
    found: int
    """The number of appearances that are where they should be."""
    lost: tuple[tuple[Appearance, ResolvedPassage | Orphan], ...]
    """The appearances that are at another position or missing."""
    unbound: tuple[CoverageItem, ...]
    """The figures and quotations that are in no claim's passage and not dismissed."""


def verify_text(text: StoredText, name: str, records: Sequence[LedgerRecord]) -> VerificationResult:
    """Compare a text with every claim that quotes it; `name` is its file name, for messages.

    Raises:
        NotFound: no article has an edition with this text.
    """
    edition_of = {
        edition.edition_sha256: (record, edition)
        for record in records
        if isinstance(record, Article)
        for edition in record.editions
    }
    if text.sha256 not in edition_of:
        raise NotFound("edition", name, hashes=tuple(f"{sha256[:12]}…" for sha256 in edition_of))
    article, edition = edition_of[text.sha256]
    entries = [one for one in records if isinstance(one, Appearance) and one.edition_sha256 == text.sha256]
    resolved = [(entry, resolve_selector(text.content, entry.position, entry.quote)) for entry in entries]
    lost = tuple(
        (entry, where) for entry, where in resolved if not isinstance(where, ResolvedPassage) or where.is_moved
    )
    claimed = [
        AccountedSpan(where.span, entry.claim_id) for entry, where in resolved if isinstance(where, ResolvedPassage)
    ]
    dismissed = [AccountedSpan(one.position, next(iter(one.reason.values()))) for one in edition.dismissed]
    items = measure_coverage(text.content, claimed, dismissed, edition.furniture).items
    unbound = tuple(item for item in items if item.state is Coverage.UNBOUND and item.sort is not CoverageKind.DATE)
    return VerificationResult(article.article_id, text, len(resolved) - len(lost), lost, unbound)


def find_quoted_passage(
    records: Sequence[LedgerRecord], article_id: str, text: StoredText, quote: str, nth: int
) -> tuple[Article, Span]:
    """Return an article and the `nth` place (from 1) of `quote` in its text.

    Raises:
        NotFound: the article does not exist, or the text has fewer occurrences of the quote.
    """
    articles = {record.article_id: record for record in records if isinstance(record, Article)}
    if article_id not in articles:
        raise NotFound("article", article_id, sorted(articles))
    spans = text.find_passage(quote)
    if len(spans) < nth:
        raise NotFound("place", quote, nth=nth, count=len(spans))
    return articles[article_id], spans[nth - 1]
