"""The claim page: refused forms keep their input, problems link to fields, and values are shown with labels."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import newsroom
import pytest
from desk_visits import TestClient, field, made, sent, signed_in, visitor
from newsroom import CARGO, Clock

from claimledger import desk
from claimledger.desk import lookups, step_setup
from claimledger.datasette_plugin.desk_pages import PREFIX
from claimledger.desk.check_steps import SeenVersion
from claimledger.accounts import people
from claimledger.errors import ProblemsFound
from claimledger.newsroom.edit_input import Edit
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Claim, Correction
from claimledger.desk_vocabulary import Role
from claimledger.vocabulary import CorrectionKind, Question, RevisionKind

PAGE = f"/claims/{CARGO}"
TYPED = "손으로 <b>친</b> 긴 글"


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    return made(tmp_path)


@pytest.fixture
def choi(places: LedgerPaths) -> TestClient:
    return signed_in(places, "choi")


def clock() -> Clock:
    ticking = Clock()
    ticking.now = step_setup.utc_now()
    return ticking


def set_language(places: LedgerPaths, name: str, language: str) -> None:
    with step_setup.open_store(places) as store, store.writing() as connection:
        people.change_person(connection, name, author="admin-console", now=step_setup.utc_now(), language=language)


def page_text(client: TestClient, path: str = PAGE) -> str:
    return str(client.get(f"{PREFIX}{path}").text)


def send_form(client: TestClient, name: str, **fields: object) -> tuple[int, str]:
    """Send a form of the claim page for the version that the page shows; return status and page."""
    return sent(client, f"{PAGE}/{name}", **{"seen": field(page_text(client), "seen"), **fields})


def value_in(page: str, field_id: str) -> str:
    """Return the value of a text area, input or select of the page, or ""."""
    area = re.search(rf'<textarea id="{field_id}"[^>]*>([^<]*)</textarea>', page)
    line = re.search(rf'<input id="{field_id}"[^>]*? value="([^"]*)"', page)
    choice = re.search(rf'<select id="{field_id}".*?</select>', page, re.DOTALL)
    chosen = re.search(r'value="([^"]*)" selected', choice[0]) if choice else None
    found = area or line or chosen
    return unescape(found[1]) if found else ""


def propose_verdict(places: LedgerPaths, value: str = "not_enough_evidence", author: str = "kim") -> None:
    """Propose a verdict on the claim."""
    desk.assign(places, CARGO, Question.SO, author, newsroom.actor(author))
    found = lookups.claim_at_desk(places, CARGO)
    proposed = {"question": "so", "value": value, "rationale": {"ko": "살펴보았다."}, "as_of": "2026-04-03"}
    edit = Edit(author, "판정한다.", RevisionKind.VERDICT, None, (Role.CHECKER,))
    seen = SeenVersion(found.head_sha256, found.draft.draft_id if found.draft else None)
    desk.edit(places, CARGO, found.claim.to_json() | {"verdicts": [proposed]}, seen, edit)


def publish_verdict(places: LedgerPaths, value: str, stance: str) -> None:
    """Publish a verdict on the claim with one document as its evidence."""
    newsroom.attach(places, CARGO, clock(), stance, author="kim")
    propose_verdict(places, value)
    desk.publish(places, newsroom.actor("lee"))


REFUSED = {
    "propose": ({"so_value": "not_checkable", "so_rationale_ko": TYPED, "so_as_of": "2026-02-31"}, "so_as_of"),
    "edit": ({"statement_ko": TYPED, "topics": "항만!", "reason": "까닭"}, "topics"),
    "correct": ({"correction": "clarification", "public_note_ko": "", "statement_ko": TYPED, "reason": "까닭"},
                "correction"),
    "attach": ({"title_ko": TYPED, "stance": "refutes", "tier": "", "medium": "call", "summary_ko": "요약"}, "tier"),
    "query": ({"as_printed": TYPED, "should_read": ""}, "should_read"),
    "assign": ({"question": "said", "assignee": "kim", "due_on": "2021-04-09"}, "due_on"),
    "comment": ({"text": ""}, "text"),
}  # fmt: skip
"""Each form with one wrong value, and the name of the wrong field."""


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("name", REFUSED)
def test_refused_form_keeps_input_and_names_the_field(
    name: str, language: str, places: LedgerPaths, choi: TestClient
) -> None:
    set_language(places, "choi", language)
    if name == "propose":
        desk.assign(places, CARGO, Question.SO, "choi", newsroom.actor("lee"))
    form, wrong = REFUSED[name]
    status, page = send_form(choi, name, **form)
    assert status in (404, 409)
    assert {one: value_in(page, f"{name}-{one}") for one in form} == form
    assert f'<a href="#{name}-{wrong}">' in page
    assert f'id="{name}-{wrong}-problem"' in page
    assert re.search(rf'id="{name}-{wrong}"[^>]* aria-invalid="true" aria-describedby="{name}-{wrong}-problem"', page)
    summary = re.search(r'role="alert".*?</div>', page, re.DOTALL)
    assert summary
    assert {"ko": "처리하지 못했습니다", "en": "The request failed"}[language] in summary[0]
    form_at = page.index(f'action="{PREFIX}{PAGE}/{name}"')
    assert name == "comment" or page[:form_at].rindex("<details open>") == page[:form_at].rindex("<details")


def test_refused_return_keeps_the_typed_reason(places: LedgerPaths) -> None:
    propose_verdict(places)
    lee = signed_in(places, "lee")
    status, page = sent(lee, f"{PAGE}/return", draft_id="1", reason=TYPED)
    assert (status, value_in(page, "return-reason")) == (409, TYPED)


def test_refused_edit_names_every_wrong_field(choi: TestClient) -> None:
    wrong = {"statement_ko": "", "statement_en": "", "topics": "", "source_kind": "x", "reason": ""}
    _, page = send_form(choi, "edit", **wrong)
    assert all(f'href="#edit-{name}"' in page for name in ("statement_ko", "topics", "source_kind", "reason"))


def test_edit_removes_and_adds_a_speaker(places: LedgerPaths, choi: TestClient) -> None:
    fields = {"speaker_kind": "", "speaker_name_ko": "", "speaker_name_en": "", "reason": "기사의 서술이다."}
    assert send_form(choi, "edit", **fields, attribution_mode="narration", attribution_speaker_basis="")[0] == 200
    assert lookups.claim_at_desk(places, CARGO).claim.speaker is None
    given = {"speaker_name_ko": "서미래", "attribution_mode": "indirect_quote", "attribution_speaker_basis": "carried",
             "attribution_cue": "말했다", "reason": "더 읽었다."}  # fmt: skip
    status, page = send_form(choi, "edit", speaker_kind="", **given)
    assert (status, 'href="#edit-speaker_kind"' in page) == (409, True)
    assert send_form(choi, "edit", speaker_kind="person", **given)[0] == 200
    claim = lookups.claim_at_desk(places, CARGO).claim
    assert claim.speaker
    assert claim.to_json()["attribution"] == {"mode": "indirect_quote", "cue": "말했다", "speaker_basis": "carried"}


def test_comparators_are_offered_by_their_labels(places: LedgerPaths, choi: TestClient) -> None:
    set_language(places, "choi", "ko")
    page = page_text(choi)
    figure = re.search(r'<select id="edit-quantity_0_comparator".*?</select>', page, re.DOTALL)
    assert figure
    assert '<option value="about" selected>약</option>' in figure[0]
    assert '<option value="below">낮음</option>' in page


def test_judgement_fields_have_no_preselected_value(places: LedgerPaths, choi: TestClient) -> None:
    propose_verdict(places)
    desk.query(places, CARGO, "약 120만t", "약 112만t", newsroom.actor("kim"))
    page = page_text(choi)
    chosen = [value_in(page, f"propose-{question.value}_value") for question in Question]
    answers = re.findall(r'<select id="answer-\d+-answer".*?</select>', page, re.DOTALL)
    assert (chosen, value_in(page, "correct-correction"), value_in(page, "attach-stance")) == (["", ""], "", "")
    assert [" selected" in one for one in answers] == [False]
    assert all(" required" in one.split(">")[0] for one in answers)


def test_verdict_proposal_needs_an_answer(places: LedgerPaths, choi: TestClient) -> None:
    desk.assign(places, CARGO, Question.SO, "choi", newsroom.actor("lee"))
    for form, at in (({}, "so"), ({"said_rationale_ko": "그가 말했다."}, "said")):
        empty = {"so_value": "", "said_value": "", **form}
        status, page = send_form(choi, "propose", **empty)
        assert (status, f'href="#propose-{at}_value"' in page, "[no-answer-chosen]" in page) == (409, True, True)
    assert lookups.claim_at_desk(places, CARGO).draft is None


def test_unanswered_question_keeps_its_verdict(places: LedgerPaths, choi: TestClient) -> None:
    propose_verdict(places)
    desk.publish(places, newsroom.actor("lee"), [CARGO])
    desk.assign(places, CARGO, Question.SAID, "choi", newsroom.actor("lee"))
    answered = {"said_value": "not_checkable", "said_rationale_ko": "녹음이 없다.", "said_as_of": "2026-05-01"}
    assert send_form(choi, "propose", so_value="", so_rationale_ko="살펴보았다.", **answered)[0] == 200
    assert [one.question for one in lookups.claim_at_desk(places, CARGO).claim.verdicts] == ["said", "so"]


def test_unchanged_edit_reports_it_and_makes_no_draft(places: LedgerPaths, choi: TestClient) -> None:
    page = page_text(choi)
    names = re.findall(r'id="edit-(\w+)"', page)
    same = {name: value_in(page, f"edit-{name}") for name in names} | {"reason": "까닭"}
    status, answer = send_form(choi, "edit", **same)
    assert (status, "Nothing changed" in answer) == (200, True)
    assert lookups.open_drafts(places) == []


def test_edit_back_to_the_public_version_is_refused(places: LedgerPaths, choi: TestClient) -> None:
    before = value_in(page_text(choi), "edit-topics")
    assert send_form(choi, "edit", topics="ports", reason="더 낫다.")[0] == 200
    status, page = send_form(choi, "edit", topics=before, reason="아니다.")
    assert (status, "[as-public]" in page) == (409, True)


def test_edit_of_a_public_claim_needs_a_reason(choi: TestClient) -> None:
    status, page = send_form(choi, "edit", topics="ports", reason="")
    assert (status, 'href="#edit-reason"' in page) == (409, True)


@pytest.mark.parametrize(("language", "sentence"), [
    ("en", "The verdict was proposed. lee or park can approve it."),
    ("ko", "판정안을 제출했습니다. lee 또는 park 님이 승인할 수 있습니다."),
])  # fmt: skip
def test_confirmation_names_the_people_who_can_approve(
    language: str, sentence: str, places: LedgerPaths, choi: TestClient
) -> None:
    set_language(places, "choi", language)
    desk.assign(places, CARGO, Question.SO, "choi", newsroom.actor("lee"))
    form = {"so_value": "not_checkable", "so_rationale_ko": "아직 모른다.", "so_as_of": "2026-04-03"}
    _, page = send_form(choi, "propose", **form)
    assert sentence in page
    assert "lee" in send_form(signed_in(places, "park"), "assign", question="said", assignee="kim")[1]


def test_assignment_confirmation_names_the_assignee(choi: TestClient) -> None:
    _, page = send_form(choi, "assign", question="said", assignee="kim")
    assert "Assigned: Quote check → kim." in page


@pytest.mark.parametrize(("language", "sentence"), [("en", "Sent back by lee:"), ("ko", "lee 님이 반려했습니다:")])
def test_sent_back_draft_is_marked_on_the_page_and_in_the_queue(
    language: str, sentence: str, places: LedgerPaths
) -> None:
    propose_verdict(places)
    set_language(places, "kim", language)
    lee, kim = signed_in(places, "lee"), signed_in(places, "kim")
    reason = "근거가 얇다."
    assert (
        "Sent back to kim" in sent(lee, f"{PAGE}/return", draft_id=field(page_text(lee), "draft_id"), reason=reason)[1]
    )
    assert f"{sentence} {reason}" in page_text(kim)
    mark = {"en": "Sent back", "ko": "반려"}[language]
    assert f'<b class="warn">{mark}</b>' in page_text(kim, "?view=mine")
    written = {"so_value": "not_checkable", "so_rationale_ko": "더 찾았다.", "so_as_of": "2026-05-01"}
    assert send_form(kim, "propose", **written)[0] == 200
    assert sentence not in page_text(kim)
    assert f'<b class="warn">{mark}</b>' not in page_text(kim, "?view=mine")


def test_evidence_shows_the_details_of_its_document(places: LedgerPaths, choi: TestClient) -> None:
    newsroom.attach(places, CARGO, clock())
    (draft,) = [one for one in lookups.open_drafts(places) if one.subject == "document"]
    evidence = re.search(r'<article class="evidence">.*?</article>', page_text(choi), re.DOTALL)
    assert evidence
    for words in (
        "Annual report", "하늘항만공사", "2031-03", "Web page",
        "Primary source", "2026-04-02 09:00 UTC", "No copy", "not public yet",
        f'<a href="https://example.org/{draft.key}" rel="noreferrer">',
    ):  # fmt: skip
        assert words in evidence[0]


def test_approver_sees_the_public_note_of_a_correction(places: LedgerPaths) -> None:
    propose_verdict(places)
    desk.publish(places, newsroom.actor("lee"), [CARGO])
    found = lookups.claim_at_desk(places, CARGO)
    note = Correction(kind=CorrectionKind.CLARIFICATION, public_note={"ko": "풀어 쓴 말을 고쳤다."})
    edit = Edit("kim", "풀어 쓴다.", RevisionKind.CORRECTION, note, (Role.CHECKER,))
    desk.edit(places, CARGO, found.claim.to_json() | {"topics": ["ports"]}, SeenVersion(found.head_sha256, None), edit)
    waits = re.search(r'<section aria-labelledby="waits">.*?</section>', page_text(signed_in(places, "lee")), re.DOTALL)
    assert waits
    assert "Clarification" in waits[0]
    assert "풀어 쓴 말을 고쳤다." in waits[0]


@pytest.mark.parametrize(("value", "stances", "is_refused"), [
    ("supported", ("refutes",), True), ("supported", ("refutes", "context"), True), ("refuted", ("supports",), True),
    ("supported", ("supports",), False), ("refuted", ("refutes",), False),
    ("supported", ("supports", "refutes"), False), ("not_enough_evidence", ("context",), False),
])  # fmt: skip
def test_verdict_without_matching_evidence_is_refused(
    value: str, stances: tuple[str, ...], is_refused: bool, places: LedgerPaths  # noqa: FBT001
) -> None:  # fmt: skip
    ticking = clock()
    for stance in stances:
        newsroom.attach(places, CARGO, ticking, stance, author="kim")
    if is_refused:
        with pytest.raises(ProblemsFound, match="evidence-needed"):
            propose_verdict(places, value)
        return
    propose_verdict(places, value)
    lee = signed_in(places, "lee")
    assert sent(lee, f"{PAGE}/approve", draft_id=field(page_text(lee), "draft_id"))[0] == 200


@pytest.mark.parametrize("language", ["ko", "en"])
def test_changes_are_shown_with_labels_not_field_names(language: str, places: LedgerPaths, choi: TestClient) -> None:
    set_language(places, "choi", language)
    publish_verdict(places, "supported", "supports")
    send_form(choi, "edit", source_kind="report", source_name_ko="항만 연보", topics="ports", reason="더 낫다.")
    page = page_text(choi)
    raw = ("verdicts.", "statement.", "source.kind", "about_on<", ">announcement<")
    assert [one for one in raw if one in re.sub(r"<(select|input|textarea).*?>", "", page)] == []
    words = {
        "ko": ("사실 확인 · 판정", "사실로 확인", "주장 (한국어)", "근거 (항만공사 연보) · 주장과의 관계"),
        "en": (
            "Fact check · Verdict",
            "Confirmed",
            "Claim (한국어)",
            "Evidence (Annual report) · Relation to the claim",
        ),
    }
    assert [one for one in words[language] if one not in page] == []


def test_required_fields_are_marked(choi: TestClient) -> None:
    page = page_text(choi)
    for name in ("query-as_printed", "comment-text", "attach-stance", "correct-correction", "edit-reason"):
        label = re.search(rf'<label class="field">(?:(?!</label>).)*\*</span><\w+ id="{name}"[^>]*', page)
        assert label, name
        assert " required" in label[0]


@pytest.mark.parametrize(("path", "language", "heading"), [
    ("/no-such-page", "ko", "페이지를 찾을 수 없습니다"), ("/claims/no-such-claim-a2b3", "en", "Page not found"),
    ("/claims/no-such-claim-a2b3", "ko", "페이지를 찾을 수 없습니다"), ("/no-such-page", "en", "Page not found"),
])  # fmt: skip
def test_missing_page_answers_in_the_users_language(
    path: str, language: str, heading: str, places: LedgerPaths, choi: TestClient
) -> None:
    set_language(places, "choi", language)
    answer = choi.get(f"{PREFIX}{path}")
    assert (answer.status_code, f"<h1>{heading}</h1>" in answer.text) == (404, True)
    assert f'<html lang="{language}">' in answer.text


def test_missing_page_reveals_no_claim_to_visitors(places: LedgerPaths) -> None:
    answer = visitor(places).get(f"{PREFIX}/no-such-page", headers={"accept-language": "ko"})
    assert (answer.status_code, "<h1>페이지를 찾을 수 없습니다</h1>" in answer.text, CARGO in answer.text) == (
        404,
        True,
        False,
    )


def test_speaker_fields_without_the_speaker_box_are_refused(places: LedgerPaths, choi: TestClient) -> None:
    newsroom.add(places, newsroom.TEXT, clock())
    place, span = f"/articles/{newsroom.ARTICLE_ID}/accept", newsroom.span(newsroom.STAFF)
    typed = {"statement_ko": "공사 직원은 40명이다.", "topics": "staff", "source_kind": "own_reporting",
             "source_name_ko": "취재", "speaker_kind": "person", "speaker_name_ko": "서미래", "start": span.start,
             "end": span.end, "seen": f"{span.start}-{span.end}"}  # fmt: skip
    status, page = sent(choi, place, **typed)
    assert (status, 'id="problem-speaker"' in page, 'value="서미래"' in page) == (409, True, True)
    assert sent(choi, place, **typed, has_speaker="yes")[0] == 200
    claim = next(draft.record for draft in lookups.open_drafts(places) if isinstance(draft.record, Claim))
    assert claim.to_json()["speaker"] == {"kind": "person", "name": {"ko": "서미래"}}
