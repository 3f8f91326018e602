"""The complete workflow in a real browser, in Korean and in English, with every page checked by axe."""

from __future__ import annotations

from pathlib import Path

import newsroom
import pytest
import desk_browser
from playwright.sync_api import Browser
from tiers import each_language

from claimledger.desk import lookups, step_setup
from claimledger.vocabulary import RevisionKind, Subject

pytestmark = pytest.mark.journey
CLAIM = f"/claims/{newsroom.CARGO}"
UNFOLD = "for (const one of document.querySelectorAll('details')) one.open = true"
WORDS = {
    "ko": {
        "why": "공사 발표문과 같다.",
        "should": "약 112만t",
        "rationale": "공사의 통계와 맞는다.",
        "note": "수를 바로잡았다.",
    },
    "en": {
        "why": "The authority's notice says so.",
        "should": "about 1.12 million t",
        "rationale": "It agrees with the authority's statistics.",
        "note": "The wording was corrected.",
    },
}


def publish(window: desk_browser.Window, picture: str) -> None:
    """Select all pending records, check the preview page, and publish."""
    window.go("/publish")
    for box in window.page.locator("input[type=checkbox][name=key]").all():
        box.check()
    window.press(window.page.locator("main form button").first)
    window.look(picture)
    button = window.page.locator("button#publish")
    assert button.is_enabled(), window.page.inner_text("main")
    window.press(button)
    assert "published=" in window.page.url, window.page.inner_text("main")


ABOUT = {
    "article_id": "hanbit-2031-05",
    "headline_ko": "한빛조선, 배 12척 건조",
    "publisher_ko": "항만월간",
    "holder_ko": "항만월간",
    "statement_ko": "짧은 인용을 허락한다.",
    "published_on": "2031-05-02",
    "language": "ko",
}
NEW = "하늘항 소식\n한빛조선은 올해 배를 12척 지었다고 2일 밝혔다.\n"


def add_and_accept(checker: desk_browser.Window) -> str:
    """Paste an article, describe it, accept its only claim, and return the article's ID."""
    page = checker.page
    checker.go("/articles/new")
    checker.look("9-new-article")
    page.fill("textarea[name=pasted]", NEW)
    checker.press(page.locator("form[action$='/articles/new'] button"))
    for name, value in ABOUT.items():
        page.locator("form.wide").locator(f"[name={name}]").fill(value)
    page.check("[name=may_hold_text]")
    checker.press(page.locator("form.wide button"))
    checker.go("/articles/hanbit-2031-05")
    checker.look("10-article")
    page.goto(page.url.split("#")[0] + f"?words={NEW.splitlines()[1].rstrip('.')}")
    form = page.locator("form[action$='/accept']")
    if not form.is_visible():
        page.locator("details", has=form).first.locator("summary").first.click()
    form.locator("[name=statement_ko]").fill("한빛조선은 2031년에 배 12척을 지었다.")
    form.locator("[name=topics]").fill("ships")
    form.locator("[name=source_kind]").select_option("announcement")
    form.locator("[name=source_name_ko]").fill("한빛조선 발표")
    form.locator("[name=speaker_kind]").select_option("organization")
    checker.press(form.locator("button").last)
    return "hanbit-2031-05"


@each_language("ko")
def test_new_article_and_its_claim_are_published(tmp_path: Path, running: Browser, language: str) -> None:
    places = desk_browser.made(tmp_path, language)
    with desk_browser.served(places) as address:
        checker, editor = (desk_browser.Window(running, address, language) for _ in ("checker", "editor"))
        checker.sign_in("checker")
        editor.sign_in("editor")
        article_id = add_and_accept(checker)
        publish(editor, "11-list")
        assert checker.faults + editor.faults == []
    with step_setup.open_store(places) as store:
        claims = [claim_id for claim_id in store.public_keys(Subject.CLAIM) if "port" not in claim_id]
    (claim_id,) = claims
    found = lookups.claim_at_desk(places, claim_id)
    assert (found.claim.article_id, found.claim.quantities[0].text) == (article_id, "12척")
    assert found.revisions[0].approver == "editor"


