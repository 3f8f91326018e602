"""Claims as lines of a list: the rows that fronts, articles, speakers, sources and searches show.

In: which claims, by the row numbers of `claims`. Out: a line each, in the order asked for. The invariant: a line says
how a claim stands now, a withdrawn one too.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from claimledger.vocabulary import VerificationStatus

PAGE = 100
"""Rows of one page of a list."""

_LINES = """
SELECT claims.rowid AS row, claim_id, statement_en, statement_ko, claims.speaker AS speaker,
  speakers.name_ko AS speaker_ko, amount_text, verification_status, attribution_status, is_corrected,
  claims.record_state AS record_state,
  last_recorded_at, articles.language AS language
FROM claims LEFT JOIN speakers ON speakers.speaker = claims.speaker
LEFT JOIN articles ON articles.article = claims.article WHERE claims.rowid IN
"""


class Line(NamedTuple):
    """A claim in a list."""

    claim_id: str
    statement: Mapping[str, str]
    """By language."""
    speaker: str | None
    """The name by which speakers are put together."""
    speaker_name: Mapping[str, str]
    """The speaker's name by language; empty without one."""
    amount_text: str | None
    """Its first figure, as printed."""
    language: str
    """The language of its article, and so of the figure (BCP 47); `und` where the article is not there."""
    status: VerificationStatus
    """The verdict on whether it is so."""
    attribution_status: VerificationStatus | None
    """The verdict on whether the speaker said it; none where nobody is quoted."""
    is_corrected: bool
    is_withdrawn: bool
    last_recorded_at: str
    """When it became public as it stands now, UTC."""


def by_language(english: str | None, korean: str | None) -> Mapping[str, str]:
    """Return a wording by language of what stands in two columns; where both say one thing it is Korean.

    >>> by_language("Baidu", "바이두"), by_language("나라테크", "나라테크")
    ({'en': 'Baidu', 'ko': '바이두'}, {'ko': '나라테크'})
    """
    texts = {"en": None if english == korean else english, "ko": korean}
    return {language: text for language, text in texts.items() if text}


def lines(connection: sqlite3.Connection, rows: Sequence[int]) -> tuple[Line, ...]:
    """Return the claims of some row numbers, in their order."""
    marks = ", ".join("?" * len(rows))
    found = {row["row"]: _line(row) for row in connection.execute(f"{_LINES} ({marks})", rows)}
    return tuple(found[row] for row in rows)


def _line(row: sqlite3.Row) -> Line:
    return Line(
        claim_id=row["claim_id"],
        statement=by_language(row["statement_en"], row["statement_ko"]),
        speaker=row["speaker"],
        speaker_name=by_language(row["speaker"], row["speaker_ko"]),
        amount_text=row["amount_text"],
        language=row["language"] or "und",
        status=VerificationStatus(row["verification_status"]),
        attribution_status=VerificationStatus(attribution) if (attribution := row["attribution_status"]) else None,
        is_corrected=bool(row["is_corrected"]),
        is_withdrawn=row["record_state"] == "withdrawn",
        last_recorded_at=row["last_recorded_at"],
    )


def numbers(connection: sqlite3.Connection, sql: str, values: Sequence[object] | Mapping[str, object]) -> list[int]:
    """Return the first column of what a statement selects."""
    return [row[0] for row in connection.execute(sql, values)]


def offset(page: int) -> int:
    """Return how many rows stand before a page of a list, from 1."""
    return (page - 1) * PAGE
