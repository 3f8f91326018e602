"""Documents looked at again: what changed opens a recheck in the queue, and never changes a verdict."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

import newsroom
import pytest
from hostile import SMALL
from loopback import Answer, page, serving
from made_documents import PARAGRAPH, SENTENCE, answered, html_page, reaching
from newsroom import CARGO, GROWTH, Clock, actor, edit_by

from claimledger import desk
from claimledger.desk import check_steps
from claimledger.desk import evidence_steps
from claimledger.desk import lookups
from claimledger.desk.recheck_steps import DocumentReport
from claimledger.editorial.queue_views import queue_of_view
from claimledger.errors import NotFound, ProblemsFound
from claimledger.evidence import DocumentFetcher
from claimledger.fetching import fetch
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.current_records import CurrentRecords
from claimledger.models import Correction
from claimledger.workflow import StaffMember
from claimledger.desk_vocabulary import RecheckOutcome, Role
from claimledger.vocabulary import CorrectionKind, Question, RevisionKind, Subject

pytestmark = pytest.mark.slow

CHANGED = PARAGRAPH.replace("1,204,331", "1,240,331")
DAY = date(2031, 4, 3)
VERDICT = {
    "question": "so", "value": "supported", "rationale": {"en": "The count agrees."}, "as_of": "2031-04-03",
}  # fmt: skip


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def places(tmp_path: Path, clock: Clock) -> LedgerPaths:
    return newsroom.published(tmp_path, clock)


def with_evidence(places: LedgerPaths, clock: Clock, address: str, fetch_it: DocumentFetcher, **told: object) -> None:
    """Attach a page to the claim about cargo, publish it, and have the claim judged on it."""
    brought = evidence_steps.fetch_for_claim(places, CARGO, address, actor("checker"), fetch_it)
    document = evidence_steps.describe_document(brought, {"tier": "primary", "is_withheld": False, **told})
    evidence = {"document_id": document["document_id"], "stance": "supports", "summary": {"en": "The count agrees."}}
    made = edit_by("checker", "Seen.")
    desk.attach(places, CARGO, document, {**evidence, "excerpt": SENTENCE}, None, made, clock, incoming=brought)
    desk.publish(places, actor("editor"), clock=clock)
    newsroom.hire(places, "checker")
    judge(places, clock)


def judge(places: LedgerPaths, clock: Clock) -> None:
    desk.assign(places, CARGO, Question.SO, "checker", actor("checker"), clock=clock)
    at = lookups.claim_at_desk(places, CARGO)
    fields = at.claim.to_json() | {"verdicts": [VERDICT]}
    made = edit_by("checker", "It agrees.", kind=RevisionKind.VERDICT)
    desk.edit(places, CARGO, fields, check_steps.SeenVersion(at.head_sha256, None), made, clock)
    desk.publish(places, actor("editor"), clock=clock)


def looked(places: LedgerPaths, clock: Clock, fetch_it: DocumentFetcher, *claim_ids: str) -> list[DocumentReport]:
    return [*desk.recheck_documents(places, claim_ids, actor("checker"), fetch_it=fetch_it, clock=clock)]


def due(places: LedgerPaths) -> list[str]:
    """Return the claims that are to be looked at again by the newsroom's day: in the queue, and in the list."""
    rows, _ = lookups.queue(places, queue_of_view("recheck", "", DAY.isoformat(), {}))
    assert rows == lookups.list_due_rechecks(places, DAY)
    return [row.claim_id for row in rows]


def public(places: LedgerPaths) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in places.claims.rglob("*") if path.is_file()}


FINDINGS: dict[str, tuple[Answer, RecheckOutcome, int]] = {
    "gone": (page(b"", status="404 Not Found"), RecheckOutcome.GONE, 0),
    "changed": (answered(f"{PARAGRAPH} 오늘 덧붙인다."), RecheckOutcome.CHANGED, 0),
    "altered": (answered(CHANGED), RecheckOutcome.CHANGED, 1),
}


@pytest.mark.parametrize("name", FINDINGS)
def test_what_changed_opens_a_recheck_once_and_changes_no_verdict(places: LedgerPaths, clock: Clock, name: str) -> None:
    then, refound, lost = FINDINGS[name]
    with serving(answered(), then) as server:
        with_evidence(places, clock, f"{server.address}/", reaching(server))
        before = public(places)
        (report,) = looked(places, clock, reaching(server), CARGO)
        assert (report.result.outcome, len(report.result.lost), report.is_fault) == (refound, lost, True)
        assert report.opened_claim_ids == (CARGO,)
        assert due(places) == [CARGO]
        (again,) = looked(places, clock, reaching(server), CARGO)
        assert again.opened_claim_ids == ()
    assert public(places) == before
    assert lookups.claim_at_desk(places, CARGO).claim.verdicts[0].value == "supported"
    (found,) = lookups.claim_documents(places, CARGO, actor("checker"))
    assert len(found.captures) == (2 if refound is RecheckOutcome.CHANGED else 1)


