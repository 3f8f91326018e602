"""The checking screen: documents, evidence and verdicts in one form, and the next claim of the list after it."""

from __future__ import annotations

import re
from pathlib import Path

import desk_visits
import newsroom
import pytest
from desk_visits import PREFIX, TestClient, field, signed_in, token
from loopback import serving
from made_documents import SENTENCE, answered, pdf_of, reaching
from newsroom import CARGO, GROWTH, actor

from claimledger import desk
from claimledger.datasette_plugin.desk_pages import desk_application
from claimledger.datasette_plugin.desk_pages.check_form import form_field, place_problems
from claimledger.desk import evidence_steps, lookups
from claimledger.desk.document_search import LISTED
from claimledger.desk.whole_check import check_refusals
from claimledger.errors import Problem, ProblemsFound
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Claim, Document
from claimledger.newsroom.work_items import WorkFilter
from claimledger.desk_vocabulary import CheckStage
from claimledger.vocabulary import Question, RevisionKind

SO = Question.SO
OPEN = "?view=open"
SHORT = {"so_value": "not_enough_evidence", "so_rationale_en": "No register has the count.", "so_as_of": "2023-04"}
SEARCHED = {
    "so_searched_1_where_en": "Port archive",
    "so_searched_1_terms": "cargo 2030",
    "so_searched_1_on": "2026-04-02",
}


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    return desk_visits.made(tmp_path)


@pytest.fixture
def kim(places: LedgerPaths) -> TestClient:
    return signed_in(places, "kim")


def send(client: TestClient, claim_id: str, act: str = "propose", **fields: object) -> tuple[int, str, str]:
    """Send the form of the checking screen; return the status, the page and the address that follows."""
    path = f"{PREFIX}/check/{claim_id}{OPEN}"
    files = {"file": fields.pop("file")} if "file" in fields else None
    form = {"form_token": token(client), "seen": field(client.get(path).text, "seen"), "act": act, **fields}
    answer = client.post(path, data=form, files=files, follow_redirects=False)
    return answer.status_code, answer.text, answer.headers.get("location", "")


def held_document(places: LedgerPaths) -> str:
    """Attach a document to the claim about growth, and return its identifier."""
    newsroom.attach(places, GROWTH, newsroom.Clock())
    return lookups.claim_at_desk(places, GROWTH).claim.evidence[0].document_id


def read_claim(places: LedgerPaths, claim_id: str = CARGO) -> Claim:
    return lookups.claim_at_desk(places, claim_id).claim


def drafted_documents(places: LedgerPaths) -> list[Document]:
    return [draft.record for draft in lookups.open_drafts(places) if isinstance(draft.record, Document)]


@pytest.mark.slow
def test_one_form_cites_proposes_and_goes_to_the_next(places: LedgerPaths, kim: TestClient) -> None:
    held = held_document(places)
    cited = {"cite": held, f"stance:{held}": "supports", f"summary_en:{held}": "The yearbook has the count."}
    verdict = {"so_value": "supported", "so_rationale_en": "The yearbook agrees.", "so_as_of": "2023-04"}
    assert (
        f"/check/{CARGO}" in kim.get(f"{PREFIX}/check{OPEN}&words=tonnes", follow_redirects=False).headers["location"]
    )
    status, _, following = send(kim, CARGO, **cited, **verdict)
    assert (status, following) == (303, f"{PREFIX}/check/{GROWTH}?view=open&of={CARGO}")
    at = lookups.claim_at_desk(places, CARGO)
    assert (at.stage(SO), at.assignee(SO), at.draft and at.draft.kind) == (
        CheckStage.PROPOSED, "kim", RevisionKind.VERDICT,
    )  # fmt: skip
    assert [(one.document_id, one.stance.value) for one in at.claim.evidence] == [(held, "supports")]
    assert "Proposed: Haneul port moved about 1.2 million tonnes" in kim.get(following).text
    assert lookups.queue(places, WorkFilter(mine="kim"))[1] == 0, "a proposed check is no longer a task of its checker"
    assert send(kim, GROWTH, **SHORT)[2] == f"{PREFIX}?view=open&done=check&of={GROWTH}", "the list is empty"


