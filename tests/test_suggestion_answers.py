"""No answer of a model, to any task, changes the desk or the public files before a person decides."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from model_answers import MODELS, RecordedSuggester, turn_on
from newsroom import ARTICLE_ID, CARGO, TEXT, Clock, edit_by
from suggestion_newsroom import (
    CLAIMS, HONEST, NONE, STAFF_STATEMENT, accept_input, ask, attach_report, clock, editorial_state, on_cargo, places,
)  # fmt: skip

from claimledger import desk
from claimledger.desk import lookups
from claimledger.desk.model_plan import ModelTask, plan_requests
from claimledger.desk_vocabulary import SuggestionTask
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Span

__all__ = ["clock", "places"]  # the fixtures

KOREAN_ONLY = accept_input({"ko": STAFF_STATEMENT}).claim_id
TASKS = {
    SuggestionTask.CLAIMS: CLAIMS,
    SuggestionTask.STATEMENTS: ModelTask(SuggestionTask.STATEMENTS, ARTICLE_ID, Span(start=0, end=20)),
    SuggestionTask.TRANSLATION: ModelTask(SuggestionTask.TRANSLATION, ARTICLE_ID, claim_id=KOREAN_ONLY),
    SuggestionTask.PASSAGES: on_cargo(SuggestionTask.PASSAGES),
    SuggestionTask.RATIONALE: on_cargo(SuggestionTask.RATIONALE),
    SuggestionTask.QUESTIONS: on_cargo(SuggestionTask.QUESTIONS),
    SuggestionTask.SECOND_READING: ModelTask(SuggestionTask.SECOND_READING, ARTICLE_ID),
}
_NUMBERS = st.lists(st.integers(1, 4), min_size=1, max_size=3)
_TEXTS = st.text(max_size=60) | st.sampled_from([STAFF_STATEMENT, "It has 40 staff.", "화물은 120만t이었다."])
_CLAIM = st.fixed_dictionaries(
    {"sentences": _NUMBERS, "statement": _TEXTS},
    optional={"speaker": st.text(max_size=10), "words": st.sampled_from(["", "40명", "직원은"])},
)
_CLAIM_ANSWER = st.fixed_dictionaries({"claims": st.lists(_CLAIM, max_size=5)})
_FORMS: Mapping[SuggestionTask, st.SearchStrategy[Any]] = {
    SuggestionTask.CLAIMS: _CLAIM_ANSWER,
    SuggestionTask.STATEMENTS: _CLAIM_ANSWER,
    SuggestionTask.TRANSLATION: st.fixed_dictionaries({"statement": _TEXTS}),
    SuggestionTask.PASSAGES: st.fixed_dictionaries(
        {"passages": st.lists(st.fixed_dictionaries({"sentences": _NUMBERS, "why": _TEXTS}), max_size=4)}
    ),
    SuggestionTask.RATIONALE: st.fixed_dictionaries(
        {"sentences": st.lists(st.fixed_dictionaries({"text": _TEXTS, "excerpts": _NUMBERS}), min_size=1, max_size=3)}
    ),
    SuggestionTask.QUESTIONS: st.fixed_dictionaries({"questions": st.lists(_TEXTS, max_size=5)}),
    SuggestionTask.SECOND_READING: st.fixed_dictionaries(
        {"changed": st.sampled_from(["actor", "polarity", "hedge", "time", "none"]), "why": _TEXTS}
    ),
}
"""The answers in the form of each task."""
_BROKEN = (
    "", "null", "Sure! {}", '{"claims": [], "claims": []}', '{"changed": NaN}', "[" * 10_000, '{"statement": ' * 10_000,
    '{"statement": "' + "가" * 1_000_000 + '"}', '{"statement": "\\ud800"}', "\0", "__import__('os').system('true')",
)  # fmt: skip
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def answered_tasks(draw: st.DrawFn) -> tuple[SuggestionTask, str]:
    """Draw a task and an answer: in its form, in that of another task, or in none."""
    task = draw(st.sampled_from(SuggestionTask))
    formed = st.one_of(_FORMS[task], *_FORMS.values(), _JSON).map(lambda one: json.dumps(one, ensure_ascii=False))
    return task, draw(formed | _FORMS[task].map(json.dumps) | st.text(max_size=200) | st.sampled_from(_BROKEN))


@pytest.fixture
def busy_newsroom(places: LedgerPaths, clock: Clock) -> LedgerPaths:
    """Make a newsroom in which every task has something to ask for."""
    attach_report(places, clock)
    span = Span(start=0, end=len(TEXT.split("\n", maxsplit=1)[0]))
    desk.accept(places, ARTICLE_ID, span, accept_input({"ko": STAFF_STATEMENT}), edit_by("kim", "골랐다."), clock)
    turn_on(places.root, MODELS.replace("= 20\n", "= 100000\n").replace("60000", "600000000"))
    return places


def check_answer(places: LedgerPaths, clock: Clock, task: SuggestionTask, answer: str) -> None:
    """Let a model answer a task, show its suggestions, and check that the rest of the desk is the same as before."""
    if task is SuggestionTask.SECOND_READING:  # which reads an open suggestion without a claim
        ask(places, clock, RecordedSuggester(NONE, HONEST))
    before, files = editorial_state(places), file_names(places.root)
    plan = plan_requests(places, TASKS[task])
    assert plan.waiting, task
    assert ask(places, clock, RecordedSuggester(answer), TASKS[task]).calls == len(plan.waiting)
    lookups.article_suggestions(places, ARTICLE_ID)
    for claim_id in (CARGO, KOREAN_ONLY):
        lookups.claim_suggestions(places, claim_id)
    assert editorial_state(places) == before
    assert file_names(places.root) == files
    desk.delete_answers(places, ARTICLE_ID, edit_by("lee", "다음 답을 받는다."), clock)


def file_names(folder: Path) -> set[str]:
    return {str(path) for path in folder.rglob("*") if not path.name.startswith("desk.db")}


@pytest.mark.parametrize("task", SuggestionTask)
def test_broken_answer_changes_nothing(busy_newsroom: LedgerPaths, clock: Clock, task: SuggestionTask) -> None:
    for answer in _BROKEN[-4:] if task is SuggestionTask.CLAIMS else _BROKEN[4:6]:
        check_answer(busy_newsroom, clock, task, answer)


@pytest.mark.slow
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(case=answered_tasks())
def test_no_answer_changes_anything_but_the_tables_of_models(
    busy_newsroom: LedgerPaths, clock: Clock, case: tuple[SuggestionTask, str]
) -> None:
    check_answer(busy_newsroom, clock, *case)