def test_an_unchanged_page_opens_nothing_and_keeps_nothing(places: LedgerPaths, clock: Clock) -> None:
    with serving(answered(), answered(menu="News")) as server:
        with_evidence(places, clock, f"{server.address}/", reaching(server))
        (report,) = looked(places, clock, reaching(server))
    assert (report.result.outcome, report.opened_claim_ids, report.is_fault) == (RecheckOutcome.UNCHANGED, (), False)
    assert due(places) == []
    assert len(lookups.claim_documents(places, CARGO, actor("checker"))[0].captures) == 1


def test_a_server_that_does_not_answer_opens_nothing_but_is_told(places: LedgerPaths, clock: Clock) -> None:
    with serving(answered(), page(b"", status="503 Busy")) as server:
        with_evidence(places, clock, f"{server.address}/", reaching(server))
        (report,) = looked(places, clock, partial(fetch, limits=SMALL, allow=server.allow))
    assert (report.result.outcome, report.opened_claim_ids, report.is_fault) == (RecheckOutcome.UNREACHABLE, (), True)
    assert "503" in str(report.result.refusal)
    assert due(places) == []


def test_a_moved_page_is_known_by_its_new_address_the_next_time(places: LedgerPaths, clock: Clock) -> None:
    moved = page(b"", "Location: /new", status="301 Moved")
    with serving(answered(), moved, answered(), moved, answered()) as server:
        with_evidence(places, clock, f"{server.address}/", reaching(server))
        (first,) = looked(places, clock, reaching(server))
        (second,) = looked(places, clock, reaching(server))
    assert (first.result.outcome, first.opened_claim_ids) == (RecheckOutcome.MOVED, (CARGO,))
    assert (second.result.outcome, second.opened_claim_ids) == (RecheckOutcome.UNCHANGED, ())


def test_a_recheck_is_settled_by_somebody_who_looked(places: LedgerPaths, clock: Clock) -> None:
    with serving(answered(), answered(CHANGED)) as server:
        with_evidence(places, clock, f"{server.address}/", reaching(server))
        looked(places, clock, reaching(server))
    with pytest.raises(ProblemsFound, match="reason"):
        desk.settle_recheck(places, CARGO, actor("checker"), reason=" ", clock=clock)
    desk.settle_recheck(places, CARGO, actor("checker"), reason="Only the count of ships differs.", clock=clock)
    assert due(places) == []
    with pytest.raises(NotFound, match="not due for recheck"):
        desk.settle_recheck(places, CARGO, actor("checker"), reason="Again.", clock=clock)


def test_a_document_found_changed_and_then_published_anew_is_one_entry_that_one_act_settles(
    places: LedgerPaths, clock: Clock
) -> None:
    with serving(answered(), answered(CHANGED)) as server:
        with_evidence(places, clock, f"{server.address}/", reaching(server))
        looked(places, clock, reaching(server))
    (row,) = lookups.list_due_rechecks(places, DAY)
    document_id = lookups.claim_documents(places, CARGO, actor("checker"))[0].document.document_id
    assert row.reason_to_recheck(DAY.isoformat()) == ("document", document_id, "changed")
    path = places.claims / "documents" / f"{document_id}.yaml"
    newsroom.edit(path, "tier: primary", "tier: primary_copy")
    desk.record(places, [path], edit_by("checker", "A copy.", RevisionKind.UPDATE), clock)
    desk.publish(places, actor("editor"), clock=clock)
    assert [(why.of, why.outcome, why.lost) for why in lookups.open_recheck_reasons(places, CARGO)] == [
        (document_id, "changed", 1)
    ]
    assert due(places) == [CARGO]
    desk.settle_recheck(places, CARGO, actor("checker"), reason="Only the count of ships differs.", clock=clock)
    assert (due(places), lookups.open_recheck_reasons(places, CARGO)) == ([], [])


def test_a_verdict_that_is_published_ends_a_recheck_and_a_mended_statement_does_not(
    places: LedgerPaths, clock: Clock
) -> None:
    with serving(answered(), answered(CHANGED)) as server:
        with_evidence(places, clock, f"{server.address}/", reaching(server))
        looked(places, clock, reaching(server))
    kept, note = (
        Correction(kind=kind, public_note={"en": "Mended."})
        for kind in (CorrectionKind.VERDICT_UNCHANGED, CorrectionKind.CLARIFICATION)
    )
    correct(places, clock, kept, topics=["ports"])
    assert due(places) == [CARGO]
    correct(places, clock, note, verdicts=[VERDICT | {"rationale": {"en": "The older count agreed."}}])
    assert due(places) == []


def correct(places: LedgerPaths, clock: Clock, note: Correction, **changed: object) -> None:
    at = lookups.claim_at_desk(places, CARGO)
    made = edit_by("checker", "Looked again.", RevisionKind.CORRECTION, note)
    desk.edit(places, CARGO, at.claim.to_json() | changed, check_steps.SeenVersion(at.head_sha256, None), made, clock)
    desk.publish(places, actor("editor"), clock=clock)


