"""Texts of documents that go to a model: only cited ones, by the rights of each, and confidential ones never."""

from __future__ import annotations

import json

import pytest
from model_answers import MODELS, RecordedSuggester, turn_on
from model_server import serving_model
from newsroom import ARTICLE_ID, Clock, actor
from packages import needed
from suggestion_newsroom import ask, attach_report, clock, decide_on_sending, on_cargo, places
from test_suggestion_steps import OUTSIDE

from claimledger import desk
from claimledger.desk import model_worker
from claimledger.desk.model_plan import ModelTask, plan_requests
from claimledger.desk_vocabulary import SuggestionTask
from claimledger.errors import NotFound, ProblemsFound
from claimledger.ledger.files import LedgerPaths
from claimledger.suggesting.exchange import ModelAnswer, ModelRequest, ModelSettings

__all__ = ["clock", "places"]  # the fixtures

PASSAGES, RATIONALE = on_cargo(SuggestionTask.PASSAGES), on_cargo(SuggestionTask.RATIONALE)
EMPTY = {"passages": '{"passages": []}', "excerpts": '{"sentences": [{"text": "같다.", "excerpts": [1]}]}'}


@pytest.mark.parametrize("task", [PASSAGES, RATIONALE], ids=["passages", "rationale"])
def test_document_goes_outside_only_by_its_own_right(places: LedgerPaths, clock: Clock, task: ModelTask) -> None:
    name = attach_report(places, clock)
    assert plan_requests(places, task).waiting  # a model of this computer needs no right
    turn_on(places.root, OUTSIDE)
    decide_on_sending(places, clock, ARTICLE_ID, is_document=False)
    plan = plan_requests(places, task)
    assert (plan.waiting, plan.refusals) == ((), ())
    (reason,) = plan.not_sent
    assert f"The text of the document '{name}' may not be sent to 'small-model'" in reason.text("en")
    assert f"allow-sending --document {name}" in reason.text("ko")
    suggester = RecordedSuggester(EMPTY["passages"])
    assert ask(places, clock, suggester, task).not_sent == (reason,)
    assert suggester.requests == []
    with pytest.raises(ProblemsFound, match="allow-sending --document"):
        model_worker.start_asking(places, task, actor("kim"))
    decide_on_sending(places, clock, name, is_document=True)
    assert ask(places, clock, suggester, task).calls == len(suggester.requests) > 0


def test_newsroom_can_allow_documents_and_an_editor_forbid_one(places: LedgerPaths, clock: Clock) -> None:
    first = attach_report(places, clock)
    second = attach_report(places, clock, "yearbook-2031-c4d5", content="연감.\n\n직원은 40명이다. 끝.\n")
    decide_on_sending(places, clock, ARTICLE_ID, is_document=False)
    turn_on(places.root, f"{OUTSIDE}[sending]\ndocuments = true\n")
    assert {one.document_id for one in plan_requests(places, PASSAGES).waiting} == {first, second}
    decide_on_sending(places, clock, second, is_document=True, may_send=False)
    plan = plan_requests(places, PASSAGES)
    assert {one.document_id for one in plan.waiting} == {first}
    assert [one.code for one in plan.not_sent] == ["sending-not-allowed"]
    assert plan_requests(places, RATIONALE).waiting == ()  # a reason from only some of the excerpts would mislead
    with pytest.raises(NotFound):
        decide_on_sending(places, clock, "no-such-document", is_document=True)


def test_forbidding_a_document_stops_the_requests_that_are_left(places: LedgerPaths, clock: Clock) -> None:
    paragraphs = "\n\n".join(f"{number}번 부두의 날씨는 맑았다. " * 4 for number in range(60))
    name = attach_report(places, clock, content=f"연보.\n\n화물은 120만t이었다. 끝.\n\n{paragraphs}\n")
    decide_on_sending(places, clock, ARTICLE_ID, is_document=False)
    decide_on_sending(places, clock, name, is_document=True)
    turn_on(places.root, OUTSIDE)

    class Forbidding(RecordedSuggester):
        def answer(self, request: ModelRequest, settings: ModelSettings) -> ModelAnswer:
            decide_on_sending(places, clock, name, is_document=True, may_send=False)
            return super().answer(request, settings)

    assert len(plan_requests(places, PASSAGES).waiting) > 1
    result = ask(places, clock, Forbidding(EMPTY["passages"]), PASSAGES)
    assert result.calls == 1
    assert isinstance(result.stopped, ProblemsFound)


@pytest.mark.slow
def test_text_of_a_confidential_document_reaches_no_server(places: LedgerPaths, clock: Clock) -> None:
    needed("llm")
    secret = "내부 고발자는 화물이 90만t이라고 적었다."
    attach_report(places, clock, "leaked-memo-a2b3", is_withheld=True, content=f"메모.\n\n{secret} 끝.\n")
    attach_report(places, clock)
    with serving_model(lambda _, user: EMPTY["excerpts" if '"excerpts"' in user else "passages"]) as server:
        turn_on(places.root, MODELS.replace('"recorded"', '"llm"').replace("http://127.0.0.1:9/v1", server.address))
        for task in (PASSAGES, RATIONALE):
            assert desk.ask_model(places, task, actor("kim"), clock=clock).answered > 0
        for task in (on_cargo(SuggestionTask.QUESTIONS), on_cargo(SuggestionTask.TRANSLATION)):
            desk.ask_model(places, task, actor("kim"), clock=clock)
    sent = "\n".join(json.dumps(json.loads(body), ensure_ascii=False) for body in server.bodies)
    assert "120만t" in sent
    assert secret not in sent
    assert "90만t" not in sent
    assert "leaked-memo" not in sent
