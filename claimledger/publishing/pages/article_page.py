"""The page of an article: its reference and rights, its editions, its text, and its claims in text order.

Each claim of the article is on exactly one of its pages. Claims that are not in the newest edition come last. Withdrawn
claims keep their position. The text is only on the first page, if rights allow it and the ledger contains it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from claimledger.models import Article
from claimledger.publishing import projection
from claimledger.publishing.edition_texts import has_edition_text
from claimledger.publishing.pages.article_text import ArticleText, article_text
from claimledger.publishing.pages.front import found_first
from claimledger.publishing.pages.lines import LINES_PER_PAGE, ClaimLine, claim_lines, page_offset
from claimledger.publishing.pages.lists import count_by_status
from claimledger.publishing.pages.undecided import UndecidedPassages, undecided_passages
from claimledger.publishing.pages.versions import newest_record, record_versions
from claimledger.publishing.projection import RecordSummary
from claimledger.vocabulary import Subject, VerificationStatus

_CLAIMS_IN_ORDER = """
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


class PassageWithClaims(NamedTuple):
    """A stretch of the text with the claims in it."""

    start: int | None
    """The first code point in the edition. None for claims that are not in it."""
    end: int
    """One past the last code point."""
    quotes: tuple[str, ...]
    """The printed words, if rights allow them."""
    lines: tuple[ClaimLine, ...]


class ArticlePage(NamedTuple):
    """The data of an article's page."""

    article: Article
    standing: RecordSummary
    claim_count: int
    """The number of its claims, including withdrawn ones."""
    shown_count: int
    """The number of claims on all pages."""
    passages: tuple[PassageWithClaims, ...]
    """The passages of this page."""
    found_first: Mapping[VerificationStatus, tuple[ClaimLine, ...]]
    """The newest of its claims with each of the verdicts that readers look for first. Only on the first page."""
    counts: Mapping[VerificationStatus, int]
    """The number of its listed claims by status, without statuses that have none."""
    edition_sha256: str | None
    """The newest edition, which determines the order."""
    text: ArticleText | None
    """The text with its claims marked. Only on the first page."""
    has_text: bool
    """True if the ledger contains its text."""
    undecided: UndecidedPassages | None
    """The numbers and quotations of its newest edition without a decision, or None if unknown."""

    @property
    def listed_count(self) -> int:
        """The number of its listed claims."""
        return sum(self.counts.values())


def article_page(
    connection: sqlite3.Connection, article_id: str, page: int, status: VerificationStatus | None = None
) -> ArticlePage | None:
    """Return the data of one page of an article, or None if the article does not exist.

    With `status` the page has only the listed claims of that status.
    """
    found = record_versions(connection, Subject.ARTICLE, article_id)
    if not found:
        return None
    article = newest_record(found, Article)
    newest = article.editions[-1] if article.editions else None
    edition = newest.edition_sha256 if newest else None
    text = article_text(connection, article_id, newest) if newest and page == 1 else None
    parameters = {
        "article": article_id,
        "edition": edition,
        "status": status,
        "most": LINES_PER_PAGE,
        "skipped": page_offset(page),
    }
    counts = count_by_status(connection, "article", article_id)
    count_row = connection.execute("SELECT claim_count FROM articles WHERE article = ?", (article_id,)).fetchone()
    return ArticlePage(
        article=article,
        standing=projection.summarize_versions(found),
        claim_count=count_row[0],
        shown_count=counts.get(status, 0) if status else count_row[0],
        passages=tuple(_passages(connection, connection.execute(_CLAIMS_IN_ORDER, parameters).fetchall())),
        found_first=found_first(connection, article_id) if page == 1 else {},
        counts=counts,
        edition_sha256=edition,
        text=text,
        has_text=text is not None or (edition is not None and has_edition_text(connection, article_id, edition)),
        undecided=undecided_passages(connection, article_id, newest) if newest else None,
    )


def _passages(connection: sqlite3.Connection, rows: list[sqlite3.Row]) -> Iterator[PassageWithClaims]:
    shown = dict(zip((row["row"] for row in rows), claim_lines(connection, [row["row"] for row in rows]), strict=True))
    for group in _group_overlapping(rows):
        first = group[0]
        quotes = dict.fromkeys(row["quote"] for row in group if row["quote"])
        end = max(row["end"] or 0 for row in group)
        yield PassageWithClaims(first["start"], end, tuple(quotes), tuple(shown[row["row"]] for row in group))


def _group_overlapping(rows: Iterable[sqlite3.Row]) -> Iterator[list[sqlite3.Row]]:
    """Yield groups of claims whose passages overlap. All claims without a passage are one group."""
    group: list[sqlite3.Row] = []
    end = 0
    for row in rows:
        belongs = row["start"] is None if group and group[0]["start"] is None else (
            row["start"] is not None and row["start"] < end
        )  # fmt: skip
        if group and not belongs:
            yield group
            group, end = [], 0
        group.append(row)
        end = max(end, row["end"] or 0)
    if group:
        yield group
