"""The checked first article: each verdict is based on documents that were seen, and open questions have a note."""

from __future__ import annotations

from pathlib import Path

import pytest

from claimledger.ledger import log, printing
from claimledger.models import Claim, Document
from claimledger.vocabulary import CaptureExtent, Question, Stance, Tier, VerdictValue

pytestmark = pytest.mark.slow

HEADS = printing.newest_records(log.read_log(Path(__file__).parent.parent / "claims" / "log"))
RECORDS = [revision.record for _, revision in HEADS]
DOCUMENTS = {record.document_id: record for record in RECORDS if isinstance(record, Document)}
CLAIMS = {record.claim_id: record for record in RECORDS if isinstance(record, Claim)}
FIRM = {VerdictValue.SUPPORTED, VerdictValue.REFUTED, VerdictValue.CONFLICTING_EVIDENCE}
ROOTLESS = 3
"""The number of secondary documents that a verdict needs without a primary one."""


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_document_has_an_address_and_no_content_hash(document: Document) -> None:
    assert document.address is not None
    assert document.captured is CaptureExtent.EXCERPT
    assert document.content_sha256 is None


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_firm_verdict_has_enough_documents_or_a_waiver(claim: Claim) -> None:
    carrying = [evidence for evidence in claim.evidence if evidence.stance is not Stance.CONTEXT]
    tiers = [DOCUMENTS[evidence.document_id].tier for evidence in carrying]
    if any(verdict.value in FIRM for verdict in claim.verdicts):
        is_waived = any(waiver.code == "few-independent-documents" for waiver in claim.waivers)
        assert is_waived or len(tiers) >= ROOTLESS or any(tier is not Tier.SECONDARY for tier in tiers)


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_claim_with_an_open_question_has_a_note(claim: Claim) -> None:
    asked = [Question.SO, *([Question.SAID] if claim.speaker else [])]
    if any(claim.verdict_on(question) is None for question in asked):
        assert claim.note is not None
        assert {"en", "ko"} <= claim.note.keys()


def test_most_claims_have_evidence() -> None:
    with_primary = [
        claim for claim in CLAIMS.values()
        if any(DOCUMENTS[evidence.document_id].tier is not Tier.SECONDARY for evidence in claim.evidence)
    ]  # fmt: skip
    assert sum(bool(claim.evidence) for claim in CLAIMS.values()) >= 25
    assert len(with_primary) >= 12
