"""Removing evidence from a claim: of an unpublished claim, of a draft verdict, and of a published verdict."""

from __future__ import annotations

import newsroom
import pytest
from desk_visits import TestClient, field
from newsroom import CARGO
from test_desk_claim_page import choi, clock, page_text, places, propose_verdict, publish_verdict, send_form

from claimledger import desk
from claimledger.desk import lookups
from claimledger.desk.check_steps import SeenVersion
from claimledger.errors import ProblemsFound
from claimledger.newsroom.edit_input import Edit
from claimledger.ledger.files import LedgerPaths
from claimledger.desk_vocabulary import Role
from claimledger.vocabulary import RevisionKind

__all__ = ["choi", "places"]  # the fixtures


@pytest.mark.slow
def test_removing_unpublished_evidence_discards_its_document(places: LedgerPaths, choi: TestClient) -> None:
    newsroom.attach(places, CARGO, clock())
    status, page = send_form(choi, "take-back", evidence="1", reason="다른 항만이다.")
    assert (status, "The evidence was removed." in page) == (200, True)
    assert lookups.open_drafts(places) == []  # no draft of the claim or the document is left


def test_removing_evidence_of_another_author_is_refused(places: LedgerPaths) -> None:
    newsroom.attach(places, CARGO, clock(), author="kim")
    claim = lookups.claim_at_desk(places, CARGO)
    seen = SeenVersion(claim.head_sha256, claim.draft.draft_id if claim.draft else None)
    other = Edit("other", "다른 항만이다.", roles=(Role.CHECKER,))
    with pytest.raises(ProblemsFound) as refused:
        desk.remove_evidence(places, CARGO, 1, seen, other)
    assert [problem.code for problem in refused.value.problems] == ["not-yours-to-discard"]
    assert lookups.claim_at_desk(places, CARGO).draft == claim.draft


@pytest.mark.slow
def test_removing_one_evidence_item_keeps_the_other(places: LedgerPaths, choi: TestClient) -> None:
    ticking = clock()
    newsroom.attach(places, CARGO, ticking, "supports")
    newsroom.attach(places, CARGO, ticking, "refutes")
    assert send_form(choi, "take-back", evidence="1", reason="다른 항만이다.")[0] == 200
    claim = lookups.claim_at_desk(places, CARGO).claim
    assert [one.stance for one in claim.evidence] == ["refutes"]
    waiting = {draft.key for draft in lookups.open_drafts(places)}
    assert waiting == {CARGO, claim.evidence[0].document_id}


@pytest.mark.slow
def test_removing_evidence_from_an_old_version_is_refused(places: LedgerPaths, choi: TestClient) -> None:
    newsroom.attach(places, CARGO, clock())
    old = field(page_text(choi), "seen")
    newsroom.attach(places, CARGO, clock(), "refutes")
    status, page = send_form(choi, "take-back", evidence="1", reason="다른 항만이다.", seen=old)
    assert (status, "[draft-changed-meanwhile]" in page) == (409, True)
    assert len(lookups.claim_at_desk(places, CARGO).claim.evidence) == 2


@pytest.mark.slow
def test_evidence_of_a_published_verdict_is_removed_by_a_correction(places: LedgerPaths, choi: TestClient) -> None:
    ticking = clock()
    newsroom.attach(places, CARGO, ticking, "supports", author="kim")
    publish_verdict(places, "supported", "supports")
    first = lookups.claim_at_desk(places, CARGO).claim.evidence[0]
    status, page = send_form(choi, "take-back", evidence="1", reason="다른 항만이다.")
    assert (status, "[evidence-gone-without-correction]" in page) == (409, True)
    form = {"correction": "verdict_unchanged", "public_note_ko": "한 자료를 거둔다.", "reason": "다른 항만이다.",
            "take_back_1": f"{first.document_id} {first.stance.value}"}  # fmt: skip
    assert send_form(choi, "correct", **form)[0] == 200
    found = lookups.claim_at_desk(places, CARGO)
    assert (len(found.claim.evidence), found.draft and found.draft.kind) == (1, RevisionKind.CORRECTION)


@pytest.mark.slow
def test_removing_the_last_evidence_of_a_verdict_is_refused(places: LedgerPaths, choi: TestClient) -> None:
    newsroom.attach(places, CARGO, clock(), author="kim")
    propose_verdict(places, "supported")
    status, page = send_form(choi, "take-back", evidence="1", reason="다른 항만이다.")
    assert (status, "[evidence-needed]" in page) == (409, True)
