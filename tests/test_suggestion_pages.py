"""Suggestions of a language model on an article's page: shown apart, chosen, accepted and set aside by a person."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

import pytest
from article_pages import HERE, Browser, make_newsroom
from model_answers import MODELS, RecordedSuggester, claims_answer, only_suggester, turn_on
from newsroom import ARTICLE_ID, CARGO, TEXT, Clock, actor, edit_by
from suggestion_newsroom import attach_report

from claimledger import desk
from claimledger.datasette_plugin.desk_pages import PREFIX
from claimledger.desk import lookups, model_worker, suggestion_steps
from claimledger.desk.model_plan import ModelTask
from claimledger.desk_vocabulary import SuggestionChoice, SuggestionTask
from claimledger.editorial import model_requests, suggestions_at_desk
from claimledger.editorial.candidate_decisions import ClaimInput
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Claim, Span
from claimledger.newsroom import suggestions
from claimledger.errors import ProblemsFound
from claimledger.suggesting.exchange import ModelAnswer, ModelRequest, ModelSettings, ModelUnavailable
from claimledger.suggesting.numbered_text import NumberedText
from claimledger.workflow import StaffMember

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
    assert "This is not a check" in page
    page = browser.get(HERE + doubtful.replace("&amp;", "&").removesuffix("#now"))
    assert 'data-state="shown"' in page
    elsewhere = clean.replace("&amp;", "&").replace(f"at={TEXT.index(STAFF)}-", "at=0-").removesuffix("#now")
    page = browser.get(HERE + elsewhere)
    assert 'data-state="shown"' in page  # no key accepts it for another passage
    assert "This is not the passage of the suggestion." in page
    number = clean.partition("suggestion=")[2].removesuffix("#now")
    assert f"&amp;suggestion={number}#now" in page[page.index('class="range"') :].partition("</details>")[0]
    words = browser.get(f"{HERE}{elsewhere}&words={STAFF[:3]}")
    assert f'name="suggestion" value="{number}"' in words
    assert "data-state=" not in browser.get(f"{HERE}?at=0-3&suggestion={number}")  # it does not overlap


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
    turn_on(places.root, MODELS.replace("127.0.0.1", "[::1"))  # a bracket is missing
    for address in (HERE, f"{PREFIX}/claims/{CARGO}"):
        assert "has the address http://[::1:9/v1" in Browser(places).get(address)


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


def collector(tasks: list[ModelTask]) -> Callable[[LedgerPaths, ModelTask, StaffMember], Thread]:
    """Return a function that collects the tasks instead of starting them."""

    def collect(_: LedgerPaths, task: ModelTask, __: StaffMember) -> Thread:
        tasks.append(task)
        return Thread()

    return collect


def wait_for(thread: Thread | None) -> None:
    assert thread is not None
    thread.join(60)
    assert not thread.is_alive()


def test_second_task_of_an_article_is_refused_while_one_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = make_newsroom(tmp_path)
    turn_on(places.root)
    go_on = Event()

    class Waiting(RecordedSuggester):
        def answer(self, request: ModelRequest, settings: ModelSettings) -> ModelAnswer:
            assert go_on.wait(60)
            return super().answer(request, settings)

    suggesters = only_suggester(Waiting(claims_answer()))
    for module in (suggestion_steps, model_worker):
        monkeypatch.setattr(module, "find_suggester", lambda *_: suggesters.found[0])
    browser = Browser(places)
    assert "The language model is working." in browser.post(f"{HERE}/suggest").text
    refused = browser.post(f"{HERE}/suggest")
    go_on.set()
    assert refused.status_code == 409
    assert "still working on this article" in refused.text
    while model_worker.is_asking(places, ARTICLE_ID):
        go_on.wait(0.01)


def test_person_without_the_role_starts_nothing(tmp_path: Path) -> None:
    places = make_newsroom(tmp_path)
    turn_on(places.root)
    with pytest.raises(ProblemsFound):
        model_worker.start_asking(places, CLAIMS, StaffMember("nobody", ()))
    assert model_worker.last_stop(places, ARTICLE_ID) is None


def test_model_works_in_the_background_and_its_failure_is_said(tmp_path: Path) -> None:
    places = make_newsroom(tmp_path)
    turn_on(places.root)
    suggester = RecordedSuggester(ModelUnavailable("small-model", "500"))
    suggesters = only_suggester(suggester)
    wait_for(model_worker.start_asking(places, CLAIMS, actor("checker"), suggesters=suggesters))
    assert not model_worker.is_asking(places, ARTICLE_ID)
    assert "gave no answer: 500" in Browser(places).get(HERE)
    assert len(suggester.requests) == 1
    suggester.answers = (claims_answer(),)
    wait_for(model_worker.start_asking(places, CLAIMS, actor("checker"), suggesters=suggesters))
    assert model_worker.last_stop(places, ARTICLE_ID) is None


def test_button_starts_the_task(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = make_newsroom(tmp_path)
    turn_on(places.root)
    started: list[ModelTask] = []
    monkeypatch.setattr(model_worker, "start_asking", collector(started))
    answer = Browser(places).post(f"{HERE}/suggest")
    assert started == [CLAIMS]
    assert "The language model is working." in answer.text


def test_translation_is_suggested_and_used_on_the_claims_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = make_newsroom(tmp_path)
    turn_on(places.root)
    given = ClaimInput(
        "port-has-40-staff-e5f6", {"ko": STAFF}, ["staff"], "own_reporting", {"ko": "항만월간"}, has_speaker=False
    )
    at = TEXT.index("직원은")
    desk.accept(places, ARTICLE_ID, Span(start=at, end=len(TEXT) - 2), given, edit_by("checker", "골랐다."))
    browser = Browser(places)
    here = f"{PREFIX}/claims/{given.claim_id}"
    page = browser.get(here)
    assert "Only the statement and the names in it are sent to the model small-model" in page
    assert "Ask a language model: The statement in the other language" in page
    wanted: list[ModelTask] = []
    monkeypatch.setattr(model_worker, "start_asking", collector(wanted))
    assert "The language model is working." in browser.post(f"{here}/suggest", task="translation").text
    suggester = RecordedSuggester('{"statement": "It has 40 staff."}')
    desk.ask_model(places, wanted[0], actor("checker"), suggesters=only_suggester(suggester))
    (one,) = lookups.claim_suggestions(places, given.claim_id)
    assert ">It has 40 staff.</textarea>" in browser.get(here)
    used = browser.post(
        f"{here}/use-suggestion", suggestion=str(one.stored.suggestion_id), statement="The port has 40 staff."
    )
    assert "Readers will see that a language model worded it." in used.text
    claim = lookups.claim_at_desk(places, given.claim_id).claim
    assert claim.statement["en"] == "The port has 40 staff."
    assert [(mark.language, mark.is_edited) for mark in claim.machine_wording] == [("en", True)]
    unknown = browser.post(f"{here}/use-suggestion", suggestion="99")
    assert unknown.status_code == 404
    questions = ModelTask(SuggestionTask.QUESTIONS, ARTICLE_ID, claim_id=CARGO)
    notes = RecordedSuggester('{"questions": ["How many tonnes did the port count?"]}')
    desk.ask_model(places, questions, actor("checker"), suggesters=only_suggester(notes))
    page = browser.get(f"{PREFIX}/claims/{CARGO}")
    assert "How many tonnes did the port count?" in page
    (note,) = lookups.claim_suggestions(places, CARGO)
    browser.post(f"{PREFIX}/claims/{CARGO}/set-aside", suggestion=str(note.stored.suggestion_id))
    assert "How many tonnes did the port count?" not in browser.get(f"{PREFIX}/claims/{CARGO}")


def test_document_is_cut_only_when_a_person_wants_its_passages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = make_newsroom(tmp_path)
    turn_on(places.root)
    attach_report(places, Clock())
    cut: list[str] = []
    cut_blocks = model_requests.document_blocks

    def count(content: str, language: str | None) -> list[NumberedText]:
        cut.append(content)
        return cut_blocks(content, language)

    monkeypatch.setattr(suggestions_at_desk, "document_blocks", count)
    browser, here = Browser(places), f"{PREFIX}/claims/{CARGO}"
    page = browser.get(here)
    assert "Find passages in the cited documents…" in page
    assert "The stored text of the cited documents" not in page
    assert cut == []
    page = browser.get(f"{here}?ask=passages")
    assert "The stored text of the cited documents and the statement are sent to the model small-model" in page
    assert "Ask a language model: Passages of a document" in page
    assert len(cut) == 1


def test_answer_is_parsed_once_for_all_its_suggestions(newsroom_with_suggestions: LedgerPaths) -> None:
    suggestions._read_answer_cached.cache_clear()
    Browser(newsroom_with_suggestions).get(HERE)
    assert suggestions._read_answer_cached.cache_info().misses == 1


def test_call_without_a_stored_answer_is_shown(tmp_path: Path) -> None:
    places = make_newsroom(tmp_path)
    turn_on(places.root)
    with pytest.raises(KeyboardInterrupt):
        desk.ask_model(
            places, CLAIMS, actor("checker"), suggesters=only_suggester(RecordedSuggester(KeyboardInterrupt()))
        )
    assert "Calls without a stored answer, counted at their most: 1" in Browser(places).get(HERE)
