"""Forms, spreadsheets and files mark the texts of a language model, and store the decision to use them."""

from __future__ import annotations

import json

import newsroom
import pytest
from model_answers import RecordedSuggester
from newsroom import ARTICLE_ID, CARGO, Clock, actor, edit_by
from suggestion_newsroom import (
    HONEST, NONE, STAFF_STATEMENT, accept_input, ask, attach_report, clock, on_cargo, places, rows,
)  # fmt: skip
from test_desk_sheets import edit_sheet

from claimledger import desk
from claimledger.desk import check_steps, lookups
from claimledger.desk.check_steps import SeenVersion
from claimledger.desk.model_plan import ModelTask
from claimledger.desk_vocabulary import SuggestionTask
from claimledger.errors import Problem
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Span
from claimledger.newsroom import suggestions
from claimledger.newsroom.work_items import WorkFilter
from claimledger.vocabulary import Question, RevisionKind

__all__ = ["clock", "places"]  # the fixtures

REASON = "연보에 따르면 화물은 120만t이었다."
OWN_WORDS = "우리가 항만에 물어 확인했다. 수치가 같다."
DECISIONS = "SELECT choice, claim_id FROM suggestion_decision ORDER BY decision_id"


def draft_reason(places: LedgerPaths, clock: Clock) -> None:
    """Have a model draft the reason of a claim, and assign the check of the claim."""
    report = attach_report(places, clock)
    desk.publish(places, actor("lee"), [CARGO, report], clock=clock)
    answer = {"sentences": [{"text": REASON, "excerpts": [1]}]}
    ask(places, clock, RecordedSuggester(json.dumps(answer, ensure_ascii=False)), on_cargo(SuggestionTask.RATIONALE))
    newsroom.hire(places, "kim")
    desk.assign(places, CARGO, Question.SO, "kim", actor("lee"), clock=clock)


def propose(places: LedgerPaths, clock: Clock, written: str) -> None:
    found = lookups.claim_at_desk(places, CARGO)
    verdict = {"question": "so", "value": "supported", "rationale": {"ko": written}, "as_of": "2031-04"}
    seen = SeenVersion(found.head_sha256, found.draft.draft_id if found.draft else None)
    fields = {**found.claim.to_json(), "verdicts": [verdict]}
    desk.edit(places, CARGO, fields, seen, edit_by("kim", "판정한다.", RevisionKind.VERDICT), clock)


def reason_marks(places: LedgerPaths) -> list[tuple[str, bool]]:
    (verdict,) = lookups.claim_at_desk(places, CARGO).claim.verdicts
    return [(mark.language, mark.is_edited) for mark in verdict.machine_wording]


@pytest.mark.parametrize(
    ("written", "marks", "decisions"),
    [
        (REASON, [("ko", False)], [("accepted", CARGO)]),
        (f"공사의 {REASON}", [("ko", True)], [("edited", CARGO)]),
        (OWN_WORDS, [], []),
    ],
)
def test_reason_in_a_spreadsheet_is_compared_with_drafts(
    places: LedgerPaths, clock: Clock, written: str, marks: list[object], decisions: list[object]
) -> None:
    draft_reason(places, clock)
    cells = {"verdict_so": "supported", "rationale_ko": written, "as_of": "2031-04"}
    desk.import_sheet(
        places, edit_sheet(desk.export_sheet(places, WorkFilter()), {CARGO: cells}), "a.csv", {}, actor("kim"),
        clock=clock,
    )  # fmt: skip
    assert reason_marks(places) == marks
    assert rows(places, DECISIONS) == decisions
    offered = [one.is_open for one in lookups.claim_suggestions(places, CARGO)]
    assert offered == ([] if marks else [True])


def test_use_of_a_reason_is_stored_once(places: LedgerPaths, clock: Clock) -> None:
    draft_reason(places, clock)
    for written in (REASON, f"공사의 {REASON}", f"공사의 {REASON} 수치가 같다."):
        propose(places, clock, written)
    assert rows(places, DECISIONS) == [("accepted", CARGO)]
    assert reason_marks(places) == [("ko", True)]


def test_reason_is_offered_again_after_its_draft_was_discarded(places: LedgerPaths, clock: Clock) -> None:
    draft_reason(places, clock)
    propose(places, clock, REASON)
    assert lookups.claim_suggestions(places, CARGO) == ()
    newsroom.discard(places, CARGO, edit_by("kim", "되돌린다."), clock)
    (one,) = lookups.claim_suggestions(places, CARGO)
    assert one.is_open


def accept_staff(places: LedgerPaths, clock: Clock) -> str:
    """Accept the suggestion of an article, and return the claim."""
    (one,) = lookups.article_suggestions(places, ARTICLE_ID).open
    assert one.passage is not None
    given = accept_input({"ko": STAFF_STATEMENT})
    number = one.stored.suggestion_id
    desk.accept(places, ARTICLE_ID, one.passage, given, edit_by("kim", "골랐다."), clock, suggestion_id=number)
    return given.claim_id


