"""Requests to a language model: what is sent, limits, faults, and where text may go."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from model_answers import MODELS, RecordedSuggester, claims_answer, turn_on
from newsroom import ARTICLE_ID, CARGO, TEXT, Clock
from suggestion_newsroom import (
    CLAIMS, HONEST, NONE, STAFF_STATEMENT, ask, clock, decide_on_sending, places, rows,
)  # fmt: skip

from claimledger.checks import desk_store_check
from claimledger.desk import lookups
from claimledger.desk.model_plan import ModelTask, plan_requests
from claimledger.desk.suggestion_steps import AskResult, LimitReached
from claimledger.desk_vocabulary import SuggestionState, SuggestionTask
from claimledger.errors import ProblemsFound
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.model_settings import ModelOff, read_model_choices
from claimledger.suggesting.exchange import (
    AddressRefused, ModelAnswer, ModelRequest, ModelSettings, ModelUnavailable, SuggesterMissing,
)  # fmt: skip

__all__ = ["clock", "places"]  # the fixtures


# Asking


def test_only_numbered_sentences_headline_and_date_are_sent(places: LedgerPaths, clock: Clock) -> None:
    suggester = RecordedSuggester(NONE, HONEST)
    ask(places, clock, suggester)
    lines = TEXT.split("\n")
    assert [json.loads(request.user) for request in suggester.requests] == [
        {"headline": "하늘항의 화물", "published_on": "2031-04-02", "sentences": sentences}
        for sentences in ({"1": lines[0]}, {"1": lines[1], "2": lines[2]})
    ]


def test_second_run_asks_nothing(places: LedgerPaths, clock: Clock) -> None:
    suggester = RecordedSuggester(NONE, HONEST)
    assert ask(places, clock, suggester) == AskResult(2, 2, ((SuggestionState.CLEAN, 1),), None)
    assert ask(places, clock, suggester) == AskResult(0, 0, (), None)
    plan = plan_requests(places, CLAIMS)
    assert (len(suggester.requests), plan.waiting, plan.answered) == (2, (), 2)


def test_plan_sends_nothing_and_says_what_it_would_cost(places: LedgerPaths) -> None:
    plan = plan_requests(places, CLAIMS)
    sent = sum(one.tokens for one in plan.waiting)
    assert (len(plan.waiting), plan.tokens) == (2, sent + 2 * 6000)
    assert plan.cost == (sent * Decimal(1) + 2 * 6000 * Decimal(10)) / 1_000_000
    assert rows(places, "SELECT * FROM model_request") == []


def test_suggestions_are_judged_and_listed_with_their_place(places: LedgerPaths, clock: Clock) -> None:
    answer = claims_answer(
        ([2], STAFF_STATEMENT), ([2], "직원은 60명이다."), ([9], "화물이 늘었다."),
        {"sentences": [2], "statement": STAFF_STATEMENT, "speaker": "김없음"},
    )  # fmt: skip
    result = ask(places, clock, RecordedSuggester(NONE, answer))
    assert dict(result.counts) == {SuggestionState.CLEAN: 1, SuggestionState.SHOWN: 1, SuggestionState.REFUSED: 2}
    found = lookups.article_suggestions(places, ARTICLE_ID).found
    assert [one.passage_words for one in found if one.state is SuggestionState.CLEAN] == [STAFF_STATEMENT]
    by_wording = {one.suggestion.wording: one for one in found}
    assert by_wording["직원은 60명이다."].state is SuggestionState.SHOWN
    assert by_wording["화물이 늘었다."].state is SuggestionState.REFUSED


@pytest.mark.parametrize("answer", ["", "Sure! {}", "[" * 10_000, '{"claims": [NaN]}', "x" * 1_000_000, "\ud800", "\0"])
def test_broken_answer_is_counted_and_not_asked_again(places: LedgerPaths, clock: Clock, answer: str) -> None:
    suggester = RecordedSuggester(answer, tokens=None)
    turn_on(places.root, MODELS.replace("60000", "900000"))
    assert ask(places, clock, suggester) == AskResult(2, 0, (), None)
    assert rows(places, "SELECT DISTINCT outcome, is_estimated FROM model_answer") == [("broken", 1)]
    assert ask(places, clock, suggester).calls == (0 if answer else 2)
    assert lookups.article_suggestions(places, ARTICLE_ID).found == ()


@pytest.mark.parametrize("error", [ModelUnavailable("small-model", "500"), ValueError("직원은 40명이다")])
def test_failed_call_is_made_once_and_counted_once(places: LedgerPaths, clock: Clock, error: Exception) -> None:
    suggester = RecordedSuggester(error)
    result = ask(places, clock, suggester)
    assert (result.calls, result.answered, len(suggester.requests)) == (1, 0, 1)
    assert isinstance(result.stopped, ModelUnavailable)
    assert "40" not in result.stopped.text("ko")
    used = lookups.article_suggestions(places, ARTICLE_ID).used
    assert (used.calls, used.unanswered) == (1, 0)


def test_call_is_counted_if_the_program_ends_before_the_answer(places: LedgerPaths, clock: Clock) -> None:
    with pytest.raises(KeyboardInterrupt):
        ask(places, clock, RecordedSuggester(KeyboardInterrupt()))
    used = lookups.article_suggestions(places, ARTICLE_ID).used
    plan = plan_requests(places, CLAIMS)
    assert (used.calls, used.unanswered, used.tokens) == (1, 1, plan.waiting[0].most_tokens)
    assert desk_store_check.check_store(places).problems == ()


def test_usage_adds_up(places: LedgerPaths, clock: Clock) -> None:
    ask(places, clock, RecordedSuggester(NONE, HONEST))
    ask(places, clock, RecordedSuggester(NONE, HONEST), ModelTask(SuggestionTask.QUESTIONS, ARTICLE_ID, claim_id=CARGO))
    used = lookups.article_suggestions(places, ARTICLE_ID).used
    assert (used.calls, used.tokens) == (3, 450)
    assert used.costs == (("USD", Decimal("0.0018")),)


@pytest.mark.parametrize(
    ("old", "new", "variant"),
    [
        ("tokens_per_article = 60000", "tokens_per_article = 6300", "tokens"),
        ("calls_per_day = 20", "calls_per_day = 1", "calls"),
        ("calls_per_day = 20", 'calls_per_day = 20\ncost_per_article = "0.0605"', "cost"),
    ],
)
def test_call_that_would_exceed_a_limit_is_not_made(
    places: LedgerPaths, clock: Clock, old: str, new: str, variant: str
) -> None:
    turn_on(places.root, MODELS.replace(old, new))
    suggester = RecordedSuggester(NONE)
    result = ask(places, clock, suggester)
    assert isinstance(result.stopped, LimitReached)
    assert result.stopped.message.key == f"LimitReached/{variant}"
    assert (result.calls, len(suggester.requests)) == (1, 1)  # the second would have passed the limit


# Rights to ask and to send


def test_without_models_file_nothing_is_asked(places: LedgerPaths, clock: Clock) -> None:
    (places.root / "models.toml").unlink()
    with pytest.raises(ModelOff):
        ask(places, clock, RecordedSuggester(NONE, HONEST))


def test_missing_suggester_is_named_before_anything_is_stored(places: LedgerPaths, clock: Clock) -> None:
    turn_on(places.root, MODELS.replace("recorded", "elsewhere"))
    with pytest.raises(SuggesterMissing):
        ask(places, clock, RecordedSuggester(NONE, HONEST))
    assert rows(places, "SELECT * FROM model_request") == []


def test_text_goes_outside_only_after_an_editor_allowed_it(places: LedgerPaths, clock: Clock) -> None:
    turn_on(places.root, OUTSIDE)
    suggester = RecordedSuggester(NONE, HONEST)
    with pytest.raises(ProblemsFound) as refused:
        ask(places, clock, suggester)
    assert [one.code for one in refused.value.problems] == ["sending-not-allowed"]
    assert suggester.requests == []
    decide_on_sending(places, clock, ARTICLE_ID)
    assert ask(places, clock, suggester).calls == 2
    decide_on_sending(places, clock, ARTICLE_ID, may_send=False)
    assert plan_requests(places, ModelTask(SuggestionTask.QUESTIONS, ARTICLE_ID, claim_id=CARGO)).refusals


OUTSIDE = MODELS.replace("this_machine", "outside").replace("http://127.0.0.1:9", "https://m.example")


def test_forbidding_stops_the_requests_that_are_left(places: LedgerPaths, clock: Clock) -> None:
    turn_on(places.root, OUTSIDE)
    decide_on_sending(places, clock, ARTICLE_ID)

    class Forbidding(RecordedSuggester):
        def answer(self, request: ModelRequest, settings: ModelSettings) -> ModelAnswer:
            decide_on_sending(places, clock, ARTICLE_ID, may_send=False)
            return super().answer(request, settings)

    suggester = Forbidding(NONE)
    result = ask(places, clock, suggester)
    assert isinstance(result.stopped, ProblemsFound)
    assert (result.calls, len(suggester.requests)) == (1, 1)


def test_call_that_never_left_uses_no_tokens(places: LedgerPaths, clock: Clock) -> None:
    with pytest.raises(SuggesterMissing):
        ask(places, clock, RecordedSuggester(SuggesterMissing("llm")))
    used = lookups.article_suggestions(places, ARTICLE_ID).used
    assert (used.calls, used.tokens) == (1, 0)


@pytest.mark.parametrize("address", ["http://localhost:9/v1", "http://192.0.2.7/v1", "http://127.0.0.1.example/v1"])
def test_model_of_this_computer_needs_a_loopback_address(places: LedgerPaths, address: str) -> None:
    turn_on(places.root, MODELS.replace("http://127.0.0.1:9/v1", address))
    with pytest.raises(AddressRefused):
        read_model_choices(places.root)


def test_zero_is_a_limit_and_a_price(places: LedgerPaths, clock: Clock) -> None:
    turn_on(places.root, MODELS.replace("calls_per_day = 20", 'calls_per_day = 20\ncost_per_article = "0"'))
    assert ask(places, clock, RecordedSuggester(NONE)).calls == 0
    turn_on(places.root, MODELS.replace('price_in = "1"', 'price_in = "0"'))
    assert read_model_choices(places.root).models[0].currency == "USD"
    turn_on(places.root, MODELS.replace('price_in = "1"', 'price_in = "-1"'))
    with pytest.raises(ProblemsFound):
        read_model_choices(places.root)


def test_every_problem_of_the_models_file_is_reported(places: LedgerPaths) -> None:
    faulty = MODELS.replace('price_out = "10"', 'key = "sk-secret"').replace("60000", "-1").replace("USD", "usd")
    turn_on(places.root, faulty)
    with pytest.raises(ProblemsFound) as refused:
        read_model_choices(places.root)
    assert {one.field for one in refused.value.problems} == {"currency", "limits.tokens_per_article", "model.1.key"}
    turn_on(places.root, MODELS.replace('price_out = "10"', ""))
    with pytest.raises(ProblemsFound, match="prices of both"):
        read_model_choices(places.root)
    turn_on(places.root, "[[model")
    with pytest.raises(ProblemsFound, match=r"models\.toml"):
        read_model_choices(places.root)
