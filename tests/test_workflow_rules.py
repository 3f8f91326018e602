"""The workflow rules in typical situations: verdicts and their evidence, corrections, withdrawals, discarded drafts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import newsroom
import pytest
from newsroom import CARGO, Clock, actor

from claimledger import desk
from claimledger.desk import lookups
from claimledger.desk.check_steps import SeenVersion
from claimledger.errors import ProblemsFound
from claimledger.newsroom.edit_input import Edit
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Correction, Waiver
from claimledger.workflow import StaffMember
from claimledger.desk_vocabulary import CheckStage, Role
from claimledger.vocabulary import CorrectionKind, Question, RevisionKind

CHECKERS = {name: StaffMember(name, (Role.CHECKER,)) for name in ("kim", "choi")}
KIM, CHOI, LEE, PARK = *CHECKERS.values(), StaffMember("lee", (Role.EDITOR,)), actor("park")
SO, SAID = Question.SO, Question.SAID
CORRECTION, VERDICT, UPDATE = RevisionKind.CORRECTION, RevisionKind.VERDICT, RevisionKind.UPDATE
OPEN = {"question": "so", "value": "not_enough_evidence", "rationale": {"ko": "자료가 없다."}, "as_of": "2031-04-03"}
FOUND = OPEN | {"value": "supported", "rationale": {"ko": "통계가 있다."}}
NOTE = Correction(kind=CorrectionKind.VERDICT_CHANGED, public_note={"ko": "판정을 고쳤다."})
CLEARER = Correction(kind=CorrectionKind.CLARIFICATION, public_note={"ko": "말을 고쳤다."})
SLIPPED = {"ko": "2030년 하늘항이 다룬 짐은 120억t쯤이다."}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def places(tmp_path: Path, clock: Clock) -> LedgerPaths:
    places = newsroom.write_all(tmp_path)
    desk.record(places, [], newsroom.edit_by("writer", "First reading"), clock)
    desk.publish(places, LEE, clock=clock)
    newsroom.hire(places, "kim", "choi", roles=("checker",))
    return places


def seen_version(places: LedgerPaths) -> SeenVersion:
    claim = lookups.claim_at_desk(places, CARGO)
    return SeenVersion(claim.head_sha256, claim.draft.draft_id if claim.draft else None)


def write(
    places: LedgerPaths,
    clock: Clock,
    who: StaffMember,
    kind: RevisionKind | None = None,
    note: Correction | None = None,
    **changed: object,
) -> None:
    fields = lookups.claim_at_desk(places, CARGO).claim.to_json() | changed
    desk.edit(places, CARGO, fields, seen_version(places), Edit(who.name, "더 낫다.", kind, note, who.roles), clock)


def attach(places: LedgerPaths, clock: Clock, who: StaffMember, name: str, stance: str = "supports") -> None:
    document = {
        "document_id": name, "medium": "call", "title": {"ko": "통화"}, "language": "ko",
        "obtained_at": "2031-04-03T08:00:00.000Z", "captured": "none", "tier": "primary", "is_withheld": False,
    }  # fmt: skip
    says = {"document_id": name, "stance": stance, "summary": {"ko": "전화로 들었다."}}
    made = Edit(who.name, "전화했다.", None, None, who.roles)
    desk.attach(places, CARGO, document, says, seen_version(places), made, clock)


def publish_verdict(places: LedgerPaths, clock: Clock, verdict: dict[str, Any] = OPEN, *documents: str) -> None:
    """Let kim propose a verdict on calls that support the claim, and lee publish it."""
    for name in documents:
        attach(places, clock, KIM, name)
    desk.assign(places, CARGO, SO, "kim", LEE, clock=clock)
    write(places, clock, KIM, VERDICT, verdicts=[verdict])
    desk.publish(places, LEE, clock=clock)


def refusal_codes(act: Callable[[], object]) -> set[str]:
    with pytest.raises(ProblemsFound) as caught:
        act()
    return {problem.code for problem in caught.value.problems}


def newest(places: LedgerPaths) -> int:
    return lookups.claim_at_desk(places, CARGO).newest_draft_id


@pytest.mark.slow
@pytest.mark.parametrize("stances", [("refutes",), ("context",), ()])
def test_supported_verdict_needs_a_supporting_document(
    places: LedgerPaths, clock: Clock, stances: tuple[str, ...]
) -> None:
    desk.assign(places, CARGO, SO, "kim", LEE, clock=clock)
    for number, stance in enumerate(stances):
        attach(places, clock, KIM, f"call-{number}-aaaa", stance)
    assert "evidence-needed" in refusal_codes(lambda: write(places, clock, KIM, VERDICT, verdicts=[FOUND]))
    attach(places, clock, KIM, "call-nine-aaaa")
    write(places, clock, KIM, VERDICT, verdicts=[FOUND])


@pytest.mark.slow
def test_evidence_of_a_verdict_cannot_be_removed_silently(places: LedgerPaths, clock: Clock) -> None:
    publish_verdict(places, clock, FOUND, "call-one-aaaa", "call-two-aaaa")
    evidence = lookups.claim_at_desk(places, CARGO).claim.to_json()["evidence"]
    assert refusal_codes(lambda: write(places, clock, KIM, evidence=[])) == {"evidence-needed"}
    assert refusal_codes(lambda: write(places, clock, KIM, CORRECTION, CLEARER, evidence=[])) == {"evidence-needed"}
    lost = "evidence-gone-without-correction"
    assert refusal_codes(lambda: write(places, clock, KIM, evidence=evidence[:1])) == {lost}
    write(places, clock, KIM, CORRECTION, CLEARER, evidence=evidence[:1])
    desk.publish(places, LEE, clock=clock)
    attach(places, clock, KIM, "call-three-aaaa", "refutes")
    desk.publish(places, LEE, clock=clock)
    kinds = [revision.kind for revision in lookups.claim_at_desk(places, CARGO).revisions]
    assert kinds[-2:] == [CORRECTION, UPDATE]
    assert not any(checked.problems for checked in desk.check(places))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["about_on", "said_on"])
def test_dates_of_a_judged_claim_change_only_by_a_correction(places: LedgerPaths, clock: Clock, name: str) -> None:
    changed: dict[str, Any] = {name: "1999"}
    other: dict[str, Any] = {name: "2029"}
    write(places, clock, PARK, **changed)
    desk.publish(places, LEE, clock=clock)
    publish_verdict(places, clock)
    assert "park" in lookups.claim_at_desk(places, CARGO).authors()
    assert refusal_codes(lambda: write(places, clock, KIM, **other)) == {"reworded-without-correction"}
    write(places, clock, KIM, CORRECTION, CLEARER, **other)


def test_first_verdict_comes_from_its_assignee_without_a_correction(places: LedgerPaths, clock: Clock) -> None:
    retraction = NOTE.model_copy(update={"kind": CorrectionKind.RETRACTION})
    for note in (NOTE, retraction):
        first = refusal_codes(lambda note=note: write(places, clock, CHOI, CORRECTION, note, verdicts=[OPEN]))  # type: ignore[misc]
        assert first == {"verdict-needs-its-kind"}
    write(places, clock, CHOI, CORRECTION, CLEARER, topics=["ports"])
    said = OPEN | {"question": "said"}
    publish_verdict(places, clock)
    write(places, clock, CHOI, CORRECTION, NOTE, verdicts=[OPEN | {"value": "not_checkable"}])
    both = [OPEN | {"value": "not_checkable"}, said]
    assert refusal_codes(lambda: write(places, clock, CHOI, verdicts=both)) == {"verdict-needs-its-kind"}


@pytest.mark.slow
def test_author_of_a_proposal_cannot_add_another_first_verdict(places: LedgerPaths, clock: Clock) -> None:
    desk.assign(places, CARGO, SO, "kim", LEE, clock=clock)
    desk.assign(places, CARGO, SAID, "choi", LEE, clock=clock)
    write(places, clock, KIM, VERDICT, verdicts=[OPEN])
    both = [OPEN | {"question": "said"}, OPEN]
    assert refusal_codes(lambda: write(places, clock, KIM, verdicts=both)) == {"not-the-assignee"}
    write(places, clock, CHOI, verdicts=both)


@pytest.mark.slow
def test_correction_is_continued_by_its_author_and_keeps_its_note(places: LedgerPaths, clock: Clock) -> None:
    publish_verdict(places, clock)
    attach(places, clock, KIM, "call-one-aaaa")
    write(places, clock, KIM, CORRECTION, NOTE, verdicts=[FOUND])
    desk.return_(places, CARGO, newest(places), LEE, reason="더 쓰세요.", clock=clock)
    better = FOUND | {"rationale": {"ko": "통계청 자료가 있다."}}
    assert refusal_codes(lambda: write(places, clock, CHOI, verdicts=[better])) == {"not-the-assignee"}
    write(places, clock, KIM, verdicts=[better])
    attach(places, clock, CHOI, "call-two-aaaa")
    write(places, clock, KIM, statement=SLIPPED)
    waiver = Waiver(code=lookups.open_claim_findings(places, [CARGO])[0].code, reason={"ko": "시험 삼아."})
    desk.waive(places, CARGO, waiver, Edit("park", "시험 삼아.", None, None, PARK.roles), clock)
    draft = lookups.claim_at_desk(places, CARGO).draft
    assert draft is not None
    assert (draft.kind, draft.correction) == (CORRECTION, NOTE)
    desk.assign(places, CARGO, SAID, "choi", LEE, clock=clock)
    assert lookups.claim_at_desk(places, CARGO).stage(SO) is CheckStage.PROPOSED


@pytest.mark.slow
def test_new_assignee_rewrites_a_returned_correction(places: LedgerPaths, clock: Clock) -> None:
    publish_verdict(places, clock)
    write(places, clock, KIM, CORRECTION, NOTE, verdicts=[OPEN | {"value": "not_checkable"}])
    desk.return_(places, CARGO, newest(places), LEE, reason="더 쓰세요.", clock=clock)
    desk.assign(places, CARGO, SO, "choi", LEE, clock=clock)
    write(places, clock, CHOI, verdicts=[OPEN | {"value": "not_checkable", "rationale": {"ko": "전망이다."}}])


@pytest.mark.slow
def test_nothing_follows_a_withdrawal(places: LedgerPaths, clock: Clock) -> None:
    desk.withdraw(places, CARGO, LEE, reason="기사가 거두어졌다.", clock=clock)
    desk.assign(places, CARGO, SO, "kim", LEE, clock=clock)
    acts: list[Callable[[], object]] = [
        lambda: write(places, clock, KIM, topics=["hijack"]),
        lambda: write(places, clock, KIM, UPDATE, topics=["hijack"]),
        lambda: write(places, clock, KIM, VERDICT, verdicts=[OPEN]),
        lambda: write(places, clock, KIM, CORRECTION, CLEARER, statement=SLIPPED),
        lambda: attach(places, clock, KIM, "call-one-aaaa"),
    ]
    assert [refusal_codes(act) for act in acts] == [{"withdrawal-waits"}] * len(acts)
    path = places.claims / newsroom.ARTICLE_ID / f"{CARGO}.yaml"
    newsroom.edit(path, "cargo\n", "hijack\n")
    taken = Edit("kim", "손으로.", UPDATE, None, KIM.roles)
    assert refusal_codes(lambda: desk.record(places, [path], taken, clock)) & {"withdrawal-waits", "open-draft"}
    assert refusal_codes(lambda: newsroom.discard(places, CARGO, taken, clock)) == {"not-yours-to-discard"}
    desk.publish(places, PARK, [CARGO], clock=clock)
    last = lookups.claim_at_desk(places, CARGO).revisions[-1]
    assert (last.kind, last.reason, last.authors) == (RevisionKind.WITHDRAWAL, "기사가 거두어졌다.", ("lee",))
    assert refusal_codes(lambda: attach(places, clock, KIM, "call-one-aaaa")) == {"not-now"}


def discard(places: LedgerPaths, clock: Clock, who: StaffMember, reason: str = "필요 없다.", since: int = 0) -> None:
    desk.discard(places, CARGO, newest(places) - since, Edit(who.name, reason, None, None, who.roles), clock)


@pytest.mark.slow
def test_author_or_editor_discards_a_draft_with_a_reason(places: LedgerPaths, clock: Clock) -> None:
    write(places, clock, KIM, topics=["ports"])
    assert refusal_codes(lambda: discard(places, clock, CHOI)) == {"not-yours-to-discard"}
    for who in (KIM, LEE):
        assert refusal_codes(lambda who=who: discard(places, clock, who, " ")) == {"reason-needed"}  # type: ignore[misc]
    discard(places, clock, LEE)
    write(places, clock, KIM, topics=["ports"])
    discard(places, clock, KIM)
    assert lookups.open_drafts(places) == []


@pytest.mark.slow
def test_changed_draft_is_not_discarded_unseen(places: LedgerPaths, clock: Clock) -> None:
    write(places, clock, KIM, topics=["ports"])
    write(places, clock, CHOI, topics=["ships"])
    assert refusal_codes(lambda: discard(places, clock, KIM, since=1)) == {"draft-changed-meanwhile"}
    assert lookups.claim_at_desk(places, CARGO).claim.topics == ("ships",)


@pytest.mark.slow
def test_documents_named_only_by_a_discarded_draft_are_discarded(places: LedgerPaths, clock: Clock) -> None:
    attach(places, clock, KIM, "call-one-aaaa")
    attach(places, clock, KIM, "call-two-aaaa")
    says = {"document_id": "call-two-aaaa", "stance": "context", "summary": {"ko": "전화로 들었다."}}
    growth = lookups.claim_at_desk(places, newsroom.GROWTH)
    fields = growth.claim.to_json() | {"evidence": [says]}
    made = Edit("kim", "같은 통화다.", UPDATE, None, KIM.roles)
    desk.edit(places, newsroom.GROWTH, fields, SeenVersion(growth.head_sha256, None), made, clock)
    discard(places, clock, KIM)
    assert {draft.key for draft in lookups.open_drafts(places)} == {newsroom.GROWTH, "call-two-aaaa"}
    newsroom.discard(places, newsroom.GROWTH, made, clock)
    assert lookups.open_drafts(places) == []


@pytest.mark.slow
def test_public_document_stays_when_its_draft_is_discarded(places: LedgerPaths, clock: Clock) -> None:
    attach(places, clock, KIM, "call-one-aaaa")
    desk.publish(places, LEE, clock=clock)
    path = places.claims / "documents" / "call-one-aaaa.yaml"
    newsroom.edit(path, "tier: primary", "tier: secondary")
    desk.record(places, [path], Edit("kim", "옮긴 것이다.", UPDATE, None, KIM.roles), clock)
    write(places, clock, KIM, topics=["ports"])
    discard(places, clock, KIM)
    assert {draft.key for draft in lookups.open_drafts(places)} == {"call-one-aaaa"}
