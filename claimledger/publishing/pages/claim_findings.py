"""The automatic checks and the earlier claims on a claim's page, from their public tables.

Findings are shown as computed, with whether an editor waived them. A ledger without the table `public_relations` has no
relations.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from claimledger.publishing.pages.lines import ClaimLine, claim_lines
from claimledger.publishing.wording import check_meaning

_FINDINGS = """
SELECT code, severity, computed_en, computed_ko, is_waived, other_claim_id, document_id FROM findings
WHERE claim_id = ? ORDER BY position
"""
_RELATIONS = """
SELECT relation, claims.rowid AS row FROM relations JOIN claims ON claims.claim_id = earlier_claim_id
WHERE relations.claim_id = ? ORDER BY position
"""

_HAS_RELATIONS = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'relations'"


class PublicFinding(NamedTuple):
    """A finding of the automatic checks."""

    code: str
    meaning: Mapping[str, str]
    """The meaning of the code, by language."""
    severity: Mapping[str, str]
    """The severity (a note, or a decision is required), by language."""
    sentence: Mapping[str, str]
    """The result of the check, by language."""
    is_waived: bool
    other_claim_id: str | None
    """The other claim, if two claims were compared."""
    document_id: str | None


class PublicRelation(NamedTuple):
    """A relation to an earlier claim."""

    relation: Mapping[str, str]
    """The kind of relation, by language."""
    line: ClaimLine
    """The earlier claim in its current state."""


def public_findings(connection: sqlite3.Connection, claim_id: str) -> Iterator[PublicFinding]:
    """Yield the findings about a claim in the order of the checks."""
    for row in connection.execute(_FINDINGS, (claim_id,)).fetchall():
        yield PublicFinding(
            code=row["code"],
            meaning=code_meaning(connection, row["code"]),
            severity=_labels(connection, "severity", row["severity"]),
            sentence={"en": row["computed_en"], "ko": row["computed_ko"]},
            is_waived=bool(row["is_waived"]),
            other_claim_id=row["other_claim_id"],
            document_id=row["document_id"],
        )


def code_meaning(connection: sqlite3.Connection, code: str) -> Mapping[str, str]:
    """Return the meaning of a finding's code by language, or the code itself if the ledger does not explain it."""
    return check_meaning(code) or _labels(connection, "finding_code", code)


def public_relations(connection: sqlite3.Connection, claim_id: str) -> Iterator[PublicRelation]:
    """Yield a claim's relations to earlier claims."""
    if not connection.execute(_HAS_RELATIONS).fetchone():
        return
    for row in connection.execute(_RELATIONS, (claim_id,)).fetchall():
        (line,) = claim_lines(connection, [row["row"]])
        yield PublicRelation(_labels(connection, "relation", row["relation"]), line)


def _labels(connection: sqlite3.Connection, vocabulary: str, value: str) -> Mapping[str, str]:
    """Return the labels of a vocabulary value by language, or the value itself if the ledger does not explain it."""
    row = connection.execute(
        "SELECT label_en, label_ko FROM vocabulary WHERE vocabulary = ? AND value = ?", (vocabulary, value)
    ).fetchone()
    return {"en": row["label_en"], "ko": row["label_ko"]} if row else {"en": value}