@each_language("en")
def test_claim_is_checked_published_and_corrected(tmp_path: Path, running: Browser, language: str) -> None:
    places, words = desk_browser.made(tmp_path, language), WORDS[language]
    with desk_browser.served(places) as address:
        checker, editor, second = (
            desk_browser.Window(running, address, language) for _ in ("checker", "editor", "second-editor")
        )
        checker.go("/sign-in")
        checker.look("1-sign-in")
        for window, name in ((checker, "checker"), (editor, "editor"), (second, "second-editor")):
            window.sign_in(name)
        editor.go("?view=all")
        editor.look("2-queue")
        editor.go(CLAIM)
        editor.look("3-claim")
        editor.send("assign", assignee="checker", due_on="2031-05-09")
        checker.go(CLAIM)
        checker.send("query", as_printed="약 120만t", should_read=words["should"])
        checker.send("answer", answer="stands", text=words["why"])
        checker.send(
            "attach", address="https://example.org/notice", title_en="Notice", title_ko="공고", summary_ko=words["why"],
            stance="supports", tier="primary", medium="web",
        )  # fmt: skip
        checker.send("propose", so_value="supported", so_rationale_ko=words["rationale"])
        checker.look("4-proposed")
        editor.go(CLAIM)
        editor.look("5-to-approve")
        editor.send("approve")
        publish(editor, "6-publish")
        checker.go(CLAIM)
        checker.send(
            "correct", correction="clarification", public_note_ko=words["note"], reason=words["note"],
            statement_en="Haneul port handled about 1.2 million tonnes in 2030.",
        )  # fmt: skip
        second.go(CLAIM)
        second.send("approve")
        second.look("7-corrected")
        publish(second, "8-publish-the-correction")
        found = lookups.claim_at_desk(places, newsroom.CARGO)
        assert [revision.kind for revision in found.revisions] == [
            RevisionKind.LISTED, RevisionKind.VERDICT, RevisionKind.CORRECTION,
        ]  # fmt: skip
        assert [revision.approver for revision in found.revisions[1:]] == ["editor", "second-editor"]
        assert checker.faults + editor.faults + second.faults == []


@each_language("ko")
def test_every_page_fits_a_phone(tmp_path: Path, running: Browser, language: str) -> None:
    places = desk_browser.made(tmp_path, language)
    with desk_browser.served(places) as address:
        phone = desk_browser.Window(running, address, language, width=360)
        for name in ("checker", "admin"):
            phone.sign_in(name)
            for path in (
                "?view=all",
                CLAIM,
                "/people",
                "/articles",
                "/articles/new",
                "/publish",
                "/sheets",
                "/reports",
            ):
                if path == "/people" and name != "admin":
                    continue
                phone.go(path)
                phone.look(f"phone-{name}-{path.strip('/?').replace('/', '-').replace('=', '-')}")
            phone.page.context.clear_cookies()
        assert phone.faults == []


@each_language("en")
def test_claim_forms_work_at_any_width(tmp_path: Path, running: Browser, language: str) -> None:
    places = desk_browser.made(tmp_path, language)
    newsroom.attach(places, newsroom.CARGO, newsroom.Clock(), "refutes", "setup")
    with desk_browser.served(places) as address:
        for width in (360, 1200):
            first, second = (desk_browser.Window(running, address, language, width) for _ in range(2))
            edit_at_the_same_time(first, second, f"{width}")
            assert [fault for fault in first.faults + second.faults if "409" not in fault] == []


def edit_at_the_same_time(first: desk_browser.Window, second: desk_browser.Window, name: str) -> None:
    """Edit a claim in two windows, merge the two edits in the second one, and send a form without what it needs."""
    for window in (first, second):
        window.sign_in("checker")
        window.go(CLAIM)
    first.page.evaluate(UNFOLD)
    first.look(f"forms-{name}")
    for window, topics in ((first, "quays"), (second, "ships")):
        statement = f"짐은 120만t이다({topics}-{name})."
        window.page.evaluate(UNFOLD)
        for field, value in {"topics": topics, "statement_ko": statement, "reason": "고침"}.items():
            window.page.fill(f"#edit-{field}", value)
        window.press(window.page.locator("form[action$='/edit'] > button"))
    second.look(f"conflict-{name}")
    second.page.locator("input[value=mine]").first.check()
    second.page.locator("input[value=theirs]").last.check()
    second.press(second.page.locator("main form[action$='/edit'] button"))
    assert second.page.locator(".done").count() == 1, second.page.inner_text("main")
    second.page.evaluate("for (const one of document.querySelectorAll('form')) one.noValidate = true")
    second.page.evaluate(UNFOLD)
    second.page.fill("#edit-topics", "")
    second.page.fill("#edit-reason", "")
    second.press(second.page.locator("form[action$='/edit'] > button"))
    assert second.page.locator("[aria-invalid=true]").count() == 2
    second.look(f"refused-{name}")