@pytest.mark.slow
def test_refused_check_keeps_the_input_and_stores_nothing(places: LedgerPaths, kim: TestClient) -> None:
    held = held_document(places)
    cited = {"cite": held, f"summary_en:{held}": "The yearbook has the count."}
    status, page, _ = send(kim, CARGO, **cited, **SHORT, so_searched_1_terms="cargo")
    assert (status, "[word-missing]" in page) == (409, True)
    assert f'data-field="stance:{held}"' in page
    assert ("The yearbook has the count.</textarea>" in page, "No register has the count.</textarea>" in page) == (
        True,
    ) * 2
    assert f'value="{held}" checked' in page
    at = lookups.claim_at_desk(places, CARGO)
    assert (at.waiting, at.assignee(SO)) == ((), None), "the assignment was not kept either"
    assert send(kim, CARGO, so_rationale_en="A reason without a verdict.")[0] == 409


@pytest.mark.slow
def test_pasted_address_is_fetched_once_and_then_cited(places: LedgerPaths, kim: TestClient) -> None:
    says = {"new_stance": "supports", "new_tier": "primary", "new_summary_ko": "통계의 수와 맞는다."}
    with serving(answered()) as server:
        client = TestClient(
            desk_application(places, reaching(server)), base_url="http://127.0.0.1", cookies=dict(kim.cookies)
        )
        given = {"fetch": f"{server.address}/a", "new_excerpt": SENTENCE, **says}
        assert (
            send(client, CARGO, **given, so_value="supported", so_rationale_ko="통계와 같다.", so_as_of="2023-04")[0]
            == 303
        )
        assert send(client, GROWTH, "save", **given)[0] == 200
    (document,) = drafted_documents(places)
    assert [one.evidence[0].document_id for one in map(read_claim, (places, places), (CARGO, GROWTH))] == [
        document.document_id
    ] * 2
    assert (document.language, read_claim(places).evidence[0].excerpt) == ("ko", SENTENCE)


@pytest.mark.slow
def test_file_uploaded_three_times_is_one_document(places: LedgerPaths, kim: TestClient) -> None:
    says = {"new_stance": "context", "new_tier": "primary", "new_summary_en": "Minutes.", "new_title_en": "Minutes",
            "new_language": "ko", "withheld": "no"}  # fmt: skip
    for claim_id in (CARGO, GROWTH):
        status, page, _ = send(kim, claim_id, "save", file=("minutes.pdf", pdf_of(SENTENCE)), **says)
        assert (status, "The evidence was saved." in page) == (200, True)
    (document,) = drafted_documents(places)
    assert read_claim(places, GROWTH).evidence[0].document_id == document.document_id
    incoming = evidence_steps.read_document_file("copy.pdf", pdf_of(SENTENCE))
    described = evidence_steps.describe_document(
        incoming, {"tier": "primary", "language": "ko", "title": {"en": "Copy"}}
    )
    with pytest.raises(ProblemsFound, match="document-known"):
        desk.attach(places, CARGO, described, {"document_id": described["document_id"]}, None,
                    newsroom.edit_by("kim", "Again."), incoming=incoming)  # fmt: skip


@pytest.mark.slow
def test_search_without_a_result_is_stored_and_survives_an_edit(places: LedgerPaths, kim: TestClient) -> None:
    assert send(kim, CARGO, **SHORT, **SEARCHED)[0] == 303
    assert read_claim(places).verdicts[0].searched[0].where == {"en": "Port archive"}
    shown = kim.get(f"{PREFIX}/check/{CARGO}").text
    assert 'name="so_searched_1_where_en" type="text" value="Port archive"' in shown
    seen = field(kim.get(f"{PREFIX}/claims/{CARGO}").text, "seen")
    status, _ = desk_visits.sent(
        kim, f"/claims/{CARGO}/propose", seen=seen, **(SHORT | {"so_rationale_en": "None has it."})
    )
    assert (status, read_claim(places).verdicts[0].searched[0].terms) == (200, "cargo 2030")


def test_question_of_another_checker_gives_the_reason(places: LedgerPaths, kim: TestClient) -> None:
    desk.assign(places, CARGO, SO, "choi", actor("lee"))
    page = kim.get(f"{PREFIX}/check/{CARGO}").text
    assert ('name="so_value"' in page, 'name="said_value"' in page) == (False, True)
    assert [one.code for one in check_refusals(lookups.claim_at_desk(places, CARGO), SO, actor("kim"))] == [
        "not-the-assignee"
    ]


