"""The front page: claims by status, recent verdicts and corrections, articles, and the most quoted speakers.

Withdrawn claims are counted separately and under no status. Counting scans an index, so callers that serve an
unchanging file should cache the result.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from claimledger.models import Claim, Correction, Revision, Verdict
from claimledger.publishing.pages.check_pages import has_checks
from claimledger.publishing.pages.lines import ClaimLine, claim_lines, row_numbers, wording_by_language
from claimledger.publishing.pages.lists import ArticleLine, NameLine, newest_articles
from claimledger.verdicts.answers import labelled_verdict, status_on
from claimledger.vocabulary import Question, RevisionKind, Term, VerificationStatus

RECENT_COUNT = 5
"""The number of verdicts, corrections and articles shown."""
FINDINGS_COUNT = 6
"""The number of claims shown for each of the verdicts that readers look for first."""
FOUND_FIRST = (VerificationStatus.REFUTED, VerificationStatus.CONFLICTING_EVIDENCE)
"""These verdicts."""
QUOTED_COUNT = 8
"""The number of speakers shown."""

_COUNTS = "SELECT verification_status, count(*) FROM claims GROUP BY verification_status"
_NEWEST = (
    "SELECT rowid FROM claims WHERE verification_status = :status AND record_state = 'listed' {} "
    "ORDER BY last_recorded_at DESC, rowid DESC LIMIT :most"
)
_WITHDRAWN_COUNTS = """
SELECT verification_status, count(*) FROM claims WHERE record_state = 'withdrawn' AND claim_id IN (
  SELECT key FROM revision WHERE kind = 'withdrawal' AND subject = 'claim'
) GROUP BY verification_status
"""
_RECENT_REVISIONS = """
SELECT number, body, claims.rowid AS row FROM revision r JOIN claims ON claims.claim_id = r.key
WHERE r.kind = ? AND subject = 'claim' AND NOT EXISTS (
  SELECT 1 FROM revision x WHERE x.subject = 'claim' AND x.key = r.key AND x.number > r.number AND x.kind = 'redaction'
) ORDER BY number DESC LIMIT ?
"""
"""The newest revisions of a kind, except of records that were redacted later, because an entry shows what its record
said.
"""
_QUOTED_SPEAKERS = "SELECT speaker, name_ko, kind, claim_count FROM speakers ORDER BY claim_count DESC, speaker LIMIT ?"


class NewsItem(NamedTuple):
    """A recent verdict, correction or withdrawal of a claim."""

    recorded_at: str
    line: ClaimLine
    """The claim in its current state."""
    kind: RevisionKind
    reason: str
    verdicts: tuple[Verdict, ...]
    """The claim's verdicts in that revision."""
    statuses: Mapping[Question, Term]
    """The public status in that revision for each question that has a verdict."""
    correction: Correction | None


class FrontPage(NamedTuple):
    """The data of the front page."""

    counts: Mapping[VerificationStatus, int]
    """The number of listed claims for every status."""
    withdrawn_count: int
    found_first: Mapping[VerificationStatus, tuple[ClaimLine, ...]]
    """The newest claims with each of the verdicts that readers look for first."""
    verdicts: tuple[NewsItem, ...]
    corrections: tuple[NewsItem, ...]
    """The recent corrections and withdrawals."""
    articles: tuple[ArticleLine, ...]
    article_count: int
    quoted: tuple[NameLine, ...]
    speaker_count: int
    source_count: int
    has_earlier_checks: bool
    """True if there are checks by others, which no count includes."""
    recorded_at: str
    """The time of the newest revision, UTC. Empty in an empty ledger."""

    @property
    def claim_count(self) -> int:
        """The number of listed claims."""
        return sum(self.counts.values())


def front_page(connection: sqlite3.Connection) -> FrontPage:
    """Return the data of the front page."""
    withdrawn = _count_by_status(connection, _WITHDRAWN_COUNTS)
    last = connection.execute("SELECT recorded_at FROM revision ORDER BY number DESC LIMIT 1").fetchone()
    return FrontPage(
        counts=count_listed(connection),
        withdrawn_count=sum(withdrawn.values()),
        found_first=found_first(connection),
        verdicts=_news(connection, RevisionKind.VERDICT),
        corrections=_news(connection, RevisionKind.CORRECTION, RevisionKind.WITHDRAWAL),
        articles=newest_articles(connection, 1)[:RECENT_COUNT],
        article_count=_count(connection, "articles"),
        quoted=tuple(
            NameLine(
                row["speaker"],
                wording_by_language(row["speaker"], row["name_ko"]),
                row["kind"],
                None,
                row["claim_count"],
            )
            for row in connection.execute(_QUOTED_SPEAKERS, (QUOTED_COUNT,))
        ),
        speaker_count=_count(connection, "speakers"),
        source_count=_count(connection, "sources"),
        has_earlier_checks=has_checks(connection),
        recorded_at=last[0] if last else "",
    )


def found_first(
    connection: sqlite3.Connection, article_id: str | None = None
) -> Mapping[VerificationStatus, tuple[ClaimLine, ...]]:
    """Return the newest listed claims with the verdicts that readers look for first, of an article or of all."""
    sql = _NEWEST.format("AND article = :article" if article_id else "")
    return {
        status: claim_lines(
            connection, row_numbers(connection, sql, {"status": status, "most": FINDINGS_COUNT, "article": article_id})
        )
        for status in FOUND_FIRST
    }


def count_listed(connection: sqlite3.Connection) -> Mapping[VerificationStatus, int]:
    """Return the number of listed claims for every status."""
    every, withdrawn = (_count_by_status(connection, sql) for sql in (_COUNTS, _WITHDRAWN_COUNTS))
    return {status: every.get(status, 0) - withdrawn.get(status, 0) for status in VerificationStatus}


def _count_by_status(connection: sqlite3.Connection, sql: str) -> Mapping[VerificationStatus, int]:
    return {VerificationStatus(status): count for status, count in connection.execute(sql)}


def _count(connection: sqlite3.Connection, table: str) -> int:
    found: Sequence[int] = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608  our own names
    return found[0]


def _news(connection: sqlite3.Connection, *kinds: RevisionKind) -> tuple[NewsItem, ...]:
    """Return the newest items of some kinds. Each kind is queried separately, so that an index gives the order."""
    every = [row for kind in kinds for row in connection.execute(_RECENT_REVISIONS, (kind, RECENT_COUNT))]
    rows = sorted(every, key=lambda row: -row["number"])[:RECENT_COUNT]
    line_by_row = {
        row: line for row in dict.fromkeys(row["row"] for row in rows) for line in claim_lines(connection, [row])
    }
    return tuple(_news_item(row["body"], line_by_row[row["row"]]) for row in rows)


def _news_item(body: str, line: ClaimLine) -> NewsItem:
    revision = Revision.model_validate_json(body)
    record = revision.record
    verdicts = record.verdicts if isinstance(record, Claim) else ()
    statuses = {
        verdict.question: labelled_verdict(verdict.question, status_on(record, verdict.question))
        for verdict in verdicts
        if isinstance(record, Claim)
    }
    return NewsItem(revision.recorded_at, line, revision.kind, revision.reason, verdicts, statuses, revision.correction)
