"""Ten verdicts with one document each, from a pasted article to publication: page loads and keys are counted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import desk_browser
import pytest
from playwright.sync_api import Page

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
MOST_LOADS, MOST_KEYS = 35, 12
HANGUL_CLAIM = 2
"""The number of the claim that is checked in Hangul mode."""
JAMO = {"j": "ㅓ", "s": "ㄴ"}
"""The letters that two keys type while a Korean keyboard is in Hangul mode."""
COMPOSING = """() => [document.activeElement, document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {
  key: "Process", code: "KeyJ", keyCode: 229, isComposing: true, bubbles: true, cancelable: true,
})), document.activeElement].map((one) => one.name ?? one)"""
"""A key while a syllable is composed: returns the names of the focused fields and whether the key does its own work."""


class CountingWindow:
    """A person's window in which page loads and keys besides the written text are counted."""

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

    def loading(self, act: Callable[[], object]) -> None:
        with self.page.expect_navigation():
            act()


def add_article(counted: CountingWindow) -> None:
    """Paste the article and describe it."""
    page: Page = counted.page
    counted.window.go("/articles/new")
    page.fill("textarea[name=pasted]", TEXT)
    counted.loading(page.locator("form[action$='/articles/new'] button").click)
    for name, value in ABOUT.items():
        page.locator("form.wide").locator(f"[name={name}]").fill(value)
    page.check("[name=may_hold_text]")
    counted.loading(page.locator("form.wide button").click)


def accept_ten(counted: CountingWindow) -> None:
    """Make a claim of the first ten passages; after each, the page shows the next one."""
    page = counted.page
    for number, name in enumerate(NAMES):
        form = page.locator("form[action$='/accept']")
        if not form.count():
            counted.loading(lambda: page.keyboard.press("n"))
        if not form.is_visible():
            page.keyboard.press("a")
        form.locator("[name=statement_ko]").fill(f"2030년 {name}의 컨테이너는 {20 + number}만 개다.")
        form.locator("[name=topics]").fill("화물")
        form.locator("[name=source_kind]").select_option("announcement")
        form.locator("[name=source_name_ko]").fill(f"{name} 공사 발표")
        form.locator("[name=speaker_kind]").select_option("organization")
        form.locator("[name=speaker_name_ko]").fill(f"{name} 공사")
        counted.loading(form.locator("button").last.click)


def publish_all(counted: CountingWindow) -> None:
    """Select everything that waits for publication in the approval list, and publish it."""
    page = counted.page
    counted.window.go("?view=review")
    page.locator("[data-all=to_publish]").check()
    counted.loading(page.locator("button[value=publish]").click)
    counted.loading(page.locator("button#publish").click)
    assert "published=" in page.url, page.inner_text("main")


def check_ten(counted: CountingWindow, language: str, yearbook: Path) -> list[int]:
    """Check ten claims one after another by keyboard; return the keys that each took besides the text."""
    page = counted.page
    counted.window.go(f"/check?view=open&article_id={ABOUT['article_id']}")
    keys = []
    for number in range(10):
        counted.keys = 0
        if number == HANGUL_CLAIM:
            counted.press_in_hangul_mode("j", "s")
            assert page.evaluate("document.activeElement.value") == ""
            before, does_its_work, after = page.evaluate(COMPOSING)
            assert (before, does_its_work) == (after, True)
        elif number:
            counted.press("j", "s")
        else:
            page.set_input_files("[name=file]", yearbook)
            page.locator("#new > details summary").last.click()
            page.fill(f"[name=new_title_{language}]", "Yearbook")
            page.select_option("[name=withheld]", "no")
            page.select_option("[name=new_tier]", "primary")
            page.check("[name=new_stance][value=supports]", force=True)
            page.locator(f"[name=new_summary_{language}]").focus()
        page.keyboard.type(REASON[language])
        counted.press("Escape", "1")
        page.keyboard.type(REASON[language])
        if number == 1:
            counted.window.look("check-ten")
        counted.loading(lambda: counted.press("Control+Enter"))
        assert page.locator("#refused").count() == 0, page.inner_text("#refused")
        keys.append(counted.keys)
    return keys


@pytest.mark.parametrize("language", ["ko", pytest.param("en", marks=pytest.mark.soak)])
def test_ten_verdicts_take_few_page_loads_and_keys(
    tmp_path: Path, language: str, record_property: Callable[[str, object], None]
) -> None:
    places, yearbook = desk_browser.made(tmp_path / "ledger", language), tmp_path / "yearbook.txt"
    yearbook.write_text(TEXT, encoding="utf-8")
    with desk_browser.served(places) as address, desk_browser.browser() as running:
        checker, editor = (CountingWindow(desk_browser.Window(running, address, language)) for _ in range(2))
        for counted, name in ((checker, "checker"), (editor, "editor")):
            counted.window.sign_in(name)
            counted.loads = 0
        add_article(checker)
        accept_ten(checker)
        publish_all(editor)
        keys = check_ten(checker, language, yearbook)
        editor.window.go("?view=review")
        editor.page.locator("[data-all=to_approve]").check()
        editor.window.look("approve-ten")
        editor.loading(editor.page.locator("button[value=approve]").click)
        publish_all(editor)
        assert checker.window.faults + editor.window.faults == []
    verdicts = lookups.queue(places, WorkFilter({"article_id": ABOUT["article_id"], "so": "published"}))[1]
    assert verdicts == 10
    measured = f"{checker.loads} + {editor.loads} page loads, {keys} keys"
    assert checker.loads + editor.loads <= MOST_LOADS, measured
    assert max(keys) <= MOST_KEYS, measured
    record_property("measured", f"Ten verdicts ({language}): {measured}")
