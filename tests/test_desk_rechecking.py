"""Rechecking documents: a change opens a recheck in the queue and never changes a verdict."""

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
from claimledger.desk import check_steps, evidence_steps, lookups
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


def publish_judged_evidence(
    places: LedgerPaths, clock: Clock, address: str, fetch_it: DocumentFetcher, **description: object
) -> None:
    """Attach a page to the claim about cargo, publish it, and publish a verdict based on it."""
    incoming = evidence_steps.fetch_for_claim(places, CARGO, address, actor("checker"), fetch_it)
    document = evidence_steps.describe_document(incoming, {"tier": "primary", "is_withheld": False, **description})
    evidence = {"document_id": document["document_id"], "stance": "supports", "summary": {"en": "The count agrees."}}
    made = edit_by("checker", "Seen.")
    desk.attach(places, CARGO, document, {**evidence, "excerpt": SENTENCE}, None, made, clock, incoming=incoming)
    desk.publish(places, actor("editor"), clock=clock)
    newsroom.hire(places, "checker")
    publish_verdict(places, clock)


def publish_verdict(places: LedgerPaths, clock: Clock) -> None:
    desk.assign(places, CARGO, Question.SO, "checker", actor("checker"), clock=clock)
    at = lookups.claim_at_desk(places, CARGO)
    fields = at.claim.to_json() | {"verdicts": [VERDICT]}
    made = edit_by("checker", "It agrees.", kind=RevisionKind.VERDICT)
    desk.edit(places, CARGO, fields, check_steps.SeenVersion(at.head_sha256, None), made, clock)
    desk.publish(places, actor("editor"), clock=clock)


def recheck(places: LedgerPaths, clock: Clock, fetch_it: DocumentFetcher, *claim_ids: str) -> list[DocumentReport]:
    return [*desk.recheck_documents(places, claim_ids, actor("checker"), fetch_it=fetch_it, clock=clock)]


def due_claim_ids(places: LedgerPaths) -> list[str]:
    """Return the claims due for recheck; check that the queue and the list agree."""
    rows, _ = lookups.queue(places, queue_of_view("recheck", "", DAY.isoformat(), {}))
    assert rows == lookups.list_due_rechecks(places, DAY)
    return [row.claim_id for row in rows]


def public_files(places: LedgerPaths) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in places.claims.rglob("*") if path.is_file()}


FINDINGS: dict[str, tuple[Answer, RecheckOutcome, int]] = {
    "gone": (page(b"", status="404 Not Found"), RecheckOutcome.GONE, 0),
    "changed": (answered(f"{PARAGRAPH} 오늘 덧붙인다."), RecheckOutcome.CHANGED, 0),
    "altered": (answered(CHANGED), RecheckOutcome.CHANGED, 1),
}


@pytest.mark.parametrize("name", FINDINGS)
def test_changed_document_opens_one_recheck_and_keeps_the_verdict(places: LedgerPaths, clock: Clock, name: str) -> None:
    then, expected, lost = FINDINGS[name]
    with serving(answered(), then) as server:
        publish_judged_evidence(places, clock, f"{server.address}/", reaching(server))
        before = public_files(places)
        (report,) = recheck(places, clock, reaching(server), CARGO)
        assert (report.result.outcome, len(report.result.lost), report.is_fault) == (expected, lost, True)
        assert report.opened_claim_ids == (CARGO,)
        assert due_claim_ids(places) == [CARGO]
        (again,) = recheck(places, clock, reaching(server), CARGO)
        assert again.opened_claim_ids == ()
    assert public_files(places) == before
    assert lookups.claim_at_desk(places, CARGO).claim.verdicts[0].value == "supported"
    (found,) = lookups.claim_documents(places, CARGO, actor("checker"))
    assert len(found.captures) == (2 if expected is RecheckOutcome.CHANGED else 1)


def test_unchanged_page_opens_no_recheck_and_stores_nothing(places: LedgerPaths, clock: Clock) -> None:
    with serving(answered(), answered(menu="News")) as server:
        publish_judged_evidence(places, clock, f"{server.address}/", reaching(server))
        (report,) = recheck(places, clock, reaching(server))
    assert (report.result.outcome, report.opened_claim_ids, report.is_fault) == (RecheckOutcome.UNCHANGED, (), False)
    assert due_claim_ids(places) == []
    assert len(lookups.claim_documents(places, CARGO, actor("checker"))[0].captures) == 1


