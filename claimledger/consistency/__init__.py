"""What a claim's figures, dates and evidence come to: conversions, sums, changes, intervals, copies.

In: a claim, its passages, and what is at hand of its article and documents; for what stands across claims, the claims
of an article, or figures by the key of what they measure. Out: `Finding` values with the codes of `CODES`: a note
tells what was computed, a finding wants an editor's decision. The invariant: pure functions that never raise, the same
for the same records and the same table of rates. It must not know files, the ledger or who asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from claimledger.consistency import arithmetic, conversions, evidence_checks, intervals
from claimledger.consistency.finding_codes import CODES, Finding, Meaning
from claimledger.consistency.date_ranges import days_of
from claimledger.models import Claim, Document

__all__ = ["CODES", "AtHand", "Finding", "Meaning", "barring", "findings", "is_waived"]


@dataclass(frozen=True, slots=True)
class AtHand:
    """What is at hand beside a claim."""

    published_on: str | None = None
    """When its article was published (EDTF); none if that is not known, and no conversion is looked at."""
    passages: Sequence[str] = ()
    """Its passages, verbatim, as far as they may be held."""
    documents: Mapping[str, Document] = field(default_factory=dict)
    """Its documents, and those that these derive from, by their names."""
    kept: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The texts that are kept of a document, one for each time it was fetched, by the document's name."""


def findings(claim: Claim, at_hand: AtHand) -> list[Finding]:
    """Return everything that was computed of one claim, waived or not; statements come before passages."""
    texts = [
        *(claim.statement[language] for language in ("en", "ko") if language in claim.statement),
        *at_hand.passages,
    ]
    published = days_of(at_hand.published_on) if at_hand.published_on else None
    return [
        *conversions.findings_of(claim, texts, published),
        *arithmetic.findings_of(claim, texts),
        *intervals.findings_of(claim, texts),
        *evidence_checks.findings_of(claim, at_hand.documents, at_hand.kept),
    ]


def is_waived(claim: Claim, found: Finding) -> bool:
    """Whether a claim waives a finding's code."""
    return any(waiver.code == found.code for waiver in claim.waivers)


def barring(claim: Claim, found: Iterable[Finding]) -> list[Finding]:
    """Return what an editor has to mend or to waive."""
    return [one for one in found if one.bars and not is_waived(claim, one)]
