"""An article's page used only by keyboard, in a real browser at a phone's width, checked with axe."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import newsroom
import pytest
import desk_browser
from playwright.sync_api import Browser
from tiers import each_language

from model_answers import RecordedSuggester, claims_answer, only_suggester, turn_on

from claimledger import desk
from claimledger.desk import lookups
from claimledger.desk.model_plan import ModelTask
from claimledger.desk_vocabulary import SuggestionTask
from claimledger.intake import extract_document
from claimledger.suggesting.exchange import ModelAnswer, ModelRequest, ModelSettings
from claimledger.vocabulary import RevisionKind

pytestmark = pytest.mark.journey


HANGUL = "code => document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Process', code, bubbles: true }))"
PREVENTED = """key => !document.body.dispatchEvent(
  new KeyboardEvent('keydown', { key, code: key, bubbles: true, cancelable: true }))"""


@each_language("en")
def test_candidates_can_be_reviewed_by_keyboard(tmp_path: Path, running: Browser, language: str) -> None:
    places = desk_browser.made(tmp_path, language)
    edit = newsroom.edit_by("checker", "Taken in", RevisionKind.UPDATE)
    taken_in = extract_document(newsroom.TEXT.encode(), name="a.txt")
    desk.add_article(places, taken_in, edit, origin="a.txt", article_id=newsroom.ARTICLE_ID)
    with desk_browser.served(places) as address:
        window = desk_browser.Window(running, address, language, width=360)
        window.sign_in("checker")
        window.go(f"/articles/{newsroom.ARTICLE_ID}")
        window.look("article")
        page = window.page
        first, last = (page.locator("ol.candidates a").nth(number) for number in (0, -1))
        for key, shown in (("j", first), ("n", last)):
            with page.expect_navigation():
                page.keyboard.press(key)
            assert str(shown.get_attribute("aria-current")) == "true"
        with page.expect_navigation():  # what a Korean keyboard sends in Hangul mode
            page.evaluate(HANGUL, "KeyK")
        with page.expect_navigation():
            page.evaluate(HANGUL, "KeyN")
        assert str(last.get_attribute("aria-current")) == "true"
        address_before = page.url
        assert not page.evaluate(PREVENTED, "ArrowDown"), "the arrows scroll the page"
        assert page.url == address_before
        page.keyboard.press("d")
        page.keyboard.type("jk n")
        assert page.locator("#dismiss [name=reason]").input_value() == "jk n"
        assert str(last.get_attribute("aria-current")) == "true"
        page.locator("h1").click()
        page.keyboard.press("a")
        assert page.evaluate("document.activeElement.name") == "statement_ko"
        window.look("article-accept")


ANSWER = claims_answer(
    ([2], "직원은 40명이다."),
    ([2], "한강조선의 직원은 40명이다."),
    ([1], "서미래 소장은 올해는 10% 늘어난다고 말했다."),
)


@each_language("ko")
def test_suggestions_can_be_decided_by_keyboard(tmp_path: Path, running: Browser, language: str) -> None:
    places = desk_browser.made(tmp_path, language)
    edit = newsroom.edit_by("checker", "Taken in", RevisionKind.UPDATE)
    taken_in = extract_document(newsroom.TEXT.encode(), name="a.txt")
    desk.add_article(places, taken_in, edit, origin="a.txt", article_id=newsroom.ARTICLE_ID)
    turn_on(places.root)
    suggesters = only_suggester(RecordedSuggester(claims_answer(), ANSWER))
    wanted = ModelTask(SuggestionTask.CLAIMS, newsroom.ARTICLE_ID)
    desk.ask_model(places, wanted, newsroom.actor("checker"), suggesters=suggesters)
    with desk_browser.served(places) as address:
        window = desk_browser.Window(running, address, language, width=360)
        window.sign_in("checker")
        window.go(f"/articles/{newsroom.ARTICLE_ID}")
        window.look("suggestions")
        page = window.page
        page.evaluate("window.isFirstLoad = true")
        page.evaluate(HANGUL, "KeyS")
        chosen = page.locator("#set-aside [name=suggestion]")
        chosen.wait_for(state="attached")
        window.look("suggestion")
        numbers = [chosen.input_value()]
        for _ in range(2):
            page.keyboard.press("s")
            page.wait_for_function(ANOTHER, arg=numbers[-1])
            numbers.append(chosen.input_value())
        assert len(set(numbers)) == 3  # the key reaches each suggestion, also two on one sentence
        assert page.locator("#suggestion").get_attribute("data-state") == "shown"
        assert page.locator("#suggestion mark.unknown .unseen").count() == 1  # a screen reader says it too
        page.keyboard.press("y")  # only a suggestion in which nothing was found is accepted at once
        assert chosen.input_value() == numbers[-1]
        page.keyboard.press("d")
        page.wait_for_function(ANOTHER, arg=numbers[-1])
        assert page.locator("#suggestion").get_attribute("data-state") == "clean"
        page.keyboard.press("y")
        assert page.evaluate("document.activeElement.name") == "topics"  # what is missing gets the focus
        page.keyboard.type("staff")
        page.locator("[name=source_kind]").select_option("own_reporting")
        page.locator("#suggestion").click()
        accepted = chosen.input_value()
        page.keyboard.press("y")
        page.wait_for_function(ANOTHER, arg=accepted)
        assert page.locator("#now .done").is_visible()
        assert page.evaluate("window.isFirstLoad")
    found = [one for one in lookups.article_suggestions(places, newsroom.ARTICLE_ID).found if one.stored.choice]
    assert sorted(one.stored.choice or "" for one in found) == ["accepted", "dismissed"]


ANOTHER = "number => document.querySelector('#set-aside [name=suggestion]')?.value !== number"
PIERS = (
    "하늘항의 부두별 직원\n"
    + "\n".join(f"하늘항 {one}번 부두의 직원은 {one + 40}명이다." for one in range(1, 21))
    + "\n"
)


@each_language("en")
def test_twenty_suggestions_are_decided_on_one_page(tmp_path: Path, running: Browser, language: str) -> None:
    places = desk_browser.made(tmp_path, language)
    edit = newsroom.edit_by("checker", "Taken in", RevisionKind.UPDATE)
    desk.add_article(places, newsroom.taken_in(PIERS), edit, origin="a.txt", article_id=newsroom.ARTICLE_ID)
    turn_on(places.root)
    suggesters = only_suggester(EverySentence())
    desk.ask_model(places, ModelTask(SuggestionTask.CLAIMS, newsroom.ARTICLE_ID), newsroom.actor("checker"),
                   suggesters=suggesters)  # fmt: skip
    with desk_browser.served(places) as address:
        window = desk_browser.Window(running, address, language, width=360)
        window.sign_in("checker")
        page = window.page
        window.go(f"/articles/{newsroom.ARTICLE_ID}")
        page.evaluate("window.isFirstLoad = true")
        assert page.locator("ol.suggestions li").count() == 20
        page.evaluate(HANGUL, "KeyS")
        page.locator("#set-aside").wait_for()
        for number in range(20):
            chosen = page.locator("#set-aside [name=suggestion]").input_value()
            assert page.evaluate("document.activeElement.id") == "now"
            if number == 0:
                page.locator("[name=topics]").fill("staff")
                page.locator("#suggestion").click()
            page.evaluate(HANGUL, "KeyD" if number % 4 == 3 else "KeyY")
            page.wait_for_function(ANOTHER, arg=chosen)
            outcome = page.locator(f"li[data-suggestion='{chosen}'] .outcome").inner_text()
            assert outcome == f"{OUTCOMES[language][number % 4 == 3]} · "
            assert page.evaluate(IS_AT_TOP), "the next suggestion is in view"
        assert page.locator("#suggested .count").inner_text() == "0"
        assert page.locator("ol.suggestions li.settled").count() == 20
        window.look("suggestions-done")
        assert page.evaluate("window.isFirstLoad")
    found = lookups.article_suggestions(places, newsroom.ARTICLE_ID).found
    assert Counter(one.stored.choice for one in found) == {"accepted": 15, "dismissed": 5}


OUTCOMES = {"ko": ("✓ 받아들임", "– 쓰지 않음"), "en": ("✓ Accepted", "– Dismissed")}
IS_AT_TOP = "Math.abs(document.getElementById('now').getBoundingClientRect().top) < 100"


class EverySentence(RecordedSuggester):
    """A model that takes each sentence of a number for a claim, word for word."""

    def answer(self, request: ModelRequest, settings: ModelSettings) -> ModelAnswer:
        """Return the sentences with figures."""
        del settings
        sentences = json.loads(request.user)["sentences"]
        claims = [([int(number)], words) for number, words in sentences.items() if "명이다" in words]
        return ModelAnswer(claims_answer(*claims), "small-model-2031", 100, 50, 7)
