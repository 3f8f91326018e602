"""Agreement checks on the desk: findings on a claim's wording, compared with itself and with its passage.

Without a stored text, only the checks of the record itself run. Waived findings are left out. The package `agreement`
contains the checks themselves.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from claimledger.agreement import PassageContext, open_findings
from claimledger.article import StoredText
from claimledger.errors import Problem
from claimledger.newsroom.article_texts import read_stored_text
from claimledger.models import Appearance, Article, Claim
from claimledger.selectors import ResolvedPassage, resolve_selector

PASSAGE_CONTEXT = 200
"""The code points on each side of a passage that are read with it."""


class TextCache:
    """A cache of the desk's article texts; each is read once."""

    def __init__(self, connection: sqlite3.Connection | None) -> None:
        """Read from an open desk, or from none."""
        self._connection = connection
        self._read: dict[str, StoredText | None] = {}

    def find(self, edition_sha256: str) -> StoredText | None:
        """Return the text of an edition, or None if it is not stored."""
        if edition_sha256 not in self._read:
            self._read[edition_sha256] = (
                read_stored_text(self._connection, edition_sha256) if self._connection else None
            )
        return self._read[edition_sha256]


def wording_findings(claim: Claim, at_hand: Sequence[PassageContext]) -> list[Problem]:
    """Return the open findings on a claim's wording, each with the claim's identifier."""
    found = open_findings(claim, at_hand)
    return [problem.relocate(file=claim.claim_id) for problem in found]


def newest_edition_passages(
    appearances: Sequence[Appearance], article_of: Callable[[str], object]
) -> Sequence[Appearance]:
    """Return only the passages in the newest edition of each article that has any of them."""
    own = {entry.edition_sha256 for entry in appearances}
    if len(own) < 2:  # noqa: PLR2004  the usual case reads no article
        return appearances
    newest = {
        _newest_edition(article_of(article_id), own) for article_id in {entry.article_id for entry in appearances}
    }
    return [entry for entry in appearances if entry.edition_sha256 in newest]


def _no_article(_: str) -> None:
    """Return None: the article's date is not known."""


def _newest_edition(article: object, own: Collection[str]) -> str | None:
    editions = [edition.edition_sha256 for edition in article.editions] if isinstance(article, Article) else []
    return next((edition for edition in reversed(editions) if edition in own), None)


def resolve_passages(
    appearances: Iterable[Appearance], texts: TextCache, article_of: Callable[[str], object] = _no_article
) -> Iterator[PassageContext]:
    """Yield the passages whose text is stored, each with the text around it and the date of its article."""
    for entry in appearances:
        text = texts.find(entry.edition_sha256)
        where = resolve_selector(text.content, entry.position, entry.quote) if text else None
        if text and isinstance(where, ResolvedPassage):
            start, end = where.span.start, where.span.end
            yield PassageContext(
                text.content[start:end],
                text.content[max(0, start - PASSAGE_CONTEXT) : start],
                text.content[end : end + PASSAGE_CONTEXT],
                text.content,
                _publication_date(article_of(entry.article_id)),
            )


def _publication_date(article: object) -> str:
    return (article.published_on or "") if isinstance(article, Article) else ""
