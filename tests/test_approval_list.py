"""The approval list: each row shows what is approved, and offers only the action that its state allows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import desk_visits
import newsroom
import pytest
from desk_visits import PREFIX, TestClient, sent, signed_in
from newsroom import CARGO, GROWTH, actor

from claimledger import desk
from claimledger.desk import lookups
from claimledger.desk.approvals import list_approvals
from claimledger.desk.check_steps import SeenVersion
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Correction
from claimledger.desk_vocabulary import Action, CheckStage
from claimledger.vocabulary import CorrectionKind, Question, RevisionKind

pytestmark = pytest.mark.slow
BOTH = (CARGO, GROWTH)
REFUTED: dict[str, object] = {
    "question": "so",
    "value": "refuted",
    "rationale": {"en": "The yearbook has half of it."},
    "as_of": "2026-04",
}


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    return desk_visits.made(tmp_path)


@pytest.fixture
def lee(places: LedgerPaths) -> TestClient:
    return signed_in(places, "lee")


def edit(
    places: LedgerPaths,
    claim_id: str,
    kind: RevisionKind,
    verdict: Mapping[str, object],
    correction: Correction | None = None,
) -> None:
    at = lookups.claim_at_desk(places, claim_id)
    seen = SeenVersion(at.head_sha256, at.draft.draft_id if at.draft else None)
    fields = at.claim.to_json() | {"verdicts": [dict(verdict)]}
    assert desk.edit(places, claim_id, fields, seen, newsroom.edit_by("kim", "Checked.", kind, correction))


def propose(places: LedgerPaths, claim_id: str, value: str = "") -> None:
    """Let kim attach a document that contradicts a claim, and propose a verdict that fits the claim."""
    newsroom.attach(places, claim_id, newsroom.Clock(), "refutes", "kim")
    desk.assign(places, claim_id, Question.SO, "kim", actor("lee"))
    fitting = {"value": value or {CARGO: "refuted", GROWTH: "not_checkable"}[claim_id]}
    edit(places, claim_id, RevisionKind.VERDICT, {**REFUTED, **fitting})


def row(page: str, claim_id: str) -> str:
    found = re.search(rf'<article class="approval" aria-labelledby="is-{claim_id}">.*?</article>', page, re.DOTALL)
    assert found
    return found[0]


def test_row_shows_verdict_reason_and_evidence(places: LedgerPaths, lee: TestClient) -> None:
    propose(places, CARGO)
    shown = row(lee.get(f"{PREFIX}?view=review").text, CARGO)
    assert all(
        words in shown
        for words in (
            "<b>Incorrect</b> The yearbook has half of it.",
            "▼",
            "Contradicts",
            "Annual report</a>: 연보가 같은",
        )
    )
    assert re.findall(r'name="one" value="(\w+):', shown) == ["approve"]
    assert 'name="to_approve"' in shown


def test_correction_shows_the_verdict_before_and_after(places: LedgerPaths, lee: TestClient) -> None:
    propose(places, CARGO)
    desk.publish(places, actor("lee"))
    newsroom.attach(places, CARGO, newsroom.Clock(), "supports", "kim")
    desk.publish(places, actor("lee"))
    note = Correction(kind=CorrectionKind.VERDICT_CHANGED, public_note={"en": "We misread the table."})
    mixed = REFUTED | {"value": "conflicting_evidence", "rationale": {"en": "The sources differ."}}
    edit(places, CARGO, RevisionKind.CORRECTION, mixed, note)
    shown = row(signed_in(places, "park").get(f"{PREFIX}?view=review").text, CARGO)
    before, after = (
        shown.index("<b>Incorrect</b> The yearbook has half"),
        shown.index("<b>Mixed</b> The sources differ."),
    )
    assert before < after < shown.index("We misread the table.")


def test_many_are_approved_with_the_versions_on_the_screen(places: LedgerPaths, lee: TestClient) -> None:
    for claim_id in BOTH:
        propose(places, claim_id)
    page = lee.get(f"{PREFIX}?view=review").text
    boxes = re.findall(r'name="to_approve" value="([^"]+)"', page)
    assert len(boxes) == 2
    status, page = sent(lee, "?view=review", act="approve", to_approve=boxes)
    assert (status, "2 claims were approved" in page) == (200, True)
    assert re.findall(r'name="to_(\w+)" value', page) == ["publish", "publish"], "only the next action is offered"
    assert [lookups.claim_at_desk(places, one).waiting_stage for one in BOTH] == [CheckStage.APPROVED] * 2


def test_one_button_approves_only_its_own_claim(places: LedgerPaths, lee: TestClient) -> None:
    for claim_id in BOTH:
        propose(places, claim_id)
    page = lee.get(f"{PREFIX}?view=review").text
    (one,) = re.findall(rf'name="one" value="(approve:{CARGO}:\d+)"', page)
    boxes = re.findall(r'name="to_approve" value="([^"]+)"', page)
    assert sent(lee, "?view=review", one=one, to_approve=boxes)[0] == 200
    assert [lookups.claim_at_desk(places, one).waiting_stage for one in BOTH] == [
        CheckStage.APPROVED, CheckStage.PROPOSED,
    ]  # fmt: skip


def test_finding_is_shown_in_place_of_the_button(places: LedgerPaths, lee: TestClient) -> None:
    propose(places, GROWTH, "refuted")  # it is a forecast
    shown = row(lee.get(f"{PREFIX}?view=review").text, GROWTH)
    assert re.search(r'name="to_approve" value="[^"]+" disabled', shown)
    assert ('name="one"' in shown, "forecast" in shown or "plan" in shown) == (False, True)


def test_draft_offers_its_first_publication_and_no_approval(places: LedgerPaths, lee: TestClient) -> None:
    fields = newsroom.cargo() | {"claim_id": "staff-of-forty-a2b3"}
    newsroom.write(places, "staff-of-forty-a2b3", fields)
    desk.record(places, [], newsroom.edit_by("kim", "First reading"))
    (pending,) = list_approvals(places, ["staff-of-forty-a2b3", GROWTH], actor("lee")).values()
    assert pending.action is Action.LIST
    shown = row(lee.get(f"{PREFIX}?view=review").text, "staff-of-forty-a2b3")
    assert ("/publish?key=staff-of-forty-a2b3" in shown, 'value="approve' in shown) == (True, False)
    kims = list_approvals(places, ["staff-of-forty-a2b3"], actor("kim"))["staff-of-forty-a2b3"]
    assert [one.code for one in kims.refusals] == ["second-person-needed"]