def test_of_a_withdrawn_claim_nothing_is_looked_at_again(places: LedgerPaths, clock: Clock) -> None:
    with serving(answered(), answered(CHANGED)) as server:
        with_evidence(places, clock, f"{server.address}/", reaching(server))
        desk.withdraw(places, CARGO, actor("editor"), reason="The article is gone.", clock=clock)
        desk.publish(places, actor("second"), clock=clock)
        (report,) = looked(places, clock, reaching(server), CARGO)
    assert (report.result.outcome, report.opened_claim_ids, due(places)) == (RecheckOutcome.CHANGED, (), [])


def test_a_confidential_document_with_an_address_is_looked_at_by_what_the_desk_knows(
    places: LedgerPaths, clock: Clock
) -> None:
    with serving(answered(), answered(CHANGED)) as server:
        with_evidence(places, clock, f"{server.address}/", reaching(server), is_withheld=True)
        before = len(server.requests)
        assert looked(places, clock, reaching(server)) == []  # its server would see that somebody looks
        assert len(server.requests) == before
        (report,) = looked(places, clock, reaching(server), CARGO)
    assert (report.result.outcome, report.result.lost) == (RecheckOutcome.CHANGED, (SENTENCE,))


def test_what_was_never_fetched_is_held_from_the_first_look_on(places: LedgerPaths, clock: Clock) -> None:
    with serving(answered(), answered(CHANGED)) as server:
        document = {
            "document_id": "statistics-a2b3", "medium": "web", "title": {"en": "Statistics"}, "language": "ko",
            "obtained_at": "2031-04-03T08:00:00.000Z", "captured": "excerpt", "tier": "primary",
            "address": f"{server.address}/",
        }  # fmt: skip
        evidence = {"document_id": "statistics-a2b3", "stance": "supports", "summary": {"en": "It agrees."}}
        made = edit_by("checker", "Seen.")
        desk.attach(places, CARGO, document, {**evidence, "excerpt": SENTENCE}, None, made, clock)
        (first,) = looked(places, clock, reaching(server), CARGO)
        (second,) = looked(places, clock, reaching(server), CARGO)
    assert (first.result.outcome, first.result.lost, first.opened_claim_ids) == (RecheckOutcome.NOT_COMPARED, (), ())
    assert (second.result.outcome, second.result.lost, second.opened_claim_ids) == (
        RecheckOutcome.CHANGED,
        (SENTENCE,),
        (CARGO,),
    )


def test_what_came_as_a_file_has_not_moved_from_its_address(places: LedgerPaths, clock: Clock) -> None:
    with serving(answered()) as server:
        brought = evidence_steps.read_document_file("statistics.html", html_page(), clock)
        told = {"tier": "primary", "is_withheld": False, "address": server.address, "language": "ko"}
        document = evidence_steps.describe_document(brought, told)
        evidence = {"document_id": document["document_id"], "stance": "supports", "summary": {"en": "It agrees."}}
        desk.attach(places, CARGO, document, evidence, None, edit_by("checker", "Seen."), clock, incoming=brought)
        (report,) = looked(places, clock, reaching(server), CARGO)
    assert (report.result.outcome, report.opened_claim_ids) == (RecheckOutcome.UNCHANGED, ())


@pytest.mark.parametrize("has_draft", [False, True])
def test_to_look_at_one_claims_documents_reads_no_other_claim(
    places: LedgerPaths,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    has_draft: bool,  # noqa: FBT001
) -> None:
    record, read = CurrentRecords.record, list[str]()

    def noted(desk_now: CurrentRecords, subject: Subject, key: str) -> object:
        read.append(key)
        return record(desk_now, subject, key)

    monkeypatch.setattr(CurrentRecords, "record", noted)
    with serving(answered(), answered(CHANGED)) as server:
        with_evidence(places, clock, f"{server.address}/", reaching(server))
        if has_draft:
            at = lookups.claim_at_desk(places, GROWTH)
            fields = at.claim.to_json() | {"topics": ["ports"]}
            desk.edit(
                places, GROWTH, fields, desk.evidence_steps.current_version(at), edit_by("checker", "A topic."), clock
            )
        lookups.queue(places, queue_of_view("recheck", "", DAY.isoformat(), {}))
        read.clear()
        looked(places, clock, reaching(server), CARGO)
    assert CARGO in read
    assert GROWTH not in read


def test_who_has_no_part_in_it_has_nothing_fetched(places: LedgerPaths, clock: Clock) -> None:
    with serving(answered()) as server:
        with_evidence(places, clock, f"{server.address}/", reaching(server))
        before = len(server.requests)
        admin = StaffMember("park", (Role.ADMIN,))
        with pytest.raises(ProblemsFound, match="needs the role"):
            next(desk.recheck_documents(places, [CARGO], admin, fetch_it=reaching(server), clock=clock))
        with pytest.raises(NotFound):
            looked(places, clock, reaching(server), "no-such-claim-aaaa")
        assert len(server.requests) == before
    assert [*desk.recheck_documents(places, [GROWTH], actor("checker"), clock=clock)] == []
