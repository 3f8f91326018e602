"""A claim's check, step by step: edited, assigned, proposed, approved, published, corrected, withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import newsroom
import pytest
from newsroom import CARGO, GROWTH, Clock, actor

from claimledger import desk
from claimledger.desk import lookups
from claimledger.desk.check_steps import SeenVersion
from claimledger.errors import ProblemsFound
from claimledger.intake import extract_document
from claimledger.newsroom.edit_input import Edit
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Correction, Waiver
from claimledger.workflow import StaffMember
from claimledger.desk_vocabulary import QueryAnswer, CheckStage, RecordStage, Role
from claimledger.vocabulary import CorrectionKind, Question, RevisionKind, Subject

KIM, LEE, PARK = actor("kim"), actor("lee"), actor("park")
SO, SAID = Question.SO, Question.SAID
VERDICT = {"question": "so", "value": "not_enough_evidence", "rationale": {"ko": "자료가 없다."}, "as_of": "2031-04-03"}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def places(tmp_path: Path, clock: Clock) -> LedgerPaths:
    places = newsroom.write_all(tmp_path)
    desk.record(places, [], newsroom.edit_by("checker", "First reading"), clock)
    desk.publish(places, LEE, clock=clock)
    newsroom.hire(places, "kim", "lee", "park")
    return places


def fields(places: LedgerPaths, **changed: object) -> dict[str, Any]:
    return lookups.claim_at_desk(places, CARGO).claim.to_json() | changed


def seen_version(places: LedgerPaths, claim_id: str = CARGO) -> SeenVersion:
    claim = lookups.claim_at_desk(places, claim_id)
    return SeenVersion(claim.head_sha256, claim.draft.draft_id if claim.draft else None)


def make_edit(
    staff: StaffMember, reason: str = "더 낫다.", kind: RevisionKind | None = None, note: Correction | None = None
) -> Edit:
    return Edit(staff.name, reason, kind, note, staff.roles)


def edit(places: LedgerPaths, clock: Clock, made: Edit, **changed: object) -> None:
    desk.edit(places, CARGO, fields(places, **changed), seen_version(places), made, clock)


def propose(places: LedgerPaths, clock: Clock, staff: StaffMember = KIM) -> None:
    desk.assign(places, CARGO, SO, staff.name, staff, clock=clock)
    edit(places, clock, make_edit(staff, kind=RevisionKind.VERDICT), verdicts=[VERDICT])


def stage(places: LedgerPaths, question: Question = SO) -> CheckStage:
    return lookups.claim_at_desk(places, CARGO).stage(question)


def refused_codes(act: Callable[[], object]) -> set[str]:
    with pytest.raises(ProblemsFound) as caught:
        act()
    return {problem.code for problem in caught.value.problems}


def draft_id(places: LedgerPaths, claim_id: str = CARGO) -> int:
    return lookups.claim_at_desk(places, claim_id).newest_draft_id


@pytest.mark.slow
def test_check_goes_from_open_to_published(places: LedgerPaths, clock: Clock) -> None:
    assert stage(places) is CheckStage.OPEN
    desk.assign(places, CARGO, SO, "kim", LEE, due_on="2031-04-09", clock=clock)
    claim = lookups.claim_at_desk(places, CARGO)
    assert (claim.stage(SO), claim.stage(SAID), claim.assignee(SO), claim.due_on) == (
        CheckStage.ASSIGNED, CheckStage.OPEN, "kim", "2031-04-09",
    )  # fmt: skip
    edit(places, clock, make_edit(KIM, kind=RevisionKind.VERDICT), verdicts=[VERDICT])
    assert stage(places) is CheckStage.PROPOSED
    desk.approve(places, CARGO, draft_id(places), LEE, clock)
    assert stage(places) is CheckStage.APPROVED
    desk.publish(places, PARK, [CARGO], clock=clock)
    claim = lookups.claim_at_desk(places, CARGO)
    assert (claim.stage(SO), claim.assignee(SO), claim.revisions[-1].approver) == (CheckStage.PUBLISHED, None, "lee")
    assert all(not checked.problems for checked in desk.check(places))


@pytest.mark.slow
def test_evidence_of_a_published_verdict_changes_only_by_correction(places: LedgerPaths, clock: Clock) -> None:
    call = {
        "document_id": "call-to-the-port-a2b3", "medium": "call", "title": {"ko": "통화"}, "language": "ko",
        "obtained_at": "2031-04-03T08:00:00.000Z", "captured": "none", "tier": "primary", "is_withheld": False,
    }  # fmt: skip
    says = {"document_id": "call-to-the-port-a2b3", "stance": "supports", "summary": {"ko": "그렇다고 한다."}}
    desk.attach(places, CARGO, call, says, seen_version(places), make_edit(KIM), clock)
    desk.publish(places, LEE, clock=clock)
    propose(places, clock)
    desk.publish(places, LEE, [CARGO], clock=clock)
    for evidence in ([], [says | {"stance": "refutes"}]):
        plain = make_edit(KIM, kind=RevisionKind.UPDATE)
        assert refused_codes(lambda made=plain, now=evidence: edit(places, clock, made, evidence=now)) == {  # type: ignore[misc]
            "evidence-gone-without-correction"
        }
    note = Correction(kind=CorrectionKind.CLARIFICATION, public_note={"ko": "근거를 바로잡았다."})
    edit(
        places, clock, make_edit(KIM, kind=RevisionKind.CORRECTION, note=note), evidence=[says | {"stance": "refutes"}]
    )
    desk.publish(places, LEE, [CARGO], clock=clock)
    assert lookups.claim_at_desk(places, CARGO).revisions[-1].kind is RevisionKind.CORRECTION


@pytest.mark.slow
def test_publishing_an_unapproved_proposal_approves_it(places: LedgerPaths, clock: Clock) -> None:
    propose(places, clock)
    assert refused_codes(lambda: desk.publish(places, KIM, [CARGO], clock=clock)) == {"second-person-needed"}
    desk.publish(places, LEE, [CARGO], clock=clock)
    assert [done.entry.action for done in lookups.claim_at_desk(places, CARGO).acts] == [
        "list", "assign", "approve", "publish",
    ]  # fmt: skip


@pytest.mark.slow
def test_edit_voids_the_approval(places: LedgerPaths, clock: Clock) -> None:
    propose(places, clock)
    desk.approve(places, CARGO, draft_id(places), LEE, clock)
    edit(places, clock, make_edit(PARK), topics=["cargo", "ports"])
    assert stage(places) is CheckStage.PROPOSED
    assert refused_codes(lambda: desk.publish(places, PARK, [CARGO], clock=clock)) == {"second-person-needed"}
    assert set(lookups.claim_at_desk(places, CARGO).authors()) == {"kim", "park"}


@pytest.mark.slow
def test_author_of_a_material_edit_cannot_approve_the_verdict(places: LedgerPaths, clock: Clock) -> None:
    edit(places, clock, make_edit(LEE), statement={"ko": "2030년 하늘항이 다룬 짐은 약 120만t이다."})
    desk.publish(places, PARK, [CARGO], clock=clock)
    propose(places, clock)
    assert refused_codes(lambda: desk.approve(places, CARGO, draft_id(places), LEE, clock)) == {"second-person-needed"}
    desk.approve(places, CARGO, draft_id(places), PARK, clock)


@pytest.mark.slow
def test_new_edition_with_the_same_passage_leaves_a_return_as_it_is(places: LedgerPaths, clock: Clock) -> None:
    newsroom.add(places, newsroom.TEXT, clock)
    propose(places, clock)
    desk.return_(places, CARGO, draft_id(places), LEE, reason="근거가 얇다.", clock=clock)
    newsroom.add(places, f"{newsroom.TEXT}\n하늘항은 내년에 넓어진다.\n", clock)
    at_desk = lookups.claim_at_desk(places, CARGO)
    assert len(at_desk.waiting) == 2, "the verdict, and the place in the new edition"
    assert (stage(places), at_desk.returned and at_desk.returned.reason) == (CheckStage.RETURNED, "근거가 얇다.")


@pytest.mark.slow
def test_returned_proposal_goes_back_to_its_assignee(places: LedgerPaths, clock: Clock) -> None:
    propose(places, clock)
    returned = draft_id(places)
    assert refused_codes(lambda: desk.return_(places, CARGO, returned, LEE, reason=" ", clock=clock)) == {
        "reason-needed"
    }
    desk.return_(places, CARGO, returned, LEE, reason="근거가 얇다.", clock=clock)
    assert stage(places) is CheckStage.RETURNED
    assert refused_codes(lambda: desk.publish(places, LEE, [CARGO], clock=clock)) == {"not-now"}
    better = VERDICT | {"rationale": {"ko": "더 찾았지만 자료가 없다."}}
    edit(places, clock, make_edit(KIM), verdicts=[better])
    assert stage(places) is CheckStage.PROPOSED


@pytest.mark.slow
def test_verdict_needs_its_assignee_and_evidence(places: LedgerPaths, clock: Clock) -> None:
    proposing = make_edit(KIM, kind=RevisionKind.VERDICT)
    assert refused_codes(lambda: edit(places, clock, proposing, verdicts=[VERDICT])) == {"not-now"}
    desk.assign(places, CARGO, SO, "park", LEE, clock=clock)
    assert refused_codes(lambda: edit(places, clock, proposing, verdicts=[VERDICT])) == {"not-the-assignee"}
    supported = [VERDICT | {"value": "supported"}]
    parks = make_edit(PARK, kind=RevisionKind.VERDICT)
    assert refused_codes(lambda: edit(places, clock, parks, verdicts=supported)) == {"evidence-needed"}
    edit(places, clock, parks, verdicts=[VERDICT])
    other = [VERDICT | {"value": "not_checkable"}]
    assert refused_codes(lambda: edit(places, clock, make_edit(KIM), verdicts=other)) == {"not-the-assignee"}


@pytest.mark.slow
def test_published_claim_is_reworded_only_by_correction(places: LedgerPaths, clock: Clock) -> None:
    propose(places, clock)
    desk.publish(places, LEE, [CARGO], clock=clock)
    reworded = {"ko": "2030년 하늘항이 다룬 짐은 120만t 안팎이다."}
    assert refused_codes(lambda: edit(places, clock, make_edit(PARK), statement=reworded)) == {
        "reworded-without-correction"
    }
    note = Correction(kind=CorrectionKind.CLARIFICATION, public_note={"ko": "수를 잘못 읽었다."})
    edit(places, clock, make_edit(PARK, "잘못 읽었다.", RevisionKind.CORRECTION, note), statement=reworded)
    assert refused_codes(lambda: desk.publish(places, KIM, [CARGO], clock=clock)) == {"second-person-needed"}
    desk.publish(places, LEE, [CARGO], clock=clock)
    assert lookups.claim_at_desk(places, CARGO).revisions[-1].kind is RevisionKind.CORRECTION


@pytest.mark.slow
def test_withdrawal_needs_two_editors_and_is_final(places: LedgerPaths, clock: Clock) -> None:
    assert refused_codes(lambda: desk.withdraw(places, CARGO, LEE, reason="", clock=clock)) == {"reason-needed"}
    desk.withdraw(places, CARGO, LEE, reason="기사가 거두어졌다.", clock=clock)
    assert refused_codes(lambda: desk.publish(places, LEE, [CARGO], clock=clock)) == {"second-person-needed"}
    desk.publish(places, PARK, [CARGO], clock=clock)
    assert lookups.claim_at_desk(places, CARGO).record is RecordStage.WITHDRAWN
    assert refused_codes(lambda: edit(places, clock, make_edit(KIM), topics=["ports"])) == {"not-now"}
    assert all(not checked.problems for checked in desk.check(places))


@pytest.mark.slow
def test_withdrawal_is_refused_while_a_draft_waits(places: LedgerPaths, clock: Clock) -> None:
    edit(places, clock, make_edit(KIM), topics=["ports"])
    codes = refused_codes(lambda: desk.withdraw(places, CARGO, LEE, reason="기사가 거두어졌다.", clock=clock))
    assert codes <= {"draft-waits", "not-now"}


def test_concurrent_edit_shows_both_versions(places: LedgerPaths, clock: Clock) -> None:
    both_saw = seen_version(places)
    mine, theirs = fields(places, topics=["ports"]), fields(places, topics=["ships"])
    desk.edit(places, CARGO, mine, both_saw, make_edit(KIM), clock)
    with pytest.raises(ProblemsFound) as caught:
        desk.edit(places, CARGO, theirs, both_saw, make_edit(PARK), clock)
    (problem,) = caught.value.problems
    assert (problem.code, problem.field) == ("open-draft", "topics.1")
    assert all(word in problem.sentence for word in ("ships", "ports", "cargo"))
    with pytest.raises(ProblemsFound, match="open-draft"):
        desk.edit(places, CARGO, theirs, both_saw, make_edit(KIM), clock)  # their own other window counts too


@pytest.mark.slow
def test_colleague_can_continue_the_draft_they_saw(places: LedgerPaths, clock: Clock) -> None:
    edit(places, clock, make_edit(KIM), topics=["ports"])
    edit(places, clock, make_edit(PARK), topics=["ports", "ships"])
    (draft,) = lookups.open_drafts(places)
    assert (draft.authors, draft.record.to_json()["topics"]) == (("park", "kim"), ["ports", "ships"])


@pytest.mark.slow
def test_changed_draft_is_not_approved_unseen(places: LedgerPaths, clock: Clock) -> None:
    propose(places, clock)
    stale = draft_id(places)
    edit(places, clock, make_edit(KIM), topics=["ports"])
    assert refused_codes(lambda: desk.approve(places, CARGO, stale, LEE, clock)) == {"draft-changed-meanwhile"}


def test_queries_answers_and_comments_are_stored(places: LedgerPaths, clock: Clock) -> None:
    query_number = desk.query(places, CARGO, "약 120만t", "약 112만t", KIM, clock)
    desk.comment(places, CARGO, "항만공사에 전화했다.", KIM, clock)
    assert [one.answer for one in lookups.claim_at_desk(places, CARGO).queries()] == [QueryAnswer.OPEN]
    desk.record_answer(places, CARGO, query_number, QueryAnswer.FIXED, "고쳤습니다.", KIM, clock)
    (query,) = lookups.claim_at_desk(places, CARGO).queries()
    assert (query.answer, query.asked.entry.detail["should_read"]) == (QueryAnswer.FIXED, "약 112만t")


@pytest.mark.slow
def test_listing_needs_an_editor_who_is_not_an_author(places: LedgerPaths, clock: Clock) -> None:
    values = newsroom.growth() | {"claim_id": "growth-again-e5f6"}
    newsroom.write(places, "growth-again-e5f6", values)
    desk.record(places, [], newsroom.edit_by("kim", "첫 읽기"), clock)
    checker = StaffMember("park", {Role.CHECKER})
    assert refused_codes(lambda: desk.publish(places, checker, clock=clock)) == {"role-needed"}
    assert refused_codes(lambda: desk.publish(places, KIM, clock=clock)) == {"second-person-needed"}
    desk.publish(places, LEE, clock=clock)
    assert {draft.subject for draft in lookups.open_drafts(places)} == set[Subject]()
    assert lookups.claim_at_desk(places, GROWTH).record is RecordStage.LISTED


SLIPPED = {"ko": "2030년 하늘항이 다룬 짐은 120억t쯤이다.", "en": "Haneul port moved about 1.2 million tonnes in 2030."}


@pytest.mark.slow
def test_claim_with_an_open_finding_is_not_published(places: LedgerPaths, clock: Clock) -> None:
    edit(places, clock, make_edit(KIM), statement=SLIPPED)
    assert [problem.code for problem in lookups.open_claim_findings(places, [CARGO])] == ["statement-scale-differs"]
    assert refused_codes(lambda: desk.publish(places, LEE, [CARGO], clock=clock)) == {"statement-scale-differs"}
    edit(
        places,
        clock,
        make_edit(KIM),
        statement=SLIPPED | {"ko": "2030년 하늘항이 다룬 짐은 120만t쯤이다."},
        topics=["ports"],
    )
    desk.publish(places, LEE, [CARGO], clock=clock)


@pytest.mark.slow
def test_waiver_by_one_editor_is_approved_by_another(places: LedgerPaths, clock: Clock) -> None:
    edit(places, clock, make_edit(KIM), statement=SLIPPED)
    waiver = Waiver(code="statement-scale-differs", reason={"ko": "시험 삼아."})
    checker = StaffMember("park", {Role.CHECKER})
    assert refused_codes(lambda: desk.waive(places, CARGO, waiver, make_edit(checker), clock)) == {"role-needed"}
    desk.waive(places, CARGO, waiver, make_edit(PARK), clock)
    assert lookups.open_claim_findings(places, [CARGO]) == []
    assert refused_codes(lambda: desk.publish(places, PARK, [CARGO], clock=clock)) == {"second-person-needed"}
    desk.publish(places, LEE, [CARGO], clock=clock)
    claim = lookups.claim_at_desk(places, CARGO).public
    assert claim is not None
    assert claim.waivers == (waiver,)
    assert all(not checked.problems for checked in desk.check(places))


@pytest.mark.slow
def test_agreement_check_reads_the_texts_on_the_desk(places: LedgerPaths, clock: Clock) -> None:
    scopes = [checked.scope for checked in desk.check(places) if checked.name == "agreement"]
    assert scopes == ["2 claims, 0 of them against their text too"]
    document = extract_document(newsroom.TEXT.encode(), name="a.txt")
    desk.add_article(places, document, make_edit(KIM), origin="a.txt", clock=clock)
    scopes = [checked.scope for checked in desk.check(places) if checked.name == "agreement"]
    assert scopes == ["2 claims, 2 of them against their text too"]


@pytest.mark.slow
def test_draft_discarded_in_between_cannot_be_continued(places: LedgerPaths, clock: Clock) -> None:
    edit(places, clock, make_edit(PARK), topics=["ports"])
    old = seen_version(places)
    newsroom.discard(places, CARGO, make_edit(PARK), clock)
    codes = refused_codes(
        lambda: desk.edit(places, CARGO, fields(places, topics=["ports", "ships"]), old, make_edit(KIM), clock)
    )
    assert codes == {"draft-discarded-meanwhile"}


@pytest.mark.slow
def test_authors_of_a_discarded_draft_stay_authors_of_the_same_text(places: LedgerPaths, clock: Clock) -> None:
    edit(places, clock, make_edit(LEE), topics=["ports"])
    edit(places, clock, make_edit(PARK), topics=["ports", "ships"])
    newsroom.discard(places, CARGO, make_edit(PARK), clock)
    edit(places, clock, make_edit(KIM), topics=["ports", "ships"])
    assert lookups.claim_at_desk(places, CARGO).authors() == {"kim", "park", "lee"}
    assert refused_codes(lambda: desk.publish(places, LEE, [CARGO], clock=clock)) == {"second-person-needed"}


@pytest.mark.slow
def test_proposed_verdict_needs_evidence_after_an_edit(places: LedgerPaths, clock: Clock) -> None:
    propose(places, clock)
    supported = [VERDICT | {"value": "supported"}]
    assert refused_codes(lambda: edit(places, clock, make_edit(KIM), verdicts=supported)) == {"evidence-needed"}


@pytest.mark.slow
def test_only_editorial_roles_discard_a_draft(places: LedgerPaths, clock: Clock) -> None:
    edit(places, clock, make_edit(KIM), topics=["ports"])
    admin = StaffMember("root", {Role.ADMIN})
    assert refused_codes(lambda: newsroom.discard(places, CARGO, make_edit(admin), clock)) == {"role-needed"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("as_of", "codes"), [("2031-04-04", set()), ("2031-04-05", {"day-ahead"}), ("2099", {"day-ahead"})]
)
def test_verdict_date_is_not_in_the_future(as_of: str, codes: set[str], places: LedgerPaths, clock: Clock) -> None:
    desk.assign(places, CARGO, SO, "kim", KIM, clock=clock)
    clock.now = clock.now.replace(hour=12)
    ahead = {**VERDICT, "as_of": as_of}
    if codes:
        assert (
            refused_codes(lambda: edit(places, clock, make_edit(KIM, kind=RevisionKind.VERDICT), verdicts=[ahead]))
            == codes
        )
    else:
        edit(places, clock, make_edit(KIM, kind=RevisionKind.VERDICT), verdicts=[ahead])
    assert stage(places) is (CheckStage.ASSIGNED if codes else CheckStage.PROPOSED)