def test_unreachable_server_is_reported_but_opens_no_recheck(places: LedgerPaths, clock: Clock) -> None:
    with serving(answered(), page(b"", status="503 Busy")) as server:
        publish_judged_evidence(places, clock, f"{server.address}/", reaching(server))
        (report,) = recheck(places, clock, partial(fetch, limits=SMALL, allow=server.allow))
    assert (report.result.outcome, report.opened_claim_ids, report.is_fault) == (RecheckOutcome.UNREACHABLE, (), True)
    assert "503" in str(report.result.refusal)
    assert due_claim_ids(places) == []


def test_moved_page_is_known_at_its_new_address_next_time(places: LedgerPaths, clock: Clock) -> None:
    moved = page(b"", "Location: /new", status="301 Moved")
    with serving(answered(), moved, answered(), moved, answered()) as server:
        publish_judged_evidence(places, clock, f"{server.address}/", reaching(server))
        (first,) = recheck(places, clock, reaching(server))
        (second,) = recheck(places, clock, reaching(server))
    assert (first.result.outcome, first.opened_claim_ids) == (RecheckOutcome.MOVED, (CARGO,))
    assert (second.result.outcome, second.opened_claim_ids) == (RecheckOutcome.UNCHANGED, ())


def test_recheck_is_settled_once_and_with_a_reason(places: LedgerPaths, clock: Clock) -> None:
    with serving(answered(), answered(CHANGED)) as server:
        publish_judged_evidence(places, clock, f"{server.address}/", reaching(server))
        recheck(places, clock, reaching(server))
    with pytest.raises(ProblemsFound, match="reason"):
        desk.settle_recheck(places, CARGO, actor("checker"), reason=" ", clock=clock)
    desk.settle_recheck(places, CARGO, actor("checker"), reason="Only the count of ships differs.", clock=clock)
    assert due_claim_ids(places) == []
    with pytest.raises(NotFound, match="not due for recheck"):
        desk.settle_recheck(places, CARGO, actor("checker"), reason="Again.", clock=clock)


def test_changed_and_republished_document_is_one_recheck_entry(places: LedgerPaths, clock: Clock) -> None:
    with serving(answered(), answered(CHANGED)) as server:
        publish_judged_evidence(places, clock, f"{server.address}/", reaching(server))
        recheck(places, clock, reaching(server))
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
    assert due_claim_ids(places) == [CARGO]
    desk.settle_recheck(places, CARGO, actor("checker"), reason="Only the count of ships differs.", clock=clock)
    assert (due_claim_ids(places), lookups.open_recheck_reasons(places, CARGO)) == ([], [])


def test_only_a_corrected_verdict_ends_a_recheck(places: LedgerPaths, clock: Clock) -> None:
    with serving(answered(), answered(CHANGED)) as server:
        publish_judged_evidence(places, clock, f"{server.address}/", reaching(server))
        recheck(places, clock, reaching(server))
    kept, note = (
        Correction(kind=kind, public_note={"en": "Mended."})
        for kind in (CorrectionKind.VERDICT_UNCHANGED, CorrectionKind.CLARIFICATION)
    )
    correct(places, clock, kept, topics=["ports"])
    assert due_claim_ids(places) == [CARGO]
    correct(places, clock, note, verdicts=[VERDICT | {"rationale": {"en": "The older count agreed."}}])
    assert due_claim_ids(places) == []


def correct(places: LedgerPaths, clock: Clock, note: Correction, **changed: object) -> None:
    at = lookups.claim_at_desk(places, CARGO)
    made = edit_by("checker", "Looked again.", RevisionKind.CORRECTION, note)
    desk.edit(places, CARGO, at.claim.to_json() | changed, check_steps.SeenVersion(at.head_sha256, None), made, clock)
    desk.publish(places, actor("editor"), clock=clock)


def test_withdrawn_claim_gets_no_recheck(places: LedgerPaths, clock: Clock) -> None:
    with serving(answered(), answered(CHANGED)) as server:
        publish_judged_evidence(places, clock, f"{server.address}/", reaching(server))
        desk.withdraw(places, CARGO, actor("editor"), reason="The article is gone.", clock=clock)
        desk.publish(places, actor("second"), clock=clock)
        (report,) = recheck(places, clock, reaching(server), CARGO)
    assert (report.result.outcome, report.opened_claim_ids, due_claim_ids(places)) == (RecheckOutcome.CHANGED, (), [])


