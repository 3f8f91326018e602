"""Suggestions of a language model on an article's page: shown apart, chosen, accepted and set aside by a person."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from article_pages import HERE, Browser, make_newsroom
from model_answers import MODELS, RecordedSuggester, claims_answer, only_suggester, turn_on
from newsroom import ARTICLE_ID, TEXT, actor

from claimledger import desk
from claimledger.desk import lookups, model_worker
from claimledger.desk.model_plan import ModelTask
from claimledger.desk_vocabulary import SuggestionChoice, SuggestionTask
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Claim
from claimledger.suggesting.exchange import ModelUnavailable

CLAIMS = ModelTask(SuggestionTask.CLAIMS, ARTICLE_ID)
STAFF = "직원은 40명이다."
ANSWER = claims_answer(
    ([2], STAFF), ([2], "한강조선의 직원은 40명이다."), {"sentences": [2], "statement": STAFF, "speaker": "김없음"}
)


@pytest.fixture(scope="module")
def newsroom_with_suggestions(tmp_path_factory: pytest.TempPathFactory) -> LedgerPaths:
    """Make a newsroom with a clean, a doubtful and a refused suggestion on one passage."""
    places = make_newsroom(tmp_path_factory.mktemp("asked"))
    turn_on(places.root)
    suggester = RecordedSuggester(claims_answer(), ANSWER)
    desk.ask_model(places, CLAIMS, actor("checker"), suggesters=only_suggester(suggester))
    return places


def suggestion_links(page: str) -> list[str]:
    section = page[page.index('aria-labelledby="suggested"') :]
    return re.findall(r'<li[^>]*><a href="(\?at=[^"]+)"', section)


def test_page_has_no_section_without_a_model(tmp_path: Path) -> None:
    assert 'aria-labelledby="suggested"' not in Browser(make_newsroom(tmp_path)).get(HERE)


@pytest.mark.parametrize(
    ("language", "state", "refused"),
    [("ko", "발견된 문제 없음", "거부한 제안 1개"), ("en", "Nothing found", "1 refused suggestion")],
)
def test_suggestions_are_apart_with_their_judgement(
    newsroom_with_suggestions: LedgerPaths, language: str, state: str, refused: str
) -> None:
    page = Browser(newsroom_with_suggestions, language=language).get(HERE)
    assert len(suggestion_links(page)) == 2
    assert state in page
    assert refused in page
    assert "김없음" in page
    assert '<mark class="unknown">한강조선' in page
    assert "300" in page  # the tokens of both calls


def test_chosen_suggestion_fills_its_statement_and_says_so(newsroom_with_suggestions: LedgerPaths) -> None:
    browser = Browser(newsroom_with_suggestions)
    clean, doubtful = suggestion_links(browser.get(HERE))
    page = browser.get(HERE + clean.replace("&amp;", "&").removesuffix("#now"))
    assert 'data-state="clean"' in page
    assert f'lang="ko">{STAFF}</textarea>' in page
    assert "A language model (small-model) worded this claim." in page
    assert "That is not a check" in page
    page = browser.get(HERE + doubtful.replace("&amp;", "&").removesuffix("#now"))
    assert 'data-state="shown"' in page


def test_plan_is_said_before_the_first_call(tmp_path: Path) -> None:
    places = make_newsroom(tmp_path)
    turn_on(places.root)
    page = Browser(places).get(HERE)
    assert "2 requests send numbered sentences of the article" in page
    assert "http://127.0.0.1:9/v1" in page
    turn_on(places.root, MODELS.replace("this_machine", "outside").replace("http://127.0.0.1:9", "https://m.example"))
    page = Browser(places).get(HERE)
    assert "may not be sent to" in page
    assert re.search(r"<button[^>]* disabled>Ask a language model</button>", page)
    turn_on(places.root, "[[model]]\n")
    assert "models.toml" in Browser(places).get(HERE)


def test_accepting_one_marks_the_claim_and_goes_to_the_next(tmp_path: Path) -> None:
    places = make_newsroom(tmp_path)
    turn_on(places.root)
    suggester = RecordedSuggester(claims_answer(), ANSWER)
    desk.ask_model(places, CLAIMS, actor("checker"), suggesters=only_suggester(suggester))
    browser = Browser(places)
    first, second = lookups.article_suggestions(places, ARTICLE_ID).open
    start = str(TEXT.index(STAFF))
    fields = {"start": start, "end": str(int(start) + len(STAFF)), "seen": f"{start}-{int(start) + len(STAFF)}"}
    answer = browser.post(f"{HERE}/set-aside", suggestion=str(second.stored.suggestion_id), **fields)
    assert "The suggestion was set aside." in answer.text
    assert f"suggestion={first.stored.suggestion_id}" in str(answer.url)
    incomplete = browser.post(
        f"{HERE}/accept", suggestion=str(first.stored.suggestion_id), statement_ko=STAFF, **fields
    )
    assert incomplete.status_code == 409
    assert f'name="suggestion" value="{first.stored.suggestion_id}"' in incomplete.text
    whole = {"topics": "staff", "source_kind": "own_reporting", "source_name_ko": "항만월간", "statement_ko": STAFF}
    browser.post(f"{HERE}/accept", suggestion=str(first.stored.suggestion_id), **whole, **fields)
    drafts = [one.record for one in lookups.open_drafts(places) if isinstance(one.record, Claim)]
    assert [mark.model for mark in drafts[0].machine_wording] == ["small-model"]
    choices = {one.stored.choice for one in lookups.article_suggestions(places, ARTICLE_ID).found}
    assert choices == {SuggestionChoice.ACCEPTED, SuggestionChoice.DISMISSED, None}


def test_model_works_in_the_background_and_its_failure_is_said(tmp_path: Path) -> None:
    places = make_newsroom(tmp_path)
    turn_on(places.root)
    suggester = RecordedSuggester(ModelUnavailable("small-model", "500"))
    suggesters = only_suggester(suggester)
    model_worker.start_asking(places, CLAIMS, actor("checker"), suggesters=suggesters).join(60)
    assert not model_worker.is_asking(places, ARTICLE_ID)
    assert "gave no answer: 500" in Browser(places).get(HERE)
    assert len(suggester.requests) == 1
    suggester.answers = (claims_answer(),)
    model_worker.start_asking(places, CLAIMS, actor("checker"), suggesters=suggesters).join(60)
    assert model_worker.last_stop(places, ARTICLE_ID) is None


def test_button_starts_the_task(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = make_newsroom(tmp_path)
    turn_on(places.root)
    started: list[ModelTask] = []
    monkeypatch.setattr(model_worker, "start_asking", lambda _, wanted, __: started.append(wanted))
    answer = Browser(places).post(f"{HERE}/suggest")
    assert started == [CLAIMS]
    assert "The language model is working." in answer.text
