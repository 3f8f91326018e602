"""The claim's page: what was typed stays, each problem stands at its field, and what is shown is said in words."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import newsroom
import pytest
from desk_visits import TestClient, field, made, sent, signed_in, visitor
from newsroom import CARGO, Clock

from claimledger import desk
from claimledger.desk import lookups
from claimledger.desk import step_setup
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


def speak(places: LedgerPaths, name: str, language: str) -> None:
    with step_setup.open_store(places) as store, store.writing() as connection:
        people.change_person(connection, name, author="admin-console", now=step_setup.utc_now(), language=language)


def shown(client: TestClient, path: str = PAGE) -> str:
    return str(client.get(f"{PREFIX}{path}").text)


def act(client: TestClient, name: str, **fields: object) -> tuple[int, str]:
    """Send a form of the claim's page on the version that the page shows."""
    return sent(client, f"{PAGE}/{name}", **{"seen": field(shown(client), "seen"), **fields})


def value_in(page: str, field_id: str) -> str:
    """Return what stands in a field of the page."""
    area = re.search(rf'<textarea id="{field_id}"[^>]*>([^<]*)</textarea>', page)
    line = re.search(rf'<input id="{field_id}"[^>]*? value="([^"]*)"', page)
    choice = re.search(rf'<select id="{field_id}".*?</select>', page, re.DOTALL)
    chosen = re.search(r'value="([^"]*)" selected', choice[0]) if choice else None
    found = area or line or chosen
    return unescape(found[1]) if found else ""


def verdict(places: LedgerPaths, value: str = "not_enough_evidence", author: str = "kim") -> None:
    """Propose a verdict on the claim."""
    desk.assign(places, CARGO, Question.SO, author, newsroom.actor(author))
    found = lookups.claim_at_desk(places, CARGO)
    proposed = {"question": "so", "value": value, "rationale": {"ko": "살펴보았다."}, "as_of": "2026-04-03"}
    edit = Edit(author, "판정한다.", RevisionKind.VERDICT, None, (Role.CHECKER,))
    seen = SeenVersion(found.head_sha256, found.draft.draft_id if found.draft else None)
    desk.edit(places, CARGO, found.claim.to_json() | {"verdicts": [proposed]}, seen, edit)


def published(places: LedgerPaths, value: str, stance: str) -> None:
    """Publish a verdict that rests on one document."""
    newsroom.attach(places, CARGO, clock(), stance, author="kim")
    verdict(places, value)
    desk.publish(places, newsroom.actor("lee"))


REFUSED = {
    "propose": ({"so_value": "not_checkable", "so_rationale_ko": TYPED, "so_as_of": "2026-02-31"}, "so_as_of"),
    "edit": ({"statement_ko": TYPED, "topics": "대문자", "reason": "까닭"}, "topics"),
    "correct": ({"correction": "clarification", "public_note_ko": "", "statement_ko": TYPED, "reason": "까닭"},
                "correction"),
    "attach": ({"title_ko": TYPED, "stance": "refutes", "tier": "", "medium": "call", "summary_ko": "요약"}, "tier"),
    "query": ({"as_printed": TYPED, "should_read": ""}, "should_read"),
    "assign": ({"question": "said", "assignee": "kim", "due_on": "2021-04-09"}, "due_on"),
    "comment": ({"text": ""}, "text"),
}  # fmt: skip
"""Forms with one thing wrong, and the field it stands at."""


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_form_keeps_what_was_typed_and_names_its_field(
    name: str, language: str, places: LedgerPaths, choi: TestClient
) -> None:
    speak(places, "choi", language)
    if name == "propose":
        desk.assign(places, CARGO, Question.SO, "choi", newsroom.actor("lee"))
    form, wrong = REFUSED[name]
    status, page = act(choi, name, **form)
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


