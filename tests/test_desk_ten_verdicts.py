"""Ten verdicts with one document each, from a pasted article to publication: page loads and keys are counted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import desk_browser
import pytest
from playwright.sync_api import Page
from tiers import each_language

from claimledger.desk import lookups
from claimledger.newsroom.work_items import WorkFilter

pytestmark = pytest.mark.journey
NAMES = ("북항", "남항", "동항", "서항", "신항", "내항", "외항", "본항", "새항", "옛항")
SENTENCES = (
    *(f"{name} 공사는 지난해 컨테이너가 {20 + number}만 개라고 밝혔다." for number, name in enumerate(NAMES)),
    *(f"{name}에는 배가 {300 + number}척 들어왔다." for number, name in enumerate(NAMES)),
    *(f"{name}의 직원은 {40 + number}명이다." for number, name in enumerate(NAMES)),
)
TEXT = "하늘항 여러 곳의 화물\n" + "\n".join(SENTENCES)
ABOUT = {
    "article_id": "ten-ports-2031", "headline_ko": "하늘항 여러 곳의 화물", "publisher_ko": "항만월간",
    "holder_ko": "항만월간", "statement_ko": "짧은 인용을 허락한다.", "published_on": "2031-05-02", "language": "ko",
}  # fmt: skip
REASON = {"ko": "연보의 표와 같다.", "en": "It is as in the yearbook."}
MOST_LOADS, MOST_KEYS, MOST_KEYS_OF_NEW = 35, 12, 12
"""The most page loads in all, and the most keys besides the text for a check, and for one that adds its document."""
HANGUL_CLAIM = 2
"""The number of the claim that is checked in Hangul mode."""
JAMO = {"j": "ㅓ", "s": "ㄴ"}
"""The letters that two keys type while a Korean keyboard is in Hangul mode."""
COMPOSING = """() => [document.activeElement, document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {
  key: "Process", code: "KeyJ", keyCode: 229, isComposing: true, bubbles: true, cancelable: true,
})), document.activeElement].map((one) => one.name ?? one)"""
"""A key while a syllable is composed: returns the names of the focused fields and whether the key does its own work."""
FOCUSED = "() => document.activeElement.name || document.activeElement.getAttribute('href') || ''"
CHOSEN = """value => [
  [...document.activeElement.options].findIndex((one) => one.value === value), document.activeElement.length - 1]"""
SMALL = """() => [...document.querySelectorAll("main :is(button, select, summary, a.button, input:not([type=hidden]))")]
  .filter((one) => one.checkVisibility() && !one.matches("[type=radio], [type=checkbox]"))
  .filter((one) => one.getBoundingClientRect().height < 24).map((one) => one.outerHTML.slice(0, 120))"""
"""The controls that are lower than 24 pixels; a radio button or a box is reached by its label."""
MOST_TABS = 60


class Keyboard:
    """A person at a keyboard without a mouse, whose page loads and keys besides the written text are counted."""

    def __init__(self, window: desk_browser.Window) -> None:
        self.window, self.page = window, window.page
        self.loads = self.keys = 0
        self.page.on("domcontentloaded", self._count)

    def _count(self, _: Page) -> None:
        self.loads += 1

    def press(self, *keys: str) -> None:
        for key in keys:
            self.keys += 1
            self.page.keyboard.press(key)

    def press_in_hangul_mode(self, *keys: str) -> None:
        """Press keys that type a Korean letter unless the page prevents it."""
        session = self.page.context.new_cdp_session(self.page)
        for key in keys:
            self.keys += 1
            event = {"key": JAMO[key], "code": f"Key{key.upper()}", "windowsVirtualKeyCode": 229}
            session.send("Input.dispatchKeyEvent", {"type": "keyDown", "text": JAMO[key], **event})
            session.send("Input.dispatchKeyEvent", {"type": "keyUp", **event})
        session.detach()

    def load(self, *keys: str) -> None:
        """Press keys, the last of which loads a page."""
        self.press(*keys[:-1])
        with self.page.expect_navigation():
            self.press(keys[-1])

    def tab_to(self, name: str) -> None:
        """Press Tab until the field with this name, or the link to this address, has the focus."""
        for _ in range(MOST_TABS):
            if self.page.evaluate(FOCUSED) == name:
                return
            self.press("Tab")
        raise AssertionError(f"Tab does not reach {name}")

    def type(self, name: str, text: str) -> None:
        """Go to a field and replace its text."""
        self.tab_to(name)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(text)

    def choose(self, name: str, value: str) -> None:
        """Go to a list and choose a value, from its beginning or its end."""
        self.tab_to(name)
        place, last = self.page.evaluate(CHOSEN, value)
        self.press(*(["ArrowDown"] * place if place < last / 2 else ["End", *["ArrowUp"] * (last - place)]))
        assert self.page.evaluate("document.activeElement.value") == value

    def open_menu(self, path: str) -> None:
        """Go to a page of the menu."""
        self.press("Escape", "g")
        self.tab_to(f"{desk_browser.DESK}{path}")
        self.load("Enter")

    def look(self, name: str) -> None:
        """Look at a page, and that its controls are high enough for a finger."""
        self.window.look(name)
        assert self.page.evaluate(SMALL) == [], name


def add_article(person: Keyboard) -> None:
    """Paste the article and describe it."""
    person.open_menu("/articles")
    person.load("n")
    person.type("pasted", TEXT)
    person.load("ControlOrMeta+Enter")
    person.look("describe-ten")
    for name, value in ABOUT.items():
        person.type(name, value)
    person.tab_to("may_hold_text")
    person.press("Space")
    person.load("ControlOrMeta+Enter")


def accept_ten(person: Keyboard) -> None:
    """Make a claim of the first ten passages; after each, the page shows the next one."""
    person.load("n")
    for number, name in enumerate(NAMES):
        person.press("a")
        person.type("statement_ko", f"2030년 {name}의 컨테이너는 {20 + number}만 개다.")
        person.type("topics", "화물")
        person.choose("source_kind", "announcement")
        person.type("source_name_ko", f"{name} 공사 발표")
        person.choose("speaker_kind", "organization")
        person.type("speaker_name_ko", f"{name} 공사")
        if not number:
            person.look("accept-ten")
        person.load("ControlOrMeta+Enter")


def publish_all(person: Keyboard) -> None:
    """Select everything that waits for publication in the approval list, and publish it."""
    person.load("p", "ControlOrMeta+Enter")
    person.look("publish-ten")
    person.load("ControlOrMeta+Enter")
    assert "published=" in person.page.url, person.page.inner_text("main")


def describe_yearbook(person: Keyboard, language: str) -> None:
    """Choose a file as a new document, and say what it says about the claim."""
    person.press("a", "Tab")
    person.press("Enter")
    person.page.locator("#more[open]").wait_for()  # its name became the title
    person.press("t")
    person.choose("new_tier", "primary")
    person.tab_to("withheld")
    person.choose("withheld", "no")
    person.press("Escape", "s")
    assert person.page.evaluate(FOCUSED) == f"new_summary_{language}"


def check_ten(person: Keyboard, language: str, yearbook: Path) -> list[int]:
    """Check ten claims one after another; return the keys that each took besides the text."""
    page = person.page
    page.on("filechooser", lambda chooser: chooser.set_files(yearbook))
    person.load("Escape", "c")
    keys = []
    for number in range(10):
        person.keys = 0
        if number == HANGUL_CLAIM:
            person.press_in_hangul_mode("j", "s")
            assert page.evaluate("document.activeElement.value") == ""
            before, does_its_work, after = page.evaluate(COMPOSING)
            assert (before, does_its_work) == (after, True)
        elif number:
            person.press("j", "s")
        else:
            describe_yearbook(person, language)
        page.keyboard.type(REASON[language])
        person.press("Escape", "1")
        page.keyboard.type(REASON[language])
        if number == 1:
            person.look("check-ten")
        person.load("ControlOrMeta+Enter")
        assert page.locator("#refused").count() == 0, page.inner_text("#refused")
        keys.append(person.keys)
    return keys


def turn_keys_off(person: Keyboard) -> None:
    """Open the list of keys and turn the single ones off."""
    assert person.page.locator("#keys dt").first.is_visible() is False
    person.press("Shift+Slash")
    assert person.page.locator("#keys dt").first.is_visible()
    person.press("Tab", "Space", "g")
    assert person.page.evaluate("document.activeElement.id") == "keys-on"
    person.press("Space", "g")
    assert person.page.evaluate(FOCUSED) == desk_browser.DESK


WIDTHS = {"ko": 360, "en": 1280}
"""The width of the windows in each language: that of a telephone, and that of a desk."""


@each_language("ko")
def test_ten_verdicts_take_few_page_loads_and_keys(
    tmp_path: Path, language: str, record_property: Callable[[str, object], None]
) -> None:
    places, yearbook = desk_browser.made(tmp_path / "ledger", language), tmp_path / "yearbook.txt"
    yearbook.write_text(TEXT, encoding="utf-8")
    with desk_browser.served(places) as address, desk_browser.browser() as running:
        checker, editor = (
            Keyboard(desk_browser.Window(running, address, language, WIDTHS[language])) for _ in range(2)
        )
        for person, name in ((checker, "checker"), (editor, "editor")):
            person.window.sign_in(name)
            person.page.wait_for_load_state()
            person.loads = 0
        add_article(checker)
        accept_ten(checker)
        editor.open_menu("")
        publish_all(editor)
        keys = check_ten(checker, language, yearbook)
        editor.open_menu("")
        editor.press("a")
        editor.look("approve-ten")
        editor.load("ControlOrMeta+Enter")
        publish_all(editor)
        turn_keys_off(editor)
        assert checker.window.faults + editor.window.faults == []
    verdicts = lookups.queue(places, WorkFilter({"article_id": ABOUT["article_id"], "so": "published"}))[1]
    assert verdicts == 10
    measured = f"{checker.loads} + {editor.loads} page loads, {keys} keys"
    assert checker.loads + editor.loads <= MOST_LOADS, measured
    assert max(keys[1:]) <= MOST_KEYS, measured
    assert keys[0] <= MOST_KEYS_OF_NEW, measured
    record_property("measured", f"Ten verdicts ({language}): {measured}")
