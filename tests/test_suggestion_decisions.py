"""Decisions on suggestions of a language model, and their marks in the public record."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import newsroom
import pytest
from model_answers import RecordedSuggester, claims_answer, only_suggester
from newsroom import ARTICLE_ID, CARGO, TEXT, Clock, actor, edit_by
from suggestion_newsroom import (
    CLAIMS, HONEST, NONE, STAFF_STATEMENT, accept_input, ask, attach_report, clock, editorial_state, on_cargo, places,
)  # fmt: skip

from claimledger import desk
from claimledger.checks import desk_store_check
from claimledger.desk import lookups
from claimledger.desk.check_steps import SeenVersion
from claimledger.desk.model_plan import ModelTask, plan_requests
from claimledger.desk_vocabulary import SuggestionChoice, SuggestionState, SuggestionTask
from claimledger.errors import NotFound, ProblemsFound
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Claim, Span
from claimledger.vocabulary import Question, RevisionKind
from claimledger.workflow import StaffMember

__all__ = ["clock", "places"]  # the fixtures


# Deciding


def test_accepted_statement_is_marked_in_the_record(places: LedgerPaths, clock: Clock) -> None:
    ask(places, clock, RecordedSuggester(NONE, HONEST))
    (one,) = lookups.article_suggestions(places, ARTICLE_ID).open
    assert one.passage is not None
    given = accept_input({"ko": STAFF_STATEMENT})
    _, drafts = desk.accept(
        places, ARTICLE_ID, one.passage, given, edit_by("kim", "골랐다."), clock,
        suggestion_id=one.stored.suggestion_id,
    )  # fmt: skip
    (claim,) = (draft.record for draft in drafts if isinstance(draft.record, Claim))
    assert [mark.to_json() for mark in claim.machine_wording] == [{"language": "ko", "model": "small-model"}]
    (used,) = lookups.article_suggestions(places, ARTICLE_ID).found
    assert (used.stored.choice, used.claim_ids, used.is_open) == (SuggestionChoice.ACCEPTED, (given.claim_id,), False)


def test_changed_statement_is_marked_as_edited(places: LedgerPaths, clock: Clock) -> None:
    ask(places, clock, RecordedSuggester(NONE, HONEST))
    (one,) = lookups.article_suggestions(places, ARTICLE_ID).open
    assert one.passage is not None
    given = accept_input({"ko": "항만 직원은 40명이다.", "en": "The port has 40 staff."})
    _, drafts = desk.accept(
        places, ARTICLE_ID, one.passage, given, edit_by("kim", "고쳐 골랐다."), clock,
        suggestion_id=one.stored.suggestion_id,
    )  # fmt: skip
    (claim,) = (draft.record for draft in drafts if isinstance(draft.record, Claim))
    assert [(mark.language, mark.is_edited) for mark in claim.machine_wording] == [("ko", True)]
    assert lookups.article_suggestions(places, ARTICLE_ID).found[0].stored.choice is SuggestionChoice.EDITED


def test_refused_or_unknown_suggestion_cannot_be_accepted(places: LedgerPaths, clock: Clock) -> None:
    invented = claims_answer({"sentences": [2], "statement": STAFF_STATEMENT, "speaker": "김없음"})
    ask(places, clock, RecordedSuggester(NONE, invented))
    (one,) = lookups.article_suggestions(places, ARTICLE_ID).refused
    before = editorial_state(places)
    for number, error in ((one.stored.suggestion_id, ProblemsFound), (99, NotFound)):
        with pytest.raises(error):
            desk.accept(
                places, ARTICLE_ID, one.passage or Span(start=0, end=5), accept_input({"ko": "x"}),
                edit_by("kim", "골랐다."), clock, suggestion_id=number,
            )  # fmt: skip
    assert editorial_state(places) == before


def test_dismissed_suggestion_is_no_longer_open(places: LedgerPaths, clock: Clock) -> None:
    ask(places, clock, RecordedSuggester(NONE, HONEST))
    (one,) = lookups.article_suggestions(places, ARTICLE_ID).open
    desk.dismiss_suggestion(places, one.stored.suggestion_id, actor("kim"), clock)
    assert lookups.article_suggestions(places, ARTICLE_ID).open == ()
    with pytest.raises(NotFound):
        desk.dismiss_suggestion(places, 99, actor("kim"), clock)


def test_translation_fills_the_missing_language(places: LedgerPaths, clock: Clock) -> None:
    given = accept_input({"ko": STAFF_STATEMENT})
    at = TEXT.index(newsroom.STAFF)
    span = Span(start=at, end=at + len(newsroom.STAFF))
    desk.accept(places, ARTICLE_ID, span, given, edit_by("kim", "골랐다."), clock)
    wanted = ModelTask(SuggestionTask.TRANSLATION, ARTICLE_ID, claim_id=given.claim_id)
    suggester = RecordedSuggester('{"statement": "It has 40 staff."}')
    ask(places, clock, suggester, wanted)
    assert json.loads(suggester.requests[0].user)["statement"] == STAFF_STATEMENT
    assert "sentences" not in suggester.requests[0].user
    (one,) = lookups.claim_suggestions(places, given.claim_id)
    made = edit_by("kim", "옮겼다.")
    changed = "The port has 40 staff."
    desk.accept_translation(places, given.claim_id, one.stored.suggestion_id, made, statement=changed, clock=clock)
    claim = lookups.claim_at_desk(places, given.claim_id).claim
    assert claim.statement["en"] == "The port has 40 staff."
    assert [(mark.language, mark.is_edited) for mark in claim.machine_wording] == [("en", True)]
    assert lookups.claim_suggestions(places, given.claim_id) == ()


def test_second_reading_marks_the_suggestion(places: LedgerPaths, clock: Clock) -> None:
    ask(places, clock, RecordedSuggester(NONE, HONEST))
    second = RecordedSuggester('{"changed": "polarity", "why": "x"}')
    ask(places, clock, second, ModelTask(SuggestionTask.SECOND_READING, ARTICLE_ID))
    assert json.loads(second.requests[0].user) == {"passage": STAFF_STATEMENT, "statement": STAFF_STATEMENT}
    (one,) = lookups.article_suggestions(places, ARTICLE_ID).found
    assert [reason.code for reason in one.reasons] == ["suggestion-second-reading"]
    assert one.passage is not None
    again = ModelTask(SuggestionTask.STATEMENTS, ARTICLE_ID, one.passage)
    ask(places, clock, RecordedSuggester(HONEST), again)  # the same suggestion from another task has the mark, too
    found = lookups.article_suggestions(places, ARTICLE_ID).found
    assert [reason.code for same in found for reason in same.reasons] == ["suggestion-second-reading"]


def test_deleted_answers_leave_no_word(places: LedgerPaths, clock: Clock) -> None:
    ask(places, clock, RecordedSuggester(NONE, claims_answer(([2], "직원은 사십 명이다."))))
    assert desk.delete_answers(places, ARTICLE_ID, edit_by("lee", "권리자가 요청했다."), clock) == 2
    about = lookups.article_suggestions(places, ARTICLE_ID)
    assert (about.found, about.used.calls) == ((), 2)
    files = [path for path in places.root.glob("desk.db*") if path.is_file()]
    assert not [path for path in files if "사십".encode() in path.read_bytes()]
    assert desk_store_check.check_store(places).problems == ()


def test_altered_answer_is_found(places: LedgerPaths, clock: Clock) -> None:
    ask(places, clock, RecordedSuggester(NONE, HONEST))
    with closing(sqlite3.connect(places.desk)) as connection:
        connection.execute("DROP TRIGGER answer_text_hash_changed")
        connection.execute("UPDATE answer_text SET text = replace(text, '40', '50')")
        connection.commit()
    assert any(one.code == "altered-row" for one in desk_store_check.check_store(places).problems)


def test_only_checkers_ask(places: LedgerPaths, clock: Clock) -> None:
    nobody, suggester = StaffMember("nobody", ()), RecordedSuggester(HONEST)
    with pytest.raises(ProblemsFound, match="Ask a language model: this needs the role"):
        desk.ask_model(places, CLAIMS, nobody, suggesters=only_suggester(suggester), clock=clock)
    assert suggester.requests == []


def test_public_record_marks_the_wording_and_has_no_answer(places: LedgerPaths, clock: Clock) -> None:
    refused = "직원은 사십여 명에 이르는 것으로 보인다고 모델이 지어냈다"
    answer = claims_answer(([2], STAFF_STATEMENT), {"sentences": [2], "statement": refused, "speaker": "김없음"})
    ask(places, clock, RecordedSuggester(NONE, answer))
    one = lookups.article_suggestions(places, ARTICLE_ID).open[0]
    assert one.passage is not None
    given = accept_input({"ko": STAFF_STATEMENT})
    number = one.stored.suggestion_id
    desk.accept(places, ARTICLE_ID, one.passage, given, edit_by("kim", "골랐다."), clock, suggestion_id=number)
    desk.publish(places, actor("lee"), [given.claim_id], clock=clock)
    with closing(sqlite3.connect(places.ledger)) as connection:
        row = connection.execute("SELECT machine_wording FROM claims WHERE claim_id = ?", (given.claim_id,)).fetchone()
    assert row == ("statement.ko: small-model",)
    (file,) = places.claims.rglob(f"{given.claim_id}.yaml")
    assert "machine_wording:" in file.read_text(encoding="utf-8")
    public = [places.ledger.read_bytes(), *(path.read_bytes() for path in places.claims.rglob("*") if path.is_file())]
    for private in (refused, answer, "You help a fact-checker", "small-model-2031"):
        assert not [content for content in public if private.encode() in content]
    assert [problem for check in desk.check(places) for problem in check.problems] == []


# Documents and reasons


def test_passage_of_a_cited_document_is_found_in_its_text(places: LedgerPaths, clock: Clock) -> None:
    name = attach_report(places, clock)
    task = on_cargo(SuggestionTask.PASSAGES)
    answer = '{"passages": [{"sentences": [%d], "why": "같은 수치"}]}'
    *others, last = plan_requests(places, task).waiting
    numbered = last.text.words_by_number()
    number = next(int(one) for one, words in numbered.items() if "120만t" in words)
    other = next(int(one) for one, words in numbered.items() if "120만t" not in words)
    empty = ['{"passages": []}'] * len(others)
    ask(places, clock, RecordedSuggester(*empty, answer % number), task)
    (one,) = lookups.claim_suggestions(places, CARGO)
    assert (one.passage_words, one.suggestion.document_id, one.reasons) == ("화물은 120만t이었다.", name, ())
    desk.delete_answers(places, ARTICLE_ID, edit_by("lee", "다시 묻는다."), clock)
    ask(places, clock, RecordedSuggester(*empty, answer % other), task)
    (one,) = lookups.claim_suggestions(places, CARGO)
    assert [reason.code for reason in one.reasons] == ["suggestion-without-figure"]


def test_drafted_reason_is_marked_where_a_person_uses_it(places: LedgerPaths, clock: Clock) -> None:
    attach_report(places, clock)
    task = on_cargo(SuggestionTask.RATIONALE)
    reason = "연보에 따르면 화물은 120만t이었다."
    draft = {"sentences": [{"text": reason, "excerpts": [1]}]}
    invented = json.dumps(draft, ensure_ascii=False).replace("120", "150")
    ask(places, clock, RecordedSuggester(invented), task)
    assert [one.state for one in lookups.claim_suggestions(places, CARGO)] == [SuggestionState.REFUSED]
    desk.delete_answers(places, ARTICLE_ID, edit_by("lee", "다시 묻는다."), clock)
    suggester = RecordedSuggester(json.dumps(draft, ensure_ascii=False))
    ask(places, clock, suggester, task)
    assert json.loads(suggester.requests[0].user)["excerpts"] == {"1": "화물은 120만t이었다."}
    (one,) = lookups.claim_suggestions(places, CARGO)
    assert one.suggestion.wording == reason
    newsroom.hire(places, "kim")
    desk.assign(places, CARGO, Question.SO, "kim", actor("lee"), clock=clock)
    own_words = "우리가 항만에 물어 확인했다. 수치가 같다."
    for written, marks in ((reason, [("ko", False)]), (f"공사의 {reason}", [("ko", True)]), (own_words, [])):
        found = lookups.claim_at_desk(places, CARGO)
        verdict = {"question": "so", "value": "supported", "rationale": {"ko": written}, "as_of": "2031-04"}
        seen = SeenVersion(found.head_sha256, found.draft.draft_id if found.draft else None)
        fields = {**found.claim.to_json(), "verdicts": [verdict]}
        desk.edit(places, CARGO, fields, seen, edit_by("kim", "판정한다.", RevisionKind.VERDICT), clock)
        (made,) = lookups.claim_at_desk(places, CARGO).claim.verdicts
        assert [(mark.language, mark.is_edited) for mark in made.machine_wording] == marks


def test_reason_that_is_older_than_a_draft_is_not_marked(places: LedgerPaths, clock: Clock) -> None:
    attach_report(places, clock)
    newsroom.hire(places, "kim")
    desk.assign(places, CARGO, Question.SO, "kim", actor("lee"), clock=clock)
    reason = "연보에 따르면 화물은 120만t이었다."
    verdict = {"question": "so", "value": "supported", "rationale": {"ko": reason}, "as_of": "2031-04"}

    def change(kind: RevisionKind, **fields: object) -> None:
        found = lookups.claim_at_desk(places, CARGO)
        seen = SeenVersion(found.head_sha256, found.draft.draft_id if found.draft else None)
        desk.edit(places, CARGO, {**found.claim.to_json(), **fields}, seen, edit_by("kim", "고친다.", kind), clock)

    change(RevisionKind.VERDICT, verdicts=[verdict])
    desk.publish(places, actor("lee"), [CARGO, "annual-report-2031-a2b3"], clock=clock)
    draft = json.dumps({"sentences": [{"text": reason, "excerpts": [1]}]}, ensure_ascii=False)
    ask(places, clock, RecordedSuggester(draft), on_cargo(SuggestionTask.RATIONALE))
    change(RevisionKind.UPDATE, topics=["cargo", "ports"])
    assert lookups.claim_at_desk(places, CARGO).claim.verdicts[0].machine_wording == ()