def test_a_returned_draft_keeps_the_reason_of_a_refused_return(places: LedgerPaths) -> None:
    verdict(places)
    lee = signed_in(places, "lee")
    status, page = sent(lee, f"{PAGE}/return", draft_id="1", reason=TYPED)
    assert (status, value_in(page, "return-reason")) == (409, TYPED)


def test_all_that_is_wrong_is_said_at_once(choi: TestClient) -> None:
    wrong = {"statement_ko": "", "statement_en": "", "topics": "", "source_kind": "x", "reason": ""}
    _, page = act(choi, "edit", **wrong)
    assert all(f'href="#edit-{name}"' in page for name in ("statement_ko", "topics", "source_kind", "reason"))


def test_a_claim_without_a_speaker_gets_one(places: LedgerPaths, choi: TestClient) -> None:
    fields = {"speaker_kind": "", "speaker_name_ko": "", "speaker_name_en": "", "reason": "기사의 서술이다."}
    assert act(choi, "edit", **fields, attribution_mode="narration", attribution_speaker_basis="")[0] == 200
    assert lookups.claim_at_desk(places, CARGO).claim.speaker is None
    given = {"speaker_name_ko": "서미래", "attribution_mode": "indirect_quote", "attribution_speaker_basis": "carried",
             "attribution_cue": "말했다", "reason": "더 읽었다."}  # fmt: skip
    status, page = act(choi, "edit", speaker_kind="", **given)
    assert (status, 'href="#edit-speaker_kind"' in page) == (409, True)
    assert act(choi, "edit", speaker_kind="person", **given)[0] == 200
    claim = lookups.claim_at_desk(places, CARGO).claim
    assert claim.speaker
    assert claim.to_json()["attribution"] == {"mode": "indirect_quote", "cue": "말했다", "speaker_basis": "carried"}


def test_the_words_of_a_figure_are_chosen_by_their_labels(places: LedgerPaths, choi: TestClient) -> None:
    speak(places, "choi", "ko")
    page = shown(choi)
    figure = re.search(r'<select id="edit-quantity_0_comparator".*?</select>', page, re.DOTALL)
    assert figure
    assert '<option value="about" selected>약</option>' in figure[0]
    assert '<option value="below">낮음</option>' in page


def test_nothing_is_chosen_for_who_judges(places: LedgerPaths, choi: TestClient) -> None:
    verdict(places)
    desk.query(places, CARGO, "약 120만t", "약 112만t", newsroom.actor("kim"))
    page = shown(choi)
    chosen = [value_in(page, f"propose-{question.value}_value") for question in Question]
    answers = re.findall(r'<select id="answer-\d+-answer".*?</select>', page, re.DOTALL)
    assert (chosen, value_in(page, "correct-correction"), value_in(page, "attach-stance")) == (["", ""], "", "")
    assert [" selected" in one for one in answers] == [False]
    assert all(" required" in one.split(">")[0] for one in answers)


def test_a_verdict_takes_an_answer(places: LedgerPaths, choi: TestClient) -> None:
    desk.assign(places, CARGO, Question.SO, "choi", newsroom.actor("lee"))
    for form, at in (({}, "so"), ({"said_rationale_ko": "그가 말했다."}, "said")):
        empty = {"so_value": "", "said_value": "", **form}
        status, page = act(choi, "propose", **empty)
        assert (status, f'href="#propose-{at}_value"' in page, "[no-answer-chosen]" in page) == (409, True, True)
    assert lookups.claim_at_desk(places, CARGO).draft is None


def test_a_question_that_is_not_answered_keeps_its_verdict(places: LedgerPaths, choi: TestClient) -> None:
    verdict(places)
    desk.publish(places, newsroom.actor("lee"), [CARGO])
    desk.assign(places, CARGO, Question.SAID, "choi", newsroom.actor("lee"))
    answered = {"said_value": "not_checkable", "said_rationale_ko": "녹음이 없다.", "said_as_of": "2026-05-01"}
    assert act(choi, "propose", so_value="", so_rationale_ko="살펴보았다.", **answered)[0] == 200
    assert [one.question for one in lookups.claim_at_desk(places, CARGO).claim.verdicts] == ["said", "so"]


