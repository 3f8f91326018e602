"""Checks that compute with a claim: conversions, sums, changes, durations, and copies of one source.

A check takes a claim, its passages, and the available data of its article and documents. Checks across claims take the
claims of an article, or figures by the key of what they measure. The result is `Finding` values with the codes of
`FINDING_CODES`. A note is for information; a finding requires an editor's decision. All checks are pure functions that
never raise. They depend only on the records and on the table of exchange rates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from claimledger.consistency import (
    arithmetic, calendar_checks, character_notes, conversions, evidence_checks, intervals,
)  # fmt: skip
from claimledger.consistency.finding_codes import FINDING_CODES, Finding, FindingCode
from claimledger.consistency.date_ranges import day_range
from claimledger.models import Claim, Document

__all__ = [
    "FINDING_CODES",
    "CheckContext",
    "Finding",
    "FindingCode",
    "blocking_findings",
    "consistency_findings",
    "is_finding_waived",
]


@dataclass(frozen=True, slots=True)
class CheckContext:
    """The data that is available for checking a claim, in addition to the claim."""

    published_on: str | None = None
    """The article's date of publication (EDTF); if None, conversions are not checked."""
    passages: Sequence[str] = ()
    """The claim's passages, verbatim, as far as they may be stored."""
    documents: Mapping[str, Document] = field(default_factory=dict)
    """The claim's documents and those that they are based on, by name."""
    stored_texts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The stored texts of each document, one per fetch, by the document's name."""


def consistency_findings(claim: Claim, at_hand: CheckContext) -> list[Finding]:
    """Return every finding on one claim, waived or not; statements are checked before passages."""
    texts = [
        *(claim.statement[language] for language in ("en", "ko") if language in claim.statement),
        *at_hand.passages,
    ]
    published = day_range(at_hand.published_on) if at_hand.published_on else None
    return [
        *conversions.conversion_findings(claim, texts, published),
        *arithmetic.arithmetic_findings(claim, texts),
        *intervals.interval_findings(claim, texts),
        *calendar_checks.calendar_findings(claim, texts, published),
        *evidence_checks.evidence_findings(claim, at_hand.documents, at_hand.stored_texts),
        *character_notes.character_findings(claim, at_hand.passages),
    ]


def is_finding_waived(claim: Claim, found: Finding) -> bool:
    """Return whether the claim has an exception for a finding's code."""
    return any(waiver.code == found.code for waiver in claim.waivers)


def blocking_findings(claim: Claim, found: Iterable[Finding]) -> list[Finding]:
    """Return the findings that an editor has to fix or to waive."""
    return [one for one in found if one.is_blocking and not is_finding_waived(claim, one)]
