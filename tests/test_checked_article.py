"""The first article as it is checked: each verdict rests on documents that were seen, and what is open says so."""

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
"""Secondary documents that a verdict takes where no primary one was read."""


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_a_document_has_an_address_and_no_hash_of_bytes_that_are_not_held(document: Document) -> None:
    assert document.address is not None
    assert document.captured is CaptureExtent.EXCERPT
    assert document.content_sha256 is None


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_a_firm_verdict_rests_on_a_primary_text_or_on_three_documents_or_says_why_not(claim: Claim) -> None:
    carrying = [evidence for evidence in claim.evidence if evidence.stance is not Stance.CONTEXT]
    tiers = [DOCUMENTS[evidence.document_id].tier for evidence in carrying]
    if any(verdict.value in FIRM for verdict in claim.verdicts):
        is_waived = any(waiver.code == "few-independent-documents" for waiver in claim.waivers)
        assert is_waived or len(tiers) >= ROOTLESS or any(tier is not Tier.SECONDARY for tier in tiers)


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_what_stays_open_says_so_to_the_reader(claim: Claim) -> None:
    asked = [Question.SO, *([Question.SAID] if claim.speaker else [])]
    if any(claim.verdict_on(question) is None for question in asked):
        assert claim.note is not None
        assert {"en", "ko"} <= claim.note.keys()


def test_the_article_is_checked_as_far_as_documents_were_found() -> None:
    with_primary = [
        claim for claim in CLAIMS.values()
        if any(DOCUMENTS[evidence.document_id].tier is not Tier.SECONDARY for evidence in claim.evidence)
    ]  # fmt: skip
    assert sum(bool(claim.evidence) for claim in CLAIMS.values()) >= 25
    assert len(with_primary) >= 12
