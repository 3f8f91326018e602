"""Claims as lines of a list, for the front page and the pages of articles, speakers, sources and searches.

A line shows the current state of a claim, also of a withdrawn one. Claims are given by their row numbers in `claims`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from claimledger.models import Quantity
from claimledger.verdicts.answers import QuoteCheckStatus
from claimledger.vocabulary import Comparator, Direction, VerificationStatus

LINES_PER_PAGE = 100
"""The number of rows on one page of a list."""

_AMOUNT_COLUMNS = ("amount", "low", "high")
_LINES = """
SELECT claims.rowid AS row, claims.claim_id AS claim_id, statement_en, statement_ko, claims.speaker AS speaker,
  speakers.name_ko AS speaker_ko, claims.amount_text AS amount_text, verification_status, attribution_status,
  is_corrected, claims.record_state AS record_state, reason_en, reason_ko,
  last_recorded_at, articles.language AS language,
  q.amount AS amount, low, high, q.unit AS unit, q.currency AS currency, q.comparator AS comparator, direction
FROM claims LEFT JOIN speakers ON speakers.speaker = claims.speaker
LEFT JOIN quantities q ON q.claim_id = claims.claim_id AND q.position = 1
LEFT JOIN articles ON articles.article = claims.article WHERE claims.rowid IN
"""


class ClaimLine(NamedTuple):
    """A claim in a list."""

    claim_id: str
    statement: Mapping[str, str]
    """The claim's statement, by language."""
    speaker: str | None
    """The name of the speaker's page, or None."""
    speaker_name: Mapping[str, str]
    """The speaker's name, by language. Empty without a speaker."""
    quantity: Quantity | None
    """The first figure."""
    language: str
    """The language (BCP 47) of the article and its figures, or `und` if the article is missing."""
    status: VerificationStatus
    """The status on the question `so`."""
    attribution_status: QuoteCheckStatus | None
    """The answer on the question `said`. None if no one is quoted."""
    reason: Mapping[str, str]
    """The reason for the verdict in one sentence, by language. Empty without a verdict."""
    is_corrected: bool
    is_withdrawn: bool
    last_recorded_at: str
    """The time when the current version became public, UTC."""


def wording_by_language(english: str | None, korean: str | None) -> Mapping[str, str]:
    """Return the texts of two columns by language. If both are equal, the text is Korean.

    >>> wording_by_language("Baidu", "바이두"), wording_by_language("나라테크", "나라테크")
    ({'en': 'Baidu', 'ko': '바이두'}, {'ko': '나라테크'})
    """
    return texts_by_language(None if english == korean else english, korean)


def texts_by_language(english: str | None, korean: str | None) -> Mapping[str, str]:
    """Return the texts of two columns by language, without those that are missing."""
    return {language: text for language, text in (("en", english), ("ko", korean)) if text}


def claim_lines(connection: sqlite3.Connection, rows: Sequence[int]) -> tuple[ClaimLine, ...]:
    """Return the claims with these row numbers, in the same order."""
    if not rows:  # SQLite would scan the table
        return ()
    marks = ", ".join("?" * len(rows))
    found = {row["row"]: _line(row) for row in connection.execute(f"{_LINES} ({marks})", rows)}
    return tuple(found[row] for row in rows)


def _line(row: sqlite3.Row) -> ClaimLine:
    return ClaimLine(
        claim_id=row["claim_id"],
        statement=wording_by_language(row["statement_en"], row["statement_ko"]),
        speaker=row["speaker"],
        speaker_name=wording_by_language(row["speaker"], row["speaker_ko"]),
        quantity=_quantity(row) if row["amount_text"] else None,
        language=row["language"] or "und",
        status=VerificationStatus(row["verification_status"]),
        attribution_status=QuoteCheckStatus(attribution) if (attribution := row["attribution_status"]) else None,
        reason=texts_by_language(row["reason_en"], row["reason_ko"]),
        is_corrected=bool(row["is_corrected"]),
        is_withdrawn=row["record_state"] == "withdrawn",
        last_recorded_at=row["last_recorded_at"],
    )


def _quantity(row: sqlite3.Row) -> Quantity:
    amount, low, high = (row[name] if row[name] is None else Decimal(str(row[name])) for name in _AMOUNT_COLUMNS)
    return Quantity(
        text=row["amount_text"], amount=amount, low=low, high=high, unit=row["unit"], currency=row["currency"],
        comparator=Comparator(row["comparator"]) if row["comparator"] else None,
        direction=Direction(row["direction"]) if row["direction"] else None,
    )  # fmt: skip


def row_numbers(connection: sqlite3.Connection, sql: str, values: Sequence[object] | Mapping[str, object]) -> list[int]:
    """Return the first column of the selected rows."""
    return [row[0] for row in connection.execute(sql, values)]


def page_offset(page: int) -> int:
    """Return the number of rows before a page of a list. Pages count from 1."""
    return (page - 1) * LINES_PER_PAGE
