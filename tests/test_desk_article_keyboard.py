"""An article's page used only by keyboard, in a real browser at a phone's width, checked with axe."""

from __future__ import annotations

from pathlib import Path

import newsroom
import pytest
import desk_browser

from model_answers import RecordedSuggester, claims_answer, only_suggester, turn_on

from claimledger import desk
from claimledger.desk import lookups
from claimledger.desk.model_plan import ModelTask
from claimledger.desk_vocabulary import SuggestionTask
from claimledger.intake import extract_document
from claimledger.vocabulary import RevisionKind

pytestmark = pytest.mark.journey


HANGUL = "code => document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Process', code, bubbles: true }))"
PREVENTED = """key => !document.body.dispatchEvent(
  new KeyboardEvent('keydown', { key, code: key, bubbles: true, cancelable: true }))"""


@pytest.mark.parametrize("language", ["ko", "en"])
def test_candidates_can_be_reviewed_by_keyboard(tmp_path: Path, language: str) -> None:
    places = desk_browser.made(tmp_path, language)
    edit = newsroom.edit_by("checker", "Taken in", RevisionKind.UPDATE)
    taken_in = extract_document(newsroom.TEXT.encode(), name="a.txt")
    desk.add_article(places, taken_in, edit, origin="a.txt", article_id=newsroom.ARTICLE_ID)
    with desk_browser.served(places) as address, desk_browser.browser() as running:
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


@pytest.mark.parametrize("language", ["ko", "en"])
def test_suggestions_can_be_decided_by_keyboard(tmp_path: Path, language: str) -> None:
    places = desk_browser.made(tmp_path, language)
    edit = newsroom.edit_by("checker", "Taken in", RevisionKind.UPDATE)
    taken_in = extract_document(newsroom.TEXT.encode(), name="a.txt")
    desk.add_article(places, taken_in, edit, origin="a.txt", article_id=newsroom.ARTICLE_ID)
    turn_on(places.root)
    suggesters = only_suggester(RecordedSuggester(claims_answer(), ANSWER))
    wanted = ModelTask(SuggestionTask.CLAIMS, newsroom.ARTICLE_ID)
    desk.ask_model(places, wanted, newsroom.actor("checker"), suggesters=suggesters)
    with desk_browser.served(places) as address, desk_browser.browser() as running:
        window = desk_browser.Window(running, address, language, width=360)
        window.sign_in("checker")
        window.go(f"/articles/{newsroom.ARTICLE_ID}")
        window.look("suggestions")
        page = window.page
        with page.expect_navigation():
            page.evaluate(HANGUL, "KeyS")
        window.look("suggestion")
        numbers = [page.locator("#set-aside [name=suggestion]").input_value()]
        for _ in range(2):
            with page.expect_navigation():
                page.keyboard.press("s")
            numbers.append(page.locator("#set-aside [name=suggestion]").input_value())
        assert len(set(numbers)) == 3  # the key reaches each suggestion, also two on one sentence
        assert page.locator("#suggestion").get_attribute("data-state") == "shown"
        assert page.locator("#suggestion mark.unknown .unseen").count() == 1  # a screen reader says it too
        page.keyboard.press("y")  # only a suggestion in which nothing was found is accepted at once
        assert "suggestion=" in page.url
        with page.expect_navigation():
            page.keyboard.press("d")
        assert page.locator("#suggestion").get_attribute("data-state") == "clean"
        page.keyboard.press("y")
        assert page.evaluate("document.activeElement.name") == "topics"  # what is missing gets the focus
        page.keyboard.type("staff")
        page.locator("[name=source_kind]").select_option("own_reporting")
        page.locator("#suggestion").click()
        with page.expect_navigation():
            page.keyboard.press("y")
        assert page.locator(".done").is_visible()
    accepted = [one for one in lookups.article_suggestions(places, newsroom.ARTICLE_ID).found if one.stored.choice]
    assert sorted(one.stored.choice or "" for one in accepted) == ["accepted", "dismissed"]
