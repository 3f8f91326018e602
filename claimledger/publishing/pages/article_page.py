"""An article's page: its reference and rights, its editions, its text, and its claims in the order of the text.

In: an article's name, a page number, and a verification status if the claims of one alone are wanted. Out: what the
page shows; the text, where rights allow it and it is held, on the first page alone. The invariant: each claim of the
article stands on exactly one page; those that are not in the newest edition stand last. Withdrawn ones stand where they
stood.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from claimledger.models import Article
from claimledger.publishing import projection
from claimledger.publishing.edition_texts import holds_text
from claimledger.publishing.pages.article_text import ArticleText, article_text
from claimledger.publishing.pages.lines import PAGE, Line, lines, offset
from claimledger.publishing.pages.lists import standing
from claimledger.publishing.pages.undecided import Undecided, undecided
from claimledger.publishing.pages.versions import versions
from claimledger.publishing.projection import Standing
from claimledger.vocabulary import Subject, VerificationStatus

_IN_ORDER = """
SELECT row, start, "end", quote FROM (
  SELECT claims.rowid AS row, (
    SELECT place FROM appearances WHERE appearances.claim_id = claims.claim_id AND edition_sha256 = :edition
      AND appearances.record_state = 'listed' ORDER BY start LIMIT 1
  ) AS first FROM claims WHERE claims.article = :article
    AND (:status IS NULL OR (verification_status = :status AND record_state = 'listed'))
) JOIN claims ON claims.rowid = row
LEFT JOIN appearances ON appearances.claim_id = claims.claim_id AND edition_sha256 = :edition AND place = first
ORDER BY start IS NULL, start, "end", row LIMIT :most OFFSET :skipped
"""


class Passage(NamedTuple):
    """A stretch of the text and the claims that stand in it."""

    start: int | None
    """First code point of the edition; none for claims that are not in it."""
    end: int
    """One past the last code point."""
    quotes: tuple[str, ...]
    """What stands there, as printed, as far as rights allow."""
    lines: tuple[Line, ...]


class ArticlePage(NamedTuple):
    """What an article's page shows."""

    article: Article
    standing: Standing
    claim_count: int
    """Its claims, withdrawn ones among them."""
    shown_count: int
    """Claims on all pages."""
    passages: tuple[Passage, ...]
    """Those of this page."""
    counts: Mapping[VerificationStatus, int]
    """Its listed claims by status; every status that occurs."""
    edition_sha256: str | None
    """The edition whose order it is: the newest."""
    text: ArticleText | None
    """Its text with the claims marked, on the first page."""
    has_text: bool
    """Whether the ledger holds its text."""
    undecided: Undecided | None
    """What of its newest edition is not decided on, as far as the ledger can tell."""

    @property
    def listed_count(self) -> int:
        """Its listed claims."""
        return sum(self.counts.values())


def article_page(
    connection: sqlite3.Connection, article_id: str, page: int, status: VerificationStatus | None = None
) -> ArticlePage | None:
    """Return what a page of an article shows; None if there is no such article. Of one status, listed claims alone."""
    found = versions(connection, Subject.ARTICLE, article_id)
    if not found:
        return None
    article = projection.newest(found, Article)
    newest = article.editions[-1] if article.editions else None
    edition = newest.edition_sha256 if newest else None
    text = article_text(connection, article_id, newest) if newest and page == 1 else None
    told = {"article": article_id, "edition": edition, "status": status, "most": PAGE, "skipped": offset(page)}
    counts = standing(connection, "article", article_id)
    counted = connection.execute("SELECT claim_count FROM articles WHERE article = ?", (article_id,)).fetchone()
    return ArticlePage(
        article=article,
        standing=projection.standing_of(found),
        claim_count=counted[0],
        shown_count=counts.get(status, 0) if status else counted[0],
        passages=tuple(_passages(connection, connection.execute(_IN_ORDER, told).fetchall())),
        counts=counts,
        edition_sha256=edition,
        text=text,
        has_text=text is not None or (edition is not None and holds_text(connection, article_id, edition)),
        undecided=undecided(connection, article_id, newest) if newest else None,
    )


def _passages(connection: sqlite3.Connection, rows: list[sqlite3.Row]) -> Iterator[Passage]:
    shown = dict(zip((row["row"] for row in rows), lines(connection, [row["row"] for row in rows]), strict=True))
    for together in _overlapping(rows):
        first = together[0]
        quotes = dict.fromkeys(row["quote"] for row in together if row["quote"])
        end = max(row["end"] or 0 for row in together)
        yield Passage(first["start"], end, tuple(quotes), tuple(shown[row["row"]] for row in together))


def _overlapping(rows: Iterable[sqlite3.Row]) -> Iterator[list[sqlite3.Row]]:
    """Put together claims whose passages share text; those without one are together too."""
    gathered: list[sqlite3.Row] = []
    end = 0
    for row in rows:
        belongs = row["start"] is None if gathered and gathered[0]["start"] is None else (
            row["start"] is not None and row["start"] < end
        )  # fmt: skip
        if gathered and not belongs:
            yield gathered
            gathered, end = [], 0
        gathered.append(row)
        end = max(end, row["end"] or 0)
    if gathered:
        yield gathered