@pytest.mark.slow
def test_document_is_cited_for_many_claims_or_for_none(places: LedgerPaths, kim: TestClient) -> None:
    held = held_document(places)
    says = {"document_id": held, "stance": "context", "summary": {"en": "Background."}}
    edit = newsroom.edit_by("kim", "Cited.")
    withdrawn = desk.withdraw(places, CARGO, actor("lee"), reason="Not ours.")
    with pytest.raises(ProblemsFound, match="withdrawal-waits"):
        desk.cite_many(places, [GROWTH, CARGO], says, edit)
    assert [len(read_claim(places, one).evidence) for one in (CARGO, GROWTH)] == [0, 1]
    newsroom.discard(places, withdrawn.key, newsroom.edit_by("lee", "It is ours."), newsroom.Clock())
    page = kim.get(f"{PREFIX}/claims/{CARGO}/evidence").text
    form = {
        "document": held,
        "stance": "context",
        "summary_en": "Background.",
        "also": GROWTH,
        "seen": field(page, "seen"),
    }
    assert desk_visits.sent(kim, f"/claims/{CARGO}/evidence/cite", **form)[0] == 200
    assert [len(read_claim(places, one).evidence) for one in (CARGO, GROWTH)] == [1, 2]


def test_problems_name_documents_and_questions() -> None:
    problems = [Problem("x", field="evidence.2.stance"), Problem("x", field="verdicts.1.value")]
    placed = place_problems(problems, {"evidence": [{"document_id": "a"}]}, ["b", "new"], [{"question": "so"}])
    assert [(one.field, form_field(one.field)) for one in placed] == [
        ("evidence.b.stance", "stance:b"), ("verdicts.so.value", "so_value"),
    ]  # fmt: skip


def line(page: str, name: str) -> str:
    """Return the value of a line of the form."""
    found = re.search(rf'name="{name}" type="[a-z]+" value="([^"]*)"', page)
    assert found, name
    return found[1]


def test_search_of_documents_is_filled_in_as_a_searched_place(places: LedgerPaths, kim: TestClient) -> None:
    name = held_document(places)
    status, page, _ = send(kim, CARGO, "search", **SHORT, **SEARCHED)
    assert status == 200
    assert SHORT["so_rationale_en"] in page  # what was typed stays
    assert line(page, "so_searched_1_where_en") == "Port archive"
    assert line(page, "so_searched_2_where_en") == LISTED["en"]
    assert line(page, "so_searched_2_where_ko") == LISTED["ko"]
    assert line(page, "so_searched_2_terms")
    assert 'id="listed"' in page
    assert f'value="{name}"' in page
    parts = ("where_en", "where_ko", "terms")
    again = {name: line(page, name) for name in (f"so_searched_2_{part}" for part in parts)}
    _, page, _ = send(kim, CARGO, "search", **SHORT, **SEARCHED, **again)
    assert line(page, "so_searched_3_where_en") == ""  # the same search is noted once
    assert lookups.claim_at_desk(places, CARGO).draft is None


def test_search_is_no_searched_place_of_a_question_with_evidence(kim: TestClient) -> None:
    _, page, _ = send(kim, CARGO, "search", so_value="supported", said_value="not_enough_evidence")
    assert line(page, "so_searched_1_where_en") == ""
    assert line(page, "said_searched_1_where_en") == LISTED["en"]


def test_searched_place_is_proposed_with_the_verdict(places: LedgerPaths, kim: TestClient) -> None:
    _, page, _ = send(kim, CARGO, "search", **SHORT)
    noted = {name: line(page, name) for name in (f"so_searched_1_{part}" for part in ("where_en", "terms", "on"))}
    assert send(kim, CARGO, **SHORT, **noted)[0] == 303
    (verdict,) = lookups.claim_at_desk(places, CARGO).claim.verdicts
    assert [place.where for place in verdict.searched] == [{"en": LISTED["en"]}]


def test_search_that_was_filled_in_is_no_place_of_another_verdict(places: LedgerPaths, kim: TestClient) -> None:
    held_document(places)
    _, page, _ = send(kim, CARGO, "search")  # before a verdict is chosen
    parts = ("where_en", "where_ko", "terms", "on")
    noted = {name: line(page, name) for name in (f"so_searched_1_{part}" for part in parts)}
    other = {"so_searched_2_where_en": "Port archive", "so_searched_2_on": noted["so_searched_1_on"]}
    status, page, _ = send(kim, CARGO, **{**SHORT, **noted, **other, "so_value": "not_checkable"})
    assert status == 303, page
    (verdict,) = lookups.claim_at_desk(places, CARGO).claim.verdicts
    assert [place.where for place in verdict.searched] == [{"en": "Port archive"}]


def test_uploaded_file_stays_during_a_search(places: LedgerPaths, kim: TestClient) -> None:
    _, page, _ = send(kim, CARGO, "search", file=("notice.txt", SENTENCE.encode(), "text/plain"))
    assert field(page, "kept")
    assert lookups.claim_at_desk(places, CARGO).claim.evidence == ()