def test_an_edit_that_changes_nothing_says_so_and_makes_no_draft(places: LedgerPaths, choi: TestClient) -> None:
    page = shown(choi)
    names = re.findall(r'id="edit-(\w+)"', page)
    same = {name: value_in(page, f"edit-{name}") for name in names} | {"reason": "까닭"}
    status, answer = act(choi, "edit", **same)
    assert (status, "Nothing changed" in answer) == (200, True)
    assert lookups.open_drafts(places) == []


def test_an_edit_back_to_what_is_public_is_a_discard(places: LedgerPaths, choi: TestClient) -> None:
    before = value_in(shown(choi), "edit-topics")
    assert act(choi, "edit", topics="ports", reason="더 낫다.")[0] == 200
    status, page = act(choi, "edit", topics=before, reason="아니다.")
    assert (status, "[as-public]" in page) == (409, True)


def test_a_public_claim_is_edited_with_a_reason(choi: TestClient) -> None:
    status, page = act(choi, "edit", topics="ports", reason="")
    assert (status, 'href="#edit-reason"' in page) == (409, True)


@pytest.mark.parametrize(("language", "said"), [
    ("en", "The verdict was proposed. lee or park can approve it."),
    ("ko", "판정안을 제출했습니다. lee 또는 park 님이 승인할 수 있습니다."),
])  # fmt: skip
def test_what_was_done_is_said_by_name(language: str, said: str, places: LedgerPaths, choi: TestClient) -> None:
    speak(places, "choi", language)
    desk.assign(places, CARGO, Question.SO, "choi", newsroom.actor("lee"))
    form = {"so_value": "not_checkable", "so_rationale_ko": "아직 모른다.", "so_as_of": "2026-04-03"}
    _, page = act(choi, "propose", **form)
    assert said in page
    assert "lee" in act(signed_in(places, "park"), "assign", question="said", assignee="kim")[1]


def test_who_is_assigned_is_said(choi: TestClient) -> None:
    _, page = act(choi, "assign", question="said", assignee="kim")
    assert "Assigned: Quote check → kim." in page


@pytest.mark.parametrize(("language", "said"), [("en", "Sent back by lee:"), ("ko", "lee 님이 반려했습니다:")])
def test_a_return_is_told_on_the_page_and_in_the_queue(language: str, said: str, places: LedgerPaths) -> None:
    verdict(places)
    speak(places, "kim", language)
    lee, kim = signed_in(places, "lee"), signed_in(places, "kim")
    reason = "근거가 얇다."
    assert "Sent back to kim" in sent(lee, f"{PAGE}/return", draft_id=field(shown(lee), "draft_id"), reason=reason)[1]
    assert f"{said} {reason}" in shown(kim)
    mark = {"en": "Sent back", "ko": "반려"}[language]
    assert f'<b class="warn">{mark}</b>' in shown(kim, "?view=mine")
    written = {"so_value": "not_checkable", "so_rationale_ko": "더 찾았다.", "so_as_of": "2026-05-01"}
    assert act(kim, "propose", **written)[0] == 200
    assert said not in shown(kim)
    assert f'<b class="warn">{mark}</b>' not in shown(kim, "?view=mine")


def test_evidence_is_shown_with_its_document(places: LedgerPaths, choi: TestClient) -> None:
    newsroom.attach(places, CARGO, clock())
    (draft,) = [one for one in lookups.open_drafts(places) if one.subject == "document"]
    evidence = re.search(r'<article class="evidence">.*?</article>', shown(choi), re.DOTALL)
    assert evidence
    for words in (
        "Annual report", "하늘항만공사", "2031-03", "Web page",
        "Primary source", "2026-04-02 09:00 UTC", "No copy", "not public yet",
        f'<a href="https://example.org/{draft.key}" rel="noreferrer">',
    ):  # fmt: skip
        assert words in evidence[0]


