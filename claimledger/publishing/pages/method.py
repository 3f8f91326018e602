"""The page "How we judge": each verdict with its number of claims and an example of the ledger.

Counting scans an index, so callers that serve an unchanging file should cache the result.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

from claimledger.publishing.pages.front import count_listed
from claimledger.publishing.pages.lines import texts_by_language
from claimledger.verdicts.answers import labelled_verdict
from claimledger.verdicts.reasons import LONGEST_FIRST_SENTENCE, split_reason
from claimledger.vocabulary import CaptureExtent, Question, Term, Tier, VerificationStatus

_QUOTE_CHECKS = (
    "SELECT attribution_status, count(*) FROM claims WHERE record_state = 'listed' AND attribution_status IS NOT NULL "
    "GROUP BY attribution_status"
)
_CANDIDATES = """
SELECT claims.claim_id, statement_en, statement_ko, rationale_en, rationale_ko
FROM claims JOIN verdicts ON verdicts.claim_id = claims.claim_id AND verdicts.question = :question
WHERE {column} = :status AND record_state = 'listed' LIMIT 50
"""
_COLUMNS = {Question.SO: "verification_status", Question.SAID: "attribution_status"}
_SHORTEST_REASON = 30
"""The shortest reason, in characters, that explains something as an example."""


class VerdictExample(NamedTuple):
    """A claim with a verdict and its reason in one sentence."""

    claim_id: str
    statement: Mapping[str, str]
    reason: Mapping[str, str]


class ExplainedVerdict(NamedTuple):
    """A possible status with its number of claims."""

    status: Term
    claim_count: int
    example: VerdictExample | None
    """A claim with this status, or None if there is none with a verdict."""


class MethodPage(NamedTuple):
    """The data of the page."""

    verdicts: Mapping[Question, tuple[ExplainedVerdict, ...]]
    """Every status, by the question; *Not checked yet* is the last one."""
    claim_count: int
    """The number of listed claims."""
    quote_count: int
    """The number of listed claims that quote someone."""
    document_count: int
    partly_read_count: int
    """The number of documents that were read in part."""
    secondary_count: int


def method_page(connection: sqlite3.Connection) -> MethodPage:
    """Return the data of the page."""
    counts: Mapping[Question, Mapping[str, int]] = {
        Question.SO: {str(status): count for status, count in count_listed(connection).items()},
        Question.SAID: dict(connection.execute(_QUOTE_CHECKS).fetchall()),
    }  # fmt: skip
    tiers, captures = (
        dict(connection.execute(f"SELECT {column}, count(*) FROM documents GROUP BY {column}").fetchall())  # noqa: S608
        for column in ("tier", "captured")  # our own columns
    )
    return MethodPage(
        verdicts={question: _explain_verdicts(connection, question, counts[question]) for question in Question},
        claim_count=sum(counts[Question.SO].values()),
        quote_count=sum(counts[Question.SAID].values()),
        document_count=sum(tiers.values()),
        partly_read_count=captures.get(str(CaptureExtent.EXCERPT), 0),
        secondary_count=tiers.get(str(Tier.SECONDARY), 0),
    )


def _explain_verdicts(
    connection: sqlite3.Connection, question: Question, counts: Mapping[str, int]
) -> tuple[ExplainedVerdict, ...]:
    return tuple(
        ExplainedVerdict(
            labelled_verdict(question, status), counts.get(status, 0), _example(connection, question, status)
        )
        for status in sorted(VerificationStatus, key=lambda status: status is VerificationStatus.NOT_CHECKED)
    )


def _example(connection: sqlite3.Connection, question: Question, status: VerificationStatus) -> VerdictExample | None:
    """Return the shortest of some claims with a status whose reason explains something."""
    sql = _CANDIDATES.format(column=_COLUMNS[question])
    rows = connection.execute(sql, {"question": str(question), "status": str(status)})
    return min(map(_verdict_example, rows), key=_awkwardness, default=None)


def _verdict_example(row: sqlite3.Row) -> VerdictExample:
    reasons = texts_by_language(row["rationale_en"], row["rationale_ko"])
    return VerdictExample(
        row["claim_id"], texts_by_language(row["statement_en"], row["statement_ko"]),
        {language: split_reason(text)[0] for language, text in reasons.items()},
    )  # fmt: skip


def _awkwardness(example: VerdictExample) -> tuple[bool, int]:
    """Return the key that sorts a good example first: a reason of a fitting length, then few characters in all."""
    fits = all(
        _SHORTEST_REASON / 2 <= len(text) <= LONGEST_FIRST_SENTENCE.get(language, len(text))
        for language, text in example.reason.items()
    ) and any(len(text) >= _SHORTEST_REASON for text in example.reason.values())
    return not fits, sum(map(len, (*example.statement.values(), *example.reason.values())))