def test_confidential_document_is_rechecked_only_on_request(places: LedgerPaths, clock: Clock) -> None:
    with serving(answered(), answered(CHANGED)) as server:
        publish_judged_evidence(places, clock, f"{server.address}/", reaching(server), is_withheld=True)
        before = len(server.requests)
        assert recheck(places, clock, reaching(server)) == []  # its server would see the request
        assert len(server.requests) == before
        (report,) = recheck(places, clock, reaching(server), CARGO)
    assert (report.result.outcome, report.result.lost) == (RecheckOutcome.CHANGED, (SENTENCE,))


def test_document_never_fetched_is_stored_at_the_first_recheck(places: LedgerPaths, clock: Clock) -> None:
    with serving(answered(), answered(CHANGED)) as server:
        document = {
            "document_id": "statistics-a2b3", "medium": "web", "title": {"en": "Statistics"}, "language": "ko",
            "obtained_at": "2031-04-03T08:00:00.000Z", "captured": "excerpt", "tier": "primary",
            "address": f"{server.address}/",
        }  # fmt: skip
        evidence = {"document_id": "statistics-a2b3", "stance": "supports", "summary": {"en": "It agrees."}}
        made = edit_by("checker", "Seen.")
        desk.attach(places, CARGO, document, {**evidence, "excerpt": SENTENCE}, None, made, clock)
        (first,) = recheck(places, clock, reaching(server), CARGO)
        (second,) = recheck(places, clock, reaching(server), CARGO)
    assert (first.result.outcome, first.result.lost, first.opened_claim_ids) == (RecheckOutcome.NOT_COMPARED, (), ())
    assert (second.result.outcome, second.result.lost, second.opened_claim_ids) == (
        RecheckOutcome.CHANGED,
        (SENTENCE,),
        (CARGO,),
    )


def test_uploaded_file_with_an_address_is_not_reported_as_moved(places: LedgerPaths, clock: Clock) -> None:
    with serving(answered()) as server:
        incoming = evidence_steps.read_document_file("statistics.html", html_page(), clock)
        description = {"tier": "primary", "is_withheld": False, "address": server.address, "language": "ko"}
        document = evidence_steps.describe_document(incoming, description)
        evidence = {"document_id": document["document_id"], "stance": "supports", "summary": {"en": "It agrees."}}
        desk.attach(places, CARGO, document, evidence, None, edit_by("checker", "Seen."), clock, incoming=incoming)
        (report,) = recheck(places, clock, reaching(server), CARGO)
    assert (report.result.outcome, report.opened_claim_ids) == (RecheckOutcome.UNCHANGED, ())


@pytest.mark.parametrize("has_draft", [False, True])
def test_recheck_of_one_claim_reads_no_other_claim(
    places: LedgerPaths,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    has_draft: bool,  # noqa: FBT001
) -> None:
    record, read = CurrentRecords.record, list[str]()

    def record_and_note(desk_now: CurrentRecords, subject: Subject, key: str) -> object:
        read.append(key)
        return record(desk_now, subject, key)

    monkeypatch.setattr(CurrentRecords, "record", record_and_note)
    with serving(answered(), answered(CHANGED)) as server:
        publish_judged_evidence(places, clock, f"{server.address}/", reaching(server))
        if has_draft:
            at = lookups.claim_at_desk(places, GROWTH)
            fields = at.claim.to_json() | {"topics": ["ports"]}
            desk.edit(
                places, GROWTH, fields, desk.evidence_steps.current_version(at), edit_by("checker", "A topic."), clock
            )
        lookups.queue(places, queue_of_view("recheck", "", DAY.isoformat(), {}))
        read.clear()
        recheck(places, clock, reaching(server), CARGO)
    assert CARGO in read
    assert GROWTH not in read


def test_recheck_without_the_role_or_a_claim_fetches_nothing(places: LedgerPaths, clock: Clock) -> None:
    with serving(answered()) as server:
        publish_judged_evidence(places, clock, f"{server.address}/", reaching(server))
        before = len(server.requests)
        admin = StaffMember("park", (Role.ADMIN,))
        with pytest.raises(ProblemsFound, match="needs the role"):
            next(desk.recheck_documents(places, [CARGO], admin, fetch_it=reaching(server), clock=clock))
        with pytest.raises(NotFound):
            recheck(places, clock, reaching(server), "no-such-claim-aaaa")
        assert len(server.requests) == before
    assert [*desk.recheck_documents(places, [GROWTH], actor("checker"), clock=clock)] == []