def test_evidence_that_is_not_public_is_taken_back_whole(places: LedgerPaths, choi: TestClient) -> None:
    newsroom.attach(places, CARGO, clock())
    status, page = act(choi, "take-back", evidence="1", reason="다른 항만이다.")
    assert (status, "The evidence was removed." in page) == (200, True)
    assert lookups.open_drafts(places) == []  # neither the claim nor the document waits any more


def test_a_draft_that_would_be_closed_is_closed_by_who_may_discard_it(places: LedgerPaths) -> None:
    newsroom.attach(places, CARGO, clock(), author="kim")
    claim = lookups.claim_at_desk(places, CARGO)
    seen = SeenVersion(claim.head_sha256, claim.draft.draft_id if claim.draft else None)
    other = Edit("other", "다른 항만이다.", roles=(Role.CHECKER,))
    with pytest.raises(ProblemsFound) as refused:
        desk.remove_evidence(places, CARGO, 1, seen, other)
    assert [problem.code for problem in refused.value.problems] == ["not-yours-to-discard"]
    assert lookups.claim_at_desk(places, CARGO).draft == claim.draft


def test_of_two_pieces_of_evidence_the_other_stays(places: LedgerPaths, choi: TestClient) -> None:
    ticking = clock()
    newsroom.attach(places, CARGO, ticking, "supports")
    newsroom.attach(places, CARGO, ticking, "refutes")
    assert act(choi, "take-back", evidence="1", reason="다른 항만이다.")[0] == 200
    claim = lookups.claim_at_desk(places, CARGO).claim
    assert [one.stance for one in claim.evidence] == ["refutes"]
    waiting = {draft.key for draft in lookups.open_drafts(places)}
    assert waiting == {CARGO, claim.evidence[0].document_id}


def test_evidence_is_taken_back_from_the_version_that_was_seen(places: LedgerPaths, choi: TestClient) -> None:
    newsroom.attach(places, CARGO, clock())
    old = field(shown(choi), "seen")
    newsroom.attach(places, CARGO, clock(), "refutes")
    status, page = act(choi, "take-back", evidence="1", reason="다른 항만이다.", seen=old)
    assert (status, "[draft-changed-meanwhile]" in page) == (409, True)
    assert len(lookups.claim_at_desk(places, CARGO).claim.evidence) == 2


def test_what_a_published_verdict_rests_on_goes_by_a_correction(places: LedgerPaths, choi: TestClient) -> None:
    ticking = clock()
    newsroom.attach(places, CARGO, ticking, "supports", author="kim")
    published(places, "supported", "supports")
    first = lookups.claim_at_desk(places, CARGO).claim.evidence[0]
    status, page = act(choi, "take-back", evidence="1", reason="다른 항만이다.")
    assert (status, "[evidence-gone-without-correction]" in page) == (409, True)
    form = {"correction": "verdict_unchanged", "public_note_ko": "한 자료를 거둔다.", "reason": "다른 항만이다.",
            "take_back_1": f"{first.document_id} {first.stance.value}"}  # fmt: skip
    assert act(choi, "correct", **form)[0] == 200
    found = lookups.claim_at_desk(places, CARGO)
    assert (len(found.claim.evidence), found.draft and found.draft.kind) == (1, RevisionKind.CORRECTION)


def test_the_last_evidence_of_a_verdict_is_not_taken_back(places: LedgerPaths, choi: TestClient) -> None:
    newsroom.attach(places, CARGO, clock(), author="kim")
    verdict(places, "supported")
    status, page = act(choi, "take-back", evidence="1", reason="다른 항만이다.")
    assert (status, "[evidence-needed]" in page) == (409, True)


