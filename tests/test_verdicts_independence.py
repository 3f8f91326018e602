"""A verdict based only on secondary documents needs three that share no origin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import newsroom
import pytest
from newsroom import CARGO, Clock, actor

from claimledger import desk
from claimledger.desk import lookups
from claimledger.desk.check_steps import SeenVersion
from claimledger.errors import ProblemsFound
from claimledger.newsroom.edit_input import Edit, make_waiver
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Document
from claimledger.origins import source_signs
from claimledger.verdicts.independence import lacks_independence
from claimledger.vocabulary import Question, RevisionKind

A, B, C, D, WIRE = "paper-a-aaaa", "paper-b-bbbb", "paper-c-cccc", "paper-d-dddd", "wire-story-wwww"
VERDICT = {"question": "so", "value": "supported", "rationale": {"ko": "그렇다."}, "as_of": "2031-04-03"}


def document(name: str, tier: str = "secondary", **more: object) -> dict[str, Any]:
    return {
        "document_id": name, "medium": "web", "title": {"ko": name}, "language": "ko", "tier": tier,
        "obtained_at": "2031-04-03T08:00:00.000Z", "captured": "none", "is_withheld": False, **more,
    }  # fmt: skip


def says(name: str, stance: str = "supports") -> dict[str, Any]:
    return {"document_id": name, "stance": stance, "summary": {"ko": "그렇다고 한다."}}


def lacks_sources(
    *documents: dict[str, Any], named: Sequence[str] = (A, B, C), stance: str = "supports", **fields: object
) -> bool:
    known = {one["document_id"]: Document.model_validate(one, strict=False) for one in documents}
    claim: Mapping[str, Any] = {"verdicts": [VERDICT], "evidence": [says(name, stance) for name in named], **fields}
    return lacks_independence(claim, {}, known.get)


@pytest.mark.parametrize(
    ("is_few", "documents"),
    [
        (False, [document(A), document(B), document(C)]),
        (False, [document(A, "primary")]),
        (False, [document(A, "primary_copy")]),
        (True, [document(A), document(B), document(C, derives_from=(A,))]),
        (True, [document(A), document(B, derives_from=(WIRE,)), document(C, derives_from=(WIRE,)), document(WIRE)]),
        (True, [document(A, derives_from=(B,)), document(B, derives_from=(C,)), document(C)]),
        (True, [document(A), document(B, derives_from=(D,)), document(C), document(D, derives_from=(A,))]),
        (True, [document(A), document(B, address="https://example.org/1"), document(C, address="https://example.org/1")]),
        (True, [document(A, derives_from=(B,)), document(B, derives_from=(A,)), document(C)]),
        (True, [document(A), document(B, address="https://paper.example/1?utm_source=rss&ref=front"),
                document(C, address="http://www.paper.example/1/")]),
        (False, [document(A), document(B, address="https://paper.example/?id=1"),
                 document(C, address="https://paper.example/?id=2")]),
    ],
    ids=["three", "primary", "copy of a primary", "one from another", "one wire story", "a chain",
         "over an unnamed step", "one address", "in a circle", "one page spelled twice", "two pages of one query"],
)  # fmt: skip
def test_verdict_needs_three_independent_or_one_primary_document(is_few: bool, documents: list[dict[str, Any]]) -> None:  # noqa: FBT001
    assert lacks_sources(*documents) is is_few


def test_two_documents_are_too_few_even_if_repeated() -> None:
    assert lacks_sources(document(A), document(B), named=(A, B))
    assert lacks_sources(document(A), document(B), named=(A, A, B, B))


def test_independent_documents_count_despite_a_derived_one() -> None:
    bridge = document(A, derives_from=(B, C))
    assert not lacks_sources(bridge, document(B), document(C), document(D), named=(A, B, C, D))
    assert lacks_sources(bridge, document(B), document(C))


def test_context_evidence_supports_no_verdict() -> None:
    assert lacks_sources(document(A, "primary"), named=(A,), stance="context")


def test_public_waived_or_uncheckable_verdict_is_exempt() -> None:
    claim = {"verdicts": [VERDICT], "evidence": [says(A)]}
    known = {A: Document.model_validate(document(A), strict=False)}
    assert lacks_independence(claim, {}, known.get)
    assert not lacks_independence(claim, claim, known.get)
    assert not lacks_sources(document(A), named=(A,), verdicts=[VERDICT | {"value": "not_checkable"}])
    assert not lacks_sources(
        document(A), named=(A,), waivers=[{"code": "few-independent-documents", "reason": {"ko": "없다."}}]
    )


def test_unknown_document_is_its_own_origin() -> None:
    known = {A: Document.model_validate(document(A, derives_from=(WIRE,)), strict=False)}
    assert source_signs(A, known.get) == {("origin", A), ("origin", WIRE)}
    assert source_signs(B, known.get) == {("origin", B)}


def test_removing_evidence_checks_a_published_verdict_again() -> None:
    known = {name: Document.model_validate(document(name), strict=False) for name in (A, B, C, D)}
    four = {"verdicts": [VERDICT], "evidence": [says(name) for name in (A, B, C, D)]}
    for left, is_lacking in (((A, B, C), False), ((A, B), True)):
        claim = {"verdicts": [VERDICT], "evidence": [says(name) for name in left]}
        assert lacks_independence(claim, four, known.get) is is_lacking


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    clock = Clock()
    places = newsroom.published(tmp_path, clock)
    newsroom.hire(places, "kim", "lee", "park")
    desk.assign(places, CARGO, Question.SO, "kim", actor("lee"), clock=clock)
    return places


def seen_version(places: LedgerPaths) -> SeenVersion:
    claim = lookups.claim_at_desk(places, CARGO)
    return SeenVersion(claim.head_sha256, claim.draft.draft_id if claim.draft else None)


def attach(places: LedgerPaths, name: str, **more: object) -> None:
    made = Edit("kim", "읽었다.", None, None, actor("kim").roles)
    seen, evidence = seen_version(places), says(name)
    desk.attach(places, CARGO, document(name, is_withheld=False, **more), evidence, seen, made, Clock())  # type: ignore[arg-type]


def propose(places: LedgerPaths) -> set[str]:
    fields = lookups.claim_at_desk(places, CARGO).claim.to_json() | {"verdicts": [VERDICT]}
    made = Edit("kim", "판정.", RevisionKind.VERDICT, None, actor("kim").roles)
    try:
        desk.edit(places, CARGO, fields, seen_version(places), made, Clock())
    except ProblemsFound as found:
        return {problem.code for problem in found.problems}
    return set()


def test_proposal_waits_for_a_third_document(places: LedgerPaths) -> None:
    for name in (A, B):
        attach(places, name)
    assert [one.code for one in lookups.claim_at_desk(places, CARGO).evidence_shortage] == ["few-independent-documents"]
    assert propose(places) == {"few-independent-documents"}
    attach(places, C)
    assert lookups.claim_at_desk(places, CARGO).evidence_shortage == ()
    assert propose(places) == set()


def test_approval_checks_the_origins_of_the_documents_again(places: LedgerPaths) -> None:
    for name in (A, B, C):
        attach(places, name)
    assert propose(places) == set()
    change = places.claims / "documents" / f"{C}.yaml"
    change.parent.mkdir(exist_ok=True)
    newsroom.write(places, f"../documents/{C}", document(C, derives_from=[A]))
    desk.record(places, [change], newsroom.edit_by("kim", "A를 옮긴 것이다."), Clock())
    draft_id = lookups.claim_at_desk(places, CARGO).newest_draft_id
    with pytest.raises(ProblemsFound) as refused:
        desk.approve(places, CARGO, draft_id, actor("park"), Clock())
    assert [problem.code for problem in refused.value.problems] == ["few-independent-documents"]


@pytest.mark.slow
def test_editor_waives_the_rule_in_public_and_another_approves(places: LedgerPaths) -> None:
    attach(places, A)
    waiver = make_waiver("few-independent-documents", {"ko": "다른 자료가 없다."})
    desk.waive(places, CARGO, waiver, Edit("lee", "면제.", None, None, actor("lee").roles), Clock())
    assert propose(places) == set()
    draft_id = lookups.claim_at_desk(places, CARGO).newest_draft_id
    with pytest.raises(ProblemsFound) as refused:
        desk.approve(places, CARGO, draft_id, actor("lee"), Clock())
    assert [problem.code for problem in refused.value.problems] == ["second-person-needed"]
    desk.publish(places, actor("park"), clock=Clock())
    assert lookups.claim_at_desk(places, CARGO).public_fields["waivers"][0]["reason"] == {"ko": "다른 자료가 없다."}
