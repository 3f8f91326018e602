"""What was gathered on the first article is fit for the ledger: documents, evidence and verdicts."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from claimledger.models import Document, Evidence, Verdict
from claimledger.vocabulary import Captured, VerdictValue

ROOT = Path(__file__).parent.parent
GATHERED = msgspec.json.decode((ROOT / "docs" / "evidence" / "first-article.json").read_bytes())
DOCUMENTS = {document["document_id"]: document for document in GATHERED["documents"]}


@pytest.mark.parametrize("document_id", DOCUMENTS)
def test_a_document_is_one_that_was_seen_in_part(document_id: str) -> None:
    document = Document.model_validate_json(msgspec.json.encode(DOCUMENTS[document_id]))
    assert document.captured is Captured.EXCERPT
    assert document.address is not None
    assert document.content_sha256 is None


@pytest.mark.parametrize("row", GATHERED["claims"], ids=lambda row: row["claim_id"])
def test_what_was_gathered_on_a_claim_is_fit_for_it(row: dict[str, list[object]]) -> None:
    assert list((ROOT / "claims").glob(f"*/{row['claim_id']}.yaml"))
    evidence = [Evidence.model_validate_json(msgspec.json.encode(one)) for one in row["evidence"]]
    verdicts = [Verdict.model_validate_json(msgspec.json.encode(one)) for one in row["verdicts"]]
    assert {one.document_id for one in evidence} <= DOCUMENTS.keys()
    firm = {VerdictValue.SUPPORTED, VerdictValue.REFUTED, VerdictValue.CONFLICTING_EVIDENCE}
    assert evidence or not any(verdict.value in firm for verdict in verdicts)
