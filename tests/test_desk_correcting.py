"""Correcting a published verdict together with new evidence, in one approval and one publication."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import newsroom
import pytest
from desk_visits import TestClient, made, signed_in
from newsroom import CARGO
from test_desk_claim_page import PAGE, send_form, publish_verdict, page_text, set_language, value_in

from claimledger import desk
from claimledger.desk import lookups
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Claim
from claimledger.vocabulary import RevisionKind

pytestmark = pytest.mark.slow

CORRECTION = {
    "correction": "verdict_changed", "public_note_ko": "판정을 바로잡았다.", "reason": "새 통계가 나왔다.",
    "so_value": "refuted", "so_rationale_ko": "통계는 112만t이라고 적었다.", "so_as_of": "2026-04-20",
}  # fmt: skip
REFUTING = {
    "medium": "call", "tier": "primary", "title_ko": "통계과 통화", "language": "ko", "stance": "refutes",
    "summary_ko": "112만t이라고 답했다.",
}  # fmt: skip


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    places = made(tmp_path)
    publish_verdict(places, "supported", "supports")
    return places


@pytest.fixture
def choi(places: LedgerPaths) -> TestClient:
    return signed_in(places, "choi")


def public_versions(places: LedgerPaths) -> list[tuple[RevisionKind, list[str], list[str]]]:
    """Return kind, verdict values and evidence stances of each public version of the claim."""
    records = [(one.kind, one.record) for one in lookups.claim_at_desk(places, CARGO).revisions]
    return [
        (kind, [str(one.value) for one in record.verdicts], [str(one.stance) for one in record.evidence])
        for kind, record in records
        if isinstance(record, Claim)
    ]


def approve_and_publish(places: LedgerPaths) -> None:
    at = lookups.claim_at_desk(places, CARGO)
    desk.approve(places, CARGO, at.newest_draft_id, newsroom.actor("lee"))
    desk.publish(places, newsroom.actor("lee"), [draft.key for draft in lookups.drafts_to_publish(places, [CARGO])])


CORRECTED = (RevisionKind.CORRECTION, ["refuted"], ["supports", "refutes"])


def test_correction_adds_its_evidence_document(places: LedgerPaths, choi: TestClient) -> None:
    answer = "<b>Fact check: {}</b>{} (2026"
    assert answer.format("Confirmed", "") in page_text(choi)
    assert send_form(choi, "correct", **CORRECTION, **REFUTING)[0] == 200
    assert answer.format("Incorrect", " <small>(not public yet)</small>") in page_text(choi)
    before = public_versions(places)
    approve_and_publish(places)
    assert public_versions(places) == [*before, CORRECTED]
    (document,) = [one for one in lookups.view_claim(places, CARGO).documents.values() if one.medium == "call"]
    assert document.is_withheld  # it has no address
    (kept,) = [one for one in lookups.claim_documents(places, CARGO, newsroom.actor("kim")) if one.is_withheld]
    assert kept.document.title == {"ko": "통계과 통화"}


_NAMES = ("address", "title_ko", "language", "medium", "tier", "captured", "stance", "summary_ko", "excerpt")
FIELDS_OF_EVIDENCE = dict.fromkeys(_NAMES, "")
"""The empty values that a browser sends for a collapsed evidence section."""


def test_incomplete_evidence_names_fields_and_opens_the_section(choi: TestClient) -> None:
    wrong = {**CORRECTION, "so_as_of": "2026-02-31"}
    status, page = send_form(choi, "correct", **(FIELDS_OF_EVIDENCE | {"medium": "call", "tier": "primary"} | wrong))
    links = re.findall(r'<li><a href="#correct-(\w+)"', page)
    assert (status, links) == (409, ["title_ko", "language", "stance", "summary_ko", "so_as_of"])
    fold = page.split("Add new evidence, too")[0].rpartition("<details")[2]
    assert fold.startswith(" open")
    _, page = send_form(choi, "correct", **(FIELDS_OF_EVIDENCE | wrong))
    fold = page.split("Add new evidence, too")[0].rpartition("<details")[2]
    assert not fold.startswith(" open")


def test_correction_uses_evidence_attached_before(places: LedgerPaths, choi: TestClient) -> None:
    assert send_form(choi, "attach", **REFUTING)[0] == 200
    form = page_text(choi).split(f'action="/-/desk{PAGE}/correct"')[1].split("</form>")[0]
    assert "why-not" not in form
    assert send_form(choi, "correct", **CORRECTION)[0] == 200
    before = public_versions(places)
    approve_and_publish(places)
    assert public_versions(places) == [*before, CORRECTED]


def test_wrong_field_stores_nothing_and_keeps_input(places: LedgerPaths, choi: TestClient) -> None:
    for field, wrong in (("tier", ""), ("so_as_of", "2026-02-31"), ("language", "")):
        form = {**CORRECTION, **REFUTING, field: wrong}
        status, page = send_form(choi, "correct", **form)
        assert status == 409
        assert f'<a href="#correct-{field}">' in page
        assert {name: value_in(page, f"correct-{name}") for name in form} == form
        assert lookups.open_drafts(places) == []
        assert [one.is_withheld for one in lookups.claim_documents(places, CARGO, newsroom.actor("kim"))] == [False]


def test_correction_without_matching_evidence_is_refused(places: LedgerPaths, choi: TestClient) -> None:
    status, page = send_form(choi, "correct", **CORRECTION, **{**REFUTING, "stance": "context"})
    assert (status, "[evidence-needed]" in page) == (409, True)
    assert lookups.open_drafts(places) == []


def test_blocked_action_says_what_to_do_first(places: LedgerPaths, choi: TestClient) -> None:
    assert send_form(choi, "correct", **CORRECTION, **REFUTING)[0] == 200
    set_language(places, "choi", "ko")
    page = unescape(page_text(choi))
    assert "그것을 고치거나 승인 또는 반려를 요청하세요." in page
    assert "대기 중인 초안을 먼저 공개하거나 삭제하세요." in page
    assert "주장의 현재 상태를 확인하세요" not in page
