"""The check of verdicts in the log: judged claims changed without a correction, and verdicts without evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import newsroom
import pytest
from direct_publishing import publish_directly
from newsroom import CARGO, Clock

from claimledger import desk
from claimledger.desk import lookups, step_setup
from claimledger.ledger.canonical import encode_body
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.store import Draft
from claimledger.checks.verdict_history import check_verdicts
from claimledger.models import Correction
from claimledger.vocabulary import CorrectionKind, RevisionKind, Subject

ROOT = Path(__file__).resolve().parent.parent
SAYS = {"document_id": "call-one-aaaa", "stance": "supports", "summary": {"ko": "그렇다고 한다."}}
VERDICT = {"question": "so", "value": "supported", "rationale": {"ko": "그렇다."}, "as_of": "2031-04-03"}
JUDGED = {"evidence": [SAYS], "verdicts": [VERDICT]}
SILENT, UNFOUNDED = "judged-claim-changed-silently", "verdict-without-evidence"


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    return newsroom.published(tmp_path, Clock())


def publish_version(places: LedgerPaths, kind: RevisionKind, **changed: object) -> None:
    """Write a version into the log without the checks of the desk."""
    fields: dict[str, Any] = lookups.claim_at_desk(places, CARGO).public_fields | changed
    note = Correction(kind=CorrectionKind.CLARIFICATION, public_note={"ko": "고쳤다."})
    with step_setup.open_store(places) as store:
        head = store.head(Subject.CLAIM, CARGO)
        assert head is not None
        owed = note if kind is RevisionKind.CORRECTION else None
        draft = Draft(Subject.CLAIM, CARGO, head.sha256, kind, ("kim",), "까닭.", encode_body(fields), owed)
        publish_directly(store, [draft], "lee", now=step_setup.utc_now().replace(year=2032))


def problem_codes(places: LedgerPaths) -> list[tuple[str, str]]:
    return [(problem.code, problem.field) for problem in check_verdicts(places.log).problems]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("field", "value", "other"),
    [
        ("statement", {"ko": "짐은 130만t쯤이다."}, {"ko": "짐은 140만t쯤이다."}),
        ("about_on", "1999", "2001"),
        ("said_on", "2031", "2030"),
        ("source", {"kind": "speech", "name": {"ko": "소장의 말"}}, {"kind": "speech", "name": {"ko": "시장의 말"}}),
        ("evidence", [SAYS | {"summary": {"ko": "꼭 그렇다고 한다."}}], [SAYS]),
        ("verdicts", [VERDICT | {"rationale": {"ko": "정말 그렇다."}}], [VERDICT]),
    ],
)
def test_judged_claim_may_change_only_by_a_correction(
    places: LedgerPaths, field: str, value: object, other: object
) -> None:
    publish_version(places, RevisionKind.VERDICT, **JUDGED)
    publish_version(places, RevisionKind.CORRECTION, **{field: value})
    assert problem_codes(places) == []
    publish_version(places, RevisionKind.UPDATE, **{field: other})
    (problem,) = check_verdicts(places.log).problems
    assert (problem.code, problem.file, problem.field) == (SILENT, CARGO, field)
    assert "Version 4 ('Update') is not a correction" in problem.sentence


def test_evidence_may_be_added_and_topics_changed(places: LedgerPaths) -> None:
    publish_version(places, RevisionKind.VERDICT, **JUDGED)
    more = SAYS | {"document_id": "call-two-aaaa", "stance": "refutes"}
    publish_version(places, RevisionKind.UPDATE, evidence=[more, SAYS], topics=["ports"])
    assert problem_codes(places) == []


@pytest.mark.parametrize("stance", ["refutes", "context"])
def test_firm_verdict_without_evidence_for_it_is_reported(places: LedgerPaths, stance: str) -> None:
    publish_version(places, RevisionKind.VERDICT, **JUDGED | {"evidence": [SAYS | {"stance": stance}]})
    assert problem_codes(places) == [(UNFOUNDED, "verdicts")]
    publish_version(places, RevisionKind.WITHDRAWAL)
    assert problem_codes(places) == []  # a withdrawn claim needs no evidence


def test_check_is_part_of_all_checks_and_counts_judged_claims(places: LedgerPaths) -> None:
    publish_version(places, RevisionKind.VERDICT, verdicts=[VERDICT])
    checked = {one.name: one for one in desk.check(places)}["verdicts"]
    assert checked.scope == "1 of 2 claims judged, and how each was changed"
    assert [problem.code for problem in checked.problems] == [UNFOUNDED]


def test_the_first_ledger_keeps_the_rules() -> None:
    checked = check_verdicts(LedgerPaths(ROOT).log)
    assert checked.problems == ()
    assert checked.scope.startswith("110 of 110 claims judged")