def test_claim_is_offered_again_after_its_draft_was_discarded(places: LedgerPaths, clock: Clock) -> None:
    ask(places, clock, RecordedSuggester(NONE, HONEST))
    claim_id = accept_staff(places, clock)
    assert lookups.article_suggestions(places, ARTICLE_ID).open == ()
    newsroom.discard(places, claim_id, edit_by("kim", "되돌린다."), clock)
    assert len(lookups.article_suggestions(places, ARTICLE_ID).open) == 1
    accept_staff(places, clock)
    assert lookups.article_suggestions(places, ARTICLE_ID).open == ()


def test_typed_statement_is_compared_with_suggestions(places: LedgerPaths, clock: Clock) -> None:
    ask(places, clock, RecordedSuggester(NONE, HONEST))
    at = newsroom.TEXT.index(newsroom.STAFF)
    given = accept_input({"ko": STAFF_STATEMENT})
    span = Span(start=at, end=at + len(newsroom.STAFF))
    desk.accept(places, ARTICLE_ID, span, given, edit_by("kim", "썼다."), clock)
    claim = lookups.claim_at_desk(places, given.claim_id).claim
    assert [(one.language, one.is_edited) for one in claim.machine_wording] == [("ko", False)]
    assert rows(places, DECISIONS) == [("accepted", given.claim_id)]
    assert lookups.article_suggestions(places, ARTICLE_ID).open == ()


# Files


def test_mark_that_was_removed_from_a_file_is_kept_and_reported(places: LedgerPaths, clock: Clock) -> None:
    ask(places, clock, RecordedSuggester(NONE, HONEST))
    claim_id = accept_staff(places, clock)
    desk.publish(places, actor("lee"), [claim_id], clock=clock)
    (file,) = places.claims.rglob(f"{claim_id}.yaml")
    published = file.read_text(encoding="utf-8")
    start = published.index("machine_wording:")
    end = published.index("\n", published.index("small-model", start)) + 1
    notices: list[Problem] = []

    def record(content: str) -> list[tuple[str, bool]]:
        notices.clear()
        file.write_text(content, encoding="utf-8")
        made = edit_by("kim", "고쳤다.", RevisionKind.UPDATE)
        desk.record(places, [file], made, clock, notify=notices.append)
        claim = lookups.claim_at_desk(places, claim_id).claim
        return [(one.language, one.is_edited) for one in claim.machine_wording]

    without = published[:start] + published[end:]
    assert record(without) == [("ko", False)]
    assert [one.line_text("en").split("/")[-1] for one in notices] == [
        (
            f"{claim_id}.yaml: machine_wording: The record keeps the mark of texts that a language model worded: "
            "statement.ko. The file does not have it. You need to do nothing. Only if a person has rewritten the whole "
            "text, the mark can be removed from the file. [machine-wording-kept]"
        )
    ]
    assert record(without.replace("직원은 40명", "직원은 모두 40명")) == [("ko", True)]
    assert len(notices) == 1
    assert record(without.replace("직원은 40명이다", "항만공사가 둔 사람 수는 마흔")) == []
    assert notices == []


def test_reason_in_a_claims_file_is_compared_with_drafts(places: LedgerPaths, clock: Clock) -> None:
    draft_reason(places, clock)
    (file,) = places.claims.rglob(f"{CARGO}.yaml")
    verdict = f"verdicts:\n  - {{question: so, value: supported, rationale: {{ko: {REASON}}}, as_of: '2031-04'}}\n"
    content = file.read_text(encoding="utf-8")
    file.write_text(content.replace("topics:", f"{verdict}topics:", 1), encoding="utf-8")
    notices: list[Problem] = []
    made = edit_by("kim", "판정한다.", RevisionKind.VERDICT)
    desk.record(places, [file], made, clock, notify=notices.append)
    assert reason_marks(places) == [("ko", False)]
    assert [one.message.values for one in notices] == [(("texts", ("so.rationale.ko",)),)]
    assert rows(places, DECISIONS) == [("accepted", CARGO)]


# One transaction


@pytest.mark.parametrize("failing", [(check_steps, "store_claim_draft"), (suggestions, "store_suggestion_decision")])
def test_translation_and_its_decision_are_stored_together(
    places: LedgerPaths, clock: Clock, monkeypatch: pytest.MonkeyPatch, failing: tuple[object, str]
) -> None:
    given = accept_input({"ko": STAFF_STATEMENT})
    at = newsroom.TEXT.index(newsroom.STAFF)
    span = Span(start=at, end=at + len(newsroom.STAFF))
    desk.accept(places, ARTICLE_ID, span, given, edit_by("kim", "골랐다."), clock)
    wanted = ModelTask(SuggestionTask.TRANSLATION, ARTICLE_ID, claim_id=given.claim_id)
    ask(places, clock, RecordedSuggester('{"statement": "It has 40 staff."}'), wanted)
    (one,) = lookups.claim_suggestions(places, given.claim_id)

    def fail(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(*failing, fail)
    with pytest.raises(KeyboardInterrupt):
        desk.accept_translation(
            places, given.claim_id, one.stored.suggestion_id, edit_by("kim", "옮겼다."), clock=clock
        )
    assert rows(places, DECISIONS) == []
    assert lookups.claim_at_desk(places, given.claim_id).claim.statement == {"ko": STAFF_STATEMENT}