def test_who_approves_a_correction_sees_what_readers_will_be_told(places: LedgerPaths) -> None:
    verdict(places)
    desk.publish(places, newsroom.actor("lee"), [CARGO])
    found = lookups.claim_at_desk(places, CARGO)
    note = Correction(kind=CorrectionKind.CLARIFICATION, public_note={"ko": "풀어 쓴 말을 고쳤다."})
    edit = Edit("kim", "풀어 쓴다.", RevisionKind.CORRECTION, note, (Role.CHECKER,))
    desk.edit(places, CARGO, found.claim.to_json() | {"topics": ["ports"]}, SeenVersion(found.head_sha256, None), edit)
    waits = re.search(r'<section aria-labelledby="waits">.*?</section>', shown(signed_in(places, "lee")), re.DOTALL)
    assert waits
    assert "Clarification" in waits[0]
    assert "풀어 쓴 말을 고쳤다." in waits[0]


@pytest.mark.parametrize(("value", "stances", "is_refused"), [
    ("supported", ("refutes",), True), ("supported", ("refutes", "context"), True), ("refuted", ("supports",), True),
    ("supported", ("supports",), False), ("refuted", ("refutes",), False),
    ("supported", ("supports", "refutes"), False), ("not_enough_evidence", ("context",), False),
])  # fmt: skip
def test_a_verdict_that_no_evidence_bears_out_is_refused(
    value: str, stances: tuple[str, ...], is_refused: bool, places: LedgerPaths  # noqa: FBT001
) -> None:  # fmt: skip
    ticking = clock()
    for stance in stances:
        newsroom.attach(places, CARGO, ticking, stance, author="kim")
    if is_refused:
        with pytest.raises(ProblemsFound, match="evidence-needed"):
            verdict(places, value)
        return
    verdict(places, value)
    lee = signed_in(places, "lee")
    assert sent(lee, f"{PAGE}/approve", draft_id=field(shown(lee), "draft_id"))[0] == 200


@pytest.mark.parametrize("language", ["ko", "en"])
def test_changes_are_told_in_words(language: str, places: LedgerPaths, choi: TestClient) -> None:
    speak(places, "choi", language)
    published(places, "supported", "supports")
    act(choi, "edit", source_kind="report", source_name_ko="항만 연보", topics="ports", reason="더 낫다.")
    page = shown(choi)
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


def test_what_must_be_filled_in_is_marked(choi: TestClient) -> None:
    page = shown(choi)
    for name in ("query-as_printed", "comment-text", "attach-stance", "correct-correction", "edit-reason"):
        label = re.search(rf'<label class="field">(?:(?!</label>).)*\*</span><\w+ id="{name}"[^>]*', page)
        assert label, name
        assert " required" in label[0]


@pytest.mark.parametrize(("path", "language", "heading"), [
    ("/no-such-page", "ko", "페이지를 찾을 수 없습니다"), ("/claims/no-such-claim-a2b3", "en", "Page not found"),
    ("/claims/no-such-claim-a2b3", "ko", "페이지를 찾을 수 없습니다"), ("/no-such-page", "en", "Page not found"),
])  # fmt: skip
def test_what_is_not_there_has_a_page(
    path: str, language: str, heading: str, places: LedgerPaths, choi: TestClient
) -> None:
    speak(places, "choi", language)
    answer = choi.get(f"{PREFIX}{path}")
    assert (answer.status_code, f"<h1>{heading}</h1>" in answer.text) == (404, True)
    assert f'<html lang="{language}">' in answer.text


def test_nobody_learns_nothing_from_a_page_that_is_not_there(places: LedgerPaths) -> None:
    answer = visitor(places).get(f"{PREFIX}/no-such-page", headers={"accept-language": "ko"})
    assert (answer.status_code, "<h1>페이지를 찾을 수 없습니다</h1>" in answer.text, CARGO in answer.text) == (
        404,
        True,
        False,
    )


def test_a_speaker_whose_box_is_not_ticked_is_asked_about(places: LedgerPaths, choi: TestClient) -> None:
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
